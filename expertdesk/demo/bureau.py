"""The fictional bureau: staff, cast and some sixty cases in every state, built by the commands a person uses.

Deterministic for a seed and a day in everything that is written; codes and keys are secrets and differ each time.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from expertdesk.access import SYSTEM, Actor, Role
from expertdesk.accounts.actors import actor_by_username
from expertdesk.accounts.commands import create_account
from expertdesk.demo.agenda import Agenda
from expertdesk.demo.cast import Member, add_organisation, add_person, read_lines
from expertdesk.demo.programs import plan_programs
from expertdesk.demo.stories import read_stories
from expertdesk.demo.training import plan_training
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Case, MembershipRight, Organisation
from expertdesk.regulations.current import rule_base

DISTRICTS = ("990101", "990102", "990103")
# so long ago that everybody and everything is registered before the first case
_OPENING_WORKING_DAYS = 260


@dataclass
class Bureau:
    """What has been built so far."""

    chance: random.Random
    agenda: Agenda
    password: str
    organisations: list[tuple[dict[str, Any], int]] = field(default_factory=list)
    cast: list[Member] = field(default_factory=list)
    cases: dict[str, list[int]] = field(default_factory=dict)


def load_bureau(password: str, seed: int = 7) -> Bureau:
    """Fill an empty database. Commits act by act."""
    bureau = Bureau(random.Random(seed), Agenda(rule_base().calendar), password)
    opening = bureau.agenda.moment(_OPENING_WORKING_DAYS, 0)
    bureau.agenda.put(opening, lambda: _staff(bureau))
    bureau.agenda.put(opening + timedelta(minutes=10), lambda: _register_organisations(bureau))
    bureau.agenda.put(opening + timedelta(minutes=30), lambda: _register_people(bureau))
    for story in read_stories(bureau.agenda, bureau.chance):
        story.plan(bureau)
    plan_programs(bureau)
    plan_training(bureau)
    bureau.agenda.put(bureau.agenda.moment(0, 0) - timedelta(minutes=1), lambda: _outside(bureau))
    bureau.agenda.run()
    return bureau


_STAFF: tuple[tuple[str, str, str, tuple[Role, ...], tuple[str, ...], bool, str], ...] = (
    ("officer", "周敏", "Zhou Min", (Role.OFFICER, Role.LIAISON), DISTRICTS[:1], False, "3号窗口"),
    ("officer2", "韩雪", "Han Xue", (Role.OFFICER,), DISTRICTS[1:], False, "5号窗口"),
    ("reviewer", "陆远", "Lu Yuan", (Role.REVIEWER,), (), True, ""),
    ("liaison", "沈清", "Shen Qing", (Role.LIAISON,), DISTRICTS, False, ""),
    ("manager", "高岚", "Gao Lan", (Role.MANAGER,), (), True, ""),
    ("admin", "吴桐", "Wu Tong", (Role.ADMIN,), (), False, ""),
    ("auditor", "郑衡", "Zheng Heng", (Role.AUDITOR,), (), True, ""),
)
ACCOUNTS = (*(line[0] for line in _STAFF), "expert", "expert2", "employer", "employer2")


def _staff(bureau: Bureau) -> None:
    create_staff(bureau.password)


def create_staff(password: str) -> None:
    """The accounts of the bureau's own people."""
    for number, (username, name, latin, roles, districts, municipal, window) in enumerate(_STAFF, 1):
        create_account(
            username=username, name=name, name_latin=latin, roles=roles, password=password,
            email=f"{username}@jiangzhou.example", phone=f"0999-8800 12{number:02}", districts=districts,
            is_municipal=municipal, window=window, actor=SYSTEM,
        )  # fmt: skip


def officer_of(district: str) -> Actor:
    """The case officer of a district."""
    return actor_by_username("officer" if district == DISTRICTS[0] else "officer2")


def _register_organisations(bureau: Bureau) -> None:
    for number, line in enumerate(read_lines("organisations.yaml"), 1):
        organisation = add_organisation(line, number, officer_of(line["district"]))
        bureau.organisations.append((line, organisation.id))


def _register_people(bureau: Bureau) -> None:
    today = clock.day_of(bureau.agenda.now)
    for line in read_lines("people.yaml"):
        organisation, _ = employer_for(bureau, line["field"])
        district = organisation["district"]
        person = add_person(line, district, officer_of(district), bureau.chance, today)
        bureau.cast.append(Member(line, person.id, person.passports[0].id))


def employer_for(bureau: Bureau, work: str) -> tuple[dict[str, Any], int]:
    """An organisation of that field of work; the first when none has it."""
    fitting = [entry for entry in bureau.organisations if work in entry[0]["fields"]]
    return bureau.chance.choice(fitting) if fitting else bureau.organisations[0]


def _outside(bureau: Bureau) -> None:
    """Accounts of experts and organisations whose file has something to show: one asked for papers, one granted."""
    asked, granted = _first(bureau, "in_correction"), _first(bureau, "granted")
    for username, case, other in (("expert", asked, "employer"), ("expert2", granted, "employer2")):
        person = case.person
        create_account(
            username=username, name=person.display_name, name_latin=person.latin_name.title(), roles=(Role.EXPERT,),
            password=bureau.password, email=person.email, language="en", person_id=person.id, actor=SYSTEM,
        )  # fmt: skip
        organisation = case.organisation
        create_account(
            username=other, name=organisation.contacts[0].name, roles=(Role.EMPLOYER,), password=bureau.password,
            email=organisation.contacts[0].email, language="zh",
            memberships=_memberships(bureau, organisation), actor=SYSTEM,
        )  # fmt: skip


def _memberships(bureau: Bureau, organisation: Organisation) -> tuple[tuple[int, MembershipRight], ...]:
    """Handler of the own organisation, and training contact of it or of a unit that may organise groups."""
    unit = organisation.id if organisation.may_organise_groups else training_units(bureau)[0]
    return ((organisation.id, MembershipRight.HANDLER), (unit, MembershipRight.TRAINING))


def training_units(bureau: Bureau) -> list[int]:
    """The organisations that may organise training groups, in their order."""
    return [key for line, key in bureau.organisations if line.get("groups")]


def _first(bureau: Bureau, code: str) -> Case:
    return db.session.get_one(Case, bureau.cases[code][0])


__all__ = ["ACCOUNTS", "Bureau", "create_staff", "employer_for", "load_bureau", "officer_of", "training_units"]
