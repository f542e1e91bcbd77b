"""Writes after the approval: start, visits, reports, changes, settlement, closing, evaluation, an end before time and
lapsing. Never commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expertdesk.access import SYSTEM, Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, RuleBroken
from expertdesk.foundation.locale import format_money, lazy, lazy_date
from expertdesk.models import (
    ProgramApplication,
    ProgramCall,
    ProgramChange,
    ProgramReport,
    ProgramRun,
    ProgramSettlement,
    ProgramState,
    ProgramVisit,
)
from expertdesk.programs import guards, rules
from expertdesk.programs.acting import act, require_possible
from expertdesk.programs.checking import book_of
from expertdesk.programs.entry import ChangeData, ReportData, Spent
from expertdesk.programs.members import expert_of
from expertdesk.regulations.current import rules_today

TEXT_MOST = 4000


def start_project(
    application: ProgramApplication, on: date, actor: Actor, *, seen_version: int | None = None
) -> None:
    """The project begins; its day is not before the approval and not after today."""
    require_possible(application, "start", actor, seen_version)
    if on > clock.today():
        raise RuleBroken({"on": lazy("The day lies in the future.")})
    if application.approved_on is not None and on < application.approved_on:
        day = lazy_date(application.approved_on)
        raise RuleBroken({"on": lazy("The project was approved on %(day)s; it cannot begin before.", day=day)})

    def write(_: Any) -> None:
        application.started_on = on

    act(application, "start", actor, payload={"on": on.isoformat()}, effect=write)


def record_visit(
    application: ProgramApplication, expert_id: int, entered_on: date, left_on: date, work: str, actor: Actor, *,
    seen_version: int | None = None,
) -> ProgramVisit:
    """One stay of one expert; stays of the same expert do not overlap."""
    expert = expert_of(application, expert_id)
    require_possible(application, "record_visit", actor, seen_version)
    problems: dict[str, Any] = {}
    if left_on < entered_on:
        problems["left_on"] = lazy("The expert left before entering.")
    if left_on > clock.today():
        problems["left_on"] = lazy("Record a visit when it is over.")
    if application.started_on is not None and left_on < application.started_on:
        day = lazy_date(application.started_on)
        problems["entered_on"] = lazy("The project began on %(day)s.", day=day)
    overlapping = [
        visit
        for visit in application.visits
        if visit.expert_id == expert.id and visit.entered_on <= left_on and visit.left_on >= entered_on
    ]
    if overlapping:
        text = lazy("A visit from %(first)s to %(last)s is recorded already.",
                    first=lazy_date(overlapping[0].entered_on), last=lazy_date(overlapping[0].left_on))  # fmt: skip
        problems["entered_on"] = text
    if problems:
        raise RuleBroken(problems)
    visit = ProgramVisit(
        expert_id=expert.id, entered_on=entered_on, left_on=left_on, days=rules.days_of(entered_on, left_on),
        work=work.strip(), recorded_by_id=actor.id or None, recorded_at=clock.now(),
    )  # fmt: skip
    payload = {"expert_id": expert.id, "from_on": entered_on.isoformat(), "to_on": left_on.isoformat()}
    act(application, "record_visit", actor, payload=payload, effect=lambda _: application.visits.append(visit))
    return visit


def file_report(
    application: ProgramApplication, data: ReportData, actor: Actor, *, seen_version: int | None = None
) -> ProgramReport:
    """Progress, the summary of a year, or the results; the amount spent is that of the year."""
    require_possible(application, "report", actor, seen_version)
    book = rules_today()
    run = next((item for item in application.runs if item.year == data.year), None)
    problems: dict[str, Any] = {}
    if book.find("program_report_kinds", data.kind) is None:
        problems["kind"] = lazy("Choose what you report.")
    if run is None:
        problems["year"] = lazy("The project does not run in this year.")
    if data.reported_on > clock.today():
        problems["reported_on"] = lazy("The day lies in the future.")
    if not data.text.strip():
        problems["text"] = lazy("Write what was done and reached.")
    if problems or run is None:
        raise RuleBroken(problems)
    indicators = {code: value for code, value in data.indicators.items() if book.find("program_indicators", code)}
    report = ProgramReport(
        kind=data.kind, year=data.year, reported_on=data.reported_on, text=data.text.strip(), spent=data.spent,
        indicators=indicators, recorded_by_id=actor.id or None, recorded_at=clock.now(),
    )  # fmt: skip

    def write(_: Any) -> None:
        application.reports.append(report)
        if data.spent is not None:
            run.spent = data.spent

    payload = {"kind": data.kind, "year": data.year}
    act(application, "report", actor, payload=payload, effect=write)
    return report


# --- changes ----------------------------------------------------------------------------------------------------


def ask_change(
    application: ProgramApplication, data: ChangeData, actor: Actor, *, seen_version: int | None = None
) -> ProgramChange:
    """What the organisation wants changed of an approved project, with its reason."""
    require_possible(application, "ask_change", actor, seen_version)
    problems = _change_problems(application, data)
    if problems:
        raise RuleBroken(problems)
    change = ProgramChange(
        kind=data.kind, reason=data.reason.strip(), wanted=_wanted(data), asked_on=clock.today(),
        asked_by_id=actor.id or None,
    )  # fmt: skip
    payload = {"kind": data.kind}
    act(application, "ask_change", actor, payload=payload, effect=lambda _: application.changes.append(change))
    return change


def _wanted(data: ChangeData) -> dict[str, Any]:
    if data.kind in ("extension", "period") and data.ends_on is not None:
        return {"ends_on": data.ends_on.isoformat()}
    if data.kind == "budget":
        return {"from_item": data.from_item, "to_item": data.to_item, "amount": str(data.amount)}
    return {"expert_id": data.expert_id} if data.kind == "expert" else {}


def _change_problems(application: ProgramApplication, data: ChangeData) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    if rules_today().find("program_change_kinds", data.kind) is None:
        problems["kind"] = lazy("Choose what is to be changed.")
    if not data.reason.strip():
        problems["reason"] = lazy("Give a reason.")
    if data.kind in ("extension", "period"):
        problems.update(_period_problems(application, data))
    if data.kind == "budget":
        problems.update(_move_problems(application, data))
    if data.kind == "expert" and data.expert_id not in {item.id for item in application.experts}:
        problems["expert_id"] = lazy("Choose the expert who leaves.")
    return problems


def _period_problems(application: ProgramApplication, data: ChangeData) -> dict[str, Any]:
    if data.ends_on is None:
        return {"ends_on": lazy("Enter the new last day.")}
    if application.starts_on is not None and data.ends_on < application.starts_on:
        return {"ends_on": lazy("The project ends before it begins.")}
    if data.kind == "extension":
        year = guards.last_year_to_start(application)
        until = rules.extension_until(rules_today(), year)
        if clock.today() > until:
            text = lazy("An extension of %(year)s had to be asked for by %(day)s.", year=year, day=lazy_date(until))
            return {"kind": text}
        if data.ends_on.year <= year:
            return {"ends_on": lazy("An extension leads into the next year.")}
    return {}


def _move_problems(application: ProgramApplication, data: ChangeData) -> dict[str, Any]:
    approved = {line.item: line.approved or Decimal(0) for line in application.budget}
    problems: dict[str, Any] = {}
    if data.from_item not in approved:
        problems["from_item"] = lazy("Choose an item of the budget.")
    if rules_today().find("program_items", data.to_item) is None or data.to_item == data.from_item:
        problems["to_item"] = lazy("Choose another item.")
    if data.amount is None or data.amount <= 0:
        problems["amount"] = lazy("Enter the amount.")
    elif data.from_item in approved and data.amount > approved[data.from_item]:
        most = format_money(approved[data.from_item])
        problems["amount"] = lazy("Only %(most)s is approved for this item.", most=most)
    return problems


def decide_change(
    application: ProgramApplication, is_agreed: bool, answer: str, actor: Actor, *, seen_version: int | None = None
) -> ProgramChange:
    """Agree, and it takes effect at once; or refuse with the reason."""
    require_possible(application, "decide_change", actor, seen_version)
    change = guards.open_change(application)
    assert change is not None
    if not is_agreed and not answer.strip():
        raise RuleBroken({"answer": lazy("Give the reason.")})
    before = _standing(application, change)

    def write(_: Any) -> None:
        change.is_agreed, change.answer = is_agreed, answer.strip()
        change.decided_on, change.decided_by_id = clock.today(), actor.id or None
        if is_agreed:
            _EFFECTS.get(change.kind, _no_effect)(application, change.wanted)

    payload = {"kind": change.kind, "agreed": is_agreed, "before": before, "wanted": dict(change.wanted)}
    act(application, "decide_change", actor, payload=payload, effect=write)
    return change


def _standing(application: ProgramApplication, change: ProgramChange) -> dict[str, Any]:
    """What is about to be changed, for the history."""
    if change.kind in ("extension", "period"):
        return {"ends_on": application.ends_on.isoformat() if application.ends_on else ""}
    if change.kind == "budget":
        return {line.item: str(line.approved or 0) for line in application.budget}
    return {}


def _no_effect(application: ProgramApplication, wanted: Mapping[str, Any]) -> None:
    """Nothing that a field holds."""


def _new_end(application: ProgramApplication, wanted: Mapping[str, Any]) -> None:
    last = application.ends_on = date.fromisoformat(wanted["ends_on"])
    years = {run.year for run in application.runs}
    for year in rules.years_of(application.starts_on or last, last):
        if year not in years:
            application.runs.append(ProgramRun(year=year, months=Decimal(0), funds=Decimal(0)))


def _extended(application: ProgramApplication, wanted: Mapping[str, Any]) -> None:
    _new_end(application, wanted)
    application.extended_to = application.ends_on


def _moved(application: ProgramApplication, wanted: Mapping[str, Any]) -> None:
    from expertdesk.models import ProgramBudgetLine

    amount, zero = Decimal(wanted["amount"]), Decimal(0)
    lines = {line.item: line for line in application.budget}
    source, target = lines[wanted["from_item"]], lines.get(wanted["to_item"])
    if target is None:
        target = ProgramBudgetLine(item=wanted["to_item"], subsidy=zero, own=zero, approved=zero)
        application.budget.append(target)
    source.approved = (source.approved or zero) - amount
    target.approved = (target.approved or zero) + amount


def _expert_left(application: ProgramApplication, wanted: Mapping[str, Any]) -> None:
    expert_of(application, wanted["expert_id"]).left_on = clock.today()


_EFFECTS: dict[str, Callable[[ProgramApplication, Mapping[str, Any]], None]] = {
    "extension": _extended,
    "period": _new_end,
    "budget": _moved,
    "expert": _expert_left,
}


# --- settlement, closing, evaluation ----------------------------------------------------------------------------


def file_settlement(
    application: ProgramApplication, spent: Mapping[str, Spent], explanation: str, actor: Actor, *,
    seen_version: int | None = None,
) -> None:
    """What was spent by item; whatever differs from the approval is explained."""
    require_possible(application, "file_settlement", actor, seen_version)
    differs = any(spent.get(line.item, Spent()).subsidy != (line.approved or 0) for line in application.budget)
    if differs and not explanation.strip():
        raise RuleBroken({"explanation": lazy("Explain the differences to what was approved.")})

    def write(_: Any) -> None:
        for line in application.budget:
            entry = spent.get(line.item, Spent())
            line.spent, line.own_spent = entry.subsidy, entry.own
        filed = application.settlement
        if filed is None:
            filed = ProgramSettlement(filed_on=clock.today())
            application.settlement = filed
        filed.filed_on, filed.filed_by_id = clock.today(), actor.id or None
        filed.explanation = explanation.strip()

    payload = {"spent": {item: str(entry.subsidy) for item, entry in spent.items()}}
    act(application, "file_settlement", actor, payload=payload, effect=write)


def accept_settlement(
    application: ProgramApplication, note: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """By the approved experts, days and budget. The years add up to what was settled afterwards."""

    def write(_: Any) -> None:
        filed = application.settlement
        assert filed is not None
        filed.accepted_on, filed.accepted_by_id, filed.note = clock.today(), actor.id or None, note.strip()
        total = spent_of(application)
        earlier = sum((run.spent or Decimal(0) for run in application.runs[:-1]), Decimal(0))
        if application.runs:
            application.runs[-1].spent = max(total - earlier, Decimal(0))

    act(application, "settle", actor, seen_version=seen_version, effect=write)


def return_settlement(
    application: ProgramApplication, reason: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Back to the organisation: it counts as not filed until it comes again. The amounts stay to be corrected."""

    def write(_: Any) -> None:
        application.settlement = None

    act(application, "return_settlement", actor, seen_version=seen_version, reason=reason, effect=write)


