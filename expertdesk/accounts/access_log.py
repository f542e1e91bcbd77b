"""Who looked at what, who signed in, what was refused: written apart from the request's transaction, so that it stays
whatever becomes of that.

A page that is looked at again and again within ten minutes is one entry; printing, downloading, exporting and refusals
are each an entry of their own.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import has_request_context, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from expertdesk.access import Actor
from expertdesk.accounts.names import role_list
from expertdesk.accounts.rules import username_key
from expertdesk.foundation import clock
from expertdesk.foundation.database import after_transaction, db, write_apart
from expertdesk.foundation.errors import Busy
from expertdesk.foundation.locale import lazy
from expertdesk.models import AccessEntry, Account

log = logging.getLogger("expertdesk")

ACTION_NAMES: dict[str, Any] = {
    "viewed": lazy("Viewed"),
    "printed": lazy("Printed"),
    "downloaded": lazy("Downloaded"),
    "exported": lazy("Exported"),
    "refused": lazy("Refused"),
    "signed_in": lazy("Signed in"),
    "signed_out": lazy("Signed out"),
    "sign_in_failed": lazy("Sign-in failed"),
}

RECORD_NAMES: dict[str, Any] = {
    "account": lazy("Account"),
    "case": lazy("Case"),
    "document": lazy("Paper"),
    "history": lazy("History"),
    "letter": lazy("Letter"),
    "list": lazy("List"),
    "organisation": lazy("Organisation"),
    "page": lazy("Page"),
    "paper": lazy("Paper"),
    "permit": lazy("Permit"),
    "person": lazy("Expert"),
    "program": lazy("Programme application"),
    "training_plan": lazy("Overseas-training plan"),
    "training_project": lazy("Training group"),
}

_SAME_VIEW = timedelta(minutes=10)
_REMEMBERED = 4096
_DETAIL_LONGEST = 200


class _RecentViews:
    """What this process noted as viewed lately; forgotten when the engine's connections are renewed."""

    def __init__(self) -> None:
        self._pool: Any = None
        self._seen: OrderedDict[tuple[Any, ...], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def is_repeated(self, key: tuple[Any, ...], now: datetime) -> bool:
        with self._lock:
            if self._pool is not db.engine.pool:
                self._pool = db.engine.pool
                self._seen.clear()
            last = self._seen.get(key)
            if last is not None and now - last < _SAME_VIEW:
                return True
            self._seen[key] = now
            self._seen.move_to_end(key)
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            return False


_recent = _RecentViews()


def note_access(actor: Actor | None, action: str, record_kind: str, record_id: int, detail: str = "") -> None:
    """Note it once the present transaction is over. A log that cannot be written never takes the page away."""
    now = clock.real_now()
    account_id = (actor.id or None) if actor is not None else None
    if action == "viewed" and _recent.is_repeated((account_id, record_kind, record_id, detail), now):
        return
    entry = {
        "account_id": account_id,
        "action": action,
        "record_kind": record_kind,
        "record_id": record_id,
        "detail": detail[:_DETAIL_LONGEST],
        "address": here() if action not in _WITHOUT_ADDRESS else "",
        "at": now,
    }
    after_transaction(lambda: _write(entry))


# of reading one's daily work no address is kept; of signing in and of refusals it is
_WITHOUT_ADDRESS = frozenset({"viewed", "printed"})


def here() -> str:
    """The address the request came from."""
    return (request.remote_addr or "")[:45] if has_request_context() else ""


def _write(entry: dict[str, Any]) -> None:
    try:
        with write_apart() as session:
            session.add(AccessEntry(**entry))
    except (Busy, OperationalError) as problem:
        log.error("the access log could not be written: %s", type(problem).__name__)


def note_failed_sign_in(username: str) -> None:
    """A wrong password; for a name that is no account the entry names none (what was typed may be a password)."""
    with write_apart() as session:
        account_id = session.scalar(select(Account.id).where(Account.username == username_key(username)))
        session.add(
            AccessEntry(
                account_id=account_id,
                action="sign_in_failed",
                record_kind="account",
                record_id=account_id or 0,
                address=here(),
                at=clock.real_now(),
            )
        )


# --- reading ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AccessLine:
    """One entry as a page shows it. `office` says which kind of office looked, for the person the record is about."""

    at: datetime
    action: str
    action_name: Any
    account_id: int | None
    name: str
    office: str
    detail: str


def entries_of(record_kind: str, record_id: int, limit: int = 100) -> tuple[AccessLine, ...]:
    """Who used this record, newest first. The caller's policy decides who may see names and who only the office."""
    rows = db.session.execute(
        select(AccessEntry, Account)
        .outerjoin(Account, Account.id == AccessEntry.account_id)
        .where(AccessEntry.record_kind == record_kind, AccessEntry.record_id == record_id)
        .order_by(AccessEntry.id.desc())
        .limit(limit)
    )
    return tuple(
        AccessLine(
            at=entry.at,
            action=entry.action,
            action_name=ACTION_NAMES.get(entry.action, entry.action),
            account_id=entry.account_id,
            name=account.name if account is not None else "",
            office=role_list(held.role for held in account.roles) if account is not None else "",
            detail=entry.detail,
        )
        for entry, account in rows
    )
