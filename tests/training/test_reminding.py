"""Reports of groups that came back: the unit hears ahead and when they are late, the manager when nothing follows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Account, Membership, MembershipRight, Message, ProjectState
from expertdesk.notices.wording import text_of
from expertdesk.serving.background import jobs
from expertdesk.training import executing
from expertdesk.training.reminding import LATE, SOON, STILL_LATE, remind_of_reports
from tests.training.test_year import report
from tests.training.year import begin

DUE = date(2027, 1, 4)


@pytest.fixture
def group(world):
    """Back on 5 December 2026; its report is expected 30 days later."""
    year = begin(world)
    db.session.add(
        Membership(
            account_id=world.accounts["employer"], organisation_id=year.unit.id, right=MembershipRight.TRAINING
        )
    )
    group = year.ready_to_leave()
    executing.approve_task(group, "任1号", date(2026, 11, 24), date(2026, 12, 5), year.manager)
    executing.move_travellers()
    with clock.at(noon(2026, 12, 6)):
        executing.move_travellers()
    assert group.report_due_on == DUE
    db.session.commit()
    return group


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


def told() -> dict[str, list[int | None]]:
    found: dict[str, list[int | None]] = {}
    for message in db.session.scalars(select(Message).order_by(Message.id)):
        if message.kind in (SOON, LATE, STILL_LATE):
            found.setdefault(message.kind, []).append(message.account_id)
    return found


def round_of(day: datetime) -> int:
    with clock.at(day):
        count = remind_of_reports()
        db.session.commit()
        return count


def test_the_unit_hears_a_week_ahead_once(world, group):
    assert round_of(noon(2026, 12, 27)) == 0
    assert round_of(noon(2026, 12, 28)) > 0
    assert round_of(noon(2026, 12, 28)) == 0 and round_of(noon(2027, 1, 4)) == 0
    found = told()
    assert set(found) == {SOON} and world.accounts["employer"] in found[SOON]
    assert world.accounts["manager"] not in found[SOON]


def test_late_is_told_on_the_day_after_and_the_manager_a_week_later(world, group):
    round_of(noon(2027, 1, 4))
    round_of(noon(2027, 1, 5))
    assert set(told()) == {SOON, LATE}
    round_of(noon(2027, 1, 11))
    assert set(told()) == {SOON, LATE}
    assert round_of(noon(2027, 1, 12)) > 0 and round_of(noon(2027, 1, 13)) == 0
    assert told()[STILL_LATE] == [world.accounts["manager"]]


def test_a_worker_that_stood_still_tells_only_what_holds_now(world, group):
    """Down over the last day: nobody is reminded ahead of something that is late already."""
    round_of(noon(2027, 1, 7))
    assert set(told()) == {LATE}


def test_a_later_day_is_told_anew_and_a_report_ends_it(world, group):
    round_of(noon(2026, 12, 28))
    group.report_due_on = date(2027, 1, 20)
    db.session.commit()
    assert round_of(noon(2026, 12, 29)) == 0
    assert round_of(noon(2027, 1, 13)) > 0
    with clock.at(noon(2027, 1, 14)):
        executing.file_report(group, report(), world.actor("manager"))
        db.session.commit()
    assert group.state is ProjectState.REPORT_DUE, "it waits for its settlement"
    assert round_of(noon(2027, 2, 20)) == 0


def test_the_words_name_group_day_and_unit_in_both_languages(world, group):
    round_of(noon(2026, 12, 28))
    round_of(noon(2027, 1, 12))
    messages = list(db.session.scalars(select(Message).where(Message.kind.in_((SOON, LATE, STILL_LATE)))))
    assert {message.kind for message in messages} == {SOON, LATE, STILL_LATE}
    for message in messages:
        for language, day in (("zh", "2027年1月4日"), ("en", "4 January 2027")):
            text = text_of(message.kind, message.parameters, language)
            whole = " ".join(map(str, (text.subject, *text.paragraphs)))
            assert group.number in whole and day in whole, whole
            unit = group.organisation.name_zh if language == "zh" else group.organisation.name_en
            assert message.kind != STILL_LATE or (unit or group.organisation.name_zh) in whole


def test_the_worker_does_it():
    assert "remind_of_reports" in {job.run.__name__ for job in jobs()}


def test_nobody_who_left_is_told(world, group):
    account = db.session.get(Account, world.accounts["employer"])
    account.is_active = False
    db.session.commit()
    round_of(noon(2026, 12, 28))
    assert world.accounts["employer"] not in told().get(SOON, [])
