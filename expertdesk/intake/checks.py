"""What must be right before an intake is taken in: every problem at once, each at its field."""

from __future__ import annotations

from typing import Any

from expertdesk.experts import rules as person_rules
from expertdesk.experts.checking import Checker
from expertdesk.experts.records import OrganisationData, PassportData, PersonData
from expertdesk.experts.row_rules import check_contacts
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.intake import finding, passport_lines, rules
from expertdesk.intake.entry import NEW_PERSON, Entry
from expertdesk.intake.papers import UPLOAD
from expertdesk.intake.rules import Problems
from expertdesk.intake.working import Worked

# fields of the records below → fields of the form
PASSPORT_FIELDS = {
    "number": "passport_number", "issuing_country": "issuing_country", "kind": "passport_kind",
    "issued_on": "passport_expires_on", "expires_on": "passport_expires_on",
}  # fmt: skip
PERSON_FIELDS = {
    "residence_ends_on": "residence_ends_on", "residence_visa_kind": "residence_kind",
    "residence_permit_kind": "residence_kind", "residence_address": "residence_kind", "native_lang": "native_name",
}  # fmt: skip
ORGANISATION_FIELDS = {
    "credit_code": "organisation", "credit_code_note": "org_code_note", "name_zh": "org_name_zh",
    "name_en": "org_name_en", "district": "org_district", "kind": "org_kind", "industry": "org_industry",
}  # fmt: skip
CONTACT_FIELDS = {
    "rows-0-name": "org_contact_name", "rows-0-phone": "org_contact_phone", "rows-0-email": "org_contact_email",
}  # fmt: skip


def problems_of(worked: Worked) -> Problems:
    """Field → message. Empty: the intake can be taken in. How each field is written was judged by the form."""
    found: Problems = {}
    if worked.is_employer and worked.no_permit is not None:
        found["no-permit"] = lazy("No application is needed: see above which body is responsible.")
    for part in (_person, _organisation, _procedure, _post, _claims):
        for name, message in part(worked).items():
            found.setdefault(name, message)
    return {name: message for name, message in found.items() if name not in worked.form or not worked.form[name].errors}


def paper_problems(worked: Worked) -> Problems:
    """An application that is sent in must be complete (checklist letter R: a file must be there before submission); at
    the counter what lacks is asked for in one notice instead (行政许可法 art. 32)."""
    if not worked.is_employer or worked.no_permit is not None:
        return {}
    return {
        f"{UPLOAD}{item.code}": lazy("This has to be there before the application can be sent.")
        for item in worked.items
        if not worked.supplied.is_settled(item)
    }


# --- person ----------------------------------------------------------------------------------------------------


def _person(worked: Worked) -> Problems:
    entry, found = worked.entry, {}
    if worked.lines is not None and not worked.lines.is_sound:
        # while the lines are wrong, the fields cannot be filled from them
        problem = worked.lines.reading.problems[0]
        found["mrz"] = problem.message
    if worked.must_choose:
        found["person"] = lazy("There may be a record already. Say whether it is the same person or another one.")
    elif entry.person not in ("", NEW_PERSON) and worked.person is None:
        found["person"] = lazy("This record cannot be used. Choose another one, or make a new record.")
    if worked.person is not None:
        found |= _known_person(worked)
    elif "mrz" not in found or entry.has_passport:
        found |= rules.new_person_problems(entry, worked.today) | _written(worked)
    return found | passport_lines.differences(entry, worked.lines)


def _known_person(worked: Worked) -> Problems:
    """Somebody on file: a new passport has to be whole, and the record must fit the passport that lies here."""
    assert worked.person is not None and worked.person.data.birth_on is not None
    entry, record = worked.entry, worked.person.data
    found = rules.same_person_problems(entry, worked.person.data.birth_on, record.nationality)
    if worked.is_employer:
        return found  # a new passport comes as a paper; the office enters it in the record
    if worked.is_new_passport:
        found |= rules.passport_problems(entry, worked.today)
    elif worked.passport_ends_on is None:
        found["passport_number"] = lazy("There is no passport on file. Enter the one that lies here.")
    elif worked.passport_ends_on < worked.today:
        found["mrz"] = lazy("The passport on file has expired. Paste the lines of the new one.")
    return found | _written(worked)


