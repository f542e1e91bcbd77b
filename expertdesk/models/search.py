"""The search table: every name, number and phone of a record as tokens (1- and 2-grams, folded).

SQLite keeps an FTS5 table beside it, PostgreSQL a GIN index over to_tsvector (see the migration).
"""

from __future__ import annotations

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expertdesk.foundation.database import Base


class SearchEntry(Base):
    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column()
    tokens: Mapped[str] = mapped_column(Text)
