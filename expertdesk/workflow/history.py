"""The history: append an event to the chain, and check the chain.

hash(n) = SHA-256(hash(n-1), id, name, subject, actor, instants, rules date, digest of the payload); the digest is
salted, so that a payload can be erased (PIPL art. 47) and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.models import Event, HistoryHead

GENESIS = "0" * 64
_BATCH = 2000


def payload_digest(salt: str, payload: dict[str, Any]) -> str:
    """SHA-256 over the salt and the payload in one canonical spelling."""
    plain = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{salt}:{plain}".encode()).hexdigest()


def chain_hash(event: Event) -> str:
    """The hash this event must carry."""
    parts = (
        event.previous_hash,
        str(event.id),
        event.name,
        event.subject_kind,
        str(event.subject_id),
        str(event.actor_id or 0),
        event.actor_role,
        event.actor_name,
        _instant(event.at),
        _instant(event.recorded_at),
        event.rules_date.isoformat() if event.rules_date else "",
        "1" if event.is_public else "0",
        event.payload_digest,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _instant(value: datetime) -> str:
    return value.isoformat(timespec="microseconds")


def lock_history(session: Session) -> HistoryHead:
    """Hold the end of the chain until the transaction is over: every writer of a change queues here, and here first."""
    held = select(HistoryHead).with_for_update().execution_options(populate_existing=True)
    head = session.execute(held).scalar_one_or_none()
    if head is None:
        # the first event of an installation; two at once make one row
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(HistoryHead).values(id=1, last_id=0, last_hash=GENESIS).on_conflict_do_nothing())
        head = session.execute(held).scalar_one()
    return head


def append_event(
    session: Session,
    name: str,
    subject_kind: str,
    subject_id: int,
    actor: Actor,
    *,
    payload: dict[str, Any] | None = None,
    rules_date: date | None = None,
    is_public: bool = False,
    at: datetime | None = None,
) -> Event:
    """Write one event in the present transaction. `payload` holds codes and plain values only."""
    event = _next_event(
        lock_history(session), name, subject_kind, subject_id, actor, payload or {}, rules_date, is_public, at
    )
    session.add(event)
    return event


def append_events(
    session: Session, name: str, subject_kind: str, payloads: Mapping[int, dict[str, Any]], actor: Actor
) -> None:
    """The same event for many subjects (id → payload) in one go: the end of the chain is read once."""
    head = lock_history(session)
    session.add_all(
        [
            _next_event(head, name, subject_kind, subject_id, actor, payload, None, False, None)
            for subject_id, payload in payloads.items()
        ]
    )


def _next_event(
    head: HistoryHead, name: str, subject_kind: str, subject_id: int, actor: Actor, plain: dict[str, Any],
    rules_date: date | None, is_public: bool, at: datetime | None,
) -> Event:  # fmt: skip
    """The event after the end of the chain; moves the end."""
    salt = secrets.token_hex(16)
    role = actor.main_role
    event = Event(
        id=head.last_id + 1,
        name=name,
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor_id=actor.id or None,
        actor_role="system" if actor.is_system else (role.value if role else ""),
        actor_name=actor.name,
        at=at or clock.now(),
        recorded_at=clock.real_now(),
        rules_date=rules_date,
        is_public=is_public,
        payload=plain,
        salt=salt,
        payload_digest=payload_digest(salt, plain),
        previous_hash=head.last_hash,
    )
    event.hash = chain_hash(event)
    head.last_id = event.id
    head.last_hash = event.hash
    return event


def first_bad_event(session: Session) -> tuple[int, str] | None:
    """Walk the whole chain; the number of the first event that does not fit and why, or None when all is well.

    The end of the chain is read first: what a running desk adds meanwhile is left for the next walk.
    """
    last, last_hash = _head(session)
    expected, previous = 1, GENESIS
    while True:
        span = select(Event).where(Event.id >= expected, Event.id <= last).order_by(Event.id).limit(_BATCH)
        batch = session.scalars(span.execution_options(populate_existing=True)).all()
        if not batch:
            break
        for event in batch:
            fault = _fault(event, expected, previous)
            if fault:
                return event.id if fault != "missing" else expected, fault
            expected, previous = event.id + 1, event.hash
        session.expunge_all()
    if last != expected - 1:
        return expected, "missing"
    if previous != last_hash:
        return last, "head"
    return _behind_the_end(session, last)


def _head(session: Session) -> tuple[int, str]:
    row = session.execute(select(HistoryHead.last_id, HistoryHead.last_hash)).one_or_none()
    return (row[0], row[1]) if row else (0, GENESIS)


def _behind_the_end(session: Session, last: int) -> tuple[int, str] | None:
    """An event after the end of the chain, while the end has not moved on, was put there by hand."""
    extra = session.scalar(select(Event.id).where(Event.id > last).order_by(Event.id).limit(1))
    return (extra, "head") if extra is not None and _head(session)[0] == last else None


def _fault(event: Event, expected: int, previous: str) -> str:
    if event.id != expected:
        return "missing"
    if event.previous_hash != previous:
        return "order"
    if event.payload_digest != payload_digest(event.salt, event.payload):
        return "payload"
    if event.hash != chain_hash(event):
        return "fields"
    return ""
