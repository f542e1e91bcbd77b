"""Administration: people and their rights, what is set, counts of cases, invitations, messages, history, access log.

Used by administrators (accounts, settings, counts; no case), audit readers (history and access log, names masked),
officers and managers (messages and, for officers, invitations). Comes in: forms and an Actor. Goes out: the writes of
`accounts.commands` and `accounts.invitations`; page records.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """All pages under /administration."""
    from expertdesk.administration import invitation_routes, log_routes, routes  # noqa: F401 - their views
    from expertdesk.administration.blueprint import blueprint

    app.register_blueprint(blueprint)
