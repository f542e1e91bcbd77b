"""Writes about the experts of an application: enter, change, remove, link to the register of people. Never commit.

The organisation types what it knows; when the passport is on file and the date of birth agrees, the link is made by
itself, and nothing of the register is told to the organisation. Otherwise a manager decides who it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from expertdesk.access import Actor
from expertdesk.experts.rules import tidy_passport_number
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import country_name, format_date, lazy
from expertdesk.models import Case, Passport, Permit, Person, ProgramApplication, ProgramExpert
from expertdesk.programs.acting import act, check_seen, difference, plain, require_possible
from expertdesk.programs.entry import EXPERT_LABELS, ExpertData, values_of
from expertdesk.regulations.current import rules_today

# the widest an expert's visits may be: more is a slip of the keyboard
MOST_VISITS, MOST_DAYS = 60, 366
MOST_EXPERTS = 60
_OLDEST = 110
_TABLES = {"role": "program_roles", "mode": "program_modes", "degree": "education_facts", "sex": "sexes"}


def own_people(organisation_id: int) -> list[Person]:
    """People on file with an organisation: those it applied for or holds a permit for."""
    cases = select(Case.person_id).where(Case.organisation_id == organisation_id)
    permits = select(Permit.person_id).where(Permit.organisation_id == organisation_id)
    found = select(Person).where(or_(Person.id.in_(cases), Person.id.in_(permits)))
    return list(db.session.scalars(found.order_by(Person.surname, Person.given_name, Person.id).limit(_MOST_LISTED)))


_MOST_LISTED = 500


def add_expert(
    application: ProgramApplication, data: ExpertData, actor: Actor, seen_version: int | None = None
) -> ProgramExpert:
    """One more expert of the application."""
    require_possible(application, "edit", actor)
    if len(application.experts) >= MOST_EXPERTS:
        raise RuleBroken({"": lazy("An application holds %(most)s experts at most.", most=MOST_EXPERTS)})
    data, person_id = _identified(application, data)
    _check(data)
    same = [item for item in application.experts if (item.latin_name, item.birth_on) == (_latin(data), data.birth_on)]
    if same:
        raise RuleBroken({"surname": lazy("This expert stands in the application already.")})
    expert = ProgramExpert(position=len(application.experts) + 1, **_columns(data), person_id=person_id)
    payload = {"part": "expert", "name": expert.latin_name}
    act(application, "edit", actor, payload=payload, effect=lambda _: application.experts.append(expert))
    return expert


def change_expert(
    application: ProgramApplication, expert_id: int, data: ExpertData, actor: Actor, seen_version: int | None
) -> ProgramExpert:
    """Save what changed. Raises Stale with both versions of each field."""
    expert = expert_of(application, expert_id)
    require_possible(application, "edit", actor)
    data, person_id = _identified(application, data)
    before = _stored(expert)
    differences = expert_differences(before, data)
    check_seen(application, seen_version, differences)
    _check(data)
    if not differences and person_id == expert.person_id:
        return expert
    names = [item.name for item in differences]
    payload = {
        "part": "expert",
        "name": expert.latin_name,
        "before": {name: plain(before[name]) for name in names},
        "after": {name: plain(getattr(data, name)) for name in names},
    }

    def write(_: Any) -> None:
        for name, value in _columns(data).items():
            setattr(expert, name, value)
        expert.person_id = person_id

    act(application, "edit", actor, payload=payload, effect=write)
    return expert


def remove_expert(application: ProgramApplication, expert_id: int, actor: Actor) -> None:
    expert = expert_of(application, expert_id)
    payload = {"part": "expert_removed", "name": expert.latin_name}
    act(application, "edit", actor, payload=payload, effect=lambda _: application.experts.remove(expert))


def link_expert(
    application: ProgramApplication, expert_id: int, person_id: int | None, actor: Actor, seen_version: int | None
) -> None:
    """A manager says who in the register it is, or that it is nobody there."""
    expert = expert_of(application, expert_id)
    person = db.session.get(Person, person_id) if person_id else None
    if person_id and person is None:
        raise RuleBroken({"person": lazy("Choose one of the people listed, or nobody.")})

    def write(_: Any) -> None:
        expert.person_id = person.id if person is not None else None

    payload = {"expert_id": expert.id, "person_id": person_id or 0, "name": expert.latin_name}
    act(application, "link_expert", actor, seen_version=seen_version, payload=payload, effect=write)


def expert_of(application: ProgramApplication, expert_id: int) -> ProgramExpert:
    found = next((item for item in application.experts if item.id == expert_id), None)
    if found is None:
        raise NotFound(str(expert_id))
    return found


# --- who it is --------------------------------------------------------------------------------------------------


def _identified(application: ProgramApplication, data: ExpertData) -> tuple[ExpertData, int | None]:
    """The identity of somebody chosen from the own people, else what was typed and whom its passport leads to."""
    if data.person_id:
        person = next((item for item in own_people(application.organisation_id) if item.id == data.person_id), None)
        if person is None:
            raise RuleBroken({"person_id": lazy("Choose one of the people listed, or enter a new expert.")})
        passport = next((item for item in person.passports if item.is_current), None)
        return (
            replace(
                data, surname=person.surname, given_name=person.given_name, chinese_name=person.chinese_name,
                sex=person.sex, birth_on=person.birth_on, nationality=person.nationality,
                passport_number=passport.number if passport is not None else data.passport_number,
            ),
            person.id,
        )  # fmt: skip
    number = tidy_passport_number(data.passport_number)
    data = replace(data, passport_number=number)
    return data, _holder(number, data.nationality, data.birth_on)


def _holder(number: str, nationality: str, birth_on: date | None) -> int | None:
    if not number or birth_on is None:
        return None
    return db.session.scalar(
        select(Person.id)
        .join(Passport, Passport.person_id == Person.id)
        .where(Passport.number == number, Person.birth_on == birth_on, Person.nationality == nationality)
        .limit(1)
    )


# --- judging ----------------------------------------------------------------------------------------------------


def _check(data: ExpertData) -> None:
    book, today = rules_today(), clock.today()
    problems: dict[str, Any] = {}
    if not data.surname.strip():
        problems["surname"] = lazy("Enter the surname as in the passport.")
    if data.birth_on is None:
        problems["birth_on"] = lazy("Enter the date of birth.")
    elif not 0 <= today.year - data.birth_on.year <= _OLDEST or data.birth_on > today:
        problems["birth_on"] = lazy("Enter a real date of birth.")
    if not data.nationality:
        problems["nationality"] = lazy("Choose the nationality.")
    for name, table in _TABLES.items():
        code = getattr(data, name)
        if code and book.find(table, code) is None:
            problems[name] = lazy("Choose one from the list.")
    if not 0 <= data.visits <= MOST_VISITS:
        problems["visits"] = lazy("Enter 0 to %(most)s visits.", most=MOST_VISITS)
    if not 0 <= data.visit_days <= MOST_DAYS:
        problems["visit_days"] = lazy("Enter 0 to %(most)s days.", most=MOST_DAYS)
    if data.months_requested < 0:
        problems["months_requested"] = lazy("Enter person-months, for example 2.5.")
    if problems:
        raise RuleBroken(problems)


def _columns(data: ExpertData) -> dict[str, Any]:
    return {item.name: getattr(data, item.name) for item in fields(ExpertData) if item.name != "person_id"}


def _stored(expert: ProgramExpert) -> dict[str, Any]:
    return values_of(ExpertData, expert)


def _latin(data: ExpertData) -> str:
    return f"{data.surname} {data.given_name}".strip()


def expert_differences(before: Mapping[str, Any], data: ExpertData) -> list[Any]:
    """Field by field under the names of the form; the link to the register is nothing the organisation types."""
    book = rules_today()

    def shown(name: str) -> Any:
        if name in _TABLES:
            return lambda code: str(book.name_of(_TABLES[name], code))
        return {"birth_on": format_date, "entry_on": format_date, "nationality": country_name}.get(name, str)

    found = [
        difference(name, EXPERT_LABELS[name], before[name], value, shown=shown(name))
        for name, value in _columns(data).items()
    ]
    return [item for item in found if item is not None]
