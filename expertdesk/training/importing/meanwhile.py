"""What others did between looking at a run and confirming it, for the person who is asked to look again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, or_, select

from expertdesk.access import Actor
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, format_instant, lazy
from expertdesk.models import Event, TrainingPlan, TrainingProject
from expertdesk.training.happenings import HAPPENED
from expertdesk.training.policy import sees_all, visible_projects
from expertdesk.training.workflow import GROUP, PLAN

_MOST_TOLD = 5
_BUREAU = Bilingual("市局", "The bureau")


def happened_since(plan: TrainingPlan, since: int, actor: Actor) -> tuple[Any, ...]:
    """Sentences, oldest first: who did what to which group of the plan that this actor sees, or to the plan itself."""
    own = visible_projects(select(TrainingProject.id).where(TrainingProject.plan_id == plan.id), actor)
    of_group = and_(Event.subject_kind == GROUP.subject_kind, Event.subject_id.in_(own))
    of_plan = and_(Event.subject_kind == PLAN.subject_kind, Event.subject_id == plan.id)
    statement = (
        select(Event, TrainingProject.number)
        .outerjoin(
            TrainingProject, and_(Event.subject_kind == GROUP.subject_kind, TrainingProject.id == Event.subject_id)
        )
        .where(Event.id > since, or_(of_group, of_plan))
        .order_by(Event.id)
        .limit(_MOST_TOLD + 1)
    )
    return tuple(_sentences(db.session.execute(statement).all(), actor))


def _sentences(rows: Any, actor: Actor) -> Iterator[Any]:
    for event, number in rows[:_MOST_TOLD]:
        who = event.actor_name if sees_all(actor) or event.actor_id == actor.id else _BUREAU
        said = {"when": format_instant(event.at, "time"), "who": who, "what": HAPPENED.get(event.name, event.name)}
        if number:
            yield lazy("%(when)s %(who)s, group %(number)s: %(what)s", number=number, **said)
        else:
            yield lazy("%(when)s %(who)s, plan: %(what)s", **said)
    if len(rows) > _MOST_TOLD:
        yield lazy("More was changed.")
