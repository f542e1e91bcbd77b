"""Registering and changing people: what is kept, what is refused and at which field, who saved first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from expertdesk.experts import commands
from expertdesk.experts.commands import EducationData, EmploymentData, FamilyData, person_data
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, NotPermitted, RuleBroken, Stale
from expertdesk.models import Event, NameKind, Passport, Person, SearchEntry, SpecialGroup
from expertdesk.workflow import first_bad_event
from tests.experts.bureau import CHENGHU, YUNXI, make_person, passport_data
from tests.experts.bureau import person_data as typed

# names in fourteen scripts: native spelling, nationality, the language that must be told from both
SCRIPTS = [
    ("Øystein Søderstrøm", "NO", "no"),
    ("Nguyễn Thị Ánh", "VN", "vi"),
    ("Константин Преображенский-Долгоруков", "RU", "ru"),
    ("Олена Шевченко", "UA", "uk"),
    ("Ελευθέριος Παπαδόπουλος", "GR", "el"),
    ("Հովհաննես Այվազովսկի", "AM", "hy"),
    ("გიორგი მელიქიშვილი", "GE", "ka"),
    ("محمد عبد الرحمن", "EG", "ar"),
    ("کیوان یزدی", "IR", "fa"),
    ("דוד בן־גוריון", "IL", "he"),
    ("हरिप्रसाद चौरसिया", "IN", "hi"),
    ("สมชาย ใจดี", "TH", "th"),
    ("김민서", "KR", "ko"),
    ("田中 幸子", "JP", "ja"),
    ("たなか ゆきこ", "JP", "ja"),
    ("አበበ ቢቂላ", "ET", "am"),
    ("㛃䶮𬭎", "SG", "zh"),
]


def count_of(name: str) -> int:
    return db.session.scalar(select(func.count()).where(Event.name == name)) or 0


def events(name: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.name == name).order_by(Event.id)))


def refused(call) -> dict[str, str]:
    with pytest.raises(RuleBroken) as caught:
        call()
    return {name: str(text) for name, text in caught.value.problems.items()}


def test_names_in_their_own_script_are_kept_whole_with_their_language(world):
    officer = world.actor("officer")
    made = {make_person(officer, nationality=country, native_name=native).id: native for native, country, _ in SCRIPTS}
    db.session.expire_all()
    languages = {native: language for native, _, language in SCRIPTS}
    for person_id, native in made.items():
        stored = db.session.get_one(Person, person_id)
        assert (stored.native_name, stored.native_lang, stored.display_name) == (native, languages[native], native)
        assert [(row.kind, row.text) for row in stored.names] == [
            (NameKind.PASSPORT, "LINDQVIST ERIK"),
            (NameKind.NATIVE, native),
        ]


def test_a_single_name_and_a_name_of_120_letters(world):
    officer = world.actor("officer")
    single = make_person(officer, "", "SUHARTO", nationality="ID")
    assert (single.surname, single.given_name, single.latin_name) == ("SUHARTO", "", "SUHARTO")
    long = "WOLFESCHLEGELSTEINHAUSENBERGERDORFF" * 3 + "ABCDEFGHIJKLMNO"
    assert len(long) == 120
    assert make_person(officer, long, "HUBERT").latin_name == f"{long} HUBERT"


def test_everything_typed_is_stored_and_the_event_says_so(world):
    officer = world.actor("officer")
    before = count_of("person.registered")
    person = make_person(
        officer, "OKAFOR", "CHINWE", nationality="NG", sex="2", marital="20", birth_place="Enugu",
        other_passport_countries=("GB", "NG", "GB"), was_chinese_national=False, email="c@okafor.example",
        phone="（０１０）6666 8888", residence={"address": "云溪区1号", "visa_kind": "Z", "ends_on": "2027-01-31"},
    )  # fmt: skip
    db.session.expire_all()
    stored = person_data(db.session.get_one(Person, person.id))
    assert stored.other_passport_countries == ("GB",)  # the nationality itself and repetitions fall out
    assert stored.phone == "(010)6666 8888"
    assert stored.residence == {"address": "云溪区1号", "visa_kind": "Z", "ends_on": "2027-01-31"}
    assert count_of("person.registered") == before + 1
    assert first_bad_event(db.session()) is None


def test_passport_numbers_are_tidied_and_the_country_follows_the_nationality(world):
    person = make_person(world.actor("officer"), number="ab 12-34567", nationality="SE")
    passport = person.passports[0]
    assert (passport.number, passport.issuing_country, passport.is_current) == ("AB1234567", "SE", True)


def test_all_problems_are_said_at_once(world):
    data, passport = typed(surname="", given_name="", nationality="ZZ", email="?"), passport_data("?", expires_on=None)
    found = refused(lambda: commands.register_person(data, passport, world.actor("officer")))
    assert set(found) == {"surname", "nationality", "email", "number", "expires_on"}


def test_one_passport_belongs_to_one_person(world):
    officer = world.actor("officer")
    make_person(officer, "HOLDER", "FIRST", number="QX500600")
    rows = db.session.scalar(select(func.count()).select_from(Person))
    found = refused(lambda: commands.register_person(typed(), passport_data("qx-500600"), officer))
    assert "HOLDER FIRST" in found["number"]
    assert db.session.scalar(select(func.count()).select_from(Person)) == rows
    # another country may give the same number
    commands.register_person(typed(), passport_data("QX500600", issuing_country="FI"), officer)


def test_the_holder_in_another_district_is_named_masked_with_whom_to_ask(world):
    found = refused(
        lambda: commands.register_person(
            typed(nationality="VN"), passport_data("C9002715"), world.actor("officer")
        )
    )
    assert "N. T. M. H." in found["number"] and "Chenghu" in found["number"] and "Han Xue" in found["number"]
    assert "NGUYEN" not in found["number"]


def test_the_database_keeps_out_what_two_counters_enter_at_once(world, monkeypatch):
    officer = world.actor("officer")
    make_person(officer, number="QX700800")
    monkeypatch.setattr(commands, "refuse_known_passport", lambda *values: None)
    found = refused(lambda: commands.register_person(typed("SECOND"), passport_data("QX700800"), officer))
    assert list(found) == ["number"]
    db.session.commit()
    assert db.session.scalar(select(func.count()).where(Passport.number == "QX700800")) == 1


def test_residents_of_hong_kong_macao_and_taiwan_are_told_by_the_nationality(world):
    person = make_person(world.actor("officer"), "CHAN", "TAI MAN", nationality="HK", chinese_name="陈大文")
    assert person.special_group is SpecialGroup.HKMOTW
    data = replace(person_data(person), nationality="CA")
    changed = commands.update_person(person.id, data, world.actor("officer"), person.row_version)
    assert changed.special_group is SpecialGroup.NONE


# --- changing --------------------------------------------------------------------------------------------------


def test_a_change_raises_the_version_and_records_before_and_after(world):
    officer, person = world.actor("officer"), world.person
    version = person.row_version
    data = replace(person_data(person), birth_place="Porto", email="new@mail.example")
    commands.update_person(person.id, data, officer, version)
    db.session.commit()
    assert person.row_version == version + 1
    payload = events("person.updated")[-1].payload
    assert payload["changed"] == ["birth_place", "email"]
    assert (payload["before"], payload["after"]) == ({"birth_place": ""}, {"birth_place": "Porto"})  # no addresses
    assert first_bad_event(db.session()) is None


def test_saving_what_is_stored_already_changes_nothing(world):
    person = world.person
    version, before = person.row_version, count_of("person.updated")
    commands.update_person(person.id, person_data(person), world.actor("officer"), version - 1)
    assert person.row_version == version and count_of("person.updated") == before


def test_a_stale_save_carries_both_versions_and_writes_nothing(world):
    officer, person = world.actor("officer"), world.person
    seen = person.row_version
    mine = replace(person_data(person), phone="+86 139 1111 2222", nationality="BR", sex="1")
    commands.update_person(person.id, replace(person_data(person), phone="+86 137 0000 9999"), officer, seen)
    db.session.commit()
    with pytest.raises(Stale) as caught:
        commands.update_person(person.id, mine, officer, seen)
    stale = caught.value
    assert (stale.seen, stale.current, stale.changed_by) == (seen, seen + 1, "周敏")
    shown = {item.name: (item.stored, item.yours) for item in stale.differences}
    assert shown == {
        "phone": ("+86 137 0000 9999", "+86 139 1111 2222"),
        "nationality": ("Portugal", "Brazil"),
        "sex": ("Female", "Male"),
    }
    db.session.rollback()
    assert world.person.phone == "+86 137 0000 9999"


def test_a_changed_name_goes_or_stays_as_a_former_one(world):
    officer, person = world.actor("officer"), world.person
    data = replace(person_data(person), surname="FERREIRA", native_name="Ana Luísa Ferreira")
    commands.update_person(person.id, data, officer, None, keep_former=True)
    kinds = {(row.kind.value, row.text) for row in person.names}
    assert ("former", "Ana Luísa Ferreira-Gomes") in kinds and ("native", "Ana Luísa Ferreira") in kinds
    assert ("passport", "FERREIRA ANA LUISA") in kinds and ("former", "FERREIRA-GOMES ANA LUISA") in kinds
    commands.update_person(person.id, replace(data, chinese_name="费安"), officer, None)
    assert {row.text for row in person.names if row.kind is NameKind.CHINESE} == {"费安"}
    assert "费安娜" not in {row.text for row in person.names}


def test_who_may_change(world):
    person_id, data = world.person_id, replace(person_data(world.person), birth_place="Faro")
    with pytest.raises(NotFound):  # another district: one may not even know
        commands.update_person(person_id, data, world.actor("officer2"), None)
    for role in ("reviewer", "manager"):
        with pytest.raises(NotPermitted):
            commands.update_person(person_id, data, world.actor(role), None)
    for role in ("admin", "auditor", "expert", "employer"):
        with pytest.raises(NotFound):
            commands.update_person(person_id, data, world.actor(role), None)
    for role in ("reviewer", "liaison", "manager", "admin", "auditor", "expert"):
        with pytest.raises(NotPermitted):
            commands.register_person(typed(), passport_data(), world.actor(role))


# --- passports, names, lists -----------------------------------------------------------------------------------


def test_another_passport_takes_the_place_of_the_old_one_which_stays(world):
    officer, person = world.actor("officer"), world.person
    version = person.row_version
    new = commands.add_passport(person.id, passport_data("CZ777888"), officer)
    assert [(row.number, row.is_current) for row in person.passports] == [("CZ777888", True), ("CB128382", False)]
    assert person.row_version == version + 1 and new.issuing_country == "PT"
    commands.add_passport(person.id, passport_data("BR112233", issuing_country="BR"), officer, is_current=False)
    assert [row.number for row in person.passports if row.is_current] == ["CZ777888"]
    found = refused(lambda: commands.add_passport(person.id, passport_data("cz 777888"), officer))
    assert "list already" in found["number"]
    found = refused(lambda: commands.add_passport(person.id, passport_data("X1", expires_on=date(1980, 1, 1)), officer))
    assert set(found) == {"number", "expires_on"}


def test_names_are_added_once_and_taken_away(world):
    officer, person = world.actor("officer"), world.person
    row = commands.add_name(person.id, "former", "  Ana   Gomes ", "", "degree", officer)
    assert (row.text, row.lang, row.kind) == ("Ana Gomes", "pt", NameKind.FORMER)
    assert commands.add_name(person.id, "former", "Ana Gomes", "", "degree", officer) is row
    assert list(refused(lambda: commands.add_name(person.id, "nick", "A", "", "degree", officer))) == ["kind"]
    assert list(refused(lambda: commands.add_name(person.id, "other", "A\x00", "", "degree", officer))) == ["text"]
    assert list(refused(lambda: commands.add_name(person.id, "other", "A", "", "", officer))) == ["source"]
    commands.remove_name(person.id, row.id, officer)
    assert "Ana Gomes" not in {row.text for row in person.names}
    in_force = next(row for row in person.names if row.kind is NameKind.NATIVE)
    with pytest.raises(RuleBroken):
        commands.remove_name(person.id, in_force.id, officer)
    with pytest.raises(NotFound):
        commands.remove_name(person.id, 999_999, officer)


def test_education_work_and_family_are_saved_as_lists(world):
    officer, person = world.actor("officer"), world.person
    version = person.row_version
    studied = EducationData("11", "Universidade do Porto", "PT", "Biology", date(2007, 9, 17), None, True)
    commands.set_education(person.id, [studied], officer)
    assert (person.education[0].from_month, person.row_version) == (date(2007, 9, 1), version + 1)
    commands.set_employment(person.id, [EmploymentData("Instituto", date(2012, 9, 1), "PT")], officer)
    commands.set_family(person.id, [FamilyData("SPOUSE", "PEREIRA JOAO", "João", nationality="PT")], officer)
    assert person.family[0].native_lang == "pt"
    commands.set_family(person.id, [], officer)
    db.session.commit()
    assert person.family == [] and count_of("person.family_updated") == 2
    same = person.row_version
    commands.set_employment(person.id, [EmploymentData("Instituto", date(2012, 9, 1), "PT")], officer)
    assert person.row_version == same


def test_bad_rows_are_refused_at_their_row_and_field(world):
    officer, person_id = world.actor("officer"), world.person_id
    good = EducationData("21", "School", from_month=date(2003, 1, 1), to_month=date(2006, 1, 1))
    found = refused(
        lambda: commands.set_education(
            person_id,
            [good, replace(good, level="20"), replace(good, school="", to_month=date(2002, 1, 1)),
             replace(good, from_month=date(1980, 1, 1), country="QQ")],
            officer,
        )
    )  # fmt: skip
    assert set(found) == {"rows-1-level", "rows-2-school", "rows-2-to_month", "rows-3-from_month", "rows-3-country"}
    found = refused(lambda: commands.set_employment(person_id, [EmploymentData("", None)], officer))
    assert set(found) == {"rows-0-employer", "rows-0-from_month"}
    found = refused(lambda: commands.set_family(person_id, [FamilyData("COUSIN", "X", passport_number="?")], officer))
    assert set(found) == {"rows-0-relation", "rows-0-passport_number"}


def test_a_stale_list_carries_both_rows(world):
    officer, person = world.actor("officer"), world.person
    seen = person.row_version
    commands.set_education(person.id, [EducationData("21", "Stored School", "PT")], officer, seen)
    with pytest.raises(Stale) as caught:
        commands.set_education(person.id, [EducationData("14", "My School", "PT")], officer, seen)
    item = caught.value.differences[0]
    assert "Stored School" in item.stored and "My School" in item.yours


def test_the_index_follows_in_the_same_transaction(world):
    def tokens() -> str:
        row = select(SearchEntry.tokens).where(SearchEntry.kind == "person", SearchEntry.record_id == world.person_id)
        return db.session.scalars(row).one()

    before = tokens()
    commands.update_person(
        world.person_id, replace(person_data(world.person), native_name="Zulmira"), world.actor("officer"), None
    )
    assert "zulmira" in tokens()
    db.session.rollback()
    assert tokens() == before


def test_a_person_of_another_district_becomes_visible_with_a_case(world):
    person = make_person(world.actor("officer2"), district=CHENGHU)
    with pytest.raises(NotFound):
        commands.add_name(person.id, "other", "X", "", "statement", world.actor("officer"))
    commands.update_person(person.id, replace(person_data(person), district=YUNXI), world.actor("officer2"), None)
    db.session.commit()
    assert commands.add_name(person.id, "other", "X", "", "statement", world.actor("officer")).id
