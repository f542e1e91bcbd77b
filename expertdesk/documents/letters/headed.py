"""Prose letters in headed parts: refusal, non-acceptance. 16 pt Chinese on the 29 pt grid, English
part after it.

The same part starts the same page in both languages. What must be stated: 行政许可法 art. 32 and 38.
"""

from __future__ import annotations

from expertdesk.documents import furniture as f
from expertdesk.documents.breaking import Line
from expertdesk.documents.contexts import NonAcceptanceNotice, RefusalDecision, Remedies
from expertdesk.documents.sheet import MM, Page, Sheet, wrapped
from expertdesk.documents.wording import Wording

Headed = RefusalDecision | NonAcceptanceNotice
NUMERALS = "一二三四五六七八"
FIRST, LAST, SIGNED_LAST = 44.26, 259.6, 184.0
ENGLISH = 6.647
Part = tuple[str, str]


def print_refusal(letter: RefusalDecision, wording: Wording) -> Sheet:
    def parts(lang: str) -> list[Part]:
        return [
            (wording.get("facts", lang), letter.facts.text(lang)),
            (wording.get("reasons", lang), letter.reasons.text(lang)),
            (wording.get("legal_basis", lang), letter.legal_basis.text(lang)),
            (wording.get("decision", lang), wording.get("decision_text", lang)),
            _remedies(letter.remedies, wording, lang),
        ]

    return _print(letter, wording, parts)


def print_non_acceptance(letter: NonAcceptanceNotice, wording: Wording) -> Sheet:
    def parts(lang: str) -> list[Part]:
        body = letter.apply_to.text(lang)
        out = [
            (wording.get("reasons", lang), letter.reasons.text(lang)),
            (wording.get("legal_basis", lang), letter.legal_basis.text(lang)),
        ]
        if body:
            out.append((wording.get("apply_to", lang), wording.get("apply_to_text", lang, body=body)))
        return [*out, _remedies(letter.remedies, wording, lang)]

    return _print(letter, wording, parts)


def _remedies(remedies: Remedies, wording: Wording, lang: str) -> Part:
    text = wording.get(
        "remedies_text",
        lang,
        body=remedies.reconsideration_body.text(lang),
        days=remedies.reconsideration_days,
        court=remedies.court.text(lang),
        months=remedies.lawsuit_months,
    )
    return wording.get("remedies", lang), text


def _print(letter: Headed, wording: Wording, parts) -> Sheet:
    sheet = Sheet()
    flows = {lang: _Flow(lang, parts(lang)) for lang in ("zh", "en")}
    tops = {lang: _top_lines(letter, wording, lang) for lang in ("zh", "en")}
    table_top = max(
        95.40 + (len(tops["zh"]) - 1) * f.GRID + 4.4,
        88.40 + (len(tops["en"]) - 1) * ENGLISH + 4.76,
    )
    breaks = _breaks(flows, table_top + 6.9 * 5, {k: _opening(wording, k) for k in flows})
    sealed_at = 0.0
    for lang in ("zh", "en"):
        page = sheet.page(lang, part_first=True)
        _front(page, letter, wording, tops[lang], table_top)
        bottom = f.particulars(page, _particulars(letter, wording, lang), table_top, 124)
        flow = flows[lang]
        y = _first_baseline(lang, bottom)
        y = flow.draw(sheet, page, _opening(wording, lang), y)
        for number, (heading, text) in enumerate(flow.parts):
            if number in breaks:
                flow.page = sheet.page(lang)
                y = FIRST - flow.step
            y = flow.draw_part(sheet, number, heading, text, y)
        if y > SIGNED_LAST:
            y = flow.carry(sheet)
        # The English name stands level with the Chinese one, whose seal follows its text closely.
        top = sealed_at = max(y + 8.0, sealed_at)
        f.signature(
            flow.page,
            letter.head,
            wording,
            top,
            inset=22.29,
            size=16,
            pitch=10.23,
            english=11,
            seal=lang == "zh",
        )
        f.verification_block(flow.page, letter.head, wording)
    f.finish(sheet, letter.head, wording)
    return sheet


