"""What stands around the form of a declaration: the unit's control number by part and what is left of it, for the
totals while typing and after sending."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, literal, select, union_all

from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.models import PlanState, TrainingControl, TrainingPlan, TrainingProject, TrainingUnit
from expertdesk.training import limits
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.group_list import unit_name
from expertdesk.training.labels import label_of


@dataclass(frozen=True)
class UnitNumber:
    """The control number of a unit for a part, and the people of its other counted groups."""

    unit: int
    part: str
    part_name: Bilingual
    control: int
    others: int

    def left_with(self, people: int | None) -> int:
        """What is left once a group of so many people is counted; negative = over."""
        return self.control - self.others - (people or 0)


def said_of(number: UnitNumber, people: int | None) -> Any:
    """The same sentence as while typing."""
    left = number.left_with(people)
    if left < 0:
        return lazy(
            "%(part)s: %(n)s over the control number of %(control)s with this group.",
            part=number.part_name, n=-left, control=number.control,
        )  # fmt: skip
    return lazy(
        "%(part)s: %(n)s of the control number of %(control)s are left with this group.",
        part=number.part_name, n=left, control=number.control,
    )  # fmt: skip


@dataclass(frozen=True)
class DeclarationPage:
    """For a new group or a stored one."""

    year: int
    number: str
    version: int
    unit: str
    has_computed_budget: bool
    numbers: tuple[UnitNumber, ...]
    until: date | None
    amounts: tuple[tuple[Any, Decimal | None], ...] = ()

    said: Any = ""
    is_over: bool = False

    @property
    def as_json(self) -> str:
        """For the totals while typing: unit and part → number, others, name of the part."""
        return json.dumps(
            {f"{one.unit}:{one.part}": [one.control, one.others, str(one.part_name)] for one in self.numbers},
            ensure_ascii=False,
        )


def declaration_page(
    plan: TrainingPlan, project: TrainingProject | None, units: Iterable[int], typed: tuple[int, str, int | None]
) -> DeclarationPage:
    """For a new group (`project` None) of one of these units, or a stored one; `typed`: unit, part and people as they
    stand in the form."""
    unit, part, people = typed
    numbers = unit_numbers(plan.id, [project.organisation_id] if project is not None else units, project)
    own = next((one for one in numbers if (one.unit, one.part) == (unit, part)), None)
    is_second = plan.state is PlanState.SECOND_SUBMISSION
    return DeclarationPage(
        year=plan.year,
        number=project.number if project else "",
        version=project.row_version if project else 1,
        unit=unit_name(project.organisation) if project else "",
        has_computed_budget=project is not None and project.budget is not None,
        numbers=numbers,
        until=plan.revise_until if is_second else plan.declare_until,
        amounts=tuple((label_of(name), getattr(project, name)) for name in AMOUNTS) if project else (),
        said=said_of(own, people) if own is not None else "",
        is_over=own is not None and own.left_with(people) < 0,
    )


def unit_numbers(plan_id: int, units: Iterable[int], own: TrainingProject | None) -> tuple[UnitNumber, ...]:
    """The numbers these units have, with the people of their groups other than `own`: one query."""
    chosen = sorted(units)
    controls: Any = (
        select(literal("control").label("what"), TrainingUnit.organisation_id.label("unit"),
               TrainingControl.part.label("part"), TrainingControl.people.label("people"))
        .join(TrainingUnit, TrainingUnit.id == TrainingControl.unit_id)
        .where(TrainingUnit.plan_id == plan_id, TrainingUnit.organisation_id.in_(chosen))
    )  # fmt: skip
    people = func.sum(func.coalesce(TrainingProject.people_approved, TrainingProject.people_planned))
    others: Any = select(
        literal("others"), TrainingProject.organisation_id, TrainingProject.part, people
    ).where(
        TrainingProject.plan_id == plan_id, TrainingProject.organisation_id.in_(chosen),
        TrainingProject.state.in_(limits.COUNTED),
    )  # fmt: skip
    if own is not None:
        others = others.where(TrainingProject.id != own.id)
    others = others.group_by(TrainingProject.organisation_id, TrainingProject.part)
    rows: Any = db.session.execute(union_all(controls, others)).all()
    counted = {(row.unit, row.part): row.people or 0 for row in rows if row.what == "others"}
    return tuple(
        UnitNumber(
            one.unit, one.part.value, limits.part_name(one.part), one.people, counted.get((one.unit, one.part), 0)
        )
        for one in rows
        if one.what == "control"
    )
