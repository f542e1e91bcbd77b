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
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event as Signal

from flask import Flask

from expertdesk.foundation import clock
from expertdesk.foundation.database import collect_afterwards, db, intend_to_write, run_afterwards
from expertdesk.settings import Settings

log = logging.getLogger("expertdesk.worker")
_PAUSE_AFTER_CRASH_SECONDS = 2.0
_ROUND_SECONDS = 2.0
_GRACE_SECONDS, _POLL_SECONDS = 30.0, 0.05
_DEATH_SIGNAL_OPTION = 1  # PR_SET_PDEATHSIG of prctl(2)
# the server handles these; a child that is not one of its own workers must not
_SIGNALS_OF_THE_SERVER = (
    signal.SIGHUP, signal.SIGQUIT, signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH,
    signal.SIGCHLD,
)  # fmt: skip


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
    from expertdesk.programs.running import lapse_due
    from expertdesk.programs.telling import tell_due
    from expertdesk.training import export_jobs
    from expertdesk.training.executing import move_travellers
    from expertdesk.training.reminding import remind_of_reports

    return (
        Job("outbox", 2, send_due),
        Job("dates after a new calendar", 21600, recompute_clocks),
        Job("silent acceptance", 60, deem_accepted_due),
        Job("reminders", 600, queue_due_reminders),
        Job("training groups leave and return", 600, move_travellers),
        Job("reports of training groups", 600, remind_of_reports),
        Job("plan files", 1, export_jobs.make_waiting),
        Job("old plan files", 3600, export_jobs.remove_old),
        Job("programme projects lapse", 600, lapse_due),
        Job("messages about programmes", 60, tell_due),
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


class Keeper:
    """Keeps one worker alive beside the web server: the server's own loop calls `look_after` about once a second, and
    at once when a child has ended. There is nobody else who could be lost: without the server the worker ends too."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.parent = os.getpid()
        self.pid = 0
        self._started = float("-inf")

    def look_after(self, in_child: Callable[[], None] = lambda: None) -> None:
        """Start the worker unless it runs; one that ends at once is not started more often than every few seconds.
        `in_child` gives up what the child must not hold, such as the listening socket."""
        if self._is_alive() or time.monotonic() - self._started < _PAUSE_AFTER_CRASH_SECONDS:
            return
        if self.pid:
            log.error("the worker (process %s) ended; it is started again", self.pid)
        self._started = time.monotonic()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            self._as_worker(parent, in_child)

    def stop(self) -> None:
        """Let the worker finish the job in hand; one that does not is killed, and its transaction is rolled back."""
        if not self.pid or self.parent != os.getpid():
            return
        deadline = time.monotonic() + _GRACE_SECONDS
        self._send(signal.SIGTERM)
        while self._is_alive() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        if self._is_alive():
            self._send(signal.SIGKILL)
            while self._is_alive():
                time.sleep(_POLL_SECONDS)
        self.pid = 0

    def _is_alive(self) -> bool:
        """The server reaps every child it hears of, so a child that is no longer there has ended too."""
        if not self.pid:
            return False
        try:
            return os.waitpid(self.pid, os.WNOHANG) == (0, 0)
        except ChildProcessError:
            return False

    def _send(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def _as_worker(self, parent: int, in_child: Callable[[], None]) -> None:
        status = 1
        try:
            stop = Signal()
            for number in _SIGNALS_OF_THE_SERVER:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the server, which then ends this process
            signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
            end_with_parent()
            in_child()
            with self.app.app_context():
                db.engine.dispose(close=False)
            while not stop.is_set() and os.getppid() == parent:
                if run_worker(self.app, stop):
                    break
                stop.wait(_PAUSE_AFTER_CRASH_SECONDS)
            status = 0
        except BaseException:
            log.exception("the worker ended")
        finally:
            os._exit(status)
