"""Shape and wording of the intake form. Only how a field is written is judged here; what must be filled, and whether
the facts go together, says `checks`, because that depends on the procedure."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import Optional

from expertdesk.experts.records import (
    CHINESE_NAME_MOST,
    EMAIL_MOST,
    NAME_MOST,
    NOTE_MOST,
    ORGANISATION_NAME_MOST,
    PASSPORT_NUMBER_MOST,
    PHONE_MOST,
)
from expertdesk.foundation.locale import gettext, lazy
from expertdesk.intake import choices
from expertdesk.intake.fields import ChoiceField, NumberField, PickField, TicksField
from expertdesk.regulations import RuleBook
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, MoneyField

# the widths of the columns of a case, in characters
_POST_MOST, _EMBASSY_MOST, _DUTIES_MOST = 200, 200, 1000
_PASTE_MOST, _FIND_MOST = 600, 120


class IntakeForm(BaseForm):
    """One page, seven groups. `form_token` makes the same form sent twice one case."""

    form_token = HiddenField()
    applied_permit = HiddenField()
    applied_person = HiddenField()

    # 1 person
    mrz = CleanArea(lazy("The two machine-readable lines of the passport"), [Optional()], most=_PASTE_MOST)
    find_person = CleanField(
        lazy("On file already? Name, passport number or permit number"), [Optional()], most=_FIND_MOST
    )
    person = PickField(lazy("You decide; records are never merged automatically"))
    surname = CleanField(lazy("Surname as in the passport"), [Optional()], most=NAME_MOST)
    given_name = CleanField(lazy("Given names"), [Optional()], most=NAME_MOST)
    passport_number = CleanField(lazy("Passport number"), [Optional()], most=PASSPORT_NUMBER_MOST)
    nationality = ChoiceField(lazy("Nationality"), render_kw={"translate": "no"})
    birth_on = DayField(lazy("Date of birth"), [Optional()])
    sex = ChoiceField(lazy("Sex"))
    passport_expires_on = DayField(lazy("Passport valid until"), [Optional()])
    passport_kind = ChoiceField(lazy("Kind of passport"))
    issuing_country = ChoiceField(lazy("Issued by"), render_kw={"translate": "no"})
    native_name = CleanField(lazy("Name in own script"), [Optional()], most=NAME_MOST)
    chinese_name = CleanField(lazy("Chinese name"), [Optional()], most=CHINESE_NAME_MOST)
    email = CleanField(lazy("Own e-mail"), [Optional()], most=EMAIL_MOST)
    phone = CleanField(lazy("Mobile in China"), [Optional()], most=PHONE_MOST)
    special_group = ChoiceField(lazy("Special status"))

    # 2 organisation
    organisation = CleanField(lazy("Unified social credit code, or part of the name"), [Optional()], most=_FIND_MOST)
    organisation_id = PickField(lazy("Which organisation?"))
    contact = ChoiceField(lazy("Handled by"), render_kw={"translate": "no"})
    org_name_zh = CleanField(lazy("Chinese name of the organisation"), [Optional()], most=ORGANISATION_NAME_MOST)
    org_name_en = CleanField(lazy("English name of the organisation"), [Optional()], most=ORGANISATION_NAME_MOST)
    org_code_note = CleanField(lazy("Why the code is taken all the same"), [Optional()], most=NOTE_MOST)
    org_district = ChoiceField(lazy("District of the organisation"))
    org_kind = ChoiceField(lazy("Kind of organisation"))
    org_industry = ChoiceField(lazy("Industry"))
    org_contact_name = CleanField(lazy("Name of the contact"), [Optional()], most=NAME_MOST)
    org_contact_phone = CleanField(lazy("Phone of the contact"), [Optional()], most=PHONE_MOST)
    org_contact_email = CleanField(lazy("E-mail of the contact"), [Optional()], most=EMAIL_MOST)

    # 3 procedure
    procedure = ChoiceField(lazy("Procedure"))
    received_on = DayField(lazy("Received on"), [Optional()])
    district = ChoiceField(lazy("District of the place of work"))
    in_country_ground = ChoiceField(lazy("Ground for applying in China"))
    ground_reason = CleanField(lazy("Reason for this ground"), [Optional()], most=NOTE_MOST)
    residence_kind = ChoiceField(lazy("Present visa or residence permit"))
    residence_ends_on = DayField(lazy("Stay allowed until"), [Optional()])
    embassy = CleanField(lazy("Embassy or consulate for the visa"), [Optional()], most=_EMBASSY_MOST)
    entry_on = DayField(lazy("Planned entry"), [Optional()])
    permit = PickField(lazy("Permit to be extended"))
    title_changed = BooleanField(lazy("The title has changed, the work is the same"))

    # 4 post and salary
    post = CleanField(lazy("Post in Chinese"), [Optional()], most=_POST_MOST)
    post_en = CleanField(lazy("Post in English"), [Optional()], most=_POST_MOST)
    occupation = ChoiceField(lazy("Occupation"))
    employment_basis = ChoiceField(lazy("Basis of employment"))
    contract_start_on = DayField(lazy("Contract from"), [Optional()])
    contract_end_on = DayField(lazy("Contract until"), [Optional()])
    is_open_ended = BooleanField(lazy("Without a fixed end"))
    salary_month = MoneyField(lazy("Monthly salary before tax"), [Optional()])
    salary_year = MoneyField(lazy("Yearly salary before tax"), [Optional()])
    salary_confirmed = BooleanField(lazy("The contract names both amounts like this"))
    duties = CleanArea(lazy("Duties"), [Optional()], most=_DUTIES_MOST)

    # 5 claims for the category
    education = ChoiceField(lazy("Highest degree"))
    experience_years = NumberField(lazy("Years of relevant work"), [Optional()], most=70, decimals=1)
    months_per_year = NumberField(lazy("Months a year in China"), [Optional()], most=12, decimals=1)
    chinese = ChoiceField(lazy("Level of Chinese"))
    location = ChoiceField(lazy("Place of work"))
    main_criterion = ChoiceField(lazy("Criterion relied on"))
    criteria = TicksField(lazy("Further criteria"))
    elite = TicksField(lazy("Distinctions"))
    bonus = NumberField(lazy("Provincial bonus"), [Optional()], most=99)
    teaching_waiver = ChoiceField(lazy("Instead of two years of teaching"))
    teaching_hours = NumberField(lazy("Hours of the certificate"), [Optional()], most=9999)
    claimed_category = ChoiceField(lazy("Category applied for"))
    has_family = BooleanField(lazy("Family members come along"))
    needs_preapproval = BooleanField(lazy("The law demands a pre-approval of the post or the industry"))
    is_graduate = BooleanField(lazy("Outstanding foreign graduate"))

    def __init__(self, book: RuleBook, *args: Any, may_bonus: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        _fill(self, book)
        if not may_bonus:
            del self.bonus


def _fill(form: IntakeForm, book: RuleBook) -> None:
    """The lists, in the reader's language, by the rules of the day."""
    worked_out = gettext("as worked out")
    for name, pairs in {
        "nationality": choices.nations(),
        "issuing_country": [("", gettext("same as nationality")), *choices.nations()[1:]],
        "sex": choices.please_choose(choices.of_table(book, "sexes")),
        "passport_kind": choices.of_table(book, "passport_kinds"),
        "special_group": choices.please_choose(choices.stated_groups(book), gettext("none")),
        "org_district": choices.please_choose(choices.districts(book)),
        "org_kind": choices.please_choose(choices.of_table(book, "employer_kinds")),
        "org_industry": choices.please_choose(choices.of_table(book, "industries")),
        "procedure": choices.please_choose(choices.procedures(book)),
        "district": choices.please_choose(choices.districts(book), gettext("as the organisation")),
        "in_country_ground": choices.please_choose(choices.grounds(book)),
        "residence_kind": [*choices.please_choose([]), *choices.residence(book)],
        "occupation": choices.please_choose(choices.of_table(book, "occupations")),
        "employment_basis": choices.of_table(book, "employment_bases"),
        "education": choices.please_choose(choices.of_table(book, "education_facts")),
        "chinese": choices.please_choose(choices.of_table(book, "chinese_facts")),
        "location": choices.please_choose(choices.of_table(book, "location_facts"), gettext("Other regions (usual)")),
        "main_criterion": [*choices.please_choose([], worked_out), *choices.criteria(book)],
        "criteria": choices.criteria(book),
        "elite": [*choices.of_table(book, "elite_facts"), ("none", gettext("none of these"))],
        "teaching_waiver": choices.please_choose(choices.of_table(book, "teaching_waivers"), gettext("does not apply")),
        "claimed_category": choices.please_choose(choices.categories(book), worked_out),
        "contact": [],
        "person": [],
        "organisation_id": [],
        "permit": [],
    }.items():
        form[name].choices = choices.offered(pairs)  # type: ignore[attr-defined]
