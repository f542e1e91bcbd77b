"""Judging, recommending, four eyes, delivering."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from expertdesk.access import Role
from expertdesk.accounts.commands import create_account, set_roles
from expertdesk.cases import commands
from expertdesk.cases.judging import judgement_of
from expertdesk.cases.policy import is_four_eyes
from expertdesk.cases.workflow import CASE
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotPermitted, RuleBroken, Stale
from expertdesk.models import Event, Judgement
from expertdesk.permits.commands import grant_permit, refuse_permit, send_back
from expertdesk.workflow import options
from tests.cases import steps
from tests.cases.test_matrix import TEXT

D = date


def codes(error: Any) -> set[str]:
    return {reason.code for reason in error.value.reasons}


# --- judging ----------------------------------------------------------------------------------------------------


def test_a_claim_that_rests_on_evidence_waits_for_a_verdict(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer, facts={**steps.B_FACTS, "criteria": ["B1", "A2.9"]}).case
    judged = judgement_of(case)
    assert (judged.category, judged.main_criterion) == ("B", "B1")
    assert judged.asserted.category == "A" and judged.open_verdicts == ("A2.9",)
    steps.supply(case, officer)
    with pytest.raises(NotAllowedNow) as error:
        commands.accept_case(case, officer, case.row_version)
    assert codes(error) == {"verdict_open"}
    commands.judge(case, "A2.9", "not_used", "无任职证明。", officer)
    commands.accept_case(case, officer, case.row_version)
    assert case.category == "B"


def test_alone_an_open_claim_is_taken_as_asserted(world):
    case = steps.submitted(world, world.actor("officer"), facts=steps.A_FACTS, claimed_category="A").case
    assert (case.category, case.main_criterion) == ("A", "A2.9")


def test_the_newest_verdict_counts_and_all_of_them_stay(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer, facts={**steps.B_FACTS, "criteria": ["B1", "A2.9"]}).case
    commands.judge(case, "A2.9", "proved", "任职证明原件。", officer)
    commands.judge(case, "A2.9", "not_used", "学校不在名单。", officer)
    rows = db.session.scalars(select(Judgement).order_by(Judgement.id)).all()
    assert [(row.verdict, row.by_id) for row in rows] == [
        ("ask", None), ("proved", officer.id), ("not_used", officer.id)
    ]  # fmt: skip
    assert case.category == "B"
    events = db.session.scalars(select(Event).where(Event.name == "case.judged")).all()
    assert [event.payload.get("category") for event in events] == ["A", "B"]


def test_an_officer_may_find_a_ground_that_nobody_claimed(world):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    commands.judge(case, "A1", "proved", "入选名单。", officer)
    assert (case.category, case.main_criterion) == ("A", "A1")


@pytest.mark.parametrize(("criterion", "verdict", "reason", "field"), [
    ("A99", "proved", "理由", "criterion"), ("A2.9", "proved", " ", "reason"), ("A2.9", "not_used", "", "reason"),
])  # fmt: skip
def test_a_verdict_needs_a_known_criterion_and_a_reason(world, criterion, verdict, reason, field):
    officer = world.actor("officer")
    case = steps.submitted(world, officer).case
    with pytest.raises(RuleBroken) as error:
        commands.judge(case, criterion, verdict, reason, officer)
    assert field in error.value.problems


def test_others_do_not_judge(world):
    case = steps.submitted(world, world.actor("officer")).case
    for role in ("reviewer", "manager", "expert"):
        with pytest.raises(NotPermitted):
            commands.judge(case, "A1", "proved", "x", world.actor(role))
    with pytest.raises(NotAllowedNow):
        commands.judge(case, "A1", "proved", "x", world.actor("officer2"))


def test_the_case_is_judged_by_the_rules_of_its_first_submission(world):
    """Received before the Beijing wage figure of 2026-02-04: the older rules count, also when looked at later."""
    officer = world.actor("officer")
    with clock.at(steps.shanghai(D(2026, 2, 2))):
        case = steps.submitted(world, officer, contract_start_on=D(2026, 3, 1), salary_month=50000).case
    assert case.rules_date == D(2026, 2, 2)
    judged = judgement_of(case)
    assert judged.classification.book.day == D(2026, 2, 2)
    assert judged.period.ok and judged.period.end == D(2028, 11, 23)  # two years less a day from today's decision


def test_base_conditions_are_judged_on_the_first_submission(world):
    officer = world.actor("officer")
    world.passport.expires_on = D(2027, 5, 24)  # six months to the day
    db.session.flush()
    case = steps.submitted(world, officer).case
    checks = {check.code: check.met for check in judgement_of(case).checks}
    assert checks["APP_PASSPORT"] is True
    world.passport.expires_on = D(2027, 5, 23)
    db.session.flush()
    failed = judgement_of(case).failed_checks
    assert [check.code for check in failed] == ["APP_PASSPORT"]


# --- recommending -----------------------------------------------------------------------------------------------


def test_a_grant_is_recommended_only_with_category_and_possible_dates(world):
    officer = world.actor("officer")
    unskilled = {**steps.B_FACTS, "education": "none", "experience_years": 0}
    case = steps.accepted(world, officer, facts=unskilled, salary_month=1)
    assert case.category == ""
    with pytest.raises(RuleBroken) as error:
        commands.recommend_case(case, "同意。", True, officer, case.row_version)
    assert set(error.value.problems) == {"is_grant"}
    with pytest.raises(RuleBroken) as error:
        commands.recommend_case(case, " ", False, officer, case.row_version)
    assert set(error.value.problems) == {"opinion"}
    commands.recommend_case(case, "不符合任何类别。", False, officer, case.row_version)
    assert case.recommendation["is_grant"] is False and case.recommended_by_id == officer.id


def test_discretion_needs_a_ground(world):
    """Age 61 in category B is granted only with a recorded relaxation (D-CA-07)."""
    officer = world.actor("officer")
    world.person.birth_on = D(1965, 11, 24)
    db.session.flush()
    case = steps.accepted(world, officer)
    with pytest.raises(RuleBroken) as error:
        commands.recommend_case(case, "", True, officer, case.row_version)
    assert set(error.value.problems) == {"opinion"}
    commands.recommend_case(case, "持有国际通用资格证书，按北京规定放宽。", True, officer, case.row_version)


# --- four eyes --------------------------------------------------------------------------------------------------


def both(world: Any, username: str = "both") -> Any:
    """Somebody who is officer and approving officer at once."""
    create_account(
        username=username, name="宋岳", roles=(Role.OFFICER, Role.REVIEWER), password=world.password,
        districts=("990101",), is_municipal=True, actor=world.actor("admin"),
    )  # fmt: skip
    return world.actor(username)


@pytest.mark.parametrize("part", ["entered", "edited", "checked", "accepted", "recommended"])
def test_whoever_had_a_hand_in_it_does_not_decide(world, part):
    officer, person = world.actor("officer"), both(world)
    first = person if part == "entered" else officer
    case = steps.submitted(world, first).case
    if part == "entered":
        commands.assign_case(case, officer.id, world.actor("manager"), reason="移交")
    if part == "edited":
        commands.assign_case(case, person.id, officer, reason="代班")
        commands.edit_case(case, {"duties": "新"}, person, case.row_version)
        commands.assign_case(case, officer.id, person, reason="归还")
    if part in ("checked", "accepted"):
        commands.assign_case(case, person.id, officer, reason="代班")
        steps.supply(case, person)
        if part == "accepted":
            commands.accept_case(case, person, case.row_version)
        commands.assign_case(case, officer.id, person, reason="归还")
    if case.state == "submitted":
        steps.supply(case, officer)
        commands.accept_case(case, officer, case.row_version)
    if part == "recommended":
        commands.assign_case(case, person.id, officer, reason="代班")
        commands.recommend_case(case, "同意。", True, person, case.row_version)
        commands.assign_case(case, officer.id, person, reason="归还")
    else:
        commands.recommend_case(case, "同意。", True, officer, case.row_version)
    assert not is_four_eyes(case, person)
    for call in (
        lambda: grant_permit(case, person, seen_version=case.row_version),
        lambda: refuse_permit(case, person, seen_version=case.row_version, grounds=["J03"], facts=TEXT, reasons=TEXT),
        lambda: send_back(case, person, seen_version=case.row_version, reason="再查"),
    ):
        with pytest.raises(NotAllowedNow) as error:
            call()
        assert "four_eyes" in codes(error)
    shown = {option.action: option for option in options(CASE, case, person)}
    assert not shown["grant"].is_allowed and "four_eyes" in {reason.code for reason in shown["grant"].reasons}
    assert is_four_eyes(case, world.actor("reviewer"))
    grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)


def test_a_changed_role_does_not_wash_it_off(world):
    """The officer of the case becomes an approving officer; even when the columns forget, the history does not."""
    officer = world.actor("officer")
    case = steps.recommended(world, officer)
    case.entered_by_id = case.recommended_by_id = case.officer_id = None
    db.session.flush()
    set_roles(
        officer.id, roles=(Role.REVIEWER,), districts=(), is_municipal=True, memberships=(), actor=world.actor("admin")
    )
    changed = world.actor("officer")
    assert changed.roles == {Role.REVIEWER} and not is_four_eyes(case, changed)
    with pytest.raises(NotAllowedNow) as error:
        grant_permit(case, changed, seen_version=case.row_version)
    assert "four_eyes" in codes(error)


def test_an_officer_without_a_hand_in_it_does_not_decide_either(world):
    case = steps.recommended(world, world.actor("officer"))
    with pytest.raises(NotPermitted):
        grant_permit(case, world.actor("officer2"), seen_version=case.row_version)


def test_an_approval_names_the_version_it_saw(world):
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    case = steps.recommended(world, officer)
    seen = case.row_version
    send_back(case, reviewer, seen_version=seen, reason="请核对学历。")
    commands.edit_case(case, {"post": "高级研究员"}, officer, case.row_version)
    commands.recommend_case(case, "已核对。", True, officer, case.row_version)
    with pytest.raises(Stale) as error:
        grant_permit(case, reviewer, seen_version=seen)
    assert error.value.changed_by == "周敏" and error.value.differences
    assert case.state == "recommended"


# --- delivery ---------------------------------------------------------------------------------------------------


def test_delivery_records_seal_day_and_person(world):
    officer, reviewer = world.actor("officer"), world.actor("reviewer")
    case = steps.recommended(world, officer)
    grant_permit(case, reviewer, seen_version=case.row_version)
    assert {letter.kind.value: letter.sealed_on for letter in case.letters if letter.sealed_on is None} == {
        "NOTIFICATION_LETTER": None, "GRANT_DECISION": None
    }  # fmt: skip
    for day in (D(2026, 11, 23), D(2026, 11, 25)):  # before the decision, after today
        with pytest.raises(RuleBroken) as error:
            commands.deliver_case(case, day, officer, case.row_version)
        assert set(error.value.problems) == {"on"}
    with clock.at(steps.shanghai(D(2026, 11, 26))):
        commands.deliver_case(case, D(2026, 11, 25), officer, case.row_version)
    letters = [letter for letter in case.letters if letter.kind in ("NOTIFICATION_LETTER", "GRANT_DECISION")]
    assert [(letter.sealed_on, letter.sealed_by_id) for letter in letters] == [(D(2026, 11, 25), officer.id)] * 2
    assert case.clocks[-1].ended_on == D(2026, 11, 25)
    commands.close_case(case, officer, case.row_version)
    assert case.state == "closed"
