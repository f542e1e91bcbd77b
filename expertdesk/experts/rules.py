"""What may be written down about people and organisations: pure checks of plain values against the rules of the day.

Comes in: a record as typed or as another program gives it. Goes out: the record cleaned, or RuleBroken with a message
for every field that has to be corrected. The same checks hold for pages, intake, the demo bureau and tests.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from expertdesk.experts import records
from expertdesk.experts.checking import Checker
from expertdesk.experts.credit_code import read_credit_code
from expertdesk.experts.records import (
    OrganisationData,
    PassportData,
    PersonData,
)
from expertdesk.experts.scripts import HAN, is_language_tag, language_of
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.regulations import RuleBook

FIRST_EXPIRY = date(2000, 1, 1)  # the two digits of a passport's expiry mean 2000 to 2099 (decisions §12)
LAST_EXPIRY = date(2099, 12, 31)  # as above
SHORTEST_NUMBER = 3  # characters; the shortest passport numbers in use have four
CHINA = "CN"
HOME_REGIONS = "HKMOTW"  # the group of special_groups that a nationality alone decides

R = TypeVar("R")


def tidy_passport_number(number: str) -> str:
    """Capitals and digits only, as it is stored and compared: `pa 123-4382` → PA1234382."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


# --- people ----------------------------------------------------------------------------------------------------


def check_person(data: PersonData, book: RuleBook, today: date) -> PersonData:
    """The record as it is to be stored. Raises RuleBroken."""
    check = Checker(book, today)
    cleaned = person_with(check, data)
    check.done()
    return cleaned


def person_with(check: Checker, data: PersonData) -> PersonData:
    """As check_person, with the problems left in `check` (to be reported together with those of the passport)."""
    surname, given = _latin_names(check, data)
    nationality = check.country("nationality", data.nationality, required=True)
    if nationality == CHINA:
        check.refuse(
            "nationality", lazy("A Chinese national needs no foreigner’s work permit and is not registered here.")
        )
    native = check.text("native_name", data.native_name, records.NAME_MOST)
    chinese = _chinese_name(check, data)
    return replace(
        data,
        surname=surname,
        given_name=given,
        native_name=native,
        native_lang=language_or_told(check, "native_lang", data.native_lang, native, nationality),
        chinese_name=chinese,
        sex=check.code("sex", "sexes", data.sex or "9"),
        birth_on=check.past_day("birth_on", data.birth_on, required=True),
        birth_place=check.text("birth_place", data.birth_place, records.PLACE_MOST),
        nationality=nationality,
        other_passport_countries=_other_countries(check, data.other_passport_countries, nationality),
        special_group=_special_group(check, data.special_group, nationality),
        marital=check.code("marital", "marital_states", data.marital or "90"),
        email=check.email("email", data.email),
        phone=check.phone("phone", data.phone),
        district=check.code("district", "districts", data.district, may_be_empty=True),
        residence=_residence(check, data.residence),
    )


def _latin_names(check: Checker, data: PersonData) -> tuple[str, str]:
    """A single name stands in the surname, as passports print it."""
    surname = check.text("surname", data.surname, records.NAME_MOST)
    given = check.text("given_name", data.given_name, records.NAME_MOST)
    if given and not surname and not check.has("surname"):
        surname, given = given, ""
    if not surname and not check.has("surname"):
        check.refuse("surname", lazy("Enter the name as the passport spells it."))
    for name, text in (("surname", surname), ("given_name", given)):
        wrong = _not_latin(text)
        if wrong:
            message = lazy(
                "Enter the Latin letters of the passport here; %(sign)s belongs in the name in own script.", sign=wrong
            )
            check.refuse(name, message)
    return surname, given


def _not_latin(text: str) -> str:
    """The first letter that is not of the Latin script, or ""."""
    for sign in text:
        category = unicodedata.category(sign)
        if category in ("Lu", "Ll", "Lt", "Lo") and not unicodedata.name(sign, "").startswith("LATIN"):
            return sign
        if category.startswith("N") or sign in "<>@#$%^*=+|\\{}[]_":
            return sign
    return ""


