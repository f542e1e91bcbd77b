"""Pure decisions of the programmes: ceilings of a budget, template checks of a 111 base, person-months, totals of a
review, rates. Figures come from the rule book alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.rows import Row

ZERO = Decimal(0)
_CENT = Decimal("0.01")  # two decimals, not a rule
_ONE_DAY = timedelta(days=1)


def setting(book: RuleBook, code: str) -> int:
    """A figure of the table program_settings, in its unit."""
    return book.row("program_settings", code).value


# --- the work plan ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stays:
    """So many visits of so many days each."""

    visits: int
    days: int


def person_months(days: int, month_days: int) -> Decimal:
    """Days as person-months with two decimals, rounded half up."""
    return (Decimal(days) / month_days).quantize(_CENT, ROUND_HALF_UP)


def days_of(entered_on: date, left_on: date) -> int:
    """Days in China: both the day of entering and that of leaving count."""
    return (left_on - entered_on).days + 1


def days_within(entered_on: date, left_on: date, first: date, last: date) -> int:
    """Days of a visit that lie in a span."""
    start, end = max(entered_on, first), min(left_on, last)
    return days_of(start, end) if start <= end else 0


def years_of(starts_on: date, ends_on: date) -> tuple[int, ...]:
    """The calendar years a project runs in."""
    return tuple(range(starts_on.year, ends_on.year + 1))


def shares(total: Decimal, starts_on: date, ends_on: date) -> dict[int, Decimal]:
    """A total over the years by the days that fall into each; the last year takes what rounding leaves."""
    whole = days_of(starts_on, ends_on)
    years = years_of(starts_on, ends_on)
    given: dict[int, Decimal] = {}
    for year in years[:-1]:
        days = days_within(starts_on, ends_on, date(year, 1, 1), date(year + 1, 1, 1) - _ONE_DAY)
        given[year] = (total * days / whole).quantize(_CENT, ROUND_HALF_UP)
    given[years[-1]] = total - sum(given.values(), ZERO)
    return given


# --- the budget -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BudgetFinding:
    """An amount above its ceiling. `item` "" = the whole. `source` and `is_unsure` are those of the row."""

    item: str
    amount: Decimal
    most: Decimal
    why: Bilingual
    source: Bilingual
    is_unsure: bool


def ceiling(book: RuleBook, item: Row, stays: Sequence[Stays]) -> Decimal | None:
    """The most that may be asked for an item of the visits; None where the item has no ceiling."""
    if item.visit_most is None:
        return None
    subsidised = setting(book, "SUBSIDISED_DAYS")
    total = ZERO
    for stay in stays:
        one = item.visit_most
        if item.day_most is not None:
            one = min(one, item.day_most * min(stay.days, subsidised))
        total += one * stay.visits
    return total


def visits_ceiling(book: RuleBook, stays: Sequence[Stays]) -> Decimal:
    """The most for all visits together."""
    return Decimal(setting(book, "VISIT_MOST")) * sum(stay.visits for stay in stays)


def over_ceiling(
    book: RuleBook, kind: Row, amounts: Mapping[str, Decimal], stays: Sequence[Stays]
) -> tuple[BudgetFinding, ...]:
    """Every amount asked of the programme that is above its ceiling. What the organisation adds is free."""
    found: list[BudgetFinding] = []
    if kind.per_visit:
        found += _over_items(book, amounts, stays)
    total = sum(amounts.values(), ZERO)
    if kind.subsidy_most is not None and total > kind.subsidy_most:
        found.append(BudgetFinding("", total, kind.subsidy_most, kind.name, kind.sources, kind.is_unsure))
    return tuple(found)


def _over_items(book: RuleBook, amounts: Mapping[str, Decimal], stays: Sequence[Stays]) -> Iterable[BudgetFinding]:
    together = ZERO
    for row in book.rows("program_items"):
        amount = amounts.get(row.code, ZERO)
        together += amount if row.in_visit else ZERO
        most = ceiling(book, row, stays)
        if most is not None and amount > most:
            yield BudgetFinding(row.code, amount, most, row.name, row.sources, row.is_unsure)
    all_visits = visits_ceiling(book, stays)
    if together > all_visits:
        row = book.row("program_settings", "VISIT_MOST")
        yield BudgetFinding("", together, all_visits, row.name, row.sources, row.is_unsure)


# --- 111 bases --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Member:
    """An overseas expert as the template looks at one."""

    role: str
    age: int


@dataclass(frozen=True)
class BaseCheck:
    """One line of the template: what is there, what is asked for, met or not."""

    code: str
    name: Bilingual
    found: int | None
    least: int | None
    is_met: bool
    source: Bilingual


def base_checks(book: RuleBook, members: Sequence[Member], stated: Mapping[str, Any]) -> tuple[BaseCheck, ...]:
    """The template of a 111 base against experts and statements. Nothing here refuses: a line that is not met asks
    for a reason."""
    return tuple(_base_check(row, members, stated) for row in book.rows("program_base_checks"))


def _base_check(row: Row, members: Sequence[Member], stated: Mapping[str, Any]) -> BaseCheck:
    found: int | None = None
    if row.role:
        fitting = [member for member in members if member.role == row.role]
        found = sum(row.age_most is None or member.age <= row.age_most for member in fitting)
    elif row.code == "OVERSEAS":
        found = len(members)
    elif row.least is not None:
        found = int(stated.get(row.code) or 0)
    is_met = bool(stated.get(row.code)) if found is None else found >= (row.least or 0)
    return BaseCheck(row.code, row.name, found, row.least, is_met, row.sources)


def age_on(birth_on: date, day: date) -> int:
    """Full years of age on a day."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


