"""The checklist of a case as rows: made from procedure, category and circumstances, kept in line when they change."""

from __future__ import annotations

from datetime import date, timedelta

from expertdesk.cases import records
from expertdesk.foundation import clock
from expertdesk.models import Case, Paper, PaperCheck, PaperState
from expertdesk.regulations import ChecklistItem, Circumstances, Facts
from expertdesk.regulations.current import rules_today

MEDICAL = "MEDICAL"
_SUPPLIED = frozenset({PaperState.UPLOADED, PaperState.ORIGINAL_SEEN, PaperState.REUSED})


def checklist_of(case: Case) -> tuple[ChecklistItem, ...]:
    """Which papers the case needs now, each with its reason and source."""
    book = records.book_of(case)
    return book.checklist(case.procedure, records.working_category(case), circumstances_of(case))


def circumstances_of(case: Case) -> Circumstances:
    """What was entered about the case, and what follows from its other records."""
    book = records.book_of(case)
    permit = case.previous_permit
    facts = Facts.from_json(records.case_facts(case))
    points = records.classified(book, facts).points
    known = {
        "main_criterion": case.main_criterion,
        "has_family": any(member.is_accompanying for member in case.person.family),
        "has_medical": any(paper.document == MEDICAL and paper.state in _SUPPLIED for paper in case.papers),
        "claims_hsk": bool(facts.chinese and facts.chinese.startswith("hsk")),
        "claimed_factors": [factor.code for factor in points.factors if factor.stated],
    }
    if permit is not None:
        known |= {
            "old_criterion": permit.main_criterion,
            "is_upgrade": permit.category > case.category == "A",
            "title_changed": bool(permit.post) and permit.post != case.post,
        }
    given = {name: value for name, value in case.circumstances.items() if value not in (None, "", False)}
    return Circumstances.from_json({**known, **given})


def refresh_checklist(case: Case) -> None:
    """Make, change and drop lines so that they fit the case; what was supplied always stays."""
    rows = {paper.document: paper for paper in case.papers}
    extra = {item.document for correction in case.corrections for item in correction.items if item.is_extra}
    items = checklist_of(case)
    for position, item in enumerate(items, start=1):
        paper = rows.pop(item.code, None)
        if paper is None:
            paper = Paper(document=item.code, state=PaperState.MISSING, check=PaperCheck.UNCHECKED, pages=0)
            case.papers.append(paper)
        paper.position = position
        asked_for = item.code in extra and item.status in ("waived", "if_applicable")
        _require(case, paper, "required" if asked_for else item.status)
    for paper in rows.values():
        paper.position = len(items) + 1
        if paper.document not in extra:
            _drop(case, paper)


def _drop(case: Case, paper: Paper) -> None:
    """Not needed any more: what was supplied stays, a notice does not wait for it any longer."""
    for correction in case.corrections:
        for item in correction.items:
            if item.document == paper.document and item.answered_at is None:
                item.answered_at = clock.now()
    if paper.versions or paper.state is not PaperState.MISSING:
        paper.requirement = "unused"
    else:
        case.papers.remove(paper)


def _require(case: Case, paper: Paper, status: str) -> None:
    """A commitment counts only while the table allows it; a paper due later gets its date."""
    paper.requirement = status
    if paper.state is PaperState.COMMITTED and status != "commitment":
        paper.state, paper.check = PaperState.MISSING, PaperCheck.UNCHECKED
    if paper.state is PaperState.DEFERRED and paper.document == MEDICAL:
        paper.due_on = deferred_until(case, MEDICAL)
    if paper.document == "PASSPORT":
        paper.valid_until = case.passport.expires_on
    if paper.document == "CONTRACT":
        paper.valid_until = None if case.is_open_ended else case.contract_end_on


def deferred_until(case: Case, document: str) -> date | None:
    """Until when a promised paper must come: the examination counts from entry, any other from today (D-DO-02)."""
    row = records.book_of(case).row("deferral", "DEFERRAL")
    calendar = rules_today().calendar
    if document != MEDICAL:
        return calendar.add_working_days(clock.today(), row.supply_wd).due_on
    if case.entry_on is None:
        return None
    return calendar.next_working_day(case.entry_on + timedelta(days=row.medical_days_after_entry))


def valid_until(case: Case, document: str, issued_on: date | None) -> date | None:
    """Last day on which the paper is good, by the table or by the thing it shows."""
    if document == "PASSPORT":
        return case.passport.expires_on
    if document == "CONTRACT":
        return None if case.is_open_ended else case.contract_end_on
    if document == "VISA_PAGE":
        ends = case.person.residence.get("ends_on")
        return date.fromisoformat(ends) if ends else None
    return records.book_of(case).paper_valid_until(document, issued_on) if issued_on else None


