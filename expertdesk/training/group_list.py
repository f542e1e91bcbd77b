"""The groups of a plan as a list: problems first, then by number; keyset pages; the failed limits of each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, country_name, current_language
from expertdesk.models import Organisation, PlanPart, ProjectState, TrainingPlan, TrainingProject
from expertdesk.regulations.current import rules_today
from expertdesk.training import limits, records
from expertdesk.training.policy import visible_projects
from expertdesk.training.rules import blocking, check_group, warnings

PAGE_SIZE = 50
_CURSOR = re.compile(r"(\d{1,4})\.(\d{1,4})\.(\d{1,12})", re.ASCII)


@dataclass(frozen=True)
class Filter:
    """What the list of groups shows."""

    unit: int | None = None
    state: str = ""
    part: str = ""
    problems: bool = False
    after: str = ""

    def address(self, **changes: Any) -> dict[str, Any]:
        values = {
            "unit": self.unit,
            "state": self.state,
            "part": self.part,
            "problems": self.problems or None,
            "after": "",
            **changes,
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class GroupLine:
    """One row of the list; `checks` are the failed limits: (code, severity, text)."""

    number: str
    name: str
    unit: str
    countries: str
    cities: str
    people: int | None
    days: int | None
    month: int | None
    budget: Decimal | None
    state: Bilingual
    state_code: str
    checks: tuple[tuple[str, str, Any], ...]

    @property
    def is_blocked(self) -> bool:
        return any(severity == "block" for _, severity, _ in self.checks)


def unit_name(organisation: Organisation) -> str:
    """In the reader's language, else the Chinese name."""
    return (organisation.name_en if current_language() == "en" else "") or organisation.name_zh


@dataclass(frozen=True)
class Judged:
    """A group with everything the limits found."""

    project: TrainingProject
    findings: tuple[Any, ...]


def group_statement(plan: TrainingPlan, actor: Actor) -> Any:
    """Groups this reader may see, with what judging their declarations needs."""
    statement = select(TrainingProject).where(TrainingProject.plan_id == plan.id)
    return visible_projects(statement, actor).options(
        joinedload(TrainingProject.organisation),
        joinedload(TrainingProject.provider),
        joinedload(TrainingProject.budget),
        joinedload(TrainingProject.files),
    )


def rows_of(plan: TrainingPlan, actor: Actor, wanted: Filter) -> tuple[list[TrainingProject], str]:
    """Problems first, then by number; a keyset page."""
    statement = group_statement(plan, actor)
    if wanted.unit is not None:
        statement = statement.where(TrainingProject.organisation_id == wanted.unit)
    if wanted.state in {state.value for state in ProjectState}:
        statement = statement.where(TrainingProject.state == ProjectState(wanted.state))
    if wanted.part in {part.value for part in PlanPart}:
        statement = statement.where(TrainingProject.part == PlanPart(wanted.part))
    if wanted.problems:
        statement = statement.where(or_(TrainingProject.blocks > 0, TrainingProject.warns > 0))
    place = _place(wanted.after)
    if place is not None:
        blocks, warns, key = place
        statement = statement.where(
            or_(
                TrainingProject.blocks < blocks,
                and_(TrainingProject.blocks == blocks, TrainingProject.warns < warns),
                and_(TrainingProject.blocks == blocks, TrainingProject.warns == warns, TrainingProject.id > key),
            )
        )
    order = (TrainingProject.blocks.desc(), TrainingProject.warns.desc(), TrainingProject.id)
    found = list(db.session.scalars(statement.order_by(*order).limit(PAGE_SIZE + 1)).unique())
    if len(found) <= PAGE_SIZE:
        return found, ""
    last = found[PAGE_SIZE - 1]
    return found[:PAGE_SIZE], f"{last.blocks}.{last.warns}.{last.id}"


def _place(cursor: str) -> tuple[int, int, int] | None:
    parts = cursor.split(".")
    if len(parts) != len(("blocks", "warns", "id")) or not all(
        part.isdigit() and len(part) < PAGE_SIZE for part in parts
    ):
        return None
    return int(parts[0]), int(parts[1]), int(parts[2])


def judge(rows: Sequence[TrainingProject], near: records.Around) -> list[Judged]:
    """The limits of the declaration, for the rows of one page."""
    book = rules_today()
    return [Judged(row, check_group(records.facts_of(row, near, book, whole=False), book, "send_up")) for row in rows]


def line_of(judged: Judged, book: Any) -> GroupLine:
    """One row in the reader's language."""
    row = judged.project
    is_open = row.state in limits.COUNTED or row.state in (ProjectState.DRAFT, ProjectState.RETURNED)
    failed = [
        *blocking(judged.findings, "send_up"),
        *(one for one in warnings(judged.findings, "send_up") if one.code not in row.reasons),
    ]
    separator = "、" if current_language() == "zh" else ", "
    return GroupLine(
        number=row.number,
        name=(row.name_en if current_language() == "en" else "") or row.name,
        unit=unit_name(row.organisation),
        countries=separator.join(country_name(code) for code in row.destinations),
        cities=separator.join(row.cities),
        people=row.people_approved if row.people_approved is not None else row.people_planned,
        days=row.days,
        month=row.depart_month,
        budget=row.budget_total,
        state=book.name_of("training_states", row.state.value),
        state_code=row.state.value,
        checks=tuple((one.code, one.severity, one.text) for one in failed) if is_open else (),
    )
