"""The liaison desk in the browser's eyes: piles, taking, the form, who sees what was said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.liaison.commands import log_contact, take_person
from expertdesk.liaison.queries import PeopleFilter, people, pile, worklist
from expertdesk.models import Assignment, Passport
from tests.permits.making import granted, second_case


def piles_of(app, actor) -> dict[str, str]:
    with app.test_request_context("/liaison"):
        return {item.code: item.count for item in worklist(actor).piles}


def test_a_person_stands_in_one_pile_at_a_time(app, world):
    permit = granted(world)
    end = permit.ends_on
    liaison = world.actor("liaison")
    assert piles_of(app, liaison) == {"overdue": "0", "soon": "0", "ending": "0", "new": "1"}
    assignment = take_person(world.person_id, liaison)
    log_contact(assignment.id, "call", date(2026, 11, 24), "电话。", date(2026, 12, 10), liaison)
    db.session.commit()
    for day, found in ((date(2026, 11, 30), ""), (date(2026, 12, 3), "soon"), (date(2026, 12, 10), "soon"),
                       (date(2026, 12, 11), "overdue")):  # fmt: skip
        with clock.at(clock.at_shanghai(day)):
            expected = dict.fromkeys(("overdue", "soon", "ending", "new"), "0") | ({found: "1"} if found else {})
            assert piles_of(app, liaison) == expected, day
    with clock.at(clock.at_shanghai(end - timedelta(days=120))):
        log_contact(assignment.id, "call", clock.today(), "电话。", end, liaison)
        db.session.commit()
        assert piles_of(app, liaison)["ending"] == "1"
    with clock.at(clock.at_shanghai(end - timedelta(days=121))):
        assert piles_of(app, liaison)["ending"] == "0"


def test_a_passport_that_ends_soon_brings_the_person_up(app, world):
    granted(world)
    liaison = world.actor("liaison")
    take_person(world.person_id, liaison)
    passport = db.session.scalars(select(Passport).where(Passport.person_id == world.person_id)).one()
    db.session.commit()
    for days, found in ((181, "0"), (180, "1")):
        passport.expires_on = clock.today() + timedelta(days=days)
        db.session.commit()
        assert piles_of(app, liaison)["ending"] == found, days


def test_everybody_takes_from_the_own_districts(app, world):
    granted(world)
    granted(world, second_case(world), "officer2")
    assert piles_of(app, world.actor("officer"))["new"] == "1"
    assert piles_of(app, world.actor("liaison"))["new"] == "2"
    assert piles_of(app, world.actor("manager"))["new"] == "2"
    with app.test_request_context("/liaison"):
        assert [row.number for row in pile("new", world.actor("liaison")).rows] == sorted(
            (row.number for row in pile("new", world.actor("liaison")).rows), reverse=True
        )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_the_list_to_the_first_contact(world, client_for, read, language):
    granted(world)
    client = client_for("liaison", language)
    page = read(client.get("/liaison"))
    assert "Ana Luísa Ferreira-Gomes" in page.text
    answer = client.post(f"/liaison/{world.person_id}/take")
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/liaison/{world.person_id}#log")
    page = read(client.get(f"/liaison/{world.person_id}"))
    for words in ("JZ0000000000012", "何静", "CB128382", "+86 138 0000 0416"):
        assert words in page.text, words
    sent = {"kind": "first_meeting", "on": "2026-11-24", "summary": "已在单位见面。", "next_on": ""}
    failed = read(client.post(f"/liaison/{world.person_id}/contact", data=sent), 422)
    assert "已在单位见面。" in failed.html and [link for link in failed.all("a") if link.get("href") == "#next_on"]
    answer = client.post(f"/liaison/{world.person_id}/contact", data={**sent, "next_on": "2026-12-08"})
    assert answer.status_code == 303
    page = read(client.get(f"/liaison/{world.person_id}"))
    assert "已在单位见面。" in page.text
    assert {"en": "in 14 days", "zh": "14日后"}[language] in page.text


def test_the_second_taker_reads_who_was_first(world, client_for, read):
    granted(world)
    assert client_for("officer").post(f"/liaison/{world.person_id}/take").status_code == 303
    page = read(client_for("liaison").post(f"/liaison/{world.person_id}/take"), 409)
    assert "Zhou Min looks after this expert since 24 Nov 2026" in page.text
    db.session.expire_all()
    assert len(list(db.session.scalars(select(Assignment)))) == 1


def test_what_was_said_is_read_by_the_officer_and_the_manager(world, client_for, read):
    granted(world)
    liaison = world.actor("liaison")
    assignment = take_person(world.person_id, liaison)
    log_contact(assignment.id, "call", date(2026, 11, 24), "家里有事，请勿外传。", date(2026, 12, 1), liaison)
    db.session.commit()
    for role, sees in (("liaison", True), ("manager", True), ("officer", False)):
        page = read(client_for(role).get(f"/liaison/{world.person_id}"))
        assert ("请勿外传" in page.text) is sees, role
        assert "Shen Qing" in page.text
    for role, status in (("reviewer", 403), ("officer2", 403), ("admin", 403), ("auditor", 403), ("expert", 403)):
        assert client_for(role).get(f"/liaison/{world.person_id}").status_code == status, role
    assert client_for("liaison").get(f"/liaison/{world.person2_id}").status_code == 404
    assert client_for("liaison").get("/liaison/99999999999").status_code == 404


def test_no_review_notes_reach_the_liaison_role(world, client_for, read):
    granted(world)
    client = client_for("liaison")
    permit = read(client.get("/permits/1"))
    assert "材料齐全。" not in permit.text and "ED2026-000001" not in permit.text
    assert client.get("/cases/ED2026-000001").status_code == 403
    assert client.get("/cases/ED2026-000001/decide").status_code == 403


def test_handing_over_from_the_list(world, client_for, read):
    granted(world)
    granted(world, second_case(world), "officer2")
    liaison = world.actor("liaison")
    ids = [take_person(person_id, liaison).id for person_id in (world.person_id, world.person2_id)]
    db.session.commit()
    client = client_for("liaison")
    page = read(client.get("/liaison/people"))
    assert {box.get("value") for box in page.all("input", name="assignment")} == {str(number) for number in ids}
    chosen = "&".join(f"assignment={number}" for number in ids)
    page = read(client.get(f"/liaison/hand-over?{chosen}"))
    assert "2 experts" in page.text
    data = {"assignment": [str(number) for number in ids], "to": str(world.accounts["officer"]), "note": ""}
    failed = read(client.post("/liaison/hand-over", data=data), 422)
    assert [link for link in failed.all("a") if link.get("href") == "#note"]
    answer = client.post("/liaison/hand-over", data={**data, "note": "休假两周。"})
    assert answer.status_code == 303
    read(client.get("/liaison/people"))
    db.session.expire_all()
    active = db.session.scalars(select(Assignment).where(Assignment.ended_on.is_(None)))
    assert {item.officer_id for item in active} == {world.accounts["officer"]}
    assert "Nobody was ticked" in read(client.get(f"/liaison/hand-over?{chosen}")).text


def test_the_manager_sees_everybodys_people_and_sets_the_level(app, world, client_for, read):
    granted(world)
    assignment = take_person(world.person_id, world.actor("liaison"))
    db.session.commit()
    client = client_for("manager")
    page = read(client.get("/liaison/people"))
    assert "Shen Qing" in page.text
    person = read(client.get(f"/liaison/{world.person_id}"))
    version = person.form_values("/level")["version"]
    failed = client.post(f"/liaison/{world.person_id}/level", data={"level": "L3", "reason": "", "version": version})
    assert failed.status_code == 422
    chosen = {"level": "L3", "reason": "市级项目", "version": version}
    answer = client.post(f"/liaison/{world.person_id}/level", data=chosen)
    assert answer.status_code == 303
    stale = client.post(f"/liaison/{world.person_id}/level", data={"level": "L1", "reason": "院士", "version": version})
    assert stale.status_code == 409
    with app.test_request_context("/liaison/people"):
        found = people(world.actor("manager"), PeopleFilter(level="L3"))
        assert [row.assignment_id for row in found.rows] == [assignment.id]
        assert not people(world.actor("officer"), PeopleFilter()).rows


@pytest.mark.parametrize("path", ["/liaison", "/liaison/people", "/liaison?pile=new", "/liaison?pile=overdue"])
def test_an_empty_desk_says_what_to_do(world, client_for, read, path):
    page = read(client_for("liaison").get(path))
    assert page.all("div", class_="ed-empty")
