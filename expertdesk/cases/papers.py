"""Papers of a case: uploading, seeing the original, committing, promising for later, checking.

The clean copy is served, the original is kept; both lie encrypted under random keys, and the bytes are on the disk
before a row names them. Every step stands in the history and makes a new version of the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.access import Actor, Permission
from expertdesk.cases import checklist, records
from expertdesk.cases.checklist import checklist_of, refresh_checklist
from expertdesk.cases.grid import PaperLine, VersionLine, paper_grid
from expertdesk.cases.guards import by_applicant_or_in_own_hands, counts_as_accepted, in_own_hands, open_correction
from expertdesk.documents.contexts import NOTHING
from expertdesk.foundation import clock
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, Reason, RuleBroken
from expertdesk.foundation.installed import storage
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.foundation.uploads import CleanUpload, UploadLimits
from expertdesk.models import Case, CaseState, Paper, PaperCheck, PaperState, PaperVersion
from expertdesk.regulations.current import rules_today

__all__ = [
    "PaperLine", "VersionLine", "add_version", "check_paper", "check_papers", "commit_paper", "defer_paper",
    "mark_original_seen", "paper_bytes", "paper_grid", "paper_of", "refresh_checklist", "upload_limits",
]  # fmt: skip

_MEGABYTE = 1024 * 1024
_LONGEST = 500
S = CaseState
# where the office works on the papers; a promised paper may come later too
_WORKED_ON = frozenset({S.DRAFT, S.SUBMITTED, S.IN_CORRECTION, S.ACCEPTED})
_LATER = frozenset({S.RECOMMENDED, S.GRANTED, S.DELIVERED})


def upload_limits(kind: str = "papers") -> UploadLimits:
    """The limits in force for `papers` or `photo`, said before anybody chooses a file."""
    row = rules_today().upload_rule(kind)
    return UploadLimits(
        size_bytes=row.size_mb * _MEGABYTE,
        pixels=row.pixels,
        pages=row.pages,
        unpacked_bytes=row.unpacked_mb * _MEGABYTE,
        seconds=row.seconds,
        memory_bytes=row.memory_mb * _MEGABYTE,
        kinds=tuple(row.kinds),
    )


def paper_of(case: Case, document: str) -> Paper:
    """The line of the checklist, or NotFound."""
    found = next((paper for paper in case.papers if paper.document == document), None)
    if found is None:
        raise NotFound(document)
    return found


# --- who may, and when ------------------------------------------------------------------------------------------


def _refuse(case: Case, paper: Paper, actor: Actor) -> None:
    """The office works on papers until the recommendation; an applicant supplies what is asked for."""
    reasons = list(by_applicant_or_in_own_hands(case, actor))
    if case.state not in _allowed_states(paper, actor):
        label = records.book_of(case).state(case.state).name
        text = lazy("Papers cannot be changed in the state “%(state)s”.", state=label)
        reasons.append(Reason("papers_closed", text))
    elif not actor.is_staff and not actor.is_system and not _is_asked_for(case, paper):
        reasons.append(Reason("not_asked_for", lazy("This paper is not asked for at the moment.")))
    if reasons:
        raise NotAllowedNow(reasons, action="paper")


def _allowed_states(paper: Paper, actor: Actor) -> frozenset[CaseState]:
    return _WORKED_ON | _LATER if paper.state is PaperState.DEFERRED else _WORKED_ON


def _is_asked_for(case: Case, paper: Paper) -> bool:
    """A draft is the applicant's own; afterwards what the notice names, what was promised, and what is missing."""
    if case.state is S.DRAFT or paper.state is PaperState.DEFERRED:
        return True
    if case.state is S.IN_CORRECTION:
        correction = open_correction(case)
        return correction is not None and any(item.document == paper.document for item in correction.items)
    return case.state is S.SUBMITTED and paper.state is PaperState.MISSING and not counts_as_accepted(case)


def may_supply(case: Case, paper: Paper, actor: Actor) -> bool:
    """Whether this actor may hand in this paper now: the page offers the upload or not."""
    try:
        _refuse(case, paper, actor)
    except NotAllowedNow:
        return False
    return _may_upload(actor)


def _may_upload(actor: Actor) -> bool:
    return any(
        actor.may(right)
        for right in (Permission.PAPER_UPLOAD, Permission.MY_ANSWER, Permission.MY_APPLY, Permission.SYSTEM)
    )


def _begin(case: Case, document: str, actor: Actor, seen_version: int | None = None) -> Paper:
    if not _may_upload(actor):
        raise NotPermitted(Permission.PAPER_UPLOAD)
    records.hold(case, seen_version)
    paper = paper_of(case, document)
    _refuse(case, paper, actor)
    return paper


