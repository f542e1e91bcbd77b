"""The case page as a frozen record: where the case stands, why, what happened, what can be done.

One case is read with everything a page needs in a handful of queries (`load_case`); the rest is worked out from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload, selectinload

from expertdesk.access import Actor
from expertdesk.cases import guards, records
from expertdesk.cases.chips import NO_LIMIT, Limit, limit_chip
from expertdesk.cases.day_strip import DayCell, day_strip
from expertdesk.cases.policy import could_be_number, visible_cases
from expertdesk.cases.rows import organisation_name, person_name
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.locale import country_name, format_date, lazy
from expertdesk.models import Case, CaseClock, CaseState, Correction, Letter, OrganisationContact, Paper, Permit, Person
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today

S = CaseState


@dataclass(frozen=True)
class Loaded:
    """A case with the rows beside it that have no relationship of their own."""

    case: Case
    contact: OrganisationContact | None
    permit: Permit | None

    @property
    def id(self) -> int:
        return self.case.id


def load_case(number: str, actor: Actor) -> Loaded:
    """The case and all that hangs on it, in four queries. NotFound also for what the reader may not see."""
    if not could_be_number(number):
        raise NotFound(number)
    statement: Any = (
        select(Case, OrganisationContact, Permit)
        .outerjoin(OrganisationContact, Case.contact_id == OrganisationContact.id)
        .outerjoin(Permit, Permit.case_id == Case.id)
        .where(Case.number == number)
        .options(*case_options())
    )
    found = db.session.execute(visible_cases(statement, actor)).unique().one_or_none()
    if found is None:
        raise NotFound(number)
    return Loaded(*found)


def case_options() -> tuple[Any, ...]:
    """How a whole case is read: rows and short lists by join, papers, clocks and notices by one query each."""
    return (
        joinedload(Case.person).joinedload(Person.family),
        joinedload(Case.passport),
        joinedload(Case.organisation),
        joinedload(Case.officer).lazyload("*"),
        joinedload(Case.previous_permit),
        joinedload(Case.judgements),
        joinedload(Case.letters).options(defer(Letter.context)),
        selectinload(Case.papers).joinedload(Paper.versions),
        selectinload(Case.clocks).joinedload(CaseClock.pauses),
        selectinload(Case.corrections).joinedload(Correction.items),
    )


# --- the head every page of a case shares ------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseHead:
    """Who, stage, holder, limit: the sticky bar. `version` goes into every form."""

    number: str
    name: str
    lang: str
    other_name: str
    other_lang: str
    country: str
    age: int
    procedure: Any
    category: str
    state: str
    stage: Any
    holder: str
    is_me: bool
    limit: Limit
    version: int


def case_head(case: Case, actor: Actor) -> CaseHead:
    person, book, today = case.person, rules_today(), clock.today()
    other = person.chinese_name if person.chinese_name != person.display_name else ""
    return CaseHead(
        number=case.number,
        name=person.display_name,
        lang=person.display_lang,
        other_name=other or (person.latin_name if person.native_name else ""),
        other_lang="zh-CN" if other else "",
        country=country_name(person.nationality),
        age=age_of(person.birth_on, today),
        procedure=book.procedure(case.procedure).name,
        category=case.category or case.claimed_category,
        state=case.state.value,
        stage=book.state(case.state).short,
        holder=holder_of(case, book),
        is_me=case.officer_id == actor.id
        and case.state not in (S.IN_CORRECTION, S.RECOMMENDED)
        and not book.state(case.state).is_end,
        limit=limit_of(case, book, today),
        version=case.row_version,
    )


def age_of(birth: date, today: date) -> int:
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def holder_of(case: Case, book: RuleBook) -> str:
    """The organisation during a correction, the role at the decision, nobody at the end, else the officer by name."""
    if case.state is S.IN_CORRECTION:
        return organisation_name(case.organisation.name_zh, case.organisation.name_en)
    holder = book.state(case.state).holder
    if case.state is S.RECOMMENDED:
        return str(holder)
    if book.state(case.state).is_end:
        return ""
    return person_name(case.officer.name, case.officer.name_latin) if case.officer else ""


def limit_of(case: Case, book: RuleBook, today: date) -> Limit:
    row = guards.running_clock(case)
    if book.state(case.state).is_end:
        return Limit("", "done", lazy("ended"))
    if row is None:
        return NO_LIMIT
    pause = next((pause.reason_code for pause in row.pauses if pause.to_on is None), "")
    return limit_chip(row, book, today, pause_code=pause)


# --- progress ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    name: Any
    note: Any
    state: str


_STEP_OF_STAGE = {"precheck": "precheck", "acceptance": "acceptance", "review": "decision", "delivery": "delivery"}


def stage_line(case: Case) -> tuple[Stage, ...]:
    """The six stages: what is done with its day, where it is, what each of the rest may take."""
    book, today = records.book_of(case), clock.today()
    stages, here = book.stages(), book.state(case.state)
    ended = {row.step: row.ended_on for row in case.clocks if row.ended_on}
    over = here.is_end or case.state is S.DELIVERED
    place = here.place
    return tuple(_stage(case, book, today, row, place, ended, is_over=over) for row in stages)


def _stage(
    case: Case, book: RuleBook, today: date, row: Any, place: int, ended: dict[str, date], *, is_over: bool
) -> Stage:
    stopped = is_over and case.state in (S.NOT_ACCEPTED, S.RETURNED, S.WITHDRAWN)
    if row.place < place or (is_over and row.place == place and not stopped):
        return Stage(row.name, _done_note(case, row.code, ended), "done")
    if row.place > place:
        return Stage(row.name, "" if stopped else _expected(case, book, row.code), "next")
    if stopped:
        return Stage(row.name, book.state(case.state).short, "now")
    limit = limit_of(case, book, today)
    return Stage(row.name, lazy("now; %(limit)s", limit=limit.text), "now")


def _done_note(case: Case, stage: str, ended: dict[str, date]) -> Any:
    days = {
        "submission": clock.day_of(case.submitted_at) if case.submitted_at else None,
        "precheck": ended.get("precheck"),
        "acceptance": case.accepted_on,
        "review": case.decided_on or ended.get("decision"),
        "decision": case.decided_on,
        "delivery": ended.get("delivery"),
    }
    day = days.get(stage)
    return format_date(day, "day") if day else ""


def _expected(case: Case, book: RuleBook, stage: str) -> Any:
    step = _STEP_OF_STAGE.get(stage)
    if step is None:
        return ""
    limit = book.limits(case.procedure, records.working_category(case), step).promised
    if limit is None:
        return ""
    if not limit.working_days:
        return lazy("at once")
    return lazy("within 1 day") if limit.working_days == 1 else lazy("within %(days)s days", days=limit.working_days)


def strip_of(case: Case) -> tuple[DayCell, ...]:
    return day_strip(guards.running_clock(case), rules_today(), clock.today())
