"""The words and colours of a limit at every edge, and the strip of days with both ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from expertdesk.cases.chips import left, limit_chip
from expertdesk.cases.day_strip import day_strip
from expertdesk.models import CaseClock, ClockPause
from expertdesk.regulations.current import rules_today


@dataclass
class Running:
    step: str = "decision"
    started_on: date = date(2026, 11, 9)
    promised_due_on: date | None = date(2026, 11, 24)
    statutory_due_on: date | None = date(2026, 12, 8)
    is_provisional: bool = False


TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("promised", "statutory", "kind", "solid", "text", "note"),
    [
        (date(2026, 11, 24), date(2026, 12, 8), "warn", False, "due today", "legal: 10 left"),
        (date(2026, 11, 23), date(2026, 12, 8), "warn", True, "1 day over", "legal: 10 left"),
        (date(2026, 11, 20), date(2026, 11, 24), "warn", True, "2 days over", "legal limit today"),
        (date(2026, 11, 20), date(2026, 11, 23), "bad", True, "legal limit passed 1 day ago", ""),
        (None, date(2026, 11, 24), "bad", False, "today, 24:00", "legal limit"),
        (date(2026, 11, 25), date(2026, 12, 8), "warn", False, "1 day left", "by 25 Nov 2026"),
        (date(2026, 12, 4), date(2026, 12, 18), "info", False, "8 days left", "by 4 Dec 2026"),
        (date(2027, 1, 29), None, "", False, "47 days left", "by 29 Jan 2027"),
        (None, None, "", False, "no limit", ""),
    ],
)
def test_chip_at_its_edges(app, promised, statutory, kind, solid, text, note):
    clock = Running(promised_due_on=promised, statutory_due_on=statutory)
    chip = limit_chip(clock, rules_today(), TODAY)
    assert (chip.kind, chip.solid, str(chip.text), str(chip.note)) == (kind, solid, text, note)


def test_chip_of_the_check_pause_and_correction(app):
    book = rules_today()
    silent = Running("precheck", date(2026, 11, 16), date(2026, 11, 19), date(2026, 11, 23))
    assert str(limit_chip(silent, book, TODAY).text) == "counts as accepted"
    paused = limit_chip(Running(promised_due_on=None, statutory_due_on=None), book, TODAY, pause_code="HEARING")
    assert (paused.kind, str(paused.text), str(paused.note)) == ("hold", "clock paused", "Hearing")
    waiting = Running("correction", date(2026, 11, 2), date(2026, 11, 30), None)
    assert str(limit_chip(waiting, book, TODAY).text) == "waiting for papers"
    waiting.promised_due_on = date(2026, 11, 20)
    assert str(limit_chip(waiting, book, TODAY).text) == "answer 2 days late"


def test_a_limit_that_passed_before_a_weekend_is_late_on_the_weekend(app):
    assert left(rules_today(), date(2026, 11, 28), date(2026, 11, 27)) == -1


def test_strip_leaves_out_days_off_and_paused_days_for_each_layer(app):
    clock = CaseClock(
        step="decision", started_on=date(2026, 11, 18), promised_wd=5, statutory_wd=20, extended_wd=0,
        promised_due_on=date(2026, 11, 27), statutory_due_on=date(2026, 12, 16), is_provisional=False,
        pauses=[
            ClockPause(
                reason_code="INTERVIEW", layer="promised", from_on=date(2026, 11, 20), to_on=date(2026, 11, 23)
            )
        ],
    )  # fmt: skip
    strip = {cell.day: cell for cell in day_strip(clock, rules_today(), TODAY)}
    assert strip[date(2026, 11, 18)].state == "start" and len(strip) == 29
    friday = strip[date(2026, 11, 20)]
    assert (friday.promised_no, friday.legal_no) == (0, 2), "an interview stops the promise, not the law"
    assert strip[date(2026, 11, 21)].state == "off" and strip[TODAY].state == "today"
    promise, law = strip[date(2026, 11, 27)], strip[date(2026, 12, 16)]
    assert (promise.state, promise.promised_no) == ("promise", 5)
    assert (law.state, law.legal_no, law.promised_no) == ("limit", 20, 0)
