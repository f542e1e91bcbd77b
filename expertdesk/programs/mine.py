"""Reads for contacts of organisations: open calls, own applications."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import case, select

from expertdesk.access import Actor
from expertdesk.accounts.names import joined
from expertdesk.cases.rows import organisation_name
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Organisation, ProgramApplication, ProgramCall, ProgramState
from expertdesk.programs.policy import acting_organisations, own
from expertdesk.programs.rows import CallRow, ProgramRow, application_columns, application_row, call_row
from expertdesk.programs.workflow import FINALS
from expertdesk.regulations.current import rules_today

_MOST_CALLS, _MOST_ROWS = 50, 200
S = ProgramState
# the organisation has to act
TO_DO = frozenset({S.DRAFT.value, S.RETURNED.value, S.APPROVED.value, S.RUNNING.value})


@dataclass(frozen=True)
class OpenCall:
    row: CallRow
    note: str
    apply_url: str
    indicators: str


@dataclass(frozen=True)
class Mine:
    """`may_apply`: not only reading rights."""

    calls: tuple[OpenCall, ...]
    to_do: tuple[ProgramRow, ...]
    rows: tuple[ProgramRow, ...]
    may_apply: bool
    shows_organisation: bool


def mine(actor: Actor) -> Mine:
    """Two lists and the calls: three queries."""
    today, book = clock.today(), rules_today()
    calls = db.session.scalars(
        select(ProgramCall)
        .where(ProgramCall.announced_on.is_not(None), ProgramCall.closes_on >= today)
        .order_by(ProgramCall.closes_on, ProgramCall.id)
        .limit(_MOST_CALLS)
    )
    ended = case((ProgramApplication.state.in_([S(code) for code in sorted(FINALS)]), 1), else_=0)
    statement = application_columns().where(own(actor)).order_by(ended, ProgramApplication.id.desc())
    found = list(db.session.execute(statement.limit(_MOST_ROWS)))
    rows = [application_row(item, book, actor, is_own=True) for item in found]
    may_apply = bool(acting_organisations(actor))
    return Mine(
        calls=tuple(_open_call(call, may_apply and call.opens_on <= today) for call in calls),
        to_do=tuple(row for row in rows if row.state in TO_DO),
        rows=tuple(row for row in rows if row.state not in TO_DO),
        may_apply=may_apply,
        shows_organisation=len(actor.organisations) > 1,
    )


def _open_call(call: ProgramCall, is_open: bool) -> OpenCall:
    book = rules_today()
    url = url_for("programs.apply", call_id=call.id)
    return OpenCall(
        row=call_row(call, url),
        note=call.note,
        apply_url=url if is_open else "",
        indicators=joined(str(book.name_of("program_indicators", code)) for code in call.indicators),
    )


def organisations_of(actor: Actor) -> list[tuple[int, str]]:
    """Those this contact may apply for, with their names."""
    ids = sorted(acting_organisations(actor))
    if not ids:
        return []
    found = db.session.execute(
        select(Organisation.id, Organisation.name_zh, Organisation.name_en)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.name_zh)
    )
    return [(row.id, organisation_name(row.name_zh, row.name_en)) for row in found]
