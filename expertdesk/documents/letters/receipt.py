"""收件回执: the upper half goes to the employer, the office copy below never carries the access code."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from expertdesk.documents import furniture as f
from expertdesk.documents.breaking import spread
from expertdesk.documents.contexts import Receipt
from expertdesk.documents.sheet import BLACK, GREY, RED, Colour, Page, Sheet, wrapped
from expertdesk.documents.wording import Wording

SMALL = 7.6
BOX_END = 91.8
SHANGHAI_AHEAD = timedelta(hours=8)


def print_receipt(letter: Receipt, wording: Wording) -> Sheet:
    sheet = Sheet()
    page = sheet.page("zh", part_first=True)
    _head(page, letter, wording, 0, "title", RED, 18)
    bottom = _table(page, letter, wording)
    _codes(page, letter, wording, bottom)
    _how(page, letter, wording)
    page.rule(8, 92, 148.5, 0.15, dash=(3, 2), colour=GREY)
    page.rule(118, 202, 148.5, 0.15, dash=(3, 2), colour=GREY)
    page.text(94.32, 149.5, wording.get("cut", "zh"), "sans", 7.5, colour=GREY)
    page.text(105.23, 149.5, wording.get("cut", "en"), "sans", 7.5, lang="en", colour=GREY)
    _head(page, letter, wording, 148.5, "copy", BLACK, 14)
    _copy(page, letter, wording)
    return sheet


def _received(letter: Receipt) -> str:
    return f"{letter.received_at + SHANGHAI_AHEAD:%Y-%m-%d %H:%M}"


def _head(page: Page, letter: Receipt, wording: Wording, y: float, key: str, colour: Colour, size: float) -> None:
    name = letter.head.issuer.name
    page.text(20, y + 14.6, name.zh, "kai_bold", 13, colour=colour)
    page.text(20, y + 19.4, name.en, "serif", 8.5, lang="en", colour=colour)
    page.text(190, y + 14.6, wording.get(key, "zh"), "kai_bold", size, align="right")
    page.text(190, y + 19.6, wording.get(key, "en"), "serif", 10 if size == 18 else 9, lang="en", align="right")
    page.bar(20, y + 22.4, 170, 0.6, colour)
    page.bar(20, y + 23.4, 170, 0.2, colour)


def _label(page: Page, wording: Wording, key: str, y: float) -> None:
    page.line(spread(wording.get(key, "zh"), "semi", 9.5, "zh"), 21, y)
    page.text(36, y, wording.get(key, "en"), "sans", SMALL, lang="en")


def _table(page: Page, letter: Receipt, wording: Wording) -> float:
    page.rule(20, 124, 29.5, 0.35)
    zh = wrapped(letter.employer.zh, "sans", 9.5, 70, "zh")
    en = wrapped(letter.employer.en, "sans", SMALL, 66, "en")
    count = {"papers": letter.papers, "pages": letter.pages}
    papers = "　".join(wording.get("papers_text", lang, **count) for lang in ("zh", "en"))
    rows = [
        ("applicant", f.shown_name(letter.name, "zh")),
        ("matter", f.in_both(letter.matter, 9.5, 70)),
        ("papers", papers),
        ("received", _received(letter)),
        ("received_by", f"{letter.received_by}　{letter.window.zh}"),
    ]
    shown = [(key, f.wrapped_parts(value, 9.5, 70)) for key, value in rows]
    end = 40.3 + (len(zh) - 1) * 4.6 + (len(en) - 1) * 3.6 + sum(8 + (len(lines) - 1) * 4.6 for _, lines in shown)
    # a short table is let out until it ends with the box of the codes
    more = max(BOX_END - end, 0.0) / (len(rows) + 1)
    _label(page, wording, "employer", 34.4 + more / 2)
    last = page.lines(zh, 53, 34.4 + more / 2, 4.6)
    y = page.lines(en, 53, last + 4.1, 3.6) + 1.8 + more / 2
    for key, lines in shown:
        page.rule(20, 124, y, 0.12)
        _label(page, wording, key, y + 5.25 + more / 2)
        page.lines(lines, 53, y + 5.25 + more / 2, 4.6)
        y += 8 + more + (len(lines) - 1) * 4.6
    page.rule(20, 124, y, 0.35)
    return y


def _codes(page: Page, letter: Receipt, wording: Wording, bottom: float) -> None:
    page.box(130, 29.5, 60, bottom - 29.5, 0.35)
    page.text(134, 35.7, wording.get("case_long", "zh"), "semi", 9.5)
    page.text(151, 35.7, wording.get("case_long", "en"), "sans", SMALL, lang="en")
    page.text(134, 46.76, letter.case_number, "semi", 15, lang="en")
    page.rule(130, 190, 50.16, 0.18)
    page.text(134, 56.16, wording.get("access_code", "zh"), "semi", 9.5)
    page.text(147, 56.16, wording.get("access_code", "en"), "sans", SMALL, lang="en")
    page.text(134, 70.37, f.grouped(letter.access_code, mark=" "), "semi", 19, lang="en", track=0.8)
    page.rule(130, 190, 74.57, 0.18)
    page.text(134, 80.57, wording.get("keep", "zh"), "sans", 8.5)
    page.text(134, 84.57, wording.get("keep", "en"), "sans", SMALL, lang="en")


def _how(page: Page, letter: Receipt, wording: Wording) -> None:
    """The symbol holds the case number, never the access code."""
    issuer = letter.head.issuer
    page.modules(20, 98.1, 26, f.qr_rows(f"{issuer.status_url}?{urlencode({'case': letter.case_number})}"))
    page.text(52, 101.3, wording.get("how", "zh"), "semi", 9.5)
    page.text(70, 101.3, wording.get("how", "en"), "semi", 8.5, lang="en")
    url = issuer.status_url.split("://")[-1]
    for number, y in ((1, 106.7), (2, 115.7), (3, 124.7)):
        page.text(52, y, f"{number}.", "sans", 9)
        for lang, down, size in (("zh", 0.0, 9.0), ("en", 3.7, SMALL)):
            text = wording.get(f"how_{number}", lang, url=url, date=f.letter_date(letter.precheck_by, lang))
            page.text(56.5, y + down, text, "sans", size, lang=lang)
    page.rule(20, 190, 131.5, 0.18)
    page.text(20, 136.5, wording.get("foot", "zh"), "sans", 8.5)
    page.text(20, 140.5, wording.get("foot", "en"), "sans", SMALL, lang="en")
    page.text(190, 136.5, f"{wording.get('enquiries', 'zh')}　{issuer.phone.zh}", "sans", 8.5, align="right")
    english = f"{wording.get('enquiries', 'en')}  {issuer.phone.en}"
    page.text(190, 140.5, english, "sans", SMALL, lang="en", align="right")


def _copy(page: Page, letter: Receipt, wording: Wording) -> None:
    count = wording.get("papers_text", "zh", papers=letter.papers, pages=letter.pages)
    rows = [
        ("case_number", letter.case_number),
        ("employer", letter.employer.zh),
        ("applicant", f.shown_name(letter.name, "zh")),
        ("papers", f"{count}　{_received(letter)}　{letter.received_by}"),
    ]
    y = 178.0
    page.rule(20, 190, y, 0.35)
    for number, (key, value) in enumerate(rows):
        lines = wrapped(value, "sans", 9.5, 136, "zh")
        _label(page, wording, key, y + 4.95)
        page.lines(lines, 53, y + 4.95, 4.6)
        y += 7.4 + (len(lines) - 1) * 4.6
        page.rule(20, 190, y, 0.35 if number == len(rows) - 1 else 0.12)
    y += 13
    for left, right, down in (("handed_in", "phone", 0.0), ("signed", "date", 12.0)):
        for key, x, aside, start, end in ((left, 20, 40, 59, 108), (right, 114, 123, 133, 190)):
            page.text(x, y + down, wording.get(key, "zh"), "semi", 9.5)
            page.text(aside, y + down, wording.get(key, "en"), "sans", SMALL, lang="en")
            page.rule(start, end, y + down + 1, 0.18)
    page.text(20, y + 21, wording.get("kept", "zh"), "sans", 8.5)
    page.text(72, y + 21, wording.get("kept", "en"), "sans", SMALL, lang="en")
