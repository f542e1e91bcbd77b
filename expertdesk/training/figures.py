"""The figures of a plan: one reading of its groups, added up by unit, country, month, field, term and state."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.foundation.database import db
from expertdesk.models import PlanPart, ProjectState, TrainingPlan, TrainingProject
from expertdesk.training.limits import COUNTED
from expertdesk.training.policy import visible_projects
from expertdesk.training.workflow import APPROVED_ONCE

RUN = frozenset({ProjectState.IN_PROGRESS, ProjectState.REPORT_DUE, ProjectState.CLOSED})
MID_LONG = ("mid", "long")
_PER_CENT = Decimal(100)
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class GroupFigures:
    """One group, as far as it is added up. Money in yuan."""

    organisation_id: int
    part: PlanPart
    state: ProjectState
    destination: str
    depart_month: int | None
    key_field: str
    term: str
    people_planned: int | None
    people_approved: int | None
    people_actual: int | None
    budget_total: Decimal | None
    subsidy_requested: Decimal | None
    subsidy_approved: Decimal | None
    end_code: str
    blocks: int
    warns: int

    @property
    def is_counted(self) -> bool:
        """Counted against a control number."""
        return self.state in COUNTED

    @property
    def was_approved(self) -> bool:
        """Ever approved and not taken back from above; a lapsed or cancelled group counts as not run."""
        return self.state in APPROVED_ONCE or (
            self.state is ProjectState.CANCELLED and self.people_approved is not None
        )

    @property
    def was_run(self) -> bool:
        return self.state in RUN

    @property
    def people(self) -> int:
        """Heads against the number: approved ones once there are any, else planned."""
        return (self.people_approved if self.people_approved is not None else self.people_planned) or 0


_COLUMNS = tuple(getattr(TrainingProject, name) for name in GroupFigures.__dataclass_fields__)


def groups_of(plan: TrainingPlan, actor: Actor) -> list[GroupFigures]:
    """Every group of the plan that this reader may see: one query."""
    chosen: Any = select(*_COLUMNS).where(TrainingProject.plan_id == plan.id)
    statement = visible_projects(chosen, actor)
    return [GroupFigures(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True)
class Sums:
    """What some groups come to."""

    groups: int = 0
    people: int = 0
    mid_long: int = 0
    budget: Decimal = Decimal(0)
    subsidy_requested: Decimal = Decimal(0)
    subsidy_approved: Decimal = Decimal(0)
    approved_groups: int = 0
    run_groups: int = 0
    people_approved: int = 0
    people_actual: int = 0
    blocks: int = 0
    warns: int = 0

    @property
    def mid_long_share(self) -> Decimal | None:
        return share(self.mid_long, self.people)

    @property
    def execution_rate(self) -> Decimal | None:
        """Groups run per groups approved (项目执行率), in per cent with one decimal."""
        return share(self.run_groups, self.approved_groups)

    @property
    def people_rate(self) -> Decimal | None:
        """People sent per people approved (人数执行率)."""
        return share(self.people_actual, self.people_approved)

    @property
    def per_person(self) -> Decimal | None:
        """Budget per head, in yuan."""
        return (self.budget / self.people).quantize(Decimal("0.01")) if self.people else None


def share(part: int, whole: int) -> Decimal | None:
    """Per cent with one decimal; None where the whole is 0 (shown as "-")."""
    return (Decimal(part) * _PER_CENT / Decimal(whole)).quantize(_TENTH) if whole else None


def sums(groups: Iterable[GroupFigures]) -> Sums:
    """Counted groups only for heads and money; approved ones for execution."""
    found = list(groups)
    counted = [group for group in found if group.is_counted]
    approved = [group for group in found if group.was_approved]
    return Sums(
        groups=len(counted),
        people=sum(group.people for group in counted),
        mid_long=sum(group.people for group in counted if group.term in MID_LONG),
        budget=_money(group.budget_total for group in counted),
        subsidy_requested=_money(group.subsidy_requested for group in counted),
        subsidy_approved=_money(group.subsidy_approved for group in approved),
        approved_groups=len(approved),
        run_groups=sum(group.was_run for group in approved),
        people_approved=sum(group.people_approved or 0 for group in approved),
        people_actual=sum(group.people_actual or 0 for group in approved if group.was_run),
        blocks=sum(1 for group in counted if group.blocks),
        warns=sum(1 for group in counted if group.warns),
    )


def _money(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def sums_by(groups: Sequence[GroupFigures], key: Callable[[GroupFigures], Hashable]) -> dict[Any, Sums]:
    """Sums for each value of a key, for those that have counted or approved groups."""
    parts: dict[Hashable, list[GroupFigures]] = defaultdict(list)
    for group in groups:
        parts[key(group)].append(group)
    return {
        value: sums(some) for value, some in parts.items() if any(one.is_counted or one.was_approved for one in some)
    }


def people_by(groups: Iterable[GroupFigures], key: Callable[[GroupFigures], Hashable]) -> Counter[Any]:
    """Counted heads for each value of a key."""
    found: Counter[Any] = Counter()
    for group in groups:
        if group.is_counted:
            found[key(group)] += group.people
    return found
