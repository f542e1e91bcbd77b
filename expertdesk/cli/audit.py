"""`audit verify`: walk the whole chain of the history; name the first event that does not fit, exit status 1 then."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from expertdesk.cli.plain import PlainGroup, Refused
from expertdesk.foundation.database import db, reading
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy
from expertdesk.models import Event
from expertdesk.workflow import first_bad_event

_FAULTS: dict[str, Any] = {
    "missing": lazy("it is missing, or events before it are"),
    "order": lazy("it does not follow on the event before it"),
    "payload": lazy("what it says was changed"),
    "fields": lazy("its name, subject, actor or time was changed"),
    "head": lazy("the end of the chain does not agree with it"),
}


@click.group("audit", cls=PlainGroup, help="Check the history.")
def audit() -> None:
    pass


@audit.command("verify", help="Check the hash chain of the whole history; names the first bad event.")
def verify() -> None:
    try:
        with reading():
            if not inspect(db.engine).has_table(Event.__tablename__):
                raise Refused(_("There is no history yet: the database is empty."))
            bad = first_bad_event(db.session())
            count = db.session.scalar(select(func.count()).select_from(Event)) or 0
    except SQLAlchemyError as error:
        raise Refused(_("The database cannot be read: %(error)s", error=type(error).__name__)) from error
    finally:
        db.session.remove()
    if bad is not None:
        number, fault = bad
        raise Refused(_("Event %(number)s does not hold: %(fault)s.", number=number, fault=_FAULTS[fault]))
    click.echo(_("The history is whole: %(count)s events checked.", count=count))


def commands() -> list[click.Command]:
    return [audit]
