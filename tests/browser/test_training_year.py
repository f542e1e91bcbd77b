"""A whole year of the overseas-training plan as its users meet it: a manager and the training contacts of three units,
in Chinese with scripts and in English without any, on a copy of the bureau whose clock is moved from day to day.

Two units send groups abroad, one to Hong Kong; one is over its number, is sent back, gives way in the second round and
never sets out; the Hong Kong group is not approved; the first unit runs, reports and is settled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from expertdesk.demo.cast import credit_code, read_lines
from tests.browser.conftest import PASSWORD, House
from tests.browser.own_house import OwnHouse, own_house
from tests.browser.steps import main_text, submit, work_out

TODAY = date.today()
YEAR = TODAY.year + 2
# the clock of the story: declared and sent up, publicity over and task approved, abroad, back, the year after
PUBLICISED = TODAY + timedelta(days=45)
ABROAD = PUBLICISED + timedelta(days=5)
BACK = PUBLICISED + timedelta(days=30)
LEAVE, RETURN = PUBLICISED + timedelta(days=3), PUBLICISED + timedelta(days=16)
NEXT_YEAR = date(TODAY.year + 1, 9, 15)


@dataclass(frozen=True)
class Unit:
    """A unit of the story: which organisation, its control numbers, its budget of the year."""

    key: str
    zh: str
    en: str
    code: str
    contact: str
    numbers: dict[str, str]
    budget: str = "3000000"

    def name(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def _units() -> tuple[Unit, Unit, Unit]:
    lines = [line for line in read_lines("organisations.yaml") if line.get("groups")]
    numbers = ({"abroad": "14"}, {"abroad": "10"}, {"hk_macao": "8"})
    people = ("luo", "tian", "bai")
    return tuple(  # type: ignore[return-value]
        Unit(f"unit{n}", line["zh"], line["en"], credit_code(line["prefix"], line["body"]), f"{who}.training", given)
        for n, (line, who, given) in enumerate(zip(lines[1:4], people, numbers, strict=True), 1)
    )


FIRST, SECOND, THIRD = _units()


@dataclass
class Story:
    """What one run of the year carries along."""

    language: str
    scripts: bool
    house: OwnHouse
    groups: dict[str, str] = field(default_factory=dict)

    def open(self, username: str, path: str = "") -> Page:
        page = self.house.open_as(username, self.language, scripts=self.scripts)
        if path:
            page.goto(path)
        return page

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en


@pytest.fixture(scope="module", params=[("zh", True), ("en", False)], ids=["zh", "en-noscript"])
def story(request: pytest.FixtureRequest, house: House, browser: Browser, tmp_path_factory: Any) -> Iterator[Story]:
    language, scripts = request.param
    place: Path = tmp_path_factory.mktemp(f"year-{language}")
    with own_house(house, browser, place) as own:
        own.start(TODAY)
        yield Story(language, scripts, own)


def put(page: Page, scope: str = "main", **values: str) -> None:
    """Fill fields by name: texts typed, choices by their value, boxes ticked with "yes"."""
    for name, value in values.items():
        place = page.locator(f"{scope} [name='{name}']").first
        kind = place.evaluate("one => one.type || one.tagName")
        if kind == "select-one":
            place.select_option(value)
        elif kind == "checkbox":
            place.set_checked(value == "yes")
        else:
            place.fill(value)


def choose(page: Page, name: str, words: str) -> None:
    """The choice whose name holds these words."""
    value = page.locator(f"[name='{name}'] option", has_text=words).first.get_attribute("value")
    page.select_option(f"[name='{name}']", value or "")


def press(page: Page, selector: str = "main .ed-submit button.btn-primary") -> None:
    submit(page, selector)


def no_errors(page: Page) -> None:
    assert page.locator(".ed-errors").count() == 0, main_text(page)[:3000]


def group_page(page: Page, story: Story, unit: Unit) -> None:
    page.goto(f"/training/groups/{story.groups[unit.key]}")


def state_of(page: Page) -> str:
    return page.locator(".ed-head .ed-chip").first.inner_text().strip()


# --- the numbers ----------------------------------------------------------------------------------------------------


def test_01_the_contacts_of_three_units_get_their_accounts(story: Story):
    desk = story.open("officer", "/administration/invitations")
    for unit in (FIRST, SECOND, THIRD):
        scope = "form[action$='/administration/invitations']"
        put(desk, scope, role="employer", organisation=unit.code, right="training", name=unit.contact,
            language=story.language)  # fmt: skip
        submit(desk, f"{scope} .btn-primary")
        no_errors(desk)
        address = re.sub(r"^https?://[^/]+", "", desk.locator("#address").inner_text().strip())
        page = story.house.visitor(story.language, scripts=story.scripts)
        page.goto(address)
        put(page, "main form", username=unit.contact, password=PASSWORD, again=PASSWORD)
        submit(page, "main form .btn-primary")
        no_errors(page)
        # the own file first, the plan beside it
        assert page.url.endswith("/my"), page.url
        assert page.locator("nav a[href='/training']").count() >= 1


def test_02_the_manager_begins_the_year_and_hands_the_numbers_out(story: Story):
    page = story.open("manager", "/training")
    put(page, year=str(YEAR))
    press(page)
    assert page.url.endswith(f"/training/{YEAR}/numbers")
    put(page, quota_abroad="24", quota_hk_macao="8", least_abroad="0", notice_number=f"外专发〔{YEAR - 1}〕152号",
        declare_until=(TODAY + timedelta(days=60)).isoformat())  # fmt: skip
    for unit in (FIRST, SECOND, THIRD):
        row = page.locator("main tbody tr", has_text=unit.name(story.language))
        for part, number in unit.numbers.items():
            row.locator(f"input[name$='_{part}']").fill(number)
        row.locator("input[name^='budget_']").fill(unit.budget)
    press(page)
    no_errors(page)
    assert page.url.endswith(f"/training/{YEAR}")
    submit(page, "main .ed-actions a.btn-primary")
    press(page)
    no_errors(page)
    assert story.say("第一轮申报", "First submission") in page.locator(".ed-head").inner_text()


# --- the units declare ----------------------------------------------------------------------------------------------


def declare(story: Story, unit: Unit, **values: str) -> Page:
    """From the plan to a draft: the form of the declaration."""
    provider = values.pop("provider")
    page = story.open(unit.contact, f"/training/{YEAR}")
    submit(page, f"a[href='/training/{YEAR}/new']")
    choose(page, "provider_id", provider)
    put(page, is_for_training_only="yes", is_without_agents_or_family="yes", is_without_sponsors="yes",
        leaders_planned="0", unit_background="单位承担相关业务多年。", **values)  # fmt: skip
    page.check("[name=fundings][value=municipal]")
    press(page)
    no_errors(page)
    story.groups[unit.key] = page.url.rsplit("/", 1)[1]
    return page


def hand_in(page: Page) -> None:
    """Declare to the bureau from the group's page."""
    with page.expect_navigation():
        page.click("form[action$='/declare'] button")


