"""`demo load`: the fictional bureau, or bulk data of N cases for measurements."""

from __future__ import annotations

import time

import click
from sqlalchemy import func, select

from expertdesk import demo as fictional
from expertdesk.cli.plain import PlainGroup, Refused
from expertdesk.demo.password import demo_password
from expertdesk.foundation.database import db
from expertdesk.foundation.installed import settings
from expertdesk.foundation.locale import current_language, gettext
from expertdesk.models import Account, Case
from expertdesk.settings import SettingsError

_MOST = 5_000_000


@click.group("demo", cls=PlainGroup, help="The fictional bureau and bulk data.")
def demo() -> None:
    pass


@demo.command("load", help="Load the fictional bureau into an empty database, or bulk data with --cases.")
@click.option("--cases", type=click.IntRange(1, _MOST), help="Bulk data of so many cases instead of the stories.")
@click.option("--seed", type=click.IntRange(0, 2**31), default=7, show_default=True)
def load(cases: int | None, seed: int) -> None:
    from flask_migrate import upgrade

    chosen = settings()
    upgrade()
    if chosen.mode == "production" and db.session.scalar(select(func.count()).select_from(Case)):
        raise Refused(gettext("This production folder holds a case; demonstration data is not mixed into it."))
    if db.session.scalar(select(func.count()).select_from(Account)):
        raise Refused(gettext("The database is not empty; take a fresh folder (EXPERTDESK_HOME)."))
    db.session.rollback()
    try:
        password = demo_password(chosen)
    except SettingsError as error:
        raise Refused(error.problems[0].text(current_language())) from None
    started = time.monotonic()
    if cases:

        def tell(done: int) -> None:
            click.echo(gettext("%(done)s of %(all)s cases", done=done, all=cases), err=True)

        fictional.load_bulk(password, cases, seed, tell)
    else:
        fictional.load_bureau(password, seed)
    seconds = f"{time.monotonic() - started:.1f}"
    click.echo(gettext("Loaded in %(seconds)s seconds.", seconds=seconds))
    click.echo(gettext("Demo accounts (one password for all): %(names)s", names=", ".join(fictional.ACCOUNTS)))
    click.echo(gettext("Password: %(password)s", password=password))


def commands() -> list[click.Command]:
    return [demo]
