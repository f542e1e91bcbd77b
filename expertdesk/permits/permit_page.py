"""One permit as a page: its period and why it ends when it ends, letters, the permits around it, the extension."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor, Permission
from expertdesk.cases.case_record import letter_number
from expertdesk.cases.rows import link, organisation_name
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case, CaseState, Letter, Passport, Permit
from expertdesk.permits import rules
from expertdesk.permits.policy import LARGEST_ID, visible_permits
from expertdesk.permits.queries import UNDER_WAY
from expertdesk.permits.rows import Chip, Who, day_chip, ending_chip, standing_chip, who_of
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_on, rules_today
from expertdesk.regulations.limits import ExtensionWindow


@dataclass(frozen=True)
class PermitLetter:
    title: Any
    number: str
    issued_on: date
    valid_until: date | None
    pages: int
    status: Chip
    url: str


@dataclass(frozen=True)
class PermitSpan:
    """One permit of the person, for the list of all of them."""

    url: str
    number: str
    category: str
    organisation: str
    starts_on: date
    ends_on: date
    standing: Chip
    is_this: bool


@dataclass(frozen=True)
class Extension:
    """When an extension can be filed. `by_law`: filed in time and not decided when the permit ended (art. 50)."""

    window: ExtensionWindow
    state: str
    text: Any
    url: str
    case_number: str
    case_url: str
    by_law: bool


@dataclass(frozen=True)
class PermitPage:
    id: int
    number: str
    who: Who
    latin_name: str
    person_url: str
    liaison_url: str
    passport_number: str
    passport_expires_on: date | None
    passport: Chip | None
    organisation: str
    organisation_other: str
    organisation_url: str
    post: str
    category: str
    category_name: Any
    criterion: str
    criterion_name: Any
    district: Any
    starts_on: date
    ends_on: date
    months: int
    cause: Any
    granted_on: date
    ended_on: date | None
    standing: Chip
    ending: Chip
    case_number: str
    case_url: str
    letters: tuple[PermitLetter, ...]
    spans: tuple[PermitSpan, ...]
    extension: Extension | None


def permit_page(permit_id: int, actor: Actor) -> PermitPage:
    """Raises NotFound for a permit that is not this reader's to see. Six queries."""
    permit = _load(permit_id, actor)
    person, organisation, case = permit.person, permit.organisation, permit.case
    today, book = clock.today(), rules_today()
    judged_by = rules_on(case.rules_date, case.rule_region)
    name = organisation_name(organisation.name_zh, organisation.name_en)
    current = select(Passport).where(Passport.person_id == person.id, Passport.is_current)
    passport = db.session.scalar(current.order_by(Passport.id.desc()).limit(1))
    criterion = judged_by.find("criteria", permit.main_criterion) if permit.main_criterion else None
    sees_case = actor.may(Permission.CASE_READ)
    return PermitPage(
        id=permit.id,
        number=permit.number,
        who=who_of(person),
        latin_name=person.latin_name,
        person_url=link("experts.person", person_id=person.id),
        liaison_url=link("liaison.person", person_id=person.id) if actor.may(Permission.LIAISON_READ) else "",
        passport_number=passport.number if passport is not None else "",
        passport_expires_on=passport.expires_on if passport is not None else None,
        passport=day_chip(book, passport.expires_on, today) if passport is not None else None,
        organisation=name,
        organisation_other=organisation.name_en if name == organisation.name_zh else organisation.name_zh,
        organisation_url=link("experts.organisation", organisation_id=organisation.id),
        post=permit.post,
        category=permit.category,
        category_name=book.name_of("categories", permit.category),
        criterion=permit.main_criterion,
        criterion_name=criterion.name if criterion is not None else "",
        district=book.name_of("districts", permit.district),
        starts_on=permit.starts_on,
        ends_on=permit.ends_on,
        months=permit.months,
        cause=_cause(judged_by, permit.end_cause),
        granted_on=permit.granted_on,
        ended_on=permit.ended_on,
        standing=standing_chip(book, permit.state.value, permit.starts_on, permit.ends_on, today),
        ending=ending_chip(book, permit.state.value, permit.starts_on, permit.ends_on, today),
        case_number=case.number if sees_case else "",
        case_url=url_for("cases.case", number=case.number) if sees_case else "",
        letters=_letters(permit, book, today),
        spans=_spans(permit, actor, book, today),
        extension=_extension(permit, actor, book, today),
    )


