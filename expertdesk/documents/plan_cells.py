"""Cells of the printed plan table: widths, set breaks, lines and their code, worked out once for equal cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from expertdesk.documents.breaking import Line, lay, measure, single
from expertdesk.documents.cleaning import MissingGlyph, clean, missing
from expertdesk.documents.plan_contexts import PlanColumn, PlanTable
from expertdesk.documents.plan_text import cell_text, has_cents, narrow_forms, sums
from expertdesk.documents.roll import Roll
from expertdesk.documents.sheet import MM
from expertdesk.documents.typefaces import font
from expertdesk.documents.wording import Wording

WIDE = 386.0
WIDTHS = {
    "seq": 6.0, "project_no": 13.5, "project_name": 27.4, "organising_unit": 20.0, "dispatching_unit": 19.0,
    "key_field": 12.6, "approval_type": 7.6, "term": 6.6, "destination": 11.6, "cities": 13.6, "host_institution": 23.0,
    "people_planned": 7.6, "leaders_planned": 7.6, "days": 7.6, "depart_month": 8.6, "funding_source": 13.6,
    "budget_total_cny": 15.2, "budget_training": 13.4, "budget_travel": 13.4, "budget_lodging": 13.4,
    "budget_meals": 13.4, "budget_incidentals": 11.4, "budget_other": 11.2, "subsidy_requested": 13.4,
    "subsidy_approved": 13.4, "people_approved": 7.6, "review_opinion": 8.8, "approval_no": 17.0, "people_actual": 7.6,
    "execution_state": 9.8, "remarks": 11.1,
}  # fmt: skip
# In English words such as Short, Review, Netherlands or Recommend do not fit the columns of the Chinese form: the money
# columns, where the smaller figures leave room, give it. Same columns, same bands, same width in all.
ENGLISH = {
    "seq": 5.6, "project_no": 12.4, "project_name": 29.4, "organising_unit": 21.0, "key_field": 14.8,
    "approval_type": 9.6, "term": 7.0, "destination": 13.8, "cities": 14.8, "people_planned": 8.2,
    "funding_source": 14.2, "budget_total_cny": 13.4, "budget_training": 11.2, "budget_travel": 11.2,
    "budget_lodging": 11.2, "budget_meals": 11.2, "budget_incidentals": 10.4, "budget_other": 10.4,
    "subsidy_requested": 11.2, "subsidy_approved": 11.2, "people_approved": 8.8, "review_opinion": 11.4,
    "approval_no": 15.6, "execution_state": 11.8, "remarks": 12.6,
}  # fmt: skip
OTHER_WIDTH = {"money": 13.4, "whole": 7.6, "month": 8.6}
# columns that give room where figures are longer than the form expects, and how much of their width
GIVING, GIVEN = ("project_name", "organising_unit", "dispatching_unit", "host_institution"), 0.25
CENTRED = frozenset({"seq", "project_no", "approval_type", "term", "review_opinion", "execution_state"})
CENTRED_KINDS = frozenset({"whole", "month", "country"})
FIGURES = frozenset({"money", "whole"})
LISTED = frozenset({"list", "choices"})
PAD = {"zh": 0.8, "en": 0.5}
SIZE = {"zh": 7.5, "en": 6.2}
LABEL_SIZE = {"zh": 7.0, "en": 6.0}
LABEL_STEP = {"zh": 3.3, "en": 2.6}
STEP = {"zh": 3.3, "en": 2.65}
ROW_PAD = 3.4
TALLEST = 60.0  # mm; a longer row goes on below itself
SMALLEST = 0.6  # of the size: as far as a figure is made smaller before it runs over its column
WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Laid:
    """One line of a cell: its code and its width in mm."""

    code: str
    wide: float


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row (or a slice of a very tall one: then only the first `starts`)."""

    high: float
    cells: tuple[tuple[Laid, ...], ...]
    starts: bool = True


def align_of(column: PlanColumn) -> str:
    if column.kind == "money":
        return "right"
    return "centre" if column.key in CENTRED or column.kind in CENTRED_KINDS else "left"


