"""A small bureau for tests, made with the same commands a person uses: accounts of every role, two organisations, two
people, in the fictional districts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expertdesk.access import SYSTEM, Actor, Role
from expertdesk.foundation.database import db

PASSWORD = "Lantern-river-72-quartz"
YUNXI, CHENGHU, WANGLING = "990101", "990102", "990103"


@dataclass
class World:
    """Ids and words of the small bureau. Rows are read afresh in each test."""

    password: str = PASSWORD
    person_id: int = 0
    person2_id: int = 0
    passport_id: int = 0
    passport2_id: int = 0
    organisation_id: int = 0
    organisation2_id: int = 0
    contact_id: int = 0
    accounts: dict[str, int] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        from expertdesk.accounts.actors import actor_by_username

        return actor_by_username(username)

    @property
    def person(self) -> Any:
        from expertdesk.models import Person

        return db.session.get_one(Person, self.person_id)

    @property
    def passport(self) -> Any:
        from expertdesk.models import Passport

        return db.session.get_one(Passport, self.passport_id)

    @property
    def organisation(self) -> Any:
        from expertdesk.models import Organisation

        return db.session.get_one(Organisation, self.organisation_id)


def build_world() -> World:
    """Fill an empty schema and commit."""
    world = World()
    _accounts(world)
    db.session.commit()
    _people_and_organisations(world)
    db.session.commit()
    return world


def _accounts(world: World) -> None:
    from expertdesk.accounts.commands import create_account

    staff: tuple[tuple[str, str, str, tuple[Role, ...], tuple[str, ...], bool], ...] = (
        ("officer", "周敏", "Zhou Min", (Role.OFFICER, Role.LIAISON), (YUNXI,), False),
        ("officer2", "韩雪", "Han Xue", (Role.OFFICER,), (CHENGHU,), False),
        ("reviewer", "陆远", "Lu Yuan", (Role.REVIEWER,), (), True),
        ("liaison", "沈清", "Shen Qing", (Role.LIAISON,), (YUNXI, CHENGHU, WANGLING), False),
        ("manager", "高岚", "Gao Lan", (Role.MANAGER,), (), True),
        ("admin", "吴桐", "Wu Tong", (Role.ADMIN,), (), False),
        ("auditor", "郑衡", "Zheng Heng", (Role.AUDITOR,), (), True),
    )
    for username, name, latin, roles, districts, municipal in staff:
        account = create_account(
            username=username, name=name, name_latin=latin, roles=roles, password=PASSWORD,
            email=f"{username}@jiangzhou.example", districts=districts, is_municipal=municipal, actor=SYSTEM,
        )
        world.accounts[username] = account.id


def _people_and_organisations(world: World) -> None:
    from expertdesk.accounts.commands import create_account
    from expertdesk.experts.commands import (
        ContactData,
        OrganisationData,
        PassportData,
        PersonData,
        register_organisation,
        register_person,
        set_contacts,
    )
    from expertdesk.models import MembershipRight

    officer = world.actor("officer")
    first = register_organisation(
        OrganisationData(
            name_zh="江州云溪生物技术有限公司", name_en="Jiangzhou Yunxi Biotechnology Co., Ltd.",
            credit_code="91110108MA01KPRT4B", district=YUNXI, industry="M", kind="POE",
            address="云溪区湖滨路18号", phone="0999-8812 3300",
        ),
        officer,
    )
    contact = ContactData(
        name="何静", post="人事主管", phone="0999-8812 3301", email="he.jing@yunxi-bio.example"
    )
    set_contacts(first.id, [contact], officer)
    second = register_organisation(
        OrganisationData(
            name_zh="江州澄湖大学", name_en="Jiangzhou Chenghu University", credit_code="1211010840001409XH",
            district=CHENGHU, industry="P", kind="UNI",
        ),
        world.actor("officer2"),
    )
    person = register_person(
        PersonData(
            surname="FERREIRA-GOMES", given_name="ANA LUISA", native_name="Ana Luísa Ferreira-Gomes",
            native_lang="pt", chinese_name="费安娜", sex="2",
            birth_on=date(1984, 3, 19), nationality="PT",
            email="ana.ferreira@mail.example", phone="+86 138 0000 0416", district=YUNXI,
        ),
        PassportData(number="CB128382", issuing_country="PT", kind="ORDINARY", expires_on=date(2031, 5, 5)),
        officer,
    )
    other = register_person(
        PersonData(
            surname="NGUYEN", given_name="THI MINH HANH", native_name="Nguyễn Thị Minh Hạnh", native_lang="vi",
            chinese_name="阮明幸", sex="2", birth_on=date(1990, 7, 2), nationality="VN", district=CHENGHU,
            email="hanh.nguyen@mail.example",
        ),
        PassportData(number="C9002715", issuing_country="VN", kind="ORDINARY", expires_on=date(2029, 9, 30)),
        world.actor("officer2"),
    )
    db.session.flush()
    world.person_id, world.person2_id = person.id, other.id
    world.passport_id, world.passport2_id = person.passports[0].id, other.passports[0].id
    world.organisation_id, world.organisation2_id = first.id, second.id
    world.contact_id = first.contacts[0].id
    outside: tuple[tuple[str, str, Role, dict[str, Any]], ...] = (
        ("expert", "Ana Luísa Ferreira-Gomes", Role.EXPERT, {"person_id": person.id}),
        ("expert2", "Nguyễn Thị Minh Hạnh", Role.EXPERT, {"person_id": other.id}),
        ("employer", "何静", Role.EMPLOYER, {"memberships": ((first.id, MembershipRight.HANDLER),)}),
        ("employer2", "罗宁", Role.EMPLOYER, {"memberships": ((second.id, MembershipRight.HANDLER),)}),
    )
    for username, name, role, more in outside:
        account = create_account(
            username=username, name=name, roles=(role,), password=PASSWORD, email=f"{username}@mail.example",
            language="en" if role is Role.EXPERT else "zh", actor=SYSTEM, **more,
        )
        world.accounts[username] = account.id
