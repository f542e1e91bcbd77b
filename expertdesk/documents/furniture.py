"""What letters share on the page: letterhead, draft box, seal, verification block, control line, page
number."""

from __future__ import annotations

import segno

from expertdesk.documents.breaking import Line, spread
from expertdesk.documents.contexts import Head, Issuer
from expertdesk.documents.sheet import DARK, GREY, RED, Page, Sheet, width_of, wrapped
from expertdesk.documents.wording import Wording
from expertdesk.foundation.locale import Bilingual, format_date

LEFT, RIGHT = 28.0, 184.0
BLOCK_TOP = 236.0
GRID = 10.227  # one line of 29 pt
SPACED = "-"
# letters with tables: title and first line of the text
LETTER_TITLE, LETTER_FIRST = 71.94, 86.5
_ZH_STEP, _EN_STEP = 7.67, 5.115
LetterText = tuple[list[Line], list[Line]]


def letter_date(day, lang: str) -> str:
    return format_date(day, "letter", lang)


def grouped(code: str, size: int = 4, mark: str = SPACED) -> str:
    plain = code.replace("-", "").replace(" ", "")
    return mark.join(plain[start : start + size] for start in range(0, len(plain), size))


def number_text(head: Head, wording: Wording, lang: str) -> str:
    return head.number.text(lang) or wording.get("number_open", lang)


def letterhead(page: Page, issuer: Issuer, *, both: bool = False) -> None:
    """Issuer in red over the double rule, thin over thick at the foot (GB/T 9704, clause 10.1)."""
    top = 44.6 if both else 43.2
    if both:
        page.text(105, 36.9, issuer.name.zh, "kai_bold", 22, lang="zh", align="centre", track=4, colour=RED)
        page.text(105, 42.3, issuer.name.en, "serif", 10.5, lang="en", align="centre", colour=RED)
    elif page.lang == "zh":
        size = min(
            26.0,
            26.0 * 165 / max(width_of(issuer.name.zh, "kai_bold", 26, "zh") + len(issuer.name.zh) * 1.5, 1),
        )
        page.text(105, 39.0, issuer.name.zh, "kai_bold", size, align="centre", track=4.2, colour=RED)
    else:
        size = min(18.5, 18.5 * 168 / max(width_of(issuer.name.en, "serif_bold", 18.5, "en"), 1))
        page.text(105, 38.2, issuer.name.en, "serif_bold", size, align="centre", colour=RED)
    page.bar(20, top, 170, 0.8, RED)
    page.bar(20, top + 1.3, 170, 0.25, RED)
    page.bar(20, 276.2, 170, 0.25, RED)
    page.bar(20, 276.95, 170, 0.8, RED)


def number_line(page: Page, head: Head, wording: Wording, *, both: bool = False) -> None:
    if both:
        page.text(LEFT, 54.49, number_text(head, wording, "en"), "serif", 10.5, lang="en")
        page.text(RIGHT, 54.49, number_text(head, wording, "zh"), "kai", 14, lang="zh", align="right")
    elif page.lang == "zh":
        page.text(RIGHT, 54.49, number_text(head, wording, "zh"), "kai", 14, align="right")
    else:
        page.text(LEFT, 54.49, wording.get("translation_note", "en"), "serif", 9)
        page.text(RIGHT, 54.49, number_text(head, wording, "en"), "serif", 10.5, align="right")
    if head.replaces.zh:
        text = wording.get("replaces", page.lang, number=head.replaces.text(page.lang))
        page.text(
            LEFT,
            59.4 if page.lang == "en" or both else 54.49,
            text,
            "kai" if page.lang == "zh" else "serif",
            9,
        )


def title(page: Page, text: str, y: float, track: float, english: float = 17.0) -> None:
    if page.lang == "zh":
        page.text(105, y, text, "kai_bold", 22, align="centre", track=track)
    else:
        page.text(105, y, text, "serif_bold", english, align="centre")


def wrapped_text(to: str, body: str, lang: str) -> LetterText:
    """Addressee and text of a letter with tables: 14 pt on three quarters of the grid, 10.5 pt in English."""
    if lang == "zh":
        prose = wrapped(body, "kai", 14, 156, lang, indent=28, justify=True, tidy=True)
        return wrapped(to, "kai", 14, 156, lang), prose
    return wrapped(to, "serif", 10.5, 156, lang), wrapped(body, "serif", 10.5, 156, lang, tidy=True)


def letter_text(page: Page, text: LetterText) -> None:
    step = _ZH_STEP if page.lang == "zh" else _EN_STEP
    y = page.lines(text[0], LEFT, LETTER_FIRST, step)
    page.lines(text[1], LEFT, y + _ZH_STEP, step)


