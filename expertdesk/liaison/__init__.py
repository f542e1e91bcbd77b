"""Service for experts once they are here: the work list of permits in force that nobody looks after, taking people,
contacts with the next date, dates ahead, handing over.

Used by liaison officers and by managers. Comes in: permits in force (a query, no call-backs), people, accounts.
Goes out: assignments, contacts, events of the person; the portal reads who looks after whom (`queries.officer_of`).
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    from expertdesk.liaison.routes import blueprint

    app.register_blueprint(blueprint)
