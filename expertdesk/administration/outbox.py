"""The message log: what was sent to whom, what waits and what failed. Officers see the messages of their cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from expertdesk.access import Actor, Permission
from expertdesk.accounts.commands import LARGEST_ID
from expertdesk.cases.policy import visible_clause
from expertdesk.experts.paging import read_slice
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.locale import current_language, lazy
from expertdesk.foundation.masking import mask_email
from expertdesk.models import Account, Case, Message, MessageState
from expertdesk.notices.outbox import send_again, without_secret
from expertdesk.notices.wording import text_of

STATE_NAMES: dict[MessageState, tuple[str, str, Any]] = {
    MessageState.READY: ("hold", "wait", lazy("Waiting")),
    MessageState.SENDING: ("hold", "wait", lazy("Being sent")),
    MessageState.SENT: ("ok", "tick", lazy("Sent")),
    MessageState.SHOWN: ("ok", "mail", lazy("Shown in the application")),
    MessageState.DEAD: ("bad", "late", lazy("Given up")),
}


@dataclass(frozen=True)
class MessageLine:
    id: int
    created_at: datetime
    sent_at: datetime | None
    read_at: datetime | None
    subject: str
    paragraphs: tuple[str, ...]
    case_number: str
    to: str
    email: str
    chip: tuple[str, str, Any]
    attempts: int
    next_try_at: datetime | None
    error: str
    may_send_again: bool


@dataclass(frozen=True)
class OutboxPage:
    rows: tuple[MessageLine, ...]
    older: int | None
    newer: int | None


def outbox_page(actor: Actor, state: str = "", after: int | None = None, before: int | None = None) -> OutboxPage:
    """The newest messages first; `state` is a code of MessageState."""
    statement = visible_messages(select(Message), actor)
    if state in set(MessageState):
        statement = statement.where(Message.state == MessageState(state))
    found = read_slice(statement, Message.id, after, before)
    cases = _cases({row.case_id for row in found.rows if row.case_id is not None})
    accounts = _accounts({row.account_id for row in found.rows if row.account_id is not None})
    rows = tuple(_line(row, cases, accounts) for row in found.rows)
    return OutboxPage(rows, found.older, found.newer)


def visible_messages(statement: Select[Any], actor: Actor) -> Select[Any]:
    """Messages of cases the actor may see, and those that belong to no case (invitations, reminders)."""
    if not actor.may(Permission.OUTBOX_READ):
        raise NotFound("message")
    return statement.outerjoin(Case, Case.id == Message.case_id).where(
        or_(Message.case_id.is_(None), visible_clause(actor))
    )


def send_message_again(message_id: int, actor: Actor) -> bool:
    """Give a message that was given up another set of tries. Raises NotFound for one that may not be seen."""
    statement = visible_messages(select(Message.id).where(Message.id == message_id), actor)
    if not 0 < message_id <= LARGEST_ID or db.session.scalar(statement) is None:
        raise NotFound("message")
    return send_again(db.session(), message_id)


def _line(row: Message, cases: dict[int, str], accounts: dict[int, str]) -> MessageLine:
    text = text_of(row.kind, without_secret(row.parameters), current_language())
    is_waiting = row.state in {MessageState.READY, MessageState.SENDING}
    return MessageLine(
        id=row.id,
        created_at=row.created_at,
        sent_at=row.sent_at,
        read_at=row.read_at,
        subject=text.subject,
        paragraphs=text.paragraphs,
        case_number=cases.get(row.case_id or 0, ""),
        to=accounts.get(row.account_id or 0, ""),
        email=row.email if row.case_id is not None else mask_email(row.email) if row.email else "",
        chip=STATE_NAMES[row.state],
        attempts=row.attempts,
        next_try_at=row.run_after if is_waiting and row.attempts else None,
        error=row.error,
        may_send_again=row.state is MessageState.DEAD,
    )


def _cases(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {row.id: row.number for row in db.session.execute(select(Case.id, Case.number).where(Case.id.in_(ids)))}


def _accounts(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))}
