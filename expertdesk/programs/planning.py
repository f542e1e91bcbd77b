"""Writes about the annual introduction plan: its figures, and the day it was adopted. Never commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor, Permission
from expertdesk.experts.versions import check_version
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotPermitted, RuleBroken
from expertdesk.foundation.locale import format_date, lazy
from expertdesk.models import IntroductionPlan, IntroductionTarget
from expertdesk.programs.acting import difference, plain
from expertdesk.programs.entry import PlanData, Target
from expertdesk.programs.policy import YEARS
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import append_event

SUBJECT = "introduction_plan"
MOST_TARGET = 10_000_000
PLAN_LABELS: dict[str, Any] = {
    "document_number": lazy("Number of the document"),
    "adopted_on": lazy("Adopted on"),
    "note": lazy("Note"),
}


def plan_of(year: int) -> IntroductionPlan | None:
    statement = select(IntroductionPlan).where(IntroductionPlan.year == year)
    return db.session.scalars(statement.options(joinedload(IntroductionPlan.targets))).unique().one_or_none()


def save_plan(
    year: int, data: PlanData, targets: Sequence[Target], actor: Actor, seen_version: int | None = None
) -> IntroductionPlan:
    """Make or change the plan of a year; the history keeps both values of every figure."""
    if not actor.may(Permission.PROGRAM_MANAGE):
        raise NotPermitted(Permission.PROGRAM_MANAGE)
    _check(year, targets)
    plan = plan_of(year)
    if plan is None:
        plan = IntroductionPlan(year=year, changed_at=clock.now())
        try:
            with db.session.begin_nested():
                db.session.add(plan)
                db.session.flush()
        except IntegrityError:
            plan = plan_of(year)
            assert plan is not None
    db.session.refresh(plan, with_for_update=True)
    differences = plan_differences(plan, data, targets)
    check_version(db.session(), SUBJECT, plan, seen_version, differences)
    if not differences:
        return plan
    before = {f"{item.indicator}|{item.district}": item.target for item in plan.targets}
    after = {f"{item.indicator}|{item.district}": item.target for item in targets}
    _write(plan, data, targets)
    db.session.flush()
    payload = {"before": before, "after": after, "adopted_on": plain(data.adopted_on)}
    append_event(db.session(), "introduction_plan.saved", SUBJECT, plan.id, actor, payload=payload)
    return plan


def _write(plan: IntroductionPlan, data: PlanData, targets: Sequence[Target]) -> None:
    plan.document_number, plan.adopted_on = data.document_number.strip(), data.adopted_on
    plan.note, plan.changed_at = data.note.strip(), clock.now()
    stored = {(item.indicator, item.district): item for item in plan.targets}
    wanted = {(item.indicator, item.district): item.target for item in targets}
    for key, row in stored.items():
        if key not in wanted:
            plan.targets.remove(row)
    for (indicator, district), value in wanted.items():
        row = stored.get((indicator, district))
        if row is None:
            plan.targets.append(IntroductionTarget(indicator=indicator, district=district, target=value))
        else:
            row.target = value


def _check(year: int, targets: Sequence[Target]) -> None:
    book = rules_today()
    districts = {row.code for row in book.districts(demo=bool(book.bureau.demo))} | {""}
    problems: dict[str, Any] = {}
    if year not in YEARS:
        problems["year"] = lazy("Enter a year, for example 2027.")
    for item in targets:
        row = book.find("introduction_indicators", item.indicator)
        name = target_field(item.indicator, item.district)
        if row is None or item.district not in districts or (item.district and not row.by_district):
            problems[name] = lazy("This figure cannot be set.")
        elif not 0 <= item.target <= MOST_TARGET:
            problems[name] = lazy("Enter a whole number.")
    problems.update(_sums(targets))
    if problems:
        raise RuleBroken(problems)


def _sums(targets: Sequence[Target]) -> dict[str, Any]:
    """What is handed down to districts is not more than the city's own figure."""
    problems: dict[str, Any] = {}
    for item in targets:
        if item.district:
            continue
        below = sum(other.target for other in targets if other.indicator == item.indicator and other.district)
        if below > item.target:
            name = target_field(item.indicator, "")
            problems[name] = lazy("The districts add up to %(sum)s, more than the city’s figure.", sum=below)
    return problems


def target_field(indicator: str, district: str) -> str:
    """The name of the field of one figure."""
    return f"t_{indicator}_{district}" if district else f"t_{indicator}"


def plan_differences(plan: IntroductionPlan, data: PlanData, targets: Sequence[Target]) -> list[Any]:
    book = rules_today()
    found = [
        difference("document_number", PLAN_LABELS["document_number"], plan.document_number, data.document_number),
        difference("adopted_on", PLAN_LABELS["adopted_on"], plan.adopted_on, data.adopted_on, shown=format_date),
        difference("note", PLAN_LABELS["note"], plan.note, data.note),
    ]
    stored = {(item.indicator, item.district): item.target for item in plan.targets}
    wanted = {(item.indicator, item.district): item.target for item in targets}
    for key in sorted({*stored, *wanted}):
        indicator, district = key
        label = book.name_of("introduction_indicators", indicator)
        if district:
            label = lazy("%(what)s, %(where)s", what=label, where=book.name_of("districts", district))
        found.append(difference(target_field(indicator, district), label, stored.get(key), wanted.get(key)))
    return [item for item in found if item is not None]
