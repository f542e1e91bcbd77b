"""From the command line to a running desk: settings, data folder, migrations, the web server and the worker beside it.

Used by `app.py` and by the console script. Says every problem in one go and leaves with status 1; a start that works
ends only on a signal, after the requests in flight are answered.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask import Flask

from expertdesk import __version__
from expertdesk.cli.plain import user_language
from expertdesk.factory import create_app
from expertdesk.foundation import catalogues
from expertdesk.foundation.locale import CatalogueProblem
from expertdesk.foundation.secrets import SecretProblem, check_key, read_or_make_key
from expertdesk.regulations import RuleInputError, RuleTableError
from expertdesk.serving import startup
from expertdesk.settings import Settings, SettingsError

ROOT = Path(__file__).parent


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until a signal comes. Returns the exit status."""
    options = _arguments(sys.argv[1:] if argv is None else argv)
    try:
        settings = prepare(Settings.from_environment(os.environ, mode="demo" if options.demo else None))
        app = create_app(settings)
        startup.migrate(app)
        startup.refuse_unsafe(app, settings)
        startup.sweep(app)
        if settings.mode == "demo":
            startup.open_demo(app, settings)
        else:
            startup.offer_first_administrator(app)
    except _EXPECTED as problem:
        for line in lines_of(problem):
            print(line, file=sys.stderr)
        return 1
    from expertdesk.serving import web

    return web.serve(app, settings)


def application_for_commands() -> Flask:
    """For `flask --app app`: the data folder is prepared, nothing is migrated. Problems become one clear line."""
    try:
        return create_app(prepare(Settings.from_environment(os.environ)))
    except _EXPECTED as problem:
        raise click.ClickException("\n".join(lines_of(problem))) from None


def prepare(settings: Settings) -> Settings:
    """Make the data folder and the key on the first use, compile catalogues in a checkout; returns the settings with
    the key in them."""
    startup.make_home(settings)
    if not settings.secret_key:
        key = read_or_make_key(settings.home / "secret.key")
        settings = dataclasses.replace(settings, secret_key=key)
    else:
        check_key(settings.secret_key, "EXPERTDESK_SECRET_KEY")
    if not (ROOT / "translations").is_dir():
        catalogues.compile_all(ROOT, ROOT.parent / "translations")
    return settings


_EXPECTED = (
    SettingsError,
    SecretProblem,
    RuleTableError,
    RuleInputError,
    CatalogueProblem,
    startup.StartRefused,
    OSError,
)


def lines_of(problem: BaseException) -> list[str]:
    """Every problem as a line of its own, in the language of the terminal."""
    language = user_language()
    if isinstance(problem, (SettingsError, startup.StartRefused)):
        return [one.text(language) for one in problem.problems]
    if isinstance(problem, RuleTableError):
        return [one.text(language) for one in problem.problems]
    if isinstance(problem, RuleInputError):
        return [problem.text(language)]
    return [str(problem)]


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="ExpertDesk: serve the bureau. Settings are environment variables (README: Settings).",
    )
    parser.add_argument("--demo", action="store_true", help="serve the fictional bureau from a folder of its own")
    parser.add_argument("--version", action="version", version=f"ExpertDesk {__version__}")
    return parser.parse_args(argv)
