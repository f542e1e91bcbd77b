"""Every step of a case by POST: what it does, who may, when not and why, bad input kept, an older page refused."""

from __future__ import annotations

from typing import Any

import pytest

from expertdesk.cases import commands
from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry
from tests.cases_pages import scenes

# step, state it begins in, who does it, what is typed, state it ends in
STEPS: tuple[tuple[str, str, str, dict[str, Any], str], ...] = (
    ("submit", "draft", "officer", {}, "submitted"),
    ("edit", "submitted", "officer", {"post": "首席科学家"}, "submitted"),
    ("assign", "submitted", "officer", {"officer": "officer2", "reason": "休假"}, "submitted"),
    ("not-accept", "submitted", "officer",
     {"ground": "NA2", "note_zh": "不属本局。", "note_en": "Not ours.", "body_zh": "公安", "body_en": "The police"},
     "not_accepted"),
    ("withdraw", "submitted", "officer", {"reason": "单位11月23日来函。"}, "withdrawn"),
    ("extend-correction", "in_correction", "officer", {"reason": "学历认证需要时间。"}, "in_correction"),
    ("recommend", "accepted", "officer", {"is_grant": "yes", "opinion": "符合条件。"}, "recommended"),
    ("pause", "accepted", "officer", {"stop": "EXPERT_REVIEW", "reason": "组织专家评审。"}, "accepted"),
    ("extend-limit", "recommended", "reviewer", {"reason": "案情复杂。"}, "recommended"),
    ("deliver", "granted", "officer", {"on": "2026-11-24", "sealed": "y"}, "delivered"),
    ("deliver", "refused", "officer", {"on": "2026-11-24", "sealed": "y"}, "delivered"),
    ("close", "delivered", "officer", {}, "closed"),
)  # fmt: skip


def _values(page: Any, step: str, typed: dict[str, Any], world: Any) -> dict[str, Any]:
    values = {**page.form_values(f"/{step}"), **typed}
    if "officer" in typed:
        values["officer"] = str(world.accounts[typed["officer"]])
    return values


@pytest.mark.parametrize(("step", "begins", "role", "typed", "ends"), STEPS)
def test_step_by_its_page(world, client_for, read, step, begins, role, typed, ends):
    number = scenes.case_in(world, begins)
    path, client = f"/cases/{number}/{step}", client_for(role)
    page = read(client.get(path))
    read(client_for(role, "zh").get(path))
    answer = client.post(path, data=_values(page, step, typed, world))
    assert (answer.status_code, answer.location) == (303, f"/cases/{number}"), answer.text[:500]
    assert scenes.state(number) == ends
    if scenes.state(number) != begins or step != "assign":
        assert read(client.get(answer.location)).all("div", class_="ed-note is-ok mb-3"), "what was done is said"


@pytest.mark.parametrize(("step", "begins", "role", "typed", "ends"), STEPS)
def test_an_older_page_is_refused_with_what_changed(world, client_for, read, step, begins, role, typed, ends):
    number = scenes.case_in(world, begins)
    path, client = f"/cases/{number}/{step}", client_for(role)
    values = _values(read(client.get(path)), step, typed, world)
    case = scenes.row(number)
    commands.assign_case(case, world.accounts["officer"], world.actor("manager"), reason="再次确认经办人")
    db.session.commit()
    again = read(client.post(path, data=values), 409)
    assert scenes.state(number) == begins
    assert "Nothing of yours was saved" in again.text and "Handed to a case officer" in again.text
    if step != "edit":
        for name in typed:
            assert name == "sealed" or str(values[name]) in again.html, "what was typed is kept"
        answer = client.post(
            path, data=_values(again, step, {}, world) | ({"sealed": "y"} if "sealed" in typed else {})
        )
        assert answer.status_code == 303 and scenes.state(number) == ends


@pytest.mark.parametrize(("step", "begins", "role", "typed", "ends"), STEPS)
def test_a_step_without_csrf_token_is_refused(app, world, client_for, step, begins, role, typed, ends):
    number = scenes.case_in(world, begins)
    client = client_for(role)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post(f"/cases/{number}/{step}", data={"version": scenes.version(number), **typed})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400 and scenes.state(number) == begins


