"""Every failure as a page in both languages: what happened, why, what to do; an incident number, no internals."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from expertdesk.foundation.database import db
from expertdesk.foundation.errors import Busy, NotAllowedNow, NotFound, NotPermitted, RuleBroken, Stale
from expertdesk.foundation.locale import lazy
from expertdesk.web.guard import to_sign_in, wants_sign_in

log = logging.getLogger("expertdesk")

_TEXTS: dict[int, tuple[Any, Any, Any]] = {
    400: (
        lazy("The form could not be read"),
        lazy("Something in the request is missing or damaged; nothing was saved."),
        lazy("Go back, load the page again and send the form once more."),
    ),
    403: (
        lazy("You may not do this"),
        lazy("Your account holds no right for this step."),
        lazy("Ask your administrator if you should be able to do it."),
    ),
    404: (
        lazy("This page does not exist"),
        lazy("The address may be mistyped, or the record is not yours to see."),
        lazy("Check the address, or start from the home page."),
    ),
    405: (
        lazy("This address cannot be opened like that"),
        lazy("It only takes a form that was sent from its page."),
        lazy("Go back to the page and use its button."),
    ),
    409: (
        lazy("Not possible now"),
        lazy("The record is in another state than the page you sent from."),
        lazy("Load the record again and look at what changed."),
    ),
    413: (
        lazy("The file is too large"),
        lazy("A file may have 10 MB at most; nothing was saved."),
        lazy("Make the file smaller, for example scan in lower resolution, and try again."),
    ),
    429: (
        lazy("Too many tries"),
        lazy("To protect accounts and codes, tries are limited."),
        lazy("Wait a few minutes, then try again."),
    ),
    500: (
        lazy("Something went wrong on our side"),
        lazy("Your last step was not saved; earlier ones are safe."),
        lazy("Try again. If it happens again, tell us the incident number."),
    ),
    503: (
        lazy("The system is busy"),
        lazy("Your last step was not saved because the database could not be reached in time."),
        lazy("Wait a moment and send it again; what you typed is still in the form when you go back."),
    ),
}
_OTHER = 500
# refused for another reason than that somebody went on meanwhile
_HELD_UP = (
    lazy("It is held up by what is listed here; nothing was changed."),
    lazy("Settle what is listed, or ask whoever is named there; then try again."),
)


def failure_page(code: int, *, reasons: Any = (), headers: dict[str, str] | None = None, **more: Any) -> Response:
    """The answer for an HTTP status; `reasons` are listed with their links."""
    title, happened, todo = _TEXTS.get(code, _TEXTS[_OTHER if code >= _OTHER else 400])
    is_told = bool(reasons or more.get("texts")) and all(reason.code != "not_in_this_state" for reason in reasons)
    if code == HTTPStatus.CONFLICT and is_told:
        happened, todo = _HELD_UP
    incident = g.setdefault("incident", secrets.token_hex(4).upper())
    body = render_template(
        "error.html", code=code, title=title, happened=happened, todo=todo, incident=incident, reasons=reasons, **more
    )
    response = Response(body, status=code, content_type="text/html; charset=utf-8")
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def init_failures(app: Flask, note_refusal: Any, sign_in_endpoint: str) -> None:
    """`note_refusal(permission, path)` records a refused attempt in a transaction of its own."""

    @app.errorhandler(NotPermitted)
    def not_permitted(error: NotPermitted) -> Response:
        db.session.rollback()
        note_refusal(str(error.permission), request.path)
        return failure_page(403, reasons=error.reasons)

    @app.errorhandler(NotFound)
    def not_found(error: NotFound) -> Response:
        return failure_page(404)

    @app.errorhandler(NotAllowedNow)
    def not_allowed_now(error: NotAllowedNow) -> Response:
        db.session.rollback()
        note_refusal(error.action or "workflow", request.path)
        return failure_page(409, reasons=error.reasons)

    @app.errorhandler(RuleBroken)
    def rule_broken(error: RuleBroken) -> Response:
        db.session.rollback()
        return failure_page(409, texts=list(error.problems.values()))

    @app.errorhandler(Stale)
    def stale(error: Stale) -> Response:
        db.session.rollback()
        return failure_page(409, stale=error)

    @app.errorhandler(StaleDataError)
    def stale_data(error: StaleDataError) -> Response:
        db.session.rollback()
        return failure_page(409)

    @app.errorhandler(Busy)
    @app.errorhandler(OperationalError)
    def busy(error: Exception) -> Response:
        log.warning("database busy or away: %s", type(error).__name__)
        db.session.rollback()
        return failure_page(503, headers={"Retry-After": "5"})

    @app.errorhandler(CSRFError)
    def csrf(error: CSRFError) -> Any:
        if g.get("session_expired") or g.get("session_ended") or wants_sign_in():
            # the token went with the session; a form that came too late was kept
            return to_sign_in(sign_in_endpoint)
        return failure_page(400)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        code = error.code or _OTHER
        if code < 400:
            return error
        if isinstance(getattr(error, "original_exception", None), (Busy, OperationalError)):
            return busy(error)
        headers = {}
        retry_after = getattr(error, "retry_after", None)
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        if code == 405 and getattr(error, "valid_methods", None):
            headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
        return failure_page(code, headers=headers)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        g.incident = secrets.token_hex(4).upper()
        log.exception("incident %s at %s %s", g.incident, request.method, request.endpoint)
        db.session.rollback()
        return failure_page(500)