class Cells:
    """Lays the cells of one part in one language."""

    def __init__(self, roll: Roll, table: PlanTable, words: Wording, lang: str) -> None:
        self.roll, self.table, self.words, self.lang = roll, table, words, lang
        self.size, self.step, self.pad = SIZE[lang], STEP[lang], PAD[lang]
        self.narrow = narrow_forms(words, lang)
        self.sums = sums(table)
        self.cents = {
            column.key: column.kind == "money" and any(has_cents(row.get(column.key)) for row in table.rows)
            for column in table.columns
        }
        self.widths = self._widths()
        self._cache: dict[tuple[str, int], tuple[Laid, ...]] = {}

    # --- columns --------------------------------------------------------------------------------------------------

    def _widths(self) -> list[float]:
        """Those of the form; where a figure is longer than its column, the columns of names give some of theirs."""
        columns = self.table.columns
        known = WIDTHS if self.lang == "zh" else {**WIDTHS, **ENGLISH}
        widths = [known.get(column.key, OTHER_WIDTH.get(column.kind, 14.0)) for column in columns]
        scale = WIDE / sum(widths)
        widths = [width * scale for width in widths]
        lacks = [self._longest(column) + 2 * self.pad - width for column, width in zip(columns, widths, strict=True)]
        lack = sum(max(0.0, short) for short in lacks)
        if not lack:
            return widths
        spare = sum(width for column, width in zip(columns, widths, strict=True) if column.key in GIVING) * GIVEN
        part, taken = min(1.0, spare / lack), min(1.0, lack / spare) if spare else 0.0
        return [
            width * (1 - GIVEN * taken) if column.key in GIVING else width + max(0.0, short) * part
            for column, width, short in zip(columns, widths, lacks, strict=True)
        ]

    def _longest(self, column: PlanColumn) -> float:
        """Width in mm of the longest figure of a column, its sum too; 0 for text."""
        if column.kind not in FIGURES:
            return 0.0
        figures = [self.shown(row.get(column.key), column) for row in self.table.rows]
        if column.is_summed:
            figures.append(self.total(column))
        longest = max((figure for figure in figures if figure), key=len, default="")
        return font("Sans").width(longest) * self.size / MM

    # --- text -----------------------------------------------------------------------------------------------------

    def shown(self, cell, column: PlanColumn) -> str:
        return cell_text(cell, column.kind, self.words, self.lang, self.cents[column.key])

    def total(self, column: PlanColumn) -> str:
        return self.shown(self.sums.get(column.key), column)

    def checked(self, text: str, place: str) -> str:
        """Fit to print: normalised, without invisible signs. Raises MissingGlyph."""
        if text.isascii() and text.isprintable():
            return text
        cleaned = clean(text)
        lacking = missing(cleaned)
        if lacking:
            raise MissingGlyph(place, lacking)
        return cleaned

    # --- rows -----------------------------------------------------------------------------------------------------

    def rows(self, progress=None) -> list[Row]:
        """Every row of the table laid, the very tall ones in slices."""
        out: list[Row] = []
        most = int((TALLEST - ROW_PAD) / self.step)
        columns = self.table.columns
        for number, row in enumerate(self.table.rows, 1):
            cells = tuple(
                self._cell(row.get(column.key), place, column, number) for place, column in enumerate(columns)
            )
            count = max(map(len, cells), default=1) or 1
            for start in range(0, count, most):
                part = cells if count <= most else tuple(cell[start : start + most] for cell in cells)
                lines = min(most, count - start)
                out.append(Row(lines * self.step + ROW_PAD, part, start == 0))
            if progress:
                progress(number)
        return out

    def _cell(self, cell, place: int, column: PlanColumn, number: int) -> tuple[Laid, ...]:
        if cell is None or cell == "":
            return ()
        text = self.shown(cell, column)
        found = self._cache.get((text, place))
        if found is None:
            if column.kind in FIGURES:
                found = (self.figure(text, self.widths[place]),)
            else:
                lines = self._lines(self.checked(text, f"{column.key}[{number}]"), column, self.widths[place])
                found = tuple(self.laid(line) for line in lines)
            self._cache[text, place] = found
        return found

    def laid(self, line: Line) -> Laid:
        return Laid(self.roll.coded(line), line.width / MM)

    def figure(self, text: str, width: float) -> Laid:
        """A number: never broken, smaller where even the widened column is too narrow."""
        room = (width - 2 * self.pad) * MM
        size = self.size
        wide = font("Sans").width(text) * size
        if wide > room + 0.05:
            smaller = max(size * room / wide, size * SMALLEST)
            wide, size = wide * smaller / size, smaller
        return Laid(self.roll.figures(text, size), wide / MM)

    def _lines(self, text: str, column: PlanColumn, width: float) -> list[Line]:
        room = (width - 2 * self.pad) * MM
        if column.key == "project_no":
            return self._numbered(text, room)
        if column.kind in LISTED:
            return self._listed(text, room)
        if column.kind == "choice":
            text = self.narrow.get(text, text)
        return self._broken(text, room)

    def _broken(self, text: str, room: float) -> list[Line]:
        out: list[Line] = []
        for piece in text.replace("\n", "|").split("|"):
            if self.lang == "en":
                piece = self._hyphenated(piece, room)
            out += lay(piece, "sans", self.size, room, self.lang, balance=True)
        return out

    def _hyphenated(self, text: str, room: float) -> str:
        """English words that are wider than the column part behind a hyphen."""
        if measure(text, "sans", self.size, "en") <= room:
            return text
        return WORD.sub(lambda match: self._parted(match.group(), room), text)

    def _parted(self, word: str, room: float) -> str:
        parts: list[str] = []
        while len(word) > 5 and measure(word, "sans", self.size, "en") > room and word.isascii() and word.isalpha():
            fit = max((count for count in range(3, len(word) - 2) if self._fits(word[:count] + "-", room)), default=0)
            if not fit:
                break
            parts.append(word[:fit] + "-")
            word = word[fit:]
        return " ".join([*parts, word])

    def _fits(self, text: str, room: float) -> bool:
        return measure(text, "sans", self.size, "en") <= room

    def _numbered(self, text: str, room: float) -> list[Line]:
        """A project number parts behind its first hyphen, when it has to."""
        head, hyphen, tail = text.partition("-")
        if hyphen and not self._fits(text, room) and self._fits(tail, room):
            return [single(part, "sans", self.size, "en") for part in (head + hyphen, tail)]
        return lay(text, "sans", self.size, room, self.lang)

    def _listed(self, text: str, room: float) -> list[Line]:
        """Items break behind their mark; a long item is broken by itself, what follows stands beside its end."""
        mark = "、" if self.lang == "zh" else ", "
        pieces = text.split(mark)
        if len(pieces) == 1:
            return self._broken(self.narrow.get(text, text), room)
        out: list[Line] = []
        line = ""
        for number, piece in enumerate(pieces):
            item = piece + (mark.rstrip() if number < len(pieces) - 1 else "")
            joined = f"{line}{'' if self.lang == 'zh' or not line else ' '}{item}"
            # a mark at the end of a line gives up its right half
            spare = self.size / 2 if self.lang == "zh" and number < len(pieces) - 1 else 0.0
            if measure(joined, "sans", self.size, self.lang) - spare <= room:
                line = joined
                continue
            if line:
                out += lay(line, "sans", self.size, room, self.lang)
            line = item
            if measure(item, "sans", self.size, self.lang) - spare > room:
                narrow = self.narrow.get(piece)
                out += self._broken(narrow + item[len(piece) :] if narrow else item, room)
                line = ""
        if line:
            out += lay(line, "sans", self.size, room, self.lang)
        return out

    # --- labels ---------------------------------------------------------------------------------------------------

    def label(self, text: str, width: float) -> list[Line]:
        """A label with its set breaks, at most four lines; smaller when a word is wider than its column."""
        size, room = LABEL_SIZE[self.lang], (width - 0.4) * MM
        if "|" in text:
            lines = [single(part, "sans", size, self.lang) for part in text.split("|")]
        else:
            widest = max((measure(word, "sans", size, self.lang) for word in text.split(" ")), default=0.0)
            room_for_words = max(room, widest) if self.lang == "en" else room
            lines = lay(text, "sans", size, room_for_words, self.lang, balance=True)
        widest = max(line.width for line in lines)
        if widest > room:
            return [single(line.text, "sans", size * room / widest, self.lang) for line in lines]
        return lines
