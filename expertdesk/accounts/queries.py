"""Reads for the account page: the own account and where it is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.accounts.commands import find_account
from expertdesk.accounts.names import RIGHT_NAMES, role_list
from expertdesk.accounts.passwords import policy_of
from expertdesk.accounts.rules import PasswordPolicy
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import current_language
from expertdesk.models import AccessEntry, ServerSession
from expertdesk.regulations.current import rules_today
from expertdesk.web.sessions import LONGEST

_RECENT = 10


@dataclass(frozen=True)
class OpenSession:
    """One browser that is signed in. `key` is the digest of its token, useless as a token."""

    key: str
    browser: str
    address: str
    since: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class SignInLine:
    at: datetime
    is_failure: bool
    address: str


@dataclass(frozen=True)
class AccountPage:
    username: str
    name: str
    roles: str
    email: str
    phone: str
    window: str
    districts: tuple[Any, ...]
    is_municipal: bool
    memberships: tuple[tuple[str, Any], ...]
    password_changed_at: datetime | None
    policy: PasswordPolicy
    sessions: tuple[OpenSession, ...]
    sign_ins: tuple[SignInLine, ...]
    must_change: bool


def account_page(actor: Actor, this_session: str, must_change: bool) -> AccountPage:
    """The own account. `this_session` is the digest of the session the page is read with."""
    account = find_account(actor.id)
    rules = rules_today()
    return AccountPage(
        username=account.username,
        name=account.name,
        roles=role_list(held.role for held in account.roles),
        email=account.email,
        phone=account.phone,
        window=account.window,
        districts=tuple(rules.name_of("districts", held.district) for held in account.districts),
        is_municipal=account.is_municipal,
        memberships=tuple(
            (_organisation_name(held.organisation), RIGHT_NAMES[held.right]) for held in account.memberships
        ),
        password_changed_at=account.password_changed_at,
        policy=policy_of(is_staff=actor.is_staff),
        sessions=open_sessions(actor.id, this_session),
        sign_ins=_recent_sign_ins(actor.id),
        must_change=must_change,
    )


def _organisation_name(organisation: Any) -> str:
    is_english = current_language() == "en" and organisation.name_en
    return organisation.name_en if is_english else organisation.name_zh


def open_sessions(account_id: int, this_session: str) -> tuple[OpenSession, ...]:
    """Browsers that are signed in now, this one first, then by last use."""
    now = clock.real_now()
    rows = db.session.scalars(
        select(ServerSession)
        .where(ServerSession.account_id == account_id, ServerSession.created_at > now - LONGEST)
        .order_by(ServerSession.seen_at.desc(), ServerSession.token_digest)
    ).all()
    found = [
        OpenSession(
            key=row.token_digest,
            browser=str(row.data.get("browser", "")),
            address=str(row.data.get("address", "")),
            since=row.created_at,
            seen_at=row.seen_at,
            is_this=row.token_digest == this_session,
        )
        for row in rows
        if row.seen_at + timedelta(seconds=row.idle_seconds) > now or row.token_digest == this_session
    ]
    return tuple(sorted(found, key=lambda item: not item.is_this))


def _recent_sign_ins(account_id: int) -> tuple[SignInLine, ...]:
    rows = db.session.scalars(
        select(AccessEntry)
        .where(
            AccessEntry.record_kind == "account",
            AccessEntry.record_id == account_id,
            AccessEntry.action.in_(("signed_in", "sign_in_failed")),
        )
        .order_by(AccessEntry.id.desc())
        .limit(_RECENT)
    )
    return tuple(SignInLine(row.at, row.action == "sign_in_failed", row.address) for row in rows)
