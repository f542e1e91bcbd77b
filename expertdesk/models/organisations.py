"""Host organisations (用人单位), the legal applicants, and their contacts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, UtcDateTime, Versioned


class Organisation(Versioned, Base):
    """`credit_code` is the unified social credit code; a lawful old one that fails its check carries the reason."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(300), index=True)
    name_en: Mapped[str] = mapped_column(String(300), default="")
    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    credit_code_note: Mapped[str] = mapped_column(String(500), default="")
    district: Mapped[str] = mapped_column(String(12), index=True)
    industry: Mapped[str] = mapped_column(String(4), default="")
    kind: Mapped[str] = mapped_column(String(12), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    licence_ends_on: Mapped[date | None] = mapped_column()
    may_organise_groups: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    contacts: Mapped[list[OrganisationContact]] = relationship(
        cascade="all, delete-orphan", order_by="OrganisationContact.id"
    )


class OrganisationContact(Base):
    """A person at the organisation whom the bureau may call; an account is a Membership."""

    __tablename__ = "organisation_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
