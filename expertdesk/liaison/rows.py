"""One person as a line of the liaison lists, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from expertdesk.access import Actor, Permission
from expertdesk.cases.rows import organisation_name, person_name
from expertdesk.foundation import clock
from expertdesk.foundation.locale import lazy
from expertdesk.liaison import rules
from expertdesk.models import Account
from expertdesk.permits.rows import Chip, Who, day_chip, ending_chip, who_of
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_today

_STATE = "in_force"


@dataclass(frozen=True)
class LiaisonRow:
    """`next` is the promised contact (or, for somebody new, since when nobody looks after them); `dates` are the ends
    ahead; `take_url` is an action done at once."""

    url: str
    who: Who
    assignment_id: int | None
    number: str
    category: str
    organisation: str
    level: Any
    officer: str
    next: Chip
    ending: Chip
    passport: Chip | None
    next_label: Any
    next_url: str
    take_url: str


def new_rows(found: Iterable[Any], actor: Actor) -> tuple[LiaisonRow, ...]:
    """Permits in force that nobody looks after."""
    book, today = rules_today(), clock.today()
    may_take = actor.may(Permission.LIAISON_ACT)
    return tuple(
        LiaisonRow(
            url=url_for("liaison.person", person_id=item.person_id),
            who=who_of(item),
            assignment_id=None,
            number=item.number,
            category=item.category,
            organisation=organisation_name(item.name_zh, item.name_en),
            level="",
            officer="",
            next=_since_chip(item.granted_on, today),
            ending=ending_chip(book, _STATE, item.starts_on, item.ends_on, today),
            passport=None,
            next_label=lazy("Take on") if may_take else lazy("View"),
            next_url=url_for("liaison.person", person_id=item.person_id),
            take_url=url_for("liaison.take", person_id=item.person_id) if may_take else "",
        )
        for item in found
    )


def _since_chip(granted_on: date, today: date) -> Chip:
    days = (today - granted_on).days
    if days <= 0:
        return Chip("info", "new", lazy("granted today"), granted_on)
    text = lazy("granted yesterday") if days == 1 else lazy("granted %(days)s days ago", days=days)
    return Chip("info", "new", text, granted_on)


def own_rows(found: Iterable[Any], actor: Actor) -> tuple[LiaisonRow, ...]:
    """Assignments."""
    book, today = rules_today(), clock.today()
    return tuple(_own_row(item, actor, book, today) for item in found)


def _own_row(item: Any, actor: Actor, book: RuleBook, today: date) -> LiaisonRow:
    is_mine = item.officer_id == actor.id
    url = url_for("liaison.person", person_id=item.person_id)
    return LiaisonRow(
        url=url,
        who=who_of(item),
        assignment_id=item.assignment_id,
        number=item.number or "",
        category=item.category or "",
        organisation=organisation_name(item.name_zh or "", item.name_en or ""),
        level=level_name(book, item.level),
        officer="" if is_mine else person_name(item.officer_name, item.officer_latin),
        next=contact_chip(book, item.next_contact_on, item.last_contact_on, today),
        ending=ending_chip(book, _STATE, item.starts_on, item.ends_on, today) if item.permit_id else no_permit_chip(),
        passport=passport_chip(book, item.passport_ends_on, today),
        next_label=lazy("Log a contact") if is_mine else lazy("View"),
        next_url=f"{url}#log" if is_mine else url,
        take_url="",
    )


def level_name(book: RuleBook, code: str) -> Any:
    row = book.find("liaison_levels", code)
    return row.short if row is not None else code


def contact_chip(book: RuleBook, next_on: date | None, last_on: date | None, today: date) -> Chip:
    """The next contact in words: promised and passed is amber and solid."""
    soon = book.row("liaison_settings", "DUE_SOON").value
    state = rules.due_state(next_on, today, soon)
    if next_on is None or state == rules.NONE:
        if last_on is None:
            return Chip("now", "phone", lazy("first contact to come"))
        return Chip("", "dash", lazy("no date agreed"))
    if state == rules.OVERDUE:
        days = (today - next_on).days
        text = lazy("promised for yesterday") if days == 1 else lazy("%(days)s days late", days=days)
        return Chip("warn", "late", text, next_on, solid=True)
    if state == rules.TODAY:
        return Chip("warn", "today", lazy("today"), next_on)
    days = (next_on - today).days
    text = lazy("tomorrow") if days == 1 else lazy("in %(days)s days", days=days)
    return Chip("info" if state == rules.SOON else "", "clock", text, next_on)


def passport_chip(book: RuleBook, ends_on: date | None, today: date) -> Chip | None:
    """Shown once the end of the passport comes near."""
    if ends_on is None:
        return None
    ahead = book.row("liaison_settings", "PASSPORT_AHEAD").value
    return day_chip(book, ends_on, today, ahead) if (ends_on - today).days <= ahead else None


def no_permit_chip() -> Chip:
    return Chip("warn", "block", lazy("no permit in force"))


def account_name(account: Account) -> str:
    return person_name(account.name, account.name_latin)
