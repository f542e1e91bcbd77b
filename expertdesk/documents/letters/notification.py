"""外国人工作许可通知: one page in each language, the same rows at the same height."""

from __future__ import annotations

from dataclasses import dataclass

from expertdesk.documents import furniture as f
from expertdesk.documents.breaking import spread
from expertdesk.documents.contexts import NotificationLetter, PersonName
from expertdesk.documents.sheet import MM, Page, Sheet, width_of, wrapped
from expertdesk.documents.wording import Wording

FIRST_ROW, PITCH, LEAST_PITCH = 83.10, 7.85, 6.7
ROWS_END = 182.73  # the lowest rule that leaves room for notes and seal above the block


@dataclass(frozen=True)
class Measures:
    face: str
    label: float
    value: float
    native: float
    rule_x: float
    first_end: float
    second_x: float
    second_rule: float


ZH = Measures("kai", 12, 14, 11, 61, 101, 106, 129)
EN = Measures("serif", 9.5, 11, 9.5, 77, 109, 114, 138)


@dataclass
class Row:
    label: str
    lines: list[str]
    native: str = ""
    second: tuple[str, str] | None = None
    family: bool = False
    region: bool = False


def print_notification(letter: NotificationLetter, wording: Wording) -> Sheet:
    sheet = Sheet()
    rows = {lang: _rows(letter, wording, lang) for lang in ("zh", "en")}
    heights = [max(len(a.lines), len(b.lines)) for a, b in zip(rows["zh"], rows["en"], strict=True)]
    chunks = _chunks(heights)
    for lang in ("zh", "en"):
        for number, (start, end, pitch) in enumerate(chunks):
            page = sheet.page(lang, part_first=number == 0)
            y = _opening(page, letter, wording) if number == 0 else 47.0
            bottom = _draw_rows(page, rows[lang][start:end], heights[start:end], y, pitch)
        _closing(page, letter, wording, bottom)
    f.finish(sheet, letter.head, wording, lettered=False, prefix="file_number_short")
    return sheet


def _rows(letter: NotificationLetter, wording: Wording, lang: str) -> list[Row]:
    m = ZH if lang == "zh" else EN

    def text(key: str, **values: object) -> str:
        return wording.get(key, lang, **values)

    def long(label: str, value: str, native: str = "", family: bool = False) -> list[Row]:
        room = f.RIGHT - m.rule_x - 2.5
        lines = [line.text for line in wrapped(value, m.face, m.value, room, lang)]
        aside = width_of(native, m.face, m.native, lang)
        if native and width_of(lines[-1], m.face, m.value, lang) + aside + 4 > room:
            lines.append("")
            while aside > room and len(native) > 1:
                cut = len(native) * 2 // 3
                lines[-1] = native[:cut]
                native, aside = native[cut:], width_of(native[cut:], m.face, m.native, lang)
        return [Row(label, lines, native, family=family)]

    def pair(first: str, value: str, second: str, other: str) -> list[Row]:
        if width_of(value, m.face, m.value, lang) > m.first_end - m.rule_x - 2:
            return [Row(first, [value, ""], second=(second, other))]
        if width_of(other, m.face, m.value, lang) > f.RIGHT - m.second_rule - 1.5:
            lines = [line.text for line in wrapped(other, m.face, m.value, f.RIGHT - m.second_rule - 1.5, lang)]
            return [Row(first, [value, *[""] * (len(lines) - 1)], second=(second, "\n".join(lines)))]
        return [Row(first, [value], second=(second, other))]

    def people(label: str, names: tuple[PersonName, ...]) -> list[Row]:
        if not names:
            return [Row(label, [text("none")])]
        return [row for n, name in enumerate(names) for row in long(label if n == 0 else "", name.latin, name.native)]

    titled = {"M": "mr", "F": "ms"}.get(letter.sex)
    name = text(titled, name=letter.name.latin) if titled else letter.name.latin
    family = len(letter.children) + len(letter.others) + (letter.spouse is not None)
    rows = long(text("from"), letter.country.text(lang)) + long(text("name"), name, letter.name.native)
    rows += pair(text("passport_number"), letter.passport_number, text("category"), letter.category.text(lang))
    rows += long(text("card_number"), letter.permit_number or text("number_open"))
    rows.append(Row("", [letter.province.text(lang), letter.city.text(lang), letter.county.text(lang)], region=True))
    rows += long(text("employer"), letter.employer.text(lang))
    issued = f.letter_date(letter.head.issued_on, lang)
    rows += pair(text("period"), text("months", months=letter.months), text("issued_on"), issued)
    count = text("family_count", count=family) if family else text("none")
    rows.append(Row(text("family"), [count], family=True))
    rows += people(text("spouse"), (letter.spouse,) if letter.spouse else ())
    rows += people(text("children"), letter.children) + people(text("others"), letter.others)
    for row in rows:
        if row.region:
            places = [("province", row.lines[0]), ("city", row.lines[1]), ("county", row.lines[2])]
            row.label = "\n".join(text(key) for key, _ in places)
            row.native = "\n".join(value or "—" for _, value in places)
            row.lines = [""] * (1 if _region_fits(row, m, lang) else 3)
    return rows


