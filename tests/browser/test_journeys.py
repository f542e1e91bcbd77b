"""The whole main job as people do it, in a real browser: in Chinese with scripts, in English without any.

One case goes from the passport lines to the receipt, a correction on the phone, the acceptance, the recommendation, the
grant by another person, the letters, the check by a stranger, and the liaison officer who takes the new permit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from expertdesk.demo.cast import credit_code
from expertdesk.experts.mrz_writer import make_lines
from tests.browser.conftest import House, Opener
from tests.browser.steps import download, fresh_number, lang_of, main_text, paper_pdf, submit, text_of, work_out

FIRST_ORGANISATION = (91, "MA01KPRT")


@dataclass
class Story:
    """What one run of the journey carries along."""

    language: str
    scripts: bool
    surname: str
    number: str = ""
    access_code: str = ""
    verification_code: str = ""
    passport: str = ""

    @property
    def is_zh(self) -> bool:
        return self.language == "zh"


STORIES = [Story("zh", True, "ŠIMKUTĖ"), Story("en", False, "ÁRNADÓTTIR")]


@pytest.fixture(scope="module", params=STORIES, ids=["zh", "en-noscript"])
def story(request: pytest.FixtureRequest) -> Story:
    return request.param


# --- 1, 2: a newcomer starts the demo; an officer takes an intake ------------------------------------------------


def test_1_the_start_prints_how_to_sign_in(house: House):
    for name in ("officer", "officer2", "reviewer", "liaison", "manager", "admin", "auditor", "expert", "employer2"):
        assert name in house.printed
    assert "Password:" in house.printed and house.url in house.printed


def test_2_an_officer_takes_an_intake_on_one_page(open_as: Opener, story: Story):
    page = open_as("officer", story.language, scripts=story.scripts)
    assert page.url.endswith("/desk")
    assert page.locator(".ed-piles a").count() == 4
    submit(page, "main a[href^='/intake/new']")
    story.passport = fresh_number("L" if story.is_zh else "I")
    country, birth, sex = ("LT", date(1988, 2, 9), "F") if story.is_zh else ("IS", date(1991, 6, 17), "F")
    first, second = make_lines(
        surname=story.surname, given_names="INGA MARIA", number=story.passport, country=country,
        birth_date=birth, sex=sex, expiry_date=date.today() + timedelta(days=2000),
    )  # fmt: skip
    page.fill("[name=mrz]", f"{first}\n{second}")
    act(page, story, "#read-passport", "[name=passport_number]", story.passport)
    page.fill("[name=organisation]", credit_code(*FIRST_ORGANISATION))
    act(page, story, "#find-organisation", None, "")
    page.select_option("[name=procedure]", "NEW_IN_CHINA")
    act(page, story, "#work-out", "[name=in_country_ground]", None)
    page.select_option("[name=in_country_ground]", "IC3")
    page.fill("[name=post]", "生物信息学研究员")
    page.select_option("[name=occupation]", index=2)
    start = date.today() + timedelta(days=30)
    page.fill("[name=contract_start_on]", start.isoformat())
    page.fill("[name=contract_end_on]", (start + timedelta(days=729)).isoformat())
    page.fill("[name=salary_month]", "30,000")
    page.select_option("[name=education]", "master")
    page.fill("[name=experience_years]", "9")
    page.fill("[name=months_per_year]", "12")
    page.select_option("[name=chinese]", "hsk3")
    act(page, story, "#work-out", None, "")
    expect(page.locator("#i-side .ed-result .big")).to_have_text("B")
    page.check("[name=seen_all]")
    submit(page, "button[name=do][value=take_in]")
    assert re.search(r"/intake/ED\d{4}-\d{6}/done", page.url), main_text(page)[:3000]
    story.number = page.locator("#case-number").inner_text().strip()
    story.access_code = page.locator("#access-code").inner_text().strip()
    receipt = download(page, "main a[href$='.pdf']")
    text = text_of(receipt)
    assert story.number in text and story.access_code.replace("-", "")[:4] in text
    assert "回执" in text and "Receipt" in text


def act(page: Page, story: Story, selector: str, field: str | None, value: str | None) -> None:
    """Press a button that fills the page: with scripts in place, without them by a new page; wait for its result."""
    work_out(page, selector, scripts=story.scripts)
    if field is None:
        return
    page.wait_for_selector(field, state="attached")
    if value:
        expect(page.locator(field)).to_have_value(value)


# --- 3: one complete correction notice, answered on a phone, then accepted and recommended -----------------------


def test_3_everything_missing_is_asked_for_in_one_notice(open_as: Opener, story: Story):
    page = open_as("officer", story.language, scripts=story.scripts)
    page.goto(f"/cases/{story.number}/check")
    page.check("[name='DEGREE-check'][value=problem]")
    page.select_option("[name='DEGREE-reason_code']", "X05")
    submit(page, "button[name=then][value=correction]")
    assert page.url.endswith("/correction"), main_text(page)[:2000]
    submit(page, "main form button.btn-primary[type=submit], main form .ed-submit .btn-primary")
    page.goto(f"/cases/{story.number}")
    letter = download(page, "main a[href*='/letters/'][href$='.pdf']")
    assert "补正" in text_of(letter) and "Correction Notice" in text_of(letter)


def test_3_the_slip_shows_the_sentence_and_nothing_else(open_as: Opener, story: Story):
    page = open_as("", story.language, width=375, scripts=story.scripts)
    page.goto("/status")
    page.fill("[name=number]", story.number)
    page.fill("[name=code]", story.access_code)
    submit(page, "main form .btn-primary")
    text = main_text(page)
    assert page.locator("h1.ed-say").count() == 1
    assert story.surname not in text and story.passport not in text and "INGA" not in text
    assert page.locator("main input[type=file]").count() == 0


def test_3_an_invited_expert_answers_on_the_phone(open_as: Opener, story: Story, tmp_path: Path):
    """The officer hands over a one-time address; with it the expert makes an account, uploads and sends."""
    desk = open_as("officer", story.language, scripts=story.scripts)
    desk.goto("/administration/invitations")
    desk.select_option("[name=role]", "expert")
    desk.fill("[name=passport]", story.passport)
    desk.select_option("aside [name=language]", story.language)
    submit(desk, "form[action$='/administration/invitations'] .btn-primary")
    address = desk.locator("#address").inner_text().strip()
    phone = open_as("", story.language, width=375, scripts=story.scripts)
    phone.goto(re.sub(r"^https?://[^/]+", "", address))
    phone.fill("[name=username]:visible", f"inga.{story.language}")
    phone.fill("[name=password]", "Nine-lakes-and-a-ferry")
    phone.fill("[name=again]", "Nine-lakes-and-a-ferry")
    submit(phone, "main form .btn-primary")
    phone.goto("/my")
    assert phone.locator("h1.ed-say").count() == 1
    paper = tmp_path / "degree.pdf"
    paper.write_bytes(paper_pdf())
    phone.set_input_files("main input[type=file]", str(paper))
    submit(phone, "main button.btn[name=do][value=keep]")
    submit(phone, "main button.btn[name=do][value=send]")
    phone.goto("/my")
    assert phone.locator("main input[type=file]").count() == 0, main_text(phone)[:1500]


def test_3_the_officer_accepts_and_recommends(open_as: Opener, story: Story):
    page = open_as("officer", story.language, scripts=story.scripts)
    page.goto(f"/cases/{story.number}/check")
    submit(page, "button[name=then][value=accept]")
    assert page.url.endswith("/accept"), main_text(page)[:2000]
    submit(page, "main form .btn-primary")
    page.goto(f"/cases/{story.number}/recommend")
    page.check("main [name=is_grant] >> nth=0")
    page.fill("[name=opinion]", "材料齐全，符合条件，建议准予。")
    submit(page, "main form .btn-primary")
    assert page.url.endswith(story.number), main_text(page)[:2000]


# --- 4: somebody else decides -------------------------------------------------------------------------------------


def test_4_a_reviewer_grants_and_the_letters_are_there(open_as: Opener, story: Story):
    page = open_as("reviewer", story.language, scripts=story.scripts)
    page.goto(f"/cases/{story.number}/decide")
    text = main_text(page)
    assert "B6" in text or "B1" in text
    submit(page, "main form[action$='/grant'] .btn-primary")
    page.goto(f"/cases/{story.number}")
    files = [download(page, f"main a[href='{link}']") for link in _letter_links(page)]
    texts = [text_of(data) for data in files]
    notification = next(text for text in texts if "工作许可通知" in text and "NOTIFICATION" in text.upper())
    assert any("准予行政许可决定书" in text for text in texts)
    assert story.passport in notification and re.search(r"JZ\d{13}", notification)
    story.verification_code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", notification)[0]  # type: ignore[index]


def test_4_the_officer_who_handled_it_may_not_decide(open_as: Opener, story: Story):
    page = open_as("officer", story.language, scripts=story.scripts)
    answer = page.goto(f"/cases/{story.number}/decide")
    assert answer is not None and answer.status == 403


# --- 7, 5: a stranger checks the letter; a liaison officer takes the permit ----------------------------------------


def test_7_anybody_can_verify_the_letter(open_as: Opener, story: Story):
    page = open_as("", story.language, scripts=story.scripts)
    page.goto(f"/verify/{story.verification_code}")
    text = main_text(page)
    assert ("真实" in text or "有效" in text) if story.is_zh else "Genuine" in text
    assert story.passport[-3:] in text and story.passport not in text
    assert story.surname not in text.upper().replace("Š", "Š")
    page.goto("/verify/7KQM4WTR9D2H")
    assert page.locator(".ed-verdict.is-bad").count() == 1


def test_5_a_liaison_officer_takes_the_new_permit_and_logs_a_contact(open_as: Opener, story: Story):
    page = open_as("officer", story.language, scripts=story.scripts)
    page.goto("/liaison")
    row = page.locator("main tr", has_text="INGA").first
    with page.expect_navigation():
        row.locator("form button").first.click()
    page.goto("/liaison/people")
    with page.expect_navigation():
        page.locator("main a", has_text="INGA").first.click()
    page.select_option("[name=kind]", "first_meeting")
    page.fill("[name=summary]", "首次见面，介绍联络服务，提醒办理居留许可。")
    page.fill("[name=next_on]", (date.today() + timedelta(days=90)).isoformat())
    submit(page, "main form[action$='/contact'] button.btn-primary, main form[action$='/contact'] button")
    assert "首次见面" in main_text(page)


# --- 6: the expert on a phone -------------------------------------------------------------------------------------


def test_6_the_expert_reads_one_sentence_answers_and_switches(open_as: Opener, story: Story, tmp_path: Path):
    page = open_as("expert", story.language, width=375, scripts=story.scripts)
    page.goto("/my")
    assert page.locator("h1").count() == 1 and page.locator("h1").inner_text().strip()
    waiting = page.locator("main input[type=file]")
    if waiting.count():  # the first language answers the notice, the second finds it answered
        paper = tmp_path / "paper.pdf"
        paper.write_bytes(paper_pdf())
        for field in waiting.all():
            field.set_input_files(str(paper))
        submit(page, "main button.btn[name=do][value=keep]")
        submit(page, "main button.btn[name=do][value=send]")
    page.goto("/my")
    data = download(page, "main a[href*='/letters/']")
    assert data.startswith(b"%PDF-")
    other = "en" if story.is_zh else "zh"
    submit(page, f"button[name=language][value={other}]")
    assert page.url.rstrip("/").endswith("/my") and lang_of(page) == ("en" if story.is_zh else "zh-CN")
    submit(page, f"button[name=language][value={story.language}]")


# --- words ---------------------------------------------------------------------------------------------------------


def _letter_links(page: Page) -> list[str]:
    links = page.locator("main a[href*='/letters/'][href$='.pdf']").all()
    return list(dict.fromkeys(link.get_attribute("href") or "" for link in links))
