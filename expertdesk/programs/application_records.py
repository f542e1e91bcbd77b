"""What the page of an application is made of: frozen records, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from expertdesk.permits.rows import Chip
from expertdesk.programs import checking, rules


@dataclass(frozen=True)
class Doing:
    """A button and the words beside it, as `ui.actions` takes it."""

    action: str
    label: Any
    allowed: bool
    url: str
    post_url: str
    text: Any
    reasons: tuple[Any, ...]
    version: int
    is_rare: bool = False


@dataclass(frozen=True)
class ExpertLine:
    id: int
    name: str
    chinese_name: str
    country: str
    born_on: date
    role: Any
    post: str
    employer: str
    degree: Any
    mode: Any
    entry_on: date | None
    visits: int
    visit_days: int
    months: Decimal
    done_days: int
    done_months: Decimal
    tasks: str
    record: str
    grants: str
    works: str
    left_on: date | None
    is_linked: bool
    person_url: str
    link_url: str
    edit_url: str
    passport: str


@dataclass(frozen=True)
class MoneyLine:
    """`most`: the ceiling of the item, None without one; `is_over` stands in the way."""

    item: str
    name: Any
    subsidy: Decimal
    own: Decimal
    basis: str
    most: Decimal | None
    is_over: bool
    approved: Decimal | None
    spent: Decimal | None
    own_spent: Decimal | None
    is_unsure: bool


@dataclass(frozen=True)
class Money:
    lines: tuple[MoneyLine, ...]
    asked: Decimal
    own: Decimal
    approved: Decimal | None
    spent: Decimal | None
    findings: tuple[rules.BudgetFinding, ...]


@dataclass(frozen=True)
class FileLine:
    id: int
    document: Any
    expert: str
    name: str
    url: str
    at: datetime
    pages: int
    remove_url: str


@dataclass(frozen=True)
class ReviewLine:
    """`is_open`: not in yet; scores and opinion only once all are in."""

    id: int
    who: str
    body: str
    is_outside: bool
    chip: Chip
    total: int | None
    recommendation: Any
    opinion: str
    scores: tuple[tuple[Any, int, int], ...]
    record_url: str


@dataclass(frozen=True)
class IndicatorLine:
    name: Any
    unit: Any
    target: int | None
    reached: int | None


@dataclass(frozen=True)
class RunLine:
    year: int
    months: Decimal
    months_done: Decimal
    funds: Decimal
    spent: Decimal | None


@dataclass(frozen=True)
class VisitLine:
    expert: str
    entered_on: date
    left_on: date
    days: int
    is_beyond: bool
    work: str


@dataclass(frozen=True)
class ReportLine:
    kind: Any
    year: int
    reported_on: date
    text: str


@dataclass(frozen=True)
class ChangeLine:
    kind: Any
    asked_on: date
    reason: str
    wanted: Any
    chip: Chip
    answer: str


@dataclass(frozen=True)
class Happening:
    at: datetime
    title: Any
    lines: tuple[dict[str, Any], ...]
    who: str
    state: str = "past"


@dataclass(frozen=True)
class Stage:
    name: Any
    note: Any
    state: str


@dataclass(frozen=True)
class PastProject:
    number: str
    title: str
    year: int
    grade: Any
    approved: Decimal | None


@dataclass(frozen=True)
class ApplicationPage:
    number: str
    title: str
    title_lang: str
    other_title: str
    other_lang: str
    is_own: bool
    is_manager: bool
    state: str
    chip: Chip
    holder: Any
    next_step: Any
    version: int
    call_name: str
    call_lang: str
    call_url: str
    kind: Any
    year: int
    organisation: str
    organisation_url: str
    field: Any
    priority_field: Any
    secrecy: Any
    level: Any
    starts_on: date | None
    ends_on: date | None
    unit_rank: int | None
    contact: tuple[str, str, str]
    texts: tuple[tuple[Any, str], ...]
    goals: str
    indicators: tuple[IndicatorLine, ...]
    base: tuple[rules.BaseCheck, ...]
    base_reason: str
    experts: tuple[ExpertLine, ...]
    money: Money
    files: tuple[FileLine, ...]
    gaps: dict[str, tuple[checking.Gap, ...]]
    edit_urls: dict[str, str]
    stages: tuple[Stage, ...]
    doings: tuple[Doing, ...]
    reviews: tuple[ReviewLine, ...]
    review_mean: Decimal | None
    review_due_on: date | None
    are_reviews_open: bool
    meeting: Any
    proposed: tuple[Decimal | None, Decimal | None]
    decision_note: str
    publicity: tuple[date | None, date | None]
    objection: tuple[str, str]
    approval: Any
    runs: tuple[RunLine, ...]
    visits: tuple[VisitLine, ...]
    reports: tuple[ReportLine, ...]
    changes: tuple[ChangeLine, ...]
    settlement: Any
    closing_note: str
    grade: Any
    evaluation: str
    end_reason: str
    months_asked: Decimal
    months_approved: Decimal | None
    months_done: Decimal
    history: tuple[Happening, ...]
    past: tuple[PastProject, ...]
    print_url: str

    @property
    def gap_count(self) -> int:
        return sum(len(found) for found in self.gaps.values())
