"""Why an action on an application is not possible now; each guard answers with every reason it finds and writes
nothing. An empty answer means: allowed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import Reason
from expertdesk.foundation.locale import lazy, lazy_date
from expertdesk.models import ProgramApplication, ProgramCall, ProgramChange, ProgramReview, ProgramState
from expertdesk.programs import checking, rules
from expertdesk.programs.policy import is_own, manages
from expertdesk.regulations.current import rules_today

Reasons = Sequence[Reason]
EXTENSION = "extension"
# not counted against ranks and quotas
GONE = (ProgramState.WITHDRAWN, ProgramState.REJECTED, ProgramState.LAPSED, ProgramState.TERMINATED)


# --- the organisation -------------------------------------------------------------------------------------------


def of_own_unit(application: ProgramApplication, actor: Actor) -> Reasons:
    """A contact with the right to act does it for the own organisation; where the bureau may help, a manager."""
    if is_own(application, actor) or manages(actor):
        return ()
    who = lazy("A contact who may apply for the organisation can.")
    return (Reason("not_your_organisation", lazy("You may only read for this organisation."), who=who),)


def call_takes(application: ProgramApplication, actor: Actor) -> Reasons:
    """Announced, and today inside the window. What was returned for changes may come back after its end."""
    return call_refusals(application.call, is_returned=application.state is ProgramState.RETURNED)


def call_refusals(call: ProgramCall, *, is_returned: bool = False) -> Reasons:
    """Why a call takes no application today."""
    today = clock.today()
    if call.announced_on is None or today < call.opens_on:
        return (Reason("call_not_open", lazy("The call opens on %(day)s.", day=lazy_date(call.opens_on))),)
    if today > call.closes_on and not is_returned:
        text = lazy("The call closed on %(day)s.", day=lazy_date(call.closes_on))
        return (Reason("call_closed", text),)
    return ()


def application_complete(application: ProgramApplication, actor: Actor) -> Reasons:
    return tuple(Reason(gap.code, gap.text) for gap in checking.gaps(application))


def place_in_call(application: ProgramApplication, actor: Actor) -> Reasons:
    """No two applications of an organisation in a call hold the same place, and there are only so many of them."""
    rank, most = application.unit_rank, application.call.unit_quota
    if rank is None and most is None:
        return ()
    a = ProgramApplication
    others = db.session.execute(
        select(a.number, a.unit_rank)
        .where(
            a.call_id == application.call_id,
            a.organisation_id == application.organisation_id,
            a.id != application.id,
            a.state.not_in((*GONE, ProgramState.DRAFT)),
        )
        .order_by(a.id)
    ).all()
    found: list[Reason] = []
    holder = next((other.number for other in others if rank is not None and other.unit_rank == rank), None)
    if holder is not None:
        text = lazy("Your application %(number)s holds place %(rank)s already.", number=holder, rank=rank)
        found.append(Reason("rank_taken", text))
    if most is not None and len(others) >= most:
        text = lazy("An organisation may submit %(most)s applications to this call.", most=most)
        found.append(Reason("unit_quota", text))
    return tuple(found)


# --- the review -------------------------------------------------------------------------------------------------


def taking_part(application: ProgramApplication) -> list[ProgramReview]:
    """Reviewers who have not fallen out."""
    return [review for review in application.reviews if not review.has_conflict]


def all_in(application: ProgramApplication) -> bool:
    """Every review is there: only now scores and opinions are shown."""
    part = taking_part(application)
    return bool(part) and all(review.submitted_at is not None for review in part)


def review_is_open(application: ProgramApplication, actor: Actor) -> Reasons:
    """The actor was assigned, has no conflict, and has not sent the review yet."""
    own = next((review for review in application.reviews if review.reviewer_id == actor.id), None)
    if own is None:
        return (Reason("not_assigned", lazy("This application was not assigned to you.")),)
    if own.has_conflict:
        return (Reason("conflict", lazy("You declared a conflict of interest.")),)
    if own.submitted_at is not None:
        return (Reason("review_sent", lazy("Your review is in; it cannot be changed any more.")),)
    return ()


def outside_review_open(application: ProgramApplication, actor: Actor) -> Reasons:
    waiting = [review for review in taking_part(application) if not review.reviewer_id and not review.submitted_at]
    if waiting:
        return ()
    return (Reason("no_outside_reviewer", lazy("No reviewer from outside is waited for.")),)


def reviews_in(application: ProgramApplication, actor: Actor) -> Reasons:
    """Enough reviewers, all of them heard."""
    part = taking_part(application)
    least = rules.setting(rules_today(), "REVIEWERS_LEAST")
    found: list[Reason] = []
    if len(part) < least:
        text = lazy("%(there)s of at least %(least)s reviewers are assigned.", there=len(part), least=least)
        found.append(Reason("too_few_reviewers", text))
    waiting = sum(review.submitted_at is None for review in part)
    if waiting:
        found.append(Reason("reviews_missing", lazy("%(count)s reviews are not in yet.", count=waiting)))
    return found


# --- the decision -----------------------------------------------------------------------------------------------


def publicity_over(application: ProgramApplication, actor: Actor) -> Reasons:
    last = application.publicity_to
    if last is not None and clock.today() > last:
        return ()
    return (Reason("publicity_runs", lazy("The publicity lasts until %(day)s.", day=lazy_date(last))),)


def objection_answered(application: ProgramApplication, actor: Actor) -> Reasons:
    if not application.objection or application.objection_answer:
        return ()
    return (Reason("objection_open", lazy("The objection has to be answered first.")),)


def experts_linked(application: ProgramApplication, actor: Actor) -> Reasons:
    """Money is given for people who are known: by a file in the register or by their passport."""
    open_ones = [expert for expert in application.experts if expert.left_on is None and not expert.passport_number]
    open_ones = [expert for expert in open_ones if expert.person_id is None]
    if not open_ones:
        return ()
    names = ", ".join(expert.latin_name for expert in open_ones)
    text = lazy("Neither a passport nor a file in the register: %(names)s.", names=names)
    return (Reason("expert_unknown", text),)


# --- the run ----------------------------------------------------------------------------------------------------


def last_year_to_start(application: ProgramApplication) -> int:
    """The year in which an approved project has to start."""
    extended = application.extended_to
    return extended.year if extended is not None else application.call.year


def not_too_late(application: ProgramApplication, actor: Actor) -> Reasons:
    if clock.today() < rules.lapses_on(last_year_to_start(application)):
        return ()
    text = lazy("Neither started nor extended in its year, so it has lapsed.")
    return (Reason("lapsed", text),)


def year_is_over(application: ProgramApplication, actor: Actor) -> Reasons:
    """Nothing lapses while an extension that was asked for waits for the bureau."""
    change = open_change(application)
    if change is not None and change.kind == EXTENSION:
        return (Reason("extension_open", lazy("An extension was asked for and is not decided yet.")),)
    if clock.today() >= rules.lapses_on(last_year_to_start(application)):
        return ()
    return (Reason("year_runs", lazy("The year is not over yet.")),)


def open_change(application: ProgramApplication) -> ProgramChange | None:
    return next((change for change in application.changes if change.is_agreed is None), None)


def no_open_change(application: ProgramApplication, actor: Actor) -> Reasons:
    if open_change(application) is None:
        return ()
    who = lazy("A manager decides on it.") if not manages(actor) else ""
    return (Reason("change_open", lazy("A change waits for the decision of the bureau."), who=who),)


def change_is_open(application: ProgramApplication, actor: Actor) -> Reasons:
    if open_change(application) is not None:
        return ()
    return (Reason("no_change", lazy("No change was asked for.")),)


def settlement_filed(application: ProgramApplication, actor: Actor) -> Reasons:
    if application.settlement is not None:
        return ()
    who = lazy("The organisation files it.")
    return (Reason("no_settlement", lazy("No settlement was filed."), who=who),)


def within_approval(application: ProgramApplication, actor: Actor) -> Reasons:
    """What was spent of the subsidy stays inside what was approved, item by item."""
    over = [line for line in application.budget if (line.spent or 0) > (line.approved or 0)]
    book = checking.book_of(application)
    return tuple(
        Reason(
            f"over.{line.item}",
            lazy("%(item)s: more was spent than approved; ask for a change first or correct the settlement.",
                 item=book.name_of("program_items", line.item)),
        )
        for line in over
    )  # fmt: skip


def final_report_in(application: ProgramApplication, actor: Actor) -> Reasons:
    last = {row.code for row in rules_today().rows("program_report_kinds") if row.is_last}
    if any(report.kind in last for report in application.reports):
        return ()
    who = lazy("The organisation files it.")
    return (Reason("no_final_report", lazy("The result report is not in."), who=who),)


def may_read_reviews(application: ProgramApplication, actor: Actor) -> bool:
    """Scores and opinions: the bureau and the reviewers, once all are in."""
    return all_in(application) and (actor.may(Permission.PROGRAM_READ) or actor.may(Permission.PROGRAM_REVIEW))
