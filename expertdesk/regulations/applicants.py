"""Checks on the person and the papers: age, passport, age of papers, and who needs no permit at all. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.months import add_months, age_on
from expertdesk.regulations.rows import Row

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook


@dataclass(frozen=True)
class Check:
    """A condition judged: `met` None = not stated or for the officer. `until`: last good day where there is one."""

    code: str
    name: Bilingual
    met: bool | None
    why: Bilingual
    row: Row
    until: date | None = None


@dataclass(frozen=True)
class NonAcceptance:
    """No permit is needed (行政许可法 art. 32, para. 1, item 1): the ground, the group, why, the body responsible."""

    ground: Row
    group: Row
    reason: Bilingual
    body: Bilingual
    law: Row


def base_conditions(
    book: RuleBook, birth: date | None, passport_expiry: date | None, submitted_on: date
) -> tuple[Check, ...]:
    """Every base condition; age and passport are judged on the first submission date, the others are the officer's."""
    return tuple(_condition(book, row, birth, passport_expiry, submitted_on) for row in book.rows("base_conditions"))


def _condition(book: RuleBook, row: Row, birth: date | None, expiry: date | None, day: date) -> Check:
    if row.fact == "age":
        if birth is None:
            return Check(row.code, row.name, None, book.say("AGE_UNKNOWN"), row)
        age = age_on(birth, day)
        fits = age >= row.least
        why = book.say("BASE_OK" if fits else "UNDER_AGE", age=age, least=row.least)
        return Check(row.code, row.name, fits, why, row)
    if row.fact == "passport_months":
        return passport_check(book, expiry, day)
    return Check(row.code, row.name, None, book.say("TO_CHECK"), row)


def passport_check(book: RuleBook, expiry: date | None, submitted_on: date) -> Check:
    """Expiry on or after the submission date plus the months of the table; equal passes (D-CA-09)."""
    row = book.row("base_conditions", "APP_PASSPORT")
    if expiry is None:
        return Check(row.code, row.name, None, book.say("NOT_STATED", what=row.name), row)
    needed = add_months(submitted_on, row.least)
    fits = expiry >= needed
    why = book.say("PASSPORT_OK" if fits else "PASSPORT_SHORT", expiry=expiry, needed=needed, months=row.least)
    return Check(row.code, row.name, fits, why, row, until=expiry)


def paper_valid_until(book: RuleBook, document: str, issued_on: date) -> date | None:
    """Last day on which a paper issued on a day may be submitted; None where nothing limits it."""
    months = book.document(document).valid_months
    return None if months is None else add_months(issued_on, months)


def paper_check(book: RuleBook, document: str, issued_on: date, tested_on: date) -> Check:
    """Issue date plus the months of the catalogue against the day of test: the first submission date, or for a paper
    replaced in a correction the day it is uploaded; equal passes (D-DO-04)."""
    row = book.document(document)
    if issued_on > tested_on:
        return Check(row.code, row.name, False, book.say("PAPER_FUTURE", issued=issued_on, day=tested_on), row)
    until = paper_valid_until(book, document, issued_on)
    if until is None:
        return Check(row.code, row.name, True, book.say("PAPER_NO_LIMIT"), row)
    fits = until >= tested_on
    why = book.say("PAPER_OK" if fits else "PAPER_OLD", issued=issued_on, until=until, day=tested_on)
    return Check(row.code, row.name, fits, why, row, until=until)


def no_permit_needed(
    book: RuleBook, nationality: str, *, is_permanent_resident: bool = False, is_diplomat: bool = False
) -> NonAcceptance | None:
    """Hong Kong, Macao and Taiwan residents (nationality HK, MO, TW), holders of the permanent resident identity card
    and diplomats: not accepted (NA1), with the body responsible. None: a permit is needed."""
    flags = {"PR": is_permanent_resident, "DIPLOMAT": is_diplomat}
    for group in book.rows("special_groups"):
        applies = nationality in group.regions or flags.get(group.code, False)
        if applies and not group.permit_needed:
            ground = book.row("non_acceptance_grounds", "NA1")
            reason = book.say("NO_PERMIT_NEEDED", group=group.name, rule=group.rule)
            return NonAcceptance(ground, group, reason, group.body or ground.body, book.article(ground.law))
    return None
