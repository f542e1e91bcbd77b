"""Which permits a person may see: lists, pages, search, exports and letters all ask here.

Officers see their districts, approving officers and managers all; the liaison role sees permits in force, and those of
the people it looks after (decisions: who sees what).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true

from expertdesk.access import Actor, Role
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.models import Assignment, Permit, PermitState

_EVERYWHERE = frozenset({Role.REVIEWER, Role.MANAGER})
LARGEST_ID = 2**31 - 1


def may_see(actor: Actor) -> ColumnElement[bool]:
    """The condition on Permit for this reader."""
    if actor.roles & _EVERYWHERE:
        return true()
    doors: list[ColumnElement[bool]] = []
    if Role.OFFICER in actor.roles:
        doors.append(own_districts(actor))
    if Role.LIAISON in actor.roles:
        doors.append(in_force())
        doors.append(
            exists().where(
                Assignment.person_id == Permit.person_id,
                Assignment.officer_id == actor.id,
                Assignment.ended_on.is_(None),
            )
        )
    return or_(*doors) if doors else false()


def own_districts(actor: Actor) -> ColumnElement[bool]:
    """The condition on Permit for the districts this person handles."""
    return true() if actor.is_municipal else Permit.district.in_(sorted(actor.districts))


def in_force() -> ColumnElement[bool]:
    """In force today, or granted and not begun yet; one that was not extended has lapsed by itself."""
    return and_(Permit.state == PermitState.IN_FORCE, Permit.ends_on >= clock.today())


def visible_permits(statement: Select[Any], actor: Actor) -> Select[Any]:
    """The statement with the rows this reader may see."""
    return statement.where(may_see(actor))


def find_permit(permit_id: int, actor: Actor) -> Permit:
    """The permit, or NotFound when there is none or it is not this reader's to see."""
    if not 0 < permit_id <= LARGEST_ID:
        raise NotFound(str(permit_id))
    found = db.session.scalar(visible_permits(select(Permit).where(Permit.id == permit_id), actor))
    if found is None:
        raise NotFound(str(permit_id))
    return found
