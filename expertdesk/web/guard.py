"""Who may call what: every view says `@requires(Permission.X)` or `@public("why")`; one that says neither stops the
start of the application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from expertdesk.access import Actor, Permission
from expertdesk.foundation.errors import NotPermitted

View = TypeVar("View", bound=Callable[..., Any])


def requires(*permissions: Permission) -> Callable[[View], View]:
    """The view is for holders of any of these permissions."""
    if not permissions:
        raise ValueError("name at least one permission")

    def mark(view: View) -> View:
        view.__permissions__ = permissions  # type: ignore[attr-defined]
        return view

    return mark


def public(why: str) -> Callable[[View], View]:
    """The view is for everybody; `why` says on what ground."""
    if not why.strip():
        raise ValueError("say why the view is public")

    def mark(view: View) -> View:
        view.__public__ = why  # type: ignore[attr-defined]
        return view

    return mark


def declared(view: Callable[..., Any]) -> tuple[Permission, ...] | str | None:
    """What a view declares: its permissions, the ground of being public, or nothing."""
    return getattr(view, "__permissions__", None) or getattr(view, "__public__", None)


def undeclared(app: Flask) -> list[str]:
    """Endpoints that declare nothing."""
    return sorted(name for name, view in app.view_functions.items() if declared(view) is None)


def wants_sign_in() -> bool:
    """Whether this request came from nobody to an address that is for signed-in people only."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and isinstance(declared(view), tuple) and not current_user.is_authenticated


def current_actor() -> Actor:
    """The signed-in person of this request."""
    return cast(Actor, current_user._get_current_object())  # type: ignore[attr-defined]


def signed_in_actor() -> Actor | None:
    """The signed-in person, or None."""
    return current_actor() if current_user.is_authenticated else None


def init_guard(app: Flask, sign_in_endpoint: str) -> None:
    @app.before_request
    def guard() -> Any:
        if request.endpoint is None:
            return None
        if any("\x00" in str(value) for value in (request.view_args or {}).values()):
            abort(404)  # no record has such a name, and PostgreSQL refuses to look for it
        view = app.view_functions[request.endpoint]
        wanted = declared(view)
        if wanted is None:
            abort(500)
        if isinstance(wanted, str):
            return None
        actor = signed_in_actor()
        if actor is None:
            return to_sign_in(sign_in_endpoint)
        if not any(actor.may(permission) for permission in wanted):
            raise NotPermitted(wanted[0])
        g.permission = next(permission for permission in wanted if actor.may(permission))
        return None


def to_sign_in(endpoint: str) -> Any:
    """Send an anonymous visitor to sign in; a form of an expired session was kept by the session floor already."""
    is_form = request.method == "POST"
    target = g.get("kept_form_path", request.path) if is_form else request.full_path.rstrip("?")
    values: dict[str, Any] = {"next": target} if target else {}
    if g.get("session_expired"):
        values["why"] = "expired"
        if "kept_form_path" in g:
            values["kept"] = "1"
    elif g.get("session_ended") or is_form:
        values["why"] = "ended"
        if is_form:
            values["lost"] = "1"
    return redirect(url_for(endpoint, **values), code=303)
