"""The category result as the page shows it: answer, every criterion and factor with value, points, rule and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual, current_language
from expertdesk.regulations import Classification, Dates, Factor, Route, RuleBook

if TYPE_CHECKING:
    from expertdesk.intake.working import Worked


@dataclass(frozen=True)
class Criterion:
    code: str
    name: Any
    why: Any
    state: str
    source: Any
    confidence: str


@dataclass(frozen=True)
class Point:
    name: Any
    fact: Any
    points: int
    maximum: int
    evidence: Any
    confidence: str


@dataclass(frozen=True)
class Points:
    total: int
    maximum: int
    lines: tuple[tuple[str, int], ...]
    rows: tuple[Point, ...]
    source: Bilingual


@dataclass(frozen=True)
class Result:
    """`lead`, `sub`: the answer; `short`, `short_why`: the same in the side column; `period`: the permit that a grant
    on the promised day would make."""

    is_judged: bool = False
    category: str = ""
    lead: Any = ""
    sub: Any = ""
    short: Any = ""
    short_why: Any = ""
    confidence: str = ""
    criteria: tuple[Criterion, ...] = ()
    not_claimed: str = ""
    points: Points | None = None
    warnings: tuple[Any, ...] = ()
    period: Any = ""


def result_of(worked: Worked) -> Result:
    """Empty while there is too little to say anything."""
    found = worked.judged
    if found is None:
        return Result()
    suggested = found.suggested if found.category else None
    return Result(
        is_judged=True,
        category=found.category or "",
        lead=found.summary,
        sub=found.distance_text or "",
        short=suggested.row.short if suggested is not None else found.summary,
        short_why=suggested.why if suggested is not None else (found.distance_text or ""),
        confidence=suggested.confidence if suggested is not None else "",
        criteria=tuple(sorted((_criterion(route) for route in found.relevant), key=_order)),
        not_claimed=_joined(_not_claimed(found)),
        points=None if found.points.is_empty else _points(found),
        warnings=tuple(item.text for item in (*found.blocked, *found.warnings)),
        period=_period(worked),
    )


_STATES = {True: "met", False: "not_met", None: "none"}


def _criterion(route: Route) -> Criterion:
    return Criterion(route.code, route.row.name, route.why, _STATES[route.met], route.source, route.confidence)


def _order(row: Criterion) -> int:
    """What is met first."""
    return ("met", "not_met", "none").index(row.state)


def _not_claimed(found: Classification) -> list[str]:
    relevant = {route.code for route in found.relevant}
    return [route.code for route in found.routes if route.code not in relevant and not route.row.parent]


def _points(found: Classification) -> Points:
    book = found.book
    lines = [row for row in book.rows("point_lines") if row.category]
    return Points(
        total=found.points.total or 0,
        maximum=sum(factor.max for factor in found.points.factors),
        lines=tuple((row.category, row.total) for row in sorted(lines, key=lambda row: row.total)),
        rows=tuple(_point(book, factor) for factor in found.points.factors),
        source=_sources(found),
    )


def _sources(found: Classification) -> Bilingual:
    """Where the figures of the table come from, each paper once."""
    rows = [factor.row.sources for factor in found.points.factors]
    zh = dict.fromkeys(part for row in rows for part in row.zh.split("；"))
    en = dict.fromkeys(part for row in rows for part in row.en.split("; "))
    return Bilingual("；".join(zh), "; ".join(en))


def _point(book: RuleBook, factor: Factor) -> Point:
    """Value and band of the fact, points, and the papers that prove it."""
    names = [book.document(code).short for code in factor.row.evidence or () if book.find("documents", code)]
    evidence = _joined(str(name) for name in names) or "—"
    value, band = str(factor.value), str(factor.band)
    fact = value if value == band or not band else f"{value} ({band})"
    return Point(factor.row.name, fact, factor.score, factor.max, evidence, factor.row.confidence)


def _joined(names: Any) -> str:
    return ("、" if current_language() == "zh" else ", ").join(names)


def _period(worked: Worked) -> Any:
    """From when to when a permit would run, if the promised dates are kept; "" while a date is missing."""
    entry = worked.entry
    has_dates = entry.contract_start_on is not None and (entry.contract_end_on is not None or entry.is_open_ended)
    if not (entry.procedure and worked.category and has_dates and worked.passport_ends_on) or worked.no_permit:
        return ""
    due = worked.book.clock_due(entry.procedure, worked.category, worked.received_on).of("promised")
    decision = next((step.due_on for step in due if step.limit.step == "decision"), worked.today)
    licence = worked.organisation.found.data.licence_ends_on if worked.organisation.found is not None else None
    dates = Dates(
        contract_start=entry.contract_start_on,
        contract_end=entry.contract_end_on,
        is_open_ended=entry.is_open_ended,
        passport_expiry=worked.passport_ends_on,
        licence_end=licence,
        decision_on=decision,
        old_end=worked.permit.ends_on if worked.permit is not None else None,
        entry_on=entry.entry_on,
        graduate=("later" if worked.permit is not None else "first") if entry.is_graduate else "",
    )
    return worked.book.permit_period(entry.procedure, worked.category, dates).text
