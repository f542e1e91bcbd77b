"""`/status`: the slip shows the sentence, the next step and the date, nothing else; guessing does not pay."""

from __future__ import annotations

import dataclasses
import re

import pytest

from expertdesk.foundation.numbers import show_code
from expertdesk.models import Attempt
from tests.portal.conftest import case_now


def ask(client, number, code):
    return client.post("/status", data={"number": number, "code": code})


@pytest.fixture
def limits_on(app):
    before = app.extensions["expertdesk.settings"]
    app.extensions["expertdesk.settings"] = dataclasses.replace(before, rate_limits=True)
    yield
    app.extensions["expertdesk.settings"] = before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_slip_shows_sentence_step_and_date(visitor, read, submitted, language):
    visitor.set_cookie("language", language)
    read(visitor.get("/status"))
    page = read(ask(visitor, submitted.case.number, submitted.access_code))
    heading = page.words(page.one("h1"))
    assert {"en": "Your application came on", "zh": "11月24日"}[language] in heading
    assert len(page.all("dt")) == 2, "next step and date, nothing else"
    assert {"en": "Result of the preliminary check", "zh": "预审"}[language] in page.text


def test_the_language_switch_keeps_the_answer_and_what_was_typed(visitor, read, submitted):
    visitor.set_cookie("language", "en")
    page = read(ask(visitor, submitted.case.number, submitted.access_code))
    again = read(visitor.post("/status", data={**page.form_values("/status"), "switch_language": "zh"}))
    assert "11月24日" in again.words(again.one("h1")) and again.one("html").get("lang") == "zh-CN"
    assert visitor.get_cookie("language").value == "zh"
    wrong = read(ask(visitor, submitted.case.number, "ZZZZ9999"), 400)
    typed = read(visitor.post("/status", data={**wrong.form_values("/status"), "switch_language": "en"}))
    assert "See where a case stands" in typed.text and typed.form_values("/status")["code"] == "ZZZZ9999"
    assert "1 thing to correct" not in typed.text


def test_nobody_is_named(visitor, read, submitted):
    page = read(ask(visitor, submitted.case.number, submitted.access_code))
    for name in ("FERREIRA", "Ferreira", "费安娜", "Yunxi Bio", "云溪生物", "Zhou Min", "周敏", "CB128382", "382"):
        assert name not in page.text
    assert "/my/" not in page.html and ".pdf" not in page.html


def test_a_code_is_read_as_it_was_written_down(visitor, submitted):
    code = submitted.access_code
    for typed in (code.lower(), show_code(code), f" {code[:4]} {code[4:]} ", code.replace("0", "O").replace("1", "I"),
                  code.replace("1", "l")):  # fmt: skip
        assert ask(visitor, submitted.case.number.lower(), typed).status_code == 200, typed


def test_unknown_number_and_wrong_code_get_the_same_answer(visitor, read, submitted):
    number, wrong = submitted.case.number, "ZZZZ9999"
    first = ask(visitor, number, wrong)
    second = ask(visitor, "ED2026-999999", submitted.access_code)
    third = ask(visitor, "not a number", submitted.access_code)
    assert first.status_code == second.status_code == third.status_code == 400

    def plain(answer, typed_number, typed_code):
        text = answer.text.replace(typed_number, "NUMBER").replace(typed_code, "CODE")
        return re.sub(r'name="csrf_token"[^>]*>', "", text)

    code = submitted.access_code
    assert plain(first, number, wrong) == plain(second, "ED2026-999999", code) == plain(third, "not a number", code)
    assert number in first.text and wrong in first.text, "what was typed is kept"
    read(first, 400)


def test_a_case_without_a_code_cannot_be_opened(app, world, visitor):
    from expertdesk.cases import commands
    from expertdesk.foundation.database import db
    from tests.cases import steps

    case = commands.open_case(steps.new_case(world), world.actor("officer"))
    db.session.commit()
    for code in ("", "0" * 8, "00000000"):
        assert ask(visitor, case.number, code).status_code == 400


def test_empty_fields_are_named(visitor, read):
    page = read(ask(visitor, "", ""), 400)
    assert {field.get("name") for field in page.all("input", aria_invalid="true")} == {"number", "code"}


def test_no_cookie_but_the_forms(app, visitor, submitted):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        page = visitor.get("/status")
        cookies = [value.split("=")[0] for value in page.headers.getlist("Set-Cookie")]
        assert cookies == ["expertdesk-guest"]
        assert ask(visitor, submitted.case.number, submitted.access_code).status_code == 400
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        answer = visitor.post(
            "/status",
            data={"number": submitted.case.number, "code": submitted.access_code, "csrf_token": token[1]},
        )
        assert answer.status_code == 200
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_nothing_is_kept_by_browsers_or_search_engines(visitor, submitted):
    answer = ask(visitor, submitted.case.number, submitted.access_code)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_guessing_is_slowed_down(limits_on, visitor, read, submitted):
    number = submitted.case.number
    answers = [ask(visitor, number, f"ZZZZ{place:04}") for place in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    page = read(answers[-1], 429)
    assert "Too many tries" in page.text and number in page.html
    assert ask(visitor, number, submitted.access_code).status_code == 429, "the right code waits too"


def test_going_through_numbers_is_slowed_down_by_address(limits_on, visitor):
    codes = [ask(visitor, f"ED2026-{place:06}", "ZZZZ9999").status_code for place in range(1, 25)]
    assert codes[0] == 400 and codes[-1] == 429


def test_the_right_code_leaves_no_trace_of_failure(limits_on, visitor, submitted):
    from expertdesk.foundation.database import db

    for _ in range(3):
        ask(visitor, submitted.case.number, "ZZZZ9999")
    assert ask(visitor, submitted.case.number, submitted.access_code).status_code == 200
    db.session.rollback()
    own = db.session.query(Attempt).count()
    assert own < 3 * 3, "the failures of this target from this address are forgotten"
    assert case_now(submitted.case.number).row_version == submitted.case.row_version, "reading changes nothing"
