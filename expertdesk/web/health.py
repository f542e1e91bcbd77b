"""Is it alive, is it ready, how is it doing: addresses for whoever watches the installation (contract: addresses)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, abort, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.installed import settings
from expertdesk.foundation.secrets import same
from expertdesk.web.guard import public

# (name, help, value) of what is counted in the database
Figures = Callable[[], Iterable[tuple[str, str, float]]]
_STARTED = time.monotonic()


def health_blueprint(bureau_on: Callable[[Any], Any], figures: Figures) -> Blueprint:
    """`bureau_on` shows that rules answer; `figures` come from the floors above."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    @public("tells only that the process answers")
    def alive() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @blueprint.get("/readyz")
    @public("names parts, no data")
    def ready() -> Response:
        parts = {
            "database": _database(),
            "files": _files(),
            "rules": _is_well(lambda: bureau_on(clock.today())),
        }
        body = "".join(f"{name}: {'ok' if fine else 'not ready'}\n" for name, fine in parts.items())
        status = 200 if all(parts.values()) else 503
        headers = {} if status == 200 else {"Retry-After": "5"}
        return Response(body, status=status, headers=headers, content_type="text/plain; charset=utf-8")

    @blueprint.get("/metrics")
    @public("guarded by the metrics token; closed when none is set")
    def metrics() -> Response:
        token = settings().metrics_token
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token or not same(given, token):
            abort(404)
        lines = [*_lines("expertdesk_up_seconds", "Seconds since this process started", time.monotonic() - _STARTED)]
        for name, meaning, value in figures():
            lines += _lines(f"expertdesk_{name}", meaning, value)
        return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")

    return blueprint


def _lines(name: str, meaning: str, value: float) -> list[str]:
    plain, _, labels = name.partition("{")
    shown = f"{plain}{{{labels}" if labels else plain
    return [f"# HELP {plain} {meaning}", f"# TYPE {plain} gauge", f"{shown} {value:g}"]


def _database() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def _files() -> bool:
    folder = settings().storage_folder
    return os.access(folder if folder.exists() else settings().home, os.W_OK)


def _is_well(ask: Callable[[], Any]) -> bool:
    try:
        ask()
    except Exception:  # whatever it is, the part does not answer
        return False
    return True
