"""Short ways to make people, cases and permits for the tests of this capability."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import event

from expertdesk.access import Actor
from expertdesk.experts.commands import PassportData, PersonData, register_person
from expertdesk.experts.search import index_case, index_permit, index_person
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Case, CaseState, Permit, PermitState, Person

_numbers = count(100)
YUNXI, CHENGHU, WANGLING = "990101", "990102", "990103"


def person_data(surname: str = "LINDQVIST", given_name: str = "ERIK", **more: Any) -> PersonData:
    values: dict[str, Any] = {"birth_on": date(1981, 6, 14), "nationality": "SE", "district": YUNXI} | more
    return PersonData(surname=surname, given_name=given_name, **values)


def passport_data(number: str = "", **more: Any) -> PassportData:
    values: dict[str, Any] = {"expires_on": date(2031, 6, 30)} | more
    return PassportData(number=number or f"TT{next(_numbers):07}", **values)


def make_person(
    actor: Actor, surname: str = "LINDQVIST", given_name: str = "ERIK", number: str = "", **more: Any
) -> Person:
    person = register_person(person_data(surname, given_name, **more), passport_data(number), actor)
    db.session.commit()
    return person


def make_case(person: Person, organisation_id: int, district: str = YUNXI, **more: Any) -> Case:
    values: dict[str, Any] = {"state": CaseState.ACCEPTED, "procedure": "NEW_IN_CHINA"} | more
    case = Case(
        number=f"ED2026-{next(_numbers):06}", person_id=person.id, passport_id=person.passports[0].id,
        organisation_id=organisation_id, district=district, received_on=clock.today(), rules_date=clock.today(),
        updated_at=clock.now(), **values,
    )  # fmt: skip
    db.session.add(case)
    db.session.flush()
    index_case(case)
    db.session.commit()
    return case


def make_permit(case: Case, number: str = "", *, days: int = 300, state: PermitState = PermitState.IN_FORCE) -> Permit:
    person = db.session.get_one(Person, case.person_id)
    person.permit_number = person.permit_number or number or f"JZ{next(_numbers):012}7"
    index_person(person)
    permit = Permit(
        number=person.permit_number, person_id=person.id, organisation_id=case.organisation_id, case_id=case.id,
        category="A", district=case.district, starts_on=clock.today() - timedelta(days=60),
        ends_on=clock.today() + timedelta(days=days), months=12, granted_on=clock.today() - timedelta(days=70),
        state=state, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(permit)
    db.session.flush()
    index_permit(permit)
    db.session.commit()
    return permit


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
