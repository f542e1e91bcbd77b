"""Cases: one application about one foreign expert, from the draft to the delivered letter.

Used by officers and approving officers (pages in routes.py), by intake, permits, portal and desk through `commands`,
`papers`, `status`, `clock`, `policy` and `judging`. Comes in: plain values and an Actor. Goes out: the case, its
letters, page records. A state is written by `acting.act` alone, from the table in workflow.py; everything that happens
to a case stands in the history in the same transaction.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Put the pages of this capability into the application."""
    from expertdesk.cases.routes import blueprint

    app.register_blueprint(blueprint)
