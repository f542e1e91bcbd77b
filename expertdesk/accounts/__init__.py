"""Accounts: who may come in and what they are: sign-in, sessions on the server, own account, invitations, drafts,
access log, limits on guessing.

Used by the factory (sessions for the door), by every capability (`actors.actor_of`, `drafts`, `access_log.note_access`,
`limits`), by administration (its commands) and the command line (`invitations.first_administrator_address`).
Comes in: plain values and an Actor. Goes out: an Actor, small frozen records. Writes events `account.*` and
`invitation.*` in the caller's transaction; sessions, attempts, drafts and the access log are written apart from it.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Sign-in, account and invitation pages."""
    from expertdesk.accounts.blueprint import register as register_pages

    register_pages(app)
