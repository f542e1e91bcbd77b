"""补正材料告知书: both languages on one page, a table whose rows are never split, terms and seal behind
it."""

from __future__ import annotations

from expertdesk.documents import furniture as f
from expertdesk.documents.breaking import Line, spread
from expertdesk.documents.contexts import CorrectionItem, CorrectionNotice
from expertdesk.documents.sheet import Page, Sheet, width_of, wrapped
from expertdesk.documents.wording import Wording

CODE_GREY = (0.3, 0.3, 0.3)
COLUMNS = ((38.6, 33.8), (75.6, 47.8), (126.6, 55.8))
TABLE_END, TEXT_END = 257.3, 181.5
PAIR_GAP, MOST_OF_PAGE = 8.87, 150.0


def print_correction(letter: CorrectionNotice, wording: Wording) -> Sheet:
    sheet = Sheet()
    page = sheet.page("zh", part_first=True)
    f.letterhead(page, letter.head.issuer, both=True)
    f.number_line(page, letter.head, wording, both=True)
    page.text(105, 69.44, wording.get("title", "zh"), "kai_bold", 22, align="centre", track=3)
    page.text(105, 76.54, wording.get("title", "en"), "serif", 14, lang="en", align="centre")
    y = page.lines(wrapped(wording.get("to", "zh", name=letter.addressee.zh), "kai", 14, 156, "zh"), 28, 86, 7.67)
    y = page.lines(
        wrapped(wording.get("to", "en", name=letter.addressee.en), "serif", 9.5, 156, "en"), 28, y + 5.6, 4.6
    )
    y = _pair(page, wording.get("text", "zh"), wording.get("text", "en"), y + 8.87)
    y = _particulars(page, letter, wording, y + 4.7)
    page, y = _items(sheet, page, letter, wording, y + 7.0)
    page, y = _terms(sheet, page, letter, wording, y + 10.0)
    f.signature(page, letter.head, wording, y + 4.37, inset=22.29)
    name = y + 4.37 + 24.5
    page.text(28, name, f.sealed_name(letter.head.issuer, "en"), "serif", 9.5, lang="en")
    page.text(28, name + 7.67, f.letter_date(letter.head.issued_on, "en"), "serif", 9.5, lang="en")
    f.verification_block(
        page,
        letter.head,
        wording,
        third=(wording.get("block_note", "zh"), wording.get("prevails", "zh")),
        labels=(wording.get("block_code", "zh"), wording.get("block_check", "zh")),
    )
    f.finish(sheet, letter.head, wording, both=True)
    return sheet


def _pair_lines(chinese: str, english: str) -> tuple[list[Line], list[Line]]:
    return (
        wrapped(chinese, "kai", 14, 156, "zh", indent=28, justify=True, tidy=True),
        wrapped(english, "serif", 9.5, 156, "en"),
    )


def _pair_height(chinese: str, english: str) -> float:
    zh, en = _pair_lines(chinese, english)
    return (len(zh) - 1) * 7.67 + 5.6 + (len(en) - 1) * 4.6


def _pair(page: Page, chinese: str, english: str, y: float) -> float:
    zh, en = _pair_lines(chinese, english)
    y = page.lines(zh, 28, y, 7.67)
    return page.lines(en, 28, y + 5.6, 4.6)


def _particulars(page: Page, letter: CorrectionNotice, wording: Wording, top: float) -> float:
    rows = [
        [("case_number", letter.case_number), ("submitted_on", letter.submitted_on.isoformat())],
        [("applicant", f.shown_name(letter.name, "zh"))],
        [
            ("country", f"{letter.country.zh} {letter.country.en}"),
            ("passport_number", letter.passport_number),
        ],
        [("matter", f.in_both(letter.matter, 9.5, 120))],
    ]
    page.rule(28, 184, top, 0.35)
    y = top
    for number, row in enumerate(rows):
        most = 1
        for (key, value), x in zip(row, (29, 113), strict=False):
            page.line(spread(wording.get(key, "zh"), "semi", 9.5, "zh"), x, y + 4.8)
            page.text(x + 15.5, y + 4.8, wording.get(key, "en"), "sans", 8, lang="en")
            room = (111 if len(row) == 2 and x == 29 else 184) - x - 35
            lines = f.wrapped_parts(value, 9.5, room)
            page.lines(lines, x + 35, y + 4.8, 4.6)
            most = max(most, len(lines))
        y += 7.2 + (most - 1) * 4.6
        page.rule(28, 184, y, 0.35 if number == len(rows) - 1 else 0.12)
    return y


