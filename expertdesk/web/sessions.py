"""Sessions on the server. The cookie of a signed-in person holds a random token, the table its digest; anonymous
visitors get no row, only a signed cookie for CSRF. Rows are written on their own connection at most once a minute,
except when something in them changed (decisions: sessions, forms, limits)."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from flask import Flask, Request, Response, g
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import CallbackDict

from expertdesk.foundation import clock
from expertdesk.foundation.errors import Busy

log = logging.getLogger("expertdesk")

LONGEST = timedelta(hours=12)
WRITE_EVERY = timedelta(minutes=1)
WARN_BEFORE = timedelta(minutes=2)
_TOKEN_BYTES = 32


@dataclass
class StoredSession:
    """A row as the store gives it."""

    account_id: int
    data: dict[str, Any]
    created_at: datetime
    seen_at: datetime
    idle_seconds: int


class SessionStore(Protocol):
    """What the sessions need of a table. Implemented by accounts."""

    def load(self, token: str) -> StoredSession | None: ...
    def create(self, token: str, stored: StoredSession) -> None: ...
    def save(self, token: str, data: dict[str, Any], seen_at: datetime) -> None: ...
    def delete(self, token: str) -> None: ...
    def keep_form(self, account_id: int, path: str, form: dict[str, list[str]]) -> None: ...


class DeskSession(CallbackDict, SessionMixin):
    """Signed in: backed by a row. Anonymous: a signed cookie."""

    def __init__(self, initial: dict[str, Any] | None = None, token: str = "", is_new_token: bool = False) -> None:
        def changed(this: Any) -> None:
            this.modified = True

        super().__init__(initial or {}, changed)
        self.modified = False
        self.token = token
        self.is_new_token = is_new_token
        self.seen_at: datetime | None = None
        self.ends_at: datetime | None = None
        self.end = False

    def begin(self, account_id: int, actor: dict[str, Any], idle_seconds: int) -> None:
        """A new session at sign-in: new token, nothing carried over but what is given."""
        self.clear()
        self.token = secrets.token_urlsafe(_TOKEN_BYTES)
        self.is_new_token = True
        self["_user_id"] = str(account_id)
        self["actor"] = actor
        self["idle_seconds"] = idle_seconds

    def finish(self) -> None:
        """Sign out: the row goes at the end of the request."""
        self.clear()
        self.end = True


class DeskSessionInterface(SecureCookieSessionInterface):
    def __init__(self, store: SessionStore, *, secure: bool) -> None:
        self.store = store
        self.secure = secure
        prefix = "__Host-" if secure else ""
        self.cookie = f"{prefix}expertdesk"
        self.guest_cookie = f"{prefix}expertdesk-guest"

    def open_session(self, app: Flask, request: Request) -> DeskSession:
        token = request.cookies.get(self.cookie, "")
        # the address is matched after the session is opened, so the endpoint is not known yet
        if token and not request.path.startswith("/static/"):
            try:
                found = self._open_stored(token, request)
            except (Busy, OperationalError):
                g.session_store_away = True  # the door answers 503 once it can draw a page
                return DeskSession()
            if found is not None:
                return found
        serializer = self.get_signing_serializer(app)
        raw = request.cookies.get(self.guest_cookie, "")
        data: dict[str, Any] = {}
        if raw and serializer is not None:
            try:
                data = dict(serializer.loads(raw, max_age=int(LONGEST.total_seconds())))
            except Exception:  # a forged or old cookie is no cookie
                data = {}
        data.pop("_user_id", None)
        return DeskSession(data)

    def _open_stored(self, token: str, request: Request) -> DeskSession | None:
        stored = self.store.load(token)
        if stored is None:
            g.session_ended = True
            return None
        now = clock.real_now()
        ends_at = min(stored.seen_at + timedelta(seconds=stored.idle_seconds), stored.created_at + LONGEST)
        if now >= ends_at:
            g.session_expired = True
            if request.method == "POST" and request.form:
                g.kept_form_path = request.path
                self.store.keep_form(stored.account_id, request.path, request.form.to_dict(flat=False))
            # the row stays a day: another window may still send a form that is worth keeping
            return None
        session = DeskSession(stored.data, token=token)
        session.seen_at = stored.seen_at
        session.ends_at = min(now + timedelta(seconds=stored.idle_seconds), stored.created_at + LONGEST)
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, DeskSession)
        now = clock.real_now()
        options: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": self.secure, "path": "/"}
        if session.end:
            if session.token:
                self.store.delete(session.token)
            response.delete_cookie(self.cookie, **options)
            self._save_guest(app, session, response, options)
        elif session.is_new_token:
            stored = StoredSession(
                int(session["_user_id"]), dict(session), now, now, int(session.get("idle_seconds", 0))
            )
            self.store.create(session.token, stored)
            response.set_cookie(self.cookie, session.token, **options)
            response.delete_cookie(self.guest_cookie, **options)
        elif session.token:
            if session.modified or session.seen_at is None or now - session.seen_at >= WRITE_EVERY:
                try:
                    self.store.save(session.token, dict(session), now)
                except (Busy, OperationalError) as problem:
                    # the answer itself is good; only the time of the last use is a minute older
                    log.warning("a session could not be written: %s", type(problem).__name__)
        else:
            self._save_guest(app, session, response, options)

    def _save_guest(self, app: Flask, session: DeskSession, response: Response, options: dict[str, Any]) -> None:
        if not session.modified or not session:
            return
        serializer = self.get_signing_serializer(app)
        if serializer is not None:
            response.set_cookie(self.guest_cookie, str(serializer.dumps(dict(session))), **options)


