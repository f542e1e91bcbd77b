"""Writes about people: plain values and an actor in, rows out; never commits. Organisations: the names re-exported
at the end come from organisation_commands.

Every change checks its values, keeps the search index in step and appends an event, in the caller's transaction.
Errors: RuleBroken (message at the field), Stale (both versions), NotFound, NotPermitted.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from expertdesk.access import Actor, Permission
from expertdesk.experts import holders, labels, policy, rules
from expertdesk.experts.index import index_person
from expertdesk.experts.organisation_commands import (
    register_organisation,
    set_contacts,
    update_organisation,
)
from expertdesk.experts.records import (
    ContactData,
    EducationData,
    EmploymentData,
    FamilyData,
    OrganisationData,
    PassportData,
    PersonData,
)
from expertdesk.experts.row_commands import remove_name, set_education, set_employment, set_family
from expertdesk.experts.versions import Version, check_version
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, NotPermitted, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import NameKind, Passport, Person, PersonName, SpecialGroup
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import append_event

# the columns of Person that people type
PERSON_COLUMNS = tuple(PersonData.__dataclass_fields__)
# whose old values stay out of the history: they say where somebody can be reached, not who it is
_UNRECORDED = frozenset({"email", "phone", "residence"})


def register_person(data: PersonData, passport: PassportData, actor: Actor) -> Person:
    """A new person with the first passport and the names as stated. Never merges: see queries.possible_duplicates."""
    if not (policy.may_edit_people(actor) or actor.may(Permission.MY_APPLY)):
        raise NotPermitted(Permission.EXPERT_EDIT)
    data, passport = rules.check_new_person(data, passport, rules_today(), clock.today())
    refuse_known_passport(passport, None, actor)
    person = Person(created_at=clock.now())
    write_person(person, data)
    person.passports = [_passport_row(passport)]
    person.names = [_name_row(kind, text, lang, _source_of(kind)) for kind, text, lang in _stated_names(data)]
    _insert(person)
    index_person(person)
    payload = {"nationality": data.nationality}
    append_event(db.session(), "person.registered", "person", person.id, actor, payload=payload)
    return person


def _insert(person: Person) -> None:
    """Two counters at once may pass the look-up: the database then keeps the second out."""
    try:
        with db.session.begin_nested():
            db.session.add(person)
            db.session.flush()
    except IntegrityError:
        raise RuleBroken({"number": lazy("This passport is on file already.")}) from None


def update_person(
    person_id: int, data: PersonData, actor: Actor, seen_version: int | None, *, keep_former: bool = False
) -> Person:
    """Save what changed. `keep_former`: a name that is replaced stays findable as a former name."""
    person = policy.person_to_edit(person_id, actor)
    data = rules.check_person(data, rules_today(), clock.today())
    before = person_data(person)
    check_version(db.session(), "person", person, seen_version, person_differences(before, data))
    changed = rules.changed_fields(before, data)
    if not changed:
        return person
    _keep_names(person, before, data, keep_former)
    write_person(person, data)
    db.session.flush()
    index_person(person)
    payload = {
        "changed": changed,
        "before": {name: _recorded(before, name) for name in changed if name not in _UNRECORDED},
        "after": {name: _recorded(data, name) for name in changed if name not in _UNRECORDED},
    }
    append_event(db.session(), "person.updated", "person", person.id, actor, payload=payload)
    return person


def add_passport(
    person_id: int, passport: PassportData, actor: Actor, *, is_current: bool = True, seen_version: int | None = None
) -> Passport:
    """Another passport of the same person; the old ones stay."""
    person = policy.person_to_edit(person_id, actor)
    passport = rules.check_passport(
        passport, rules_today(), clock.today(), nationality=person.nationality, birth_on=person.birth_on
    )
    refuse_known_passport(passport, person, actor)
    row = _passport_row(passport)
    row.is_current = is_current or not person.passports
    if row.is_current:
        for other in person.passports:
            other.is_current = False
    try:
        with db.session.begin_nested():
            row.person_id = person.id
            db.session.add(row)
            flag_modified(person, "created_at")
            db.session.flush()
    except IntegrityError:
        raise RuleBroken({"number": lazy("This passport is on file already.")}) from None
    db.session.refresh(person, ["passports"])
    index_person(person)
    payload = {"country": passport.issuing_country, "expires_on": row.expires_on.isoformat()}
    append_event(db.session(), "person.passport_added", "person", person.id, actor, payload=payload)
    return row


def add_name(person_id: int, kind: NameKind | str, text: str, lang: str, source: str, actor: Actor) -> PersonName:
    """One more spelling and where it was seen. The same spelling of the same kind is kept once."""
    person = policy.person_to_edit(person_id, actor)
    if kind not in {item.value for item in NameKind}:
        raise RuleBroken({"kind": lazy("Choose one from the list.")})
    name, language, where = rules.check_name(text, lang, source, rules_today(), clock.today(), person.nationality)
    known = next((row for row in person.names if row.kind == kind and row.text == name), None)
    if known is not None:
        return known
    row = _name_row(NameKind(kind), name, language, where)
    person.names.append(row)
    flag_modified(person, "created_at")
    db.session.flush()
    index_person(person)
    payload = {"kind": row.kind.value, "text": name, "source": where}
    append_event(db.session(), "person.name_added", "person", person.id, actor, payload=payload)
    return row


# --- rows ------------------------------------------------------------------------------------------------------


def person_data(person: Person) -> PersonData:
    """The record as it is stored."""
    plain = {name: getattr(person, name) for name in PERSON_COLUMNS}
    plain["other_passport_countries"] = tuple(person.other_passport_countries or ())
    plain["special_group"] = person.special_group.value
    plain["residence"] = dict(person.residence or {})
    return PersonData(**plain)


def write_person(person: Person, data: PersonData) -> None:
    for name in PERSON_COLUMNS:
        value: Any = getattr(data, name)
        if name == "other_passport_countries":
            value = list(value)
        elif name == "special_group":
            value = SpecialGroup(value)
        elif name == "residence":
            value = dict(value)
        if getattr(person, name) != value:
            setattr(person, name, value)


def _passport_row(passport: PassportData) -> Passport:
    assert passport.expires_on is not None
    return Passport(
        number=passport.number,
        issuing_country=passport.issuing_country,
        kind=passport.kind,
        issued_on=passport.issued_on,
        expires_on=passport.expires_on,
        is_current=True,
    )


def _name_row(kind: NameKind, text: str, lang: str, source: str) -> PersonName:
    return PersonName(kind=kind, text=text, lang=lang, source=source, added_at=clock.now())


def _source_of(kind: NameKind) -> str:
    return "passport" if kind is NameKind.PASSPORT else "statement"


def _stated_names(data: PersonData) -> list[tuple[NameKind, str, str]]:
    latin = f"{data.surname} {data.given_name}".strip()
    names = [
        (NameKind.PASSPORT, latin, ""),
        (NameKind.NATIVE, data.native_name, data.native_lang),
        (NameKind.CHINESE, data.chinese_name, "zh"),
    ]
    return [item for item in names if item[1]]


def _keep_names(person: Person, before: PersonData, after: PersonData, keep_former: bool) -> None:
    """The variants follow the names; an old one goes, or stays as a former name."""
    old = {kind: (text, lang) for kind, text, lang in _stated_names(before)}
    new = {kind: (text, lang) for kind, text, lang in _stated_names(after)}
    for kind in (NameKind.PASSPORT, NameKind.NATIVE, NameKind.CHINESE):
        if old.get(kind) == new.get(kind):
            continue
        source = _source_of(kind)
        if kind in old:
            row = next((row for row in person.names if row.kind == kind and row.text == old[kind][0]), None)
            if row is not None:
                source = row.source
                if keep_former and old[kind][0] != new.get(kind, ("", ""))[0]:
                    row.kind = NameKind.FORMER
                else:
                    person.names.remove(row)
        if kind in new and not any(row.kind == kind and row.text == new[kind][0] for row in person.names):
            person.names.append(_name_row(kind, *new[kind], source))


def _recorded(data: PersonData, name: str) -> Any:
    value = getattr(data, name)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def person_differences(stored: PersonData, yours: PersonData) -> tuple[FieldDifference, ...]:
    """Field by field under the names of the form."""
    book = rules_today()
    left, right = labels.person_values(stored), labels.person_values(yours)
    return tuple(
        Version(
            name,
            label,
            labels.shown(name, left[name], book),
            labels.shown(name, right[name], book),
            labels.raw(left[name]),
            labels.raw(right[name]),
        )
        for name, label in labels.PERSON_FIELDS.items()
        if labels.raw(left[name]) != labels.raw(right[name])
    )


def refuse_known_passport(passport: PassportData, person: Person | None, actor: Actor) -> None:
    """One passport belongs to one person. Names the holder as far as the actor may see him or her."""
    found = db.session.scalars(
        select(Passport).where(
            Passport.number == passport.number, Passport.issuing_country == passport.issuing_country
        )
    ).first()
    if found is None:
        return
    if person is not None and found.person_id == person.id:
        raise RuleBroken({"number": lazy("This passport is in the list already.")})
    who = holders.who_is(found.person_id, actor)
    raise RuleBroken({"number": lazy("This passport is on file already: %(who)s.", who=who)})


__all__ = [
    "ContactData",
    "EducationData",
    "EmploymentData",
    "FamilyData",
    "OrganisationData",
    "PassportData",
    "PersonData",
    "add_name",
    "add_passport",
    "register_organisation",
    "register_person",
    "remove_name",
    "set_contacts",
    "set_education",
    "set_employment",
    "set_family",
    "update_organisation",
    "update_person",
]
