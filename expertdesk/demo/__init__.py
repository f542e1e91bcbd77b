"""The fictional bureau: for trying the product, for tests of whole journeys, and in bulk for measurements.

Used by `app.py --demo`, `demo load` and the tests. `load_bureau` builds it by the commands a person uses, on a clock it
moves itself; `load_bulk` writes many cases fast, straight into the tables.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from expertdesk.demo.bulk import load_bulk
from expertdesk.demo.bureau import ACCOUNTS, load_bureau
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import gettext
from expertdesk.models import Account
from expertdesk.settings import Settings

__all__ = ["ACCOUNTS", "load_bulk", "load_bureau", "open_bureau"]


def open_bureau(settings: Settings) -> Iterator[str]:
    """Load the bureau into an empty demo folder; yields the lines that tell how to sign in."""
    from expertdesk.demo.password import demo_password

    password = demo_password(settings)
    if not db.session.scalar(select(func.count()).select_from(Account)):
        yield gettext("Building the demo bureau: people, organisations and some seventy cases; about half a minute …")
        load_bureau(password)
    db.session.remove()
    db.engine.dispose()
    yield gettext("Demo accounts (one password for all): %(names)s", names=", ".join(ACCOUNTS))
    yield gettext("Password: %(password)s", password=password)
