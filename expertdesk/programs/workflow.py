"""The way of an application as a table: declared by the organisation, checked, reviewed, decided, made public,
approved, run, settled, closed, evaluated. It feeds the buttons and their reasons, what a POST may do, the drawing in
the help, the soundness check and the generated matrix of tests."""

from __future__ import annotations

from typing import Any

from expertdesk.access import Permission as P
from expertdesk.foundation.locale import lazy
from expertdesk.models import ProgramState as S
from expertdesk.programs import guards as g
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import Transition, Workflow

FINALS = frozenset({S.EVALUATED.value, S.REJECTED.value, S.WITHDRAWN.value, S.TERMINATED.value, S.LAPSED.value})


def _in(*states: S) -> frozenset[str]:
    return frozenset(state.value for state in states)


WRITABLE = _in(S.DRAFT, S.RETURNED)
BEFORE_APPROVAL = _in(
    S.DRAFT, S.SUBMITTED, S.RETURNED, S.CHECKED, S.IN_REVIEW, S.REVIEWED, S.PROPOSED, S.PUBLICISED
)  # fmt: skip
SINCE_APPROVAL = _in(S.APPROVED, S.RUNNING, S.SETTLED, S.CLOSED, S.EVALUATED, S.TERMINATED, S.LAPSED)
SINCE_START = _in(S.RUNNING, S.SETTLED, S.CLOSED, S.EVALUATED)
FINISHED = _in(S.SETTLED, S.CLOSED, S.EVALUATED)


def _state_label(code: str) -> Any:
    return rules_today().name_of("program_states", code)


_APPLYING = (
    Transition(
        action="submit", sources=WRITABLE, target=S.SUBMITTED.value,
        permission=P.PROGRAM_APPLY, event="program.submitted",
        label=lazy("Submit the application"),
        does=lazy("The bureau checks whether it is complete; you can take it back until the approval."),
        guards=(g.of_own_unit, g.call_takes, g.application_complete, g.place_in_call),
        endpoint="programs.my_step", notice="program_received", is_primary=True,
    ),
    Transition(
        action="edit", sources=WRITABLE, target=None,
        permission=P.PROGRAM_APPLY, event="program.edited",
        label=lazy("Change the application"),
        does=lazy("Particulars, experts, budget, goals and annexes."),
        guards=(g.of_own_unit,), endpoint="programs.my_edit", is_public=False,
    ),
    Transition(
        action="withdraw", sources=BEFORE_APPROVAL, target=S.WITHDRAWN.value,
        permission=P.PROGRAM_APPLY, event="program.withdrawn",
        label=lazy("Withdraw the application"),
        does=lazy("Ends it without a decision; a new one can be made while the call is open."),
        guards=(g.of_own_unit,), needs_reason=True, endpoint="programs.my_step",
    ),
)  # fmt: skip

