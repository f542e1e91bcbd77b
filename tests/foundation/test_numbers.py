"""Check characters find what they promise to find; patterns take only their own fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertdesk.foundation.numbers import (
    ALPHABET,
    NumberProblem,
    is_access_code,
    is_permit_number,
    is_verification_code,
    iso7064_mod_11_10,
    new_access_code,
    new_verification_code,
    number_pattern,
    permit_number,
    show_code,
    tidy_code,
    verification_check,
)

bodies = st.text(alphabet=ALPHABET, min_size=11, max_size=11)


@pytest.mark.parametrize(("digits", "check"), [("79462", "3"), ("00200667308", "5"), ("0794", "5")])
def test_mod_11_10_known_values(digits, check):
    assert iso7064_mod_11_10(digits) == check


@given(st.integers(0, 10**12 - 1), st.integers(0, 12), st.integers(1, 9))
def test_a_permit_number_finds_every_wrong_digit(body, place, step):
    number = permit_number(body)
    assert is_permit_number(number) and is_permit_number(f" jz {number[2:8]}-{number[8:]}")
    digits = [int(sign) for sign in number[2:]]
    digits[place] = (digits[place] + step) % 10
    assert not is_permit_number("JZ" + "".join(map(str, digits)))


def test_a_permit_number_finds_most_exchanges():
    """The standard does not find all of them; more than 95 in 100 are required here."""
    tried = missed = 0
    for body in range(123456789012, 123456789012 + 7919 * 1500, 7919):
        number = permit_number(body)
        for place in range(2, len(number) - 1):
            if number[place] != number[place + 1]:
                swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
                tried += 1
                missed += is_permit_number(swapped)
    assert tried > 10_000 and missed / tried < 0.05


@pytest.mark.parametrize(
    "text", ["", "JZ", "JZ000000000007", "XX0000000000070", "JZ00000000000７0", "JZ0000000000071"]
)
def test_no_permit_number(text):
    assert not is_permit_number(text)


@pytest.mark.parametrize("body", ["12", "12345678901a", "１23456789012", 10**12, -1])
def test_a_permit_number_needs_twelve_digits(body):
    with pytest.raises(NumberProblem):
        permit_number(body)


@given(bodies, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_a_verification_code_finds_every_wrong_sign(body, place, other):
    code = body + verification_check(body)
    assert is_verification_code(code)
    changed = code[:place] + other + code[place + 1 :]
    assert is_verification_code(changed) == (changed == code)


@given(bodies)
def test_a_verification_code_finds_every_exchange(body):
    code = body + verification_check(body)
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert is_verification_code(swapped) == (swapped == code)


def test_codes_as_people_type_them():
    body = "10TEST0W1DE"
    code = body + verification_check(body)
    assert is_verification_code(show_code(code).lower().replace("1", "l").replace("0", "o"))
    assert is_verification_code(f" {code[:4]} {code[4:8]}–{code[8:]}\n")
    assert tidy_code("7kqm-4wtr-9d2h") == "7KQM4WTR9D2H" and show_code("7kqm4wtr9d2h") == "7KQM-4WTR-9D2H"
    for wrong in ("", "7KQM", "U" * 12, "é" * 12, code + "0", "\x00" * 12):
        assert not is_verification_code(wrong)


def test_new_codes_are_random_well_formed_and_without_doubtful_letters():
    made = {new_verification_code() for _ in range(500)}
    assert len(made) == 500 and all(map(is_verification_code, made))
    access = {new_access_code() for _ in range(500)}
    assert len(access) == 500 and all(map(is_access_code, access))
    assert not set("ILOU") & set("".join(made | access))
    assert len(set(ALPHABET)) == 32
    assert not is_access_code("ABCD123") and not is_access_code("ABCD123U")


def test_pattern_fills_and_recognises():
    pattern = number_pattern("ED{year}-{seq:06}", is_address=True)
    assert pattern.fill(year=2026, seq=123) == "ED2026-000123"
    assert pattern.fill(year=2026, seq=12345678) == "ED2026-12345678"
    assert (
        pattern.matches("ED2026-000123")
        and not pattern.matches("ED2026-00012")
        and not pattern.matches("xED2026-000123")
    )
    assert number_pattern("江外专受〔{year}〕{seq}号").fill(year=2026, seq=1187) == "江外专受〔2026〕1187号"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "pattern.length"),
        ("A" * 61, "pattern.length"),
        ("ED{year}", "pattern.fields"),
        ("ED{seq}", "pattern.fields"),
        ("{year}-{seq}-{seq}", "pattern.fields"),
        ("{year}{seq}", "pattern.ambiguous"),
        ("{year}-{seq!r}", "pattern.sign"),
        ("{year}-{seq.__class__}", "pattern.sign"),
        ("{year}-{seq:999999999}", "pattern.sign"),
        ("{year}-{0}{seq}", "pattern.sign"),
        ("{year}-{seq}<b>", "pattern.sign"),
        ("../{year}-{seq}", "pattern.sign"),
        ("{year}-{seq:6}", "pattern.sign"),
    ],
)
def test_pattern_refuses(text, code):
    with pytest.raises(NumberProblem) as refused:
        number_pattern(text)
    assert refused.value.code == code


def test_a_case_number_is_an_address():
    with pytest.raises(NumberProblem) as refused:
        number_pattern("案{year}-{seq}", is_address=True)
    assert refused.value.code == "pattern.address"


@given(st.integers(2000, 9999), st.integers(1, 10**9))
def test_two_different_places_give_two_numbers(year, seq):
    pattern = number_pattern("ED{year}-{seq:06}")
    number = pattern.fill(year=year, seq=seq)
    assert pattern.matches(number) and number != pattern.fill(year=year, seq=seq + 1)
    with pytest.raises(NumberProblem):
        pattern.fill(year=year, seq=0)
