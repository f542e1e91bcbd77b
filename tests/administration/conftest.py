"""Fixtures of the administration pages: an officer's cases, counted queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from expertdesk.foundation.database import db
from tests.accounts.conftest import is_signed_in, set_back, sign_in, with_settings

__all__ = ["is_signed_in", "set_back", "sign_in", "with_settings"]


@pytest.fixture
def counted(app):
    """with counted() as statements: … → every statement that was sent to the database."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(connection, cursor, statement, parameters, context, executemany) -> None:
            if not statement.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
                statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return count
