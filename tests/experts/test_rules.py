"""What may be written down about people and organisations: every refusal stands at its field. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from expertdesk import regulations
from expertdesk.experts import records, rules
from expertdesk.experts.records import OrganisationData
from expertdesk.experts.scripts import language_of
from expertdesk.foundation.errors import RuleBroken
from tests.experts.bureau import passport_data
from tests.experts.bureau import person_data as typed

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def book():
    return regulations.load(None).on(TODAY, "Beijing")


def refused(check) -> dict[str, str]:
    with pytest.raises(RuleBroken) as caught:
        check()
    return {name: str(text) for name, text in caught.value.problems.items()}


@pytest.mark.parametrize(
    ("change", "field", "part_of_message"),
    [
        ({"surname": "", "given_name": ""}, "surname", "as the passport spells it"),
        ({"surname": "王"}, "surname", "王"),
        ({"surname": "LI2"}, "surname", "2"),
        ({"surname": "A\x00B"}, "surname", "NUL"),
        ({"given_name": "A\x1bB"}, "given_name", "control character"),
        ({"native_name": "Zo\ud800e"}, "native_name", "Half a character"),
        ({"native_name": "Zo\ufffde"}, "native_name", "Half a character"),
        ({"native_name": "x" * 201}, "native_name", "201"),
        ({"chinese_name": "Anna"}, "chinese_name", "Chinese characters"),
        ({"chinese_name": "王" * 81}, "chinese_name", "81"),
        ({"nationality": "ZZ"}, "nationality", "ZZ"),
        ({"nationality": ""}, "nationality", "country or region"),
        ({"nationality": "CN"}, "nationality", "Chinese national"),
        ({"birth_on": None}, "birth_on", "real date"),
        ({"birth_on": date(2026, 11, 25)}, "birth_on", "future"),
        ({"birth_on": date(1899, 12, 31)}, "birth_on", "1900"),
        ({"sex": "7"}, "sex", "list"),
        ({"marital": "99"}, "marital", "list"),
        ({"special_group": "GRADUATE"}, "special_group", "list"),
        ({"district": "123456"}, "district", "list"),
        ({"email": "x@y"}, "email", "e-mail"),
        ({"phone": "call me"}, "phone", "telephone"),
        ({"other_passport_countries": ("QQ",)}, "other_passport_countries", "QQ"),
        ({"other_passport_countries": ("GB", "FR", "DE", "IT")}, "other_passport_countries", "3"),
        ({"residence": {"ends_on": "2026-02-30"}}, "residence_ends_on", "real date"),
        ({"residence": {"visa_kind": "QQ"}}, "residence_visa_kind", "list"),
        ({"native_lang": "not a tag", "native_name": "Anna"}, "native_lang", "language"),
        ({"was_chinese_national": True}, "chinese_name", "former Chinese national"),
    ],
)
def test_bad_values_are_refused_at_their_field(book, change, field, part_of_message):
    found = refused(lambda: rules.check_person(replace(typed(), **change), book, TODAY))
    assert list(found) == [field]
    assert part_of_message.casefold() in found[field].casefold()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "A1"}, "number"),
        ({"number": "A" * 21}, "number"),
        ({"number": "护照12345"}, "number"),
        ({"number": "A1\x002345"}, "number"),
        ({"expires_on": None}, "expires_on"),
        ({"expires_on": date(1999, 12, 31)}, "expires_on"),
        ({"expires_on": date(2100, 1, 1)}, "expires_on"),
        ({"expires_on": date(2020, 1, 1), "issued_on": date(2020, 1, 1)}, "expires_on"),
        ({"issued_on": date(1981, 6, 13)}, "issued_on"),
        ({"issued_on": date(2026, 11, 25)}, "issued_on"),
        ({"issuing_country": "ZZ"}, "issuing_country"),
        ({"kind": "LIBRARY"}, "kind"),
    ],
)
def test_bad_passports_are_refused_at_their_field(book, change, field):
    passport = replace(passport_data("AA100200"), **change)
    assert list(refused(lambda: rules.check_new_person(typed(), passport, book, TODAY))) == [field]


# real codes of universities and companies as they publish them
REAL_CODES = ["12100000400000624D", "91110108551385082Q", "911101085923662400", "91440300708461136T"]


def organisation(**more) -> OrganisationData:
    values = {"name_zh": "江州大学", "credit_code": "12100000400000624D", "district": "990101"} | more
    return OrganisationData(**values)


@pytest.mark.parametrize("code", REAL_CODES)
def test_real_codes_are_taken(book, code):
    spaced = f" {code[:2]} {code[2:8]}-{code[8:]} ".lower()
    assert rules.check_organisation(organisation(credit_code=spaced), book, TODAY).credit_code == code


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name_zh": ""}, ["name_zh"]),
        ({"name_zh": "x" * 301}, ["name_zh"]),
        ({"name_en": "a\x00b"}, ["name_en"]),
        ({"credit_code": ""}, ["credit_code"]),
        ({"credit_code": "12345"}, ["credit_code"]),
        ({"credit_code": "12100000400000624O"}, ["credit_code"]),
        ({"credit_code": "12100000400000624E"}, ["credit_code", "credit_code_note"]),
        ({"district": ""}, ["district"]),
        ({"district": "000000"}, ["district"]),
        ({"industry": "Z"}, ["industry"]),
        ({"kind": "SHOP"}, ["kind"]),
        ({"phone": "?"}, ["phone"]),
        ({"licence_ends_on": date(2300, 1, 1)}, ["licence_ends_on"]),
    ],
)
def test_bad_organisations_are_refused_at_their_field(book, change, fields):
    assert sorted(refused(lambda: rules.check_organisation(organisation(**change), book, TODAY))) == fields


def test_a_lawful_old_code_is_taken_with_a_reason_that_a_sound_one_does_not_need(book):
    old = organisation(credit_code="12100000400000624E", credit_code_note="证照所载即为此码")
    assert rules.check_organisation(old, book, TODAY).credit_code_note == "证照所载即为此码"
    assert rules.check_organisation(organisation(credit_code_note="x"), book, TODAY).credit_code_note == ""
    # a reason does not make eighteen signs out of seventeen
    short = organisation(credit_code="1210000040000062", credit_code_note="证照所载即为此码")
    assert list(refused(lambda: rules.check_organisation(short, book, TODAY))) == ["credit_code"]


def test_the_limits_of_the_records_are_the_widths_of_the_columns():
    from expertdesk.models import Organisation, OrganisationContact, Passport, Person, PersonName

    widths = {
        records.NAME_MOST: (Person.surname, Person.native_name, PersonName.text, OrganisationContact.name),
        records.CHINESE_NAME_MOST: (Person.chinese_name,),
        records.ORGANISATION_NAME_MOST: (Organisation.name_zh, Organisation.name_en),
        records.EMAIL_MOST: (Person.email, OrganisationContact.email),
        records.PHONE_MOST: (Person.phone, Organisation.phone, OrganisationContact.phone),
        records.NOTE_MOST: (Organisation.credit_code_note,),
        records.POST_MOST: (OrganisationContact.post,),
        records.SOURCE_MOST: (PersonName.source,),
        records.LANG_MOST: (Person.native_lang,),
    }
    for most, columns in widths.items():
        assert {column.property.columns[0].type.length for column in columns} == {most}
    assert Passport.number.property.columns[0].type.length >= records.PASSPORT_NUMBER_MOST


@pytest.mark.parametrize(
    ("name", "country", "language"),
    [
        ("Иван", "BG", "bg"),
        ("Иван", "KZ", "ru"),
        ("Ана", "RS", "sr"),
        ("عمر", "PK", "ur"),
        ("王", "SG", "zh"),
        ("山田", "JP", "ja"),
        ("José", "MX", "es"),
        ("", "MX", ""),
        ("123", "", ""),
    ],
)
def test_the_language_of_a_name_follows_script_and_country(name, country, language):
    assert language_of(name, country) == language


