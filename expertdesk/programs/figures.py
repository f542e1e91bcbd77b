"""Figures of a year: what was declared, approved, started and finished, person-months and money; and how far the
introduction plan is fulfilled, counted from cases, permits and projects on file (nothing is entered twice)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, distinct, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from expertdesk.foundation.database import db
from expertdesk.models import (
    Case,
    CaseState,
    Permit,
    ProgramApplication,
    ProgramBudgetLine,
    ProgramCall,
    ProgramExpert,
    ProgramRun,
    ProgramState,
    ProgramVisit,
)
from expertdesk.programs import rules
from expertdesk.programs.workflow import FINISHED
from expertdesk.regulations.current import rules_today

ZERO = Decimal(0)
_A = ProgramApplication


@dataclass(frozen=True)
class Figures:
    """Counts and sums of some applications; the rates a manager wants follow from them."""

    declared: int = 0
    approved: int = 0
    started: int = 0
    finished: int = 0
    funds_asked: Decimal = ZERO
    funds_approved: Decimal = ZERO
    spent: Decimal = ZERO
    months_asked: Decimal = ZERO
    months_approved: Decimal = ZERO
    months_done: Decimal = ZERO

    @property
    def approved_rate(self) -> Decimal | None:
        return rules.percent(self.approved, self.declared)

    @property
    def started_rate(self) -> Decimal | None:
        return rules.percent(self.started, self.approved)

    @property
    def finished_rate(self) -> Decimal | None:
        return rules.percent(self.finished, self.approved)

    @property
    def months_rate(self) -> Decimal | None:
        return rules.percent(self.months_done, self.months_approved)

    @property
    def spent_rate(self) -> Decimal | None:
        return rules.percent(self.spent, self.funds_approved)


def declared() -> ColumnElement[bool]:
    """Was submitted and not taken back: the base of the rate of approval."""
    return and_(_A.submitted_at.is_not(None), _A.state != ProgramState.WITHDRAWN)


def figures_by_call(condition: ColumnElement[bool]) -> dict[int, Figures]:
    """One query for the counts, one for each of the sums below; the condition is on ProgramCall."""
    counts: Any = _grouped(
        select(
            _A.call_id,
            func.count(case((declared(), 1))),
            func.count(_A.approved_on),
            func.count(_A.started_on),
            func.count(case((_A.state.in_([ProgramState(code) for code in sorted(FINISHED)]), 1))),
            func.coalesce(func.sum(_A.funds_approved), 0),
            func.coalesce(func.sum(_A.months_approved), 0),
        ),
        condition,
    )
    sums: dict[int, Any] = {row[0]: row for row in db.session.execute(_sums(condition))}
    month_days = rules.setting(rules_today(), "MONTH_DAYS")
    found: dict[int, Figures] = {}
    rows: Any = db.session.execute(counts)
    for row in rows:
        _, asked, months_asked, spent, days = sums.get(row[0], (row[0], ZERO, ZERO, ZERO, 0))
        found[row[0]] = Figures(
            declared=row[1], approved=row[2], started=row[3], finished=row[4], funds_approved=Decimal(row[5]),
            months_approved=Decimal(row[6]), funds_asked=Decimal(asked or 0), months_asked=Decimal(months_asked or 0),
            spent=Decimal(spent or 0), months_done=rules.person_months(int(days or 0), month_days),
        )  # fmt: skip
    return found


def _grouped(statement: Any, condition: ColumnElement[bool]) -> Select[Any]:
    joined = statement.join(ProgramCall, _A.call_id == ProgramCall.id)
    return joined.where(condition, _A.submitted_at.is_not(None)).group_by(_A.call_id)


def _sums(condition: ColumnElement[bool]) -> Select[Any]:
    """Sums of the rows below the applications, each in a subquery of its own so that none multiplies another."""
    asked = _below(ProgramBudgetLine, func.sum(ProgramBudgetLine.subsidy))
    months = _below(ProgramExpert, func.sum(ProgramExpert.months_requested))
    spent = _below(ProgramRun, func.sum(ProgramRun.spent))
    days = _below(ProgramVisit, func.sum(ProgramVisit.days))
    columns = [func.sum(part.c.total) for part in (asked, months, spent, days)]
    statement = select(_A.call_id, *columns).select_from(_A)
    for part in (asked, months, spent, days):
        statement = statement.outerjoin(part, part.c.application_id == _A.id)
    return _grouped(statement, condition).where(declared())


def _below(kind: Any, total: Any) -> Any:
    return select(kind.application_id, total.label("total")).group_by(kind.application_id).subquery()


def together(parts: list[Figures]) -> Figures:
    """The sum of several."""
    nothing = Figures()
    values: dict[str, Any] = {
        name: sum((getattr(part, name) for part in parts), getattr(nothing, name))
        for name in Figures.__dataclass_fields__
    }
    return Figures(**values)


# --- the introduction plan --------------------------------------------------------------------------------------

# (indicator, district) → figure; district "" = the whole city
Fulfilment = dict[tuple[str, str], Decimal]


def fulfilment(year: int) -> Fulfilment:
    """Every indicator of a year, for the city and for each district, from what is on file."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found: Fulfilment = {}
    for read in (_permits, _cases, _projects):
        found.update(read(year, first, last))
    return found


