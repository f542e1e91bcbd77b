"""Signing in: who it is, without telling a stranger more than yes or no, and without holding a person up.

The password is checked outside every transaction (Argon2 takes its time, the writer's place must not wait for it). An
unknown name, a wrong password, a disabled account and an account without a password take the same steps.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from expertdesk.access import Actor
from expertdesk.accounts import access_log, limits, passwords, rules
from expertdesk.accounts.actors import actor_of
from expertdesk.foundation import clock
from expertdesk.foundation.database import db, reading, write_apart
from expertdesk.foundation.installed import vault
from expertdesk.models import Account

IDLE_STAFF_SECONDS = 15 * 60
IDLE_SECONDS = 30 * 60
KNOWN_FOR_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True)
class SignedIn:
    """What a new session begins with."""

    actor: Actor
    account_version: int
    idle_seconds: int
    must_change: bool


@dataclass(frozen=True)
class Refused:
    """`wait` seconds when there were too many tries, else name or password is wrong."""

    wait: int = 0


def idle_seconds(actor: Actor) -> int:
    return IDLE_STAFF_SECONDS if actor.is_staff else IDLE_SECONDS


def sign_in(username: str, password: str, address: str, known: str = "") -> SignedIn | Refused:
    """`known` is the cookie of a browser that has signed in before (see `known_browser`)."""
    key = rules.username_key(username)
    account_id, stored, is_active = _look_up(key)
    begun = limits.begin_try("sign_in", key, address, known=_known_bucket(known, account_id))
    if begun.wait:
        return Refused(begun.wait)
    matches = passwords.password_matches(stored, password)
    if not matches or not is_active or account_id is None:
        access_log.note_failed_sign_in(key)
        return Refused()
    begun.succeeded()
    if passwords.is_outdated(stored):
        _hash_again(account_id, stored, password)
    return session_values(account_id)


def session_values(account_id: int) -> SignedIn:
    """What a session of this account begins with, as the rights stand now."""
    with reading(), Session(db.engine) as session:
        account = session.get_one(Account, account_id)
        actor = actor_of(account)
        policy = passwords.policy_of(is_staff=actor.is_staff)
        must_change = rules.is_too_old(policy, account.password_changed_at, clock.real_now())
        return SignedIn(actor, account.row_version, idle_seconds(actor), must_change)


def _look_up(key: str) -> tuple[int | None, str, bool]:
    with reading(), db.engine.connect() as connection:
        row = connection.execute(
            select(Account.id, Account.password_hash, Account.is_active).where(Account.username == key)
        ).one_or_none()
    return (None, "", False) if row is None else (row.id, row.password_hash, row.is_active)


def _hash_again(account_id: int, stored: str, password: str) -> None:
    fresh = passwords.hash_password(password)
    with write_apart() as session:
        session.execute(
            update(Account)
            .where(Account.id == account_id, Account.password_hash == stored)
            .values(password_hash=fresh)
            .execution_options(synchronize_session=False)
        )


# --- browsers that have signed in before -------------------------------------------------------------------------


def known_browser(account_id: int) -> str:
    """A signed note for this browser: its failures are counted apart from those of strangers."""
    return str(_notes().dumps([account_id, secrets.token_hex(8)]))


def _known_bucket(note: str, account_id: int | None) -> str:
    if not note:
        return ""
    try:
        found: Any = _notes().loads(note, max_age=KNOWN_FOR_SECONDS)
    except BadSignature:
        return ""
    is_own = isinstance(found, list) and len(found) == 2 and found[0] == account_id
    return f"{found[0]}|{found[1]}" if is_own else ""


def _notes() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(vault().signing_key("known browser"))


def check_own_password_tries(account_id: int, address: str) -> limits.Try:
    """A stolen open session may not guess the password either."""
    return limits.begin_try("sign_in", f"own|{account_id}", address)
