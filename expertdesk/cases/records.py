"""Reading and marking a case row: its facts for the rules, its book, and the way to note that something happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session
from sqlalchemy.orm.attributes import flag_modified

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, Stale
from expertdesk.models import Case, Event, Permit
from expertdesk.regulations import Classification, Facts, RuleBook
from expertdesk.regulations.current import rules_on
from expertdesk.workflow import Performed, append_event, lock_row

SUBJECT = "case"
# for limits and checklist while no category is found: the one with the most papers
UNDECIDED_CATEGORY = "B"


def session_of(case: Case) -> Session:
    """The session the row belongs to."""
    return object_session(case) or db.session()


def book_of(case: Case) -> RuleBook:
    """The rules the case is judged under (D-PT-01)."""
    return rules_on(case.rules_date, case.rule_region)


@lru_cache(maxsize=512)
def classified(book: RuleBook, facts: Facts) -> Classification:
    """The judgement of facts by a book. Both never change, so the answer is kept: a page asks several times."""
    return book.classify(facts)


def working_category(case: Case) -> str:
    """The category found, else the one claimed."""
    return case.category or case.claimed_category or UNDECIDED_CATEGORY


def case_facts(case: Case) -> dict[str, Any]:
    """What is claimed and known about the case, in the shape of `rules classify`."""
    facts = {name: value for name, value in case.facts.items() if value is not None and name != "age"}
    facts["on"] = case.rules_date.isoformat()
    facts["birth_date"] = case.person.birth_on.isoformat()
    if case.salary_month is not None:
        facts["salary_cny_month"] = _plain(case.salary_month)
    if case.salary_year is not None:
        facts["salary_cny_year"] = _plain(case.salary_year)
    if case.person.was_chinese_national and facts.get("chinese") in (None, "none"):
        facts["chinese"] = "former_national"
    facts.pop("region", None)
    return facts


def _plain(amount: Decimal) -> str:
    return format(Decimal(amount).normalize(), "f")


def extended_permit(case: Case) -> Permit | None:
    """The permit an extension goes on from."""
    return case.previous_permit


# --- writing ----------------------------------------------------------------------------------------------------


def hold(case: Case, seen_version: int | None = None) -> None:
    """Lock the row; refuse when the page was made from an older version."""
    lock_row(session_of(case), case)
    if seen_version is not None and seen_version != case.row_version:
        raise stale(case, seen_version)


def note(
    case: Case,
    name: str,
    actor: Actor,
    payload: Mapping[str, Any] | None = None,
    *,
    is_public: bool = False,
    at: datetime | None = None,
) -> Event:
    """Write what happened to the case without a change of state, and make it a new version."""
    session = session_of(case)
    session.flush()
    event = append_event(
        session,
        name,
        SUBJECT,
        case.id,
        actor,
        payload={**(payload or {}), "version": case.row_version},
        rules_date=case.rules_date,
        is_public=is_public,
        at=at,
    )
    touch(case)
    return event


def touch(case: Case) -> None:
    """A change to anything of the case makes a new version of it."""
    case.updated_at = clock.now()
    flag_modified(case, "updated_at")


def mark_end(done: Performed) -> None:
    """The day a case ended, kept with its decision."""
    case: Case = done.subject
    case.decision = {**case.decision, "ended_on": event_day(done.event).isoformat()}


def event_day(event: Event) -> date:
    """The Shanghai day something happened on."""
    return clock.day_of(event.at)


# --- two versions -----------------------------------------------------------------------------------------------


def stale(case: Case, seen: int, *, differences: tuple[FieldDifference, ...] = ()) -> Stale:
    """The refusal of an older version: who changed the case since, when, and what."""
    from expertdesk.cases.timeline import title_of

    since = [event for event in events_of(case) if event.payload.get("version", 0) >= seen]
    last = since[-1] if since else None
    if not differences:
        differences = tuple(
            FieldDifference(event.name, title_of(event), event.actor_name, "") for event in since
        )
    return Stale(
        seen=seen,
        current=case.row_version,
        changed_by=last.actor_name if last else "",
        changed_at=last.at if last else None,
        differences=differences,
    )


def events_of(case: Case) -> list[Event]:
    """The history of the case, oldest first."""
    statement = select(Event).where(Event.subject_kind == SUBJECT, Event.subject_id == case.id).order_by(Event.id)
    return list(session_of(case).scalars(statement))
