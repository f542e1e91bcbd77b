"""Tables of the programmes as a workbook: one sheet a table, frozen heading, print set-up, sums as formulas that agree
with their values. What people typed is never a formula; the same data give the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import xlsxwriter

from expertdesk.documents.program_contexts import (
    COUNT,
    DAY,
    MONEY,
    MONTHS,
    NUMBERS,
    PERCENT,
    TEXT,
    Cell,
    ProgramTable,
    ProgramTables,
    shown,
    total_of,
)
from expertdesk.foundation.locale import Bilingual, format_date

_FORMATS = {COUNT: "#,##0", MONEY: "#,##0.00", MONTHS: "0.00", PERCENT: '0.0"%"', DAY: "yyyy-mm-dd"}
_MM_TO_SIGNS = 0.62  # a millimetre on paper in widths of a sheet's sign
_NARROWEST = 8
_TITLE_ROW, _HEAD_ROW = 0, 3
_SHEET_NAME = 31  # signs a sheet may be called by
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_TOTAL = Bilingual("合计", "Total")
_DATA_AT = Bilingual("数据截至", "Data as of")
_DIGEST = Bilingual("数据摘要", "Digest of the data")


def tables_xlsx(tables: ProgramTables, lang: str) -> bytes:
    """The workbook in one language."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = tables.data_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties(
        {
            "title": tables.title.text(lang), "author": tables.issuer.text(lang), "created": created,
            "comments": f"{_DIGEST.text(lang)} {tables.digest}",
        }
    )  # fmt: skip
    styles = _styles(book, lang)
    used: set[str] = set()
    for table in tables.tables:
        sheet = book.add_worksheet(_name(table.title.text(lang), used))
        _fill(sheet, tables, table, lang, styles)
    book.close()
    return out.getvalue()


def _name(title: str, used: set[str]) -> str:
    plain = " ".join(title.translate(_FORBIDDEN).split())[:_SHEET_NAME] or "1"
    while plain in used:
        plain = f"{plain[: _SHEET_NAME - 1]}2"
    used.add(plain)
    return plain


def _styles(book: Any, lang: str) -> dict[str, Any]:
    font = {"font_name": "Microsoft YaHei" if lang == "zh" else "Calibri", "font_size": 10, "valign": "top"}
    made = {
        "title": book.add_format({**font, "bold": True, "font_size": 15, "align": "left", "valign": "vcenter"}),
        "small": book.add_format({**font, "font_size": 9, "font_color": "#5d676b"}),
        "head": book.add_format(
            {**font, "bold": True, "text_wrap": True, "valign": "vcenter", "top": 1, "bottom": 1, "bg_color": "#f5f3ee"}
        ),
        TEXT: book.add_format({**font, "text_wrap": True, "bottom": 4}),
        "total_text": book.add_format({**font, "bold": True, "top": 1}),
    }
    for kind, pattern in _FORMATS.items():
        made[kind] = book.add_format({**font, "num_format": pattern, "bottom": 4})
        made[f"total_{kind}"] = book.add_format({**font, "bold": True, "num_format": pattern, "top": 1})
    return made


def _fill(sheet: Any, tables: ProgramTables, table: ProgramTable, lang: str, styles: dict[str, Any]) -> None:
    last = len(table.columns) - 1
    sheet.write_string(_TITLE_ROW, 0, f"{tables.title.text(lang)} · {table.title.text(lang)}", styles["title"])
    sheet.set_row(_TITLE_ROW, 26)
    facts = [f"{label.text(lang)} {shown(value, lang)}" for label, value in tables.facts]
    sheet.write_string(1, 0, "   ".join([tables.issuer.text(lang), *facts]), styles["small"])
    day = format_date(tables.data_at.date(), language=lang)
    small = f"{_DATA_AT.text(lang)} {day}   {_DIGEST.text(lang)} {tables.digest[:16]}"
    sheet.write_string(2, 0, small, styles["small"])
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, max(_NARROWEST, column.width * _MM_TO_SIGNS))
        sheet.write_string(_HEAD_ROW, number, column.name.text(lang), styles["head"])
    row = _HEAD_ROW
    for row, values in enumerate(table.rows, _HEAD_ROW + 1):
        for number, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            _write(sheet, row, number, value, column.kind, lang, styles)
    if table.sums and table.rows:
        _totals(sheet, table, row, lang, styles)
        row += 1
    for note in tables.notes:
        row += 1
        sheet.write_string(row + 1, 0, note.text(lang), styles["small"])
    if tables.signatures:
        line = "          ".join(f"{name.text(lang)} ____________" for name in tables.signatures)
        sheet.write_string(row + 3, 0, line, styles["total_text"])
    sheet.freeze_panes(_HEAD_ROW + 1, min(1, last))
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW)
    sheet.set_footer("&C&P / &N")


def _write(sheet: Any, row: int, number: int, value: Cell, kind: str, lang: str, styles: dict[str, Any]) -> None:
    if value is None or value == "":
        sheet.write_blank(row, number, None, styles[TEXT])
    elif isinstance(value, (int, Decimal)) and kind in NUMBERS:
        sheet.write_number(row, number, float(value), styles[kind])
    elif isinstance(value, date):
        sheet.write_datetime(row, number, value, styles[DAY])
    else:
        sheet.write_string(row, number, shown(value, lang, kind), styles[TEXT])


def _totals(sheet: Any, table: ProgramTable, last: int, lang: str, styles: dict[str, Any]) -> None:
    """Sums as formulas over the rows, with the value already in them."""
    from xlsxwriter.utility import xl_range

    for number, column in enumerate(table.columns):
        if number in table.sums:
            cells = xl_range(_HEAD_ROW + 1, number, last, number)
            value = float(total_of(table, number))
            sheet.write_formula(last + 1, number, f"=SUM({cells})", styles[f"total_{column.kind}"], value)
        else:
            text = _TOTAL.text(lang) if number == 0 else ""
            sheet.write_string(last + 1, number, text, styles["total_text"])
