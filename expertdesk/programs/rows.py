"""Applications and calls as lines of lists, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from expertdesk.access import Actor
from expertdesk.cases.rows import organisation_name
from expertdesk.foundation import clock
from expertdesk.foundation.locale import current_language, lazy
from expertdesk.models import (
    Organisation,
    ProgramApplication,
    ProgramBudgetLine,
    ProgramCall,
    ProgramExpert,
    ProgramReview,
    ProgramState,
)
from expertdesk.permits.rows import Chip
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_today

S = ProgramState
_CHIPS: dict[str, tuple[str, str]] = {
    "draft": ("", "doc"), "submitted": ("info", "new"), "returned": ("warn", "warn"), "checked": ("info", "tick"),
    "in_review": ("now", "user"), "reviewed": ("now", "done"), "proposed": ("now", "right"),
    "publicised": ("hold", "clock"), "approved": ("ok", "tick"), "running": ("now", "clock"),
    "settled": ("ok", "tick"), "closed": ("ok", "done"), "evaluated": ("ok", "done"), "rejected": ("", "cross"),
    "withdrawn": ("", "left"), "terminated": ("bad", "block"), "lapsed": ("bad", "late"),
}  # fmt: skip


@dataclass(frozen=True)
class ProgramRow:
    """One application in a list. `score` only where every review is in."""

    id: int
    url: str
    number: str
    title: str
    title_lang: str
    organisation: str
    kind: Any
    state: str
    chip: Chip
    unit_rank: int | None
    experts: int
    asked: Decimal
    approved: Decimal | None
    score: Decimal | None
    version: int
    next_step: Any = ""


@dataclass(frozen=True)
class CallRow:
    """A call in a list; `window` says whether it takes applications today."""

    id: int
    url: str
    name: str
    name_lang: str
    kind: Any
    opens_on: date
    closes_on: date
    window: Chip
    quota: int | None
    funds: Decimal | None


def state_chip(book: RuleBook, state: str) -> Chip:
    kind, icon = _CHIPS[state]
    return Chip(kind, icon, book.name_of("program_states", state))


def project_title(title: str, title_en: str) -> tuple[str, str]:
    """The title in the reader's language where there is one, with its language."""
    if current_language() == "zh" or not title_en:
        return title, "zh-CN"
    return title_en, "en"


def window_chip(call: Any, today: date) -> Chip:
    """Not announced, opens on, open until, closed."""
    if call.announced_on is None:
        return Chip("warn", "lock", lazy("not announced"))
    if today < call.opens_on:
        return Chip("info", "clock", lazy("opens on"), call.opens_on)
    if today <= call.closes_on:
        days = (call.closes_on - today).days
        text = lazy("last day today") if not days else lazy("open, %(days)s days left", days=days)
        return Chip("ok" if days else "warn", "done", text)
    return Chip("", "lock", lazy("closed"))


def call_row(call: ProgramCall, url: str) -> CallRow:
    name, lang = project_title(call.name, call.name_en)
    return CallRow(
        id=call.id, url=url, name=name, name_lang=lang, kind=kind_name(call.kind), opens_on=call.opens_on,
        closes_on=call.closes_on, window=window_chip(call, clock.today()), quota=call.quota, funds=call.funds,
    )  # fmt: skip


def kind_name(code: str) -> Any:
    """The short name of a programme."""
    found = next((row for row in rules_today().history("program_kinds") if row.code == code), None)
    return found.short if found is not None else code


def application_columns() -> Any:
    """Every column of a line, one row an application; the caller adds conditions, order and limit."""
    a = ProgramApplication
    waiting = func.count().filter(ProgramReview.submitted_at.is_(None))
    reviews = ProgramReview.application_id == a.id, ProgramReview.has_conflict.is_not(True)
    score = select(func.avg(ProgramReview.total)).where(*reviews).having(waiting == 0).correlate(a).scalar_subquery()
    asked = (
        select(func.coalesce(func.sum(ProgramBudgetLine.subsidy), 0))
        .where(ProgramBudgetLine.application_id == a.id)
        .correlate(a)
        .scalar_subquery()
    )
    experts = select(func.count()).where(ProgramExpert.application_id == a.id).correlate(a).scalar_subquery()
    return (
        select(
            a.id, a.number, a.title, a.title_en, a.state, a.unit_rank, a.funds_approved, a.row_version,
            a.proposed_funds, a.proposed_months, a.secrecy, a.starts_on, a.ends_on, a.months_approved,
            ProgramCall.kind, ProgramCall.year, Organisation.name_zh, Organisation.name_en,
            score.label("score"), asked.label("asked"), experts.label("experts"),
        )
        .select_from(a)
        .join(ProgramCall, a.call_id == ProgramCall.id)
        .join(Organisation, a.organisation_id == Organisation.id)
    )  # fmt: skip


def application_row(item: Any, book: RuleBook, actor: Actor, *, is_own: bool = False) -> ProgramRow:
    title, lang = project_title(item.title, item.title_en)
    state = str(item.state)
    row = book.find("program_states", state)
    score = Decimal(str(item.score)).quantize(Decimal("0.1")) if item.score is not None and not is_own else None
    endpoint = "programs.my_application" if is_own else "programs.application"
    return ProgramRow(
        id=item.id,
        url=url_for(endpoint, number=item.number),
        number=item.number,
        title=title,
        title_lang=lang,
        organisation=organisation_name(item.name_zh, item.name_en),
        kind=kind_name(item.kind),
        state=state,
        chip=state_chip(book, state),
        unit_rank=item.unit_rank,
        experts=item.experts,
        asked=Decimal(item.asked),
        approved=item.funds_approved,
        score=score,
        version=item.row_version,
        next_step=row.next_step if row is not None and row.next_step else "",
    )
