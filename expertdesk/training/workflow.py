"""The two processes as tables: the plan of a year (two rounds up and down, 二上二下) and a training group (团组).

They feed the buttons and their reasons, what a POST may do, the drawings in the help, the soundness check and the
generated matrix of tests (training_plan_fields: state_moves, move_rules).
"""

from __future__ import annotations

from typing import Any

from expertdesk.access import Permission as P
from expertdesk.foundation.locale import lazy
from expertdesk.models import PlanState, ProjectState
from expertdesk.regulations.current import rules_today
from expertdesk.training import guards as g
from expertdesk.workflow import Transition, Workflow

S = ProjectState
ENDED = frozenset({S.REJECTED.value, S.CLOSED.value, S.CANCELLED.value})
# not counted against a control number (decision: ours, quota)
NOT_COUNTED = frozenset({S.DRAFT.value, S.RETURNED.value, S.REJECTED.value, S.CANCELLED.value})
APPROVED_ONCE = frozenset(
    {S.APPROVED, S.ADJUSTED, S.PUBLICISED, S.TASK_APPROVED, S.IN_PROGRESS, S.REPORT_DUE, S.CLOSED}
)  # fmt: skip


def _in(*states: ProjectState) -> frozenset[str]:
    return frozenset(state.value for state in states)


EDITABLE = _in(S.DRAFT, S.RETURNED, S.QUOTA_FEEDBACK)
BEFORE_LEAVING = _in(S.APPROVED, S.PUBLICISED, S.TASK_APPROVED)
_SUPPLEMENTED = _in(
    S.DRAFT, S.DECLARED, S.RETURNED, S.BUREAU_REVIEWED, S.SUBMITTED_UP, S.QUOTA_FEEDBACK, S.APPROVED, S.PUBLICISED,
    S.TASK_APPROVED,
)  # fmt: skip


def _project_state(code: str) -> Any:
    return rules_today().name_of("training_states", code)


def _plan_state(code: str) -> Any:
    return rules_today().name_of("training_plan_states", code)


_DECLARING = (
    Transition(
        action="edit", sources=EDITABLE, target=None,
        permission=P.TRAINING_DECLARE, also_by=(P.TRAINING_MANAGE,), event="group.edited",
        label=lazy("Change the declaration"),
        does=lazy("The limits are checked at once; both values stay in the history."),
        guards=(g.of_own_unit, g.plan_takes_declarations), endpoint="training.edit_project",
    ),
    Transition(
        action="declare", sources=_in(S.DRAFT, S.RETURNED), target=S.DECLARED.value,
        permission=P.TRAINING_DECLARE, also_by=(P.TRAINING_MANAGE,), event="group.declared",
        label=lazy("Declare to the bureau"),
        does=lazy("The bureau checks it next; afterwards only the bureau can send it back."),
        guards=(g.of_own_unit, g.plan_takes_declarations, g.limits_kept_to_declare),
        endpoint="training.declare", is_primary=True,
    ),
    Transition(
        action="withdraw", sources=_in(S.DRAFT, S.DECLARED, S.RETURNED), target=S.CANCELLED.value,
        permission=P.TRAINING_DECLARE, also_by=(P.TRAINING_MANAGE,), event="group.withdrawn",
        label=lazy("Withdraw the group"),
        does=lazy("It leaves the plan for good; its number is not used again."),
        guards=(g.of_own_unit,), needs_reason=True, endpoint="training.withdraw",
    ),
    Transition(
        action="supplement", sources=_SUPPLEMENTED, target=None,
        permission=P.TRAINING_DECLARE, also_by=(P.TRAINING_MANAGE,), event="group.supplemented",
        label=lazy("Add roster, schedule or papers"),
        does=lazy("What the task approval needs can be added at any time."),
        guards=(g.of_own_unit,), endpoint="",
    ),
    Transition(
        action="explain", sources=_SUPPLEMENTED | {S.REPORT_DUE.value}, target=None,
        permission=P.TRAINING_DECLARE, also_by=(P.TRAINING_MANAGE,), event="group.supplemented",
        label=lazy("Give reasons for warnings"),
        does=lazy("A warning without its written reason stops the next step."),
        guards=(g.of_own_unit,), endpoint="",
    ),
)  # fmt: skip