_CHECKING = (
    Transition(
        action="pass_check", sources=_in(S.SUBMITTED), target=S.CHECKED.value,
        permission=P.PROGRAM_MANAGE, event="program.checked",
        label=lazy("Pass the check"),
        does=lazy("It is complete and goes to the expert review."),
        guards=(g.application_complete,), endpoint="programs.step", is_primary=True,
    ),
    Transition(
        action="return", sources=_in(S.SUBMITTED), target=S.RETURNED.value,
        permission=P.PROGRAM_MANAGE, event="program.returned",
        label=lazy("Return for changes"),
        does=lazy("The organisation reads the reason, mends the application and submits it again."),
        needs_reason=True, endpoint="programs.step", notice="program_returned",
    ),
    Transition(
        action="link_expert", sources=frozenset(state.value for state in S) - FINALS - _in(S.DRAFT), target=None,
        permission=P.PROGRAM_MANAGE, event="program.expert_linked",
        label=lazy("Link an expert to the register"),
        does=lazy("A person decides who it is; nothing is merged."),
        endpoint="programs.link", is_public=False,
    ),
    Transition(
        action="assign", sources=_in(S.CHECKED), target=S.IN_REVIEW.value,
        permission=P.PROGRAM_MANAGE, event="program.reviewers_assigned",
        label=lazy("Assign reviewers"),
        does=lazy("They see the application at once; scores stay hidden until all are in."),
        endpoint="programs.reviewers", notice="program_review_assigned", is_primary=True,
    ),
    Transition(
        action="assign_more", sources=_in(S.IN_REVIEW), target=None,
        permission=P.PROGRAM_MANAGE, event="program.reviewers_added",
        label=lazy("Assign further reviewers"),
        does=lazy("For one who has a conflict or does not answer."),
        endpoint="programs.reviewers", notice="program_review_assigned", is_public=False,
    ),
    Transition(
        action="declare_conflict", sources=_in(S.IN_REVIEW), target=None,
        permission=P.PROGRAM_REVIEW, event="program.conflict_declared",
        label=lazy("Declare a conflict of interest"),
        does=lazy("You fall out of this review; somebody else is assigned."),
        guards=(g.review_is_open,), endpoint="programs.review", is_public=False,
    ),
    Transition(
        action="review", sources=_in(S.IN_REVIEW), target=None,
        permission=P.PROGRAM_REVIEW, event="program.review_given",
        label=lazy("Give scores and opinion"),
        does=lazy("Final once sent; the others cannot see it before all are in."),
        guards=(g.review_is_open,), endpoint="programs.review", is_public=False, is_primary=True,
    ),
    Transition(
        action="record_review", sources=_in(S.IN_REVIEW), target=None,
        permission=P.PROGRAM_MANAGE, event="program.review_recorded",
        label=lazy("Enter an opinion from outside"),
        does=lazy("From the signed sheet of a reviewer without an account."),
        guards=(g.outside_review_open,), endpoint="programs.outside_review", is_public=False,
    ),
    Transition(
        action="finish_review", sources=_in(S.IN_REVIEW), target=S.REVIEWED.value,
        permission=P.PROGRAM_MANAGE, event="program.reviewed",
        label=lazy("Finish the review"),
        does=lazy("Opens scores and opinions; the decision meeting comes next."),
        guards=(g.reviews_in,), endpoint="programs.step", is_primary=True,
    ),
)  # fmt: skip

_DECIDING = (
    Transition(
        action="propose", sources=_in(S.REVIEWED), target=S.PROPOSED.value,
        permission=P.PROGRAM_MANAGE, event="program.proposed",
        label=lazy("Decision meeting: propose"),
        does=lazy("Enters what the meeting decided, with funds and person-months."),
        endpoint="programs.meeting", is_primary=True,
    ),
    Transition(
        action="reject", sources=_in(S.REVIEWED, S.PUBLICISED), target=S.REJECTED.value,
        permission=P.PROGRAM_MANAGE, event="program.rejected",
        label=lazy("Do not select"),
        does=lazy("The organisation reads the reason."),
        needs_reason=True, endpoint="programs.step", notice="program_rejected",
    ),
    Transition(
        action="publicise", sources=_in(S.PROPOSED), target=S.PUBLICISED.value,
        permission=P.PROGRAM_MANAGE, event="program.publicised",
        label=lazy("Begin the publicity"),
        does=lazy("For all proposed applications of the call, or for this one."),
        endpoint="programs.publicity", notice="program_publicised", is_primary=True,
    ),
    Transition(
        action="note_objection", sources=_in(S.PUBLICISED), target=None,
        permission=P.PROGRAM_MANAGE, event="program.objection_noted",
        label=lazy("Enter an objection"),
        does=lazy("It has to be answered before the approval."),
        endpoint="programs.step", is_public=False,
    ),
    Transition(
        action="approve", sources=_in(S.PUBLICISED), target=S.APPROVED.value,
        permission=P.PROGRAM_MANAGE, event="program.approved",
        label=lazy("Approve with funds"),
        does=lazy("Number and day of the approval, funds by item, person-months."),
        guards=(g.publicity_over, g.objection_answered, g.experts_linked),
        endpoint="programs.approve", notice="program_approved", is_primary=True,
    ),
)  # fmt: skip

