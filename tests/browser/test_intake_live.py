"""The intake while it is filled in, with scripts: parts are exchanged in place, nothing typed or chosen is lost."""

from __future__ import annotations

import time
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from expertdesk.experts.mrz_writer import make_lines
from tests.browser.conftest import Opener
from tests.intake.filled import locked_pdf, pdf


def lines(number: str, **changes: object) -> str:
    values = {
        "surname": "OKONKWO", "given_names": "CHIDI EMEKA", "country": "NG", "birth_date": date(1987, 9, 4), "sex": "M",
        "expiry_date": date.today() + timedelta(days=2500), **changes,
    }  # fmt: skip
    return "\n".join(make_lines(number=number, **values))  # type: ignore[arg-type]


def opened(open_as: Opener, language: str = "en", **options: object) -> Page:
    page = open_as("officer", language, **options)
    page.goto("/intake/new")
    page.evaluate("window.stayed = true")
    return page


def stayed(page: Page) -> bool:
    """No other page was loaded since."""
    return bool(page.evaluate("window.stayed === true"))


def paste(page: Page, text: str) -> None:
    """As somebody pastes: the text is there, and the event comes."""
    page.fill("[name=mrz]", text)
    page.dispatch_event("[name=mrz]", "paste")


def test_pasting_the_lines_fills_the_fields_in_place(open_as: Opener):
    page = opened(open_as)
    paste(page, lines("A05512877"))
    expect(page.locator("#passport-read")).to_contain_text("All 5 check digits fit")
    expect(page.locator("[name=surname]")).to_have_value("OKONKWO")
    expect(page.locator("[name=nationality]")).to_have_value("NG")
    expect(page.locator("#passport-read")).to_be_focused()
    assert stayed(page)


def test_a_wrong_digit_takes_the_focus_to_the_summary(open_as: Opener):
    page = opened(open_as, "zh")
    text = lines("A05512877")
    first, second = text.split("\n")
    wrong = str((int(second[9]) + 1) % 10)
    paste(page, f"{first}\n{second[:9]}{wrong}{second[10:]}")
    expect(page.locator(".ed-errors")).to_be_focused()
    expect(page.locator("#mrz-error")).to_contain_text("校验位应为")
    assert stayed(page)


def test_the_category_follows_what_is_typed_and_the_cursor_stays(open_as: Opener):
    page = opened(open_as)
    page.select_option("[name=procedure]", "NEW_IN_CHINA")
    expect(page.locator("[name=in_country_ground]")).to_be_visible()
    page.fill("[name=salary_month]", "52,000")
    page.focus("[name=salary_year]")
    expect(page.locator("#i-side .ed-result .big")).to_have_text("B")
    expect(page.locator("[name=salary_year]")).to_be_focused()
    page.fill("[name=salary_month]", "80,000")
    page.focus("[name=post]")
    page.keyboard.type("总监")
    expect(page.locator("#i-side .ed-result .big")).to_have_text("A")
    expect(page.locator("[name=post]")).to_have_value("总监")
    expect(page.locator("#live-said")).to_contain_text("A")
    assert stayed(page)


def test_what_is_typed_while_the_answer_is_on_its_way_stays(open_as: Opener):
    page = opened(open_as)

    def slow(route):
        time.sleep(0.7)
        route.continue_()

    page.route("**/intake/preview", slow)
    page.select_option("[name=procedure]", "NEW_ABROAD")
    page.wait_for_timeout(450)
    page.fill("[name=post]", "typed meanwhile")
    page.check("[name=is_open_ended]")
    expect(page.locator("[name=embassy]")).to_be_visible()
    expect(page.locator("[name=post]")).to_have_value("typed meanwhile")
    expect(page.locator("[name=is_open_ended]")).to_be_checked()
    page.unroute_all(behavior="wait")


def test_a_file_is_checked_as_soon_as_it_is_chosen(open_as: Opener):
    page = opened(open_as)
    page.select_option("[name=procedure]", "NEW_IN_CHINA")
    expect(page.locator("#paper-PASSPORT")).to_be_visible()
    page.set_input_files("#paper-PASSPORT", {"name": "护照.pdf", "mimeType": "application/pdf", "buffer": pdf(2)})
    expect(page.locator("#line-PASSPORT")).to_contain_text("护照.pdf")
    page.set_input_files("#paper-CONTRACT", {"name": "c.pdf", "mimeType": "application/pdf", "buffer": locked_pdf()})
    expect(page.locator("#line-CONTRACT")).to_contain_text("protected by a password")
    expect(page.locator("#line-PASSPORT")).to_contain_text("护照.pdf")
    # one that is too large never travels
    big = b"%PDF-1.7\n" + b"0" * (11 * 1024 * 1024)
    page.set_input_files("#paper-DEGREE", {"name": "d.pdf", "mimeType": "application/pdf", "buffer": big})
    expect(page.locator("#paper-DEGREE-live")).to_contain_text("larger than 10 MB")
    page.click("#line-PASSPORT button[name=drop_file]")
    expect(page.locator("#line-PASSPORT")).not_to_contain_text("护照.pdf")
    # what was said about the other files stays until another file is chosen
    expect(page.locator("#paper-DEGREE-live")).to_contain_text("larger than 10 MB")
    expect(page.locator("#paper-CONTRACT-error")).to_contain_text("protected by a password")
    expect(page.locator("#paper-CONTRACT")).to_have_class("form-control is-invalid")
    page.set_input_files("#paper-CONTRACT", {"name": "c.docx", "mimeType": "application/zip", "buffer": b"PK"})
    expect(page.locator("#line-CONTRACT")).to_contain_text("Only PDF, JPEG and PNG")
    expect(page.locator("#line-CONTRACT")).not_to_contain_text("protected by a password")
    page.set_input_files("#paper-CONTRACT", {"name": "c.pdf", "mimeType": "application/pdf", "buffer": pdf(1)})
    expect(page.locator("#line-CONTRACT")).to_contain_text("c.pdf")
    expect(page.locator("#line-CONTRACT .invalid-feedback:visible")).to_have_count(0)
    assert stayed(page)


def test_the_language_switch_keeps_the_form(open_as: Opener):
    page = opened(open_as)
    paste(page, lines("A05512878"))
    expect(page.locator("[name=surname]")).to_have_value("OKONKWO")
    page.fill("[name=native_name]", "Chidi Okonkwo")
    page.click("button[name=switch_language]")
    expect(page.locator("h1")).to_have_text("新收件")
    expect(page.locator("[name=native_name]")).to_have_value("Chidi Okonkwo")
    expect(page.locator("[name=surname]")).to_have_value("OKONKWO")


def test_the_keyboard_alone_reaches_every_part(open_as: Opener):
    """Enter in a field works the form out and never sends it or changes the language."""
    page = opened(open_as)
    page.fill("[name=post]", "Keyboard")
    page.press("[name=post]", "Enter")
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text("New intake")
    expect(page.locator("[name=post]")).to_have_value("Keyboard")


def test_nothing_runs_off_a_narrow_screen(open_as: Opener):
    for language in ("en", "zh"):
        page = opened(open_as, language, width=320)
        paste(page, lines("A05512879"))
        expect(page.locator("#passport-read")).to_be_visible()
        page.select_option("[name=procedure]", "NEW_IN_CHINA")
        page.fill("[name=salary_month]", "52,000")
        page.focus("[name=post]")
        expect(page.locator("#i-side .ed-result .big").first).to_have_text("B")
        page.evaluate("document.querySelectorAll('details').forEach(box => { box.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, language
