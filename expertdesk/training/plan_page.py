"""The page of a year's plan: what stops it, totals, units against their numbers, charts, groups with problems first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from expertdesk.access import Actor
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, country_name, lazy
from expertdesk.models import (
    PlanPart,
    PlanState,
    ProjectState,
    TrainingPlan,
    TrainingProject,
    TrainingUnit,
)
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.training import figures, limits, records
from expertdesk.training.addresses import link
from expertdesk.training.facts import PartFacts, UnitFacts
from expertdesk.training.group_list import Filter, GroupLine, group_statement, judge, line_of, rows_of, unit_name
from expertdesk.training.policy import sees_all
from expertdesk.training.rules import blocking, check_part, check_unit
from expertdesk.training.workflow import PLAN
from expertdesk.workflow import Option

_BLOCKS_SHOWN = 6
_COUNTRIES_SHOWN = 8
_MONTHS = range(1, 13)
# the guard that judges every group: the page says it from the counts it has read anyway
_WHOLE_PLAN = "plan_keeps_limits"


@dataclass(frozen=True)
class UnitLine:
    """A unit against its control number, all parts together; `over`: the parts that are over theirs, by how many. Room
    in one part does not make up for another."""

    organisation_id: int
    name: str
    control: int
    people: int
    groups: int
    budget: Decimal
    over: tuple[tuple[Bilingual, int], ...] = ()
    parts: int = 1

    @property
    def left(self) -> int:
        return -sum(number for _part, number in self.over) if self.over else self.control - self.people


@dataclass(frozen=True)
class Block:
    """One line of why the plan cannot leave."""

    name: str
    url: str
    text: Any
    code: str
    source: Bilingual | None = None


@dataclass(frozen=True)
class PlanPage:
    year: int
    version: int
    state: Bilingual
    state_code: str
    data_at: datetime
    declare_until: date | None
    revise_until: date | None
    approval_number: str
    sees_all: bool
    blocks: tuple[Block, ...]
    more_blocks: int
    totals: figures.Sums
    control: int
    units: tuple[UnitLine, ...]
    countries: tuple[tuple[str, int], ...]
    months: tuple[tuple[int, int], ...]
    fields: tuple[tuple[Any, int], ...]
    groups: tuple[GroupLine, ...]
    next: str
    filter: Filter
    options: tuple[Option, ...]
    may_export: bool
    states: tuple[tuple[str, Bilingual], ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not self.totals.groups and not self.groups

    @property
    def most(self) -> int:
        """The longest bar of the column."""
        return max((max(unit.control, unit.people) for unit in self.units), default=1)


def plan_page(plan: TrainingPlan, actor: Actor, wanted: Filter) -> PlanPage:
    """Everything on the page: seven queries, whatever the size of the plan."""
    book = rules_today()
    groups = figures.groups_of(plan, actor)
    units = _units(plan, actor)
    rows, following = rows_of(plan, actor, wanted)
    near = records.around(plan.id, tokens=[])
    lines = tuple(line_of(row, book) for row in judge(rows, near))
    unit_lines = _unit_lines(groups, units)
    blocks, more = _blocks(plan, groups, units, near, actor) if sees_all(actor) else ((), 0)
    totals = figures.sums(groups)
    return PlanPage(
        year=plan.year,
        version=plan.row_version,
        state=book.name_of("training_plan_states", plan.state.value),
        state_code=plan.state.value,
        data_at=plan.changed_at,
        declare_until=plan.declare_until,
        revise_until=plan.revise_until,
        approval_number=plan.approval_number,
        sees_all=sees_all(actor),
        blocks=blocks,
        more_blocks=more,
        totals=totals,
        control=_control(plan, actor, unit_lines),
        units=unit_lines,
        countries=_top(figures.people_by(groups, lambda one: one.destination), lambda code: country_name(code) or "—"),
        months=_by_month(groups),
        fields=_by_field(groups, book),
        groups=lines,
        next=following,
        filter=wanted,
        options=_options(plan, actor, bool(blocks)) if sees_all(actor) else (),
        may_export=not blocks,
        states=tuple((state.value, book.name_of("training_states", state.value)) for state in ProjectState),
    )  # fmt: skip


def _control(plan: TrainingPlan, actor: Actor, lines: Sequence[UnitLine]) -> int:
    """The number from above for the bureau, the own numbers for a unit."""
    return sum(quota.headcount for quota in plan.quotas) if sees_all(actor) else sum(line.control for line in lines)


def _by_field(groups: Sequence[figures.GroupFigures], book: RuleBook) -> tuple[tuple[Any, int], ...]:
    found = figures.people_by(groups, lambda one: one.key_field)
    return _top(found, lambda code: book.name_of("training_fields", code))


def _by_month(groups: Sequence[figures.GroupFigures]) -> tuple[tuple[int, int], ...]:
    found = figures.people_by(groups, lambda one: one.depart_month)
    return tuple((month, found[month]) for month in _MONTHS)


def _top(counts: Any, name: Any) -> tuple[tuple[Any, int], ...]:
    return tuple((name(code), count) for code, count in counts.most_common(_COUNTRIES_SHOWN) if count)


def _units(plan: TrainingPlan, actor: Actor) -> list[TrainingUnit]:
    return [unit for unit in plan.units if sees_all(actor) or unit.organisation_id in actor.training_organisations]


def _unit_lines(groups: Sequence[figures.GroupFigures], units: Sequence[TrainingUnit]) -> tuple[UnitLine, ...]:
    found = figures.sums_by(groups, lambda one: one.organisation_id)
    by_part = figures.people_by(groups, lambda one: (one.organisation_id, one.part))
    lines = [
        UnitLine(
            unit.organisation_id,
            unit_name(unit.organisation),
            sum(control.people for control in unit.controls),
            found[unit.organisation_id].people if unit.organisation_id in found else 0,
            found[unit.organisation_id].groups if unit.organisation_id in found else 0,
            found[unit.organisation_id].budget if unit.organisation_id in found else Decimal(0),
            tuple(
                (limits.part_name(row.part), by_part[unit.organisation_id, row.part] - row.people)
                for row in unit.controls
                if by_part[unit.organisation_id, row.part] > row.people
            ),
            len(unit.controls),
        )
        for unit in units
    ]
    return tuple(sorted(lines, key=lambda line: (-line.control, line.organisation_id)))


# --- why it cannot leave ----------------------------------------------------------------------------------------


def _blocks(
    plan: TrainingPlan,
    groups: Sequence[figures.GroupFigures],
    units: Sequence[TrainingUnit],
    near: records.Around,
    actor: Actor,
) -> tuple[tuple[Block, ...], int]:
    """Parts and units over their numbers, then the first groups with a failed hard limit, and how many more."""
    found = [*_part_blocks(plan, groups), *_unit_blocks(plan, groups, units)]
    blocked = sum(1 for group in groups if group.blocks and group.state in limits.COUNTED)
    if blocked and len(found) < _BLOCKS_SHOWN:
        rows = group_statement(plan, actor).where(TrainingProject.blocks > 0)
        rows = rows.where(TrainingProject.state.in_(limits.COUNTED)).order_by(TrainingProject.id)
        for row in judge(list(db.session.scalars(rows.limit(_BLOCKS_SHOWN - len(found))).unique()), near):
            failed = blocking(row.findings, "send_up")
            blocked -= 1 if failed else 0
            for block in (limits.group_block(row.project, one) for one in failed):
                found.append(Block(str(block.place), block.url, block.text, block.code, block.source))
    return tuple(found), max(blocked, 0)


def _part_blocks(plan: TrainingPlan, groups: Sequence[figures.GroupFigures]) -> list[Block]:
    book, found = rules_today(), []
    quotas = {quota.part: quota for quota in plan.quotas}
    people = figures.people_by(groups, lambda one: one.part)
    for part in PlanPart:
        quota = quotas.get(part)
        if quota is None and not people[part]:
            continue
        facts = PartFacts(part.value, quota.headcount if quota else None, people[part])
        for one in check_part(facts, book):
            if one.is_block and one.is_failed:
                url = link("training.numbers", year=plan.year)
                name = str(book.name_of("training_parts", part.value))
                found.append(Block(name, url, one.text, one.code, one.rule.sources))
    return found


def _unit_blocks(
    plan: TrainingPlan, groups: Sequence[figures.GroupFigures], units: Sequence[TrainingUnit]
) -> list[Block]:
    book, found = rules_today(), []
    people = figures.people_by(groups, lambda one: (one.organisation_id, one.part))
    for unit in units:
        for control in unit.controls:
            counted = people[unit.organisation_id, control.part]
            facts = UnitFacts(str(unit.organisation_id), "", control.part.value, control.people, counted)
            one = check_unit(facts, book)
            if one is not None and one.is_failed:
                url = link("training.plan", year=plan.year, unit=unit.organisation_id) + "#groups"
                found.append(Block(unit_name(unit.organisation), url, one.text, one.code, one.rule.sources))
    return found


def _options(plan: TrainingPlan, actor: Actor, is_blocked: bool) -> tuple[Option, ...]:
    """The actions of the plan. What judging the whole plan would say stands in the list of blocks already."""
    from expertdesk.foundation.errors import Reason

    found = []
    for row in PLAN.from_state(plan.state.value):
        cheap = tuple(guard for guard in row.guards if guard.__name__ != _WHOLE_PLAN)
        reasons: tuple[Reason, ...] = tuple(reason for guard in cheap for reason in guard(plan, actor))
        if len(cheap) < len(row.guards) and is_blocked:
            reasons += (Reason("limits", lazy("Hard limits fail; they stand at the top of this page.")),)
        found.append(
            Option(
                row.action, row.label, row.does, row.endpoint, not reasons, reasons, row.is_primary, row.needs_reason
            )
        )
    return tuple(found)


# --- the years --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class YearLine:
    year: int
    state: Bilingual
    control: int
    until: date | None


def years(actor: Actor) -> tuple[YearLine, ...]:
    """Every plan, newest first."""
    book = rules_today()
    plans = db.session.scalars(
        select(TrainingPlan).options(selectinload(TrainingPlan.quotas)).order_by(TrainingPlan.year.desc())
    )
    return tuple(
        YearLine(
            plan.year, book.name_of("training_plan_states", plan.state.value),
            sum(quota.headcount for quota in plan.quotas),
            plan.declare_until if plan.state is PlanState.FIRST_SUBMISSION else plan.revise_until,
        )
        for plan in plans
    )  # fmt: skip
