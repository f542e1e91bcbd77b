"""One case as its own people read it: the sentence first, then what to do, whom to ask, progress, letters, papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from expertdesk.access import Actor
from expertdesk.cases.case_page import Loaded
from expertdesk.cases.chips import Limit
from expertdesk.cases.chips import left as days_left
from expertdesk.cases.papers import may_supply
from expertdesk.cases.policy import may_read_paper
from expertdesk.cases.rows import organisation_name, person_name
from expertdesk.cases.status import Status, status_of
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.models import Account, Assignment, Case, CaseState, Letter, Paper, PaperCheck, PaperState
from expertdesk.portal import policy
from expertdesk.portal.answers import Answering, answering_of
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_on, rules_today

_KILO = 1024
# what may be shown to whom, so that nobody shows more than is needed
_USES = {
    "RECEIPT": lazy("shows that the case is being handled"),
    "NOTIFICATION_LETTER": lazy("for visa and residence permit; may be shown to landlord, bank or police"),
}


@dataclass(frozen=True)
class Contact:
    name: str
    phone: str
    hours: Any


@dataclass(frozen=True)
class Stage:
    """A place of the stage line, in one word."""

    name: Any
    state: str


@dataclass(frozen=True)
class LetterLine:
    title: Any
    url: str
    number: str
    issued_on: date
    size_kb: int
    use: Any


@dataclass(frozen=True)
class FileLink:
    name: str
    url: str
    at: datetime


@dataclass(frozen=True)
class PaperRow:
    name: Any
    note: Any
    chip_kind: str
    chip_icon: str
    chip_text: Any
    until: date | None
    files: tuple[FileLink, ...]
    is_closed: bool
    has_problem: bool
    supply_url: str


@dataclass(frozen=True)
class CaseFile:
    """The record of `/my` and `/my/<number>`."""

    number: str
    procedure: Any
    who: str
    who_lang: str
    is_expert: bool
    is_end: bool
    sentence: Any
    for_you: Any
    next_step: Any
    holder: Any
    due_on: date | None
    is_provisional: bool
    limit: Limit | None
    contact: Contact
    stages: tuple[Stage, ...]
    answering: Answering | None
    letters: tuple[LetterLine, ...]
    papers: tuple[PaperRow, ...]
    version: int


def case_file(loaded: Loaded, actor: Actor) -> CaseFile:
    """Everything on the page of one case but its history (see timeline.py)."""
    case = loaded.case
    book, now = rules_on(case.rules_date, case.rule_region), rules_today()
    status = status_of(case)
    is_expert = policy.is_the_expert(case, actor)
    answering = answering_of(case, actor)
    return CaseFile(
        number=case.number,
        procedure=book.procedure(case.procedure).short,
        who=_organisation(case) if is_expert else case.person.display_name,
        who_lang="" if is_expert else case.person.display_lang,
        is_expert=is_expert,
        is_end=bool(now.state(case.state).is_end),
        sentence=status.sentence,
        for_you="" if answering else _for_you(case, status, actor),
        next_step="" if answering else status.next_step,
        holder=lazy("You") if answering else status.holder,
        due_on=status.due_on,
        is_provisional=status.is_provisional,
        limit=_limit(status, answering, now),
        contact=_contact(case, now),
        stages=tuple(Stage(now.row("stages", item.code).short, item.state) for item in status.stage_line),
        answering=answering,
        letters=letter_lines(case),
        papers=paper_rows(case, actor, book),
        version=case.row_version,
    )


def _for_you(case: Case, status: Status, actor: Actor) -> Any:
    """A contact who may only read is told who sends what is asked for."""
    if status.for_you and not policy.may_answer(case, actor):
        return lazy("Another contact of your organisation does this; you may read along.")
    return status.for_you


def _limit(status: Status, answering: Answering | None, book: RuleBook) -> Limit | None:
    """The days left: the reader's own while papers are asked for, else ours."""
    if status.due_on is None:
        return None
    if answering is None:
        time = status.time
        return Limit(time.kind, time.icon, time.text, solid=time.solid) if time is not None else None
    left = days_left(book, clock.today(), status.due_on) or 0
    if left < 0:
        return Limit("warn", "late", lazy("the day has passed"), solid=True)
    if not left:
        return Limit("warn", "today", lazy("today is the last day"))
    return Limit(
        "", "clock", lazy("1 working day left") if left == 1 else lazy("%(days)s working days left", days=left)
    )


def _organisation(case: Case) -> str:
    return organisation_name(case.organisation.name_zh, case.organisation.name_en)


