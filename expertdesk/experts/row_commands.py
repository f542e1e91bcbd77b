"""Education, work, family and name variants of a person: lists that are saved as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.orm.attributes import flag_modified

from expertdesk.access import Actor
from expertdesk.experts import policy, row_rules
from expertdesk.experts.index import index_person
from expertdesk.experts.records import EducationData, EmploymentData, FamilyData
from expertdesk.experts.row_values import row_differences, stored_rows
from expertdesk.experts.versions import check_version
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import Education, Employment, FamilyMember, NameKind, Person
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import append_event

R = TypeVar("R", EducationData, EmploymentData, FamilyData)
_CURRENT = frozenset({NameKind.PASSPORT, NameKind.NATIVE, NameKind.CHINESE})


def set_education(
    person_id: int, rows: Sequence[EducationData], actor: Actor, seen_version: int | None = None
) -> Person:
    """Replace the whole list."""

    def check(person: Person, book: RuleBook, today: date) -> list[EducationData]:
        return row_rules.check_education(rows, book, today, person.birth_on)

    return _set_rows(person_id, "education", Education, check, actor, seen_version)


def set_employment(
    person_id: int, rows: Sequence[EmploymentData], actor: Actor, seen_version: int | None = None
) -> Person:
    """Replace the whole list."""

    def check(person: Person, book: RuleBook, today: date) -> list[EmploymentData]:
        return row_rules.check_employment(rows, book, today, person.birth_on)

    return _set_rows(person_id, "employment", Employment, check, actor, seen_version)


def set_family(person_id: int, rows: Sequence[FamilyData], actor: Actor, seen_version: int | None = None) -> Person:
    """Replace the whole list."""

    def check(person: Person, book: RuleBook, today: date) -> list[FamilyData]:
        return row_rules.check_family(rows, book, today)

    return _set_rows(person_id, "family", FamilyMember, check, actor, seen_version)


def _set_rows(
    person_id: int,
    part: str,
    model: Any,
    check: Callable[[Person, RuleBook, date], list[R]],
    actor: Actor,
    seen_version: int | None,
) -> Person:
    person = policy.person_to_edit(person_id, actor)
    rows = check(person, rules_today(), clock.today())
    before = stored_rows(person, part)
    if before == rows:
        return person
    check_version(db.session(), "person", person, seen_version, row_differences(part, before, rows))
    setattr(person, part, [model(**asdict(row)) for row in rows])
    flag_modified(person, "created_at")  # the list belongs to the version of the person
    db.session.flush()
    payload = {"part": part, "before": len(before), "after": len(rows)}
    append_event(db.session(), f"person.{part}_updated", "person", person.id, actor, payload=payload)
    return person


def remove_name(person_id: int, name_id: int, actor: Actor) -> None:
    """Take away a variant that was entered by mistake; the names in force are changed on the person."""
    person = policy.person_to_edit(person_id, actor)
    row = next((row for row in person.names if row.id == name_id), None)
    if row is None:
        raise NotFound
    if row.kind in _CURRENT and row.text in (person.latin_name, person.native_name, person.chinese_name):
        raise RuleBroken({"": lazy("This is the name in force; change it on the person.")})
    payload = {"kind": row.kind.value, "text": row.text, "source": row.source}
    person.names.remove(row)
    flag_modified(person, "created_at")
    db.session.flush()
    index_person(person)
    append_event(db.session(), "person.name_removed", "person", person.id, actor, payload=payload)
