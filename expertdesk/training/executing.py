"""From the approval to the settlement: publicity, task approval, departure and return, report, adjustment, extension,
cancelling. What was approved stays as it was; actual figures stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expertdesk.access import SYSTEM, Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import (
    ProjectState,
    PublicityPhase,
    TrainingProject,
    TrainingPublicity,
    TrainingReport,
)
from expertdesk.regulations.current import rules_today
from expertdesk.training.declaring import act_on_group
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.telling import tell_unit

_ONE_DAY = timedelta(days=1)
_SCORES = range(1, 6)


@dataclass(frozen=True)
class PublicityData:
    """A publicity record: from, to, where, the text, objections."""

    from_on: date
    to_on: date
    place: str
    text: str
    objections: str = ""


@dataclass(frozen=True)
class ReportData:
    """What came home. `costs` maps the six budget columns to yuan."""

    leave_on: date
    return_on: date
    people: int
    cities: tuple[str, ...]
    inviter: str
    tasks_done: str
    lecture_hours: Decimal
    visit_hours: Decimal
    passports_returned_on: date | None
    discipline: str
    costs: dict[str, Decimal]
    paid_by_host: Decimal | None
    over_standard: str
    results: str
    follow_up: str = ""
    trainee_score: int | None = None
    provider_score: int | None = None


@dataclass(frozen=True)
class SettlementLine:
    """One figure of the settlement: approved, actual, and whether it is beyond what was approved."""

    code: str
    approved: Any
    actual: Any
    is_beyond: bool


def publicise(project: TrainingProject, data: PublicityData, actor: Actor, *, seen_version: int | None = None) -> None:
    """Record the publicity before departure; its length is judged by R08 at the task approval."""
    if data.to_on < data.from_on:
        raise RuleBroken({"to_on": lazy("The publicity ends before it begins.")})
    if not data.text.strip():
        raise RuleBroken({"text": lazy("Enter what was made public.")})
    payload = {"from_on": data.from_on.isoformat(), "to_on": data.to_on.isoformat(), "place": data.place}
    act_on_group(
        project, "publicise", actor, seen_version=seen_version, payload=payload,
        effect=lambda: _put_publicity(project, PublicityPhase.BEFORE, data, actor),
    )  # fmt: skip


def _put_publicity(project: TrainingProject, phase: PublicityPhase, data: PublicityData, actor: Actor) -> None:
    row = next((one for one in project.publicity if one.phase is phase), None)
    if row is None:
        row = TrainingPublicity(phase=phase)
        project.publicity.append(row)
    row.from_on, row.to_on, row.place, row.text = data.from_on, data.to_on, data.place, data.text
    row.objections, row.recorded_by_id, row.recorded_at = data.objections, actor.id or None, clock.now()


def set_invitation(project: TrainingProject, signatory: str, actor: Actor, *, seen_version: int | None = None) -> None:
    """Who signed the invitation; compared with the institution's authorised signatories (R14)."""
    act_on_group(
        project, "supplement", actor, seen_version=seen_version, payload={"part": "invitation", "signatory": signatory},
        effect=lambda: setattr(project, "invitation_signatory", signatory.strip()),
    )  # fmt: skip


def approve_task(
    project: TrainingProject, number: str, leave_on: date, return_on: date, actor: Actor, *,
    seen_version: int | None = None,
) -> None:  # fmt: skip
    """Issue the task approval with the days of travel. RuleBroken by field; NotAllowedNow with the limits."""
    problems: dict[str, Any] = {}
    if not number.strip():
        problems["number"] = lazy("Enter the number of the task approval.")
    if return_on < leave_on:
        problems["return_on"] = lazy("The return lies before the departure.")
    elif project.days is not None and (return_on - leave_on).days + 1 > project.days:
        problems["return_on"] = lazy("Longer than the %(n)s days approved.", n=project.days)
    if problems:
        raise RuleBroken(problems)

    def put() -> None:
        project.task_number, project.leave_on, project.return_on = number.strip(), leave_on, return_on

    payload = {"number": number.strip(), "leave_on": leave_on.isoformat(), "return_on": return_on.isoformat()}
    act_on_group(project, "approve_task", actor, seen_version=seen_version, payload=payload, effect=put)


