"""Why this date, in full: every limit the case has had, day by day, with its figures, pauses and source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.access import Actor
from expertdesk.cases import clock as clocks
from expertdesk.cases import records
from expertdesk.cases.case_page import CaseHead, Loaded, case_head
from expertdesk.cases.day_strip import DayCell, day_strip
from expertdesk.foundation import clock
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case, CaseClock
from expertdesk.regulations import Limit, RuleBook
from expertdesk.regulations.current import rules_today

STEP_NAMES: dict[str, Any] = {
    clocks.PRECHECK: lazy("Preliminary check"),
    clocks.CORRECTION: lazy("Time to correct"),
    clocks.ACCEPTANCE: lazy("Acceptance"),
    clocks.DECISION: lazy("Review and decision"),
    clocks.DELIVERY: lazy("Delivery"),
}


@dataclass(frozen=True)
class LayerLine:
    """One limit in one layer: whose figure, how many days, the last day, where the figure stands."""

    layer: Any
    days: int
    extended: int
    due_on: date | None
    source: Any
    confidence: str


@dataclass(frozen=True)
class PauseLine:
    reason: Any
    note: str
    from_on: date
    to_on: date | None
    stops_law: bool


@dataclass(frozen=True)
class ClockView:
    """`days` without the first, which is not counted."""

    name: Any
    started_on: date
    ended_on: date | None
    is_provisional: bool
    layers: tuple[LayerLine, ...]
    pauses: tuple[PauseLine, ...]
    strip: tuple[DayCell, ...]
    days: tuple[DayCell, ...]
    extension_reason: str


@dataclass(frozen=True)
class WhyDatePage:
    head: CaseHead
    clocks: tuple[ClockView, ...]


def why_date_page(loaded: Loaded, actor: Actor) -> WhyDatePage:
    case = loaded.case
    return WhyDatePage(case_head(case, actor), tuple(_view(case, row) for row in reversed(case.clocks)))


def _view(case: Case, row: CaseClock) -> ClockView:
    strip = day_strip(row, rules_today(), clock.today())
    return ClockView(
        name=STEP_NAMES[row.step],
        started_on=row.started_on,
        ended_on=row.ended_on,
        is_provisional=row.is_provisional,
        layers=tuple(_layers(case, row)),
        pauses=tuple(_pause(row, pause, rules_today()) for pause in row.pauses),
        strip=strip,
        days=strip[1:],
        extension_reason=str(row.extension.get("reason", "")) if row.extension else "",
    )


def _pause(row: CaseClock, pause: Any, book: RuleBook) -> PauseLine:
    name = book.name_of("clock_stops", pause.reason_code)
    return PauseLine(name, pause.note, pause.from_on, pause.to_on, pause.layer == "both")


def _layers(case: Case, row: CaseClock) -> list[LayerLine]:
    book, found = records.book_of(case), []
    if row.step == clocks.CORRECTION:
        setting = book.row("service_settings", "CORRECTION_WD")
        return [
            LayerLine(
                lazy("Time of the applicant"),
                (row.promised_wd or 0) - row.extended_wd,
                row.extended_wd,
                row.promised_due_on,
                setting.sources,
                setting.confidence,
            )
        ]
    category = records.working_category(case)
    limits = book.limits(case.procedure, category, row.step)
    legal = (
        book.limits(case.procedure, category, clocks.CORRECTION).statutory
        if row.step == clocks.PRECHECK
        else limits.statutory
    )
    if row.promised_wd is not None and limits.promised is not None:
        found.append(_layer(lazy("Promise"), row.promised_wd, 0, row.promised_due_on, limits.promised))
    if row.statutory_wd is not None and legal is not None:
        found.append(_layer(lazy("Law"), row.statutory_wd, row.extended_wd, row.statutory_due_on, legal))
    return found


def _layer(name: Any, days: int, extended: int, due_on: date | None, limit: Limit) -> LayerLine:
    return LayerLine(name, days, extended, due_on, limit.row.sources, limit.row.confidence)