def test_03_a_unit_declares_with_a_budget_by_the_standards(story: Story):
    page = declare(
        story, FIRST, name="高等教育数字化治理", name_en="Digital governance of higher education",
        key_field="public_admin", approval_type="review", destinations="DE", cities="慕尼黑",
        provider=story.say("慕尼黑工业大学", "Technical University of Munich"), people_planned="12", days="14",
        depart_month="5", subsidy_requested="100000",
    )  # fmt: skip
    assert story.say("草稿", "Draft") in state_of(page)
    assert "K07" in main_text(page) or "K01" in main_text(page)
    submit(page, f"main a[href$='{story.groups['unit1']}/budget']")
    put(page, first_day_on=LEAVE.isoformat(), training_days="10", rate_EUR="7.853400", rate_on_EUR=TODAY.isoformat(),
        rate_source_EUR="中国银行外汇牌价", fare_people_other="12", fare_other="9200")  # fmt: skip
    with page.expect_navigation():
        page.click("button[name=preview]")
    no_errors(page)
    text = main_text(page)
    # 12 people, 13 nights at EUR 170 in Munich: 2,210 × 7.8534 = 17,356.01 each
    assert "EUR 66" in text and "208,272.12" in text, text[:4000]
    press(page, "form[action$='/budget'] .btn-primary")
    no_errors(page)
    fill_roster_and_schedule(page, story, FIRST)
    group_page(page, story, FIRST)
    hand_in(page)
    assert story.say("已申报", "Declared") in state_of(page), main_text(page)[:3000]


