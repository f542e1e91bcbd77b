"""The page after the intake: number, access code, letters, the next date, and what to tell the applicant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import joinedload, selectinload

from expertdesk.access import Actor, Permission
from expertdesk.cases.checklist import checklist_of
from expertdesk.cases.clock import time_left
from expertdesk.cases.guards import no_permit_needed
from expertdesk.cases.records import book_of
from expertdesk.foundation.installed import settings
from expertdesk.foundation.locale import Bilingual, current_language, format_date, gettext
from expertdesk.models import Case, CaseClock, CaseState, Letter, LetterKind, PaperState, Person

_SHOWN = (LetterKind.RECEIPT, LetterKind.NON_ACCEPTANCE_NOTICE)


@dataclass(frozen=True)
class LetterLink:
    url: str
    label: Any


@dataclass(frozen=True)
class Missing:
    name: Any
    reason: Any


@dataclass(frozen=True)
class DonePage:
    title: str
    layout: str
    is_employer: bool
    number: str
    access_code: str
    name: str
    lang: str
    organisation: str
    procedure: Any
    not_accepted: Any
    next_step: Any
    next_note: Any
    letters: tuple[LetterLink, ...]
    case_url: str
    family_url: str
    invite_url: str
    left_out: tuple[str, ...]
    again_url: str
    tell: tuple[Any, ...]
    missing: tuple[Missing, ...]


def read_with() -> tuple[Any, ...]:
    """What `done_page` wants of a case, read with it."""
    return (
        joinedload(Case.person).joinedload(Person.family),
        joinedload(Case.organisation),
        joinedload(Case.clocks).joinedload(CaseClock.pauses),
        selectinload(Case.papers),
        selectinload(Case.letters).defer(Letter.context),
    )


def done_page(case: Case, actor: Actor, access_code: str, again_url: str) -> DonePage:
    is_employer = not actor.may(Permission.CASE_CREATE)
    zh = current_language() == "zh" or not case.organisation.name_en
    refused = case.state is CaseState.NOT_ACCEPTED
    reason = no_permit_needed(case) if refused else None
    step, note = _next(case)
    missing = () if refused else _missing(case)
    return DonePage(
        title=_title(case, is_employer=is_employer),
        layout="layout/public.html" if is_employer else "layout/staff.html",
        is_employer=is_employer,
        number=case.number,
        access_code=access_code,
        name=case.person.display_name,
        lang=case.person.display_lang,
        organisation=case.organisation.name_zh if zh else case.organisation.name_en,
        procedure=book_of(case).procedure(case.procedure).name,
        not_accepted=reason.reason if reason is not None else "",
        next_step=step,
        next_note=note,
        letters=_letters(case, is_employer=is_employer),
        case_url=_address("portal.my_case" if is_employer else "cases.case", number=case.number),
        family_url=_family_url(case, is_employer=is_employer),
        invite_url=_invite_url(case, actor),
        left_out=tuple(dict.fromkeys(text for letter in case.letters for _, text in letter.left_out)),
        again_url=again_url,
        tell=_tell(case, missing=bool(missing)),
        missing=missing,
    )


def _title(case: Case, *, is_employer: bool) -> str:
    if case.state is CaseState.NOT_ACCEPTED:
        return gettext("Recorded: no permit is needed")
    if is_employer:
        return gettext("Application sent: %(number)s", number=case.number)
    return gettext("Taken in: %(number)s", number=case.number)


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def _family_url(case: Case, *, is_employer: bool) -> str:
    """Where the accompanying family is entered, when some was announced and nobody is in the record yet."""
    if is_employer or not case.circumstances.get("has_family") or case.person.family:
        return ""
    return _address("experts.person", person_id=case.person_id)


def _invite_url(case: Case, actor: Actor) -> str:
    """Where the expert is invited to follow the case online."""
    if not actor.may(Permission.INVITATION_CREATE) or case.state is CaseState.NOT_ACCEPTED:
        return ""
    return _address("administration.invitations", person=case.person_id)


def _letters(case: Case, *, is_employer: bool) -> tuple[LetterLink, ...]:
    """Receipt first, then a notice that was issued at once."""
    endpoint = "portal.my_letter" if is_employer else "cases.letter"
    shown = sorted((row for row in case.letters if row.kind in _SHOWN), key=lambda row: _SHOWN.index(row.kind))
    links = []
    for letter in shown:
        url = _address(endpoint, number=case.number, letter_id=letter.id)
        if url:
            links.append(LetterLink(url, _label(letter)))
    return tuple(links)


def _label(letter: Letter) -> str:
    if letter.kind is LetterKind.RECEIPT:
        return gettext("Print the receipt (PDF)")
    return gettext("Notice of non-acceptance (PDF)")


def _next(case: Case) -> tuple[Any, Any]:
    """The next promised day, with the limit of the law beside it."""
    left = time_left(case)
    if left is None or left.due_on is None:
        return gettext("none: the case is closed"), ""
    step = gettext("Result of the preliminary check by %(day)s", day=format_date(left.due_on))
    note = ""
    if left.statutory_on is not None and left.statutory_on != left.due_on:
        note = gettext("The law gives until %(day)s.", day=format_date(left.statutory_on))
    if left.is_provisional:
        note = f"{note} {gettext('Provisional: the calendar of that year is not official yet.')}".strip()
    return step, note


def _missing(case: Case) -> tuple[Missing, ...]:
    """Required papers that did not come."""
    open_ones = {paper.document for paper in case.papers if paper.state is PaperState.MISSING}
    return tuple(
        Missing(item.document.short, item.reason)
        for item in checklist_of(case)
        if item.status == "required" and item.code in open_ones
    )


def _tell(case: Case, *, missing: bool) -> tuple[Any, ...]:
    """Sentences to say at the counter, in order."""
    bureau = book_of(case).bureau
    status_url = f"{settings().base_url}/status"
    if case.state is CaseState.NOT_ACCEPTED:
        found = no_permit_needed(case)
        body: Bilingual | str = found.body if found is not None else ""
        return (
            gettext("No work permit is needed; the notice names the rule."),
            gettext("Responsible is: %(body)s.", body=body),
            gettext("The notice also says how to ask for a review."),
        )
    left = time_left(case)
    said = [gettext("Keep the receipt: it carries the case number and the access code.")]
    if left is not None and left.due_on is not None:
        said.append(gettext("You hear from us by %(day)s at the latest.", day=_full(left.due_on)))
    said.append(gettext("Where the case stands can be read any time at %(url)s with number and code.", url=status_url))
    if missing:
        said.append(gettext("Papers are still missing. Wait for the notice: it names everything at once."))
    said.append(gettext("Questions: %(phone)s, %(hours)s.", phone=bureau.phone, hours=bureau.hours))
    return tuple(said)


def _full(day: date) -> str:
    return format_date(day, "full")
