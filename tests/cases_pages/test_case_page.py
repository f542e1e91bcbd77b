"""The case page: sound in every state and both languages, says why, who and by when, and costs eight queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from expertdesk.cases import commands
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry
from tests.cases_pages import scenes
from tests.cases_pages.counting import statements
from tests.conftest import NOW

MOST_QUERIES = 8


@pytest.mark.parametrize("state", scenes.STATES)
def test_sound_in_every_state_and_language(world, client_for, read, state):
    number = scenes.case_in(world, state)
    for role in ("officer", "reviewer", "manager"):
        for language in ("en", "zh"):
            page = read(client_for(role, language).get(f"/cases/{number}"))
            assert "Ana Luísa Ferreira-Gomes" in page.text and number in page.text


def test_bar_says_stage_holder_and_both_limits(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    page = read(client_for("officer").get(f"/cases/{number}"))
    bar = page.words(page.one("dl", class_="ed-state"))
    assert "In check" in bar and "Zhou Min (me)" in bar.replace("Min(", "Min (") and "3 days left" in bar
    strip = [page.words(item) for item in page.all("ol", class_="ed-days")[0]]
    # received on Tuesday 24 November: promise three, law five working days; the weekend does not count
    assert strip == [
        "Tue24received", "Wed25day 1", "Thu26day 2", "Fri27promise", "Sat28off", "Sun29off", "Mon30day 4", "Tue1legal",
    ]  # fmt: skip


def test_letters_carry_the_number_printed_in_the_readers_language(world, client_for, read):
    number = scenes.case_in(world, "granted")
    letters = scenes.row(number).letters
    for language, printed, other in (("en", "number_en", "number_zh"), ("zh", "number_zh", "number_en")):
        for address in (f"/cases/{number}", f"/cases/{number}/decide"):
            text = read(client_for("reviewer", language).get(address)).text
            for letter in letters:
                if letter.kind.value == "GRANT_DECISION":
                    assert getattr(letter, printed) in text and getattr(letter, other) not in text, address


def test_long_count_is_a_ruler_with_every_day(world, client_for, read):
    number = scenes.case_in(world, "accepted")
    page = read(client_for("officer").get(f"/cases/{number}"))
    cells = list(page.one("ol", class_="ed-ruler"))
    assert len(cells) == 29, "from 24 November to the legal limit on 22 December"
    assert sum("off" in (cell.get("class") or "").split() for cell in cells) == 8, "four weekends"
    key = [page.words(item) for item in page.one("ul", class_="ed-ruler-key")]
    assert key[1:] == ["1 Dec promised, working day 5", "22 Dec legal limit, working day 20"]


def test_category_with_every_criterion_points_source_and_confidence(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    page = read(client_for("officer").get(f"/cases/{number}"))
    criteria = page.words(page.one("table", class_="table ed-table ed-crit"))
    assert "B1" in criteria and "Met" in criteria and "WZF" in criteria and "High" in criteria and "B4" in criteria
    points = page.words(page.one("table", class_="table ed-table ed-pts"))
    assert "Education" in points and "20 / 20" in points and "Age" in points


def test_locked_actions_say_why_and_who(world, client_for, read):
    number = scenes.case_in(world, "recommended")
    page = read(client_for("officer").get(f"/cases/{number}"))
    assert "Done by others in this state" in page.text and "Approving officer" in page.text
    db.session.rollback()
    other = scenes.case_in(world, "accepted", person_id=world.person2_id, passport_id=world.passport2_id)
    commands.assign_case(scenes.row(other), world.accounts["officer2"], world.actor("officer"), reason="休假")
    db.session.commit()
    page = read(client_for("officer").get(f"/cases/{other}"))
    locked = [element for element in page.all("button") if element.get("aria-disabled") == "true"]
    assert any("Recommend" in page.words(button) for button in locked)
    assert "in the hands of" in page.text and "or a manager hands it over" in page.text


def test_other_district_is_not_found(world, client_for):
    number = scenes.case_in(world, "submitted")
    assert client_for("officer2").get(f"/cases/{number}").status_code == 404
    for role in ("admin", "auditor", "expert"):
        assert client_for(role).get(f"/cases/{number}").status_code == 403
    for bad in ("ED2026-999999", "x" * 60, "%00", "..%2f"):
        assert client_for("officer").get(f"/cases/{bad}").status_code == 404


def test_changes_since_the_last_look_are_others_only(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    reviewer = client_for("reviewer")
    read(reviewer.get(f"/cases/{number}"))
    _long_ago(world.accounts["reviewer"])
    officer = world.actor("officer")
    case = scenes.row(number)
    commands.edit_case(case, {"post": "首席科学家"}, officer, case.row_version)
    db.session.commit()
    page = read(reviewer.get(f"/cases/{number}"))
    assert "by others since you last looked" in page.text
    changed = page.words(page.one("table", class_="table ed-table ed-changes"))
    assert "研发工程师" in changed and "首席科学家" in changed
    own = read(client_for("officer").get(f"/cases/{number}"))
    assert "since you last looked" not in own.text


def test_open_by_another_officer_is_said(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    assert "has this open too" not in read(client_for("officer").get(f"/cases/{number}")).text
    page = read(client_for("reviewer").get(f"/cases/{number}"))
    assert "Zhou Min has this open too" in page.text
    _long_ago(world.accounts["officer"])
    assert "has this open too" not in read(client_for("reviewer").get(f"/cases/{number}")).text


def _long_ago(account_id: int) -> None:
    """Let the looks of an account lie an hour back."""
    db.session.rollback()
    for entry in db.session.query(AccessEntry).filter_by(account_id=account_id, action="viewed"):
        entry.at -= timedelta(hours=1)
    db.session.commit()


@pytest.mark.parametrize(
    ("days", "words"),
    [(6, "After 1 Dec 2026, 24:00"), (7, "After 24:00 today"), (8, "counts as accepted since 24 Nov 2026")],
)
def test_alarm_before_silence_counts_as_acceptance(world, client_for, read, days, words):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    clock.start_at(NOW + timedelta(days=days))
    try:
        assert words in read(client.get(f"/cases/{number}")).text
    finally:
        clock.start_at(NOW)


def test_the_look_is_noted_with_the_person(world, client_for):
    number = scenes.case_in(world, "submitted")
    client_for("officer").get(f"/cases/{number}")
    case = scenes.row(number)
    entries = db.session.query(AccessEntry).filter_by(record_kind="case", record_id=case.id, action="viewed").all()
    assert [entry.account_id for entry in entries] == [world.accounts["officer"]]


@pytest.mark.parametrize("state", ["submitted", "in_correction", "recommended", "granted"])
@pytest.mark.parametrize("role", ["officer", "reviewer"])
def test_at_most_eight_queries(world, client_for, state, role):
    number = scenes.case_in(world, state)
    client = client_for(role)
    client.get("/account")  # the minute's note of the session is not the page's
    with statements() as seen:
        assert client.get(f"/cases/{number}").status_code == 200
    assert len(seen) <= MOST_QUERIES, "\n".join(seen)


def test_deemed_acceptance_and_send_back_are_told(world, client_for, read):
    from expertdesk.permits.commands import send_back

    number = scenes.case_in(world, "recommended")
    case = scenes.row(number)
    send_back(case, world.actor("reviewer"), seen_version=case.row_version, reason="请补充学历认证编号。")
    db.session.commit()
    page = read(client_for("officer").get(f"/cases/{number}"))
    assert "Sent back: to be done before it is recommended again" in page.text and "请补充学历认证编号。" in page.text
