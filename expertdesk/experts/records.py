"""What is written down about a person or an organisation, as plain frozen values: what commands take and forms give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

# the widths of the columns, in characters; a form and a command refuse what is longer
NAME_MOST = 200
CHINESE_NAME_MOST = 80
ORGANISATION_NAME_MOST = 300
PLACE_MOST = 200
ADDRESS_MOST = 300
EMAIL_MOST = 254
PHONE_MOST = 40
NOTE_MOST = 500
DUTIES_MOST = 1000
POST_MOST = 120
SOURCE_MOST = 80
LANG_MOST = 12
PASSPORT_NUMBER_MOST = 20
OTHER_COUNTRIES_MOST = 3


@dataclass(frozen=True)
class PersonData:
    """What people type about a person. Dates are days, everything coded is a code of a rule table.

    `residence`: address, visa_kind, permit_kind, ends_on (a date or an ISO date); all may be left out.
    """

    surname: str
    birth_on: date | None
    nationality: str
    given_name: str = ""
    native_name: str = ""
    native_lang: str = ""
    chinese_name: str = ""
    sex: str = "9"
    birth_place: str = ""
    other_passport_countries: tuple[str, ...] = ()
    was_chinese_national: bool = False
    special_group: str = "none"
    marital: str = "90"
    email: str = ""
    phone: str = ""
    district: str = ""
    residence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PassportData:
    """`issuing_country` left out means the nationality of the holder."""

    number: str
    expires_on: date | None
    issuing_country: str = ""
    kind: str = "ORDINARY"
    issued_on: date | None = None


@dataclass(frozen=True)
class EducationData:
    """`level` is a code of the dictionary education; months are the first day of the month."""

    level: str
    school: str
    country: str = ""
    major: str = ""
    from_month: date | None = None
    to_month: date | None = None
    is_taught_in_chinese: bool = False


@dataclass(frozen=True)
class EmploymentData:
    """`to_month` left out: still there."""

    employer: str
    from_month: date | None
    country: str = ""
    post: str = ""
    duties: str = ""
    to_month: date | None = None
    is_relevant: bool = True
    referee: str = ""


@dataclass(frozen=True)
class FamilyData:
    """`relation` is a code of the dictionary family_relations."""

    relation: str
    latin_name: str
    native_name: str = ""
    native_lang: str = ""
    sex: str = "9"
    nationality: str = ""
    birth_on: date | None = None
    passport_number: str = ""
    is_accompanying: bool = True


@dataclass(frozen=True)
class OrganisationData:
    """`credit_code_note`: why a code that fails its check is taken all the same."""

    name_zh: str
    credit_code: str
    district: str
    name_en: str = ""
    credit_code_note: str = ""
    industry: str = ""
    kind: str = ""
    address: str = ""
    phone: str = ""
    licence_ends_on: date | None = None
    may_organise_groups: bool = False


@dataclass(frozen=True)
class ContactData:
    """A person at the organisation whom the bureau may call. `id`: the row it replaces, so that cases keep it."""

    name: str
    post: str = ""
    phone: str = ""
    email: str = ""
    id: int | None = None
