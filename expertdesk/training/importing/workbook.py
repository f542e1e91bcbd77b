"""The sheets of an Excel workbook in one pass over its parts: values, which cells are formulas, merged ranges.

A library that reads values or formulas, but not both at once, needs two passes and everything twice in memory; and a
formula whose value was never computed would look like an empty cell. Parts are streamed, so that a long sheet ends at
its limit instead of in memory. A part that declares entities is refused where it is met.
"""

from __future__ import annotations

import io
import math
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from expertdesk.training.importing.gate import FileRefused

MOST_SHEETS = 40
MOST_ROWS = 3_000
MOST_COLUMNS = 256
MOST_CELLS = 150_000
_MERGES_READ = 20_000
_CHUNK = 64 * 1024
_WORKBOOK = "xl/workbook.xml"
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PLAIN, _DAY, _SPAN = range(3)

Spot = tuple[int, int]
Range = tuple[int, int, int, int]


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

    @property
    def text(self) -> str:
        """What a reader sees of it."""
        value = self.value
        return "" if value is None else (value if isinstance(value, str) else str(value)).strip()


@dataclass
class Sheet:
    """A visible sheet: its filled cells by (row, column) from 1; merged ranges as (left, top, right, bottom)."""

    name: str
    cells: dict[Spot, Cell] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)


def read_workbook(data: bytes) -> Iterator[Sheet]:
    """Every visible sheet, one after the other. Raises FileRefused, and anything at all for a broken file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = _Book(archive)
        if len(book.sheets) > MOST_SHEETS:
            raise FileRefused("parts", most=MOST_SHEETS)
        for name, path in book.sheets:
            yield _SheetParser(archive, path, Sheet(name), book).read()


def is_light(data: bytes) -> bool:
    """Whether a library that keeps whole workbooks in memory can hold every sheet of it, hidden ones too: it makes an
    object of each cell, empty ones and those of merged ranges as well."""
    cells = 0

    def start(name: str, values: Mapping[str, str]) -> None:
        nonlocal cells
        if name == "c":
            cells += 1
        if name == "mergeCell":
            left, top, right, bottom = (number or 1 for number in range_boundaries(values.get("ref", "")))
            cells += (right - left + 1) * (bottom - top + 1)
        if cells > MOST_CELLS:
            raise _TooHeavy

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        try:
            for path in _Book(archive).parts:
                _parse(archive, path, start)
        except _TooHeavy:
            return False
    return True


class _TooHeavy(Exception):
    """Enough was seen."""


# --- parts ------------------------------------------------------------------------------------------------------------


def _parse(
    archive: zipfile.ZipFile, path: str, start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None, text: Callable[[str], None] | None = None,
) -> None:  # fmt: skip
    """Stream one part; names come without their namespace."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_entities
    parser.StartElementHandler = lambda name, values: start(name[name.rfind(" ") + 1 :], values)
    if end is not None:
        ended = end
        parser.EndElementHandler = lambda name: ended(name[name.rfind(" ") + 1 :])
    if text is not None:
        parser.CharacterDataHandler = text
    with archive.open(path) as part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _no_entities(*_: Any) -> None:
    raise FileRefused("bomb", size="0", entries=1)


class _Book:
    """What the sheets share: titles and places, strings, which styles are dates."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.epoch: datetime = CALENDAR_WINDOWS_1900
        self._links = self._read_links()
        # every worksheet, hidden ones too; `sheets`: title and place of those that are shown
        self.parts = sorted({path for kind, path in self._links.values() if kind == "worksheet"})
        self.sheets = self._read_sheets()
        names = set(archive.namelist())
        strings = next((path for kind, path in self._links.values() if kind == "sharedStrings"), "")
        styles = next((path for kind, path in self._links.values() if kind == "styles"), "")
        self.strings: list[str] = _strings(archive, strings) if strings in names else []
        self.styles: list[int] = _styles(archive, styles) if styles in names else []

    def _read_links(self) -> dict[str, tuple[str, str]]:
        """Id → (kind, path)."""
        found: dict[str, tuple[str, str]] = {}

        def start(name: str, values: Mapping[str, str]) -> None:
            if name == "Relationship" and values.get("TargetMode") != "External":
                target = values.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                found[values.get("Id", "")] = values.get("Type", "").rpartition("/")[2], path

        _parse(self.archive, "xl/_rels/workbook.xml.rels", start)
        return found

    def _read_sheets(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []

        def start(name: str, values: Mapping[str, str]) -> None:
            if name == "workbookPr" and values.get("date1904", "0") in ("1", "true"):
                self.epoch = CALENDAR_MAC_1904
            if name != "sheet" or values.get("state", "visible") != "visible":
                return
            link = next((value for key, value in values.items() if key.endswith(" id")), "")
            kind, path = self._links.get(link, ("", ""))
            if kind == "worksheet":
                found.append((values.get("name", ""), path))

        _parse(self.archive, _WORKBOOK, start)
        return found


def _strings(archive: zipfile.ZipFile, path: str) -> list[str]:
    """Shared strings; runs of one string joined, readings above the signs left out."""
    found: list[str] = []
    pieces: list[str] = []
    open_ones: list[str] = []

    def start(name: str, _: Mapping[str, str]) -> None:
        open_ones.append(name)
        if name == "si":
            pieces.clear()

    def end(name: str) -> None:
        open_ones.pop()
        if name == "si":
            found.append(_unescaped("".join(pieces)))

    def text(piece: str) -> None:
        if open_ones[-1] == "t" and "rPh" not in open_ones:
            pieces.append(piece)

    _parse(archive, path, start, end, text)
    return found


def _unescaped(text: str) -> str:
    """Signs that XML cannot carry stand as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _styles(archive: zipfile.ZipFile, path: str) -> list[int]:
    """For every cell style: a plain value, a day, or a span of time."""
    formats: dict[int, str] = dict(BUILTIN_FORMATS)
    numbers: list[int] = []
    open_ones: list[str] = []

    def start(name: str, values: Mapping[str, str]) -> None:
        if name == "numFmt" and "numFmts" in open_ones:
            formats[int(values["numFmtId"])] = values.get("formatCode", "")
        if name == "xf" and "cellXfs" in open_ones:
            numbers.append(int(values.get("numFmtId", "0")))
        open_ones.append(name)

    def end(_: str) -> None:
        open_ones.pop()

    _parse(archive, path, start, end)
    kinds = {number: _kind(formats.get(number, "")) for number in set(numbers)}
    return [kinds[number] for number in numbers]


