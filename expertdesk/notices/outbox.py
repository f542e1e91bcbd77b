"""Writes a message in the transaction of its event: no mail without an event, no event without its mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from expertdesk.foundation import clock
from expertdesk.foundation.installed import vault
from expertdesk.foundation.locale import LANGUAGES
from expertdesk.models import Message, MessageState
from expertdesk.notices.wording import KINDS

# a parameter that opens a door: never stored readable, wiped once the message is out
SECRET = "code"
SEAL = "notices.code"
_LONGEST_DEDUP = 120
_ASKED_AT_ONCE = 400  # keys in one statement


def queue(
    session: Session,
    kind: str,
    *,
    case_id: int | None = None,
    account_id: int | None = None,
    email: str = "",
    language: str = "en",
    parameters: Mapping[str, Any] | None = None,
    dedup: str,
) -> None:
    """Put one message into the outbox. The same `dedup` a second time changes nothing: the same event tells once.

    `parameters` are plain values (text, whole numbers, dates); see `wording` for the names each kind understands.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown notice {kind!r}; known: {', '.join(KINDS)}")
    if not dedup or len(dedup) > _LONGEST_DEDUP:
        raise ValueError(f"dedup must have 1 to {_LONGEST_DEDUP} characters")
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(Message)
        .values(
            dedup=dedup,
            kind=kind,
            case_id=case_id,
            account_id=account_id,
            email=email.strip(),
            language=language if language in LANGUAGES else "en",
            parameters=_plain(parameters or {}),
            state=MessageState.READY,
            attempts=0,
            run_after=clock.real_now(),
            message_id="",
            error="",
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[Message.dedup])
    )


def told_of(session: Session, dedups: Sequence[str]) -> set[str]:
    """Which of these keys were queued already: work that comes round again asks in one go before it writes."""
    found: set[str] = set()
    for start in range(0, len(dedups), _ASKED_AT_ONCE):
        some = dedups[start : start + _ASKED_AT_ONCE]
        found.update(session.scalars(select(Message.dedup).where(Message.dedup.in_(some))))
    return found


def send_again(session: Session, message_id: int) -> bool:
    """Give a message that was given up a new set of tries (message log). False when it is not one of those."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.state is not MessageState.DEAD:
        return False
    message.state = MessageState.READY
    message.attempts = 0
    message.run_after = clock.real_now()
    return True


def hold_unsent(session: Session) -> int:
    """After a restore: what waits in the restored outbox may have been sent already, so it is only shown."""
    waiting = session.scalars(
        select(Message).where(Message.state.in_((MessageState.READY, MessageState.SENDING)))
    ).all()
    for message in waiting:
        message.state = MessageState.SHOWN
        message.parameters = without_secret(message.parameters)
    return len(waiting)


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in parameters.items():
        if isinstance(value, date):
            plain[name] = value.isoformat()
        elif value is None or isinstance(value, (str, int)):
            plain[name] = value
        else:
            raise ValueError(f"parameter {name} is {type(value).__name__}; only text, whole numbers and dates are kept")
    if plain.get(SECRET):
        plain[SECRET] = vault().encrypt(str(plain[SECRET]), context=SEAL)
    return plain


def opened(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters with the secret readable, for the mail itself and nothing else."""
    plain = dict(parameters)
    if plain.get(SECRET):
        plain[SECRET] = vault().decrypt(plain[SECRET], context=SEAL)
    return plain


def without_secret(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept and shown afterwards."""
    return {name: value for name, value in parameters.items() if name != SECRET}
