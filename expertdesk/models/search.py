"""The search table: every name, number and phone of a record as tokens (1- and 2-grams, folded).

SQLite keeps a plain FTS5 table beside it, filled by triggers, so that whoever writes an entry writes the index in the
same transaction. PostgreSQL keeps a GIN index over the tokens as they are (array_to_tsvector: its text parser would
take numbers and hyphens apart in its own way). `create_all` and the migration use the same statements.
"""

from __future__ import annotations

from sqlalchemy import DDL, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from expertdesk.foundation.database import Base

# names of the tables that FTS5 keeps for itself begin with this: no model, ignored when migrations are made
FTS_TABLE = "search_fts"
TOKENS_INDEX = "ix_search_entry_tokens"


class SearchEntry(Base):
    """One record and what it is found by. `kind`: person, organisation, case or permit."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int] = mapped_column()
    tokens: Mapped[str] = mapped_column(Text)


CREATE = {
    "sqlite": (
        f"CREATE VIRTUAL TABLE {FTS_TABLE} USING fts5(tokens, tokenize='unicode61', prefix='2 3')",
        f"CREATE TRIGGER {FTS_TABLE}_added AFTER INSERT ON search_entry BEGIN "
        f"INSERT INTO {FTS_TABLE}(rowid, tokens) VALUES (new.id, new.tokens); END",
        f"CREATE TRIGGER {FTS_TABLE}_changed AFTER UPDATE OF tokens ON search_entry BEGIN "
        f"UPDATE {FTS_TABLE} SET tokens = new.tokens WHERE rowid = new.id; END",
        f"CREATE TRIGGER {FTS_TABLE}_removed AFTER DELETE ON search_entry BEGIN "
        f"DELETE FROM {FTS_TABLE} WHERE rowid = old.id; END",
    ),
    "postgresql": (
        f"CREATE INDEX {TOKENS_INDEX} ON search_entry USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
    ),
}

# triggers and the PostgreSQL index go with search_entry itself
DROP = {"sqlite": (f"DROP TABLE IF EXISTS {FTS_TABLE}",), "postgresql": ()}

for _dialect, _statements in CREATE.items():
    for _statement in _statements:
        event.listen(SearchEntry.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))
for _dialect, _statements in DROP.items():
    for _statement in _statements:
        event.listen(SearchEntry.__table__, "before_drop", DDL(_statement).execute_if(dialect=_dialect))
