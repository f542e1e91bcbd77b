"""One permit as a line of a list, and how its end is shown: list, permit page and liaison draw the same chip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import Select, select

from expertdesk.cases.rows import organisation_name
from expertdesk.foundation import clock
from expertdesk.foundation.locale import country_name, lazy, lazy_date
from expertdesk.models import Organisation, Permit, Person
from expertdesk.permits import rules
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_today


@dataclass(frozen=True)
class Chip:
    """State in icon and word; `on` is the day it is about, in small print under it."""

    kind: str
    icon: str
    text: Any
    on: date | None = None
    solid: bool = False


@dataclass(frozen=True)
class Who:
    """A person as lists show one: own spelling first, the other name beneath, nationality."""

    name: str
    lang: str
    other_name: str
    other_lang: str
    country: str


@dataclass(frozen=True)
class PermitRow:
    id: int
    url: str
    who: Who
    number: str
    category: str
    post: str
    organisation: str
    district: Any
    starts_on: date
    ends_on: date
    ending: Chip
    standing: Chip


def who_of(item: Any) -> Who:
    """`item` carries the name columns of Person (a row of a query, or the person)."""
    latin = f"{item.surname} {item.given_name}".strip()
    name = item.native_name or latin
    chinese = item.chinese_name if item.chinese_name != name else ""
    return Who(
        name=name,
        lang=item.native_lang if item.native_name else "",
        other_name=chinese or (latin if item.native_name else ""),
        other_lang="zh-CN" if chinese else "",
        country=country_name(item.nationality),
    )


def permit_columns() -> Select[*tuple[Any, ...]]:
    """Every column a line needs; the caller adds conditions, order and limit."""
    return (
        select(
            Permit.id, Permit.number, Permit.person_id, Permit.state, Permit.category, Permit.post, Permit.district,
            Permit.starts_on, Permit.ends_on, Permit.granted_on, Person.surname, Person.given_name,
            Person.native_name, Person.native_lang, Person.chinese_name, Person.nationality,
            Organisation.name_zh, Organisation.name_en,
        )
        .select_from(Permit)
        .join(Person, Permit.person_id == Person.id)
        .join(Organisation, Permit.organisation_id == Organisation.id)
    )  # fmt: skip


def permit_rows(found: Iterable[Any]) -> tuple[PermitRow, ...]:
    """Lines in the reader's language."""
    book, today = rules_today(), clock.today()
    return tuple(
        PermitRow(
            id=item.id,
            url=url_for("permits.permit", permit_id=item.id),
            who=who_of(item),
            number=item.number,
            category=item.category,
            post=item.post,
            organisation=organisation_name(item.name_zh, item.name_en),
            district=book.name_of("districts", item.district),
            starts_on=item.starts_on,
            ends_on=item.ends_on,
            ending=ending_chip(book, str(item.state), item.starts_on, item.ends_on, today),
            standing=standing_chip(book, str(item.state), item.starts_on, item.ends_on, today),
        )
        for item in found
    )


_STANDING_LOOKS = {
    "in_force": ("ok", "tick"),
    "superseded": ("", "swap"),
    "lapsed": ("warn", "clock"),
    "cancelled": ("", "block"),
    "revoked": ("bad", "block"),
    "withdrawn": ("bad", "block"),
}


def standing_chip(book: RuleBook, state: str, starts_on: date, ends_on: date, today: date) -> Chip:
    """How the permit stands today, in icon and word."""
    code = rules.standing(state, starts_on, ends_on, today)
    if code == rules.COMING:
        return Chip("info", "today", lazy("Begins on %(day)s", day=lazy_date(starts_on)))
    row = book.find("permit_states", code)
    kind, icon = _STANDING_LOOKS.get(code, ("", "dash"))
    return Chip(kind, icon, row.short if row is not None else code)


def ending_chip(book: RuleBook, state: str, starts_on: date, ends_on: date, today: date) -> Chip:
    """Time to the end: grey while it is far, blue in the extension window, amber from the last reminder on."""
    code = rules.standing(state, starts_on, ends_on, today)
    if code not in (rules.IN_FORCE, rules.COMING, rules.LAPSED):
        return standing_chip(book, state, starts_on, ends_on, today)
    return day_chip(book, ends_on, today)


def day_chip(book: RuleBook, ends_on: date, today: date, first_mark: int | None = None) -> Chip:
    """A date ahead (permit, passport, residence) as a chip with the days left. `first_mark`: from when it is blue."""
    left = rules.days_left(ends_on, today)
    if left < 0:
        text = lazy("ended yesterday") if left == -1 else lazy("ended %(days)s days ago", days=-left)
        return Chip("warn", "late", text, ends_on, solid=True)
    marks = rules.ending_marks(book)
    opens = first_mark if first_mark is not None else marks[0]
    if left == 0:
        return Chip("warn", "today", lazy("ends today"), ends_on)
    text = lazy("ends tomorrow") if left == 1 else lazy("ends in %(days)s days", days=left)
    kind = "warn" if left <= marks[-1] else "info" if left <= opens else ""
    return Chip(kind, "clock", text, ends_on)
