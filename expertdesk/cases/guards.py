"""Guards of the case table: each looks at case and actor and gives the reasons why not, with who could act.

They read the row and the rule tables and write nothing. An empty answer means: allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from expertdesk.access import Actor, Role
from expertdesk.cases import records, rules
from expertdesk.cases.policy import handled_before, is_own, may_act_on
from expertdesk.foundation import clock
from expertdesk.foundation.errors import Reason
from expertdesk.foundation.locale import Bilingual, lazy, lazy_date
from expertdesk.models import Case, CaseClock, Correction, Paper, PermitState, SpecialGroup
from expertdesk.regulations import NonAcceptance, RuleBook

Reasons = Sequence[Reason]


# --- what the row says ------------------------------------------------------------------------------------------


def running_clock(case: Case) -> CaseClock | None:
    """The one clock that runs."""
    return next((row for row in case.clocks if row.ended_on is None), None)


def open_correction(case: Case) -> Correction | None:
    """The notice that waits for its answer."""
    return next((row for row in reversed(case.corrections) if row.answered_at is None), None)


def counts_as_accepted(case: Case) -> bool:
    """Nobody answered within the legal days of the check: the case counts as accepted (行政许可法 art. 32), whether or
    not the worker came by yet (D-PR-03)."""
    row = running_clock(case)
    return (
        case.state == "submitted"
        and row is not None
        and row.step == "precheck"
        and row.statutory_due_on is not None
        and row.statutory_due_on < clock.today()
    )


def counts_as_granted(case: Case) -> bool:
    """An extension applied for in time whose permit ran out without a decision counts as granted (行政许可法 art. 50).
    Nothing is printed by itself: an officer must act (D-PR-07)."""
    permit = case.previous_permit
    return (
        case.procedure == "EXTENSION"
        and case.state in ("accepted", "recommended")
        and permit is not None
        and permit.state is PermitState.IN_FORCE
        and permit.ends_on < clock.today()
    )


def no_permit_needed(case: Case) -> NonAcceptance | None:
    """Whether the person belongs to a group that needs no permit, and which body is responsible."""
    group, nationality = case.person.special_group, case.person.nationality
    book = records.book_of(case)
    if group is SpecialGroup.HKMOTW:
        regions = next((row.regions for row in book.rows("special_groups") if row.code == group.value), ())
        nationality = nationality if nationality in regions else next(iter(regions), nationality)
    return book.no_permit_needed(
        nationality,
        is_permanent_resident=group is SpecialGroup.PERMANENT_RESIDENT,
        is_diplomat=group is SpecialGroup.DIPLOMAT,
    )


def paper_gaps(case: Case) -> dict[str, list[Paper]]:
    """The lines of the checklist that stand in the way, by kind (`rules.GAPS`)."""
    found: dict[str, list[Paper]] = {}
    today = clock.today()
    for paper in case.papers:
        gap = rules.paper_gap(paper.requirement, paper.state.value, paper.check.value, paper.due_on, today)
        if gap:
            found.setdefault(gap, []).append(paper)
    return found


# --- whose case it is -------------------------------------------------------------------------------------------


def in_own_hands(case: Case, actor: Actor) -> Reasons:
    """Staff act on own or unassigned cases of own districts."""
    if may_act_on(case, actor):
        return ()
    if not actor.is_staff:
        return (Reason("not_yours", lazy("This is not your file.")),)
    if case.officer_id is not None and case.officer is not None:
        name = Bilingual(case.officer.name, case.officer.name_latin or case.officer.name)
        who = lazy("%(name)s can, or a manager hands it over.", name=name)
        text = lazy("The case is in the hands of %(name)s.", name=name)
        return (Reason("other_officer", text, who=who),)
    district = records.book_of(case).name_of("districts", case.district)
    who = lazy("A case officer of %(district)s can.", district=district)
    return (Reason("other_district", lazy("The place of work lies in %(district)s.", district=district), who=who),)


def in_own_district(case: Case, actor: Actor) -> Reasons:
    """Handing a case on: the one who has it, anybody of the district while nobody has it, or a manager."""
    if Role.MANAGER in actor.roles:
        return ()
    return in_own_hands(case, actor)


def by_applicant_or_in_own_hands(case: Case, actor: Actor) -> Reasons:
    """The expert or the organisation's handler for their own file, else the officer who has the case."""
    if not actor.is_staff and not actor.is_system and is_own(case, actor, to_act=True):
        return ()
    return in_own_hands(case, actor)


