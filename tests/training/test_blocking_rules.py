"""Every limit of the table breaks a plan: what blocks is refused on declaring, sending up, exporting or at the task,
with unit, project, cell and rule named in both languages; what warns needs a written reason. The list of limits comes
from the table: a new one without a way to break it here fails.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, RuleBroken
from expertdesk.foundation.locale import use_language
from expertdesk.models import PlanState, ProjectState, ProviderState, ReviewSide, TrainingProject
from expertdesk.regulations import load
from expertdesk.regulations.current import rules_today
from expertdesk.training import budgeting, declaring, executing, exports, limits, rounds, supplementing
from expertdesk.training.costs import Entered, Fare, Host, Stay
from expertdesk.training.field_names import name_of_field
from expertdesk.training.limits import PlanBlock
from tests.training.year import Year, begin

TODAY = date(2026, 11, 24)
RULES = {row.code: row for row in load().on(TODAY, "Beijing").rows("training_rules") if row.on}
BEFORE_LEAVING = ("declare", "send_up")
Breaker = Callable[[Year, TrainingProject], None]


def codes_of(severity: str, *stages: str) -> list[str]:
    return [code for code, row in RULES.items() if row.severity == severity and (not stages or row.stage in stages)]


# --- how each limit is broken in a group that is sound otherwise -----------------------------------------------------


def with_values(**values: Any) -> Breaker:
    def breaks(year: Year, group: TrainingProject) -> None:
        for name, value in values.items():
            setattr(group, name, value)

    return breaks


def with_budget(**changes: Any) -> Breaker:
    """By the standards, with something missing or above them."""

    def breaks(year: Year, group: TrainingProject) -> None:
        state, group.state = group.state, ProjectState.DRAFT
        data: dict[str, Any] = {
            "first_day_on": date(2027, 5, 10), "stays": (Stay("慕尼黑", 13),), "training_days": 10, "host": Host(),
            "exchanges": (("EUR", Decimal("7.8534"), 1, TODAY, "中国银行"),),
            "fares": (Fare("other", 12, Decimal(9000)),), "other": Decimal(0), "entered": (),
        }  # fmt: skip
        db.session.flush()
        budgeting.keep_budget(group, budgeting.BudgetData(**{**data, **changes}), year.manager)
        group.state = state

    return breaks


def without_money(year: Year, group: TrainingProject) -> None:
    year.numbers(budget=1000)


def without_qualification(year: Year, group: TrainingProject) -> None:
    year.unit.may_organise_groups = False


def out_of_the_register(year: Year, group: TrainingProject) -> None:
    year.provider.state = ProviderState.EXITED


def over_the_number(year: Year, group: TrainingProject) -> None:
    year.numbers(quota=11, unit=11)


def publicity(from_on: date, to_on: date) -> Breaker:
    def breaks(year: Year, group: TrainingProject) -> None:
        row = group.publicity[0]
        row.from_on, row.to_on = from_on, to_on

    return breaks


def one_opinion_against(year: Year, group: TrainingProject) -> None:
    review = supplementing.ReviewData(ReviewSide.FINANCE, "市财政局", TODAY, "516号文", {}, False, "不同意")
    supplementing.record_review(group, review, year.manager)


BREAKS: dict[str, Breaker] = {
    "R01": with_values(state=ProjectState.ADJUSTED),
    "R02": without_money,
    "R03": with_values(destinations=["DE", "FR"]),
    "R04": with_values(cities=["慕尼黑", "柏林", "汉堡", "科隆"]),
    "R06": with_values(is_for_training_only=False),
    "R07": with_values(banquet=Decimal(1)),
    "R08": publicity(date(2026, 11, 16), date(2026, 11, 20)),
    "R09": over_the_number,
    "R11": with_values(leaders_planned=1),
    "R12": with_values(is_without_agents_or_family=False),
    "R13": with_values(awards_degree=True),
    "R14": with_values(invitation_signatory="Jörg Brandt"),
    "R24": with_values(is_without_sponsors=False),
    "K01": with_values(budget_total=Decimal("21000.02")),
    "K02": with_values(destinations=["HK"]),
    "K03": with_values(leaders_planned=13),
    "K04": with_values(subsidy_requested=Decimal("21000.01")),
    "K05": with_values(people_approved=13),
    "K06": with_values(days=0),
    "K07": with_values(key_field=""),
    "K08": without_qualification,
    "K09": out_of_the_register,
    "K10": with_budget(entered=(), stays=(Stay("慕尼黑", 13),), fares=()),
    "K11": with_budget(entered=(Entered("lodging", Decimal(9000), "", None),)),
    "K12": one_opinion_against,
    "K13": lambda year, group: supplementing.set_roster(group, [], year.manager),
}
# the cell the refusal has to name, by the field of the group
CELLS = {
    "R02": "budget_total", "R03": "destinations", "R04": "cities", "R06": "is_for_training_only", "R07": "banquet",
    "R08": "publicity", "R09": "people_planned", "R11": "leader_form", "R12": "is_without_agents_or_family",
    "R13": "awards_degree", "R14": "invitation_signatory", "R24": "is_without_sponsors", "K01": "budget_total",
    "K02": "destinations", "K03": "leaders_planned", "K04": "subsidy_requested", "K05": "people_approved",
    "K06": "days", "K07": "key_field", "K08": "unit", "K09": "provider_id", "K10": "budget", "K11": "budget",
    "K12": "reviews", "K13": "roster",
}  # fmt: skip


@pytest.fixture
def year(app, world):
    return begin(world)


def test_every_blocking_limit_of_the_table_can_be_broken_here():
    assert set(BREAKS) == set(codes_of("block"))
    assert {row.stage for row in RULES.values() if row.severity == "block"} == {*BEFORE_LEAVING, "task"}


def reasons(error: Any) -> dict[str, Any]:
    return {reason.code: reason for reason in error.value.reasons}


def said(text: Any, language: str) -> str:
    with use_language(language):
        return str(text)


def names_the_cell(reason: Any, code: str) -> None:
    for language in ("zh", "en"):
        with use_language(language):
            text = str(reason.text)
            assert code in text and str(name_of_field(rules_today(), CELLS[code])) in text, (language, text)
    assert said(reason.text, "zh") != said(reason.text, "en")


@pytest.mark.parametrize("code", codes_of("block", "declare"))
def test_it_is_not_declared(year, client_for, code):
    group = year.group()
    BREAKS[code](year, group)
    db.session.commit()
    with pytest.raises(NotAllowedNow) as refused:
        declaring.declare(group, year.manager)
    assert code in reasons(refused), reasons(refused)
    names_the_cell(reasons(refused)[code], code)
    number = group.number
    db.session.rollback()
    for language in ("zh", "en"):
        # without a button on the page, and refused all the same
        client = client_for("manager", language)
        shown = client.get(f"/training/groups/{number}").get_data(as_text=True)
        # the rule by its name, in the reader's language
        assert RULES[code].name.text(language) in html.unescape(shown)
        assert f'action="/training/groups/{number}/declare"' not in shown and code in shown
        answer = client.post(f"/training/groups/{number}/declare")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409 and code in page and 'href="/training/' in page


@pytest.mark.parametrize("code", codes_of("block", *BEFORE_LEAVING))
def test_the_plan_does_not_go_up_and_does_not_leave_the_house(year, client_for, code):
    group = year.checked()
    BREAKS[code](year, group)
    limits.recount(year.plan.id, [year.unit.id])
    db.session.commit()
    found = [block for block in limits.blocks_of_plan(year.plan) if block.code == code]
    assert found, code
    for refuse in (rounds.send_up, lambda plan, _actor: exports.refuse_if_blocked(plan)):
        with pytest.raises(NotAllowedNow) as refused:
            refuse(year.plan, year.manager)
        reason = next(one for one in refused.value.reasons if one.code == code)
        names_the_cell(reason, code)
        assert _unit_and_project(found, group, str(reason.text)), str(reason.text)
    db.session.rollback()
    for language in ("zh", "en"):
        client = client_for("manager", language)
        for answer in (
            client.get("/training/2027/export"), client.get("/training/2027/export/plan-zh.xlsx"),
            client.post("/training/2027/send-up"),
        ):  # fmt: skip
            page = answer.get_data(as_text=True)
            assert answer.status_code == 409 and code in page
        # the page of the plan names it too
        page = client.get("/training/2027").get_data(as_text=True)
        assert 'id="blk"' in page and code in page
    assert year.plan.state is PlanState.FIRST_SUBMISSION


def _unit_and_project(found: list[PlanBlock], group: TrainingProject, text: str) -> bool:
    """A limit of the whole part names the part; one of a unit its name; one of a group its number as well."""
    if found[0].number:
        return group.number in text and (group.organisation.name_en in text or group.organisation.name_zh in text)
    return str(found[0].name) in text


@pytest.mark.parametrize("code", codes_of("block", "task"))
def test_no_task_is_approved(year, client_for, code):
    group = year.ready_to_leave()
    BREAKS[code](year, group)
    db.session.commit()
    with pytest.raises(NotAllowedNow) as refused:
        executing.approve_task(group, "任1号", date(2027, 5, 10), date(2027, 5, 23), year.manager)
    if code == "R01":
        # the table of states keeps it out before the limit is asked; the limit itself says so on the page
        assert code in {one.code for one in limits.findings_of(group, "task") if one.is_failed and one.is_block}
    else:
        assert set(reasons(refused)) == {code}
        names_the_cell(reasons(refused)[code], code)
    number = group.number
    db.session.rollback()
    for language in ("zh", "en"):
        client = client_for("manager", language)
        assert code in client.get(f"/training/groups/{number}").get_data(as_text=True)
        sent = {"number": "任1号", "leave_on": "2027-05-10", "return_on": "2027-05-23"}
        assert client.post(f"/training/groups/{number}/task", data=sent).status_code == 409


# --- warnings ---------------------------------------------------------------------------------------------------------


def test_every_warning_of_the_table_is_tried_here():
    tried = {*DECLARED_WITH_REASON, *TASK_WITH_REASON, *RETURNED_WITH_REASON, "K14", "R23"}
    assert tried == set(codes_of("warn"))


DECLARED_WITH_REASON: dict[str, Breaker] = {
    "R07G": with_values(gifts=Decimal(1)),
    "R15": with_values(people_planned=4),
    "R16": with_values(days=22),
}


@pytest.mark.parametrize("code", DECLARED_WITH_REASON)
def test_a_warning_waits_for_its_reason_before_it_is_declared(year, code):
    group = year.group()
    DECLARED_WITH_REASON[code](year, group)
    db.session.flush()
    with pytest.raises(NotAllowedNow) as refused:
        declaring.declare(group, year.manager)
    assert set(reasons(refused)) == {f"reason_{code}"} and code in str(reasons(refused)[f"reason_{code}"].text)
    declaring.give_reasons(group, {code: "  "}, year.manager, None)
    with pytest.raises(NotAllowedNow):
        declaring.declare(group, year.manager)
    declaring.give_reasons(group, {code: "按实际需要"}, year.manager, None)
    declaring.declare(group, year.manager)
    assert group.state is ProjectState.DECLARED and group.reasons == {code: "按实际需要"}


def few_lectures(year: Year, group: TrainingProject) -> None:
    days = [supplementing.DayData(1, "lecture", Decimal("3.9"), "授课"),
            supplementing.DayData(1, "visit", Decimal(8), "参访")]  # fmt: skip
    supplementing.set_schedule(group, days, year.manager)


def somebody_twice(year: Year, group: TrainingProject) -> None:
    other = TrainingProject(
        plan_id=group.plan_id, organisation_id=group.organisation_id, number="2027-JZ-9999", name="另一团组",
        state=ProjectState.APPROVED, created_at=clock.now(), people_approved=2,
    )  # fmt: skip
    db.session.add(other)
    db.session.flush()
    supplementing.set_roster(other, [supplementing.PersonData("张三", passport="E12345678")], year.manager)


TASK_WITH_REASON: dict[str, Breaker] = {"R05": few_lectures, "R17": somebody_twice}


@pytest.mark.parametrize("code", TASK_WITH_REASON)
def test_a_warning_waits_for_its_reason_before_the_task(year, code):
    group = year.ready_to_leave()
    TASK_WITH_REASON[code](year, group)

    def approve() -> None:
        executing.approve_task(group, "任1号", date(2027, 5, 10), date(2027, 5, 23), year.manager)

    with pytest.raises(NotAllowedNow) as refused:
        approve()
    assert set(reasons(refused)) == {f"reason_{code}"}
    declaring.give_reasons(group, {code: "课程安排所需"}, year.manager, None)
    approve()
    assert group.state is ProjectState.TASK_APPROVED


RETURNED_WITH_REASON = {"R20": ("reported", 31), "R21": ("passports", 8)}


@pytest.mark.parametrize("code", RETURNED_WITH_REASON)
def test_a_late_return_waits_for_its_reason_before_the_settlement(year, code):
    from tests.training.test_year import report

    what, days = RETURNED_WITH_REASON[code]
    group, back = year.ready_to_leave(), date(2026, 12, 5)
    executing.approve_task(group, "任1号", date(2026, 11, 24), back, year.manager)
    executing.move_travellers()
    late = back + timedelta(days=days)
    with clock.at(datetime(late.year, late.month, late.day, 2, tzinfo=UTC)):
        executing.move_travellers()
        passports = late if what == "passports" else back
        executing.file_report(group, report(return_on=back, passports_returned_on=passports), year.manager)
        with pytest.raises(NotAllowedNow) as refused:
            executing.settle(group, "", year.manager)
        assert set(reasons(refused)) == {f"reason_{code}"}
        declaring.give_reasons(group, {code: "航班延误"}, year.manager, None)
        executing.settle(group, "", year.manager)
    assert group.state is ProjectState.CLOSED


def test_too_few_people_on_medium_terms_need_a_reason_to_go_up(year, client_for):
    group = year.checked()
    year.numbers(least=3)
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        rounds.send_up(year.plan, year.manager)
    assert "K14" in str(refused.value.problems["reason"])
    db.session.rollback()
    client = client_for("manager")
    page = client.get("/training/2027/send-up").get_data(as_text=True)
    assert "K14" in page and 'name="reason"' in page
    answer = client.post("/training/2027/send-up", data={"reason": " "})
    assert answer.status_code == 422 and "K14" in answer.get_data(as_text=True)
    db.session.expire_all()
    assert year.plan.state is PlanState.FIRST_SUBMISSION
    answer = client.post("/training/2027/send-up", data={"reason": "本年度以短期为主"})
    db.session.expire_all()
    assert answer.status_code == 303 and group.state is ProjectState.SUBMITTED_UP


def test_a_warning_that_comes_up_in_the_second_round_waits_for_its_reason(year):
    from expertdesk.models import PlanPart
    from expertdesk.training.planning import QuotaData

    group = year.checked()
    rounds.send_up(year.plan, year.manager)
    rounds.take_feedback(year.plan, [QuotaData(PlanPart.ABROAD, 20)], {}, year.manager)
    declaring.edit_project(group, year.data(people_planned=4), year.manager)
    with pytest.raises(NotAllowedNow) as refused:
        rounds.send_up_again(year.plan, year.manager)
    assert set(reasons(refused)) == {"reason_R15"} and group.number in str(reasons(refused)["reason_R15"].text)
    declaring.give_reasons(group, {"R15": "上级压缩"}, year.manager, None)
    rounds.send_up_again(year.plan, year.manager)
    assert year.plan.state is PlanState.SECOND_SENT


def test_an_adjustment_needs_its_reason_and_stays_within_the_totals(year):
    group = year.approved(people=10)
    with pytest.raises(NotAllowedNow) as refused:
        executing.ask_adjustment(group, {"depart_month": 9}, " ", year.manager)
    assert set(reasons(refused)) == {"reason_missing"}
    executing.ask_adjustment(group, {"people_approved": 12}, "增派", year.manager)
    year.plan.quotas[0].headcount = 11
    db.session.flush()
    with pytest.raises(NotAllowedNow) as refused:
        executing.agree_adjustment(group, year.manager)
    assert "R09" in reasons(refused)


@pytest.mark.parametrize("part", ["abroad", "hk_macao", "taiwan"])
@pytest.mark.parametrize(
    ("country", "own"), [("DE", "abroad"), ("HK", "hk_macao"), ("MO", "hk_macao"), ("TW", "taiwan"), ("SG", "abroad")]
)
def test_hong_kong_macao_and_taiwan_stand_on_their_own_sheets_only(year, country, own, part):
    from expertdesk.models import PlanPart

    group = year.group(destinations=(country,), part=PlanPart(part))
    failed = {one.code for one in limits.findings_of(group, "declare") if one.is_failed}
    assert ("K02" in failed) is (own != part)
