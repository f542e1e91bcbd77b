"""Pure decisions about permits: how one stands on a day, which number comes next, which reminder is due. No Flask, no
models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from expertdesk.foundation.numbers import NumberPattern, iso7064_mod_11_10
from expertdesk.regulations.book import RuleBook

IN_FORCE, LAPSED, COMING = "in_force", "lapsed", "coming"
_REMINDERS = ("REMIND_1", "REMIND_2", "REMIND_3", "REMIND_4")


def standing(state: str, starts_on: date, ends_on: date, today: date) -> str:
    """The code that is shown: the stored state, but lapsed once the last day has passed and coming before the first."""
    if state != IN_FORCE:
        return state
    if ends_on < today:
        return LAPSED
    return COMING if starts_on > today else IN_FORCE


def days_left(ends_on: date, today: date) -> int:
    """Calendar days after today up to and including the last day; negative once it has passed."""
    return (ends_on - today).days


def reminder_marks(book: RuleBook) -> tuple[int, ...]:
    """How many days before the end a reminder goes out, the earliest first."""
    return tuple(sorted((book.setting(code) for code in _REMINDERS), reverse=True))


def ending_marks(book: RuleBook) -> tuple[int, ...]:
    """The marks a work list filters by: the opening of the extension window, then the reminders."""
    opens = book.row("extension_windows", "EXTENSION").open_days
    return tuple(sorted({opens, *reminder_marks(book)}, reverse=True))


def due_mark(left: int, marks: Sequence[int]) -> int | None:
    """The reminder that is due with so many days left: the latest mark reached, so that a gap is caught up with one
    message and not with all of those missed. None before the first mark and after the end."""
    if left < 0:
        return None
    return min((mark for mark in marks if left <= mark), default=None)


def permit_number(pattern: str, year: int, sequence: int) -> str:
    """The number for life: the pattern of the settings filled in, with a check digit over its digits (ISO 7064)."""
    body = NumberPattern(pattern).fill(year=year, seq=sequence)
    digits = "".join(sign for sign in body if sign.isdigit())
    return body + iso7064_mod_11_10(digits)


def overlaps(starts_on: date, others: Sequence[date]) -> bool:
    """Would a permit that begins on this day run beside another of the same person? `others`: their last days."""
    return any(end >= starts_on for end in others)
