"""Which people and contacts a person may see.

A liaison officer sees the own assignments whole; of other people with a permit in force in the own districts only who
looks after them. Managers see all. What was said stays with the officer assigned and the manager.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, true
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor, Permission
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, NotPermitted, Reason
from expertdesk.foundation.locale import lazy
from expertdesk.models import Assignment, Permit, Person
from expertdesk.permits.policy import visible_permits

_LARGEST_ID = 2**31 - 1


def sees_all(actor: Actor) -> bool:
    """Managers see everybody's people."""
    return actor.may(Permission.LIAISON_MANAGE)


def whose(actor: Actor) -> ColumnElement[bool]:
    """The condition on Assignment for work lists: own ones, for managers all."""
    return true() if sees_all(actor) else Assignment.officer_id == actor.id


def visible_assignments(statement: Select[Any], actor: Actor) -> Select[Any]:
    """Active assignments of this reader's lists."""
    return statement.where(Assignment.ended_on.is_(None), whose(actor))


def active_assignment(person_id: int) -> Assignment | None:
    """Who looks after a person now."""
    return db.session.scalar(select(Assignment).where(Assignment.person_id == person_id, Assignment.ended_on.is_(None)))


def find_person(person_id: int, actor: Actor) -> tuple[Person, Assignment | None]:
    """The person and the active assignment, or NotFound: nobody's business but the assigned officer's, a manager's,
    or that of somebody who could take the person."""
    if not 0 < person_id <= _LARGEST_ID:
        raise NotFound(str(person_id))
    is_active = and_(Assignment.person_id == Person.id, Assignment.ended_on.is_(None))
    found = db.session.execute(
        select(Person, Assignment)
        .outerjoin(Assignment, is_active)
        .where(Person.id == person_id)
        .options(joinedload(Person.passports), joinedload(Assignment.officer).lazyload("*"))
    )
    pair = found.unique().one_or_none()
    if pair is None:
        raise NotFound(str(person_id))
    person, assignment = pair
    if assignment is not None and (assignment.officer_id == actor.id or sees_all(actor)):
        return person, assignment
    permit = db.session.scalar(visible_permits(select(Permit.id).where(Permit.person_id == person_id), actor).limit(1))
    if permit is None:
        raise NotFound(str(person_id))
    return person, assignment


def may_act_on(assignment: Assignment | None, actor: Actor) -> bool:
    """Write down contacts and end the service: the assigned officer alone."""
    return assignment is not None and assignment.ended_on is None and assignment.officer_id == actor.id


def may_hand_over(assignment: Assignment | None, actor: Actor) -> bool:
    return may_act_on(assignment, actor) or (assignment is not None and assignment.ended_on is None and sees_all(actor))


def own_assignment(assignment_id: int, actor: Actor) -> Assignment:
    """An active assignment of this officer, locked; NotFound when it is not theirs to know, NotPermitted when only
    another officer may write to it."""
    found = db.session.get(Assignment, assignment_id, with_for_update=True) if _is_id(assignment_id) else None
    if found is None:
        raise NotFound(str(assignment_id))
    if not may_act_on(found, actor):
        find_person(found.person_id, actor)
        text = lazy("Only the liaison officer of this expert may do this.")
        raise NotPermitted(Permission.LIAISON_ACT, reasons=[Reason("not_yours", text)])
    return found


def _is_id(value: int) -> bool:
    return 0 < value <= _LARGEST_ID
