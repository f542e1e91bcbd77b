"""`/verify`: five verdicts, every way of writing the code, and no more of the person than needed."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.numbers import new_verification_code, show_code
from expertdesk.models import Letter, LetterStatus, PermitState
from tests.cases import steps

NAMES = ("FERREIRA", "Ferreira", "费安娜", "LUISA", "CB128382", "ED2026-", "云溪生物", "Yunxi Bio", "Research engineer")


@pytest.fixture
def granted(app, world) -> Letter:
    """The Notification Letter of a delivered case."""
    from expertdesk.cases import commands
    from expertdesk.permits.commands import grant_permit

    officer = world.actor("officer")
    case = steps.recommended(world, officer)
    grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    commands.deliver_case(case, clock.today(), officer, case.row_version)
    db.session.commit()
    return next(letter for letter in case.letters if letter.kind == "NOTIFICATION_LETTER")


def verdict(client, read, code, language="en"):
    client.set_cookie("language", language)
    return read(client.get(f"/verify/{code}"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_valid(visitor, read, granted, language):
    page = verdict(visitor, read, granted.code, language)
    heading = page.words(page.one("h1"))
    assert heading == {"en": "Genuine, unchanged and in force", "zh": "真实、有效，内容未被改动"}[language]
    text = page.text
    assert "F.-G. A. L." in text and "•••382" in text
    assert "中华人民共和国外国人工作许可通知" in text and "Notification Letter" in text
    assert granted.number_zh in text
    assert granted.sha256 in text.replace(" ", "")
    assert {"en": "24 November 2026", "zh": "2026年11月24日"}[language] in text
    for name in NAMES:
        assert name not in page.html.replace("ExpertDesk", ""), name


def test_a_code_works_however_it_was_copied(visitor, read, granted):
    code = granted.code.replace("-", "")
    for typed in (code, show_code(code), code.lower(), show_code(code).replace("-", " "), code.replace("0", "O"),
                  code.replace("1", "I"), code.replace("1", "l"), show_code(code).replace("-", "–")):  # fmt: skip
        assert verdict(visitor, read, typed).words(verdict(visitor, read, typed).one("h1")).startswith("Genuine"), typed


def test_the_form_leads_to_the_address_of_the_answer(visitor, read, granted):
    read(visitor.get("/verify"))
    answer = visitor.get("/verify", query_string={"code": show_code(granted.code).lower()})
    assert answer.status_code == 302
    assert answer.location == f"/verify/{granted.code.replace('-', '')}"
    empty = read(visitor.get("/verify?code="), 400)
    assert len(empty.all("input", aria_invalid="true")) == 1
    assert visitor.get("/verify", query_string={"code": "../../admin"}).location.startswith("/verify/")


def test_expired(visitor, read, granted):
    granted.valid_until = clock.today() - timedelta(days=1)
    db.session.commit()
    page = verdict(visitor, read, granted.code)
    assert page.words(page.one("h1")) == "Genuine, but no longer in force"
    assert "Ask its holder for a newer one" in page.text


def test_the_last_day_still_counts(visitor, read, granted):
    granted.valid_until = clock.today()
    db.session.commit()
    assert "in force" in verdict(visitor, read, granted.code).words(verdict(visitor, read, granted.code).one("h1"))


def test_a_permit_that_ended_ends_its_letter(visitor, read, granted):
    granted.permit.ends_on = date(2026, 11, 23)
    db.session.commit()
    page = verdict(visitor, read, granted.code)
    assert page.words(page.one("h1")) == "Genuine, but no longer in force"


@pytest.mark.parametrize("by", ["letter", "permit"])
def test_replaced(visitor, read, granted, by):
    if by == "letter":
        granted.status = LetterStatus.REPLACED
    else:
        granted.permit.state = PermitState.SUPERSEDED
    db.session.commit()
    page = verdict(visitor, read, granted.code)
    assert page.words(page.one("h1")) == "Genuine, but replaced by a newer letter"


@pytest.mark.parametrize("state", ["letter", PermitState.REVOKED, PermitState.WITHDRAWN, PermitState.CANCELLED])
def test_revoked(visitor, read, granted, state):
    if state == "letter":
        granted.status = LetterStatus.REVOKED
    else:
        granted.permit.state, granted.permit.ended_on = state, date(2026, 11, 24)
    db.session.commit()
    page = verdict(visitor, read, granted.code)
    assert page.words(page.one("h1")) == "Withdrawn: not in force"
    assert ("Ended on" in page.text) == (state != "letter")


def test_a_letter_about_the_procedure_does_not_fall_with_the_permit(app, visitor, read, granted):
    granted.permit.state = PermitState.REVOKED
    db.session.commit()
    receipt = next(letter for letter in granted.case.letters if letter.kind == "RECEIPT")
    page = verdict(visitor, read, receipt.code)
    assert page.words(page.one("h1")) == "Genuine, unchanged and in force"
    assert "Valid until" not in page.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_unknown(app, visitor, read, language):
    code = new_verification_code()
    page = verdict(visitor, read, code, language)
    assert page.words(page.one("h1")) == {"en": "No letter has this code", "zh": "未查到使用此验证码的文书"}[language]
    assert show_code(code) in page.text
    assert {"en": "do not rely on the paper", "zh": "请勿采信"}[language] in page.text


def test_mistyped_is_said(visitor, read, granted):
    code = granted.code.replace("-", "")
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    page = verdict(visitor, read, wrong)
    assert "a character is wrong" in page.text
    for odd in ("x", "7KQM", "%3Cscript%3E", "验证码", "7" * 300):
        assert page.words(verdict(visitor, read, odd).one("h1")) == "No letter has this code"


def test_draft_letters_have_no_code(app, world):
    assert db.session.query(Letter).filter(Letter.code == "").count() == 0


def test_the_answer_is_not_kept(visitor, granted):
    answer = visitor.get(f"/verify/{granted.code}")
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Robots-Tag"] == "noindex"


def test_guessing_is_slowed_down(app, visitor, read, granted):
    before = app.extensions["expertdesk.settings"]
    app.extensions["expertdesk.settings"] = dataclasses.replace(before, rate_limits=True)
    try:
        for _ in range(20):
            assert visitor.get(f"/verify/{granted.code}").status_code == 200, "checking true letters costs nothing"
        codes = [visitor.get(f"/verify/{new_verification_code()}").status_code for _ in range(45)]
        assert codes[0] == 200 and codes[-1] == 429
        blocked = visitor.get(f"/verify/{new_verification_code()}")
        assert int(blocked.headers["Retry-After"]) > 0 and "Too many tries" in read(blocked, 429).text
    finally:
        app.extensions["expertdesk.settings"] = before
