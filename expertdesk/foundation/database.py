"""The database handle and its engine settings, the same behaviour on SQLite and PostgreSQL.

SQLite (quality §2, decisions: database and writing): WAL, synchronous=FULL, foreign keys on; a transaction that may
write begins IMMEDIATE, behind a file lock beside the database, because deferred read-then-write loses updates and
SQLite's own busy handler starves writers. PostgreSQL: synchronous_commit on.

Commands never commit: the web floor and the command line commit once per request or command.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Engine, Enum, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from expertdesk.foundation.errors import Busy

LOCK_WAIT_SECONDS = 15.0
_LOCK_POLL_SECONDS = 0.001

_writing: ContextVar[bool] = ContextVar("expertdesk_writing", default=True)
_holds_lock: ContextVar[bool] = ContextVar("expertdesk_holds_lock", default=False)


class Base(DeclarativeBase):
    """Every table inherits from this; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


class Versioned:
    """A record that people edit: a save that did not see the newest version is refused (StaleDataError → Stale)."""

    row_version: Mapped[int] = mapped_column(nullable=False, default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.row_version}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """Yuan with two decimals, stored as whole fen so that both engines keep it exactly."""

    impl = BigInteger
    cache_ok = True
    FEN = 100

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else int((Decimal(value) * self.FEN).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value) / self.FEN


E = TypeVar("E", bound=StrEnum)


def code_column(kind: type[E], **options: Any) -> Any:
    """A column for a StrEnum: its codes as text with a CHECK, on both engines."""
    return mapped_column(
        Enum(
            kind,
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=lambda members: [member.value for member in members],
            name=f"{kind.__name__.lower()}_code",
        ),
        **options,
    )


# --- transactions ----------------------------------------------------------------------------------------------


@contextmanager
def reading() -> Iterator[None]:
    """Inside the block a new transaction does not intend to write (a GET)."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def intend_to_write(value: bool) -> None:
    """Say for this context whether the next transaction may write; the web floor calls it once a request."""
    _writing.set(value)


@contextmanager
def write_apart() -> Iterator[Session]:
    """A short transaction on a connection of its own, committed at the end: access log, attempts, sessions.

    Not inside the request's own writing transaction: on SQLite the two would wait for each other.
    """
    if _holds_lock.get():
        raise RuntimeError("write_apart inside a writing transaction; use after_transaction")
    token = _writing.set(True)
    session = Session(db.engine, expire_on_commit=False)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        _writing.reset(token)


_afterwards: ContextVar[list[Callable[[], None]] | None] = ContextVar("expertdesk_afterwards", default=None)


def collect_afterwards() -> None:
    """Start an empty list of things to do once the transaction has ended."""
    _afterwards.set([])


def after_transaction(action: Callable[[], None]) -> None:
    """Do this once the present transaction is over, whatever its outcome (refused attempts, access log)."""
    waiting = _afterwards.get()
    if waiting is None or not _holds_lock.get():
        action()
    else:
        waiting.append(action)


def run_afterwards() -> None:
    """Called by the web floor after commit or rollback."""
    waiting = _afterwards.get() or []
    _afterwards.set([])
    for action in waiting:
        action()


# --- engines ---------------------------------------------------------------------------------------------------


def engine_options(url: str) -> dict[str, Any]:
    """What SQLAlchemy needs for this address."""
    if url.startswith("sqlite"):
        return {"connect_args": {"isolation_level": None, "timeout": LOCK_WAIT_SECONDS}, "pool_size": 12}
    return {"pool_pre_ping": True, "pool_size": 8, "connect_args": {"options": "-c synchronous_commit=on"}}


def init_database(app: Flask, url: str) -> None:
    """Bind the handle to an application and give its engine our transaction rules."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(url)
    db.init_app(app)
    with app.app_context():
        if url.startswith("sqlite"):
            _prepare_sqlite(db.engine, Path(url.removeprefix("sqlite:///") + ".lock"))


def _prepare_sqlite(engine: Engine, lock_path: Path) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={int(LOCK_WAIT_SECONDS * 1000)}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        if _writing.get():
            _take_lock(connection, lock_path)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "checkin")
    def _on_checkin(connection: Any, record: Any) -> None:
        handle = record.info.pop("lock", None)
        if handle is not None:
            os.close(handle)
            _holds_lock.set(False)


def _take_lock(connection: Any, path: Path) -> None:
    """Queue for the one writer's place; the lock goes with the connection back to the pool."""
    info = connection.connection.info
    if info.get("lock") is not None:
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                raise Busy(detail="another writer holds the database") from None
            time.sleep(_LOCK_POLL_SECONDS)
    info["lock"] = handle
    _holds_lock.set(True)
