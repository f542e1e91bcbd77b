"""The blueprint of accounts, and what happens around every request of a signed-in person."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, g, redirect, request, session, url_for

from expertdesk.accounts import drafts
from expertdesk.web.guard import signed_in_actor

blueprint = Blueprint("accounts", __name__, template_folder="templates")

# what somebody whose password is too old may still do
_ALWAYS_OPEN = frozenset(
    {
        "accounts.account",
        "accounts.change_password",
        "accounts.sign_out",
        "assets.asset",
        "assets.favicon",
        "language.choose_language",
        "language.choose_theme",
    }
)


@blueprint.before_app_request
def ask_for_new_password() -> Any:
    """Profile mlps3: a password past its age is changed before anything else."""
    if request.endpoint is None or request.endpoint in _ALWAYS_OPEN or not session.get("must_change"):
        return None
    return redirect(url_for("accounts.account"), code=303)


@blueprint.before_app_request
def give_back_form() -> None:
    """The page whose form came with an expired session is filled with it (BaseForm reads `g.restored_form`)."""
    g.restored_form = None
    actor = signed_in_actor()
    if actor is not None and request.method == "GET" and session.get("kept_form") == request.path:
        g.restored_form = drafts.restored_form(request.path, actor.id)


@blueprint.after_app_request
def form_was_sent(response: Response) -> Response:
    """Once the restored form is sent and taken, there is nothing to give back any more."""
    actor = signed_in_actor() if session.get("kept_form") == request.path else None
    if actor is not None and request.method == "POST" and response.status_code < 400:
        drafts.drop_restored_form(actor.id, request.path)
        session.pop("kept_form", None)
    return response


def register(app: Flask) -> None:
    from expertdesk.accounts import invitation_routes, routes  # noqa: F401 - their views belong to the blueprint

    app.register_blueprint(blueprint)
