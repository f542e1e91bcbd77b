"""Pure decisions about contacts: whether one is due, how many visits a year are owed, how long silence may last."""

from __future__ import annotations

from datetime import date

OVERDUE, TODAY, SOON, LATER, NONE = "overdue", "today", "soon", "later", "none"
_MONTHS = 12  # of a year


def due_state(next_on: date | None, today: date, soon_days: int) -> str:
    """How the promised next contact stands on a day."""
    if next_on is None:
        return NONE
    if next_on < today:
        return OVERDUE
    if next_on == today:
        return TODAY
    return SOON if (next_on - today).days <= soon_days else LATER


def visits_owed(min_visits: int, started_on: date, year: int) -> int:
    """Visits owed in a calendar year: somebody taken on during the year owes the share of the remaining months, the
    month of the start included, rounded up (D-LI-04)."""
    if started_on.year > year:
        return 0
    if started_on.year < year:
        return min_visits
    remaining = _MONTHS - started_on.month + 1
    return -(-min_visits * remaining // _MONTHS)


def silence_limit(min_visits: int, days_of_year: int) -> int | None:
    """Days without any contact after which a level is overdue; None for a level without visits (D-LI-04)."""
    return days_of_year // min_visits if min_visits else None


def is_silent(last_on: date, today: date, limit: int | None) -> bool:
    """Longer without a contact than the level allows?"""
    return limit is not None and (today - last_on).days > limit
