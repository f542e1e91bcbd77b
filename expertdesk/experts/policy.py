"""Which people and organisations an actor may see and change: one answer for lists, pages, search and exports.

Officer: the people of the own districts (registered there, or with a case or permit there; one who belongs nowhere yet
is everybody's). Liaison officer: people with a permit in force, and those looked after, as in permits.policy.
Reviewer and manager: all.
Organisations are one register for the whole city: who may read one may read all, and every officer keeps them up to
date; the cases and people of an organisation follow the rules for people.
"""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.sql.base import ExecutableOption

from expertdesk.access import Actor, Permission, Role
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, NotPermitted
from expertdesk.models import Assignment, Case, Organisation, Permit, PermitState, Person

S = TypeVar("S", bound=Select[Any])
LARGEST_ID = 2**31 - 1  # an id of another size is no id of a row: the column is a 32-bit integer on PostgreSQL
_SEES_ALL = frozenset({Role.REVIEWER, Role.MANAGER})


def sees_everybody(actor: Actor) -> bool:
    """Nothing to filter and nothing to mask."""
    if actor.is_system:
        return True
    if not actor.may(Permission.EXPERT_READ):
        return False
    return bool(actor.roles & _SEES_ALL) or (Role.OFFICER in actor.roles and actor.is_municipal)


def whole_person(actor: Actor) -> ColumnElement[bool]:
    """The condition on Person under which this actor sees everything of a person."""
    if sees_everybody(actor):
        return true()
    if not actor.may(Permission.EXPERT_READ):
        return false()
    conditions: list[ColumnElement[bool]] = []
    if Role.OFFICER in actor.roles:
        conditions += _of_districts(actor)
    if Role.LIAISON in actor.roles:
        conditions += _with_permit(actor)
    return or_(*conditions) if conditions else false()


def _of_districts(actor: Actor) -> list[ColumnElement[bool]]:
    districts = sorted(actor.districts)
    of_person = Case.person_id == Person.id
    return [
        Person.district.in_(districts),
        # a case that was handed over stays with the one it was handed to
        exists().where(of_person, or_(Case.district.in_(districts), Case.officer_id == actor.id)),
        exists().where(Permit.person_id == Person.id, Permit.district.in_(districts)),
        (Person.district == "") & ~exists().where(of_person),
    ]


def _with_permit(actor: Actor) -> list[ColumnElement[bool]]:
    return [
        exists().where(Permit.person_id == Person.id, _in_force()),
        exists().where(
            Assignment.person_id == Person.id, Assignment.officer_id == actor.id, Assignment.ended_on.is_(None)
        ),
    ]


def _in_force() -> ColumnElement[bool]:
    """In force today, or granted and not begun yet; one that was not extended has lapsed by itself."""
    return and_(Permit.state == PermitState.IN_FORCE, Permit.ends_on >= clock.today())


def visible_people(statement: S, actor: Actor) -> S:
    """The statement (over Person) with only the rows this actor sees in full."""
    return statement.where(whole_person(actor))


def shows_masked(actor: Actor) -> bool:
    """Search hits outside the own districts are shown masked to officers, and not at all to others."""
    return Role.OFFICER in actor.roles and not sees_everybody(actor)


def find_person(person_id: int, actor: Actor, *options: ExecutableOption) -> Person:
    """The person, or NotFound for one who does not exist or may not be seen. `options`: what to read along."""
    if not 0 < person_id <= LARGEST_ID:
        raise NotFound
    statement = visible_people(select(Person).where(Person.id == person_id).options(*options), actor)
    found = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def may_edit_people(actor: Actor) -> bool:
    """Whether the actor may change a person that he or she may see."""
    return actor.is_system or actor.may(Permission.EXPERT_EDIT)


def person_to_edit(person_id: int, actor: Actor) -> Person:
    """The person, locked and as stored now. Raises NotFound, NotPermitted."""
    find_person(person_id, actor)
    if not may_edit_people(actor):
        raise NotPermitted(Permission.EXPERT_EDIT)
    statement = select(Person).where(Person.id == person_id).with_for_update()
    return db.session.scalars(statement, execution_options={"populate_existing": True}).one()


# --- organisations ---------------------------------------------------------------------------------------------


def may_read_organisations(actor: Actor) -> bool:
    return actor.is_system or actor.may(Permission.ORGANISATION_READ)


def may_edit_organisations(actor: Actor) -> bool:
    return actor.is_system or actor.may(Permission.ORGANISATION_EDIT)


def visible_organisations(statement: S, actor: Actor) -> S:
    return statement if may_read_organisations(actor) else statement.where(false())


def find_organisation(organisation_id: int, actor: Actor, *options: ExecutableOption) -> Organisation:
    if not 0 < organisation_id <= LARGEST_ID:
        raise NotFound
    wanted = select(Organisation).where(Organisation.id == organisation_id).options(*options)
    found = db.session.scalars(visible_organisations(wanted, actor)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def organisation_to_edit(organisation_id: int, actor: Actor) -> Organisation:
    """The organisation, locked and as stored now. Raises NotFound, NotPermitted."""
    find_organisation(organisation_id, actor)
    if not may_edit_organisations(actor):
        raise NotPermitted(Permission.ORGANISATION_EDIT)
    statement = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    return db.session.scalars(statement, execution_options={"populate_existing": True}).one()


# --- cases and permits as far as search and the pages of people show them ---------------------------------------


def whole_case(actor: Actor) -> ColumnElement[bool]:
    """The condition on Case under which a hit is shown in full."""
    if actor.is_system:
        return true()
    if not actor.may(Permission.CASE_READ):
        return false()
    if sees_everybody(actor):
        return true()
    return or_(Case.district.in_(sorted(actor.districts)), Case.officer_id == actor.id)


def whole_permit(actor: Actor) -> ColumnElement[bool]:
    """The condition on Permit under which a hit is shown in full."""
    if actor.is_system or (actor.may(Permission.PERMIT_READ) and sees_everybody(actor)):
        return true()
    if not actor.may(Permission.PERMIT_READ):
        return false()
    conditions: list[ColumnElement[bool]] = []
    if Role.OFFICER in actor.roles:
        conditions.append(Permit.district.in_(sorted(actor.districts)))
    if Role.LIAISON in actor.roles:
        conditions.append(_in_force())
        conditions.append(
            exists().where(
                Assignment.person_id == Permit.person_id,
                Assignment.officer_id == actor.id,
                Assignment.ended_on.is_(None),
            )
        )
    return or_(*conditions) if conditions else false()
