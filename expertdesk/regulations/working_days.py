"""Working days: weekends, holidays, worked Saturdays and Sundays (行政许可法 art. 82).

The day of the event is not counted. A year without an official arrangement is worked out from weekends and the
statutory days known, and everything that touches it is marked provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.rows import Row

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5  # date.weekday(): Monday is 0

KINDS: Mapping[str, Bilingual] = MappingProxyType(
    {
        "workday": Bilingual("工作日", "Working day"),
        "make_up": Bilingual("调休上班", "Worked day off"),
        "weekend": Bilingual("休息日", "Weekend"),
        "holiday": Bilingual("节假日", "Public holiday"),
    }
)


@dataclass(frozen=True)
class DayKind:
    """What a day is. `kind`: workday, make_up (a worked Saturday or Sunday), weekend or holiday; `reason` says which
    holiday; `provisional`: the year has no official arrangement."""

    on: date
    kind: str
    reason: Bilingual
    provisional: bool

    @property
    def is_working(self) -> bool:
        return self.kind in ("workday", "make_up")


@dataclass(frozen=True)
class Due:
    """A limit worked out: the last day, every counted day, every skipped day with its reason."""

    start: date
    working_days: int
    due_on: date
    days: tuple[DayKind, ...]
    provisional: bool

    @property
    def counted(self) -> tuple[date, ...]:
        return tuple(day.on for day in self.days if day.is_working)

    @property
    def skipped(self) -> tuple[DayKind, ...]:
        return tuple(day for day in self.days if not day.is_working)


@dataclass(frozen=True)
class _Year:
    official: bool
    off: Mapping[date, Bilingual]
    work: frozenset[date]


class WorkCalendar:
    """The calendar of all known years. Pure; `working_day`, `add_working_days`, `working_days_between`."""

    def __init__(self, years: Mapping[int, _Year], fixed: Mapping[tuple[int, int], Bilingual]) -> None:
        self._years = dict(years)
        self._fixed = dict(fixed)

    @classmethod
    def from_rows(cls, years: Iterable[Row], holidays: Iterable[Row]) -> WorkCalendar:
        fixed: dict[tuple[int, int], Bilingual] = {}
        for row in holidays:
            for month_day in row.fixed:
                month, day = month_day.split("-")
                fixed[int(month), int(day)] = row.name
        return cls({int(row.code): _year(row) for row in years}, fixed)

    def official_years(self) -> tuple[int, ...]:
        return tuple(sorted(year for year, known in self._years.items() if known.official))

    def is_official(self, day: date) -> bool:
        known = self._years.get(day.year)
        return known is not None and known.official

    def working_day(self, day: date) -> DayKind:
        """The kind of a day with its reason."""
        known = self._years.get(day.year)
        provisional = known is None or not known.official
        holiday = known.off.get(day) if known else self._fixed.get((day.month, day.day))
        if known and day in known.work:
            return DayKind(day, "make_up", KINDS["make_up"], provisional)
        if holiday is not None:
            return DayKind(day, "holiday", holiday, provisional)
        kind = "weekend" if day.weekday() >= _SATURDAY else "workday"
        return DayKind(day, kind, KINDS[kind], provisional)

    def is_working(self, day: date) -> bool:
        return self.working_day(day).is_working

    def add_working_days(self, start: date, count: int) -> Due:
        """`count` working days after `start`; the start itself is not counted. 0 gives the start."""
        if count < 0:
            raise ValueError("working days are counted forward")
        days: list[DayKind] = []
        day, left = start, count
        while left > 0:
            day += _ONE_DAY
            kind = self.working_day(day)
            days.append(kind)
            left -= 1 if kind.is_working else 0
        provisional = any(kind.provisional for kind in days) or not self.is_official(start)
        return Due(start, count, day, tuple(days), provisional)

    def working_days_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative when `last` lies before `first`.

        Days left of a limit = working_days_between(today, due_on)."""
        if last < first:
            return -self.working_days_between(last, first)
        span = (last - first).days
        return sum(self.is_working(first + _ONE_DAY * n) for n in range(1, span + 1))

    def next_working_day(self, day: date) -> date:
        """The day itself when it is worked, else the next worked one (a limit in calendar days moves so)."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day


def _year(row: Row) -> _Year:
    off: dict[date, Bilingual] = {}
    for span in row.off:
        for n in range((span.last - span.first).days + 1):
            off[span.first + _ONE_DAY * n] = span.name
    for entry in row.statutory_only:
        off[entry.on] = entry.name
    return _Year(row.official, MappingProxyType(off), frozenset(row.work))
