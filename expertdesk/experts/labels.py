"""Names of the fields and codes of people and organisations, in the reader's language; one list for forms, pages,
messages and the two versions of a stale save."""

from __future__ import annotations

from datetime import date
from typing import Any

from expertdesk.experts.records import OrganisationData, PersonData
from expertdesk.experts.scripts import languages
from expertdesk.foundation.locale import country_name, current_language, format_date, lazy
from expertdesk.models import NameKind
from expertdesk.regulations import RuleBook

PERSON_FIELDS: dict[str, Any] = {
    "surname": lazy("Surname (passport)"),
    "given_name": lazy("Given names (passport)"),
    "native_name": lazy("Name in own script"),
    "native_lang": lazy("Language of the name"),
    "chinese_name": lazy("Chinese name"),
    "sex": lazy("Sex"),
    "birth_on": lazy("Date of birth"),
    "birth_place": lazy("Place of birth"),
    "nationality": lazy("Nationality (country or region)"),
    "other_country_1": lazy("Also holds a passport of"),
    "other_country_2": lazy("Second other passport"),
    "other_country_3": lazy("Third other passport"),
    "was_chinese_national": lazy("Former Chinese national"),
    "special_group": lazy("Needs no work permit as"),
    "marital": lazy("Marital status"),
    "email": lazy("E-mail"),
    "phone": lazy("Telephone"),
    "district": lazy("District"),
    "residence_address": lazy("Address in China"),
    "residence_visa_kind": lazy("Visa"),
    "residence_permit_kind": lazy("Residence permit"),
    "residence_ends_on": lazy("Visa or residence permit ends"),
}
ORGANISATION_FIELDS: dict[str, Any] = {
    "name_zh": lazy("Chinese name of the organisation"),
    "name_en": lazy("English name of the organisation"),
    "credit_code": lazy("Unified social credit code"),
    "credit_code_note": lazy("Why the code is taken although it fails its check"),
    "district": lazy("District"),
    "industry": lazy("Industry"),
    "kind": lazy("Kind of organisation"),
    "address": lazy("Address"),
    "phone": lazy("Telephone"),
    "licence_ends_on": lazy("Licence ends"),
    "may_organise_groups": lazy("May organise training groups abroad"),
}
NAME_KINDS: dict[str, Any] = {
    NameKind.PASSPORT.value: lazy("Name in the passport"),
    NameKind.NATIVE.value: lazy("Name in own script"),
    NameKind.CHINESE.value: lazy("Chinese name"),
    NameKind.FORMER.value: lazy("Former name"),
    NameKind.OTHER.value: lazy("Other spelling"),
}
NAME_SOURCES: dict[str, Any] = {
    "passport": lazy("Passport"),
    "statement": lazy("Own statement"),
    "degree": lazy("Degree certificate"),
    "work_certificate": lazy("Certificate of work experience"),
    "criminal_record": lazy("No-criminal-record certificate"),
    "former_permit": lazy("Earlier work permit"),
    "residence_permit": lazy("Residence permit"),
    "civil_register": lazy("Civil register (marriage, change of name)"),
}
_YES, _NO = lazy("Yes"), lazy("No")


def language_name(code: str) -> str:
    """Portuguese / 葡萄牙语; a code without a name stands for itself."""
    known = dict(languages("zh" if current_language() == "zh" else "en"))
    return known.get(code, code)


def source_name(source: str) -> Any:
    """The name of a known source; what somebody typed stays as it is."""
    return NAME_SOURCES.get(source, source)


# --- records as flat values: what stands in the fields of a form ------------------------------------------------


def person_values(data: PersonData) -> dict[str, Any]:
    """By the names of the form's fields; dates stay dates."""
    others = [*data.other_passport_countries, "", "", ""]
    residence = dict(data.residence)
    plain = {
        name: getattr(data, name)
        for name in PERSON_FIELDS
        if not name.startswith(("other_country_", "residence_"))
    }
    plain |= {f"other_country_{place}": others[place - 1] for place in (1, 2, 3)}
    for name in ("address", "visa_kind", "permit_kind", "ends_on"):
        plain[f"residence_{name}"] = residence.get(name, "")
    ends_on = plain["residence_ends_on"] or None
    plain["residence_ends_on"] = date.fromisoformat(ends_on) if isinstance(ends_on, str) else ends_on
    return plain


def organisation_values(data: OrganisationData) -> dict[str, Any]:
    return {name: getattr(data, name) for name in ORGANISATION_FIELDS}


def raw(value: Any) -> str:
    """A value as a form sends it."""
    if isinstance(value, bool):
        return "y" if value else ""
    return "" if value is None else str(value)


_TABLES = {
    "sex": "sexes",
    "marital": "marital_states",
    "special_group": "special_groups",
    "district": "districts",
    "residence_visa_kind": "visa_kinds",
    "residence_permit_kind": "residence_permit_kinds",
    "industry": "industries",
    "kind": "employer_kinds",
    "level": "education",
    "relation": "family_relations",
    "passport_kind": "passport_kinds",
}
_COUNTRIES = ("nationality", "other_country_1", "other_country_2", "other_country_3", "country", "issuing_country")


def shown(name: str, value: Any, book: RuleBook) -> str:
    """A value as a reader sees it: names instead of codes, dates and yes or no in words."""
    if value is None or value in ("", "none"):
        return ""
    if isinstance(value, bool):
        return str(_YES if value else _NO)
    if hasattr(value, "isoformat"):
        return format_date(value)
    if name in _COUNTRIES:
        return country_name(str(value))
    if name in _TABLES:
        return str(book.name_of(_TABLES[name], str(value)))
    if name == "native_lang":
        return language_name(str(value))
    return str(value)