def fill_roster_and_schedule(page: Page, story: Story, unit: Unit) -> None:
    group_page(page, story, unit)
    submit(page, "main a[href$='/roster']")
    put(page, name_0="罗宁", birth_on_0="1979-03-04", passport_0="PE1234567", post_0="国际处副处长", is_leader_0="yes",
        name_1="周雨桐", birth_on_1="1985-11-21", passport_1="PE7654321", post_1="副教授",
        is_specialist_1="yes")  # fmt: skip
    press(page)
    no_errors(page)
    group_page(page, story, unit)
    submit(page, "main a[href$='/schedule']")
    put(page, day_0="1", kind_0="lecture", hours_0="6", topic_0="数字化治理总论", place_0="慕尼黑", speaker_0="K. Weiß",
        day_1="2", kind_1="visit", hours_1="6", topic_1="参访数字校园", place_1="慕尼黑")  # fmt: skip
    press(page)
    no_errors(page)
    group_page(page, story, unit)
    submit(page, "main a[href$='/papers']")
    put(page, signatory="Katharina Weiß")
    press(page, "form[action$='/invitation'] .btn-primary")
    no_errors(page)


AMOUNTS = {
    "budget_training": "60,000", "budget_travel": "126,000", "budget_lodging": "150,000.50", "budget_meals": "90,000",
    "budget_incidentals": "50,000", "budget_other": "20,000",
}  # fmt: skip


def test_04_a_unit_over_its_number_sees_it_while_typing_and_after_sending(story: Story):
    page = story.open(SECOND.contact, f"/training/{YEAR}/new")
    put(page, people_planned="14", **AMOUNTS)
    if story.scripts:
        assert page.locator("[data-total]").inner_text() == "496,000.50"
        assert re.search(r"10.*4|4.*10", page.locator("[data-people-left]").inner_text())
    page = declare(
        story, SECOND, name="工业芯片设计与测试", name_en="Design and test of industrial chips",
        key_field="industry_tech", approval_type="review", destinations="SG", cities="新加坡",
        provider=story.say("新加坡国立大学", "National University of Singapore"), people_planned="14", days="12",
        depart_month="6", subsidy_requested="80000", **AMOUNTS,
    )  # fmt: skip
    assert re.search(r"10.*4|4.*10", page.locator("main .ed-note.is-bad").inner_text())
    hand_in(page)
    assert story.say("已申报", "Declared") in state_of(page), main_text(page)[:3000]


def test_05_a_group_to_hong_kong_goes_on_a_sheet_of_its_own(story: Story):
    page = declare(
        story, THIRD, name="临床研究管理与伦理审查", name_en="Clinical research management and ethics review",
        key_field="social_eco", approval_type="file", destinations="HK", cities="香港",
        provider=story.say("香港大学", "The University of Hong Kong"), people_planned="8", days="6", depart_month="4",
        subsidy_requested="0", **AMOUNTS,
    )  # fmt: skip
    # the part was left at "abroad": the page names the rule and leads to the field
    assert "K02" in main_text(page)
    with page.expect_navigation():
        page.click("#limits li:has-text('K02') a")
    put(page, part="hk_macao")
    press(page)
    hand_in(page)
    assert story.say("已申报", "Declared") in state_of(page), main_text(page)[:3000]


