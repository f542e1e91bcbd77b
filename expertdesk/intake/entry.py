"""What was typed into the intake form, as plain values: what the commands take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from expertdesk.accounts.drafts import KeptFile
from expertdesk.experts.records import ContactData, OrganisationData, PassportData, PersonData

NEW_PERSON = "new"
LARGEST_ID = 2**31 - 1  # what an id column holds


def record_id(text: str) -> int | None:
    """An id as a form sends it, or None for anything that can be none."""
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(LARGEST_ID)):
        return None
    number = int(text)
    return number if 0 < number <= LARGEST_ID else None


@dataclass(frozen=True)
class Entry:
    """Field for field as in the form. `person`: id of a record on file, "new", or "" while nobody has decided."""

    form_token: str = ""
    person: str = ""
    surname: str = ""
    given_name: str = ""
    passport_number: str = ""
    nationality: str = ""
    birth_on: date | None = None
    sex: str = ""
    passport_expires_on: date | None = None
    passport_kind: str = ""
    issuing_country: str = ""
    native_name: str = ""
    chinese_name: str = ""
    email: str = ""
    phone: str = ""
    special_group: str = ""
    contact: str = ""
    org_name_zh: str = ""
    org_name_en: str = ""
    org_code_note: str = ""
    org_district: str = ""
    org_kind: str = ""
    org_industry: str = ""
    org_contact_name: str = ""
    org_contact_phone: str = ""
    org_contact_email: str = ""
    procedure: str = ""
    received_on: date | None = None
    district: str = ""
    in_country_ground: str = ""
    ground_reason: str = ""
    residence_kind: str = ""
    residence_ends_on: date | None = None
    embassy: str = ""
    entry_on: date | None = None
    title_changed: bool = False
    post: str = ""
    post_en: str = ""
    occupation: str = ""
    employment_basis: str = ""
    contract_start_on: date | None = None
    contract_end_on: date | None = None
    is_open_ended: bool = False
    salary_month: Decimal | None = None
    salary_year: Decimal | None = None
    salary_confirmed: bool = False
    duties: str = ""
    education: str = ""
    experience_years: Decimal | None = None
    months_per_year: Decimal | None = None
    chinese: str = ""
    location: str = ""
    main_criterion: str = ""
    criteria: tuple[str, ...] = ()
    elite: tuple[str, ...] = ()
    bonus: Decimal | None = None
    teaching_waiver: str = ""
    teaching_hours: Decimal | None = None
    claimed_category: str = ""
    has_family: bool = False
    needs_preapproval: bool = False
    is_graduate: bool = False

    @classmethod
    def from_form(cls, form: Any) -> Entry:
        """Values of a bound form; what could not be read is empty here and has its message in the form."""
        values: dict[str, Any] = {}
        for item in fields(cls):
            if item.name not in form:
                continue
            value = form[item.name].data
            if isinstance(value, list):
                value = tuple(value)
            if value is not None and not form[item.name].errors:
                values[item.name] = value
        return cls(**values)

    @property
    def names(self) -> tuple[str, str]:
        """Surname and given names; a single name is a surname, wherever it was typed."""
        return (self.surname, self.given_name) if self.surname else (self.given_name, "")

    @property
    def has_passport(self) -> bool:
        """Whether passport data were typed or read."""
        return bool(self.passport_number or self.surname or self.given_name)

    @property
    def person_id(self) -> int | None:
        """The record on file that was chosen."""
        return record_id(self.person)


@dataclass(frozen=True)
class Application:
    """An intake that was found in order: what is to be written, in one transaction.

    `person_id`, `organisation_id`: records on file; without them new ones are made from the data beside. `passport`:
    one that is not on file yet. `particulars`: of the case (NewCase without its ids).
    """

    token: str
    person: PersonData
    person_id: int | None
    passport: PassportData | None
    passport_id: int | None
    organisation_id: int | None
    organisation: OrganisationData | None
    contacts: tuple[ContactData, ...]
    contact_id: int | None
    particulars: Mapping[str, Any]
    is_permit_needed: bool
    files: Mapping[str, KeptFile] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    sees_all: bool = False
    committed: frozenset[str] = frozenset()
    deferred: frozenset[str] = frozenset()
    issued: Mapping[str, date] = field(default_factory=dict)
