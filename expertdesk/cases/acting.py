"""`act`: every action on a case goes through here. The table decides, the clock keeper counts, the printer prints, the
outbox tells, all in the caller's transaction.

The caller rolls back when it raises: the web floor does so, a worker must.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import records
from expertdesk.cases.clock import keep_clock
from expertdesk.cases.guards import running_clock
from expertdesk.cases.issuing import Order, issue_letter
from expertdesk.cases.workflow import CASE
from expertdesk.documents.contexts import Context
from expertdesk.foundation.errors import Stale
from expertdesk.models import Case
from expertdesk.notices.recipients import queue_for_case
from expertdesk.workflow import Consequences, Performed, perform, require

# a builder may give a context with any head: number and code are put in when the letter is issued
LetterBuild = Callable[[Performed], Context | Order]


def act(
    case: Case,
    action: str,
    actor: Actor,
    *,
    seen_version: int | None = None,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    effect: Callable[[Performed], None] | None = None,
    letters: Mapping[str, LetterBuild] | None = None,
    at: datetime | None = None,
) -> Performed:
    """Perform one action of the table: `effect` changes the row, then clock, letters and notices follow.

    `letters`: for each kind the table names for this action the function that builds its context; a kind left out is
    not printed (acceptance by silence whose letter cannot be printed). Raises NotAllowedNow, NotPermitted, Stale.
    """
    consequences = Consequences(
        effect=lambda done: _apply(done, effect),
        keep_clock=keep_clock,
        print_letters=lambda done: _print(done, letters or {}),
        send_notices=_tell,
    )
    try:
        return perform(
            records.session_of(case),
            CASE,
            case,
            action,
            actor,
            seen_version=seen_version,
            reason=reason.strip(),
            payload=payload,
            rules_date=case.rules_date,
            at=at,
            consequences=consequences,
        )
    except Stale as error:
        raise records.stale(case, error.seen) from None


def require_possible(case: Case, action: str, actor: Actor, seen_version: int | None = None) -> None:
    """Refuse now what `act` would refuse, before the fields of a form are judged."""
    try:
        require(records.session_of(case), CASE, case, action, actor, seen_version=seen_version)
    except Stale as error:
        raise records.stale(case, error.seen) from None


def _apply(done: Performed, effect: Callable[[Performed], None] | None) -> None:
    case: Case = done.subject
    if effect is not None:
        effect(done)
    records.touch(case)


def _print(done: Performed, letters: Mapping[str, LetterBuild]) -> None:
    unknown = set(letters) - set(done.transition.letters)
    if unknown:
        raise ValueError(f"{done.transition.action} prints no {', '.join(sorted(unknown))}")
    for kind in done.transition.letters:
        if kind not in letters:
            continue
        made = letters[kind](done)
        order = made if isinstance(made, Order) else Order(made)
        letter = issue_letter(
            done.subject,
            kind,
            lambda head, order=order: replace(order.context, head=head),
            done.actor,
            permit=order.permit,
            valid_until=order.valid_until,
        )
        done.letters.append(letter)


def _tell(done: Performed) -> None:
    """The notice the table names; the day in it is the one the reader waits for."""
    if not done.transition.notice:
        return
    case: Case = done.subject
    row = running_clock(case)
    due = (row.promised_due_on or row.statutory_due_on) if row is not None else None
    parameters: dict[str, Any] = {}
    if due is not None:
        parameters["due_on"] = due.isoformat()
    if "items" in done.payload:
        parameters["items"] = len(done.payload["items"])
    queue_for_case(done.session, done.transition.notice, case, event_id=done.event.id, parameters=parameters)
