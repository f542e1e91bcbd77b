"""Reads of organisations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload, selectinload

from expertdesk.access import Actor, Permission
from expertdesk.experts import holders, index, policy, rows
from expertdesk.experts.credit_code import read_credit_code, tidy_credit_code
from expertdesk.experts.organisation_commands import organisation_data
from expertdesk.experts.paging import read_slice
from expertdesk.experts.records import ContactData, OrganisationData
from expertdesk.experts.row_values import stored_rows
from expertdesk.experts.rows import CaseLine, Chip, PermitLine
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import lazy, lazy_date
from expertdesk.models import Case, Organisation, Permit, PermitState, Person
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today

MOST_LINES = 30


@dataclass(frozen=True)
class OrganisationLine:
    """A row of the list. `in_force`: permits of its people that are in force."""

    id: int
    name: str
    name_en: str
    credit_code: str
    is_noted: bool
    district: Any
    industry: Any
    kind: Any
    licence_ends_on: date | None
    licence_chip: Chip | None
    in_force: int


@dataclass(frozen=True)
class OrganisationsPage:
    text: str
    rows: tuple[OrganisationLine, ...]
    older: int | None
    newer: int | None
    may_add: bool
    is_first: bool


@dataclass(frozen=True)
class OrganisationPage:
    """An organisation, its contacts, and its cases and permits as far as the actor may see them."""

    id: int
    name: str
    name_en: str
    credit_code: str
    credit_code_grouped: str
    credit_code_note: str
    code_problem: Any
    registered_as: Any
    district: Any
    industry: Any
    kind: Any
    address: str
    phone: str
    licence_ends_on: date | None
    licence_chip: Chip | None
    may_organise_groups: bool
    contacts: tuple[ContactData, ...]
    cases: tuple[CaseLine, ...]
    permits: tuple[PermitLine, ...]
    created_on: date
    version: int
    may_edit: bool
    may_open_case: bool
    may_invite: bool
    shows_cases: bool
    shows_permits: bool
    most_lines: int = MOST_LINES


@dataclass(frozen=True)
class OrganisationChoice:
    """What intake needs of an organisation on file. `contacts` carry their ids."""

    id: int
    name: str
    name_en: str
    credit_code: str
    district: Any
    version: int
    data: OrganisationData
    contacts: tuple[ContactData, ...]


def organisations(
    actor: Actor, text: str = "", after: int | None = None, before: int | None = None
) -> OrganisationsPage:
    """Organisations, newest first; with a text those it finds (both names, code, contacts, telephone)."""
    in_force = (
        select(func.count())
        .where(
            Permit.organisation_id == Organisation.id,
            Permit.state == PermitState.IN_FORCE,
            Permit.ends_on >= clock.today(),
        )
        .scalar_subquery()
    )
    statement = policy.visible_organisations(select(Organisation), actor)
    text = text.strip()
    if text:
        wanted = index.record_ids(index.ORGANISATION, index.read_query(text))
        statement = statement.where(Organisation.id.in_(wanted))
    found = read_slice(statement, Organisation.id, after, before)
    ids = [organisation.id for organisation in found.rows]
    counted = db.session.execute(select(Organisation.id, in_force).where(Organisation.id.in_(ids))) if ids else ()
    counts = {organisation_id: count for organisation_id, count in counted}  # noqa: C416 - rows are no pairs to dict()
    book = rules_today()
    return OrganisationsPage(
        text,
        tuple(_line(organisation, book, counts.get(organisation.id, 0)) for organisation in found.rows),
        found.older,
        found.newer,
        policy.may_edit_organisations(actor),
        after is None and before is None,
    )


def _line(organisation: Organisation, book: RuleBook, in_force: int) -> OrganisationLine:
    return OrganisationLine(
        organisation.id,
        organisation.name_zh,
        organisation.name_en,
        organisation.credit_code,
        bool(organisation.credit_code_note),
        holders.district_name(organisation.district),
        book.name_of("industries", organisation.industry) if organisation.industry else "",
        book.name_of("employer_kinds", organisation.kind) if organisation.kind else "",
        organisation.licence_ends_on,
        licence_chip(organisation.licence_ends_on, book.day),
        in_force,
    )


def licence_chip(ends_on: date | None, today: date) -> Chip | None:
    if ends_on is None or ends_on >= today:
        return None
    return Chip("bad", "late", lazy("Licence expired on %(day)s", day=lazy_date(ends_on)), is_solid=True)


def organisation_page(organisation_id: int, actor: Actor) -> OrganisationPage:
    """The page of an organisation. Raises NotFound."""
    organisation = policy.find_organisation(organisation_id, actor, joinedload(Organisation.contacts))
    book = rules_today()
    code = read_credit_code(organisation.credit_code)
    return OrganisationPage(
        id=organisation.id,
        name=organisation.name_zh,
        name_en=organisation.name_en,
        credit_code=organisation.credit_code,
        credit_code_grouped=code.grouped,
        credit_code_note=organisation.credit_code_note,
        code_problem=code.problems[0].message if code.problems else "",
        registered_as=code.kind or "",
        district=holders.district_name(organisation.district),
        industry=book.name_of("industries", organisation.industry) if organisation.industry else "",
        kind=book.name_of("employer_kinds", organisation.kind) if organisation.kind else "",
        address=organisation.address,
        phone=organisation.phone,
        licence_ends_on=organisation.licence_ends_on,
        licence_chip=licence_chip(organisation.licence_ends_on, book.day),
        may_organise_groups=organisation.may_organise_groups,
        contacts=tuple(stored_rows(organisation, "contacts")),
        cases=_cases(organisation, actor, book),
        permits=_permits(organisation, actor, book.day),
        created_on=clock.day_of(organisation.created_at),
        version=organisation.row_version,
        may_edit=policy.may_edit_organisations(actor),
        may_open_case=actor.may(Permission.CASE_CREATE),
        may_invite=actor.may(Permission.INVITATION_CREATE),
        shows_cases=actor.may(Permission.CASE_READ),
        shows_permits=actor.may(Permission.PERMIT_READ),
    )


def _cases(organisation: Organisation, actor: Actor, book: RuleBook) -> tuple[CaseLine, ...]:
    """Only those the actor sees in full; others belong to other districts."""
    if not actor.may(Permission.CASE_READ):
        return ()
    statement = (
        select(Case, Person)
        .join(Person, Person.id == Case.person_id)
        .where(Case.organisation_id == organisation.id, policy.whole_case(actor))
        .order_by(Case.id.desc())
        .limit(MOST_LINES)
    )
    return tuple(
        rows.case_line(book, case, organisation.name_zh, is_whole=True, person=person)
        for case, person in db.session.execute(statement)
    )


def _permits(organisation: Organisation, actor: Actor, today: date) -> tuple[PermitLine, ...]:
    """Permits in force, the next to end first."""
    statement = (
        select(Permit, Person)
        .join(Person, Person.id == Permit.person_id)
        .where(
            and_(Permit.organisation_id == organisation.id, Permit.state == PermitState.IN_FORCE),
            policy.whole_permit(actor),
        )
        .order_by(Permit.ends_on, Permit.id)
        .limit(MOST_LINES)
    )
    return tuple(
        rows.permit_line(permit, organisation.name_zh, today, person)
        for permit, person in db.session.execute(statement)
    )


def organisation_by_code(code: str) -> OrganisationChoice | None:
    """The organisation with this credit code as typed (spaces and small letters do not matter), or None."""
    tidy = tidy_credit_code(code)
    if not tidy:
        return None
    statement = select(Organisation).where(Organisation.credit_code == tidy)
    found = db.session.scalars(statement.options(selectinload(Organisation.contacts))).one_or_none()
    return _choice(found) if found is not None else None


def organisations_by_id(ids: Collection[int]) -> tuple[OrganisationChoice, ...]:
    """Those a contact speaks for: whether they are the contact's own was settled by the caller."""
    if not ids:
        return ()
    statement = select(Organisation).where(Organisation.id.in_(sorted(ids))).order_by(Organisation.id)
    return tuple(_choice(found) for found in db.session.scalars(statement.options(selectinload(Organisation.contacts))))


def organisation_choice(organisation_id: int, actor: Actor) -> OrganisationChoice:
    """An organisation by its id. Raises NotFound."""
    return _choice(policy.find_organisation(organisation_id, actor))


def _choice(organisation: Organisation) -> OrganisationChoice:
    return OrganisationChoice(
        organisation.id,
        organisation.name_zh,
        organisation.name_en,
        organisation.credit_code,
        holders.district_name(organisation.district),
        organisation.row_version,
        organisation_data(organisation),
        tuple(stored_rows(organisation, "contacts")),
    )
