"""Possible duplicates: looked for in the whole city, shown as far as the reader may see, never merged."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from expertdesk.experts.candidates import near_days
from expertdesk.experts.queries import person_choice, possible_duplicates
from expertdesk.foundation.database import db
from expertdesk.models import Person
from tests.experts.bureau import CHENGHU, counted, make_person, passport_data
from tests.experts.bureau import person_data as typed


def codes(hit) -> list[str]:
    return [reason.code for reason in hit.reasons]


def test_the_same_person_spelt_otherwise_is_found_with_reasons(world):
    officer = world.actor("officer")
    candidate = typed("FERREIRA GOMES", "ANA LUIZA", nationality="PT", birth_on=date(1984, 3, 19))
    (hit,) = possible_duplicates(candidate, passport_data("CB999000"), officer)
    assert (hit.person_id, hit.is_likely, hit.is_masked) == (world.person_id, True, False)
    assert (hit.name, hit.passport_tail, hit.birth_on) == ("Ana Luísa Ferreira-Gomes", "•••382", date(1984, 3, 19))
    assert codes(hit) == ["name.spelling", "birth.same", "nationality.same", "passport.other"]
    assert db.session.scalar(select(func.count()).select_from(Person)) == 2


def test_found_by_passport_by_slip_of_the_date_by_chinese_and_by_former_name(world):
    officer = world.actor("officer")
    seen = possible_duplicates(typed("X", "Y", nationality="SE"), passport_data("cb 128382"), officer)
    assert [codes(hit)[-1] for hit in seen] == ["passport.same"]
    for born in (date(1984, 3, 16), date(1984, 9, 13), date(1948, 3, 19), date(1983, 3, 19)):
        candidate = typed("FERREIRA-GOMES", "ANA LUISA", nationality="PT", birth_on=born)
        assert [hit.person_id for hit in possible_duplicates(candidate, None, officer)] == [world.person_id], born
    candidate = typed("GOMEZ", "", chinese_name="费安娜", nationality="ES", birth_on=date(1984, 3, 19))
    assert [hit.person_id for hit in possible_duplicates(candidate, None, officer)] == [world.person_id]


def test_namesakes_of_another_age_stay_away(world):
    candidate = typed("FERREIRA-GOMES", "ANA LUISA", nationality="PT", birth_on=date(1962, 8, 1))
    assert possible_duplicates(candidate, None, world.actor("officer")) == ()
    assert possible_duplicates(typed("", "", birth_on=None, nationality=""), None, world.actor("officer")) == ()


def test_a_hit_in_another_district_shows_no_more_than_initials_year_district_and_whom_to_ask(world):
    candidate = typed("NGUYEN", "THI MINH HAN", nationality="VN", birth_on=date(1990, 2, 7))
    (hit,) = possible_duplicates(candidate, passport_data("C1"), world.actor("officer"))
    assert hit.is_masked and hit.name == "N. T. M. H." and hit.birth_year == 1990
    assert (str(hit.district), hit.ask.name) == ("Chenghu", "Han Xue")
    assert (hit.birth_on, hit.other_names, hit.country, hit.passport_tail) == (None, (), "", "")
    said = " ".join(str(reason.text) for reason in hit.reasons)
    assert "2 Jul" not in said and "1990" not in said and "HANH" not in said.upper()
    (whole,) = possible_duplicates(candidate, None, world.actor("officer2"))
    assert not whole.is_masked and "2 Jul 1990" in " ".join(str(reason.text) for reason in whole.reasons)


def test_the_person_itself_is_no_duplicate(world):
    choice = person_choice(world.person_id, world.actor("officer"))
    assert possible_duplicates(choice.data, None, world.actor("officer"), except_id=world.person_id) == ()


def test_the_number_of_queries_does_not_grow_with_the_people(world):
    officer = world.actor("officer")
    candidate = typed("SAMENAME", "ERIK", birth_on=date(1981, 6, 14))
    make_person(officer, "SAMENAME", "ERIK")
    with counted() as first:
        possible_duplicates(candidate, passport_data("SN000001"), officer)
    for number in range(8):
        make_person(officer, "SAMENAME", "ERIK", district="990101" if number % 2 else CHENGHU)
    with counted() as second:
        assert len(possible_duplicates(candidate, passport_data("SN000001"), officer)) == 9
    assert len(second) <= len(first) + 1 <= 16  # one more asks who handles the other district


def test_days_near_a_day():
    near = near_days(date(1984, 3, 19))
    assert {date(1984, 3, 16), date(1984, 3, 9), date(1984, 8, 19), date(1948, 3, 19), date(1994, 3, 19)} <= set(near)
    assert date(1984, 3, 19) not in near and date(2000, 1, 1) not in near
    assert date(1990, 7, 2) in near_days(date(1990, 2, 7))