# --- the bureau's check, first round up -----------------------------------------------------------------------------


def test_06_one_screen_shows_who_is_over_and_the_export_is_blocked(story: Story):
    page = story.open("manager", f"/training/{YEAR}")
    row = page.locator("table.ed-units tbody tr", has_text=SECOND.name(story.language))
    assert row.locator(".ed-chip.is-solid").count() == 1
    assert page.locator("table.ed-units tbody tr .ed-chip.is-solid").count() == 1
    blocked = page.locator("#blk").inner_text()
    assert "R09" in blocked and SECOND.name(story.language) in blocked
    assert page.locator(f"a[href='/training/{YEAR}/export']").count() == 0


def test_07_the_group_goes_back_with_a_reason_and_comes_again(story: Story):
    page = story.open("manager")
    group_page(page, story, SECOND)
    page.click("details:has(form[action$='/return']) summary")
    put(page, "form[action$='/return']", reason="人数超过指标控制数，请压缩至10人。")
    submit(page, "form[action$='/return'] button")
    assert story.say("退回修改", "Returned for changes") in state_of(page)
    page = story.open(SECOND.contact)
    group_page(page, story, SECOND)
    assert "请压缩至10人" in main_text(page)
    submit(page, "main .ed-actions a[href$='/edit']")
    put(page, people_planned="10")
    press(page)
    hand_in(page)
    assert story.say("已申报", "Declared") in state_of(page), main_text(page)[:3000]


def test_08_the_bureau_checks_and_sends_up(story: Story):
    page = story.open("manager")
    for unit in (FIRST, SECOND, THIRD):
        group_page(page, story, unit)
        put(page, "form[action$='/review']", opinion="recommend")
        submit(page, "form[action$='/review'] button")
        assert story.say("市局审核", "Reviewed by the bureau") in state_of(page), main_text(page)[:3000]
    page.goto(f"/training/{YEAR}")
    submit(page, f"main .ed-actions a[href='/training/{YEAR}/send-up']")
    press(page)
    assert story.say("一上已报", "Sent up, feedback awaited") in page.locator(".ed-head").inner_text()


# --- feedback, second round -----------------------------------------------------------------------------------------


def test_09_numbers_and_comments_come_back(story: Story):
    page = story.open("manager", f"/training/{YEAR}")
    submit(page, f"main .ed-actions a[href='/training/{YEAR}/feedback']")
    put(page, quota_abroad="20", revise_until=(TODAY + timedelta(days=20)).isoformat(),
        **{f"comment_{story.groups['unit2']}": "总数压缩，建议8人。"})  # fmt: skip
    press(page)
    no_errors(page)
    head = page.locator(".ed-head").inner_text()
    assert story.say("第二轮申报", "Second submission") in head
    # 12 + 10 people against 20: the list says so, and sending up is refused with the rule
    assert "R09" in page.locator("#blk").inner_text()
    page.goto(f"/training/{YEAR}/send-up-again")
    assert page.locator("main form button.btn-primary").count() == 0 and "20" in main_text(page)


def test_10_the_unit_revises_inside_the_number_and_it_goes_up_again(story: Story):
    page = story.open(SECOND.contact)
    group_page(page, story, SECOND)
    assert "建议8人" in main_text(page)
    submit(page, "main .ed-actions a[href$='/edit']")
    put(page, people_planned="8", budget_lodging="120000")
    press(page)
    no_errors(page)
    page = story.open("manager", f"/training/{YEAR}")
    submit(page, f"main .ed-actions a[href='/training/{YEAR}/numbers']")
    for unit, number in ((FIRST, "12"), (SECOND, "8")):
        row = page.locator("main tbody tr", has_text=unit.name(story.language))
        row.locator("input[name$='_abroad']").fill(number)
    press(page)
    no_errors(page)
    submit(page, f"main .ed-actions a[href='/training/{YEAR}/send-up-again']")
    press(page)
    assert story.say("二上已报", "Sent up again") in page.locator(".ed-head").inner_text(), main_text(page)[:3000]


