"""Every form sent with nothing in it and with something wrong in every field: refused with a message at the field, in
both languages, on a sound page, with what was typed still there."""

from __future__ import annotations

import io
import re

import pytest

from tests.house.bureau import Bureau
from tests.house.sent import (
    BUTTONS,
    REFUSED,
    WRONG,
    WRONG_TEXT,
    WRONG_VALUES,
    Sent,
    form_in,
    invitation_values,
    sent_forms,
)
from tests.house.test_every_page import unmarked
from tests.pages import _XHTML, Reader, parse, problems_of

# fields of text that give back what was typed; a browser shows nothing in a field for dates that holds no date
TYPED = frozenset({"text", "search", "tel"})
SHOW_NOTHING = frozenset({"date", "number"})
KEPT = {re.sub("\x07", "", text) for text in (WRONG_TEXT, WRONG_VALUES["date"], WRONG_VALUES["number"])}


@pytest.fixture(scope="module")
def forms(bureau: Bureau) -> dict[str, list[Sent]]:
    """The list, with an invitation that is open."""
    answer = bureau.client("officer", "en").post("/administration/invitations", data=invitation_values(bureau.facts))
    found = re.search(r"/invitation/[\w-]+", answer.text)
    assert found, answer.text[:2000]
    return sent_forms({**bureau.facts, "invitation": found[0]})


def test_every_form_is_listed(bureau, forms):
    """An endpoint that takes a form stands in the list of forms, or in the list of those without a field."""
    taking = {rule.endpoint for rule in bureau.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert taking == set(forms) | set(BUTTONS)
    assert not set(forms) & set(BUTTONS) and all(forms.values())


def answer_to(bureau: Bureau, sent: Sent, language: str):
    """Open the page and send its form as it should not be."""
    client = bureau.client(sent.reader, language)
    page = client.get(sent.address)
    assert page.status_code == 200, f"{sent}: {page.status_code}"
    data: dict[str, object] = {}
    for name, value in sent.values(page.text):
        data[name] = value if isinstance(value, str) else (io.BytesIO(value[2]), value[0], value[1])
    return client.post(sent.action, data=data)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_errors_are_said_at_the_field_on_a_sound_page(bureau, forms, language):
    found = []
    for sent in (sent for several in forms.values() for sent in several):
        answer = answer_to(bureau, sent, language)
        found += [f"{sent}: {problem}" for problem in flaws(sent, answer, language)]
    assert not found, "\n".join(found[:60])


def flaws(sent: Sent, answer, language: str):
    if answer.status_code not in REFUSED:
        yield f"answered {answer.status_code} {answer.headers.get('Location', '')}"
        return
    yield from problems_of(answer.text)
    root = parse(answer.text)[0]
    if f'<html lang="{"zh-CN" if language == "zh" else "en"}"' not in answer.text:
        yield f"not in {language}"
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    boxes = [box for box in root.iter(_XHTML + "div") if "ed-errors" in (box.get("class") or "").split()]
    if len(boxes) != 1:
        yield f"{len(boxes)} summaries of errors"
        return
    links = [link.get("href").removeprefix("#") for link in boxes[0].iter(_XHTML + "a")]
    yield from (f"the summary leads to {name}, which is not there" for name in links if name not in ids)
    title = "".join(next(root.iter(_XHTML + "title")).itertext())
    if not title.startswith(("有误", "Error")):
        yield f"the title does not say that something is wrong: {title}"
    if sent.how == WRONG:
        yield from lost(form_in(answer.text, sent.action))


def lost(form):
    """Fields that forgot what was typed (only the sign that no page may hold is taken out)."""
    for field in form.iter():
        if field.get("readonly") is not None:
            continue
        kind = field.get("type", "text") if field.tag == _XHTML + "input" else field.tag.removeprefix(_XHTML)
        shown = "".join(field.itertext()).strip() if kind == "textarea" else field.get("value")
        if kind in SHOW_NOTHING or (kind in {*TYPED, "textarea"} and shown not in KEPT):
            yield f"{field.get('name')} lost what was typed"


def test_no_message_is_left_untranslated(bureau, forms):
    found: dict[str, str] = {}
    for sent in (sent for several in forms.values() for sent in several):
        for text in unmarked(answer_to(bureau, sent, "qps").text):
            found.setdefault(text, str(sent))
    assert not found, "\n".join(f"{where}: {text}" for text, where in list(found.items())[:80])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("wrong", [False, True], ids=["empty", "wrong"])
def test_the_first_administrator(app, language, wrong):
    """The one page of an empty installation."""
    from expertdesk.accounts.invitations import first_administrator_address
    from expertdesk.foundation.database import db

    address = first_administrator_address()
    db.session.commit()
    assert address
    path = re.sub(r"^https?://[^/]+", "", address)
    visitor = app.test_client()
    visitor.set_cookie("language", language)
    sent = Sent("", path, path, WRONG if wrong else "empty")
    page = Reader()(visitor.get(path))
    answer = visitor.post(path, data=dict(sent.values(page.html)))
    assert not list(flaws(sent, answer, language))
