"""What may be written into the lists of a person and the contacts of an organisation: pure checks. A message stands at
`rows-1-school`: the field of the second row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from expertdesk.experts import records
from expertdesk.experts.checking import Checker
from expertdesk.experts.records import ContactData, EducationData, EmploymentData, FamilyData
from expertdesk.experts.rules import language_or_told, passport_number
from expertdesk.foundation.locale import lazy
from expertdesk.regulations import RuleBook


def check_education(rows: Sequence[EducationData], book: RuleBook, today: date, birth_on: date) -> list[EducationData]:
    check = Checker(book, today)
    cleaned = []
    for place, row in enumerate(rows):
        check.at(f"rows-{place}-")
        level = check.code("level", "education", row.level)
        known = book.find("education", level) if level else None
        if known is not None and not known.is_level:
            check.refuse("level", lazy("Choose one from the list."))
        start, end = _months(check, row.from_month, row.to_month, birth_on)
        cleaned.append(
            replace(
                row,
                level=level,
                school=check.text("school", row.school, records.ORGANISATION_NAME_MOST, required=True),
                country=check.country("country", row.country),
                major=check.text("major", row.major, records.PLACE_MOST),
                from_month=start,
                to_month=end,
            )
        )
    check.done()
    return cleaned


def check_employment(
    rows: Sequence[EmploymentData], book: RuleBook, today: date, birth_on: date
) -> list[EmploymentData]:
    check = Checker(book, today)
    cleaned = []
    for place, row in enumerate(rows):
        check.at(f"rows-{place}-")
        if row.from_month is None:
            check.refuse("from_month", lazy("Say when the work began."))
        start, end = _months(check, row.from_month, row.to_month, birth_on)
        cleaned.append(
            replace(
                row,
                employer=check.text("employer", row.employer, records.ORGANISATION_NAME_MOST, required=True),
                country=check.country("country", row.country),
                post=check.text("post", row.post, records.PLACE_MOST),
                duties=check.text("duties", row.duties, records.DUTIES_MOST, multiline=True),
                from_month=start,
                to_month=end,
                referee=check.text("referee", row.referee, records.ORGANISATION_NAME_MOST),
            )
        )
    check.done()
    return cleaned


def _months(check: Checker, start: date | None, end: date | None, birth_on: date) -> tuple[date | None, date | None]:
    """From and to as first days of a month, in order and within the life of the person."""
    first = start.replace(day=1) if start else None
    last = end.replace(day=1) if end else None
    if first and first < birth_on.replace(day=1):
        check.refuse("from_month", lazy("This lies before the date of birth."))
    elif first and first > check.today:
        check.refuse("from_month", lazy("This lies in the future."))
    if last and first and last < first:
        check.refuse("to_month", lazy("The end lies before the beginning."))
    elif last and last < birth_on.replace(day=1):
        check.refuse("to_month", lazy("This lies before the date of birth."))
    return first, last


def check_family(rows: Sequence[FamilyData], book: RuleBook, today: date) -> list[FamilyData]:
    check = Checker(book, today)
    cleaned = []
    for place, row in enumerate(rows):
        check.at(f"rows-{place}-")
        nationality = check.country("nationality", row.nationality)
        native = check.text("native_name", row.native_name, records.NAME_MOST)
        cleaned.append(
            replace(
                row,
                relation=check.code("relation", "family_relations", row.relation),
                latin_name=check.text("latin_name", row.latin_name, records.NAME_MOST, required=True),
                native_name=native,
                native_lang=language_or_told(check, "native_lang", row.native_lang, native, nationality),
                sex=check.code("sex", "sexes", row.sex or "9"),
                nationality=nationality,
                birth_on=check.past_day("birth_on", row.birth_on),
                passport_number=passport_number(check, "passport_number", row.passport_number),
            )
        )
    check.done()
    return cleaned


def check_contacts(rows: Sequence[ContactData], book: RuleBook, today: date) -> list[ContactData]:
    check = Checker(book, today)
    cleaned = []
    for place, row in enumerate(rows):
        check.at(f"rows-{place}-")
        cleaned.append(
            replace(
                row,
                name=check.text("name", row.name, records.NAME_MOST, required=True),
                post=check.text("post", row.post, records.POST_MOST),
                phone=check.phone("phone", row.phone),
                email=check.email("email", row.email),
            )
        )
    check.done()
    return cleaned
