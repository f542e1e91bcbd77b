"""Links inside reasons; guards are also asked by the worker and the command line, where nothing is linked."""

from __future__ import annotations

from typing import Any

from flask import current_app, has_request_context, url_for


def link(endpoint: str, **values: Any) -> str:
    """The address inside a request, else ""."""
    if not has_request_context() or endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, **values)
