"""Registering and changing organisations and their contacts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from expertdesk.experts import commands, organisation_commands
from expertdesk.experts.commands import ContactData, OrganisationData
from expertdesk.experts.organisation_commands import organisation_data
from expertdesk.experts.queries import organisation_by_code, organisation_page, organisations
from expertdesk.experts.search import find
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotPermitted, RuleBroken, Stale
from expertdesk.models import Event, Organisation
from tests.experts.bureau import YUNXI, make_case, make_permit

OLD_CODE = "91110108551385083Q"  # the check sign does not fit


def data(**more) -> OrganisationData:
    values = {"name_zh": "江州旧码机械厂", "credit_code": "91440300708461136T", "district": YUNXI} | more
    return OrganisationData(**values)


def test_a_code_stands_for_one_organisation(world):
    officer = world.actor("officer")
    with pytest.raises(RuleBroken) as caught:
        commands.register_organisation(data(credit_code="9111 0108 ma01kprt4b"), officer)
    assert "江州云溪生物技术有限公司" in str(caught.value.problems["credit_code"])
    made = commands.register_organisation(data(), officer)
    taken = replace(organisation_data(made), credit_code=world.organisation.credit_code)
    with pytest.raises(RuleBroken):
        commands.update_organisation(made.id, taken, officer, None)


def test_two_counters_at_once_make_one_organisation(world, monkeypatch):
    monkeypatch.setattr(organisation_commands, "_refuse_known_code", lambda *values: None)
    with pytest.raises(RuleBroken) as caught:
        commands.register_organisation(data(credit_code=world.organisation.credit_code), world.actor("officer2"))
    assert list(caught.value.problems) == ["credit_code"]
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 2


def test_an_old_code_is_taken_with_its_reason_and_shown_so(world):
    officer = world.actor("officer")
    with pytest.raises(RuleBroken) as caught:
        commands.register_organisation(data(credit_code=OLD_CODE), officer)
    assert set(caught.value.problems) == {"credit_code", "credit_code_note"}
    made = commands.register_organisation(data(credit_code=OLD_CODE, credit_code_note="执照原件即为此号"), officer)
    page = organisation_page(made.id, officer)
    assert page.credit_code_note == "执照原件即为此号" and str(page.code_problem)
    event = db.session.scalars(select(Event).where(Event.name == "organisation.registered").order_by(Event.id.desc()))
    assert event.first().payload == {"credit_code": OLD_CODE, "note": "执照原件即为此号"}


def test_a_stale_save_carries_both_versions(world):
    officer, organisation = world.actor("officer"), world.organisation
    seen = organisation.row_version
    commands.update_organisation(organisation.id, replace(organisation_data(organisation), industry="C"), officer, seen)
    with pytest.raises(Stale) as caught:
        mine = replace(organisation_data(organisation), industry="I", address="新址1号")
        commands.update_organisation(organisation.id, mine, officer, seen)
    shown = {item.name: (item.stored, item.yours) for item in caught.value.differences}
    assert shown["industry"][0] == "Manufacturing" and shown["address"] == ("云溪区湖滨路18号", "新址1号")


def test_contacts_keep_their_row_and_those_of_cases_stay(world):
    officer, organisation = world.actor("officer"), world.organisation
    version = organisation.row_version
    first = organisation.contacts[0].id
    changed = ContactData("何静", "人事总监", "0999-12345678", id=first)
    commands.set_contacts(organisation.id, [changed, ContactData("白露")], officer)
    assert [(row.id == first, row.name) for row in organisation.contacts] == [(True, "何静"), (False, "白露")]
    assert organisation.row_version == version + 1
    case = make_case(world.person, organisation.id)
    case.contact_id = first
    db.session.commit()
    with pytest.raises(RuleBroken):
        commands.set_contacts(organisation.id, [ContactData("白露")], officer)
    commands.set_contacts(organisation.id, [ContactData("何静")], officer)  # the same name is the same contact
    assert [row.id for row in organisation.contacts] == [first]
    assert [hit.title for hit in find("何静", officer, kinds=("organisation",))] == ["江州云溪生物技术有限公司"]
    assert find("白露", officer) == ()


def test_everybody_who_may_read_reads_all_and_officers_change(world):
    for role in ("officer", "officer2", "reviewer", "liaison", "manager"):
        assert len(organisations(world.actor(role)).rows) == 2
    for role in ("admin", "auditor", "expert", "employer"):
        assert organisations(world.actor(role)).rows == ()
    changed = replace(organisation_data(world.organisation), address="别处")
    for role in ("reviewer", "liaison", "manager"):
        with pytest.raises(NotPermitted):
            commands.update_organisation(world.organisation_id, changed, world.actor(role), None)
    commands.update_organisation(world.organisation_id, changed, world.actor("officer2"), None)


def test_the_page_lists_only_cases_and_permits_the_reader_may_see(world):
    mine = make_case(world.person, world.organisation_id)
    other = make_case(world.person, world.organisation_id, "990102")
    make_permit(mine)
    page = organisation_page(world.organisation_id, world.actor("officer"))
    assert [line.number for line in page.cases] == [mine.number]
    assert [line.person for line in page.permits] == ["Ana Luísa Ferreira-Gomes"]
    page = organisation_page(world.organisation_id, world.actor("manager"))
    assert [line.number for line in page.cases] == [other.number, mine.number]
    page = organisation_page(world.organisation_id, world.actor("liaison"))
    assert (page.cases, len(page.permits), page.may_edit) == ((), 1, False)
    assert organisations(world.actor("officer")).rows[-1].in_force == 1


def test_found_by_its_code_however_it_is_typed(world):
    choice = organisation_by_code(" 91110108-ma01kprt4b ")
    assert choice is not None and choice.id == world.organisation_id and choice.contacts[0].name == "何静"
    assert organisation_by_code("") is None and organisation_by_code("91110108MA01KPRT4X") is None