def move_travellers() -> int:
    """For the worker: groups leave on their day of departure and are back on the day after their return; the report is
    then due. Answers how many moved; running it late catches up."""
    today, moved = clock.today(), 0
    leaving = select(TrainingProject).where(
        TrainingProject.state == ProjectState.TASK_APPROVED, TrainingProject.leave_on <= today
    )
    for project in db.session.scalars(leaving.order_by(TrainingProject.id)).all():
        act_on_group(project, "depart", SYSTEM)
        moved += 1
    back = select(TrainingProject).where(
        TrainingProject.state == ProjectState.IN_PROGRESS, TrainingProject.return_on < today
    )
    for project in db.session.scalars(back.order_by(TrainingProject.id)).all():
        due = _report_due(project)
        act_on_group(
            project, "come_back", SYSTEM, payload={"report_due_on": due.isoformat() if due else None},
            effect=lambda project=project, due=due: setattr(project, "report_due_on", due),
        )  # fmt: skip
        tell_unit(project, "training_report_due", due)
        moved += 1
    return moved


def _report_due(project: TrainingProject) -> date | None:
    rule = rules_today().find("training_rules", "R20")
    if rule is None or project.return_on is None:
        return None
    return project.return_on + timedelta(days=int(rule.params["report_days"]))


def file_report(project: TrainingProject, data: ReportData, actor: Actor, *, seen_version: int | None = None) -> None:
    """The unit's report with the final costs; a second time replaces the first until it is accepted."""
    _check_report(data)

    def put() -> None:
        row = project.report or TrainingReport(project_id=project.id)
        for name in (
            "leave_on", "return_on", "people", "inviter", "tasks_done", "lecture_hours", "visit_hours",
            "passports_returned_on", "discipline", "paid_by_host", "over_standard", "results", "follow_up",
            "trainee_score", "provider_score",
        ):  # fmt: skip
            setattr(row, name, getattr(data, name))
        row.cities = list(data.cities)
        row.costs = {name: str(data.costs.get(name, Decimal(0))) for name in AMOUNTS}
        row.cost_total = sum(data.costs.values(), Decimal(0))
        row.reported_on, row.recorded_at = clock.today(), clock.now()
        row.recorded_by_id = actor.id or None
        project.report = row
        project.people_actual, project.leave_on, project.return_on = data.people, data.leave_on, data.return_on

    payload = {"people": data.people, "cost": str(sum(data.costs.values(), Decimal(0)))}
    act_on_group(project, "report", actor, seen_version=seen_version, payload=payload, effect=put)


def _check_report(data: ReportData) -> None:
    problems: dict[str, Any] = {}
    today = clock.today()
    if data.return_on < data.leave_on:
        problems["return_on"] = lazy("The return lies before the departure.")
    elif data.return_on > today:
        problems["return_on"] = lazy("The return lies in the future.")
    if data.people < 1:
        problems["people"] = lazy("At least 1 person.")
    if data.passports_returned_on is not None and data.passports_returned_on < data.return_on:
        problems["passports_returned_on"] = lazy("Passports cannot be handed in before the return.")
    for name in ("tasks_done", "results"):
        if not getattr(data, name).strip():
            problems[name] = lazy("Fill in this field.")
    for name in AMOUNTS:
        if data.costs.get(name, Decimal(0)) < 0:
            problems[f"cost_{name}"] = lazy("An amount from 0 up.")
    for name in ("trainee_score", "provider_score"):
        score = getattr(data, name)
        if score is not None and score not in _SCORES:
            problems[name] = lazy("A score from 1 to 5.")
    if problems:
        raise RuleBroken(problems)


