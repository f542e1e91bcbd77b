"""Liaison service: who looks after a foreign expert once the permit is in force, and what was said."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, UtcDateTime, Versioned

if TYPE_CHECKING:
    from expertdesk.models.accounts import Account
    from expertdesk.models.people import Person


class Assignment(Versioned, Base):
    """Exactly one active officer per person at a time; the history is kept."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_active_person",
            "person_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_assignment_officer_ended", "officer_id", "ended_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    level: Mapped[str] = mapped_column(String(4), default="L0")
    started_on: Mapped[date] = mapped_column()
    ended_on: Mapped[date | None] = mapped_column()
    next_contact_on: Mapped[date | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    handover_note: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship()
    officer: Mapped[Account] = relationship()
    contacts: Mapped[list[Contact]] = relationship(order_by="Contact.id.desc()")


class Contact(Base):
    """One contact with the person: how, what, and when the next one is promised."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    on: Mapped[date] = mapped_column("contact_on")
    summary: Mapped[str] = mapped_column(Text)
    next_on: Mapped[date | None] = mapped_column()
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
