"""Background work: the outbox, acceptance by silence, reminders, cleaning up. One process at a time does it.

The worker is a child of the server: restarted when it crashes, ended with its parent, and alone in its data folder by
a lock. Every job is a transaction of its own; a job that was missed is caught up at the next round.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event as Signal
from types import FrameType

from flask import Flask

from expertdesk.foundation import clock
from expertdesk.foundation.database import collect_afterwards, db, intend_to_write, run_afterwards
from expertdesk.settings import Settings

log = logging.getLogger("expertdesk.worker")
_PAUSE_AFTER_CRASH_SECONDS = 2.0
_ROUND_SECONDS = 2.0
_DEATH_SIGNAL_OPTION = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True)
class Job:
    """A piece of regular work: `every` seconds of real time; `run` returns how much was done."""

    name: str
    every: float
    run: Callable[[], int]


def jobs() -> tuple[Job, ...]:
    """All regular work, in order."""
    from expertdesk.accounts.cleaning import remove_expired
    from expertdesk.cases.commands import deem_accepted_due, recompute_clocks
    from expertdesk.notices.runner import send_due
    from expertdesk.permits.reminders import queue_due_reminders
    from expertdesk.training.executing import move_travellers

    return (
        Job("outbox", 2, send_due),
        Job("dates after a new calendar", 21600, recompute_clocks),
        Job("silent acceptance", 60, deem_accepted_due),
        Job("reminders", 600, queue_due_reminders),
        Job("training groups leave and return", 600, move_travellers),
        Job("cleaning", 600, remove_expired),
    )


def run_worker(app: Flask, stop: Signal, *, once: bool = False) -> bool:
    """Do the regular work until `stop` is set, or a single round. False: another worker holds the lock."""
    settings: Settings = app.extensions["expertdesk.settings"]
    with _alone(settings) as is_alone:
        if not is_alone:
            return False
        last: dict[str, float] = {}
        while not stop.is_set():
            for job in jobs():
                if stop.is_set():
                    break
                if once or time.monotonic() - last.get(job.name, -job.every) >= job.every:
                    last[job.name] = time.monotonic()
                    run_job(app, job)
            if once:
                break
            stop.wait(_ROUND_SECONDS)
    return True


def run_job(app: Flask, job: Job) -> int:
    """One job in a transaction of its own; a failure is logged and waits for the next round."""
    with app.app_context():
        intend_to_write(True)
        collect_afterwards()
        try:
            done = job.run()
            db.session.commit()
            return done
        except Exception:
            db.session.rollback()
            log.exception("background job %s failed at %s", job.name, clock.real_now().isoformat())
            return 0
        finally:
            run_afterwards()
            db.session.remove()


@contextmanager
def _alone(settings: Settings) -> Iterator[bool]:
    handle = os.open(settings.home / "worker.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def end_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent is gone (Linux; elsewhere the server stops the worker itself)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_DEATH_SIGNAL_OPTION, signal.SIGTERM)


class Supervisor:
    """A small process that keeps one worker alive. `start` before the web server, `stop` after it."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.parent = os.getpid()
        self.pid = 0

    def start(self) -> None:
        self.pid = os.fork()
        if self.pid == 0:
            self._as_supervisor()

    def stop(self) -> None:
        if not self.pid or self.parent != os.getpid():
            return
        try:
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        self.pid = 0

    def _as_supervisor(self) -> None:
        end_with_parent()
        child = 0

        def leave(number: int, frame: FrameType | None) -> None:
            if child:
                try:
                    os.kill(child, signal.SIGTERM)
                    os.waitpid(child, 0)
                except (ProcessLookupError, ChildProcessError):
                    pass
            os._exit(0)

        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the server, which then ends this process
        while os.getppid() == self.parent:
            child = os.fork()
            if child == 0:
                self._as_worker()
            os.waitpid(child, 0)
            child = 0
            time.sleep(_PAUSE_AFTER_CRASH_SECONDS)
        os._exit(0)

    def _as_worker(self) -> None:
        status = 1
        try:
            end_with_parent()
            stop = Signal()
            signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
            with self.app.app_context():
                db.engine.dispose(close=False)
            while not stop.is_set():
                if run_worker(self.app, stop):
                    break
                stop.wait(_PAUSE_AFTER_CRASH_SECONDS)
            status = 0
        except BaseException:
            log.exception("the worker ended")
        finally:
            os._exit(status)
