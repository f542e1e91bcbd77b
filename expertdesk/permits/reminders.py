"""Reminders before a permit ends: to the expert, to the employer's contact and to the officer, at the days of the table
(REMIND_1 to REMIND_4), for the worker.

Range queries, not "today minus n": after a gap the newest mark that was passed is told once, those missed before it are
not told any more. What was told stands in the history of the permit; the outbox keeps a second lock on each message.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, func, select

from expertdesk.access import SYSTEM
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import (
    Account,
    Assignment,
    Case,
    Event,
    Membership,
    MembershipRight,
    OrganisationContact,
    Permit,
    PermitState,
    Person,
)
from expertdesk.notices.outbox import queue
from expertdesk.permits import rules
from expertdesk.permits.queries import UNDER_WAY
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import append_event

KIND = "expiry_reminder"
EVENT = "permit.reminded"
_SUBJECT = "permit"
# how many permits one round tells about: the writer's place is given back in between, the next round goes on
_MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Reader:
    """Somebody to be told. `key` is the stable part of the lock; an address without an account stays out of it."""

    side: str
    account_id: int | None
    email: str
    language: str

    @property
    def key(self) -> str:
        return f"{self.side}:a{self.account_id}" if self.account_id else f"{self.side}:mail"


@dataclass(frozen=True)
class _Due:
    permit: Permit
    case: Case
    person: Person
    mark: int


def queue_due_reminders() -> int:
    """Queue what is due now and was not told yet, in the caller's transaction; returns how many messages there are."""
    due = _due_permits()
    if not due:
        return 0
    readers = _readers_of(due)
    return sum(_remind(item, readers[item.permit.id]) for item in due)


def _due_permits() -> list[_Due]:
    """Permits in force within the widest mark whose present mark was not told since it was reached. A permit whose
    extension is under way needs no reminder."""
    marks, today = rules.reminder_marks(rules_today()), clock.today()
    told = (
        select(func.max(Event.at))
        .where(Event.subject_kind == _SUBJECT, Event.subject_id == Permit.id, Event.name == EVENT)
        .correlate(Permit)
        .scalar_subquery()
    )
    under_way = exists().where(
        Case.person_id == Permit.person_id, Case.previous_permit_id == Permit.id, Case.state.in_(UNDER_WAY)
    )
    statement = (
        select(Permit.id, Permit.ends_on, told)
        .where(
            Permit.state == PermitState.IN_FORCE,
            Permit.ends_on >= today,
            Permit.ends_on <= today + timedelta(days=max(marks)),
            ~under_way,
        )
        .order_by(Permit.ends_on, Permit.id)
    )
    chosen = {}
    for permit_id, ends_on, told_at in db.session.execute(statement):
        mark = rules.due_mark(rules.days_left(ends_on, today), marks)
        if mark is not None and not _was_told(told_at, ends_on, mark):
            chosen[permit_id] = mark
        if len(chosen) == _MOST_AT_ONCE:
            break
    return _loaded(chosen)


def _was_told(told_at: datetime | None, ends_on: date, mark: int) -> bool:
    """Was a reminder sent on or after the day on which the mark was reached?"""
    return told_at is not None and clock.day_of(told_at) >= ends_on - timedelta(days=mark)


def _loaded(chosen: dict[int, int]) -> list[_Due]:
    if not chosen:
        return []
    statement = (
        select(Permit, Case, Person)
        .join(Case, Permit.case_id == Case.id)
        .join(Person, Permit.person_id == Person.id)
        .where(Permit.id.in_(sorted(chosen)))
        .order_by(Permit.ends_on, Permit.id)
    )
    return [_Due(permit, case, person, chosen[permit.id]) for permit, case, person in db.session.execute(statement)]


# --- who is told -------------------------------------------------------------------------------------------------


