"""Tables and forms of the programmes on paper: A4, horizontal rules only, repeated headings, page x of y, the digest of
the data. The same data give the same bytes."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from typing import Any

from expertdesk.documents.program_contexts import (
    NUMBERS,
    Cell,
    Column,
    FormPart,
    ProgramForm,
    ProgramTable,
    ProgramTables,
    shown,
    total_of,
)
from expertdesk.documents.sheet import DARK, Page, Properties, Sheet, width_of, wrapped
from expertdesk.documents.typefaces import is_printable
from expertdesk.foundation.locale import Bilingual, format_date

LEFT, TOP = 16.0, 22.0
_MARGIN, _FOOT = 14.0, 25.0
_PAD, _SMALL, _PITCH, _ROW = 1.4, 8.0, 4.1, 1.5
_TEXT, _TEXT_PITCH = 9.5, 5.0
_LAST_ROWS = 8.0  # the total, and air above the notes
_TOTAL = Bilingual("合计", "Total")
_CONTINUED = Bilingual("（续）", "(continued)")
_DATA_AT = Bilingual("数据截至", "Data as of")
_DIGEST = Bilingual("数据摘要", "Digest of the data")
_PAGE = Bilingual("第{page}页，共{pages}页", "Page {page} of {pages}")
_NOTHING = Bilingual("没有记录。", "No rows.")
_MISSING = "□"


class _Paper:
    """A sheet that goes on to the next page by itself."""

    def __init__(self, lang: str, head: str, *, landscape: bool = False) -> None:
        self.sheet, self.lang, self.head = Sheet(landscape=landscape), lang, head
        self.right, self.bottom = self.sheet.wide - _MARGIN, self.sheet.high - _FOOT
        self.page: Page = self.sheet.page(lang)
        self.y = TOP

    def room(self, high: float) -> bool:
        """Whether there is room; if not, a new page begins."""
        if self.y + high <= self.bottom:
            return True
        self.page, self.y = self.sheet.page(self.lang), TOP
        self.page.text(LEFT, 14.0, self.head, "sans", 7.5, colour=DARK)
        self.page.rule(LEFT, self.right, 16.0, 0.12)
        return False

    def bold(self) -> str:
        return "kai_bold" if self.lang == "zh" else "serif_bold"

    def finish(self, foot: str) -> None:
        for number, page in enumerate(self.sheet.pages, 1):
            page.rule(LEFT, self.right, self.bottom + 7, 0.12)
            page.text(LEFT, self.bottom + 11.5, foot, "sans", 7.0, colour=DARK)
            text = _PAGE.text(self.lang).format(page=number, pages=len(self.sheet.pages))
            page.text(self.right, self.bottom + 11.5, text, "sans", 7.0, align="right", colour=DARK)


def table_pdf(tables: ProgramTables, lang: str) -> bytes:
    """Every table below the other, in one language."""
    title = tables.title.text(lang)
    paper = _Paper(lang, title, landscape=True)
    _title(paper, title, tables.issuer.text(lang))
    facts = "   ".join(f"{label.text(lang)} {_clean(shown(value, lang))}" for label, value in tables.facts)
    if facts:
        paper.page.text((LEFT + paper.right) / 2, paper.y, facts, "sans", 8.5, align="centre")
        paper.y += 7
    for number, table in enumerate(tables.tables, 1):
        _table(paper, table, _after(tables) if number == len(tables.tables) else 0.0)
        paper.y += 6
    _notes(paper, tables.notes)
    _signatures(paper, tables.signatures)
    day = format_date(tables.data_at.date(), language=lang)
    foot = f"{tables.issuer.text(lang)}   {_DATA_AT.text(lang)} {day}   {_DIGEST.text(lang)} {tables.digest[:16]}"
    paper.finish(foot)
    return paper.sheet.pdf(_properties(tables.title, tables.issuer, tables.data_at, lang))


def form_pdf(form: ProgramForm, lang: str) -> bytes:
    """An application as a form, in one language; what people wrote stands as they wrote it."""
    paper = _Paper(lang, f"{form.title.text(lang)}  {form.number}")
    _title(paper, form.title.text(lang), form.issuer.text(lang), form.number)
    for part in form.parts:
        _part(paper, part)
    _signatures(paper, form.signatures)
    paper.finish(f"{form.issuer.text(lang)}   {form.number}")
    return paper.sheet.pdf(_properties(form.title, form.issuer, form.data_at, lang, form.number))


def _properties(title: Bilingual, issuer: Bilingual, at: Any, lang: str, number: str = "") -> Properties:
    return Properties(
        title=f"{title.text(lang)} {number}".strip(), author=issuer.text(lang), subject=title.en,
        made_at=at.astimezone(UTC), lang="zh-CN" if lang == "zh" else "en-GB",
    )  # fmt: skip


def _clean(text: str) -> str:
    """A sign no font has becomes a box: the paper is printed all the same."""
    return "".join(sign if sign in "\n " or is_printable(sign) else _MISSING for sign in text)


def _title(paper: _Paper, title: str, issuer: str, number: str = "") -> None:
    page, zh = paper.page, paper.lang == "zh"
    size = 19.0 if zh else 16.0
    lines = wrapped(title, paper.bold(), size, paper.right - LEFT, paper.lang)
    for line in lines:
        page.line(line, (LEFT + paper.right) / 2, paper.y + 4, align="centre")
        paper.y += 8.5
    page.text(LEFT, paper.y + 3, issuer, "sans", 9)
    if number:
        page.text(paper.right, paper.y + 3, number, "semi", 9, lang="en", align="right")
    page.rule(LEFT, paper.right, paper.y + 5, 0.5)
    paper.y += 12


# --- tables -----------------------------------------------------------------------------------------------------


def _widths(paper: _Paper, columns: tuple[Column, ...]) -> list[float]:
    """The widths filled up to the whole line."""
    whole = sum(column.width for column in columns)
    return [column.width * (paper.right - LEFT) / whole for column in columns]


def _after(tables: ProgramTables) -> float:
    """What stands below the last table and never alone on a page: notes and signatures."""
    return 4.0 * len(tables.notes) + (28.0 if tables.signatures else 0.0)


def _table(paper: _Paper, table: ProgramTable, after: float = 0.0) -> None:
    """`after`: the height of what has to follow the last two rows on the same page."""
    lang, widths = paper.lang, _widths(paper, table.columns)
    paper.room(26)
    paper.page.text(LEFT, paper.y, table.title.text(lang), "semi", 10)
    paper.y += 3
    _head(paper, table, widths)
    if not table.rows:
        paper.page.text(LEFT + _PAD, paper.y + 4.5, _NOTHING.text(lang), "sans", _SMALL, colour=DARK)
        paper.y += 7
    for number, row in enumerate(table.rows):
        cells = [_clean(shown(value, lang, column.kind)) for column, value in zip(table.columns, row, strict=True)]
        below = after + 2 * _LAST_ROWS if number == len(table.rows) - 1 else 0.0
        _row(paper, table, cells, widths, "sans", 0.12, below)
    if table.sums and table.rows:
        _row(paper, table, _total_cells(table, lang), widths, "semi", 0.35)
    else:
        paper.page.rule(LEFT, paper.right, paper.y, 0.35)


def _total_cells(table: ProgramTable, lang: str) -> list[str]:
    cells = [""] * len(table.columns)
    cells[0] = _TOTAL.text(lang)
    for number in table.sums:
        value: Cell = total_of(table, number)
        if table.columns[number].kind == "count":
            value = int(Decimal(value))  # type: ignore[arg-type]
        cells[number] = shown(value, lang, table.columns[number].kind)
    return cells


def _head(paper: _Paper, table: ProgramTable, widths: list[float]) -> None:
    names = [column.name.text(paper.lang) for column in table.columns]
    paper.page.rule(LEFT, paper.right, paper.y, 0.35)
    high = _cells(paper, table, names, widths, "semi")
    paper.y += high
    paper.page.rule(LEFT, paper.right, paper.y, 0.25)


def _row(
    paper: _Paper,
    table: ProgramTable,
    cells: list[str],
    widths: list[float],
    face: str,
    rule: float,
    below: float = 0.0,
) -> None:
    high = _height(cells, widths, face, paper.lang)
    if not paper.room(high + below):
        again = f"{table.title.text(paper.lang)} {_CONTINUED.text(paper.lang)}"
        paper.page.text(LEFT, paper.y, again, "semi", 9)
        paper.y += 3
        _head(paper, table, widths)
    paper.y += _cells(paper, table, cells, widths, face)
    paper.page.rule(LEFT, paper.right, paper.y, rule)


def _height(cells: list[str], widths: list[float], face: str, lang: str) -> float:
    most = max(
        len(wrapped(text, face, _SMALL, width - 2 * _PAD, lang)) if text else 1
        for text, width in zip(cells, widths, strict=True)
    )
    return most * _PITCH + 2 * _ROW


def _cells(paper: _Paper, table: ProgramTable, cells: list[str], widths: list[float], face: str) -> float:
    x, most = LEFT, 1
    for column, text, width in zip(table.columns, cells, widths, strict=True):
        lines = wrapped(text, face, _SMALL, width - 2 * _PAD, paper.lang) if text else []
        is_number = column.kind in NUMBERS
        for number, line in enumerate(lines):
            at = x + width - _PAD if is_number else x + _PAD
            paper.page.line(line, at, paper.y + _ROW + 3.0 + number * _PITCH, align="right" if is_number else "left")
        most = max(most, len(lines))
        x += width
    return most * _PITCH + 2 * _ROW


# --- the form ---------------------------------------------------------------------------------------------------


def _part(paper: _Paper, part: FormPart) -> None:
    lang = paper.lang
    paper.room(20)
    paper.page.text(LEFT, paper.y + 2, part.title.text(lang), "semi", 11)
    paper.y += 5
    if part.facts:
        _facts(paper, part.facts)
    for label, text in part.texts:
        _text(paper, label.text(lang), _clean(text))
    if part.table is not None:
        paper.y += 4
        _table(paper, part.table)
    paper.y += 7


def _facts(paper: _Paper, facts: tuple[tuple[Bilingual, Cell], ...]) -> None:
    """Two pairs a row; a long value takes the whole row."""
    paper.page.rule(LEFT, paper.right, paper.y, 0.35)
    middle, zh = (LEFT + paper.right) / 2, paper.lang == "zh"
    label_wide = 26.0 if zh else 34.0
    waiting = list(facts)
    while waiting:
        row = [waiting.pop(0)]
        half = middle - LEFT - label_wide - 3
        if waiting and _fits(row[0], half, paper.lang) and _fits(waiting[0], half, paper.lang):
            row.append(waiting.pop(0))
        _fact_row(paper, row, label_wide, half if len(row) > 1 else paper.right - LEFT - label_wide - 2)


def _fits(fact: tuple[Bilingual, Cell], room: float, lang: str) -> bool:
    return width_of(shown(fact[1], lang), "sans", _TEXT, lang) <= room


def _fact_row(paper: _Paper, row: list[tuple[Bilingual, Cell]], label_wide: float, room: float) -> None:
    lang = paper.lang
    laid = [
        (label.text(lang), wrapped(_clean(shown(value, lang)) or "—", "sans", _TEXT, room, lang))
        for label, value in row
    ]
    most = max(len(lines) for _, lines in laid)
    high = 7.0 + (most - 1) * _TEXT_PITCH
    paper.room(high)
    for place, (label, lines) in enumerate(laid):
        x = LEFT + 1 if place == 0 else (LEFT + paper.right) / 2
        for number, line in enumerate(wrapped(label, "semi", 8.5, label_wide - 2, lang)[:2]):
            paper.page.line(line, x, paper.y + 4.6 + number * 3.6)
        paper.page.lines(lines, x + label_wide, paper.y + 4.8, _TEXT_PITCH)
    paper.y += high
    paper.page.rule(LEFT, paper.right, paper.y, 0.12)


def _text(paper: _Paper, label: str, text: str) -> None:
    paper.y += 3
    paper.room(14)
    paper.page.text(LEFT + 1, paper.y + 2, label, "semi", 8.5)
    paper.y += 6.5
    for line in wrapped(text or "—", "sans", _TEXT, paper.right - LEFT - 2, paper.lang):
        paper.room(_TEXT_PITCH)
        paper.page.line(line, LEFT + 1, paper.y + 1)
        paper.y += _TEXT_PITCH


def _notes(paper: _Paper, notes: tuple[Bilingual, ...]) -> None:
    for note in notes:
        for line in wrapped(note.text(paper.lang), "sans", 7.5, paper.right - LEFT, paper.lang):
            paper.room(4)
            paper.page.line(line, LEFT, paper.y)
            paper.y += 4


def _signatures(paper: _Paper, names: tuple[Bilingual, ...]) -> None:
    if not names:
        return
    paper.y += 8
    paper.room(14)
    wide = (paper.right - LEFT) / len(names)
    for number, name in enumerate(names):
        x = LEFT + number * wide
        text = name.text(paper.lang)
        paper.page.text(x, paper.y + 4, text, "sans", 9)
        paper.page.rule(x + width_of(text, "sans", 9, paper.lang) + 2, x + wide - 6, paper.y + 4.8, 0.15)
    paper.y += 10
