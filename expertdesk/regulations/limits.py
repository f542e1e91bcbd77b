"""Time limits of a case: what the law, the national guide and the promise say, and the dates that follow. Pure.

Promised = the region's own promise, else the national guide, else the law (D-PR-01); never another city's. Each step
counts from the day after the last day of the step before it; pre-check and correction notice count from receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.problems import RuleInputError
from expertdesk.regulations.rows import Row
from expertdesk.regulations.shapes import CATEGORIES, LAYERS, STEPS
from expertdesk.regulations.working_days import Due

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook

ANY = "ANY"
_FROM_RECEIPT = ("precheck", "correction")


@dataclass(frozen=True)
class Limit:
    """`from_layer` differs from `layer` when the promise has no figure of its own and takes one from below."""

    step: str
    layer: str
    from_layer: str
    working_days: int
    extension_wd: int | None
    row: Row

    @property
    def is_own(self) -> bool:
        return self.layer == self.from_layer


@dataclass(frozen=True)
class StepLimits:
    """The limits of one step in each layer; None where a layer has none of its own (promised: none at all)."""

    step: str
    promised: Limit | None
    statutory: Limit | None
    national: Limit | None


@dataclass(frozen=True)
class StepDue:
    limit: Limit
    start: date
    due: Due

    @property
    def due_on(self) -> date:
        return self.due.due_on


@dataclass(frozen=True)
class ClockDue:
    """All due dates of a case received on a day, layer by layer, in the order statutory, national, promised."""

    received_on: date
    procedure: str
    category: str
    steps: tuple[StepDue, ...]
    provisional: bool
    problem: Bilingual | None

    def of(self, layer: str) -> tuple[StepDue, ...]:
        return tuple(step for step in self.steps if step.limit.layer == layer)


def limits(book: RuleBook, procedure: str, category: str, step: str) -> StepLimits:
    """The limits of a step. Raises RuleInputError for an unknown procedure, category or step."""
    _check(book, procedure, category, step)
    own = {layer: _own(book, procedure, category, step, layer) for layer in LAYERS}
    return StepLimits(step, _fall_back(own), own["statutory"], own["national"])


def _check(book: RuleBook, procedure: str, category: str, step: str) -> None:
    book.row("procedures", procedure)
    _check_words(("category", category, CATEGORIES), ("step", step, STEPS))


def _check_words(*words: tuple[str, str, tuple[str, ...]]) -> None:
    for name, value, known in words:
        if value not in known:
            allowed = "|".join(known)
            zh = f"{name}：“{value}”应为 {allowed} 之一。"
            raise RuleInputError({name: Bilingual(zh, f"{name}: “{value}” must be one of {allowed}.")})


def _own(book: RuleBook, procedure: str, category: str, step: str, layer: str) -> Limit | None:
    fitting = [row for row in book.rows("time_limits") if row.step == step and row.layer == layer]
    row = next((row for row in fitting if row.procedure == procedure), None)
    row = row or next((row for row in fitting if row.procedure == ANY), None)
    if row is None or category not in row.wd:
        return None
    return Limit(step, layer, layer, row.wd[category], row.extension_wd, row)


def _fall_back(own: dict[str, Limit | None]) -> Limit | None:
    """The promise: its own figure, else the national guide's, else the law's (D-PR-01)."""
    for layer in reversed(LAYERS):
        found = own[layer]
        if found is not None:
            return Limit(found.step, "promised", layer, found.working_days, found.extension_wd, found.row)
    return None


def _of_layer(found: StepLimits, layer: str) -> Limit | None:
    return {"statutory": found.statutory, "national": found.national, "promised": found.promised}[layer]


def clock_due(book: RuleBook, procedure: str, category: str, received: date) -> ClockDue:
    """Due dates of every step in every layer, from the day of receipt; silence is not assumed. A day before any rule:
    no steps, and the problem says that no figure is in force."""
    _check_words(("category", category, CATEGORIES))
    if book.find("procedures", procedure) is None and book.is_known("procedures", procedure):
        problem = book.no_figure(book.name_of("procedures", procedure))
        return ClockDue(received, procedure, category, (), not book.calendar.is_official(received), problem)
    per_step = [limits(book, procedure, category, step) for step in STEPS]
    steps: list[StepDue] = []
    for layer in LAYERS:
        steps += _chain(book, [found for step in per_step if (found := _of_layer(step, layer))], received)
    provisional = not book.calendar.is_official(received) or any(step.due.provisional for step in steps)
    problem = None if steps else book.no_figure(book.row("procedures", procedure).short)
    return ClockDue(received, procedure, category, tuple(steps), provisional, problem)


def _chain(book: RuleBook, layer: list[Limit], received: date) -> list[StepDue]:
    """The steps of a layer one after the other. The correction notice runs beside the pre-check, so that what follows
    counts from the pre-check where there is one."""
    has_precheck = any(limit.step == "precheck" for limit in layer)
    last, steps = received, []
    for limit in layer:
        start = received if limit.step in _FROM_RECEIPT or limit.row.counts_from == "received" else last
        due = book.calendar.add_working_days(start, limit.working_days)
        steps.append(StepDue(limit, start, due))
        if not (limit.step == "correction" and has_precheck):
            last = due.due_on
    return steps


def clock_json(answer: ClockDue, region: str) -> dict[str, Any]:
    """The answer to `clock due`: days are ISO dates, `days` the counted ones, `skipped` the others with the reason."""
    out: dict[str, Any] = {
        "received_on": answer.received_on.isoformat(),
        "procedure": answer.procedure,
        "category": answer.category,
        "region": region,
        "provisional": answer.provisional,
        "steps": [_step_json(step) for step in answer.steps],
    }
    if answer.problem is not None:
        out["problem"] = {"zh": answer.problem.zh, "en": answer.problem.en}
    return out


def _step_json(step: StepDue) -> dict[str, Any]:
    limit, due = step.limit, step.due
    out: dict[str, Any] = {
        "step": limit.step,
        "layer": limit.layer,
        "working_days": limit.working_days,
        "counts_from": step.start.isoformat(),
        "due_on": due.due_on.isoformat(),
        "days": [day.isoformat() for day in due.counted],
        "skipped": [{"on": day.on.isoformat(), "zh": day.reason.zh, "en": day.reason.en} for day in due.skipped],
        "provisional": due.provisional,
        "source": {"zh": limit.row.sources.zh, "en": limit.row.sources.en},
        "confidence": limit.row.confidence,
    }
    if not limit.is_own:
        out["from_layer"] = limit.from_layer
    if limit.extension_wd is not None:
        out["extension_working_days"] = limit.extension_wd
    return out


@dataclass(frozen=True)
class ExtensionWindow:
    """First and last day on which an extension may be filed, both included; no shift for days off."""

    expiry: date
    opens_on: date
    closes_on: date
    row: Row

    def state(self, day: date) -> str:
        """early, open or late."""
        if day < self.opens_on:
            return "early"
        return "open" if day <= self.closes_on else "late"


def extension_window(book: RuleBook, expiry: date) -> ExtensionWindow:
    """The window for a permit that ends on `expiry`, by the region's rule, else the national one."""
    row = book.row("extension_windows", "EXTENSION")
    opens, closes = expiry - timedelta(days=row.open_days), expiry - timedelta(days=row.close_days)
    return ExtensionWindow(expiry, opens, closes, row)


def window_sentence(book: RuleBook, window: ExtensionWindow, day: date) -> Bilingual:
    """The state of the window on a day as a sentence."""
    code = {"early": "WINDOW_EARLY", "open": "WINDOW_OPEN", "late": "WINDOW_LATE"}[window.state(day)]
    return book.say(code, opens=window.opens_on, closes=window.closes_on)
