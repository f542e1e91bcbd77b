"""`demo load`: the fictional bureau, or bulk data of N cases for measurements."""

from __future__ import annotations

import time

import click
from sqlalchemy import func, select

from expertdesk import demo as fictional
from expertdesk.demo.password import demo_password
from expertdesk.foundation.database import db
from expertdesk.foundation.installed import settings
from expertdesk.models import Account, Case
from expertdesk.settings import SettingsError

_MOST = 5_000_000


@click.group("demo", help="The fictional bureau and bulk data.")
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
        raise click.ClickException("This production folder holds a case; demonstration data is not mixed into it.")
    if db.session.scalar(select(func.count()).select_from(Account)):
        raise click.ClickException("The database is not empty; take a fresh folder (EXPERTDESK_HOME).")
    db.session.rollback()
    try:
        password = demo_password(chosen)
    except SettingsError as error:
        raise click.ClickException(error.problems[0]) from None
    started = time.monotonic()
    if cases:
        fictional.load_bulk(password, cases, seed, tell=lambda line: click.echo(line, err=True))
    else:
        fictional.load_bureau(password, seed)
    click.echo(f"Loaded in {time.monotonic() - started:.1f} s. Accounts: {', '.join(fictional.ACCOUNTS)}")
    click.echo(f"Password: {password}")


def commands() -> list[click.Command]:
    return [demo]
