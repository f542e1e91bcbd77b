"""受理通知书: one page a language. The list of papers stands left of the seal, in one column or, when there are more
than eight papers, in two; where even that has no room it moves to a second page."""

from __future__ import annotations

from dataclasses import dataclass

from expertdesk.documents import furniture as f
from expertdesk.documents.breaking import Line
from expertdesk.documents.contexts import AcceptanceNotice, Paper
from expertdesk.documents.sheet import Page, Sheet, wrapped
from expertdesk.documents.wording import Wording


@dataclass(frozen=True)
class Columns:
    """`beside`: what number and pages take of the width."""

    count: int
    width: float
    beside: float
    gap: float = 0.0


ONE, TWO, FULL = Columns(1, 92.0, 18.0), Columns(2, 50.0, 15.0, 3.0), Columns(2, 76.0, 18.0, 4.0)
ONE_COLUMN = 8
SIZE = {"zh": 9.5, "en": 8.5}
SECOND = 110
ROW, LINE, HEAD = 5.55, 4.2, 2.2
SEAL, SEAL_GAP, LIST_GAP = 42.0, 8.4, 7.2
LIST_END = f.BLOCK_TOP - 4.0


def print_acceptance(letter: AcceptanceNotice, wording: Wording) -> Sheet:
    sheet = Sheet()
    texts = {lang: _text(letter, wording, lang) for lang in ("zh", "en")}
    rows = {lang: _rows(letter, wording, lang) for lang in texts}
    top = f.letter_text_end(texts)
    ends = {lang: top + f.particulars_height(rows[lang], lang, SECOND) for lang in texts}
    lists = _beside_seal(letter.papers, ends)
    for lang in texts:
        page = sheet.page(lang, part_first=True)
        f.letterhead(page, letter.head.issuer)
        f.number_line(page, letter.head, wording)
        f.title(page, wording.get("title", lang), f.LETTER_TITLE, 6.0, 18)
        f.letter_text(page, texts[lang])
        bottom = f.particulars(page, rows[lang], top, SECOND)
        if lists is None:
            page = sheet.page(lang)
            seal_top = _papers(page, letter.papers, wording, 42.0, FULL) + SEAL_GAP
        else:
            _papers(page, letter.papers, wording, bottom + LIST_GAP, lists)
            seal_top = bottom + SEAL_GAP
        f.signature(page, letter.head, wording, seal_top, inset=7.25, seal=lang == "zh")
        f.verification_block(page, letter.head, wording)
    f.finish(sheet, letter.head, wording)
    return sheet


def _beside_seal(papers: tuple[Paper, ...], ends: dict[str, float]) -> Columns | None:
    """The columns in which the list stands left of the seal in both languages; None: it takes a page of its own."""
    if max(ends.values()) + SEAL_GAP + SEAL > LIST_END:
        return None
    for columns in (ONE, TWO) if len(papers) <= ONE_COLUMN else (TWO,):
        deepest = max(
            end + LIST_GAP + HEAD + max(sum(heights) for heights in _heights(papers, lang, columns))
            for lang, end in ends.items()
        )
        if deepest <= LIST_END:
            return columns
    return None


def _text(letter: AcceptanceNotice, wording: Wording, lang: str) -> f.LetterText:
    to = wording.get("to", lang, name=letter.addressee.text(lang))
    key = "text_deemed" if letter.deemed else "text"
    return f.wrapped_text(to, wording.get(key, lang, date=f.letter_date(letter.applied_on, lang)), lang)


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


def _parts(papers: tuple[Paper, ...], columns: Columns) -> list[tuple[Paper, ...]]:
    per = max(-(-len(papers) // columns.count), 1)
    return [papers[start : start + per] for start in range(0, len(papers), per)]


def _name_lines(paper: Paper, lang: str, columns: Columns) -> list[Line]:
    return wrapped(paper.name.text(lang), "sans", SIZE[lang], columns.width - columns.beside, lang)


def _heights(papers: tuple[Paper, ...], lang: str, columns: Columns) -> list[list[float]]:
    return [
        [ROW + (len(_name_lines(paper, lang, columns)) - 1) * LINE for paper in part]
        for part in _parts(papers, columns)
    ] or [[0.0]]


def _papers(page: Page, papers: tuple[Paper, ...], wording: Wording, y: float, columns: Columns) -> float:
    lang, size = page.lang, SIZE[page.lang]
    right = f.LEFT + columns.count * columns.width + (columns.count - 1) * columns.gap
    page.text(f.LEFT + 1, y, wording.get("papers", lang), "semi", size)
    count = wording.get("papers_count", lang, count=len(papers), pages=sum(paper.pages for paper in papers))
    page.text(right - 1, y, count, "sans", size, align="right")
    top = deepest = y + HEAD
    for column, part in enumerate(_parts(papers, columns)):
        x, at = f.LEFT + column * (columns.width + columns.gap), top
        page.rule(x, x + columns.width, at, 0.25)
        for place, paper in enumerate(part):
            lines = _name_lines(paper, lang, columns)
            page.text(x + 5, at + 3.98, str(paper.number), "sans", size, align="right")
            page.lines(lines, x + 8, at + 3.98, LINE)
            shown = wording.get("pages", lang, pages=paper.pages)
            page.text(x + columns.width - 1, at + 3.98, shown, "sans", size, align="right")
            at += ROW + (len(lines) - 1) * LINE
            page.rule(x, x + columns.width, at, 0.25 if place == len(part) - 1 else 0.12)
        deepest = max(deepest, at)
    return deepest
