"""Reads: the four piles of the liaison desk, my people, who looks after whom.

The work list is a query over permits in force and assignments; nothing calls back. Counts stop at a ceiling, lists go
on by key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.liaison.policy import sees_all, visible_assignments
from expertdesk.liaison.rows import LiaisonRow, new_rows, own_rows
from expertdesk.models import Account, Assignment, Contact, Organisation, Passport, Permit, PermitState, Person
from expertdesk.permits.policy import in_force, own_districts, visible_permits
from expertdesk.permits.queries import COUNT_CEILING, counted
from expertdesk.permits.rules import ending_marks
from expertdesk.regulations.current import rules_today

PAGE_SIZE = 50
_SHOWN = 8
OVERDUE, SOON, ENDING, NEW = "overdue", "soon", "ending", "new"
PILES = (OVERDUE, SOON, ENDING, NEW)
_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Pile:
    """One heap of work: its count, the first rows, and whether more wait behind them."""

    code: str
    count: str
    rows: tuple[LiaisonRow, ...]
    has_more: bool


@dataclass(frozen=True)
class Worklist:
    piles: tuple[Pile, ...]
    may_take: bool
    sees_all: bool

    @property
    def is_empty(self) -> bool:
        return not any(pile.rows for pile in self.piles)


@dataclass(frozen=True)
class PileList:
    code: str
    rows: tuple[LiaisonRow, ...]
    next: str
    may_take: bool
    sees_all: bool


@dataclass(frozen=True)
class PeopleFilter:
    """My people, or for managers those of one officer; one level or all; one district or all."""

    officer: int | None = None
    level: str = ""
    after: str = ""

    def address(self, **changes: Any) -> dict[str, Any]:
        values = {"officer": self.officer, "level": self.level, "after": "", **changes}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class People:
    rows: tuple[LiaisonRow, ...]
    filter: PeopleFilter
    next: str
    officers: tuple[tuple[int, str], ...]
    levels: tuple[tuple[str, Any], ...]
    sees_all: bool


# --- the work list -----------------------------------------------------------------------------------------------


def worklist(actor: Actor) -> Worklist:
    """Counts and the first rows of every pile, in the order of urgency: five queries."""
    counts = _counts(actor)
    piles = []
    for code in PILES:
        found = list(db.session.execute(_pile_statement(code, actor).limit(_SHOWN + 1)))
        rows = _rows(code, found[:_SHOWN], actor)
        piles.append(Pile(code, counts[code], rows, len(found) > _SHOWN))
    return Worklist(tuple(piles), actor.may(Permission.LIAISON_ACT), sees_all(actor))


def pile(code: str, actor: Actor, after: str = "") -> PileList:
    """One pile in full, page by page."""
    statement = _pile_statement(code, actor)
    place = _place(after)
    key: Any = _KEYS[code]
    if place is not None:
        day, number = place
        if code == NEW:
            statement = statement.where(Permit.id < number)
        else:
            statement = statement.where(or_(key > day, and_(key == day, Assignment.id > number)))
    found = list(db.session.execute(statement.limit(PAGE_SIZE + 1)))
    following = _cursor(code, found[PAGE_SIZE - 1]) if len(found) > PAGE_SIZE else ""
    rows = _rows(code, found[:PAGE_SIZE], actor)
    return PileList(code, rows, following, actor.may(Permission.LIAISON_ACT), sees_all(actor))


def _rows(code: str, found: Sequence[Any], actor: Actor) -> tuple[LiaisonRow, ...]:
    return new_rows(found, actor) if code == NEW else own_rows(found, actor)


def _counts(actor: Actor) -> dict[str, str]:
    parts = []
    for code in PILES:
        source = select(literal(1).label("x")).select_from(Permit if code == NEW else Assignment)
        inner = _conditions(code, source, actor).limit(COUNT_CEILING).subquery()
        parts.append(select(literal(code).label("code"), func.count().label("n")).select_from(inner))
    return {row.code: counted(row.n) for row in db.session.execute(union_all(*parts))}


def _pile_statement(code: str, actor: Actor) -> Select[Any]:
    if code == NEW:
        # whoever was granted last comes first: the first contact is the more welcome the sooner it comes
        return _conditions(code, _new_columns(), actor).order_by(Permit.id.desc())
    return _conditions(code, own_columns(), actor).order_by(_KEYS[code], Assignment.id)


def _conditions(code: str, statement: Select[Any], actor: Actor) -> Select[Any]:
    today, book = clock.today(), rules_today()
    if code == NEW:
        nobody = ~exists().where(Assignment.person_id == Permit.person_id, Assignment.ended_on.is_(None))
        statement = visible_permits(statement, actor).where(in_force(), nobody)
        # everybody takes from the own districts; who has none, or all, takes from the whole city
        return statement if sees_all(actor) or not actor.districts else statement.where(own_districts(actor))
    statement = visible_assignments(statement, actor)
    if code == OVERDUE:
        return statement.where(Assignment.next_contact_on < today)
    soon_until = today + timedelta(days=book.row("liaison_settings", "DUE_SOON").value)
    if code == SOON:
        return statement.where(Assignment.next_contact_on >= today, Assignment.next_contact_on <= soon_until)
    # who is called anyway stands in the piles above, with the same dates beside the name
    statement = statement.where(or_(Assignment.next_contact_on.is_(None), Assignment.next_contact_on > soon_until))
    permit_until = today + timedelta(days=ending_marks(book)[0])
    passport_until = today + timedelta(days=book.row("liaison_settings", "PASSPORT_AHEAD").value)
    return statement.where(or_(_permit_end <= permit_until, _passport_end <= passport_until))


def _new_columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Permit.id.label("permit_id"), Permit.number, Permit.category, Permit.person_id, Permit.starts_on,
            Permit.ends_on, Permit.granted_on, Permit.post, Person.surname, Person.given_name, Person.native_name,
            Person.native_lang, Person.chinese_name, Person.nationality, Organisation.name_zh, Organisation.name_en,
        )
        .select_from(Permit)
        .join(Person, Permit.person_id == Person.id)
        .join(Organisation, Permit.organisation_id == Organisation.id)
    )  # fmt: skip


# the end that counts for an assignment: of the newest permit that was not taken away, of the current passport
_ending = aliased(Permit)
_permit_id = (
    select(_ending.id)
    .where(_ending.person_id == Assignment.person_id, _ending.state == PermitState.IN_FORCE)
    .order_by(_ending.ends_on.desc(), _ending.id.desc())
    .limit(1)
    .correlate(Assignment)
    .scalar_subquery()
)
_permit_end = (
    select(func.max(_ending.ends_on))
    .where(_ending.person_id == Assignment.person_id, _ending.state == PermitState.IN_FORCE)
    .correlate(Assignment)
    .scalar_subquery()
)
_passport_end = (
    select(func.max(Passport.expires_on))
    .where(Passport.person_id == Assignment.person_id, Passport.is_current)
    .correlate(Assignment)
    .scalar_subquery()
)
_last_contact = (
    select(func.max(Contact.on)).where(Contact.assignment_id == Assignment.id).correlate(Assignment).scalar_subquery()
)
_FAR = date.max
_next_key = func.coalesce(Assignment.next_contact_on, _FAR)
_KEYS: dict[str, Any] = {
    OVERDUE: Assignment.next_contact_on,
    SOON: Assignment.next_contact_on,
    ENDING: func.coalesce(_permit_end, _FAR),
    NEW: Permit.id,
}


def own_columns() -> Select[*tuple[Any, ...]]:
    """Every column of a line about an assignment; one row an assignment."""
    return (
        select(
            Assignment.id.label("assignment_id"), Assignment.person_id, Assignment.officer_id, Assignment.level,
            Assignment.started_on, Assignment.next_contact_on, Assignment.row_version,
            Permit.id.label("permit_id"), Permit.number, Permit.category, Permit.starts_on, Permit.ends_on,
            Permit.post, Person.surname, Person.given_name, Person.native_name, Person.native_lang,
            Person.chinese_name, Person.nationality, Organisation.name_zh, Organisation.name_en,
            Account.name.label("officer_name"), Account.name_latin.label("officer_latin"),
            _passport_end.label("passport_ends_on"), _last_contact.label("last_contact_on"),
            _permit_end.label("permit_ends_on"),
        )
        .select_from(Assignment)
        .join(Person, Assignment.person_id == Person.id)
        .join(Account, Assignment.officer_id == Account.id)
        .outerjoin(Permit, Permit.id == _permit_id)
        .outerjoin(Organisation, Permit.organisation_id == Organisation.id)
    )  # fmt: skip


def _cursor(code: str, item: Any) -> str:
    if code == NEW:
        return f"{item.granted_on.isoformat()}_{item.permit_id}"
    day = item.permit_ends_on if code == ENDING else item.next_contact_on
    return f"{(day or _FAR).isoformat()}_{item.assignment_id}"


def _place(text: str) -> tuple[date, int] | None:
    """Where the page begins; a cursor that was tampered with is no cursor."""
    day, _, number = text.rpartition("_")
    try:
        found = date.fromisoformat(day), int(number) if number.isascii() and number.isdigit() else 0
    except ValueError:
        return None
    return found if 0 < found[1] <= _LARGEST_ID else None


# --- my people ---------------------------------------------------------------------------------------------------


def people(actor: Actor, wanted: PeopleFilter | None = None) -> People:
    """Everybody this reader looks after (managers: everybody looked after), the next contact first."""
    from expertdesk.liaison.commands import liaison_accounts
    from expertdesk.liaison.rows import account_name

    wanted = wanted or PeopleFilter()
    statement = visible_assignments(own_columns(), actor)
    if wanted.officer is not None and sees_all(actor):
        statement = statement.where(Assignment.officer_id == wanted.officer)
    if wanted.level:
        statement = statement.where(Assignment.level == wanted.level)
    place = _place(wanted.after)
    if place is not None:
        day, number = place
        statement = statement.where(or_(_next_key > day, and_(_next_key == day, Assignment.id > number)))
    statement = statement.order_by(_next_key, Assignment.id)
    found = list(db.session.execute(statement.limit(PAGE_SIZE + 1)))
    officers = tuple((account.id, account_name(account)) for account in liaison_accounts())
    return People(
        rows=own_rows(found[:PAGE_SIZE], actor),
        filter=wanted,
        next=_cursor(OVERDUE, found[PAGE_SIZE - 1]) if len(found) > PAGE_SIZE else "",
        officers=officers if sees_all(actor) else (),
        levels=tuple((row.code, row.short) for row in rules_today().rows("liaison_levels")),
        sees_all=sees_all(actor),
    )


def chosen_people(assignment_ids: Sequence[int], actor: Actor) -> tuple[LiaisonRow, ...]:
    """The rows somebody ticked for a hand-over; those that are not theirs fall out."""
    if not assignment_ids:
        return ()
    statement = visible_assignments(own_columns(), actor).where(Assignment.id.in_(sorted(set(assignment_ids))))
    return own_rows(list(db.session.execute(statement.order_by(_next_key, Assignment.id))), actor)


# --- for the floors above ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OfficerCard:
    """Who looks after a person: what the expert is told."""

    name: str
    name_latin: str
    phone: str
    email: str
    since: date


def officer_of(person_id: int) -> OfficerCard | None:
    """The liaison officer of a person, for the expert's own page; None when there is none."""
    found = db.session.execute(
        select(Account, Assignment.started_on)
        .join(Assignment, Assignment.officer_id == Account.id)
        .where(Assignment.person_id == person_id, Assignment.ended_on.is_(None))
    ).first()
    if found is None:
        return None
    account, since = found
    return OfficerCard(account.name, account.name_latin, account.phone, account.email, since)