WRONG: tuple[tuple[str, str, str, dict[str, Any], str, str], ...] = (
    ("assign", "submitted", "officer", {"officer": "", "reason": "休假"}, "Choose a case officer.", "休假"),
    ("assign", "submitted", "officer", {"officer": "officer2", "reason": ""}, "Give a reason.", ""),
    ("assign", "submitted", "officer", {"officer": "officer2", "reason": "a\x00b"}, "NUL character", ""),
    ("edit", "submitted", "officer", {"post": "", "duties": "负责研发"}, "Enter the post.", "负责研发"),
    ("edit", "submitted", "officer", {"salary_month": "viel", "post": "工程师"}, "Enter an amount in yuan", "viel"),
    ("edit", "submitted", "officer", {"contract_end_on": "2026-01-01"}, "The contract ends before it", "2026-01-01"),
    ("edit", "submitted", "officer", {"contract_start_on": "2026-02-30"}, "Enter a real date", "2026-02-30"),
    ("edit", "submitted", "officer", {"experience_years": "-3"}, "Enter a number from 0 to 80", "-3"),
    ("edit", "submitted", "officer", {"occupation": "nonsense"}, "Choose one from the list.", ""),
    ("not-accept", "submitted", "officer", {"ground": "NA2", "note_zh": "仅中文"}, "in both languages", "仅中文"),
    ("not-accept", "submitted", "officer", {"ground": "NA1"}, "the ground does not fit", ""),
    ("withdraw", "submitted", "officer", {"reason": " "}, "Give a reason.", ""),
    ("withdraw", "submitted", "officer", {"reason": "长" * 501}, "at most 500 fit", "长长长"),
    ("recommend", "accepted", "officer", {"is_grant": "no", "opinion": ""}, "Say why the application should", ""),
    ("pause", "accepted", "officer", {"stop": "", "reason": "专家评审。"}, "Choose why the clock stops.", "专家评审。"),
    ("extend-limit", "accepted", "reviewer", {"reason": ""}, "Give a reason.", ""),
    ("deliver", "granted", "officer", {"on": "2026-11-25", "sealed": "y"}, "The day lies in the future.", "2026-11-25"),
    ("deliver", "granted", "officer", {"on": "2026-11-23", "sealed": "y"}, "delivery cannot be earlier", "2026-11-23"),
    ("deliver", "granted", "officer", {"on": "2026-11-24"}, "Confirm that the letters are sealed.", ""),
)  # fmt: skip


@pytest.mark.parametrize(("step", "begins", "role", "typed", "message", "kept"), WRONG)
def test_bad_input_is_named_and_kept(world, client_for, read, step, begins, role, typed, message, kept):
    number = scenes.case_in(world, begins)
    path, client = f"/cases/{number}/{step}", client_for(role)
    page = read(client.get(path))
    values = _values(page, step, typed, world) if typed.get("officer") else {**page.form_values(f"/{step}"), **typed}
    values = {name: value for name, value in values.items() if name not in ("sealed", "stop") or value}
    again = read(client.post(path, data=values), 422)
    summary = again.words(again.one("div", class_="ed-errors"))
    assert message in summary, summary
    links = [link.get("href") for link in again.one("div", class_="ed-errors").iter() if link.tag.endswith("}a")]
    ids = {element.get("id") for element in again.root.iter()}
    assert links and all(link.removeprefix("#") in ids for link in links), "the summary leads to the field"
    assert kept in again.html and scenes.state(number) == begins


NOT_NOW: tuple[tuple[str, str, str, str, str], ...] = (
    ("submit", "accepted", "officer", "not possible in the state", ""),
    ("recommend", "submitted", "officer", "not possible in the state", ""),
    ("accept", "submitted", "officer", "papers have not been supplied", ""),
    ("correction", "accepted", "officer", "not possible in the state", ""),
    ("return", "in_correction", "officer", "The time to correct runs until", ""),
    ("answer", "in_correction", "officer", "Still to be sent", ""),
    ("resume", "accepted", "officer", "The clock is not standing.", ""),
    ("deliver", "accepted", "officer", "not possible in the state", ""),
    ("close", "granted", "officer", "not possible in the state", ""),
    ("withdraw", "granted", "officer", "not possible in the state", ""),
    ("edit", "closed", "officer", "not possible in the state", ""),
)


@pytest.mark.parametrize(("step", "begins", "role", "why", "who"), NOT_NOW)
def test_not_now_says_why_by_page_and_by_post(world, client_for, read, step, begins, role, why, who):
    number = scenes.case_in(world, begins)
    path, client = f"/cases/{number}/{step}", client_for(role)
    typed = {"version": scenes.version(number), "reason": "x", "is_grant": "yes", "on": "2026-11-24", "sealed": "y",
             "post": "x", "employment_basis": "CONTRACT"}  # fmt: skip
    for answer in (client.get(path), client.post(path, data=typed)):
        page = read(answer, 409)
        assert why in page.text and "Nothing was changed." in page.text and "Back to the case" in page.text
    assert scenes.state(number) == begins
    refused = db.session.query(AccessEntry).filter_by(action="refused").all()
    assert len(refused) == 2 and path in refused[-1].detail


