"""`check`: rule tables, workflows, catalogues, settings and files, each problem on a line; status 0 or 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from expertdesk import regulations
from expertdesk.accounts.drafts import stored_files
from expertdesk.cases.workflow import CASE
from expertdesk.cli.plain import PlainCommand
from expertdesk.cli.texts import SOURCE, TRANSLATIONS
from expertdesk.foundation import catalogues
from expertdesk.foundation.database import db, reading
from expertdesk.foundation.files import verify_store
from expertdesk.foundation.installed import settings, storage
from expertdesk.foundation.locale import gettext
from expertdesk.models import Letter, PaperVersion, ProgramFile, TrainingExport, TrainingFile
from expertdesk.programs.workflow import PROGRAM
from expertdesk.training.workflow import GROUP, PLAN
from expertdesk.workflow import problems_of

WORKFLOWS = (CASE, PROGRAM, GROUP, PLAN)
# every table whose rows name an original and a cleaned copy
_COPIES = (PaperVersion, ProgramFile, TrainingFile)


@click.command(
    "check", cls=PlainCommand, help="Rule tables, workflows, catalogues, settings, files: name each problem."
)
def check() -> None:
    processes = [problem for workflow in WORKFLOWS for problem in problems_of(workflow)]
    found = [*_rules(), *processes, *catalogues.problems(SOURCE, TRANSLATIONS), *_database(), *_proxies()]
    for problem in found:
        click.echo(problem, err=True)
    if found:
        sys.exit(1)
    click.echo(gettext("Rule tables, workflows, catalogues, settings and files are in order."))


def _rules() -> Iterator[str]:
    folder = settings().overrides_folder
    for problem in regulations.check(folder if folder.is_dir() else None):
        yield str(problem)


def _proxies() -> Iterator[str]:
    chosen = settings()
    if chosen.mode == "production" and not chosen.public_url:
        yield gettext("EXPERTDESK_PUBLIC_URL is not set: letters would carry the address of this machine.")


def _database() -> Iterator[str]:
    """Files against the rows that name them; nothing to say before the database is made."""
    path = settings().database_path
    if path is not None and not Path(path).exists():
        return
    try:
        with reading():
            if not inspect(db.engine).has_table("paper_version"):
                return
            yield from _files()
    except SQLAlchemyError as error:
        yield gettext("The database cannot be read: %(error)s", error=type(error).__name__)
    finally:
        db.session.remove()


def _files() -> Iterator[str]:
    named: list[tuple[str, str]] = []
    for kind in _COPIES:
        copies = select(kind.original_key, kind.original_sha256, kind.clean_key, kind.clean_sha256)
        for original, original_sha, clean, clean_sha in db.session.execute(copies):
            named += [(original, original_sha), (clean, clean_sha)]
    named += [(key, digest) for key, digest in db.session.execute(select(Letter.file_key, Letter.sha256))]
    # the key is given before the file is there
    made = select(TrainingExport.file_key, TrainingExport.sha256).where(TrainingExport.sha256 != "")
    named += [(key, digest) for key, digest in db.session.execute(made)]
    named += stored_files()
    report = verify_store(storage(), named)
    yield from (gettext("The file %(key)s is named by a record and missing.", key=key) for key in report.missing)
    yield from (gettext("The file %(key)s was changed since it was stored.", key=key) for key in report.changed)
    yield from (gettext("The file %(key)s is named by no record.", key=key) for key in report.orphans)


def commands() -> list[click.Command]:
    return [check]
