"""The other people of the bureau at their work: manager, audit reader, administrator, the contact of an organisation.
In Chinese with scripts, in English without any."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from expertdesk.experts.mrz_writer import make_lines
from tests.browser.conftest import House, Opener
from tests.browser.places import facts_from
from tests.browser.steps import download, fresh_number, main_text, paper_pdf, submit, text_of, work_out
from tests.intake.filled import photo

COLLEAGUES_PASSWORD = "Seven-grey-herons-by-the-lock"


@dataclass(frozen=True)
class Way:
    language: str
    scripts: bool

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en


WAYS = [Way("zh", True), Way("en", False)]


@pytest.fixture(params=WAYS, ids=["zh", "en-noscript"])
def way(request: pytest.FixtureRequest) -> Way:
    return request.param


def refused(page: Page, address: str) -> bool:
    answer = page.goto(address)
    return answer is not None and answer.status == 403


# --- manager -----------------------------------------------------------------------------------------------------


def test_a_manager_sees_the_office_and_hands_a_case_over(open_as: Opener, way: Way):
    page = open_as("manager", way.language, scripts=way.scripts)
    assert page.url.endswith("/desk")
    assert page.locator(".ed-piles a").count() == 4
    tables = page.locator("main table").all()
    assert len(tables) == 2, "the backlog by district and by officer"
    districts = way.say("云溪 澄湖 望岭", "Yunxi Chenghu Wangling").split()
    assert all(name in tables[0].inner_text() for name in districts), tables[0].inner_text()
    submit(page, ".ed-piles a >> nth=0")
    assert "overdue=1" in page.url and page.locator("main .ed-list tbody tr").count() > 0
    data = download(page, "main .ed-head a[href*='export']", "text/csv")
    assert data.decode("utf-8-sig").count("\n") > 1

    # one of the cases in review changes hands, and comes back
    page.goto("/cases?state=accepted")
    first = page.locator("main .ed-list tbody tr").first
    number = first.locator("[name=numbers]").get_attribute("value")
    before = holder(page, str(number))
    for to_another in (True, False):
        page.goto("/cases?state=accepted")
        page.check(f"[name=numbers][value='{number}']")
        options = page.locator("#hand-over select option:not([value=''])").all()
        takers = [option for option in options if (before in option.inner_text()) != to_another]
        page.select_option("#hand-over select", takers[0].get_attribute("value"))
        page.fill("#hand-over [name=reason]", way.say("人员调整", "Change of staff"))
        submit(page, "#hand-over .btn-primary")
        assert page.locator(".ed-errors").count() == 0, main_text(page)[:500]
        page.goto("/cases?state=accepted")
        assert (holder(page, str(number)) != before) == to_another


def holder(page: Page, number: str) -> str:
    """Who has the case, as the list says."""
    row = page.locator("main .ed-list tbody tr", has=page.locator(f"[name=numbers][value='{number}']"))
    return row.locator("td").nth(2).inner_text().strip()


def test_a_manager_reads_permits_and_sets_a_level_but_does_no_case_work(open_as: Opener, house: House, way: Way):
    page = open_as("manager", way.language, scripts=way.scripts)
    page.goto("/permits")
    submit(page, "main .ed-states a[href*='show=90']")
    assert page.locator("main tbody tr").count() >= 1
    submit(page, "main tbody tr:first-child td.n a")
    assert re.search(r"JZ\d{13}", main_text(page))
    page.goto(f"/liaison/{facts_from(house)['looked_after']}")
    form = "main form[action$='/level']"
    chosen = page.locator(f"{form} select option:checked").get_attribute("value")
    page.select_option(f"{form} select", "L2" if chosen != "L2" else "L3")
    page.fill(f"{form} [name=reason]", way.say("市级重点项目负责人", "Leads a key project of the city"))
    submit(page, f"{form} .btn")
    assert page.locator(f"{form} select option:checked").get_attribute("value") != chosen
    facts = facts_from(house)
    others = (f"/cases/{facts['recommended']}/decide", f"/cases/{facts['to_judge']}/check")
    for address in ("/intake/new", "/administration", *others):
        assert refused(page, address), address


# --- audit reader ------------------------------------------------------------------------------------------------


def test_an_audit_reader_sees_what_happened_without_names(open_as: Opener, house: House, way: Way):
    page = open_as("auditor", way.language, scripts=way.scripts)
    assert page.url.endswith("/administration/history")
    text = main_text(page)
    assert "•••" in text and not any(name in text for name in ("周敏", "Zhou Min", "韩雪", "陆远", "Lu Yuan"))
    page.select_option("[name=kind]", "case")
    page.fill("main [name=number]", facts_from(house)["granted"])
    submit(page, "main .ed-filter .btn-primary")
    rows = main_text(page)
    for title in (way.say("准予许可", "Application granted"), way.say("受理", "Application accepted")):
        assert title in rows, rows[:2000]
    submit(page, "main a[href*='check=1']")
    assert page.locator("main .ed-note.is-ok").count() == 1
    submit(page, "main nav a[href$='/access-log']")
    log = main_text(page)
    assert "•••" in log and "周敏" not in log and "Zhou Min" not in log
    page.select_option("[name=action]", "signed_in")
    submit(page, "main .ed-filter .btn-primary")
    assert page.locator("main tbody tr").count() >= 1
    for address in (f"/cases/{facts_from(house)['granted']}", "/experts", "/administration", "/desk", "/permits"):
        assert refused(page, address), address


# --- administrator -----------------------------------------------------------------------------------------------


def test_an_administrator_brings_a_colleague_in_and_takes_the_account_away(open_as: Opener, way: Way):
    username = f"lin.{way.language}.{time.time_ns() // 1_000_000}"
    admin = open_as("admin", way.language, scripts=way.scripts)
    submit(admin, "main a[href$='/users/new']")
    admin.fill("[name=name]", "林溪")
    admin.fill("[name=name_latin]", "Lin Xi")
    admin.fill("[name=username]", username)
    admin.select_option("main [name=language]", way.language)
    admin.check("[name=roles][value=officer]")
    admin.check("[name=districts][value='990102']")
    submit(admin, "main form .btn-primary")
    address = re.sub(r"^https?://[^/]+", "", admin.locator("#address").inner_text().strip())

    colleague = open_as("", way.language, scripts=way.scripts)
    colleague.goto(address)
    colleague.fill("[name=password]", "short")
    colleague.fill("[name=again]", "short")
    submit(colleague, "main form .btn-primary")
    assert colleague.locator(".ed-errors a").count() >= 1
    choose_password(colleague)
    colleague.goto("/desk")
    assert colleague.locator(".ed-piles a").count() == 4
    again = open_as("", way.language, scripts=way.scripts).goto(address)
    assert again is not None and again.status == 410, "the address works once"

    # another role: it holds from the next sign-in, the session is over at once
    submit(admin, "main .ed-acts a.btn-primary")
    admin.check("[name=roles][value=liaison]")
    submit(admin, "main form[action*='/users/'] .ed-submit .btn-primary")
    assert admin.locator(".ed-errors").count() == 0
    colleague.goto("/liaison")
    assert "/sign-in" in colleague.url
    sign_in_with(colleague, username)
    assert colleague.url.endswith("/liaison")

    submit(admin, "main form[action$='/disable'] button")
    colleague.goto("/desk")
    assert "/sign-in" in colleague.url
    sign_in_with(colleague, username)
    assert "/sign-in" in colleague.url and colleague.locator(".ed-errors").count() == 1
    submit(admin, "main form[action$='/enable'] button")
    sign_in_with(colleague, username)
    assert "/sign-in" not in colleague.url
    submit(admin, "main form[action$='/disable'] button")
    assert refused(admin, "/cases") and refused(admin, "/experts"), "files are not the administrator's"


def choose_password(page: Page) -> None:
    page.fill("[name=password]", COLLEAGUES_PASSWORD)
    page.fill("[name=again]", COLLEAGUES_PASSWORD)
    submit(page, "main form .btn-primary")


def sign_in_with(page: Page, username: str) -> None:
    page.fill("[name=username]", username)
    page.fill("[name=password]", COLLEAGUES_PASSWORD)
    submit(page, "main form .btn-primary")


# --- contact of an organisation ------------------------------------------------------------------------------------


def test_an_organisation_applies_and_answers_a_correction(open_as: Opener, way: Way, tmp_path: Path):
    page = open_as("employer", way.language, scripts=way.scripts)
    assert page.url.endswith("/my")
    submit(page, "main a[href='/my/apply']")
    fill_application(page, way)
    attach_papers(page, tmp_path)
    submit(page, "button[name=do][value=take_in]")
    assert re.search(r"/my/apply/ED\d{4}-\d{6}/done", page.url), main_text(page)[:3000]
    number = page.locator("#case-number").inner_text().strip()
    receipt = text_of(download(page, "main a[href$='.pdf']"))
    assert number in receipt and "回执" in receipt

    officer = open_as("officer2", way.language, scripts=way.scripts)
    officer.goto(f"/cases/{number}/check")
    officer.check("[name='DEGREE-check'][value=problem]")
    officer.select_option("[name='DEGREE-reason_code']", "X05")
    submit(officer, "button[name=then][value=correction]")
    submit(officer, "main form .ed-submit .btn-primary")

    page.goto("/my")
    row = page.locator("main tr", has_text=number)
    assert row.count() == 1
    submit(page, f"main tr:has-text('{number}') a >> nth=0")
    assert page.locator("main input[type=file]").count() == 1, "only what was asked for"
    page.set_input_files("main input[type=file]", str(tmp_path / "paper.pdf"))
    submit(page, "main button.btn[name=do][value=keep]")
    submit(page, "main button.btn[name=do][value=send]")
    page.goto(f"/my/{number}")
    assert page.locator("main input[type=file]").count() == 0
    officer.goto(f"/cases/{number}/check")
    assert officer.locator("button[name=then][value=accept]").count() == 1


def fill_application(page: Page, way: Way) -> None:
    first, second = make_lines(
        surname="LINDQVIST", given_names="MAJA", number=fresh_number("M"), country="SE", birth_date=date(1986, 3, 14),
        sex="F", expiry_date=date.today() + timedelta(days=2000),
    )  # fmt: skip
    page.fill("[name=mrz]", f"{first}\n{second}")
    work_out(page, "#read-passport", scripts=way.scripts)
    page.select_option("[name=procedure]", "NEW_IN_CHINA")
    work_out(page, "#work-out", scripts=way.scripts)
    page.select_option("[name=in_country_ground]", "IC3")
    page.fill("[name=post]", "餐饮研发主管")
    page.select_option("[name=occupation]", index=2)
    start = date.today() + timedelta(days=30)
    page.fill("[name=contract_start_on]", start.isoformat())
    page.fill("[name=contract_end_on]", (start + timedelta(days=729)).isoformat())
    page.fill("[name=salary_month]", "32,000")
    page.select_option("[name=education]", "master")
    page.fill("[name=experience_years]", "9")
    page.fill("[name=months_per_year]", "12")
    page.select_option("[name=chinese]", "hsk3")
    work_out(page, "#work-out", scripts=way.scripts)


def attach_papers(page: Page, folder: Path) -> None:
    """A file for every paper that the list marks as required and missing."""
    (folder / "paper.pdf").write_bytes(paper_pdf())
    (folder / "photo.jpg").write_bytes(photo())
    fields = page.locator(".ed-supply-line:has(.c-bad) input[type=file]")
    assert fields.count() >= 8
    for field in fields.all():
        is_photo = ".pdf" not in (field.get_attribute("accept") or "")
        field.set_input_files(str(folder / ("photo.jpg" if is_photo else "paper.pdf")))
