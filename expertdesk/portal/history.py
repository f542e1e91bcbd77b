"""What the people of a case see of its history: public events, newest first; and which office looked at their file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from expertdesk.access import Actor
from expertdesk.accounts.access_log import ACTION_NAMES, RECORD_NAMES
from expertdesk.accounts.names import role_list
from expertdesk.cases.timeline import title_of
from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry, Account, Case, Event, Letter, Paper, Permit
from expertdesk.regulations.current import rules_today

_MOST_EVENTS = 60
_MOST_ENTRIES = 100


@dataclass(frozen=True)
class Happened:
    at: datetime
    title: Any
    text: Any
    state: str


def public_events(case_id: int) -> tuple[Happened, ...]:
    """The newest first; it is marked as where the case stands."""
    events = db.session.scalars(
        select(Event)
        .where(Event.subject_kind == "case", Event.subject_id == case_id, Event.is_public)
        .order_by(Event.id.desc())
        .limit(_MOST_EVENTS)
    ).all()
    return tuple(
        Happened(event.at, title_of(event), _detail(event), "past" if place else "now")
        for place, event in enumerate(events)
    )


def _detail(event: Event) -> Any:
    """Which paper, where an event is about one; nothing an officer wrote."""
    document = event.payload.get("document")
    return rules_today().name_of("documents", document) if isinstance(document, str) and document else ""


# --- who looked --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """One entry at the level of the office: no names of staff."""

    at: datetime
    action: Any
    record: Any
    office: str


def looks_at(actor: Actor) -> tuple[Look, ...]:
    """Who opened, printed or downloaded something of this expert, by office; the own looks are left out."""
    cases = select(Case.id).where(Case.person_id == actor.person_id)
    papers = select(Paper.id).where(Paper.case_id.in_(cases))
    letters = select(Letter.id).where(Letter.case_id.in_(cases))
    permits = select(Permit.id).where(Permit.person_id == actor.person_id)
    rows = db.session.execute(
        select(AccessEntry, Account)
        .outerjoin(Account, Account.id == AccessEntry.account_id)
        .options(selectinload(Account.roles))
        .where(
            or_(
                and_(AccessEntry.record_kind == "person", AccessEntry.record_id == actor.person_id),
                and_(AccessEntry.record_kind == "case", AccessEntry.record_id.in_(cases)),
                and_(AccessEntry.record_kind == "paper", AccessEntry.record_id.in_(papers)),
                and_(AccessEntry.record_kind == "letter", AccessEntry.record_id.in_(letters)),
                and_(AccessEntry.record_kind == "permit", AccessEntry.record_id.in_(permits)),
            ),
            or_(AccessEntry.account_id.is_(None), AccessEntry.account_id != actor.id),
            AccessEntry.action != "refused",
        )
        .order_by(AccessEntry.id.desc())
        .limit(_MOST_ENTRIES)
    )
    return tuple(
        Look(
            at=entry.at,
            action=ACTION_NAMES.get(entry.action, entry.action),
            record=RECORD_NAMES.get(entry.record_kind, entry.record_kind),
            office=role_list(held.role for held in account.roles) if account is not None else "",
        )
        for entry, account in rows
    )
