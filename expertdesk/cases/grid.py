"""The papers of a case as a grid: required, supplied, checked, valid until, with reason and source (frozen records)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import records, rules
from expertdesk.cases.checklist import checklist_of
from expertdesk.cases.policy import may_read_paper
from expertdesk.foundation import clock
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Case, Paper, PaperVersion
from expertdesk.regulations import ChecklistItem


@dataclass(frozen=True)
class VersionLine:
    """A stored file. `may_open`: this reader may see what is in it."""

    id: int
    file_name: str
    media_type: str
    pages: int
    size: int
    is_translation: bool
    uploaded_at: datetime
    uploaded_by_id: int | None
    may_open: bool


@dataclass(frozen=True)
class PaperLine:
    """One paper of the checklist. `requirement`: required, commitment, deferred, waived, if_applicable, unused (no more
    asked for). `gap`: what stands in the way ("" = nothing). `is_expired`: too old for the day it is judged on."""

    document: str
    name: Bilingual
    short: Bilingual
    requirement: str
    requirement_name: Bilingual
    reason: Bilingual
    source: Bilingual
    notes: tuple[Bilingual, ...]
    parts: tuple[Bilingual, ...]
    state: str
    check: str
    gap: str
    issued_on: date | None
    valid_until: date | None
    is_expired: bool
    due_on: date | None
    pages: int
    reason_code: str
    problem: Bilingual
    demand: Bilingual
    checked_at: datetime | None
    file_kinds: str
    is_core: bool
    may_defer: bool
    is_asked_for: bool
    versions: tuple[VersionLine, ...]

    @property
    def is_supplied(self) -> bool:
        return self.state in rules.SUPPLIED


def paper_grid(case: Case, actor: Actor) -> tuple[PaperLine, ...]:
    """Every line, in the order of the checklist; papers that are not asked for any more come last."""
    from expertdesk.cases.guards import open_correction

    items = {item.code: item for item in checklist_of(case)}
    correction = open_correction(case)
    asked = {item.document for item in correction.items if item.answered_at is None} if correction else set()
    papers = sorted(case.papers, key=lambda paper: (paper.position, paper.document))
    return tuple(_line(case, paper, items.get(paper.document), actor, asked) for paper in papers)


def _line(case: Case, paper: Paper, item: ChecklistItem | None, actor: Actor, asked: set[str]) -> PaperLine:
    book = records.book_of(case)
    row = book.find("documents", paper.document)
    nothing = Bilingual("", "")
    tested_on = tested_day(case, paper)
    return PaperLine(
        document=paper.document,
        name=row.name if row else book.name_of("documents", paper.document),
        short=row.short if row else book.name_of("documents", paper.document),
        requirement=paper.requirement,
        requirement_name=_requirement_name(book, paper.requirement),
        reason=item.reason if item else nothing,
        source=item.source if item else nothing,
        notes=item.notes if item else (),
        parts=tuple(part.short for part in item.parts) if item else (),
        state=paper.state.value,
        check=paper.check.value,
        gap=rules.paper_gap(paper.requirement, paper.state.value, paper.check.value, paper.due_on, clock.today()),
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
        is_expired=paper.valid_until is not None and paper.valid_until < tested_on,
        due_on=paper.due_on,
        pages=paper.pages,
        reason_code=paper.reason_code,
        problem=Bilingual(paper.problem_zh, paper.problem_en),
        demand=Bilingual(paper.demand_zh, paper.demand_en),
        checked_at=paper.checked_at,
        file_kinds=row.file_kinds if row else "papers",
        is_core=bool(row.core) if row else False,
        may_defer=item is not None
        and (item.status == "deferred" or book.may_defer(item, case.category, case.main_criterion)),
        is_asked_for=paper.document in asked,
        versions=tuple(_version(paper, version, actor) for version in paper.versions),
    )


def _requirement_name(book: Any, status: str) -> Bilingual:
    row = next((row for row in book.rows("checklist_letters") if row.status == status), None)
    return row.name if row is not None else Bilingual("", "")


def _version(paper: Paper, version: PaperVersion, actor: Actor) -> VersionLine:
    return VersionLine(
        id=version.id,
        file_name=version.file_name,
        media_type=version.media_type,
        pages=version.pages,
        size=version.size,
        is_translation=version.is_translation,
        uploaded_at=version.uploaded_at,
        uploaded_by_id=version.uploaded_by_id,
        may_open=may_read_paper(paper, actor, version),
    )


def tested_day(case: Case, paper: Paper) -> date:
    """The age of a paper is tested on the first submission day, one replaced in a correction on the day it came
    (D-DO-04)."""
    newest = paper.versions[0].uploaded_at if paper.versions else None
    if newest is None or not case.corrections:
        return case.rules_date
    return max(case.rules_date, clock.day_of(newest))
