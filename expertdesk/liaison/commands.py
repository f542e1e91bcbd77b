"""Writes: take a person, log a contact, hand people over, set the level, end the service. Never commit.

Exactly one officer looks after a person at a time: the person's row is locked before anybody is put down, and the
database holds a unique index over active assignments besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from expertdesk.access import Actor, Permission, Role
from expertdesk.cases.rows import person_name
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, Reason, RuleBroken, Stale
from expertdesk.foundation.locale import lazy, lazy_date
from expertdesk.liaison.policy import active_assignment, find_person, may_hand_over, own_assignment, sees_all
from expertdesk.models import Account, AccountRole, Assignment, Contact, Permit, Person
from expertdesk.permits.policy import in_force, visible_permits
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import append_event

ORDINARY = "L0"
SUMMARY_MOST = 4000
NOTE_MOST = 2000
REASON_MOST = 500
SUBJECT = "person"


def take_person(person_id: int, actor: Actor, level: str = ORDINARY) -> Assignment:
    """Become the liaison officer of somebody with a permit in force. Of two who take at once one wins; the other gets
    NotAllowedNow with the name of the first."""
    if not actor.may(Permission.LIAISON_ACT):
        raise NotPermitted(Permission.LIAISON_ACT)
    person, _ = find_person(person_id, actor)
    _check_level(level)
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    taken = active_assignment(person_id)
    if taken is not None:
        raise _already_taken(taken, actor)
    if not _has_permit(person_id, actor):
        raise NotAllowedNow(
            [Reason("no_permit", lazy("This expert has no work permit in force."))], action="liaison.take"
        )
    assignment = Assignment(person_id=person.id, officer_id=actor.id, level=level, started_on=clock.today())
    try:
        with db.session.begin_nested():
            db.session.add(assignment)
    except IntegrityError:
        first = active_assignment(person_id)
        if first is None:
            raise
        raise _already_taken(first, actor) from None
    _note(actor, "liaison.taken", person.id, is_public=True, assignment_id=assignment.id, level=level)
    return assignment


def _has_permit(person_id: int, actor: Actor) -> bool:
    statement = select(Permit.id).where(Permit.person_id == person_id, in_force())
    return db.session.scalar(visible_permits(statement, actor).limit(1)) is not None


def _already_taken(taken: Assignment, actor: Actor) -> NotAllowedNow:
    officer = db.session.get_one(Account, taken.officer_id)
    if officer.id == actor.id:
        text = lazy("You look after this expert already.")
    else:
        name = person_name(officer.name, officer.name_latin)
        text = lazy("%(name)s looks after this expert since %(day)s.", name=name, day=lazy_date(taken.started_on))
    return NotAllowedNow([Reason("already_taken", text)], action="liaison.take")


def log_contact(assignment_id: int, kind: str, on: date, summary: str, next_on: date | None, actor: Actor) -> Contact:
    """Write down a contact and when the next one is promised. Raises RuleBroken with the fields at fault."""
    assignment = own_assignment(assignment_id, actor)
    row = rules_today().find("contact_kinds", kind)
    problems: dict[str, Any] = {}
    today = clock.today()
    if row is None:
        problems["kind"] = lazy("Choose how you were in contact.")
    if on > today:
        problems["on"] = lazy("The contact lies in the future. Enter the day on which it took place.")
    if not summary.strip():
        problems["summary"] = lazy("Write what was said, in a sentence or two.")
    if next_on is None and not (row is not None and row.is_last):
        problems["next_on"] = lazy("Enter the day of the next contact.")
    if next_on is not None and next_on <= max(on, today):
        problems["next_on"] = lazy("The next contact must lie in the future.")
    if problems:
        raise RuleBroken(problems)
    contact = Contact(
        assignment_id=assignment.id, kind=kind, on=on, summary=summary.strip(), next_on=next_on, by_id=actor.id,
        recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(contact)
    assignment.next_contact_on = next_on
    db.session.flush()
    _note(
        actor, "liaison.contact_logged", assignment.person_id, assignment_id=assignment.id, contact_id=contact.id,
        kind=kind, on=on.isoformat(), next_on=next_on.isoformat() if next_on else "",
    )  # fmt: skip
    return contact


def hand_over(assignment_ids: Sequence[int], to_id: int, note: str, actor: Actor) -> tuple[Assignment, ...]:
    """Give people to another liaison officer, many at once, with one note; level and next date go along."""
    chosen = [_to_hand_over(number, actor) for number in sorted(set(assignment_ids))]
    problems: dict[str, Any] = {}
    if not chosen:
        problems["people"] = lazy("Choose at least one expert.")
    taker = db.session.get(Account, to_id) if to_id else None
    if taker is None or not _is_liaison(taker):
        problems["to"] = lazy("Choose who takes over.")
    elif any(assignment.officer_id == taker.id for assignment in chosen):
        problems["to"] = lazy("Choose somebody else: this officer looks after one of them already.")
    if not note.strip():
        problems["note"] = lazy("Write what the next officer has to know.")
    if problems or taker is None:
        raise RuleBroken(problems)
    return tuple(_hand_one(assignment, taker, note.strip(), actor) for assignment in chosen)


def _to_hand_over(assignment_id: int, actor: Actor) -> Assignment:
    found = db.session.get(Assignment, assignment_id, with_for_update=True)
    if found is None or not (found.officer_id == actor.id or sees_all(actor)):
        raise NotFound(str(assignment_id))
    if not may_hand_over(found, actor):
        raise NotAllowedNow(
            [Reason("ended", lazy("One of these experts was handed over meanwhile. Load the list again."))],
            action="liaison.hand_over",
        )
    return found


def _hand_one(assignment: Assignment, taker: Account, note: str, actor: Actor) -> Assignment:
    today = clock.today()
    assignment.ended_on = today
    assignment.handover_note = note
    db.session.flush()
    following = Assignment(
        person_id=assignment.person_id,
        officer_id=taker.id,
        level=assignment.level,
        started_on=today,
        next_contact_on=assignment.next_contact_on,
        reason=assignment.reason,
    )
    db.session.add(following)
    db.session.flush()
    _note(
        actor, "liaison.handed_over", assignment.person_id, is_public=True, assignment_id=following.id,
        from_id=assignment.officer_id, to_id=taker.id,
    )  # fmt: skip
    return following


def _is_liaison(account: Account) -> bool:
    return account.is_active and any(held.role is Role.LIAISON for held in account.roles)


def set_level(assignment_id: int, level: str, reason: str, actor: Actor, seen_version: int | None = None) -> Assignment:
    """The manager decides the level, with a reason and from today (D-LI-06)."""
    if not actor.may(Permission.LIAISON_MANAGE):
        raise NotPermitted(Permission.LIAISON_MANAGE)
    assignment = db.session.get(Assignment, assignment_id, with_for_update=True)
    if assignment is None or assignment.ended_on is not None:
        raise NotFound(str(assignment_id))
    if seen_version is not None and seen_version != assignment.row_version:
        raise Stale(seen=seen_version, current=assignment.row_version)
    problems: dict[str, Any] = {}
    if rules_today().find("liaison_levels", level) is None:
        problems["level"] = lazy("Choose a level of the table.")
    elif level == assignment.level:
        problems["level"] = lazy("The expert has this level already.")
    if not reason.strip():
        problems["reason"] = lazy("Give a reason.")
    if problems:
        raise RuleBroken(problems)
    before, assignment.level, assignment.reason = assignment.level, level, reason.strip()
    db.session.flush()
    _note(
        actor, "liaison.level_set", assignment.person_id, assignment_id=assignment.id, before=before, after=level,
        reason=reason.strip(),
    )  # fmt: skip
    return assignment


def release_person(assignment_id: int, reason: str, actor: Actor) -> Assignment:
    """End the service, for example when somebody has left the city; the person is on nobody's list afterwards."""
    assignment = own_assignment(assignment_id, actor)
    if not reason.strip():
        raise RuleBroken({"reason": lazy("Give a reason.")})
    assignment.ended_on = clock.today()
    assignment.handover_note = reason.strip()
    assignment.next_contact_on = None
    db.session.flush()
    _note(actor, "liaison.released", assignment.person_id, is_public=True, assignment_id=assignment.id)
    return assignment


def _check_level(level: str) -> None:
    if rules_today().find("liaison_levels", level) is None:
        raise RuleBroken({"level": lazy("Choose a level of the table.")})


def liaison_accounts() -> tuple[Account, ...]:
    """Everybody who can look after experts."""
    holds = exists().where(AccountRole.account_id == Account.id, AccountRole.role == Role.LIAISON)
    return tuple(db.session.scalars(select(Account).where(Account.is_active, holds).order_by(Account.name, Account.id)))


def _note(actor: Actor, name: str, person_id: int, *, is_public: bool = False, **payload: Any) -> None:
    append_event(db.session(), name, SUBJECT, person_id, actor, payload=payload, is_public=is_public)
