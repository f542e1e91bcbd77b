"""One case as a line of a work list: the queue, the desk and the hand-over draw the same row.

Everything a line shows comes from one query over indexed columns (`row_query`); limits are read from the clock ledger,
days left are counted when the line is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from flask import current_app, url_for
from sqlalchemy import Select, and_, func, select

from expertdesk.access import Actor, Permission
from expertdesk.cases.chips import NO_LIMIT, Limit, limit_chip
from expertdesk.foundation import clock
from expertdesk.foundation.locale import country_name, current_language, lazy
from expertdesk.models import Account, Case, CaseClock, CaseState, ClockPause, Organisation, Person
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_today

S = CaseState
OPEN_STATES = (S.DRAFT, S.SUBMITTED, S.IN_CORRECTION, S.ACCEPTED, S.RECOMMENDED, S.GRANTED, S.REFUSED, S.DELIVERED)
# somebody at the bureau has to act: these have a clock
CLOCKED_STATES = (S.SUBMITTED, S.IN_CORRECTION, S.ACCEPTED, S.RECOMMENDED, S.GRANTED, S.REFUSED)


@dataclass(frozen=True)
class CaseRow:
    """A line of a list. `next_post` is an action done at once (taking a case), `next_url` a page."""

    number: str
    url: str
    name: str
    lang: str
    other_name: str
    other_lang: str
    country: str
    category: str
    procedure: Any
    stage: Any
    holder: str
    is_me: bool
    limit: Limit
    next_label: Any
    next_url: str
    next_post: str
    version: int
    state: str = ""
    due_on: date | None = None
    organisation: str = ""
    received_on: date | None = None
    holder_kind: str = ""


@cache
def row_query() -> Select[Any]:
    """Every column a line needs, one row a case; the caller adds conditions, order and limit."""
    # the running clock of a case is looked up by the case, never the other way round: hence the wrapped column
    running = and_(CaseClock.case_id == Case.id, func.coalesce(CaseClock.ended_on, date.max) == date.max)
    paused = and_(ClockPause.clock_id == CaseClock.id, ClockPause.to_on.is_(None))
    return _columns().outerjoin(CaseClock, running).outerjoin(ClockPause, paused)


@cache
def light_query() -> Select[Any]:
    """Only what puts a case into its pile: narrow rows, for choosing which lines are read in full."""
    running = and_(CaseClock.case_id == Case.id, func.coalesce(CaseClock.ended_on, date.max) == date.max)
    paused = and_(ClockPause.clock_id == CaseClock.id, ClockPause.to_on.is_(None))
    columns: Any = (
        select(
            Case.id,
            Case.number,
            Case.state,
            Case.submitted_at,
            CaseClock.promised_due_on,
            CaseClock.statutory_due_on,
            ClockPause.reason_code.label("pause_code"),
        )
        .select_from(Case)
        .outerjoin(CaseClock, running)
        .outerjoin(ClockPause, paused)
    )
    # by what is due first; the sum keeps SQLite from walking the whole table in the order of its key
    due = func.coalesce(CaseClock.promised_due_on, CaseClock.statutory_due_on, date.max)
    return columns.order_by(due, Case.id + 0)


@cache
def due_query() -> Select[Any]:
    """As `row_query`, from the running clocks in: for lists in the order of their limit."""
    paused = and_(ClockPause.clock_id == CaseClock.id, ClockPause.to_on.is_(None))
    return (
        _columns()
        .join(CaseClock, CaseClock.case_id == Case.id)
        .where(CaseClock.ended_on.is_(None))
        .outerjoin(ClockPause, paused)
    )


def _columns() -> Select[Any]:
    columns: Any = (
        select(
            Case.id,
            Case.number,
            Case.state,
            Case.procedure,
            Case.district,
            Case.category,
            Case.claimed_category,
            Case.officer_id,
            Case.entered_by_id,
            Case.recommended_by_id,
            Case.row_version,
            Case.received_on,
            Case.submitted_at,
            Person.surname,
            Person.given_name,
            Person.native_name,
            Person.native_lang,
            Person.chinese_name,
            Person.nationality,
            Organisation.name_zh,
            Organisation.name_en,
            Account.name.label("officer_name"),
            Account.name_latin.label("officer_latin"),
            CaseClock.step,
            CaseClock.started_on,
            CaseClock.promised_due_on,
            CaseClock.statutory_due_on,
            CaseClock.is_provisional,
            ClockPause.reason_code.label("pause_code"),
            ClockPause.layer.label("pause_layer"),
        )
        .select_from(Case)
        .join(Person, Case.person_id == Person.id)
        .join(Organisation, Case.organisation_id == Organisation.id)
        .outerjoin(Account, Case.officer_id == Account.id)
    )
    return columns


def case_rows(found: Iterable[Any], actor: Actor) -> tuple[CaseRow, ...]:
    """Lines in the reader's language, each with the next verb this reader can do."""
    book, today = rules_today(), clock.today()
    return tuple(_row(item, actor, book, today) for item in found)


