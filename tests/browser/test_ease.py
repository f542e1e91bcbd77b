"""How little people have to do: what is typed or chosen, clicks and page loads of each job, and the machine's share of
the time, from the prepared state; each within its limit. TEST_FIGURES names a file for the table.

An input is a field filled or a choice made; a click is a button, link, tick or fold; Enter in a field is a click too.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from expertdesk.demo.cast import credit_code
from expertdesk.experts.mrz_writer import make_lines
from tests.browser.conftest import PASSWORD, House, Opener
from tests.browser.places import facts_from
from tests.browser.steps import fresh_number, main_text, paper_pdf, work_out

NO_LIMIT = 10_000
_MACHINE_SHARE = 0.5  # the machine takes at most half of the time a person has


@dataclass(frozen=True)
class Limit:
    """At most so many; seconds are those a person has for the whole job."""

    seconds: int
    inputs: int = NO_LIMIT
    clicks: int = NO_LIMIT
    loads: int = NO_LIMIT


@dataclass
class Hand:
    """One person at one page; counts."""

    page: Page
    inputs: int = 0
    clicks: int = 0
    loads: int = 0
    seconds: float = 0.0
    _counts: bool = field(default=False)

    def __post_init__(self) -> None:
        self.page.on("load", self._loaded)

    def _loaded(self, _page: Page) -> None:
        self.loads += self._counts

    def type(self, selector: str, text: str) -> None:
        self.inputs += 1
        self.page.fill(selector, text)

    def choose(self, selector: str, value: str) -> None:
        self.inputs += 1
        self.page.select_option(selector, value)

    def attach(self, selector: str, path: Path) -> None:
        for place in self.page.locator(selector).all():
            self.inputs += 1
            place.set_input_files(str(path))

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.locator(selector).first.click()

    def go(self, selector: str) -> None:
        """A click that leads to another page."""
        with self.page.expect_navigation():
            self.click(selector)
        self.page.wait_for_load_state()

    def enter(self, selector: str) -> None:
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.press(selector, "Enter")
        self.page.wait_for_load_state()


_table: list[str] = []


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """All figures as one table, at the end."""
    yield
    head = ["| Job | Inputs | Clicks | Page loads | Machine, s | Limit |", "|---|---|---|---|---|---|"]
    text = "\n".join([*head, *_table])
    print(f"\n{text}")
    if os.environ.get("TEST_FIGURES"):
        Path(os.environ["TEST_FIGURES"]).write_text(text + "\n", encoding="utf-8")


@contextmanager
def job(name: str, hand: Hand, limit: Limit) -> Iterator[Hand]:
    """Everything inside is counted, then held against the limit."""
    hand.inputs = hand.clicks = hand.loads = 0
    hand._counts, begin = True, time.monotonic()
    yield hand
    hand.page.wait_for_load_state()
    hand._counts, hand.seconds = False, time.monotonic() - begin
    parts = [(limit.inputs, "inputs"), (limit.clicks, "clicks"), (limit.loads, "loads"), (limit.seconds, "s")]
    said = ", ".join(f"{number} {what}" for number, what in parts if number != NO_LIMIT)
    _table.append(f"| {name} | {hand.inputs} | {hand.clicks} | {hand.loads} | {hand.seconds:.1f} | {said} |")
    assert hand.inputs <= limit.inputs, f"{name}: {hand.inputs} inputs"
    assert hand.clicks <= limit.clicks, f"{name}: {hand.clicks} clicks"
    assert hand.loads <= limit.loads, f"{name}: {hand.loads} page loads"
    assert hand.seconds <= limit.seconds * _MACHINE_SHARE, f"{name}: {hand.seconds:.1f} s of the machine"


# --- the officer -------------------------------------------------------------------------------------------------


def test_an_intake(open_as: Opener):
    """A prepared case: passport with its lines, organisation on file, contract in hand; from form to receipt."""
    hand = Hand(open_as("officer", "en"))
    first, second = make_lines(
        surname="HALVORSEN", given_names="SIGRID", number=fresh_number("N"), country="NO", birth_date=date(1985, 5, 2),
        sex="F", expiry_date=date.today() + timedelta(days=2000),
    )  # fmt: skip
    start = date.today() + timedelta(days=30)
    with job("Officer: new intake to receipt", hand, Limit(180, inputs=25, loads=3)):
        hand.page.goto("/intake/new")
        hand.type("[name=mrz]", f"{first}\n{second}")
        hand.clicks += 1
        work_out(hand.page, "#read-passport", scripts=True)
        hand.type("[name=native_name]", "Sigrid Halvorsen")
        hand.type("[name=email]", "sigrid@mail.example")
        hand.type("[name=phone]", "+86 138 0000 0416")
        hand.type("[name=organisation]", credit_code(91, "MA01KPRT"))
        hand.clicks += 1
        work_out(hand.page, "#find-organisation", scripts=True)
        hand.choose("[name=procedure]", "NEW_IN_CHINA")
        hand.page.wait_for_selector("[name=in_country_ground]")
        hand.choose("[name=in_country_ground]", "IC3")
        hand.type("[name=post]", "生物信息学研究员")
        hand.choose("[name=occupation]", "2")
        hand.type("[name=contract_start_on]", start.isoformat())
        hand.type("[name=contract_end_on]", (start + timedelta(days=729)).isoformat())
        hand.type("[name=salary_month]", "30,000")
        hand.choose("[name=education]", "master")
        hand.type("[name=experience_years]", "9")
        hand.type("[name=months_per_year]", "12")
        hand.choose("[name=chinese]", "hsk3")
        hand.inputs += 1
        hand.page.check("[name=seen_all]")
        hand.go("button[name=do][value=take_in]")
        assert hand.page.locator("#case-number").count() == 1, main_text(hand.page)[:1500]


@pytest.mark.parametrize("by", ["passport", "part of a name", "permit number", "telephone"])
def test_anybody_is_found_in_the_one_box(open_as: Opener, house: House, by: str):
    hand = Hand(open_as("officer", "en"))
    hand.page.goto(f"/experts/{facts_from(house)['looked_after']}")
    sought = known_of(hand.page)[by]
    hand.page.goto("/desk")
    with job(f"Officer: find a person by {by}", hand, Limit(5, inputs=1, clicks=1, loads=1)):
        hand.type("#q", sought)
        hand.enter("#q")
    assert hand.page.locator("main a.ed-who").count() >= 1, (sought, main_text(hand.page)[:500])


def known_of(page: Page) -> dict[str, str]:
    """What stands on a person's page."""
    text = main_text(page)
    permit = re.search(r"JZ\d{13}", text)
    assert permit, text[:1500]
    number = re.search(r"\b[A-Z]{1,2}\d{6,8}\b", text.replace(permit[0], ""))
    assert number, text[:1500]
    phone = page.locator("main a[href^='tel:+86']").first.inner_text().strip()[-9:]
    name = page.locator("h1").inner_text().split()[0]
    return {"passport": number[0], "part of a name": name, "permit number": permit[0], "telephone": phone}


