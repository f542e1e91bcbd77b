"""From bytes to grids of cells: workbooks in one pass, CSV in any usual encoding; merged ranges filled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter

from openpyxl.utils import get_column_letter

from expertdesk.training.importing.gate import FileRefused, kind_of
from expertdesk.training.importing.plain_text import csv_cells
from expertdesk.training.importing.workbook import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, read_workbook

_LARGEST_MERGE = 20_000  # cells; a larger range is decoration
_MERGED_CELLS = 100_000  # of one sheet; ranges that lie over each other would never end

_EMPTY = Cell()


@dataclass(frozen=True)
class Grid:
    """One sheet: its cells by (row, column), both from 1; merged ranges are filled with their value."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(repr=False)
    height: int = 0
    width: int = 0

    @cached_property
    def _lines(self) -> dict[int, list[tuple[int, Cell]]]:
        """Row → its cells from the left."""
        found: dict[int, list[tuple[int, Cell]]] = {}
        for (row, column), cell in sorted(self.cells.items(), key=itemgetter(0)):
            found.setdefault(row, []).append((column, cell))
        return found

    def at(self, row: int, column: int) -> Cell:
        return self.cells.get((row, column), _EMPTY)

    def text(self, row: int, column: int) -> str:
        """What a reader sees of a heading or label."""
        cell = self.cells.get((row, column))
        return cell.text if cell is not None else ""

    def filled_rows(self) -> list[int]:
        """Numbers of the rows with something in them, in order."""
        return list(self._lines)

    def own_texts(self, row: int) -> list[tuple[int, str]]:
        """(column, text) of the cells of a row that hold something themselves, from the left."""
        return [
            (column, cell.text)
            for column, cell in self._lines.get(row, ())
            if (cell.is_first or not cell.merged) and not cell.is_empty
        ]


def place(row: int, column: int) -> str:
    """D7."""
    return f"{get_column_letter(column)}{row}"


def read_grids(data: bytes) -> tuple[Grid, ...]:
    """Every visible sheet of a file. Raises FileRefused."""
    if kind_of(data) == "csv":
        return (_grid_of_csv(data),)
    try:
        return tuple(_filled(sheet.name, sheet.cells, sheet.merged) for sheet in read_workbook(data))
    except FileRefused:
        raise
    except Exception as error:  # a workbook from outside may break its reader in any way
        raise FileRefused("damaged") from error


def _grid_of_csv(data: bytes) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    height = width = 0
    for row, texts in enumerate(csv_cells(data), start=1):
        if row > MOST_ROWS:
            raise FileRefused("too_many_rows", sheet="CSV", most=MOST_ROWS)
        for column, text in enumerate(texts[:MOST_COLUMNS], start=1):
            if text.strip():
                cells[row, column] = Cell(text)
                height, width = row, max(width, column)
        if len(cells) > MOST_CELLS:
            raise FileRefused("too_many_cells", sheet="CSV", most=MOST_CELLS)
    return Grid("CSV", cells, height, width)


def _filled(name: str, cells: dict[tuple[int, int], Cell], merged: Iterable[tuple[int, int, int, int]]) -> Grid:
    height = max((row for row, _ in cells), default=0)
    width = max((column for _, column in cells), default=0)
    left_over = _MERGED_CELLS
    for left, top, right, bottom in merged:
        source = cells.get((top, left))
        area = (min(bottom, height) - top + 1) * (min(right, width) - left + 1)
        if source is None or area > min(_LARGEST_MERGE, left_over):
            continue
        left_over -= area
        written = f"{place(top, left)}:{place(bottom, right)}"
        for row in range(top, min(bottom, height) + 1):
            for column in range(left, min(right, width) + 1):
                is_first = (row, column) == (top, left)
                cells[row, column] = replace(source, merged=written, is_first=is_first)
    return Grid(name, cells, height, width)
