"""人员名单: the people of a training group as PDF and as a workbook, A4 landscape, thirteen columns and a serial."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, timedelta

from expertdesk.documents.books import A4, DAY, HEADINGS, lines_of, merged, new_book, print_setup, put
from expertdesk.documents.breaking import Line, lay
from expertdesk.documents.cleaning import MissingGlyph, clean, missing
from expertdesk.documents.plan_contexts import Cell, RosterPerson, RosterTable, in_language
from expertdesk.documents.plan_pdf import page_cuts
from expertdesk.documents.plan_text import languages, local
from expertdesk.documents.roll import Roll
from expertdesk.documents.sheet import DARK, MM, Properties, width_of
from expertdesk.documents.wording import Wording, wording

KIND = "ROSTER"
COLUMNS: tuple[tuple[str, float, bool, Callable[[RosterPerson], Cell | bool]], ...] = (
    ("name", 26.0, False, lambda person: person.name),
    ("sex", 9.0, True, lambda person: person.sex),
    ("birth_on", 19.0, True, lambda person: person.birth_on),
    ("unit_of", 38.0, False, lambda person: person.unit),
    ("post", 24.0, False, lambda person: person.post),
    ("title_of", 18.0, True, lambda person: person.title),
    ("political_status", 17.0, True, lambda person: person.political_status),
    ("language_level", 18.0, True, lambda person: person.language_level),
    ("passport", 23.0, True, lambda person: person.passport),
    ("is_leader", 12.0, True, lambda person: person.is_leader),
    ("last_trip_on", 19.0, True, lambda person: person.last_trip_on),
    ("health", 14.0, True, lambda person: person.health),
    ("remarks", 22.0, False, lambda person: person.remarks),
)
SEQ = 10.0
LEFT, RIGHT = 14.0, 283.0
FIRST_TOP, NEXT_TOP, BOTTOM, LAST_BOTTOM = 38.0, 20.0, 190.0, 172.0
HEAD, STEP, PAD = 13.0, 3.5, 3.6
SIZE = {"zh": 8.5, "en": 7.5}
TALLEST = 36
PIXELS_A4, EM = 96 / 25.4 * 1.15, 13.4


def _words(table: RosterTable) -> Wording:
    return wording(KIND, local(table.data_at).date())


def _shown(value: Cell | bool, key: str, words: Wording, lang: str) -> str:
    """A cell as it is read; an unknown sex and an unknown day stay empty."""
    if isinstance(value, bool):
        return words.get("is_one" if value else "is_none", lang)
    if key == "sex":
        return words.get({"M": "male", "F": "female"}[str(value)], lang) if value in ("M", "F") else ""
    if isinstance(value, date):
        return value.isoformat()
    return str(in_language(value, lang) or "")


def _head_texts(table: RosterTable, words: Wording, lang: str) -> tuple[str, str, str]:
    def text(cell: Cell) -> str:
        return str(in_language(cell, lang) or "")

    return (
        words.get("project", lang, number=table.project_no, name=text(table.group)),
        words.get("unit", lang, name=text(table.organising_unit)),
        words.get("destination", lang, name=text(table.destination))
        + ("　　" if lang == "zh" else "     ")
        + words.get("people", lang, count=len(table.people)),
    )


# --- PDF ------------------------------------------------------------------------------------------------------------


def roster_pdf(table: RosterTable, lang: str = "zh") -> bytes:
    """The list on A4 landscape; the header is repeated, signatures and seal stand on the last page with two names."""
    chosen, words = languages(lang), _words(table)
    at = table.data_at if table.data_at.tzinfo else table.data_at.replace(tzinfo=UTC) - timedelta(hours=8)
    author = in_language(table.organising_unit, chosen[0])
    properties = Properties(
        title=f"{words.get('title', chosen[0])} {table.project_no}",
        author=str(author or ""),
        subject=words.get("title", chosen[-1]),
        made_at=at.astimezone(UTC),
        lang="zh-CN" if chosen[0] == "zh" else "en-GB",
    )
    roll = Roll(297, 210, properties)
    for language in chosen:
        _RosterPages(roll, table, words, language).draw()
    total = len(roll.pages)
    for number in range(total):
        roll.turn(number)
        language = roll.lang
        roll.text(RIGHT, 201, words.get("page", language, page=number + 1, pages=total), "sans", 8, align="right")
        told = words.get("data_at", language, at=f"{local(table.data_at):%Y-%m-%d %H:%M}")
        if table.digest:
            told += f"   SHA-256 {table.digest[:16]}…"
        roll.text(LEFT, 201, told, "sans", 7.5, colour=DARK)
    return roll.pdf()


class _RosterPages:
    def __init__(self, roll: Roll, table: RosterTable, words: Wording, lang: str) -> None:
        self.roll, self.table, self.words, self.lang = roll, table, words, lang
        self.size = SIZE[lang]
        widths = [SEQ, *(column[1] for column in COLUMNS)]
        scale = (RIGHT - LEFT) / sum(widths)
        self.edges = [LEFT]
        for width in widths:
            self.edges.append(self.edges[-1] + width * scale)

    def draw(self) -> None:
        rows = [self._row(number, person) for number, person in enumerate(self.table.people, 1)]
        highs = [max(len(cell) for cell in row) * STEP + PAD for row in rows]
        cuts = page_cuts(
            highs,
            full=(BOTTOM - FIRST_TOP - HEAD, BOTTOM - NEXT_TOP - HEAD),
            last=(LAST_BOTTOM - FIRST_TOP - HEAD, LAST_BOTTOM - NEXT_TOP - HEAD),
        )
        for number, (start, end) in enumerate(cuts):
            self.roll.page(self.lang)
            top = FIRST_TOP if number == 0 else NEXT_TOP
            self._title(first=number == 0)
            self._header(top)
            y = self._rows(rows[start:end], highs[start:end], top + HEAD)
            fine = [(x, top, x, y if rows else top + HEAD) for x in self.edges[1:-1]]
            self.roll.rules(0.09, fine)
            self.roll.rule(LEFT, RIGHT, top, 0.5)
            self.roll.rule(LEFT, RIGHT, y, 0.5 if number == len(cuts) - 1 else 0.35)
        self._sign()

    def _checked(self, text: str, place: str) -> str:
        cleaned = clean(text)
        lacking = missing(cleaned)
        if lacking:
            raise MissingGlyph(place, lacking)
        return cleaned

    def _row(self, number: int, person: RosterPerson) -> list[list[Line]]:
        out = [lay(str(number), "sans", self.size, 1e4, "en")]
        for place, (key, _, _, value) in enumerate(COLUMNS, 1):
            text = self._checked(_shown(value(person), key, self.words, self.lang), f"{key}[{number}]")
            room = (self.edges[place + 1] - self.edges[place] - 1.6) * MM
            lines = lay(text, "sans", self.size, room, self.lang, balance=True) if text else []
            if len(lines) > TALLEST:
                lines = lines[:TALLEST]
            out.append(lines)
        return out

    def _title(self, *, first: bool) -> None:
        roll, words, lang, table = self.roll, self.words, self.lang, self.table
        kai, bold = ("kai", "kai_bold") if lang == "zh" else ("serif", "serif_bold")
        project, unit, where = _head_texts(table, words, lang)
        if table.is_draft:
            text = words.get("draft", lang)
            roll.text(16.5, 10.4, text, "sans", 8.5)
            roll.box(LEFT, 6, width_of(text, "sans", 8.5, lang) + 5, 6.4, 0.2)
        if not first:
            roll.text(148.5, 16, f"{words.get('title', lang)}  {table.project_no}", kai, 10.5, align="centre")
            return
        roll.text(148.5, 19, words.get("title", lang), bold, 18 if lang == "zh" else 14, align="centre")
        project = self._checked(project, "group")
        size = 11 if lang == "zh" else 9.5
        room = RIGHT - LEFT
        wide = width_of(project, kai, size, lang)
        roll.text(LEFT, 28, project, kai, size * min(1, room / wide) if wide else size)
        unit, where = self._checked(unit, "organising_unit"), self._checked(where, "destination")
        both = width_of(unit, kai, size, lang) + width_of(where, kai, size, lang) + 6
        smaller = size * min(1, room / both)
        roll.text(LEFT, 34.5, unit, kai, smaller)
        roll.text(RIGHT, 34.5, where, kai, smaller, align="right")

    def _header(self, top: float) -> None:
        names = ["seq", *(column[0] for column in COLUMNS)]
        size = 8.0 if self.lang == "zh" else 7.0
        for place, key in enumerate(names):
            left, right = self.edges[place], self.edges[place + 1]
            lines = lay(
                self.words.get(key, self.lang), "semi", size, (right - left - 0.8) * MM, self.lang, balance=True
            )
            self.roll.lines(lines, (left + right) / 2, top + HEAD / 2 + 1.0 - (len(lines) - 1) * 1.65, 3.3, "centre")
        self.roll.rule(LEFT, RIGHT, top + HEAD, 0.35)

    def _rows(self, rows: Sequence[list[list[Line]]], highs: Sequence[float], y: float) -> float:
        strokes = []
        centred = [True, *(column[2] for column in COLUMNS)]
        if not rows:
            self.roll.text((LEFT + RIGHT) / 2, y + 6, self.words.get("nobody", self.lang), "sans", 9, align="centre")
            return y + 10
        for row, high in zip(rows, highs, strict=True):
            for place, lines in enumerate(row):
                baseline = y + high / 2 + 0.9 - (len(lines) - 1) * STEP / 2
                left, right = self.edges[place], self.edges[place + 1]
                if centred[place]:
                    self.roll.lines(lines, (left + right) / 2, baseline, STEP, "centre")
                else:
                    self.roll.lines(lines, left + 0.8, baseline, STEP)
            y += high
            strokes.append((LEFT, y, RIGHT, y))
        self.roll.rules(0.12, strokes[:-1])
        return y

    def _sign(self) -> None:
        face, size = ("kai", 11) if self.lang == "zh" else ("serif", 9.5)
        for key, x in (("signed", LEFT), ("checked", 84.0)):
            wide = self.roll.text(x, 186, self.words.get(key, self.lang), face, size)
            self.roll.rule(x + wide + 1, x + wide + 35, 187.2, 0.18)
        self.roll.text(168, 186, self.words.get("seal", self.lang), face, size)
        self.roll.text(222, 186, self.words.get("date", self.lang), face, size)
        if self.lang == "en":
            self.roll.rule(233, 268, 187.2, 0.18)


# --- workbook -------------------------------------------------------------------------------------------------------


def roster_xlsx(table: RosterTable, lang: str = "zh") -> bytes:
    """The list as a workbook with the print set-up of the form; text stays text."""
    chosen, words = languages(lang), _words(table)
    book = new_book(
        title=f"{words.get('title', chosen[0])} {table.project_no}",
        author=str(in_language(table.organising_unit, chosen[0]) or ""),
        subject=str(in_language(table.group, chosen[0]) or ""),
        comments="",
        made_at=table.data_at,
        digest=table.digest,
    )
    for language in chosen:
        _roster_sheet(book, table, words, language)
    return book.bytes()


def _roster_sheet(book, table: RosterTable, words: Wording, lang: str) -> None:
    sheet = book.sheet(words.get("sheet", lang))
    last = len(COLUMNS)
    big = book.style(lang, font_name=HEADINGS[lang], font_size=16, bold=lang == "en", align="center")
    sheet.set_row(0, 30)
    merged(sheet, 0, 0, last, words.get("title", lang), big)
    project, unit, where = _head_texts(table, words, lang)
    plain = book.style(lang, font_size=11)
    merged(sheet, 1, 0, last, project, plain)
    merged(sheet, 2, 0, 5, unit, plain)
    merged(sheet, 2, 6, last, where, book.style(lang, font_size=11, align="right"))
    boxed = {"border": 1, "border_color": "#595959", "text_wrap": True}
    heading = book.style(lang, align="center", bold=True, **boxed)
    sheet.set_row(3, 40)
    for place, (key, width) in enumerate([("seq", SEQ), *((column[0], column[1]) for column in COLUMNS)]):
        sheet.write_string(3, place, words.get(key, lang), heading)
        sheet.set_column_pixels(place, place, round(width * PIXELS_A4))
    text = book.style(lang, num_format="@", **boxed)
    centred = book.style(lang, num_format="@", align="center", **boxed)
    number = book.style(lang, num_format="0", align="center", **boxed)
    day = book.style(lang, num_format=DAY, align="center", **boxed)
    for line, person in enumerate(table.people, 4):
        sheet.write_number(line, 0, line - 3, number)
        most = 1
        for place, (key, width, middle, value) in enumerate(COLUMNS, 1):
            cell = value(person)
            if isinstance(cell, date):
                put(sheet, line, place, cell, lang, day)
                continue
            shown = _shown(cell, key, words, lang)
            put(sheet, line, place, shown, lang, centred if middle else text)
            most = max(most, lines_of(shown, (width * PIXELS_A4 - 9) / EM))
        sheet.set_row(line, min(13.0 * max(most, 2), 409))
    foot = 4 + len(table.people)
    if not table.people:
        merged(sheet, foot, 0, last, words.get("nobody", lang), centred)
        foot += 1
    gap = "　　　　　　　　" if lang == "zh" else "                    "
    signed = gap.join(words.get(key, lang) for key in ("signed", "checked", "seal", "date"))
    sheet.set_row(foot + 1, 26)
    merged(sheet, foot + 1, 0, last, signed, plain)
    told = words.get("data_at", lang, at=f"{local(table.data_at):%Y-%m-%d %H:%M}")
    merged(sheet, foot + 2, 0, last, f"{told}　SHA-256 {table.digest}", book.style(lang, font_size=8))
    sheet.freeze_panes(4, 2)
    left = f"{words.get('title', lang)}  {table.project_no}"
    print_setup(sheet, paper=A4, head=(3, 3), area=(foot + 2, last), left=left, right=words.get("sheet_page", lang))