def _region_fits(row: Row, m: Measures, lang: str) -> bool:
    needed = sum(width_of(value, m.face, m.value, lang) + 3 for value in row.native.split("\n"))
    return needed <= (61.8 if lang == "zh" else 78.9)


def _chunks(heights: list[int]) -> list[tuple[int, int, float]]:
    """(first row, end row, pitch) a page: one page when the rows fit, else cut before a row, both
    languages alike."""
    lines = sum(heights) - 1 + 0.45
    pitch = min(PITCH, (ROWS_END + 1.0 - 1.9 - FIRST_ROW) / max(lines, 1))
    if pitch >= LEAST_PITCH:
        return [(0, len(heights), pitch)]
    chunks, start, used, room = [], 0, 0, 22
    for index, height in enumerate(heights):
        if used + height > room and index > start:
            chunks.append((start, index, PITCH))
            start, used, room = index, 0, 27
        used += height
    last = start == 0 or used * PITCH + 47 > ROWS_END
    if last and len(heights) - start > 3:
        chunks += [(start, len(heights) - 3, PITCH), (len(heights) - 3, len(heights), PITCH)]
    else:
        chunks.append((start, len(heights), PITCH))
    return chunks


def _opening(page: Page, letter: NotificationLetter, wording: Wording) -> float:
    lang, head = page.lang, letter.head
    number = f.number_text(head, wording, lang)
    authority = head.issuer.name.text(lang)
    before, after = wording.get("approval_before", lang), wording.get("approval_after", lang)
    page.bar(20, 52, 170, 0.8)
    page.bar(20, 53.3, 170, 0.25)
    line = wording.get("file_number", lang, number=number)
    if lang == "zh":
        page.text(105, 46, wording.get("title", lang), "kai_bold", 22, align="centre", track=1)
        page.text(f.RIGHT, 61, line, "kai", 12, align="right")
        long = width_of(authority, "kai", 14, lang) > 57
        y = 69.0 if long else 72.5
        page.text(28, y, before, "kai", 14)
        page.text(36.5, y, authority, "kai", 14)
        page.rule(35, f.RIGHT if long else 94, y + 1.9, 0.15)
        page.text(28 if long else 96, 76.6 if long else y, after, "kai", 14)
    else:
        first, second = wording.get("title", lang).split("\n")
        page.text(105, 40.6, first, "serif_bold", 15, align="centre")
        page.text(105, 47.4, second, "serif_bold", 15, align="centre")
        page.text(f.RIGHT, 61, line, "serif", 10, align="right")
        page.text(28, 69.5, before, "serif", 11)
        page.text(62.5, 69.5, authority, "serif", 11)
        page.rule(61, f.RIGHT, 71.4, 0.15)
        page.text(28, 76.1, after, "serif", 11)
    if head.replaces.zh:
        note = wording.get("replaces", lang, number=head.replaces.text(lang))
        page.text(28, 61, note, "kai" if lang == "zh" else "serif", 9)
    return FIRST_ROW


def _draw_rows(page: Page, rows: list[Row], heights: list[int], y: float, pitch: float) -> float:
    m = ZH if page.lang == "zh" else EN
    for row, height in zip(rows, heights, strict=True):
        if row.family:
            y += pitch * 0.45
        if row.region:
            _region(page, row, y, pitch, m)
        else:
            _row(page, row, y, pitch, m)
        y += height * pitch
    return y - pitch + 1.9


