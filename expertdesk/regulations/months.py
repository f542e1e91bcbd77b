"""Ages and months as the rules count them (D-PT-05, D-DO-05)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

MONTHS_PER_YEAR = 12  # of the calendar
ONE_DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """Keeps the day number, or takes the last day of a shorter month (D-DO-05)."""
    index = day.year * MONTHS_PER_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    return add_months(day, years * MONTHS_PER_YEAR)


def whole_months(first: date, last: date) -> int:
    """The greatest number of months that can be added to `first` without passing `last`; 0 at least."""
    months = max(0, (last.year - first.year) * MONTHS_PER_YEAR + last.month - first.month)
    while months > 0 and add_months(first, months) > last:
        months -= 1
    return months


def age_on(birth: date, day: date) -> int:
    """Completed years; a year is completed on the birthday itself, 29 February counts on 1 March (D-PT-05)."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
