"""因公临时出国任务和预算审批意见表 (财行〔2013〕516号, annex 1): head, task review, finance review on A4.

The two opinions stand apart, each with its own place for signature, seal and date. One page a language as long as the
answers are short; a long answer makes its row taller and the form goes on on a second page.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from decimal import Decimal

from expertdesk.documents.breaking import Line
from expertdesk.documents.cleaning import MissingGlyph, clean, missing
from expertdesk.documents.plan_contexts import AMOUNT_LINES, TASK_LINES, Cell, ReviewForm, ReviewSide, in_language
from expertdesk.documents.plan_text import amount_text, has_cents, languages, local
from expertdesk.documents.roll import Roll
from expertdesk.documents.sheet import DARK, Properties, width_of, wrapped
from expertdesk.documents.wording import Wording, wording
from expertdesk.foundation.locale import format_date

LEFT, RIGHT = 24.0, 190.0
SIDE, LABEL = 12.0, 46.0  # the name of a review at the left, and the labels
TOP, NEXT_TOP, BOTTOM = 43.0, 24.0, 272.0
STEP, PAD, OPINION = 4.4, 2.6, 28.0
SIZE = {"zh": 9.5, "en": 8.5}
FIRST_WORDING = date(2014, 1, 20)


def review_form_pdf(form: ReviewForm, lang: str = "zh") -> bytes:
    """The form of one group; `both` puts the English form behind the Chinese one. Same form, same bytes."""
    chosen = languages(lang)
    words = wording("REVIEW_FORM", max(form.wording_on or local(form.data_at).date(), FIRST_WORDING))
    at = form.data_at if form.data_at.tzinfo else form.data_at.replace(tzinfo=UTC) - timedelta(hours=8)
    properties = Properties(
        title=f"{words.get('title', chosen[0])} {form.project_no}",
        author=str(in_language(form.organising_unit, chosen[0]) or ""),
        subject=words.get("title", chosen[-1]),
        made_at=at.astimezone(UTC),
        lang="zh-CN" if chosen[0] == "zh" else "en-GB",
    )
    roll = Roll(210, 297, properties)
    for language in chosen:
        _Form(roll, form, words, language).draw()
    for number, language in enumerate(roll.langs):
        roll.turn(number)
        page = words.get("page", language, page=number + 1, pages=len(roll.pages))
        roll.text(RIGHT, 284, page, "sans", 8, align="right")
        told = words.get("data_at", language, at=f"{local(form.data_at):%Y-%m-%d %H:%M}")
        if form.digest:
            told += f"   SHA-256 {form.digest[:16]}…"
        roll.text(LEFT, 284, told, "sans", 7.5, colour=DARK)
    return roll.pdf()


class _Form:
    def __init__(self, roll: Roll, form: ReviewForm, words: Wording, lang: str) -> None:
        self.roll, self.form, self.words, self.lang = roll, form, words, lang
        self.size = SIZE[lang]
        self.y = 0.0
        self.start = 0.0  # of the frame on this page
        self.band = 0.0  # of the side column on this page

    def draw(self) -> None:
        self._page(first=True)
        self._head()
        form = self.form
        self._review("task", form.task, [(key, self._answer(form.task, key)) for key in TASK_LINES])
        amounts = form.finance.amounts or {}
        cents = any(has_cents(amount) for amount in amounts.values())
        money = [
            (key, "" if amounts.get(key) is None else amount_text(amounts[key] or Decimal(0), cents))
            for key in AMOUNT_LINES
            if key != "training_fee" or amounts.get(key) is not None
        ]
        finance = [("in_budget", self._answer(form.finance, "in_budget"))]
        rest = [(key, self._answer(form.finance, key)) for key in ("prior_approval", "other")]
        self._review("finance", form.finance, finance, money, rest)
        self._frame()
        face = "kai" if self.lang == "zh" else "serif"
        self.roll.text(LEFT, self.y + 6, self.words.get("rule", self.lang), face, 9.5 if self.lang == "zh" else 8.5)

    # --- pages and frame ------------------------------------------------------------------------------------------

    def _page(self, *, first: bool = False) -> None:
        roll, words, lang, form = self.roll, self.words, self.lang, self.form
        roll.page(lang)
        if form.is_draft:
            text = words.get("draft", lang)
            roll.text(LEFT + 2.5, 14, text, "sans", 8.5)
            roll.box(LEFT, 9.6, width_of(text, "sans", 8.5, lang) + 5, 6.4, 0.2)
        face = "kai" if lang == "zh" else "serif"
        if first:
            bold, size = ("kai_bold", 18) if lang == "zh" else ("serif_bold", 13)
            roll.text(107, 28, words.get("title", lang), bold, size, align="centre")
            roll.text(107, 33.5, words.get("source", lang), face, 9, align="centre")
            roll.text(LEFT, 40, words.get("project", lang, number=self._clean(form.project_no, "number")), face, 10)
            roll.text(RIGHT, 40, words.get("money", lang), face, 10, align="right")
        else:
            title = f"{words.get('title', lang)}  {form.project_no}"
            roll.text(107, 20, title, face, 10, align="centre")
        self.y = self.start = self.band = TOP if first else NEXT_TOP

    def _frame(self) -> None:
        """The frame of what stands on this page."""
        self.roll.box(LEFT, self.start, RIGHT - LEFT, self.y - self.start, 0.35)

    def _room(self, high: float, side: str = "") -> None:
        """Go on on a new page when the next row does not fit."""
        if self.y + high <= BOTTOM:
            return
        if side:
            self._side(side)
        self._frame()
        self._page()

    def _clean(self, text: str, place: str) -> str:
        cleaned = clean(text)
        lacking = missing(cleaned)
        if lacking:
            raise MissingGlyph(place, lacking)
        return cleaned

    def _text(self, cell: Cell | bool, place: str) -> str:
        if isinstance(cell, bool):
            return self.words.get("is_so" if cell else "is_not_so", self.lang)
        return self._clean(str(in_language(cell, self.lang) or ""), place)

    def _answer(self, side: ReviewSide, key: str) -> str:
        return self._text((side.answers or {}).get(key), key)

    def _day(self, day: date | None) -> str:
        return format_date(day, "letter", self.lang) if day else ""

    # --- rows -----------------------------------------------------------------------------------------------------

    def _lines(self, text: str, room: float) -> list[Line]:
        return wrapped(text, "sans", self.size, room, self.lang) if text else []

    def _label(self, text: str, left: float, right: float, top: float, high: float) -> None:
        lines = wrapped(text, "semi", self.size - 0.5, right - left - 2, self.lang)
        step = 3.9
        self.roll.lines(lines, (left + right) / 2, top + high / 2 + 1.1 - (len(lines) - 1) * step / 2, step, "centre")

    def _value(self, lines: list[Line], left: float, top: float, high: float) -> None:
        self.roll.lines(lines, left + 1.8, top + high / 2 + 1.2 - (len(lines) - 1) * STEP / 2, STEP)

    def _high(self, pairs: list[tuple[str, str]]) -> float:
        """What the labels of a row need."""
        room = (LABEL if len(pairs) == 1 else LABEL * 0.72) - 2
        counts = [len(wrapped(label, "semi", self.size - 0.5, room, self.lang)) for label, _ in pairs]
        return max(counts) * 3.9 + PAD

    def _pair(self, pairs: list[tuple[str, str]], start: float) -> None:
        """One row of one or two label–value pairs from x = start."""
        edges = [start, start + LABEL, RIGHT]
        if len(pairs) == 2:
            middle = (start + RIGHT) / 2
            edges = [start, start + LABEL * 0.72, middle, middle + LABEL * 0.72, RIGHT]
        laid = [self._lines(text, edges[2 * n + 2] - edges[2 * n + 1] - 3.4) for n, (_, text) in enumerate(pairs)]
        high = max(self._high(pairs), max(max(map(len, laid)), 1) * STEP + PAD)
        self.roll.rules(0.12, [(start, self.y + high, RIGHT, self.y + high)])
        for number, (label, _) in enumerate(pairs):
            self._label(label, edges[2 * number], edges[2 * number + 1], self.y, high)
            self._value(laid[number], edges[2 * number + 1], self.y, high)
        self.roll.rules(0.12, [(x, self.y, x, self.y + high) for x in edges[1:-1]])
        self.y += high

    def _head(self) -> None:
        form, words, lang = self.form, self.words, self.lang
        self._pair([(words.get("group", lang), self._text(form.group, "group"))], LEFT)
        self._pair([(words.get("organising_unit", lang), self._text(form.organising_unit, "organising_unit"))], LEFT)
        members = "" if form.members is None else words.get("people_text", lang, count=form.members)
        self._pair(
            [(words.get("leader", lang), self._text(form.leader, "leader")), (words.get("members", lang), members)],
            LEFT,
        )
        dates = ""
        if form.first_day and form.last_day and form.days is not None:
            first, last = self._day(form.first_day), self._day(form.last_day)
            dates = words.get("dates_text", lang, first=first, last=last, days=form.days)
        elif form.days is not None:
            dates = words.get("days_text", lang, days=form.days)
        self._pair([(words.get("countries", lang), self._text(form.countries, "countries"))], LEFT)
        self._pair([(words.get("dates", lang), dates)], LEFT)

    def _review(
        self,
        side: str,
        review: ReviewSide,
        before: list[tuple[str, str]],
        money: list[tuple[str, str]] | None = None,
        after: list[tuple[str, str]] | None = None,
    ) -> None:
        """One of the two reviews: its name at the left, line by line, its own opinion at the foot."""
        words, lang, start = self.words, self.lang, LEFT + SIDE
        self.roll.rule(LEFT, RIGHT, self.y, 0.35)
        self.band = self.y
        body = (words.get("body", lang), self._text(review.body, f"{side}.body"))
        self._row([body, (words.get("reviewed_on", lang), self._day(review.on))], side)
        self._row([(words.get("basis", lang), self._text(review.basis, f"{side}.basis"))], side)
        for key, text in before:
            self._row([(words.get(key, lang), text)], side)
        amounts = [(words.get(key, lang), text) for key, text in money or []]
        for place in range(0, len(amounts), 2):
            self._row(amounts[place : place + 2], side)
        for key, text in after or []:
            self._row([(words.get(key, lang), text)], side)
        self._opinion(side, review, start)
        self._side(side)

    def _row(self, pairs: list[tuple[str, str]], side: str) -> None:
        width = (RIGHT - LEFT - SIDE) - LABEL - 3.4
        if len(pairs) == 2:
            width = (RIGHT - LEFT - SIDE) / 2 - LABEL * 0.72 - 3.4
        most = max(len(self._lines(text, width)) for _, text in pairs)
        self._room(max(max(most, 1) * STEP + PAD, self._high(pairs)), side)
        self._pair(pairs, LEFT + SIDE)

    def _opinion(self, side: str, review: ReviewSide, start: float) -> None:
        words, lang = self.words, self.lang
        verdict = ""
        if review.is_agreed is not None:
            verdict = words.get("agreed" if review.is_agreed else "not_agreed", lang)
        written = self._text(review.opinion, f"{side}.opinion")
        mark = "。" if lang == "zh" else ". "
        text = (
            verdict
            if not written or written.rstrip("。.") == verdict
            else f"{verdict}{mark if verdict else ''}{written}"
        )
        lines = self._lines(text, RIGHT - start - LABEL - 4)
        high = max(OPINION, (len(lines) + 1) * STEP + 18)
        self._room(high, side)
        self._label(words.get("opinion", lang), start, start + LABEL, self.y, high)
        self.roll.rules(0.12, [(start + LABEL, self.y, start + LABEL, self.y + high)])
        self.roll.lines(lines, start + LABEL + 1.8, self.y + 6.5, STEP)
        foot = self.y + high - 4.0
        left = start + LABEL + 2
        wide = self.roll.text(left, foot - 6.5, words.get("signed", lang), "sans", self.size)
        self.roll.rule(left + wide + 1, left + wide + 33, foot - 5.5, 0.12)
        self.roll.text(RIGHT - 40, foot - 6.5, words.get("sealed", lang), "sans", self.size)
        day = self._day(review.on) if review.on else words.get("date_line", lang)
        self.roll.text(RIGHT - 40, foot, day, "sans", self.size)
        self.y += high

    def _side(self, side: str) -> None:
        """The name of the review, upright in its column, as far as it reaches on this page."""
        self.roll.rules(0.12, [(LEFT + SIDE, self.band, LEFT + SIDE, self.y)])
        text = self.words.get(side, self.lang)
        middle = (self.band + self.y) / 2
        if self.lang == "zh":
            for number, sign in enumerate(text):
                down = middle + (number - (len(text) - 1) / 2) * 6.2 + 1.4
                self.roll.text(LEFT + SIDE / 2, down, sign, "semi", 10.5, align="centre")
            return
        words = text.split(" ")
        for number, word in enumerate(words):
            down = middle + (number - (len(words) - 1) / 2) * 4.2 + 1.0
            self.roll.text(LEFT + SIDE / 2, down, word, "semi", 7.5, align="centre")
