"""Possible duplicates across the whole city: who is worth comparing, and what the actor may see of each match.

Found here, judged by duplicates.py, decided by a person. Nothing is ever merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all
from sqlalchemy.orm import selectinload

from expertdesk.access import Actor
from expertdesk.experts import holders, index, policy
from expertdesk.experts.duplicates import KnownPerson, Match, MatchReason, PassportOnFile, find_duplicates
from expertdesk.experts.holders import NOBODY, Ask
from expertdesk.experts.records import PassportData, PersonData
from expertdesk.experts.rules import tidy_passport_number
from expertdesk.experts.search import other_names
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import country_name, lazy
from expertdesk.foundation.masking import mask_passport
from expertdesk.foundation.text import search_query
from expertdesk.models import Passport, Person

MOST_COMPARED = 200  # of each look-up; the newest are compared first


@dataclass(frozen=True)
class Hit:
    """A person who may be the same. Masked: initials, year of birth, district and whom to ask, and no detail in the
    reasons; such a person cannot be opened or chosen."""

    person_id: int
    score: int
    is_likely: bool
    reasons: tuple[MatchReason, ...]
    name: str
    lang: str
    other_names: tuple[str, ...]
    birth_year: int
    birth_on: date | None
    country: str
    permit_number: str
    passport_tail: str
    district: Any
    is_masked: bool
    ask: Ask = NOBODY


def possible_duplicates(
    candidate: PersonData, passport: PassportData | None, actor: Actor, *, except_id: int = 0
) -> tuple[Hit, ...]:
    """People on file who may be this one, likeliest first. Works with whatever is filled in so far."""
    number = tidy_passport_number(passport.number) if passport is not None else ""
    known = KnownPerson(
        except_id,
        tuple(filter(None, (f"{candidate.surname} {candidate.given_name}".strip(), candidate.native_name,
                            candidate.chinese_name))),
        candidate.birth_on,
        candidate.nationality or None,
        (PassportOnFile(index.passport_index(number)),) if number else (),
    )  # fmt: skip
    ids = {person_id for person_id in _worth_comparing(candidate, number) if person_id != except_id}
    if not ids:
        return ()
    statement = select(Person).where(Person.id.in_(ids))
    statement = statement.options(selectinload(Person.names), selectinload(Person.passports))
    people = {person.id: person for person in db.session.scalars(statement)}
    matches = find_duplicates(known, [_known(person) for person in people.values()], today=clock.today())
    return _hits(matches, people, actor)


def _worth_comparing(candidate: PersonData, number: str) -> Iterator[int]:
    """Same passport; same or mistyped date of birth; the same name; a word of the name in the same year of birth. Of
    each kind the newest ones, all in one query."""
    kinds: list[Select[Any]] = []
    if number:
        kinds.append(select(Passport.person_id).where(Passport.number == number))
    born, nationality = candidate.birth_on, candidate.nationality
    if born is not None:
        kinds.append(_newest(Person.birth_on == born))
        if nationality:
            kinds.append(_newest(Person.birth_on.in_(near_days(born)), Person.nationality == nationality))
    names = filter(None, (f"{candidate.surname} {candidate.given_name}", candidate.native_name, candidate.chinese_name))
    for name in dict.fromkeys(names):
        kinds += _named(name)
    if born is not None and nationality:
        year = (Person.birth_on >= date(born.year, 1, 1), Person.birth_on <= date(born.year, 12, 31))  # the year
        for word in dict.fromkeys(f"{candidate.surname} {candidate.given_name}".split()):
            kinds += _named(word, *year, Person.nationality == nationality)
    if kinds:
        # a limit of its own needs a place of its own
        parts = [kind.subquery() for kind in kinds]
        yield from db.session.scalars(union_all(*(select(part.c[0]) for part in parts)))


def _newest(*conditions: ColumnElement[bool]) -> Select[Any]:
    return select(Person.id).where(*conditions).order_by(Person.id.desc()).limit(MOST_COMPARED)


def _named(text: str, *conditions: ColumnElement[bool]) -> list[Select[Any]]:
    query = index.whole_words(search_query(text))
    if query.is_empty:
        return []
    return [_newest(Person.id.in_(index.record_ids(index.PERSON, query)), *conditions)]


def near_days(day: date) -> tuple[date, ...]:
    """Days that a slip of the pen makes of this one: a wrong digit, two exchanged digits, day and month exchanged."""
    plain = f"{day:%Y%m%d}"
    spellings = {plain[:4] + plain[6:] + plain[4:6]}
    for place in range(len(plain)):
        spellings |= {plain[:place] + digit + plain[place + 1 :] for digit in "0123456789"}
        spellings.add(plain[:place] + plain[place : place + 2][::-1] + plain[place + 2 :])
    found = set()
    for spelling in spellings:
        try:
            near = date(int(spelling[:4]), int(spelling[4:6]), int(spelling[6:]))
        except ValueError:
            continue
        if near != day and abs(near - day) < _FAR:
            found.add(near)
    return tuple(sorted(found))


_FAR = timedelta(days=366 * 100)  # a slip in the first digits of the year is noticed at once


def _known(person: Person) -> KnownPerson:
    names = (person.latin_name, person.native_name, person.chinese_name, *(row.text for row in person.names))
    passports = tuple(
        PassportOnFile(index.passport_index(passport.number), passport.expires_on, passport.issuing_country)
        for passport in person.passports
    )
    return KnownPerson(
        person.id, tuple(dict.fromkeys(filter(None, names))), person.birth_on, person.nationality, passports
    )


def _hits(matches: tuple[Match, ...], people: dict[int, Person], actor: Actor) -> tuple[Hit, ...]:
    shown = [people[match.person_id] for match in matches]
    if not shown:
        return ()
    wanted = select(Person.id).where(Person.id.in_([person.id for person in shown]))
    whole = set(db.session.scalars(policy.visible_people(wanted, actor)))
    districts = holders.person_districts(person for person in shown if person.id not in whole)
    ask = holders.ask_about(districts.values())
    return tuple(
        _whole_hit(match, people[match.person_id])
        if match.person_id in whole
        else _masked_hit(match, people[match.person_id], districts[match.person_id], ask)
        for match in matches
    )


def _whole_hit(match: Match, person: Person) -> Hit:
    current = next((passport for passport in person.passports if passport.is_current), None)
    return Hit(
        person.id,
        match.score,
        match.likelihood.value == "likely",
        match.reasons,
        person.display_name,
        person.display_lang,
        other_names(person),
        person.birth_on.year,
        person.birth_on,
        country_name(person.nationality),
        person.permit_number or "",
        mask_passport(current.number) if current else "",
        holders.district_name(person.district),
        is_masked=False,
    )


# what a reason says without telling anything of the record
_PLAIN_REASONS = {
    "name": lazy("The name is the same or similar"),
    "birth": lazy("The date of birth is the same or similar"),
    "nationality": lazy("Nationality compared"),
    "passport": lazy("Other passport"),
}
_TELLS_NOTHING = frozenset({"name.same", "birth.same", "nationality.same", "nationality.other", "passport.same"})


def _masked_hit(match: Match, person: Person, district: str, ask: dict[str, Ask]) -> Hit:
    reasons = tuple(
        reason if reason.code in _TELLS_NOTHING else MatchReason(
            reason.code, _PLAIN_REASONS[reason.code.partition(".")[0]], reason.agrees
        )
        for reason in match.reasons
    )  # fmt: skip
    return Hit(
        person.id,
        match.score,
        match.likelihood.value == "likely",
        reasons,
        holders.initials(person),
        "",
        (),
        person.birth_on.year,
        None,
        "",
        "",
        "",
        holders.district_name(district),
        is_masked=True,
        ask=ask.get(district, NOBODY),
    )
