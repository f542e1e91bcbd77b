"""The production web server (gunicorn, threads, fork after everything is loaded) and the worker that runs beside it."""

from __future__ import annotations

import gc
import os
import signal
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from expertdesk.cli.plain import user_language
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import gettext, use_language
from expertdesk.serving.background import Keeper
from expertdesk.settings import Settings

PROCESSES, THREADS = 2, 4
_GRACE_SECONDS = 30


class DeskArbiter(Arbiter):
    """The master process; it looks after the background worker as it looks after its own."""

    def manage_workers(self) -> None:
        super().manage_workers()
        server: Any = self.app
        server.keeper.look_after(self._let_go)

    def _let_go(self) -> None:
        for listener in self.LISTENERS:
            listener.sock.close()


class DeskServer(BaseApplication):
    """gunicorn around an application that is made already."""

    def __init__(self, app: Flask, settings: Settings, keeper: Keeper) -> None:
        self.application = app
        self.settings = settings
        self.keeper = keeper
        super().__init__()

    def init(self, parser: Any, opts: Any, args: Any) -> None:
        """No command line of gunicorn's own."""

    def load_config(self) -> None:
        values = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": PROCESSES,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": _GRACE_SECONDS,
            "keepalive": 5,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "control_socket_disable": True,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "expertdesk",
            "limit_request_line": 4094,
            "forwarded_allow_ips": "*" if self.settings.trusted_proxies else "127.0.0.1",
            "post_fork": self._after_fork,
            "when_ready": self._ready,
            "on_exit": self._at_end,
        }
        assert self.cfg is not None
        for name, value in values.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.application

    def run(self) -> None:
        DeskArbiter(self).run()

    def _after_fork(self, server: Any, worker: Any) -> None:
        with self.application.app_context():
            db.engine.dispose(close=False)

    def _ready(self, server: Any) -> None:
        """Everything is loaded and nothing is forked yet: what is here now is left alone by the collector, which would
        otherwise write to every object's head in each child and so copy the pages they share."""
        gc.collect()
        gc.freeze()
        with use_language(user_language()):
            print(gettext("ExpertDesk is open at %(url)s", url=self.settings.base_url), flush=True)

    def _at_end(self, server: Any) -> None:
        self.keeper.stop()


def serve(app: Flask, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit status."""
    from expertdesk.documents import load_fonts

    load_fonts()  # before the fork: the children share the pages
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    keeper = Keeper(app, settings)
    try:
        DeskServer(app, settings, keeper).run()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        if keeper.parent == os.getpid():
            keeper.stop()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return 0
