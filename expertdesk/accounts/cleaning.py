"""Regular work of the worker: what has outlived its purpose goes. Sessions, attempts and drafts hold personal data."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from expertdesk.accounts.drafts import drop_old_drafts
from expertdesk.accounts.hooks import drop_ended_sessions
from expertdesk.accounts.limits import WINDOW
from expertdesk.foundation import clock
from expertdesk.foundation.database import write_apart
from expertdesk.models import Attempt, Invitation

# a used or expired one-time address is kept as long as somebody may ask about it
_INVITATIONS_KEPT = timedelta(days=180)


def remove_expired() -> int:
    """Everything once; each kind in a transaction of its own. Returns how many rows went."""
    return drop_old_drafts() + drop_ended_sessions() + _old_attempts() + _old_invitations()


def _old_attempts() -> int:
    with write_apart() as session:
        gone = session.execute(
            delete(Attempt).where(Attempt.at < clock.real_now() - WINDOW).execution_options(synchronize_session=False)
        )
    return int(getattr(gone, "rowcount", 0))


def _old_invitations() -> int:
    with write_apart() as session:
        gone = session.execute(
            delete(Invitation)
            .where(Invitation.expires_at < clock.real_now() - _INVITATIONS_KEPT)
            .execution_options(synchronize_session=False)
        )
    return int(getattr(gone, "rowcount", 0))
