"""Workbooks: made in memory, the same bytes for the same data, nothing a user typed ever a formula or a link."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from unicodedata import is_normalized

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from expertdesk.documents.cleaning import clean
from expertdesk.documents.plan_contexts import Cell, in_language
from expertdesk.documents.plan_text import local

A3, A4 = 8, 9
INCH = 25.4
# mm of a printed sheet → pixels of a column; half as wide again on the screen, scaled down to one page in print
PIXELS = 96 / INCH * 1.4
LONGEST_NAME, LONGEST_TEXT, LONGEST_MARGIN = 31, 32_767, 255
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
FACES = {"zh": "宋体", "en": "Arial"}
HEADINGS = {"zh": "黑体", "en": "Arial"}
MONEY, CENTS, DAY, PERCENT = "#,##0", "#,##0.00", "yyyy-mm-dd", "0.0%"


@dataclass
class Book:
    """A workbook in the making with its formats; equal formats are one."""

    out: io.BytesIO
    workbook: Workbook
    _formats: dict[tuple, Format] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def style(self, lang: str = "zh", **values: Any) -> Format:
        base = {"font_name": FACES[lang], "font_size": 10, "valign": "vcenter"}
        key = (lang, *sorted(values.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({**base, **values})
        return self._formats[key]

    def sheet(self, name: str) -> Worksheet:
        return self.workbook.add_worksheet(self.free_name(name))

    def free_name(self, name: str) -> str:
        """At most 31 characters, none of []:*?/\\, no quote at an end, and no other sheet has it."""
        plain = " ".join(clean(name).translate(NOT_IN_NAMES).split()).strip("'") or "Sheet"
        chosen, number = plain[:LONGEST_NAME].strip(), 1
        while chosen.casefold() in self._names or chosen.casefold() == "history":
            number += 1
            tail = f" ({number})"
            chosen = plain[: LONGEST_NAME - len(tail)].strip() + tail
        self._names.add(chosen.casefold())
        return chosen

    def bytes(self) -> bytes:
        self.workbook.close()
        return self.out.getvalue()


def new_book(*, title: str, author: str, subject: str, comments: str, made_at: datetime, digest: str = "") -> Book:
    """An empty workbook whose dates come from its data: `made_at` is the time of the data."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = Workbook(out, options)
    at = local(made_at)
    workbook.set_properties(
        {
            "title": clean(title),
            "author": clean(author),
            "company": clean(author),
            "subject": clean(subject),
            "comments": clean(comments),
            "created": at,
        }
    )
    if digest:
        workbook.set_custom_property("Digest SHA-256", digest, "text")
        workbook.set_custom_property("Time of data", f"{at:%Y-%m-%d %H:%M}", "text")
    return Book(out, workbook)


def safe_text(text: str) -> str:
    """What fits a cell: no control characters, not longer than a sheet takes."""
    if len(text) < LONGEST_TEXT and text.isprintable() and is_normalized("NFC", text):
        return text
    cleaned = clean(text)
    return cleaned if len(cleaned) <= LONGEST_TEXT else cleaned[: LONGEST_TEXT - 1] + "…"


def for_margin(text: str) -> str:
    """Text of a header or footer, where & begins a code."""
    return clean(text).replace("&", "&&")


def lines_of(text: str, room: float) -> int:
    """About how many lines a text takes in a column of `room` em: a program that opens the sheet does not work out the
    height of its rows."""
    ems = len(text) * 0.56 if text.isascii() else sum(0.56 if sign < "\u2e80" else 1.0 for sign in text)
    return 1 + int(ems / room) if ems > room else 1


def put(sheet: Worksheet, row: int, column: int, cell: Cell, lang: str, style: Format) -> None:
    """Write a value by its type; text always as text."""
    value = in_language(cell, lang)
    if isinstance(value, str) and value:
        sheet.write_string(row, column, safe_text(value), style)
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, float(value), style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), style)
    else:
        sheet.write_blank(row, column, None, style)


def merged(sheet: Worksheet, row: int, first: int, last: int, text: str, style: Format, *, rows: int = 1) -> None:
    """One text over several cells; a merge of a single cell is no merge."""
    if first == last and rows == 1:
        sheet.write_string(row, first, safe_text(text), style)
        return
    sheet.merge_range(row, first, row + rows - 1, last, "", style)
    sheet.write_string(row, first, safe_text(text), style)


def print_setup(
    sheet: Worksheet, *, paper: int, head: tuple[int, int], area: tuple[int, int], left: str, right: str
) -> None:
    """Landscape, one page wide, header rows on every page, who it is and page x of y at the foot. `area`: last row and
    column."""
    sheet.set_paper(paper)
    sheet.set_landscape()
    margins = (20, 14) if paper == A3 else (14, 14)
    sheet.set_margins(left=margins[0] / INCH, right=margins[1] / INCH, top=12 / INCH, bottom=16 / INCH)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*head)
    sheet.print_area(0, 0, *area)
    # the space behind &8 parts the size from a text that begins with a digit
    room = LONGEST_MARGIN - len(right) - 18
    sheet.set_footer(f"&L&8 {for_margin(left)[:room]}&R&8 {right}", {"margin": 7 / INCH})
    sheet.set_header("", {"margin": 5 / INCH})
