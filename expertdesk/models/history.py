"""The history: one append-only, hash-chained list of events; and who looked at what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from expertdesk.foundation.database import Base, UtcDateTime

# SQLite numbers rows by itself only in an INTEGER column
_Number = BigInteger().with_variant(Integer, "sqlite")


class Event(Base):
    """One thing that happened. The chain hashes a salted digest of the payload, the payload stands beside it, so that
    an erasure leaves the chain whole (decisions: database and writing)."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "subject_kind", "subject_id", "id"),)

    id: Mapped[int] = mapped_column(_Number, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column()
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_role: Mapped[str] = mapped_column(String(20), default="")
    actor_name: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column("happened_at", UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rules_date: Mapped[date | None] = mapped_column()
    is_public: Mapped[bool] = mapped_column(default=False)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    salt: Mapped[str] = mapped_column(String(32))
    payload_digest: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class HistoryHead(Base):
    """The end of the chain, locked while an event is added: one row."""

    __tablename__ = "history_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int] = mapped_column(BigInteger)
    last_hash: Mapped[str] = mapped_column(String(64))


class AccessEntry(Base):
    """Who viewed, printed or exported which record, who signed in from where, and which attempts were refused."""

    __tablename__ = "access_entry"
    __table_args__ = (Index("ix_access_entry_record", "record_kind", "record_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    action: Mapped[str] = mapped_column(String(20))
    record_kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    at: Mapped[datetime] = mapped_column("happened_at", UtcDateTime, index=True)
