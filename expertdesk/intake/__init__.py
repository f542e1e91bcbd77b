"""Intake: one page from passport lines to receipt.

Used by officers at the counter (/intake/new) and by contacts of an organisation (/my/apply). Comes in: passport lines,
who the expert and the organisation are, the procedure, post, contract, claims for the category, papers. Goes out, in
one transaction: person, organisation, case, papers and receipt; with the case number and the access code, shown once.

Nothing is decided here: whether two people are one is chosen by a person, what the category is says the rule book.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Called once by the factory."""
    from expertdesk.intake.routes import blueprint

    app.register_blueprint(blueprint)
