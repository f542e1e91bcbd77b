"""Text → lines: what may start and end a line, what stays whole, how marks and scripts space, when to
justify.

Widths are in points. ReportLab's own breakers leave （ at the end of a line, put 。 at the start of one
and split
identifiers; user text must not reach its paragraph parser either. So lines are made here, glyph by glyph.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, field

from expertdesk.documents.typefaces import font, font_for

CLOSING = frozenset("，。、；：？！）》〉】〕”’…—·,.;:!?)]}%‰℃々")
OPENING = frozenset("（《〈【〔“‘([{")
FULL_CLOSING = frozenset("，。、；：）》〉】〕”’")
FULL_OPENING = frozenset("（《〈【〔“‘")
# 2026年, 第7页, 6个月, 〔2026〕7号: a number and its measure word are read as one.
MEASURES = frozenset("年月日号条款人项个页份件倍分万元天次岁周%")
AMBIGUOUS = frozenset("“”‘’…—·")
NOT_FROM_CHINESE_FONT = frozenset("’‘“”·–—…")
SPACES = " \u3000"
TOKEN = re.compile(r"[ \u3000]|[^ \u3000]")
LETTER_GAP, DIGIT_GAP, HALF = 0.125, 0.03, 0.5
JUSTIFY_LIMIT = 0.16  # em a gap; wider than that the line stays ragged
EPSILON = 0.01


@dataclass(slots=True)
class Atom:
    """One Chinese character, one Latin word or one space: never broken inside (unless wider than the
    whole line)."""

    text: str
    font: str
    em: float
    wide: bool
    glued: bool = False  # no line break before it

    @property
    def space(self) -> bool:
        return self.text in SPACES


@dataclass(slots=True)
class Run:
    """Glyphs of one font; `after[i]` is extra space in points behind character i."""

    font: str
    text: str
    after: list[float]


@dataclass(slots=True)
class Line:
    runs: list[Run] = field(default_factory=list)
    width: float = 0.0
    indent: float = 0.0
    size: float = 0.0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def lay(
    text: str,
    face: str,
    size: float,
    width: float,
    lang: str,
    *,
    indent: float = 0.0,
    justify: bool = False,
    tidy: bool = False,
    balance: bool = False,
) -> list[Line]:
    """Break one paragraph into lines of at most `width`; the first has `indent` less.

    `tidy` keeps a last line of one character (or one English word) from standing alone; `balance` does it
    for narrow cells.
    """
    sequence = atoms(text, face, lang)
    ends = _break(sequence, size, width, indent, face)
    if balance and len(ends) > 1 and _visible(sequence, ends[-2], ends[-1]) < 2:
        _keep_words(sequence)
        sequence, ends = _balanced(sequence, ends, size, width, indent, face)
    elif tidy and len(ends) > 1:
        _tidy(sequence, ends, lang)
    lines, start = [], 0
    for number, end in enumerate(ends):
        room = width - (indent if number == 0 else 0)
        stretch = justify and number < len(ends) - 1
        lines.append(_line(sequence, start, end, size, room if stretch else None, indent if number == 0 else 0.0))
        start = end
    return lines or [Line(size=size)]


def single(text: str, face: str, size: float, lang: str, *, track: float = 0.0) -> Line:
    """One unbroken line, `track` points between the characters."""
    line = _line(atoms(text, face, lang), 0, None, size, None, 0.0)
    if track:
        count = 0
        for run in line.runs:
            run.after = [gap + track for gap in run.after]
            count += len(run.text)
        line.runs[-1].after[-1] -= track
        line.width += track * (count - 1)
    return line


def measure(text: str, face: str, size: float, lang: str) -> float:
    return single(text, face, size, lang).width


def spread(label: str, face: str, size: float, lang: str) -> Line:
    """A Chinese label of two or three characters set to the width of four, by letter spacing (国　籍)."""
    if lang != "zh" or len(label) not in (2, 3):
        return single(label, face, size, lang)
    return single(label, face, size, lang, track=(4 - len(label)) * size / (len(label) - 1))


# ── atoms ──────────


def atoms(text: str, face: str, lang: str) -> list[Atom]:
    text = text.replace("Co., Ltd.", "Co.,\u00a0Ltd.")
    out: list[Atom] = []
    word = ""
    for position, character in enumerate(text):
        if character in SPACES:
            out += _word(word, face, lang)
            word = ""
            name = out[-1].font if out else font_for("a", face, False) or "Sans"
            if character == "\u3000":
                name = font_for(character, face, False) or name
            out.append(Atom(character, name, font(name).width(character), False))
        elif _is_wide(text, position, lang):
            out += _word(word, face, lang)
            word = ""
            name = font_for(character, face, False) or "Kai"
            out.append(Atom(character, name, font(name).width(character), True))
        else:
            word += character
    out += _word(word, face, lang)
    _glue(out)
    return out


def _is_wide(text: str, position: int, lang: str) -> bool:
    character = text[position]
    if unicodedata.east_asian_width(character) in "WF":
        return True
    if lang != "zh" or character not in AMBIGUOUS:
        return False
    around = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
    return not (character in "’·—" and len(around) == 2 and all(c.isalnum() and c < "\u2e80" for c in around))


def _word(word: str, face: str, lang: str) -> list[Atom]:
    if not word:
        return []
    word = word.replace("\u00a0", " ")
    latin_only = any(character in NOT_FROM_CHINESE_FONT for character in word)
    name = font_for(word, face, latin_only)
    if name:
        return [Atom(word, name, font(name).width(word), False)]
    pieces: list[Atom] = []
    for character in word:
        name = font_for(character, face, False) or "Kai"
        if pieces and (pieces[-1].font == name or unicodedata.combining(character)):
            pieces[-1].text += character
            pieces[-1].em += font(pieces[-1].font).width(character)
        else:
            pieces.append(Atom(character, name, font(name).width(character), False, glued=bool(pieces)))
    return pieces


def _glue(sequence: list[Atom]) -> None:
    bracketed = False
    for before, here in itertools.pairwise(sequence):
        last, first = before.text[-1], here.text[0]
        if before.space or here.space:
            bracketed = False
            here.glued = here.wide and first in CLOSING
            continue
        if first == "〔" or last == "〔":
            bracketed = True
        number = last.isascii() and last.isdigit()
        here.glued = here.glued or (
            first in CLOSING
            or last in OPENING
            or (number and first in MEASURES)
            or (last == "第" and first.isascii() and first.isdigit())
            or (bracketed and last == "〕" and first.isdigit())
        )
    # spaces before a mark go with it: it must not start a line because somebody typed a space
    for here, after in reversed(list(itertools.pairwise(sequence))):
        here.glued = here.glued or (here.space and after.glued)
    for one, two, three in zip(sequence, sequence[1:], sequence[2:], strict=False):
        if one.text[-1:].isdigit() and two.text == "个" and three.text == "月":
            three.glued = True


def _kern(before: Atom, after: Atom) -> float:
    """Space between two atoms in em: marks close up, Chinese and Latin stand a little apart."""
    if before.wide and after.wide:
        last, first = before.text, after.text
        closed = last in FULL_CLOSING and (first in FULL_CLOSING or first in FULL_OPENING)
        opened = last in FULL_OPENING and first in FULL_OPENING
        return -HALF if (closed or opened) and before.em > 0.9 and after.em > 0.9 else 0.0
    if before.space or after.space or before.wide == after.wide:
        return 0.0
    chinese, edge = (before, after.text[0]) if before.wide else (after, before.text[-1])
    if not unicodedata.category(chinese.text).startswith("L"):
        return 0.0
    if edge.isdigit():
        return DIGIT_GAP
    return LETTER_GAP if edge.isalpha() else 0.0


# ── lines ──────────

_WORDS = frozenset({"或者", "以及", "并且", "应当", "可以", "不得", "尚未", "缺少", "没有"})


def _break(sequence: list[Atom], size: float, width: float, indent: float, face: str) -> list[int]:
    """End index of every line. Cuts (in place) an atom that is wider than the line."""
    ends: list[int] = []
    start = 0
    while start < len(sequence):
        room = width - (indent if not ends else 0)
        while start < len(sequence) and sequence[start].text == " " and ends:
            start += 1
            ends[-1] = start
        if start >= len(sequence):
            break
        end = _fill(sequence, start, room / size)
        if end == start:
            end = _force(sequence, start, room / size)
        ends.append(end)
        start = end
    return ends


def _fill(sequence: list[Atom], start: int, room: float) -> int:
    """The last allowed break at which the line still fits; `start` when there is none."""
    used, best = 0.0, start
    for index in range(start, len(sequence)):
        atom = sequence[index]
        if index > start:
            used += _kern(sequence[index - 1], atom)
        used += atom.em
        if index + 1 < len(sequence) and sequence[index + 1].glued:
            if used > room + HALF + EPSILON:
                break
            continue
        if atom.space:
            if used - atom.em <= room + EPSILON:
                best = index + 1
            continue
        # A closing mark that just overflows gives up its empty right half and stays.
        spare = HALF if atom.wide and atom.text in FULL_CLOSING and atom.em > 0.9 else 0.0
        if used - spare <= room + EPSILON:
            best = index + 1
        elif used > room + HALF + EPSILON:
            break
    return best


def _goes_with(atom: Atom) -> bool:
    """A space that a mark follows."""
    return atom.space and atom.glued


def _force(sequence: list[Atom], start: int, room: float) -> int:
    """A unit wider than the line: cut at an atom, or inside the word (behind a hyphen or slash when one
    is near)."""
    used = 0.0
    for index in range(start, len(sequence)):
        used += sequence[index].em
        if used > room + EPSILON:
            break
    else:
        return len(sequence)
    end = index
    while end > start + 1 and (
        sequence[end].text[0] in CLOSING or sequence[end - 1].text[-1] in OPENING or _goes_with(sequence[end])
    ):
        end -= 1
    if end > start:
        return end
    _cut(sequence, start, room)
    return start + 1


def _cut(sequence: list[Atom], index: int, room: float) -> None:
    atom, used, count = sequence[index], 0.0, 0
    letters = font(atom.font)
    for character in atom.text:
        used += letters.width(character)
        if used > room + EPSILON and count:
            break
        count += 1
    count = max(1, min(count, len(atom.text) - 1)) if len(atom.text) > 1 else 1
    if count == len(atom.text):
        return
    for near in range(count, max(count - 12, 1), -1):
        if atom.text[near - 1] in "-/_.@?&=":
            count = near
            break
    while count > 1 and unicodedata.combining(atom.text[count]):
        count -= 1
    head, tail = atom.text[:count], atom.text[count:]
    sequence[index : index + 1] = [
        Atom(head, atom.font, letters.width(head), False, atom.glued),
        Atom(tail, atom.font, letters.width(tail), False),
    ]


def _visible(sequence: list[Atom], start: int, end: int) -> int:
    """Characters of a line that carry meaning (a Latin word counts as several)."""
    shown = (atom for atom in sequence[start:end] if not atom.space and atom.text not in CLOSING)
    return sum(1 if atom.wide else min(len(atom.text), 2) for atom in shown)


def _tidy(sequence: list[Atom], ends: list[int], lang: str) -> None:
    """The last line keeps at least two characters, an English one at least two words."""
    start = ends[-3] if len(ends) > 2 else 0
    if lang == "zh":
        lonely = _visible(sequence, ends[-2], ends[-1]) < 2
    else:
        lonely = not any(atom.space for atom in sequence[ends[-2] : ends[-1]])
    if not lonely:
        return
    for place in range(ends[-2] - 1, start + 2, -1):
        if sequence[place].space or sequence[place].glued:
            continue
        if lang == "zh" or sequence[place - 1].space:
            ends[-2] = place
            return


def _keep_words(sequence: list[Atom]) -> None:
    """Two-character words that a balanced line must not part: 或者 is no 或 and 者."""
    for one, two in itertools.pairwise(sequence):
        if one.text + two.text in _WORDS:
            two.glued = True


def _balanced(
    sequence: list[Atom], ends: list[int], size: float, width: float, indent: float, face: str
) -> tuple[list[Atom], list[int]]:
    """The same number of lines, as even as possible; two lines rather part behind a mark."""
    if len(ends) == 2:
        total = sum(atom.em for atom in sequence) * size
        used = 0.0
        for index, atom in enumerate(sequence[:-1], 1):
            used += atom.em * size
            behind_mark = atom.text in "；，。、" and not sequence[index].glued
            if behind_mark and used <= width - indent and total * 0.33 <= used <= total * 0.67:
                return sequence, [index, ends[1]]
    low, high = width / 3, width
    for _ in range(8):
        middle = (low + high) / 2
        if len(_break(list(sequence), size, middle, min(indent, middle / 2), face)) <= len(ends):
            high = middle
        else:
            low = middle
    narrowed = list(sequence)
    return narrowed, _break(narrowed, size, high, indent, face)


def _line(sequence: list[Atom], start: int, end: int | None, size: float, fill: float | None, indent: float) -> Line:
    shown = sequence[start:end]
    while shown and shown[-1].space:
        shown.pop()
    kerns = [_kern(one, two) * size for one, two in itertools.pairwise(shown)]
    natural = sum(atom.em for atom in shown) * size + sum(kerns)
    gaps = [one.wide or two.wide or one.space or two.space for one, two in itertools.pairwise(shown)]
    if fill is not None and any(gaps) and fill > natural:
        gap = (fill - natural) / sum(gaps)
        if gap <= JUSTIFY_LIMIT * size:
            kerns = [kern + (gap if open_ else 0.0) for kern, open_ in zip(kerns, gaps, strict=True)]
            natural = fill
    line = Line(width=natural, indent=indent, size=size)
    for atom, kern in zip(shown, [*kerns, 0.0], strict=False):
        after = [0.0] * (len(atom.text) - 1) + [kern]
        if line.runs and line.runs[-1].font == atom.font:
            line.runs[-1].text += atom.text
            line.runs[-1].after += after
        else:
            line.runs.append(Run(atom.font, atom.text, after))
    return line