def test_11_the_difference_between_the_rounds_is_seen(story: Story):
    page = story.open("manager", f"/training/{YEAR}")
    submit(page, f"a[href='/training/{YEAR}/differences']")
    choose(page, "from", story.say("一上（第一轮申报）", "First submission"))
    choose(page, "to", story.say("二上（第二轮申报）", "Second submission"))
    with page.expect_navigation():
        page.click("main form[method=get] button")
    text = main_text(page)
    changed = page.locator("li", has_text=story.groups["unit2"]).inner_text()
    assert re.search(r"10\s*→\s*8", changed), text[:3000]
    assert "建议8人" in changed
    assert page.locator("li", has_text=story.groups["unit1"]).count() == 0


def test_12_the_approval_list_names_every_group(story: Story):
    page = story.open("manager", f"/training/{YEAR}")
    submit(page, f"main .ed-actions a[href='/training/{YEAR}/approval']")
    put(page, document=f"外专培批〔{YEAR}〕18号", on=TODAY.isoformat())
    first, second, third = (story.groups[unit.key] for unit in (FIRST, SECOND, THIRD))
    put(page, **{f"approval_{first}": "江外培1号", f"people_{first}": "12", f"approval_{second}": "江外培2号",
                 f"approved_{third}": "no", f"note_{third}": "同类培训已安排。"})  # fmt: skip
    press(page)
    no_errors(page)
    assert story.say("已批复，执行中", "Approved, being carried out") in page.locator(".ed-head").inner_text()
    group_page(page, story, THIRD)
    assert story.say("未批准", "Not approved") in state_of(page)


def test_13_the_plan_leaves_the_house_in_two_clicks(story: Story):
    page = story.open("manager", f"/training/{YEAR}")
    submit(page, f"a[href='/training/{YEAR}/export']")
    with page.expect_download() as got:
        page.click("a[href$='.xlsx'] >> nth=0")
    assert Path(got.value.path()).read_bytes()[:2] == b"PK"


# --- task, departure, return ----------------------------------------------------------------------------------------


def test_14_publicity_in_the_units(story: Story):
    for unit in (FIRST, SECOND):
        page = story.open(unit.contact)
        group_page(page, story, unit)
        submit(page, "main .ed-actions a.btn-primary[href$='/publicity']")
        put(page, from_on=TODAY.isoformat(), to_on=(TODAY + timedelta(days=14)).isoformat(), place="单位公告栏",
            text="培训目标、内容、机构、人员名单、日程、经费来源与预算。")  # fmt: skip
        press(page)
        no_errors(page)
        assert story.say("已公示", "Publicised") in state_of(page)


def test_15_the_task_approval_waits_for_the_end_of_the_publicity_and_both_opinions(story: Story):
    page = story.open("manager")
    group_page(page, story, FIRST)
    text = main_text(page)
    assert "R08" in text and "K12" in text
    assert page.locator("main .ed-actions a[href$='/task']").count() == 0
    story.house.start(PUBLICISED)
    page = story.open("manager")
    group_page(page, story, FIRST)
    assert "R08" not in page.locator("#next-h").locator("xpath=ancestor::section").inner_text()
    submit(page, "main a[href$='/reviews']")
    for side, body in (("task", "市外事办公室"), ("finance", "市财政局")):
        page.click(f"details:has(form[action$='/{side}']) summary")
        values = {f"{side}-body": body, f"{side}-on": PUBLICISED.isoformat(), f"{side}-basis": "财行〔2013〕516号",
                  f"{side}-agreed": "1", f"{side}-opinion": "同意。"}  # fmt: skip
        put(page, f"form[action$='/{side}']", **values)
        submit(page, f"form[action$='/{side}'] button.btn-primary")
        no_errors(page)
    group_page(page, story, FIRST)
    submit(page, "main .ed-actions a.btn-primary[href$='/task']")
    put(page, number="任批1号", leave_on=LEAVE.isoformat(), return_on=RETURN.isoformat())
    press(page)
    no_errors(page)
    assert story.say("任务批件已下达", "Task approval issued") in state_of(page)