def test_where_is_my_case(open_as: Opener, house: House):
    """On the telephone: a number is said, the stage and the date stand on the first answer."""
    hand = Hand(open_as("officer", "en"))
    number = facts_from(house)["accepted"]
    with job("Officer: “where is my case?” from the first screen", hand, Limit(15, inputs=1, clicks=1, loads=1)):
        hand.type("#q", number)
        hand.enter("#q")
    text = main_text(hand.page)
    assert number in text and "In review" in text and "by " in text, text[:800]


def test_a_complete_correction_notice(open_as: Opener):
    """From the desk: the check, one paper with a problem, the words from the table, issued."""
    hand = Hand(open_as("officer", "en"))
    with job("Officer: complete correction notice", hand, Limit(60, inputs=1, clicks=4, loads=3)):
        hand.go("main a[href$='/check']")
        hand.click("main [name$='-check'][value=problem] >> nth=2")
        open_reason = hand.page.locator("main select[name$='-reason_code']:visible")
        name = open_reason.first.get_attribute("name")
        hand.choose(f"[name='{name}']", "X05")
        hand.go("button[name=then][value=correction]")
        hand.go("main form .ed-submit .btn-primary")
    assert hand.page.locator("main a[href*='/letters/'][href$='.pdf']").count() >= 2


def test_a_draft_goes_to_the_approver(open_as: Opener, house: House):
    hand = Hand(open_as("officer", "en"))
    hand.page.goto(f"/cases/{facts_from(house)['accepted']}")
    with job("Officer: recommend, letters drafted, to the approving officer", hand, Limit(90, inputs=0, clicks=3)):
        hand.go("main a[href$='/recommend']")
        hand.click("main [name=is_grant] >> nth=0")
        hand.go("main form .btn-primary")
    assert "/recommend" not in hand.page.url, main_text(hand.page)[:800]


def test_twenty_cases_change_hands(open_as: Opener):
    """Before leave: a manager gives away everything that one officer has, ticked by the link of the backlog; and back
    after the leave."""
    hand = Hand(open_as("manager", "en"))
    officer = hand.page.locator("main table >> nth=1").locator("tbody tr").first
    with job("Hand over 20 cases", hand, Limit(120, inputs=2, clicks=2, loads=2)):
        hand.clicks += 1
        with hand.page.expect_navigation():
            officer.locator("a").last.click()
        numbers = [box.get_attribute("value") for box in hand.page.locator("[name=numbers]:checked").all()]
        takers = hand.page.locator("#hand-over select option:not([value=''])").all()
        before = hand.page.locator(".ed-filter [name=officer] option:checked").inner_text().strip()
        values = {taker.inner_text(): taker.get_attribute("value") or "" for taker in takers}
        hand.choose("#hand-over select", next(value for text, value in values.items() if before not in text))
        hand.type("#hand-over [name=reason]", "Leave until 15 January")
        hand.go("#hand-over .btn-primary")
        assert hand.page.locator(".ed-errors").count() == 0, hand.page.locator(".ed-errors").inner_text()
    assert len(numbers) >= 15, len(numbers)
    give_back(hand.page, [number for number in numbers if number], before)