def _written(worked: Worked) -> Problems:
    """How names, numbers, addresses are written: the checks of the record itself."""
    check = Checker(worked.book, worked.today)
    person_rules.person_with(check, person_data(worked))
    found = {PERSON_FIELDS.get(name, name): message for name, message in check.problems.items()}
    if worked.entry.has_passport or worked.person is None:
        check = Checker(worked.book, worked.today)
        person_rules.passport_with(check, passport_data(worked.entry), worked.nationality, worked.birth_on)
        found |= {PASSPORT_FIELDS.get(name, name): message for name, message in check.problems.items()}
    return found


def person_data(worked: Worked) -> PersonData:
    """The record as it is to be: of somebody on file with what was typed beside it, or a new one."""
    entry, residence = worked.entry, _residence(worked.entry)
    if worked.person is not None:
        known = worked.person.data
        kept = {
            name: getattr(entry, name) or getattr(known, name)
            for name in ("native_name", "chinese_name", "email", "phone")
        }
        native_lang = known.native_lang if kept["native_name"] == known.native_name else ""
        group = entry.special_group or known.special_group
        return _replace(known, **kept, native_lang=native_lang, special_group=group,
                        residence={**known.residence, **residence})  # fmt: skip
    surname, given = entry.names
    return PersonData(
        surname=surname,
        given_name=given,
        birth_on=entry.birth_on,
        nationality=entry.nationality,
        native_name=entry.native_name,
        chinese_name=entry.chinese_name,
        sex=entry.sex or "9",
        was_chinese_national=entry.chinese == "former_national",
        special_group=entry.special_group or "none",
        email=entry.email,
        phone=entry.phone,
        district=district_of(worked),
        residence=residence,
    )


def _replace(record: PersonData, **changes: Any) -> PersonData:
    from dataclasses import replace

    return replace(record, **changes)


def _residence(entry: Entry) -> dict[str, Any]:
    kind, _, code = entry.residence_kind.partition(":")
    known: dict[str, Any] = {}
    if kind == "visa":
        known |= {"visa_kind": code, "permit_kind": ""}
    elif kind == "permit":
        known |= {"permit_kind": code, "visa_kind": ""}
    if entry.residence_ends_on is not None:
        known["ends_on"] = entry.residence_ends_on
    return known


def passport_data(entry: Entry) -> PassportData:
    return PassportData(
        number=entry.passport_number,
        expires_on=entry.passport_expires_on,
        issuing_country=entry.issuing_country or entry.nationality,
        kind=entry.passport_kind or "ORDINARY",
    )


def district_of(worked: Worked) -> str:
    """The district of the place of work: named, else the organisation's."""
    if worked.entry.district:
        return worked.entry.district
    if worked.organisation.found is not None:
        return worked.organisation.found.data.district
    return worked.entry.org_district


# --- organisation ----------------------------------------------------------------------------------------------


def _organisation(worked: Worked) -> Problems:
    found = worked.organisation
    if found.found is not None:
        return {}
    if worked.is_employer:
        return {"organisation_id": lazy("Choose the organisation you apply for.")}
    if not found.text:
        return {"organisation": lazy("Enter the unified social credit code of the organisation.")}
    if found.hits:
        return {"organisation_id": lazy("Several organisations fit; choose one.")}
    if found.code is None:
        return {"organisation": lazy("No organisation on file has this name. Enter its code to register it.")}
    check = Checker(worked.book, worked.today)
    problems: Problems = {}
    for rule, record, names in (
        (person_rules.check_organisation, organisation_data(worked), ORGANISATION_FIELDS),
        (check_contacts, contact_rows(worked.entry), CONTACT_FIELDS),
    ):
        try:
            rule(record, worked.book, check.today)  # type: ignore[operator]
        except RuleBroken as broken:
            problems |= {names.get(name, "organisation"): message for name, message in broken.problems.items()}
    return problems


