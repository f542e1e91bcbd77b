"""After the approval of an application: yearly runs, visits, reports, changes, settlement. And the introduction plan
of a year, whose fulfilment is counted from what is on file."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, Money, UtcDateTime, Versioned
from expertdesk.models.programs import ProgramExpert


class ProgramRun(Base):
    """The share of one calendar year: what is planned for it and what was spent."""

    __tablename__ = "program_run"
    __table_args__ = (UniqueConstraint("application_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("program_application.id", ondelete="CASCADE"))
    year: Mapped[int] = mapped_column()
    months: Mapped[Decimal] = mapped_column(Money)
    funds: Mapped[Decimal] = mapped_column(Money)
    spent: Mapped[Decimal | None] = mapped_column(Money)
    note: Mapped[str] = mapped_column(String(1000), default="")


class ProgramVisit(Base):
    """One stay of one expert, from entering to leaving, both days counted. Person-months done follow from these."""

    __tablename__ = "program_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("program_application.id", ondelete="CASCADE"), index=True)
    expert_id: Mapped[int] = mapped_column(ForeignKey("program_expert.id", ondelete="CASCADE"), index=True)
    entered_on: Mapped[date] = mapped_column(index=True)
    left_on: Mapped[date] = mapped_column()
    days: Mapped[int] = mapped_column()
    work: Mapped[str] = mapped_column(String(1000), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    expert: Mapped[ProgramExpert] = relationship()


class ProgramReport(Base):
    """A progress report, annual summary or result report; `indicators` maps a code to what was reached."""

    __tablename__ = "program_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("program_application.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    year: Mapped[int] = mapped_column()
    reported_on: Mapped[date] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    spent: Mapped[Decimal | None] = mapped_column(Money)
    indicators: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProgramChange(Base):
    """A change the organisation asks for; `wanted` takes effect when it is agreed. `is_agreed` empty = open."""

    __tablename__ = "program_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("program_application.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(1000))
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_on: Mapped[date] = mapped_column()
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    is_agreed: Mapped[bool | None] = mapped_column()
    decided_on: Mapped[date | None] = mapped_column()
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answer: Mapped[str] = mapped_column(String(1000), default="")


class ProgramSettlement(Base):
    """The settlement: filed by the organisation with the amounts on the budget lines, accepted by a manager."""

    __tablename__ = "program_settlement"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("program_application.id", ondelete="CASCADE"), primary_key=True
    )
    filed_on: Mapped[date] = mapped_column()
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    explanation: Mapped[str] = mapped_column(Text, default="")
    accepted_on: Mapped[date | None] = mapped_column()
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")


class IntroductionPlan(Versioned, Base):
    """The annual plan for introducing experts (年度引才计划)."""

    __tablename__ = "introduction_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    document_number: Mapped[str] = mapped_column(String(80), default="")
    adopted_on: Mapped[date | None] = mapped_column()
    note: Mapped[str] = mapped_column(String(2000), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    targets: Mapped[list[IntroductionTarget]] = relationship(
        cascade="all, delete-orphan", order_by="IntroductionTarget.id"
    )


class IntroductionTarget(Base):
    """One figure of the plan: an indicator, for the whole city (`district` empty) or for a district."""

    __tablename__ = "introduction_target"
    __table_args__ = (UniqueConstraint("plan_id", "indicator", "district"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("introduction_plan.id", ondelete="CASCADE"))
    indicator: Mapped[str] = mapped_column(String(24))
    district: Mapped[str] = mapped_column(String(12), default="")
    target: Mapped[int] = mapped_column()
