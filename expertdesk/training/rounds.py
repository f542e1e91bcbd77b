"""Two rounds up and two down: the bureau's check, sending the plan up, the feedback, the approval list, the end of the
year. What happens to the plan happens to its groups in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import PlanPart, PlanRound, ProjectState, TrainingPlan, TrainingProject
from expertdesk.regulations.current import rules_today
from expertdesk.training import limits
from expertdesk.training.declaring import act_on_group
from expertdesk.training.field_names import listed
from expertdesk.training.planning import QuotaData, act_on_plan
from expertdesk.training.snapshots import take_snapshot
from expertdesk.training.telling import tell_unit, tell_units
from expertdesk.training.workflow import BEFORE_LEAVING, GROUP, PLAN
from expertdesk.workflow import perform_each, require


@dataclass(frozen=True)
class Opinion:
    """The bureau's opinion on one group (review_opinion) with its note."""

    code: str
    note: str = ""


@dataclass(frozen=True)
class Approval:
    """One line of the approval list: approved with people, subsidy and number, or not approved."""

    number: str
    is_approved: bool
    people: int | None = None
    subsidy: Decimal | None = None
    approval_number: str = ""
    note: str = ""


# --- the bureau's check -----------------------------------------------------------------------------------------


def review_project(
    project: TrainingProject, opinion: Opinion, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Pass the check with an opinion."""
    if rules_today().find("training_opinions", opinion.code) is None:
        raise RuleBroken({"opinion": lazy("Choose one from the list.")})

    def note() -> None:
        project.review_opinion, project.review_note = opinion.code, opinion.note.strip()

    payload = {"opinion": opinion.code, "note": opinion.note.strip()}
    act_on_group(project, "review", actor, seen_version=seen_version, payload=payload, effect=note)


def return_project(project: TrainingProject, reason: str, actor: Actor, *, seen_version: int | None = None) -> None:
    """Back to the unit with the reason; the unit is told."""
    act_on_group(
        project, "return", actor, seen_version=seen_version, reason=reason,
        effect=lambda: setattr(project, "review_note", reason.strip()),
    )  # fmt: skip
    tell_unit(project, "training_returned")
    limits.recount(project.plan_id, [project.organisation_id])


# --- up and down ------------------------------------------------------------------------------------------------


def groups_in(plan: TrainingPlan, states: Sequence[ProjectState]) -> list[TrainingProject]:
    """The groups of a plan in these states, by number."""
    statement = select(TrainingProject).where(
        TrainingProject.plan_id == plan.id, TrainingProject.state.in_(list(states))
    )
    statement = statement.options(joinedload(TrainingProject.plan), joinedload(TrainingProject.organisation))
    return list(db.session.scalars(statement.order_by(TrainingProject.number)))


def send_up(plan: TrainingPlan, actor: Actor, reason: str = "", *, seen_version: int | None = None) -> None:
    """First round up: refused while anything waits for the check or a hard limit fails; the plan is kept as it goes.
    RuleBroken where a warning about a part has no reason."""
    _go_up(plan, "send_up", PlanRound.FIRST_SUBMISSION, actor, reason, seen_version)


def send_up_again(plan: TrainingPlan, actor: Actor, reason: str = "", *, seen_version: int | None = None) -> None:
    """Second round up, inside the number that came back."""
    _go_up(plan, "send_up_again", PlanRound.SECOND_SUBMISSION, actor, reason, seen_version)


def _go_up(
    plan: TrainingPlan, action: str, round_: PlanRound, actor: Actor, reason: str, seen_version: int | None
) -> None:
    require(db.session(), PLAN, plan, action, actor, seen_version=seen_version)
    warned = limits.warnings_of_parts(plan)
    if warned and not reason.strip():
        codes = listed(one.code for one in warned)
        raise RuleBroken({"reason": lazy("Give a reason for the warnings: %(codes)s.", codes=codes)})
    payload = {"warnings": [one.code for one in warned]} if warned else None
    act_on_plan(plan, action, actor, reason=reason, payload=payload)
    _groups_go_up(plan, actor, round_)


def _groups_go_up(plan: TrainingPlan, actor: Actor, round_: PlanRound) -> None:
    groups = groups_in(plan, (ProjectState.BUREAU_REVIEWED, ProjectState.QUOTA_FEEDBACK))
    perform_each(db.session(), GROUP, groups, "send_up", actor, rules_date=clock.today())
    take_snapshot(plan, round_, actor)


def take_feedback(
    plan: TrainingPlan, quotas: Sequence[QuotaData], comments: Mapping[str, str], actor: Actor, *,
    revise_until: date | None = None, seen_version: int | None = None,
) -> None:  # fmt: skip
    """First round down: the numbers from above and a comment for a group; every group can be revised by its unit."""
    if revise_until is not None and revise_until < clock.today():
        raise RuleBroken({"revise_until": lazy("Choose today or a later day.")})
    payload = {"quotas": {quota.part.value: quota.headcount for quota in quotas}}
    act_on_plan(plan, "take_feedback", actor, seen_version=seen_version, payload=payload)
    plan.revise_until = revise_until
    _lower_quotas(plan, quotas)
    groups = groups_in(plan, (ProjectState.SUBMITTED_UP,))

    def comment(group: TrainingProject) -> None:
        if comments.get(group.number, "").strip():
            group.review_note = comments[group.number].strip()

    payloads = {group.id: {"note": comments.get(group.number, "")} for group in groups}
    perform_each(
        db.session(), GROUP, groups, "feed_back", actor, payloads=payloads, effect=comment, rules_date=clock.today()
    )
    take_snapshot(plan, PlanRound.FIRST_FEEDBACK, actor)
    tell_units(plan, "training_feedback")


def _lower_quotas(plan: TrainingPlan, quotas: Sequence[QuotaData]) -> None:
    known: dict[PlanPart, Any] = {quota.part: quota for quota in plan.quotas}
    for data in quotas:
        if data.part in known:
            known[data.part].headcount = data.headcount
            known[data.part].mid_long_least = data.mid_long_least
    db.session.flush()


def record_approval(
    plan: TrainingPlan, approvals: Sequence[Approval], actor: Actor, *, document: str, on: date,
    seen_version: int | None = None,
) -> None:  # fmt: skip
    """Second round down: the approval list. Every group that went up is on it, approved or not. RuleBroken by line."""
    groups = {group.number: group for group in groups_in(plan, (ProjectState.SUBMITTED_UP,))}
    _check_approvals(groups, approvals, document, on)
    payload = {"document": document.strip(), "on": on.isoformat()}
    act_on_plan(plan, "record_approval", actor, seen_version=seen_version, payload=payload)
    plan.approval_number, plan.approval_on = document.strip(), on
    lines = {approval.number: approval for approval in approvals}

    def put(group: TrainingProject) -> None:
        line = lines[group.number]
        group.people_approved = line.people if line.is_approved else None
        group.subsidy_approved = line.subsidy if line.is_approved else None
        group.approval_number = line.approval_number.strip() if line.is_approved else ""
        if line.note.strip():
            group.review_note = line.note.strip()

    for action, wanted in (("approve", True), ("reject", False)):
        some = [group for number, group in groups.items() if lines[number].is_approved is wanted]
        payloads = {group.id: _line(lines[group.number]) for group in some}
        perform_each(db.session(), GROUP, some, action, actor, payloads=payloads, effect=put, rules_date=clock.today())
    take_snapshot(plan, PlanRound.APPROVED, actor)
    tell_units(plan, "training_approved")


def _line(approval: Approval) -> dict[str, Any]:
    return {
        "people": approval.people,
        "subsidy": str(approval.subsidy) if approval.subsidy is not None else None,
        "note": approval.note.strip(),
    }


def _check_approvals(
    groups: Mapping[str, TrainingProject], approvals: Sequence[Approval], document: str, on: date
) -> None:
    problems: dict[str, Any] = {}
    if not document.strip():
        problems["document"] = lazy("Enter the number of the approval document.")
    if on > clock.today():
        problems["on"] = lazy("The approval cannot lie in the future.")
    named = {approval.number for approval in approvals}
    if named != set(groups):
        problems[""] = lazy("The list has to name every group that went up, once.")
    for approval in approvals:
        group = groups.get(approval.number)
        if group is None or not approval.is_approved:
            continue
        people, subsidy = approval.people, approval.subsidy or Decimal(0)
        if people is None or people < 1:
            problems[f"people_{approval.number}"] = lazy("Enter the number of people approved.")
        elif people > (group.people_planned or 0):
            problems[f"people_{approval.number}"] = lazy("Not more than the %(n)s planned.", n=group.people_planned)
        if not 0 <= subsidy <= (group.subsidy_requested or Decimal(0)):
            problems[f"subsidy_{approval.number}"] = lazy(
                "Not more than the CNY %(n)s requested.", n=group.subsidy_requested or 0
            )
        if not approval.approval_number.strip():
            problems[f"approval_{approval.number}"] = lazy("Enter the approval number.")
    if problems:
        raise RuleBroken(problems)


def close_year(plan: TrainingPlan, actor: Actor, *, seen_version: int | None = None) -> int:
    """What was not run and not extended lapses; answers how many groups did."""
    act_on_plan(plan, "close_year", actor, seen_version=seen_version)
    states = [ProjectState(code) for code in sorted(BEFORE_LEAVING)]
    today = clock.today()
    groups = [group for group in groups_in(plan, states) if group.extended_to is None or group.extended_to <= today]
    return perform_each(
        db.session(), GROUP, groups, "lapse", actor, effect=lambda group: setattr(group, "end_code", "lapsed"),
        rules_date=today,
    )  # fmt: skip
