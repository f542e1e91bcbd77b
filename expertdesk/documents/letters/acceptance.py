"""受理通知书: one page a language; with more than eight papers the list moves to a second page, in two
columns."""

from __future__ import annotations

from expertdesk.documents import furniture as f
from expertdesk.documents.contexts import AcceptanceNotice, Paper
from expertdesk.documents.sheet import Page, Sheet, wrapped
from expertdesk.documents.wording import Wording

ROW = 5.55
BESIDE_SEAL = 8


def print_acceptance(letter: AcceptanceNotice, wording: Wording) -> Sheet:
    sheet = Sheet()
    texts = {lang: _text(letter, wording, lang) for lang in ("zh", "en")}
    top = max(86.5 + (len(texts["zh"]) - 1) * 7.67 + 5.4, 86.5 + _english_height(texts["en"]) + 7.95)
    for lang in ("zh", "en"):
        page = sheet.page(lang, part_first=True)
        f.letterhead(page, letter.head.issuer)
        f.number_line(page, letter.head, wording)
        f.title(page, wording.get("title", lang), 71.94, 6.0, 18)
        _draw_text(page, texts[lang])
        bottom = f.particulars(page, _rows(letter, wording, lang), top, 110)
        if len(letter.papers) > BESIDE_SEAL or bottom > 172:
            page = sheet.page(lang)
            end = _papers(page, letter.papers, wording, 42.0, columns=2)
            seal_top = end + 8.4
        else:
            _papers(page, letter.papers, wording, bottom + 7.2, columns=1)
            seal_top = bottom + 8.4
        f.signature(page, letter.head, wording, seal_top, inset=7.25, seal=lang == "zh")
        f.verification_block(page, letter.head, wording)
    f.finish(sheet, letter.head, wording)
    return sheet


def _text(letter: AcceptanceNotice, wording: Wording, lang: str) -> list:
    to = wording.get("to", lang, name=letter.addressee.text(lang))
    body = wording.get(
        "text_deemed" if letter.deemed else "text", lang, date=f.letter_date(letter.applied_on, lang)
    )
    if lang == "zh":
        return [
            *wrapped(to, "kai", 14, 156, lang),
            *wrapped(body, "kai", 14, 156, lang, indent=28, justify=True, tidy=True),
        ]
    return [wrapped(to, "serif", 10.5, 156, lang), wrapped(body, "serif", 10.5, 156, lang, tidy=True)]


def _english_height(parts: list) -> float:
    return (len(parts[0]) - 1) * 5.115 + 7.67 + (len(parts[1]) - 1) * 5.115


def _draw_text(page: Page, text: list) -> None:
    if page.lang == "zh":
        page.lines(text, f.LEFT, 86.5, 7.67)
    else:
        y = page.lines(text[0], f.LEFT, 86.5, 5.115)
        page.lines(text[1], f.LEFT, y + 7.67, 5.115)


def _rows(letter: AcceptanceNotice, wording: Wording, lang: str) -> list[list[tuple[str, str]]]:
    def pair(key: str, value: str) -> tuple[str, str]:
        return wording.get(key, lang), value

    url = letter.head.issuer.status_url
    promised = wording.get(
        "promised_text", lang, date=f.letter_date(letter.promised_by, lang), days=letter.promised_days
    )
    legal = wording.get(
        "legal_text",
        lang,
        date=f.letter_date(letter.legal_by, lang),
        days=letter.legal_days,
        more=letter.legal_extension_days,
    )
    return [
        [pair("acceptance_number", letter.case_number), pair("category", letter.category.text(lang))],
        [pair("applicant", f.shown_name(letter.name, lang))],
        [pair("country", letter.country.text(lang)), pair("passport_number", letter.passport_number)],
        [pair("matter", letter.matter.text(lang))],
        [pair("accepted_on", f.letter_date(letter.accepted_on, lang)), pair("promised", promised)],
        [pair("legal", legal)],
        [pair("check", wording.get("check_text", lang, url=url if lang == "zh" else url.split("://")[-1]))],
    ]


def _papers(page: Page, papers: tuple[Paper, ...], wording: Wording, y: float, columns: int) -> float:
    lang = page.lang
    size = 9.5 if lang == "zh" else 8.5
    wide, step = (92.0, 0.0) if columns == 1 else (76.0, 80.0)
    right = f.LEFT + (wide if columns == 1 else 156)
    page.text(f.LEFT + 1, y, wording.get("papers", lang), "semi", size)
    count = wording.get("papers_count", lang, count=len(papers), pages=sum(paper.pages for paper in papers))
    page.text(right - 1, y, count, "sans", size, align="right")
    per = -(-len(papers) // columns)
    top = y + 2.2
    deepest = top
    for column in range(columns):
        x, at = f.LEFT + column * step, top
        page.rule(x, x + wide, at, 0.25)
        part = papers[column * per : (column + 1) * per]
        for place, paper in enumerate(part):
            lines = wrapped(paper.name.text(lang), "sans", size, wide - 18, lang)
            page.text(x + 5, at + 3.98, str(paper.number), "sans", size, align="right")
            page.lines(lines, x + 8, at + 3.98, 4.2)
            shown = wording.get("pages", lang, pages=paper.pages)
            page.text(x + wide - 1, at + 3.98, shown, "sans", size, align="right")
            at += ROW + (len(lines) - 1) * 4.2
            page.rule(x, x + wide, at, 0.25 if place == len(part) - 1 else 0.12)
        deepest = max(deepest, at)
    return deepest
