"""From bytes to grids of cells: workbooks by openpyxl, CSV in any usual encoding.

A workbook is read twice, for values and for formulas: a formula whose value was never computed has no value at all in
the first pass, and would look like an empty cell.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from expertdesk.training.importing.gate import FileRefused, kind_of
from expertdesk.training.importing.plain_text import csv_cells

MOST_SHEETS = 40
MOST_ROWS = 3_000
MOST_COLUMNS = 256
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MERGES_READ = 20_000
_LARGEST_MERGE = 20_000  # cells; a larger range is decoration


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands. `merged` is the range it belongs to; `is_first` says whether it is the one that holds the
    value. A formula without a cached value has `is_formula` and no value."""

    value: Any = None
    is_formula: bool = False
    is_error: bool = False
    merged: str = ""
    is_first: bool = True

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


_EMPTY = Cell()


@dataclass(frozen=True)
class Grid:
    """One sheet: its cells by (row, column), both from 1; merged ranges are filled with their value."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(repr=False)
    height: int = 0
    width: int = 0

    def at(self, row: int, column: int) -> Cell:
        return self.cells.get((row, column), _EMPTY)

    def text(self, row: int, column: int) -> str:
        """What a reader sees of a heading or label."""
        value = self.at(row, column).value
        return "" if value is None else str(value).strip()

    def filled_rows(self) -> list[int]:
        """Numbers of the rows with something in them, in order."""
        return sorted({row for row, _ in self.cells})

    def own_texts(self, row: int) -> list[tuple[int, str]]:
        """(column, text) of the cells of a row that hold something themselves, from the left."""
        found = []
        for column in range(1, self.width + 1):
            cell = self.at(row, column)
            if not cell.is_empty and (cell.is_first or not cell.merged):
                found.append((column, self.text(row, column)))
        return found


def place(row: int, column: int) -> str:
    """D7."""
    return f"{get_column_letter(column)}{row}"


def read_grids(data: bytes, name: str) -> tuple[Grid, ...]:
    """Every visible sheet of a file. Raises FileRefused."""
    if kind_of(data) == "csv":
        return (_grid_of_csv(data),)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unknown extensions of a workbook are nobody's problem here
            return tuple(_grids_of_workbook(data))
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
    return Grid("CSV", cells, height, width)


def _grids_of_workbook(data: bytes) -> Iterator[Grid]:
    values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        if len(values.sheetnames) > MOST_SHEETS:
            raise FileRefused("parts", most=MOST_SHEETS)
        merged = _merged_ranges(data)
        for sheet in values.worksheets:
            if sheet.sheet_state != "visible":
                continue
            cells = dict(_values(sheet))
            for spot in _formulas(formulas[sheet.title]):
                cells[spot] = replace(cells.get(spot, _EMPTY), is_formula=True)
            yield _filled(sheet.title, cells, merged.get(sheet.title, ()))
    finally:
        values.close()
        formulas.close()


def _values(sheet: Any) -> Iterator[tuple[tuple[int, int], Cell]]:
    sheet.reset_dimensions()  # what a file says of its own size is often wrong
    seen = 0
    for row in sheet.iter_rows(max_col=MOST_COLUMNS):
        # a formula whose value is an empty text has a value; one that was never computed has none
        filled = [cell for cell in row if cell.value is not None or cell.data_type == "str"]
        if not filled:
            continue
        seen += 1
        if seen > MOST_ROWS:
            raise FileRefused("too_many_rows", sheet=sheet.title, most=MOST_ROWS)
        for cell in filled:
            yield (
                (cell.row, cell.column),
                Cell("" if cell.value is None else cell.value, is_error=cell.data_type == "e"),
            )


def _formulas(sheet: Any) -> Iterator[tuple[int, int]]:
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_col=MOST_COLUMNS):
        for cell in row:
            if cell.value is not None and cell.data_type == "f":
                yield cell.row, cell.column


def _filled(name: str, cells: dict[tuple[int, int], Cell], merged: Iterable[tuple[int, int, int, int]]) -> Grid:
    height = max((row for row, _ in cells), default=0)
    width = max((column for _, column in cells), default=0)
    for left, top, right, bottom in merged:
        source = cells.get((top, left))
        area = (min(bottom, height) - top + 1) * (min(right, width) - left + 1)
        if source is None or area > _LARGEST_MERGE:
            continue
        written = f"{place(top, left)}:{place(bottom, right)}"
        for row in range(top, min(bottom, height) + 1):
            for column in range(left, min(right, width) + 1):
                is_first = (row, column) == (top, left)
                cells[row, column] = replace(source, merged=written, is_first=is_first)
    return Grid(name, cells, height, width)


def _merged_ranges(data: bytes) -> dict[str, list[tuple[int, int, int, int]]]:
    """Sheet → (left, top, right, bottom). Read from the parts themselves: a streamed sheet does not tell."""
    found: dict[str, list[tuple[int, int, int, int]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for title, path in _parts(archive).items():
            ranges: list[tuple[int, int, int, int]] = []
            with archive.open(path) as part:
                for _, element in ElementTree.iterparse(part):
                    if element.tag == f"{_MAIN}mergeCell" and len(ranges) < _MERGES_READ:
                        left, top, right, bottom = range_boundaries(element.get("ref", ""))
                        ranges.append((int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)))
                    if element.tag in (f"{_MAIN}row", f"{_MAIN}mergeCell"):
                        element.clear()
            found[title] = ranges
    return found


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title of a sheet → where its part is."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id", ""): one.get("Target", "") for one in links}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    names, parts = set(archive.namelist()), {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(f"{_LINKS}id", ""), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in names:
            parts[sheet.get("name", "")] = path
    return parts
