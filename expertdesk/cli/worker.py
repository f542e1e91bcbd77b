"""`worker`: background work in a process of its own, where it does not run inside `app.py`."""

from __future__ import annotations

import signal
from threading import Event as Signal

import click
from flask import current_app

from expertdesk.cli.plain import PlainCommand, Refused
from expertdesk.foundation.locale import gettext
from expertdesk.serving.background import run_worker


@click.command(
    "worker",
    cls=PlainCommand,
    help="Outbox, acceptance by silence, reminders; until stopped, or one round with --once.",
)
@click.option("--once", is_flag=True, help="One round of every job, then end.")
def worker(once: bool) -> None:
    stop = Signal()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: stop.set())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if not run_worker(app, stop, once=once):
        raise Refused(gettext("Another worker is running in this data folder."))


def commands() -> list[click.Command]:
    return [worker]
