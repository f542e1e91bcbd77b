"""How a year is carried out: execution rates by unit, country, field and half-year, groups that owe something, unused
numbers, the number proposed for the next year; and the pictures of the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import Bilingual, country_name, lazy
from expertdesk.models import ProjectState, TrainingPlan, TrainingProject, TrainingUnit
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.training import figures
from expertdesk.training.group_list import unit_name
from expertdesk.training.planning import act_on_plan

_OWING = (ProjectState.PUBLICISED, ProjectState.TASK_APPROVED, ProjectState.IN_PROGRESS, ProjectState.REPORT_DUE)
_SHOWN = 60
_LAST_OF_FIRST_HALF = 6


@dataclass(frozen=True)
class RateLine:
    """Execution of some groups: approved and run, people approved and sent, both rates in per cent (None = "-")."""

    name: Any
    approved: int
    run: int
    rate: Decimal | None
    people_approved: int
    people_sent: int
    people_rate: Decimal | None


@dataclass(frozen=True)
class OwingLine:
    """A group on its way, with the day it owes something."""

    number: str
    name: str
    unit: str
    state: Bilingual
    people: int | None
    leave_on: date | None
    return_on: date | None
    due_on: date | None
    is_late: bool


@dataclass(frozen=True)
class NextLine:
    """The number proposed for a unit's next year: its number times the share of people sent, and why."""

    organisation_id: int
    name: str
    control: int
    approved: int
    sent: int
    proposed: int
    chosen: int | None
    reason: str


@dataclass(frozen=True)
class ExecutionPage:
    year: int
    version: int
    total: RateLine
    tables: tuple[tuple[Any, tuple[RateLine, ...]], ...]
    owing: tuple[OwingLine, ...]
    unused: int
    next_numbers: tuple[NextLine, ...]


def execution_page(plan: TrainingPlan, actor: Actor) -> ExecutionPage:
    """Everything on the page: five queries."""
    book = rules_today()
    groups = figures.groups_of(plan, actor)
    units = _units(plan)
    names = {unit.organisation_id: unit_name(unit.organisation) for unit in units}
    keys: tuple[tuple[Any, Callable[[figures.GroupFigures], Any], Callable[[Any], Any]], ...] = (
        (lazy("By unit"), lambda one: one.organisation_id, lambda key: names.get(key, "—")),
        (lazy("By country"), lambda one: one.destination, lambda code: country_name(code) or "—"),
        (lazy("By field"), lambda one: one.key_field, lambda code: _field(book, code)),
        (lazy("By half-year of departure"), _half, lambda half: _HALVES[half]),
    )  # fmt: skip
    totals = figures.sums(groups)
    control = sum(row.people for unit in units for row in unit.controls)
    return ExecutionPage(
        plan.year, plan.row_version, _rate(lazy("Total"), totals),
        tuple((title, _rates(groups, key, name)) for title, key, name in keys),
        _owing(plan), max(control - totals.people, 0), _next(units, groups),
    )  # fmt: skip


def _field(book: RuleBook, code: str) -> Any:
    return book.name_of("training_fields", code) if code else "—"


def _half(one: figures.GroupFigures) -> int:
    return 0 if one.depart_month is None else 1 if one.depart_month <= _LAST_OF_FIRST_HALF else 2


_HALVES = ("—", lazy("First half"), lazy("Second half"))


def _rates(
    groups: Sequence[figures.GroupFigures], key: Callable[[Any], Any], name: Callable[[Any], Any]
) -> tuple[RateLine, ...]:
    found = figures.sums_by([one for one in groups if one.was_approved], key)
    ordered = sorted(found.items(), key=lambda pair: (-pair[1].people_approved, str(pair[0])))
    return tuple(_rate(name(value), sums) for value, sums in ordered)


def _rate(name: Any, sums: figures.Sums) -> RateLine:
    return RateLine(
        name, sums.approved_groups, sums.run_groups, sums.execution_rate, sums.people_approved, sums.people_actual,
        sums.people_rate,
    )  # fmt: skip


def _units(plan: TrainingPlan) -> list[TrainingUnit]:
    statement = select(TrainingUnit).where(TrainingUnit.plan_id == plan.id)
    statement = statement.options(joinedload(TrainingUnit.organisation), selectinload(TrainingUnit.controls))
    return list(db.session.scalars(statement.order_by(TrainingUnit.id)))


def _owing(plan: TrainingPlan) -> tuple[OwingLine, ...]:
    """Groups between publicity and settlement, the soonest day first."""
    book, today = rules_today(), clock.today()
    statement = select(TrainingProject).where(TrainingProject.plan_id == plan.id, TrainingProject.state.in_(_OWING))
    statement = statement.options(joinedload(TrainingProject.organisation)).limit(_SHOWN)
    lines = []
    for row in db.session.scalars(statement):
        due = {
            ProjectState.TASK_APPROVED: row.leave_on,
            ProjectState.IN_PROGRESS: row.return_on,
            ProjectState.REPORT_DUE: row.report_due_on,
        }.get(row.state)
        lines.append(
            OwingLine(
                row.number, row.name, unit_name(row.organisation), book.name_of("training_states", row.state.value),
                row.people_approved, row.leave_on, row.return_on, due, due is not None and due < today,
            )
        )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (line.due_on or date.max, line.number)))