def _chinese_name(check: Checker, data: PersonData) -> str:
    name = check.text("chinese_name", data.chinese_name, records.CHINESE_NAME_MOST)
    if name and not HAN.search(name):
        check.refuse("chinese_name", lazy("Enter the Chinese name in Chinese characters."))
    if data.was_chinese_national and not name and not check.has("chinese_name"):
        # special_groups, CHINESE_ORIGIN: the Chinese name has to be stated
        check.refuse("chinese_name", lazy("A former Chinese national states the Chinese name."))
    return name


def language_or_told(check: Checker, name: str, language: str, text: str, country: str) -> str:
    """The stated language, else the one told by letters and country; nothing where there is no name."""
    stated = check.text(name, language, records.LANG_MOST)
    if stated and not is_language_tag(stated):
        check.refuse(name, lazy("Choose a language from the list."))
        return ""
    return (stated or language_of(text, country)) if text else ""


def _other_countries(check: Checker, countries: Sequence[str], nationality: str) -> tuple[str, ...]:
    field = "other_passport_countries"
    codes = [check.country(field, country) for country in countries if country]
    found = tuple(dict.fromkeys(code for code in codes if code and code != nationality))
    if len(found) > records.OTHER_COUNTRIES_MOST:
        check.refuse(field, lazy("Name at most %(count)s other countries.", count=records.OTHER_COUNTRIES_MOST))
    return found


def _special_group(check: Checker, group: str, nationality: str) -> str:
    """Hong Kong, Macao and Taiwan follow from the nationality; the others are stated."""
    home = check.book.find("special_groups", HOME_REGIONS)
    if home is not None and nationality in home.regions:
        return HOME_REGIONS
    group = str(group or "none")
    if group == HOME_REGIONS:
        return "none"
    known = check.book.find("special_groups", group)
    if group != "none" and (known is None or known.permit_needed):
        check.refuse("special_group", lazy("Choose one from the list."))
        return "none"
    return group


def _residence(check: Checker, residence: Any) -> dict[str, Any]:
    ends = residence.get("ends_on") or None
    if isinstance(ends, str):
        try:
            ends = date.fromisoformat(ends)
        except ValueError:
            check.refuse("residence_ends_on", lazy("Enter a real date, for example 2026-11-24."))
            ends = None
    found = {
        "address": check.text("residence_address", residence.get("address") or "", records.ADDRESS_MOST),
        "visa_kind": check.code("residence_visa_kind", "visa_kinds", residence.get("visa_kind"), may_be_empty=True),
        "permit_kind": check.code(
            "residence_permit_kind", "residence_permit_kinds", residence.get("permit_kind"), may_be_empty=True
        ),
        "ends_on": ends.isoformat() if (ends := check.day("residence_ends_on", ends)) else "",
    }
    return {name: value for name, value in found.items() if value}


# --- passports -------------------------------------------------------------------------------------------------


def check_passport(
    passport: PassportData, book: RuleBook, today: date, *, nationality: str = "", birth_on: date | None = None
) -> PassportData:
    """The passport as it is to be stored. Raises RuleBroken."""
    check = Checker(book, today)
    cleaned = passport_with(check, passport, nationality, birth_on)
    check.done()
    return cleaned


def passport_with(check: Checker, passport: PassportData, nationality: str, birth_on: date | None) -> PassportData:
    issued = check.past_day("issued_on", passport.issued_on)
    if issued and birth_on and issued < birth_on:
        check.refuse("issued_on", lazy("The passport cannot be issued before its holder was born."))
    expires = check.day("expires_on", passport.expires_on, required=True)
    if expires and not FIRST_EXPIRY <= expires <= LAST_EXPIRY:
        check.refuse("expires_on", lazy("A passport ends between 2000 and 2099."))
    elif expires and issued and expires <= issued:
        check.refuse("expires_on", lazy("The passport must end after the day it was issued."))
    elif expires and birth_on and expires <= birth_on:
        check.refuse("expires_on", lazy("The passport must end after the date of birth."))
    return replace(
        passport,
        number=passport_number(check, "number", passport.number, required=True),
        issuing_country=check.country("issuing_country", passport.issuing_country or nationality),
        kind=check.code("kind", "passport_kinds", passport.kind or "ORDINARY"),
        issued_on=issued,
        expires_on=expires,
    )


