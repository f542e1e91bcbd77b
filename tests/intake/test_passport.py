"""The two machine-readable lines fill the fields; what is wrong with them is said with digit, line and fix."""

from __future__ import annotations

from datetime import date

import pytest

from tests.intake.filled import SPECIMEN, lines
from tests.intake.sending import READ_PASSPORT, problems, send, token_of, value_of


def read_lines(client, text, **more):
    return client.post(READ_PASSPORT, data={"mrz": text, "do": "read_passport", **more})


def test_lines_fill_the_fields_without_script(client_for, read):
    page = read(read_lines(client_for("officer"), lines()))
    filled = {name: value_of(page, name) for name in ("surname", "given_name", "passport_number", "nationality", "sex")}
    assert filled == {
        "surname": "PREOBRAZHENSKII", "given_name": "KONSTANTIN", "passport_number": "758213946", "nationality": "RU",
        "sex": "1",
    }  # fmt: skip
    assert value_of(page, "birth_on") == "1978-04-19"
    assert value_of(page, "passport_expires_on") == "2031-08-22"
    assert "All 5 check digits fit" in page.text


def test_small_letters_and_spaces_are_tidied(client_for, read):
    messy = lines().lower().replace("<", " <")
    page = read(read_lines(client_for("officer"), messy))
    assert value_of(page, "surname") == "PREOBRAZHENSKII"


def test_wrong_digit_names_digit_line_and_fix(client_for, read):
    for language, summary, message in (
        ("en", "position 10 should be 3", "Check digit of 758213946 should be 3, but reads 0."),
        ("zh", "第 10 位应为 3", "758213946 的校验位应为 3，读到 0"),
    ):
        answer = read_lines(client_for("officer", language), lines().replace("7582139463", "7582139460"))
        page = read(answer, 422)
        field = page.one("textarea", name="mrz")
        assert field.get("aria-invalid") == "true"
        assert message in page.text and summary in page.text
        # nothing was filled in from lines that do not hold
        assert value_of(page, "surname") == ""


def test_icao_specimen(client_for, read):
    """Digits pass, UTO is no country, the passport has expired, and nobody is born in the future."""
    client = client_for("officer")
    page = read(read_lines(client, SPECIMEN))
    assert value_of(page, "surname") == "ERIKSSON" and value_of(page, "given_name") == "ANNA MARIA"
    assert value_of(page, "nationality") == "" and value_of(page, "birth_on") == "1974-08-12"
    assert value_of(page, "passport_expires_on") == "2012-04-15"
    assert "UTO is the specimen country Utopia" in page.text
    assert "The passport expired on 15 Apr 2012" in page.text
    # the nationality is to be chosen: the fields stand open
    assert page.one("details", id="by-hand").get("open") is not None
    found = problems(send(client, mrz=SPECIMEN))
    assert "nationality" in found and "expired on 15 Apr 2012" in found["passport_expires_on"]


def test_lines_are_read_on_sending_too(client_for):
    """Nobody has to press the button: sending fills the fields from the lines."""
    from tests.intake.sending import taken

    case = taken(send(client_for("officer")))
    assert case.person.surname == "PREOBRAZHENSKII" and case.passport.number == "758213946"


def test_typed_fields_that_contradict_the_lines(client_for):
    found = problems(send(client_for("officer"), passport_number="758213947", birth_on="1978-04-19"))
    assert found["passport_number"] == "Passport number: The passport lines say 758213946. Correct one of the two."


def test_name_cut_off_in_the_lines_can_be_completed(client_for, read):
    client = client_for("officer")
    cut = lines(surname="PREOBRAZHENSKII DOLGORUKOV", given_names="KONSTANTIN VSEVOLODOVICH")
    page = read(read_lines(client, cut))
    assert "cut off, please compare" in page.text
    from tests.intake.sending import taken

    case = taken(send(client, mrz=cut, surname="PREOBRAZHENSKII DOLGORUKOV", given_name="KONSTANTIN VSEVOLODOVICH",
                      passport_number="758213946", nationality="RU", birth_on="1978-04-19", sex="1",
                      passport_expires_on="2031-08-22"))  # fmt: skip
    assert case.person.given_name == "KONSTANTIN VSEVOLODOVICH"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Paste the two lines"),
        ("P<RUS", "Two lines of 44 characters are needed"),
        ("V" + lines()[1:], "Line 1 begins with V"),
        ("nothing of the kind\nat all", "characters; a passport's has 44"),
        ("\x00" + lines(), "NUL character"),
        ("<script>alert(1)</script>", "Two lines"),
    ],
)
def test_what_is_no_passport_is_said(client_for, read, text, said):
    answer = read_lines(client_for("officer"), text)
    page = read(answer, 422)
    assert said in page.text


def test_reading_keeps_everything_else(client_for, read):
    client = client_for("officer")
    answer = read_lines(client, lines(), post="研究员", salary_month="abc", form_token=token_of(client))
    page = read(answer, answer.status_code)
    assert value_of(page, "post") == "研究员" and value_of(page, "salary_month") == "abc"


def test_an_expired_passport_is_not_taken(client_for):
    old = lines(expiry_date=date(2026, 11, 23))
    assert "expired on 23 Nov 2026" in problems(send(client_for("officer"), mrz=old))["passport_expires_on"]
    # the last day still counts
    last = lines(expiry_date=date(2026, 11, 24))
    assert "passport_expires_on" not in problems(send(client_for("officer"), mrz=last, post=""))


def test_address_of_a_helper_opened_directly_leads_to_the_form(client_for):
    for path in (READ_PASSPORT, "/intake/preview"):
        answer = client_for("officer").get(path)
        assert answer.status_code == 303 and answer.headers["Location"] == "/intake/new"
