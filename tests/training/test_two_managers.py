"""Two people at one form of the plan: the second save is refused with 409 and both versions, field by field; choosing
sends the form again. Every form of the capability that saves something stored has to be here."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.training import declaring, executing, registering, rounds
from tests.training.year import YEAR, Year, begin


@dataclass(frozen=True)
class Case:
    """A form that somebody else saved first: how to get there, what is sent, and what the answer shows of it."""

    prepare: Callable[[Year], Any]
    address: str
    sent: dict[str, str]
    mine: str
    page: str = ""  # the page with the form; the address itself where it is empty


def draft(year: Year) -> Any:
    return year.group()


def declared(year: Year) -> Any:
    group = year.group()
    declaring.declare(group, year.manager)
    return group


def warned(year: Year) -> Any:
    return year.group(gifts=1)


def sent_up(year: Year) -> Any:
    group = year.checked()
    rounds.send_up(year.plan, year.manager)
    return group


def sent_again(year: Year) -> Any:
    from expertdesk.models import PlanPart
    from expertdesk.training.planning import QuotaData

    group = sent_up(year)
    rounds.take_feedback(year.plan, [QuotaData(PlanPart.ABROAD, 20)], {}, year.manager)
    rounds.send_up_again(year.plan, year.manager)
    return group


def back(year: Year) -> Any:
    group = year.ready_to_leave()
    executing.approve_task(group, "任1号", date(2026, 11, 20), date(2026, 11, 22), year.manager)
    executing.move_travellers()
    executing.move_travellers()
    return group


def reported(year: Year) -> Any:
    from tests.training.test_year import report

    group = back(year)
    days = {"leave_on": date(2026, 11, 20), "return_on": date(2026, 11, 22), "passports_returned_on": None}
    executing.file_report(group, report(**days), year.manager)
    return group


def adjusted(year: Year) -> Any:
    group = year.approved()
    executing.ask_adjustment(group, {"depart_month": 9}, "推迟", year.manager)
    return group


G, P = "/training/groups/{number}", f"/training/{YEAR}"
DECLARATION = {"organisation": "{unit}", "part": "abroad", "name": "第二个人改的名称", "people_planned": "12"}
REPORT = {"leave_on": "2026-11-20", "return_on": "2026-11-22", "people": "2", "tasks_done": "第二个人写的任务",
          "results": "成果", "trainee_score": "", "provider_score": ""}  # fmt: skip
REVIEW = {"task-body": "第二个人的单位", "task-on": "2026-11-24", "task-agreed": "1"}
CASES: dict[str, Case] = {
    "training.save_project": Case(draft, f"{G}/edit", DECLARATION, "第二个人改的名称"),
    "training.withdraw": Case(draft, f"{G}/withdraw", {"reason": "第二个人的理由"}, "第二个人的理由", G),
    "training.return_project": Case(declared, f"{G}/return", {"reason": "第二个人的理由"}, "第二个人的理由", G),
    "training.review": Case(
        declared, f"{G}/review", {"opinion": "defer", "note": "第二个人的意见"}, "第二个人的意见", G
    ),
    "training.save_reasons": Case(warned, f"{G}/reasons", {"reason_R07G": "第二个人的说明"}, "第二个人的说明", G),
    "training.save_roster": Case(
        draft, f"{G}/roster", {"rows": "3", "name_0": "第二个人写的名字"}, "第二个人写的名字"
    ),
    "training.save_schedule": Case(
        draft, f"{G}/schedule",
        {"rows": "3", "topic_0": "第二个人排的课", "day_0": "1", "kind_0": "lecture", "hours_0": "6"},
        "第二个人排的课",
    ),
    "training.save_invitation": Case(
        draft, f"{G}/invitation", {"signatory": "Somebody Else"}, "Somebody Else", f"{G}/papers"
    ),
    "training.save_review": Case(draft, f"{G}/reviews/task", REVIEW, "第二个人的单位", f"{G}/reviews"),
    "training.save_budget": Case(
        draft, f"{G}/budget",
        {"first_day_on": "2027-05-10", "training_days": "10", "city_1": "慕尼黑", "nights_1": "13",
         "rate_EUR": "7.8534", "per_EUR": "1", "rate_on_EUR": "2026-11-24", "rate_source_EUR": "第二个人查的牌价",
         "per_USD": "1", "fare_people_other": "12", "fare_other": "9000"},
        "第二个人查的牌价",
    ),
    "training.do_publicise": Case(
        lambda year: year.approved(), f"{G}/publicity",
        {"from_on": "2026-11-02", "to_on": "2026-11-20", "place": "公告栏", "text": "第二个人写的公示"},
        "第二个人写的公示",
    ),
    "training.do_approve_task": Case(
        lambda year: year.ready_to_leave(), f"{G}/task",
        {"number": "第二个人的批件", "leave_on": "2027-05-10", "return_on": "2027-05-20"}, "第二个人的批件",
    ),
    "training.file_report": Case(back, f"{G}/report", REPORT, "第二个人写的任务"),
    "training.do_settle": Case(reported, f"{G}/settle", {"note": "第二个人的说明"}, "第二个人的说明"),
    "training.do_adjust": Case(
        lambda year: year.approved(), f"{G}/adjust", {"depart_month": "9", "reason": "第二个人的理由"},
        "第二个人的理由",
    ),
    "training.do_refuse_adjustment": Case(
        adjusted, f"{G}/adjust/refuse", {"reason": "第二个人的理由"}, "第二个人的理由"
    ),
    "training.do_extend": Case(
        lambda year: year.approved(), f"{G}/extend", {"until": "2028-03-01", "reason": "第二个人的理由"},
        "第二个人的理由",
    ),
    "training.do_cancel": Case(
        lambda year: year.approved(), f"{G}/cancel", {"reason": "第二个人的理由"}, "第二个人的理由"
    ),
    "training.save_numbers": Case(
        draft, f"{P}/numbers", {"quota_abroad": "19", "unit_{unit}_abroad": "18", "note": "第二个人的通知"},
        "第二个人的通知",
    ),
    "training.do_send_up": Case(
        lambda year: year.checked(), f"{P}/send-up", {"reason": "第二个人的理由"}, "第二个人的理由"
    ),
    "training.take_feedback": Case(
        sent_up, f"{P}/feedback", {"quota_abroad": "17", "comment_{number}": "第二个人的意见"}, "第二个人的意见"
    ),
    "training.record_approval": Case(
        sent_again, f"{P}/approval",
        {"document": "第二个人的文号", "on": "2026-11-24", "approved_{number}": "y", "people_{number}": "11",
         "approval_{number}": "1号"}, "第二个人的文号",
    ),
    "training.keep_next": Case(
        lambda year: year.approved(), f"{P}/execution",
        {"next_{unit}": "7", "next_reason_{unit}": "第二个人的理由"}, "第二个人的理由",
    ),
    "training.save_provider": Case(
        draft, "/training/institutions/{provider}",
        {"name_en": "Somebody's University", "country": "DE", "kind": "university", "level": "other",
         "operating_unit": "x", "authorised_person": "y", "signatories": "z", "state": "active"},
        "Somebody's University",
    ),
}  # fmt: skip
# nothing is typed in them, so there is no second version: a stale press is refused with 409 all the same
BUTTONS = {"training.declare", "training.do_call_units", "training.do_send_up_again", "training.do_close_year",
           "training.drop_budget", "training.do_agree_adjustment"}  # fmt: skip
# they only add something new, or read files
NEW = ("training.open_year", "training.create_project", "training.create_provider", "training.add_paper",
       "training.remove_paper", "training.start_", "training.export_", "training.import_", "training.check_sheets",
       "training.leave_out_sheets", "training.confirm_import", "training.send_sheets")  # fmt: skip


@pytest.fixture
def year(app, world):
    return begin(world)


def test_every_form_of_the_capability_is_tried(app: Flask):
    posts = {
        rule.endpoint for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("training.") and "POST" in (rule.methods or ())
    }  # fmt: skip
    assert posts - set(CASES) - BUTTONS - {name for name in posts if name.startswith(NEW)} == set()
    assert set(CASES) | BUTTONS <= posts


def somebody_saves(year: Year, group: Any) -> None:
    """Whatever it was: the record has another version now."""
    with clock.at(datetime(2026, 11, 24, 8, tzinfo=UTC)):
        year.plan.note = "第一个人的通知"
        group.invitation_signatory = "Katharina  Weiß"
        data = registering.data_of(year.provider)
        registering.change_provider(year.provider, replace(data, office_in_china="北京"), year.manager)
        db.session.commit()


@pytest.mark.parametrize("endpoint", CASES)
def test_the_second_save_sees_both_versions(year, client_for, endpoint):
    case = CASES[endpoint]
    group = case.prepare(year)
    db.session.commit()
    names = {"number": group.number, "unit": year.unit.id, "provider": year.provider.id}
    client = client_for("manager")
    address = case.address.format(**names)
    page = client.get((case.page or case.address).format(**names)).get_data(as_text=True)
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found, endpoint
    somebody_saves(year, group)
    sent = {key.format(**names): value.format(**names) for key, value in case.sent.items()}
    answer = client.post(address, data={**sent, "version": found[1]})
    text = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409, (answer.status_code, text[:2000])
    assert "Somebody else saved first" in text and case.mine in text and "Stored now" in text
    # every field by its name, not by that of the program
    assert not re.findall(r"<legend>[a-z_]+</legend>", text)
    # what is chosen goes to the same form with the version of now: it is taken
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.get_data(as_text=True)))
    chosen = dict(re.findall(r'name="([^"]+)" id="v-[^"]+-yours" value="([^"]*)"', answer.get_data(as_text=True)))
    assert chosen and int(fields["version"]) > int(found[1])
    again = {name: html.unescape(value) for name, value in {**fields, **chosen}.items()}
    assert client.post(address, data=again).status_code == 303


def test_choosing_what_is_stored_keeps_it(year, client_for):
    group = year.group()
    db.session.commit()
    client = client_for("manager")
    form = {"organisation": str(year.unit.id), "part": "abroad", "name": group.name, "destinations": ""}
    form["people_planned"] = "9"
    declaring.edit_project(group, year.data(fundings=("municipal", "unit"), people_planned=8), year.manager)
    db.session.commit()
    answer = client.post(f"/training/groups/{group.number}/edit", data={**form, "version": "1"})
    text = answer.get_data(as_text=True)
    # names of the lists, not their codes
    assert "Municipal budget, Unit" in html.unescape(text) and "Germany" in text
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    stored = dict(re.findall(r'name="([^"]+)" id="v-[^"]+-stored" value="([^"]*)"', text))
    sent = {name: html.unescape(value) for name, value in {**fields, **stored}.items()}
    assert client.post(f"/training/groups/{group.number}/edit", data=sent).status_code == 303
    db.session.expire_all()
    assert (group.people_planned, group.fundings, group.destinations) == (8, ["municipal", "unit"], ["DE"])