# --- supplying --------------------------------------------------------------------------------------------------


def add_version(
    case: Case,
    document: str,
    upload: CleanUpload,
    actor: Actor,
    *,
    issued_on: date | None = None,
    is_translation: bool = False,
) -> PaperVersion:
    """Keep a clean upload as the newest version of a paper; what was checked before is to be checked again."""
    paper = _begin(case, document, actor)
    _check_issued(issued_on)
    version = PaperVersion(
        file_name=upload.name,
        media_type=upload.clean_type,
        is_translation=is_translation,
        original_key=storage().put(upload.original),
        original_sha256=upload.original_sha256,
        clean_key=storage().put(upload.clean),
        clean_sha256=upload.clean_sha256,
        size=len(upload.clean),
        pages=upload.pages,
        uploaded_by_id=actor.id or None,
        uploaded_at=clock.now(),
    )
    paper.versions.insert(0, version)
    payload = {
        "document": document,
        "pages": upload.pages,
        "translation": is_translation,
        "sha256": upload.clean_sha256,
    }
    _supply(case, paper, PaperState.UPLOADED, issued_on, upload.pages + (paper.pages if is_translation else 0))
    _note(case, "case.paper_added", actor, payload)
    return version


def mark_original_seen(
    case: Case, document: str, actor: Actor, issued_on: date | None = None, pages: int = 1
) -> Paper:
    """The original was shown at the counter."""
    if not actor.may(Permission.PAPER_CHECK):
        raise NotPermitted(Permission.PAPER_CHECK)
    paper = _begin(case, document, actor)
    _check_issued(issued_on)
    if pages < 1:
        raise RuleBroken({"pages": lazy("A paper has at least one page.")})
    _supply(case, paper, PaperState.ORIGINAL_SEEN, issued_on, pages)
    _note(case, "case.original_seen", actor, {"document": document, "pages": pages})
    return paper


def _check_issued(issued_on: date | None) -> None:
    if issued_on is not None and issued_on > clock.today():
        raise RuleBroken({"issued_on": lazy("The day of issue lies in the future.")})


def _supply(case: Case, paper: Paper, state: PaperState, issued_on: date | None, pages: int) -> None:
    paper.state, paper.check, paper.pages = state, PaperCheck.UNCHECKED, pages
    paper.issued_on = issued_on or paper.issued_on
    paper.valid_until = checklist.valid_until(case, paper.document, paper.issued_on)
    paper.due_on = None
    _answer(case, paper.document)
    if paper.document == checklist.MEDICAL:
        refresh_checklist(case)


def _answer(case: Case, document: str) -> None:
    """What the open correction notice asked for has come."""
    correction = open_correction(case)
    for item in correction.items if correction is not None else ():
        if item.document == document and item.answered_at is None:
            item.answered_at = clock.now()


def _note(case: Case, name: str, actor: Actor, payload: dict[str, Any]) -> None:
    """Drafts are the office's own; afterwards the applicant's timeline shows it."""
    records.note(case, name, actor, payload, is_public=case.state is not S.DRAFT)
    records.session_of(case).flush()


def commit_paper(case: Case, document: str, actor: Actor) -> Paper:
    """Employer and applicant confirm the fixed text instead of the paper (告知承诺): nothing is due later."""
    paper = _begin(case, document, actor)
    if paper.requirement != "commitment":
        text = lazy("For this paper a commitment is not enough.")
        raise NotAllowedNow([Reason("no_commitment", text)], action="commit")
    paper.state, paper.check, paper.due_on = PaperState.COMMITTED, PaperCheck.UNCHECKED, None
    _answer(case, document)
    _note(case, "case.paper_committed", actor, {"document": document})
    return paper


def defer_paper(case: Case, document: str, actor: Actor, *, reason: str = "") -> Paper:
    """The paper may follow, on a written promise with a date (容缺后补). Beyond the table's own cases an officer lets
    only a non-core paper of category A follow, with a reason (D-DO-02)."""
    paper = _begin(case, document, actor)
    if paper.requirement != "deferred":
        _may_let_follow(case, document, actor, reason)
    paper.state, paper.check = PaperState.DEFERRED, PaperCheck.UNCHECKED
    due_on = paper.due_on = checklist.deferred_until(case, document)
    _answer(case, document)
    due = due_on.isoformat() if due_on else ""
    _note(case, "case.paper_deferred", actor, {"document": document, "due_on": due, "reason": reason.strip()})
    return paper


