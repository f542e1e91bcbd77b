"""Sends the form the way a browser does and says what came of it."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from expertdesk.foundation.database import db
from expertdesk.models import Case
from tests.intake.filled import in_china
from tests.pages import Page, Reader

NEW, PREVIEW, READ_PASSPORT = "/intake/new", "/intake/preview", "/intake/read-passport"
_read = Reader()
_XHTML = "{http://www.w3.org/1999/xhtml}"


def token_of(client: FlaskClient, path: str = NEW) -> str:
    """The mark of a fresh form."""
    return str(_read(client.get(path)).one("input", id="form_token").get("value"))


def send(client: FlaskClient, path: str = NEW, **changes: Any) -> Any:
    """The whole form, filled in, with changes; a fresh one unless a token is given."""
    if "form_token" not in changes:
        changes["form_token"] = token_of(client)
    return client.post(path, data={name: value for name, value in in_china(**changes).items() if value is not None})


def work_out(client: FlaskClient, **changes: Any) -> Page:
    """The page after "work out"."""
    answer = send(client, PREVIEW, **{"do": "work_out", **changes})
    return _read(answer, answer.status_code)


def problems(answer: Any) -> dict[str, str]:
    """Field → what the summary says, of a form that was not taken; "" for the form as a whole."""
    page = _read(answer, 422)
    found: dict[str, str] = {}
    for line in page.one("div", class_="ed-errors").iter(f"{_XHTML}li"):
        link = next(line.iter(f"{_XHTML}a"), None)
        found[link.get("href").removeprefix("#") if link is not None else ""] = page.words(line)
    return found


def taken(answer: Any) -> Case:
    """The case that was made."""
    assert answer.status_code == 303, answer.text[:200] + str(_said(answer))
    number = answer.headers["Location"].split("/")[-2]
    db.session.expire_all()
    return db.session.query(Case).filter_by(number=number).one()


def _said(answer: Any) -> list[str]:
    page = _read(answer.text)
    return [page.words(box) for box in page.all("div", class_="ed-errors")]


def value_of(page: Page, name: str) -> str:
    return page.form_values("new").get(name, "")
