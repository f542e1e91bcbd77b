"""One criterion against the facts: its computable parts, in order, until one decides. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.facts import Facts
from expertdesk.regulations.figures import exact
from expertdesk.regulations.months import MONTHS_PER_YEAR
from expertdesk.regulations.rows import Row
from expertdesk.regulations.schema import Record
from expertdesk.regulations.scoring import Points

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook


@dataclass(frozen=True)
class Gap:
    """A condition that falls short but may be relaxed: needs an officer's recorded ground (D-CA-08)."""

    code: str
    text: Bilingual


@dataclass(frozen=True)
class Outcome:
    """`met` None: not evaluated. `shown`: the fact looked at; `limit`: what it was held against."""

    met: bool | None
    why: Bilingual
    shown: str = ""
    limit: str = ""
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class Route:
    """A criterion judged. `claimed`: the applicant names it, and so asserts that papers prove it."""

    row: Row
    outcome: Outcome
    claimed: bool

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def met(self) -> bool | None:
        return self.outcome.met

    @property
    def why(self) -> Bilingual:
        return self.outcome.why

    @property
    def source(self) -> Bilingual:
        return self.row.sources

    @property
    def confidence(self) -> str:
        return self.row.confidence


def judge_criterion(book: RuleBook, row: Row, facts: Facts, points: Points) -> Route:
    """Computed criteria (salary, points) are judged without a claim; every other one only when it is claimed."""
    claimed = row.code in facts.criteria
    if not claimed and not row.computed:
        return Route(row, Outcome(None, book.say("NOT_CLAIMED")), claimed=False)
    parts = [(test, _judge(book, row, test, facts, points)) for test in row.tests]
    blocking = [part for test, part in parts if test.blocking]
    gaps = tuple(_gap(book, row, test, part, facts) for test, part in parts if not test.blocking and part.met is False)
    outcome = _combine(book, blocking)
    return Route(row, Outcome(outcome.met, outcome.why, outcome.shown, outcome.limit, gaps), claimed=claimed)


def _combine(book: RuleBook, parts: list[Outcome]) -> Outcome:
    if not parts:
        return Outcome(True, book.say("CLAIMED"))
    for verdict in (False, None):
        found = next((part for part in parts if part.met is verdict), None)
        if found is not None:
            return found
    why = Bilingual("；".join(part.why.zh for part in parts), "; ".join(part.why.en for part in parts))
    return Outcome(True, why, parts[0].shown, parts[0].limit)


def _judge(book: RuleBook, row: Row, test: Record, facts: Facts, points: Points) -> Outcome:
    match test.fact:
        case "age":
            return _age(book, test, facts)
        case "education":
            return _education(book, test, facts)
        case "experience":
            return _experience(book, test, facts)
        case "salary":
            return _salary(book, test.threshold, facts)
        case "points":
            return _points(book, test.threshold, points)
    return _days(book, test, facts)


def _missing(book: RuleBook, factor: str) -> Outcome:
    found = next((row for row in book.rows("points") if row.code == factor), None)
    what = found.short if found is not None else Bilingual(factor, factor)
    return Outcome(None, book.say("NOT_STATED", what=what))


def _age(book: RuleBook, test: Record, facts: Facts) -> Outcome:
    age = facts.age_on(book.day)
    if age is None:
        return _missing(book, "AGE")
    fits = age <= test.most
    text = book.say("AGE_OK" if fits else "AGE_OVER", age=age, most=test.most)
    return Outcome(fits, text, str(age), str(test.most))


def _education(book: RuleBook, test: Record, facts: Facts) -> Outcome:
    if facts.education is None:
        return _missing(book, "EDUCATION")
    held, needed = book.row("education_facts", facts.education), book.row("education_facts", test.level)
    fits = held.rank >= needed.rank
    text = book.say("DEGREE_OK" if fits else "DEGREE_LOW", value=held.name, level=needed.name)
    return Outcome(fits, text, facts.education, test.level)


def _experience(book: RuleBook, test: Record, facts: Facts) -> Outcome:
    least = int(test.least)
    if facts.teaching_waiver and facts.teaching_waiver in test.waived_by:
        return _waived(book, facts, least)
    if facts.experience_years is None:
        return _missing(book, "EXPERIENCE")
    years = int(facts.experience_years)
    fits = years >= least
    text = book.say("YEARS_OK" if fits else "YEARS_SHORT", years=years, least=least)
    return Outcome(fits, text, str(years), str(least))