def editable_by_applicant(case: Case, actor: Actor) -> Reasons:
    """The organisation's handler changes a draft; once it is submitted the officer does."""
    if case.state == "draft":
        return by_applicant_or_in_own_hands(case, actor)
    if not actor.is_staff and not actor.is_system:
        who = lazy("The case officer can.")
        return (Reason("submitted_already", lazy("The application was submitted already."), who=who),)
    return in_own_hands(case, actor)


def not_granted_by_law(case: Case, actor: Actor) -> Reasons:
    """What the law has granted is not refused any more."""
    if not counts_as_granted(case):
        return ()
    text = lazy(
        "The permit ran out without a decision, so its extension counts as granted (art. 50 of the Licence Law)."
    )
    return (Reason("counts_as_granted", text, who=lazy("Grant it, so that the letters can be issued.")),)


def four_eyes(case: Case, actor: Actor) -> Reasons:
    """Who entered, edited or recommended never decides, not even through a changed role."""
    if not handled_before(case, actor):
        return ()
    text = lazy("You worked on this case yourself, so somebody else decides it (four eyes).")
    return (Reason("four_eyes", text, who=lazy("Another approving officer can.")),)


# --- before submission ------------------------------------------------------------------------------------------

_NEEDED: tuple[tuple[str, Any], ...] = (
    ("post", lazy("post")),
    ("contract_start_on", lazy("first day of the contract")),
)


def particulars_there(case: Case, actor: Actor) -> Reasons:
    """What no application can do without; who needs no permit is told so on less."""
    if no_permit_needed(case) is not None:
        return ()
    found = [
        Reason(f"missing.{name}", lazy("Not filled in: %(what)s.", what=label))
        for name, label in _NEEDED
        if not getattr(case, name)
    ]
    if case.contract_end_on is None and not case.is_open_ended:
        text = lazy("Not filled in: %(what)s.", what=lazy("last day of the contract"))
        found.append(Reason("missing.contract_end_on", text))
    start, end = case.contract_start_on, case.contract_end_on
    if start is not None and end is not None and end < start:
        found.append(Reason("contract_order", lazy("The contract ends before it begins.")))
    return found


def procedure_open(case: Case, actor: Actor) -> Reasons:
    """Only procedures that this system carries out from end to end."""
    row = records.book_of(case).procedure(case.procedure)
    if row.open:
        return ()
    return (Reason("procedure_not_open", lazy("%(procedure)s cannot be handled here yet.", procedure=row.short)),)


def in_country_ground(case: Case, actor: Actor) -> Reasons:
    """An in-country application names one of the grounds, and the ground fits."""
    if case.procedure != "NEW_IN_CHINA" or no_permit_needed(case) is not None:
        return ()
    book = records.book_of(case)
    row = book.find("in_country_grounds", case.in_country_ground) if case.in_country_ground else None
    if row is None:
        return (Reason("ground_missing", lazy("Name the ground for applying inside China.")),)
    if row.use:
        other = book.procedure(row.use).short
        text = lazy("This ground belongs to another procedure: %(name)s.", name=other)
        return (Reason("ground_other_procedure", text),)
    if row.categories and not {case.category, case.claimed_category} & set(row.categories):
        return (_ground_category(book, row),)
    if row.needs_reason and not case.ground_reason.strip():
        return (Reason("ground_reason", lazy("This ground needs a reason.")),)
    return ()


def ground_fits_category(case: Case, actor: Actor) -> Reasons:
    """What was claimed at submission is judged by the decision: the ground of category A carries nobody else."""
    if case.procedure != "NEW_IN_CHINA":
        return ()
    book = records.book_of(case)
    row = book.find("in_country_grounds", case.in_country_ground)
    if row is None or not row.categories or case.category in row.categories:
        return ()
    return (_ground_category(book, row),)


def _ground_category(book: RuleBook, row: Any) -> Reason:
    only = rules.listed(book.row("categories", code).short for code in row.categories)
    return Reason("ground_category", lazy("This ground is only for %(category)s.", category=only))


