"""Sends what waits in the outbox. Called by the worker every few seconds; safe to run twice at once.

A message is taken with a lease in a transaction of its own, sent, then marked. Killed between sending and marking, the
lease ends and the message goes out again under the same Message-ID, so that the receiver shows one. Failures wait
longer each time; after the eighth the message is given up and shown to staff.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from urllib.parse import urlsplit

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from expertdesk.foundation import clock
from expertdesk.foundation.database import write_apart
from expertdesk.foundation.installed import settings
from expertdesk.foundation.locale import use_language
from expertdesk.models import Message, MessageState
from expertdesk.notices import postman
from expertdesk.notices.outbox import opened, without_secret
from expertdesk.notices.wording import mail_body, text_of
from expertdesk.regulations.current import rules_today

MOST_TRIES = 8
LEASE = timedelta(minutes=10)
# one pause after each failed try; about two days in all, so that a weekend without a mail server loses nothing
PAUSES = tuple(timedelta(minutes=count) for count in (1, 5, 20, 60, 240, 720, 1440))


def send_due(limit: int = 50) -> int:
    """Send what is due, at most `limit` messages; returns how many left the outbox (sent, or shown where no mail is
    set). Raises nothing for a mail server that is away: the messages wait."""
    taken = _take(limit)
    if not taken:
        return 0
    mailable = [message for message in taken if settings().mail_url and message.email]
    shown = [message for message in taken if message not in mailable]
    for message in shown:
        _mark(message, MessageState.SHOWN)
    return len(shown) + _send_all(mailable)


def _take(limit: int) -> Sequence[Message]:
    """Lease due messages; a lease that ran out is due again."""
    now = clock.real_now()
    with write_apart() as session:
        due = session.scalars(
            select(Message)
            .where(
                or_(
                    and_(Message.state == MessageState.READY, Message.run_after <= now),
                    and_(Message.state == MessageState.SENDING, Message.locked_until <= now),
                )
            )
            .order_by(Message.run_after, Message.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        taken = [message for message in due if not _is_worn_out(message)]
        for message in taken:
            message.state = MessageState.SENDING
            message.locked_until = now + LEASE
            message.attempts += 1
            message.message_id = message.message_id or _new_message_id()
        session.flush()
        session.expunge_all()
    return taken


def _is_worn_out(message: Message) -> bool:
    """Taken eight times and never marked: something about it ends the worker, so it is given up."""
    if message.attempts < MOST_TRIES:
        return False
    message.state = MessageState.DEAD
    message.locked_until = None
    message.error = "given up: sending never came to an end"
    return True


def _send_all(messages: Sequence[Message]) -> int:
    waiting = list(messages)
    sent = 0
    while waiting:
        try:
            with postman.connection(postman.Server.from_url(settings().mail_url)) as link:
                while waiting and not postman.is_broken(link):
                    sent += _send_one(link, waiting.pop(0))
        except postman.PostProblem as problem:
            for message in waiting:
                _failed(message, str(problem))
            break
    return sent


def _send_one(link: postman.smtplib.SMTP, message: Message) -> int:
    try:
        postman.send(link, _mail(message))
    except (postman.PostProblem, HeaderParseError, ValueError, IndexError) as problem:
        _failed(message, str(problem) or type(problem).__name__)
        return 0
    _mark(message, MessageState.SENT)
    return 1


def _mail(message: Message) -> postman.EmailMessage:
    text = text_of(message.kind, opened(message.parameters), message.language)
    with use_language(message.language):
        sender_name = str(rules_today().bureau.name)
    return postman.letter(
        sender_name=sender_name,
        sender=postman.address_of(settings().mail_sender),
        to=message.email,
        subject=text.subject,
        body=mail_body(text, message.language, settings().base_url),
        language=message.language,
        message_id=message.message_id,
        at=clock.shanghai(clock.now()),
    )


def _mark(message: Message, state: MessageState) -> None:
    with write_apart() as session:
        row = _still_ours(session, message)
        if row is not None:
            row.state = state
            row.locked_until = None
            row.error = ""
            row.sent_at = clock.now() if state is MessageState.SENT else None
            row.parameters = without_secret(row.parameters)


def _failed(message: Message, error: str) -> None:
    with write_apart() as session:
        row = _still_ours(session, message)
        if row is None:
            return
        row.locked_until = None
        row.error = error[:300]
        if row.attempts >= MOST_TRIES:
            row.state = MessageState.DEAD
        else:
            row.state = MessageState.READY
            row.run_after = clock.real_now() + pause_after(row.attempts)


def _still_ours(session: Session, message: Message) -> Message | None:
    """The row, unless our lease ran out and somebody else took it meanwhile."""
    row = session.get(Message, message.id, with_for_update=True)
    ours = row is not None and row.state is MessageState.SENDING and row.attempts == message.attempts
    return row if ours else None


def pause_after(attempts: int) -> timedelta:
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def next_due_at(session: Session) -> datetime | None:
    """When the worker should look again at the latest; None when nothing waits."""
    return session.scalar(
        select(Message.run_after).where(Message.state == MessageState.READY).order_by(Message.run_after).limit(1)
    )


def _new_message_id() -> str:
    place = postman.address_of(settings().mail_sender).rpartition("@")[2] or urlsplit(settings().base_url).hostname
    ascii_place = place if place and place.isascii() else "localhost"
    return f"<{secrets.token_hex(16)}@{ascii_place}>"