def organisation_data(worked: Worked) -> OrganisationData:
    entry = worked.entry
    return OrganisationData(
        name_zh=entry.org_name_zh,
        credit_code=worked.organisation.text,
        district=entry.org_district,
        name_en=entry.org_name_en,
        credit_code_note=entry.org_code_note,
        industry=entry.org_industry,
        kind=entry.org_kind,
    )


def contact_rows(entry: Entry) -> list[Any]:
    """One contact, or none."""
    from expertdesk.experts.records import ContactData

    if not (entry.org_contact_name or entry.org_contact_phone or entry.org_contact_email):
        return []
    return [ContactData(name=entry.org_contact_name, phone=entry.org_contact_phone, email=entry.org_contact_email)]


# --- procedure -------------------------------------------------------------------------------------------------


def _procedure(worked: Worked) -> Problems:
    entry = worked.entry
    found = rules.received_problem(entry.received_on, worked.today)
    if not entry.procedure:
        return found | {"procedure": lazy("Choose the procedure.")}
    person_id, organisation = entry.person_id, worked.organisation.found
    if person_id is not None and organisation is not None:
        number = finding.open_case_number(person_id, organisation.id, entry.procedure)
        if number:
            found["procedure"] = lazy("There is an unfinished case of this kind already: %(number)s.", number=number)
    if worked.no_permit is not None:
        return found
    if entry.procedure == rules.IN_CHINA:
        found |= rules.ground_problems(worked.book, entry, worked.category)
    elif entry.procedure == rules.ABROAD and not entry.embassy:
        found["embassy"] = lazy("Name the embassy or consulate where the visa will be applied for.")
    elif entry.procedure == rules.EXTENSION:
        found |= _extension(worked)
    ends = entry.residence_ends_on
    if ends is not None and entry.procedure != rules.ABROAD and ends < worked.received_on:
        found["residence_ends_on"] = lazy("The stay has ended already; the application has to be made from abroad.")
    return found


def _extension(worked: Worked) -> Problems:
    base = worked.permit
    if base is None:
        return {"permit": lazy("Choose the permit that is to be extended.")}
    if base.open_case_number:
        text = lazy("An extension is under way already: %(number)s.", number=base.open_case_number)
        return {"permit": text}
    if base.window.state(worked.received_on) != "open":
        return {"permit": worked.book.window_sentence(base.window, worked.received_on)}
    if worked.person is not None and worked.person.id != base.person_id:
        return {"permit": lazy("This permit belongs to another person.")}
    if worked.organisation.found is not None and worked.organisation.found.id != base.organisation_id:
        text = lazy("The employer is not the one of the permit; a change of employer is a new application.")
        return {"organisation": text}
    return {}


# --- post and claims -------------------------------------------------------------------------------------------


def _post(worked: Worked) -> Problems:
    if worked.no_permit is not None:
        return {}
    entry = worked.entry
    found: Problems = {}
    if not entry.post:
        found["post"] = lazy("Enter the post as the contract names it.")
    if not entry.occupation:
        found["occupation"] = lazy("Choose the occupation.")
    old_end = worked.permit.ends_on if worked.permit is not None else None
    return found | rules.contract_problems(entry, worked.received_on, old_end) | rules.salary_problems(entry)


def _claims(worked: Worked) -> Problems:
    if worked.no_permit is not None:
        return {}
    found = {name: text for name, text in worked.fact_problems.items() if name in worked.form}
    if not worked.category:
        found["claimed_category"] = lazy("No category follows from the claims yet. Choose the one applied for.")
    return found
