"""Reads for managers and case officers: the years, one year with its calls and figures, one call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import case, func, select

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.models import IntroductionPlan, ProgramApplication, ProgramCall, ProgramMeeting, ProgramState
from expertdesk.programs import rules
from expertdesk.programs.figures import Figures, figures_by_call, together
from expertdesk.programs.policy import YEARS, find_call, manages, visible
from expertdesk.programs.rows import CallRow, ProgramRow, application_columns, application_row, call_row, project_title
from expertdesk.regulations.current import rules_today

PAGE_SIZE = 50
_MOST_YEARS = 30
S = ProgramState
# what waits for a manager, in the order of the work
WAITING = (S.SUBMITTED, S.CHECKED, S.IN_REVIEW, S.REVIEWED, S.PROPOSED, S.PUBLICISED, S.SETTLED, S.CLOSED)


@dataclass(frozen=True)
class YearLine:
    year: int
    url: str
    calls: int
    figures: Figures
    has_plan: bool


@dataclass(frozen=True)
class Pile:
    """Work of one kind: how many, and where."""

    code: str
    title: Any
    note: Any
    count: int
    url: str


@dataclass(frozen=True)
class Overview:
    years: tuple[YearLine, ...]
    piles: tuple[Pile, ...]
    may_manage: bool
    new_year: int


@dataclass(frozen=True)
class CallLine:
    row: CallRow
    figures: Figures


@dataclass(frozen=True)
class YearFilter:
    state: str = ""
    after: int | None = None


@dataclass(frozen=True)
class YearPage:
    year: int
    figures: Figures
    calls: tuple[CallLine, ...]
    rows: tuple[ProgramRow, ...]
    filter: YearFilter
    states: tuple[tuple[str, Any], ...]
    next: int | None
    plan_adopted_on: date | None
    has_plan: bool
    may_manage: bool
    previous_url: str
    following_url: str


@dataclass(frozen=True)
class MeetingLine:
    held_on: date
    chair: str
    minutes_number: str


@dataclass(frozen=True)
class CallPage:
    """`publicity_until`: the last day when it begins today."""

    id: int
    year: int
    row: CallRow
    version: int
    notice_number: str
    note: str
    unit_quota: int | None
    indicators: tuple[Any, ...]
    figures: Figures
    rows: tuple[ProgramRow, ...]
    meetings: tuple[MeetingLine, ...]
    may_manage: bool
    is_announced: bool
    to_decide: int
    to_publicise: int


def overview(actor: Actor) -> Overview:
    """Every year with its figures, and what waits: four queries."""
    calls = db.session.execute(
        select(ProgramCall.id, ProgramCall.year).order_by(ProgramCall.year.desc(), ProgramCall.id)
    ).all()
    plans = set(db.session.scalars(select(IntroductionPlan.year)))
    figures = figures_by_call(ProgramCall.id.is_not(None))
    years = sorted({row.year for row in calls} | plans, reverse=True)[:_MOST_YEARS]
    lines = []
    for year in years:
        ids = [row.id for row in calls if row.year == year]
        whole = together([figures[number] for number in ids if number in figures])
        lines.append(YearLine(year, url_for("programs.year", year=year), len(ids), whole, year in plans))
    today = clock.today()
    new_year = today.year + 1 if today.month > _SUMMER else today.year
    return Overview(tuple(lines), _piles(actor, years), manages(actor), new_year)


_SUMMER = 8  # calls of the next year are prepared from the autumn on


def _piles(actor: Actor, years: list[int]) -> tuple[Pile, ...]:
    if not years:
        return ()
    a = ProgramApplication
    counts: dict[str, tuple[int, int]] = {}
    found = db.session.execute(
        select(a.state, func.count(), func.max(ProgramCall.year))
        .join(ProgramCall, a.call_id == ProgramCall.id)
        .where(visible(actor), a.state.in_(WAITING))
        .group_by(a.state)
    )
    for state, count, year in found:
        counts[str(state)] = count, year
    book = rules_today()
    piles = []
    for state in WAITING:
        count, year = counts.get(state.value, (0, years[0]))
        row = book.row("program_states", state.value)
        url = url_for("programs.year", year=year, state=state.value) + "#applications"
        piles.append(Pile(state.value, row.name, row.next_step, count, url))
    return tuple(piles)


def year_page(year: int, wanted: YearFilter, actor: Actor) -> YearPage:
    """One year: figures, calls, applications page by page."""
    if year not in YEARS:
        raise NotFound(str(year))
    calls = db.session.scalars(select(ProgramCall).where(ProgramCall.year == year).order_by(ProgramCall.id)).all()
    plan = db.session.scalar(select(IntroductionPlan).where(IntroductionPlan.year == year))
    if not calls and plan is None and year not in (clock.today().year, clock.today().year + 1):
        raise NotFound(str(year))
    figures = figures_by_call(ProgramCall.year == year)
    book = rules_today()
    statement = application_columns().where(visible(actor), ProgramCall.year == year)
    if wanted.state:
        statement = statement.where(ProgramApplication.state == wanted.state)
    if wanted.after is not None:
        statement = statement.where(ProgramApplication.id < wanted.after)
    found = list(db.session.execute(statement.order_by(ProgramApplication.id.desc()).limit(PAGE_SIZE + 1)))
    return YearPage(
        year=year,
        figures=together(list(figures.values())),
        calls=tuple(
            CallLine(call_row(call, url_for("programs.call", call_id=call.id)), figures.get(call.id, Figures()))
            for call in calls
        ),
        rows=tuple(application_row(item, book, actor) for item in found[:PAGE_SIZE]),
        filter=wanted,
        states=tuple((row.code, row.name) for row in book.rows("program_states") if row.code != S.DRAFT.value),
        next=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        plan_adopted_on=plan.adopted_on if plan is not None else None,
        has_plan=plan is not None,
        may_manage=manages(actor),
        previous_url=url_for("programs.year", year=year - 1),
        following_url=url_for("programs.year", year=year + 1),
    )


_MOST_OF_A_CALL = 500
_ORDER = {state: place for place, state in enumerate(S)}


def call_page(call_id: int, actor: Actor) -> CallPage:
    """One call: its applications, best score first, then by the place the unit gave."""
    call = find_call(call_id, actor)
    book = rules_today()
    a = ProgramApplication
    statement = application_columns().where(visible(actor), a.call_id == call.id)
    ended = case((a.state.in_([S.WITHDRAWN, S.REJECTED, S.LAPSED, S.TERMINATED]), 1), else_=0)
    found = list(db.session.execute(statement.order_by(ended, a.id).limit(_MOST_OF_A_CALL)))
    rows = [application_row(item, book, actor) for item in found]
    ranked = sorted(
        rows, key=lambda row: (row.state in _GONE, -(row.score or 0), row.organisation, row.unit_rank or _LAST)
    )
    meetings = db.session.scalars(
        select(ProgramMeeting).where(ProgramMeeting.call_id == call.id).order_by(ProgramMeeting.id.desc())
    )
    figures = figures_by_call(ProgramCall.id == call.id).get(call.id, Figures())
    return CallPage(
        id=call.id,
        year=call.year,
        row=call_row(call, url_for("programs.call", call_id=call.id)),
        version=call.row_version,
        notice_number=call.notice_number,
        note=call.note,
        unit_quota=call.unit_quota,
        indicators=tuple(book.name_of("program_indicators", code) for code in call.indicators),
        figures=figures,
        rows=tuple(ranked),
        meetings=tuple(MeetingLine(item.held_on, item.chair, item.minutes_number) for item in meetings),
        may_manage=manages(actor),
        is_announced=call.announced_on is not None,
        to_decide=sum(row.state == S.REVIEWED.value for row in rows),
        to_publicise=sum(row.state == S.PROPOSED.value for row in rows),
    )


_LAST = 10**6  # after everybody who was given a place
_GONE = frozenset({"withdrawn", "rejected", "lapsed", "terminated"})


@dataclass(frozen=True)
class Candidate:
    """One application on the page of the meeting or of the publicity."""

    id: int
    row: ProgramRow
    asked: Any
    months: Any
    proposed_funds: Any
    proposed_months: Any


def candidates(call: ProgramCall, state: ProgramState, actor: Actor) -> tuple[Candidate, ...]:
    """What waits for the meeting, or for the publicity, best score first."""
    from expertdesk.models import ProgramExpert

    a, book = ProgramApplication, rules_today()
    found = list(
        db.session.execute(application_columns().where(a.call_id == call.id, a.state == state).order_by(a.id))
    )
    months = dict(
        db.session.execute(
            select(ProgramExpert.application_id, func.sum(ProgramExpert.months_requested))
            .join(a, ProgramExpert.application_id == a.id)
            .where(a.call_id == call.id, a.state == state)
            .group_by(ProgramExpert.application_id)
        ).all()
    )
    made = [
        Candidate(
            item.id, application_row(item, book, actor), item.asked, months.get(item.id, rules.ZERO),
            item.proposed_funds, item.proposed_months,
        )
        for item in found
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (-(one.row.score or 0), one.row.organisation, one.id)))


def call_name(call: ProgramCall) -> tuple[str, str]:
    return project_title(call.name, call.name_en)
