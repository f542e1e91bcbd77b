"""Annual overseas-training plans (年度因公出国（境）培训计划): the plan of a year, its units and control numbers, the
training groups (团组) that the units declare, and what each round looked like when it left or came back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, Money, UtcDateTime, Versioned, code_column

if TYPE_CHECKING:
    from expertdesk.models.organisations import Organisation
    from expertdesk.models.training_groups import (
        TrainingBudget,
        TrainingDay,
        TrainingFile,
        TrainingPerson,
        TrainingPublicity,
        TrainingReport,
        TrainingReview,
    )
    from expertdesk.models.training_providers import TrainingProvider


class PlanState(StrEnum):
    """Two rounds up and two down (二上二下), in order."""

    PREPARING = "preparing"
    FIRST_SUBMISSION = "first_submission"
    FIRST_SENT = "first_sent"
    SECOND_SUBMISSION = "second_submission"
    SECOND_SENT = "second_sent"
    APPROVED = "approved"
    CLOSED = "closed"


class PlanRound(StrEnum):
    """The rounds that are kept as snapshots."""

    FIRST_SUBMISSION = "first_submission"
    FIRST_FEEDBACK = "first_feedback"
    SECOND_SUBMISSION = "second_submission"
    APPROVED = "approved"


class PlanPart(StrEnum):
    """Filed on sheets of their own: abroad, Hong Kong and Macao, Taiwan."""

    ABROAD = "abroad"
    HK_MACAO = "hk_macao"
    TAIWAN = "taiwan"


class ProjectState(StrEnum):
    """The states of a training group (training_plan_fields: row_state)."""

    DRAFT = "draft"
    DECLARED = "declared"
    RETURNED = "returned"
    BUREAU_REVIEWED = "bureau_reviewed"
    SUBMITTED_UP = "submitted_up"
    QUOTA_FEEDBACK = "quota_feedback"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLICISED = "publicised"
    TASK_APPROVED = "task_approved"
    IN_PROGRESS = "in_progress"
    REPORT_DUE = "report_due"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ADJUSTED = "adjusted"


class TrainingPlan(Versioned, Base):
    """The plan of one year. Its row is locked by everything that changes what is counted against a control number."""

    __tablename__ = "training_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    state: Mapped[PlanState] = code_column(PlanState, default=PlanState.PREPARING)
    declare_until: Mapped[date | None] = mapped_column()
    revise_until: Mapped[date | None] = mapped_column()
    notice_number: Mapped[str] = mapped_column(String(80), default="")
    approval_number: Mapped[str] = mapped_column(String(80), default="")
    approval_on: Mapped[date | None] = mapped_column()
    note: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    quotas: Mapped[list[TrainingQuota]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="TrainingQuota.id"
    )
    units: Mapped[list[TrainingUnit]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="TrainingUnit.id"
    )


class TrainingQuota(Base):
    """What comes from above for one part: the headcount (指标控制数) and the least number for medium and long terms."""

    __tablename__ = "training_quota"
    __table_args__ = (UniqueConstraint("plan_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id", ondelete="CASCADE"))
    part: Mapped[PlanPart] = code_column(PlanPart)
    headcount: Mapped[int] = mapped_column()
    mid_long_least: Mapped[int | None] = mapped_column()

    plan: Mapped[TrainingPlan] = relationship(back_populates="quotas")


class TrainingUnit(Versioned, Base):
    """A unit in the plan of a year (组团单位): control numbers, budget of the year, the number proposed next."""

    __tablename__ = "training_unit"
    __table_args__ = (UniqueConstraint("plan_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    annual_budget: Mapped[Decimal | None] = mapped_column(Money)
    next_number: Mapped[int | None] = mapped_column()
    next_reason: Mapped[str] = mapped_column(String(500), default="")

    plan: Mapped[TrainingPlan] = relationship(back_populates="units")
    organisation: Mapped[Organisation] = relationship()
    controls: Mapped[list[TrainingControl]] = relationship(cascade="all, delete-orphan", order_by="TrainingControl.id")


class TrainingControl(Base):
    """The control number of a unit for one part."""

    __tablename__ = "training_control"
    __table_args__ = (UniqueConstraint("unit_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("training_unit.id", ondelete="CASCADE"))
    part: Mapped[PlanPart] = code_column(PlanPart)
    people: Mapped[int] = mapped_column()


class TrainingProject(Versioned, Base):
    """A training group: the 31 columns of the plan table and what the limits need beside them.

    Money in yuan. `destinations` holds country codes (one, R03; more only from a sheet, and then it blocks), `cities`
    names as typed, `dispatching` names of units, `fundings` codes; `destination` is the first country. `term` is
    derived from the days and stored. `reasons` keeps the written reason for each warning: {"R15": "…"}; `adjustment`
    what the unit wants changed of an approved group. `blocks` and `warns` count what the limits found when the group or
    its unit was last changed, for sorting and counts; what is shown and what decides is judged anew.
    """

    __tablename__ = "training_project"
    __table_args__ = (
        Index("ix_training_project_plan_part_state", "plan_id", "part", "state"),
        Index("ix_training_project_plan_unit", "plan_id", "organisation_id"),
        # the list of a plan: problems first, then by number
        Index("ix_training_project_plan_blocks", "plan_id", "blocks", "warns", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id"))
    number: Mapped[str] = mapped_column(String(40), unique=True)
    state: Mapped[ProjectState] = code_column(ProjectState, default=ProjectState.DRAFT)
    part: Mapped[PlanPart] = code_column(PlanPart, default=PlanPart.ABROAD)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("training_provider.id"), index=True)

    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    dispatching: Mapped[list[str]] = mapped_column(JSON, default=list)
    key_field: Mapped[str] = mapped_column(String(20), default="")
    approval_type: Mapped[str] = mapped_column(String(12), default="")
    term: Mapped[str] = mapped_column(String(12), default="")
    destination: Mapped[str] = mapped_column(String(2), default="")
    destinations: Mapped[list[str]] = mapped_column(JSON, default=list)
    cities: Mapped[list[str]] = mapped_column(JSON, default=list)
    people_planned: Mapped[int | None] = mapped_column()
    leaders_planned: Mapped[int | None] = mapped_column()
    days: Mapped[int | None] = mapped_column()
    depart_month: Mapped[int | None] = mapped_column()
    fundings: Mapped[list[str]] = mapped_column(JSON, default=list)
    remarks: Mapped[str] = mapped_column(String(1000), default="")
    is_secret: Mapped[bool] = mapped_column(default=False)

    budget_training: Mapped[Decimal | None] = mapped_column(Money)
    budget_travel: Mapped[Decimal | None] = mapped_column(Money)
    budget_lodging: Mapped[Decimal | None] = mapped_column(Money)
    budget_meals: Mapped[Decimal | None] = mapped_column(Money)
    budget_incidentals: Mapped[Decimal | None] = mapped_column(Money)
    budget_other: Mapped[Decimal | None] = mapped_column(Money)
    budget_total: Mapped[Decimal | None] = mapped_column(Money)
    subsidy_requested: Mapped[Decimal | None] = mapped_column(Money)

    # what the limits ask for (rule_inputs)
    awards_degree: Mapped[bool] = mapped_column(default=False)
    banquet: Mapped[Decimal | None] = mapped_column(Money)
    gifts: Mapped[Decimal | None] = mapped_column(Money)
    is_for_training_only: Mapped[bool] = mapped_column(default=False)
    is_without_agents_or_family: Mapped[bool] = mapped_column(default=False)
    is_without_sponsors: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    rationale: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    blocks: Mapped[int] = mapped_column(default=0)
    warns: Mapped[int] = mapped_column(default=0)
    adjustment: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    # the decision
    review_opinion: Mapped[str] = mapped_column(String(24), default="")
    review_note: Mapped[str] = mapped_column(String(1000), default="")
    people_approved: Mapped[int | None] = mapped_column()
    subsidy_approved: Mapped[Decimal | None] = mapped_column(Money)
    approval_number: Mapped[str] = mapped_column(String(80), default="")

    # execution
    invitation_signatory: Mapped[str] = mapped_column(String(200), default="")
    task_number: Mapped[str] = mapped_column(String(80), default="")
    leave_on: Mapped[date | None] = mapped_column(index=True)
    return_on: Mapped[date | None] = mapped_column(index=True)
    people_actual: Mapped[int | None] = mapped_column()
    report_due_on: Mapped[date | None] = mapped_column(index=True)
    extended_to: Mapped[date | None] = mapped_column()
    end_code: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    plan: Mapped[TrainingPlan] = relationship()
    organisation: Mapped[Organisation] = relationship()
    provider: Mapped[TrainingProvider | None] = relationship()
    budget: Mapped[TrainingBudget | None] = relationship(cascade="all, delete-orphan", back_populates="project")
    roster: Mapped[list[TrainingPerson]] = relationship(
        cascade="all, delete-orphan", order_by="TrainingPerson.position", back_populates="project"
    )
    schedule: Mapped[list[TrainingDay]] = relationship(cascade="all, delete-orphan", order_by="TrainingDay.position")
    files: Mapped[list[TrainingFile]] = relationship(cascade="all, delete-orphan", order_by="TrainingFile.id.desc()")
    publicity: Mapped[list[TrainingPublicity]] = relationship(
        cascade="all, delete-orphan", order_by="TrainingPublicity.id"
    )
    reviews: Mapped[list[TrainingReview]] = relationship(cascade="all, delete-orphan", order_by="TrainingReview.id")
    report: Mapped[TrainingReport | None] = relationship(cascade="all, delete-orphan")


class TrainingSnapshot(Base):
    """What the plan held when a round left or came back; never edited. `rows` are the plan rows as codes and figures,
    `digest` the SHA-256 of their canonical form."""

    __tablename__ = "training_snapshot"
    __table_args__ = (UniqueConstraint("plan_id", "round", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id", ondelete="CASCADE"))
    round: Mapped[PlanRound] = code_column(PlanRound)
    serial: Mapped[int] = mapped_column(default=1)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    controls: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class TrainingImport(Base):
    """One confirmed run of unit sheets: which files, how many rows became which projects. Kept, so that sending the
    same sheets again is seen."""

    __tablename__ = "training_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id", ondelete="CASCADE"), index=True)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created: Mapped[int] = mapped_column()
    changed: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64), index=True)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
