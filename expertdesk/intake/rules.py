"""What has to agree on an intake, and the facts and circumstances that follow from it. Pure.

Every figure comes from the rule book; here stands only how the parts of one form belong together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.foundation.locale import format_money, in_list, lazy, lazy_date
from expertdesk.intake.entry import Entry
from expertdesk.regulations import Circumstances, Classification, RuleBook
from expertdesk.regulations.months import MONTHS_PER_YEAR, ONE_DAY

Problems = dict[str, Any]
_CENT = Decimal("0.01")  # one fen, the smallest coin
NO_DISTINCTION = "none"
EXTENSION, IN_CHINA, ABROAD = "EXTENSION", "NEW_IN_CHINA", "NEW_ABROAD"


# --- salary ----------------------------------------------------------------------------------------------------


def agreed_salary(month: Decimal | None, year: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Month and year, the missing one worked out (D-PT-02: a monthly figure is taken twelve times)."""
    if month is not None and year is None:
        return month, month * MONTHS_PER_YEAR
    if year is not None and month is None:
        return (year / MONTHS_PER_YEAR).quantize(_CENT), year
    return month, year


def salary_problems(entry: Entry) -> Problems:
    """Nothing given, nothing paid, or month and year that do not agree and nobody said they may."""
    month, year = entry.salary_month, entry.salary_year
    if month is None and year is None:
        return {"salary_month": lazy("Enter the monthly amount in figures.")}
    if not (month or year):
        return {"salary_month": lazy("The salary cannot be nothing.")}
    if month is None or year is None or entry.salary_confirmed or month * MONTHS_PER_YEAR == year:
        return {}
    text = lazy(
        "12 × the monthly salary is %(expected)s, not %(year)s. Correct one, or tick that the contract says so.",
        expected=_Money(month * MONTHS_PER_YEAR),
        year=_Money(year),
    )
    return {"salary_year": text}


class _Money:
    """An amount inside a lazy text, written when and in which language the text is shown."""

    def __init__(self, amount: Decimal) -> None:
        self.amount = amount

    def __str__(self) -> str:
        return format_money(self.amount)


# --- contract, dates -------------------------------------------------------------------------------------------


def contract_problems(entry: Entry, received_on: date, old_end: date | None = None) -> Problems:
    """Dates of the contract in themselves, and against the permit that is to be extended."""
    start, end = entry.contract_start_on, entry.contract_end_on
    found: Problems = {}
    if start is None:
        found["contract_start_on"] = lazy("Enter the first day of the contract.")
    if end is None and not entry.is_open_ended:
        found["contract_end_on"] = lazy("Enter the last day of the contract, or tick that it has no fixed end.")
    if end is not None and entry.is_open_ended:
        found["contract_end_on"] = lazy("A contract without a fixed end has no last day: keep one of the two.")
    if start is not None and end is not None and end <= start:
        found["contract_end_on"] = lazy("The contract would end on %(end)s, not after its start.", end=lazy_date(end))
    elif end is not None and end < received_on:
        found["contract_end_on"] = lazy("The contract ended on %(end)s already.", end=lazy_date(end))
    if start is not None and old_end is not None and start > old_end + ONE_DAY:
        found["contract_start_on"] = lazy(
            "The permit runs until %(end)s; the new contract has to follow by %(day)s without a gap.",
            end=lazy_date(old_end),
            day=lazy_date(old_end + ONE_DAY),
        )
    if end is not None and old_end is not None and end <= old_end:
        found["contract_end_on"] = lazy(
            "The permit runs until %(end)s; the new contract has to go on after it.", end=lazy_date(old_end)
        )
    return found


def received_problem(received_on: date | None, today: date) -> Problems:
    if received_on is None:
        return {"received_on": lazy("Enter the day of receipt.")}
    if received_on > today:
        return {"received_on": lazy("The day of receipt lies in the future; today is %(day)s.", day=lazy_date(today))}
    return {}


# --- person ----------------------------------------------------------------------------------------------------


def new_person_problems(entry: Entry, today: date) -> Problems:
    """What a person who is not on file yet needs."""
    found: Problems = {}
    if not entry.names[0]:
        found["surname"] = lazy("Enter the name as the passport spells it.")
    if entry.birth_on is None:
        found["birth_on"] = lazy("Enter the date of birth.")
    elif entry.birth_on > today:
        found["birth_on"] = lazy("The date of birth lies in the future.")
    return found | nationality_problem(entry.nationality) | passport_problems(entry, today)


def passport_problems(entry: Entry, today: date) -> Problems:
    """Number and last day of the passport; an expired one is no passport."""
    found: Problems = {}
    if not entry.passport_number:
        found["passport_number"] = lazy("Enter the passport number.")
    if entry.passport_expires_on is None:
        found["passport_expires_on"] = lazy("Enter the last day of the passport.")
    elif entry.passport_expires_on < today:
        found["passport_expires_on"] = lazy(
            "The passport expired on %(day)s. Ask for the new one.", day=lazy_date(entry.passport_expires_on)
        )
    return found


def nationality_problem(nationality: str) -> Problems:
    return {} if nationality else {"nationality": lazy("Choose the nationality.")}


