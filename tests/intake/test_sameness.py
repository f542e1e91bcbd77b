"""Whether somebody is on file already: shown beside the form, decided by a person, never by the system."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from expertdesk.foundation.database import db
from expertdesk.models import Person
from tests.intake.filled import lines
from tests.intake.sending import problems, send, taken, value_of, work_out


def ana(**changes):
    """A new passport of the person of the world, spelled a little differently."""
    values = {
        "surname": "FERREIRA GOMES",
        "given_names": "ANA LUIZA",
        "country": "PT",
        "number": "CC765432",
        "birth_date": date(1984, 3, 19),
        "sex": "F",
        "expiry_date": date(2034, 2, 2),
    }
    return lines(**{**values, **changes})


def people() -> int:
    db.session.expire_all()
    return db.session.scalar(select(func.count(Person.id))) or 0


def test_a_possible_duplicate_is_shown_with_its_reasons(client_for, world):
    page = work_out(client_for("officer"), mrz=ana(), native_name="")
    assert "Possibly on file already" in page.text and "Ana Luísa Ferreira-Gomes" in page.text
    for reason in ("Same date of birth", "Same nationality"):
        assert reason in page.text
    assert not [box for box in page.all("input", name="person") if box.get("checked") is not None]


def test_nobody_is_taken_in_before_somebody_said_who_it_is(client_for):
    before = people()
    found = problems(send(client_for("officer"), mrz=ana(), native_name=""))
    assert found["person"].startswith("There may be a record already")
    assert people() == before


def test_the_same_person_with_a_new_passport(client_for, world):
    case = taken(send(client_for("officer"), mrz=ana(), native_name="", person=str(world.person_id)))
    assert case.person_id == world.person_id and people() == 2
    assert [passport.number for passport in case.person.passports] == ["CC765432", "CB128382"]
    assert case.passport.number == "CC765432" and case.passport.is_current
    # what the officer typed beside it is brought up to date, what nobody typed stays
    assert case.person.email == "k.preobrazhenskii@mail.example" and case.person.chinese_name == "费安娜"
    assert case.person.surname == "FERREIRA-GOMES"


def test_another_person_with_the_same_birthday(client_for, world):
    case = taken(send(client_for("officer"), mrz=ana(), native_name="", person="new"))
    assert case.person_id != world.person_id and people() == 3


def test_a_person_on_file_needs_no_passport_data(client_for, world):
    client = client_for("officer")
    page = work_out(client, mrz="", native_name="", find_person="CB128382", do="find")
    assert "Record on file" in page.text
    chosen = [box.get("value") for box in page.all("input", name="person") if box.get("checked") is not None]
    assert chosen == [str(world.person_id)]
    case = taken(send(client, mrz="", native_name="", person=str(world.person_id)))
    assert case.person_id == world.person_id and case.passport_id == world.passport_id and people() == 2


def test_the_record_chosen_brings_its_addresses_and_takes_them_away_again(client_for, world):
    """Nobody types them twice, and those of one person never end in the record of another."""
    client = client_for("officer")
    nothing = {"mrz": ana(), "native_name": "", "email": "", "phone": ""}
    page = work_out(client, **nothing, person=str(world.person_id))
    assert value_of(page, "email") == "ana.ferreira@mail.example" and value_of(page, "chinese_name") == "费安娜"
    page = work_out(client, **{**page.form_values("new"), "person": "new", "do": "work_out"})
    assert value_of(page, "email") == "" and value_of(page, "chinese_name") == ""
    # what was typed by hand stays
    page = work_out(client, **{**nothing, "email": "typed@mail.example"}, person=str(world.person_id))
    page = work_out(client, **{**page.form_values("new"), "person": "new", "do": "work_out"})
    assert value_of(page, "email") == "typed@mail.example"


def test_found_by_any_name(client_for):
    for text in ("费安娜", "ferreira", "Luísa", "CB128382"):
        page = work_out(client_for("officer"), mrz="", native_name="", find_person=text, do="find")
        assert "Ana Luísa Ferreira-Gomes" in page.text, text


def test_nobody_found_says_what_to_do(client_for):
    page = work_out(client_for("officer"), mrz="", native_name="", find_person="Nobody Nowhere", do="find")
    assert "Nobody on file was found" in page.text


def test_somebody_of_another_district_is_masked_and_cannot_be_chosen(client_for, world):
    hanh = lines(surname="NGUYEN", given_names="THI MINH HANH", country="VN", number="C9999999",
                 birth_date=date(1990, 7, 2), sex="F", expiry_date=date(2035, 1, 1))  # fmt: skip
    client = client_for("officer")
    page = work_out(client, mrz=hanh, native_name="")
    shown = page.words(page.one("section", aria_labelledby="dup-h"))
    assert "N. T. M. H." in shown and "1990" in shown and "Han Xue" in shown
    assert "NGUYEN" not in shown and "Hạnh" not in shown and "C9002715" not in shown
    assert [box.get("value") for box in page.all("input", name="person")] == ["new"]
    # choosing it all the same, by hand, does not open a record that may not be seen
    found = problems(send(client, mrz=hanh, native_name="", person=str(world.person2_id)))
    assert found["person"].startswith("This record cannot be used")


def test_the_very_passport_of_somebody_elsewhere_names_whom_to_ask(client_for):
    hanh = lines(surname="NGUYEN", given_names="THI MINH HANH", country="VN", number="C9002715",
                 birth_date=date(1990, 7, 2), sex="F", expiry_date=date(2029, 9, 30))  # fmt: skip
    found = problems(send(client_for("officer"), mrz=hanh, native_name="", person="new"))
    assert "on file already" in found["passport_number"] and "Han Xue" in found["passport_number"]


def test_record_and_passport_that_contradict_each_other(client_for, world):
    wrong = ana(birth_date=date(1985, 3, 19), country="ES")
    found = problems(send(client_for("officer"), mrz=wrong, native_name="", person=str(world.person_id)))
    assert "born on 19 Mar 1984" in found["birth_on"] and "another nationality" in found["nationality"]


def test_a_second_case_of_the_same_kind_is_not_opened(client_for, world):
    client = client_for("officer")
    first = taken(send(client, mrz="", native_name="", person=str(world.person_id)))
    found = problems(send(client, mrz="", native_name="", person=str(world.person_id)))
    assert first.number in found["procedure"]


def test_a_person_that_is_none(client_for):
    for text in ("999999", "abc", "-1", "9" * 30, "1 OR 1=1"):
        answer = send(client_for("officer"), mrz="", native_name="", person=text)
        assert answer.status_code == 422, text


def test_the_form_can_begin_with_a_person_and_an_organisation(client_for, read, world):
    page = read(client_for("officer").get(f"/intake/new?person={world.person_id}&organisation={world.organisation_id}"))
    assert value_of(page, "organisation") == "91110108MA01KPRT4B"
    assert [box.get("value") for box in page.all("input", name="person") if box.get("checked") is not None] == [
        str(world.person_id)
    ]
    for strange in ("?person=999999", "?person=x&organisation=x", "?permit=0", "?organisation=99999999999999999999"):
        read(client_for("officer").get(f"/intake/new{strange}"))