def settlement(project: TrainingProject) -> tuple[SettlementLine, ...]:
    """Approved people, days, route and budget beside what happened (516: settlement by what was approved)."""
    report = project.report
    if report is None:
        return ()
    days = (report.return_on - report.leave_on).days + 1
    outside = [city for city in report.cities if city not in project.cities]
    lines = [
        SettlementLine(
            "people", project.people_approved, report.people, report.people > (project.people_approved or 0)
        ),
        SettlementLine("days", project.days, days, days > (project.days or 0)),
        SettlementLine("cities", "、".join(project.cities), "、".join(report.cities), bool(outside)),
    ]
    for name in AMOUNTS:
        planned, actual = getattr(project, name) or Decimal(0), Decimal(report.costs.get(name, "0"))
        lines.append(SettlementLine(name, planned, actual, actual > planned))
    total = project.budget_total or Decimal(0)
    lines.append(SettlementLine("budget_total", total, report.cost_total, report.cost_total > total))
    return tuple(lines)


def settle(project: TrainingProject, note: str, actor: Actor, *, seen_version: int | None = None) -> None:
    """Accept the report. Beyond what was approved needs a note; the differences stay in the history."""
    beyond = [line.code for line in settlement(project) if line.is_beyond]
    if beyond and not note.strip():
        raise RuleBroken({"note": lazy("Something is beyond what was approved: say why it is accepted, or return it.")})

    def put() -> None:
        if project.report is not None:
            project.report.is_accepted, project.report.accepted_note = True, note.strip()

    payload = {"note": note.strip(), "beyond": beyond}
    act_on_group(project, "close", actor, seen_version=seen_version, payload=payload, effect=put)


# --- changes on the way -------------------------------------------------------------------------------------------


def ask_adjustment(
    project: TrainingProject, changes: dict[str, Any], reason: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Ask for other people, month or cities within the totals; the approved values hold until the bureau agrees."""
    wanted = {name: value for name, value in changes.items() if value not in (None, "", [])}
    if not wanted:
        raise RuleBroken({"": lazy("Say what is to be changed.")})
    if "people_approved" in wanted and not 1 <= wanted["people_approved"] <= (project.people_planned or 0):
        text = lazy("From 1 to the %(n)s people planned.", n=project.people_planned)
        raise RuleBroken({"people_approved": text})
    act_on_group(
        project, "adjust", actor, seen_version=seen_version, reason=reason, payload={"wanted": wanted},
        effect=lambda: setattr(project, "adjustment", wanted),
    )  # fmt: skip


def agree_adjustment(project: TrainingProject, actor: Actor, *, seen_version: int | None = None) -> None:
    """The new values hold; the approved ones stay in the snapshot of the round and in the history."""
    wanted = dict(project.adjustment)
    before = {name: getattr(project, name) for name in wanted}

    def put() -> None:
        for name, value in wanted.items():
            setattr(project, name, value)
        project.adjustment = {}

    act_on_group(
        project, "agree_adjustment", actor, seen_version=seen_version, payload={"before": before, "after": wanted},
        effect=put,
    )  # fmt: skip


def refuse_adjustment(project: TrainingProject, reason: str, actor: Actor, *, seen_version: int | None = None) -> None:
    """The approved values stay."""
    act_on_group(
        project, "refuse_adjustment", actor, seen_version=seen_version, reason=reason,
        effect=lambda: setattr(project, "adjustment", {}),
    )  # fmt: skip


def extend(
    project: TrainingProject, until: date, reason: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Let a group run into the next year, so that it does not lapse."""
    if until.year != project.plan.year + 1:
        raise RuleBroken({"until": lazy("Choose a day in %(year)s.", year=project.plan.year + 1)})
    act_on_group(
        project, "extend", actor, seen_version=seen_version, reason=reason, payload={"until": until.isoformat()},
        effect=lambda: setattr(project, "extended_to", until),
    )  # fmt: skip


def cancel(project: TrainingProject, reason: str, actor: Actor, *, seen_version: int | None = None) -> None:
    """Not run after all."""
    act_on_group(
        project, "cancel", actor, seen_version=seen_version, reason=reason,
        effect=lambda: setattr(project, "end_code", "cancelled"),
    )  # fmt: skip