def _row(page: Page, row: Row, y: float, pitch: float, m: Measures) -> None:
    lang = page.lang
    page.line(spread(row.label, m.face, m.label, lang), 28, y)
    end = m.first_end if row.second and row.lines[-1:] != [""] else f.RIGHT
    if row.second:
        end = m.first_end if width_of(row.lines[0], m.face, m.value, lang) < m.first_end - m.rule_x else m.second_x - 2
    for number, text in enumerate(row.lines):
        if text or row.native:
            page.text(m.rule_x + 1.5, y + number * pitch, text, m.face, m.value)
            page.rule(m.rule_x, end, y + number * pitch + 1.9, 0.15)
    if row.native:
        page.text(f.RIGHT - 1, y + (len(row.lines) - 1) * pitch, row.native, m.face, m.native, align="right")
    if row.second:
        label, value = row.second
        down = pitch if len(row.lines) > 1 and "\n" not in value else 0.0
        page.line(spread(label, m.face, m.label, lang), m.second_x, y + down)
        for number, part in enumerate(value.split("\n")):
            page.text(m.second_rule + 1.5, y + down + number * pitch, part, m.face, m.value)
            page.rule(m.second_rule, f.RIGHT, y + down + number * pitch + 1.9, 0.15)


def _region(page: Page, row: Row, y: float, pitch: float, m: Measures) -> None:
    """在 … 省 … 市 … 县: three short rules in one line; three lines when a name is long."""
    zh = page.lang == "zh"
    labels, values = row.label.split("\n"), row.native.split("\n")
    size = 10.5 if zh else 8.5
    stacked = len(row.lines) > 1
    slots = [21.0, 20.5, 20.3] if zh else [27.0, 25.0, 26.9]
    needed = [width_of(value, m.face, m.value, page.lang) + 3 for value in values]
    if any(need > slot for need, slot in zip(needed, slots, strict=True)):
        spare = (sum(slots) - sum(needed)) / 3
        slots = [need + spare for need in needed]
    x = 28.0
    for number, (label, value, slot) in enumerate(zip(labels, values, slots, strict=True)):
        at = y + number * pitch if stacked else y
        wide = width_of(label, m.face, size, page.lang)
        if stacked:
            page.text(28, at, label, m.face, size)
            page.text(m.rule_x + 1.5, at, value, m.face, m.value)
            page.rule(m.rule_x, f.RIGHT, at + 1.9, 0.15)
        elif zh:
            if number == 0:
                page.text(28, y, "在", m.face, m.label)
                x = 35.0
            page.text(x + 1.5, y, value, m.face, m.value)
            page.rule(x, x + slot, y + 1.9, 0.15)
            page.text(x + slot + 1, y, label, m.face, size)
            x += slot + 1 + wide + 2
        else:
            page.text(x, y, label, m.face, size)
            page.text(x + wide + 3.5, y, value, m.face, m.value)
            page.rule(x + wide + 2, x + wide + 2 + slot, y + 1.9, 0.15)
            x += wide + 2 + slot + 3


def _closing(page: Page, letter: NotificationLetter, wording: Wording, bottom: float) -> None:
    """Validity and notices at the left, name, date and seal at the right, the block below."""
    lang = page.lang
    zh = lang == "zh"
    face, size, pitch, gap = ("kai", 10.5, 4.95, 6.15) if zh else ("serif", 8.5, 4.30, 5.5)
    y = bottom + 6.8
    label = wording.get("validity_label", lang)
    wide = page.text(28, y, label, "semi" if zh else "serif_bold", size if zh else 8.5)
    text = wording.get("validity", lang, validity_months=letter.validity_months)
    indent = (15.05 if zh else wide + 1.6) * MM
    y = page.lines(wrapped(text, face, size, 97, lang, indent=indent, justify=zh), 28, y, pitch) + gap
    page.text(28, y, wording.get("notices", lang), "semi", 9.5 if zh else 8.5)
    for number in (1, 2, 3):
        y += pitch
        notice = wording.get(f"notice_{number}", lang, residence_days=letter.residence_days)
        page.text(28, y, f"{number}.", face, size)
        y = page.lines(wrapped(notice, face, size, 92.2, lang, justify=zh), 32.8, y, pitch)
    f.signature(page, letter.head, wording, bottom + 3.4, inset=6.13)
    f.verification_block(page, letter.head, wording)
