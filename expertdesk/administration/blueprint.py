"""The blueprint, and the row of pages that stands on top of each of its pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for

from expertdesk.access import Actor, Permission
from expertdesk.foundation.locale import lazy

blueprint = Blueprint("administration", __name__, template_folder="templates", url_prefix="/administration")

_PAGES: tuple[tuple[str, Any, tuple[Permission, ...], tuple[str, ...]], ...] = (
    (
        "administration.home",
        lazy("Accounts"),
        (Permission.ACCOUNTS_MANAGE,),
        (
            "administration.user",
            "administration.save",
            "administration.reset",
            "administration.new_user",
            "administration.add_new_user",
        ),
    ),
    (
        "administration.invitations",
        lazy("Invitations"),
        (Permission.INVITATION_CREATE, Permission.ACCOUNTS_MANAGE),
        ("administration.make_invitation",),
    ),
    ("administration.outbox", lazy("Messages"), (Permission.OUTBOX_READ,), ()),
    ("administration.settings", lazy("Settings"), (Permission.SETTINGS_READ,), ()),
    ("administration.counts", lazy("Cases, counted"), (Permission.CASE_COUNT,), ()),
    ("administration.history", lazy("History"), (Permission.HISTORY_READ,), ()),
    ("administration.access_log", lazy("Access log"), (Permission.HISTORY_READ,), ()),
)


def tabs(actor: Actor) -> list[dict[str, Any]]:
    """The pages this person may open, with the present one marked."""
    return [
        {"url": url_for(endpoint), "label": label, "current": request.endpoint in {endpoint, *below}}
        for endpoint, label, permissions, below in _PAGES
        if any(actor.may(permission) for permission in permissions)
    ]