# --- the review -------------------------------------------------------------------------------------------------


def score_problems(book: RuleBook, scores: Mapping[str, int | None]) -> dict[str, int]:
    """Criteria whose points are missing or lie outside, with the most that can be given."""
    wrong: dict[str, int] = {}
    for row in book.rows("program_criteria"):
        points = scores.get(row.code)
        if points is None or not 0 <= points <= row.most:
            wrong[row.code] = row.most
    return wrong


def mean(totals: Sequence[int]) -> Decimal | None:
    """The mean of the totals with two decimals."""
    if not totals:
        return None
    return (Decimal(sum(totals)) / len(totals)).quantize(_CENT, ROUND_HALF_UP)


# --- rates ------------------------------------------------------------------------------------------------------

_HUNDRED = 100  # per cent, not a rule


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Part of whole in per cent with one decimal; None of nothing."""
    if not whole:
        return None
    return (Decimal(part) * _HUNDRED / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)  # one decimal


# --- days -------------------------------------------------------------------------------------------------------


def extension_until(book: RuleBook, year: int) -> date:
    """The last day on which an extension of this year may be asked for."""
    return date(year, setting(book, "EXTENSION_MONTH"), setting(book, "EXTENSION_DAY"))


def lapses_on(year: int) -> date:
    """The first day on which what was neither started nor extended in its year is void."""
    return date(year + 1, 1, 1)


ANNUAL, FINAL = "annual", "final"


@dataclass(frozen=True)
class DueReport:
    """A report that is expected and not there: of a year that is over, or the results at the end."""

    kind: str
    year: int
    due_on: date


def reports_due(
    book: RuleBook, years: Iterable[int], ends_on: date, filed: Iterable[tuple[str, int]], began: int = 0
) -> tuple[DueReport, ...]:
    """What a project still has to report, the earliest first: a summary of each year it ran in but the last, and the
    results of the whole; each so many days after the end of its year or of the project."""
    there, time = set(filed), timedelta(days=setting(book, "REPORT_DAYS"))
    found = [
        DueReport(ANNUAL, year, lapses_on(year) - _ONE_DAY + time)
        for year in sorted(years)
        if began <= year < ends_on.year and (ANNUAL, year) not in there
    ]
    if not any(kind == FINAL for kind, _ in there):
        found.append(DueReport(FINAL, ends_on.year, ends_on + time))
    return tuple(found)


def publicity_end(book: RuleBook, first: date) -> date:
    """The last day of a publicity that begins on `first`: so many working days, the first one counted."""
    day, left = first, setting(book, "PUBLICITY_WD")
    while True:
        left -= 1 if book.calendar.is_working(day) else 0
        if left <= 0:
            return day
        day += _ONE_DAY
