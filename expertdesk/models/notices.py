"""The outbox: a message is written in the transaction of its event and sent afterwards by the worker."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from expertdesk.foundation.database import Base, UtcDateTime, code_column


class MessageState(StrEnum):
    """`shown` = no mail server is set; the message is read in the application."""

    READY = "ready"
    SENDING = "sending"
    SENT = "sent"
    SHOWN = "shown"
    DEAD = "dead"


class Message(Base):
    """Only codes and parameters are stored; the text is made in the reader's language when sent or shown."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_state_run_after", "state", "run_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dedup: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[MessageState] = code_column(MessageState, default=MessageState.READY)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[str] = mapped_column(String(120), default="")
    error: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
