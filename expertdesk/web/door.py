"""Puts the door together: order matters, and stands here once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request, session
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from expertdesk.access import Actor
from expertdesk.foundation.database import collect_afterwards, db, intend_to_write, run_afterwards
from expertdesk.foundation.errors import Busy
from expertdesk.settings import Settings
from expertdesk.web.assets import Assets
from expertdesk.web.failures import failure_page, init_failures
from expertdesk.web.guard import init_guard, undeclared
from expertdesk.web.headers import init_headers
from expertdesk.web.health import Figures, health_blueprint
from expertdesk.web.language import init_language, language_blueprint
from expertdesk.web.rendering import init_rendering
from expertdesk.web.sessions import DeskSessionInterface, SessionStore

HERE = Path(__file__).parent
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_MEGABYTE = 1024 * 1024
# ten papers of 10 MB in one intake form
LARGEST_REQUEST = 110 * _MEGABYTE


@dataclass(frozen=True)
class Hooks:
    """What the factory hands in from the floors above."""

    sessions: SessionStore
    bureau_on: Callable[[date], Any]
    keep_language: Callable[[int, str], None]
    note_refusal: Callable[[str, str], None]
    figures: Figures
    sign_in_endpoint: str = "accounts.sign_in"


csrf = CSRFProtect()


def init_web(app: Flask, settings: Settings, hooks: Hooks) -> None:
    """Make the application answer safely; capabilities register their blueprints afterwards."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * _MEGABYTE,
        MAX_FORM_PARTS=500,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.session_interface = DeskSessionInterface(hooks.sessions, secure=settings.is_https)
    login = LoginManager(app)
    login.session_protection = None  # type: ignore[assignment]

    @login.user_loader
    def load(account_id: str) -> Actor | None:
        plain = session.get("actor")
        return Actor.from_json(plain) if plain else None

    assets = Assets(HERE / "static")
    app.register_blueprint(assets.blueprint())
    _init_transactions(app)
    init_language(app, allow_pseudo=settings.mode == "test")
    csrf.init_app(app)
    init_guard(app, hooks.sign_in_endpoint)
    init_headers(app, is_https=settings.is_https)
    init_rendering(app, settings, assets, hooks.bureau_on)
    init_failures(app, hooks.note_refusal, hooks.sign_in_endpoint)
    app.register_blueprint(language_blueprint(hooks.keep_language))
    app.register_blueprint(health_blueprint(hooks.bureau_on, hooks.figures))


def _init_transactions(app: Flask) -> None:
    """One transaction a request: committed when the answer is good, else rolled back, before it is sent."""

    @app.before_request
    def begin() -> None:
        intend_to_write(request.method not in SAFE_METHODS)
        collect_afterwards()
        if g.pop("session_store_away", False):
            raise Busy(detail="the sessions could not be read")

    @app.after_request
    def end(response: Response) -> Response:
        if response.status_code < 400 and request.method not in SAFE_METHODS:
            try:
                db.session.commit()
            except (Busy, OperationalError):
                response = _not_saved(response)
        db.session.rollback()
        run_afterwards()
        return response


def _not_saved(response: Response) -> Response:
    """The commit failed: nothing was acknowledged, so the answer says so; the headers already put on stay."""
    db.session.rollback()
    answer = failure_page(503, headers={"Retry-After": "5"})
    for name, value in response.headers.items():
        if name not in {"Location", "Content-Type", "Content-Length", "ETag"}:
            answer.headers.setdefault(name, value)
    return answer


def check_doors(app: Flask) -> list[str]:
    """Views that say neither who may call them nor why they are public."""
    return undeclared(app)
