"""Each guard and ceiling of the programmes, met and then broken by a single thing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from expertdesk.access import SYSTEM, Role
from expertdesk.accounts.commands import create_account
from expertdesk.demo.specimens import specimen
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, RuleBroken
from expertdesk.models import MembershipRight, ProgramApplication, ProgramState
from expertdesk.programs import application_parts, checking, commands, guards, rules
from expertdesk.programs.entry import BudgetEntry, Decision, MeetingData, OutsideReviewer, Spent
from expertdesk.regulations.current import rules_today
from tests.programs import making
from tests.programs.making import D


@pytest.fixture
def call(world):
    return making.call(world)


@contextmanager
def refused(*codes: str):
    """The refusal of an action by exactly these reasons."""
    with pytest.raises(NotAllowedNow) as error:
        yield
    assert [reason.code for reason in error.value.reasons] == list(codes)


@contextmanager
def broken(*fields: str):
    """The refusal of what was typed in exactly these fields."""
    with pytest.raises(RuleBroken) as error:
        yield
    assert set(error.value.problems) == set(fields), {name: str(text) for name, text in error.value.problems.items()}


def gaps(application: ProgramApplication) -> list[str]:
    return [gap.code for gap in checking.gaps(application)]


# --- the call ---------------------------------------------------------------------------------------------------


def test_only_while_the_call_is_open(world):
    call = making.call(world)
    unannounced = commands.make_call(making.call_data(), world.actor("manager"))
    with refused("call_not_open"):
        making.draft(world, unannounced)
    with making.at("2026-10-31"), refused("call_not_open"):
        making.draft(world, call)
    with making.at("2026-11-01", 0):
        application = making.draft(world, call)
    with making.at("2026-12-11", 0), refused("call_closed"):
        making.draft(world, call, title="二")
    with making.at("2026-12-11", 0), pytest.raises(NotAllowedNow) as error:
        commands.submit_application(application, world.actor("employer"))
    assert "call_closed" in {reason.code for reason in error.value.reasons}


def test_what_was_returned_comes_back_after_the_end_of_the_call(world, call):
    application, employer = making.submitted(world, call), world.actor("employer")
    commands.return_application(application, "缺签字页。", world.actor("manager"))
    with making.at("2026-12-15"):
        commands.submit_application(application, employer)
    assert application.state is ProgramState.SUBMITTED


def test_places_and_number_of_applications_of_one_organisation(world):
    call, employer = making.call(world, unit_quota=2), world.actor("employer")
    first = making.submitted(world, call)
    second = making.filled(world, call, title="二", unit_rank=1)
    with refused("rank_taken"):
        commands.submit_application(second, employer)
    commands.edit_particulars(second, making.particulars(title="二", unit_rank=2), employer, None)
    commands.submit_application(second, employer)
    third = making.filled(world, call, title="三", unit_rank=3)
    with refused("unit_quota"):
        commands.submit_application(third, employer)
    commands.withdraw_application(first, "专家不能来华。", employer)
    commands.submit_application(third, employer)
    assert third.state is ProgramState.SUBMITTED, "what was withdrawn holds no place"


def test_only_a_contact_with_the_right_acts_for_the_organisation(world, call):
    application = making.filled(world, call)
    create_account(
        username="reader", name="只读", roles=(Role.EMPLOYER,), password=world.password, email="r@mail.example",
        memberships=((world.organisation_id, MembershipRight.READ_ONLY),), actor=SYSTEM,
    )  # fmt: skip
    for username in ("reader", "employer2"):
        with refused("not_your_organisation"):
            commands.submit_application(application, world.actor(username))
    with broken("organisation"):
        commands.begin_application(call, world.organisation_id, making.particulars(), world.actor("reader"))
    with pytest.raises(NotPermitted):
        commands.submit_application(application, world.actor("manager"))


# --- completeness and ceilings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"field": ""}, "field"), ({"unit_rank": None}, "unit_rank"), ({"contact_phone": ""}, "contact"),
        ({"need": " "}, "need"), ({"tasks": ""}, "tasks"), ({"partners": ""}, "partners"),
        ({"ip_terms": ""}, "ip_terms"),
        ({"ends_on": None}, "period"),
        ({"starts_on": date(2027, 1, 1)}, "period_year"),
    ],
)  # fmt: skip
def test_a_particular_that_is_missing(world, call, changes, code):
    application = making.filled(world, call)
    assert gaps(application) == []
    commands.edit_particulars(application, making.particulars(**changes), world.actor("employer"), None)
    assert gaps(application) == [code]
    with refused(code):
        commands.submit_application(application, world.actor("employer"))


def test_a_project_is_neither_too_short_nor_too_long(world):
    call = making.call(world, kind="BJNSF")
    application = making.filled(world, call, field="")
    employer = world.actor("employer")
    for last, expected in (
        (date(2027, 5, 30), ["too_short"]), (date(2027, 5, 31), []),
        (date(2028, 11, 30), []), (date(2029, 1, 1), ["too_long"]),
    ):  # fmt: skip
        data = making.particulars(field="", ends_on=last)
        commands.edit_particulars(application, data, employer, None)
        assert gaps(application) == expected, last


def test_experts_of_an_application(world, call):
    application, employer = making.filled(world, call), world.actor("employer")
    expert = application.experts[0]
    for changes, codes in (
        ({"nationality": "HK"}, ["not_foreign"]), ({"months_requested": D(0)}, ["no_months"]),
        ({"visit_days": 0}, ["no_days", "over.ALLOWANCE", "over.LIVING"]),
        ({"months_requested": D("2.01")}, ["months_over"]),
        ({"months_requested": D("9"), "mode": "full_time"}, []),
    ):  # fmt: skip
        commands.change_expert(application, expert.id, making.expert_data(**changes), employer, None)
        assert gaps(application) == codes, changes
    commands.change_expert(application, expert.id, making.expert_data(), employer, None)
    commands.remove_expert(application, expert.id, employer)
    assert "no_expert" in gaps(application)


@pytest.mark.parametrize(
    ("item", "most"), [("TRAVEL", 30000), ("ALLOWANCE", 18000), ("LIVING", 36000), ("INTERCITY", 6000)]
)
def test_ceilings_by_item_for_two_visits_of_thirty_days(world, call, item, most):
    application, employer = making.filled(world, call), world.actor("employer")
    commands.set_budget(application, {item: BudgetEntry(D(most))}, employer, None)
    assert gaps(application) == []
    commands.set_budget(application, {item: BudgetEntry(D(most) + D("0.01"))}, employer, None)
    assert gaps(application) == [f"over.{item}"]
    commands.set_budget(application, {item: BudgetEntry(D(most), D(999999))}, employer, None)
    assert gaps(application) == [], "what the organisation adds is free"


def test_days_beyond_the_subsidised_ones_and_short_visits(world, call):
    """CNY 300 a day at most 30 days: 40 days give no more than 30, 10 days give a third."""
    application, employer = making.filled(world, call), world.actor("employer")
    expert = application.experts[0]
    for days, most in ((40, 9000), (10, 3000)):
        data = making.expert_data(visits=1, visit_days=days, months_requested=D("0.3"))
        commands.change_expert(application, expert.id, data, employer, None)
        for amount, codes in ((most, []), (most + 1, ["over.ALLOWANCE"])):
            commands.set_budget(application, {"ALLOWANCE": BudgetEntry(D(amount))}, employer, None)
            assert gaps(application) == codes, (days, amount)


def test_all_items_of_a_visit_together(world, call):
    """Each within its own ceiling, together above CNY 45,000 a visit: impossible by the items alone, so they add up to
    exactly that."""
    application, employer = making.filled(world, call), world.actor("employer")
    full = {"TRAVEL": 30000, "ALLOWANCE": 18000, "LIVING": 36000, "INTERCITY": 6000}
    assert sum(full.values()) == rules.visits_ceiling(rules_today(), [rules.Stays(2, 30)])
    commands.set_budget(application, {item: BudgetEntry(D(amount)) for item, amount in full.items()}, employer, None)
    assert gaps(application) == []


def test_the_whole_subsidy_of_a_kind(world):
    application = making.filled(world, making.call(world, kind="BJNSF"), field="")
    employer = world.actor("employer")
    for amount, codes in ((200000, []), (200001, ["over.total"])):
        commands.set_budget(application, {"WAGES": BudgetEntry(D(amount))}, employer, None)
        assert gaps(application) == codes, amount
    commands.set_budget(application, {}, employer, None)
    assert gaps(application) == ["no_budget"]


def test_goals_and_annexes(world, call):
    application, employer = making.filled(world, call), world.actor("employer")
    commands.set_goals(application, commands_goals("", {"PAPERS": 2}), employer, None)
    assert gaps(application) == ["goals", "indicator.TRAINED"]
    commands.set_goals(application, commands_goals("建成平台。", {"PAPERS": 2, "TRAINED": 6}), employer, None)
    passport = next(file for file in application.files if file.document == "PASSPORT")
    commands.remove_file(application, passport.id, employer)
    assert gaps(application) == ["file.PASSPORT"]
    with broken("expert"):
        commands.add_file(application, "PASSPORT", specimen("PASSPORT"), employer)
    with broken("document"):
        commands.add_file(application, "NOTHING", specimen("PASSPORT"), employer)


def commands_goals(text: str, indicators: dict[str, int]):
    from expertdesk.programs.entry import Goals

    return Goals(text, indicators)


# --- the review -------------------------------------------------------------------------------------------------


def test_a_reviewer_with_a_conflict_falls_out(world, call):
    application, reviewer = making.in_review(world, call), world.actor("reviewer")
    review = own_review(application)
    with broken("conflict_note"):
        commands.declare_conflict(review, " ", reviewer)
    commands.declare_conflict(review, "与申报单位有合作。", reviewer)
    with refused("conflict"):
        commands.give_review(review, making.review_data(), reviewer)
    for other in outside(application):
        commands.record_outside_review(application, other.id, making.review_data(), world.actor("manager"))
    with refused("too_few_reviewers"):
        commands.finish_review(application, world.actor("manager"))
    commands.assign_reviewers(
        application, [], [OutsideReviewer("李研究员", "江州大学")], date(2026, 12, 20), world.actor("manager")
    )
    with refused("reviews_missing"):
        commands.finish_review(application, world.actor("manager"))


def own_review(application: ProgramApplication):
    return next(item for item in application.reviews if item.reviewer_id)


def outside(application: ProgramApplication):
    return [item for item in application.reviews if not item.reviewer_id]


def test_a_review_is_given_once_by_whom_it_was_assigned_to(world, call):
    application, reviewer = making.in_review(world, call), world.actor("reviewer")
    stranger = create_account(
        username="reviewer2", name="许岚", roles=(Role.REVIEWER,), password=world.password, actor=SYSTEM,
        email="reviewer2@mail.example",
    )  # fmt: skip
    assert stranger.id
    with refused("not_assigned"):
        commands.give_review(own_review(application), making.review_data(), world.actor("reviewer2"))
    with broken("score_EXPERT", "recommendation", "opinion"):
        scores = {**making.SCORES, "EXPERT": 31}
        data = making.review_data(scores=scores, recommendation="perhaps", opinion=" ")
        commands.give_review(own_review(application), data, reviewer)
    commands.give_review(own_review(application), making.review_data(), reviewer)
    with refused("review_sent"):
        commands.give_review(own_review(application), making.review_data(), reviewer)
    with refused("review_sent"):
        commands.declare_conflict(own_review(application), "后来想起。", reviewer)


def test_scores_are_hidden_until_all_are_in(app, world, call):
    application, manager, book = making.in_review(world, call), world.actor("manager"), rules_today()
    commands.give_review(own_review(application), making.review_data(), world.actor("reviewer"))
    first, second = outside(application)
    commands.record_outside_review(application, first.id, making.review_data(), manager)
    for actor in (manager, world.actor("reviewer"), world.actor("officer")):
        assert not guards.may_read_reviews(application, actor)
    with app.test_request_context():
        hidden = application_parts.reviews_of(application, book)
    assert {(line.total, line.opinion, line.scores) for line in hidden} == {(None, "", ())}
    assert application_parts.mean_of(application) is None
    commands.record_outside_review(application, second.id, making.review_data(), manager)
    with app.test_request_context():
        shown = application_parts.reviews_of(application, book)
    assert {line.total for line in shown} == {sum(making.SCORES.values())} and all(line.opinion for line in shown)
    assert guards.may_read_reviews(application, manager)
    for nobody in ("employer", "expert", "admin", "auditor"):
        assert not guards.may_read_reviews(application, world.actor(nobody)), nobody


def test_assigning(world, call):
    application, manager = making.submitted(world, call), world.actor("manager")
    commands.pass_check(application, manager)
    with broken("accounts"):
        commands.assign_reviewers(application, [], [], date(2026, 12, 20), manager)
    with broken("accounts"):
        commands.assign_reviewers(application, [world.accounts["officer"]], [], date(2026, 12, 20), manager)
    with broken("outside", "due_on"):
        commands.assign_reviewers(application, [], [OutsideReviewer("王教授", "")], date(2026, 11, 23), manager)


# --- the decision -----------------------------------------------------------------------------------------------


def decide(call: Any, actor: Any, *decisions: Decision, held_on: date = date(2026, 11, 24), chair: str = "高岚"):
    return commands.hold_meeting(call, MeetingData(held_on, chair), decisions, actor)


def test_the_list_of_the_decision_meeting(world, call):
    """All of it or nothing, within what was asked for, only what waits for it."""
    manager = world.actor("manager")
    good, other = making.reviewed(world, call), making.reviewed(world, call, title="二", unit_rank=2)
    waiting = making.submitted(world, call, title="三", unit_rank=3)
    propose = Decision(good.id, "propose", D(74000), D(2))
    a = f"a{other.id}"
    with broken("held_on", "chair"):
        decide(call, manager, propose, held_on=date(2026, 11, 25), chair=" ")
    with broken(""):
        decide(call, manager)
    with broken(""):
        decide(call, manager, propose, Decision(waiting.id, "propose", D(1), D(1)))
    with broken(f"{a}_funds", f"{a}_months"):
        decide(call, manager, propose, Decision(other.id, "propose", D("74000.01"), D("2.01")))
    with broken(f"{a}_funds", f"{a}_months"):
        decide(call, manager, propose, Decision(other.id, "propose"))
    with broken(f"{a}_note"):
        decide(call, manager, propose, Decision(other.id, "reject"))
    with pytest.raises(NotPermitted):
        decide(call, world.actor("reviewer"), propose)
    assert good.state is ProgramState.REVIEWED, "nothing of a refused list is kept"
    decide(call, manager, propose, Decision(other.id, "reject", note="经费不足。"))
    assert (good.state, other.state) == (ProgramState.PROPOSED, ProgramState.REJECTED)


def test_publicity_lasts_its_working_days_and_the_approval_comes_after(world, call):
    manager = world.actor("manager")
    application = making.proposed(world, call)
    with broken("last"):
        commands.publicise(call, [application.id], date(2026, 11, 24), manager, date(2026, 11, 29))
    with broken("applications"):
        commands.publicise(call, [], date(2026, 11, 24), manager)
    other = making.call(world, name="另一个")
    with pytest.raises(NotFound):
        commands.publicise(other, [application.id], date(2026, 11, 24), manager)
    commands.publicise(call, [application.id], date(2026, 11, 24), manager)
    assert application.publicity_to == date(2026, 11, 30)
    with making.at("2026-11-30", 23), refused("publicity_runs"):
        commands.approve_application(application, making.approval(), manager)
    with making.at("2026-12-01", 0):
        commands.approve_application(application, making.approval(on=clock.today()), manager)


def test_a_publicity_over_the_national_day(world):
    """1 to 8 October 2026 are not worked: five working days from 30 September end on 13 October or when the calendar
    says so."""
    book = rules_today()
    last = rules.publicity_end(book, date(2026, 9, 30))
    days = [date(2026, 9, 30).fromordinal(day) for day in range(date(2026, 9, 30).toordinal(), last.toordinal() + 1)]
    assert sum(book.calendar.is_working(day) for day in days) == 5 and book.calendar.is_working(last)
    assert last > date(2026, 10, 8)


def test_an_objection_is_answered_before_the_approval(world, call):
    application, manager = making.publicised(world, call), world.actor("manager")
    with making.at("2026-12-03"):
        with broken("objection"):
            commands.note_objection(application, " ", "", manager)
        commands.note_objection(application, "专家年龄不符。", "", manager)
        with refused("objection_open"):
            commands.approve_application(application, making.approval(), manager)
        commands.note_objection(application, "专家年龄不符。", "经核实符合。", manager)
        commands.approve_application(application, making.approval(on=date(2026, 12, 3)), manager)


def test_money_is_given_for_people_who_are_known(world, call):
    application, manager = making.publicised(world, call), world.actor("manager")
    expert = application.experts[0]
    expert.passport_number, expert.person_id = "", None
    db.session.flush()
    with making.at("2026-12-03"), refused("expert_unknown"):
        commands.approve_application(application, making.approval(on=date(2026, 12, 3)), manager)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"number": " "}, ["number"]),
        ({"on": date(2026, 12, 4)}, ["on"]),
        ({"lines": {"TRAVEL": D("26000.01")}}, ["line_TRAVEL"]),
        ({"lines": {"HOUSING": D(1)}}, ["line_HOUSING"]),
        ({"lines": {"TRAVEL": D(26000), "ALLOWANCE": D(18000), "LIVING": D(26001)}}, ["lines"]),
        ({"months": D("2.01")}, ["months"]),
    ],
)
def test_the_approval_stays_within_what_was_asked_and_proposed(world, call, changes, fields):
    application, manager = making.publicised(world, call), world.actor("manager")
    with making.at("2026-12-03"):
        with broken(*fields):
            commands.approve_application(application, making.approval(**{"on": date(2026, 12, 3), **changes}), manager)
        commands.approve_application(application, making.approval(on=date(2026, 12, 3)), manager)
    assert application.funds_approved == D(70000)


def test_quota_and_funds_of_the_call(world):
    manager = world.actor("manager")
    call = making.call(world, quota=2, funds=D(100000))
    first = making.publicised(world, call)
    second = making.publicised(world, call, title="二", unit_rank=2)
    third = making.publicised(world, call, title="三", unit_rank=3)
    with making.at("2026-12-03"):
        day = {"on": date(2026, 12, 3)}
        commands.approve_application(first, making.approval(**day), manager)
        with broken("lines"):
            commands.approve_application(second, making.approval(lines={"TRAVEL": D(25000), "LIVING": D(5001)}, **day),
                                         manager)  # fmt: skip
        commands.approve_application(second, making.approval(lines={"TRAVEL": D(25000), "LIVING": D(5000)}, **day),
                                     manager)  # fmt: skip
        with broken("number"):
            commands.approve_application(third, making.approval(lines={}, **day), manager)


# --- the run ----------------------------------------------------------------------------------------------------


def test_a_project_starts_in_its_year_and_not_before_its_approval(world, call):
    application, employer = making.approved(world, call), world.actor("employer")
    with making.at("2026-12-05"):
        with broken("on"):
            commands.start_project(application, date(2026, 12, 6), employer)
        with broken("on"):
            commands.start_project(application, date(2026, 12, 2), employer)
    with making.at("2027-01-01"), refused("lapsed"):
        commands.start_project(application, date(2026, 12, 31), employer)
    with making.at("2026-12-31"):
        commands.start_project(application, date(2026, 12, 31), employer)


def test_an_extension_is_asked_for_in_time_and_then_holds(world, call):
    application, employer = making.approved(world, call), world.actor("employer")
    wanted: Callable[..., Any] = lambda **changes: making.change(  # noqa: E731
        kind="extension", ends_on=date(2027, 12, 31), **changes
    )
    with making.at("2026-12-16"), broken("kind"):
        commands.ask_change(application, wanted(), employer)
    with making.at("2026-12-15"):
        with broken("ends_on"):
            commands.ask_change(application, replace(wanted(), ends_on=date(2026, 12, 31)), employer)
        with broken("reason"):
            commands.ask_change(application, replace(wanted(), reason=" "), employer)
        commands.ask_change(application, wanted(), employer)
        with refused("change_open"):
            commands.ask_change(application, making.change(), employer)
    with making.at("2026-12-20"):
        commands.decide_change(application, True, "", world.actor("manager"))
    with making.at("2027-02-01"):
        assert commands.lapse_due() == 0
        commands.start_project(application, date(2027, 2, 1), employer)
    assert application.state is ProgramState.RUNNING


def test_visits_of_one_expert_do_not_overlap(world, call):
    application, employer = making.running(world, call), world.actor("employer")
    with making.at("2027-04-01"):
        making.visit(application, world)
        for first, last, field in (
            (date(2027, 3, 30), date(2027, 3, 31), "entered_on"), (date(2027, 3, 31), date(2027, 4, 2), "left_on"),
            (date(2026, 11, 1), date(2026, 12, 3), "entered_on"), (date(2027, 4, 1), date(2027, 3, 31), "left_on"),
        ):  # fmt: skip
            with broken(field):
                making.visit(application, world, first, last)
        making.visit(application, world, date(2027, 3, 31), date(2027, 4, 1))
    assert [visit.days for visit in application.visits] == [30, 2]
    with pytest.raises(NotFound):
        commands.record_visit(application, 999, date(2027, 3, 1), date(2027, 3, 1), "", employer)


def test_money_moved_between_items(world, call):
    application, employer = making.running(world, call), world.actor("employer")
    for changes, field in (
        ({"from_item": "HOUSING"}, "from_item"), ({"to_item": "LIVING"}, "to_item"), ({"amount": D(0)}, "amount"),
        ({"amount": D("26000.01")}, "amount"), ({"kind": "nothing"}, "kind"),
        ({"kind": "expert", "expert_id": 999}, "expert_id"),
    ):  # fmt: skip
        with broken(field):
            commands.ask_change(application, making.change(**changes), employer)
    commands.ask_change(application, making.change(amount=D(26000)), employer)
    with broken("answer"):
        commands.decide_change(application, False, " ", world.actor("manager"))
    commands.decide_change(application, True, "", world.actor("manager"))
    approved = {line.item: line.approved for line in application.budget}
    assert (approved["LIVING"], approved["TRAVEL"]) == (0, 52000)
    assert sum(filter(None, approved.values()), Decimal(0)) == application.funds_approved


def test_the_settlement_stays_within_the_approval_item_by_item(world, call):
    application, manager, employer = making.running(world, call), world.actor("manager"), world.actor("employer")
    with making.at("2027-11-20"):
        with broken("explanation"):
            commands.file_settlement(application, {"TRAVEL": Spent(D(25000))}, " ", employer)
        over = {"TRAVEL": Spent(D("26000.01")), "ALLOWANCE": Spent(D(18001)), "LIVING": Spent(D(26000))}
        commands.file_settlement(application, over, "机票涨价。", employer)
        with refused("over.TRAVEL", "over.ALLOWANCE"):
            commands.accept_settlement(application, "", manager)
        exact = {"TRAVEL": Spent(D(26000)), "ALLOWANCE": Spent(D(18000)), "LIVING": Spent(D(26000))}
        commands.file_settlement(application, exact, "", employer)
        commands.accept_settlement(application, "", manager)
        with refused("no_final_report"):
            commands.close_project(application, "", manager)


def test_an_evaluation_has_its_grade_and_its_grounds(world, call):
    application = making.closed(world, call)
    with making.at("2027-12-10"), broken("grade", "opinion"):
        commands.evaluate_project(application, "superb", " ", world.actor("manager"))
