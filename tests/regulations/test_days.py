"""Working days over holidays and make-up days, due dates of every layer, the extension window, years to come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expertdesk.regulations import RuleBase, RuleInputError, clock_due_json
from expertdesk.regulations.limits import ClockDue


def due(
    base: RuleBase, received: str, procedure: str = "NEW_IN_CHINA", category: str = "B", region: str = "Beijing"
) -> ClockDue:
    day = date.fromisoformat(received)
    return base.on(day, region).clock_due(procedure, category, day)


def dates(answer: ClockDue, layer: str) -> dict[str, str]:
    return {step.limit.step: step.due_on.isoformat() for step in answer.of(layer)}


# --- counting --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-09-17", 5, "2026-09-23"),  # Sunday 20 September is worked
        ("2026-09-24", 1, "2026-09-28"),  # Mid-Autumn 25 to 27 September
        ("2026-09-30", 1, "2026-10-08"),  # National Day 1 to 7 October
        ("2026-09-30", 3, "2026-10-10"),  # Saturday 10 October is worked
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-02-13", 1, "2026-02-14"),  # Saturday 14 February is worked
        ("2026-02-14", 1, "2026-02-24"),  # Spring Festival 15 to 23 February
        ("2026-02-14", 3, "2026-02-26"),
        ("2026-02-14", 5, "2026-02-28"),  # Saturday 28 February is worked
        ("2026-02-28", 1, "2026-03-02"),
        ("2025-01-24", 1, "2025-01-26"),  # Sunday 26 January 2025 is worked
        ("2025-01-27", 1, "2025-02-05"),  # Spring Festival 2025, 28 January to 4 February
        ("2025-01-27", 4, "2025-02-08"),  # Saturday 8 February 2025 is worked
        ("2025-09-27", 1, "2025-09-28"),
        ("2025-09-30", 1, "2025-10-09"),  # National Day and Mid-Autumn 2025
        ("2026-04-30", 20, "2026-06-01"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-11-24", 0, "2026-11-24"),
    ],
)
def test_working_days(base: RuleBase, start: str, days: int, expected: str) -> None:
    found = base.calendar.add_working_days(date.fromisoformat(start), days)
    assert found.due_on.isoformat() == expected
    assert len(found.counted) == days


def test_every_day_off_and_every_make_up_day_of_both_years(base: RuleBase) -> None:
    """The notices of the State Council General Office for 2025 and 2026, day by day."""
    off = {
        2025: "01-01 01-01, 01-28 02-04, 04-04 04-06, 05-01 05-05, 05-31 06-02, 10-01 10-08",
        2026: "01-01 01-03, 02-15 02-23, 04-04 04-06, 05-01 05-05, 06-19 06-21, 09-25 09-27, 10-01 10-07",
    }
    worked = {
        2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
        2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    }
    for year, spans in off.items():
        holidays: set[date] = set()
        for first, last in (span.split() for span in spans.split(", ")):
            day = date.fromisoformat(f"{year}-{first}")
            while day <= date.fromisoformat(f"{year}-{last}"):
                holidays.add(day)
                day += timedelta(days=1)
        make_up = {date.fromisoformat(f"{year}-{text}") for text in worked[year]}
        day = date(year, 1, 1)
        while day.year == year:
            kind = base.calendar.working_day(day)
            expected = day in make_up or (day.weekday() < 5 and day not in holidays)
            assert kind.is_working is expected, day
            assert kind.kind == ("make_up" if day in make_up else "holiday" if day in holidays else kind.kind), day
            assert not kind.provisional
            day += timedelta(days=1)
    assert base.calendar.official_years() == (2025, 2026)


def test_a_year_without_an_arrangement_is_provisional(base: RuleBase) -> None:
    answer = due(base, "2026-12-28", category="A")
    first, decision = (
        answer.of("promised")[0],
        next(step for step in answer.of("promised") if step.limit.step == "decision"),
    )
    assert not first.due.provisional and first.due_on == date(2026, 12, 29)
    assert decision.due.provisional and decision.due_on.year == 2027
    assert answer.provisional
    assert base.calendar.working_day(date(2027, 2, 8)).kind == "holiday"  # a statutory day of 2027
    assert base.calendar.working_day(date(2028, 10, 2)).kind == "holiday"  # fixed days in a year without any row
    assert base.calendar.working_day(date(2028, 10, 4)).kind == "workday"


@given(start=st.dates(date(2025, 1, 1), date(2027, 6, 30)), count=st.integers(0, 60))
@settings(max_examples=200, deadline=None)
def test_counting_forward_and_back_agree(base: RuleBase, start: date, count: int) -> None:
    found = base.calendar.add_working_days(start, count)
    assert base.calendar.working_days_between(start, found.due_on) == count
    assert base.calendar.working_days_between(found.due_on, start) == -count
    assert count == 0 or base.calendar.is_working(found.due_on)
    assert [day.on for day in found.days] == [
        start + timedelta(days=n) for n in range(1, (found.due_on - start).days + 1)
    ]


# --- due dates -----------------------------------------------------------------------------------------------------


def test_each_step_counts_from_the_last_day_of_the_step_before(base: RuleBase) -> None:
    answer = due(base, "2026-11-18")
    assert dates(answer, "statutory") == {
        "correction": "2026-11-25",
        "decision": "2026-12-23",
        "delivery": "2027-01-07",
    }
    assert dates(answer, "national") == {"precheck": "2026-11-25", "decision": "2026-12-23"}
    assert dates(answer, "promised") == {
        "precheck": "2026-11-23", "correction": "2026-11-25", "acceptance": "2026-11-25", "decision": "2026-12-02",
        "delivery": "2026-12-16",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("procedure", "category", "precheck", "decision"),
    [
        ("NEW_IN_CHINA", "A", 1, 5), ("NEW_IN_CHINA", "B", 3, 5), ("NEW_IN_CHINA", "C", 3, 5),
        ("NEW_ABROAD", "A", 1, 5),
        ("EXTENSION", "A", 1, 3), ("EXTENSION", "B", 3, 3), ("CANCELLATION", "C", 3, 3), ("CHANGE_EMPLOYER", "B", 3, 5),
        ("SHORT_TERM", "C", 3, 5), ("CHANGE_INFO", "B", 3, 3),
    ],
)  # fmt: skip
def test_the_promise_of_beijing(base: RuleBase, procedure: str, category: str, precheck: int, decision: int) -> None:
    found = {step.limit.step: step.limit for step in due(base, "2026-11-18", procedure, category).of("promised")}
    assert (found["precheck"].working_days, found["decision"].working_days) == (precheck, decision)
    assert found["precheck"].is_own and found["decision"].is_own
    assert found["acceptance"].working_days == 2
    assert found["delivery"].from_layer == "statutory", "no promise on delivery: the law's 10 days"


def test_another_region_falls_back_to_the_guide_and_the_law_and_never_to_beijing(base: RuleBase) -> None:
    found = {step.limit.step: step.limit for step in due(base, "2026-11-18", region="Shanghai").of("promised")}
    assert (found["precheck"].working_days, found["precheck"].from_layer) == (5, "national")
    assert (found["decision"].working_days, found["decision"].from_layer) == (20, "national")
    assert "acceptance" not in found


def test_a_total_counts_from_the_receipt(base: RuleBase) -> None:
    answer = due(base, "2026-11-18", "CONFIRMATION_LETTER", "A")
    assert dates(answer, "promised")["decision"] == "2026-11-25"
    assert dates(due(base, "2026-11-18", "EMPLOYER_REG", "C"), "promised")["decision"] == "2026-11-23"


def test_the_law_may_be_extended_by_ten_days(base: RuleBase) -> None:
    decision = next(step for step in due(base, "2026-11-18").of("statutory") if step.limit.step == "decision")
    assert (decision.limit.working_days, decision.limit.extension_wd) == (20, 10)


def test_before_the_promise_the_guide_holds(base: RuleBase) -> None:
    found = {step.limit.step: step.limit for step in due(base, "2024-12-31").of("promised")}
    assert (found["decision"].working_days, found["decision"].from_layer) == (20, "national")
    later = {step.limit.step: step.limit for step in due(base, "2025-01-02").of("promised")}
    assert (later["decision"].working_days, later["decision"].from_layer) == (5, "promised")


def test_a_day_before_any_rule_has_no_figure_in_force(base: RuleBase) -> None:
    answer = clock_due_json(base, "NEW_ABROAD", "A", date(2010, 5, 4))
    assert answer["steps"] == [] and answer["provisional"]
    assert "No figure in force on 4 May 2010" in answer["problem"]["en"]
    ended = clock_due_json(base, "POST_ENTRY_CARD", "A", date(2024, 12, 1))
    assert "No figure in force" in ended["problem"]["en"]
    assert clock_due_json(base, "POST_ENTRY_CARD", "A", date(2024, 11, 29))["steps"]


def test_the_answer_shows_the_working(base: RuleBase) -> None:
    answer = clock_due_json(base, "NEW_IN_CHINA", "A", date(2026, 9, 29))
    assert answer["received_on"] == "2026-09-29" and answer["provisional"] is False
    correction = next(step for step in answer["steps"] if (step["layer"], step["step"]) == ("statutory", "correction"))
    assert correction["days"] == ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"]
    assert correction["due_on"] == "2026-10-12" and correction["working_days"] == 5
    assert {"on": "2026-10-01", "zh": "国庆节", "en": "National Day"} in correction["skipped"]
    assert "from_layer" not in correction
    promised = [step for step in answer["steps"] if step["layer"] == "promised"]
    assert [step["step"] for step in promised] == ["precheck", "correction", "acceptance", "decision", "delivery"]
    assert promised[1]["from_layer"] == "statutory"


@pytest.mark.parametrize(
    ("procedure", "category", "region"),
    [("NOPE", "A", "Beijing"), ("NEW_ABROAD", "D", "Beijing"), ("NEW_ABROAD", "A", "Mars")],
)
def test_unknown_words_are_refused(base: RuleBase, procedure: str, category: str, region: str) -> None:
    with pytest.raises(RuleInputError) as refused:
        clock_due_json(base, procedure, category, date(2026, 11, 18), region)
    assert refused.value.text("zh") and refused.value.text("en")


@pytest.mark.parametrize("step", ["precheck", "correction", "acceptance", "decision", "delivery"])
def test_every_procedure_has_a_limit_for_every_step_that_the_law_knows(base: RuleBase, step: str) -> None:
    book = base.on(date(2026, 11, 24))
    for row in book.procedures(open_only=True):
        for category in row.categories:
            found = book.limits(row.code, category, step)
            assert found.promised is not None, (row.code, category, step)


# --- the extension window ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-09-01", "early"),
        ("2026-09-02", "open"),
        ("2026-12-01", "open"),
        ("2026-12-02", "late"),
        ("2026-12-31", "late"),
    ],
)
def test_beijings_window_is_120_to_30_days_before_the_end(base: RuleBase, day: str, state: str) -> None:
    book = base.on(date.fromisoformat(day))
    window = book.extension_window(date(2026, 12, 31))
    assert (window.opens_on, window.closes_on) == (date(2026, 9, 2), date(2026, 12, 1))
    assert window.state(date.fromisoformat(day)) == state
    assert book.window_sentence(window, date.fromisoformat(day)).zh


@pytest.mark.parametrize(("on", "region"), [(date(2026, 10, 2), "Shanghai"), (date(2024, 12, 31), "Beijing")])
def test_elsewhere_and_earlier_the_window_opens_90_days_before(base: RuleBase, on: date, region: str) -> None:
    window = base.on(on, region).extension_window(date(2026, 12, 31))
    assert (window.opens_on, window.closes_on) == (date(2026, 10, 2), date(2026, 12, 1))


def test_the_window_does_not_move_for_days_off(base: RuleBase) -> None:
    window = base.on(date(2026, 11, 24)).extension_window(date(2026, 11, 1))
    assert window.closes_on == date(2026, 10, 2), "in the National Day holidays"
