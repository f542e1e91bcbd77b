"""What a page asks for twice is read once: the buttons and the body of a page judge the same rows. Only while reading;
a request that writes sees what it has written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import has_request_context, request

_PLACE = "expertdesk.training.remembered"
Read = TypeVar("Read")


def once(key: object, read: Callable[[], Read]) -> Read:
    """What `read` answers, once for each request that only reads."""
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return read()
    kept = request.environ.setdefault(_PLACE, {})
    if key not in kept:
        kept[key] = read()
    return kept[key]
