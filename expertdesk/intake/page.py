"""What the page of the intake shows, as frozen records in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from expertdesk.cases.papers import upload_limits
from expertdesk.experts.queries import PersonChoice
from expertdesk.experts.scripts import language_of
from expertdesk.foundation.locale import country_name, current_language, format_date, format_money, gettext, ngettext
from expertdesk.foundation.uploads import UploadLimits
from expertdesk.intake import rules
from expertdesk.intake.drafts import Unfinished
from expertdesk.intake.entry import NEW_PERSON
from expertdesk.intake.finding import Candidate
from expertdesk.intake.paper_lines import Papers, papers_of
from expertdesk.intake.result import Result, result_of
from expertdesk.intake.working import Worked
from expertdesk.permits.queries import ExtensionBase
from expertdesk.regulations.months import age_on

_BY_HAND = (
    "surname", "given_name", "passport_number", "passport_expires_on", "passport_kind", "nationality",
    "issuing_country", "birth_on", "sex", "special_group",
)  # fmt: skip
_MORE_CLAIMS = (
    "elite", "location", "claimed_category", "bonus", "teaching_waiver", "teaching_hours", "has_family", "is_graduate",
    "needs_preapproval", "criteria",
)  # fmt: skip
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Urls:
    """Where the form goes: the officer's addresses or those of an organisation's contact."""

    send: str
    preview: str
    read_passport: str
    discard: str


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


@dataclass(frozen=True)
class Limits:
    text: str
    max_bytes: int
    too_large: str


@dataclass(frozen=True)
class UnfinishedLine:
    token: str
    name: str
    saved_at: datetime
    url: str


@dataclass(frozen=True)
class IntakePage:
    title: str
    layout: str
    urls: Urls
    is_employer: bool
    problems: tuple[tuple[str, Any], ...]
    notice: Any
    saved_at: datetime | None
    unfinished: tuple[UnfinishedLine, ...]
    person: PersonPart
    candidates: tuple[PersonLine, ...]
    candidates_title: str
    is_new_person: bool
    nobody_found: str
    organisation: OrganisationPart
    procedure: str
    ground_words: Any
    ground_needs_reason: bool
    permits: tuple[PermitLine, ...]
    permits_hint: str
    no_permit: NoPermit | None
    salary_hint: str
    year_hint: str
    asks_about_salary: bool
    more_claims_open: bool
    result: Result
    papers: Papers | None
    limits: Limits
    promise: str
    missing_note: str
    send_label: str
    back: str = field(default="")


def intake_page(
    worked: Worked, urls: Urls, *, problems: Iterable[tuple[str, Any]] = (), notice: Any = "",
    saved_at: datetime | None = None, unfinished: Iterable[Unfinished] = (),
) -> IntakePage:  # fmt: skip
    """The whole page from a form that was worked out."""
    form, entry, book = worked.form, worked.entry, worked.book
    papers = papers_of(worked) if worked.items else None
    ground = book.find("in_country_grounds", entry.in_country_ground) if entry.in_country_ground else None
    is_employer = worked.is_employer
    return IntakePage(
        title=gettext("New application") if is_employer else gettext("New intake"),
        layout="layout/public.html" if is_employer else "layout/staff.html",
        urls=urls,
        is_employer=is_employer,
        problems=tuple(problems),
        notice=notice,
        saved_at=saved_at,
        unfinished=tuple(
            UnfinishedLine(item.token, item.name, item.saved_at, f"{urls.send}?draft={item.token}")
            for item in unfinished
        ),
        person=_person(worked),
        candidates=tuple(_candidate(item, worked) for item in worked.candidates),
        candidates_title=_candidates_title(worked),
        is_new_person=entry.person == NEW_PERSON,
        nobody_found=_nobody_found(worked),
        organisation=_organisation(worked),
        procedure=entry.procedure,
        ground_words=ground.name if ground is not None else "",
        ground_needs_reason=bool(ground is not None and ground.needs_reason),
        permits=tuple(_permit(item, worked) for item in worked.permits),
        permits_hint=_permits_hint(worked),
        no_permit=_no_permit(worked),
        salary_hint=_salary_hint(worked),
        year_hint=_year_hint(worked),
        asks_about_salary=bool(form.salary_year.errors or entry.salary_confirmed),
        more_claims_open=any(form[name].errors for name in _MORE_CLAIMS if name in form)
        or bool(entry.claimed_category),
        result=result_of(worked),
        papers=papers,
        limits=_limits(),
        promise=_promise(worked),
        missing_note=_missing_note(papers, worked),
        send_label=_send_label(worked),
        back=f"{urls.send}?draft={entry.form_token}",
    )


# --- person ----------------------------------------------------------------------------------------------------


def _person(worked: Worked) -> PersonPart:
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


def _candidate(item: Candidate, worked: Worked) -> PersonLine:
    chosen = worked.person is not None and worked.person.id == item.person_id
    ask = ""
    if item.ask is not None and item.ask.name:
        ask = ", ".join(part for part in (item.ask.name, item.ask.phone, item.ask.window) if part)
    has_page = not item.is_masked and "experts.person" in current_app.view_functions
    url = url_for("experts.person", person_id=item.person_id) if has_page else ""
    return PersonLine(
        item.person_id, item.name, item.lang, url, tuple(_data(fact) for fact in item.facts), item.reasons, ask, chosen,
        item.is_masked,
    )  # fmt: skip


def _candidates_title(worked: Worked) -> str:
    looked_for = worked.candidates and all(item.was_looked_for for item in worked.candidates)
    return gettext("Found on file") if looked_for else gettext("Possibly on file already")


def _nobody_found(worked: Worked) -> str:
    if worked.is_employer or worked.candidates:
        return ""
    if worked.form.find_person.data:
        return gettext("Nobody on file was found. Enter the passport; a new record is made.")
    if worked.entry.has_passport:
        return gettext("Nobody on file looks like this passport; a new record is made.")
    return ""


# --- organisation ----------------------------------------------------------------------------------------------


def _organisation(worked: Worked) -> OrganisationPart:
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


def _permit(base: ExtensionBase, worked: Worked) -> PermitLine:
    from expertdesk.intake.finding import case_of

    case = case_of(base)
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


def _permits_hint(worked: Worked) -> str:
    if worked.entry.procedure != rules.EXTENSION or worked.permits:
        return ""
    if worked.person is not None:
        return gettext("This person has no permit in force; an extension is not possible. Choose another procedure.")
    if worked.is_employer:
        return gettext("Your organisation has no permit in force that could be extended.")
    return gettext("No permit is in its window now. Find the person by name, passport or permit number above.")


def _no_permit(worked: Worked) -> NoPermit | None:
    found = worked.no_permit
    return None if found is None else NoPermit(found.reason, found.body, found.ground.name, found.law.name)


# --- salary ----------------------------------------------------------------------------------------------------


def _salary_hint(worked: Worked) -> str:
    """The lines of the place of work, said before the amount is typed."""
    row = worked.book.find("salary_thresholds", "SALARY")
    if row is None:
        return ""
    return gettext(
        "%(b_times)s × line %(b)s; %(a_times)s × line %(a)s (%(region)s)",
        b_times=row.b_multiple,
        b=f"{row.b_month_cny:,.0f}",
        a_times=row.a_multiple,
        a=f"{row.a_month_cny:,.0f}",
        region=worked.book.region_name,
    )


def _year_hint(worked: Worked) -> str:
    month, year = worked.entry.salary_month, worked.entry.salary_year
    if year is None and month is not None:
        return gettext(
            "Left empty, 12 × the month counts: %(year)s", year=format_money(rules.agreed_salary(month, None)[1])
        )
    if month is None and year is not None:
        return gettext("A month is then %(month)s", month=format_money(rules.agreed_salary(None, year)[0]))
    return gettext("Only when the contract names it")


# --- papers and sending ----------------------------------------------------------------------------------------


def _limits() -> Limits:
    found: UploadLimits = upload_limits("papers")
    size = found.size_bytes // _MEGABYTE
    kinds = ", ".join(kind.upper() for kind in found.kinds)
    return Limits(
        gettext("%(kinds)s, up to %(size)s MB a file, in colour, all four corners visible; photos as JPEG or PNG.",
                kinds=kinds, size=size),
        found.size_bytes,
        gettext("This file is larger than %(size)s MB. Choose a smaller one, for example a scan in lower resolution.",
                size=size),
    )  # fmt: skip


def _promise(worked: Worked) -> str:
    """When the answer is promised, before anything is sent."""
    entry = worked.entry
    if worked.no_permit is not None:
        return gettext("Prints the receipt and the notice of non-acceptance")
    if not entry.procedure:
        return ""
    found = worked.book.clock_due(entry.procedure, worked.category or "B", worked.received_on).of("promised")
    first = next((step for step in found if step.limit.step == "precheck"), None)
    if first is None:
        return ""
    day = format_date(first.due_on, "day")
    return ngettext(
        "Clock starts on intake: %(n)s working day, until %(day)s",
        "Clock starts on intake: %(n)s working days, until %(day)s",
        first.limit.working_days,
        day=day,
    )


def _missing_note(papers: Papers | None, worked: Worked) -> str:
    if papers is None or papers.here >= papers.needed or worked.no_permit is not None:
        return ""
    count = papers.needed - papers.here
    if worked.is_employer:
        return gettext("%(count)s required papers are still missing; nothing can be sent before.", count=count)
    return gettext(
        "%(count)s required papers are not here; they will be asked for in the correction notice.", count=count
    )


def _send_label(worked: Worked) -> str:
    if worked.is_employer:
        return gettext("Send the application")
    if worked.no_permit is not None:
        return gettext("Record it and issue the notice of non-acceptance")
    return gettext("Take in and print the receipt")
