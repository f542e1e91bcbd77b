"""The parts of the intake page that show who and what was found: person, organisation, permits, no permit needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from expertdesk.experts.queries import PersonChoice
from expertdesk.experts.scripts import language_of
from expertdesk.foundation.locale import country_name, current_language, format_date, gettext, in_row
from expertdesk.intake import rules
from expertdesk.intake.finding import Candidate, cases_of
from expertdesk.intake.working import Worked
from expertdesk.models import Case
from expertdesk.permits.queries import ExtensionBase
from expertdesk.regulations.months import age_on

_BY_HAND = (
    "surname", "given_name", "passport_number", "passport_expires_on", "passport_kind", "nationality",
    "issuing_country", "birth_on", "sex", "special_group",
)  # fmt: skip


@dataclass(frozen=True)
class PersonPart:
    lines: bool
    digits: int
    chosen: bool
    facts: tuple[tuple[Any, ...], ...]
    notices: tuple[Any, ...]
    by_hand_open: bool
    native_lang: str


@dataclass(frozen=True)
class FoundOrganisation:
    name: str
    lang: str
    code: str
    district: Any
    contact: str


@dataclass(frozen=True)
class OrganisationPart:
    found: FoundOrganisation | None
    has_contacts: bool
    hits: bool
    is_new: bool
    is_code_doubtful: bool
    message: Any


@dataclass(frozen=True)
class PersonLine:
    """A candidate beside the form."""

    id: int
    name: str
    lang: str
    url: str
    facts: tuple[Any, ...]
    reasons: tuple[Any, ...]
    ask: str
    is_chosen: bool
    is_masked: bool


@dataclass(frozen=True)
class PermitLine:
    id: int
    number: str
    name: str
    lang: str
    category: str
    organisation: str
    ends_on: date
    is_open: bool
    is_chosen: bool
    window: Any
    case_number: str
    case_url: str


@dataclass(frozen=True)
class NoPermit:
    reason: Any
    body: Any
    ground: Any
    law: Any


# --- person ----------------------------------------------------------------------------------------------------


def person_part(worked: Worked) -> PersonPart:
    form, lines, chosen = worked.form, worked.lines, worked.person
    is_sound = lines is not None and lines.is_sound
    has_errors = any(form[name].errors for name in _BY_HAND)
    must_fill = is_sound and not worked.entry.nationality
    native = form.native_name.data or ""
    return PersonPart(
        lines=is_sound,
        digits=lines.digits if lines is not None else 0,
        chosen=chosen is not None and not is_sound,
        facts=_read_facts(worked) if is_sound else _record_facts(chosen) if chosen is not None else (),
        notices=lines.notices if is_sound and lines is not None else (),
        by_hand_open=has_errors or must_fill or bool(lines is not None and (lines.is_name_cut or not is_sound)),
        native_lang=language_of(native, worked.nationality),
    )


def _read_facts(worked: Worked) -> tuple[tuple[Any, ...], ...]:
    """What the lines filled in, as it stands in the fields now."""
    entry = worked.entry
    cut = gettext("cut off, please compare") if worked.lines is not None and worked.lines.is_name_cut else ""
    return (
        (gettext("Surname"), _data(entry.surname)),
        (gettext("Given names"), _data(entry.given_name), cut),
        (gettext("Nationality"), _data(country_name(entry.nationality))),
        (gettext("Born"), _data(_born(entry.birth_on, worked.received_on))),
        (gettext("Passport no."), _code(entry.passport_number)),
        (gettext("Valid until"), _data(format_date(entry.passport_expires_on))),
    )


def _record_facts(person: PersonChoice) -> tuple[tuple[Any, ...], ...]:
    known = person.data
    current = person.passports[0] if person.passports else None
    return (
        (gettext("Surname"), _data(known.surname)),
        (gettext("Given names"), _data(known.given_name)),
        (gettext("Nationality"), _data(person.country)),
        (gettext("Born"), _data(format_date(known.birth_on))),
        (gettext("Passport no."), _code(current.number if current else "")),
        (gettext("Valid until"), _data(format_date(current.expires_on) if current else "")),
    )


def _born(day: date | None, on: date) -> str:
    return f"{format_date(day)} ({age_on(day, on)})" if day is not None and day <= on else format_date(day)


def _data(text: Any) -> Markup:
    return Markup('<bdi translate="no">{}</bdi>').format(text) if text else Markup("—")


def _code(text: str) -> Markup:
    return Markup('<span class="ed-code" translate="no">{}</span>').format(text) if text else Markup("—")


def candidate_line(item: Candidate, worked: Worked) -> PersonLine:
    chosen = worked.person is not None and worked.person.id == item.person_id
    ask = ""
    if item.ask is not None and item.ask.name:
        ask = in_row(part for part in (item.ask.name, item.ask.phone, item.ask.window) if part)
    has_page = not item.is_masked and "experts.person" in current_app.view_functions
    url = url_for("experts.person", person_id=item.person_id) if has_page else ""
    return PersonLine(
        item.person_id, item.name, item.lang, url, tuple(_data(fact) for fact in item.facts), item.reasons, ask, chosen,
        item.is_masked,
    )  # fmt: skip


def candidates_title(worked: Worked) -> str:
    looked_for = worked.candidates and all(item.was_looked_for for item in worked.candidates)
    return gettext("Found on file") if looked_for else gettext("Possibly on file already")


def nobody_found(worked: Worked) -> str:
    if worked.is_employer or worked.candidates:
        return ""
    if worked.form.find_person.data:
        return gettext("Nobody on file was found. Enter the passport; a new record is made.")
    if worked.entry.has_passport:
        return gettext("Nobody on file looks like this passport; a new record is made.")
    return ""


# --- organisation ----------------------------------------------------------------------------------------------


def organisation_part(worked: Worked) -> OrganisationPart:
    found = worked.organisation
    card = None
    if found.found is not None:
        zh = current_language() == "zh" or not found.found.name_en
        contact = next((row.name for row in found.found.contacts if str(row.id) == worked.form.contact.data), "")
        card = FoundOrganisation(
            found.found.name if zh else found.found.name_en,
            "zh-CN" if zh else "en",
            found.found.credit_code,
            found.found.district,
            contact,
        )
    is_doubtful = found.is_new and found.code is not None and not found.code.is_valid
    return OrganisationPart(
        found=card,
        has_contacts=found.found is not None and len(worked.form.contact.choices or ()) > 1,
        hits=card is None and bool(found.hits),
        is_new=found.is_new,
        is_code_doubtful=is_doubtful,
        message=_organisation_message(worked),
    )


def _organisation_message(worked: Worked) -> Any:
    found = worked.organisation
    if found.found is not None or not found.text or found.hits:
        return ""
    if found.code is None:
        return gettext("No organisation on file has this name. Enter its code to register it.")
    if found.code.problems:
        return found.code.problems[0].message
    kind = found.code.kind
    if kind is not None and found.code.authority is not None:
        return gettext("Not on file yet; the code is in order (%(kind)s). Fill in the fields below.", kind=kind)
    return gettext("Not on file yet; the code is in order. Fill in the fields below.")


# --- procedure and permit --------------------------------------------------------------------------------------


def permit_lines(worked: Worked) -> tuple[PermitLine, ...]:
    cases = cases_of(worked.permits)
    return tuple(_permit_line(base, cases[base.case_id], worked) for base in worked.permits)


def _permit_line(base: ExtensionBase, case: Case, worked: Worked) -> PermitLine:
    person, organisation = case.person, case.organisation
    zh = current_language() == "zh" or not organisation.name_en
    day = worked.received_on
    number = base.open_case_number
    window: Any = worked.book.window_sentence(base.window, day)
    if number:
        window = gettext("An extension is under way already:")
    linked = bool(number) and not worked.is_employer and "cases.case" in current_app.view_functions
    return PermitLine(
        id=base.permit_id,
        number=base.number,
        name=person.display_name,
        lang=person.display_lang,
        category=base.category,
        organisation=organisation.name_zh if zh else organisation.name_en,
        ends_on=base.ends_on,
        is_open=base.window.state(day) == "open" and not number,
        is_chosen=worked.permit is not None and worked.permit.permit_id == base.permit_id,
        window=window,
        case_number=number,
        case_url=url_for("cases.case", number=number) if linked else "",
    )


def permits_hint(worked: Worked) -> str:
    if worked.entry.procedure != rules.EXTENSION or worked.permits:
        return ""
    if worked.person is not None:
        return gettext("This person has no permit in force; an extension is not possible. Choose another procedure.")
    if worked.is_employer:
        return gettext("Your organisation has no permit in force that could be extended.")
    return gettext("No permit is in its window now. Find the person by name, passport or permit number above.")


def no_permit_part(worked: Worked) -> NoPermit | None:
    found = worked.no_permit
    return None if found is None else NoPermit(found.reason, found.body, found.ground.name, found.law.name)
