"""Pure decisions about a case: counting days round pauses, what a paper still lacks, which verdict stands.

Plain values in, plain values out: no database, no request, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations import DayKind, Facts, WorkCalendar

ONE_DAY = timedelta(days=1)

# --- counting ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pause:
    """A time that does not count, both days included; `to_on` empty = still running. `stops_law`: the legal limit
    stands still too (行政许可法 art. 45), else only the promise (D-PR-05)."""

    from_on: date
    to_on: date | None
    stops_law: bool

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class CountedDay:
    """One day of a limit. `number`: the how-manieth counted day, 0 when it does not count."""

    kind: DayKind
    is_paused: bool
    number: int

    @property
    def on(self) -> date:
        return self.kind.on


@dataclass(frozen=True)
class Counted:
    """A limit worked out day by day."""

    due_on: date
    days: tuple[CountedDay, ...]
    provisional: bool


def count_days(calendar: WorkCalendar, start: date, count: int, pauses: Sequence[Pause] = ()) -> Counted | None:
    """`count` working days from the day after `start`, leaving out days off and paused days (行政许可法 art. 82).

    None while a pause is open: nobody can say the day yet.
    """
    if any(pause.to_on is None for pause in pauses):
        return None
    days: list[CountedDay] = []
    day, number = start, 0
    while number < count:
        day += ONE_DAY
        days.append(_count(calendar, day, number, pauses))
        number = days[-1].number or number
    provisional = not calendar.is_official(start) or any(counted.kind.provisional for counted in days)
    return Counted(day, tuple(days), provisional)


def _count(calendar: WorkCalendar, day: date, before: int, pauses: Sequence[Pause]) -> CountedDay:
    kind = calendar.working_day(day)
    paused = any(pause.covers(day) for pause in pauses)
    return CountedDay(kind, paused, before + 1 if kind.is_working and not paused else 0)


def days_until(
    calendar: WorkCalendar, start: date, last: date, pauses: Sequence[Pause] = ()
) -> tuple[CountedDay, ...]:
    """Every day after `start` up to `last`, numbered as counted; for showing why a date is what it is."""
    days: list[CountedDay] = []
    day, number = start, 0
    while day < last:
        day += ONE_DAY
        days.append(_count(calendar, day, number, pauses))
        number = days[-1].number or number
    return tuple(days)


# --- papers -----------------------------------------------------------------------------------------------------

SUPPLIED = frozenset({"uploaded", "original_seen", "reused"})
# how one line of the checklist stands in the way: the codes of `paper_gap`
GAPS = ("missing", "problem", "unchecked", "uncommitted", "unpromised", "overdue")


def paper_gap(requirement: str, state: str, check: str, due_on: date | None, today: date) -> str:
    """What this line of the checklist still lacks before acceptance, or "" (checklist letters R, C, D, W, O)."""
    if check == "problem":
        return "problem"
    if state in SUPPLIED:
        return "" if check == "in_order" else "unchecked"
    if requirement == "required":
        # an officer may let a paper follow (D-DO-02); then it is promised, not missing
        return _promise(due_on, today) if state == "deferred" else "missing"
    if requirement == "commitment":
        return "" if state == "committed" else "uncommitted"
    if requirement == "deferred":
        return _promise(due_on, today) if state == "deferred" else "unpromised"
    return ""


def _promise(due_on: date | None, today: date) -> str:
    return "overdue" if due_on is not None and due_on < today else ""


# --- verdicts on criteria ---------------------------------------------------------------------------------------


def newest_verdicts(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    """(criterion, verdict) in the order they were given → the one that stands for each criterion."""
    return dict(rows)


def open_verdicts(verdicts: Mapping[str, str], claimed: Sequence[str]) -> tuple[str, ...]:
    """Criteria claimed whose proof still has to be judged."""
    return tuple(code for code in claimed if verdicts.get(code) == "ask")


def proved_facts(facts: Facts, verdicts: Mapping[str, str]) -> Facts:
    """The facts without claims that are not used or not yet proved."""
    kept = tuple(code for code in facts.criteria if verdicts.get(code) not in ("not_used", "ask"))
    return replace(facts, criteria=kept)


def asserted_facts(facts: Facts, verdicts: Mapping[str, str]) -> Facts:
    """The facts with every claim that nobody has put aside."""
    return replace(facts, criteria=tuple(code for code in facts.criteria if verdicts.get(code) != "not_used"))


# --- words ------------------------------------------------------------------------------------------------------


def listed(names: Iterable[Bilingual]) -> Bilingual:
    """Several names as one, with the comma of each language."""
    kept = list(names)
    return Bilingual("、".join(name.zh for name in kept), ", ".join(name.en for name in kept))
