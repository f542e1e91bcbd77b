"""Writes: grant, refuse, send back. Never commit.

An approval names the version it saw (quality §1): of the case by its row version, of the person and the organisation by
the last event that the page knew. If anything of them changed meanwhile nothing is decided and the differences told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select

from expertdesk.access import Actor
from expertdesk.cases import records
from expertdesk.cases.acting import act
from expertdesk.cases.issuing import Order
from expertdesk.cases.judging import period_dates
from expertdesk.experts.search import index_permit, index_person
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, Reason, RuleBroken, Stale
from expertdesk.foundation.locale import Bilingual, lazy, lazy_date
from expertdesk.models import Case, Event, Permit, PermitState, Person
from expertdesk.permits import letters, rules
from expertdesk.permits.changes import differences_of, names_of
from expertdesk.regulations import PermitPeriod
from expertdesk.regulations.current import rules_on
from expertdesk.workflow import Performed, append_event, lock_row
from expertdesk.workflow.numbers import next_in_series

SERIES = "PERMIT"
SUBJECT = "permit"
_EVERY_YEAR = 0  # the series of permit numbers runs on through the years
REASON_MOST = 2000
TEXT_MOST = 4000
OPINION_MOST = 2000


def grant_permit(
    case: Case, actor: Actor, *, seen_version: int, opinion: str = "", seen_event: int | None = None
) -> Permit:
    """Grant: the permit with its number for life, the Notification Letter and the grant decision.

    `seen_event`: the last event about case, person and organisation that the page knew. Raises Stale when anything
    changed since, NotAllowedNow when a guard or the dates forbid it, NotPermitted without the right.
    """
    _hold(case, seen_version, seen_event)
    made: list[Permit] = []

    def effect(done: Performed) -> None:
        made.append(_make_permit(case, done, opinion))

    def notification(done: Performed) -> Order:
        permit = made[0]
        until = rules_on(clock.today(), case.rule_region).letter_valid_until(clock.today())
        return Order(letters.notification_letter(case, permit.number, _period(case)), permit, until)

    def decision(done: Performed) -> Order:
        permit = made[0]
        return Order(letters.grant_decision(case, permit.number, _period(case)), permit, permit.ends_on)

    act(
        case,
        "grant",
        actor,
        seen_version=seen_version,
        effect=effect,
        letters={letters.NOTIFICATION: notification, letters.GRANT: decision},
    )
    return made[0]


def refuse_permit(
    case: Case,
    actor: Actor,
    *,
    seen_version: int,
    grounds: Sequence[str],
    facts: Bilingual,
    reasons: Bilingual,
    seen_event: int | None = None,
) -> None:
    """Refuse: the decision with facts, reasons, legal basis, remedies. Raises RuleBroken with the fields at fault."""
    chosen = checked_refusal(case, grounds, facts, reasons)
    _hold(case, seen_version, seen_event)

    def effect(done: Performed) -> None:
        said = {"grounds": list(chosen), "facts": _pair(facts), "reasons": _pair(reasons)}
        _decide(case, done, {"outcome": "refused", **said})

    act(
        case,
        "refuse",
        actor,
        seen_version=seen_version,
        payload={"grounds": list(chosen)},
        effect=effect,
        letters={letters.REFUSAL: lambda done: letters.refusal_decision(case, chosen, facts, reasons)},
    )


def checked_refusal(case: Case, grounds: Sequence[str], facts: Bilingual, reasons: Bilingual) -> tuple[str, ...]:
    """The grounds in the order of the table. Raises RuleBroken: without ground, facts or reasons in both languages no
    refusal is lawful (行政许可法 art. 38)."""
    known = [row.code for row in records.book_of(case).rows("refusal_grounds")]
    problems: dict[str, Any] = {}
    if not grounds:
        problems["grounds"] = lazy("Choose at least one ground of the table.")
    elif any(code not in known for code in grounds):
        problems["grounds"] = lazy("Choose grounds of the table.")
    for name, text in (("facts", facts), ("reasons", reasons)):
        for language in ("zh", "en"):
            if not text.text(language).strip():
                problems[f"{name}_{language}"] = _EMPTY[name]
    if problems:
        raise RuleBroken(problems)
    return tuple(code for code in known if code in grounds)


_EMPTY: dict[str, Any] = {
    "facts": lazy("Write the facts in this language."),
    "reasons": lazy("Write the reasons in this language."),
}


def send_back(case: Case, actor: Actor, *, seen_version: int, reason: str, seen_event: int | None = None) -> None:
    """Back to the case officer with a reason; the limits run on."""
    if not reason.strip():
        raise RuleBroken({"reason": lazy("Give a reason; the case officer reads it first.")})
    _hold(case, seen_version, seen_event)
    act(case, "send_back", actor, seen_version=seen_version, reason=reason.strip())


# --- what was seen -----------------------------------------------------------------------------------------------


def subjects_of(case: Case) -> tuple[tuple[str, int], ...]:
    """Whose changes touch the decision."""
    return (("case", case.id), ("person", case.person_id), ("organisation", case.organisation_id))


def last_event(case: Case) -> int:
    """The number of the last event about the case, its person or its organisation: goes into the page's forms."""
    statement = select(func.max(Event.id)).where(_about(case))
    return db.session.scalar(statement) or 0


def events_since(case: Case, event_id: int) -> list[Event]:
    """Everything about case, person and organisation after an event, oldest first."""
    statement = select(Event).where(_about(case), Event.id > event_id).order_by(Event.id)
    return list(db.session.scalars(statement))


def _about(case: Case) -> Any:
    about = (and_(Event.subject_kind == kind, Event.subject_id == key) for kind, key in subjects_of(case))
    # what liaison notes about a person does not touch a decision
    return and_(or_(*about), Event.name.not_like("liaison.%"))


