"""Permits: the decision on a recommended case, and the permit that follows from it.

Used by approving officers (decide: grant, refuse, send back), by everybody who looks permits up, by intake (extensions)
and liaison (permits in force). Comes in: a case, an Actor, the version of the case that was seen. Goes out: the permit
with its number for life, the letters of the decision, page records; the worker gets `reminders.queue_due_reminders`.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    from expertdesk.permits.routes import blueprint

    app.register_blueprint(blueprint)
