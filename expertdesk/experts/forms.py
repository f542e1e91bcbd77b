"""Shape and wording of the forms of people and organisations; the choices come from the rule tables of the day."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField
from wtforms.validators import Optional

from expertdesk.access import Actor
from expertdesk.experts import labels, records
from expertdesk.experts.fields import CodeField
from expertdesk.experts.labels import ORGANISATION_FIELDS as ORGANISATION
from expertdesk.experts.labels import PERSON_FIELDS as PERSON
from expertdesk.experts.records import OrganisationData, PassportData, PersonData
from expertdesk.experts.scripts import languages
from expertdesk.foundation.locale import countries, country_name, current_language, gettext, lazy
from expertdesk.models import NameKind
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, Required

# names of countries and languages come from the reader's locale, not from our catalogue
_DATA: dict[str, Any] = {"translate": "no"}
CHINA, STATELESS = "CN", "XX"
# kinds of name that are added by hand; those in force follow from the person
ADDED_KINDS = (NameKind.FORMER, NameKind.OTHER, NameKind.NATIVE, NameKind.CHINESE, NameKind.PASSPORT)
OTHER_SOURCE = "other"

Choices = list[tuple[str, Any]]


class PersonForm(BaseForm):
    """A person without passports. The names of the fields are those of labels.person_values."""

    surname = CleanField(PERSON["surname"], [Required(lazy("Enter the name as the passport spells it."))],
                         most=records.NAME_MOST)
    given_name = CleanField(PERSON["given_name"], most=records.NAME_MOST)
    native_name = CleanField(PERSON["native_name"], most=records.NAME_MOST)
    native_lang = CodeField(PERSON["native_lang"], render_kw=_DATA)
    chinese_name = CleanField(PERSON["chinese_name"], most=records.CHINESE_NAME_MOST)
    sex = CodeField(PERSON["sex"])
    birth_on = DayField(PERSON["birth_on"], [Required(lazy("Enter the date of birth."))])
    birth_place = CleanField(PERSON["birth_place"], most=records.PLACE_MOST)
    nationality = CodeField(PERSON["nationality"], [Required(lazy("Choose a country or region."))], render_kw=_DATA)
    other_country_1 = CodeField(PERSON["other_country_1"], render_kw=_DATA)
    other_country_2 = CodeField(PERSON["other_country_2"], render_kw=_DATA)
    other_country_3 = CodeField(PERSON["other_country_3"], render_kw=_DATA)
    was_chinese_national = BooleanField(PERSON["was_chinese_national"])
    special_group = CodeField(PERSON["special_group"])
    marital = CodeField(PERSON["marital"])
    email = CleanField(PERSON["email"], most=records.EMAIL_MOST)
    phone = CleanField(PERSON["phone"], most=records.PHONE_MOST)
    district = CodeField(PERSON["district"])
    residence_address = CleanField(PERSON["residence_address"], most=records.ADDRESS_MOST)
    residence_visa_kind = CodeField(PERSON["residence_visa_kind"])
    residence_permit_kind = CodeField(PERSON["residence_permit_kind"])
    residence_ends_on = DayField(PERSON["residence_ends_on"], [Optional()])
    keep_former = BooleanField(lazy("Keep a name that I change as a former name, so that it is still found"))

    def offer(self, actor: Actor, stored: PersonData | None = None) -> None:
        """Fill the lists of choices; a stored code that is not offered any more stays possible."""
        book = rules_today()
        self.native_lang.choices = [("", gettext("as the letters tell")), *languages(_reader())]
        self.nationality.choices = [("", gettext("Choose")), *country_choices(without=CHINA)]
        for field in (self.other_country_1, self.other_country_2, self.other_country_3):
            field.choices = [("", gettext("none")), *country_choices(without=CHINA)]
        self.sex.choices = coded(book, "sexes")
        self.marital.choices = coded(book, "marital_states")
        groups = [(row.code, str(row.name)) for row in book.rows("special_groups") if row.code in ("PR", "DIPLOMAT")]
        self.special_group.choices = [("none", gettext("a work permit is needed")), *groups]
        self.district.choices = district_choices(book, actor, stored.district if stored else "")
        self.residence_visa_kind.choices = [("", gettext("not stated")), *coded(book, "visa_kinds")]
        self.residence_permit_kind.choices = [("", gettext("not stated")), *coded(book, "residence_permit_kinds")]

    def person(self) -> PersonData:
        residence = {
            name: self[f"residence_{name}"].data or "" for name in ("address", "visa_kind", "permit_kind", "ends_on")
        }
        others = (self.other_country_1.data, self.other_country_2.data, self.other_country_3.data)
        plain = {
            name: self[name].data
            for name in PersonData.__dataclass_fields__
            if name not in ("other_passport_countries", "residence")
        }
        return PersonData(
            **plain,
            other_passport_countries=tuple(country for country in others if country),
            residence={name: value for name, value in residence.items() if value},
        )


class PassportFields(BaseForm):
    number = CleanField(lazy("Passport number"), [Required(lazy("Enter the passport number."))],
                        most=records.PASSPORT_NUMBER_MOST * 2)
    issuing_country = CodeField(lazy("Issued by (country or region)"), render_kw=_DATA)
    kind = CodeField(lazy("Kind of passport"))
    issued_on = DayField(lazy("Passport issued on"), [Optional()])
    expires_on = DayField(lazy("Passport valid until"), [Required(lazy("Enter the last day of the passport."))])

    def offer_passport(self) -> None:
        self.issuing_country.choices = [("", gettext("as the nationality")), *country_choices()]
        self.kind.choices = coded(rules_today(), "passport_kinds")

    def passport(self) -> PassportData:
        return PassportData(
            number=self.number.data or "",
            expires_on=self.expires_on.data,
            issuing_country=self.issuing_country.data or "",
            kind=self.kind.data or "ORDINARY",
            issued_on=self.issued_on.data,
        )


class NewPersonForm(PersonForm, PassportFields):
    """`is_another`: the officer looked at the possible duplicates and says that this is nobody of them."""

    mrz = CleanArea(lazy("The two machine-readable lines of the passport"), most=600)
    is_another = BooleanField(lazy("I have compared them: none of them is this person"))


class PassportForm(PassportFields):
    is_current = BooleanField(lazy("This is the passport in use now"), default=True)


class NameForm(BaseForm):
    kind = CodeField(lazy("Kind of name"), [Required()])
    text = CleanField(lazy("Name"), [Required()], most=records.NAME_MOST)
    lang = CodeField(lazy("Language of the name"), render_kw=_DATA)
    source = CodeField(lazy("Seen in"), [Required(lazy("Say where this name was seen."))])
    source_text = CleanField(lazy("If elsewhere: where?"), most=records.SOURCE_MOST)

    def offer(self) -> None:
        self.kind.choices = [(kind.value, str(labels.NAME_KINDS[kind.value])) for kind in ADDED_KINDS]
        self.lang.choices = [("", gettext("as the letters tell")), *languages(_reader())]
        known = [(code, str(label)) for code, label in labels.NAME_SOURCES.items()]
        self.source.choices = [("", gettext("Choose")), *known, (OTHER_SOURCE, gettext("elsewhere"))]

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = super().validate(extra_validators)
        if self.source.data == OTHER_SOURCE and not (self.source_text.data or self.source_text.errors):
            self.source_text.errors = [*self.source_text.errors, lazy("Say where this name was seen.")]
            return False
        return is_good

    def where(self) -> str:
        return (self.source_text.data if self.source.data == OTHER_SOURCE else self.source.data) or ""


class OrganisationForm(BaseForm):
    name_zh = CleanField(ORGANISATION["name_zh"], [Required()], most=records.ORGANISATION_NAME_MOST)
    name_en = CleanField(ORGANISATION["name_en"], most=records.ORGANISATION_NAME_MOST)
    credit_code = CleanField(ORGANISATION["credit_code"], [Required(lazy("Enter the unified social credit code."))],
                             most=records.PHONE_MOST)
    credit_code_note = CleanField(ORGANISATION["credit_code_note"], most=records.NOTE_MOST)
    district = CodeField(ORGANISATION["district"], [Required(lazy("Choose one from the list."))])
    industry = CodeField(ORGANISATION["industry"])
    kind = CodeField(ORGANISATION["kind"])
    address = CleanField(ORGANISATION["address"], most=records.ADDRESS_MOST)
    phone = CleanField(ORGANISATION["phone"], most=records.PHONE_MOST)
    licence_ends_on = DayField(ORGANISATION["licence_ends_on"], [Optional()])
    may_organise_groups = BooleanField(ORGANISATION["may_organise_groups"])

    def offer(self, stored: OrganisationData | None = None) -> None:
        book = rules_today()
        self.district.choices = [
            ("", gettext("Choose")),
            *((row.code, str(row.name)) for row in _districts(book, stored.district if stored else "")),
        ]
        self.industry.choices = [("", gettext("not stated")), *coded(book, "industries")]
        self.kind.choices = [("", gettext("not stated")), *coded(book, "employer_kinds")]

    def organisation(self) -> OrganisationData:
        return OrganisationData(**{name: self[name].data for name in OrganisationData.__dataclass_fields__})


# --- choices ---------------------------------------------------------------------------------------------------


def _reader() -> str:
    return "zh" if current_language() == "zh" else "en"


def country_choices(without: str = "") -> Choices:
    """Countries and regions in the reader's order, then stateless."""
    listed = [(code, name) for code, name in countries(_reader()) if code != without]
    return [*listed, (STATELESS, country_name(STATELESS))]


def coded(book: RuleBook, table: str) -> Choices:
    """The choices of a code list."""
    return [(row.code, str(row.short)) for row in book.dictionary(table)]


def _districts(book: RuleBook, stored: str) -> list[Any]:
    """The districts of this bureau, and the stored one even if it is not offered any more."""
    offered = list(book.districts(demo=bool(book.bureau.demo)))
    if stored and all(row.code != stored for row in offered):
        known = book.find("districts", stored)
        offered += [known] if known is not None else []
    return offered


def district_choices(book: RuleBook, actor: Actor, stored: str = "") -> Choices:
    """For a person: an officer's own districts (a person who moves away is handed over with the case)."""
    rows = _districts(book, stored)
    own = [row for row in rows if actor.handles(row.code) or row.code == stored]
    return [("", gettext("none yet")), *((row.code, str(row.name)) for row in (own or rows))]
