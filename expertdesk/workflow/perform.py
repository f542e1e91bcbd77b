"""`perform`: the only writer of a state. One door for every change (architecture: the workflow is a table)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from expertdesk.access import Actor, Permission
from expertdesk.foundation.errors import NotAllowedNow, NotPermitted, Reason, Stale
from expertdesk.foundation.locale import lazy
from expertdesk.models import Event
from expertdesk.workflow.history import append_event, lock_history
from expertdesk.workflow.table import Option, Transition, Workflow

_LOCKED_AT_ONCE = 500  # keys in one statement; well under what either engine takes


class Subject(Protocol):
    """What a workflow can move: a row with an id, a state, a version."""

    id: Any
    state: Any
    row_version: Any


@dataclass
class Performed:
    """What one action left behind: handed to the clock keeper, the printers and the notices in turn."""

    subject: Any
    transition: Transition
    actor: Actor
    session: Session
    event: Event
    before: str
    reason: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    letters: list[Any] = field(default_factory=list)


# a consequence of an action: keeps the clock, prints a letter, queues a notice, makes a permit
Consequence = Callable[[Performed], None]


@dataclass(frozen=True)
class Consequences:
    """What a capability hands in: its own effect first, then clock, letters, notices."""

    effect: Consequence | None = None
    keep_clock: Consequence | None = None
    print_letters: Consequence | None = None
    send_notices: Consequence | None = None


def perform(
    session: Session,
    workflow: Workflow,
    subject: Any,
    action: str,
    actor: Actor,
    *,
    seen_version: int | None = None,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    rules_date: date | None = None,
    at: datetime | None = None,
    consequences: Consequences | None = None,
) -> Performed:
    """Do one action: lock the row, check version, right and guards, set the state, append the event, then the clock,
    the letters and the notices, all in the caller's transaction.

    Raises NotAllowedNow (not in the table for this state, or a guard), NotPermitted, Stale (the page was made from an
    older version). Nothing is written then.
    """
    consequences = consequences or Consequences()
    row = require(session, workflow, subject, action, actor, seen_version=seen_version, reason=reason)
    before = str(subject.state)
    if row.target is not None:
        subject.state = type(subject.state)(row.target)
    details = dict(payload or {})
    if reason:
        details["reason"] = reason
    # `version`: what the reader of a page had to have seen; tells later what changed since
    details |= {"from": before, "to": str(subject.state), "version": subject.row_version}
    # an action that leaves the state as it is makes a new version all the same
    flag_modified(subject, "state")
    event = append_event(
        session,
        row.event,
        workflow.subject_kind,
        subject.id,
        actor,
        payload=details,
        rules_date=rules_date,
        is_public=row.is_public,
        at=at,
    )
    done = Performed(subject, row, actor, session, event, before, reason, details)
    for step in (
        consequences.effect,
        consequences.keep_clock,
        consequences.print_letters,
        consequences.send_notices,
    ):
        if step is not None:
            step(done)
    session.flush()
    return done


def require(
    session: Session,
    workflow: Workflow,
    subject: Any,
    action: str,
    actor: Actor,
    *,
    seen_version: int | None = None,
    reason: str | None = None,
) -> Transition:
    """Hold the row and see whether the action may be done now; raises as `perform` does, and writes nothing.

    A command that judges its fields first calls it before them: an old page, a missing right or a wrong state is told
    before anything about a field. `reason` None: not looked at yet.
    """
    lock_row(session, subject)
    row = _find(workflow, subject, action)
    if seen_version is not None and seen_version != subject.row_version:
        raise Stale(seen=seen_version, current=subject.row_version)
    refusals = refusals_of(row, subject, actor)
    if not _has_right(row, actor):
        raise NotPermitted(row.permission)
    if row.needs_reason and reason is not None and not reason.strip():
        refusals = (*refusals, Reason("reason_missing", lazy("Give a reason.")))
    if refusals:
        raise NotAllowedNow(refusals, action=action)
    return row


def lock_row(session: Session, subject: Any) -> None:
    """Hold the row until the end of the transaction; whatever is read of it afterwards is what is stored now.

    The end of the history is locked first, here and by the series of numbers: one order for all, so that two writers
    never wait for each other (PostgreSQL; SQLite has one writer anyway).
    """
    session.flush()
    kind, key = type(subject), subject.id
    lock_history(session)
    session.execute(select(kind.id).where(kind.id == key).with_for_update())
    session.expire_all()


def _find(workflow: Workflow, subject: Any, action: str) -> Transition:
    row = workflow.find(action)
    if row is None or str(subject.state) not in row.sources:
        label = workflow.state_label(str(subject.state))
        text = lazy("This is not possible in the state “%(state)s”.", state=label)
        raise NotAllowedNow([Reason("not_in_this_state", text)], action=action)
    return row


def _has_right(row: Transition, actor: Actor) -> bool:
    if row.is_system:
        return actor.may(Permission.SYSTEM)
    return any(actor.may(right) for right in row.rights)


def refusals_of(row: Transition, subject: Any, actor: Actor) -> tuple[Reason, ...]:
    """Every reason why this action cannot be done now; all guards are asked, so that the page can list all of them."""
    found: list[Reason] = []
    for guard in row.guards:
        found.extend(guard(subject, actor))
    return tuple(found)


def options(workflow: Workflow, subject: Any, actor: Actor) -> tuple[Option, ...]:
    """The buttons of a page: every action of the present state the actor has the right to, allowed or with reasons."""
    found = []
    for row in workflow.from_state(str(subject.state)):
        if row.is_system or not _has_right(row, actor):
            continue
        reasons = refusals_of(row, subject, actor)
        found.append(
            Option(
                action=row.action,
                label=row.label,
                does=row.does,
                endpoint=row.endpoint,
                is_allowed=not reasons,
                reasons=reasons,
                is_primary=row.is_primary,
                needs_reason=row.needs_reason,
            )
        )
    return tuple(found)


def perform_each(
    session: Session,
    workflow: Workflow,
    subjects: Sequence[Any],
    action: str,
    actor: Actor,
    *,
    payloads: Mapping[int, Mapping[str, Any]] | None = None,
    effect: Callable[[Any], None] | None = None,
    rules_date: date | None = None,
) -> int:
    """The same action on many rows in one go, all or nothing: for what happens to a plan as a whole.

    All rows are locked together and read anew once; then each is judged, changed and gets its own event. Answers how
    many. Raises what `perform` raises, for the first row that refuses.
    """
    if not subjects:
        return 0
    kind, keys = type(subjects[0]), sorted(subject.id for subject in subjects)
    session.flush()
    lock_history(session)
    for start in range(0, len(keys), _LOCKED_AT_ONCE):
        some = keys[start : start + _LOCKED_AT_ONCE]
        held = select(kind).where(kind.id.in_(some)).order_by(kind.id).with_for_update(of=kind)
        session.scalars(held.execution_options(populate_existing=True)).all()
    for subject in subjects:
        row = _find(workflow, subject, action)
        if not _has_right(row, actor):
            raise NotPermitted(row.permission)
        refusals = refusals_of(row, subject, actor)
        if refusals:
            raise NotAllowedNow(refusals, action=action)
        before = str(subject.state)
        if row.target is not None:
            subject.state = type(subject.state)(row.target)
        if effect is not None:
            effect(subject)
        details = dict((payloads or {}).get(subject.id, {}))
        details |= {"from": before, "to": str(subject.state), "version": subject.row_version}
        flag_modified(subject, "state")
        append_event(
            session, row.event, workflow.subject_kind, subject.id, actor, payload=details, rules_date=rules_date,
            is_public=row.is_public,
        )  # fmt: skip
    session.flush()
    return len(subjects)
