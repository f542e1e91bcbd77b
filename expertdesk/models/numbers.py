"""Number series: one row per series and year, locked in the transaction; a gap carries its reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from expertdesk.foundation.database import Base, UtcDateTime


class Series(Base):
    __tablename__ = "series"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class SeriesGap(Base):
    """A number that was taken and not used, and why."""

    __tablename__ = "series_gap"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    year: Mapped[int] = mapped_column()
    number: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column("happened_at", UtcDateTime)
