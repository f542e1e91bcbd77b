"""How often something secret may be tried: failures counted in a table, across processes, on a connection of its own.

Counted per target and address, per address, and for everybody together. Waiting grows with each failure, never beyond
15 minutes, and failures older than 15 minutes are forgotten: a stranger can hold nobody up for longer. A browser that
has signed in before counts by itself (see signing_in.py), so a stranger does not hold it up at all.

`begin_try` counts and notes in one step, so that a hundred tries at once do not slip through between the two.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from expertdesk.foundation import clock
from expertdesk.foundation.database import after_transaction, db, reading, write_apart
from expertdesk.foundation.installed import settings, vault
from expertdesk.models import Attempt

WINDOW = timedelta(minutes=15)
LONGEST_WAIT = 900
_KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Bound:
    """So many failures are free; the next waits `first` seconds, each further one twice as long, up to `longest`."""

    free: int
    first: int
    longest: int = LONGEST_WAIT

    def wait_after(self, failures: int) -> int:
        if failures < self.free:
            return 0
        return min(self.longest, self.first * 2 ** min(failures - self.free, 20))


# by kind: (target and address, address, everybody)
BOUNDS: dict[str, tuple[Bound, Bound, Bound]] = {
    "sign_in": (Bound(5, 30), Bound(30, 5), Bound(500, 1, 15)),
    "access_code": (Bound(5, 30), Bound(20, 15), Bound(500, 1, 15)),
    "verify": (Bound(10, 15), Bound(40, 5), Bound(1000, 1, 15)),
    "invitation": (Bound(5, 30), Bound(10, 30), Bound(300, 1, 15)),
}


def address_key(address: str) -> str:
    """An IPv6 visitor owns a whole /64: counted as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)


def too_many(kind: str, *keys: str) -> int:
    """Seconds to wait before the next try; 0 = go on. The last key is the address."""
    if not settings().rate_limits:
        return 0
    with reading(), Session(db.engine) as session:
        return _wait(session, kind, _buckets(kind, keys))


def note_failure(kind: str, *keys: str) -> None:
    """One more failed try; written as soon as the present transaction lets go of the writer's place."""
    if not settings().rate_limits:
        return
    buckets = _buckets(kind, keys)

    def write() -> None:
        with write_apart() as session:
            _note(session, kind, buckets)

    after_transaction(write)


@dataclass(frozen=True)
class Try:
    """A try that was counted beforehand. `wait` > 0: it may not go on. Call `succeeded` when it was no failure."""

    wait: int
    kind: str = ""
    ids: tuple[int, ...] = ()
    own_key: str = ""

    def succeeded(self) -> None:
        """Take the count back, and with it the failures of this target from this address."""
        if not self.ids:
            return
        with write_apart() as session:
            session.execute(delete(Attempt).where(Attempt.id.in_(self.ids)))
            if self.own_key:
                session.execute(delete(Attempt).where(Attempt.kind == self.kind, Attempt.key == self.own_key))


def begin_try(kind: str, *keys: str, known: str = "") -> Try:
    """Count first, then try. `known` names a browser that counts by itself instead of by address."""
    if not settings().rate_limits:
        return Try(0)
    buckets = _known_bucket(kind, known) if known else _buckets(kind, keys)
    with write_apart() as session:
        _queue(session, kind)
        wait = _wait(session, kind, buckets)
        if wait:
            return Try(wait)
        ids = _note(session, kind, buckets)
    own = next((key for key, bound in buckets.items() if bound is BOUNDS[kind][0]), "")
    return Try(0, kind, ids, own)


def _buckets(kind: str, keys: Iterable[str]) -> dict[str, Bound]:
    own, address, everybody = BOUNDS[kind]
    *target, last = keys
    place = address_key(last)
    named = {f"address|{place}": address, "everybody": everybody}
    if target:
        named = {"|".join(("own", *target, place)): own, **named}
    return {_digest(kind, name): bound for name, bound in named.items()}


def _known_bucket(kind: str, known: str) -> dict[str, Bound]:
    return {_digest(kind, f"known|{known}"): BOUNDS[kind][0]}


def _digest(kind: str, name: str) -> str:
    # the table tells neither names nor addresses
    return vault().blind_index(f"{kind}|{name}", purpose="attempts")


def _queue(session: Session, kind: str) -> None:
    """One at a time per kind. On SQLite the beginning of the transaction waits for the writer's place."""
    session.connection()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:kind))"), {"kind": f"attempt|{kind}"})


def _wait(session: Session, kind: str, buckets: dict[str, Bound]) -> int:
    now = clock.real_now()
    rows = session.execute(
        select(Attempt.key, func.count(), func.max(Attempt.at))
        .where(Attempt.kind == kind, Attempt.key.in_(buckets), Attempt.at > now - WINDOW)
        .group_by(Attempt.key)
    )
    longest = 0
    for key, failures, last in rows:
        wait = buckets[key].wait_after(failures)
        if wait:
            longest = max(longest, _whole_seconds(last + timedelta(seconds=wait) - now))
    return longest


def _whole_seconds(span: timedelta) -> int:
    return max(0, -int(-span.total_seconds() // 1))


def _note(session: Session, kind: str, buckets: dict[str, Bound]) -> tuple[int, ...]:
    now = clock.real_now()
    session.execute(delete(Attempt).where(Attempt.at < now - _KEPT))
    rows = [Attempt(kind=kind, key=key, at=now) for key in buckets]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)
