"""The messages of one account as its owner reads them, and what staff see of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import Session

from expertdesk.foundation import clock
from expertdesk.foundation.database import db, write_apart
from expertdesk.foundation.locale import current_language
from expertdesk.models import Message, MessageState
from expertdesk.notices.outbox import without_secret
from expertdesk.notices.wording import text_of


@dataclass(frozen=True)
class InboxLine:
    """A message with its text in the reader's language of today, whatever it was sent in."""

    id: int
    kind: str
    subject: str
    paragraphs: tuple[str, ...]
    path: str
    at: datetime
    is_read: bool
    state: MessageState


def messages_of(account_id: int, *, limit: int = 30) -> tuple[InboxLine, ...]:
    """The newest messages of an account first."""
    rows = db.session.scalars(
        select(Message).where(Message.account_id == account_id).order_by(Message.id.desc()).limit(limit)
    ).all()
    return tuple(_line(row) for row in rows)


def unread_count(account_id: int) -> int:
    return db.session.scalar(select(unread_clause(account_id))) or 0


def unread_clause(account_id: int) -> ScalarSelect[int]:
    """The same as a column of another query."""
    unread = select(func.count()).select_from(Message)
    return unread.where(Message.account_id == account_id, Message.read_at.is_(None)).scalar_subquery()


def mark_read(account_id: int, up_to: int) -> None:
    """Everything up to this message was on the reader's screen; a message that came meanwhile stays unread."""
    with write_apart() as session:
        read_until(session, account_id, up_to)


def read_until(session: Session, account_id: int, up_to: int) -> None:
    session.execute(
        update(Message)
        .where(Message.account_id == account_id, Message.id <= up_to, Message.read_at.is_(None))
        .values(read_at=clock.now())
    )


def _line(row: Message) -> InboxLine:
    text = text_of(row.kind, without_secret(row.parameters), current_language())
    return InboxLine(
        id=row.id,
        kind=row.kind,
        subject=text.subject,
        paragraphs=text.paragraphs,
        path=text.path,
        at=row.created_at,
        is_read=row.read_at is not None,
        state=row.state,
    )
