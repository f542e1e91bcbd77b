"""Which plans and groups a person may see: managers all, a training contact those of the own units, nobody else.

The one condition feeds lists, pages, exports and searches alike.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor, Permission
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.models import TrainingPlan, TrainingProject, TrainingUnit

_YEARS = range(2000, 2100)
_LONGEST_NUMBER = 40


def sees_all(actor: Actor) -> bool:
    """The bureau's managers."""
    return actor.may(Permission.TRAINING_MANAGE)


def whose(actor: Actor) -> ColumnElement[bool]:
    """The condition on TrainingProject."""
    return true() if sees_all(actor) else TrainingProject.organisation_id.in_(sorted(actor.training_organisations))


def visible_projects(statement: Select[Any], actor: Actor) -> Select[Any]:
    """Groups of this reader's lists."""
    return statement.where(whose(actor))


def may_declare_for(organisation_id: int, actor: Actor) -> bool:
    return sees_all(actor) or organisation_id in actor.training_organisations


def has_units(actor: Actor) -> bool:
    """Somebody for whom there is anything to see here."""
    return sees_all(actor) or bool(actor.training_organisations)


def find_plan(year: int, actor: Actor) -> TrainingPlan:
    """The plan of a year with its numbers, or NotFound."""
    if year not in _YEARS or not has_units(actor):
        raise NotFound(str(year))
    units = joinedload(TrainingPlan.units)
    statement = select(TrainingPlan).where(TrainingPlan.year == year)
    statement = statement.options(
        joinedload(TrainingPlan.quotas),
        units.joinedload(TrainingUnit.controls),
        units.joinedload(TrainingUnit.organisation),
    )
    plan = db.session.scalars(statement).unique().one_or_none()
    if plan is None:
        raise NotFound(str(year))
    return plan


_BESIDE_A_GROUP = (
    joinedload(TrainingProject.plan), joinedload(TrainingProject.organisation), joinedload(TrainingProject.provider),
    joinedload(TrainingProject.budget), joinedload(TrainingProject.report), joinedload(TrainingProject.publicity),
    joinedload(TrainingProject.reviews),
)  # fmt: skip


def find_project(number: str, actor: Actor) -> TrainingProject:
    """The group of this number, or NotFound where it does not exist or belongs to another unit."""
    found = None
    if len(number) <= _LONGEST_NUMBER:
        statement = select(TrainingProject).where(TrainingProject.number == number, whose(actor))
        found = db.session.scalars(statement.options(*_BESIDE_A_GROUP)).unique().one_or_none()
    if found is None:
        raise NotFound(number)
    return found
