"""年度因公出国（境）培训计划表 on A3 landscape: the plan of a year as PDF, one part after the other.

The measures are those of the design (letters §11). Pages are made as the rows come; only their code is kept, so that a
plan of two thousand groups needs little memory. Same tables, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, timedelta

from expertdesk.documents.breaking import Line
from expertdesk.documents.furniture import grouped, qr_rows
from expertdesk.documents.plan_cells import LABEL_STEP, Cells, Row, align_of
from expertdesk.documents.plan_contexts import PlanTable, Progress
from expertdesk.documents.plan_text import (
    as_tables,
    label_of,
    languages,
    local,
    notes_text,
    quota_text,
    title_of,
    total_label,
    words_of,
)
from expertdesk.documents.roll import Roll
from expertdesk.documents.sheet import DARK, GREY, Properties, width_of, wrapped
from expertdesk.documents.wording import Wording
from expertdesk.foundation.locale import Bilingual, format_date

LEFT, RIGHT, MIDDLE = 20.0, 406.0, 210.0
FIRST_TOP, NEXT_TOP = 36.5, 25.5  # top of the table on the first page of a part, and on the others
BAND, LABELS, NUMBERS, TOTAL = 6.4, 15.4, 4.4, 8.4
HEAD = BAND + LABELS + NUMBERS
FULL_BOTTOM = 277.5  # of a page that goes on
SEAL_TOP, SEAL, SEAL_X = 223.5, 42.0, 360.24
LAST_BOTTOM = SEAL_TOP - 2.0  # of the table on the last page
NOTE_LAST, NOTE_STEP, NOTE_WIDE = 243.0, 6.0, 306.0
DROP = {"zh": 0.7, "en": 0.6}  # from the middle of a row to the baseline of a single line
TOGETHER = 2  # rows that stand with the total


def plan_pdf(tables: PlanTable | Sequence[PlanTable], lang: str = "zh", progress: Progress | None = None) -> bytes:
    """The sheet of a part (or of several, one after the other); `both` puts all English pages behind the Chinese ones.

    `progress` is called with rows done and rows in all. Raises MissingGlyph for a character no font has.
    """
    parts, chosen = as_tables(tables), languages(lang)
    first, words = parts[0], words_of(parts[0])
    at = first.data_at if first.data_at.tzinfo else first.data_at.replace(tzinfo=UTC) - timedelta(hours=8)
    properties = Properties(
        title=title_of(first, words, chosen[0]),
        author=first.compiled_by.text(chosen[0]) or first.compiled_by.zh,
        subject=f"{title_of(first, words, chosen[-1])} · {first.round.text(chosen[0])} · SHA-256 {first.digest}",
        made_at=at.astimezone(UTC),
        lang="zh-CN" if chosen[0] == "zh" else "en-GB",
    )
    roll = Roll(420, 297, properties)
    whole, done = sum(len(part.rows) for part in parts) * len(chosen), 0
    drawn: list[_Part] = []
    for language in chosen:
        for table in parts:
            part = _Part(roll, table, language)
            part.draw(_counting(progress, done, whole))
            done += len(table.rows)
            drawn.append(part)
    ends = [part.first_page for part in drawn[1:]] + [len(roll.pages)]
    for part, end in zip(drawn, ends, strict=True):
        for number in range(part.first_page, end):
            roll.turn(number)
            part.foot(number + 1, len(roll.pages), last=number == end - 1)
    return roll.pdf()


def _counting(progress: Progress | None, done: int, whole: int) -> Callable[[int], None] | None:
    if progress is None:
        return None
    return lambda count: progress(done + count, whole)


class _Part:
    """One part of the plan in one language, page by page."""

    def __init__(self, roll: Roll, table: PlanTable, lang: str) -> None:
        self.roll, self.table, self.lang = roll, table, lang
        self.zh = lang == "zh"
        self.words: Wording = words_of(table)
        self.title = title_of(table, self.words, lang)
        self.cells = Cells(roll, table, self.words, lang)
        self.edges = [LEFT]
        for width in self.cells.widths:
            self.edges.append(self.edges[-1] + width)
        self.kai, self.serif_size = ("kai", 1.0) if self.zh else ("serif", 0.86)
        self.notes = self._notes()
        self.first_page = 0

    def _notes(self) -> list[Line]:
        medium = not self.zh and any(
            cell.text("en") == "Medium" for row in self.table.rows if isinstance(cell := row.get("term"), Bilingual)
        )
        short = (self.words.get("note_short_terms", "en"),) if medium else ()
        out: list[Line] = []
        for paragraph in notes_text(self.table, self.words, self.lang, *short):
            text = self.cells.checked(paragraph, "notes")
            out += wrapped(text, self.kai, 10.5 * self.serif_size, NOTE_WIDE, self.lang)
        return out

    def draw(self, progress: Callable[[int], None] | None) -> None:
        rows = self.cells.rows(progress)
        last = min(LAST_BOTTOM, NOTE_LAST - NOTE_STEP * max(len(self.notes), 1)) - TOTAL
        cuts = page_cuts(
            [row.high for row in rows],
            full=(FULL_BOTTOM - FIRST_TOP - HEAD, FULL_BOTTOM - NEXT_TOP - HEAD),
            last=(last - FIRST_TOP - HEAD, last - NEXT_TOP - HEAD),
        )
        self.first_page = len(self.roll.pages)
        for number, (start, end) in enumerate(cuts):
            self.roll.page(self.lang)
            top = FIRST_TOP if number == 0 else NEXT_TOP
            self._top(first=number == 0)
            self._head(top)
            bottom = self._rows(rows[start:end], top + HEAD)
            final = number == len(cuts) - 1
            self._uprights(top, bottom, final)
            self.roll.rule(LEFT, RIGHT, top, 0.5)
            if final:
                self._close(bottom)
            else:
                self.roll.rule(LEFT, RIGHT, bottom, 0.35)

    # --- above the rows -------------------------------------------------------------------------------------------

    def _top(self, *, first: bool) -> None:
        roll, words, lang, table = self.roll, self.words, self.lang, self.table
        text = words.get("draft", lang)
        if table.is_draft:
            roll.text(22.5, 14.0, text, "sans", 8.5)
            roll.box(LEFT, 9.6, width_of(text, "sans", 8.5, lang) + 5, 6.4, 0.2)
        compiled = self._checked(words.get("compiled_by", lang, name=self._name()), "compiled_by")
        money = words.get("unit_of_money", lang)
        size = 12 * self.serif_size
        if not first:
            roll.text(MIDDLE, 22.5, words.get("running", lang, title=self.title), self.kai, size, align="centre")
            roll.text(RIGHT, 22.5, money, self.kai, 10.5 * self.serif_size, align="right")
            if not table.is_draft:
                roll.text(LEFT, 22.5, compiled, self.kai, 10.5 * self.serif_size)
            return
        face, size_of_title = ("kai_bold", 22) if self.zh else ("serif_bold", 17)
        roll.text(MIDDLE, 24.0, self.title, face, size_of_title, align="centre", track=1.0 if self.zh else 0.0)
        roll.text(LEFT, 33.0, compiled, self.kai, size)
        facts = [
            words.get("round", lang, name=table.round.text(lang)),
            words.get("part", lang, name=table.part.text(lang)),
            quota_text(table, words, lang),
        ]
        middle = ("　　" if self.zh else "      ").join(fact for fact in facts if fact)
        half = width_of(middle, self.kai, size, lang) / 2
        left_end = LEFT + width_of(compiled, self.kai, size, lang) + 8
        roll.text(max(MIDDLE, left_end + half), 33.0, self._checked(middle, "round"), self.kai, size, align="centre")
        roll.text(RIGHT, 33.0, money, self.kai, size, align="right")

    def _name(self) -> str:
        return self.table.compiled_by.text(self.lang) or self.table.compiled_by.zh

    def _checked(self, text: str, place: str) -> str:
        return self.cells.checked(text, place)

    def _bands(self) -> list[tuple[str, int, int]]:
        """(band, first column, column behind the last) from left to right."""
        out: list[tuple[str, int, int]] = []
        for place, column in enumerate(self.table.columns):
            if out and out[-1][0] == column.band:
                out[-1] = (column.band, out[-1][1], place + 1)
            else:
                out.append((column.band, place, place + 1))
        return out

    def _head(self, top: float) -> None:
        """Bands, labels, column numbers; a band of one column is that column's label."""
        roll, edges, lang = self.roll, self.edges, self.lang
        names = dict(self.table.bands)
        middle = top + BAND + LABELS / 2
        for band, start, end in self._bands():
            left, right = edges[start], edges[end]
            if end - start == 1:
                self._label(start, top + (BAND + LABELS) / 2)
                continue
            name = names[band].text(lang) if band in names else ""
            roll.text((left + right) / 2, top + 4.2, name, "semi", 8.5 if self.zh else 7.5, align="centre")
            roll.rule(left, right, top + BAND, 0.18)
            for place in range(start, end):
                self._label(place, middle)
        roll.rule(LEFT, RIGHT, top + BAND + LABELS, 0.12)
        for place, column in enumerate(self.table.columns):
            x = (edges[place] + edges[place + 1]) / 2
            roll.text(x, top + BAND + LABELS + 3.0, str(column.no), "sans", 6, align="centre")
        roll.rule(LEFT, RIGHT, top + HEAD, 0.35)

    def _label(self, place: int, middle: float) -> None:
        column = self.table.columns[place]
        left, right = self.edges[place], self.edges[place + 1]
        text = label_of(column.key, column.name, self.words, self.lang)
        lines = self.cells.label(self._checked(text, column.key), right - left)
        step = LABEL_STEP[self.lang]
        baseline = middle + DROP[self.lang] - (len(lines) - 1) * step / 2
        self.roll.lines(lines, (left + right) / 2, baseline, step, "centre")

    # --- rows -----------------------------------------------------------------------------------------------------

    def _rows(self, rows: Sequence[Row], y: float) -> float:
        """The rows from y; gives back their foot."""
        roll, step, pad, drop = self.roll, self.cells.step, self.cells.pad, DROP[self.lang]
        sides = [align_of(column) for column in self.table.columns]
        strokes = []
        if not rows:
            text = self.words.get("nothing", self.lang)
            roll.text((LEFT + RIGHT) / 2, y + 5.0 + drop, text, "sans", self.cells.size, align="centre")
            y += 10.0
        for number, row in enumerate(rows):
            if number and row.starts:
                strokes.append((LEFT, y, RIGHT, y))
            middle = y + row.high / 2 + drop
            for place, cell in enumerate(row.cells):
                baseline = middle - (len(cell) - 1) * step / 2
                left, right = self.edges[place], self.edges[place + 1]
                for line in cell:
                    if sides[place] == "left":
                        x = left + pad
                    elif sides[place] == "right":
                        x = right - pad - line.wide
                    else:
                        x = (left + right - line.wide) / 2
                    roll.put(line.code, x, baseline)
                    baseline += step
            y += row.high
        roll.rules(0.12, strokes)
        return y

    def _uprights(self, top: float, bottom: float, final: bool) -> None:
        """Vertical rules: strong between the bands, fine between columns; none left of the first sum in its row."""
        bands = self._bands()
        starts = {start for _, start, _ in bands}
        foot = bottom + TOTAL if final else bottom
        summed = self._first_sum()
        strong, fine = [], []
        for place in range(1, len(self.table.columns)):
            x = self.edges[place]
            down = foot if place >= summed else bottom
            if not self.table.rows:
                (strong if place in starts else fine).append((x, top if place in starts else top + BAND, x, top + HEAD))
                if final and place >= summed:
                    (strong if place in starts else fine).append((x, bottom, x, foot))
            elif place in starts:
                strong.append((x, top, x, down))
            else:
                fine.append((x, top + BAND, x, down))
        self.roll.rules(0.3, strong)
        self.roll.rules(0.09, fine)

    def _first_sum(self) -> int:
        return next((place for place, column in enumerate(self.table.columns) if column.is_summed), 0)

    # --- below the rows -------------------------------------------------------------------------------------------

    def _close(self, bottom: float) -> None:
        """Total, notes, signatures, seal and the imprint: only on the last page of a part."""
        roll, words, lang = self.roll, self.words, self.lang
        roll.rule(LEFT, RIGHT, bottom, 0.35)
        summed, middle = self._first_sum(), bottom + TOTAL / 2
        label = total_label(len(self.table.rows), words, lang)
        size = 8.5 if self.zh else 7.5
        roll.text((LEFT + self.edges[summed]) / 2, middle + 1.2, label, "semi", size, align="centre")
        for place, column in enumerate(self.table.columns):
            text = self.cells.total(column) if column.is_summed else ""
            if text:
                left, right = self.edges[place], self.edges[place + 1]
                laid = self.cells.figure(text, right - left)
                x = right - self.cells.pad - laid.wide if column.kind == "money" else (left + right - laid.wide) / 2
                roll.put(laid.code, x, middle + DROP[lang])
        roll.rule(LEFT, RIGHT, bottom + TOTAL, 0.5)
        roll.lines(self.notes, LEFT, bottom + TOTAL + 6.0, NOTE_STEP)
        self._signatures()
        self._seal()
        self._imprint()

    def _signatures(self) -> None:
        size = 12 * self.serif_size
        for key, x, room in (("filled_in", 20.0, 34.0), ("checked", 82.0, 34.0), ("head", 144.0, 44.0)):
            shift = 0.0 if self.zh else {"filled_in": 0.0, "checked": 6.0, "head": 10.0}[key]
            wide = self.roll.text(x + shift, 252.0, self.words.get(key, self.lang), self.kai, size)
            start = x + shift + wide + (1.0 if self.zh else 2.0)
            self.roll.rule(start, start + room, 253.2, 0.18)

    def _seal(self) -> None:
        """Name and date where the seal presses them; a draft shows its place."""
        roll, lang, table = self.roll, self.lang, self.table
        day = format_date(table.sealed_on or local(table.data_at).date(), "letter", lang)
        name, size = self._checked(self._name(), "compiled_by"), 14 if self.zh else 10.5
        lines = [name]
        if not self.zh and " " in name:
            words = name.split(" ")
            cut = min(range(1, len(words)), key=lambda at: max(len(" ".join(words[:at])), len(" ".join(words[at:]))))
            lines = [" ".join(words[:cut]), " ".join(words[cut:])]
        widest = max(width_of(line, self.kai, size, lang) for line in lines)
        if not self.zh and widest > SEAL - 2:
            size, widest = max(8.0, size * (SEAL - 2) / widest), SEAL - 2
        centre = min(SEAL_X, RIGHT - widest / 2)
        for number, line in enumerate(reversed(lines)):
            roll.text(centre, 248.0 - number * 4.6, line, self.kai, size, align="centre")
        roll.text(centre, 256.0, day, self.kai, size, align="centre")
        if table.is_draft:
            roll.circle(centre, SEAL_TOP + SEAL / 2, SEAL)
            text = self.words.get("seal_place", lang)
            roll.text(centre, SEAL_TOP + 8.2, text, "sans", 9 if self.zh else 8, align="centre", colour=GREY)

    def _imprint(self) -> None:
        """Verification code and address, time of the data and its digest, between two rules."""
        roll, words, lang, table = self.roll, self.words, self.lang, self.table
        roll.rule(LEFT, RIGHT, 268.0, 0.35)
        roll.rule(LEFT, RIGHT, 289.0, 0.35)
        label, value = (41.0, 55.0) if self.zh else (41.0, 66.0)
        y = 284.8
        if table.verification:
            code, address = table.verification
            roll.modules(LEFT, 270.5, 16, qr_rows(address))
            roll.text(label, 274.2, words.get("verify_code", lang), "sans", 8.5)
            roll.text(value, 274.4, grouped(code), "semi", 12, lang="en", track=0.9)
            roll.text(label, 279.6, words.get("verify_at", lang), "sans", 8.5)
            roll.text(value, 279.6, address, "sans", 8.5, lang="en")
        else:
            label, value, y = LEFT, 36.0 if self.zh else 42.0, 276.0
            roll.text(LEFT, 282.0, words.get("unsealed", lang), "sans", 8.5)
        roll.text(label, y, words.get("data_at", lang), "sans", 8.5)
        at = f"{local(table.data_at):%Y-%m-%d %H:%M}"
        end = value + roll.text(value, y, at, "sans", 8.5, lang="en") + 5.0
        end += roll.text(end, y, f"{words.get('digest', lang)} SHA-256", "sans", 8.5) + 1.5
        roll.text(end, y, grouped(table.digest, 8, " "), "sans", 8.5, lang="en")

    def foot(self, number: int, pages: int, *, last: bool) -> None:
        """Page x of y; on a page that goes on, the line by which a loose page is traced."""
        roll, words, lang, table = self.roll, self.words, self.lang, self.table
        text = words.get("page", lang, page=number, pages=pages)
        if last:
            roll.text(RIGHT - 5.57, 278.0, text, self.kai, 12 * self.serif_size, align="right")
            return
        roll.text(RIGHT - 5.57, 285.0, text, self.kai, 12 * self.serif_size, align="right")
        loose = words.get(
            "loose", lang, title=self.title, round=table.round.text(lang), digest=f"SHA-256 {table.digest[:16]}…"
        )
        roll.text(LEFT, 285.0, loose, "sans", 7.5, colour=DARK)


def page_cuts(highs: Sequence[float], full: tuple[float, float], last: tuple[float, float]) -> list[tuple[int, int]]:
    """(first row, row behind the last) of every page. `full` and `last`: room on a page that goes on and on one that
    ends with total and signatures, for the first page and for the others. The total never stands with less than two
    rows, when there are two."""
    cuts: list[tuple[int, int]] = []
    start, left = 0, sum(highs)
    while left > last[bool(cuts)] + 0.001:
        room, end = full[bool(cuts)], start
        while end < len(highs) and highs[end] <= room + 0.001:
            room -= highs[end]
            end += 1
        end = max(min(end, len(highs) - TOGETHER), start + 1)
        cuts.append((start, end))
        left -= sum(highs[start:end])
        start = end
        if start >= len(highs):
            break
    return [*cuts, (start, len(highs))]
