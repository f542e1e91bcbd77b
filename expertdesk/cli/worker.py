"""`worker`: background work in a process of its own, where it does not run inside `app.py`."""

from __future__ import annotations

import signal
import sys
from threading import Event as Signal

import click
from flask import current_app

from expertdesk.serving.background import run_worker


@click.command("worker", help="Outbox, acceptance by silence, reminders; until stopped, or one round with --once.")
@click.option("--once", is_flag=True, help="One round of every job, then end.")
def worker(once: bool) -> None:
    stop = Signal()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: stop.set())
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if not run_worker(app, stop, once=once):
        click.echo("Another worker is running in this data folder.", err=True)
        sys.exit(1)


def commands() -> list[click.Command]:
    return [worker]