def extension_fits(case: Case, actor: Actor) -> Reasons:
    """An extension goes on from a permit in force of the same person and employer, inside its window (D-PR-04)."""
    if case.procedure != "EXTENSION":
        return ()
    permit = case.previous_permit
    if permit is None:
        return (Reason("extension_permit", lazy("Name the permit that is to be extended.")),)
    found: list[Reason] = []
    if permit.person_id != case.person_id:
        found.append(Reason("extension_person", lazy("The permit belongs to another person.")))
    if permit.organisation_id != case.organisation_id:
        text = lazy("The employer is not the one of the permit; a change of employer is a new application.")
        found.append(Reason("extension_employer", text))
    day = case.received_on
    if permit.state is not PermitState.IN_FORCE or permit.ends_on < day:
        found.append(Reason("extension_not_in_force", lazy("The permit is not in force any more.")))
        return found
    book = records.book_of(case)
    window = book.extension_window(permit.ends_on)
    if window.state(day) != "open":
        code = "extension_early" if window.state(day) == "early" else "extension_late"
        found.append(Reason(code, book.window_sentence(window, day)))
    return found


# --- the check before acceptance --------------------------------------------------------------------------------


def not_accepted_by_silence(case: Case, actor: Actor) -> Reasons:
    """After the legal days without an answer nothing but the acceptance is left."""
    if not counts_as_accepted(case):
        return ()
    row = running_clock(case)
    started = row.started_on if row else case.received_on
    text = lazy(
        "The time to name gaps has passed, so the case counts as accepted since %(day)s.", day=lazy_date(started)
    )
    return (Reason("counts_as_accepted", text, who=lazy("Record the acceptance, then go on with the review.")),)


def permit_is_needed(case: Case, actor: Actor) -> Reasons:
    """Who needs no permit is not accepted (NA1), never refused."""
    found = no_permit_needed(case)
    return () if found is None else (Reason("no_permit_needed", found.reason),)


_GAP_TEXTS: dict[str, Callable[[Any], Any]] = {
    "missing": lambda papers: lazy("Not supplied: %(papers)s.", papers=papers),
    "problem": lambda papers: lazy("With a problem: %(papers)s.", papers=papers),
    "unchecked": lambda papers: lazy("Not checked yet: %(papers)s.", papers=papers),
    "uncommitted": lambda papers: lazy("Commitment not confirmed: %(papers)s.", papers=papers),
    "unpromised": lambda papers: lazy("Neither supplied nor promised for later: %(papers)s.", papers=papers),
    "overdue": lambda papers: lazy("Promised for later and overdue: %(papers)s.", papers=papers),
}


def papers_ready(case: Case, actor: Actor) -> Reasons:
    """Everything the checklist asks for is there and in order; silence is stronger than a gap."""
    if counts_as_accepted(case):
        return ()
    gaps = paper_gaps(case)
    return tuple(_gap_reason(case, gap, gaps[gap]) for gap in rules.GAPS if gap in gaps)


def _gap_reason(case: Case, gap: str, papers: list[Paper]) -> Reason:
    book = records.book_of(case)
    names = rules.listed(book.name_of("documents", paper.document) for paper in papers)
    return Reason(f"papers_{gap}", _GAP_TEXTS[gap](names))


def papers_checked(case: Case, actor: Actor) -> Reasons:
    """One complete notice: nothing may be told before everything has been looked at."""
    unchecked = paper_gaps(case).get("unchecked", [])
    return (_gap_reason(case, "unchecked", unchecked),) if unchecked else ()


def verdicts_given(case: Case, actor: Actor) -> Reasons:
    """Every criterion that rests on evidence alone is set to proved or not used."""
    if counts_as_accepted(case):
        return ()
    pairs = [(row.criterion, row.verdict.value) for row in case.judgements]
    still_open = rules.open_verdicts(rules.newest_verdicts(pairs), tuple(case.facts.get("criteria") or ()))
    return tuple(
        Reason("verdict_open", lazy("%(criterion)s must first be set to “proved” or “not used”.", criterion=code))
        for code in still_open
    )


