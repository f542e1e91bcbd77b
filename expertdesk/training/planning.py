"""The plan of a year: opening it, its numbers and dates, handing the numbers out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotPermitted, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import (
    Organisation,
    PlanPart,
    PlanState,
    TrainingControl,
    TrainingPlan,
    TrainingQuota,
    TrainingUnit,
)
from expertdesk.training import limits
from expertdesk.training.workflow import PLAN
from expertdesk.workflow import Performed, append_event, perform

_YEARS_BACK, _YEARS_AHEAD = 1, 2
_LARGEST_NUMBER = 1_000_000


@dataclass(frozen=True)
class QuotaData:
    """What came from above for one part."""

    part: PlanPart
    headcount: int
    mid_long_least: int | None = None


@dataclass(frozen=True)
class UnitData:
    """What a unit gets: people by part, and its training budget of the year in yuan."""

    organisation_id: int
    people: Mapping[PlanPart, int]
    annual_budget: Decimal | None = None


@dataclass(frozen=True)
class Numbers:
    """The numbers page as a whole."""

    quotas: Sequence[QuotaData]
    units: Sequence[UnitData]
    notice_number: str = ""
    declare_until: date | None = None
    revise_until: date | None = None
    note: str = ""


def open_plan(year: int, actor: Actor) -> TrainingPlan:
    """Begin the plan of a year. Raises RuleBroken where there is one already or the year is far away."""
    if not actor.may(Permission.TRAINING_MANAGE):
        raise NotPermitted(Permission.TRAINING_MANAGE)
    this_year = clock.today().year
    if not this_year - _YEARS_BACK <= year <= this_year + _YEARS_AHEAD:
        text = lazy(
            "Choose a year from %(first)s to %(last)s.", first=this_year - _YEARS_BACK, last=this_year + _YEARS_AHEAD
        )
        raise RuleBroken({"year": text})
    if db.session.scalar(select(TrainingPlan.id).where(TrainingPlan.year == year)) is not None:
        raise RuleBroken({"year": lazy("The plan of %(year)s is there already.", year=year)})
    plan = TrainingPlan(year=year, state=PlanState.PREPARING, changed_at=clock.now())
    db.session.add(plan)
    db.session.flush()
    append_event(db.session(), "plan.opened", PLAN.subject_kind, plan.id, actor, payload={"year": year})
    return plan


def act_on_plan(
    plan: TrainingPlan, action: str, actor: Actor, *, seen_version: int | None = None, reason: str = "",
    payload: Mapping[str, Any] | None = None,
) -> Performed:  # fmt: skip
    """One action of the table of the plan."""
    done = perform(
        db.session(), PLAN, plan, action, actor, seen_version=seen_version, reason=reason.strip(), payload=payload,
        rules_date=clock.today(),
    )  # fmt: skip
    plan.changed_at = clock.now()
    return done


def set_numbers(plan: TrainingPlan, numbers: Numbers, actor: Actor, *, seen_version: int | None = None) -> None:
    """Numbers from above, numbers of the units, budgets and dates; replaces what stood there. RuleBroken by field."""
    _check(plan, numbers)
    act_on_plan(plan, "set_numbers", actor, seen_version=seen_version, payload=_as_kept(numbers))
    plan.notice_number, plan.note = numbers.notice_number, numbers.note
    plan.declare_until, plan.revise_until = numbers.declare_until, numbers.revise_until
    _set_quotas(plan, numbers.quotas)
    touched = _set_units(plan, numbers.units)
    db.session.flush()
    db.session.expire(plan, ["quotas", "units"])
    limits.recount(plan.id, touched)


def _check(plan: TrainingPlan, numbers: Numbers) -> None:
    problems: dict[str, Any] = {}
    for quota in numbers.quotas:
        if not 0 <= quota.headcount <= _LARGEST_NUMBER:
            problems[f"quota_{quota.part.value}"] = lazy("A number of people from 0 up.")
        elif quota.mid_long_least is not None and not 0 <= quota.mid_long_least <= quota.headcount:
            problems[f"least_{quota.part.value}"] = lazy("Not more than the control number itself.")
    is_first = plan.state in (PlanState.PREPARING, PlanState.FIRST_SUBMISSION)  # later the first round is over anyway
    if is_first and numbers.declare_until and numbers.revise_until and numbers.revise_until < numbers.declare_until:
        problems["revise_until"] = lazy("The second round ends after the first.")
    seen: set[int] = set()
    for unit in numbers.units:
        organisation = db.session.get(Organisation, unit.organisation_id)
        if organisation is None or unit.organisation_id in seen:
            problems[""] = lazy("A unit stands twice or does not exist.")
        elif not organisation.may_organise_groups and any(unit.people.values()):
            problems[f"unit_{unit.organisation_id}"] = lazy("This unit may not organise groups.")
        if any(not 0 <= people <= _LARGEST_NUMBER for people in unit.people.values()):
            problems[f"unit_{unit.organisation_id}"] = lazy("A number of people from 0 up.")
        if unit.annual_budget is not None and unit.annual_budget < 0:
            problems[f"budget_{unit.organisation_id}"] = lazy("An amount from 0 up.")
        seen.add(unit.organisation_id)
    if problems:
        raise RuleBroken(problems)


def _set_quotas(plan: TrainingPlan, quotas: Sequence[QuotaData]) -> None:
    known = {quota.part: quota for quota in plan.quotas}
    for data in quotas:
        row = known.pop(data.part, None)
        if row is None:
            row = TrainingQuota(plan_id=plan.id, part=data.part)
            db.session.add(row)
        row.headcount, row.mid_long_least = data.headcount, data.mid_long_least
    for row in known.values():
        db.session.delete(row)


def _set_units(plan: TrainingPlan, units: Sequence[UnitData]) -> set[int]:
    """The organisations whose groups have to be judged anew."""
    known = {unit.organisation_id: unit for unit in plan.units}
    touched = set(known)
    for data in units:
        row = known.get(data.organisation_id)
        if row is None:
            row = TrainingUnit(plan_id=plan.id, organisation_id=data.organisation_id)
            db.session.add(row)
            db.session.flush()
        row.annual_budget = data.annual_budget
        controls = {control.part: control for control in row.controls}
        for part, people in data.people.items():
            control = controls.get(part)
            if control is None:
                db.session.add(TrainingControl(unit_id=row.id, part=part, people=people))
            elif control.people != people:
                control.people = people
                flag_modified(row, "organisation_id")  # a new version of the unit
        touched.add(data.organisation_id)
    return touched


def _as_kept(numbers: Numbers) -> dict[str, Any]:
    """For the history: plain values."""
    return {
        "quotas": {quota.part.value: quota.headcount for quota in numbers.quotas},
        "units": {
            str(unit.organisation_id): {part.value: people for part, people in unit.people.items()}
            for unit in numbers.units
        },
    }


def call_units(plan: TrainingPlan, actor: Actor, *, seen_version: int | None = None) -> None:
    """Hand the numbers out and open the first round; each unit's training contacts are told."""
    from expertdesk.training.telling import tell_units

    act_on_plan(plan, "call_units", actor, seen_version=seen_version)
    tell_units(plan, "training_called")
