"""准予行政许可决定书: one page a language, in the measures of the acceptance notice.

The decision stands in one paragraph, what was applied for and what is granted in two tables under it. Where a long
name leaves no room for the seal, what is granted goes with the seal to a second page, in both languages.
"""

from __future__ import annotations

from expertdesk.documents import furniture as f
from expertdesk.documents.contexts import GrantDecision
from expertdesk.documents.sheet import Page, Sheet
from expertdesk.documents.wording import Wording

Rows = list[list[tuple[str, str]]]
SECOND, BETWEEN, SEAL_GAP = 110, 3.0, 4.0
# the foot of the seal stays clear of the verification block
SEAL_END = f.BLOCK_TOP - 2.0
SECOND_PAGE = 42.0


def print_grant(letter: GrantDecision, wording: Wording) -> Sheet:
    texts = {lang: _text(letter, wording, lang) for lang in ("zh", "en")}
    top = f.letter_text_end(texts)
    applied = {lang: _applied(letter, wording, lang) for lang in texts}
    granted = {lang: _granted(letter, wording, lang) for lang in texts}
    end = max(
        top + BETWEEN + sum(f.particulars_height(rows[lang], lang, SECOND) for rows in (applied, granted))
        for lang in texts
    )
    is_long = end + SEAL_GAP + letter.head.issuer.seal_mm > SEAL_END
    sheet = Sheet()
    for lang, text in texts.items():
        page = sheet.page(lang, part_first=True)
        f.letterhead(page, letter.head.issuer)
        f.number_line(page, letter.head, wording)
        f.title(page, wording.get("title", lang), f.LETTER_TITLE, 2.5, 18)
        f.letter_text(page, text)
        bottom = f.particulars(page, applied[lang], top, SECOND) + BETWEEN
        if is_long:
            page, bottom = sheet.page(lang), SECOND_PAGE
        _seal(page, letter, wording, f.particulars(page, granted[lang], bottom, SECOND))
    f.finish(sheet, letter.head, wording)
    return sheet


def _seal(page: Page, letter: GrantDecision, wording: Wording, bottom: float) -> None:
    f.signature(page, letter.head, wording, bottom + SEAL_GAP, inset=7.25, seal=page.lang == "zh")
    f.verification_block(page, letter.head, wording)


def _text(letter: GrantDecision, wording: Wording, lang: str) -> f.LetterText:
    law = letter.legal_basis.text(lang).rstrip("。.")
    law = law.replace("；", "、")
    body = wording.get("text", lang, date=f.letter_date(letter.applied_on, lang), law=law)
    return f.wrapped_text(wording.get("to", lang, name=letter.addressee.text(lang)), body, lang)


def _applied(letter: GrantDecision, wording: Wording, lang: str) -> Rows:
    def pair(key: str, value: str) -> tuple[str, str]:
        return wording.get(key, lang), value

    rows = [[pair("case_number", letter.case_number)], [pair("applicant", f.shown_name(letter.name, lang))]]
    if letter.credit_code:
        rows[0].append(pair("credit_code", letter.credit_code))
    sex = {"M": "male", "F": "female"}.get(letter.sex)
    if sex:
        rows[1].append(pair("sex", wording.get(sex, lang)))
    return [
        *rows,
        [pair("country", letter.country.text(lang)), pair("passport_number", letter.passport_number)],
        [pair("matter", letter.matter.text(lang))],
        [
            pair("applied_on", f.letter_date(letter.applied_on, lang)),
            pair("accepted_on", f.letter_date(letter.accepted_on, lang)),
        ],
    ]


def _granted(letter: GrantDecision, wording: Wording, lang: str) -> Rows:
    period = wording.get(
        "period_text",
        lang,
        months=letter.months,
        start=f.letter_date(letter.valid_from, lang),
        end=f.letter_date(letter.valid_to, lang),
    )
    number = letter.permit_number or wording.get("number_open", lang)
    return [
        [
            (wording.get("category", lang), letter.category.text(lang)),
            (wording.get("permit_number", lang), number),
        ],
        [(wording.get("period", lang), period)],
    ]