def letter_text_end(texts: dict[str, LetterText]) -> float:
    """Where the tables start: at the same height in both languages."""
    zh, en = texts["zh"], texts["en"]
    chinese = (len(zh[0]) + len(zh[1]) - 1) * _ZH_STEP + 5.4
    english = (len(en[0]) + len(en[1]) - 2) * _EN_STEP + _ZH_STEP + 7.95
    return LETTER_FIRST + max(chinese, english)


def qr_rows(payload: str) -> list[list[bool]]:
    symbol = segno.make(payload, error="m", boost_error=False, micro=False, version=None)
    if int(symbol.version) < 4:
        symbol = segno.make(payload, error="m", boost_error=False, version=4)
    return [[bool(module) for module in row] for row in symbol.matrix]


def verification_block(
    page: Page,
    head: Head,
    wording: Wording,
    third: tuple[str, str] | None = None,
    labels: tuple[str, str] | None = None,
) -> None:
    """At the foot of the text area on the last page of each part, set as the imprint of an official
    document."""
    issuer, zh = head.issuer, page.lang == "zh"
    page.rule(LEFT, RIGHT, BLOCK_TOP, 0.35)
    page.rule(LEFT, RIGHT, 262, 0.35)
    page.rule(54, RIGHT, 244.67, 0.18)
    page.rule(54, RIGHT, 253.33, 0.18)
    base = issuer.verify_base if issuer.verify_base.endswith("/") else issuer.verify_base + "/"
    if head.code:
        plain = grouped(head.code, mark="")
        page.modules(LEFT, 238.5, 21, qr_rows(base + plain))
    else:
        plain = ""
        page.box(LEFT, 238.5, 21, 21, 0.18, dash=(2.2, 1.8), colour=GREY)
    size, drop, value = (9.0, 0.0, 75.0) if zh else (8.5, -0.05, 84.0)
    names = labels or (wording.get("verify_code", page.lang), wording.get("verify_at", page.lang))
    told = f"{issuer.phone.zh}　{issuer.hours.zh}" if zh else f"{issuer.phone.en}, {issuer.hours.en}"
    last = third or (wording.get("enquiries", page.lang), told)
    page.text(54, 241.48 + drop, names[0], "sans", size)
    page.text(54, 250.15 + drop, names[1], "sans", size)
    page.text(54, 258.82 + drop, last[0], "sans", size)
    if head.code:
        page.text(value, 242.03, grouped(head.code), "semi", 13, lang="en", track=0.9)
    else:
        page.text(value, 241.48, wording.get("code_open", page.lang), "sans", 9)
    page.text(value, 250.15, base + plain, "sans", 9, lang="en")
    page.text(value, 258.82, last[1], "sans", 9)


def sealed_name(issuer: Issuer, lang: str) -> str:
    return issuer.seal_text.text(lang) or issuer.name.text(lang)


def seal_centre(head: Head, size: float, inset: float) -> float:
    """The seal is centred on the Chinese date, whose right end stands `inset` from the right edge of the
    text."""
    date_width = width_of(letter_date(head.issued_on, "zh"), "kai", size, "zh")
    name_width = width_of(sealed_name(head.issuer, "zh"), "kai", size, "zh")
    return min(RIGHT - inset - date_width / 2, RIGHT - name_width / 2)


def signature(
    page: Page,
    head: Head,
    wording: Wording,
    top: float,
    *,
    inset: float,
    size: float = 14.0,
    pitch: float = 7.67,
    english: float = 9.5,
    seal: bool = True,
) -> None:
    """Name and date, the dashed circle around them in a draft. `top` is the top of the circle."""
    centre, name_y = seal_centre(head, size, inset), top + 24.5
    if page.lang == "zh":
        page.text(centre, name_y, sealed_name(head.issuer, "zh"), "kai", size, align="centre")
        page.text(centre, name_y + pitch, letter_date(head.issued_on, "zh"), "kai", size, align="centre")
    else:
        _english_name(page, sealed_name(head.issuer, "en"), centre, name_y, english)
        page.text(centre, name_y + pitch, letter_date(head.issued_on, "en"), "serif", english, align="centre")
        if not seal:
            page.text(centre, name_y + pitch + 6, wording.get("seal_note", "en"), "serif", 8.5, align="centre")
    if head.draft and seal:
        page.circle(centre, top + head.issuer.seal_mm / 2, head.issuer.seal_mm)
        page.text(
            centre,
            top + 8.2,
            wording.get("seal_place", page.lang),
            "sans",
            9 if page.lang == "zh" else 8,
            align="centre",
            colour=GREY,
        )