def _may_let_follow(case: Case, document: str, actor: Actor, reason: str) -> None:
    item = next((item for item in checklist_of(case) if item.code == document), None)
    allowed = (
        item is not None
        and actor.may(Permission.PAPER_CHECK)
        and records.book_of(case).may_defer(item, case.category, case.main_criterion)
    )
    if not allowed:
        text = lazy("This paper cannot be left for later: it is a core paper, or the case is not of category A.")
        raise NotAllowedNow([Reason("no_deferral", text)], action="defer")
    if not reason.strip():
        raise RuleBroken({"reason": lazy("Give a reason.")})


# --- checking ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CheckData:
    """The result for one paper; `problem` and `demand` only where it is not in order."""

    document: str
    in_order: bool
    reason_code: str = ""
    problem: Bilingual = NOTHING
    demand: Bilingual = NOTHING


def check_paper(
    case: Case,
    document: str,
    in_order: bool,
    actor: Actor,
    reason_code: str = "",
    problem: Bilingual = NOTHING,
    demand: Bilingual = NOTHING,
    *,
    seen_version: int | None = None,
) -> Paper:
    """One paper looked at: in order, or what is wrong and what would be enough."""
    data = CheckData(document, in_order, reason_code, problem, demand)
    return check_papers(case, [data], actor, seen_version=seen_version)[0]


def check_papers(
    case: Case, results: list[CheckData], actor: Actor, *, seen_version: int | None = None
) -> list[Paper]:
    """Several papers looked at in one go; either all are recorded or none."""
    if not actor.may(Permission.PAPER_CHECK):
        raise NotPermitted(Permission.PAPER_CHECK)
    records.hold(case, seen_version)
    reasons = list(in_own_hands(case, actor))
    only_medical = all(data.document == checklist.MEDICAL for data in results)
    if case.state not in _WORKED_ON and not (case.state in _LATER and only_medical):
        label = records.book_of(case).state(case.state).name
        reasons.append(Reason("papers_closed", lazy("Papers cannot be changed in the state “%(state)s”.", state=label)))
    if reasons:
        raise NotAllowedNow(reasons, action="check")
    problems: dict[str, Any] = {}
    for data in results:
        problems |= _problems_of(case, data)
    if problems:
        raise RuleBroken(problems)
    checked = [_record(case, data, actor) for data in results]
    payload = {
        "in_order": [data.document for data in results if data.in_order],
        "problem": [data.document for data in results if not data.in_order],
    }
    records.note(case, "case.papers_checked", actor, payload)
    records.session_of(case).flush()
    return checked


def _problems_of(case: Case, data: CheckData) -> dict[str, Any]:
    paper = paper_of(case, data.document)
    book = records.book_of(case)
    if data.in_order:
        supplied = paper.state in (PaperState.UPLOADED, PaperState.ORIGINAL_SEEN, PaperState.REUSED)
        return {} if supplied else {data.document: lazy("A paper that is not here cannot be in order.")}
    reason = book.find("correction_reasons", data.reason_code) if data.reason_code else None
    if data.reason_code and reason is None:
        return {data.document: lazy("Choose a reason.")}
    texts = (data.problem, data.demand)
    if reason is None and not all(text.zh.strip() and text.en.strip() for text in texts):
        text = lazy("Choose a reason, or write the problem and what would be enough in both languages.")
        return {data.document: text}
    if any(bool(text.zh.strip()) != bool(text.en.strip()) for text in texts):
        return {data.document: lazy("Write it in both languages.")}
    if any(len(side) > _LONGEST for text in texts for side in (text.zh, text.en)):
        return {data.document: lazy("At most %(count)s characters.", count=_LONGEST)}
    return {}


def _record(case: Case, data: CheckData, actor: Actor) -> Paper:
    paper = paper_of(case, data.document)
    reason = records.book_of(case).find("correction_reasons", data.reason_code) if data.reason_code else None
    problem, demand = data.problem, data.demand
    if not data.in_order and reason is not None:
        problem, demand = problem or reason.name, demand or reason.demand
    paper.check = PaperCheck.IN_ORDER if data.in_order else PaperCheck.PROBLEM
    paper.reason_code = "" if data.in_order else data.reason_code
    paper.problem_zh, paper.problem_en = (("", "") if data.in_order else (problem.zh.strip(), problem.en.strip()))
    paper.demand_zh, paper.demand_en = (("", "") if data.in_order else (demand.zh.strip(), demand.en.strip()))
    paper.checked_by_id, paper.checked_at = actor.id or None, clock.now()
    return paper


# --- reading ----------------------------------------------------------------------------------------------------


def paper_bytes(version: PaperVersion) -> bytes:
    """The clean copy. Raises StorageProblem when it is missing or changed."""
    return storage().open(version.clean_key)


def original_bytes(version: PaperVersion) -> bytes:
    """The file as it came, for evidence."""
    return storage().open(version.original_key)