_RUNNING = (
    Transition(
        action="start", sources=_in(S.APPROVED), target=S.RUNNING.value,
        permission=P.PROGRAM_APPLY, also_by=(P.PROGRAM_MANAGE,), event="program.started",
        label=lazy("Start the project"),
        does=lazy("From now on visits, reports and changes are recorded."),
        guards=(g.of_own_unit, g.not_too_late), endpoint="programs.my_step", is_primary=True,
    ),
    Transition(
        action="record_visit", sources=_in(S.RUNNING), target=None,
        permission=P.PROGRAM_APPLY, also_by=(P.PROGRAM_MANAGE,), event="program.visit_recorded",
        label=lazy("Record a visit"),
        does=lazy("Day of entering and of leaving; person-months follow from them."),
        guards=(g.of_own_unit,), endpoint="programs.my_step", is_primary=True,
    ),
    Transition(
        action="report", sources=_in(S.RUNNING, S.SETTLED), target=None,
        permission=P.PROGRAM_APPLY, also_by=(P.PROGRAM_MANAGE,), event="program.reported",
        label=lazy("File a report"),
        does=lazy("Progress, the summary of a year, or the results at the end."),
        guards=(g.of_own_unit,), endpoint="programs.my_step",
    ),
    Transition(
        action="ask_change", sources=_in(S.APPROVED, S.RUNNING), target=None,
        permission=P.PROGRAM_APPLY, event="program.change_asked",
        label=lazy("Ask for a change"),
        does=lazy("The approved values hold until the bureau agrees."),
        guards=(g.of_own_unit, g.no_open_change), endpoint="programs.my_step",
    ),
    Transition(
        action="decide_change", sources=_in(S.APPROVED, S.RUNNING), target=None,
        permission=P.PROGRAM_MANAGE, event="program.change_decided",
        label=lazy("Decide on the change"),
        does=lazy("Agreed changes take effect at once; the old values stay in the history."),
        guards=(g.change_is_open,), endpoint="programs.step", notice="program_change_decided", is_primary=True,
    ),
    Transition(
        action="file_settlement", sources=_in(S.RUNNING), target=None,
        permission=P.PROGRAM_APPLY, also_by=(P.PROGRAM_MANAGE,), event="program.settlement_filed",
        label=lazy("File the settlement"),
        does=lazy("What was spent by item; differences to the approval are explained."),
        guards=(g.of_own_unit, g.no_open_change), endpoint="programs.settlement",
    ),
    Transition(
        action="settle", sources=_in(S.RUNNING), target=S.SETTLED.value,
        permission=P.PROGRAM_MANAGE, event="program.settled",
        label=lazy("Accept the settlement"),
        does=lazy("By the approved experts, days and budget; the rest is paid back."),
        guards=(g.settlement_filed, g.within_approval), endpoint="programs.step", is_primary=True,
        notice="program_settled",
    ),
    Transition(
        action="return_settlement", sources=_in(S.RUNNING), target=None,
        permission=P.PROGRAM_MANAGE, event="program.settlement_returned",
        label=lazy("Return the settlement"),
        does=lazy("The organisation reads the reason, corrects it and files it again."),
        guards=(g.settlement_filed,), needs_reason=True, endpoint="programs.step",
        notice="program_settlement_returned",
    ),
    Transition(
        action="close", sources=_in(S.SETTLED), target=S.CLOSED.value,
        permission=P.PROGRAM_MANAGE, event="program.closed",
        label=lazy("Close the project"),
        does=lazy("The result report is in and accepted."),
        guards=(g.final_report_in,), endpoint="programs.step", is_primary=True,
    ),
    Transition(
        action="evaluate", sources=_in(S.CLOSED), target=S.EVALUATED.value,
        permission=P.PROGRAM_MANAGE, event="program.evaluated",
        label=lazy("Evaluate"),
        does=lazy("Grade and opinion; they count when the organisation applies again."),
        endpoint="programs.step", is_primary=True,
    ),
    Transition(
        action="terminate", sources=_in(S.APPROVED, S.RUNNING), target=S.TERMINATED.value,
        permission=P.PROGRAM_MANAGE, event="program.terminated",
        label=lazy("Terminate the project"),
        does=lazy("Before its time, with the reason; what was spent is still reported."),
        needs_reason=True, endpoint="programs.step", notice="program_terminated",
    ),
    Transition(
        action="lapse", sources=_in(S.APPROVED), target=S.LAPSED.value,
        permission=P.SYSTEM, event="program.lapsed",
        label=lazy("Lapse"),
        does=lazy("Neither started nor extended in its year."),
        guards=(g.year_is_over,), is_system=True, notice="program_lapsed",
    ),
)  # fmt: skip

PROGRAM = Workflow(
    name="program_application",
    title=lazy("The way of a programme application"),
    states=tuple(state.value for state in S),
    initial=S.DRAFT.value,
    finals=FINALS,
    transitions=(*_APPLYING, *_CHECKING, *_DECIDING, *_RUNNING),
    state_label=_state_label,
    subject_kind="program_application",
)
