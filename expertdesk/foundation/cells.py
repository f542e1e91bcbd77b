"""Cells of a table that leaves the house: a text that a spreadsheet would run as a formula is made harmless, and given
back as it was when the table comes in again (quality §1, output)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# what starts a formula in Excel, WPS or LibreOffice, in full width too; a tab or line break can hide one
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_MARK = "'"


def harmless(cell: str) -> str:
    """The text with a leading apostrophe if a spreadsheet could take it for a formula, or if it begins with one."""
    return f"{_MARK}{cell}" if cell.startswith((*_STARTS, _MARK)) else cell


def original(cell: str) -> str:
    """The text as it was before `harmless`."""
    without = cell.removeprefix(_MARK)
    return without if without != cell and without.startswith((*_STARTS, _MARK)) else cell


def csv_line(cells: Iterable[str]) -> str:
    """One line of a CSV file, every cell harmless."""
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()
