"""The same workbook back: every bad cell in colour with the reason as a comment, and a sheet that lists them all."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from expertdesk.foundation.locale import gettext as _
from expertdesk.training.importing.gate import kind_of
from expertdesk.training.importing.plain_text import csv_cells
from expertdesk.training.importing.reading import read_grids
from expertdesk.training.importing.report import CellProblem, FileReport, Severity, place_of
from expertdesk.training.importing.workbook import is_light

_AUTHOR = "ExpertDesk"
_COLOURS = {Severity.ERROR: "FFFF9C9C", Severity.WARNING: "FFFFE08A"}
_LIST_TITLES = ("问题清单", "Problems")
_WIDTHS = (24, 10, 12, 90)
_KIND_COLUMN = 3
_COMMENT_WIDTH, _COMMENT_LINE, _COMMENT_MOST = 320, 22, 400
_CHARACTERS_A_LINE = 36
_LONGEST_TITLE, _LONGEST_CELL, _LAST_ROW = 31, 32_767, 1_048_576
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def corrected_sheet(report: FileReport, data: bytes) -> bytes:
    """The workbook with its problems marked, in the reader's language. A CSV file comes back as a workbook, and so
    does one that is too heavy or that only a lenient reader understands: its values without their looks."""
    if kind_of(data) == "csv":
        return _marked(_book_of_csv(data), report)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not is_light(data):
                return _marked(_book_of_values(data), report)
            return _marked(load_workbook(io.BytesIO(data), keep_links=False), report)
    except Exception:  # a workbook from outside may break its reader in any way
        return _marked(_book_of_values(data), report)


def _marked(book: Workbook, report: FileReport) -> bytes:
    _clear_earlier(book)
    marked: dict[tuple[str, str], list[CellProblem]] = {}
    for problem in report.problems:
        if problem.cell and problem.sheet in book.sheetnames and problem.severity in _COLOURS:
            marked.setdefault((problem.sheet, problem.cell), []).append(problem)
    for (sheet, cell), problems in marked.items():
        _mark(book[sheet], cell, problems)
    _list_problems(book, report.problems)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _book_of_values(data: bytes) -> Workbook:
    """Every sheet as it was read."""
    book = Workbook()
    for grid in read_grids(data):
        title = INVALID_TITLE_REGEX.sub(" ", _printable(grid.name))[:_LONGEST_TITLE].strip("' ") or "Sheet"
        sheet = book.create_sheet(title)
        for (row, column), cell in grid.cells.items():
            if not cell.is_empty and cell.is_first and row <= _LAST_ROW:
                _write(sheet, row, column, str(cell.value))
    if len(book.worksheets) > 1:
        del book[book.sheetnames[0]]
    return book


def _book_of_csv(data: bytes) -> Workbook:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "CSV"
    for row, texts in enumerate(csv_cells(data), start=1):
        for column, text in enumerate(texts, start=1):
            if text:
                _write(sheet, row, column, text)
    return book


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell | MergedCell:
    """Text that no spreadsheet runs."""
    cell = sheet.cell(row, column)
    if isinstance(cell, Cell):
        cell.value = _printable(text)[:_LONGEST_CELL]
        cell.data_type = "s"
    return cell


def _printable(text: str) -> str:
    """Without the signs that XML cannot carry."""
    return _NOT_IN_XML.sub("", text)


def _clear_earlier(book: Workbook) -> None:
    """A corrected sheet that comes again: its own marks go, those of the unit stay."""
    for title in _LIST_TITLES:
        if title in book.sheetnames and len(book.sheetnames) > 1:
            del book[title]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                comment = cell.comment if isinstance(cell, Cell) else None
                if comment is not None and comment.author == _AUTHOR and isinstance(cell, Cell):
                    cell.comment = None
                    if cell.fill.fgColor.rgb in _COLOURS.values():
                        cell.fill = PatternFill()


def _mark(sheet: Worksheet, place: str, problems: list[CellProblem]) -> None:
    cell = sheet[place]
    is_error = any(problem.is_error for problem in problems)
    colour = _COLOURS[Severity.ERROR if is_error else Severity.WARNING]
    text = _printable("\n".join(str(problem.reason) for problem in problems))
    if isinstance(cell, MergedCell):
        # only the first cell of a range can hold a comment
        first = next(one for one in sheet.merged_cells.ranges if place in one)
        cell, text = sheet.cell(first.min_row, first.min_col), f"{place}: {text}"
    assert isinstance(cell, Cell)
    before = cell.comment.text if cell.comment is not None else ""
    if text not in before:
        text = f"{before}\n{text}" if before else text
        lines = sum(1 + len(line) // _CHARACTERS_A_LINE for line in text.splitlines())
        cell.comment = Comment(
            text, _AUTHOR, height=min(_COMMENT_LINE * (lines + 1), _COMMENT_MOST), width=_COMMENT_WIDTH
        )
    cell.fill = PatternFill("solid", fgColor=colour)


def _list_problems(book: Workbook, problems: Iterable[CellProblem]) -> None:
    """Every problem in the order of the sheets, with a link to its cell."""
    kinds: Mapping[Severity, str] = {
        Severity.ERROR: _("Error"), Severity.WARNING: _("Warning"), Severity.NOTE: _("Note"),
    }  # fmt: skip
    sheet = book.create_sheet(_("Problems"))
    heads = (_("Sheet"), _("Cell"), _("Kind"), _("Reason"))
    for column, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True), start=1):
        _write(sheet, 1, column, head).font = Font(bold=True)
        sheet.column_dimensions[chr(ord("A") + column - 1)].width = width
    for row, problem in enumerate(sorted(problems, key=place_of), start=2):
        values = (problem.sheet, problem.cell, kinds[problem.severity], str(problem.reason))
        for column, text in enumerate(values, start=1):
            cell: Any = _write(sheet, row, column, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if column == _KIND_COLUMN and problem.severity in _COLOURS:
                cell.fill = PatternFill("solid", fgColor=_COLOURS[problem.severity])
        if problem.cell and problem.sheet in book.sheetnames:
            title = problem.sheet.replace("'", "''")
            sheet.cell(row, 2).hyperlink = f"#'{title}'!{problem.cell}"
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