def _readers_of(due: Sequence[_Due]) -> dict[int, list[Reader]]:
    """Everybody to be told about each permit, with a handful of queries for all of them."""
    experts = _experts({item.person.id for item in due})
    handlers = _handlers({item.permit.organisation_id for item in due})
    contacts = _contacts({item.case.contact_id for item in due if item.case.contact_id})
    officers = _officers(due)
    found: dict[int, list[Reader]] = {}
    for item in due:
        expert = experts.get(item.person.id) or list(_by_mail("expert", item.person.email, "en"))
        contact = contacts.get(item.case.contact_id or 0, "")
        employer = handlers.get(item.permit.organisation_id) or list(_by_mail("employer", contact, "zh"))
        found[item.permit.id] = [*expert, *employer, *officers.get(item.permit.id, [])]
    return found


def _by_mail(side: str, email: str, language: str) -> Iterator[Reader]:
    if email:
        yield Reader(side, None, email, language)


def _experts(person_ids: Iterable[int]) -> dict[int, list[Reader]]:
    found: dict[int, list[Reader]] = defaultdict(list)
    statement = select(Account).where(Account.person_id.in_(sorted(person_ids)), Account.is_active).order_by(Account.id)
    for account in db.session.scalars(statement):
        found[account.person_id or 0].append(_account_reader("expert", account))
    return found


def _handlers(organisation_ids: Iterable[int]) -> dict[int, list[Reader]]:
    found: dict[int, list[Reader]] = defaultdict(list)
    statement = (
        select(Membership.organisation_id, Account)
        .join(Account, Membership.account_id == Account.id)
        .where(
            Membership.organisation_id.in_(sorted(organisation_ids)),
            Membership.right == MembershipRight.HANDLER,
            Account.is_active,
        )
        .order_by(Account.id)
    )
    for organisation_id, account in db.session.execute(statement):
        found[organisation_id].append(_account_reader("employer", account))
    return found


def _contacts(contact_ids: Iterable[int]) -> dict[int, str]:
    statement = select(OrganisationContact.id, OrganisationContact.email).where(
        OrganisationContact.id.in_(sorted(contact_ids))
    )
    return {row.id: row.email for row in db.session.execute(statement)}


def _officers(due: Sequence[_Due]) -> dict[int, list[Reader]]:
    """The liaison officer of the person, else the case officer of the permit; somebody who left is told nothing."""
    people = sorted({item.person.id for item in due})
    statement = select(Assignment.person_id, Assignment.officer_id).where(
        and_(Assignment.person_id.in_(people), Assignment.ended_on.is_(None))
    )
    liaison = {row.person_id: row.officer_id for row in db.session.execute(statement)}
    wanted = {item.permit.id: liaison.get(item.person.id) or item.case.officer_id for item in due}
    ids = sorted({officer_id for officer_id in wanted.values() if officer_id})
    accounts = {
        account.id: account
        for account in db.session.scalars(select(Account).where(Account.id.in_(ids), Account.is_active))
    }
    return {
        permit_id: [_account_reader("officer", accounts[officer_id])]
        for permit_id, officer_id in wanted.items()
        if officer_id in accounts
    }


def _account_reader(side: str, account: Account) -> Reader:
    return Reader(side, account.id, account.email, account.language)


# --- telling -----------------------------------------------------------------------------------------------------


def _remind(item: _Due, readers: Sequence[Reader]) -> int:
    permit, today = item.permit, clock.today()
    window = rules_today().extension_window(permit.ends_on)
    shared = {
        "what": "permit",
        "number": permit.number,
        "expires_on": permit.ends_on,
        "days": rules.days_left(permit.ends_on, today),
        "from_on": window.opens_on,
        "to_on": window.closes_on,
    }
    append_event(
        db.session(), EVENT, _SUBJECT, permit.id, SYSTEM,
        payload={"mark": item.mark, "days": shared["days"], "sides": sorted({reader.side for reader in readers})},
    )  # fmt: skip
    for reader in readers:
        queue(
            db.session(),
            KIND,
            case_id=item.case.id,
            account_id=reader.account_id,
            email=reader.email,
            language=reader.language,
            parameters={**shared, "path": f"/permits/{permit.id}"} if reader.side == "officer" else shared,
            dedup=f"{KIND}:{permit.id}:{item.mark}:{reader.key}",
        )
    return len(readers)
