"""The desk: alarm, four piles, one list in order of urgency with the next verb, promises, the load of the week."""

from __future__ import annotations

from datetime import timedelta

import pytest

from expertdesk.cases import commands
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Assignment
from tests.cases_pages import scenes
from tests.cases_pages.counting import statements
from tests.cases_pages.test_queue import many
from tests.conftest import NOW

MOST_QUERIES = 8


@pytest.fixture
def later():
    """later(days): business time so many days on; back where it was afterwards."""
    yield lambda days: clock.start_at(NOW + timedelta(days=days))
    clock.start_at(NOW)


def second(world):
    return {"person_id": world.person2_id, "passport_id": world.passport2_id}


def piles(page) -> dict[str, str]:
    found = {}
    for link in page.one("nav", class_="ed-piles").iter():
        if link.tag.endswith("}a"):
            words = [page.words(part) for part in link if part.tag.endswith("}span")]
            found[words[0]] = words[1]
    return found


def test_an_empty_desk_says_what_to_do(world, client_for, read):
    for language in ("en", "zh"):
        page = read(client_for("officer", language).get("/desk"))
        assert page.one("a", aria_keyshortcuts="n").get("href").startswith("/intake")
    page = read(client_for("officer").get("/desk"))
    assert "Your desk is empty" in page.text and set(piles(page).values()) == {"0"}
    assert "Nothing waits for your decision" in read(client_for("reviewer").get("/desk")).text


def test_piles_and_groups_follow_the_limit(world, client_for, read, later):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    assert piles(read(client.get("/desk"))) == {"Overdue": "0", "Due today": "0", "Waiting on others": "0", "New": "0"}
    later(3)  # Friday 27 November: the promise of three working days
    page = read(client.get("/desk"))
    assert piles(page)["Due today"] == "1" and page.one("tbody", id="today") is not None
    assert page.one("a", href="#today") is not None, "the pile leads to its part of the list"
    later(6)
    page = read(client.get("/desk"))
    assert piles(page)["Overdue"] == "1" and "1 day over" in page.text and "longest: 1 working day" in page.text
    row = page.one("a", class_="ed-next", href=f"/cases/{number}/check")
    assert page.words(row).startswith("Check papers")


def test_alarm_for_silent_acceptance(world, client_for, read, later):
    scenes.case_in(world, "submitted")
    client = client_for("officer")
    later(6)
    assert "1 case counts as accepted after the next working day." in read(client.get("/desk")).text
    later(7)
    page = read(client.get("/desk"))
    assert "1 case counts as accepted after 24:00 today." in page.text and "within 5 working days" in page.text
    assert "视为受理" in read(client_for("officer", "zh").get("/desk")).text


def test_waiting_correction_decision_and_paused(world, client_for, read):
    scenes.case_in(world, "in_correction")
    two = scenes.case_in(world, "accepted", **second(world))
    commands.pause_clock(scenes.row(two), "HEARING", "举行听证。", world.actor("officer"))
    db.session.commit()
    page = read(client_for("officer").get("/desk"))
    assert piles(page)["Waiting on others"] == "2" and "2 with the clock stopped" in page.text
    waiting = page.words(page.one("tbody", id="waiting"))
    assert "Jiangzhou Yunxi Biotechnology" in waiting and "Hearing" in waiting


def test_new_ones_are_taken_with_one_press(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    commands.assign_case(scenes.row(number), None, world.actor("officer"), reason="调岗")
    db.session.commit()
    client = client_for("officer")
    page = read(client.get("/desk"))
    assert piles(page)["New"] == "1"
    assert client.post(f"/cases/{number}/take", data=page.form_values("/take")).status_code == 303
    assert scenes.row(number).officer_id == world.accounts["officer"]
    assert number not in read(client_for("officer2").get("/desk")).text, "another district's officer sees nothing of it"


def test_reviewer_sees_recommended_cases_that_are_not_own(world, client_for, read):
    number = scenes.case_in(world, "recommended")
    page = read(client_for("reviewer").get("/desk"))
    assert number in page.text and page.one("a", href=f"/cases/{number}/decide") is not None
    case = scenes.row(number)
    case.entered_by_id = world.accounts["reviewer"]
    db.session.commit()
    assert number not in read(client_for("reviewer").get("/desk")).text


def test_a_reviewer_is_not_offered_the_key_of_the_intake(world, client_for, read):
    scenes.case_in(world, "recommended")
    assert "new intake" not in read(client_for("reviewer").get("/desk")).text
    assert "new intake" in read(client_for("officer").get("/desk")).text


def test_the_counter_is_said_in_the_readers_language(app):
    from expertdesk.desk.queries import _window
    from expertdesk.foundation.locale import use_language

    with use_language("en"):
        assert (str(_window("5号窗口")), _window("一层大厅")) == ("counter 5", "一层大厅")
    with use_language("zh"):
        assert str(_window("5号窗口")) == "5号窗口"


def test_manager_sees_the_backlog_by_district_and_officer(world, client_for, read, later):
    scenes.case_in(world, "submitted")
    two = scenes.case_in(world, "accepted", **second(world))
    commands.assign_case(scenes.row(two), world.accounts["officer2"], world.actor("officer"), reason="休假")
    db.session.commit()
    later(6)
    page = read(client_for("manager").get("/desk"))
    districts = page.words(page.all("table")[0])
    assert districts.endswith("Yunxi210"), "two open, one late, none without an officer"
    officers = page.words(page.all("table")[1])
    assert "Zhou Min11" in officers and "Han Xue10" in officers
    assert client_for("liaison").get("/desk").status_code == 403


def test_promises_of_the_day(world, client_for, read):
    row = Assignment(person_id=world.person_id, officer_id=world.accounts["officer"], started_on=clock.today(),
                     next_contact_on=clock.today(), level="L0", reason="", handover_note="")  # fmt: skip
    db.session.add(row)
    db.session.commit()
    page = read(client_for("officer").get("/desk"))
    promised = page.words(page.one("section", aria_labelledby="prom-h"))
    assert "Ana Luísa Ferreira-Gomes" in promised and "contact promised for today" in promised


def test_week_is_drawn_with_its_figures(world, client_for, read):
    scenes.case_in(world, "submitted")
    page = read(client_for("officer").get("/desk"))
    drawing = next(item for item in page.root.iter() if item.get("aria-label", "").startswith("Cases falling due"))
    assert drawing.get("aria-label") == "Cases falling due: Tue 0, Wed 0, Thu 0, Fri 1, Mon 0"


@pytest.mark.parametrize("role", ["officer", "reviewer", "manager"])
def test_at_most_eight_queries_whatever_the_number_of_cases(world, client_for, role):
    client = client_for(role)
    scenes.case_in(world, "recommended", **second(world))
    client.get("/desk")
    with statements() as few:
        client.get("/desk")
    many(world, 60)
    with statements() as more:
        assert client.get("/desk").status_code == 200
    assert len(few) == len(more) <= MOST_QUERIES
