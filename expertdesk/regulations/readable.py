"""Any value of a table as text in both languages, codes as names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual, format_date, format_number
from expertdesk.regulations.schema import Record

if TYPE_CHECKING:
    from expertdesk.regulations.base import RuleBase

# Fields that hold codes of another table: shown by its names.
REFERENCES: Mapping[str, str] = {
    "evidence": "documents",
    "documents": "documents",
    "part_of": "documents",
    "source": "sources",
    "age_source": "sources",
    "law": "articles",
    "basis": "articles",
    "legalisation": "legalisations",
    "required_when": "conditions",
    "result": "letters",
    "also_issues": "letters",
    "flow": "flow_steps",
    "confidence": "confidences",
    "unit": "units",
    "procedure": "procedures",
    "use": "procedures",
    "use_instead": "procedures",
    "category": "categories",
    "categories": "categories",
    "claimed_by": "points",
    "ground": "refusal_grounds",
    "stage": "stages",
    "region": "regions",
    "parent": "districts",
    "into": "districts",
    "waived_by": "teaching_waivers",
    "cause": "period_causes",
    "uscc_prefixes": "uscc_prefixes",
}
YES, NO = Bilingual("是", "yes"), Bilingual("否", "no")
OURS = Bilingual("本系统设定", "set by us")
NOTHING = Bilingual("", "")


def column_name(base: RuleBase, field: str) -> Bilingual:
    """The heading of a field."""
    found = next((row for row in base.rows("table_columns") if row.code == field), None)
    return found.name if found is not None else Bilingual(field, field)


def readable(base: RuleBase, field: str, value: Any) -> Bilingual:
    """A value as text; nothing for an empty one."""
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
        return Bilingual(format_number(value, "zh"), format_number(value, "en"))
    if isinstance(value, str):
        return _coded(base, field, value)
    if isinstance(value, Record | Mapping):
        return _mapped(base, field, value)
    return _joined([readable(base, field, item) for item in value], "、", ", ")


def _coded(base: RuleBase, field: str, code: str) -> Bilingual:
    table = REFERENCES.get(field)
    tables = (table, "laws", "articles") if table in ("sources", "articles") else (table,)
    for name in tables:
        found = next((row for row in base.rows(name) if row.code == code), None) if name else None
        if found is not None:
            return found.short
    return Bilingual(code, code)


def _mapped(base: RuleBase, field: str, value: Record | Mapping[str, Any]) -> Bilingual:
    """Bands, options, spans: the filled places, each with its heading unless it is a name; maps: code and value."""
    parts: list[Bilingual] = []
    for name in value:
        inner = value.get(name)
        text = readable(base, name, inner)
        if not text or inner is False:
            continue
        label = column_name(base, name) if isinstance(value, Record) else _label(base, field, name)
        plain = isinstance(inner, Bilingual)
        parts.append(text if plain else Bilingual(f"{label.zh}：{text.zh}", f"{label.en}: {text.en}"))
    return _joined(parts, "，", ", ")


def _label(base: RuleBase, field: str, code: str) -> Bilingual:
    tables = ("documents", "categories", "table_columns")
    found = next((row for name in tables for row in base.rows(name) if row.code == code), None)
    return found.short if found is not None else Bilingual(code, code)


def _joined(parts: list[Bilingual], zh: str, en: str) -> Bilingual:
    kept = [part for part in parts if part]
    wide = any(zh in part.zh or en in part.en for part in kept)
    glue_zh, glue_en = ("；", "; ") if wide else (zh, en)
    return Bilingual(glue_zh.join(part.zh for part in kept), glue_en.join(part.en for part in kept))
