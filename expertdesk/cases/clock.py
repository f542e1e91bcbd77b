"""The clock keeper: one row of the ledger for each step of a case, its limits in both layers, and what moves them.

`keep_clock` is the only writer of the ledger; the workflow calls it with every action. Reading: `time_left` for chips,
`days_of` for the strip "why this date", `silent_acceptance_on`. A day is a business day of Shanghai.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from expertdesk.access import SYSTEM
from expertdesk.cases import guards, records, rules
from expertdesk.cases.chips import left, limit_chip
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Case, CaseClock, ClockPause
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import ClockEffect, Performed

if TYPE_CHECKING:
    from expertdesk.cases.day_strip import DayCell

PRECHECK, CORRECTION, ACCEPTANCE, DECISION, DELIVERY = "precheck", "correction", "acceptance", "decision", "delivery"
SERVICE = "service"  # a figure of the service settings, no promise of a law
_BATCH = 500
_NOT_OFFERED = frozenset({"CORRECTION"})  # a state of its own, not a pause


# --- keeping ----------------------------------------------------------------------------------------------------


def keep_clock(done: Performed) -> None:
    """Start, stop, pause, resume or extend as the table says."""
    keeper = _KEEPERS.get(done.transition.clock)
    if keeper is not None:
        keeper(done.subject, done)


def _day(done: Performed) -> date:
    return records.event_day(done.event)


def _start_precheck(case: Case, done: Performed) -> None:
    """From receipt; corrections sent start the check anew (D-PR-02)."""
    first = done.transition.action == "submit"
    begin(case, PRECHECK, case.received_on if first else _day(done))


def _start_correction(case: Case, done: Performed) -> None:
    begin(case, CORRECTION, _day(done))


def _start_decision(case: Case, done: Performed) -> None:
    """From the day of acceptance; one by silence is dated back to the submission, its check ended on the fifth day."""
    running = guards.running_clock(case)
    accepted_on = case.accepted_on or _day(done)
    if case.is_deemed_accepted:
        begin(case, DECISION, accepted_on, ended_on=running.statutory_due_on if running else None)
        return
    row = begin(case, ACCEPTANCE, accepted_on)
    row.ended_on = accepted_on
    begin(case, DECISION, accepted_on)


def _start_delivery(case: Case, done: Performed) -> None:
    begin(case, DELIVERY, case.decided_on or _day(done))


def _pause(case: Case, done: Performed) -> None:
    row = _running(case)
    code = done.payload["stop"]
    stop = records.book_of(case).row("clock_stops", code)
    row.pauses.append(
        ClockPause(
            reason_code=code,
            note=done.reason[:500],
            layer=stop.layer,
            from_on=_day(done),
            by_id=done.actor.id or None,
        )
    )
    measure(row, rules_today())


def _resume(case: Case, done: Performed) -> None:
    row = _running(case)
    for pause in row.pauses:
        if pause.to_on is None:
            pause.to_on = _day(done)
    measure(row, rules_today())


def _extend(case: Case, done: Performed) -> None:
    row = _running(case)
    more = int(done.payload["working_days"])
    if row.step == CORRECTION:
        row.promised_wd = (row.promised_wd or 0) + more
    row.extended_wd = more
    row.extension = {
        "reason": done.reason,
        "by": done.actor.name,
        "on": _day(done).isoformat(),
        "event": done.event.id,
    }
    measure(row, rules_today())


def _stop(case: Case, done: Performed) -> None:
    row = guards.running_clock(case)
    if row is not None:
        _end(row, date.fromisoformat(done.payload["on"]) if "on" in done.payload else _day(done))


_KEEPERS: dict[ClockEffect, Callable[[Case, Performed], None]] = {
    ClockEffect.START_PRECHECK: _start_precheck,
    ClockEffect.START_CORRECTION: _start_correction,
    ClockEffect.START_DECISION: _start_decision,
    ClockEffect.START_DELIVERY: _start_delivery,
    ClockEffect.PAUSE: _pause,
    ClockEffect.RESUME: _resume,
    ClockEffect.EXTEND: _extend,
    ClockEffect.STOP: _stop,
}


def _running(case: Case) -> CaseClock:
    row = guards.running_clock(case)
    if row is None:
        raise RuntimeError(f"{case.number}: no clock is running")
    return row


def begin(case: Case, step: str, on: date, *, ended_on: date | None = None) -> CaseClock:
    """End what runs and start the next step, counted from the day after `on`: at most one clock runs."""
    for row in case.clocks:
        if row.ended_on is None:
            _end(row, ended_on or on)
    row = CaseClock(step=step, started_on=on, extended_wd=0, extension={}, is_provisional=False, pauses=[])
    set_limits(case, row)
    measure(row, rules_today())
    case.clocks.append(row)
    return row


def _end(row: CaseClock, on: date) -> None:
    row.ended_on = max(on, row.started_on)
    for pause in row.pauses:
        if pause.to_on is None:
            pause.to_on = row.ended_on


def set_limits(case: Case, row: CaseClock) -> None:
    """How many days each layer gives this step. The legal limit of the check is the one for naming gaps."""
    book = records.book_of(case)
    if row.step == CORRECTION:
        row.promised_wd, row.promised_layer = book.setting("CORRECTION_WD"), SERVICE
        row.statutory_wd = None
        return
    category = records.working_category(case)
    promised = book.limits(case.procedure, category, row.step).promised
    legal = book.limits(case.procedure, category, CORRECTION if row.step == PRECHECK else row.step).statutory
    row.promised_wd = promised.working_days if promised else None
    row.promised_layer = promised.from_layer if promised else ""
    row.statutory_wd = legal.working_days if legal else None


def refit(case: Case) -> None:
    """The category changed: the running clock takes the figures of the new one."""
    row = guards.running_clock(case)
    if row is None or row.step == CORRECTION:
        return
    set_limits(case, row)
    measure(row, rules_today())


def measure(row: CaseClock, book: RuleBook) -> None:
    """Work out both last days with the calendar known now; none for a layer that stands still."""
    promised = _count(row, book, legal=False)
    legal = _count(row, book, legal=True)
    row.promised_due_on = promised.due_on if promised else None
    row.statutory_due_on = legal.due_on if legal else None
    row.is_provisional = any(counted.provisional for counted in (promised, legal) if counted)


def _count(row: CaseClock, book: RuleBook, *, legal: bool) -> rules.Counted | None:
    days = row.statutory_wd if legal else row.promised_wd
    if days is None:
        return None
    extended = row.extended_wd if legal else 0
    return rules.count_days(book.calendar, row.started_on, days + extended, pauses_of(row, legal=legal))


def pauses_of(row: CaseClock, *, legal: bool) -> tuple[rules.Pause, ...]:
    """The pauses that count for a layer."""
    found = (rules.Pause(pause.from_on, pause.to_on, pause.layer == "both") for pause in row.pauses)
    return tuple(pause for pause in found if pause.stops_law or not legal)


def due_if_started(case: Case, step: str, on: date) -> CaseClock:
    """What the clock of a step would be if it started on a day; for previews. Never stored."""
    row = CaseClock(step=step, started_on=on, extended_wd=0, pauses=[])
    set_limits(case, row)
    measure(row, rules_today())
    return row


def recompute_clocks() -> int:
    """After a new calendar: every open date anew, each change in the history; printed letters stay as they are.

    The worker calls it; commits after each batch. Returns how many changed.
    """
    changed, last = 0, 0
    while True:
        span = select(CaseClock).where(CaseClock.ended_on.is_(None), CaseClock.id > last).order_by(CaseClock.id)
        batch = db.session.scalars(span.limit(_BATCH).options(selectinload(CaseClock.pauses))).all()
        if not batch:
            return changed
        last = batch[-1].id
        changed += sum(_recompute(row, rules_today()) for row in batch)
        db.session.commit()


def _recompute(row: CaseClock, book: RuleBook) -> bool:
    """The time an applicant was given to correct is never made shorter."""
    before = (row.promised_due_on, row.statutory_due_on, row.is_provisional)
    measure(row, book)
    if row.step == CORRECTION and before[0] and row.promised_due_on:
        row.promised_due_on = max(before[0], row.promised_due_on)
    if before == (row.promised_due_on, row.statutory_due_on, row.is_provisional):
        return False
    case = db.session.get_one(Case, row.case_id)
    correction = guards.open_correction(case)
    if row.step == CORRECTION and correction is not None:
        correction.due_on = row.promised_due_on
    records.note(case, "case.clock_recomputed", SYSTEM, _moved(row, before), is_public=True)
    return True


def _moved(row: CaseClock, before: tuple[date | None, date | None, bool]) -> dict[str, Any]:
    return {
        "step": row.step,
        "promised": [_iso(before[0]), _iso(row.promised_due_on)],
        "statutory": [_iso(before[1]), _iso(row.statutory_due_on)],
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def pause_codes(book: RuleBook) -> tuple[Any, ...]:
    """Rows of `clock_stops` an officer may choose from; `layer` says what stands still."""
    return tuple(row for row in book.rows("clock_stops") if row.code not in _NOT_OFFERED)


# --- reading ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TimeLeft:
    """The running limit as a page shows it: `kind`, `icon`, `text`, `note`, `solid` go straight into `ui.limit`.

    `promised_left`, `statutory_left`: working days after today up to the last day; negative = passed by that many.
    `counts_as_accepted_since`: the legal days of the check passed without an answer.
    """

    step: str
    started_on: date
    promised_on: date | None
    statutory_on: date | None
    promised_left: int | None
    statutory_left: int | None
    is_provisional: bool
    is_paused: bool
    pause_reason: Any
    pauses_law: bool
    is_extended: bool
    counts_as_accepted_since: date | None
    kind: str
    icon: str
    text: Any
    note: Any
    solid: bool

    @property
    def due_on(self) -> date | None:
        """The day people are told: the promise, else the law."""
        return self.promised_on or self.statutory_on

    @property
    def is_promise_broken(self) -> bool:
        return self.promised_left is not None and self.promised_left < 0

    @property
    def is_law_broken(self) -> bool:
        return self.statutory_left is not None and self.statutory_left < 0


def time_left(case: Case) -> TimeLeft | None:
    """The running limit of the case today; None when no clock runs."""
    row = guards.running_clock(case)
    if row is None:
        return None
    today, book = clock.today(), rules_today()
    pause = next((pause for pause in row.pauses if pause.to_on is None), None)
    chip = limit_chip(cast(Any, row), book, today, pause_code=pause.reason_code if pause else "")
    return TimeLeft(
        step=row.step,
        started_on=row.started_on,
        promised_on=row.promised_due_on,
        statutory_on=row.statutory_due_on,
        promised_left=left(book, today, row.promised_due_on),
        statutory_left=left(book, today, row.statutory_due_on),
        is_provisional=row.is_provisional,
        is_paused=pause is not None,
        pause_reason=book.name_of("clock_stops", pause.reason_code) if pause else "",
        pauses_law=pause is not None and pause.layer == "both",
        is_extended=row.extended_wd > 0,
        counts_as_accepted_since=row.started_on if guards.counts_as_accepted(case) else None,
        kind=chip.kind,
        icon=chip.icon,
        text=chip.text,
        note=chip.note,
        solid=chip.solid,
    )


def silent_acceptance_on(case: Case) -> date | None:
    """The last day (until 24:00) on which gaps can be named; afterwards silence counts as acceptance (五个工作日)."""
    row = guards.running_clock(case)
    return row.statutory_due_on if row is not None and row.step == PRECHECK else None


def days_of(case: Case) -> tuple[DayCell, ...]:
    """The running limit day by day, why it ends when it ends; empty when no clock runs."""
    from expertdesk.cases.day_strip import day_strip

    return day_strip(guards.running_clock(case), rules_today(), clock.today())
