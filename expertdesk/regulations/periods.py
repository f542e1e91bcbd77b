"""From when to when a permit runs, in how many months, and which date sets its end (validity tables). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.months import ONE_DAY, add_months, add_years, whole_months

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook


@dataclass(frozen=True)
class Dates:
    """What is known about the dates. `contract_end` None is allowed only with `is_open_ended`; licence and industry
    permit None = without end (长期). `days`: length of short-term work. `graduate`: "", first or later."""

    contract_start: date | None = None
    contract_end: date | None = None
    is_open_ended: bool = False
    passport_expiry: date | None = None
    licence_end: date | None = None
    industry_permit_end: date | None = None
    decision_on: date | None = None
    old_end: date | None = None
    entry_on: date | None = None
    days: int | None = None
    graduate: str = ""


@dataclass(frozen=True)
class PermitPeriod:
    """`cause`: code of the date that sets the end (table period_causes); `ends`: every candidate end by cause."""

    start: date
    end: date
    months: int
    cause: str
    cause_name: Bilingual
    ends: tuple[tuple[str, date], ...]
    text: Bilingual

    ok = True


@dataclass(frozen=True)
class PeriodProblem:
    """No permit can be granted with these dates; `cause` names the date."""

    cause: str
    text: Bilingual

    ok = False


def permit_period(book: RuleBook, procedure: str, category: str, dates: Dates) -> PermitPeriod | PeriodProblem:
    """The period of the permit to be granted, or the date that makes it impossible."""
    rule = book.row("procedures", procedure).start_rule
    missing = _missing(rule, dates)
    if missing:
        return PeriodProblem(missing, book.say("PERIOD_MISSING", what=_cause(book, missing)))
    start = _start(rule, dates)
    ends = _ends(book, rule, category, start, dates)
    if rule == "planned_entry" and not _days_fit(book, dates):
        most = book.row("validity", "SHORT_TERM").value
        return PeriodProblem("days", book.say("PERIOD_DAYS", most=most))
    cause, end = min(ends, key=lambda pair: pair[1])
    if end < start:
        text = book.say("PERIOD_IMPOSSIBLE", what=_cause(book, cause), end=end, start=start)
        return PeriodProblem(cause, text)
    least = book.row("validity", "LETTER_MONTHS_LEAST").value
    months = max(least, whole_months(start, end + ONE_DAY))
    text = book.say("PERIOD_OK", start=start, end=end, months=months, what=_cause(book, cause))
    return PermitPeriod(start, end, months, cause, _cause(book, cause), tuple(ends), text)


def _cause(book: RuleBook, code: str) -> Bilingual:
    return book.row("period_causes", code).date


def _missing(rule: str | None, dates: Dates) -> str:
    """The first date without which nothing can be said."""
    if rule == "planned_entry":
        needed = ("entry_on", "days", "passport_expiry")
    elif rule == "after_old_end":
        needed = ("old_end", "passport_expiry")
    else:
        needed = ("decision_on", "contract_start", "passport_expiry")
    found = next((name for name in needed if getattr(dates, name) is None), "")
    if not found and rule != "planned_entry" and dates.contract_end is None and not dates.is_open_ended:
        return "contract_end"
    return found


def _start(rule: str | None, dates: Dates) -> date:
    if rule == "planned_entry":
        return dates.entry_on or date.min
    if rule == "after_old_end":
        return (dates.old_end or date.min) + ONE_DAY
    return max(dates.decision_on or date.min, dates.contract_start or date.min)


def _ends(book: RuleBook, rule: str | None, category: str, start: date, dates: Dates) -> list[tuple[str, date]]:
    """Every end that exists; the earliest wins. A tie is named by what comes first here."""
    if rule == "planned_entry":
        longest = ("short_term_max", start + timedelta(days=(dates.days or 0) - 1))
    elif dates.graduate:
        code = "GRADUATE_FIRST" if dates.graduate == "first" else "GRADUATE_LATER"
        longest = ("graduate_max", add_years(start, book.row("validity", code).value) - ONE_DAY)
    else:
        longest = ("category_max", add_years(start, book.row("category_years", category).years) - ONE_DAY)
    known = (
        ("contract_end", None if dates.is_open_ended else dates.contract_end),
        ("passport_expiry", dates.passport_expiry),
        ("licence_end", dates.licence_end),
        ("industry_permit_end", dates.industry_permit_end),
    )
    return [longest, *((cause, end) for cause, end in known if end is not None)]


def _days_fit(book: RuleBook, dates: Dates) -> bool:
    return dates.days is not None and 1 <= dates.days <= book.row("validity", "SHORT_TERM").value


def letter_valid_until(book: RuleBook, issued_on: date) -> date:
    """Last valid day of a Notification Letter: same day number, the months of the table later."""
    return add_months(issued_on, book.row("validity", "NOTIFICATION_LETTER").value)
