"""What the door (web) needs of accounts: sessions in a table, the language a person chose, refusals noted.

The session table is written on a connection of its own: a request that is rolled back does not lose its session, and
saving a session never commits half of somebody's work.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update

from expertdesk.accounts import access_log, drafts
from expertdesk.accounts.drafts import KEPT_FOR
from expertdesk.foundation import clock
from expertdesk.foundation.database import db, reading, write_apart
from expertdesk.foundation.secrets import hash_token
from expertdesk.models import AccessEntry, Account, ServerSession
from expertdesk.web.guard import signed_in_actor
from expertdesk.web.sessions import LONGEST, StoredSession


class DatabaseSessions:
    """web.sessions.SessionStore on the table `server_session`. Only digests of tokens are stored."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def load(self, token: str) -> StoredSession | None:
        with reading(), db.engine.connect() as connection:
            row = connection.execute(
                select(
                    ServerSession.account_id,
                    ServerSession.data,
                    ServerSession.created_at,
                    ServerSession.seen_at,
                    ServerSession.idle_seconds,
                ).where(ServerSession.token_digest == hash_token(token))
            ).one_or_none()
        if row is None:
            return None
        return StoredSession(row.account_id, dict(row.data), row.created_at, row.seen_at, row.idle_seconds)

    def create(self, token: str, stored: StoredSession) -> None:
        """A new row at sign-in, unless the account was changed or disabled since the password was checked."""
        with write_apart() as session:
            found = session.execute(
                select(Account.is_active, Account.row_version).where(Account.id == stored.account_id).with_for_update()
            ).one_or_none()
            seen_version = stored.data.get("account_version")
            if found is None or not found.is_active or (seen_version is not None and seen_version != found.row_version):
                return
            now = clock.real_now()
            session.execute(update(Account).where(Account.id == stored.account_id).values(last_sign_in_at=now))
            session.add(
                ServerSession(
                    token_digest=hash_token(token),
                    account_id=stored.account_id,
                    created_at=stored.created_at,
                    seen_at=stored.seen_at,
                    idle_seconds=stored.idle_seconds,
                    data=stored.data,
                )
            )
            session.add(_sign_in_entry(stored.account_id, now))

    def save(self, token: str, data: dict[str, Any], seen_at: datetime) -> None:
        """Only a row that is still there: a session ended meanwhile does not come back."""
        with write_apart() as session:
            session.execute(
                update(ServerSession)
                .where(ServerSession.token_digest == hash_token(token))
                .values(data=data, seen_at=seen_at)
            )

    def delete(self, token: str) -> None:
        with write_apart() as session:
            session.execute(delete(ServerSession).where(ServerSession.token_digest == hash_token(token)))

    def keep_form(self, account_id: int, path: str, form: dict[str, list[str]]) -> None:
        drafts.keep_form(account_id, path, form)


def _sign_in_entry(account_id: int, now: datetime) -> AccessEntry:
    return AccessEntry(
        account_id=account_id,
        action="signed_in",
        record_kind="account",
        record_id=account_id,
        address=access_log.here(),
        at=now,
    )


def drop_ended_sessions() -> int:
    """For the worker: rows that ended more than a day ago. Until then a form sent with one is kept as a draft."""
    with write_apart() as session:
        ended = session.execute(
            delete(ServerSession)
            .where(ServerSession.seen_at < clock.real_now() - LONGEST - KEPT_FOR)
            .execution_options(synchronize_session=False)
        )
    return int(getattr(ended, "rowcount", 0))


def keep_language(account_id: int, language: str) -> None:
    """The language switch of a signed-in person; no new row version, nobody's edit is disturbed by it."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(language=language, chosen_language=language)
        .execution_options(synchronize_session=False)
    )


def note_refusal(permission: str, path: str) -> None:
    """A refused attempt, in a transaction of its own."""
    access_log.note_access(signed_in_actor(), "refused", "page", 0, f"{permission} {path}")
