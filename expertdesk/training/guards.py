"""Why an action of the plan or of a group is not possible now; each guard answers with every reason it finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import Reason
from expertdesk.foundation.locale import format_date, lazy
from expertdesk.models import PlanState, ProjectState, TrainingPlan, TrainingProject
from expertdesk.training import limits
from expertdesk.training.addresses import link
from expertdesk.training.rules import blocking, warnings

_OPEN_ROUNDS = (PlanState.FIRST_SUBMISSION, PlanState.SECOND_SUBMISSION)
_UNCHECKED = (ProjectState.DECLARED,)
_AWAY = (ProjectState.IN_PROGRESS, ProjectState.REPORT_DUE)


def of_own_unit(project: TrainingProject, actor: Actor) -> Sequence[Reason]:
    """A training contact acts for the own unit; the bureau for all."""
    if actor.may(Permission.TRAINING_MANAGE) or project.organisation_id in actor.training_organisations:
        return ()
    who = lazy("the unit’s training contact")
    return (Reason("not_your_unit", lazy("Only the training contact of this unit may do this."), who=who),)


def plan_takes_declarations(project: TrainingProject, actor: Actor) -> Sequence[Reason]:
    """Units write while a round is open and in time; the bureau may help them until the plan leaves."""
    return round_open(project.plan, actor)


def round_open(plan: TrainingPlan, actor: Actor) -> Sequence[Reason]:
    """Whether this plan takes declarations from this actor now."""
    if plan.state not in _OPEN_ROUNDS:
        return (Reason("round_closed", lazy("No round is open for declarations now.")),)
    last = plan.declare_until if plan.state is PlanState.FIRST_SUBMISSION else plan.revise_until
    if last is not None and clock.today() > last and not actor.may(Permission.TRAINING_MANAGE):
        text = lazy("The time for declarations ended on %(day)s; ask the bureau.", day=format_date(last))
        return (Reason("too_late", text, who=lazy("manager")),)
    return ()


def limits_kept_to_declare(project: TrainingProject, actor: Actor) -> Sequence[Reason]:
    """No hard limit of the declaration fails, and every warning has its written reason."""
    return _limits(project, "declare")


def limits_kept_for_task(project: TrainingProject, actor: Actor) -> Sequence[Reason]:
    """The same for the task approval: publicity, inviter, roster, both opinions."""
    return _limits(project, "task")


def _limits(project: TrainingProject, stage: str) -> Sequence[Reason]:
    findings = limits.findings_of(project, stage)
    found = [
        Reason(one.code, limits.sentence(one), fix_url=limits.place_to_mend(project, one))
        for one in blocking(findings, stage)
    ]
    for one in warnings(findings, stage):
        if not project.reasons.get(one.code, "").strip():
            text = lazy("Give a reason for warning %(code)s: %(text)s", code=one.code, text=one.text)
            url = link("training.reasons", number=project.number)
            found.append(Reason(f"reason_{one.code}", text, fix_url=url))
    return found


def adjustment_within_totals(project: TrainingProject, actor: Actor) -> Sequence[Reason]:
    """R09 and R23: after the adjustment the totals of the plan still hold."""
    return [
        Reason(one.code, limits.sentence(one)) for one in limits.findings_after_adjustment(project) if one.is_failed
    ]


def not_extended(project: TrainingProject, actor: Actor) -> Sequence[Reason]:
    """An extended group does not lapse before its day."""
    if project.extended_to is not None and project.extended_to > clock.today():
        day = format_date(project.extended_to)
        return (Reason("extended", lazy("Extended to %(day)s.", day=day)),)
    return ()


def report_filed(project: TrainingProject, actor: Actor) -> Sequence[Reason]:
    """There is a report to accept."""
    if project.report is None:
        who = lazy("the unit’s training contact")
        return (Reason("no_report", lazy("The unit has not filed its report yet."), who=who),)
    return ()


def report_complete(project: TrainingProject, actor: Actor) -> Sequence[Reason]:
    """A warning of the return (late report, passports) has its written reason."""
    if project.report is None:
        return ()
    late = [one for one in warnings(limits.findings_of(project, "return"), "return") if one.stage == "return"]
    return [
        Reason(f"reason_{one.code}", lazy("Give a reason for warning %(code)s: %(text)s", code=one.code, text=one.text))
        for one in late
        if not project.reasons.get(one.code, "").strip()
    ]


# --- the plan -------------------------------------------------------------------------------------------------------


def numbers_there(plan: TrainingPlan, actor: Actor) -> Sequence[Reason]:
    """A number from above, and at least one unit with a number of its own."""
    url = link("training.numbers", year=plan.year)
    if not plan.quotas:
        return (Reason("no_quota", lazy("Enter the control number from above first."), fix_url=url),)
    if not any(control.people for unit in plan.units for control in unit.controls):
        return (Reason("no_unit", lazy("Give at least one unit its control number."), fix_url=url),)
    return ()


def numbers_fit(plan: TrainingPlan, actor: Actor) -> Sequence[Reason]:
    """What the units got together is not more than what came from above."""
    url = link("training.numbers", year=plan.year)
    found = []
    for quota in plan.quotas:
        given = sum(control.people for unit in plan.units for control in unit.controls if control.part is quota.part)
        if given > quota.headcount:
            part = limits.part_name(quota.part)
            text = lazy(
                "%(part)s: the units got %(given)s together, the number from above is %(all)s.",
                part=part, given=given, all=quota.headcount,
            )  # fmt: skip
            found.append(Reason("numbers_over", text, fix_url=url))
    return found


def everything_checked(plan: TrainingPlan, actor: Actor) -> Sequence[Reason]:
    """Nothing declared waits for the bureau's check, and there is something to send."""
    ready_states = (ProjectState.BUREAU_REVIEWED, ProjectState.QUOTA_FEEDBACK)
    counted = _counts(plan, (*_UNCHECKED, *ready_states))
    waiting = sum(counted.get(state, 0) for state in _UNCHECKED)
    ready = sum(counted.get(state, 0) for state in ready_states)
    found: list[Any] = []
    if waiting:
        url = link("training.plan", year=plan.year, state=ProjectState.DECLARED.value)
        found.append(Reason("unchecked", lazy("%(n)s declared groups wait for the check.", n=waiting), fix_url=url))
    if not ready:
        found.append(Reason("nothing_ready", lazy("No group has passed the bureau’s check yet.")))
    return found


