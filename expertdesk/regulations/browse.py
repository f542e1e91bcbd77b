"""Every table for reading in both languages: the rule browser prints these records with one template. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.readable import column_name, readable
from expertdesk.regulations.rows import Row
from expertdesk.regulations.shapes import COMMON, SHAPES

if TYPE_CHECKING:
    from expertdesk.regulations.base import RuleBase

_NOT_BROWSED = ("sentences", "table_columns")


@dataclass(frozen=True)
class BrowsedRow:
    """`cells` stand under the table's columns; the rest is common to every table. `is_unsure`: to be confirmed."""

    code: str
    name: Bilingual
    cells: tuple[Bilingual, ...]
    region: Bilingual
    valid_from: date
    valid_to: date | None
    source: Bilingual
    confidence: str
    confidence_name: Bilingual
    is_unsure: bool
    is_ours: bool
    is_demo: bool
    note: Bilingual | None

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class BrowsedTable:
    """A table as text: `columns` are headings of `cells`, only those that any row fills."""

    code: str
    file: str
    title: Bilingual
    note: Bilingual | None
    columns: tuple[Bilingual, ...]
    rows: tuple[BrowsedRow, ...]


def browse(base: RuleBase, region: str | None) -> tuple[BrowsedTable, ...]:
    """Every table in the order of the schema; of one region and the nation, or of all regions."""
    codes = [code for code in SHAPES if code not in _NOT_BROWSED and code in base.table_codes()]
    return tuple(_table(base, code, region) for code in codes)


def _table(base: RuleBase, code: str, region: str | None) -> BrowsedTable:
    table = base.table(code)
    rows = [row for row in table.rows if region is None or row.region in ("CN", region)]
    own = [name for name in SHAPES[code].fields if name not in COMMON]
    texts = {name: [readable(base, name, row.get(name)) for row in rows] for name in own}
    filled = [name for name in own if any(text for text in texts[name])]
    columns = tuple(column_name(base, name) for name in filled)
    browsed = tuple(_row(base, row, tuple(texts[name][n] for name in filled)) for n, row in enumerate(rows))
    return BrowsedTable(code, table.file, table.title, table.note, columns, browsed)


def _row(base: RuleBase, row: Row, cells: tuple[Bilingual, ...]) -> BrowsedRow:
    return BrowsedRow(
        code=row.code,
        name=row.name,
        cells=cells,
        region=readable(base, "region", row.region),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.sources,
        confidence=row.confidence,
        confidence_name=readable(base, "confidence", row.confidence),
        is_unsure=row.is_unsure,
        is_ours=row.is_ours,
        is_demo=bool(row.demo),
        note=row.note,
    )