def spent_of(application: ProgramApplication) -> Decimal:
    return sum((line.spent or Decimal(0) for line in application.budget), Decimal(0))


def close_project(
    application: ProgramApplication, note: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    def write(_: Any) -> None:
        application.closed_on, application.closing_note = clock.today(), note.strip()

    act(application, "close", actor, seen_version=seen_version, effect=write)


def evaluate_project(
    application: ProgramApplication, grade: str, opinion: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Grade and opinion; shown when the organisation applies again."""
    require_possible(application, "evaluate", actor, seen_version)
    problems: dict[str, Any] = {}
    if book_of(application).find("program_grades", grade) is None:
        problems["grade"] = lazy("Choose a grade.")
    if not opinion.strip():
        problems["opinion"] = lazy("Say what the grade rests on.")
    if problems:
        raise RuleBroken(problems)

    def write(_: Any) -> None:
        application.grade, application.evaluation = grade, opinion.strip()

    act(application, "evaluate", actor, payload={"grade": grade}, effect=write)


def terminate_project(
    application: ProgramApplication, reason: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    def write(_: Any) -> None:
        application.end_reason = reason.strip()

    act(application, "terminate", actor, seen_version=seen_version, reason=reason, effect=write)


def lapse_due() -> int:
    """For the worker: what was neither started nor extended in its year is void. Returns how many. Commits nothing."""
    today, a = clock.today(), ProgramApplication
    waiting = db.session.scalars(
        select(a)
        .join(ProgramCall, a.call_id == ProgramCall.id)
        .where(a.state == ProgramState.APPROVED, ProgramCall.year < today.year)
        .order_by(a.id)
    ).all()
    count = 0
    for application in waiting:
        if guards.year_is_over(application, SYSTEM):
            continue
        try:
            act(application, "lapse", SYSTEM)
        except NotAllowedNow:  # extended or started meanwhile
            continue
        count += 1
    return count
