"""Unified social credit codes: real ones, every single error, what an old lawful code may fail in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertdesk.experts.credit_code import AUTHORITIES, organisation_check, read_credit_code, tidy_credit_code

# Published codes of well-known organisations.
REAL = {
    "91110000802100433B": ("9", "1"), "91440300708461136T": ("9", "1"), "91330100799655058B": ("9", "1"),
    "914403001922038216": ("9", "1"), "91110108551385082Q": ("9", "1"), "91110000600037341L": ("9", "1"),
    "12100000400002259P": ("1", "2"), "12100000400000624D": ("1", "2"),
}  # fmt: skip
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", REAL)
def test_real_codes(code):
    found = read_credit_code(code)
    authority, kind = REAL[code]
    assert found.is_valid and found.may_be_accepted
    assert found.authority == AUTHORITIES[authority][0] and found.kind == AUTHORITIES[authority][1][kind]
    assert found.area == code[2:8] and found.organisation_code == code[8:17]
    assert found.grouped.replace(" ", "") == code and found.is_enterprise == code.startswith("91")


def test_pasted_disorder():
    for text in (
        "91 110108-551385082q",
        "９１１１０１０８５５１３８５０８２Ｑ",
        "\ufeff91110108551385082Q\n",
    ):
        assert tidy_credit_code(text) == "91110108551385082Q" and read_credit_code(text).is_valid


@given(st.sampled_from(sorted(REAL)), st.integers(0, 17), st.sampled_from(SIGNS))
def test_every_wrong_sign_is_found(code, place, sign):
    changed = code[:place] + sign + code[place + 1 :]
    assert read_credit_code(changed).is_valid == (changed == code)


@given(st.sampled_from(sorted(REAL)), st.integers(0, 16))
def test_every_exchange_of_neighbours_is_found(code, place):
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert read_credit_code(changed).is_valid == (changed == code)


@pytest.mark.parametrize(
    ("text", "codes", "may_be_accepted"),
    [
        ("", ["credit_code.length"], False),
        ("9111010855138508Q", ["credit_code.length"], False),
        ("91110108551385082QQ", ["credit_code.length"], False),
        ("9111010855138508IQ", ["credit_code.sign"], False),
        ("9111010855138508王Q", ["credit_code.sign"], False),
        ("91110A08551385082Q", ["credit_code.area"], False),
        ("91110108551385082A", ["credit_code.check"], True),
        ("91110108551385083Q", ["credit_code.organisation", "credit_code.check"], True),
        ("91110000MA0000X42K", ["credit_code.organisation", "credit_code.check"], True),
    ],
)
def test_the_part_that_failed_is_named(text, codes, may_be_accepted):
    found = read_credit_code(text)
    assert [problem.code for problem in found.problems] == codes
    assert found.may_be_accepted is may_be_accepted and not found.is_valid
    assert all(
        "%(" not in str(problem.message) and len(str(problem.message)) > 20 for problem in found.problems
    )


def test_letters_as_authority_and_unknown_kinds():
    assert read_credit_code("A1110000600037341K").is_valid
    found = read_credit_code("97110108551385082Q")
    assert "credit_code.kind" in [problem.code for problem in found.problems] and found.kind is None
    assert found.may_be_accepted


def test_organisation_check_of_a_known_code():
    assert organisation_check("55138508") == "2" and organisation_check("MA00TE5T") == "2"


@given(st.text(max_size=40))
def test_any_text_is_answered(text):
    read_credit_code(text)
