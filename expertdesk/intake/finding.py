"""Who and what the form speaks of, looked up: people on file, organisations, permits to extend. Reads only.

What an officer may see of a hit is settled below, in experts and permits; a contact of an organisation sees nobody
but the people of the own organisation whose permit can be extended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor, Permission
from expertdesk.experts.credit_code import CreditCode, read_credit_code
from expertdesk.experts.holders import Ask
from expertdesk.experts.queries import (
    Hit,
    OrganisationChoice,
    PersonChoice,
    organisation_by_code,
    organisations_by_id,
    person_choice,
    possible_duplicates,
)
from expertdesk.experts.records import PassportData, PersonData
from expertdesk.experts.rules import tidy_passport_number
from expertdesk.experts.search import ORGANISATION, PERMIT, PERSON, Found, find
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.intake.entry import Entry, record_id
from expertdesk.models import Case, CaseState, Passport, Permit, PermitState
from expertdesk.permits.queries import ExtensionBase, base_of, bases_of, extendable, extension_base, in_force_of

_MOST_PEOPLE, _MOST_ORGANISATIONS, _MOST_PERMITS = 5, 6, 8
_SHORTEST_CODE = 15  # signs of something that is meant as a credit code, complete or not
_UNDER_WAY = (
    CaseState.DRAFT, CaseState.SUBMITTED, CaseState.IN_CORRECTION, CaseState.ACCEPTED, CaseState.RECOMMENDED
)  # fmt: skip


# --- people ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """Somebody on file who may be meant. Masked: initials, year of birth, district, whom to ask; cannot be chosen."""

    person_id: int
    name: str
    lang: str
    facts: tuple[str, ...]
    reasons: tuple[Any, ...] = ()
    is_masked: bool = False
    ask: Ask | None = None
    was_looked_for: bool = False


def chosen_person(entry_person: str, actor: Actor) -> PersonChoice | None:
    """The record that was chosen, as far as this actor may use it."""
    person_id = record_id(entry_person)
    if person_id is None or not actor.may(Permission.CASE_CREATE):
        return None
    try:
        return person_choice(person_id, actor)
    except NotFound:
        return None


def candidates(entry: Entry, looked_for: str, chosen: PersonChoice | None, actor: Actor) -> tuple[Candidate, ...]:
    """The record chosen, what was looked for, and who looks like the passport: each once, in this order."""
    found: dict[int, Candidate] = {}
    hits = {hit.person_id: hit for hit in _duplicates(entry, actor)}
    if chosen is not None:
        facts = (*chosen.other_names, chosen.country, str(chosen.data.birth_on or ""), chosen.permit_number)
        reasons = hits[chosen.id].reasons if chosen.id in hits else ()
        found[chosen.id] = Candidate(chosen.id, chosen.name, chosen.lang, _filled(facts), reasons, was_looked_for=True)
    for item in _looked_for(looked_for, actor):
        if item.person_id is not None and item.person_id not in found:
            ask = item.ask if item.is_masked else None
            found[item.person_id] = Candidate(
                item.person_id,
                item.title,
                item.lang,
                _filled((*item.facts, item.district)),
                (),
                item.is_masked,
                ask,
                True,
            )
    for hit in hits.values():
        if hit.person_id not in found:
            found[hit.person_id] = _of_hit(hit)
    return tuple(found.values())


def _looked_for(text: str, actor: Actor) -> list[Found]:
    """People by name, passport or phone, and the holders of permits by their number."""
    return list(find(text, actor, _MOST_PEOPLE, (PERSON, PERMIT))) if text else []


def _duplicates(entry: Entry, actor: Actor) -> tuple[Hit, ...]:
    if not actor.may(Permission.CASE_CREATE) or not (entry.names[0] or entry.native_name or entry.passport_number):
        return ()
    surname, given = entry.names
    person = PersonData(
        surname=surname, given_name=given, native_name=entry.native_name, chinese_name=entry.chinese_name,
        birth_on=entry.birth_on, nationality=entry.nationality,
    )  # fmt: skip
    return possible_duplicates(person, PassportData(entry.passport_number, entry.passport_expires_on), actor)


def _of_hit(hit: Hit) -> Candidate:
    born = hit.birth_on.isoformat() if hit.birth_on else str(hit.birth_year)
    facts = (*hit.other_names, hit.country, born, hit.permit_number, hit.passport_tail, str(hit.district))
    return Candidate(
        hit.person_id,
        hit.name,
        hit.lang,
        _filled(facts),
        hit.reasons,
        hit.is_masked,
        hit.ask if hit.is_masked else None,
    )


def _filled(facts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(fact for fact in facts if fact)


def holder_of_passport(entry: Entry) -> int | None:
    """Whose passport this is: the very same document, number, country and date of birth (for applications of employers,
    who see nobody's record)."""
    number = tidy_passport_number(entry.passport_number)
    if not number:
        return None
    country = entry.issuing_country or entry.nationality
    found = db.session.scalars(
        select(Passport).where(Passport.number == number, Passport.issuing_country == country)
    ).one_or_none()
    if found is None or found.person.birth_on != entry.birth_on:
        return None
    return found.person_id


def open_case_number(person_id: int, organisation_id: int, procedure: str) -> str:
    """An unfinished case of the same kind: a second one cannot be opened beside it."""
    statement = select(Case.number).where(
        Case.person_id == person_id,
        Case.organisation_id == organisation_id,
        Case.procedure == procedure,
        Case.state.in_(_UNDER_WAY),
    )
    return db.session.scalar(statement.order_by(Case.id).limit(1)) or ""


# --- organisations ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OrganisationFound:
    """`found`: the one meant; `hits`: (id, name, code) to choose from; `code`: a code that is not on file yet."""

    found: OrganisationChoice | None = None
    hits: tuple[tuple[int, str, str], ...] = ()
    code: CreditCode | None = None
    text: str = ""

    @property
    def is_new(self) -> bool:
        """A code that may be registered: in order, or failing only in what a lawful old code may fail in."""
        return self.found is None and self.code is not None and self.code.may_be_accepted


def find_organisation(text: str, chosen: str, actor: Actor) -> OrganisationFound:
    """By its code, else by part of its name. `chosen`: the one picked of several."""
    text = text.strip()
    if not text:
        return OrganisationFound()
    code = read_credit_code(text)
    if len(code.code) >= _SHORTEST_CODE and code.code.isascii():
        found = organisation_by_code(text)
        return OrganisationFound(found, code=None if found else code, text=text)
    hits = [item for item in find(text, actor, _MOST_ORGANISATIONS, (ORGANISATION,)) if item.kind == ORGANISATION]
    wanted = record_id(chosen)
    one = next((item for item in hits if item.record_id == wanted), None) or (hits[0] if len(hits) == 1 else None)
    found = organisation_by_code(one.number) if one is not None else None
    return OrganisationFound(found, tuple((item.record_id, item.title, item.number) for item in hits), text=text)


def own_organisations(actor: Actor) -> tuple[OrganisationChoice, ...]:
    """The organisations a contact may apply for."""
    return organisations_by_id(actor.handled_organisations)


# --- permits ---------------------------------------------------------------------------------------------------


def permit_by_id(text: str, actor: Actor) -> ExtensionBase | None:
    """The permit that was chosen, when it can be extended at all and is this actor's to see."""
    permit_id = record_id(text)
    if permit_id is None:
        return None
    if actor.may(Permission.CASE_CREATE):
        try:
            return extension_base(permit_id, actor)
        except NotFound:
            return None
    permit = db.session.get(Permit, permit_id)
    is_own = permit is not None and permit.organisation_id in actor.handled_organisations
    return base_of(permit) if permit is not None and is_own and permit.state is PermitState.IN_FORCE else None


def permits_to_extend(person_id: int | None, actor: Actor, today: date) -> tuple[ExtensionBase, ...]:
    """The permits in force of a person; without one, those whose window is open now, soonest end first."""
    if not actor.may(Permission.CASE_CREATE):
        return _own_permits(actor, today)
    if person_id is None:
        return extendable(actor, limit=_MOST_PERMITS)
    return in_force_of(person_id, actor)


def _own_permits(actor: Actor, today: date) -> tuple[ExtensionBase, ...]:
    statement = select(Permit).where(
        Permit.organisation_id.in_(sorted(actor.handled_organisations)),
        Permit.state == PermitState.IN_FORCE,
        Permit.ends_on >= today,
    )
    if not actor.handled_organisations:
        return ()
    return bases_of(db.session.scalars(statement.order_by(Permit.ends_on, Permit.id)).all())


def case_of(base: ExtensionBase) -> Case:
    """The case the permit was granted in: where the facts of an extension begin."""
    return db.session.get_one(Case, base.case_id)


def cases_of(bases: Sequence[ExtensionBase]) -> dict[int, Case]:
    """By id: the cases the permits were granted in, with person and organisation; one query."""
    if not bases:
        return {}
    statement = select(Case).where(Case.id.in_(sorted({base.case_id for base in bases})))
    found = db.session.scalars(statement.options(joinedload(Case.person), joinedload(Case.organisation)))
    return {case.id: case for case in found}
