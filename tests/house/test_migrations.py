"""Numbered migrations, up and down, with rows in the tables, on both engines; the newest equals the models."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text

from expertdesk.foundation.database import Base, db
from expertdesk.models import Account, Organisation, Person, PersonName
from tests.conftest import ENGINES, make_app
from tests.engines import Engine, PostgresEngine, SqliteEngine
from tests.world import build_world

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
NUMBERS = sorted(path.name.partition("_")[0] for path in VERSIONS.glob("*.py"))


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database without any table, with an application context pushed."""
    kind = SqliteEngine if request.param == "sqlite" else PostgresEngine
    engine = kind(Path(tempfile.mkdtemp(prefix="expertdesk-migrations-")))
    engine.app = make_app(engine)
    with engine.app.app_context():
        yield engine
        db.session.rollback()
        db.session.remove()
    engine.stop()


def test_numbers_follow_each_other():
    wanted = [f"{number:04}" for number in range(1, len(NUMBERS) + 1)]
    assert wanted == NUMBERS


def test_the_newest_schema_equals_the_models(empty):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
        assert compare_metadata(context, Base.metadata) == []


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    return not (name or "").startswith("search_fts") and name != "ix_search_entry_tokens"


def test_up_down_and_up_again_leaves_no_table(empty):
    upgrade()
    downgrade(revision="base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    upgrade()
    assert "search_entry" in inspect(db.engine).get_table_names()


@pytest.mark.parametrize("number", NUMBERS[:-1])
def test_rows_and_their_children_outlive_the_way_down_and_up(empty, number):
    """Everything that stands in tables of earlier migrations is still there, children included."""
    upgrade()
    build_world()
    before = _counts()
    assert all(before.values())
    db.session.remove()
    downgrade(revision=number)
    assert _counts() == before
    db.session.remove()
    upgrade()
    assert _counts() == before
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


def _counts() -> dict[str, int]:
    kinds = (Person, PersonName, Organisation, Account)
    return {kind.__tablename__: db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds}