def passport_number(check: Checker, name: str, number: str, *, required: bool = False) -> str:
    text = check.text(name, number, records.PASSPORT_NUMBER_MOST * 2)  # room for blanks and hyphens
    tidy = tidy_passport_number(text)
    if not text:
        if required and not check.has(name):
            check.refuse(name, lazy("Enter the passport number."))
        return ""
    # a full-width digit is one letter or digit; № and ½ only look as if they were
    strange = next((sign for sign in text if not sign.isascii() and len(tidy_passport_number(sign)) != 1), "")
    if strange:
        message = lazy("A passport number has only letters A to Z and digits; %(sign)s is neither.", sign=strange)
        check.refuse(name, message)
    elif not SHORTEST_NUMBER <= len(tidy) <= records.PASSPORT_NUMBER_MOST:
        message = lazy(
            "A passport number has %(least)s to %(most)s letters and digits; this one has %(count)s.",
            least=SHORTEST_NUMBER,
            most=records.PASSPORT_NUMBER_MOST,
            count=len(tidy),
        )
        check.refuse(name, message)
    return tidy


# --- organisations ---------------------------------------------------------------------------------------------


def check_organisation(data: OrganisationData, book: RuleBook, today: date) -> OrganisationData:
    """The record as it is to be stored: a lawful old code that fails its check needs the reason. Raises RuleBroken."""
    check = Checker(book, today)
    note = check.text("credit_code_note", data.credit_code_note, records.NOTE_MOST)
    code = read_credit_code(check.text("credit_code", data.credit_code, records.PHONE_MOST))
    if not data.credit_code.strip():
        check.refuse("credit_code", lazy("Enter the unified social credit code."))
    elif not code.may_be_accepted:
        check.refuse("credit_code", next(item.message for item in code.problems if not item.may_be_accepted))
    elif code.problems and not note:
        check.refuse("credit_code", code.problems[0].message)
        check.refuse("credit_code_note", lazy("If the certificate shows this very code, say so here and why."))
    elif code.is_valid:
        note = ""
    cleaned = replace(
        data,
        name_zh=check.text("name_zh", data.name_zh, records.ORGANISATION_NAME_MOST, required=True),
        name_en=check.text("name_en", data.name_en, records.ORGANISATION_NAME_MOST),
        credit_code=code.code,
        credit_code_note=note,
        district=check.code("district", "districts", data.district),
        industry=check.code("industry", "industries", data.industry, may_be_empty=True),
        kind=check.code("kind", "employer_kinds", data.kind, may_be_empty=True),
        address=check.text("address", data.address, records.ADDRESS_MOST),
        phone=check.phone("phone", data.phone),
        licence_ends_on=check.day("licence_ends_on", data.licence_ends_on),
    )
    check.done()
    return cleaned


# --- name variants ---------------------------------------------------------------------------------------------

def check_name(text: str, lang: str, source: str, book: RuleBook, today: date, country: str) -> tuple[str, str, str]:
    """A spelling, its language, where it was seen (a code of NAME_SOURCES or plain words)."""
    check = Checker(book, today)
    name = check.text("text", text, records.NAME_MOST, required=True)
    language = language_or_told(check, "lang", lang, name, country)
    where = check.text("source", source, records.SOURCE_MOST, required=True)
    check.done()
    return name, language, where


def problems_of(check: Callable[[], Any]) -> dict[str, Any]:
    """What a check refuses, by field; empty when all is well. So that a form says everything at once."""
    try:
        check()
    except RuleBroken as broken:
        return broken.problems
    return {}


def check_new_person(
    data: PersonData, passport: PassportData, book: RuleBook, today: date
) -> tuple[PersonData, PassportData]:
    """A person and the first passport, with the problems of both."""
    check = Checker(book, today)
    data = person_with(check, data)
    passport = passport_with(check, passport, data.nationality, data.birth_on)
    check.done()
    return data, passport


def changed_fields(before: R, after: R) -> list[str]:
    """Names of the fields in which two records of a kind differ."""
    return [item.name for item in fields(before) if getattr(before, item.name) != getattr(after, item.name)]  # type: ignore[arg-type]


__all__ = [
    "RuleBroken",
    "changed_fields",
    "check_name",
    "check_new_person",
    "check_organisation",
    "check_passport",
    "check_person",
    "passport_with",
    "person_with",
    "problems_of",
    "tidy_passport_number",
]
