"""The one search box: what is found, as far as the reader may see it. Desk, lists and intake all use `find`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor
from expertdesk.experts import holders, index, policy
from expertdesk.experts.holders import NOBODY, Ask
from expertdesk.experts.index import (
    CASE,
    ORGANISATION,
    PERMIT,
    PERSON,
    index_case,
    index_organisation,
    index_permit,
    index_person,
)
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import country_name, in_row
from expertdesk.models import Case, Organisation, Permit, Person

EVERYTHING = (PERSON, CASE, PERMIT, ORGANISATION)


@dataclass(frozen=True)
class Found:
    """One hit. Masked: `title` holds initials, `facts` the year of birth and the district, `ask` whom to ask.

    `title`, `subtitle` and `facts` are data (stand in `ui.data`); `number` is the case, permit or credit code, for a
    person the permit number; `state` the code of a case's or permit's state.
    """

    kind: str
    record_id: int
    title: str
    lang: str = ""
    facts: tuple[str, ...] = ()
    number: str = ""
    state: str = ""
    procedure: str = ""
    person_id: int | None = None
    is_masked: bool = False
    district: str = ""
    ask: Ask = NOBODY

    @property
    def subtitle(self) -> str:
        return in_row(self.facts)


def find(
    text: str, actor: Actor, limit: int = 20, kinds: Iterable[str] = EVERYTHING, *, only_masked: bool = False
) -> tuple[Found, ...]:
    """The best hits for what was typed: own records in full, others masked for officers, else left out.

    The cases of the people that are found follow them, so that a name answers "where is my case" too.
    """
    candidates = index.candidates(text, actor, limit, kinds, only_masked=only_masked)
    people, cases, permits, organisations = (
        _load(kind, [item.record_id for item in candidates if item.kind == kind])
        for kind in (PERSON, CASE, PERMIT, ORGANISATION)
    )
    hidden = _Hidden()
    found = []
    for item in candidates:
        record = {PERSON: people, CASE: cases, PERMIT: permits, ORGANISATION: organisations}[item.kind].get(
            item.record_id
        )
        if record is None:
            continue
        found.append((item, record))
        if not item.is_whole:
            hidden.add(record)
    hidden.look_up()
    hits = [_whole(item.kind, record) if item.is_whole else hidden.found(item.kind, record) for item, record in found]
    if CASE in kinds and people:
        hits += _cases_of(people, actor, set(cases), limit - len(hits))
    return tuple(hits)


def _cases_of(people: dict[int, Any], actor: Actor, known: set[int], room: int) -> list[Found]:
    """The newest cases of people, as far as there is room and the actor may see them."""
    if room <= 0:
        return []
    statement = (
        select(Case)
        .where(Case.person_id.in_(people), Case.id.not_in(known), policy.whole_case(actor))
        .order_by(Case.id.desc())
        .limit(room)
    )
    return [_whole(CASE, case) for case in db.session.scalars(statement)]


def _load(kind: str, ids: list[int]) -> dict[int, Person | Case | Permit | Organisation]:
    if not ids:
        return {}
    if kind == PERSON:
        statement = select(Person).where(Person.id.in_(ids))
    elif kind == CASE:
        statement = select(Case).where(Case.id.in_(ids)).options(joinedload(Case.person))
    elif kind == PERMIT:
        statement = select(Permit).where(Permit.id.in_(ids)).options(joinedload(Permit.person))
    else:
        statement = select(Organisation).where(Organisation.id.in_(ids))
    return {row.id: row for row in db.session.scalars(statement)}


def _whole(kind: str, record: Person | Case | Permit | Organisation) -> Found:
    if isinstance(record, Person):
        facts = (*other_names(record), country_name(record.nationality), str(record.birth_on.year))
        return Found(
            kind, record.id, record.display_name, record.display_lang, facts, record.permit_number or "",
            person_id=record.id, district=str(holders.district_name(record.district)),
        )  # fmt: skip
    if isinstance(record, Organisation):
        facts = tuple(filter(None, (record.name_en, str(holders.district_name(record.district)))))
        return Found(kind, record.id, record.name_zh, "zh", facts, record.credit_code)
    person = record.person
    facts = (*other_names(person), country_name(person.nationality))
    return Found(
        kind, record.id, person.display_name, person.display_lang, facts, record.number, str(record.state),
        record.procedure if isinstance(record, Case) else "", person.id,
        district=str(holders.district_name(record.district)),
    )  # fmt: skip


def other_names(person: Person) -> tuple[str, ...]:
    """The Chinese name and the passport's spelling, where they are not the title already."""
    names = (person.chinese_name, person.latin_name)
    return tuple(name for name in names if name and name != person.display_name)


class _Hidden:
    """Hits outside the own districts: their districts and whom to ask, read at once."""

    def __init__(self) -> None:
        self.records: list[Person | Case | Permit] = []
        self.districts: dict[tuple[str, int], str] = {}
        self.ask: dict[str, Ask] = {}

    def add(self, record: Person | Case | Permit | Organisation) -> None:
        if not isinstance(record, Organisation):
            self.records.append(record)

    def look_up(self) -> None:
        of_people = holders.person_districts([record for record in self.records if isinstance(record, Person)])
        for record in self.records:
            district = of_people[record.id] if isinstance(record, Person) else record.district
            self.districts[type(record).__name__, record.id] = district
        self.ask = holders.ask_about(self.districts.values())

    def found(self, kind: str, record: Person | Case | Permit | Organisation) -> Found:
        assert not isinstance(record, Organisation)
        person = record if isinstance(record, Person) else record.person
        code = self.districts[type(record).__name__, record.id]
        district = str(holders.district_name(code))
        facts = (str(person.birth_on.year), district) if district else (str(person.birth_on.year),)
        return Found(
            kind, record.id, holders.initials(person), "", facts, "" if isinstance(record, Person) else record.number,
            is_masked=True, district=district, ask=self.ask.get(code, NOBODY),
        )  # fmt: skip


__all__ = [
    "CASE",
    "EVERYTHING",
    "ORGANISATION",
    "PERMIT",
    "PERSON",
    "Ask",
    "Found",
    "find",
    "index_case",
    "index_organisation",
    "index_permit",
    "index_person",
    "other_names",
]
