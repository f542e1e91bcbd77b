"""Changing particulars: facts are kept, and when somebody else saved first both versions stand side by side."""

from __future__ import annotations

from expertdesk.cases import commands
from expertdesk.foundation.database import db
from tests.cases_pages import scenes


def test_an_unchanged_form_changes_nothing(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    before = scenes.version(number)
    client = client_for("officer")
    page = read(client.get(f"/cases/{number}/edit"))
    values = page.form_values("/edit")
    assert values["post"] == "研发工程师" and values["salary_month"] == "32,000" and values["experience_years"] == "8"
    assert client.post(f"/cases/{number}/edit", data={**values, "criteria": "B1"}).status_code == 303
    assert scenes.version(number) == before and scenes.row(number).facts["experience_years"] == 8


def test_facts_change_the_category_at_once(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    values = {**read(client.get(f"/cases/{number}/edit")).form_values("/edit"), "criteria": ["B1"],
              "elite": ["university", "ip"], "experience_years": "20.5", "salary_month": "８０,000"}  # fmt: skip
    assert client.post(f"/cases/{number}/edit", data=values).status_code == 303
    case = scenes.row(number)
    assert case.facts["elite"] == ["university", "ip"] and case.facts["experience_years"] == "20.5"
    assert case.salary_month == 80000 and case.category == "A", "six times the average wage"
    page = read(client.get(f"/cases/{number}"))
    assert "Particulars changed" in page.text and "Salary a month (CNY)" in page.text


def test_both_versions_side_by_side_and_a_choice_for_each_field(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    values = read(client.get(f"/cases/{number}/edit")).form_values("/edit")
    values |= {"criteria": "B1", "post": "首席工程师", "duties": "我的职责", "contract_end_on": "2027-12-31"}
    case = scenes.row(number)
    commands.edit_case(case, {"post": "副总工程师", "duties": "他人的职责"}, world.actor("officer"), case.row_version)
    db.session.commit()
    both = read(client.post(f"/cases/{number}/edit", data=values), 409)
    assert both.words(both.one("h1")) == "Somebody else saved first"
    assert all(
        words in both.text for words in ("副总工程师", "首席工程师", "他人的职责", "我的职责", "Stored now", "Yours")
    )
    chosen = both.form_values("/edit")
    assert (chosen["post"], chosen["contract_end_on"]) == ("首席工程师", "2027-12-31"), "mine is chosen beforehand"
    answer = client.post(f"/cases/{number}/edit", data={**chosen, "duties": "他人的职责"})
    assert answer.status_code == 303, answer.text[:800]
    case = scenes.row(number)
    assert (case.post, case.duties, str(case.contract_end_on)) == ("首席工程师", "他人的职责", "2027-12-31")
    assert case.facts["criteria"] == ["B1"] and case.facts["education"] == "doctorate", "the rest was carried along"


def test_only_offered_codes(world, client_for, read):
    number = scenes.case_in(world, "submitted")
    client = client_for("officer")
    values = {**read(client.get(f"/cases/{number}/edit")).form_values("/edit"), "criteria": ["B1", "Z9"]}
    again = read(client.post(f"/cases/{number}/edit", data=values), 422)
    assert "Choose from the list." in again.text
