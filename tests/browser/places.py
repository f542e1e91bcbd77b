"""Where to look: every page of the demo bureau with an example, and every form sent so that its errors show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from playwright.sync_api import Page, Response

from expertdesk.settings import Settings
from tests.browser.conftest import PASSWORD, House
from tests.house.bureau import Bureau, facts_of, pages
from tests.house.sent import WRONG, Sent, invitation_values, sent_forms


@dataclass(frozen=True)
class Place:
    """A page for a reader; with `sent`, what comes back when its form is sent as it should not be."""

    reader: str
    address: str
    sent: Sent | None = None

    def __str__(self) -> str:
        return str(self.sent) if self.sent else f"{self.reader or 'visitor'} {self.address}"

    def open(self, page: Page) -> Response:
        """Go there, as this reader's browser."""
        answer = page.goto(self.address)
        assert answer is not None and answer.status < 500, f"{self}: {answer and answer.status}"
        if self.sent is None:
            return answer
        values = self.sent.values(page.content())
        with page.expect_navigation() as navigation:
            page.evaluate(_SEND, [self.sent.action, [[name, _plain(value)] for name, value in values]])
        assert navigation.value is not None and navigation.value.status < 500, str(self)
        return navigation.value


# posts exactly these values as a form of this page: what the browser itself would not let one choose can be sent too
_SEND = """([action, values]) => {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action, enctype: "multipart/form-data", hidden: true});
  for (const [name, value] of values) {
    const field = document.createElement(typeof value === "string" ? "textarea" : "input");
    field.name = name;
    if (typeof value === "string") {
      field.value = value;
    } else {
      field.type = "file";
      const held = new DataTransfer();
      held.items.add(new File([value.body], value.name, {type: value.type}));
      field.files = held.files;
    }
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    name, kind, body = value
    return {"name": name, "type": kind, "body": body.decode()}


def places(house: House, *, invitation: str = "", each_way: bool = False) -> Iterator[Place]:
    """Every page once, then every form with errors: in the way that shows most, or in each."""
    facts = {**facts_from(house), "invitation": invitation}
    seen: set[Place] = set()
    for examples in pages(Bureau.only_facts(facts)).values():
        for reader, address in examples:
            place = Place(reader, address)
            if place not in seen:
                seen.add(place)
                yield place
    for several in sent_forms(facts).values():
        ways = several if each_way else [sent for sent in several if sent.how == WRONG] or several
        yield from (Place(sent.reader, sent.address, sent) for sent in ways)


_known: dict[str, dict[str, Any]] = {}


def facts_from(house: House) -> dict[str, Any]:
    """Read and added to beside the running server, in the same database."""
    if str(house.home) not in _known:
        from expertdesk.factory import create_app
        from expertdesk.foundation.database import db, intend_to_write
        from expertdesk.foundation.secrets import read_key

        environment = {"EXPERTDESK_HOME": str(house.home), "EXPERTDESK_DEMO_PASSWORD": PASSWORD}
        settings = Settings.from_environment(environment, mode="demo")
        app = create_app(replace(settings, secret_key=read_key(house.home / "secret.key")))
        with app.app_context():
            intend_to_write(True)  # examples are added: a transaction that began reading would fail beside the server's
            _known[str(house.home)] = facts_of()
            db.session.remove()
            db.engine.dispose()
    return _known[str(house.home)]


def open_invitation(page: Page, house: House) -> str:
    """The path of a fresh invitation, made on the officer's own page."""
    page.goto("/administration/invitations")
    token = page.locator("main form[action$='/invitations'] [name=csrf_token]").input_value()
    values = {**invitation_values(facts_from(house)), "csrf_token": token}
    answer = page.request.post("/administration/invitations", form=values)
    found = re.search(r"/invitation/[\w-]+", answer.text())
    assert found, answer.status
    return found[0]