def _permits(year: int, first: date, last: date) -> Fulfilment:
    """One pass over the permits granted in the year: people, never permits or visits, are counted; an expert with two
    permits counts once in the city, and once in each district that granted one."""
    granted = Permit.granted_on.between(first, last)
    person = Permit.person_id
    columns = {
        "PEOPLE": distinct(person),
        "PEOPLE_A": distinct(case((Permit.category == "A", person))),
        "PEOPLE_B": distinct(case((Permit.category == "B", person))),
        "NEWCOMERS": distinct(case((Permit.previous_id.is_(None), person))),
        "STAYED": distinct(case((Permit.previous_id.is_not(None), person))),
        "EMPLOYERS": distinct(Permit.organisation_id),
    }
    return _city_and_districts(
        columns, lambda statement: statement.select_from(Permit).where(granted), Permit.district
    )


def _cases(year: int, first: date, last: date) -> Fulfilment:
    received = and_(Case.received_on.between(first, last), Case.state != CaseState.DRAFT)
    return _city_and_districts(
        {"APPLICATIONS": Case.id}, lambda statement: statement.select_from(Case).where(received), Case.district
    )


def _city_and_districts(
    columns: dict[str, Any], source: Callable[[Any], Any], district: Any
) -> Fulfilment:
    counts = [func.count(column).label(name) for name, column in columns.items()]
    found: Fulfilment = {}
    city = db.session.execute(source(select(*counts))).one()
    for row in ((("", *city)), *db.session.execute(source(select(district, *counts)).group_by(district))):
        for name, value in zip(columns, row[1:], strict=True):
            found[name, row[0]] = Decimal(value)
    return found


def _projects(year: int, first: date, last: date) -> Fulfilment:
    """Projects approved in the calls of the year, the people in them, person-months done in the year."""
    in_year = and_(ProgramCall.year == year, _A.approved_on.is_not(None))
    approved = select(_A.id).join(ProgramCall, _A.call_id == ProgramCall.id).where(in_year)
    stays = or_(ProgramExpert.left_on.is_(None), ProgramExpert.left_on > last)
    projects = select(func.count()).select_from(approved.subquery()).scalar_subquery()
    experts = (
        select(func.count(distinct(func.coalesce(ProgramExpert.person_id, -ProgramExpert.id))))
        .where(ProgramExpert.application_id.in_(approved), stays)
        .scalar_subquery()
    )
    row = db.session.execute(select(projects, experts)).one()
    visits = db.session.execute(
        select(ProgramVisit.entered_on, ProgramVisit.left_on).where(
            ProgramVisit.entered_on <= last, ProgramVisit.left_on >= first
        )
    )
    days = sum(rules.days_within(entered, left, first, last) for entered, left in visits)
    months = rules.person_months(days, rules.setting(rules_today(), "MONTH_DAYS"))
    return {
        ("PROJECTS", ""): Decimal(row[0]),
        ("PROJECT_EXPERTS", ""): Decimal(row[1]),
        ("PERSON_MONTHS", ""): months,
    }
