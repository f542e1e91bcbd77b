"""People outside one's own districts: named by initials, year of birth and district, with whom to ask about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from expertdesk.access import Actor, Role
from expertdesk.experts import policy
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, current_language, in_row
from expertdesk.foundation.masking import mask_name
from expertdesk.models import Account, AccountDistrict, AccountRole, Case, Person
from expertdesk.regulations.current import rules_today


@dataclass(frozen=True)
class Ask:
    """A colleague who may answer; empty when nobody handles the district."""

    name: str = ""
    phone: str = ""
    window: str = ""


NOBODY = Ask()


def person_districts(people: Iterable[Person]) -> dict[int, str]:
    """Where each person belongs: the district of the record, else of the latest case."""
    found = {person.id: person.district for person in people}
    missing = [person_id for person_id, district in found.items() if not district]
    if missing:
        newest = select(func.max(Case.id)).where(Case.person_id.in_(missing)).group_by(Case.person_id)
        rows = db.session.execute(select(Case.person_id, Case.district).where(Case.id.in_(newest)))
        found |= {row.person_id: row.district for row in rows}
    return found


def ask_about(districts: Iterable[str]) -> dict[str, Ask]:
    """For each district one of its case officers: always the same one, the longest there."""
    wanted = sorted({district for district in districts if district})
    if not wanted:
        return {}
    statement = (
        select(AccountDistrict.district, Account.name, Account.name_latin, Account.phone, Account.window)
        .join(Account, Account.id == AccountDistrict.account_id)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountDistrict.district.in_(wanted), AccountRole.role == Role.OFFICER, Account.is_active)
        .order_by(Account.id)
    )
    found: dict[str, Ask] = {}
    for row in db.session.execute(statement):
        name = row.name if current_language() == "zh" else (row.name_latin or row.name)
        found.setdefault(row.district, Ask(name, row.phone, row.window))
    return found


def district_name(code: str) -> Bilingual | str:
    return rules_today().name_of("districts", code) if code else ""


def initials(person: Person) -> str:
    """Of the Latin name, which every passport has; the own script could name a small circle of people."""
    return mask_name(person.latin_name)


def who_is(person_id: int, actor: Actor) -> str:
    """A person in one phrase, as far as the actor may see him or her."""
    person = db.session.get_one(Person, person_id)
    statement = policy.visible_people(select(Person.id).where(Person.id == person_id), actor)
    if db.session.scalars(statement).one_or_none() is not None:
        return person.latin_name
    district = person_districts([person])[person.id]
    ask = ask_about([district]).get(district, NOBODY)
    parts = (initials(person), person.birth_on.year, district_name(district), ask.name, ask.phone)
    return in_row(part for part in parts if part)
