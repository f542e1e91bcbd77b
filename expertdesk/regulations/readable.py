"""Any value of a table as text in both languages, codes as names; long ones as a list or a small table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual, format_date
from expertdesk.regulations.figures import exact
from expertdesk.regulations.references import NAMES, REFERENCES
from expertdesk.regulations.schema import Record

if TYPE_CHECKING:
    from expertdesk.regulations.base import RuleBase

YES, NO = Bilingual("是", "yes"), Bilingual("否", "no")
OURS = Bilingual("本系统设定", "set by us")
NOTHING = Bilingual("", "")
_FEW = 4  # more entries than this are easier to read below each other
_LONG = 60  # signs of English; a longer text stands on a line of its own
_BROAD = 40  # signs of English in a line of a small table; a broader one stands alone


@dataclass(frozen=True)
class Cell:
    """A value ready to be shown. `text` always holds it as one text; `items` as a list, `grid` below `head` as a small
    table, where that reads better; `is_wide`: wants the whole width."""

    field: str
    label: Bilingual
    text: Bilingual
    items: tuple[Bilingual, ...] = ()
    head: tuple[Bilingual, ...] = ()
    grid: tuple[tuple[Bilingual, ...], ...] = ()

    @property
    def is_wide(self) -> bool:
        if self.grid:
            return max(sum(len(text.en) for text in line) for line in self.grid) > _BROAD
        return bool(self.items) or len(self.text.en) > _LONG

    @property
    def is_short(self) -> bool:
        """Fits into a column of a plain table."""
        return not (self.items or self.grid) and len(self.text.en) <= _LONG


def column_name(base: RuleBase, field: str, table: str = "") -> Bilingual:
    """The heading of a field; a table may have a heading of its own for it."""
    found = base.any_row("table_columns", f"{table}.{field}") or base.any_row("table_columns", field)
    return found.name if found is not None else Bilingual(field, field)


def readable(base: RuleBase, table: str, field: str, value: Any) -> Bilingual:
    """A value as one text; nothing for an empty one."""
    if value is None or value in ((), {}):
        return NOTHING
    if field == "decision" and value == "ours":
        return OURS
    if isinstance(value, Bilingual):
        return value
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return Bilingual(format_date(value, language="zh"), format_date(value, language="en"))
    if isinstance(value, int | Decimal):
        return Bilingual(exact(value), exact(value))
    if isinstance(value, str):
        return coded(base, table, field, value)
    if isinstance(value, Record | Mapping):
        return _mapped(base, table, field, value)
    return joined([readable(base, table, field, item) for item in value], "、", ", ")


def cell(base: RuleBase, table: str, field: str, value: Any) -> Cell:
    """A value with its heading, as a list or a small table where it is long."""
    label, text = column_name(base, field, table), readable(base, table, field, value)
    if isinstance(value, tuple) and value and isinstance(value[0], Record):
        return Cell(field, label, text, **_table_of(base, table, value))
    if isinstance(value, tuple) and _is_list(value):
        return Cell(field, label, text, items=tuple(readable(base, table, field, item) for item in value))
    if isinstance(value, Mapping) and any(isinstance(inner, tuple | Mapping) for inner in value.values()):
        return Cell(field, label, text, items=tuple(_pairs(base, table, field, value)))
    return Cell(field, label, text)


def _is_list(value: tuple[Any, ...]) -> bool:
    return len(value) > _FEW or any(isinstance(item, Bilingual) for item in value)


def _table_of(base: RuleBase, table: str, records: tuple[Record, ...]) -> dict[str, Any]:
    """Records as rows below each other, one column for each field that any of them fills."""
    names = [name for name in records[0] if any(_is_shown(record, name) for record in records)]
    grid = tuple(tuple(readable(base, table, name, record.get(name)) for name in names) for record in records)
    return {"head": tuple(column_name(base, name) for name in names), "grid": grid}


def _is_shown(record: Record, name: str) -> bool:
    """Filled, and not the usual: a code beside its name, a flag that stands as it does by default."""
    value = record.get(name)
    if name in ("code", "fact") and record.get("name") is not None:
        return False
    if name == "blocking":
        return value is False
    return value is not None and value is not False and value not in ((), {})


def coded(base: RuleBase, table: str, field: str, code: str) -> Bilingual:
    """A code by its name: of the table it belongs to, else of the words, else itself."""
    for name in names_of(table, field):
        found = base.any_row(name, code)
        if found is not None:
            return found.short
    word = base.any_row("words", f"{field}.{code}")
    return word.name if word is not None else Bilingual(code, code)


def names_of(table: str, field: str) -> tuple[str, ...]:
    """The tables whose rows name the codes of a field."""
    found: tuple[str, ...] = ()
    for key in ((table, field), ("", field)):
        found = found or REFERENCES.get(key, ()) or NAMES.get(key, ())
    return found


def _mapped(base: RuleBase, table: str, field: str, value: Record | Mapping[str, Any]) -> Bilingual:
    """Bands, options, spans: the filled places, each with its heading unless it is a name; maps: code and value."""
    if not isinstance(value, Record):
        different = set(value.values()) if all(isinstance(inner, int) for inner in value.values()) else set()
        if len(different) == 1:
            return readable(base, table, field, different.pop())  # the same for every category
        return joined(_pairs(base, table, field, value), "；", "; ")
    parts: list[Bilingual] = []
    for name in value:
        if not _is_shown(value, name):
            continue
        inner = value.get(name)
        text, label = readable(base, table, name, inner), column_name(base, name)
        is_name = isinstance(inner, Bilingual) or name in ("fact", "code")
        parts.append(text if is_name else Bilingual(f"{label.zh}：{text.zh}", f"{label.en}: {text.en}"))
    return joined(parts, "，", ", ")


def _pairs(base: RuleBase, table: str, field: str, value: Mapping[str, Any]) -> list[Bilingual]:
    pairs: list[Bilingual] = []
    for code, inner in value.items():
        label = coded(base, table, field, code)
        text = readable(base, table, field, inner)
        pairs.append(Bilingual(f"{label.zh}：{text.zh}", f"{label.en}: {text.en}"))
    return pairs


def joined(parts: list[Bilingual], zh: str, en: str) -> Bilingual:
    """Parts in a row; with semicolons when a part holds the sign itself."""
    kept = [part for part in parts if part]
    wide = any(zh in part.zh or en in part.en for part in kept)
    glue_zh, glue_en = ("；", "; ") if wide else (zh, en)
    return Bilingual(glue_zh.join(part.zh for part in kept), glue_en.join(part.en for part in kept))
