"""Runs the migrations (Flask-Migrate). One transaction for all; on SQLite foreign keys are off while a table is rebuilt
and checked afterwards, because a batch rebuild with them on deletes the rows of child tables."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine, text

import expertdesk.models  # noqa: F401 - the tables
from expertdesk.models.search import FTS_TABLE, TOKENS_INDEX

TARGET = current_app.extensions["migrate"].db.metadata


def _engine() -> Engine:
    return current_app.extensions["migrate"].db.engine


def include_name(name: str | None, kind: str, parent_names: Any) -> bool:
    """The full-text table with its shadows and the index over the tokens are no models."""
    if name is None:
        return True
    return not (kind == "table" and name.startswith(FTS_TABLE)) and not (kind == "index" and name == TOKENS_INDEX)


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """A migration stands on its own: our column types are written as what they are in the database."""
    plain = {"UtcDateTime": "sa.DateTime(timezone=True)", "Money": "sa.BigInteger()"}
    found = plain.get(type(item).__name__) if kind == "type" else None
    return found if found is not None else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=TARGET,
        include_name=include_name,
        render_item=render_item,
        compare_type=True,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"rows without their parent after the migration: {broken[:5]}")


def main() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        run(given)
        return
    engine = _engine()
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # takes effect outside a transaction only
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            try:
                run(connection)
            finally:
                connection.rollback()
                raw.execute("PRAGMA foreign_keys=ON")
        else:
            run(connection)


main()