def wait_for_state(page: Page, story: Story, unit: Unit, words: str) -> None:
    """The worker moves travellers soon after its start."""
    for _ in range(60):
        group_page(page, story, unit)
        if words in state_of(page):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{state_of(page)}, not {words}")


def test_16_the_group_leaves_and_comes_back(story: Story):
    story.house.start(ABROAD)
    wait_for_state(story.open("manager"), story, FIRST, story.say("在外执行", "Abroad"))
    story.house.start(BACK)
    wait_for_state(story.open("manager"), story, FIRST, story.say("待报总结", "Report due"))


def test_17_the_unit_reports_and_the_bureau_settles(story: Story):
    page = story.open(FIRST.contact)
    group_page(page, story, FIRST)
    submit(page, "main .ed-actions a.btn-primary[href$='/report']")
    assert page.input_value("[name=leave_on]") == LEAVE.isoformat()
    put(page, people="9", inviter="TUM, Katharina Weiß", lecture_hours="40", visit_hours="30",
        passports_returned_on=(RETURN + timedelta(days=3)).isoformat(), tasks_done="完成全部培训任务。",
        results="形成治理方案一份。", cost_budget_training="60000", cost_budget_travel="82800",
        cost_budget_lodging="180000", cost_budget_meals="60000", cost_budget_incidentals="40000",
        cost_budget_other="0", trainee_score="5", provider_score="4")  # fmt: skip
    press(page)
    no_errors(page)
    page = story.open("manager")
    group_page(page, story, FIRST)
    submit(page, "main .ed-actions a.btn-primary[href$='/settle']")
    assert "12" in main_text(page) and "9" in main_text(page)
    press(page)
    no_errors(page)
    assert story.say("已结项", "Closed") in state_of(page)


# --- the end of the year --------------------------------------------------------------------------------------------


def test_18_the_rate_and_the_next_number_with_its_reasoning(story: Story):
    page = story.open("manager", f"/training/{YEAR}")
    submit(page, f"main .ed-actions a[href='/training/{YEAR}/execution']")
    rate = page.locator("#rate-h").locator("xpath=ancestor::section").inner_text()
    # one of two approved groups, nine of twenty approved people
    assert "50.0%" in rate and "45.0%" in rate, rate
    row = page.locator("#next-h").locator("xpath=ancestor::section").locator("tr", has_text=FIRST.name(story.language))
    assert re.search(r"12 × \D*9\D* ÷ \D*12", row.inner_text()), row.inner_text()
    number = row.locator("input[name^='next_']").first
    assert number.input_value() == "9"
    number.fill("11")
    press(page, "form[action$='/execution'] button")
    # another number than the proposed one needs its reason; what was typed stays
    assert page.locator(".ed-errors").count() == 1
    row = page.locator("#next-h").locator("xpath=ancestor::section").locator("tr", has_text=FIRST.name(story.language))
    assert row.locator("input[name^='next_']").first.input_value() == "11"
    row.locator("input[name^='next_reason_']").fill("新增两个学院参加。")
    press(page, "form[action$='/execution'] button")
    no_errors(page)


def test_19_the_year_ends_and_the_next_one_begins_with_these_numbers(story: Story):
    page = story.open("manager", f"/training/{YEAR}")
    submit(page, f"main .ed-actions a[href='/training/{YEAR}/close']")
    press(page)
    group_page(page, story, SECOND)
    assert story.say("取消", "Cancelled") in state_of(page)
    story.house.start(NEXT_YEAR)
    page = story.open("manager", "/training")
    put(page, year=str(YEAR + 1))
    press(page)
    row = page.locator("main tbody tr", has_text=FIRST.name(story.language))
    assert row.locator("input[name$='_abroad']").input_value() == "11"
    work_out(page, "main .ed-submit button.btn-primary", scripts=False)
    no_errors(page)
