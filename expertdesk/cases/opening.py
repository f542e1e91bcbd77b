"""Opening, changing and submitting a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor, Permission
from expertdesk.cases import judging, letters, records
from expertdesk.cases.acting import act, require_possible
from expertdesk.cases.guards import running_clock
from expertdesk.cases.issuing import draft_head
from expertdesk.experts.search import index_case
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, NotAllowedNow, NotPermitted, Reason, RuleBroken, Stale
from expertdesk.foundation.installed import vault
from expertdesk.foundation.locale import lazy
from expertdesk.foundation.numbers import new_access_code, number_pattern
from expertdesk.models import (
    Case,
    CaseState,
    Letter,
    Organisation,
    OrganisationContact,
    Passport,
    Permit,
    Person,
)
from expertdesk.regulations import Facts, RuleInputError
from expertdesk.regulations.current import rule_region, rules_on
from expertdesk.workflow import Performed, append_event, lock_history
from expertdesk.workflow.numbers import next_in_series

_OPEN_STATES = (
    CaseState.DRAFT, CaseState.SUBMITTED, CaseState.IN_CORRECTION, CaseState.ACCEPTED, CaseState.RECOMMENDED
)  # fmt: skip


@dataclass(frozen=True)
class NewCase:
    """What an intake knows. `key`: the mark of the form, so that the same form sent twice makes one case."""

    procedure: str
    person_id: int
    passport_id: int
    organisation_id: int
    contact_id: int | None = None
    district: str = ""
    previous_permit_id: int | None = None
    in_country_ground: str = ""
    ground_reason: str = ""
    embassy: str = ""
    entry_on: date | None = None
    post: str = ""
    post_en: str = ""
    occupation: str = ""
    duties: str = ""
    employment_basis: str = "CONTRACT"
    contract_start_on: date | None = None
    contract_end_on: date | None = None
    is_open_ended: bool = False
    salary_month: Decimal | None = None
    salary_year: Decimal | None = None
    claimed_category: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    circumstances: dict[str, Any] = field(default_factory=dict)
    received_on: date | None = None
    key: str = ""


@dataclass(frozen=True)
class Submitted:
    """The case, the access code (shown once, stored hashed) and the receipt that carries it."""

    case: Case
    access_code: str
    receipt: Letter


# what may be changed afterwards; person and organisation are other records
EDITABLE = tuple(
    item.name
    for item in fields(NewCase)
    if item.name not in ("procedure", "person_id", "organisation_id", "received_on", "key")
)
LABELS: dict[str, Any] = {
    "passport_id": lazy("Passport"),
    "contact_id": lazy("Contact at the employer"),
    "district": lazy("District of the place of work"),
    "previous_permit_id": lazy("Permit to be extended"),
    "in_country_ground": lazy("Ground for applying inside China"),
    "ground_reason": lazy("Reason for the ground"),
    "embassy": lazy("Embassy or consulate"),
    "entry_on": lazy("Planned or actual entry"),
    "post": lazy("Post"),
    "post_en": lazy("Post in English"),
    "occupation": lazy("Occupation"),
    "duties": lazy("Duties"),
    "employment_basis": lazy("Basis of employment"),
    "contract_start_on": lazy("First day of the contract"),
    "contract_end_on": lazy("Last day of the contract"),
    "is_open_ended": lazy("Contract without end"),
    "salary_month": lazy("Salary a month (CNY)"),
    "salary_year": lazy("Salary a year (CNY)"),
    "claimed_category": lazy("Category claimed"),
    "facts": lazy("Facts for the category"),
    "circumstances": lazy("Circumstances"),
}


def open_case(new: NewCase, actor: Actor) -> Case:
    """A draft with its number and its checklist. The same form again gives the case it made; a person with an
    unfinished case of the kind gets no second one."""
    _may_enter(new.organisation_id, actor)
    _check(new)
    session = db.session()
    lock_history(session)
    again = _made_before(new)
    if again is not None:
        return again
    _refuse_second(new)
    received_on = new.received_on or clock.today()
    case = Case(
        number=_next_number(),
        intake_key=new.key or None,
        state=CaseState.DRAFT,
        received_on=received_on,
        rules_date=received_on,
        rule_region=rule_region(),
        officer_id=actor.id if actor.may(Permission.CASE_PRECHECK) else None,
        entered_by_id=actor.id or None,
        updated_at=clock.now(),
        **{item.name: getattr(new, item.name) for item in fields(NewCase) if item.name not in ("received_on", "key")},
    )
    case.district = new.district or session.get_one(Organisation, new.organisation_id).district
    session.add(case)
    session.flush()
    judging.refresh(case)
    session.flush()
    payload = {"procedure": case.procedure, "version": case.row_version, "received_on": received_on.isoformat()}
    append_event(session, "case.opened", "case", case.id, actor, payload=payload, rules_date=case.rules_date)
    index_case(case)
    session.flush()
    return case


def _may_enter(organisation_id: int, actor: Actor) -> None:
    if actor.may(Permission.CASE_CREATE):
        return
    if not (actor.may(Permission.MY_APPLY) and organisation_id in actor.handled_organisations):
        raise NotPermitted(Permission.CASE_CREATE)


def _check(new: NewCase) -> None:
    """Everything that cannot be stored, with a message at its field."""
    problems: dict[str, Any] = {}
    session = db.session()
    person = session.get(Person, new.person_id)
    passport = session.get(Passport, new.passport_id)
    if person is None:
        problems["person_id"] = lazy("Choose a person.")
    elif passport is None or passport.person_id != person.id:
        problems["passport_id"] = lazy("Choose a passport of this person.")
    if session.get(Organisation, new.organisation_id) is None:
        problems["organisation_id"] = lazy("Choose an organisation.")
    received_on = new.received_on or clock.today()
    if received_on > clock.today():
        problems["received_on"] = lazy("The day of receipt lies in the future.")
    book = rules_on(received_on)
    procedure = book.find("procedures", new.procedure)
    if procedure is None:
        problems["procedure"] = lazy("Choose a procedure.")
    elif not procedure.open:
        problems["procedure"] = lazy("%(procedure)s cannot be handled here yet.", procedure=procedure.short)
    values = {item.name: getattr(new, item.name) for item in fields(new)}
    found = _problems_of(values, received_on, new.organisation_id)
    if "organisation_id" in problems:
        found.pop("contact_id", None)  # without an organisation nothing can be said about its contact
    problems |= found
    if problems:
        raise RuleBroken(problems)


def _problems_of(values: Mapping[str, Any], day: date, organisation_id: int) -> dict[str, Any]:
    """What is wrong with values that may also be changed later."""
    problems = _problems_of_references(values, day, organisation_id)
    for name, value in values.items():
        longest = _longest(name)
        if isinstance(value, str) and longest is not None and len(value) > longest:
            problems[name] = lazy("At most %(count)s characters.", count=longest)
    start, end = values.get("contract_start_on"), values.get("contract_end_on")
    if start and end and end < start:
        problems["contract_end_on"] = lazy("The contract ends before it begins.")
    for name in ("salary_month", "salary_year"):
        if values.get(name) is not None and values[name] < 0:
            problems[name] = lazy("The salary cannot be less than nothing.")
    if values.get("claimed_category") not in (None, "", "A", "B", "C"):
        problems["claimed_category"] = lazy("Choose A, B or C.")
    if "facts" in values:
        problems |= _problems_of_facts(values["facts"], day)
    return problems


def _longest(name: str) -> int | None:
    """How many characters the column takes; the same on both engines."""
    column = Case.__table__.columns.get(name)
    return getattr(column.type, "length", None) if column is not None else None


def _problems_of_references(values: Mapping[str, Any], day: date, organisation_id: int) -> dict[str, Any]:
    """Rows and codes that the values name."""
    problems: dict[str, Any] = {}
    contact_id, permit_id = values.get("contact_id"), values.get("previous_permit_id")
    if contact_id is not None:
        contact = db.session.get(OrganisationContact, contact_id)
        if contact is None or contact.organisation_id != organisation_id:
            problems["contact_id"] = lazy("Choose a contact of this organisation.")
    if permit_id is not None and db.session.get(Permit, permit_id) is None:
        problems["previous_permit_id"] = lazy("Choose a permit.")
    district = values.get("district")
    if district and rules_on(day).find("districts", district) is None:
        problems["district"] = lazy("Choose a district.")
    return problems


def _problems_of_facts(facts: Mapping[str, Any], day: date) -> dict[str, Any]:
    try:
        rules_on(day).classify(Facts.from_json({**facts, "on": day.isoformat()}))
    except RuleInputError as error:
        return {name or "facts": text for name, text in error.problems.items()}
    return {}


def _made_before(new: NewCase) -> Case | None:
    if not new.key:
        return None
    return db.session.scalars(select(Case).where(Case.intake_key == new.key)).one_or_none()


def _refuse_second(new: NewCase) -> None:
    """One unfinished case of a kind for a person and organisation."""
    open_one = select(Case).where(
        Case.person_id == new.person_id,
        Case.organisation_id == new.organisation_id,
        Case.procedure == new.procedure,
        Case.state.in_(_OPEN_STATES),
    )
    found = db.session.scalars(open_one.order_by(Case.id).limit(1)).one_or_none()
    if found is not None:
        text = lazy("There is an unfinished case of this kind already: %(number)s.", number=found.number)
        raise NotAllowedNow([Reason("already_open", text)], action="open")


def _next_number() -> str:
    today = clock.today()
    pattern = number_pattern(rules_on(today).number_format("CASE").pattern, is_address=True)
    return pattern.fill(year=today.year, seq=next_in_series(db.session(), "CASE", today.year))


# --- changing ---------------------------------------------------------------------------------------------------


def edit_case(case: Case, changes: Mapping[str, Any], actor: Actor, seen_version: int | None) -> Case:
    """Change particulars; category, checklist and limits follow. Raises Stale with both versions of each field."""
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not a particular of a case: {', '.join(sorted(unknown))}")
    try:
        require_possible(case, "edit", actor, seen_version)
    except Stale as error:
        raise _both_versions(case, changes, error) from None
    problems = _problems_of({**_values(case), **changes}, case.rules_date, case.organisation_id)
    passport = db.session.get(Passport, changes.get("passport_id", case.passport_id))
    if passport is None or passport.person_id != case.person_id:
        problems["passport_id"] = lazy("Choose a passport of this person.")
    if problems:
        raise RuleBroken(problems)
    before = {name: _plain(getattr(case, name)) for name in changes}
    changed = {name: [before[name], _plain(value)] for name, value in changes.items() if before[name] != _plain(value)}
    if not changed:
        return case

    def effect(done: Performed) -> None:
        for name in changed:
            setattr(case, name, changes[name])
        db.session.flush()
        db.session.expire(case, ["passport", "previous_permit"])
        judging.refresh(case)

    act(case, "edit", actor, seen_version=seen_version, payload={"changes": changed}, effect=effect)
    return case


def _values(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in EDITABLE}


def _plain(value: Any) -> Any:
    """As the history keeps it: text, numbers, lists and maps."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value


