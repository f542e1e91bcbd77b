"""The only place that asks the time.

`now()` and `today()` are *business* time: in demo and test mode they may be fixed or moved (EXPERTDESK_NOW, `at`).
`real_now()` is the machine's clock; sessions, codes, leases and limits use it (decisions: modes and time).
A day is a day in Asia/Shanghai, from 00:00 to 24:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_moved: ContextVar[datetime | None] = ContextVar("expertdesk_moved_clock", default=None)
_offset = timedelta(0)


def start_at(instant: datetime | None) -> None:
    """Let business time begin at `instant` (aware) and run on from there; None follows the machine again."""
    global _offset
    _offset = timedelta(0) if instant is None else instant - real_now()


def real_now() -> datetime:
    """The machine's time, aware, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time, aware, UTC."""
    moved = _moved.get()
    return moved if moved is not None else real_now() + _offset


def today() -> date:
    """The business day in Shanghai."""
    return now().astimezone(SHANGHAI).date()


def shanghai(instant: datetime) -> datetime:
    """The same instant on a Shanghai clock."""
    return instant.astimezone(SHANGHAI)


def day_of(instant: datetime) -> date:
    """The Shanghai day an instant falls on."""
    return instant.astimezone(SHANGHAI).date()


def at_shanghai(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """An instant (aware, UTC) given as a Shanghai day and time of day."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI).astimezone(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Inside the block business time stands at `instant`. For the demo bureau and tests only."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


@contextmanager
def not_before(instant: datetime) -> Iterator[None]:
    """Inside the block business time is at least `instant` (the history never runs backwards)."""
    with at(max(now(), instant)):
        yield
