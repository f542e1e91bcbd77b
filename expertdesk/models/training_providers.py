"""The register of overseas training institutions (境外培训机构库)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expertdesk.foundation.database import Base, UtcDateTime, Versioned, code_column


class ProviderState(StrEnum):
    """Active, under watch, or out after poor evaluations (优胜劣汰)."""

    ACTIVE = "active"
    WATCH = "watch"
    EXITED = "exited"


class TrainingProvider(Versioned, Base):
    """`signatories` are the names the institution has authorised to sign invitations (R14)."""

    __tablename__ = "training_provider"
    __table_args__ = (UniqueConstraint("name_en", "country"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name_en: Mapped[str] = mapped_column(String(300))
    name_zh: Mapped[str] = mapped_column(String(300), default="", index=True)
    country: Mapped[str] = mapped_column(String(2), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    level: Mapped[str] = mapped_column(String(32), default="other")
    operating_unit: Mapped[str] = mapped_column(String(300))
    authorised_person: Mapped[str] = mapped_column(String(200))
    signatories: Mapped[list[str]] = mapped_column(JSON, default=list)
    office_in_china: Mapped[str] = mapped_column(String(300), default="")
    authorised_until: Mapped[date | None] = mapped_column()
    state: Mapped[ProviderState] = code_column(ProviderState, default=ProviderState.ACTIVE)
    note: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
