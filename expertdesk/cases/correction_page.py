"""The page of the correction notice: its items as forms with the words that would be printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import guards, records
from expertdesk.cases.case_page import CaseHead, Loaded, case_head
from expertdesk.cases.commands import CorrectionItemData, correction_draft
from expertdesk.cases.forms import ItemForm
from expertdesk.cases.step_pages import Effect, effects_of
from expertdesk.cases.stepping import Between
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Case

_TEXTS = ("problem_zh", "problem_en", "demand_zh", "demand_en")


@dataclass(frozen=True)
class Item:
    """A paper of the notice and the form with its words."""

    document: str
    name: Any
    reason_code: str
    form: ItemForm


@dataclass(frozen=True)
class CorrectionRecord:
    """`told_before`: a second notice must say why this was not in the first."""

    head: CaseHead
    items: tuple[Item, ...]
    effects: tuple[Effect, ...]
    between: Between | None
    told_before: bool


def item_forms(case: Case, formdata: Any = None) -> tuple[Item, ...]:
    """Everything that is missing or wrong, with the words found so far or those that were sent."""
    book = records.book_of(case)
    found = []
    for draft in correction_draft(case):
        stored = {
            "problem_zh": draft.problem.zh,
            "problem_en": draft.problem.en,
            "demand_zh": draft.demand.zh,
            "demand_en": draft.demand.en,
        }
        form = ItemForm(formdata=formdata, prefix=f"{draft.document}-", data=stored)
        if formdata is not None and f"{draft.document}-problem_zh" not in formdata:
            form = ItemForm(formdata=None, prefix=f"{draft.document}-", data=stored)
        found.append(Item(draft.document, book.name_of("documents", draft.document), draft.reason_code, form))
    return tuple(found)


def items_of(items: Sequence[Item]) -> list[CorrectionItemData]:
    return [
        CorrectionItemData(
            item.document,
            item.reason_code,
            Bilingual(item.form.problem_zh.data or "", item.form.problem_en.data or ""),
            Bilingual(item.form.demand_zh.data or "", item.form.demand_en.data or ""),
        )
        for item in items
    ]


def place_problems(items: Sequence[Item], problems: Mapping[str, Any]) -> dict[str, Any]:
    """What a rule refused, put at the fields of its item; the rest belongs to the page."""
    rest: dict[str, Any] = {}
    for name, text in problems.items():
        parts = name.split("-")
        if len(parts) == 3 and parts[1].isdigit() and int(parts[1]) < len(items):
            form = items[int(parts[1])].form
            empty = [key for key in _TEXTS if key.startswith(parts[2]) and not (form[key].data or "").strip()]
            form.refuse({(empty or [f"{parts[2]}_zh"])[0]: text})
        else:
            rest[name if name == "later_reason" else ""] = text
    return rest


def correction_record(loaded: Loaded, actor: Actor, items: Sequence[Item], between: Between | None) -> CorrectionRecord:
    case = loaded.case
    return CorrectionRecord(
        head=case_head(case, actor),
        items=tuple(items),
        effects=effects_of(case, "ask_correction"),
        between=between,
        told_before=any(row.issued_on is not None for row in case.corrections),
    )


def no_permit_reason(case: Case) -> Any:
    """Why this person needs no permit and which body is responsible, or None."""
    found = guards.no_permit_needed(case)
    return None if found is None else found.reason
