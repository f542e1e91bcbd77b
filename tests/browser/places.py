"""Where to look: every page of the demo bureau with an example, and forms sent empty so that their errors show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from expertdesk.settings import Settings
from tests.browser.conftest import PASSWORD, House
from tests.house.bureau import Bureau, facts_of, pages


@dataclass(frozen=True)
class Place:
    """A page for a reader; `press` sends a form first."""

    reader: str
    address: str
    press: str = ""

    def __str__(self) -> str:
        return f"{self.reader or 'visitor'} {self.address}{' (with errors)' if self.press else ''}"


# sent as they are: empty, so that every message shows
EMPTY_FORMS = (
    Place("", "/sign-in", "main form .btn-primary"),
    Place("", "/status", "main form .btn-primary"),
    Place("officer", "/intake/new", "button[name=do][value=take_in]"),
    Place("officer", "/experts/new", "main form .btn-primary"),
    Place("officer", "/organisations/new", "main form .btn-primary"),
    Place("admin", "/administration/users/new", "main form .btn-primary"),
    Place("officer", "/account", "main form[action$='/account/password'] button"),
)


def places(house: House) -> Iterator[Place]:
    """Every page once, then the forms with errors."""
    seen: set[Place] = set()
    for examples in pages(Bureau.only_facts(_facts(house))).values():
        for reader, address in examples:
            place = Place(reader, address)
            if place not in seen:
                seen.add(place)
                yield place
    yield from EMPTY_FORMS


_known: dict[str, dict[str, object]] = {}


def _facts(house: House) -> dict[str, object]:
    """Read beside the running server, from the same database."""
    if str(house.home) not in _known:
        from expertdesk.factory import create_app
        from expertdesk.foundation.database import db, reading
        from expertdesk.foundation.secrets import read_key

        environment = {"EXPERTDESK_HOME": str(house.home), "EXPERTDESK_DEMO_PASSWORD": PASSWORD}
        settings = Settings.from_environment(environment, mode="demo")
        app = create_app(replace(settings, secret_key=read_key(house.home / "secret.key")))
        with app.app_context(), reading():
            _known[str(house.home)] = facts_of()
            db.session.remove()
            db.engine.dispose()
    return _known[str(house.home)]
