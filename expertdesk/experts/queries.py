"""Reads: lists, pages, choices of people and organisations, as frozen records. What is read follows policy.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from expertdesk.access import Actor, Permission
from expertdesk.experts import holders, index, policy, rows
from expertdesk.experts.candidates import Hit, possible_duplicates
from expertdesk.experts.commands import person_data
from expertdesk.experts.organisation_queries import (
    OrganisationChoice,
    OrganisationPage,
    OrganisationsPage,
    organisation_by_code,
    organisation_choice,
    organisation_page,
    organisations,
    organisations_by_id,
)
from expertdesk.experts.paging import read_slice
from expertdesk.experts.records import EducationData, EmploymentData, FamilyData, PersonData
from expertdesk.experts.row_values import stored_rows
from expertdesk.experts.rows import CaseLine, Chip, Name, PassportLine, PermitLine, PersonLine
from expertdesk.experts.search import PERSON, Found, find, other_names
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.locale import country_name, lazy, lazy_date
from expertdesk.models import Case, Organisation, Permit, Person, SpecialGroup
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today

MOST_LINES = 50  # cases and permits of one person; far more than anybody has
MOST_MASKED = 10


@dataclass(frozen=True)
class PeoplePage:
    """The list of people. `masked`: what was found in other districts."""

    text: str
    rows: tuple[PersonLine, ...]
    older: int | None
    newer: int | None
    masked: tuple[Found, ...]
    may_add: bool
    may_open_case: bool
    is_first: bool


@dataclass(frozen=True)
class Schooling:
    level: Any
    school: str
    country: str
    major: str
    from_month: date | None
    to_month: date | None
    is_taught_in_chinese: bool


@dataclass(frozen=True)
class Work:
    employer: str
    country: str
    post: str
    duties: str
    from_month: date | None
    to_month: date | None
    is_relevant: bool
    referee: str


@dataclass(frozen=True)
class Relative:
    relation: Any
    name: str
    native_name: str
    native_lang: str
    sex: Any
    country: str
    birth_on: date | None
    passport_number: str
    is_accompanying: bool


@dataclass(frozen=True)
class PersonPage:
    """Everything of one person as far as the actor may see it; names of codes in the reader's language."""

    id: int
    name: str
    lang: str
    latin_name: str
    chinese_name: str
    country: str
    other_countries: tuple[str, ...]
    sex: Any
    birth_on: date
    birth_place: str
    marital: Any
    was_chinese_national: bool
    special_group: Any
    email: str
    phone: str
    district: Any
    address: str
    visa_kind: Any
    residence_permit: Any
    residence_ends_on: date | None
    residence_chip: Chip | None
    permit_number: str
    passports: tuple[PassportLine, ...]
    names: tuple[Name, ...]
    cases: tuple[CaseLine, ...]
    permits: tuple[PermitLine, ...]
    education: tuple[Schooling, ...]
    employment: tuple[Work, ...]
    family: tuple[Relative, ...]
    created_on: date
    version: int
    may_edit: bool
    may_open_case: bool
    may_invite: bool
    shows_cases: bool


@dataclass(frozen=True)
class PersonChoice:
    """What intake needs of a person on file: the record, the passports, and the names to show."""

    id: int
    name: str
    lang: str
    other_names: tuple[str, ...]
    country: str
    permit_number: str
    version: int
    data: PersonData
    passports: tuple[PassportLine, ...]
    passport_id: int | None


def people(actor: Actor, text: str = "", after: int | None = None, before: int | None = None) -> PeoplePage:
    """The people the actor sees, newest first; with a text those it finds, and masked hits of other districts."""
    statement = policy.visible_people(select(Person), actor).options(selectinload(Person.passports))
    text = text.strip()
    if text:
        statement = statement.where(Person.id.in_(index.record_ids(PERSON, index.read_query(text))))
    found = read_slice(statement, Person.id, after, before)
    book = rules_today()
    is_first = after is None and before is None
    masked: tuple[Found, ...] = ()
    if text and is_first and policy.shows_masked(actor):
        masked = masked_people(text, actor)
    return PeoplePage(
        text,
        tuple(rows.person_line(book, person, other_names(person)) for person in found.rows),
        found.older,
        found.newer,
        masked,
        policy.may_edit_people(actor),
        actor.may(Permission.CASE_CREATE),
        is_first,
    )


def masked_people(text: str, actor: Actor) -> tuple[Found, ...]:
    """Hits outside the own districts."""
    return find(text, actor, MOST_MASKED, kinds=(PERSON,), only_masked=True)


# --- one person ------------------------------------------------------------------------------------------------


