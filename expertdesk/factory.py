"""Puts the house together: settings → database, rules, languages → door → capabilities.

`create_app(settings)` is what `app.py`, the command line and the tests call. A bad rule table, a missing catalogue or
a view without a declared permission stops it with a sentence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate

from expertdesk import regulations
from expertdesk.foundation import clock
from expertdesk.foundation.database import db, init_database
from expertdesk.foundation.files import FolderStorage
from expertdesk.foundation.locale import load_catalogues
from expertdesk.foundation.secrets import Keys
from expertdesk.settings import Settings
from expertdesk.web import Hooks, init_web
from expertdesk.web.door import check_doors

ROOT = Path(__file__).parent
PROJECT = ROOT.parent


def carried(name: str) -> Path:
    """A folder that stands beside the package in a checkout and inside it in an installed wheel."""
    inside = ROOT / name
    return inside if inside.is_dir() else PROJECT / name


def create_app(settings: Settings) -> Flask:
    """A Flask application for these settings; the data folder must have been prepared (see `server.prepare`)."""
    app = Flask("expertdesk", root_path=str(ROOT), static_folder=None, template_folder="web/templates")
    app.extensions["expertdesk.settings"] = settings
    clock.start_at(settings.business_now)
    load_catalogues(carried("translations"))
    rules = regulations.load(settings.overrides_folder if settings.overrides_folder.is_dir() else None)
    app.extensions["expertdesk.rules"] = rules
    keys = Keys.from_secret(settings.secret_key)
    app.extensions["expertdesk.keys"] = keys
    app.extensions["expertdesk.storage"] = FolderStorage(settings.storage_folder, keys)
    init_database(app, settings.database_url)
    Migrate(app, db, directory=str(carried("migrations")), compare_type=True, render_as_batch=True)
    _open_door(app, settings, rules)
    _register(app)
    missing = check_doors(app)
    if missing:
        raise RuntimeError(f"these views declare no permission: {', '.join(missing)}")
    return app


def _open_door(app: Flask, settings: Settings, rules: Any) -> None:
    from expertdesk.accounts import hooks

    init_web(
        app,
        settings,
        Hooks(
            sessions=hooks.DatabaseSessions(app),
            bureau_on=lambda day: rules.on(day, settings.rule_region).bureau,
            keep_language=hooks.keep_language,
            note_refusal=hooks.note_refusal,
        ),
    )


def _register(app: Flask) -> None:
    """Every capability's blueprint, and the commands of the command line."""
    from expertdesk import (
        accounts,
        administration,
        cases,
        desk,
        experts,
        intake,
        liaison,
        permits,
        portal,
    )
    from expertdesk.cli import register_commands

    for capability in (accounts, experts, cases, intake, permits, liaison, desk, portal, administration):
        capability.register(app)
    register_commands(app)
