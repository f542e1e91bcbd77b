"""The people and organisations of the demo bureau, registered by the same commands an officer uses."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from stdnum.cn import uscc

from expertdesk.access import Actor
from expertdesk.experts.commands import (
    ContactData,
    OrganisationData,
    PassportData,
    PersonData,
    register_organisation,
    register_person,
    set_contacts,
    set_education,
    set_employment,
    set_family,
)
from expertdesk.experts.credit_code import organisation_check
from expertdesk.foundation.locale import country_name, use_language
from expertdesk.models import Organisation, Person

HERE = Path(__file__).parent
# the fictional city lies in no province: the code of an enterprise names a made-up division
_DIVISION = "990100"
# what somebody of this field studied, and what the post before was called
_FIELDS = {
    "agri": ("Agronomy", "Agronomist"),
    "arch": ("Architecture", "Architect"),
    "auto": ("Mechanical engineering", "Design engineer"),
    "bio": ("Molecular biology", "Research scientist"),
    "chem": ("Chemistry", "Process chemist"),
    "civil": ("Civil engineering", "Structural engineer"),
    "design": ("Industrial design", "Designer"),
    "energy": ("Electrical engineering", "Power engineer"),
    "finance": ("Economics", "Analyst"),
    "food": ("Food science", "Product developer"),
    "game": ("Computer science", "Game developer"),
    "hist": ("History", "Lecturer"),
    "it": ("Computer science", "Software engineer"),
    "lang": ("Linguistics", "Language teacher"),
    "mat": ("Materials science", "Materials engineer"),
    "math": ("Mathematics", "Lecturer"),
    "med": ("Medicine", "Physician"),
    "mine": ("Mining engineering", "Mine engineer"),
    "music": ("Musical performance", "Orchestra musician"),
    "phys": ("Physics", "Research fellow"),
    "sport": ("Sports science", "Coach"),
}


@dataclass(frozen=True)
class Member:
    """Somebody of the cast: the line of people.yaml and the row it became."""

    line: dict[str, Any]
    person_id: int
    passport_id: int


def read_lines(name: str) -> list[dict[str, Any]]:
    """A list of the demo's own data files."""
    with (HERE / name).open(encoding="utf-8") as stream:
        found: list[dict[str, Any]] = yaml.safe_load(stream)
    return found


def credit_code(prefix: int, body: str) -> str:
    """A well-formed unified social credit code of the fictional city."""
    first = f"{prefix}{_DIVISION}{body}{organisation_check(body)}"
    return first + uscc.calc_check_digit(first)


def add_organisation(line: dict[str, Any], number: int, officer: Actor) -> Organisation:
    """Register one organisation with its contact."""
    phone = f"0999-88{number:02} {3300 + number}"
    organisation = register_organisation(
        OrganisationData(
            name_zh=line["zh"],
            name_en=line["en"],
            credit_code=credit_code(line["prefix"], line["body"]),
            district=line["district"],
            industry=line["industry"],
            kind=line["kind"],
            address=line.get("address", ""),
            phone=phone,
            may_organise_groups=bool(line.get("groups", False)),
        ),
        officer,
    )
    contact = ContactData(
        name=line["contact"], post=line["post"], phone=f"0999-88{number:02} {4400 + number}",
        email=f"contact{number}@organisation{number}.example",
    )  # fmt: skip
    set_contacts(organisation.id, [contact], officer)
    return organisation


def add_person(line: dict[str, Any], district: str, officer: Actor, chance: random.Random, today: date) -> Person:
    """Register one person with a passport, a degree, earlier work and sometimes a family."""
    number = "".join(chance.choices("CDEFGHJKLMNPRTVWXYZ", k=1)) + f"{chance.randrange(10**7, 10**8)}"
    given = f"{line['given']} {line['surname']}".strip().lower()
    mail = "".join(sign if sign.isascii() and sign.isalnum() else "." for sign in given)[:50].strip(".")
    person = register_person(
        PersonData(
            surname=line["surname"],
            given_name=line["given"],
            native_name=line["native"],
            native_lang=line["lang"],
            chinese_name=line["chinese"],
            sex=str(line["sex"]),
            birth_on=line["birth"],
            nationality=line["country"],
            was_chinese_national=bool(line.get("former")),
            email=f"{mail}@mail.example",
            phone=f"+86 138 {chance.randrange(1000, 9999)} {chance.randrange(1000, 9999)}",
            district=district,
        ),
        PassportData(
            number=number,
            issuing_country=line["country"],
            kind="ORDINARY",
            issued_on=today - timedelta(days=chance.randrange(900, 1800)),
            expires_on=today + timedelta(days=chance.randrange(1200, 2900)),
        ),
        officer,
    )
    _history(person, line, officer, chance, today)
    return person


def _history(person: Person, line: dict[str, Any], officer: Actor, chance: random.Random, today: date) -> None:
    from expertdesk.experts.commands import EducationData, EmploymentData, FamilyData

    degree = date(line["birth"].year + 23, 7, 1)
    country = line["country"]
    major, post = _FIELDS[line["field"]]
    with use_language("en"):
        school = f"National University, {country_name(country)}"
    set_education(
        person.id,
        [
            EducationData(level="21", school=school, country=country, major=major, to_month=degree),
        ],
        officer,
    )
    set_employment(
        person.id,
        [
            EmploymentData(
                employer=f"{line['surname'].title()} & Partners", country=country, post=post,
                from_month=date(degree.year, 9, 1), to_month=date(min(degree.year + 9, today.year - 1), 8, 1),
            )
        ],
        officer,
    )  # fmt: skip
    if chance.random() < 0.3:
        spouse = FamilyData(
            relation="SPOUSE", latin_name=f"{line['surname']} {chance.choice(['ALEX', 'NOA', 'SASHA', 'ROBIN'])}",
            nationality=country, birth_on=line["birth"] + timedelta(days=400),
        )  # fmt: skip
        child = FamilyData(
            relation="CHILD", latin_name=f"{line['surname']} {chance.choice(['MIA', 'LEO', 'ADA', 'TOM'])}",
            nationality=country, birth_on=date(today.year - chance.randrange(3, 15), 5, 17),
        )  # fmt: skip
        set_family(person.id, [spouse, child][: chance.choice([1, 2])], officer)
