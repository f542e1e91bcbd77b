"""What a training group carries with it: budget, roster, schedule, papers, publicity, reviews, report."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, Money, UtcDateTime, code_column

if TYPE_CHECKING:
    from expertdesk.models.training import TrainingProject


class TrainingBudget(Base):
    """How the amounts of a group were worked out: what was typed, and the lines as computed on that day.

    `inputs` holds stays, training days, host flags, fares by rank, exchange rates with date and source, amounts entered
    where no standard exists; `lines` each line with rate, count, amount and source. An approved budget is never
    computed again.
    """

    __tablename__ = "training_budget"

    project_id: Mapped[int] = mapped_column(ForeignKey("training_project.id", ondelete="CASCADE"), primary_key=True)
    edition: Mapped[str] = mapped_column(String(12))
    first_day_on: Mapped[date] = mapped_column()
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)
    over_standard: Mapped[list[str]] = mapped_column(JSON, default=list)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    computed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    project: Mapped[TrainingProject] = relationship(back_populates="budget")


class TrainingPerson(Base):
    """One name of the roster. The passport number is encrypted; `passport_token` and `person_token` are blind indexes
    by which the same person is found in another group of the year (R17), whatever the unit."""

    __tablename__ = "training_person"
    __table_args__ = (Index("ix_training_person_project_position", "project_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("training_project.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    name: Mapped[str] = mapped_column(String(120))
    sex: Mapped[str] = mapped_column(String(1), default="9")
    birth_on: Mapped[date | None] = mapped_column()
    unit: Mapped[str] = mapped_column(String(300), default="")
    post: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    rank: Mapped[str] = mapped_column(String(32), default="other")
    political_status: Mapped[str] = mapped_column(String(20), default="")
    language_level: Mapped[str] = mapped_column(String(120), default="")
    passport: Mapped[str] = mapped_column(String(400), default="")
    passport_token: Mapped[str] = mapped_column(String(64), default="", index=True)
    person_token: Mapped[str] = mapped_column(String(64), default="", index=True)
    is_leader: Mapped[bool] = mapped_column(default=False)
    is_leading_official: Mapped[bool] = mapped_column(default=False)
    is_specialist: Mapped[bool] = mapped_column(default=False)
    last_trip_on: Mapped[date | None] = mapped_column()
    health: Mapped[str] = mapped_column(String(120), default="")
    remarks: Mapped[str] = mapped_column(String(500), default="")

    project: Mapped[TrainingProject] = relationship(back_populates="roster")


class TrainingDay(Base):
    """One entry of the schedule. `kind` is a code of training_day_kinds (lecture, discussion, visit, other)."""

    __tablename__ = "training_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("training_project.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    day: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(String(16))
    hours: Mapped[Decimal] = mapped_column(Money)
    topic: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(300), default="")
    speaker: Mapped[str] = mapped_column(String(200), default="")


class TrainingFile(Base):
    """A stored paper of a group; `kind` is a code of training_attachments. The cleaned copy is what is served."""

    __tablename__ = "training_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("training_project.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
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


class PublicityPhase(StrEnum):
    """Inside the unit, before leaving and after coming back."""

    BEFORE = "before"
    AFTER = "after"


class TrainingPublicity(Base):
    """A publicity record (公示): from when to when, where, and the text."""

    __tablename__ = "training_publicity"
    __table_args__ = (UniqueConstraint("project_id", "phase"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("training_project.id", ondelete="CASCADE"))
    phase: Mapped[PublicityPhase] = code_column(PublicityPhase)
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date] = mapped_column()
    place: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    objections: Mapped[str] = mapped_column(String(1000), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewSide(StrEnum):
    """The two separate opinions of the review form (财行〔2013〕516号, annex 1)."""

    TASK = "task"
    FINANCE = "finance"


class TrainingReview(Base):
    """One side of the task and budget review form. `answers` maps the line of the form to what was written."""

    __tablename__ = "training_review"
    __table_args__ = (UniqueConstraint("project_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("training_project.id", ondelete="CASCADE"))
    side: Mapped[ReviewSide] = code_column(ReviewSide)
    body: Mapped[str] = mapped_column(String(200))
    on: Mapped[date] = mapped_column("reviewed_on")
    basis: Mapped[str] = mapped_column(String(500), default="")
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    is_agreed: Mapped[bool] = mapped_column()
    opinion: Mapped[str] = mapped_column(String(1000), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrainingReport(Base):
    """What came home: dates, people, hours, costs by item, passports, results (report_fields).

    `costs` maps each budget column to the final amount in yuan as text; `differences` what settlement found beside the
    approved people, days, route and budget; scores are 1 to 5.
    """

    __tablename__ = "training_report"

    project_id: Mapped[int] = mapped_column(ForeignKey("training_project.id", ondelete="CASCADE"), primary_key=True)
    reported_on: Mapped[date] = mapped_column()
    leave_on: Mapped[date] = mapped_column()
    return_on: Mapped[date] = mapped_column()
    people: Mapped[int] = mapped_column()
    cities: Mapped[list[str]] = mapped_column(JSON, default=list)
    inviter: Mapped[str] = mapped_column(String(300), default="")
    tasks_done: Mapped[str] = mapped_column(Text)
    lecture_hours: Mapped[Decimal] = mapped_column(Money)
    visit_hours: Mapped[Decimal] = mapped_column(Money)
    passports_returned_on: Mapped[date | None] = mapped_column()
    discipline: Mapped[str] = mapped_column(String(1000), default="")
    costs: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    cost_total: Mapped[Decimal] = mapped_column(Money)
    paid_by_host: Mapped[Decimal | None] = mapped_column(Money)
    over_standard: Mapped[str] = mapped_column(String(1000), default="")
    results: Mapped[str] = mapped_column(Text)
    follow_up: Mapped[str] = mapped_column(Text, default="")
    trainee_score: Mapped[int | None] = mapped_column()
    provider_score: Mapped[int | None] = mapped_column()
    is_accepted: Mapped[bool] = mapped_column(default=False)
    accepted_note: Mapped[str] = mapped_column(String(1000), default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
