"""Reminders before a permit ends: at the days of the table, to the three who need them, caught up after a gap, never
twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from expertdesk.accounts.commands import disable
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.liaison.commands import take_person
from expertdesk.models import Account, Event, Message, Permit, PermitState
from expertdesk.notices.wording import text_of
from expertdesk.permits import rules
from expertdesk.permits.reminders import KIND, queue_due_reminders
from expertdesk.regulations.current import rules_today
from tests.permits.making import accepted, granted, new_case


def run_on(permit: Permit, days_before: int) -> int:
    with clock.at(clock.at_shanghai(permit.ends_on - timedelta(days=days_before), 8)):
        count = queue_due_reminders()
        db.session.commit()
        return count


def told(mark: int | None = None) -> list[Message]:
    found = db.session.scalars(select(Message).where(Message.kind == KIND).order_by(Message.id))
    return [message for message in found if mark is None or f":{mark}:" in message.dedup]


def test_each_mark_is_told_once_to_expert_employer_and_officer(world):
    permit = granted(world)
    sides = {side: world.accounts[side] for side in ("expert", "employer", "officer")}
    assert rules.reminder_marks(rules_today()) == (90, 60, 45, 35)
    assert run_on(permit, 91) == 0
    for mark in (90, 60, 45, 35):
        assert run_on(permit, mark) == 3, mark
        assert {message.dedup.split(":")[3]: message.account_id for message in told(mark)} == sides
        assert run_on(permit, mark) == 0 and run_on(permit, mark - 1) == 0, "never twice"
    assert len(told()) == 12
    message = told(60)[0]
    assert message.parameters["number"] == permit.number and message.parameters["days"] == 60
    assert message.parameters["expires_on"] == permit.ends_on.isoformat()


@pytest.mark.parametrize(("gap", "mark"), [(70, 90), (58, 60), (50, 60), (44, 45), (20, 35), (0, 35)])
def test_after_a_gap_the_newest_mark_is_told_and_no_earlier_one(world, gap, mark):
    permit = granted(world)
    assert run_on(permit, gap) == 3
    assert {message.dedup.split(":")[2] for message in told()} == {str(mark)}
    assert all(message.parameters["days"] == gap for message in told())
    assert run_on(permit, gap) == 0


def test_after_the_gap_the_later_marks_still_come(world):
    permit = granted(world)
    assert run_on(permit, 90) == 3 and run_on(permit, 41) == 3 and run_on(permit, 34) == 3 and run_on(permit, 1) == 0
    assert [message.dedup.split(":")[2] for message in told()][::3] == ["90", "45", "35"]


def test_no_reminder_after_the_end_or_for_a_permit_that_was_followed(world):
    permit = granted(world)
    assert run_on(permit, -1) == 0
    permit.state = PermitState.SUPERSEDED
    db.session.commit()
    assert run_on(permit, 60) == 0


def test_an_extension_under_way_needs_no_reminder(world):
    permit = granted(world)
    with clock.at(clock.at_shanghai(permit.ends_on - timedelta(days=100))):
        extension = new_case(
            world, procedure="EXTENSION", in_country_ground="", previous_permit_id=permit.id,
            contract_start_on=date(2028, 12, 1), contract_end_on=date(2030, 6, 30),
        )  # fmt: skip
        accepted(world, extension)
        db.session.commit()
    assert run_on(permit, 90) == 0


def test_the_liaison_officer_is_told_instead_and_somebody_who_left_is_not(world):
    permit = granted(world)
    take_person(world.person_id, world.actor("liaison"))
    db.session.commit()
    assert run_on(permit, 90) == 3
    assert {message.account_id for message in told(90)} >= {world.accounts["liaison"]}
    assert world.accounts["officer"] not in {message.account_id for message in told(90)}
    disable(world.accounts["liaison"], world.actor("admin"))
    db.session.commit()
    assert run_on(permit, 60) == 2


def test_without_accounts_the_addresses_on_file_are_used(world):
    permit = granted(world)
    for name in ("expert", "employer"):
        db.session.get_one(Account, world.accounts[name]).is_active = False
    db.session.commit()
    assert run_on(permit, 45) == 3
    by_mail = [message for message in told() if not message.account_id]
    mails = {message.dedup.split(":")[3]: (message.email, message.language) for message in by_mail}
    assert mails == {"expert": ("ana.ferreira@mail.example", "en"), "employer": ("he.jing@yunxi-bio.example", "zh")}


def test_the_words_lead_each_reader_to_the_right_page(world):
    permit = granted(world)
    run_on(permit, 90)
    by_side = {message.dedup.split(":")[3]: message for message in told()}
    text = text_of(KIND, by_side["officer"].parameters, "zh")
    assert text.path == f"/permits/{permit.id}" and permit.number in text.subject
    english = text_of(KIND, by_side["expert"].parameters, "en")
    assert english.path == "/my" and "2 August 2028" in " ".join(english.paragraphs)
    names = list(db.session.scalars(select(Event.name).where(Event.subject_kind == "permit").order_by(Event.id)))
    assert names == ["permit.granted", "permit.reminded"]
