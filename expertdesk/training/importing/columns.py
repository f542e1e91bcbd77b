"""Finds the table in a sheet: its header rows (bands, both languages, with or without a row of column numbers) and
which column is which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from openpyxl.utils import range_boundaries

from expertdesk.regulations import RuleBook
from expertdesk.training.importing.reading import Grid, place
from expertdesk.training.importing.words import bare, in_each_language, key_of, narrow

_ROWS_SEARCHED = 40
_HEADER_ROWS = 4
_LEAST_COLUMNS = 3
_LONGEST_HEADING = 120
_MOST_SEEN = 20_000
_WAN, _QIAN, _YUAN = Decimal(10_000), Decimal(1_000), Decimal(1)
_UNITS = (
    (re.compile(r"万\s*元|wan|10\s*k|10,?000|ten thousand", re.I), _WAN),
    (re.compile(r"千\s*元|thousand|1,?000", re.I), _QIAN),
    (re.compile(r"元|yuan|cny|rmb", re.I), _YUAN),
)
# filled in by the bureau, or derived; understood so that they do not count as unknown
NOT_READ = frozenset(
    {"seq", "term", "subsidy_approved", "people_approved", "review_opinion", "approval_no", "people_actual",
     "execution_state"}
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """`unit`: what the figures of a money column are multiplied by, when its heading or the sheet says."""

    key: str
    number: int
    unit: Decimal | None = None


@dataclass(frozen=True)
class Table:
    """Where the table of a sheet stands."""

    top: int
    bottom: int
    columns: Mapping[str, Column] = field(default_factory=dict)
    # columns with the same heading twice: (key, cell)
    doubles: tuple[tuple[str, str], ...] = ()
    # headings that mean nothing here: (text, cell)
    unknown: tuple[tuple[str, str], ...] = ()

    def cell(self, key: str, row: int) -> str:
        """The address of a value; the first column of the row where the table has no such column."""
        column = self.columns.get(key)
        return place(row, column.number if column else min(one.number for one in self.columns.values()))


class Headings:
    """What headings mean: names of the plan table, and the other names of the table training_headers."""

    def __init__(self, book: RuleBook) -> None:
        self._keys: dict[str, str] = {}
        self._seen: dict[str, str] = {}
        self.names = {row.code: row.name for row in book.rows("training_headers")}
        columns = {row.code: row.name for row in book.rows("training_columns")}
        self.names |= columns
        for row in (*book.rows("training_columns"), *book.rows("training_headers")):
            also = row.get("also") or ()
            for text in (row.name.zh, row.name.en, row.short.zh, row.short.en, *also):
                for spelt in (text, bare(text)):
                    self._keys.setdefault(key_of(spelt), row.code)

    def key(self, text: str) -> str:
        """The key of a heading, or ""."""
        if not text or len(text) > _LONGEST_HEADING:
            return ""
        if text not in self._seen:
            if len(self._seen) > _MOST_SEEN:
                self._seen.clear()
            self._seen[text] = self._look_up(text)
        return self._seen[text]

    def _look_up(self, text: str) -> str:
        for spelt in _spellings(text):
            found = self._keys.get(spelt)
            if found:
                return found
        return ""


def _spellings(text: str) -> Iterator[str]:
    for one in (text, *in_each_language(text)):
        yield key_of(one)
        yield key_of(bare(one))
    for one in ("其中", "of which"):
        plain = narrow(text)
        if plain.casefold().startswith(one):
            yield key_of(bare(plain[len(one) :].lstrip(":, ")))


@lru_cache(maxsize=4)
def headings_of(book: RuleBook) -> Headings:
    """Made once for a rule book."""
    return Headings(book)


def find_table(grid: Grid, headings: Headings) -> Table | None:
    """The header with the most known columns, or None where there is none with at least three."""
    best: tuple[int, int, dict[int, str]] | None = None
    rows = grid.filled_rows()[:_ROWS_SEARCHED]
    first = rows[0] if rows else 0
    for row in rows:
        found = _keys_at(grid, row, first, headings)
        known = len(set(found.values()) - {""})
        if best is None or known > best[0]:
            best = (known, row, found)
    if best is None or best[0] < _LEAST_COLUMNS:
        return None
    bottom = _last_row(grid, best[1], best[2], headings)
    top = _first_row(grid, best[1], first, headings)
    return _table(grid, top, bottom, best[1], best[2])


def _keys_at(grid: Grid, row: int, first: int, headings: Headings) -> dict[int, str]:
    """Column → key, when the lowest headings stand in `row`: the cell itself, or what stands above an empty one."""
    found = {}
    for column in range(1, grid.width + 1):
        text = grid.text(row, column)
        found[column] = headings.key(text) if text else _from_above(grid, row, column, first, headings)
    return found


def _from_above(grid: Grid, row: int, column: int, first: int, headings: Headings) -> str:
    for above in range(row - 1, max(first, row - _HEADER_ROWS + 1) - 1, -1):
        if grid.text(above, column):
            return headings.key(grid.text(above, column)) if len(grid.own_texts(above)) >= _LEAST_COLUMNS else ""
    return ""


def _last_row(grid: Grid, row: int, keys: Mapping[int, str], headings: Headings) -> int:
    """A second language, units and the numbers of the columns may follow."""
    last = row
    while last < row + _HEADER_ROWS and _goes_on(grid, last + 1, keys, headings):
        last += 1
    return last


def _goes_on(grid: Grid, row: int, keys: Mapping[int, str], headings: Headings) -> bool:
    texts = [(column, grid.text(row, column)) for column in range(1, grid.width + 1) if grid.text(row, column)]
    if not texts:
        return False
    if len(texts) >= max(_LEAST_COLUMNS, len(keys) // 2) and _are_numbers([text for _, text in texts]):
        return True
    return all(
        (headings.key(text) and headings.key(text) == keys.get(column))
        or grid.text(row - 1, column) == text
        or key_of(text) in ("元", "万元", "千元", "人", "天", "日", "cny", "people", "days")
        for column, text in texts
    )


def _are_numbers(texts: list[str]) -> bool:
    """1, 2, 3 … rising, nothing else in the row: the numbers of the columns, not a row of data."""
    plain = [narrow(text).strip("()栏.") for text in texts]
    if not all(text.isascii() and text.isdigit() and len(text) < _LEAST_COLUMNS for text in plain):
        return False
    numbers = list(dict.fromkeys(int(text) for text in plain))
    return len(numbers) >= _LEAST_COLUMNS and numbers == sorted(numbers) and numbers[0] < _LEAST_COLUMNS


def _first_row(grid: Grid, row: int, first: int, headings: Headings) -> int:
    """Bands above the headings belong to the header; titles and lines with facts do not."""
    top = row
    while top > max(first, row - _HEADER_ROWS + 1):
        texts = grid.own_texts(top - 1)
        is_band = len(texts) > 1 and not any(":" in narrow(text) for _, text in texts)
        joins = any(_begins_above(grid, top, column) for column in range(1, grid.width + 1))
        if not is_band and not joins:
            break
        top -= 1
    return top


def _begins_above(grid: Grid, row: int, column: int) -> bool:
    """A heading that was merged down into this row."""
    merged = grid.at(row, column).merged
    return bool(merged) and int(range_boundaries(merged)[1] or 1) < row


def _table(grid: Grid, top: int, bottom: int, row: int, keys: Mapping[int, str]) -> Table:
    columns: dict[str, Column] = {}
    doubles, unknown = [], []
    for number, key in keys.items():
        if not key:
            if grid.text(row, number):
                unknown.append((grid.text(row, number), place(row, number)))
            continue
        cell = grid.at(row, number)
        if key in columns and cell.merged and not cell.is_first:
            continue  # a heading over two columns: the first one holds the values
        if key in columns:
            doubles.append((key, place(row, number)))
            continue
        columns[key] = Column(key, number, _unit_at(grid, top, bottom, number))
    return Table(top, bottom, columns, tuple(doubles), tuple(unknown))


def _unit_at(grid: Grid, top: int, bottom: int, column: int) -> Decimal | None:
    """万元 or 元: said by the heading, by a row of units below it, or by the band above."""
    for row in range(bottom, top - 1, -1):
        found = unit_in(grid.text(row, column))
        if found is not None:
            return found
    return None


def unit_in(text: str) -> Decimal | None:
    """What figures are multiplied by; None where a text does not say."""
    plain = narrow(text)
    return next((factor for pattern, factor in _UNITS if pattern.search(plain)), None)
