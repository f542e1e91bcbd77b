"""Files of big plans that the worker makes in the background, for the person who asked for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from expertdesk.foundation.database import Base, UtcDateTime, code_column

if TYPE_CHECKING:
    from expertdesk.models.training import TrainingPlan


class ExportState(StrEnum):
    """`running` belongs to the worker that holds it until `locked_until`; then another one may take it up."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class TrainingExport(Base):
    """One file of a plan that somebody asked for. `name` is what was asked for (plan-zh.xlsx), `part` one part or "".

    `stamp` tells the state of the data the file was made from: the same stamp, the same file. `percent` is what the
    worker has done of it. `error` is a code, `error_parameters` what its sentence needs; the file itself lies in the
    store under `file_key`.
    """

    __tablename__ = "training_export"
    __table_args__ = (
        Index("ix_training_export_account_id_id", "account_id", "id"),
        Index("ix_training_export_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("training_plan.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(24))
    part: Mapped[str] = mapped_column(String(12), default="")
    state: Mapped[ExportState] = code_column(ExportState, default=ExportState.WAITING)
    percent: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(120), default="")
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(40), default="")
    error_parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    file_name: Mapped[str] = mapped_column(String(120), default="")
    media_type: Mapped[str] = mapped_column(String(80), default="")
    file_key: Mapped[str] = mapped_column(String(80), default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    size: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    plan: Mapped[TrainingPlan] = relationship()
