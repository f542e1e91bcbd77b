"""Why this date: every day of a limit, counted or not, with both ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date as babel_date

from expertdesk.cases import clock as clocks
from expertdesk.cases import rules
from expertdesk.foundation.locale import current_language, lazy
from expertdesk.models import CaseClock
from expertdesk.regulations import RuleBook

_LONGEST = 120  # days drawn at most: a limit that passed long ago needs no cell for every day since
_STARTS: dict[str, Any] = {
    clocks.PRECHECK: lazy("received"),
    clocks.CORRECTION: lazy("told"),
    clocks.ACCEPTANCE: lazy("checked"),
    clocks.DECISION: lazy("accepted"),
    clocks.DELIVERY: lazy("decided"),
}


@dataclass(frozen=True)
class DayCell:
    """A day as drawn. `state`: start past off pause promise limit today; `word` stands in the cell, `key` under the
    ruler; `promised_no`, `legal_no`: the how-manieth counted day of each layer (0 = not counted)."""

    day: date
    word: Any
    state: str
    key: Any = ""
    month: str = ""
    reason: Any = ""
    promised_no: int = 0
    legal_no: int = 0


def day_strip(row: CaseClock | None, book: RuleBook, today: date) -> tuple[DayCell, ...]:
    """From the day the count starts to the later end, or to today when that has passed too."""
    if row is None:
        return ()
    ends = [day for day in (row.promised_due_on, row.statutory_due_on, row.ended_on) if day]
    # a clock that stands, or that is late, is drawn up to today
    last = max([*ends, today]) if row.ended_on is None else max([row.ended_on, row.started_on])
    last = min(last, row.started_on + rules.ONE_DAY * _LONGEST)
    promised = _numbers(row, book, last, legal=False)
    legal = _numbers(row, book, last, legal=True)
    first = DayCell(row.started_on, _STARTS[row.step], "start", _STARTS[row.step], _month(row.started_on))
    return (first, *(_cell(row, one, other, today) for one, other in zip(promised, legal, strict=True)))


def _numbers(row: CaseClock, book: RuleBook, last: date, *, legal: bool) -> Sequence[rules.CountedDay]:
    return rules.days_until(book.calendar, row.started_on, last, clocks.pauses_of(row, legal=legal))


def _cell(row: CaseClock, promised: rules.CountedDay, legal: rules.CountedDay, today: date) -> DayCell:
    day = promised.on
    # past the promised end only the legal count goes on
    over = row.promised_due_on is not None and day > row.promised_due_on
    promised_no = 0 if over else promised.number
    legal_no = legal.number if row.statutory_wd is not None else 0
    number = promised_no or legal_no
    paused = promised.is_paused or legal.is_paused
    if not promised.kind.is_working:
        word, state = lazy("off"), "off"
    elif paused and not number:
        word, state = lazy("paused"), "pause"
    else:
        word, state = (lazy("day %(number)s", number=number) if number else ""), "past" if day < today else ""
    key: Any = ""
    if day == row.statutory_due_on:
        word, state, key = lazy("legal"), "limit", lazy("legal limit, working day %(number)s", number=legal_no)
    if day == row.promised_due_on:
        ours = row.step != clocks.CORRECTION
        word, state = (lazy("promise") if ours else lazy("due")), "promise"
        key = (
            lazy("promised, working day %(number)s", number=promised_no)
            if ours
            else lazy("time to correct ends, working day %(number)s", number=promised_no)
        )
    if day == today and row.ended_on is None:
        state = "today"
        word = word if key else lazy("today")
        key = lazy("today; %(what)s", what=key) if key else lazy("today")
    month = _month(day) if day.day == 1 else ""
    return DayCell(day, word, state, key, month, promised.kind.reason, promised_no, legal_no)


def _month(day: date) -> str:
    return f"{day.month}月" if current_language() == "zh" else babel_date(day, "MMM", "en_GB").replace("Sept", "Sep")
