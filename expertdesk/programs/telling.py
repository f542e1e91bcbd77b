"""Who is told what about programmes: contacts who may act for the organisation, and reviewers, each in the own
language.

`tell` writes what the transition table declares, in the transaction of the event. `tell_due` is for the worker: calls
that opened or close soon, projects to be started, reports due and overdue, reviews that are late. Whatever was told is
known by its key, so that a round more or a second worker tells nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import (
    Account,
    Membership,
    MembershipRight,
    ProgramApplication,
    ProgramCall,
    ProgramReview,
    ProgramState,
)
from expertdesk.notices.outbox import queue, told_of
from expertdesk.programs import guards, rules
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import Performed

_ACTING = (MembershipRight.HANDLER, MembershipRight.TRAINING)
_MOST_AT_ONCE = 500  # messages of one round of the worker; the next one goes on
_READER = (Account.id, Account.email, Account.language)
S = ProgramState


@dataclass(frozen=True)
class Reader:
    """Somebody to be told; a contact without an account is written to by mail."""

    account_id: int | None
    email: str
    language: str

    @property
    def key(self) -> str:
        return f"a{self.account_id}" if self.account_id else "mail"


@dataclass(frozen=True)
class Note:
    """One message before it is known whether it was sent already. `about` is the stable part of its key."""

    kind: str
    about: str
    reader: Reader
    parameters: Mapping[str, Any]

    @property
    def dedup(self) -> str:
        return f"{self.kind}:{self.about}:{self.reader.key}"


# --- with an event ----------------------------------------------------------------------------------------------


def tell(done: Performed) -> None:
    """The message of the transition, to everybody it concerns."""
    kind, application = done.transition.notice, done.subject
    if not kind:
        return
    if kind == "program_review_assigned":
        readers = _accounts(Account.id.in_(done.payload.get("accounts", ())))
    else:
        readers = readers_of([application])[application.id]
    parameters = {"number": application.number, **_PARAMETERS.get(kind, _nothing)(application, done)}
    for reader in readers:
        _put(Note(kind, f"{application.id}:{done.event.id}", reader, parameters))


def _nothing(application: ProgramApplication, done: Performed) -> dict[str, Any]:
    return {}


def _due(application: ProgramApplication, done: Performed) -> dict[str, Any]:
    return {"due_on": application.review_due_on}


def _span(application: ProgramApplication, done: Performed) -> dict[str, Any]:
    return {"from_on": application.publicity_from, "to_on": application.publicity_to}


def _funds(application: ProgramApplication, done: Performed) -> dict[str, Any]:
    return {"funds": str(application.funds_approved), "until_on": last_day_to_start(application)}


def _agreed(application: ProgramApplication, done: Performed) -> dict[str, Any]:
    return {"agreed": int(bool(done.payload.get("agreed")))}


_PARAMETERS = {
    "program_review_assigned": _due,
    "program_publicised": _span,
    "program_approved": _funds,
    "program_change_decided": _agreed,
}


def last_day_to_start(application: ProgramApplication) -> date:
    """What is not started by then lapses."""
    return rules.lapses_on(guards.last_year_to_start(application)) - timedelta(days=1)


# --- readers ----------------------------------------------------------------------------------------------------


def readers_of(applications: Sequence[ProgramApplication]) -> dict[int, list[Reader]]:
    """By application: the contacts who may act for its organisation, else the contact named in it."""
    units = {application.organisation_id for application in applications}
    rows = db.session.execute(
        select(Membership.organisation_id, *_READER)
        .join(Account, Membership.account_id == Account.id)
        .where(Membership.organisation_id.in_(units), Membership.right.in_(_ACTING), Account.is_active)
        .order_by(Account.id)
    ).all()
    accounts: dict[int, dict[int, Reader]] = {}
    for unit, account_id, email, language in rows:
        accounts.setdefault(unit, {})[account_id] = Reader(account_id, email, language)
    found = {}
    for application in applications:
        readers = list(accounts.get(application.organisation_id, {}).values())
        if not readers and application.contact_email:
            readers = [Reader(None, application.contact_email, "zh")]
        found[application.id] = readers
    return found


def _accounts(*conditions: Any) -> list[Reader]:
    statement = select(*_READER).where(Account.is_active, *conditions).order_by(Account.id)
    return [Reader(*row) for row in db.session.execute(statement)]


# --- by the day -------------------------------------------------------------------------------------------------


def tell_due() -> int:
    """What the days bring and was not told yet; answers how many messages there are. Commits nothing."""
    today, book = clock.today(), rules_today()
    ahead = timedelta(days=rules.setting(book, "REPORT_AHEAD_DAYS"))
    closing = timedelta(days=rules.setting(book, "CLOSING_AHEAD_DAYS"))
    notes = [
        *_opened(today), *_closing(today, closing), *_to_start(today, ahead), *_reports(today, ahead),
        *_late_reviews(today),
    ]  # fmt: skip
    new = _not_told(notes)[:_MOST_AT_ONCE]
    for note in new:
        _put(note)
    return len(new)


def _not_told(notes: Sequence[Note]) -> list[Note]:
    by_key = {note.dedup: note for note in notes}
    told = told_of(db.session(), list(by_key))
    return [note for key, note in by_key.items() if key not in told]


def _put(note: Note) -> None:
    reader = note.reader
    queue(
        db.session(), note.kind, account_id=reader.account_id, email=reader.email, language=reader.language,
        parameters=note.parameters, dedup=note.dedup,
    )  # fmt: skip


def _opened(today: date) -> Iterator[Note]:
    """Every contact who may apply for an organisation, about every announced call that is open."""
    calls = db.session.scalars(
        select(ProgramCall)
        .where(ProgramCall.announced_on.is_not(None), ProgramCall.opens_on <= today, ProgramCall.closes_on >= today)
        .order_by(ProgramCall.id)
    ).all()
    if not calls:
        return
    acting = select(Membership.account_id).where(Membership.right.in_(_ACTING))
    readers = _accounts(Account.id.in_(acting))
    for call in calls:
        for reader in readers:
            yield Note("program_call_opened", str(call.id), reader, _call(call))


def _call(call: ProgramCall) -> dict[str, Any]:
    return {"name": call.name, "name_en": call.name_en, "due_on": call.closes_on}


def _closing(today: date, ahead: timedelta) -> Iterator[Note]:
    """Whoever began an application that is not with the bureau. A call that is prolonged is told again."""
    found = _applications(
        ProgramApplication.state == S.DRAFT, ProgramCall.closes_on >= today, ProgramCall.closes_on <= today + ahead
    )
    for application, reader in _each(found):
        call = application.call
        about = f"{application.id}:{call.closes_on.isoformat()}"
        yield Note("program_call_closing", about, reader, {"number": application.number, "due_on": call.closes_on})


def _to_start(today: date, ahead: timedelta) -> Iterator[Note]:
    """Approved and not begun, before the day by which an extension is asked for; afterwards there is no way left but
    to start."""
    for application, reader in _each(_applications(ProgramApplication.state == S.APPROVED)):
        last = last_day_to_start(application)
        until = rules.extension_until(rules_today(), last.year)
        if until - ahead <= today <= last:
            parameters: dict[str, Any] = {"number": application.number, "until_on": last}
            if today <= until:
                parameters["due_on"] = until
            yield Note("program_start_due", f"{application.id}:{last.year}", reader, parameters)


def _reports(today: date, ahead: timedelta) -> Iterator[Note]:
    found = _applications(ProgramApplication.state.in_((S.RUNNING, S.SETTLED)), parts=True)
    for application, reader in _each(found):
        for due in due_reports(application):
            if today < due.due_on - ahead:
                continue
            kind = "program_report_due" if today <= due.due_on else "program_report_overdue"
            about = f"{application.id}:{due.kind}:{due.year}:{due.due_on.isoformat()}"
            parameters = {
                "number": application.number, "report": due.kind, "year": due.year, "due_on": due.due_on
            }  # fmt: skip
            yield Note(kind, about, reader, parameters)


def due_reports(application: ProgramApplication) -> tuple[rules.DueReport, ...]:
    """Reports that are expected of a project and not there."""
    if application.ends_on is None or application.state not in (S.RUNNING, S.SETTLED):
        return ()
    began = application.started_on.year if application.started_on is not None else 0
    filed = [(report.kind, report.year) for report in application.reports]
    return rules.reports_due(
        rules_today(), [run.year for run in application.runs], application.ends_on, filed, began
    )


def _late_reviews(today: date) -> Iterator[Note]:
    rows = db.session.execute(
        select(ProgramReview.id, ProgramApplication.number, ProgramApplication.review_due_on, *_READER)
        .join(ProgramApplication, ProgramReview.application_id == ProgramApplication.id)
        .join(Account, ProgramReview.reviewer_id == Account.id)
        .where(
            ProgramApplication.state == S.IN_REVIEW, ProgramApplication.review_due_on < today,
            ProgramReview.submitted_at.is_(None), ProgramReview.has_conflict.is_not(True), Account.is_active,
        )
        .order_by(ProgramReview.id)
    ).all()  # fmt: skip
    for review_id, number, due_on, account_id, email, language in rows:
        reader = Reader(account_id, email, language)
        parameters = {"number": number, "due_on": due_on}
        yield Note("program_review_late", f"{review_id}:{due_on}", reader, parameters)


def _applications(*conditions: Any, parts: bool = False) -> list[ProgramApplication]:
    statement = select(ProgramApplication).join(ProgramCall, ProgramApplication.call_id == ProgramCall.id)
    statement = statement.where(*conditions).order_by(ProgramApplication.id)
    statement = statement.options(joinedload(ProgramApplication.call))
    if parts:
        statement = statement.options(selectinload(ProgramApplication.runs), selectinload(ProgramApplication.reports))
    return list(db.session.scalars(statement))


def _each(applications: Sequence[ProgramApplication]) -> Iterable[tuple[ProgramApplication, Reader]]:
    readers = readers_of(applications) if applications else {}
    return [(application, reader) for application in applications for reader in readers[application.id]]
