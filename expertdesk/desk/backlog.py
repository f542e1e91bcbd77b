"""The manager's part of the desk: what is open and late in each district and with each officer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from expertdesk.access import Actor
from expertdesk.cases.policy import visible_cases
from expertdesk.cases.rows import CLOCKED_STATES, person_name
from expertdesk.foundation.database import db
from expertdesk.models import Account, Case, CaseClock, CaseState
from expertdesk.regulations.book import RuleBook


@dataclass(frozen=True)
class Backlog:
    """One line of the manager's table."""

    name: Any
    url: str
    open: int
    late: int
    unassigned: int


@dataclass(frozen=True)
class Backlogs:
    """The two tables and their sums. `waiting`: with the applicant for corrections."""

    districts: tuple[Backlog, ...]
    officers: tuple[Backlog, ...]
    open: int
    late: int
    unassigned: int
    waiting: int


NO_BACKLOG = Backlogs((), (), 0, 0, 0, 0)


def backlog(actor: Actor, book: RuleBook, today: date) -> Backlogs:
    """Open, late and unassigned cases per district, and open and late ones per officer: counts over indexed columns."""
    # grouped by a made value, so that SQLite goes by the index of the states, not through the whole table by district
    district = func.coalesce(Case.district, "").label("district")
    counted: Any = (
        select(district, Case.officer_id, Case.state, func.count().label("n"))
        .where(Case.state.in_(CLOCKED_STATES))
        .group_by(district, Case.officer_id, Case.state)
    )
    late: Any = (
        select(Case.district, Case.officer_id, func.count().label("n"))
        .select_from(CaseClock)
        .join(Case, CaseClock.case_id == Case.id)
        .where(CaseClock.ended_on.is_(None), CaseClock.promised_due_on < today, Case.state != CaseState.IN_CORRECTION)
        .group_by(Case.district, Case.officer_id)
    )
    open_rows = db.session.execute(visible_cases(counted, actor)).all()
    late_rows = db.session.execute(visible_cases(late, actor)).all()
    names = _officer_names({row.officer_id for row in open_rows if row.officer_id})
    districts = [
        Backlog(
            name=book.name_of("districts", code),
            url=url_for("cases.queue", district=code, state="open"),
            open=_sum(open_rows, district=code),
            late=_sum(late_rows, district=code),
            unassigned=_sum(open_rows, district=code, officer_id=None),
        )
        for code in sorted({row.district for row in open_rows})
    ]
    people = [
        Backlog(
            name=name,
            url=url_for("cases.queue", officer=account_id, state="open"),
            open=_sum(open_rows, officer_id=account_id),
            late=_sum(late_rows, officer_id=account_id),
            unassigned=0,
        )
        for account_id, name in names.items()
    ]
    return Backlogs(
        districts=tuple(districts),
        officers=tuple(sorted(people, key=lambda line: (-line.late, -line.open, line.url))),
        open=_sum(open_rows),
        late=_sum(late_rows),
        unassigned=_sum(open_rows, officer_id=None),
        waiting=_sum(open_rows, state=CaseState.IN_CORRECTION),
    )


def _sum(rows: Iterable[Any], **wanted: Any) -> int:
    return sum(row.n for row in rows if all(getattr(row, name) == value for name, value in wanted.items()))


def _officer_names(ids: set[int]) -> dict[int, str]:
    statement = select(Account.id, Account.name, Account.name_latin).where(Account.id.in_(ids)).order_by(Account.id)
    return {row.id: person_name(row.name, row.name_latin) for row in db.session.execute(statement)}