_CHECKING = (
    Transition(
        action="review", sources=_in(S.DECLARED), target=S.BUREAU_REVIEWED.value,
        permission=P.TRAINING_MANAGE, event="group.reviewed",
        label=lazy("Pass the check"),
        does=lazy("Keeps the bureau’s opinion; the group goes up with the plan."),
        guards=(g.limits_kept_to_declare,), endpoint="training.review", is_primary=True,
    ),
    Transition(
        action="return", sources=_in(S.DECLARED, S.BUREAU_REVIEWED), target=S.RETURNED.value,
        permission=P.TRAINING_MANAGE, event="group.returned",
        label=lazy("Return for changes"),
        does=lazy("The unit sees the reason and declares again."),
        needs_reason=True, endpoint="training.return_project",
    ),
    Transition(
        action="send_up", sources=_in(S.BUREAU_REVIEWED, S.QUOTA_FEEDBACK), target=S.SUBMITTED_UP.value,
        permission=P.TRAINING_MANAGE, event="group.sent_up",
        label=lazy("Send up"),
        does=lazy("Happens together with the whole plan."),
    ),
    Transition(
        action="feed_back", sources=_in(S.SUBMITTED_UP), target=S.QUOTA_FEEDBACK.value,
        permission=P.TRAINING_MANAGE, event="group.fed_back",
        label=lazy("Return with the first feedback"),
        does=lazy("Happens together with the whole plan."),
    ),
    Transition(
        action="approve", sources=_in(S.SUBMITTED_UP), target=S.APPROVED.value,
        permission=P.TRAINING_MANAGE, event="group.approved",
        label=lazy("Approve"),
        does=lazy("Happens with the approval list."),
    ),
    Transition(
        action="reject", sources=_in(S.SUBMITTED_UP), target=S.REJECTED.value,
        permission=P.TRAINING_MANAGE, event="group.rejected",
        label=lazy("Not approve"),
        does=lazy("Happens with the approval list."),
    ),
)  # fmt: skip

_RUNNING = (
    Transition(
        action="adjust", sources=_in(S.APPROVED), target=S.ADJUSTED.value,
        permission=P.TRAINING_DECLARE, also_by=(P.TRAINING_MANAGE,), event="group.adjustment_asked",
        label=lazy("Ask for an adjustment"),
        does=lazy("Within the totals of the plan; the approved values hold until the bureau agrees."),
        guards=(g.of_own_unit,), needs_reason=True, endpoint="training.adjust",
    ),
    Transition(
        action="agree_adjustment", sources=_in(S.ADJUSTED), target=S.APPROVED.value,
        permission=P.TRAINING_MANAGE, event="group.adjusted",
        label=lazy("Agree to the adjustment"),
        does=lazy("The new values hold; the approved ones stay in the history."),
        guards=(g.adjustment_within_totals,), endpoint="training.agree_adjustment", is_primary=True,
    ),
    Transition(
        action="refuse_adjustment", sources=_in(S.ADJUSTED), target=S.APPROVED.value,
        permission=P.TRAINING_MANAGE, event="group.adjustment_refused",
        label=lazy("Refuse the adjustment"),
        does=lazy("The approved values stay; the unit sees the reason."),
        needs_reason=True, endpoint="training.refuse_adjustment",
    ),
    Transition(
        action="publicise", sources=_in(S.APPROVED), target=S.PUBLICISED.value,
        permission=P.TRAINING_DECLARE, also_by=(P.TRAINING_MANAGE,), event="group.publicised",
        label=lazy("Record the publicity"),
        does=lazy("Aim, content, institution, names, dates and budget were made public inside the unit."),
        guards=(g.of_own_unit,), endpoint="training.publicise", is_primary=True,
    ),
    Transition(
        action="approve_task", sources=_in(S.PUBLICISED), target=S.TASK_APPROVED.value,
        permission=P.TRAINING_MANAGE, event="group.task_approved",
        label=lazy("Issue the task approval"),
        does=lazy("The group may set out on the days it names."),
        guards=(g.limits_kept_for_task,), endpoint="training.approve_task", is_primary=True,
    ),
    Transition(
        action="extend", sources=BEFORE_LEAVING, target=None,
        permission=P.TRAINING_MANAGE, event="group.extended",
        label=lazy("Extend into the next year"),
        does=lazy("What was not run and not extended lapses when the year is closed."),
        needs_reason=True, endpoint="training.extend",
    ),
    Transition(
        action="cancel", sources=BEFORE_LEAVING, target=S.CANCELLED.value,
        permission=P.TRAINING_MANAGE, event="group.cancelled",
        label=lazy("Cancel the group"),
        does=lazy("It is counted as not run; the quota it held is free again."),
        needs_reason=True, endpoint="training.cancel",
    ),
    Transition(
        action="lapse", sources=BEFORE_LEAVING, target=S.CANCELLED.value,
        permission=P.TRAINING_MANAGE, event="group.lapsed",
        label=lazy("Lapse"),
        does=lazy("Happens when the year is closed."),
        guards=(g.not_extended,),
    ),
    Transition(
        action="depart", sources=_in(S.TASK_APPROVED), target=S.IN_PROGRESS.value,
        permission=P.SYSTEM, event="group.departed",
        label=lazy("Departure"),
        does=lazy("On the day of departure."), is_system=True,
    ),
    Transition(
        action="come_back", sources=_in(S.IN_PROGRESS), target=S.REPORT_DUE.value,
        permission=P.SYSTEM, event="group.came_back",
        label=lazy("Return"),
        does=lazy("On the day after the return."), is_system=True,
    ),
    Transition(
        action="report", sources=_in(S.REPORT_DUE), target=None,
        permission=P.TRAINING_DECLARE, also_by=(P.TRAINING_MANAGE,), event="group.reported",
        label=lazy("File the report"),
        does=lazy("Actual days, people, route and cost; results and evaluation."),
        guards=(g.of_own_unit,), endpoint="training.report", is_primary=True,
    ),
    Transition(
        action="close", sources=_in(S.REPORT_DUE), target=S.CLOSED.value,
        permission=P.TRAINING_MANAGE, event="group.closed",
        label=lazy("Accept the report and settle"),
        does=lazy("By the approved people, days, route and budget; the differences stay on file."),
        guards=(g.report_filed, g.report_complete), endpoint="training.settle", is_primary=True,
    ),
)  # fmt: skip

