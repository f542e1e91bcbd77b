"""Puts the house together: settings → database, rules, languages → door → capabilities.

`create_app(settings)` is what `app.py`, the command line and the tests call. A bad rule table, a missing catalogue or
a view without a declared permission stops it with a sentence.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import func, select

from expertdesk import regulations
from expertdesk.foundation import clock, installed
from expertdesk.foundation.database import db, init_database
from expertdesk.foundation.locale import load_catalogues
from expertdesk.models import Case, CaseState, Event, Message, MessageState
from expertdesk.regulations import current
from expertdesk.settings import Settings
from expertdesk.web import Hooks, init_web
from expertdesk.web.door import check_doors

ROOT = Path(__file__).parent
PROJECT = ROOT.parent
# from the ground up: a later one may link to an earlier one, never call back
CAPABILITIES = (
    "accounts", "experts", "cases", "permits", "intake", "training", "programs", "liaison", "desk", "portal",
    "administration",
)  # fmt: skip


def carried(name: str) -> Path:
    """A folder that stands beside the package in a checkout and inside it in an installed wheel."""
    inside = ROOT / name
    return inside if inside.is_dir() else PROJECT / name


def create_app(settings: Settings) -> Flask:
    """A Flask application for these settings; the data folder must have been prepared (see `server.prepare`)."""
    app = Flask("expertdesk", root_path=str(ROOT), static_folder=None, template_folder="web/templates")
    installed.install(app, settings)
    clock.start_at(settings.business_now)
    load_catalogues(carried("translations"))
    rules = regulations.load(settings.overrides_folder if settings.overrides_folder.is_dir() else None)
    current.install(rules, settings.rule_region)
    init_database(app, settings.database_url)
    Migrate(app, db, directory=str(carried("migrations")), compare_type=True, render_as_batch=True)
    _open_door(app, settings)
    for name in CAPABILITIES:
        importlib.import_module(f"expertdesk.{name}").register(app)
    importlib.import_module("expertdesk.cli").register(app)
    missing = check_doors(app)
    if missing:
        raise RuntimeError(f"these views declare no permission: {', '.join(missing)}")
    return app


def _open_door(app: Flask, settings: Settings) -> None:
    from expertdesk.accounts import hooks

    init_web(
        app,
        settings,
        Hooks(
            sessions=hooks.DatabaseSessions(app),
            bureau_on=lambda day: current.rules_on(day).bureau,
            keep_language=hooks.keep_language,
            note_refusal=hooks.note_refusal,
            figures=_figures,
        ),
    )


def _figures() -> Iterable[tuple[str, str, float]]:
    """What `/metrics` counts: work waiting, not people."""
    open_states = [state for state in CaseState if not current.rules_today().state(state.value).is_end]
    open_cases = select(func.count()).select_from(Case).where(Case.state.in_(open_states))
    on_the_way = Message.state.in_([MessageState.READY, MessageState.SENDING])
    waiting = select(func.count()).select_from(Message).where(on_the_way)
    dead = select(func.count()).select_from(Message).where(Message.state == MessageState.DEAD)
    yield "open_cases", "Cases that have not ended", db.session.scalar(open_cases) or 0
    yield "outbox_waiting", "Messages waiting to be sent", db.session.scalar(waiting) or 0
    yield "outbox_dead", "Messages given up", db.session.scalar(dead) or 0
    yield "history_events", "Events in the history", db.session.scalar(select(func.max(Event.id))) or 0