def _waived(book: RuleBook, facts: Facts, least: int) -> Outcome:
    waiver = book.row("teaching_waivers", facts.teaching_waiver or "")
    hours = facts.teaching_hours
    if waiver.least_hours is not None and hours is not None and hours < waiver.least_hours:
        text = book.say("HOURS_SHORT", hours=hours, least=waiver.least_hours)
        return Outcome(False, text, str(hours), str(waiver.least_hours))
    return Outcome(True, book.say("YEARS_WAIVED", least=least, waiver=waiver.name), waiver.code, str(least))


def _salary(book: RuleBook, category: str, facts: Facts) -> Outcome:
    """Month and year must both reach the row of the place of work; equal passes, one yuan below fails (D-CA-02)."""
    row = book.find("salary_thresholds", "SALARY")
    if row is None:
        return Outcome(None, book.say("NO_SALARY_ROW", region=book.region_name, day=book.day))
    month_line: Decimal = row.a_month_cny if category == "A" else row.b_month_cny
    year_line: Decimal = row.a_year_cny if category == "A" else row.b_year_cny
    year = facts.year_salary
    if year is None:
        return _missing(book, "SALARY")
    # Without a monthly figure the month is the twelfth part of the year: compared without dividing, so never rounded.
    month = facts.salary_cny_month
    reaches_month = month >= month_line if month is not None else year >= month_line * MONTHS_PER_YEAR
    shown_month = month if month is not None else year / MONTHS_PER_YEAR
    values = {
        "month": _money(shown_month),
        "year": _money(year),
        "region": book.region_name,
        "since": row.valid_from,
    }
    if reaches_month and year < year_line:
        text = book.say("SALARY_YEAR_LOW", limit=_money(year_line), **values)
        return Outcome(False, text, _money(year), _money(year_line))
    text = book.say("SALARY_OK" if reaches_month else "SALARY_LOW", limit=_money(month_line), **values)
    return Outcome(reaches_month, text, _money(shown_month), _money(month_line))


def _money(value: Decimal) -> str:
    """To the cent, rounded down: what fails by less must not read as if it reached the line."""
    cents = value.quantize(Decimal("0.01"), ROUND_DOWN)  # one fen, the smallest coin
    return exact(cents)


def _points(book: RuleBook, category: str, points: Points) -> Outcome:
    line = next((row for row in book.rows("point_lines") if row.category == category), None)
    if line is None or points.total is None:
        return Outcome(None, book.say("NO_POINTS_TABLE", day=book.day))
    shown, limit = str(points.total), str(line.total)
    if points.total >= line.total:
        return Outcome(True, book.say("POINTS_OK", total=points.total, line=line.total), shown, limit)
    if points.needed_missing and points.reachable >= line.total:
        names = [factor.row.short for factor in points.needed_missing]
        what = Bilingual("、".join(name.zh for name in names), ", ".join(name.en for name in names))
        return Outcome(None, book.say("POINTS_OPEN", total=points.total, line=line.total, what=what), shown, limit)
    return Outcome(False, book.say("POINTS_LOW", total=points.total, line=line.total), shown, limit)


def _days(book: RuleBook, test: Record, facts: Facts) -> Outcome:
    """The number of days is no fact of its own: asserted with the claim, checked when it is given."""
    if facts.work_days is None:
        return Outcome(True, book.say("CLAIMED"))
    fits = facts.work_days <= test.most
    text = book.say("DAYS_OK" if fits else "DAYS_OVER", days=facts.work_days, most=int(test.most))
    return Outcome(fits, text, str(facts.work_days), str(int(test.most)))


def _gap(book: RuleBook, row: Row, test: Record, part: Outcome, facts: Facts) -> Gap:
    if test.fact == "education":
        level = book.row("education_facts", test.level).name
        return Gap("GAP_DEGREE", book.say("GAP_DEGREE", code=row.code, level=level))
    years = int(facts.experience_years or 0)
    return Gap("GAP_YEARS", book.say("GAP_YEARS", code=row.code, years=years, least=int(test.least)))