def _caption(page: Page, wording: Wording, count: int, y: float, continued: bool) -> float:
    key = "items_continued" if continued else "items"
    page.text(29, y, wording.get(key, "zh"), "semi", 10)
    page.text(72 if continued else 62, y, wording.get(key, "en"), "sans", 8.5, lang="en")
    english = wording.get("count", "en", count=count)
    page.text(183, y, english, "sans", 8.5, lang="en", align="right")
    left = 183 - width_of(english, "sans", 8.5, "en") - 3
    page.text(left, y, wording.get("count", "zh", count=count), "sans", 8.5, align="right")
    y += 2.3
    page.rule(28, 184, y, 0.35)
    page.text(32.5, y + 4.4, wording.get("column_number", "zh"), "semi", 8.5, align="centre")
    page.text(32.5, y + 8.0, wording.get("column_number", "en"), "sans", 7.5, lang="en", align="centre")
    for key, (x, _) in zip(("column_paper", "column_problem", "column_demand"), COLUMNS, strict=True):
        page.text(x, y + 4.4, wording.get(key, "zh"), "semi", 9.5)
        page.text(x, y + 8.0, wording.get(key, "en"), "sans", 8, lang="en")
    page.rule(28, 184, y + 10, 0.25)
    return y + 10


def _cells(item: CorrectionItem) -> list[tuple[list[Line], list[Line]]]:
    texts = (item.paper, item.problem, item.demand)
    return [
        (wrapped(text.zh, "sans", 9.5, wide, "zh", balance=True), wrapped(text.en, "sans", 8.2, wide, "en"))
        for text, (_, wide) in zip(texts, COLUMNS, strict=True)
    ]


def _cell_height(zh: list[Line], en: list[Line]) -> float:
    return (len(zh) - 1) * 4.7 + 4.5 + (len(en) - 1) * 4.0


def _items(sheet: Sheet, page: Page, letter: CorrectionNotice, wording: Wording, y: float) -> tuple[Page, float]:
    count = len(letter.items)
    y = _caption(page, wording, count, y, False)
    for number, item in enumerate(letter.items, 1):
        cells = _cells(item)
        height = 4.9 + max(_cell_height(*cell) for cell in cells) + 2.2
        if y + height > TABLE_END:
            page.rule(28, 184, y, 0.35)
            told = f"{wording.get('continued', 'en')} {len(sheet.pages) + 1}"
            page.text(183, y + 4.6, told, "sans", 8, lang="en", align="right")
            left = 183 - width_of(told, "sans", 8, "en") - 3
            page.text(left, y + 4.6, wording.get("continued", "zh"), "sans", 8, align="right")
            page = sheet.page("zh")
            y = _caption(page, wording, count, 42.0, True)
        elif number > 1:
            page.rule(28, 184, y, 0.12)
        page.text(32.5, y + 4.9, str(number), "sans", 9.5, align="centre")
        page.text(32.5, y + 9.2, item.reason_code, "sans", 6.8, align="centre", colour=CODE_GREY)
        for (zh, en), (x, _) in zip(cells, COLUMNS, strict=True):
            last = page.lines(zh, x, y + 4.9, 4.7)
            page.lines(en, x, last + 4.5, 4.0)
        y += height
    page.rule(28, 184, y, 0.35)
    return page, y


def _terms(sheet: Sheet, page: Page, letter: CorrectionNotice, wording: Wording, y: float) -> tuple[Page, float]:
    """Time limit, effect of delay, contact; the last pair goes with the seal."""
    contact, phone = letter.contact, letter.head.issuer.phone
    date = letter.due_on
    pairs = [
        tuple(wording.get("due", lang, date=f.letter_date(date, lang), days=letter.days) for lang in ("zh", "en")),
        tuple(wording.get("late", lang) for lang in ("zh", "en")),
        tuple(wording.get("contact", lang, name=contact.text(lang), phone=phone.text(lang)) for lang in ("zh", "en")),
    ]
    heights = [_pair_height(*pair) for pair in pairs]
    with_seal = sum(heights[1:]) + PAIR_GAP
    whole = heights[0] + PAIR_GAP + with_seal
    # all of it on a new page where the table left little of this one; else what the seal needs goes with the seal
    if y + whole > TEXT_END and (y > MOST_OF_PAGE or y + heights[0] > TABLE_END):
        page, y = sheet.page("zh"), 44.3
    for number, pair in enumerate(pairs):
        if number == 1 and y + with_seal > TEXT_END:
            page, y = sheet.page("zh"), 44.3
        y = _pair(page, pair[0], pair[1], y) + PAIR_GAP
    return page, y - PAIR_GAP
