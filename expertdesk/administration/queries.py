"""Reads of accounts and counts. Of cases an administrator sees numbers only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select

from expertdesk.access import STAFF_ROLES, Actor, Role
from expertdesk.accounts.commands import find_account
from expertdesk.accounts.invitations import InvitationState, state_of
from expertdesk.accounts.names import RIGHT_NAMES, ROLE_NAMES, role_list
from expertdesk.accounts.queries import OpenSession, open_sessions
from expertdesk.accounts.rules import username_key
from expertdesk.administration.commands import AccountData, membership_code, organisation_names, stored_data
from expertdesk.administration.event_names import event_name
from expertdesk.foundation.database import db
from expertdesk.models import Account, AccountRole, Case, Event, Invitation
from expertdesk.regulations.current import rules_today

PAGE_SIZE = 50
_EVENTS_SHOWN = 20


@dataclass(frozen=True)
class UserLine:
    id: int
    username: str
    name: str
    name_latin: str
    roles: str
    districts: tuple[Any, ...]
    is_municipal: bool
    organisations: tuple[str, ...]
    state: str  # active, disabled, waiting (no password yet)
    last_sign_in_at: datetime | None


@dataclass(frozen=True)
class UsersPage:
    rows: tuple[UserLine, ...]
    total: int
    next_after: str
    is_first: bool


@dataclass(frozen=True)
class AccountEvent:
    at: datetime
    name: Any
    actor_name: str


@dataclass(frozen=True)
class UserPage:
    id: int
    username: str
    version: int
    is_staff: bool
    is_contact: bool
    is_self: bool
    state: str
    is_active: bool
    role_names: str
    person_id: int | None
    data: AccountData
    memberships: tuple[tuple[str, str, Any], ...]  # code, organisation, right
    created_at: datetime
    last_sign_in_at: datetime | None
    password_changed_at: datetime | None
    sessions: tuple[OpenSession, ...]
    open_address_until: datetime | None
    events: tuple[AccountEvent, ...]


@dataclass(frozen=True)
class CountLine:
    district: Any
    procedure: Any
    open: int
    total: int


def users_page(text: str = "", role: str = "", after: str = "") -> UsersPage:
    """Accounts by user name, fifty at a time."""
    conditions = _conditions(text, role)
    total = db.session.scalar(select(func.count()).select_from(Account).where(*conditions)) or 0
    statement = select(Account).where(*conditions).order_by(Account.username).limit(PAGE_SIZE + 1)
    if after:
        statement = statement.where(Account.username > after)
    rows = db.session.scalars(statement).all()
    shown = rows[:PAGE_SIZE]
    names = organisation_names(held.organisation_id for account in shown for held in account.memberships)
    return UsersPage(
        rows=tuple(_line(account, names) for account in shown),
        total=total,
        next_after=shown[-1].username if len(rows) > PAGE_SIZE else "",
        is_first=not after,
    )


def _conditions(text: str, role: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if text:
        conditions.append(
            or_(
                Account.username.contains(username_key(text), autoescape=True),
                Account.name.contains(text, autoescape=True),
                func.lower(Account.name_latin).contains(text.lower(), autoescape=True),
                func.lower(Account.email).contains(text.lower(), autoescape=True),
            )
        )
    if role:
        conditions.append(exists().where(AccountRole.account_id == Account.id, AccountRole.role == Role(role)))
    return conditions


def _line(account: Account, names: dict[int, str]) -> UserLine:
    rules = rules_today()
    return UserLine(
        id=account.id,
        username=account.username,
        name=account.name,
        name_latin=account.name_latin,
        roles=role_list(held.role for held in account.roles),
        districts=tuple(rules.name_of("districts", held.district) for held in account.districts),
        is_municipal=account.is_municipal,
        organisations=tuple(dict.fromkeys(names[held.organisation_id] for held in account.memberships)),
        state=state_code(account),
        last_sign_in_at=account.last_sign_in_at,
    )


def state_code(account: Account) -> str:
    if not account.is_active:
        return "disabled"
    return "active" if account.password_hash else "waiting"


def user_page(account_id: int, actor: Actor) -> UserPage:
    """One account for the administrator. Raises NotFound."""
    account = find_account(account_id)
    roles = {held.role for held in account.roles}
    names = organisation_names(held.organisation_id for held in account.memberships)
    return UserPage(
        id=account.id,
        username=account.username,
        version=account.row_version,
        is_staff=bool(roles & STAFF_ROLES),
        is_contact=Role.EMPLOYER in roles,
        is_self=account.id == actor.id,
        state=state_code(account),
        is_active=account.is_active,
        role_names=role_list(roles),
        person_id=account.person_id,
        data=stored_data(account),
        memberships=tuple(
            (
                membership_code(held.organisation_id, held.right),
                names[held.organisation_id],
                RIGHT_NAMES[held.right],
            )
            for held in account.memberships
        ),
        created_at=account.created_at,
        last_sign_in_at=account.last_sign_in_at,
        password_changed_at=account.password_changed_at,
        sessions=open_sessions(account.id, ""),
        open_address_until=_open_address_until(account.id),
        events=_events_of(account.id),
    )


def _open_address_until(account_id: int) -> datetime | None:
    rows = db.session.scalars(
        select(Invitation).where(Invitation.account_id == account_id, Invitation.used_at.is_(None))
    )
    return max((row.expires_at for row in rows if state_of(row) is InvitationState.OPEN), default=None)


def _events_of(account_id: int) -> tuple[AccountEvent, ...]:
    rows = db.session.scalars(
        select(Event)
        .where(Event.subject_kind == "account", Event.subject_id == account_id)
        .order_by(Event.id.desc())
        .limit(_EVENTS_SHOWN)
    )
    return tuple(AccountEvent(row.recorded_at, event_name(row.name), row.actor_name) for row in rows)


def role_counts() -> tuple[tuple[Any, int], ...]:
    """How many active accounts hold each role."""
    rows = db.session.execute(
        select(AccountRole.role, func.count())
        .join(Account, Account.id == AccountRole.account_id)
        .where(Account.is_active)
        .group_by(AccountRole.role)
    )
    found: dict[Role, int] = {row[0]: row[1] for row in rows}
    return tuple((ROLE_NAMES[role], found.get(role, 0)) for role in Role)


def case_counts() -> tuple[CountLine, ...]:
    """Cases per district and procedure: numbers, nothing else."""
    rules = rules_today()
    ended = {state for state in rules_states() if rules.state(state).is_end}
    rows = db.session.execute(
        select(Case.district, Case.procedure, Case.state, func.count()).group_by(
            Case.district, Case.procedure, Case.state
        )
    )
    totals: dict[tuple[str, str], list[int]] = {}
    for district, procedure, state, count in rows:
        line = totals.setdefault((district, procedure), [0, 0])
        line[1] += count
        if state.value not in ended:
            line[0] += count
    return tuple(
        CountLine(rules.name_of("districts", district), rules.name_of("procedures", procedure), counts[0], counts[1])
        for (district, procedure), counts in sorted(totals.items())
    )


def rules_states() -> list[str]:
    return [row.code for row in rules_today().rows("case_states")]