def _both_versions(case: Case, changes: Mapping[str, Any], error: Stale) -> Stale:
    differences = tuple(
        FieldDifference(name, LABELS[name], _shown(getattr(case, name)), _shown(value))
        for name, value in changes.items()
        if _plain(getattr(case, name)) != _plain(value)
    )
    return Stale(
        seen=error.seen,
        current=error.current,
        changed_by=error.changed_by,
        changed_at=error.changed_at,
        differences=differences,
    )


def _shown(value: Any) -> str:
    plain = _plain(value)
    if isinstance(plain, Mapping):
        return ", ".join(f"{name}: {item}" for name, item in sorted(plain.items()))
    return "" if plain is None else str(plain)


# --- submitting -------------------------------------------------------------------------------------------------


def submit_case(case: Case, actor: Actor, *, seen_version: int | None = None) -> Submitted:
    """Receive the application: facts judged on the day of receipt, category set, receipt printed, check started.

    A draft that lay is received on the day it is submitted; one entered and submitted at once keeps the day of receipt
    that was entered (papers that came yesterday).
    """
    access_code = new_access_code()
    records.hold(case, seen_version)
    received_on = case.received_on if _opened_today(case) else clock.today()
    if case.state is CaseState.DRAFT and case.received_on != received_on:
        # the guards judge the window of an extension on the day of receipt
        case.received_on = case.rules_date = received_on

    def effect(done: Performed) -> None:
        case.received_on = case.rules_date = received_on
        case.submitted_at = done.event.at
        case.access_code_digest = vault().hash_code(access_code, context=case.number)
        if case.officer_id is None and actor.may(Permission.CASE_PRECHECK):
            case.officer_id = actor.id
        judging.refresh(case)

    def receipt(done: Performed) -> Any:
        row = running_clock(case)
        due = (row.promised_due_on or row.statutory_due_on) if row else None
        return letters.receipt(case, draft_head(), actor, access_code, due or received_on)

    done = act(
        case,
        "submit",
        actor,
        payload={"received_on": received_on.isoformat()},
        effect=effect,
        letters={"RECEIPT": receipt},
    )
    return Submitted(case, access_code, done.letters[0])


def _opened_today(case: Case) -> bool:
    first = next(iter(records.events_of(case)), None)
    return first is not None and records.event_day(first) == clock.today()
