"""A whole year by its commands: two rounds up and down, execution, settlement; what each step refuses and keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, RuleBroken, Stale
from expertdesk.models import Account, Membership, MembershipRight, Message, PlanPart, PlanState, ProjectState
from expertdesk.training import declaring, executing, limits, planning, policy, rounds, snapshots
from expertdesk.training.differences import compare
from expertdesk.training.planning import QuotaData
from expertdesk.training.workflow import GROUP, PLAN
from expertdesk.workflow import first_bad_event, problems_of
from tests.training.year import begin


@pytest.fixture
def year(app, world):
    return begin(world)


def reasons(error) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def test_both_tables_are_sound(app):
    assert problems_of(GROUP) == [] and problems_of(PLAN) == []


def test_a_whole_year_from_the_numbers_to_the_end(year):
    group = year.ready_to_leave()
    executing.approve_task(group, "任1号", date(2026, 11, 24), date(2026, 12, 5), year.manager)
    assert executing.move_travellers() == 1 and group.state is ProjectState.IN_PROGRESS
    with clock.at(datetime(2026, 12, 9, 2, tzinfo=UTC)):
        # three days late: it catches up, once
        assert executing.move_travellers() == 1 and group.state is ProjectState.REPORT_DUE
        assert executing.move_travellers() == 0
        assert group.report_due_on == date(2027, 1, 4)
        with pytest.raises(NotAllowedNow) as early:
            rounds.close_year(year.plan, year.manager)
        assert reasons(early) == {"not_back"}
        executing.file_report(group, report(), year.manager)
        executing.settle(group, "", year.manager)
        assert rounds.close_year(year.plan, year.manager) == 0
    assert group.state is ProjectState.CLOSED and year.plan.state is PlanState.CLOSED
    assert [one.round.value for one in snapshots.snapshots_of(year.plan)] == [
        "first_submission", "first_feedback", "second_submission", "approved",
    ]  # fmt: skip
    assert first_bad_event(db.session()) is None


def report(**changes) -> executing.ReportData:
    values = {
        "leave_on": date(2026, 11, 24), "return_on": date(2026, 12, 5), "people": 2, "cities": ("慕尼黑",),
        "inviter": "TUM", "tasks_done": "完成", "lecture_hours": Decimal(6), "visit_hours": Decimal(6),
        "passports_returned_on": date(2026, 12, 8), "discipline": "", "costs": {"budget_training": Decimal(900)},
        "paid_by_host": None, "over_standard": "", "results": "成果", "provider_score": 4,
    }  # fmt: skip
    return executing.ReportData(**{**values, **changes})


def test_what_was_not_run_and_not_extended_lapses(year):
    group = year.approved()
    assert rounds.close_year(year.plan, year.manager) == 1
    assert group.state is ProjectState.CANCELLED and group.end_code == "lapsed"


def test_an_extended_group_does_not_lapse(year):
    group = year.approved()
    with pytest.raises(RuleBroken):
        executing.extend(group, date(2027, 3, 1), "推迟", year.manager)
    executing.extend(group, date(2028, 3, 1), "推迟", year.manager)
    assert rounds.close_year(year.plan, year.manager) == 0
    assert group.state is ProjectState.APPROVED


def test_nothing_goes_up_while_something_waits_for_the_check(year):
    year.checked(people_planned=8)
    waiting = year.group(people_planned=8)
    declaring.declare(waiting, year.manager)
    with pytest.raises(NotAllowedNow) as refused:
        rounds.send_up(year.plan, year.manager)
    assert reasons(refused) == {"unchecked"}
    assert year.plan.state is PlanState.FIRST_SUBMISSION


def test_over_the_number_from_above_nothing_goes_up(year):
    year.checked(people_planned=15)
    year.checked(people_planned=6)
    with pytest.raises(NotAllowedNow) as refused:
        rounds.send_up(year.plan, year.manager)
    assert reasons(refused) == {"R09"}


def test_exactly_the_number_passes(year):
    year.checked(people_planned=15)
    year.checked(people_planned=5)
    rounds.send_up(year.plan, year.manager)
    assert year.plan.state is PlanState.FIRST_SENT


def test_a_lower_number_from_above_blocks_the_second_round_until_the_unit_gives_way(year):
    group = year.checked()
    rounds.send_up(year.plan, year.manager)
    rounds.take_feedback(year.plan, [QuotaData(PlanPart.ABROAD, 10)], {group.number: "请压缩"}, year.manager)
    assert group.state is ProjectState.QUOTA_FEEDBACK and group.review_note == "请压缩"
    with pytest.raises(NotAllowedNow) as refused:
        rounds.send_up_again(year.plan, year.manager)
    assert reasons(refused) == {"R09", "numbers_over"}
    declaring.edit_project(group, year.data(people_planned=10), year.manager)
    year.numbers(10, 10)
    rounds.send_up_again(year.plan, year.manager)
    first, *_rest, last = snapshots.snapshots_of(year.plan)
    found = compare(first.rows, last.rows)
    assert [(one.number, [(f.name, f.before, f.after) for f in one.fields]) for one in found.changed] == [
        (group.number, [("people_planned", 12, 10)])
    ]
    assert found.totals["people_planned"] == (Decimal(12), Decimal(10)) and found.count == 1


def test_the_approval_list_names_every_group_and_never_more_than_was_asked(year):
    group = year.checked()
    rounds.send_up(year.plan, year.manager)
    rounds.take_feedback(year.plan, [QuotaData(PlanPart.ABROAD, 20)], {}, year.manager)
    rounds.send_up_again(year.plan, year.manager)

    def approve(*lines):
        rounds.record_approval(year.plan, lines, year.manager, document="批1", on=clock.today())

    for wrong in (
        (),
        (rounds.Approval(group.number, True, 13, None, "1号"),),
        (rounds.Approval(group.number, True, None, None, "1号"),),
        (rounds.Approval(group.number, True, 12, Decimal(5001), "1号"),),
        (rounds.Approval(group.number, True, 12, None, ""),),
    ):
        with pytest.raises(RuleBroken):
            approve(*wrong)
    assert group.state is ProjectState.SUBMITTED_UP
    approve(rounds.Approval(group.number, False, note="同类已安排"))
    assert group.state is ProjectState.REJECTED and group.people_approved is None


def test_the_task_approval_waits_for_both_opinions_publicity_and_signatory(year):
    group = year.approved()
    executing.publicise(group, executing.PublicityData(date(2026, 11, 20), date(2026, 11, 23), "x", "y"), year.manager)
    with pytest.raises(NotAllowedNow) as refused:
        executing.approve_task(group, "任1", date(2026, 11, 25), date(2026, 12, 1), year.manager)
    assert {"R08", "R14", "K12", "K13"} <= reasons(refused)
    assert group.state is ProjectState.PUBLICISED


def test_a_wrong_signatory_is_refused(year):
    group = year.ready_to_leave()
    executing.set_invitation(group, "Jörg Brandt", year.manager)
    with pytest.raises(NotAllowedNow) as refused:
        executing.approve_task(group, "任1", date(2026, 11, 25), date(2026, 12, 1), year.manager)
    assert reasons(refused) == {"R14"}


def test_who_goes_twice_in_a_year_is_seen_across_groups(year):
    from expertdesk.training import supplementing

    first, second = year.group(people_planned=6), year.group(people_planned=6)
    person = supplementing.PersonData("张三", passport="e 1234-5678")
    supplementing.set_roster(first, [supplementing.PersonData("ZHANG SAN", passport="E12345678")], year.manager)
    supplementing.set_roster(second, [person], year.manager)
    found = {one.code: one for one in limits.findings_of(second, "task")}
    assert found["R17"].is_failed and first.number in str(found["R17"].text)


def test_a_settlement_beyond_the_approval_needs_a_note(year):
    group = year.ready_to_leave()
    executing.approve_task(group, "任1号", date(2026, 11, 24), date(2026, 12, 5), year.manager)
    executing.move_travellers()
    with clock.at(datetime(2026, 12, 9, 2, tzinfo=UTC)):
        executing.move_travellers()
        executing.file_report(
            group, report(cities=("慕尼黑", "维也纳"), costs={"budget_meals": Decimal(9000)}), year.manager
        )
        beyond = {line.code for line in executing.settlement(group) if line.is_beyond}
        assert beyond == {"cities", "budget_meals"}
        with pytest.raises(RuleBroken):
            executing.settle(group, "", year.manager)
        executing.settle(group, "已核实", year.manager)
    assert group.state is ProjectState.CLOSED


def test_an_adjustment_keeps_the_approved_values_until_it_is_agreed(year):
    group = year.approved(people=10)
    executing.ask_adjustment(group, {"people_approved": 12, "depart_month": 9}, "增派", year.manager)
    assert group.people_approved == 10 and group.state is ProjectState.ADJUSTED
    executing.agree_adjustment(group, year.manager)
    assert (group.people_approved, group.depart_month, group.adjustment) == (12, 9, {})
    executing.ask_adjustment(group, {"depart_month": 10}, "推迟", year.manager)
    executing.refuse_adjustment(group, "不宜再调", year.manager)
    assert group.depart_month == 9 and group.state is ProjectState.APPROVED


# --- who may what -------------------------------------------------------------------------------------------------


def contact_of(world, organisation_id) -> Actor:
    """A training contact of one organisation."""
    return replace(world.actor("employer"), training_organisations=frozenset({organisation_id}))


def test_a_training_contact_sees_and_declares_for_the_own_unit_only(year, world):
    group = year.group()
    own, other = contact_of(world, year.unit.id), contact_of(world, 999)
    assert policy.find_project(group.number, own) is group
    with pytest.raises(NotFound):
        policy.find_project(group.number, other)
    declaring.declare(group, own)
    with pytest.raises(NotPermitted):
        rounds.review_project(group, rounds.Opinion("recommend"), own)
    with pytest.raises(NotFound):
        declaring.create_project(year.plan, year.unit.id, year.data(), other)


def test_the_contacts_of_the_unit_are_told_once_for_each_event(year, world):
    account = db.session.get_one(Account, world.actor("employer").id)
    account.memberships.append(Membership(organisation_id=year.unit.id, right=MembershipRight.TRAINING))
    group = year.group()
    declaring.declare(group, year.manager)
    rounds.return_project(group, "请修改", year.manager)
    told = list(db.session.scalars(select(Message).where(Message.kind == "training_returned")))
    assert [(one.account_id, one.parameters["number"]) for one in told] == [(account.id, group.number)]


def test_a_stale_save_shows_both_versions(year):
    group = year.group()
    seen = group.row_version
    declaring.edit_project(group, year.data(people_planned=8), year.manager, seen_version=seen)
    with pytest.raises(Stale) as stale:
        declaring.edit_project(group, year.data(people_planned=9), year.manager, seen_version=seen)
    assert [(one.name, one.stored, one.yours) for one in stale.value.differences] == [("people_planned", "8", "9")]
    assert group.people_planned == 8


def test_a_year_is_opened_once_and_not_far_away(year):
    for wrong in (2027, 2024, 2031):
        with pytest.raises(RuleBroken):
            planning.open_plan(wrong, year.manager)


def test_no_declaration_outside_a_round(year):
    year.checked()
    rounds.send_up(year.plan, year.manager)
    with pytest.raises(RuleBroken):
        year.group()


def test_room_in_one_part_does_not_hide_that_another_is_over(year, client_for):
    from expertdesk.models import TrainingControl

    year.checked(people_planned=15)
    year.plan.units[0].controls.append(TrainingControl(part=PlanPart.HK_MACAO, people=30))
    year.plan.units[0].controls[0].people = 12
    db.session.commit()
    page = client_for("manager").get("/training/2027").get_data(as_text=True)
    row = page.partition("ed-units")[2].partition("<tbody>")[2].partition("</tr>")[0]
    assert "is-block" in row and "3 over" in row and "Abroad" in row
