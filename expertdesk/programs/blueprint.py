"""The blueprint of the programmes; the route modules hang their views on it."""

from __future__ import annotations

from flask import Blueprint, g, request

blueprint = Blueprint("programs", __name__, template_folder="templates")

REFUSED, CONFLICT = 422, 409
_MOST_DIGITS = 9


def seen_version() -> int:
    """The version of the record the form was made from; a form without one was made from none."""
    return whole(request.form.get("version", "")) or 0


def page_version(stored: int) -> int:
    """What the form carries: one that was sent keeps its version, so does one that was given back."""
    if request.method == "POST":
        return seen_version()
    restored = g.get("restored_form")
    kept = whole(restored.get("version", "")) if restored is not None else None
    return stored if kept is None else kept


def whole(text: str) -> int | None:
    """A whole number as an address or a form gives it, or nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
