"""A copy of the loaded demo bureau with a server and a business clock of its own, so that a journey can take a year.

The copy is made from the shared one while that is running; moving the clock starts the server anew on the other day.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import PASSWORD, ROOT, House, sign_in, wait_until_ready

_DATABASE = "expertdesk.sqlite3"


@dataclass
class OwnHouse:
    """The copy, its server, and the people who look at it."""

    home: Path
    browser: Browser
    url: str = ""
    _server: subprocess.Popen | None = None
    _contexts: list[BrowserContext] = field(default_factory=list)

    def start(self, day: date) -> None:
        """Serve with business time beginning at nine in the morning of `day`; every window is closed before."""
        self.stop()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {
            **os.environ, "EXPERTDESK_HOME": str(self.home), "EXPERTDESK_PORT": str(port),
            "EXPERTDESK_DEMO_PASSWORD": PASSWORD, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1",
            "EXPERTDESK_RATE_LIMITS": "off", "EXPERTDESK_NOW": f"{day.isoformat()}T09:00:00+08:00",
        }  # fmt: skip
        log = self.home.parent / f"{self.home.name}.log"
        with log.open("w", encoding="utf-8") as out:
            self._server = subprocess.Popen(
                [sys.executable, "app.py", "--demo"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        self.url = f"http://127.0.0.1:{port}"
        wait_until_ready(self.url, self._server, log)

    def stop(self) -> None:
        while self._contexts:
            self._contexts.pop().close()
        if self._server is not None:
            self._server.send_signal(signal.SIGTERM)
            assert self._server.wait(timeout=60) == 0, "the server did not stop cleanly"
            self._server = None

    def visitor(self, language: str, *, width: int = 1280, scripts: bool = True) -> Page:
        """A window of somebody who has not signed in."""
        context = self.browser.new_context(
            base_url=self.url, viewport={"width": width, "height": 900}, java_script_enabled=scripts,
            locale="zh-CN" if language == "zh" else "en-GB", accept_downloads=True,
        )  # fmt: skip
        self._contexts.append(context)
        context.add_cookies([{"name": "language", "value": language, "url": self.url}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    def open_as(self, username: str, language: str, *, width: int = 1280, scripts: bool = True) -> Page:
        """A window of somebody signed in."""
        page = self.visitor(language, width=width, scripts=scripts)
        sign_in(page, username, language)
        return page


@contextmanager
def own_house(house: House, browser: Browser, place: Path) -> Iterator[OwnHouse]:
    """Copied from `house`; not started yet."""
    home = place / "home"
    shutil.copytree(house.home, home, ignore=shutil.ignore_patterns("*.sqlite3*", "*.lock", "logs"))
    with closing(sqlite3.connect(house.home / _DATABASE)) as there, closing(sqlite3.connect(home / _DATABASE)) as here:
        there.backup(here)
    home.chmod(0o700)
    own = OwnHouse(home, browser)
    try:
        yield own
    finally:
        own.stop()
