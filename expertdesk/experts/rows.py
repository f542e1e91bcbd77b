"""Lines that pages of people and organisations are made of: plain values, ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.experts import holders, labels
from expertdesk.experts.holders import NOBODY, Ask
from expertdesk.foundation.locale import country_name, lazy, lazy_date
from expertdesk.models import Case, CaseState, Passport, Permit, PermitState, Person
from expertdesk.regulations import RuleBook


@dataclass(frozen=True)
class Chip:
    """A state as icon and word, as the macro `ui.chip` takes it."""

    kind: str
    icon: str
    text: Any
    is_solid: bool = False


@dataclass(frozen=True)
class Name:
    """A spelling, its language, and where it was seen (`source` is data when somebody typed it)."""

    id: int
    kind: str
    kind_name: Any
    text: str
    lang: str
    source: Any
    is_typed_source: bool = False
    is_in_force: bool = False


@dataclass(frozen=True)
class PassportLine:
    id: int
    number: str
    country: str
    kind: Any
    issued_on: date | None
    expires_on: date
    is_current: bool
    chip: Chip


@dataclass(frozen=True)
class CaseLine:
    """A case of the person or the organisation. Masked: only the district and whom to ask."""

    number: str
    procedure: Any
    state: str
    state_name: Any
    organisation: str
    district: str
    on: date
    person_id: int
    person: str = ""
    person_lang: str = ""
    is_masked: bool = False
    ask: Ask = NOBODY


@dataclass(frozen=True)
class PermitLine:
    id: int
    number: str
    category: str
    organisation: str
    starts_on: date
    ends_on: date
    chip: Chip
    person_id: int
    person: str = ""
    person_lang: str = ""


@dataclass(frozen=True)
class PersonLine:
    """A row of the list of people."""

    id: int
    name: str
    lang: str
    other_names: tuple[str, ...]
    country: str
    birth_on: date
    permit_number: str
    district: Any
    passport: PassportLine | None


def passport_chip(book: RuleBook, expires_on: date, is_current: bool) -> Chip:
    """Expired, too short for an application today (base condition of the rules), or long enough."""
    if expires_on < book.day:
        text = lazy("Expired on %(day)s", day=lazy_date(expires_on))
        return Chip("bad" if is_current else "", "late" if is_current else "clock", text, is_solid=is_current)
    check = book.passport_check(expires_on, book.day)
    if check.met is False:
        return Chip("warn", "warn", lazy("Valid for less than %(count)s months", count=check.row.least))
    return Chip("ok", "tick", lazy("Valid"))


def passport_line(book: RuleBook, passport: Passport) -> PassportLine:
    return PassportLine(
        passport.id,
        passport.number,
        country_name(passport.issuing_country),
        book.name_of("passport_kinds", passport.kind),
        passport.issued_on,
        passport.expires_on,
        passport.is_current,
        passport_chip(book, passport.expires_on, passport.is_current),
    )


_PERMIT_CHIPS = {
    PermitState.SUPERSEDED: Chip("", "swap", lazy("Superseded")),
    PermitState.CANCELLED: Chip("", "cross", lazy("Cancelled")),
    PermitState.REVOKED: Chip("bad", "block", lazy("Revoked")),
    PermitState.WITHDRAWN: Chip("", "block", lazy("Withdrawn")),
}


def permit_chip(permit: Permit, today: date) -> Chip:
    """Expired and not yet begun are worked out, never stored."""
    if permit.state is not PermitState.IN_FORCE:
        return _PERMIT_CHIPS[permit.state]
    if permit.ends_on < today:
        return Chip("warn", "clock", lazy("Expired"))
    if permit.starts_on > today:
        return Chip("info", "clock", lazy("Not yet begun"))
    return Chip("ok", "tick", lazy("In force"))


def permit_line(permit: Permit, organisation: str, today: date, person: Person | None = None) -> PermitLine:
    return PermitLine(
        permit.id,
        permit.number,
        permit.category,
        organisation,
        permit.starts_on,
        permit.ends_on,
        permit_chip(permit, today),
        permit.person_id,
        person.display_name if person else "",
        person.display_lang if person else "",
    )


def case_line(
    book: RuleBook, case: Case, organisation: str, *, is_whole: bool, ask: Ask = NOBODY, person: Person | None = None
) -> CaseLine:
    district = str(holders.district_name(case.district))
    if not is_whole:
        return CaseLine("", "", "", "", "", district, case.received_on, case.person_id, is_masked=True, ask=ask)
    return CaseLine(
        case.number,
        book.procedure(case.procedure).short if book.find("procedures", case.procedure) else case.procedure,
        case.state.value,
        book.state(case.state.value).short if book.find("case_states", case.state.value) else case.state.value,
        organisation,
        district,
        case.received_on,
        case.person_id,
        person.display_name if person else "",
        person.display_lang if person else "",
    )


def is_open(state: CaseState) -> bool:
    """Somebody still has to do something."""
    return state not in (
        CaseState.CLOSED,
        CaseState.DELIVERED,
        CaseState.NOT_ACCEPTED,
        CaseState.RETURNED,
        CaseState.WITHDRAWN,
    )


def name_lines(person: Person) -> tuple[Name, ...]:
    in_force = (person.latin_name, person.native_name, person.chinese_name)
    order = list(labels.NAME_KINDS)
    return tuple(
        Name(
            row.id,
            row.kind.value,
            labels.NAME_KINDS[row.kind.value],
            row.text,
            row.lang,
            labels.source_name(row.source),
            row.source not in labels.NAME_SOURCES,
            row.kind.value in order[:3] and row.text in in_force,
        )
        for row in sorted(person.names, key=lambda row: (order.index(row.kind.value), row.id))
    )


def person_line(book: RuleBook, person: Person, other_names: tuple[str, ...]) -> PersonLine:
    current = next((passport for passport in person.passports if passport.is_current), None)
    return PersonLine(
        person.id,
        person.display_name,
        person.display_lang,
        other_names,
        country_name(person.nationality),
        person.birth_on,
        person.permit_number or "",
        holders.district_name(person.district),
        passport_line(book, current) if current else None,
    )
