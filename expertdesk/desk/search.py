"""The search page: what was found, by kind, and what was searched when nothing was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select

from expertdesk.access import Actor, Permission
from expertdesk.cases.policy import could_be_number, visible_cases
from expertdesk.cases.rows import CaseRow, case_rows, link, row_query
from expertdesk.experts import search as index
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case

MOST_FOUND = 40


@dataclass(frozen=True)
class Hit:
    """One record. Outside the own districts: masked, without an address, with whom to `ask`."""

    url: str
    title: str
    lang: str
    subtitle: Any
    ask: Any = None


@dataclass(frozen=True)
class HitGroup:
    """One kind of record; cases come as full lines with stage, limit and next verb."""

    kind: str
    title: Any
    icon: str
    hits: tuple[Hit, ...] = ()
    rows: tuple[CaseRow, ...] = ()

    @property
    def count(self) -> int:
        return len(self.hits) + len(self.rows)


@dataclass(frozen=True)
class SearchPage:
    text: str
    problem: str
    groups: tuple[HitGroup, ...]
    searched: tuple[Any, ...]
    intake_url: str
    is_full: bool = False

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)


_KINDS: tuple[tuple[str, Any, str, Permission], ...] = (
    ("person", lazy("Experts"), "user", Permission.EXPERT_READ),
    ("case", lazy("Cases"), "doc", Permission.CASE_READ),
    ("permit", lazy("Permits"), "id", Permission.PERMIT_READ),
    ("organisation", lazy("Organisations"), "org", Permission.ORGANISATION_READ),
)

_SEARCHED: tuple[tuple[Any, Permission], ...] = (
    (lazy("experts by any part of a name in any script, by passport number, phone and e-mail"), Permission.EXPERT_READ),
    (lazy("cases by number and by the expert"), Permission.CASE_READ),
    (lazy("permits by number"), Permission.PERMIT_READ),
    (lazy("organisations by both names and by credit code"), Permission.ORGANISATION_READ),
)


def search_page(text: str, actor: Actor, problem: str = "") -> SearchPage:
    """Everything the reader may see that fits, grouped by kind; people first."""
    found = index.find(text, actor, limit=MOST_FOUND) if text else ()
    groups = tuple(
        group
        for kind, title, icon, permission in _KINDS
        if actor.may(permission) and (group := _group(kind, title, icon, found, actor)).count
    )
    return SearchPage(
        text=text,
        problem=problem,
        groups=groups,
        searched=tuple(words for words, permission in _SEARCHED if actor.may(permission)),
        intake_url=link("intake.new") if actor.may(Permission.CASE_CREATE) else "",
        is_full=len(found) >= MOST_FOUND,
    )


def exact_address(text: str, actor: Actor) -> str:
    """The page of the case whose whole number was typed, or "" (also when the reader may not see it)."""
    number = text.replace(" ", "").upper()
    if not actor.may(Permission.CASE_READ) or not could_be_number(number):
        return ""
    statement = visible_cases(select(Case.number).where(Case.number == number), actor)
    return url_for("cases.case", number=number) if db.session.scalar(statement) else ""


def _group(kind: str, title: Any, icon: str, found: Iterable[Any], actor: Actor) -> HitGroup:
    hits = [item for item in found if item.kind == kind and not item.is_masked]
    masked = tuple(
        Hit("", item.title, "", item.subtitle, item.ask) for item in found if item.kind == kind and item.is_masked
    )
    if kind == "case":
        return HitGroup(kind, title, icon, masked, _case_lines([item.record_id for item in hits], actor))
    address = {
        "person": lambda item: link("experts.person", person_id=item.record_id),
        "permit": lambda item: link("permits.permit", permit_id=item.record_id),
        "organisation": lambda item: link("experts.organisation", organisation_id=item.record_id),
    }[kind]
    own = tuple(Hit(address(item), item.title, item.lang, item.subtitle) for item in hits)
    return HitGroup(kind, title, icon, (*own, *masked))


def _case_lines(ids: list[int], actor: Actor) -> tuple[CaseRow, ...]:
    """Stage and limit beside the name answer "where is my case" without another click."""
    if not ids:
        return ()
    found = db.session.execute(visible_cases(row_query().where(Case.id.in_(ids)), actor)).all()
    place = {record_id: number for number, record_id in enumerate(ids)}
    return case_rows(sorted(found, key=lambda item: place[item.id]), actor)
