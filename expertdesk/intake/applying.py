"""A form that was found in order → what is to be written."""

from __future__ import annotations

from typing import Any

from expertdesk.experts.rules import tidy_passport_number
from expertdesk.intake import checks, rules
from expertdesk.intake.entry import Application, record_id
from expertdesk.intake.finding import holder_of_passport
from expertdesk.intake.working import Worked


def application_of(worked: Worked) -> Application:
    """Call after `checks.problems_of` found nothing."""
    entry, supplied = worked.entry, worked.supplied
    person_id = worked.person.id if worked.person is not None else None
    if worked.is_employer:
        person_id = worked.permit.person_id if worked.permit is not None else holder_of_passport(entry)
    found = worked.organisation.found
    return Application(
        token=entry.form_token,
        person=checks.person_data(worked),
        person_id=person_id,
        passport=_new_passport(worked, person_id),
        passport_id=_known_passport(worked),
        organisation_id=found.id if found is not None else None,
        organisation=None if found is not None else checks.organisation_data(worked),
        contacts=() if found is not None else tuple(checks.contact_rows(entry)),
        contact_id=record_id(entry.contact) if found is not None else None,
        particulars=_particulars(worked),
        is_permit_needed=worked.no_permit is None,
        files=supplied.files,
        seen=supplied.seen if not worked.is_employer else frozenset(),
        sees_all=supplied.sees_all and not worked.is_employer,
        committed=supplied.committed,
        deferred=supplied.deferred,
        issued=supplied.issued,
    )


def _new_passport(worked: Worked, person_id: int | None) -> Any:
    """None where the passport is on file already."""
    if worked.person is not None and not worked.is_new_passport:
        return None
    if worked.is_employer and worked.permit is not None:
        return None
    return checks.passport_data(worked.entry)


def _known_passport(worked: Worked) -> int | None:
    """The passport on file this case goes by: the one that lies here, else the present one."""
    if worked.person is None or (worked.is_new_passport and not worked.is_employer):
        return None
    number = tidy_passport_number(worked.entry.passport_number)
    lines = worked.person.passports
    same = next((line for line in lines if number and tidy_passport_number(line.number) == number), None)
    return same.id if same is not None else worked.person.passport_id


def _particulars(worked: Worked) -> dict[str, Any]:
    entry = worked.entry
    month, year = rules.agreed_salary(entry.salary_month, entry.salary_year)
    facts = rules.facts_of(entry, None)
    for name in ("salary_cny_month", "salary_cny_year"):
        facts.pop(name, None)  # the case keeps them in columns of their own
    is_extension = entry.procedure == rules.EXTENSION
    in_china, abroad = entry.procedure == rules.IN_CHINA, entry.procedure == rules.ABROAD
    return {
        "procedure": entry.procedure,
        "district": checks.district_of(worked),
        "previous_permit_id": worked.permit.permit_id if is_extension and worked.permit is not None else None,
        "in_country_ground": entry.in_country_ground if in_china else "",
        "ground_reason": entry.ground_reason if in_china else "",
        "embassy": entry.embassy if abroad else "",
        "entry_on": entry.entry_on if abroad else None,
        "post": entry.post,
        "post_en": entry.post_en,
        "occupation": entry.occupation,
        "duties": entry.duties,
        "employment_basis": entry.employment_basis or "CONTRACT",
        "contract_start_on": entry.contract_start_on,
        "contract_end_on": entry.contract_end_on,
        "is_open_ended": entry.is_open_ended,
        "salary_month": month,
        "salary_year": year,
        "claimed_category": worked.category,
        "facts": facts,
        "circumstances": rules.stored_circumstances(entry, is_new_passport=worked.is_new_passport),
        "received_on": worked.received_on,
        "key": entry.form_token,
    }
