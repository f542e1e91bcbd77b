"""The page of one person: what comes next, the dates ahead, what was said, who looked after them when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Load, joinedload

from expertdesk.access import Actor, Permission
from expertdesk.cases.rows import link, organisation_name, person_name
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.liaison import rules
from expertdesk.liaison.policy import find_person, may_act_on, may_hand_over, sees_all
from expertdesk.liaison.rows import contact_chip
from expertdesk.models import (
    Account,
    Assignment,
    Case,
    Contact,
    Organisation,
    OrganisationContact,
    Passport,
    Permit,
    Person,
)
from expertdesk.permits.policy import in_force, may_see
from expertdesk.permits.rows import Chip, Who, day_chip, ending_chip, who_of
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.regulations.limits import ExtensionWindow

CONTACTS_SHOWN = 50


@dataclass(frozen=True)
class DateAhead:
    """`kind`: contact, permit, passport, residence. A date nobody knows is said to be missing (D-LI-05)."""

    kind: str
    on: date | None
    chip: Chip | None


@dataclass(frozen=True)
class ContactLine:
    kind: Any
    on: date
    next_on: date | None
    summary: str
    by: str


@dataclass(frozen=True)
class OfficerLine:
    name: str
    started_on: date
    ended_on: date | None
    note: str


@dataclass(frozen=True)
class Level:
    code: str
    name: Any
    visits_owed: int
    visits_made: int
    silence_limit: int | None
    is_silent: bool
    last_on: date | None


@dataclass(frozen=True)
class PermitCard:
    id: int
    number: str
    category: str
    post: str
    starts_on: date
    ends_on: date
    chip: Chip
    url: str
    window: ExtensionWindow
    window_text: Any
    window_state: str


@dataclass(frozen=True)
class EmployerCard:
    name: str
    other_name: str
    phone: str
    address: str
    contact: str
    contact_post: str
    contact_phone: str
    contact_email: str
    url: str


@dataclass(frozen=True)
class PersonPage:
    """What this reader may see; `contacts` stay empty for anybody but the assigned officer and managers."""

    id: int
    who: Who
    latin_name: str
    birth_on: date
    phone: str
    email: str
    passport_number: str
    url: str
    permit: PermitCard | None
    employer: EmployerCard | None
    assignment_id: int | None
    version: int
    officer: str
    is_mine: bool
    started_on: date | None
    level: Level | None
    next_on: date | None
    dates: tuple[DateAhead, ...]
    contacts: tuple[ContactLine, ...]
    history: tuple[OfficerLine, ...]
    may_take: bool
    may_log: bool
    may_hand_over: bool
    may_set_level: bool
    sees_contacts: bool


def person_page(person_id: int, actor: Actor) -> PersonPage:
    """Raises NotFound for a person this reader has nothing to do with."""
    person, assignment = find_person(person_id, actor)
    book, today = rules_today(), clock.today()
    permit, permit_url = _permit(person_id, actor)
    is_mine = assignment is not None and assignment.officer_id == actor.id
    sees_contacts = assignment is not None and (is_mine or sees_all(actor))
    contacts = _contacts(person_id) if sees_contacts else []
    history = _assignments(person_id)
    passport = next((item for item in person.passports if item.is_current), None)
    return PersonPage(
        id=person.id,
        who=who_of(person),
        latin_name=person.latin_name,
        birth_on=person.birth_on,
        phone=person.phone,
        email=person.email,
        passport_number=passport.number if passport else "",
        url=link("experts.person", person_id=person.id),
        permit=_permit_card(permit, permit_url, book, today) if permit is not None else None,
        employer=_employer(permit) if permit is not None else None,
        assignment_id=assignment.id if assignment is not None else None,
        version=assignment.row_version if assignment is not None else 0,
        officer=person_name(assignment.officer.name, assignment.officer.name_latin) if assignment is not None else "",
        is_mine=is_mine,
        started_on=assignment.started_on if assignment is not None else None,
        level=_level(assignment, contacts, book, today) if assignment is not None and sees_contacts else None,
        next_on=assignment.next_contact_on if assignment is not None else None,
        dates=_dates(person, assignment if sees_contacts else None, permit, passport, contacts, book, today),
        contacts=tuple(_contact_line(contact, by, book) for contact, by in contacts[:CONTACTS_SHOWN]),
        history=tuple(_officer_line(item, sees_contacts) for item in history),
        may_take=assignment is None and actor.may(Permission.LIAISON_ACT) and permit is not None,
        may_log=may_act_on(assignment, actor) and actor.may(Permission.LIAISON_ACT),
        may_hand_over=may_hand_over(assignment, actor),
        may_set_level=assignment is not None and actor.may(Permission.LIAISON_MANAGE),
        sees_contacts=sees_contacts,
    )


def _permit(person_id: int, actor: Actor) -> tuple[Permit | None, str]:
    """The permit in force (of two the later one), else the last one of somebody still looked after; its address where
    this reader may open it. One query, with the employer."""
    holder = joinedload(Permit.organisation).joinedload(Organisation.contacts)
    found = db.session.execute(
        select(Permit, in_force().label("is_valid"), may_see(actor).label("may_open"))
        .where(Permit.person_id == person_id)
        .options(holder, joinedload(Permit.case).load_only(Case.contact_id))
        .order_by(Permit.starts_on.desc(), Permit.id.desc())
    )
    rows = found.unique().all()
    valid = [row for row in rows if row.is_valid]
    row = max(valid, key=lambda row: (row.Permit.ends_on, row.Permit.id)) if valid else next(iter(rows), None)
    if row is None:
        return None, ""
    return row.Permit, url_for("permits.permit", permit_id=row.Permit.id) if row.may_open else ""


def _contacts(person_id: int) -> list[tuple[Contact, Account]]:
    """Every contact with the person, whoever had it, newest first."""
    statement = (
        select(Contact, Account)
        .join(Assignment, Contact.assignment_id == Assignment.id)
        .join(Account, Contact.by_id == Account.id)
        .where(Assignment.person_id == person_id)
        .options(Load(Account).lazyload("*"))
        .order_by(Contact.on.desc(), Contact.id.desc())
    )
    return [(contact, by) for contact, by in db.session.execute(statement)]


def _assignments(person_id: int) -> list[tuple[Assignment, Account]]:
    statement = (
        select(Assignment, Account)
        .join(Account, Assignment.officer_id == Account.id)
        .where(Assignment.person_id == person_id)
        .options(Load(Account).lazyload("*"))
        .order_by(Assignment.id.desc())
    )
    return [(assignment, officer) for assignment, officer in db.session.execute(statement)]


def _contact_line(contact: Contact, by: Account, book: RuleBook) -> ContactLine:
    return ContactLine(
        kind=book.name_of("contact_kinds", contact.kind),
        on=contact.on,
        next_on=contact.next_on,
        summary=contact.summary,
        by=person_name(by.name, by.name_latin),
    )


def _officer_line(pair: tuple[Assignment, Account], with_note: bool) -> OfficerLine:
    assignment, officer = pair
    return OfficerLine(
        name=person_name(officer.name, officer.name_latin),
        started_on=assignment.started_on,
        ended_on=assignment.ended_on,
        note=assignment.handover_note if with_note else "",
    )


def _level(assignment: Assignment, contacts: list[tuple[Contact, Account]], book: RuleBook, today: date) -> Level:
    row = book.find("liaison_levels", assignment.level) or book.row("liaison_levels", "L0")
    counted = {kind.code for kind in book.rows("contact_kinds") if kind.counts_as_visit}
    made = sum(1 for contact, _ in contacts if contact.on.year == today.year and contact.kind in counted)
    last_on = contacts[0][0].on if contacts else None
    limit = rules.silence_limit(row.min_visits, book.row("liaison_settings", "SILENCE_YEAR").value)
    return Level(
        code=row.code,
        name=row.name,
        visits_owed=rules.visits_owed(row.min_visits, assignment.started_on, today.year),
        visits_made=made,
        silence_limit=limit,
        is_silent=rules.is_silent(last_on or assignment.started_on, today, limit),
        last_on=last_on,
    )


def _dates(
    person: Person,
    assignment: Assignment | None,
    permit: Permit | None,
    passport: Passport | None,
    contacts: list[tuple[Contact, Account]],
    book: RuleBook,
    today: date,
) -> tuple[DateAhead, ...]:
    """The dates in their order of the page: next contact, permit, passport, residence permit."""
    found: list[DateAhead] = []
    if assignment is not None:
        last_on = contacts[0][0].on if contacts else None
        chip = contact_chip(book, assignment.next_contact_on, last_on, today)
        found.append(DateAhead("contact", assignment.next_contact_on, chip))
    if permit is not None:
        chip = ending_chip(book, permit.state.value, permit.starts_on, permit.ends_on, today)
        found.append(DateAhead("permit", permit.ends_on, chip))
    ahead = book.row("liaison_settings", "PASSPORT_AHEAD").value
    expires = passport.expires_on if passport is not None else None
    found.append(DateAhead("passport", expires, day_chip(book, expires, today, ahead) if expires else None))
    residence = _day(person.residence.get("ends_on"))
    found.append(DateAhead("residence", residence, day_chip(book, residence, today) if residence else None))
    return tuple(found)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _permit_card(permit: Permit, url: str, book: RuleBook, today: date) -> PermitCard:
    window = book.extension_window(permit.ends_on)
    return PermitCard(
        id=permit.id,
        number=permit.number,
        category=permit.category,
        post=permit.post,
        starts_on=permit.starts_on,
        ends_on=permit.ends_on,
        chip=ending_chip(book, permit.state.value, permit.starts_on, permit.ends_on, today),
        url=url,
        window=window,
        window_text=book.window_sentence(window, today),
        window_state=window.state(today),
    )


def _employer(permit: Permit) -> EmployerCard:
    organisation: Organisation = permit.organisation
    contacts: dict[int, OrganisationContact] = {contact.id: contact for contact in organisation.contacts}
    wanted = permit.case.contact_id
    contact = contacts.get(wanted) or db.session.get(OrganisationContact, wanted) if wanted is not None else None
    contact = contact or next(iter(contacts.values()), None)
    name = organisation_name(organisation.name_zh, organisation.name_en)
    return EmployerCard(
        name=name,
        other_name=organisation.name_en if name == organisation.name_zh else organisation.name_zh,
        phone=organisation.phone,
        address=organisation.address,
        contact=contact.name if contact else "",
        contact_post=contact.post if contact else "",
        contact_phone=contact.phone if contact else "",
        contact_email=contact.email if contact else "",
        url=link("experts.organisation", organisation_id=organisation.id),
    )