def test_another_officers_case_names_who_can(world, client_for, read):
    number = scenes.case_in(world, "accepted")
    commands.assign_case(scenes.row(number), world.accounts["officer2"], world.actor("officer"), reason="休假")
    db.session.commit()
    for step, typed in (("recommend", {"is_grant": "yes"}), ("withdraw", {"reason": "x"}), ("edit", {"post": "x"})):
        values = {"version": scenes.version(number), "employment_basis": "CONTRACT", **typed}
        page = read(client_for("officer").post(f"/cases/{number}/{step}", data=values), 409)
        assert "in the hands of" in page.text and "or a manager hands it over" in page.text


PAGES = (
    "submit", "edit", "assign", "check", "correction", "accept", "not-accept", "withdraw", "recommend", "pause",
    "resume", "extend-limit", "deliver", "close", "answer", "return", "extend-correction",
)  # fmt: skip


@pytest.mark.parametrize("step", PAGES)
def test_other_districts_case_is_not_found(world, client_for, step):
    number = scenes.case_in(world, "submitted")
    for role in ("officer2", "reviewer", "manager", "expert", "employer"):
        client = client_for(role)
        codes = {client.get(f"/cases/{number}/{step}").status_code, client.post(f"/cases/{number}/{step}").status_code}
        if role == "officer2":
            assert codes <= {403, 404}, codes
        elif role in ("expert", "employer"):
            assert codes == {403}
    assert scenes.state(number) == "submitted"


def test_take_by_one_press(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    officer = world.actor("officer")
    case = commands.assign_case(scenes.row(number), None, officer, reason="调岗")
    db.session.commit()
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}"))
    values = page.form_values("/take")
    assert client.post(f"/cases/{number}/take", data={**values, "version": "1"}).status_code == 409, "an older page"
    assert client.post(f"/cases/{number}/take", data=values).status_code == 303
    assert scenes.row(number).officer_id == world.accounts["officer"] and case.number == number


def test_pause_then_resume(world, client_for, read):
    number = scenes.case_in(world, "accepted")
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/pause"))
    client.post(
        f"/cases/{number}/pause", data={**page.form_values("/pause"), "stop": "HEARING", "reason": "举行听证。"}
    )
    page = read(client.get(f"/cases/{number}"))
    assert "clock paused" in page.text and "Hearing" in page.text
    assert "The clock is standing; let it run again first." in page.text, "nothing is recommended meanwhile"
    page = read(client.get(f"/cases/{number}/resume"))
    assert client.post(f"/cases/{number}/resume", data=page.form_values("/resume")).status_code == 303
    assert "clock paused" not in read(client.get(f"/cases/{number}")).text


def test_verdict_on_a_criterion(world, client_for, read):
    from tests.cases import steps

    number = scenes.case_in(world, "submitted", facts=dict(steps.A_FACTS), claimed_category="A")
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}"))
    values = page.form_values("/judge")
    assert values["verdict"] == "ask" and values["criterion"] == "A2.9"
    again = read(client.post(f"/cases/{number}/judge", data={**values, "verdict": "proved"}), 422)
    assert "Give a reason." in again.text
    answer = client.post(f"/cases/{number}/judge", data={**values, "verdict": "proved", "reason": "聘书原件已验。"})
    assert answer.status_code == 303
    page = read(client.get(f"/cases/{number}"))
    assert "meets A2.9" in page.text and "聘书原件已验。" in page.html
    again = read(client.post(f"/cases/{number}/judge", data={**values, "verdict": "nonsense", "reason": "已核"}), 422)
    assert again.one("input", id="r-A2.9").get("value") == "已核"
    again = read(client.post(f"/cases/{number}/judge", data={**values, "criterion": "Z9", "verdict": "nonsense"}), 422)
    assert not again.all("a", href="#r-Z9")
    assert scenes.row(number).judgements[-1].verdict.value == "proved"


def test_corrections_brought_to_the_counter(world, client_for, read):
    number = scenes.case_in(world, "in_correction")
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/check"))
    client.post(
        f"/cases/{number}/check",
        data={**page.form_values("/check"), "DEGREE-seen": "y", "DEGREE-issued_on": "2026-11-20"},
    )
    page = read(client.get(f"/cases/{number}/answer"))
    assert client.post(f"/cases/{number}/answer", data=page.form_values("/answer")).status_code == 303
    assert scenes.state(number) == "submitted"
