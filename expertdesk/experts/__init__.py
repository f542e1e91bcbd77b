"""Experts and host organisations: who they are, under which names and numbers, and whether they are on file already.

Used by intake, cases and the desk. Comes in: what an officer typed or pasted (passport lines, names, credit codes).
Goes out: facts that were read and checked, with every doubt named; people and organisations are never merged here.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Put the pages of people and organisations into the application."""
    from expertdesk.experts import organisation_routes, routes  # noqa: F401 - their views belong to the blueprint
    from expertdesk.experts.blueprint import blueprint

    app.register_blueprint(blueprint)
