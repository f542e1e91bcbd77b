"""Navigation is generated from registered, permitted endpoints: what is not built is linked nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from expertdesk.access import Actor, Permission
from expertdesk.foundation.locale import lazy


@dataclass(frozen=True)
class Area:
    """One entry of the main navigation, in the order of the design."""

    endpoint: str
    label: Any
    permissions: tuple[Permission, ...]
    prefixes: tuple[str, ...]


AREAS = (
    Area("portal.my", lazy("My file"), (Permission.MY_READ,), ("/my",)),
    Area("desk.desk", lazy("My desk"), (Permission.DESK_READ,), ("/desk", "/search")),
    Area("cases.queue", lazy("Cases"), (Permission.CASE_READ,), ("/cases", "/intake")),
    Area("experts.people", lazy("Experts"), (Permission.EXPERT_READ,), ("/experts",)),
    Area("experts.organisations", lazy("Organisations"), (Permission.ORGANISATION_READ,), ("/organisations",)),
    Area("permits.permits", lazy("Permits"), (Permission.PERMIT_READ,), ("/permits",)),
    Area("liaison.worklist", lazy("Liaison"), (Permission.LIAISON_READ,), ("/liaison",)),
    Area("training.years", lazy("Training plans"), (Permission.TRAINING_READ,), ("/training",)),
    Area("programs.programs", lazy("Programmes"), (Permission.PROGRAM_READ,), ("/programs",)),
    Area("programs.reviews", lazy("Programme reviews"), (Permission.PROGRAM_REVIEW,), ("/programs/reviews",)),
    Area("statistics.statistics", lazy("Statistics"), (Permission.CASE_COUNT,), ("/statistics",)),
    Area("programs.mine", lazy("Programmes"), (Permission.PROGRAM_APPLY,), ("/my/programs",)),
    Area("administration.home", lazy("Administration"), (Permission.ACCOUNTS_MANAGE,), ("/administration",)),
    Area(
        "administration.history",
        lazy("History"),
        (Permission.HISTORY_READ,),
        ("/administration/history", "/administration/access-log"),
    ),
    Area(
        "administration.outbox",
        lazy("Messages"),
        (Permission.OUTBOX_READ,),
        ("/administration/outbox", "/administration/invitations"),
    ),
    Area("portal.rules", lazy("Rules"), (Permission.CASE_READ, Permission.SETTINGS_READ), ("/rules",)),
    Area("portal.help", lazy("Help"), (Permission.ACCOUNT_SELF,), ("/help",)),
)


def navigation(actor: Actor | None) -> list[dict[str, Any]]:
    """Entries for this person: label, url, current."""
    if actor is None:
        return []
    shown = [
        area
        for area in AREAS
        if area.endpoint in current_app.view_functions and any(actor.may(right) for right in area.permissions)
    ]
    # an area inside another's address: the longest prefix that fits is where the reader is
    here = max((_depth(area, request.path) for area in shown), default=0)
    return [
        {
            "label": area.label,
            "url": url_for(area.endpoint),
            "current": here > 0 and _depth(area, request.path) == here,
        }
        for area in shown
    ]


def _depth(area: Area, path: str) -> int:
    """How much of the address belongs to the area; 0 = none of it."""
    fitting = [prefix for prefix in area.prefixes if path == prefix or path.startswith(f"{prefix}/")]
    return max(map(len, fitting), default=0)


def home_url(app: Flask, actor: Actor) -> str:
    """Where a person lands after signing in: the first entry of the own navigation."""
    for area in AREAS:
        if area.endpoint in app.view_functions and any(actor.may(right) for right in area.permissions):
            return url_for(area.endpoint)
    return url_for("accounts.account")
