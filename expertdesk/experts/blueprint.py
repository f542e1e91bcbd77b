"""The blueprint of people and organisations; routes.py and organisation_routes.py hang their views on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g, request

blueprint = Blueprint("experts", __name__, template_folder="templates")

LARGEST = 2**31 - 1
_MOST_TEXT = 200


def text_sought() -> str:
    """The text of a search box, never too long."""
    return request.args.get("q", "")[:_MOST_TEXT]


def key_of(name: str) -> int | None:
    """A paging key from the address; nonsense counts as none."""
    plain = request.args.get(name, "")
    if not plain.isascii() or not plain.isdigit() or len(plain) > len(str(LARGEST)):
        return None
    return int(plain)


def seen_version() -> int:
    """The version of the record the form was made from; a form without one was made from none."""
    plain = request.form.get("version", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= len(str(LARGEST)) else 0


def is_good(form: Any, problems: Mapping[str, Any]) -> bool:
    """Whether the form may be saved. What the rules say stands beside what the fields say, once for each field."""
    is_valid = form.validate()
    form.refuse({name: text for name, text in problems.items() if not (name in form and form[name].errors)})
    return is_valid and not problems


def page_version(stored: int) -> int:
    """What the form carries: a form that was given back keeps the version it was made from."""
    restored = g.get("restored_form")
    kept = restored.get("version", "") if restored is not None else ""
    return int(kept) if kept.isascii() and kept.isdigit() and len(kept) <= len(str(LARGEST)) else stored
