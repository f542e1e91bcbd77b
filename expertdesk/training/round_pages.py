"""What the pages of the rounds show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import Reason
from expertdesk.foundation.locale import Bilingual, country_name, current_language, format_month_name, lazy
from expertdesk.models import (
    Organisation,
    PlanPart,
    PlanState,
    ProjectState,
    TrainingPlan,
    TrainingProject,
    TrainingProvider,
    TrainingSnapshot,
    TrainingUnit,
)
from expertdesk.regulations.current import rules_today
from expertdesk.training import figures, limits
from expertdesk.training.differences import Changed, Comparison, Difference, compare
from expertdesk.training.group_list import unit_name
from expertdesk.training.labels import label_of
from expertdesk.training.rounds import groups_in
from expertdesk.training.snapshots import rows_now, snapshots_of
from expertdesk.training.workflow import PLAN
from expertdesk.workflow import Option, options

_NOW = "now"
_LEAVES = ("send_up", "send_up_again")
_OPEN = (PlanState.FIRST_SUBMISSION, PlanState.SECOND_SUBMISSION)


@dataclass(frozen=True)
class NumbersPage:
    """The parts and units of the numbers form; `declared` are people by unit and part."""

    year: int
    version: int
    parts: tuple[tuple[str, Bilingual], ...]
    units: tuple[tuple[int, str], ...]
    declared: dict[tuple[int, str], int]


def numbers_page(plan: TrainingPlan, units: Sequence[tuple[int, str]]) -> NumbersPage:
    """Every unit that may organise groups, with what it has declared so far."""
    book = rules_today()
    statement: Any = select(
        TrainingProject.organisation_id, TrainingProject.part, TrainingProject.people_planned,
        TrainingProject.people_approved,
    ).where(TrainingProject.plan_id == plan.id, TrainingProject.state.in_(limits.COUNTED))  # fmt: skip
    declared: dict[tuple[int, str], int] = {}
    rows: Any = db.session.execute(statement)
    for unit, part, planned, approved in rows:
        key = (unit, part.value)
        declared[key] = declared.get(key, 0) + ((approved if approved is not None else planned) or 0)
    return NumbersPage(
        plan.year, plan.row_version,
        tuple((part.value, book.name_of("training_parts", part.value)) for part in PlanPart), tuple(units), declared,
    )  # fmt: skip


def fill_proposed(form: Any, year: int) -> None:
    """The numbers proposed at the end of the year before, for groups abroad."""
    statement = (
        select(TrainingUnit.organisation_id, TrainingUnit.next_number, TrainingUnit.annual_budget)
        .join(TrainingPlan, TrainingPlan.id == TrainingUnit.plan_id)
        .where(TrainingPlan.year == year - 1)
    )
    for unit, number, budget in db.session.execute(statement):
        name = f"unit_{unit}_{PlanPart.ABROAD.value}"
        if name in form:
            form[name].data, form[f"budget_{unit}"].data = number, budget


@dataclass(frozen=True)
class StepPage:
    """One step of the plan before it is taken."""

    year: int
    version: int
    action: str
    option: Option
    groups: int
    people: int
    budget: Decimal
    waiting: int
    # warnings about a part that need a reason: the part, the code, what is wrong
    warned: tuple[limits.PlanBlock, ...] = ()


def step_page(plan: TrainingPlan, action: str, actor: Actor) -> StepPage:
    """What goes with it, or every reason why not."""
    row = PLAN.get(action)
    found = next((option for option in options(PLAN, plan, actor) if option.action == action), None)
    if found is None:
        label = PLAN.state_label(plan.state.value)
        text = lazy("This is not possible in the state “%(state)s”.", state=label)
        found = Option(action, row.label, row.does, row.endpoint, False, (Reason("not_in_this_state", text),))
    groups = figures.groups_of(plan, actor)
    totals = figures.sums(groups)
    waiting = sum(1 for group in groups if group.state.value in ("approved", "publicised", "task_approved"))
    return StepPage(
        plan.year, plan.row_version, action, found, totals.groups, totals.people, totals.budget, waiting,
        limits.warnings_of_parts(plan) if action in _LEAVES and found.is_allowed else (),
    )  # fmt: skip


@dataclass(frozen=True)
class ReturnedLine:
    """A group that is above."""

    number: str
    name: str
    unit: str
    people: int | None
    subsidy: Decimal | None


@dataclass(frozen=True)
class ReturnedPage:
    """Everything that went up, for the feedback and the approval list."""

    year: int
    version: int
    parts: tuple[tuple[str, Bilingual], ...]
    lines: tuple[ReturnedLine, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(line.number for line in self.lines)


def returned_page(plan: TrainingPlan) -> ReturnedPage:
    """The groups that are above, by number."""
    book = rules_today()
    lines = tuple(
        ReturnedLine(
            group.number, (group.name_en if current_language() == "en" else "") or group.name,
            unit_name(group.organisation), group.people_planned, group.subsidy_requested,
        )
        for group in groups_in(plan, (ProjectState.SUBMITTED_UP,))
    )  # fmt: skip
    parts = tuple((quota.part.value, book.name_of("training_parts", quota.part.value)) for quota in plan.quotas)
    return ReturnedPage(plan.year, plan.row_version, parts, lines)


# --- differences --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownChange:
    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class ShownDifference:
    number: str
    name: str
    unit: str
    reason: str
    changes: tuple[ShownChange, ...]
    is_there: bool


@dataclass(frozen=True)
class RoundChoice:
    code: str
    name: Any
    at: datetime | None
    digest: str


@dataclass(frozen=True)
class DifferencesPage:
    year: int
    choices: tuple[RoundChoice, ...]
    before: RoundChoice | None
    after: RoundChoice
    groups: tuple[tuple[Any, str, tuple[ShownDifference, ...]], ...]
    totals: tuple[tuple[Any, Decimal, Decimal], ...]
    count: int


def differences_page(plan: TrainingPlan, before: str, after: str) -> DifferencesPage:
    """Two of the kept rounds, or a round and the plan as it stands; by default the last round and now while the units
    write, else the last two rounds."""
    kept = snapshots_of(plan)
    choices = [_choice(one) for one in kept]
    now = RoundChoice(_NOW, lazy("as it stands now"), None, "")
    by_code = {choice.code: one for choice, one in zip(choices, kept, strict=True)}
    second = by_code.get(after)
    first = by_code.get(before) or (kept[-1] if kept else None)
    if second is not None and before not in by_code:
        position = kept.index(second)
        first = kept[position - 1] if position else None
    if not before and not after and plan.state not in _OPEN and len(kept) > 1:
        first, second = kept[-2:]
    rows = second.rows if second is not None else rows_now(plan)
    found = compare(first.rows if first is not None else [], rows)
    return DifferencesPage(
        year=plan.year,
        choices=(*choices, now),
        before=_choice(first) if first is not None else None,
        after=_choice(second) if second is not None else now,
        groups=tuple(_shown_groups(plan, found)) if first is not None else (),
        totals=tuple((label_of(name), was, now_) for name, (was, now_) in found.totals.items()),
        count=found.count if first is not None else 0,
    )


def _choice(snapshot: TrainingSnapshot) -> RoundChoice:
    name = rules_today().name_of("training_rounds", snapshot.round.value)
    return RoundChoice(f"{snapshot.round.value}.{snapshot.serial}", name, snapshot.taken_at, snapshot.digest)


def _shown_groups(plan: TrainingPlan, found: Comparison) -> list[tuple[Any, str, tuple[ShownDifference, ...]]]:
    every = (*found.added, *found.cut, *found.moved, *found.changed)
    names = _names(every)
    there = set(db.session.scalars(select(TrainingProject.number).where(TrainingProject.plan_id == plan.id)))
    titles = (
        (lazy("Added"), "new", found.added),
        (lazy("Cut"), "block", found.cut),
        (lazy("Moved"), "right", found.moved),
        (lazy("Changed"), "info", found.changed),
    )
    return [
        (title, icon, tuple(_shown(one, names, there) for one in differences)) for title, icon, differences in titles
    ]


def _names(differences: Sequence[Difference]) -> dict[str, dict[Any, str]]:
    """Names of units and institutions for the keys that stand in the rows."""
    units = {one.organisation_id for one in differences}
    providers: set[int] = set()
    for one in differences:
        for change in one.fields:
            values = {value for value in (change.before, change.after) if value}
            if change.name == "organisation_id":
                units |= values
            elif change.name == "provider_id":
                providers |= values
    found: dict[str, dict[Any, str]] = {"organisation_id": {}, "provider_id": {}}
    for row in db.session.scalars(select(Organisation).where(Organisation.id.in_(units))):
        found["organisation_id"][row.id] = unit_name(row)
    for row in db.session.scalars(select(TrainingProvider).where(TrainingProvider.id.in_(providers))):
        found["provider_id"][row.id] = row.name_zh if current_language() == "zh" and row.name_zh else row.name_en
    return found


def _shown(one: Difference, names: dict[str, dict[Any, str]], there: set[str]) -> ShownDifference:
    changes = tuple(
        ShownChange(label_of(change.name), _value(change, change.before, names), _value(change, change.after, names))
        for change in one.fields
    )
    unit = names["organisation_id"].get(one.organisation_id, "")
    return ShownDifference(one.number, one.name, unit, one.reason, changes, one.number in there)


_TABLES = {
    "part": "training_parts",
    "key_field": "training_fields",
    "approval_type": "training_approval_types",
    "term": "training_terms",
    "fundings": "training_fundings",
    "review_opinion": "training_opinions",
}
_SEPARATOR = {"zh": "、"}


def _value(change: Changed, value: Any, names: dict[str, dict[Any, str]]) -> str:
    """A stored code or figure in the reader's words."""
    if value in (None, "", []):
        return ""
    if change.name in names:
        return names[change.name].get(value, str(value))
    values: list[Any] = value if isinstance(value, list) else [value]
    book = rules_today()
    if change.name in _TABLES:
        words = [str(book.name_of(_TABLES[change.name], code)) for code in values]
    elif change.name == "destinations":
        words = [country_name(code) for code in values]
    elif change.name == "depart_month":
        words = [format_month_name(month) for month in values]
    else:
        words = [str(one) for one in values]
    return _SEPARATOR.get(current_language(), ", ").join(words)