def person_page(person_id: int, actor: Actor) -> PersonPage:
    """The page of a person. Raises NotFound, also for one the actor may not see. The caller notes the access."""
    person = policy.find_person(
        person_id,
        actor,
        joinedload(Person.passports),
        joinedload(Person.names),
        selectinload(Person.education),
        selectinload(Person.employment),
        selectinload(Person.family),
    )
    book = rules_today()
    residence = dict(person.residence or {})
    ends_on = _day(residence.get("ends_on"))
    group = person.special_group
    return PersonPage(
        id=person.id,
        name=person.display_name,
        lang=person.display_lang,
        latin_name=person.latin_name,
        chinese_name=person.chinese_name,
        country=country_name(person.nationality),
        other_countries=tuple(country_name(code) for code in person.other_passport_countries or ()),
        sex=book.name_of("sexes", person.sex),
        birth_on=person.birth_on,
        birth_place=person.birth_place,
        marital=book.name_of("marital_states", person.marital),
        was_chinese_national=person.was_chinese_national,
        special_group="" if group is SpecialGroup.NONE else book.name_of("special_groups", group.value),
        email=person.email,
        phone=person.phone,
        district=holders.district_name(person.district),
        address=str(residence.get("address") or ""),
        visa_kind=_named(book, "visa_kinds", residence.get("visa_kind")),
        residence_permit=_named(book, "residence_permit_kinds", residence.get("permit_kind")),
        residence_ends_on=ends_on,
        residence_chip=_residence_chip(ends_on, book.day),
        permit_number=person.permit_number or "",
        passports=passport_lines(person),
        names=rows.name_lines(person),
        cases=_cases(person, actor, book),
        permits=_permits(person, actor, book.day),
        education=tuple(_schooling(row, book) for row in stored_rows(person, "education")),
        employment=tuple(_work(row) for row in stored_rows(person, "employment")),
        family=tuple(_relative(row, book) for row in stored_rows(person, "family")),
        created_on=clock.day_of(person.created_at),
        version=person.row_version,
        may_edit=policy.may_edit_people(actor),
        may_open_case=actor.may(Permission.CASE_CREATE),
        may_invite=actor.may(Permission.INVITATION_CREATE),
        shows_cases=actor.may(Permission.CASE_READ),
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _named(book: RuleBook, table: str, code: Any) -> Any:
    return book.name_of(table, str(code)) if code else ""


def _residence_chip(ends_on: date | None, today: date) -> Chip | None:
    if ends_on is None:
        return None
    if ends_on < today:
        return Chip("bad", "late", lazy("Expired on %(day)s", day=lazy_date(ends_on)), is_solid=True)
    return Chip("ok", "tick", lazy("Valid"))


def passport_lines(person: Person) -> tuple[PassportLine, ...]:
    """The one in use first, then the newest."""
    book = rules_today()
    ordered = sorted(person.passports, key=lambda passport: (not passport.is_current, -passport.expires_on.toordinal()))
    return tuple(rows.passport_line(book, passport) for passport in ordered)


def _cases(person: Person, actor: Actor, book: RuleBook) -> tuple[CaseLine, ...]:
    if not actor.may(Permission.CASE_READ) and not actor.is_system:
        return ()
    statement = (
        select(Case, Organisation.name_zh, policy.whole_case(actor))
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(Case.person_id == person.id)
        .order_by(Case.id.desc())
        .limit(MOST_LINES)
    )
    found = db.session.execute(statement).all()
    ask = holders.ask_about(case.district for case, _, is_whole in found if not is_whole)
    return tuple(
        rows.case_line(book, case, organisation, is_whole=bool(is_whole), ask=ask.get(case.district, holders.NOBODY))
        for case, organisation, is_whole in found
    )


def _permits(person: Person, actor: Actor, today: date) -> tuple[PermitLine, ...]:
    statement = (
        select(Permit, Organisation.name_zh)
        .join(Organisation, Organisation.id == Permit.organisation_id)
        .where(Permit.person_id == person.id, policy.whole_permit(actor))
        .order_by(Permit.ends_on.desc(), Permit.id.desc())
        .limit(MOST_LINES)
    )
    return tuple(rows.permit_line(permit, name, today) for permit, name in db.session.execute(statement))


def _schooling(row: EducationData, book: RuleBook) -> Schooling:
    return Schooling(
        book.name_of("education", row.level),
        row.school,
        country_name(row.country),
        row.major,
        row.from_month,
        row.to_month,
        row.is_taught_in_chinese,
    )


def _work(row: EmploymentData) -> Work:
    return Work(
        row.employer,
        country_name(row.country),
        row.post,
        row.duties,
        row.from_month,
        row.to_month,
        row.is_relevant,
        row.referee,
    )


def _relative(row: FamilyData, book: RuleBook) -> Relative:
    return Relative(
        book.name_of("family_relations", row.relation),
        row.latin_name,
        row.native_name,
        row.native_lang,
        book.name_of("sexes", row.sex),
        country_name(row.nationality),
        row.birth_on,
        row.passport_number,
        row.is_accompanying,
    )


def person_choice(person_id: int, actor: Actor | None = None) -> PersonChoice:
    """A person on file for intake. With an actor: NotFound for one who may not be seen."""
    if actor is not None:
        person = policy.find_person(person_id, actor, joinedload(Person.passports))
    else:
        found = db.session.get(Person, person_id) if 0 < person_id <= policy.LARGEST_ID else None
        if found is None:
            raise NotFound
        person = found
    lines = passport_lines(person)
    return PersonChoice(
        person.id,
        person.display_name,
        person.display_lang,
        other_names(person),
        country_name(person.nationality),
        person.permit_number or "",
        person.row_version,
        person_data(person),
        lines,
        lines[0].id if lines else None,
    )


@dataclass(frozen=True)
class NamesPage:
    """The spellings of a person, to add to and to take from."""

    head: PersonChoice
    names: tuple[Name, ...]


def names_page(person_id: int, actor: Actor) -> NamesPage:
    person = policy.find_person(person_id, actor, joinedload(Person.names))
    return NamesPage(person_choice(person_id, actor), rows.name_lines(person))


def editable_rows(person_id: int, part: str, actor: Actor) -> tuple[PersonChoice, list[Any]]:
    """A list of the person and the head above it."""
    person = policy.find_person(person_id, actor)
    return person_choice(person_id, actor), stored_rows(person, part)


__all__ = [
    "Hit",
    "NamesPage",
    "OrganisationChoice",
    "OrganisationPage",
    "OrganisationsPage",
    "PeoplePage",
    "PersonChoice",
    "PersonPage",
    "editable_rows",
    "names_page",
    "organisation_by_code",
    "organisation_choice",
    "organisation_page",
    "organisations",
    "organisations_by_id",
    "passport_lines",
    "people",
    "person_choice",
    "person_page",
    "possible_duplicates",
]