def same_person_problems(entry: Entry, birth_on: date, nationality: str) -> Problems:
    """The record that was chosen and the passport that lies here must speak of one human being."""
    found: Problems = {}
    if entry.birth_on is not None and entry.birth_on != birth_on:
        found["birth_on"] = lazy(
            "The record chosen says born on %(day)s. Choose another record, or correct the date.",
            day=lazy_date(birth_on),
        )
    if entry.nationality and entry.nationality != nationality:
        found["nationality"] = lazy(
            "The record chosen has another nationality. A new nationality means cancellation and a new application."
        )
    return found


# --- facts and circumstances -----------------------------------------------------------------------------------


def facts_of(entry: Entry, birth_on: date | None) -> dict[str, Any]:
    """What is claimed, in the shape of `rules classify`; what nobody stated is left out."""
    month, year = agreed_salary(entry.salary_month, entry.salary_year)
    claimed = tuple(dict.fromkeys(code for code in (entry.main_criterion, *entry.criteria) if code))
    facts: dict[str, Any] = {
        "birth_date": birth_on.isoformat() if birth_on else None,
        "salary_cny_month": _plain(month),
        "salary_cny_year": _plain(year),
        "education": entry.education,
        "experience_years": _plain(entry.experience_years),
        "months_per_year": _plain(entry.months_per_year),
        "chinese": entry.chinese,
        "location": entry.location,
        "elite": [code for code in entry.elite if code != NO_DISTINCTION] if entry.elite else None,
        "bonus": int(entry.bonus) if entry.bonus is not None else None,
        "criteria": list(claimed) or None,
        "teaching_waiver": entry.teaching_waiver,
        "teaching_hours": int(entry.teaching_hours) if entry.teaching_hours is not None else None,
    }
    return {name: value for name, value in facts.items() if value is not None and value != ""}


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def circumstances_of(
    entry: Entry, judged: Classification | None, *, old: Mapping[str, str] | None = None, is_new_passport: bool = False,
    has_medical: bool = False,
) -> Circumstances:  # fmt: skip
    """What about this case changes its papers. `old`: category and main criterion of the permit being extended."""
    suggested = judged.suggested.code if judged is not None and judged.suggested is not None else ""
    category = category_of(entry, judged)
    is_extension = entry.procedure == EXTENSION
    return Circumstances(
        main_criterion=entry.main_criterion or suggested,
        old_criterion=(old or {}).get("criterion", "") if is_extension else "",
        has_family=entry.has_family,
        needs_preapproval=entry.needs_preapproval,
        title_changed=is_extension and entry.title_changed,
        passport_changed=is_extension and is_new_passport,
        is_upgrade=is_extension and (old or {}).get("category", "") > category > "",
        is_graduate=entry.is_graduate,
        has_medical=has_medical,
        claims_hsk=entry.chinese.startswith("hsk"),
        claims_vocational=bool(entry.teaching_waiver) and entry.teaching_waiver != "degree",
        claimed_factors=_claimed_factors(judged),
    )


def _claimed_factors(judged: Classification | None) -> frozenset[str] | None:
    if judged is None or judged.points.is_empty:
        return None
    return frozenset(factor.code for factor in judged.points.factors if factor.stated)


def stored_circumstances(entry: Entry, *, is_new_passport: bool) -> dict[str, Any]:
    """What the case keeps: only what somebody said. What follows from its other records is worked out there."""
    is_extension = entry.procedure == EXTENSION
    said: dict[str, Any] = {
        "has_family": entry.has_family,
        "needs_preapproval": entry.needs_preapproval,
        "title_changed": is_extension and entry.title_changed,
        "passport_changed": is_extension and is_new_passport,
        "is_graduate": entry.is_graduate,
        "claims_vocational": bool(entry.teaching_waiver) and entry.teaching_waiver != "degree",
        "graduate": ("later" if is_extension else "first") if entry.is_graduate else "",
    }
    return {name: value for name, value in said.items() if value}


def category_of(entry: Entry, judged: Classification | None) -> str:
    """The category applied for, else the one worked out, else none."""
    return entry.claimed_category or (judged.category if judged is not None else None) or ""


# --- grounds ---------------------------------------------------------------------------------------------------


def ground_problems(book: RuleBook, entry: Entry, category: str) -> Problems:
    """The ground for applying in China: chosen, with a reason where the table asks for one, for this category, here."""
    if not entry.in_country_ground:
        return {"in_country_ground": lazy("Choose the ground on which the application is made in China.")}
    row = book.find("in_country_grounds", entry.in_country_ground)
    if row is None:
        return {}
    if row.use and row.use != entry.procedure:
        text = lazy(
            "This ground has a procedure of its own, “%(procedure)s”, which cannot be handled here yet.",
            procedure=book.procedure(row.use).short,
        )
        return {"in_country_ground": text}
    if row.categories and category and category not in row.categories:
        names = in_list(row.categories)
        text = lazy("This ground is for category %(names)s; the case is category %(own)s.", names=names, own=category)
        return {"in_country_ground": text}
    if row.needs_reason and not entry.ground_reason:
        return {"ground_reason": lazy("This ground needs a reason.")}
    return {}