def give_back(page: Page, numbers: list[str], holder: str) -> None:
    left = set(numbers)
    page.goto("/cases?state=open")
    for _ in range(6):
        here = [box.get_attribute("value") for box in page.locator("[name=numbers]").all()]
        found = [number for number in here if number in left]
        after = page.locator("main .ed-pager a[href*='after=']")
        next_page = after.first.get_attribute("href") if after.count() else None
        if found:
            address = page.url
            for number in found:
                page.check(f"[name=numbers][value='{number}']")
            option = page.locator("#hand-over select option", has_text=holder).first.get_attribute("value")
            page.select_option("#hand-over select", option)
            page.fill("#hand-over [name=reason]", "Back from leave")
            with page.expect_navigation():
                page.click("#hand-over .btn-primary")
            left -= set(found)
            page.goto(address)
        if not left or not next_page:
            break
        page.goto(next_page)
    assert not left, left


# --- the approving officer -----------------------------------------------------------------------------------------


def test_a_grant_and_a_return(open_as: Opener):
    hand = Hand(open_as("reviewer", "en"))
    with job("Approving officer: send back with a reason", hand, Limit(45, inputs=1, clicks=3)):
        hand.go("main a[href$='/decide']")
        hand.click("#send-back summary")
        hand.type("#send-back [name=reason]", "Please add the number of the degree certification.")
        hand.go("#send-back .btn-primary")
    hand.page.goto("/desk")
    with job("Approving officer: grant", hand, Limit(45, inputs=0, clicks=2)):
        hand.go("main a[href$='/decide']")
        hand.go("#grant .btn-primary")
    assert "JZ" in main_text(hand.page)


# --- the liaison officer -------------------------------------------------------------------------------------------


def test_a_new_permit_is_taken_and_the_first_contact_logged(open_as: Opener):
    hand = Hand(open_as("liaison", "en"))
    hand.page.goto("/liaison")
    with job("Liaison officer: take a new permit, log the first contact", hand, Limit(60, inputs=2, clicks=2, loads=2)):
        hand.go("main tr form button")
        hand.type("[name=summary]", "Met at the office; residence permit explained.")
        hand.type("[name=next_on]", (date.today() + timedelta(days=90)).isoformat())
        hand.go("main form[action$='/contact'] .btn-primary")
    assert "Met at the office" in main_text(hand.page)


# --- the expert ----------------------------------------------------------------------------------------------------


def test_an_expert_knows_where_things_stand(open_as: Opener, house: House):
    """On a phone: signed in, the sentence with step and date is there without a scroll, in less than 100 KB."""
    hand = Hand(open_as("", "en", width=375))
    hand.page.set_viewport_size({"width": 375, "height": 667})
    hand.page.goto("/sign-in")
    with job("Expert: state and next step after signing in", hand, Limit(20, inputs=2, clicks=1, loads=1)):
        hand.type("[name=username]", "expert2")
        hand.type("[name=password]", PASSWORD)
        hand.enter("[name=password]")
    said = hand.page.locator("h1.ed-say").bounding_box()
    assert said and said["y"] >= 0 and said["y"] + said["height"] <= 667, said
    with job("Expert: switch the language", hand, Limit(5, inputs=0, clicks=1, loads=1)):
        hand.go("button[name=language]")
    assert hand.page.url.rstrip("/").endswith("/my")
    hand.go("button[name=language]")
    assert weight_of(hand.page, "/my") < 100_000


def weight_of(page: Page, address: str) -> int:
    """Bytes over the wire with an empty cache, styles and scripts included."""
    wire = page.context.new_cdp_session(page)
    received: list[int] = []
    wire.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(address, wait_until="networkidle")
    wire.detach()
    _table.append(f"| Expert: {address} over the wire, empty cache | | | | | {sum(received):,} of 100,000 bytes |")
    return sum(received)


def test_an_expert_sends_what_is_missing(open_as: Opener, tmp_path: Path):
    """Every paper asked for, limits read first: a file for each, upload, send."""
    hand = Hand(open_as("expert", "en", width=375))
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(paper_pdf())
    asked = hand.page.locator("main input[type=file]").count()
    assert asked
    with job(f"Expert: answer a correction notice of {asked} papers", hand, Limit(60, inputs=asked, clicks=2, loads=2)):
        hand.attach("main input[type=file]", paper)
        hand.go("main button.btn[name=do][value=keep]")
        hand.go("main button.btn[name=do][value=send]")
    assert hand.page.locator("main input[type=file]").count() == 0


def test_the_slip_and_the_letter_are_looked_up(open_as: Opener, house: House):
    hand = Hand(open_as("", "en", width=375))
    hand.page.goto("/verify")
    with job("Anybody: check a letter by its code", hand, Limit(10, inputs=1, clicks=1, loads=1)):
        hand.type("main [name=code]", str(facts_from(house)["code"]))
        hand.enter("main [name=code]")
    assert "Genuine" in main_text(hand.page)
