"""The open correction notice as a form: for each item what is wrong, what would be enough, what was sent already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.access import Actor
from expertdesk.accounts.drafts import KeptFile, kept_files
from expertdesk.cases.guards import open_correction
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Case, CaseState, Correction, CorrectionItem, Paper
from expertdesk.portal import policy
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_on, rules_today

FORM = "portal.answer"
_EXTENSIONS = {"pdf": ".pdf", "jpeg": ".jpg,.jpeg", "png": ".png"}


@dataclass(frozen=True)
class AnswerItem:
    """`kept` is a file chosen before and not sent yet; `is_answered`: it reached the bureau by another way."""

    document: str
    field: str
    name: Any
    problem: tuple[Any, ...]
    demand: tuple[Any, ...]
    is_photo: bool
    accept: str
    size_mb: int
    pages: int
    is_answered: bool
    kept: KeptFile | None

    @property
    def is_there(self) -> bool:
        return self.is_answered or self.kept is not None


@dataclass(frozen=True)
class Answering:
    due_on: date | None
    items: tuple[AnswerItem, ...]

    @property
    def waiting(self) -> int:
        """Papers still to be chosen."""
        return sum(not item.is_there for item in self.items)

    @property
    def is_complete(self) -> bool:
        return not self.waiting


def answering_of(case: Case, actor: Actor) -> Answering | None:
    """None where nothing is asked for, or the reader does not answer for this case."""
    if case.state is not CaseState.IN_CORRECTION or not policy.may_answer(case, actor):
        return None
    correction = open_correction(case)
    if correction is None:
        return None
    return Answering(correction.due_on, _items(case, correction, actor))


def _items(case: Case, correction: Correction, actor: Actor) -> tuple[AnswerItem, ...]:
    book = rules_on(case.rules_date, case.rule_region)
    kept = {file.document: file for file in kept_files(actor.id, FORM, case.number)}
    by_document: dict[str, list[CorrectionItem]] = {}
    for item in correction.items:
        by_document.setdefault(item.document, []).append(item)
    return tuple(
        _item(case, document, items, book, kept.get(document), actor) for document, items in by_document.items()
    )


def _item(
    case: Case, document: str, items: list[CorrectionItem], book: RuleBook, kept: KeptFile | None, actor: Actor
) -> AnswerItem:
    """One upload for a paper, however many flaws of it the notice names."""
    is_open = policy.may_read_problem(case, document, actor)
    return _made(
        book,
        document,
        problem=tuple(
            Bilingual(item.problem_zh, item.problem_en)
            if is_open
            else book.name_of("correction_reasons", item.reason_code)
            for item in items
            if is_open or item.reason_code
        ),
        demand=tuple(Bilingual(item.demand_zh, item.demand_en) for item in items),
        is_answered=all(item.answered_at is not None for item in items),
        kept=kept,
    )


def single_item(case: Case, paper: Paper) -> AnswerItem:
    """A paper that was promised for later, as one upload."""
    book = rules_on(case.rules_date, case.rule_region)
    return _made(book, paper.document, problem=(), demand=(), is_answered=False, kept=None)


def _made(book: RuleBook, document: str, **more: Any) -> AnswerItem:
    """What is asked for, with the limits of the upload in force today."""
    row = book.document(document)
    limits = rules_today().upload_rule(row.file_kinds)
    return AnswerItem(
        document=document,
        field=f"file-{document}",
        name=row.name,
        is_photo=row.file_kinds == "photo",
        accept=",".join(_EXTENSIONS[kind] for kind in limits.kinds),
        size_mb=limits.size_mb,
        pages=limits.pages,
        **more,
    )
