"""Which cases and permits stand on `/my`: the expert's own, or the organisation's with what it must do first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import Select, and_, case, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from expertdesk.access import Actor, Permission
from expertdesk.cases.case_page import limit_of
from expertdesk.cases.chips import Limit
from expertdesk.cases.guards import open_correction
from expertdesk.cases.policy import visible_cases, visible_clause
from expertdesk.cases.rows import link, organisation_name
from expertdesk.cases.workflow import FINALS
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case, CaseClock, CaseState, Correction, Paper, PaperState, Permit, PermitState
from expertdesk.notices.inbox import unread_clause, unread_count
from expertdesk.regulations import ExtensionWindow, RuleBook
from expertdesk.regulations.current import rules_today

PAGE_SIZE = 25
_MOST_URGENT = 50
_MOST_PERMITS = 10
_OVER = tuple(CaseState(code) for code in FINALS)
# the bureau has to act, so its limit is shown
_WITH_US = frozenset(
    {CaseState.SUBMITTED, CaseState.ACCEPTED, CaseState.RECOMMENDED, CaseState.GRANTED, CaseState.REFUSED}
)


@dataclass(frozen=True)
class OwnCase:
    """A line of the expert's other cases."""

    number: str
    procedure: Any
    state: Any
    is_end: bool


@dataclass(frozen=True)
class OwnFile:
    """The expert's cases, the permit in force, how many messages are new."""

    cases: tuple[OwnCase, ...]
    permit: PermitLine | None
    unread: int


@dataclass(frozen=True)
class OrgRow:
    """A line of the organisation's list: what it must do and by when, else nothing."""

    name: str
    lang: str
    url: str
    number: str
    procedure: Any
    organisation: str
    stage: Any
    todo: Any
    is_others: bool
    due: date | None
    limit: Limit | None


@dataclass(frozen=True)
class PermitLine:
    id: int
    number: str
    name: str
    lang: str
    category: str
    starts_on: date
    ends_on: date
    window: ExtensionWindow
    is_open: bool
    apply_url: str = ""


@dataclass(frozen=True)
class OrgList:
    urgent: tuple[OrgRow, ...]
    rows: tuple[OrgRow, ...]
    next_after: int | None
    is_first: bool
    permits: tuple[PermitLine, ...]
    organisations: tuple[str, ...]


# --- the expert --------------------------------------------------------------------------------------------------


def own_file(actor: Actor) -> OwnFile:
    """All cases of the expert, open ones before ended ones, the newest first (the first is the one `/my` shows), with
    the permit in force and the count of new messages beside them: one query. A permit always has its case."""
    over = case((Case.state.in_(_OVER), 1), else_=0)
    valid = _in_force(select(Permit.id).where(Permit.person_id == actor.person_id)).limit(1).scalar_subquery()
    found = db.session.execute(
        select(Case.number, Case.procedure, Case.state, Permit, unread_clause(actor.id))
        .outerjoin(Permit, Permit.id == valid)
        .where(visible_clause(actor), Case.person_id == actor.person_id)
        .options(joinedload(Permit.person))
        .order_by(over, Case.id.desc())
        .limit(_MOST_URGENT)
    ).all()
    if not found:
        return OwnFile((), None, unread_count(actor.id))
    book = rules_today()
    cases = tuple(
        OwnCase(number, book.procedure(procedure).short, book.state(state).short, state in _OVER)
        for number, procedure, state, _, _ in found
    )
    permit, unread = found[0][-2:]
    return OwnFile(cases, _permit_line(permit, book, clock.today()) if permit is not None else None, unread)


# --- the organisation --------------------------------------------------------------------------------------------


def organisation_list(actor: Actor, after: int | None = None) -> OrgList:
    """The first page begins with what the organisation has to do, in the order of the dates; the rest by newest case,
    page by page (keyset)."""
    urgent, cases = _both(actor, after)
    more = cases[PAGE_SIZE - 1].id if len(cases) > PAGE_SIZE else None
    book, many = rules_today(), len(actor.organisations) > 1
    return OrgList(
        urgent=tuple(
            sorted((_row(one, book, actor, many) for one in urgent), key=lambda row: (row.due or date.max, row.number))
        ),
        rows=tuple(_row(one, book, actor, many) for one in cases[:PAGE_SIZE]),
        next_after=more,
        is_first=after is None,
        permits=_ending(actor) if after is None else (),
        organisations=tuple(sorted({_organisation(one) for one in (*urgent, *cases)})),
    )


def _waits_for(actor: Actor) -> Any:
    """In correction, or a paper was promised for later and has not come; and this contact may send it."""
    promised = exists().where(
        and_(Paper.case_id == Case.id, Paper.state == PaperState.DEFERRED, Paper.due_on.is_not(None))
    )
    waits = or_(Case.state == CaseState.IN_CORRECTION, and_(Case.state.not_in(_OVER), promised))
    return and_(Case.organisation_id.in_(actor.handled_organisations), waits)


