"""Papers of a case: what is required, what was supplied, until when it is valid."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, UtcDateTime, code_column

if TYPE_CHECKING:
    from expertdesk.models.cases import Case


class PaperState(StrEnum):
    """How the paper is supplied. What is *required* is worked out from the checklist table, not stored here."""

    MISSING = "missing"
    UPLOADED = "uploaded"
    ORIGINAL_SEEN = "original_seen"
    COMMITTED = "committed"
    DEFERRED = "deferred"
    REUSED = "reused"


class PaperCheck(StrEnum):
    UNCHECKED = "unchecked"
    IN_ORDER = "in_order"
    PROBLEM = "problem"


class Paper(Base):
    """One line of the checklist of one case."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("case_id", "document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"))
    document: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    requirement: Mapped[str] = mapped_column(String(20))
    state: Mapped[PaperState] = code_column(PaperState, default=PaperState.MISSING)
    check: Mapped[PaperCheck] = code_column(PaperCheck, default=PaperCheck.UNCHECKED, name="check_result")
    issued_on: Mapped[date | None] = mapped_column()
    valid_until: Mapped[date | None] = mapped_column()
    due_on: Mapped[date | None] = mapped_column(index=True)
    pages: Mapped[int] = mapped_column(default=0)
    reason_code: Mapped[str] = mapped_column(String(12), default="")
    problem_zh: Mapped[str] = mapped_column(String(500), default="")
    problem_en: Mapped[str] = mapped_column(String(500), default="")
    demand_zh: Mapped[str] = mapped_column(String(500), default="")
    demand_en: Mapped[str] = mapped_column(String(500), default="")
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    case: Mapped[Case] = relationship(back_populates="papers")
    versions: Mapped[list[PaperVersion]] = relationship(
        back_populates="paper", cascade="all, delete-orphan", order_by="PaperVersion.id.desc()"
    )


class PaperVersion(Base):
    """A stored file: the original as it came and the cleaned copy that is served (quality §1, files)."""

    __tablename__ = "paper_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(60))
    is_translation: Mapped[bool] = mapped_column(default=False)
    original_key: Mapped[str] = mapped_column(String(80))
    original_sha256: Mapped[str] = mapped_column(String(64))
    clean_key: Mapped[str] = mapped_column(String(80))
    clean_sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    pages: Mapped[int] = mapped_column(default=1)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    paper: Mapped[Paper] = relationship(back_populates="versions")