def _contact(case: Case, book: RuleBook) -> Contact:
    """The officer who has the case; after the delivery of a grant the liaison officer; without one the bureau."""
    officer, bureau = _liaison(case) or case.officer, book.bureau
    if officer is None:
        return Contact(str(bureau.short or bureau.name), str(bureau.phone), bureau.hours)
    return Contact(person_name(officer.name, officer.name_latin), officer.phone or str(bureau.phone), bureau.hours)


def _liaison(case: Case) -> Account | None:
    """Who looks after the expert once the permit is here."""
    if case.state not in (CaseState.DELIVERED, CaseState.CLOSED):
        return None
    return db.session.scalar(
        select(Account)
        .join(Assignment, Assignment.officer_id == Account.id)
        .where(Assignment.person_id == case.person_id, Assignment.ended_on.is_(None))
        .options(lazyload("*"))
    )


# --- letters -----------------------------------------------------------------------------------------------------


def letter_lines(case: Case) -> tuple[LetterLine, ...]:
    """Letters that may be read, the newest first."""
    found = sorted((one for one in case.letters if policy.may_read_letter(one)), key=lambda one: -one.id)
    return tuple(_letter(case, letter) for letter in found)


def _letter(case: Case, letter: Letter) -> LetterLine:
    row = rules_on(letter.issued_on).row("letters", letter.kind.value)
    return LetterLine(
        title=row.short,
        url=url_for("portal.my_letter", number=case.number, letter_id=letter.id),
        number=str(Bilingual(letter.number_zh, letter.number_en or letter.number_zh)).strip("⟦⟧"),
        issued_on=letter.issued_on,
        size_kb=max(1, letter.size // _KILO),
        use=_USES.get(letter.kind.value, ""),
    )


# --- papers ------------------------------------------------------------------------------------------------------

_ONLY_IF_SUPPLIED = ("waived", "unused", "if_applicable")
_STATES: dict[PaperState, tuple[str, str, Any]] = {
    PaperState.MISSING: ("", "dash", lazy("Not supplied")),
    PaperState.UPLOADED: ("info", "clock", lazy("Received, to be checked")),
    PaperState.ORIGINAL_SEEN: ("info", "clock", lazy("Original seen, to be checked")),
    PaperState.COMMITTED: ("ok", "tick", lazy("Promise instead of the paper")),
    PaperState.DEFERRED: ("hold", "pause", lazy("To be supplied later")),
    PaperState.REUSED: ("info", "clock", lazy("Taken from an earlier case")),
}


def paper_rows(case: Case, actor: Actor, book: RuleBook) -> tuple[PaperRow, ...]:
    """Every paper that is asked for or was supplied: problems first, then the order of the checklist."""
    rows = [_paper(case, paper, actor, book) for paper in case.papers if _is_shown(paper)]
    return tuple(sorted(rows, key=lambda row: not row.has_problem))


def _is_shown(paper: Paper) -> bool:
    if paper.versions or paper.state is not PaperState.MISSING:
        return True
    return paper.requirement not in _ONLY_IF_SUPPLIED


def _paper(case: Case, paper: Paper, actor: Actor, book: RuleBook) -> PaperRow:
    kind, icon, text = _chip(paper)
    files = tuple(
        FileLink(
            version.file_name,
            url_for("portal.my_paper", number=case.number, version_id=version.id),
            version.uploaded_at,
        )
        for version in paper.versions
        if may_read_paper(paper, actor, version)
    )
    later = paper.state is PaperState.DEFERRED
    return PaperRow(
        name=book.name_of("documents", paper.document),
        note=_note(case, paper, actor, book),
        chip_kind=kind,
        chip_icon=icon,
        chip_text=text,
        until=paper.due_on if later else paper.valid_until,
        files=files,
        is_closed=bool(paper.versions) and not files,
        has_problem=paper.check is PaperCheck.PROBLEM,
        supply_url=url_for("portal.supply", number=case.number, document=paper.document)
        if later and may_supply(case, paper, actor)
        else "",
    )


def _chip(paper: Paper) -> tuple[str, str, Any]:
    if paper.check is PaperCheck.PROBLEM:
        return "bad", "warn", lazy("To be corrected")
    if paper.check is PaperCheck.IN_ORDER and paper.state is not PaperState.MISSING:
        return "ok", "tick", lazy("In order")
    return _STATES[paper.state]


def _note(case: Case, paper: Paper, actor: Actor, book: RuleBook) -> Any:
    """Why a paper is not in order: the officer's words, or the name of the reason where they could tell too much."""
    if paper.check is not PaperCheck.PROBLEM:
        return ""
    if policy.may_read_problem(case, paper.document, actor) and paper.problem_en:
        return Bilingual(paper.problem_zh, paper.problem_en)
    return book.name_of("correction_reasons", paper.reason_code) if paper.reason_code else ""
