"""Taking people, logging contacts, handing over: one officer at a time, a next date, a note, who may do what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import select

from expertdesk.access import Role
from expertdesk.accounts.commands import create_account
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, RuleBroken, Stale
from expertdesk.liaison import rules
from expertdesk.liaison.commands import hand_over, log_contact, release_person, set_level, take_person
from expertdesk.liaison.policy import active_assignment
from expertdesk.liaison.queries import officer_of
from expertdesk.models import Assignment, Contact, Event
from tests.permits.making import granted, second_case
from tests.world import CHENGHU, PASSWORD


def test_of_two_who_take_at_once_one_wins_and_the_other_is_told_who(app, world):
    granted(world)
    db.session.remove()
    names = ("officer", "liaison", "officer", "liaison")

    def take(username: str) -> str:
        with app.app_context():
            actor = world.actor(username)
            try:
                take_person(world.person_id, actor)
                db.session.commit()
                return f"took:{actor.name_latin}"
            except NotAllowedNow as refused:
                db.session.rollback()
                return str(refused.reasons[0].text)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(names)) as pool:
        answers = list(pool.map(take, names))
    won = [answer for answer in answers if answer.startswith("took:")]
    assert len(won) == 1, answers
    winner = won[0].removeprefix("took:")
    assert any(winner in answer for answer in answers if answer not in won), answers
    with app.app_context():
        assert len(list(db.session.scalars(select(Assignment)))) == 1
        assert officer_of(world.person_id).name_latin == winner


def test_nobody_is_taken_without_a_permit_in_force(world):
    liaison = world.actor("liaison")
    with pytest.raises(NotFound):
        take_person(world.person_id, liaison)
    permit = granted(world)
    with clock.at(clock.at_shanghai(date(2029, 1, 8))), pytest.raises(NotFound):
        take_person(world.person_id, liaison)
    assert take_person(world.person_id, liaison).person_id == permit.person_id
    with pytest.raises(NotPermitted):
        take_person(world.person_id, world.actor("manager"))
    with pytest.raises(RuleBroken):
        take_person(world.person_id, liaison, level="L9")


def test_a_contact_gives_the_next_date(world):
    granted(world)
    liaison = world.actor("liaison")
    assignment = take_person(world.person_id, liaison)
    contact = log_contact(assignment.id, "first_meeting", date(2026, 11, 24), " 已见面。 ", date(2026, 12, 8), liaison)
    db.session.commit()
    assert assignment.next_contact_on == date(2026, 12, 8) and contact.summary == "已见面。"
    events = list(db.session.scalars(select(Event).where(Event.name == "liaison.contact_logged")))
    assert len(events) == 1 and "已见面" not in str(events[0].payload), "what was said stays out of the history"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "pigeon"}, "kind"),
        ({"on": date(2026, 11, 25)}, "on"),
        ({"summary": "  "}, "summary"),
        ({"next_on": None}, "next_on"),
        ({"next_on": date(2026, 11, 24)}, "next_on"),
    ],
)
def test_a_contact_with_gaps_is_refused_at_its_field(world, changes, field):
    granted(world)
    liaison = world.actor("liaison")
    assignment = take_person(world.person_id, liaison)
    values = {"kind": "call", "on": date(2026, 11, 24), "summary": "电话。", "next_on": date(2026, 12, 1), **changes}
    with pytest.raises(RuleBroken) as broken:
        log_contact(assignment.id, *values.values(), liaison)
    assert set(broken.value.problems) == {field}
    assert db.session.scalar(select(Contact.id)) is None


def test_a_farewell_needs_no_next_date(world):
    granted(world)
    liaison = world.actor("liaison")
    assignment = take_person(world.person_id, liaison)
    log_contact(assignment.id, "farewell", date(2026, 11, 24), "离任送别。", None, liaison)
    assert assignment.next_contact_on is None


def test_only_the_assigned_officer_writes(world):
    granted(world)
    assignment = take_person(world.person_id, world.actor("liaison"))
    for username, error in (("officer", NotPermitted), ("manager", NotPermitted), ("officer2", NotFound)):
        with pytest.raises(error):
            log_contact(assignment.id, "call", date(2026, 11, 24), "电话。", date(2026, 12, 1), world.actor(username))
    with pytest.raises(NotFound):
        log_contact(987654, "call", date(2026, 11, 24), "电话。", date(2026, 12, 1), world.actor("liaison"))


def test_many_are_handed_over_with_one_note_and_the_history_stays(world):
    granted(world)
    granted(world, second_case(world), "officer2")
    liaison, officer = world.actor("liaison"), world.actor("officer")
    first, second = take_person(world.person_id, liaison), take_person(world.person2_id, liaison)
    log_contact(first.id, "call", date(2026, 11, 24), "电话。", date(2026, 12, 1), liaison)
    following = hand_over([first.id, second.id], officer.id, "孩子入学在办。", liaison)
    db.session.commit()
    assert {item.officer_id for item in following} == {officer.id}
    assert following[0].next_contact_on == date(2026, 12, 1) and following[1].next_contact_on is None
    assert first.ended_on == date(2026, 11, 24) and first.handover_note == "孩子入学在办。"
    assert active_assignment(world.person_id).officer_id == officer.id
    log_contact(following[0].id, "call", date(2026, 11, 24), "已联系。", date(2026, 12, 15), officer)
    with pytest.raises(NotAllowedNow):
        hand_over([first.id], officer.id, "再次移交。", liaison)


@pytest.mark.parametrize(
    ("to", "note", "fields"), [("", "有。", {"to"}), ("reviewer", "有。", {"to"}), ("officer", " ", {"note"})]
)
def test_a_hand_over_with_gaps_moves_nobody(world, to, note, fields):
    granted(world)
    liaison = world.actor("liaison")
    assignment = take_person(world.person_id, liaison)
    with pytest.raises(RuleBroken) as broken:
        hand_over([assignment.id], world.accounts.get(to, 0), note, liaison)
    assert set(broken.value.problems) == fields
    assert active_assignment(world.person_id).officer_id == liaison.id


def test_people_of_others_are_not_mine_to_hand_over_but_a_managers(world):
    granted(world)
    assignment = take_person(world.person_id, world.actor("liaison"))
    with pytest.raises(NotFound):
        hand_over([assignment.id], world.accounts["officer"], "请假。", world.actor("officer"))
    (moved,) = hand_over([assignment.id], world.accounts["officer"], "请假。", world.actor("manager"))
    assert moved.officer_id == world.accounts["officer"]


def test_the_manager_sets_the_level_with_a_reason(world):
    granted(world)
    assignment = take_person(world.person_id, world.actor("liaison"))
    manager = world.actor("manager")
    with pytest.raises(RuleBroken) as broken:
        set_level(assignment.id, "L0", "", manager)
    assert set(broken.value.problems) == {"level", "reason"}
    set_level(assignment.id, "L3", "市级项目。", manager, assignment.row_version)
    assert assignment.level == "L3" and assignment.reason == "市级项目。"
    with pytest.raises(NotPermitted):
        set_level(assignment.id, "L1", "院士。", world.actor("liaison"))
    with pytest.raises(Stale):
        set_level(assignment.id, "L1", "院士。", manager, assignment.row_version - 1)


def test_somebody_released_can_be_taken_again(world):
    granted(world)
    liaison = world.actor("liaison")
    assignment = take_person(world.person_id, liaison)
    release_person(assignment.id, "已离开本市。", liaison)
    assert active_assignment(world.person_id) is None and officer_of(world.person_id) is None
    again = take_person(world.person_id, world.actor("officer"))
    assert again.id != assignment.id


def test_a_new_liaison_officer_of_another_district_may_take_a_permit_in_force(world):
    granted(world)
    create_account(
        username="liaison2", name="苏晴", roles=(Role.LIAISON,), password=PASSWORD, districts=(CHENGHU,),
        actor=world.actor("admin"),
    )  # fmt: skip
    assert take_person(world.person_id, world.actor("liaison2")).officer_id


# --- pure --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "start", "owed"),
    [(4, date(2025, 3, 1), 4), (4, date(2026, 1, 9), 4), (4, date(2026, 7, 1), 2), (4, date(2026, 11, 24), 1),
     (1, date(2026, 12, 31), 1), (0, date(2026, 1, 1), 0), (2, date(2027, 1, 1), 0)],
)  # fmt: skip
def test_visits_owed_follow_the_months_left(least, start, owed):
    assert rules.visits_owed(least, start, 2026) == owed


def test_silence_is_measured_by_the_level():
    assert rules.silence_limit(0, 365) is None and rules.silence_limit(4, 365) == 91
    assert not rules.is_silent(date(2026, 1, 1), date(2026, 4, 2), 91)
    assert rules.is_silent(date(2026, 1, 1), date(2026, 4, 3), 91)
    assert not rules.is_silent(date(2020, 1, 1), date(2026, 4, 3), None)


@pytest.mark.parametrize(
    ("next_on", "state"),
    [(None, "none"), (date(2026, 11, 23), "overdue"), (date(2026, 11, 24), "today"), (date(2026, 12, 1), "soon"),
     (date(2026, 12, 2), "later")],
)  # fmt: skip
def test_a_promised_contact_stands_by_the_day(next_on, state):
    assert rules.due_state(next_on, date(2026, 11, 24), 7) == state
