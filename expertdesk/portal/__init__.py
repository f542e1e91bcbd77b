"""What experts, organisation contacts and the public see: the front page, `/my`, `/status`, `/verify`, rules and help.

Used by foreign experts (often on a phone), contacts of organisations, whoever holds a slip or a letter, and everybody
who needs help. Comes in: a case number with its access code, a verification code, papers that answer a correction
notice. Goes out: one sentence with the next step and its date, the own papers and letters, a verdict on a letter.
Reads what cases and permits wrote; writes only answers to correction notices. Never shows a reader another's file.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Put the pages of the portal into the application."""
    from expertdesk.portal.routes import blueprint

    app.register_blueprint(blueprint)
