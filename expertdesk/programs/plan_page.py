"""The introduction plan of a year beside its fulfilment: each figure with what was reached, by city and district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.locale import lazy
from expertdesk.models import IntroductionPlan
from expertdesk.permits.rows import Chip
from expertdesk.programs import rules
from expertdesk.programs.figures import fulfilment
from expertdesk.programs.planning import plan_of
from expertdesk.programs.policy import YEARS, manages
from expertdesk.regulations.current import rules_today


@dataclass(frozen=True)
class Figure:
    """One cell: the target (None = not set), what was reached, in per cent."""

    target: int | None
    reached: Decimal
    percent: Decimal | None


@dataclass(frozen=True)
class PlanLine:
    code: str
    name: Any
    unit: Any
    city: Figure
    districts: tuple[Figure | None, ...]
    chip: Chip


@dataclass(frozen=True)
class PlanPage:
    """`expected`: the share of the year that has passed, in per cent."""

    year: int
    exists: bool
    document_number: str
    adopted_on: date | None
    note: str
    version: int
    lines: tuple[PlanLine, ...]
    districts: tuple[Any, ...]
    shows_districts: bool
    expected: Decimal
    may_manage: bool
    counted_on: date


def plan_page(year: int, actor: Actor) -> PlanPage:
    """Eight queries at most: the plan, and what is counted."""
    if year not in YEARS:
        raise NotFound(str(year))
    plan, reached, book = plan_of(year), fulfilment(year), rules_today()
    districts = book.districts(demo=bool(book.bureau.demo))
    targets = {(item.indicator, item.district): item.target for item in plan.targets} if plan else {}
    expected = passed(year, clock.today())
    lines = []
    for row in book.rows("introduction_indicators"):
        city = _figure(targets.get((row.code, "")), reached.get((row.code, ""), rules.ZERO))
        below = tuple(
            _figure(targets.get((row.code, item.code)), reached.get((row.code, item.code), rules.ZERO))
            if row.by_district
            else None
            for item in districts
        )
        lines.append(PlanLine(row.code, row.name, row.unit_name, city, below, _chip(city, expected)))
    return PlanPage(
        year=year, exists=plan is not None, document_number=plan.document_number if plan else "",
        adopted_on=plan.adopted_on if plan else None, note=plan.note if plan else "",
        version=plan.row_version if plan else 0, lines=tuple(lines),
        districts=tuple(item.short for item in districts),
        shows_districts=any(district for _, district in targets) or plan is None, expected=expected,
        may_manage=manages(actor), counted_on=clock.today(),
    )  # fmt: skip


def _figure(target: int | None, reached: Decimal) -> Figure:
    return Figure(target, reached, rules.percent(reached, target) if target else None)


def passed(year: int, today: date) -> Decimal:
    """How much of the year has passed, in per cent."""
    whole = rules.days_of(date(year, 1, 1), date(year, 12, 31))
    gone = rules.days_within(date(year, 1, 1), today, date(year, 1, 1), date(year, 12, 31)) if today.year >= year else 0
    return rules.percent(gone, whole) or rules.ZERO


def _chip(figure: Figure, expected: Decimal) -> Chip:
    if figure.percent is None:
        return Chip("", "dash", lazy("no target"))
    if figure.target is not None and figure.reached >= figure.target:
        return Chip("ok", "done", lazy("reached"))
    if figure.percent >= expected:
        return Chip("info", "tick", lazy("on course"))
    return Chip("warn", "warn", lazy("behind the year"))


def values_of_plan(plan: IntroductionPlan | None) -> dict[str, Any]:
    if plan is None:
        return {}
    return {"document_number": plan.document_number, "adopted_on": plan.adopted_on, "note": plan.note}