GROUP = Workflow(
    name="training_group",
    title=lazy("Training group"),
    states=tuple(state.value for state in ProjectState),
    initial=S.DRAFT.value,
    finals=ENDED,
    transitions=_DECLARING + _CHECKING + _RUNNING,
    state_label=_project_state,
    subject_kind="training_project",
)

T = PlanState


def _at(*states: PlanState) -> frozenset[str]:
    return frozenset(state.value for state in states)


PLAN = Workflow(
    name="training_plan",
    title=lazy("Overseas-training plan"),
    states=tuple(state.value for state in PlanState),
    initial=T.PREPARING.value,
    finals=frozenset({T.CLOSED.value}),
    transitions=(
        Transition(
            action="set_numbers", sources=_at(T.PREPARING, T.FIRST_SUBMISSION, T.FIRST_SENT, T.SECOND_SUBMISSION),
            target=None, permission=P.TRAINING_MANAGE, event="plan.numbers_set",
            label=lazy("Control numbers"),
        does=lazy("The number from above and what each unit gets of it."),
            endpoint="training.numbers",
        ),
        Transition(
            action="call_units", sources=_at(T.PREPARING), target=T.FIRST_SUBMISSION.value,
            permission=P.TRAINING_MANAGE, event="plan.units_called",
            label=lazy("Hand out the numbers, open the declaration"),
        does=lazy("Each unit sees its number and can declare or send its sheet."),
            guards=(g.numbers_there, g.numbers_fit), endpoint="training.call_units", is_primary=True,
        ),
        Transition(
            action="send_up", sources=_at(T.FIRST_SUBMISSION), target=T.FIRST_SENT.value,
            permission=P.TRAINING_MANAGE, event="plan.sent_up",
            label=lazy("Send up (first round)"),
        does=lazy("Keeps the plan as it leaves; refused while a hard limit fails."),
            guards=(g.everything_checked, g.plan_keeps_limits), endpoint="training.send_up", is_primary=True,
        ),
        Transition(
            action="take_feedback", sources=_at(T.FIRST_SENT), target=T.SECOND_SUBMISSION.value,
            permission=P.TRAINING_MANAGE, event="plan.feedback_taken",
            label=lazy("Enter the first feedback"),
        does=lazy("Provisional list and numbers from above; the units revise inside them."),
            endpoint="training.feedback", is_primary=True,
        ),
        Transition(
            action="send_up_again", sources=_at(T.SECOND_SUBMISSION), target=T.SECOND_SENT.value,
            permission=P.TRAINING_MANAGE, event="plan.sent_up_again",
            label=lazy("Send up (second round)"),
        does=lazy("Keeps the plan as it leaves; refused while a hard limit fails."),
            guards=(g.everything_checked, g.numbers_fit, g.plan_keeps_limits), endpoint="training.send_up_again",
            is_primary=True,
        ),
        Transition(
            action="record_approval", sources=_at(T.SECOND_SENT), target=T.APPROVED.value,
            permission=P.TRAINING_MANAGE, event="plan.approved",
            label=lazy("Enter the approval list"),
        does=lazy("People, subsidy and number of each group; the units see their tasks."),
            endpoint="training.approval", is_primary=True,
        ),
        Transition(
            action="propose_next", sources=_at(*T), target=None,
            permission=P.TRAINING_MANAGE, event="plan.next_proposed",
            label=lazy("Execution and next year’s number"),
            does=lazy("Rates by unit, country and field; the number proposed from what was carried out."),
            endpoint="training.execution",
        ),
        Transition(
            action="close_year", sources=_at(T.APPROVED), target=T.CLOSED.value,
            permission=P.TRAINING_MANAGE, event="plan.closed",
            label=lazy("Close the year"),
        does=lazy("What was not run and not extended lapses."),
            guards=(g.nobody_abroad,), endpoint="training.close_year", is_primary=True,
        ),
    ),
    state_label=_plan_state,
    subject_kind="training_plan",
)  # fmt: skip