def plan_keeps_limits(plan: TrainingPlan, actor: Actor) -> Sequence[Reason]:
    """No hard limit fails, anywhere in the plan (R09 by part, every group by its own); a warning that came up while a
    group was revised has its written reason."""
    found = [block.reason for block in limits.blocks_of_plan(plan)]
    for one in limits.unexplained_of_plan(plan):
        text = lazy("%(where)s: give a reason for warning %(code)s: %(text)s", where=one.place, code=one.code,
                    text=one.text)  # fmt: skip
        found.append(Reason(f"reason_{one.code}", text, fix_url=link("training.reasons", number=one.number)))
    return found


def nobody_abroad(plan: TrainingPlan, actor: Actor) -> Sequence[Reason]:
    """Groups abroad, and reports that are due, come first."""
    left = _count(plan, _AWAY)
    if left:
        text = lazy("%(n)s groups are abroad or owe their report.", n=left)
        return (Reason("not_back", text, fix_url=link("training.execution", year=plan.year)),)
    return ()


def _count(plan: TrainingPlan, states: Sequence[ProjectState]) -> int:
    return sum(_counts(plan, states).values())


def _counts(plan: TrainingPlan, states: Sequence[ProjectState]) -> dict[ProjectState, int]:
    """How many groups of the plan are in each of these states: one query."""
    count = select(TrainingProject.state, func.count()).where(
        TrainingProject.plan_id == plan.id, TrainingProject.state.in_(states)
    )
    found = db.session.execute(count.group_by(TrainingProject.state))
    return {row[0]: row[1] for row in found}