def _kind(code: str) -> int:
    if is_timedelta_format(code):
        return _SPAN
    return _DAY if is_date_format(code) else _PLAIN


# --- one sheet --------------------------------------------------------------------------------------------------------


class _SheetParser:
    """Handlers of the parts of one sheet."""

    def __init__(self, archive: zipfile.ZipFile, path: str, sheet: Sheet, book: _Book) -> None:
        self._archive, self._path, self._sheet, self._book = archive, path, sheet, book
        self._row = self._column = self._rows = self._last_filled = 0
        self._kind = self._style = ""
        self._is_formula = self._has_value = self._listens = self._in_reading = False
        self._pieces: list[str] = []

    def read(self) -> Sheet:
        _parse(self._archive, self._path, self._start, self._end, self._text)
        return self._sheet

    def _start(self, name: str, values: Mapping[str, str]) -> None:
        if name == "c":
            self._open_cell(values)
        elif name == "v" or (name == "t" and not self._in_reading):
            self._has_value = self._listens = True
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._row = int(values.get("r") or self._row + 1)
            self._column = 0
        elif name == "rPh":
            self._in_reading = True
        elif name == "mergeCell" and len(self._sheet.merged) < _MERGES_READ:
            left, top, right, bottom = range_boundaries(values.get("ref", ""))
            self._sheet.merged.append((int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)))

    def _open_cell(self, values: Mapping[str, str]) -> None:
        address = values.get("r")
        if address is None:
            self._column += 1
        else:
            found = _ADDRESS.fullmatch(address)
            if found is None:
                raise FileRefused("damaged")
            self._column, self._row = _column_number(found[1]), int(found[2])
        self._kind, self._style = values.get("t", "n"), values.get("s", "")
        self._is_formula = self._has_value = False
        self._pieces.clear()

    def _text(self, piece: str) -> None:
        if self._listens:
            self._pieces.append(piece)

    def _end(self, name: str) -> None:
        if name in ("v", "t"):
            self._listens = False
        elif name == "rPh":
            self._in_reading = False
        elif name == "c" and (self._has_value or self._is_formula) and self._column <= MOST_COLUMNS:
            self._close_cell()

    def _close_cell(self) -> None:
        text, value = "".join(self._pieces), None
        if text or (self._kind == "str" and (self._has_value or self._is_formula)):
            value = self._value(text)
        if value is None and not self._is_formula:
            return
        if self._row != self._last_filled:
            self._last_filled = self._row
            self._rows += 1
        name, cells = self._sheet.name, self._sheet.cells
        if self._rows > MOST_ROWS:
            raise FileRefused("too_many_rows", sheet=name, most=MOST_ROWS)
        if len(cells) >= MOST_CELLS:
            raise FileRefused("too_many_cells", sheet=name, most=MOST_CELLS)
        cells[self._row, self._column] = Cell(value, self._is_formula, self._kind == "e")

    def _value(self, text: str) -> Any:
        if self._kind == "s":
            return self._book.strings[int(text)]
        if self._kind in ("str", "inlineStr"):
            return _unescaped(text)
        if self._kind == "b":
            return text not in ("0", "false")
        if self._kind == "e":
            return text
        if self._kind == "d":
            return datetime.fromisoformat(text)
        number = float(text) if any(sign in text for sign in ".eEn") else int(text)
        if isinstance(number, float) and not math.isfinite(number):
            return text
        kind = self._book.styles[int(self._style)] if self._style and self._book.styles else _PLAIN
        return number if kind == _PLAIN else self._moment(number, kind)

    def _moment(self, number: float, kind: int) -> Any:
        """A number shown as a day; one that is no day stays a number, as a spreadsheet shows it."""
        try:
            return from_excel(number, self._book.epoch, timedelta=kind == _SPAN)
        except (OverflowError, ValueError):
            return number


@lru_cache(maxsize=2 * MOST_COLUMNS)
def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64  # A is 1
    return number