def _load(permit_id: int, actor: Actor) -> Permit:
    if not 0 < permit_id <= LARGEST_ID:
        raise NotFound(str(permit_id))
    statement = (
        select(Permit)
        .where(Permit.id == permit_id)
        .options(joinedload(Permit.person), joinedload(Permit.organisation), joinedload(Permit.case))
    )
    found = db.session.scalar(visible_permits(statement, actor))
    if found is None:
        raise NotFound(str(permit_id))
    return found


def _cause(book: RuleBook, code: str) -> Any:
    row = book.find("period_causes", code)
    return row.date if row is not None else code


def letters_of(permit_id: int) -> list[Letter]:
    """Letters that belong to a permit, newest first."""
    return list(db.session.scalars(select(Letter).where(Letter.permit_id == permit_id).order_by(Letter.id.desc())))


def _letters(permit: Permit, book: RuleBook, today: date) -> tuple[PermitLetter, ...]:
    return tuple(
        PermitLetter(
            title=book.name_of("letters", letter.kind.value),
            number=letter_number(letter),
            issued_on=letter.issued_on,
            valid_until=letter.valid_until,
            pages=letter.pages,
            status=_letter_chip(letter, book, today),
            url=url_for("permits.letter", permit_id=permit.id, letter_id=letter.id),
        )
        for letter in letters_of(permit.id)
    )


_LETTER_LOOKS = {
    "issued": ("ok", "shield"),
    "expired": ("", "clock"),
    "replaced": ("", "swap"),
    "revoked": ("bad", "block"),
}


def _letter_chip(letter: Letter, book: RuleBook, today: date) -> Chip:
    code = letter.status.value
    if code == "issued" and letter.valid_until is not None and letter.valid_until < today:
        code = "expired"
    kind, icon = _LETTER_LOOKS[code]
    row = book.find("letter_states", code)
    return Chip(kind, icon, row.short if row is not None else code)


def _spans(permit: Permit, actor: Actor, book: RuleBook, today: date) -> tuple[PermitSpan, ...]:
    """Every permit of the person, newest first; those the reader may not open carry no address."""
    statement = (
        select(Permit)
        .where(Permit.person_id == permit.person_id)
        .options(joinedload(Permit.organisation))
        .order_by(Permit.starts_on.desc(), Permit.id.desc())
    )
    own = select(Permit.id).where(Permit.person_id == permit.person_id)
    visible = set(db.session.scalars(visible_permits(own, actor)))
    return tuple(
        PermitSpan(
            url=url_for("permits.permit", permit_id=item.id) if item.id in visible and item.id != permit.id else "",
            number=item.number,
            category=item.category,
            organisation=organisation_name(item.organisation.name_zh, item.organisation.name_en),
            starts_on=item.starts_on,
            ends_on=item.ends_on,
            standing=standing_chip(book, item.state.value, item.starts_on, item.ends_on, today),
            is_this=item.id == permit.id,
        )
        for item in db.session.scalars(statement)
    )


def _extension(permit: Permit, actor: Actor, book: RuleBook, today: date) -> Extension | None:
    """None for a permit that was followed by another or taken away."""
    if permit.state.value != rules.IN_FORCE:
        return None
    window = book.extension_window(permit.ends_on)
    state = window.state(today)
    case = db.session.scalar(
        select(Case)
        .where(
            Case.person_id == permit.person_id,
            Case.previous_permit_id == permit.id,
            Case.state.in_((CaseState.DRAFT, *UNDER_WAY)),
        )
        .order_by(Case.id.desc())
        .limit(1)
    )
    may_file = actor.may(Permission.CASE_CREATE) and actor.handles(permit.district) and state == "open" and case is None
    filed_in_time = case is not None and case.state is not CaseState.DRAFT and window.state(case.received_on) == "open"
    shown = case if actor.may(Permission.CASE_READ) else None
    return Extension(
        window=window,
        state=state,
        text=book.window_sentence(window, today) if case is None else lazy("An extension is under way."),
        url=link("intake.new", procedure="EXTENSION", permit=permit.id) if may_file else "",
        case_number=shown.number if shown is not None else "",
        case_url=url_for("cases.case", number=shown.number) if shown is not None else "",
        by_law=filed_in_time and permit.ends_on < today,
    )