def _english_name(page: Page, name: str, centre: float, y: float, size: float) -> None:
    """In two lines of nearly equal length."""
    words = name.split(" ")
    widths = [
        max(
            width_of(" ".join(words[:k]), "serif", size, "en"),
            width_of(" ".join(words[k:]), "serif", size, "en"),
        )
        for k in range(1, len(words))
    ]
    if not widths:
        page.text(centre, y, name, "serif", size, align="centre")
        return
    cut = widths.index(min(widths)) + 1
    page.text(centre, y - 3.0, " ".join(words[:cut]), "serif", size, align="centre")
    page.text(centre, y + 2.0, " ".join(words[cut:]), "serif", size, align="centre")


def finish(
    sheet: Sheet, head: Head, wording: Wording, *, lettered: bool = True, both: bool = False, prefix: str = ""
) -> None:
    """Draft box, page number and control line, when the number of pages is known."""
    total = len(sheet.pages)
    for count, page in enumerate(sheet.pages, 1):
        if head.draft:
            text = wording.get("draft_both" if both else "draft", page.lang)
            page.text(30.5, 17, text, "sans", 8.5)
            page.box(LEFT, 12.6, width_of(text, "sans", 8.5, page.lang) + 5, 6.4, 0.2)
        if not (page.part_first and lettered):
            edge = 5.57
            mark = f"— {count} —"
            if count % 2:
                page.text(RIGHT - edge, 271.6, mark, "kai", 14, lang="zh", align="right")
            else:
                page.text(LEFT + edge, 271.6, mark, "kai", 14, lang="zh")
        number = number_text(head, wording, page.lang)
        if prefix:
            number = wording.get(prefix, page.lang, number=number)
        code = grouped(head.code) or wording.get("code_open", page.lang)
        text = wording.get("control", page.lang, number=number, code=code, pages=total)
        page.text(105, 283, text, "sans", 7.5, align="centre", colour=DARK)


PARTICULARS_ROW, PARTICULARS_LINE = 6.9, 4.6


def particulars(page: Page, rows: list[list[tuple[str, str]]], top: float, second: float) -> float:
    """Ruled rows of one or two label–value pairs; a long value takes more lines. Gives back the bottom
    rule."""
    zh = page.lang == "zh"
    size = 9.5 if zh else 8.5
    page.rule(LEFT, RIGHT, top, 0.35)
    y = top
    for number, row in enumerate(rows):
        most, baseline = 1, y + PARTICULARS_ROW / 2 + (1.2 if zh else 1.1)
        for place, (label, text) in enumerate(row):
            page.line(spread(label, "semi", size, page.lang), LEFT + 1 if place == 0 else second, baseline)
            at, lines = _value(row, place, text, page.lang, second)
            page.lines(lines, at, baseline, PARTICULARS_LINE)
            most = max(most, len(lines))
        y += PARTICULARS_ROW + (most - 1) * PARTICULARS_LINE
        page.rule(LEFT, RIGHT, y, 0.35 if number == len(rows) - 1 else 0.12)
    return y


def particulars_height(rows: list[list[tuple[str, str]]], lang: str, second: float) -> float:
    """What `particulars` will take."""
    most = (max(len(_value(row, place, text, lang, second)[1]) for place, (_, text) in enumerate(row)) for row in rows)
    return sum(PARTICULARS_ROW + (lines - 1) * PARTICULARS_LINE for lines in most)


def _value(row: list[tuple[str, str]], place: int, text: str, lang: str, second: float) -> tuple[float, list[Line]]:
    """Where a value starts, and its lines."""
    size, value, shift = (9.5, 21.0, 20.0) if lang == "zh" else (8.5, 25.0, 24.0 if second > 115 else 22.0)
    at = LEFT + 1 + value if place == 0 else second + shift
    room = (second - 2 if len(row) == 2 and place == 0 else RIGHT) - at
    return at, wrapped(text, "sans", size, room, lang)


def in_both(text: Bilingual, size: float, room: float) -> str:
    """Both languages on one line, or each on its own where one line is too short."""
    line = f"{text.zh}　{text.en}"
    return line if len(wrapped(line, "sans", size, room, "zh")) == 1 else f"{text.zh}\n{text.en}"


def wrapped_parts(value: str, size: float, room: float) -> list[Line]:
    return [line for part in value.split("\n") for line in wrapped(part, "sans", size, room, "zh")]


def shown_name(name, lang: str) -> str:
    if not name.native:
        return name.latin
    return f"{name.latin}（{name.native}）" if lang == "zh" else f"{name.latin} ({name.native})"
