"""The plan of a year as a workbook: a sheet for each part, the summaries behind it; sums are formulas that agree.

The print set-up is that of the form: A3 landscape, one page wide, header rows on every page. Text is written as text,
whatever it begins with. Same tables, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from expertdesk.documents.books import (
    A3,
    A4,
    CENTS,
    DAY,
    HEADINGS,
    MONEY,
    PERCENT,
    PIXELS,
    Book,
    lines_of,
    merged,
    new_book,
    print_setup,
    put,
    safe_text,
)
from expertdesk.documents.plan_cells import CENTRED, CENTRED_KINDS, ENGLISH, OTHER_WIDTH, WIDTHS
from expertdesk.documents.plan_contexts import (
    PARTS_OF_TOTAL,
    TOTAL,
    Cell,
    PlanColumn,
    PlanTable,
    Progress,
    SummaryTable,
)
from expertdesk.documents.plan_text import (
    as_tables,
    has_cents,
    languages,
    local,
    notes_text,
    quota_text,
    sums,
    title_of,
    total_label,
    words_of,
)
from expertdesk.documents.wording import Wording
from expertdesk.foundation.locale import Bilingual

DRAFT, TITLE, META, BAND, LABEL, NUMBER, FIRST = range(7)
STEP = 100  # rows between two calls of progress
EM, CELL_PAD = 13.4, 9  # pixels: a Chinese character of 10 pt, what a cell keeps free at its sides
LINE, ROW_PAD, LEAST_LINES, HIGHEST = 13.0, 8.0, 2, 409.0  # points
LEAST_COLUMNS = 6  # of a sheet that carries the plan's head and signatures


def plan_xlsx(tables: PlanTable | Sequence[PlanTable], lang: str = "zh", progress: Progress | None = None) -> bytes:
    """One sheet a part, then the summary sheets; with `both` the English sheets follow the Chinese ones."""
    parts, chosen = as_tables(tables), languages(lang)
    first, words = parts[0], words_of(parts[0])
    at = f"{local(first.data_at):%Y-%m-%d %H:%M}"
    book = new_book(
        title=title_of(first, words, chosen[0]),
        author=first.compiled_by.text(chosen[0]) or first.compiled_by.zh,
        subject=first.round.text(chosen[0]),
        comments="; ".join(f"{part.part.en}: SHA-256 {part.digest}" for part in parts) + f"; {at}",
        made_at=first.data_at,
        digest=first.digest,
    )
    whole, done = sum(len(part.rows) for part in parts) * len(chosen), 0
    for language in chosen:
        for table in parts:
            _PlanSheet(book, table, language).write(_counting(progress, done, whole))
            done += len(table.rows)
        for table in parts:
            for summary in table.summaries:
                _summary_sheet(book, table, summary, language, alone=len(parts) == 1)
    return book.bytes()


def _counting(progress: Progress | None, done: int, whole: int) -> Callable[[int], None]:
    if progress is None:
        return lambda count: None
    return lambda count: progress(done + count, whole)


class _PlanSheet:
    """One part in one language."""

    def __init__(self, book: Book, table: PlanTable, lang: str) -> None:
        self.book, self.table, self.lang = book, table, lang
        self.words: Wording = words_of(table)
        key = f"sheet_{table.part_code}"
        known = key in self.words.texts
        self.sheet: Worksheet = book.sheet(self.words.get(key, lang) if known else table.part.text(lang))
        self.last = len(table.columns) - 1
        self.cents = {
            column.key: any(has_cents(row.get(column.key)) for row in table.rows)
            for column in table.columns
            if column.kind == "money"
        }

    def write(self, count: Callable[[int], None]) -> None:
        self._columns()
        self._top()
        self._head()
        self._rows(count)
        foot = FIRST + max(len(self.table.rows), 1)
        self._total(foot)
        bottom = self._below(foot + 1)
        title = title_of(self.table, self.words, self.lang)
        self.sheet.freeze_panes(FIRST, min(3, self.last))
        if self.table.rows:
            self.sheet.autofilter(NUMBER, 0, foot - 1, self.last)
        self.sheet.ignore_errors({"number_stored_as_text": xl_range(FIRST, 0, foot, self.last)})
        print_setup(
            self.sheet,
            paper=A3,
            head=(BAND, NUMBER),
            area=(bottom, self.last),
            left=f"{title}  {self.table.round.text(self.lang)}  SHA-256 {self.table.digest[:16]}",
            right=self.words.get("sheet_page", self.lang),
        )

    # --- head -----------------------------------------------------------------------------------------------------

    def _style(self, **values) -> Format:
        return self.book.style(self.lang, **values)

    def _boxed(self, **values) -> Format:
        return self._style(border=1, border_color="#595959", text_wrap=True, **values)

    def _columns(self) -> None:
        known = WIDTHS if self.lang == "zh" else {**WIDTHS, **ENGLISH}
        self.rooms: list[float] = []
        for place, column in enumerate(self.table.columns):
            wide = known.get(column.key, OTHER_WIDTH.get(column.kind, 14.0))
            if column.kind == "money" and self.cents[column.key]:
                wide += 3.0
            pixels = round(wide * PIXELS)
            self.sheet.set_column_pixels(place, place, pixels)
            self.rooms.append((pixels - CELL_PAD) / EM)

    def _top(self) -> None:
        sheet, words, lang, last, table = self.sheet, self.words, self.lang, self.last, self.table
        sheet.set_row(TITLE, 36)
        sheet.set_row(META, 21)
        if table.is_draft:
            sheet.write_string(DRAFT, 0, words.get("draft", lang), self._style(font_size=9))
        big = self._style(font_name=HEADINGS[lang], font_size=20, bold=lang == "en", align="center")
        merged(sheet, TITLE, 0, last, title_of(table, words, lang), big)
        plain = {"font_size": 12}
        compiled = words.get("compiled_by", lang, name=table.compiled_by.text(lang) or table.compiled_by.zh)
        facts = [
            words.get("round", lang, name=table.round.text(lang)),
            words.get("part", lang, name=table.part.text(lang)),
            quota_text(table, words, lang),
        ]
        middle = ("　　" if lang == "zh" else "     ").join(fact for fact in facts if fact)
        if last < LEAST_COLUMNS:
            merged(sheet, META, 0, last, f"{compiled}　{middle}", self._style(**plain))
            return
        left, right = max(1, last // 5), max(last - last // 8, last // 5 + 2)
        merged(sheet, META, 0, left, compiled, self._style(**plain))
        merged(sheet, META, left + 1, right - 1, middle, self._style(align="center", **plain))
        merged(sheet, META, right, last, words.get("unit_of_money", lang), self._style(align="right", **plain))

    def _head(self) -> None:
        sheet, columns, lang = self.sheet, self.table.columns, self.lang
        names = dict(self.table.bands)
        heading = self._boxed(font_name=HEADINGS[lang], bold=lang == "en", align="center")
        label = self._boxed(align="center", font_size=9)
        sheet.set_row(BAND, 20)
        sheet.set_row(LABEL, 62)
        start = 0
        while start <= self.last:
            end = start
            while end < self.last and columns[end + 1].band == columns[start].band:
                end += 1
            if start == end:
                merged(sheet, BAND, start, start, columns[start].name.text(lang), label, rows=2)
            else:
                band = names.get(columns[start].band)
                merged(sheet, BAND, start, end, band.text(lang) if band else "", heading)
                for place in range(start, end + 1):
                    sheet.write_string(LABEL, place, columns[place].name.text(lang), label)
            start = end + 1
        small = self._boxed(align="center", font_size=8, font_color="#404040")
        for place, column in enumerate(columns):
            sheet.write_number(NUMBER, place, column.no, small)

    # --- rows -----------------------------------------------------------------------------------------------------

    def _format(self, column: PlanColumn) -> Format:
        if column.kind == "money":
            return self._boxed(num_format=CENTS if self.cents[column.key] else MONEY)
        if column.kind == "month":
            return self._boxed(align="center", num_format='0"月"' if self.lang == "zh" else "0")
        if column.kind == "whole":
            return self._boxed(align="center", num_format="0")
        centred = column.key in CENTRED or column.kind in CENTRED_KINDS
        return self._boxed(num_format="@", **({"align": "center"} if centred else {}))

    def _rows(self, count: Callable[[int], None]) -> None:
        sheet, lang = self.sheet, self.lang
        # text of a cell → (as written, lines), for each column
        known: list[dict[str, tuple[str, int]]] = [{} for _ in self.table.columns]
        columns = [
            (place, column.key, self._format(column), self.rooms[place], known[place])
            for place, column in enumerate(self.table.columns)
        ]
        day = self._boxed(align="center", num_format=DAY)
        summed = self._sum_of_row()
        string, number, blank, chinese = sheet.write_string, sheet.write_number, sheet.write_blank, lang == "zh"
        for line, row in enumerate(self.table.rows, FIRST):
            most = LEAST_LINES
            for place, key, style, room, seen in columns:
                value = row.get(key)
                kind = type(value)
                if value is None or value == "":
                    blank(line, place, None, style)
                elif kind is int or kind is Decimal:
                    if key == TOTAL and summed and _adds_up(row):
                        formula = f"=SUM({summed[0]}{line + 1}:{summed[1]}{line + 1})"
                        sheet.write_formula(line, place, formula, style, float(value))  # type: ignore[arg-type]
                    else:
                        number(line, place, float(value), style)  # type: ignore[arg-type]
                elif isinstance(value, date):
                    put(sheet, line, place, value, lang, day)
                else:
                    if kind is Bilingual:
                        text = (value.zh if chinese else value.en) or value.zh or value.en  # type: ignore[union-attr]
                    else:
                        text = str(value)
                    found = seen.get(text)
                    if found is None:
                        plain = safe_text(text)
                        found = seen[text] = (plain, lines_of(plain, room))
                    string(line, place, found[0], style)
                    if found[1] > most:
                        most = found[1]
            sheet.set_row(line, min(most * LINE + ROW_PAD, HIGHEST))
            if line % STEP == 0:
                count(line - FIRST + 1)
        if not self.table.rows:
            merged(sheet, FIRST, 0, self.last, self.words.get("nothing", lang), self._boxed(align="center"))
        count(len(self.table.rows))

    def _sum_of_row(self) -> tuple[str, str] | None:
        """Letters of the first and last part of the total, when the parts stand side by side."""
        places = {column.key: place for place, column in enumerate(self.table.columns)}
        found = sorted(places[key] for key in PARTS_OF_TOTAL if key in places)
        if len(found) == len(PARTS_OF_TOTAL) and found[-1] - found[0] == len(found) - 1:
            return xl_col_to_name(found[0]), xl_col_to_name(found[-1])
        return None

    def _total(self, line: int) -> None:
        sheet, columns = self.sheet, self.table.columns
        found = sums(self.table)
        first = next((place for place, column in enumerate(columns) if column.is_summed), self.last)
        bold = {"bold": True, "top": 2, "bottom": 2, "left": 1, "right": 1}
        sheet.set_row(line, 24)
        label = self._style(align="center", **bold)
        if first:
            merged(sheet, line, 0, first - 1, total_label(len(self.table.rows), self.words, self.lang), label)
        for place in range(first, len(columns)):
            column = columns[place]
            if not column.is_summed:
                sheet.write_blank(line, place, None, label)
                continue
            money = column.kind == "money"
            style = self._style(
                num_format=(CENTS if self.cents.get(column.key) else MONEY) if money else "0",
                **bold,
                **({} if money else {"align": "center"}),
                shrink=True,
            )
            area = xl_range(FIRST, place, max(line - 1, FIRST), place)
            value = found[column.key]
            if value is None:
                # nothing entered yet: empty, and a sum as soon as there is something
                empty = f'=IF(COUNT({area})=0,"",SUM({area}))'
                sheet.write_formula(line, place, empty, style, "")  # type: ignore[arg-type]
            else:
                sheet.write_formula(line, place, f"=SUM({area})", style, float(value))  # type: ignore[arg-type]

    # --- below ----------------------------------------------------------------------------------------------------

    def _below(self, line: int) -> int:
        """Notes, signatures, seal, time of the data and digest; gives back the last line."""
        sheet, words, lang, last, table = self.sheet, self.words, self.lang, self.last, self.table
        note = self._style(text_wrap=True)
        for text in notes_text(table, words, lang):
            sheet.set_row(line, 15 * (1 + len(text) // (150 if lang == "zh" else 260)) + 3)
            merged(sheet, line, 0, last, text, note)
            line += 1
        line += 1
        sheet.set_row(line, 30)
        plain = self._style(font_size=12)
        name = table.compiled_by.text(lang) or table.compiled_by.zh
        seal = f"{name}{words.get('sealed_line', lang)}" if lang == "zh" else f"{name} {words.get('sealed_line', lang)}"
        day = table.sealed_on.isoformat() if table.sealed_on else words.get("date_line", lang)
        if last < LEAST_COLUMNS:
            texts = [words.get(key, lang) for key in ("filled_in", "checked", "head")]
            merged(sheet, line, 0, last, "　　　　　".join(texts), plain)
            merged(sheet, line + 1, 0, last, f"{seal}　{day}", self._style(font_size=12, align="right"))
        else:
            thirds = [0, last // 5, 2 * last // 5, 2 * last // 3]
            for key, start, end in zip(("filled_in", "checked", "head"), thirds, thirds[1:], strict=False):
                merged(sheet, line, start, end - 1, words.get(key, lang), plain)
            centred = self._style(font_size=12, align="center")
            merged(sheet, line, thirds[3], last, seal, centred)
            merged(sheet, line + 1, thirds[3], last, day, centred)
        sheet.set_row(line + 1, 24)
        line += 3
        at = f"{local(table.data_at):%Y-%m-%d %H:%M}"
        told = f"{words.get('data_at', lang)} {at}　　{words.get('digest', lang)} SHA-256 {table.digest}"
        if table.verification:
            told += f"　　{words.get('verify_code', lang)} {table.verification[0]}　{table.verification[1]}"
        merged(sheet, line, 0, last, told, self._style(font_size=9))
        return line


def _adds_up(row: Mapping[str, Cell]) -> bool:
    """Whether the written total is what its parts come to: only then a formula may stand for it."""
    parts = [value for key in PARTS_OF_TOTAL if isinstance(value := row.get(key), int | Decimal)]
    return bool(parts) and sum(parts, Decimal(0)) == row.get(TOTAL)


def _summary_sheet(book: Book, table: PlanTable, summary: SummaryTable, lang: str, *, alone: bool) -> None:
    """A table of figures: title, head, rows, total; A4 landscape."""
    words = words_of(table)
    title = summary.title.text(lang)
    name = title if alone else words.get("summary_sheet", lang, part=table.part.text(lang), title=title)
    sheet = book.sheet(name)
    last = len(summary.columns) - 1
    head = words.get("summary_title", lang, year=table.year)
    big = book.style(lang, font_name=HEADINGS[lang], font_size=16, bold=lang == "en", align="center")
    sheet.set_row(0, 30)
    merged(sheet, 0, 0, max(last, 1), f"{head}　{title}" if lang == "zh" else f"{head}: {title}", big)
    told = [table.part.text(lang), table.round.text(lang), words.get("unit_of_money", lang)]
    merged(sheet, 1, 0, max(last, 1), "　　".join(told), book.style(lang, align="center"))
    heading = book.style(lang, border=1, text_wrap=True, align="center", bold=True)
    for place, (label, kind) in enumerate(summary.columns):
        sheet.write_string(2, place, label.text(lang), heading)
        sheet.set_column_pixels(place, place, 230 if kind == "text" else 120)
    sheet.set_row(2, 32)
    for line, row in enumerate(summary.rows, 3):
        for place, (_, kind) in enumerate(summary.columns):
            _figure(book, sheet, line, place, row[place], kind, lang)
    foot = 3 + len(summary.rows)
    if summary.total is not None:
        for place, (_, kind) in enumerate(summary.columns):
            _summary_total(book, sheet, foot, place, summary, kind, lang)
        foot += 1
    at = f"{local(table.data_at):%Y-%m-%d %H:%M}"
    told_at = f"{words.get('data_at', lang)} {at}　{words.get('digest', lang)} SHA-256 {table.digest}"
    sheet.write_string(foot + 1, 0, told_at, book.style(lang, font_size=8))
    sheet.freeze_panes(3, 1)
    page = words.get("sheet_page", lang)
    print_setup(sheet, paper=A4, head=(0, 2), area=(foot + 1, max(last, 1)), left=f"{head}  {title}", right=page)


def _summary_style(book: Book, kind: str, cell: Cell, lang: str, **more) -> Format:
    formats = {"money": CENTS if has_cents(cell) else MONEY, "whole": MONEY, "percent": PERCENT}
    return book.style(lang, border=1, num_format=formats.get(kind, "@"), text_wrap=kind == "text", **more)


def _figure(book: Book, sheet: Worksheet, line: int, place: int, cell: Cell, kind: str, lang: str, **more) -> None:
    style = _summary_style(book, kind, cell, lang, **more)
    if kind == "percent" and isinstance(cell, int | Decimal):
        sheet.write_number(line, place, float(Decimal(cell) / 100), style)
    else:
        put(sheet, line, place, cell, lang, style)


def _summary_total(
    book: Book, sheet: Worksheet, line: int, place: int, summary: SummaryTable, kind: str, lang: str
) -> None:
    """A formula where the column adds up to the given total; shares and numbers counted once stand as they are."""
    cell = (summary.total or ())[place]
    column = [value for row in summary.rows if isinstance(value := row[place], int | Decimal)]
    adds_up = isinstance(cell, int | Decimal) and bool(column) and sum(column, Decimal(0)) == cell
    if kind in ("whole", "money") and adds_up:
        style = _summary_style(book, kind, cell, lang, bold=True)
        formula = f"=SUM({xl_range(3, place, line - 1, place)})"
        sheet.write_formula(line, place, formula, style, float(cell))  # type: ignore[arg-type]
    else:
        _figure(book, sheet, line, place, cell, kind, lang, bold=True)
