"""Possible duplicates: found over spellings, scripts and slips; namesakes stay away; nothing is decided."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertdesk.experts import duplicates
from expertdesk.experts.duplicates import KnownPerson, Likelihood, PassportOnFile, find_duplicates

TODAY = date(2026, 11, 24)
BORN = date(1978, 4, 19)


def person(
    number: int, *names: str, born: date | None = BORN, country: str | None = "RU", passports=()
) -> KnownPerson:
    return KnownPerson(number, names, born, country, tuple(passports))


def match(candidate: KnownPerson, other: KnownPerson):
    found = find_duplicates(candidate, [other], today=TODAY)
    for one in found:
        assert all(len(str(reason.text)) > 3 and "%(" not in str(reason.text) for reason in one.reasons)
    return found[0] if found else None


def codes(found) -> list[str]:
    return [reason.code for reason in found.reasons]


def test_the_case_of_the_screen():
    new = person(0, "PREOBRAZHENSKII DOLGORUKOV KONSTANTIN", passports=[PassportOnFile("new")])
    old = person(
        7,
        "PREOBRAZHENSKIY DOLGORUKIY KONSTANTIN",
        "К. В. Преображенский-Долгорукий",
        passports=[PassportOnFile("old", date(2025, 3, 31))],
    )
    found = match(new, old)
    assert found is not None and found.person_id == 7 and found.likelihood is Likelihood.LIKELY
    assert codes(found) == ["name.spelling", "birth.same", "nationality.same", "passport.expired"]
    assert "PREOBRAZHENSKIY" in str(found.reasons[0].text) and "31 Mar 2025" in str(found.reasons[3].text)


@pytest.mark.parametrize(
    ("mine", "theirs", "code"),
    [
        ("ERIKSSON ANNA MARIA", "Anna Maria Eriksson", "name.same"),
        ("Øystein Dahl", "OYSTEIN DAHL", "name.same"),
        ("MUELLER JUERGEN", "MULLER JURGEN", "name.spelling"),
        ("王震华", "王震华", "name.same"),
        ("O'Neill Sean", "ONEILL SEÁN", "name.same"),
        ("Al Fayed Omar", "ALFAYED OMAR", "name.same"),
        ("Nguyễn Thị Ánh", "NGUYEN THI ANH", "name.same"),
        ("GARCIA LOPEZ MARIA JOSE", "GARCIA MARIA JOSE", "name.spelling"),
        ("Suharto", "SUHARTO", "name.same"),
        ("Mohammed Ali Khan", "Muhammad Ali Khan", "name.similar"),
        ("Ivanov Petr", "Smirnov Petr", "name.part"),
        ("김철수", "김철수", "name.same"),
    ],
)
def test_names(mine, theirs, code):
    found = match(person(0, mine), person(1, theirs))
    assert found is not None
    if code == "name.spelling":
        assert codes(found)[0] in ("name.spelling", "name.similar")
    elif code == "name.similar":
        assert codes(found)[0] in ("name.spelling", "name.similar", "name.part")
    else:
        assert codes(found)[0] == code


def test_the_same_passport_is_shown_whatever_else_differs():
    same = [PassportOnFile("x")]
    found = match(
        person(0, "Anna Ivanova", passports=same), person(1, "Anna Smith", country="GB", passports=same)
    )
    assert found is not None and found.likelihood is Likelihood.LIKELY and "passport.same" in codes(found)
    alone = match(person(0, "A B", born=date(1950, 1, 1), passports=same), person(1, "王", passports=same))
    assert alone is not None and "birth.other" in codes(alone)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (date(1978, 4, 19), "birth.same"),
        (date(1978, 4, 18), "birth.slip"),
        (date(1978, 4, 29), "birth.slip"),
        (date(1987, 4, 19), "birth.slip"),
        (date(1978, 12, 30), "birth.year"),
    ],
)
def test_birth_dates(other, code):
    found = match(person(0, "Anna Ivanova"), person(1, "Anna Ivanova", born=other))
    assert found is not None and code in codes(found)
    swapped = match(
        person(0, "Anna Ivanova", born=date(1978, 4, 3)), person(1, "Anna Ivanova", born=date(1978, 3, 4))
    )
    assert swapped is not None and "birth.slip" in codes(swapped)


def test_namesakes_and_strangers_are_not_shown():
    new = person(0, "WANG WEI", country="CN")
    assert match(new, person(1, "WANG WEI", born=date(1990, 1, 1), country="CN")) is None
    assert match(new, person(2, "ZHANG LI", country="CN")) is None
    assert match(new, person(3, "WANG LI", born=date(1990, 1, 1), country="CN")) is None
    assert match(person(0, ""), person(1, "", born=None, country=None)) is None


def test_another_nationality_does_not_hide_the_same_person():
    found = match(person(0, "Anna Ivanova"), person(1, "Anna Ivanova", country="IL"))
    assert found is not None and "nationality.other" in codes(found)


def test_likely_and_possible():
    likely = match(person(0, "Anna Ivanova"), person(1, "Anna Ivanova"))
    possible = match(person(0, "Anna Ivanova"), person(1, "Anna Ivanova", born=None))
    assert likely is not None and likely.likelihood is Likelihood.LIKELY
    assert possible is not None and possible.likelihood is Likelihood.POSSIBLE


def test_a_former_or_native_name_counts():
    new = person(0, "IVANOVA ANNA", "Анна Иванова")
    assert match(new, person(1, "SMITH ANNA", "ИВАНОВА АННА")) is not None


def test_likeliest_first_without_oneself_and_not_endless():
    new = person(5, "Anna Ivanova", passports=[PassportOnFile("x")])
    others = [person(number, "Anna Ivanova") for number in range(30)]
    others.append(person(99, "Anna Ivanova", passports=[PassportOnFile("x")]))
    found = find_duplicates(new, others, today=TODAY)
    assert found[0].person_id == 99 and len(found) == duplicates.MOST_SHOWN
    assert 5 not in [one.person_id for one in found]
    assert [one.person_id for one in found[1:]] == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert all(one.score <= 100 for one in found)


NAMES = st.lists(st.text(max_size=30), max_size=3).map(tuple)


@given(NAMES, NAMES, st.dates() | st.none(), st.dates() | st.none())
def test_any_names_are_compared_and_both_ways_alike(mine, theirs, born, other):
    one, two = person(1, *mine, born=born), person(2, *theirs, born=other)
    forth = find_duplicates(one, [two], today=TODAY)
    back = find_duplicates(two, [one], today=TODAY)
    assert [found.score for found in forth] == [found.score for found in back]
