"""The first page of the day and the one search box, for officers, approving officers and managers.

Who: signed-in staff. In: the cases, permits and contacts they may see. Out: what to do next, in order of urgency, each
line with its verb; a search over people, cases, permits and organisations. Writes nothing.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages /desk and /search."""
    from expertdesk.desk.routes import blueprint

    app.register_blueprint(blueprint)
