"""What the sheets of the plan say, whatever they are written on: titles, labels, cells as text, sums, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from expertdesk.documents.plan_contexts import Cell, PlanTable, in_language
from expertdesk.documents.wording import Wording, wording
from expertdesk.foundation.locale import Bilingual, format_month_name

SHANGHAI_AHEAD = timedelta(hours=8)
KIND = "TRAINING_PLAN"
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
MONTHS = range(1, 13)


def languages(lang: str) -> tuple[str, ...]:
    """The languages of an export, in order: zh, en, or both."""
    chosen = {"zh": ("zh",), "en": ("en",), "both": ("zh", "en")}.get(lang)
    if chosen is None:
        raise ValueError(f"language is zh, en or both, not {lang!r}")
    return chosen


def as_tables(tables: PlanTable | Sequence[PlanTable]) -> tuple[PlanTable, ...]:
    chosen = (tables,) if isinstance(tables, PlanTable) else tuple(tables)
    if not chosen:
        raise ValueError("there is no part of the plan to print")
    return chosen


def local(instant: datetime) -> datetime:
    """On a Shanghai clock; a time without zone is one already."""
    if instant.tzinfo is None:
        return instant
    return (instant - (instant.utcoffset() or timedelta())).replace(tzinfo=None) + SHANGHAI_AHEAD


def words_of(table: PlanTable) -> Wording:
    return wording(KIND, table.sealed_on or local(table.data_at).date())


def title_of(table: PlanTable, words: Wording, lang: str) -> str:
    key = f"title_{table.part_code}"
    return words.get(key if key in words.texts else "title_abroad", lang, year=table.year)


def quota_text(table: PlanTable, words: Wording, lang: str) -> str:
    if table.quota is None:
        return ""
    if table.mid_long_min:
        return words.get("quota_least", lang, people=table.quota, least=table.mid_long_min)
    return words.get("quota", lang, people=table.quota)


def label_of(key: str, name: Bilingual, words: Wording, lang: str) -> str:
    """The label of a narrow column with its set breaks (|); a column the form does not know keeps its own name."""
    known = f"label_{key}"
    return words.get(known, lang) if known in words.texts else name.text(lang)


def total_label(count: int, words: Wording, lang: str) -> str:
    return words.get("total_one" if count == 1 else "total", lang, count=count)


@lru_cache(maxsize=16)
def _narrow(version: str, kind: str, lang: str, text: str) -> dict[str, str]:
    pairs = (part.split("=", 1) for part in text.split("; ") if "=" in part)
    return {long.strip(): short for long, short in pairs}


def narrow_forms(words: Wording, lang: str) -> dict[str, str]:
    """Values of code lists as they stand in their narrow columns."""
    return _narrow(words.version, words.kind, lang, words.get("narrow", lang))


def month_text(month: int, words: Wording, lang: str) -> str:
    if month not in MONTHS:
        return str(month)
    return words.get("month", lang, month=month if lang == "zh" else format_month_name(month, "en"))


def amount_text(amount: Decimal | int, cents: bool) -> str:
    return f"{amount:,.2f}" if cents else f"{amount:,.0f}"


def has_cents(amount: Cell) -> bool:
    return isinstance(amount, Decimal) and amount != amount.to_integral_value()


def cell_text(cell: Cell, kind: str, words: Wording, lang: str, cents: bool = False) -> str:
    """A cell as it is printed; an empty one stays empty."""
    value = in_language(cell, lang)
    if value is None or isinstance(value, Bilingual):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if kind == "month" and isinstance(value, int):
        return month_text(value, words, lang)
    if kind == "percent":
        return f"{value}%"
    if kind == "money":
        return amount_text(value, cents)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def sums(table: PlanTable) -> dict[str, int | Decimal | None]:
    """The sum of every summed column; None when no row has a figure yet."""
    out: dict[str, int | Decimal | None] = {}
    for column in table.columns:
        if column.is_summed:
            figures = [value for row in table.rows if isinstance(value := row.get(column.key), int | Decimal)]
            start = Decimal(0) if column.kind == "money" else 0
            out[column.key] = sum(figures, start) if figures or not table.rows else None
    return out


def form_notes(table: PlanTable, words: Wording, lang: str) -> list[str]:
    """The explanations that belong to the form, as far as its columns are there."""
    numbers = {column.key: column.no for column in table.columns}
    notes = []
    if {"funding_source", "budget_total_cny", "budget_training", "budget_other"} <= numbers.keys():
        places = {
            "source": numbers["funding_source"],
            "total": numbers["budget_total_cny"],
            "first": numbers["budget_training"],
            "last": numbers["budget_other"],
        }
        notes.append(words.get("note_money", lang, **places))
    if {"people_actual", "execution_state"} <= numbers.keys():
        first, last = numbers["people_actual"], numbers["execution_state"]
        notes.append(words.get("note_execution", lang, first=first, last=last))
    if f"note_{table.part_code}" in words.texts:
        notes.append(words.get(f"note_{table.part_code}", lang))
    return notes


def notes_text(table: PlanTable, words: Wording, lang: str, *more: str) -> list[str]:
    """The paragraphs under the table: the form's notes in one, then each of the table's own."""
    numbered = [f"{number}. {note}" for number, note in enumerate([*form_notes(table, words, lang), *more], 1)]
    joined = ("" if lang == "zh" else " ").join(numbered)
    space = "" if lang == "zh" else " "
    first = [f"{words.get('notes', lang)}{space}{joined}"] if numbered else []
    return first + [note.text(lang) or note.zh for note in table.notes]


def quota_note(
    day: date, *, planned: int, quota: int | None, mid_long: int, approved: int | None, sent: int | None
) -> Bilingual:
    """How the control number is used, as a note under the table (指标执行)."""
    words = wording(KIND, day)

    def share(part: int, whole: int) -> str:
        return f"{Decimal(100 * part) / whole:.1f}" if whole else "-"

    def text(lang: str) -> str:
        values: Mapping[str, int | str] = {"planned": planned}
        if quota:
            parts = [words.get("quota_used", lang, **values, quota=quota, share=share(planned, quota))]
        else:
            parts = [words.get("quota_none", lang, **values)]
        if planned:
            parts.append(words.get("quota_long", lang, long=mid_long, share=share(mid_long, planned)))
        if approved is None:
            parts.append("。" if lang == "zh" else ".")
        else:
            parts.append(words.get("quota_sent", lang, approved=approved, sent=sent or 0))
        return "".join(parts)

    return Bilingual(text("zh"), text("en"))


def without_formula(text: str) -> str:
    """A cell for a plain file that no program takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
