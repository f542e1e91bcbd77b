"""Work permits. One number for a person for life (D-PR-09); a permit is a span of validity under that number."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, UtcDateTime, Versioned, code_column

if TYPE_CHECKING:
    from expertdesk.models.cases import Case
    from expertdesk.models.organisations import Organisation
    from expertdesk.models.people import Person


class PermitState(StrEnum):
    """Lapsed and expired are computed from `ends_on`, never stored."""

    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


class Permit(Versioned, Base):
    """`case` is the case that granted it; an extension names the permit before it as `previous`."""

    __tablename__ = "permit"
    __table_args__ = (
        Index("ix_permit_state_ends_on", "state", "ends_on"),
        Index("ix_permit_district_id", "district", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), unique=True)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("permit.id"))
    state: Mapped[PermitState] = code_column(PermitState, default=PermitState.IN_FORCE)
    category: Mapped[str] = mapped_column(String(1))
    main_criterion: Mapped[str] = mapped_column(String(12), default="")
    post: Mapped[str] = mapped_column(String(200), default="")
    district: Mapped[str] = mapped_column(String(12))
    starts_on: Mapped[date] = mapped_column()
    ends_on: Mapped[date] = mapped_column()
    months: Mapped[int] = mapped_column()
    end_cause: Mapped[str] = mapped_column(String(40), default="")
    granted_on: Mapped[date] = mapped_column()
    ended_on: Mapped[date | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()
    case: Mapped[Case] = relationship(foreign_keys=[case_id])
    previous: Mapped[Permit | None] = relationship(remote_side=[id])
