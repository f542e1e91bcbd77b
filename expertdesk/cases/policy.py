"""Which cases somebody may see and act on: one place for lists, pages, search, exports (decisions: who sees what)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Select, and_, false, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from expertdesk.access import Actor, Permission, Role
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.models import Case, CaseState, Event, Paper, PaperVersion

T = TypeVar("T", bound=Select[Any])

_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
# in the session: who handled a case, by version; every event makes a new version, so what is known stays true
_HANDLED = "cases.handled"

# what is in these papers an employer does not see (quality: access)
PRIVATE_PAPERS = frozenset({"MEDICAL", "NO_CRIMINAL"})
# steps on a case that do not make somebody its handler: everything else does, whatever role was held (four eyes)
NEUTRAL_EVENTS = frozenset(
    {"case.assigned", "case.sent_back", "case.paused", "case.resumed", "case.limit_extended", "case.clock_recomputed"}
)


def visible_cases(statement: T, actor: Actor) -> T:
    """The statement (over Case) with only the rows this actor may see."""
    return statement.where(visible_clause(actor))


def visible_clause(actor: Actor) -> ColumnElement[bool]:
    """The condition itself, for counts and joins."""
    seen: list[ColumnElement[bool]] = []
    if actor.may(Permission.SYSTEM):
        return true()
    if actor.may(Permission.CASE_READ):
        if actor.is_municipal or actor.roles & {Role.REVIEWER, Role.MANAGER}:
            return true()
        # a case that was handed over stays visible to the one it was handed to
        seen.append(or_(Case.district.in_(sorted(actor.districts)), Case.officer_id == actor.id))
    if actor.may(Permission.MY_READ):
        own: list[ColumnElement[bool]] = []
        if actor.person_id is not None and Role.EXPERT in actor.roles:
            own.append(Case.person_id == actor.person_id)
        if actor.organisations:
            own.append(Case.organisation_id.in_(sorted(actor.organisations)))
        if own:
            seen.append(and_(Case.state != CaseState.DRAFT, or_(*own)))
    return or_(*seen) if seen else false()


def could_be_number(text: str) -> bool:
    """Letters, digits and hyphens, as every case number is an address; anything else is asked of no database."""
    return _NUMBER.fullmatch(text) is not None


def find_case(number: str, actor: Actor, *options: Any) -> Case:
    """The case of this number, or NotFound: also for what the actor may not see. `options`: what is read with it."""
    if not could_be_number(number):
        raise NotFound(number)
    statement = visible_cases(select(Case).where(Case.number == number), actor).options(*options)
    found = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        raise NotFound(number)
    return found


def may_see(case: Case, actor: Actor) -> bool:
    """The same rule for a row at hand."""
    if actor.may(Permission.SYSTEM):
        return True
    if actor.may(Permission.CASE_READ) and (
        actor.is_municipal
        or actor.roles & {Role.REVIEWER, Role.MANAGER}
        or case.district in actor.districts
        or case.officer_id == actor.id
    ):
        return True
    return actor.may(Permission.MY_READ) and case.state is not CaseState.DRAFT and is_own(case, actor, to_act=False)


def is_own(case: Case, actor: Actor, *, to_act: bool) -> bool:
    """The expert's own file, or one of an organisation the contact reads for (to act: handles)."""
    if Role.EXPERT in actor.roles and actor.person_id is not None and case.person_id == actor.person_id:
        return True
    mine = actor.handled_organisations if to_act else actor.organisations
    return case.organisation_id in mine


def may_act_on(case: Case, actor: Actor) -> bool:
    """Whether the case is in this actor's hands: own or unassigned in an own district, or the applicant's own file."""
    if actor.is_system:
        return True
    if not actor.is_staff:
        return is_own(case, actor, to_act=True)
    return case.officer_id == actor.id or (case.officer_id is None and actor.handles(case.district))


def is_four_eyes(case: Case, actor: Actor) -> bool:
    """Whether the actor may decide: never entered, edited or recommended it, not even in another role (the history is
    asked too)."""
    return not handled_before(case, actor)


def handled_before(case: Case, actor: Actor) -> bool:
    """Did this person work on the case?"""
    if actor.is_system or actor.id in (case.entered_by_id, case.recommended_by_id, case.officer_id):
        return True
    known = db.session().info.setdefault(_HANDLED, {})
    key = (case.id, case.row_version, actor.id)
    if key not in known:
        done = (
            select(Event.id)
            .where(
                Event.subject_kind == "case",
                Event.subject_id == case.id,
                Event.actor_id == actor.id,
                Event.name.not_in(NEUTRAL_EVENTS),
            )
            .limit(1)
        )
        known[key] = db.session.scalar(done) is not None
    return known[key]


def know_handlers(case: Case, actor: Actor, events: Iterable[Event]) -> None:
    """Spare `handled_before` its query where the whole history of this version of the case is at hand."""
    found = any(event.actor_id == actor.id and event.name not in NEUTRAL_EVENTS for event in events)
    db.session().info.setdefault(_HANDLED, {})[case.id, case.row_version, actor.id] = found


def may_read_paper(paper: Paper, actor: Actor, version: PaperVersion | None = None) -> bool:
    """Whether the content may be opened: staff who may see the case, the expert, the organisation what it uploaded
    itself, except medical and criminal-record papers."""
    case = paper.case
    if not may_see(case, actor):
        return False
    if actor.may(Permission.PAPER_READ) or actor.may(Permission.SYSTEM):
        return True
    if Role.EXPERT in actor.roles and case.person_id == actor.person_id:
        return True
    if case.organisation_id not in actor.organisations or paper.document in PRIVATE_PAPERS:
        return False
    return version is None or version.uploaded_by_id == actor.id