def _row(item: Any, actor: Actor, book: RuleBook, today: date) -> CaseRow:
    latin = f"{item.surname} {item.given_name}".strip()
    name = item.native_name or latin
    other = item.chinese_name if item.chinese_name != name else ""
    state = CaseState(item.state)
    elsewhere = state in (S.RECOMMENDED, S.IN_CORRECTION) or book.state(state).is_end
    label, url, post = next_step(item, actor)
    return CaseRow(
        number=item.number,
        url=url_for("cases.case", number=item.number),
        name=name,
        lang=item.native_lang if item.native_name else "",
        other_name=other or (latin if item.native_name else ""),
        other_lang="zh-CN" if other else "",
        country=country_name(item.nationality),
        category=item.category or item.claimed_category,
        procedure=book.procedure(item.procedure).short,
        stage=book.state(state).short,
        holder=_holder(item, state, book),
        is_me=item.officer_id == actor.id and not elsewhere,
        limit=limit_of(item, state, book, today),
        next_label=label,
        next_url=url,
        next_post=post,
        version=item.row_version,
        state=state.value,
        due_on=item.promised_due_on or item.statutory_due_on,
        organisation=organisation_name(item.name_zh, item.name_en),
        received_on=item.received_on,
        holder_kind="organisation" if state is S.IN_CORRECTION else "",
    )


def _holder(item: Any, state: CaseState, book: RuleBook) -> str:
    """Who has it now: the organisation during a correction, a role at the decision, else the officer by name."""
    if state is S.IN_CORRECTION:
        return organisation_name(item.name_zh, item.name_en)
    if state is S.RECOMMENDED:
        return str(book.state(state).holder)
    if book.state(state).is_end:
        return "—"
    if item.officer_name:
        return person_name(item.officer_name, item.officer_latin)
    return ""


def organisation_name(name_zh: str, name_en: str) -> str:
    return name_zh if current_language() == "zh" or not name_en else name_en


def person_name(name: str, latin: str) -> str:
    """A member of staff: the own writing on Chinese pages, Latin letters on English ones."""
    return name if current_language() == "zh" or not latin else latin


# --- limits ----------------------------------------------------------------------------------------------------


def limit_of(item: Any, state: CaseState, book: RuleBook, today: date) -> Limit:
    """The chip for a line: `item` carries the columns of the running clock (None where no clock runs)."""
    if state is S.DRAFT:
        return Limit("", "dash", lazy("not submitted"))
    if book.state(state).is_end:
        return Limit("", "done", lazy("ended"))
    if item.step is None:
        return NO_LIMIT
    return limit_chip(item, book, today, pause_code=item.pause_code or "")


# --- the next verb ---------------------------------------------------------------------------------------------

_VERBS: dict[CaseState, tuple[Any, str, Permission]] = {
    S.DRAFT: (lazy("Complete"), "cases.edit", Permission.CASE_CREATE),
    S.SUBMITTED: (lazy("Check papers"), "cases.check", Permission.CASE_PRECHECK),
    S.ACCEPTED: (lazy("Recommend"), "cases.recommend", Permission.CASE_RECOMMEND),
    S.GRANTED: (lazy("Deliver"), "cases.deliver", Permission.CASE_DELIVER),
    S.REFUSED: (lazy("Deliver"), "cases.deliver", Permission.CASE_DELIVER),
    S.DELIVERED: (lazy("Close"), "cases.close", Permission.CASE_DELIVER),
}


def next_step(item: Any, actor: Actor) -> tuple[Any, str, str]:
    """(words, page, address to post to) of what this reader does next with the case; opening it when nothing else."""
    number, state = item.number, CaseState(item.state)
    case_url = url_for("cases.case", number=number)
    if state is S.RECOMMENDED and actor.may(Permission.CASE_DECIDE) and not worked_on(item, actor):
        target = link("permits.decide", number=number)
        if target:
            return lazy("Decide"), target, ""
    if state is S.SUBMITTED and item.officer_id is None and actor.may(Permission.CASE_PRECHECK):
        return lazy("Take"), case_url, url_for("cases.take", number=number)
    verb = _VERBS.get(state)
    if verb and actor.may(verb[2]) and item.officer_id in (actor.id, None):
        return verb[0], url_for(verb[1], number=number), ""
    return lazy("View"), case_url, ""


def worked_on(item: Any, actor: Actor) -> bool:
    """Four eyes: who entered, holds or recommended a case does not decide it."""
    return actor.id in (item.entered_by_id, item.recommended_by_id, item.officer_id)


def link(endpoint: str, **values: Any) -> str:
    """The address of a page of another capability, or "" where it is not built in."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
