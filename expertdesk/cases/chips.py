"""The chip of a limit: how many days are left, in words, the same on the case page and on every list.

Comes in: a running clock, as a row of the ledger or as the columns of a list: `step`, `started_on`, `promised_due_on`,
`statutory_due_on`, `is_provisional`. Writes nothing, asks no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.foundation.locale import lazy, lazy_date
from expertdesk.regulations import RuleBook


@dataclass(frozen=True)
class Limit:
    """Kind and icon of the design, words, small print; `solid` only for what has passed."""

    kind: str
    icon: str
    text: Any
    note: Any = ""
    solid: bool = False


PRECHECK, CORRECTION = "precheck", "correction"
NO_LIMIT = Limit("", "dash", lazy("no limit"))


def left(book: RuleBook, today: date, due: date | None) -> int | None:
    """Working days after today up to and including the last day; negative = passed by that many.

    A limit that passed on the last working day before a day off is late all the same.
    """
    if due is None:
        return None
    if due < today:
        return min(-1, -book.calendar.working_days_between(due, today))
    return book.calendar.working_days_between(today, due)


def limit_chip(clock: Any, book: RuleBook, today: date, *, pause_code: str = "") -> Limit:
    """A promise that passed is amber and solid, a legal limit that passed red and solid (decisions: states).

    `pause_code`: why the clock stands, "" while it runs.
    """
    promised, legal = left(book, today, clock.promised_due_on), left(book, today, clock.statutory_due_on)
    if clock.step == CORRECTION:
        return _waiting(clock, today, promised)
    if legal is not None and legal < 0:
        if clock.step == PRECHECK:
            since = lazy("since %(day)s", day=lazy_date(clock.started_on))
            return Limit("bad", "late", lazy("counts as accepted"), since, solid=True)
        return Limit("bad", "late", _ago(-legal), solid=True)
    if pause_code:
        return Limit("hold", "pause", lazy("clock paused"), book.name_of("clock_stops", pause_code))
    note = _legal_note(legal)
    if promised is not None and promised < 0:
        over = lazy("1 day over") if promised == -1 else lazy("%(days)s days over", days=-promised)
        return Limit("warn", "late", over, note, solid=True)
    if clock.statutory_due_on == today:
        return Limit("bad", "late", lazy("today, 24:00"), lazy("legal limit"))
    due = clock.promised_due_on or clock.statutory_due_on
    if due is None:
        return NO_LIMIT
    if due == today:
        return Limit("warn", "today", lazy("due today"), note)
    days = promised if clock.promised_due_on else legal
    text = lazy("1 day left") if days == 1 else lazy("%(days)s days left", days=days)
    by = lazy("by %(day)s, provisional", day=lazy_date(due)) if clock.is_provisional else _by(due)
    return Limit(_warmth(book, clock.started_on, due, days or 0), "clock", text, by)


def _ago(days: int) -> Any:
    return (
        lazy("legal limit passed 1 day ago") if days == 1 else lazy("legal limit passed %(days)s days ago", days=days)
    )


def _by(due: date) -> Any:
    return lazy("by %(day)s", day=lazy_date(due))


def _legal_note(legal: int | None) -> Any:
    if legal is None:
        return ""
    return lazy("legal limit today") if legal == 0 else lazy("legal: %(days)s left", days=legal)


def _waiting(clock: Any, today: date, days: int | None) -> Limit:
    """The applicant's own time to answer a correction notice."""
    due = clock.promised_due_on
    if due is None or days is None:
        return Limit("hold", "wait", lazy("waiting for papers"))
    if days < 0:
        return Limit("warn", "late", lazy("answer %(days)s days late", days=-days), _by(due))
    if due == today:
        return Limit("hold", "wait", lazy("answer due today"))
    return Limit("hold", "wait", lazy("waiting for papers"), _by(due))


def _warmth(book: RuleBook, started: date, due: date, days: int) -> str:
    """Grey, then blue at the first and amber at the second warning line of the settings (percent of the limit used)."""
    whole = book.calendar.working_days_between(started, due)
    used = 100 * (whole - days) if whole else 0  # percent, times the whole
    if used >= book.setting("WARN_2") * whole:
        return "warn"
    return "info" if used >= book.setting("WARN_1") * whole else ""