def deferred_papers_in(case: Case, actor: Actor) -> Reasons:
    """Before the decision every promised paper is here, except the examination after entry (checklist letter D)."""
    late = [paper for paper in case.papers if paper.state == "deferred" and paper.document != "MEDICAL"]
    if not late:
        return ()
    names = rules.listed(records.book_of(case).name_of("documents", paper.document) for paper in late)
    return (Reason("papers_deferred", lazy("Still to be supplied before the decision: %(papers)s.", papers=names)),)


def category_found(case: Case, actor: Actor) -> Reasons:
    """A grant needs a category."""
    if case.category:
        return ()
    return (Reason("no_category", lazy("No criterion of any category is met.")),)


# --- correction -------------------------------------------------------------------------------------------------


def correction_answered(case: Case, actor: Actor) -> Reasons:
    """Every item of the notice has got its answer."""
    correction = open_correction(case)
    if correction is None:
        return (Reason("no_correction", lazy("No correction notice waits for an answer.")),)
    waiting = [item for item in correction.items if item.answered_at is None]
    if not waiting:
        return ()
    book = records.book_of(case)
    names = rules.listed(book.name_of("documents", item.document) for item in waiting)
    return (Reason("items_open", lazy("Still to be sent: %(papers)s.", papers=names)),)


def correction_overdue(case: Case, actor: Actor) -> Reasons:
    """Papers go back only after the time to correct is over (NA3)."""
    correction = open_correction(case)
    if correction is None or correction.due_on is None or correction.due_on < clock.today():
        return ()
    text = lazy("The time to correct runs until %(day)s.", day=lazy_date(correction.due_on))
    return (Reason("correction_running", text),)


def correction_extendable(case: Case, actor: Actor) -> Reasons:
    """The time to correct can be made longer as often as the settings say, and before it is over."""
    correction = open_correction(case)
    if correction is None:
        return (Reason("no_correction", lazy("No correction notice waits for an answer.")),)
    if correction.is_extended:
        return (Reason("extended_already", lazy("The time to correct was already made longer once.")),)
    if correction.due_on is not None and correction.due_on < clock.today():
        return (Reason("correction_over", lazy("The time to correct is over.")),)
    return ()


# --- clocks -----------------------------------------------------------------------------------------------------


def clock_runs(case: Case, actor: Actor) -> Reasons:
    row = running_clock(case)
    if row is None:
        return (Reason("no_clock", lazy("No limit is running.")),)
    if any(pause.to_on is None for pause in row.pauses):
        return (Reason("paused_already", lazy("The clock is standing already.")),)
    return ()


def clock_paused(case: Case, actor: Actor) -> Reasons:
    row = running_clock(case)
    if row is not None and any(pause.to_on is None for pause in row.pauses):
        return ()
    return (Reason("not_paused", lazy("The clock is not standing.")),)


def clock_not_paused(case: Case, actor: Actor) -> Reasons:
    """A hearing or an expert review is over before its case is decided."""
    row = running_clock(case)
    if row is None or all(pause.to_on is not None for pause in row.pauses):
        return ()
    return (Reason("paused", lazy("The clock is standing; let it run again first.")),)


def limit_extendable(case: Case, actor: Actor) -> Reasons:
    """行政许可法 art. 42: once, before the legal limit is over, by the head of the authority."""
    row = running_clock(case)
    if row is None or row.statutory_wd is None:
        return (Reason("no_clock", lazy("No limit is running.")),)
    if row.extended_wd:
        return (Reason("extended_already", lazy("The limit was already extended once.")),)
    if row.statutory_due_on is not None and row.statutory_due_on < clock.today():
        return (Reason("limit_over", lazy("The legal limit has passed; it can no longer be extended.")),)
    limits = records.book_of(case).limits(case.procedure, records.working_category(case), row.step)
    if limits.statutory is None or not limits.statutory.extension_wd:
        return (Reason("no_extension", lazy("The law knows no extension of this limit.")),)
    return ()


def letters_issued(case: Case, actor: Actor) -> Reasons:
    """Delivery means handing over a letter."""
    wanted = "REFUSAL_DECISION" if case.state == "refused" else "GRANT_DECISION"
    if any(letter.kind == wanted and letter.status == "issued" for letter in case.letters):
        return ()
    return (Reason("no_letter", lazy("There is no letter to deliver.")),)
