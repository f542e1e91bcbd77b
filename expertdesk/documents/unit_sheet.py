"""The declaration sheet of a unit: fifty ready lines with drop-downs, checks and live sums, in both languages at once.

The choices stand on a hidden sheet under names of their own; the header is locked, the lines are open. The people
entered are counted against the control number while typing. Same template, same bytes.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from expertdesk.documents.books import (
    A3,
    CENTS,
    HEADINGS,
    PIXELS,
    Book,
    lines_of,
    merged,
    new_book,
    print_setup,
    put,
    safe_text,
)
from expertdesk.documents.plan_cells import CENTRED, CENTRED_KINDS, OTHER_WIDTH, WIDTHS
from expertdesk.documents.plan_contexts import (
    PARTS_OF_TOTAL,
    TOTAL,
    Cell,
    PlanColumn,
    UnitTemplate,
    choice_text,
)
from expertdesk.documents.wording import Wording, wording
from expertdesk.foundation.locale import Bilingual, format_date

READY = 50
TITLE, UNIT_ZH, UNIT_EN, CONTROL, HOW, BAND, LABEL_ZH, LABEL_EN, NUMBER, FIRST = range(10)
OPEN_KINDS = frozenset({"choices", "list"})
EARLY = date(2026, 1, 1)
LIST_LONGEST, TITLE_LONGEST, MESSAGE_LONGEST = 255, 32, 255
LEAST_OF = {"people_planned": 1, "days": 1}


def unit_template_xlsx(template: UnitTemplate) -> bytes:
    """The sheet of one unit and part, ready to fill in; `rows` stand in the first lines."""
    return _UnitSheet(template).write()


class _UnitSheet:
    def __init__(self, template: UnitTemplate) -> None:
        self.template = template
        day = template.compiled_on or EARLY
        self.words: Wording = wording("UNIT_SHEET", day)
        title = self._both("title", year=template.year)
        self.book: Book = new_book(
            title=title,
            author=template.issued_by.zh or template.unit.zh,
            subject=f"{template.unit.zh} {template.part.zh}",
            comments=template.credit_code,
            made_at=datetime(day.year, day.month, day.day),
        )
        self.sheet: Worksheet = self.book.sheet(self._both("sheet"))
        self.lists: Worksheet = self.book.sheet(self._both("lists"))
        self.places = {column.key: place for place, column in enumerate(template.columns)}
        self.last = len(template.columns) - 1
        self.end = FIRST + max(READY, len(template.rows)) - 1
        self.named: dict[str, str] = {}

    def _both(self, key: str, **values: object) -> str:
        return f"{self.words.get(key, 'zh', **values)} {self.words.get(key, 'en', **values)}"

    def write(self) -> bytes:
        self._lists()
        self._columns()
        self._top()
        self._head()
        self._rows()
        self._foot()
        self._checks()
        sheet = self.sheet
        sheet.freeze_panes(FIRST, min(3, self.last))
        sheet.protect(
            "",
            {
                "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True,
                "sort": True, "autofilter": True, "select_locked_cells": True, "select_unlocked_cells": True,
            },
        )  # fmt: skip
        sheet.activate()
        print_setup(
            sheet,
            paper=A3,
            head=(BAND, NUMBER),
            area=(self.end + 3, self.last),
            left=f"{self.words.get('title', 'zh', year=self.template.year)}  {self.template.unit.zh}",
            right=self._both("page"),
        )
        return self.book.bytes()

    # --- lists ----------------------------------------------------------------------------------------------------

    def _lists(self) -> None:
        """Every list in a column of the hidden sheet, under a name: code, both languages."""
        plain = self.book.style("zh")
        for place, (key, rows) in enumerate(sorted(self.template.choices.items())):
            if not rows or key not in self.places:
                continue
            column = place * 2
            self.lists.write_string(0, column, key, plain)
            for line, (code, name) in enumerate(rows, 1):
                self.lists.write_string(line, column, safe_text(choice_text(name)), plain)
                self.lists.write_string(line, column + 1, code, plain)
            name = f"list_{key}"
            sheet = str(self.lists.get_name()).replace("'", "''")
            self.book.workbook.define_name(name, f"='{sheet}'!{xl_range_abs(1, column, len(rows), column)}")
            self.named[key] = name
        self.lists.hide()

    # --- head -----------------------------------------------------------------------------------------------------

    def _style(self, **values: Any) -> Format:
        return self.book.style("zh", **values)

    def _boxed(self, **values: Any) -> Format:
        return self._style(border=1, border_color="#595959", text_wrap=True, **values)

    def _columns(self) -> None:
        for place, column in enumerate(self.template.columns):
            wide = max(WIDTHS.get(column.key, OTHER_WIDTH.get(column.kind, 14.0)), 9.5)
            if column.key in self.named:
                wide = max(wide, 16.0)
            self.sheet.set_column_pixels(place, place, round(wide * PIXELS))

    def _top(self) -> None:
        sheet, words, template, last = self.sheet, self.words, self.template, self.last
        big = self._style(font_name=HEADINGS["zh"], font_size=18, align="center", text_wrap=True)
        sheet.set_row(TITLE, 54)
        titles = [words.get("title", lang, year=template.year) for lang in ("zh", "en")]
        merged(sheet, TITLE, 0, last, "\n".join(titles), big)
        thirds = [0, max(2, last * 2 // 5), max(4, last * 13 // 20), max(6, last * 5 // 6), last + 1]
        for line, lang in ((UNIT_ZH, "zh"), (UNIT_EN, "en")):
            texts = [
                words.get("unit", lang, name=template.unit.text(lang) or template.unit.zh),
                words.get("code", lang, code=template.credit_code),
                words.get("part", lang, name=template.part.text(lang)),
                words.get("money", lang),
            ]
            style = self.book.style(lang, font_size=11)
            for text, start, end in zip(texts, thirds, thirds[1:], strict=False):
                merged(sheet, line, start, end - 1, text, style)
        self._control()
        how = self._both("how")
        if template.return_by:
            names = {lang: template.issued_by.text(lang) or template.issued_by.zh for lang in ("zh", "en")}
            for lang in ("zh", "en"):
                day = format_date(template.return_by, "letter", lang)
                how += " " + words.get("return_by", lang, date=day, name=names[lang])
        sheet.set_row(HOW, 46)
        merged(sheet, HOW, 0, last, how, self._style(text_wrap=True, font_size=9))

    def _control(self) -> None:
        """Control number, people entered so far, what is left, and a word about it."""
        sheet, template = self.sheet, self.template
        label = self._style(font_size=11, align="right")
        figure = self._style(font_size=12, bold=True, align="center", bottom=1, num_format="0")
        people = self.places.get("people_planned", 0)
        area = xl_range(FIRST, people, self.end, people)
        entered = int(sum(_number(row.get("people_planned")) for row in template.rows))
        cells = {
            name: xl_rowcol_to_cell(CONTROL, place) for name, place in (("control", 3), ("declared", 6), ("left", 9))
        }
        sheet.set_row(CONTROL, 24)
        merged(sheet, CONTROL, 0, 2, self._both("control"), label)
        merged(sheet, CONTROL, 4, 5, self._both("declared"), label)
        sheet.write_formula(CONTROL, 6, f"=SUM({area})", figure, entered)
        merged(sheet, CONTROL, 7, 8, self._both("left"), label)
        if template.control_number is None:
            sheet.write_string(CONTROL, 3, self._both("no_control"), figure)
            sheet.write_blank(CONTROL, 9, None, figure)
            return
        control = template.control_number
        sheet.write_number(CONTROL, 3, control, figure)
        sheet.write_formula(CONTROL, 9, f"={cells['control']}-{cells['declared']}", figure, control - entered)
        over, within = self._both("over"), self._both("within")
        formula = f'=IF({cells["left"]}<0,"{over}","{within}")'
        told: Any = over if entered > control else within
        last = min(14, self.last)
        sheet.merge_range(CONTROL, 10, CONTROL, last, "", self._style(font_size=11, bold=True, indent=1))
        sheet.write_formula(CONTROL, 10, formula, self._style(font_size=11, bold=True, indent=1), told)
        loud = self.book.workbook.add_format({"bg_color": "#F8D7DA", "font_color": "#8A1020"})
        rule = {"type": "formula", "criteria": f"=${xl_rowcol_to_cell(CONTROL, 9, row_abs=True)}<0", "format": loud}
        sheet.conditional_format(CONTROL, 3, CONTROL, last, rule)

    def _head(self) -> None:
        sheet, columns = self.sheet, self.template.columns
        names = dict(self.template.bands)
        heading = self._boxed(font_name=HEADINGS["zh"], align="center", bg_color="#EDEDED")
        zh = self._boxed(align="center", bg_color="#F5F5F5", bold=True)
        en = self.book.style(
            "en", font_size=8, border=1, border_color="#595959", text_wrap=True, align="center", bg_color="#F5F5F5"
        )
        small = self._boxed(align="center", font_size=8, bg_color="#F5F5F5")
        for line, high in ((BAND, 20), (LABEL_ZH, 44), (LABEL_EN, 36)):
            sheet.set_row(line, high)
        start = 0
        while start <= self.last:
            end = start
            while end < self.last and columns[end + 1].band == columns[start].band:
                end += 1
            band = names.get(columns[start].band)
            # a band of one column has that column's name: it stands below
            merged(sheet, BAND, start, end, choice_text(band) if band and start != end else "", heading)
            start = end + 1
        for place, column in enumerate(columns):
            star = "*" if column.key in self.template.required else ""
            sheet.write_string(LABEL_ZH, place, column.name.zh + star, zh)
            sheet.write_string(LABEL_EN, place, column.name.en + star, en)
            sheet.write_number(NUMBER, place, column.no, small)
            sheet.write_comment(LABEL_ZH, place, self._about(column), {"x_scale": 1.6, "y_scale": 1.2, "author": ""})

    def _about(self, column: PlanColumn) -> str:
        """What belongs into the column, in both languages."""
        keys = []
        if self._is_worked_out(column):
            keys = ["worked_out"]
        else:
            keys.append("needed" if column.key in self.template.required else "optional")
            if f"about_{column.key}" in self.words.texts:
                keys.append(f"about_{column.key}")
            if column.key in self.named:
                keys.append("several" if column.kind in OPEN_KINDS else "choose")
        zh, en = (
            "".join(self.words.get(key, "zh") for key in keys),
            " ".join(self.words.get(key, "en") for key in keys),
        )
        return f"{column.name.zh}：{zh}\n{column.name.en}: {en}"

    # --- lines ----------------------------------------------------------------------------------------------------

    def _parts(self) -> list[int]:
        return sorted(self.places[key] for key in PARTS_OF_TOTAL if key in self.places)

    def _is_worked_out(self, column: PlanColumn) -> bool:
        if column.key == "seq":
            return "project_name" in self.places
        if column.key == "term":
            return bool(self.template.terms) and "days" in self.places
        return column.key == TOTAL and bool(self._parts())

    def _style_of(self, column: PlanColumn, *, locked: bool) -> Format:
        values: dict[str, Any] = {"locked": locked}
        if column.kind == "money":
            values["num_format"] = CENTS
        elif column.kind in ("whole", "month"):
            values |= {"num_format": "0", "align": "center"}
        else:
            values["num_format"] = "@"
            if column.key in CENTRED or column.kind in CENTRED_KINDS:
                values["align"] = "center"
        if locked:
            values |= {"bg_color": "#F5F5F5", "num_format": values["num_format"].replace("@", "General")}
        return self._boxed(**values)

    def _rows(self) -> None:
        columns = [
            (place, column, self._style_of(column, locked=self._is_worked_out(column)))
            for place, column in enumerate(self.template.columns)
        ]
        for line in range(FIRST, self.end + 1):
            number = line - FIRST
            row = self.template.rows[number] if number < len(self.template.rows) else {}
            most = 1
            for place, column, style in columns:
                if self._is_worked_out(column):
                    self._formula(line, place, column, row, number + 1, style)
                    continue
                value = row.get(column.key)
                if isinstance(value, Bilingual):
                    value = (
                        choice_text(value) if column.key in self.named and column.kind not in OPEN_KINDS else value.zh
                    )
                put(self.sheet, line, place, value, "zh", style)
                if isinstance(value, str):
                    most = max(most, lines_of(value, 8.0 if column.key not in ("project_name",) else 12.0))
            self.sheet.set_row(line, min(13.0 * max(most, 2), 409))

    def _formula(self, line: int, place: int, column: PlanColumn, row: Any, number: int, style: Format) -> None:
        """Serial number, term and total; empty as long as the line is."""
        value: Any = ""
        if column.key == "seq":
            named = xl_rowcol_to_cell(line, self.places["project_name"])
            formula = f'=IF({named}="","",ROW()-{FIRST})'
            value = number if row.get("project_name") else ""
        elif column.key == "term":
            days = xl_rowcol_to_cell(line, self.places["days"])
            formula = '""'
            for term in reversed(self.template.terms):
                tests = [f"{days}>={term.least}"] if term.least is not None else []
                tests += [f"{days}<={term.most}"] if term.most is not None else []
                condition = f"AND({','.join(tests)})" if tests else "TRUE"
                formula = f'IF({condition},"{choice_text(term.name)}",{formula})'
                given = row.get("days")
                if isinstance(given, int) and (term.least or given) <= given <= (term.most or given):
                    value = choice_text(term.name)
            formula = f'=IF({days}="","",{formula})'
        else:
            parts = self._parts()
            area = ",".join(xl_rowcol_to_cell(line, part) for part in parts)
            if parts[-1] - parts[0] == len(parts) - 1:
                area = xl_range(line, parts[0], line, parts[-1])
            formula = f'=IF(COUNT({area})=0,"",SUM({area}))'
            known = [amount for key in PARTS_OF_TOTAL if isinstance(amount := row.get(key), int | Decimal)]
            value = float(sum(known, Decimal(0))) if known else ""
        self.sheet.write_formula(line, place, formula, style, value)

    def _foot(self) -> None:
        """Sums of people and money, and where to sign."""
        line, sheet = self.end + 1, self.sheet
        bold = {"bold": True, "top": 2, "bottom": 2, "left": 1, "right": 1}
        first = next((place for place, column in enumerate(self.template.columns) if column.is_summed), self.last)
        sheet.set_row(line, 22)
        if first:
            merged(sheet, line, 0, first - 1, self._both("total"), self._style(align="center", **bold))
        for place, column in enumerate(self.template.columns[first:], first):
            if not column.is_summed:
                sheet.write_blank(line, place, None, self._style(**bold))
                continue
            area = xl_range(FIRST, place, self.end, place)
            figures = self._figures(column)
            value: Any = float(sum(figures, Decimal(0)))
            form = CENTS if column.kind == "money" else "0"
            style = self._style(num_format=form, shrink=True, **bold)
            sheet.write_formula(line, place, f"=SUM({area})", style, value)
        sheet.set_row(line + 2, 24)
        merged(sheet, line + 1, 0, self.last, "", self._style())
        merged(sheet, line + 2, 0, self.last, self.words.get("signed", "zh"), self._style(font_size=11))

    def _figures(self, column: PlanColumn) -> list[Decimal]:
        keys = PARTS_OF_TOTAL if column.key == TOTAL and self._parts() else (column.key,)
        return [Decimal(_number(row.get(key))) for row in self.template.rows for key in keys]

    # --- checks ---------------------------------------------------------------------------------------------------

    def _checks(self) -> None:
        """Drop-downs and plain checks of every line; a list that takes several entries only warns."""
        for place, column in enumerate(self.template.columns):
            if self._is_worked_out(column):
                continue
            rule = self._rule(column)
            if rule:
                self.sheet.data_validation(FIRST, place, self.end, place, rule)

    def _rule(self, column: PlanColumn) -> dict[str, Any]:
        about = self._about(column)[:MESSAGE_LONGEST]
        base = {
            "ignore_blank": True,
            "input_title": choice_text(column.name)[:TITLE_LONGEST],
            "input_message": about,
            "error_title": self._both("wrong_title")[:TITLE_LONGEST],
        }
        if column.key in self.named:
            several = column.kind in OPEN_KINDS
            return base | {
                "validate": "list",
                "source": f"={self.named[column.key]}",
                "error_message": self._both("several" if several else "wrong_choice")[:MESSAGE_LONGEST],
                "error_type": "information" if several else "stop",
            }
        if column.kind == "month":
            return base | {
                "validate": "integer", "criteria": "between", "minimum": 1, "maximum": 12,
                "error_message": self._both("wrong_month"),
            }  # fmt: skip
        if column.kind == "whole":
            least = LEAST_OF.get(column.key, 0)
            return base | {
                "validate": "integer", "criteria": ">=", "value": least,
                "error_message": self._both("wrong_whole", least=least),
            }  # fmt: skip
        if column.kind == "money":
            return base | {
                "validate": "decimal", "criteria": ">=", "value": 0, "error_message": self._both("wrong_money"),
            }  # fmt: skip
        return base | {"validate": "any"}


def _number(cell: Cell) -> Decimal | int:
    return cell if isinstance(cell, int | Decimal) else 0
