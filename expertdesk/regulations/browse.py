"""Every table for reading in both languages: the rule browser prints these records with one template. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.loading import Table
from expertdesk.regulations.readable import Cell, cell, coded, column_name, readable
from expertdesk.regulations.rows import Row
from expertdesk.regulations.shapes import CATEGORIES, COMMON, NATION, SHAPES

if TYPE_CHECKING:
    from expertdesk.regulations.base import RuleBase

_NOT_BROWSED = ("sentences", "table_columns", "words")
# what the name of the row says already
_NAMED = {"cost_rates": ("row", "cities", "is_rest")}
_KEPT = 1024  # tables × regions


@dataclass(frozen=True)
class BrowsedRow:
    """A row as text; `cells` are the filled fields of the table's own. `is_unsure`: to be confirmed."""

    code: str
    name: Bilingual
    cells: tuple[Cell, ...]
    region: Bilingual
    region_code: str
    valid_from: date
    valid_to: date | None
    source: Bilingual
    confidence: str
    is_unsure: bool
    is_ours: bool
    is_demo: bool
    note: Bilingual | None

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class BrowsedTable:
    """A table as text. `is_list`: a bare list of codes and names."""

    code: str
    file: str
    title: Bilingual
    note: Bilingual | None
    rows: tuple[BrowsedRow, ...]

    @property
    def is_list(self) -> bool:
        return not any(row.cells or row.note for row in self.rows)

    def in_force(self, day: date) -> tuple[BrowsedRow, ...]:
        """Rows of the day; a region's own row hides the national one of the same code."""
        rows = [row for row in self.rows if row.in_force(day)]
        own = {row.code for row in rows if row.region_code != NATION}
        return tuple(row for row in rows if row.region_code != NATION or row.code not in own)

    def changes(self) -> tuple[date, ...]:
        """First days of rows, newest first."""
        return tuple(sorted({row.valid_from for row in self.rows}, reverse=True))


def browse(base: RuleBase, region: str | None) -> tuple[BrowsedTable, ...]:
    """Every table in the order of the schema; of one region and the nation, or of all regions."""
    return tuple(browse_table(base, code, region) for code in browsable(base))


def browsable(base: RuleBase) -> tuple[str, ...]:
    """The tables that are for reading."""
    known = base.table_codes()
    return tuple(code for code in SHAPES if code not in _NOT_BROWSED and code in known)


@lru_cache(maxsize=_KEPT)
def browse_table(base: RuleBase, code: str, region: str | None) -> BrowsedTable:
    """One table as text; made once, as a rule base never changes."""
    table = base.table(code)
    rows = [row for row in table.rows if region is None or row.region in (NATION, region)]
    return BrowsedTable(code, table.file, table.title, table.note, tuple(_row(base, table, row) for row in rows))


def _row(base: RuleBase, table: Table, row: Row) -> BrowsedRow:
    return BrowsedRow(
        code=row.code,
        name=row.name,
        cells=_cells(base, table, row),
        region=readable(base, table.code, "region", row.region),
        region_code=row.region,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.sources,
        confidence=row.confidence,
        is_unsure=row.is_unsure,
        is_ours=row.is_ours,
        is_demo=bool(row.demo),
        note=row.note,
    )


def _cells(base: RuleBase, table: Table, row: Row) -> tuple[Cell, ...]:
    own = [name for name in SHAPES[table.code].fields if name not in (*COMMON, *_NAMED.get(table.code, ()))]
    if table.code == "checklists":
        own = [name for name in own if name not in ("common", "by_category")]
        return (_papers(base, row), *(_cell(base, table, row, name) for name in own if row.get(name)))
    return tuple(_cell(base, table, row, name) for name in own if _says_something(row, name))


def _says_something(row: Row, name: str) -> bool:
    """Filled, and not what goes without saying: the default of the schema, or the name once more."""
    value = row.get(name)
    if isinstance(value, bool):
        return value is not SHAPES[row.table].fields[name].default
    return value not in (None, (), {}, row.name, SHAPES[row.table].fields[name].default)


def _cell(base: RuleBase, table: Table, row: Row, name: str) -> Cell:
    return cell(base, table.code, name, row.get(name))


def _papers(base: RuleBase, row: Row) -> Cell:
    """A checklist as people read it: the papers, and what each category needs; equal columns become one."""
    given = [category for category in CATEGORIES if category in row.by_category]
    codes = list(dict.fromkeys([*row.common, *(code for letters in row.by_category.values() for code in letters)]))
    names = [coded(base, "checklists", "common", code) for code in codes]
    columns = [[{**row.common, **row.by_category[category]}.get(code, "-") for code in codes] for category in given]
    head = [column_name(base, "documents"), *(Bilingual(letter, letter) for letter in given)]
    if not given:
        columns, head = [[row.common[code] for code in codes]], [head[0], column_name(base, "status")]
    letters = {found.code: found.short for found in base.rows("checklist_letters")}
    grid = tuple((names[n], *(letters[column[n]] for column in columns)) for n in range(len(codes)))
    text = readable(base, "checklists", "common", row.common)
    return Cell("common", column_name(base, "documents"), text, head=tuple(head), grid=grid)