def _hold(case: Case, seen_version: int, seen_event: int | None) -> None:
    """Lock person and case, then compare with what the page showed."""
    db.session.flush()
    db.session.execute(select(Person.id).where(Person.id == case.person_id).with_for_update())
    lock_row(records.session_of(case), case)
    if seen_event is None:
        return
    since = events_since(case, seen_event)
    if not since:
        return
    names, last = names_of(event.actor_id for event in since), since[-1]
    raise Stale(
        seen=seen_version,
        current=case.row_version,
        changed_by=names.get(last.actor_id or 0) or last.actor_name,
        changed_at=last.at,
        differences=differences_of(since, records.book_of(case), names),
    )


# --- the permit --------------------------------------------------------------------------------------------------


def _make_permit(case: Case, done: Performed, opinion: str) -> Permit:
    """The permit and what goes with it: number, the old one superseded, the history, the search."""
    period, previous = _period(case), _previous(case)
    _refuse_overlap(period, previous, running_permits(case))
    person = case.person
    if not person.permit_number:
        person.permit_number = _new_number()
    today = clock.today()
    permit = Permit(
        number=person.permit_number,
        person_id=person.id,
        organisation_id=case.organisation_id,
        case_id=case.id,
        previous_id=previous.id if previous is not None else None,
        state=PermitState.IN_FORCE,
        category=case.category,
        main_criterion=case.main_criterion,
        post=case.post,
        district=case.district,
        starts_on=period.start,
        ends_on=period.end,
        months=period.months,
        end_cause=period.cause,
        granted_on=today,
        created_at=clock.now(),
    )
    db.session.add(permit)
    db.session.flush()
    if previous is not None:
        _supersede(previous, permit, done.actor)
    _decide(case, done, {"outcome": "granted", "opinion": opinion.strip(), "permit_id": permit.id})
    _note(permit, "permit.granted", done.actor, number=permit.number, starts_on=period.start, ends_on=period.end)
    index_permit(permit)
    index_person(person)
    return permit


def _period(case: Case) -> PermitPeriod:
    """The period of a grant today. Raises NotAllowedNow with the date that makes it impossible."""
    if not case.category:
        raise NotAllowedNow([Reason("no_category", lazy("No criterion of any category is met."))], action="grant")
    book = records.book_of(case)
    dates = period_dates(case, clock.today())
    found = book.permit_period(case.procedure, case.category, dates)
    if not isinstance(found, PermitPeriod):
        raise NotAllowedNow([Reason(f"period.{found.cause}", found.text)], action="grant")
    return found


def _previous(case: Case) -> Permit | None:
    """The permit an extension goes on from, locked."""
    if case.procedure != "EXTENSION" or case.previous_permit_id is None:
        return None
    return db.session.get_one(Permit, case.previous_permit_id, with_for_update=True)


def period_reasons(case: Case, running: Sequence[Permit]) -> tuple[Reason, ...]:
    """Why no permit can be made today beside what the table of the case says: dates, or a permit that runs already."""
    if not case.category:
        return ()
    try:
        _refuse_overlap(_period(case), case.previous_permit if case.procedure == "EXTENSION" else None, running)
    except NotAllowedNow as refused:
        return refused.reasons
    return ()


def running_permits(case: Case) -> list[Permit]:
    """Permits of the person that were not taken away; whether they run into the new one is for the rules.

    A permit has the number for life of its person: who has no number has no permit, and nothing is asked.
    """
    if not case.person.permit_number:
        return []
    statement = select(Permit).where(Permit.person_id == case.person_id, Permit.state == PermitState.IN_FORCE)
    return list(db.session.scalars(statement.order_by(Permit.id)))


def _refuse_overlap(period: PermitPeriod, previous: Permit | None, running: Sequence[Permit]) -> None:
    """One person, one permit at a time: another one that runs into the new period has to be ended first."""
    others = [permit for permit in running if previous is None or permit.id != previous.id]
    in_the_way = next((permit for permit in others if rules.overlaps(period.start, [permit.ends_on])), None)
    if in_the_way is not None:
        text = lazy(
            "The expert holds the permit %(number)s until %(day)s; it has to be cancelled or extended first.",
            number=in_the_way.number,
            day=lazy_date(in_the_way.ends_on),
        )
        raise NotAllowedNow([Reason("permit_running", text)], action="grant")
    if previous is not None and previous.state is not PermitState.IN_FORCE:
        text = lazy("The permit that is to be extended is not in force any more.")
        raise NotAllowedNow([Reason("previous_ended", text)], action="grant")


def _new_number() -> str:
    """The next number for life; the series is locked until the transaction is over."""
    today = clock.today()
    row = rules_on(today).number_format(SERIES)
    year = today.year if row.per_year else _EVERY_YEAR
    sequence = next_in_series(db.session(), SERIES, year)
    return rules.permit_number(row.pattern, today.year, sequence)


def _supersede(previous: Permit, permit: Permit, actor: Actor) -> None:
    previous.state = PermitState.SUPERSEDED
    previous.ended_on = previous.ends_on
    _note(previous, "permit.superseded", actor, by_permit=permit.id)
    index_permit(previous)


def _decide(case: Case, done: Performed, decision: dict[str, Any]) -> None:
    case.decided_on = clock.today()
    case.decided_by_id = done.actor.id or None
    case.decision = decision


def _note(permit: Permit, name: str, actor: Actor, **payload: Any) -> None:
    plain = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in payload.items()}
    append_event(db.session(), name, SUBJECT, permit.id, actor, payload=plain, is_public=True)


def _pair(text: Bilingual) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
