"""Programmes for introducing experts (引进外国专家项目): calls of a year, applications of organisations with their
experts, budget and annexes, the review, and what was decided. What follows an approval stands in program_runs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, Money, UtcDateTime, Versioned, code_column

if TYPE_CHECKING:
    from expertdesk.models.accounts import Account
    from expertdesk.models.organisations import Organisation
    from expertdesk.models.people import Person
    from expertdesk.models.program_runs import ProgramChange, ProgramReport, ProgramRun, ProgramSettlement, ProgramVisit


class ProgramState(StrEnum):
    """The way of an application (rule table program_states). Written by workflow.perform alone."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CHECKED = "checked"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    PROPOSED = "proposed"
    PUBLICISED = "publicised"
    APPROVED = "approved"
    RUNNING = "running"
    SETTLED = "settled"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    LAPSED = "lapsed"


class ProgramCall(Versioned, Base):
    """A call for applications: kind of programme, window, quota, funds, indicators it asks for. Organisations see it
    from `announced_on`."""

    __tablename__ = "program_call"
    __table_args__ = (Index("ix_program_call_year_id", "year", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    notice_number: Mapped[str] = mapped_column(String(80), default="")
    opens_on: Mapped[date] = mapped_column()
    closes_on: Mapped[date] = mapped_column()
    quota: Mapped[int | None] = mapped_column()
    unit_quota: Mapped[int | None] = mapped_column()
    funds: Mapped[Decimal | None] = mapped_column(Money)
    indicators: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(2000), default="")
    announced_on: Mapped[date | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    applications: Mapped[list[ProgramApplication]] = relationship(
        back_populates="call", order_by="ProgramApplication.id", viewonly=True
    )


class ProgramApplication(Versioned, Base):
    """What an organisation applies for. Money in yuan, person-months with two decimals.

    `indicators` maps a code to the target, `base` holds the answers to the template checks of a 111 base
    ({"CHINESE": 12, "TOP100": true, …} and "reason"). `proposed_*` come from the decision meeting, `*_approved` from
    the approval.
    """

    __tablename__ = "program_application"
    __table_args__ = (
        Index("ix_program_application_call_state", "call_id", "state"),
        Index("ix_program_application_organisation_id_id", "organisation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("program_call.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[ProgramState] = code_column(ProgramState, default=ProgramState.DRAFT)

    title: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    field: Mapped[str] = mapped_column(String(12), default="")
    priority_field: Mapped[str] = mapped_column(String(12), default="")
    secrecy: Mapped[str] = mapped_column(String(12), default="open")
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    unit_rank: Mapped[int | None] = mapped_column()
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    need: Mapped[str] = mapped_column(Text, default="")
    tasks: Mapped[str] = mapped_column(Text, default="")
    partners: Mapped[str] = mapped_column(Text, default="")
    ip_terms: Mapped[str] = mapped_column(Text, default="")
    goals: Mapped[str] = mapped_column(Text, default="")
    indicators: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    base: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    review_due_on: Mapped[date | None] = mapped_column()
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("program_meeting.id"))
    proposed_funds: Mapped[Decimal | None] = mapped_column(Money)
    proposed_months: Mapped[Decimal | None] = mapped_column(Money)
    decision_note: Mapped[str] = mapped_column(String(1000), default="")
    publicity_from: Mapped[date | None] = mapped_column()
    publicity_to: Mapped[date | None] = mapped_column()
    objection: Mapped[str] = mapped_column(String(1000), default="")
    objection_answer: Mapped[str] = mapped_column(String(1000), default="")
    approval_number: Mapped[str] = mapped_column(String(80), default="")
    approved_on: Mapped[date | None] = mapped_column()
    funds_approved: Mapped[Decimal | None] = mapped_column(Money)
    months_approved: Mapped[Decimal | None] = mapped_column(Money)
    started_on: Mapped[date | None] = mapped_column()
    extended_to: Mapped[date | None] = mapped_column()
    closed_on: Mapped[date | None] = mapped_column()
    closing_note: Mapped[str] = mapped_column(String(1000), default="")
    grade: Mapped[str] = mapped_column(String(12), default="")
    evaluation: Mapped[str] = mapped_column(Text, default="")
    end_reason: Mapped[str] = mapped_column(String(1000), default="")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    call: Mapped[ProgramCall] = relationship(back_populates="applications")
    organisation: Mapped[Organisation] = relationship()
    meeting: Mapped[ProgramMeeting | None] = relationship()
    experts: Mapped[list[ProgramExpert]] = relationship(
        cascade="all, delete-orphan", order_by="ProgramExpert.position, ProgramExpert.id", back_populates="application"
    )
    budget: Mapped[list[ProgramBudgetLine]] = relationship(
        cascade="all, delete-orphan", order_by="ProgramBudgetLine.id"
    )
    files: Mapped[list[ProgramFile]] = relationship(cascade="all, delete-orphan", order_by="ProgramFile.id")
    reviews: Mapped[list[ProgramReview]] = relationship(
        cascade="all, delete-orphan", order_by="ProgramReview.id", back_populates="application"
    )
    runs: Mapped[list[ProgramRun]] = relationship(cascade="all, delete-orphan", order_by="ProgramRun.year")
    visits: Mapped[list[ProgramVisit]] = relationship(
        cascade="all, delete-orphan", order_by="ProgramVisit.entered_on, ProgramVisit.id"
    )
    reports: Mapped[list[ProgramReport]] = relationship(cascade="all, delete-orphan", order_by="ProgramReport.id")
    changes: Mapped[list[ProgramChange]] = relationship(cascade="all, delete-orphan", order_by="ProgramChange.id")
    settlement: Mapped[ProgramSettlement | None] = relationship(cascade="all, delete-orphan")


class ProgramExpert(Base):
    """An expert of an application. Linked to the register of people when the passport is on file; what was typed stays
    as it was declared. `visits` × `visit_days` and `months_requested` are the work plan."""

    __tablename__ = "program_expert"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("program_application.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(String(16), default="lead")
    surname: Mapped[str] = mapped_column(String(200))
    given_name: Mapped[str] = mapped_column(String(200), default="")
    chinese_name: Mapped[str] = mapped_column(String(80), default="")
    sex: Mapped[str] = mapped_column(String(1), default="9")
    birth_on: Mapped[date] = mapped_column()
    nationality: Mapped[str] = mapped_column(String(2))
    passport_number: Mapped[str] = mapped_column(String(40), default="")
    degree: Mapped[str] = mapped_column(String(12), default="")
    employer: Mapped[str] = mapped_column(String(300), default="")
    post: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    record: Mapped[str] = mapped_column(Text, default="")
    grants: Mapped[str] = mapped_column(Text, default="")
    works: Mapped[str] = mapped_column(Text, default="")
    mode: Mapped[str] = mapped_column(String(12), default="visits")
    entry_on: Mapped[date | None] = mapped_column()
    visits: Mapped[int] = mapped_column(default=1)
    visit_days: Mapped[int] = mapped_column(default=0)
    months_requested: Mapped[Decimal] = mapped_column(Money)
    tasks: Mapped[str] = mapped_column(String(1000), default="")
    left_on: Mapped[date | None] = mapped_column()

    application: Mapped[ProgramApplication] = relationship(back_populates="experts")
    person: Mapped[Person | None] = relationship()

    @property
    def latin_name(self) -> str:
        return f"{self.surname} {self.given_name}".strip()


class ProgramBudgetLine(Base):
    """One item of the budget: asked of the programme, added by the organisation, approved, spent."""

    __tablename__ = "program_budget_line"
    __table_args__ = (UniqueConstraint("application_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("program_application.id", ondelete="CASCADE"))
    item: Mapped[str] = mapped_column(String(16))
    subsidy: Mapped[Decimal] = mapped_column(Money)
    own: Mapped[Decimal] = mapped_column(Money)
    basis: Mapped[str] = mapped_column(String(500), default="")
    approved: Mapped[Decimal | None] = mapped_column(Money)
    spent: Mapped[Decimal | None] = mapped_column(Money)
    own_spent: Mapped[Decimal | None] = mapped_column(Money)


class ProgramFile(Base):
    """An annex: the original as it came and the cleaned copy that is served."""

    __tablename__ = "program_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("program_application.id", ondelete="CASCADE"), index=True)
    document: Mapped[str] = mapped_column(String(16))
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("program_expert.id", ondelete="SET NULL"))
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(60))
    original_key: Mapped[str] = mapped_column(String(80))
    original_sha256: Mapped[str] = mapped_column(String(64))
    clean_key: Mapped[str] = mapped_column(String(80))
    clean_sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    pages: Mapped[int] = mapped_column(default=1)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProgramReview(Base):
    """One reviewer of an application: an account, or somebody outside whose signed opinion the manager enters.

    `has_conflict` empty = not declared yet; a reviewer with a conflict falls out. `scores` maps criterion to points; it
    is shown to nobody else before every review is in.
    """

    __tablename__ = "program_review"
    __table_args__ = (
        UniqueConstraint("application_id", "reviewer_id"),
        Index("ix_program_review_reviewer_id_id", "reviewer_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("program_application.id", ondelete="CASCADE"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outside_name: Mapped[str] = mapped_column(String(200), default="")
    outside_body: Mapped[str] = mapped_column(String(300), default="")
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    has_conflict: Mapped[bool | None] = mapped_column()
    conflict_note: Mapped[str] = mapped_column(String(500), default="")
    scores: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    total: Mapped[int | None] = mapped_column()
    recommendation: Mapped[str] = mapped_column(String(12), default="")
    opinion: Mapped[str] = mapped_column(Text, default="")
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    application: Mapped[ProgramApplication] = relationship(back_populates="reviews")
    reviewer: Mapped[Account | None] = relationship(foreign_keys=[reviewer_id])


class ProgramMeeting(Base):
    """The decision meeting of a call; what it decided stands with each application."""

    __tablename__ = "program_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("program_call.id"), index=True)
    held_on: Mapped[date] = mapped_column()
    chair: Mapped[str] = mapped_column(String(200))
    attendees: Mapped[str] = mapped_column(String(1000), default="")
    minutes_number: Mapped[str] = mapped_column(String(80), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