# --- the next year's number -----------------------------------------------------------------------------------------


def _next(units: Sequence[TrainingUnit], groups: Sequence[figures.GroupFigures]) -> tuple[NextLine, ...]:
    found = figures.sums_by(groups, lambda one: one.organisation_id)
    lines = []
    for unit in units:
        control = sum(row.people for row in unit.controls)
        sums = found.get(unit.organisation_id, figures.Sums())
        lines.append(
            NextLine(
                unit.organisation_id, unit_name(unit.organisation), control, sums.people_approved, sums.people_actual,
                proposed_number(control, sums.people_approved, sums.people_actual), unit.next_number, unit.next_reason,
            )
        )  # fmt: skip
    return tuple(line for line in lines if line.control or line.approved)


def proposed_number(control: int, approved: int, sent: int) -> int:
    """This year's number times the share of the approved people who were sent, rounded half up; where nothing was
    approved, the number as it is (ours)."""
    if not approved:
        return control
    return int((Decimal(control) * sent / approved).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def keep_next_numbers(
    plan: TrainingPlan, chosen: dict[int, tuple[int | None, str]], actor: Actor, *, seen_version: int | None = None
) -> None:
    """What the manager decides for the next year, with the reason where it differs from the proposal."""
    units = _units(plan)
    groups = figures.groups_of(plan, actor)
    proposals = {line.organisation_id: line for line in _next(units, groups)}
    problems: dict[str, Any] = {}
    for key, (number, reason) in chosen.items():
        line = proposals.get(key)
        if line is not None and number is not None and number != line.proposed and not reason.strip():
            problems[f"next_reason_{key}"] = lazy("Say why it differs from the %(n)s proposed.", n=line.proposed)
    if problems:
        raise RuleBroken(problems)
    payload = {"numbers": {str(key): number for key, (number, _reason) in chosen.items()}}
    act_on_plan(plan, "propose_next", actor, seen_version=seen_version, payload=payload)
    for unit in units:
        if unit.organisation_id in chosen:
            unit.next_number, unit.next_reason = chosen[unit.organisation_id]


# --- pictures -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Picture:
    """Bars with their figures: (name, first, second); `second` where there are two (plan and actual)."""

    code: str
    title: Any
    rows: tuple[tuple[Any, int, int | None], ...]
    first: Any
    second: Any = ""


@dataclass(frozen=True)
class PicturesPage:
    year: int
    pictures: tuple[Picture, ...]


def pictures_page(plan: TrainingPlan, actor: Actor) -> PicturesPage:
    """Heads and money by unit, country, month and field; plan against execution; approved against the numbers."""
    book = rules_today()
    groups = figures.groups_of(plan, actor)
    units = _units(plan)
    names = {unit.organisation_id: unit_name(unit.organisation) for unit in units}
    controls = {unit.organisation_id: sum(row.people for row in unit.controls) for unit in units}
    by_unit = figures.sums_by(groups, lambda one: one.organisation_id)
    by_country = figures.sums_by(groups, lambda one: one.destination)
    by_month = figures.sums_by(groups, lambda one: one.depart_month)
    by_field = figures.sums_by(groups, lambda one: one.key_field)
    people, budget = lazy("People"), lazy("Budget, CNY 10,000")

    def rows(found: dict[Any, figures.Sums], name: Callable[[Any], Any], value: Callable[[figures.Sums], int]) -> Any:
        ordered = sorted(found.items(), key=lambda pair: (-value(pair[1]), str(pair[0])))
        return tuple((name(key), value(sums), None) for key, sums in ordered if value(sums))

    def unit_of(key: int) -> str:
        return names.get(key, "—")

    def country(code: str) -> str:
        return country_name(code) or "—"

    def field_of(code: str) -> Any:
        return _field(book, code)

    none = figures.Sums()
    of_month = [(month, by_month.get(month, none)) for month in range(1, 13)]
    months = tuple((month, sums.people, sums.people_actual) for month, sums in of_month)
    return PicturesPage(
        plan.year,
        (
            Picture("units", lazy("Counted people against the control number, by unit"), tuple(
                (unit_of(key), by_unit[key].people if key in by_unit else 0, controls.get(key, 0)) for key in controls
            ), people, lazy("Control number")),
            Picture("unit_money", lazy("Budget by unit"), rows(by_unit, unit_of, _tenk), budget),
            Picture("countries", lazy("People by country"), rows(by_country, country, lambda one: one.people), people),
            Picture("country_money", lazy("Budget by country"), rows(by_country, country, _tenk), budget),
            Picture("fields", lazy("People by field"), rows(by_field, field_of, lambda one: one.people), people),
            Picture("field_money", lazy("Budget by field"), rows(by_field, field_of, _tenk), budget),
            Picture("months", lazy("Plan and execution by month of departure"), months, people, lazy("People sent")),
        ),
    )  # fmt: skip


def _tenk(sums: figures.Sums) -> int:
    return int((sums.budget / 10_000).quantize(Decimal(1), rounding=ROUND_HALF_UP))