def _both(actor: Actor, after: int | None) -> tuple[list[Case], list[Case]]:
    """What waits for the organisation (on the first page only) and the page of all others, newest first."""
    waits = _waits_for(actor)
    rest = visible_cases(select(Case.id), actor).where(~waits)
    if after is not None:
        rest = rest.where(Case.id < after)
    wanted = [Case.id.in_(rest.order_by(Case.id.desc()).limit(PAGE_SIZE + 1))]
    if after is None:
        urgent = visible_cases(select(Case.id), actor).where(waits)
        wanted.append(Case.id.in_(urgent.order_by(Case.id).limit(_MOST_URGENT)))
    statement: Any = select(Case, waits.label("waits")).where(or_(*wanted)).order_by(Case.id.desc())
    found = db.session.execute(
        statement.options(
            joinedload(Case.person),
            joinedload(Case.organisation),
            selectinload(Case.papers),
            selectinload(Case.clocks).joinedload(CaseClock.pauses),
            selectinload(Case.corrections).joinedload(Correction.items),
        )
    )
    rows = found.unique().all()
    return [row.Case for row in rows if row.waits], [row.Case for row in rows if not row.waits]


def _row(one: Case, book: RuleBook, actor: Actor, with_organisation: bool) -> OrgRow:
    todo, due = _todo(one, book)
    return OrgRow(
        name=one.person.display_name,
        lang=one.person.display_lang,
        url=url_for("portal.my_case", number=one.number),
        number=one.number,
        procedure=book.procedure(one.procedure).short,
        organisation=_organisation(one) if with_organisation else "",
        stage=book.state(one.state).short,
        todo=todo,
        is_others=one.organisation_id not in actor.handled_organisations,
        due=due,
        limit=limit_of(one, book, clock.today()) if one.state in _WITH_US else None,
    )


def _organisation(one: Case) -> str:
    return organisation_name(one.organisation.name_zh, one.organisation.name_en)


def _todo(one: Case, book: RuleBook) -> tuple[Any, date | None]:
    correction = open_correction(one) if one.state is CaseState.IN_CORRECTION else None
    if correction is not None:
        count = len({item.document for item in correction.items if item.answered_at is None})
        if not count:
            return lazy("Send the corrections"), correction.due_on
        return lazy("Send 1 paper") if count == 1 else lazy("Send %(count)s papers", count=count), correction.due_on
    promised = sorted(
        (paper for paper in one.papers if paper.state is PaperState.DEFERRED and paper.due_on is not None),
        key=lambda paper: paper.due_on or date.max,
    )
    if promised and one.state not in _OVER:
        name = book.row("documents", promised[0].document).short
        return lazy("Supply: %(paper)s", paper=name), promised[0].due_on
    return "", None


def _ending(actor: Actor) -> tuple[PermitLine, ...]:
    """Permits whose extension can be applied for now."""
    statement = select(Permit).where(Permit.organisation_id.in_(sorted(actor.organisations)))
    lines = _permit_lines(statement, limit=_MOST_PERMITS)
    return tuple(replace(line, apply_url=apply_url(actor, line.id)) for line in lines if line.is_open)


def apply_url(actor: Actor, permit_id: int | None = None) -> str:
    """Where a contact who handles cases begins an application, or the extension of a permit; "" for others."""
    if not actor.handled_organisations or not actor.may(Permission.MY_APPLY):
        return ""
    return link("intake.apply", permit=permit_id) if permit_id else link("intake.apply")


def _permit_lines(statement: Select[Any], limit: int) -> tuple[PermitLine, ...]:
    today, book = clock.today(), rules_today()
    found = db.session.scalars(_in_force(statement).options(joinedload(Permit.person)).limit(limit))
    return tuple(_permit_line(permit, book, today) for permit in found)


def _in_force(statement: Select[Any]) -> Select[Any]:
    """Of these permits those in force, the one that ends first before the others."""
    valid = statement.where(Permit.state == PermitState.IN_FORCE, Permit.ends_on >= clock.today())
    return valid.order_by(Permit.ends_on, Permit.id)


def _permit_line(permit: Permit, book: RuleBook, today: date) -> PermitLine:
    window = book.extension_window(permit.ends_on)
    return PermitLine(
        id=permit.id,
        number=permit.number,
        name=permit.person.display_name,
        lang=permit.person.display_lang,
        category=permit.category,
        starts_on=permit.starts_on,
        ends_on=permit.ends_on,
        window=window,
        is_open=window.state(today) == "open",
    )
