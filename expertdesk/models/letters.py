"""Letters as issued: stored bytes, digest, wording version, rules date. A correction is a new letter naming the old."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, UtcDateTime, code_column

if TYPE_CHECKING:
    from expertdesk.models.cases import Case
    from expertdesk.models.permits import Permit


class LetterKind(StrEnum):
    RECEIPT = "RECEIPT"
    ACCEPTANCE_NOTICE = "ACCEPTANCE_NOTICE"
    CORRECTION_NOTICE = "CORRECTION_NOTICE"
    NON_ACCEPTANCE_NOTICE = "NON_ACCEPTANCE_NOTICE"
    NOTIFICATION_LETTER = "NOTIFICATION_LETTER"
    GRANT_DECISION = "GRANT_DECISION"
    REFUSAL_DECISION = "REFUSAL_DECISION"


class LetterStatus(StrEnum):
    """Expired is computed from `valid_until`."""

    ISSUED = "issued"
    REPLACED = "replaced"
    REVOKED = "revoked"


class Letter(Base):
    """`context` is the frozen context it was printed from; `file_key` leads to the stored bytes."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LetterKind] = code_column(LetterKind)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    permit_id: Mapped[int | None] = mapped_column(ForeignKey("permit.id"), index=True)
    number_zh: Mapped[str] = mapped_column(String(80), unique=True)
    number_en: Mapped[str] = mapped_column(String(80), default="")
    code: Mapped[str] = mapped_column(String(16), unique=True)
    status: Mapped[LetterStatus] = code_column(LetterStatus, default=LetterStatus.ISSUED)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    issued_on: Mapped[date] = mapped_column()
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    valid_until: Mapped[date | None] = mapped_column()
    holder_initials: Mapped[str] = mapped_column(String(80), default="")
    passport_tail: Mapped[str] = mapped_column(String(12), default="")
    wording_version: Mapped[str] = mapped_column(String(40))
    rules_date: Mapped[date] = mapped_column()
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    left_out: Mapped[list[Any]] = mapped_column(JSON, default=list)
    file_key: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    pages: Mapped[int] = mapped_column()
    sealed_on: Mapped[date | None] = mapped_column()
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    case: Mapped[Case] = relationship(back_populates="letters")
    permit: Mapped[Permit | None] = relationship()