class _Flow:
    """Lines of one language running down the pages."""

    def __init__(self, lang: str, parts: list[Part]) -> None:
        self.lang, self.parts = lang, parts
        self.zh = lang == "zh"
        self.step = f.GRID if self.zh else ENGLISH
        self.page: Page = Page(lang)
        self.held: list[Line] = []

    def lines(self, paragraph: str) -> list[Line]:
        if self.zh:
            return wrapped(paragraph, "kai", 16, 156, "zh", indent=32, justify=True, tidy=True)
        return wrapped(paragraph, "serif", 12, 156, "en", tidy=True)

    def gap(self, heading: bool) -> float:
        if self.zh:
            return f.GRID
        return ENGLISH * (1.6 if heading else 1.25)

    def height(self, text: str) -> float:
        """Of a whole part, from the line before its heading to its last line."""
        count = sum(len(self.lines(paragraph)) for paragraph in text.split("\n"))
        return self.gap(True) + count * self.step + text.count("\n") * (self.gap(False) - self.step)

    def draw(self, sheet: Sheet, page: Page, paragraph: str, y: float) -> float:
        """One paragraph from baseline y; two lines stay together on both sides of a page break."""
        self.page = page
        lines = self.lines(paragraph)
        while lines:
            fit = int((LAST - y) / self.step + 1.0001)
            if fit >= len(lines):
                break
            if len(lines) <= 3 or fit < 2:
                fit = 0
            elif len(lines) - fit < 2:
                fit = len(lines) - 2
            self.page.lines(lines[:fit], f.LEFT, y, self.step)
            lines = lines[fit:]
            self.page = sheet.page(self.lang)
            y = FIRST
        self.held = lines[-2:] if len(lines) > 3 else lines
        return self.page.lines(lines, f.LEFT, y, self.step)

    def draw_part(self, sheet: Sheet, number: int, heading: str, text: str, y: float) -> float:
        fresh = y < FIRST
        y += self.step if fresh else self.gap(True)
        if y + 2 * self.step > LAST:
            self.page, y = sheet.page(self.lang), FIRST
        label = f"{NUMERALS[number]}、{heading}" if self.zh else f"{number + 1}.  {heading}"
        if self.zh:
            self.page.text(f.LEFT + 32 / MM, y, label, "semi", 16)
        else:
            self.page.text(f.LEFT, y, label, "semi", 11)
        for count, paragraph in enumerate(text.split("\n")):
            y = self.draw(sheet, self.page, paragraph, y + (self.gap(False) if count else self.step))
        return y

    def carry(self, sheet: Sheet) -> float:
        """The last lines go with name, date and seal to a page of their own: those never stand alone."""
        for _ in self.held:
            self.page.marks.pop()
        self.page = sheet.page(self.lang)
        return self.page.lines(self.held, f.LEFT, FIRST, self.step)


def _breaks(flows: dict[str, _Flow], table_bottom: float, openings: dict[str, str]) -> set[int]:
    """Parts that start a page: where one language needs it, both do it."""
    y = {}
    for lang, flow in flows.items():
        first = _first_baseline(lang, table_bottom)
        y[lang] = first + (len(flow.lines(openings[lang])) - 1) * flow.step
    breaks: set[int] = set()
    count = len(flows["zh"].parts)
    for number in range(count):
        last = number == count - 1
        heights = {lang: flow.height(flow.parts[number][1]) for lang, flow in flows.items()}
        limit = SIGNED_LAST if last else LAST
        over = any(y[lang] + heights[lang] > limit for lang in flows)
        started = all(y[lang] > FIRST for lang in flows)
        if over and started and all(heights[lang] < limit - FIRST + 10 for lang in flows):
            breaks.add(number)
            y = dict.fromkeys(flows, FIRST - f.GRID)
        for lang in flows:
            y[lang] += heights[lang]
            while y[lang] > LAST:
                y[lang] -= LAST - FIRST
    return breaks


def _first_baseline(lang: str, bottom: float) -> float:
    if lang == "en":
        return bottom + 10.73
    steps = 0
    while FIRST + steps * f.GRID < bottom + 9.0:
        steps += 1
    return FIRST + steps * f.GRID


def _opening(wording: Wording, lang: str) -> str:
    return wording.get("opening", lang)


def _top_lines(letter: Headed, wording: Wording, lang: str) -> list[Line]:
    text = wording.get("to", lang, name=letter.addressee.text(lang))
    return wrapped(text, "kai" if lang == "zh" else "serif", 16 if lang == "zh" else 12, 156, lang)


def _front(page: Page, letter: Headed, wording: Wording, addressee: list[Line], table_top: float) -> None:
    f.letterhead(page, letter.head.issuer)
    f.number_line(page, letter.head, wording)
    f.title(page, wording.get("title", page.lang), 74.94, 2.0)
    step = f.GRID if page.lang == "zh" else ENGLISH
    first = 95.40 if page.lang == "zh" else 88.40
    page.lines(addressee, f.LEFT, first, step)


def _particulars(letter: Headed, wording: Wording, lang: str) -> list[list[tuple[str, str]]]:
    def pair(key: str, value: str) -> tuple[str, str]:
        return wording.get(key, lang), value

    rows = [[pair("case_number", letter.case_number)]]
    if letter.credit_code:
        rows[0].append(pair("credit_code", letter.credit_code))
    person = [pair("applicant", f.shown_name(letter.name, lang))]
    sex = {"M": "male", "F": "female"}.get(getattr(letter, "sex", ""))
    if sex:
        person.append(pair("sex", wording.get(sex, lang)))
    rows.append(person)
    rows.append([pair("country", letter.country.text(lang)), pair("passport_number", letter.passport_number)])
    rows.append([pair("matter", letter.matter.text(lang))])
    if isinstance(letter, NonAcceptanceNotice):
        rows.append([pair("submitted_on", f.letter_date(letter.submitted_on, lang))])
    else:
        rows.append(
            [
                pair("applied_on", f.letter_date(letter.applied_on, lang)),
                pair("accepted_on", f.letter_date(letter.accepted_on, lang)),
            ]
        )
    return rows
