"""What the page of the intake shows, as frozen records in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from expertdesk.cases.papers import upload_limits
from expertdesk.cases.records import UNDECIDED_CATEGORY
from expertdesk.foundation.locale import format_date, format_money, gettext, in_list, ngettext
from expertdesk.foundation.uploads import UploadLimits
from expertdesk.intake import parts, rules
from expertdesk.intake.drafts import Unfinished
from expertdesk.intake.entry import NEW_PERSON
from expertdesk.intake.paper_lines import Papers, papers_of
from expertdesk.intake.parts import NoPermit, OrganisationPart, PermitLine, PersonLine, PersonPart
from expertdesk.intake.result import Result, result_of
from expertdesk.intake.working import Worked

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
    entry, book = worked.entry, worked.book
    ground = book.find("in_country_grounds", entry.in_country_ground) if entry.in_country_ground else None
    return IntakePage(
        title=gettext("New application") if worked.is_employer else gettext("New intake"),
        layout="layout/public.html" if worked.is_employer else "layout/staff.html",
        urls=urls,
        is_employer=worked.is_employer,
        problems=tuple(problems),
        notice=notice,
        saved_at=saved_at,
        unfinished=_unfinished(urls, unfinished),
        person=parts.person_part(worked),
        candidates=tuple(parts.candidate_line(item, worked) for item in worked.candidates),
        candidates_title=parts.candidates_title(worked),
        is_new_person=entry.person == NEW_PERSON,
        nobody_found=parts.nobody_found(worked),
        organisation=parts.organisation_part(worked),
        procedure=entry.procedure,
        ground_words=ground.name if ground is not None else "",
        ground_needs_reason=bool(ground is not None and ground.needs_reason),
        permits=parts.permit_lines(worked),
        permits_hint=parts.permits_hint(worked),
        no_permit=parts.no_permit_part(worked),
        salary_hint=_salary_hint(worked),
        year_hint=_year_hint(worked),
        asks_about_salary=bool(worked.form.salary_year.errors or entry.salary_confirmed),
        more_claims_open=_more_claims_open(worked),
        result=result_of(worked),
        papers=(papers := papers_of(worked) if worked.items else None),
        limits=_limits(),
        promise=_promise(worked),
        missing_note=_missing_note(papers, worked),
        send_label=_send_label(worked),
        back=f"{urls.send}?draft={entry.form_token}",
    )


def _unfinished(urls: Urls, items: Iterable[Unfinished]) -> tuple[UnfinishedLine, ...]:
    return tuple(
        UnfinishedLine(item.token, item.name, item.saved_at, f"{urls.send}?draft={item.token}") for item in items
    )


def _more_claims_open(worked: Worked) -> bool:
    """Folded away until something in it is chosen or wrong."""
    errors = any(worked.form[name].errors for name in _MORE_CLAIMS if name in worked.form)
    return errors or bool(worked.entry.claimed_category)


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
    kinds = in_list(kind.upper() for kind in found.kinds)
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
    category = worked.category or UNDECIDED_CATEGORY
    due = worked.book.clock_due(entry.procedure, category, worked.received_on)
    first = next((step for step in due.of("promised") if step.limit.step == "precheck"), None)
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
