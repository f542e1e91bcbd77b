"""Pages against their own templates: the real application and frozen page records in one production server."""

from __future__ import annotations

import http.client
import os
import re
import socket
import statistics
import time
import urllib.parse
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask, template_rendered
from sqlalchemy import event, select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from expertdesk.factory import create_app
from expertdesk.foundation.database import db, reading
from expertdesk.foundation.locale import use_language
from expertdesk.foundation.secrets import read_key
from expertdesk.models import Case, CaseState, Person
from expertdesk.serving.background import Keeper
from expertdesk.serving.web import DeskServer
from expertdesk.settings import Settings

_WARM_UP = 20
_MIXED, _LETTERS = 500, 20
_P95 = 0.95


class NoWorker(Keeper):
    """The background worker would measure itself."""

    def look_after(self, in_child: Callable[[], None] = lambda: None) -> None:
        pass

    def stop(self) -> None:
        pass


@dataclass(frozen=True)
class Target:
    """A page to time."""

    name: str
    path: str


def measure_pages(home: Path, requests: int, password: str) -> dict[str, Any]:
    """Ratios, milliseconds, queries of each page; memory of the web processes."""
    settings = Settings.from_environment({"EXPERTDESK_HOME": str(home)}, mode="demo")
    settings = replace(settings, secret_key=read_key(home / "secret.key"), port=_free_port(), rate_limits=False)
    app = create_app(settings)
    targets = _targets(app)
    frozen, queries = _freeze(app, targets, password)
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/frozen": _frozen_app(app, frozen)})  # type: ignore[method-assign]
    server = _start(app, settings)
    try:
        client = _Client(settings.port)
        client.sign_in("officer", password)
        pages = {target.name: _compare(client, target, requests, queries) for target in targets}
        pages["intake_post"] = _intake_post(client, requests // 4)
        memory = _memory(client, server, targets)
    finally:
        os.kill(server, 15)
        os.waitpid(server, 0)
    return {"pages": pages, "web_process_pss_mb": memory}


def _targets(app: Flask) -> list[Target]:
    with app.app_context(), reading():
        case = db.session.scalars(
            select(Case).where(Case.state == CaseState.ACCEPTED, Case.district == "990101").order_by(Case.id.desc())
        ).first()
        assert case is not None
        person = db.session.get_one(Person, case.person_id)
        word = urllib.parse.quote(person.chinese_name or person.surname)
        found = [
            Target("desk", "/desk"),
            Target("queue", "/cases"),
            Target("case", f"/cases/{case.number}"),
            Target("search", f"/search?q={word}"),
        ]
        db.session.remove()
    return found


def _freeze(app: Flask, targets: Iterable[Target], password: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Each page once: its template and context as they were, and how many queries it took."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.set_cookie("language", "en")
    assert client.post("/sign-in", data={"username": "officer", "password": password}).status_code == 303
    frozen: dict[str, Any] = {}
    queries: dict[str, int] = {}
    for target in targets:
        caught: list[tuple[Any, dict[str, Any]]] = []

        def catch(sender: Any, template: Any, context: dict[str, Any], **more: Any) -> None:
            caught.append((template, dict(context)))  # noqa: B023 - used within the loop

        with app.app_context():
            engine = db.engine
        with template_rendered.connected_to(catch, app), _counting(engine) as count:
            client.get(target.path)
            count.clear()
            assert client.get(target.path).status_code == 200, target.path
        frozen[target.name] = caught[-1]
        queries[target.name] = len(count)
    app.config["WTF_CSRF_ENABLED"] = True
    return frozen, queries


@contextmanager
def _counting(engine: Any):
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "PRAGMA")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _frozen_app(app: Flask, frozen: dict[str, Any]) -> Any:
    """The same templates from the records caught above: no session, no database."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        template, context = frozen[environ["PATH_INFO"].strip("/")]
        with app.test_request_context("/frozen"), use_language("en"):
            body = template.render(context).encode()
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _start(app: Flask, settings: Settings) -> int:
    """The production server in a child; its process id."""
    from expertdesk.documents import load_fonts

    load_fonts()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    child = os.fork()
    if child == 0:
        os.dup2(2, 1)
        try:
            DeskServer(app, settings, NoWorker(app, settings)).run()
        finally:
            os._exit(0)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", settings.port), 1):
                return child
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


class _Client:
    """One browser on one connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookies = {"language": "en"}

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, float]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}{path}",
            }
        started = time.perf_counter()
        self.connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        taken = time.perf_counter() - started
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, data.decode("utf-8", "replace"), taken

    def sign_in(self, username: str, password: str) -> None:
        _, page, _ = self.ask("/sign-in")
        status, _, _ = self.ask(
            "/sign-in", {"csrf_token": token_of(page), "username": username, "password": password, "next": ""}
        )
        assert status == 303, status


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def _compare(client: _Client, target: Target, requests: int, queries: dict[str, int]) -> dict[str, Any]:
    """The page and its frozen twin in turn, so that whatever the machine does hits both."""
    own: list[float] = []
    twin: list[float] = []
    size = 0
    for number in range(requests + _WARM_UP):
        status, page, taken = client.ask(target.path)
        assert status == 200, (target.path, status)
        _, _, frozen = client.ask(f"/frozen/{target.name}")
        size = len(page.encode())
        if number >= _WARM_UP:
            own.append(taken)
            twin.append(frozen)
    return {
        "p50_ms": _ms(statistics.median(own)),
        "p95_ms": _ms(_percentile(own)),
        "frozen_p50_ms": _ms(statistics.median(twin)),
        "frozen_p95_ms": _ms(_percentile(twin)),
        "ratio_p95": round(_percentile(own) / _percentile(twin), 2),
        "ratio_p50": round(statistics.median(own) / statistics.median(twin), 2),
        "queries": queries[target.name],
        "bytes": size,
    }


def _intake_post(client: _Client, requests: int) -> dict[str, Any]:
    """The intake form sent with what an officer has typed so far: judged, checked, drafted, answered."""
    _, page, _ = client.ask("/intake/new")
    form = dict(re.findall(r'<input[^>]*name="(form_token|csrf_token)"[^>]*value="([^"]*)"', page))
    form |= {
        "csrf_token": token_of(page), "procedure": "NEW_IN_CHINA", "post": "软件架构师", "salary_month": "52000",
        "education": "master", "experience_years": "9", "months_per_year": "12", "chinese": "hsk3", "do": "work_out",
        "surname": "NGUYEN", "given_name": "HANH", "birth_on": "1990-07-02", "nationality": "VN",
        "passport_number": "C9002715", "passport_expires_on": "2030-01-01",
    }  # fmt: skip
    times = []
    for _ in range(max(10, requests)):
        status, _, taken = client.ask("/intake/preview", form)
        assert status in (200, 422), status
        times.append(taken)
    return {"p50_ms": _ms(statistics.median(times)), "p95_ms": _ms(_percentile(times))}


def _memory(client: _Client, server: int, targets: list[Target]) -> list[int]:
    """PSS of each web process in MB after mixed requests and letters (Linux only)."""
    case = next(target.path for target in targets if target.name == "case")
    for number in range(_MIXED):
        client.ask(targets[number % len(targets)].path)
    for _ in range(_LETTERS):
        client.ask(f"{case}/preview/ACCEPTANCE_NOTICE.pdf")
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    return [_pss(int(child)) for child in children]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) // 1024
    return 0


def _percentile(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * _P95))]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
