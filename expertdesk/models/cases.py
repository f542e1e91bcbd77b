"""A case: one application about one foreign expert, its clocks, corrections and judgements."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, Money, UtcDateTime, Versioned, code_column

if TYPE_CHECKING:
    from expertdesk.models.accounts import Account
    from expertdesk.models.letters import Letter
    from expertdesk.models.organisations import Organisation
    from expertdesk.models.papers import Paper
    from expertdesk.models.people import Passport, Person
    from expertdesk.models.permits import Permit


class CaseState(StrEnum):
    """decisions: states. Written by workflow.perform alone; pauses are records, overdue is computed."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_CORRECTION = "in_correction"
    ACCEPTED = "accepted"
    RECOMMENDED = "recommended"
    GRANTED = "granted"
    REFUSED = "refused"
    DELIVERED = "delivered"
    CLOSED = "closed"
    NOT_ACCEPTED = "not_accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Case(Versioned, Base):
    """`facts` holds what the applicant claims for the category (shape of `rules classify`); `rules_date` is the day
    whose rules judge the case, the first submission date (D-PT-01). `intake_key` is the mark of the form it was entered
    on, so that the same form sent twice makes one case."""

    __tablename__ = "case"
    __table_args__ = (
        Index("ix_case_state_district_id", "state", "district", "id"),
        Index("ix_case_officer_state", "officer_id", "state"),
        Index("ix_case_district_id", "district", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    intake_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    procedure: Mapped[str] = mapped_column(String(40))
    state: Mapped[CaseState] = code_column(CaseState, default=CaseState.DRAFT)
    district: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey("passport.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("organisation_contact.id"))
    previous_permit_id: Mapped[int | None] = mapped_column(ForeignKey("permit.id", use_alter=True))

    in_country_ground: Mapped[str] = mapped_column(String(12), default="")
    ground_reason: Mapped[str] = mapped_column(String(500), default="")
    embassy: Mapped[str] = mapped_column(String(200), default="")
    entry_on: Mapped[date | None] = mapped_column()
    post: Mapped[str] = mapped_column(String(200), default="")
    post_en: Mapped[str] = mapped_column(String(200), default="")
    occupation: Mapped[str] = mapped_column(String(12), default="")
    duties: Mapped[str] = mapped_column(String(1000), default="")
    employment_basis: Mapped[str] = mapped_column(String(20), default="CONTRACT")
    contract_start_on: Mapped[date | None] = mapped_column()
    contract_end_on: Mapped[date | None] = mapped_column()
    is_open_ended: Mapped[bool] = mapped_column(default=False)
    salary_month: Mapped[Decimal | None] = mapped_column(Money)
    salary_year: Mapped[Decimal | None] = mapped_column(Money)
    claimed_category: Mapped[str] = mapped_column(String(1), default="")
    category: Mapped[str] = mapped_column(String(1), default="")
    main_criterion: Mapped[str] = mapped_column(String(12), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    circumstances: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    received_on: Mapped[date] = mapped_column()
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_on: Mapped[date | None] = mapped_column()
    is_deemed_accepted: Mapped[bool] = mapped_column(default=False)
    decided_on: Mapped[date | None] = mapped_column()
    rules_date: Mapped[date] = mapped_column()
    rule_region: Mapped[str] = mapped_column(String(40), default="Beijing")
    access_code_digest: Mapped[str] = mapped_column(String(64), default="")

    officer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recommended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recommendation: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship()
    passport: Mapped[Passport] = relationship()
    organisation: Mapped[Organisation] = relationship()
    officer: Mapped[Account | None] = relationship(foreign_keys=[officer_id])
    previous_permit: Mapped[Permit | None] = relationship(foreign_keys=[previous_permit_id])
    papers: Mapped[list[Paper]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="Paper.position"
    )
    clocks: Mapped[list[CaseClock]] = relationship(cascade="all, delete-orphan", order_by="CaseClock.id")
    corrections: Mapped[list[Correction]] = relationship(cascade="all, delete-orphan", order_by="Correction.id")
    judgements: Mapped[list[Judgement]] = relationship(cascade="all, delete-orphan", order_by="Judgement.id")
    letters: Mapped[list[Letter]] = relationship(back_populates="case", order_by="Letter.id")


class CaseClock(Base):
    """One step of a case and its limits: a ledger row. Counting starts the day after `started_on`.

    `promised_due_on`, `statutory_due_on` are dates worked out with the calendar known then (recomputed when a new
    calendar is loaded), never a state. `ended_on` empty = running; at most one runs.
    """

    __tablename__ = "case_clock"
    __table_args__ = (
        Index("ix_case_clock_ended_promised", "ended_on", "promised_due_on"),
        Index("ix_case_clock_ended_statutory", "ended_on", "statutory_due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    started_on: Mapped[date] = mapped_column()
    promised_wd: Mapped[int | None] = mapped_column()
    promised_layer: Mapped[str] = mapped_column(String(20), default="")
    statutory_wd: Mapped[int | None] = mapped_column()
    promised_due_on: Mapped[date | None] = mapped_column()
    statutory_due_on: Mapped[date | None] = mapped_column()
    is_provisional: Mapped[bool] = mapped_column(default=False)
    extended_wd: Mapped[int] = mapped_column(default=0)
    extension: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ended_on: Mapped[date | None] = mapped_column()

    pauses: Mapped[list[ClockPause]] = relationship(cascade="all, delete-orphan", order_by="ClockPause.id")


class ClockPause(Base):
    """A time that does not count (行政许可法 art. 45: statutory; D-PR-05: promised only), told in writing.

    Both days are excluded from the count; `layer` is `both` or `promised`.
    """

    __tablename__ = "clock_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("case_clock.id", ondelete="CASCADE"), index=True)
    reason_code: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(500), default="")
    layer: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Correction(Base):
    """One correction notice: everything that is missing, told once (行政许可法 art. 32)."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), index=True)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"))
    issued_on: Mapped[date | None] = mapped_column()
    due_on: Mapped[date | None] = mapped_column(index=True)
    is_extended: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    later_reason: Mapped[str] = mapped_column(Text, default="")

    items: Mapped[list[CorrectionItem]] = relationship(cascade="all, delete-orphan", order_by="CorrectionItem.id")


class CorrectionItem(Base):
    """A paper, what is wrong with it (place and date) and what would be enough, in both languages. `is_extra`: the
    checklist did not require it; the officer asks for it all the same (checklist letter W)."""

    __tablename__ = "correction_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id", ondelete="CASCADE"), index=True)
    document: Mapped[str] = mapped_column(String(60))
    reason_code: Mapped[str] = mapped_column(String(12))
    problem_zh: Mapped[str] = mapped_column(String(500))
    problem_en: Mapped[str] = mapped_column(String(500))
    demand_zh: Mapped[str] = mapped_column(String(500))
    demand_en: Mapped[str] = mapped_column(String(500))
    is_extra: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Verdict(StrEnum):
    PROVED = "proved"
    ASK = "ask"
    NOT_USED = "not_used"


class Judgement(Base):
    """What an officer decided on one criterion, with the reason; the newest counts."""

    __tablename__ = "judgement"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id", ondelete="CASCADE"), index=True)
    criterion: Mapped[str] = mapped_column(String(12))
    verdict: Mapped[Verdict] = code_column(Verdict)
    reason: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
