"""The correction notice: everything that is missing, named once and in full (行政许可法 art. 32), and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import letters, records, rules
from expertdesk.cases.acting import act, require_possible
from expertdesk.cases.checklist import checklist_of
from expertdesk.cases.guards import open_correction, paper_gaps, running_clock
from expertdesk.cases.issuing import draft_head, preview_letter
from expertdesk.documents import Printed
from expertdesk.documents.contexts import NOTHING
from expertdesk.foundation import clock
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.models import Case, Correction, CorrectionItem, Paper, PaperCheck, PaperState
from expertdesk.workflow import Performed

_LONGEST = 500
_WANTED = frozenset({"required", "commitment", "deferred"})
_NOT_SUPPLIED = Bilingual("未提交。", "Not supplied.")
_SUPPLY = Bilingual("请提交该材料。", "Supply this paper.")
_OVERDUE = Bilingual("承诺后补的材料逾期未交。", "It was promised for later and has not come in time.")
_NOT_CONFIRMED = Bilingual("告知承诺未确认。", "The commitment has not been confirmed.")
_CONFIRM = Bilingual("请确认告知承诺，或者提交该材料。", "Confirm the commitment or supply this paper.")


@dataclass(frozen=True)
class CorrectionItemData:
    """A paper, what is wrong with it, and what would be enough; both languages."""

    document: str
    reason_code: str = ""
    problem: Bilingual = NOTHING
    demand: Bilingual = NOTHING


def correction_draft(case: Case) -> tuple[CorrectionItemData, ...]:
    """Every gap as an item, ready to be sent or reworded: what was missing, and what the check found."""
    gaps = paper_gaps(case)
    found = [(paper, gap) for gap in rules.GAPS if gap != "unchecked" for paper in gaps.get(gap, ())]
    notes = {item.code: item.notes for item in checklist_of(case)}
    found.sort(key=lambda pair: pair[0].position)
    return tuple(_item(case, paper, gap, notes.get(paper.document, ())) for paper, gap in found)


def _item(case: Case, paper: Paper, gap: str, notes: Sequence[Bilingual]) -> CorrectionItemData:
    book = records.book_of(case)
    if gap == "problem":
        reason = book.find("correction_reasons", paper.reason_code)
        problem = Bilingual(paper.problem_zh, paper.problem_en)
        demand = Bilingual(paper.demand_zh, paper.demand_en)
        return CorrectionItemData(
            paper.document,
            paper.reason_code,
            problem or (reason.name if reason else NOTHING),
            demand or (reason.demand if reason else _SUPPLY),
        )
    supply = _supply(notes, book.document(paper.document).alternative)
    problem, demand = {
        "overdue": (_OVERDUE, supply),
        "uncommitted": (_NOT_CONFIRMED, _CONFIRM),
    }.get(gap, (_NOT_SUPPLIED, supply))
    return CorrectionItemData(paper.document, "", problem, demand)


def _supply(notes: Sequence[Bilingual], alternative: Bilingual | None) -> Bilingual:
    """What would be enough: the paper, with what the checklist asks of it, then what may stand for it."""
    asked = [note for note in notes if note != alternative]
    zh, en = _SUPPLY.zh, _SUPPLY.en
    if asked:
        zh = f"{zh}要求：{'；'.join(note.zh for note in asked)}。"
        en = f"{en[:-1]}, {'; '.join(note.en for note in asked)}."
    if alternative:
        zh, en = f"{zh}{alternative.zh}。", f"{en} {alternative.en}."
    return _SUPPLY if max(len(zh), len(en)) > _LONGEST else Bilingual(zh, en)


def ask_correction(
    case: Case,
    items: Sequence[CorrectionItemData],
    actor: Actor,
    seen_version: int | None,
    later_reason: str = "",
) -> Correction:
    """One complete notice. It names every gap; a second one says why the item was not in the first."""
    require_possible(case, "ask_correction", actor, seen_version)
    _check(case, items, later_reason)
    correction = _make(case, items, later_reason)

    def effect(done: Performed) -> None:
        correction.issued_on = records.event_day(done.event)
        case.corrections.append(correction)
        if case.officer_id is None:
            case.officer_id = actor.id or None
        _mark_problems(case, items, actor)

    def notice(done: Performed) -> Any:
        row = running_clock(case)
        assert row is not None and row.promised_due_on is not None
        correction.due_on = row.promised_due_on
        return letters.correction(case, draft_head(), correction, actor, row.promised_due_on, row.promised_wd or 0)

    done = act(
        case,
        "ask_correction",
        actor,
        seen_version=seen_version,
        payload={"items": [item.document for item in items], "later_reason": later_reason.strip()},
        effect=effect,
        letters={"CORRECTION_NOTICE": notice},
    )
    correction.letter_id = done.letters[0].id
    done.session.flush()
    return correction


def _check(case: Case, items: Sequence[CorrectionItemData], later_reason: str) -> None:
    problems: dict[str, Any] = {}
    book = records.book_of(case)
    if not items:
        problems["items"] = lazy("Name at least one paper.")
    documents = [item.document for item in items]
    if len(set(documents)) < len(documents):
        problems["items"] = lazy("Each paper stands in the notice once.")
    for number, item in enumerate(items):
        if book.find("documents", item.document) is None:
            problems[f"items-{number}-document"] = lazy("Choose a paper.")
        if item.reason_code and book.find("correction_reasons", item.reason_code) is None:
            problems[f"items-{number}-reason_code"] = lazy("Choose a reason.")
        for name, text in (("problem", item.problem), ("demand", item.demand)):
            problems |= _problems_of_text(f"items-{number}-{name}", text)
    left_out = [paper for papers in paper_gaps(case).values() for paper in papers if paper.document not in documents]
    if items and left_out:
        names = rules.listed(book.name_of("documents", paper.document) for paper in left_out)
        problems.setdefault("items", lazy("The notice must be complete; also name: %(papers)s.", papers=names))
    if _told_before(case) and not later_reason.strip():
        problems["later_reason"] = lazy("Say why this was not in the first notice; everything is told once.")
    if problems:
        raise RuleBroken(problems)


def _problems_of_text(name: str, text: Bilingual) -> dict[str, Any]:
    if not text.zh.strip() or not text.en.strip():
        return {name: lazy("Write it in both languages.")}
    if max(len(text.zh), len(text.en)) > _LONGEST:
        return {name: lazy("At most %(count)s characters.", count=_LONGEST)}
    return {}


def _told_before(case: Case) -> bool:
    return any(correction.issued_on is not None for correction in case.corrections)


def _make(case: Case, items: Sequence[CorrectionItemData], later_reason: str) -> Correction:
    wanted = {paper.document for paper in case.papers if paper.requirement in _WANTED}
    correction = Correction(is_extended=False, later_reason=later_reason.strip())
    correction.items = [
        CorrectionItem(
            document=item.document,
            reason_code=item.reason_code,
            problem_zh=item.problem.zh.strip(),
            problem_en=item.problem.en.strip(),
            demand_zh=item.demand.zh.strip(),
            demand_en=item.demand.en.strip(),
            is_extra=item.document not in wanted,
        )
        for item in items
    ]
    return correction


def _mark_problems(case: Case, items: Sequence[CorrectionItemData], actor: Actor) -> None:
    """The papers of the notice show what is wrong with them; one that was not required is now."""
    rows = {paper.document: paper for paper in case.papers}
    for item in items:
        paper = rows.get(item.document)
        if paper is None:
            paper = Paper(document=item.document, position=len(case.papers) + 1, pages=0, state=PaperState.MISSING)
            case.papers.append(paper)
        if paper.requirement not in _WANTED:
            paper.requirement = "required"
        paper.check = PaperCheck.PROBLEM
        paper.reason_code = item.reason_code
        paper.problem_zh, paper.problem_en = item.problem.zh, item.problem.en
        paper.demand_zh, paper.demand_en = item.demand.zh, item.demand.en
        paper.checked_by_id, paper.checked_at = actor.id or None, clock.now()


def preview_correction(
    case: Case, items: Sequence[CorrectionItemData], actor: Actor, later_reason: str = ""
) -> Printed:
    """The notice as it would look, without number and code; nothing is stored."""
    from expertdesk.cases.clock import CORRECTION, due_if_started

    _check(case, items, later_reason)
    correction = _make(case, items, later_reason)
    limit = due_if_started(case, CORRECTION, clock.today())
    assert limit.promised_due_on is not None
    due, days = limit.promised_due_on, limit.promised_wd or 0
    return preview_letter(
        case, "CORRECTION_NOTICE", lambda head: letters.correction(case, head, correction, actor, due, days)
    )


def extend_correction(case: Case, actor: Actor, seen_version: int | None, reason: str) -> Correction:
    """More time to correct, once, on the applicant's wish."""
    more = records.book_of(case).setting("CORRECTION_EXTENSION_WD")

    act(case, "extend_correction", actor, seen_version=seen_version, reason=reason, payload={"working_days": more})
    correction = open_correction(case)
    row = running_clock(case)
    assert correction is not None and row is not None
    correction.is_extended, correction.due_on = True, row.promised_due_on
    records.session_of(case).flush()
    return correction


def answer_correction(case: Case, actor: Actor, seen_version: int | None = None) -> Case:
    """Everything asked for is here: the check starts anew (D-PR-02)."""

    def effect(done: Performed) -> None:
        correction = open_correction(case)
        assert correction is not None
        correction.answered_at = done.event.at

    act(case, "answer_correction", actor, seen_version=seen_version, effect=effect)
    return case


def return_papers(case: Case, actor: Actor, seen_version: int | None, reason: str = "") -> Case:
    """The time to correct is over: the papers go back, the case ends."""
    act(case, "return_papers", actor, seen_version=seen_version, reason=reason, effect=records.mark_end)
    return case
