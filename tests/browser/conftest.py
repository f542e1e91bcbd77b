"""A real browser against the real server: `app.py --demo` as a newcomer starts it, and Debian's Chromium.

TEST_BROWSER_HOME keeps the demo folder between runs while working on pages (the journeys use its cases up; delete it
then); TEST_CHROMIUM names another browser.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
PASSWORD = "Lantern-river-72-quartz"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_START_SECONDS = 300


@dataclass(frozen=True)
class House:
    """The running demo bureau: where it is, what it printed at its start."""

    url: str
    printed: str
    home: Path


# these look at the bureau as it was loaded, so they come before those that work in it
_LOOKERS = ("test_axe.py", "test_nu.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: "tests/browser/" in item.nodeid and item.path.name not in _LOOKERS)


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    kept = os.environ.get("TEST_BROWSER_HOME", "")
    home = Path(kept or tempfile.mkdtemp(prefix="expertdesk-browser-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (home.parent / f"{home.name}.log").open("w+", encoding="utf-8")
    environment = {
        **os.environ, "EXPERTDESK_HOME": str(home), "EXPERTDESK_PORT": str(port),
        "EXPERTDESK_DEMO_PASSWORD": PASSWORD, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1",
        # wrong addresses and codes are looked at again and again, all from one address
        "EXPERTDESK_RATE_LIMITS": "off",
    }  # fmt: skip
    server = subprocess.Popen([sys.executable, "app.py", "--demo"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, server, Path(log.name))
        yield House(url, Path(log.name).read_text(encoding="utf-8"), home)
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0, "the server did not stop cleanly"
        log.close()
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def wait_until_ready(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            if urllib.request.urlopen(f"{url}/readyz", timeout=5).status == 200:
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"not ready after {_START_SECONDS} s: {log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_as(browser: Browser, house: House) -> Iterator[Opener]:
    """open_as("officer", "zh", width=1280, scripts=True): a page of somebody signed in ("" = a visitor)."""
    opened: list[BrowserContext] = []

    def opener(username: str, language: str, *, width: int = 1280, scripts: bool = True, theme: str = "") -> Page:
        context = browser.new_context(
            base_url=house.url, viewport={"width": width, "height": 900}, java_script_enabled=scripts,
            locale="zh-CN" if language == "zh" else "en-GB", device_scale_factor=1, accept_downloads=True,
        )  # fmt: skip
        opened.append(context)
        cookies = [{"name": "language", "value": language, "url": house.url}]
        if theme:
            cookies.append({"name": "theme", "value": theme, "url": house.url})
        context.add_cookies(cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(30_000)
        if username:
            sign_in(page, username, language)
        return page

    yield opener
    for context in opened:
        context.close()


def sign_in(page: Page, username: str, language: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    if page.locator("html").get_attribute("lang") != ("zh-CN" if language == "zh" else "en"):
        page.click(f"button[name=language][value={language}]")
