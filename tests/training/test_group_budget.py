"""The budget of a group in yuan: rounding, exchange, fares, what was entered with and without a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expertdesk.regulations import RuleInputError, load
from expertdesk.training.costs import (
    LOCAL_ITEMS,
    Entered,
    Exchange,
    Fare,
    GroupBudget,
    Host,
    Stay,
    TripFacts,
    cost_of_person,
    exchange_per_one,
    group_budget,
    in_yuan,
)

BOOK = load().on(date(2026, 11, 24), "Beijing")
DAY = date(2026, 11, 20)
EURO = Exchange("EUR", Decimal("7.8534"), DAY, "中国银行")


def trip(country: str = "DE", *stays: tuple[str, int], training: int = 18, host: Host | None = None) -> TripFacts:
    placed = tuple(Stay(*stay) for stay in stays or (("其他城市", 20),))
    days = sum(stay.nights for stay in placed) + 1
    return TripFacts(country, placed, training, days, date(2027, 5, 10), host or Host())


def budget(facts: TripFacts | None = None, people: int = 2, **given_) -> GroupBudget:
    given_.setdefault("exchanges", [EURO])
    given_.setdefault("fares", [Fare("other", people, Decimal(9000))])
    return group_budget(BOOK, facts or trip(), people, **given_)


def refused(facts: TripFacts | None = None, people: int = 2, **given_) -> dict[str, str]:
    with pytest.raises(RuleInputError) as error:
        budget(facts, people, **given_)
    for text in error.value.problems.values():
        assert text.zh and text.en and "{" not in text.zh + text.en
    return {name: text.en for name, text in error.value.problems.items()}


def said(found: GroupBudget) -> str:
    return " | ".join(text.en for text in found.warnings)


# --- exchange and rounding -------------------------------------------------------------------------------------------


def test_a_group_line_by_line() -> None:
    found = budget(
        fares=[Fare("bureau_director", 1, Decimal(21000)), Fare("other", 1, Decimal(9000))], other=Decimal(800)
    )
    assert [line.item for line in found.lines] == [
        "training_fee", "lodging", "meals", "incidentals", "travel", "travel", "other",
    ]  # fmt: skip
    fee, lodging, meals, incidentals, first, second, other = found.lines
    assert (fee.rate, fee.count, fee.local, fee.exchange) == (66, 18, 1188, Decimal("7.8534"))
    assert fee.amount == 2 * Decimal("9329.84")  # 1188 x 7.8534 = 9329.8392
    assert lodging.amount == 2 * Decimal("18848.16") and meals.amount == 2 * Decimal("9895.28")
    assert incidentals.amount == 2 * Decimal("6267.01")
    assert (first.amount, second.amount, other.amount) == (21000, 9000, 800)
    assert first.place.zh == "司局级" and first.source.zh
    assert found.total == sum(line.amount for line in found.lines if line.amount is not None) == Decimal("119480.58")
    assert found.per_person == Decimal("59740.29") and found.is_complete
    assert {item: found.total_of(item) for item in ("travel", "other")} == {"travel": 30000, "other": 800}


@pytest.mark.parametrize(
    ("local", "rate", "expected"),
    [
        ("1", "0.005", "0.01"),  # half a fen goes up
        ("1", "0.004999", "0.00"),
        ("3", "0.335", "1.01"),  # 1.005
        ("100", "7.123450", "712.35"),  # 712.345
        ("100", "7.123449", "712.34"),
    ],
)
def test_half_a_fen_goes_up(local: str, rate: str, expected: str) -> None:
    assert str(in_yuan(Decimal(local), Decimal(rate))) == expected


def test_each_item_of_each_person_is_rounded_before_it_is_added() -> None:
    # 120 EUR for a night at 1.000041 is 120.00492: 120.00 for each, not 0.01 more for the ten of them
    exchanges = [Exchange("EUR", Decimal("1.000041"), DAY, "x")]
    found = budget(trip("DE", ("其他城市", 1), training=0), 10, exchanges=exchanges)
    assert found.total_of("lodging") == 1200
    # over several cities the item is rounded once: 150 and 170 EUR, together 320.01312
    found = budget(trip("DE", ("柏林", 1), ("慕尼黑", 1), training=0), 10, exchanges=exchanges)
    assert found.total_of("lodging") == 10 * Decimal("320.01")
    assert [line.amount for line in found.lines if line.item == "lodging"] == [
        10 * Decimal("150.01"), 10 * Decimal("170.00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("quoted", "per", "expected"),
    [
        ("4.8123", 100, "0.048123"),
        ("4.81235", 100, "0.048124"),  # half up
        ("4.81234", 100, "0.048123"),
        ("7.8534", 1, "7.853400"),
    ],
)
def test_yen_are_quoted_for_a_hundred(quoted: str, per: int, expected: str) -> None:
    assert str(exchange_per_one(Decimal(quoted), per)) == expected


def test_yen_with_a_quotation_for_a_hundred() -> None:
    yen = Exchange("JPY", exchange_per_one(Decimal("4.8123"), 100), DAY, "中国银行")
    found = budget(trip("JP", ("东京", 13), training=11), exchanges=[yen])
    assert found.total_of("training_fee") == 2 * Decimal("4446.57")  # 92400 x 0.048123 = 4446.5652
    assert found.currency == "JPY"


def test_an_exchange_rate_is_asked_for_in_its_currency() -> None:
    assert "The exchange rate of EUR is missing" in refused(exchanges=[])["rate_EUR"]
    assert "The exchange rate of JPY is missing" in refused(trip("JP", ("东京", 13), training=0))["rate_JPY"]


@pytest.mark.parametrize("rate", ["0", "-1", "7.8534001"])
def test_an_exchange_rate_has_six_decimals_and_is_above_nothing(rate: str) -> None:
    told = refused(exchanges=[Exchange("EUR", Decimal(rate), DAY, "x")])["rate_EUR"]
    assert "CNY for 1 EUR" in told and rate in told and "6 decimals" in told


def test_where_the_host_bears_all_no_rate_is_asked_for() -> None:
    host = Host(meal_days=7, incidental_days=7, lodging_nights=6, pays_fee=True)
    found = budget(trip("SG", ("", 6), training=5, host=host), exchanges=[])
    assert found.total == 18000 and found.is_complete


# --- standards that are missing --------------------------------------------------------------------------------------

DOLLAR = Exchange("USD", Decimal("7.1"), DAY, "中国银行")


def test_a_missing_standard_leaves_its_item_empty() -> None:
    found = budget(trip("SG", ("", 4), training=3), exchanges=[DOLLAR])
    assert found.missing == ("training_fee",) and not found.is_complete
    assert found.total_of("training_fee") is None and found.total_of("lodging") == 2 * 6248
    assert found.lines[0].amount is None and "enter the amount with the document" in said(found)


@pytest.mark.parametrize(("document", "on"), [("", DAY), ("  ", DAY), ("培训协议", None)])
def test_an_amount_counts_only_with_document_and_day(document: str, on: date | None) -> None:
    entered = [Entered("training_fee", Decimal(300), document, on)]
    found = budget(trip("SG", ("", 4), training=3), exchanges=[DOLLAR], entered=entered)
    assert found.missing == ("training_fee",) and found.lines[0].amount is None
    assert "counts once its document and day are named (Training fee)" in said(found)


def test_an_amount_with_its_document_fills_the_gap() -> None:
    entered = [Entered("training_fee", Decimal("300.5"), "培训协议第3条", DAY)]
    found = budget(trip("SG", ("", 4), training=3), exchanges=[DOLLAR], entered=entered)
    line = found.lines[0]
    assert found.missing == () and line.amount == 2 * Decimal("2133.55") and line.source.zh == "培训协议第3条"
    assert line.on == DAY and line.is_over is False and not found.warnings


def test_no_day_of_training_no_fee() -> None:
    found = budget(trip("SG", ("", 4), training=0), exchanges=[DOLLAR])
    assert found.is_complete and found.total_of("training_fee") == 0


# --- above the standard ----------------------------------------------------------------------------------------------


def test_at_or_below_the_standard_passes_without_a_document() -> None:
    for amount in ("2400", "2399.99", "0"):
        found = budget(entered=[Entered("lodging", Decimal(amount), "")])
        assert found.over_standard == () and not next(x for x in found.lines if x.item == "lodging").is_over
        assert found.total_of("lodging") == 2 * in_yuan(Decimal(amount), EURO.rate)


def test_above_the_standard_wants_its_prior_approval() -> None:
    dear = Entered("lodging", Decimal("2400.01"), "")
    found = budget(entered=[dear])
    assert found.over_standard == ("lodging",) and not found.is_complete
    assert next(line for line in found.lines if line.item == "lodging").is_over
    undated = budget(entered=[Entered("lodging", Decimal("2400.01"), "事前报批单")])
    assert undated.over_standard == ("lodging",)
    approved = budget(entered=[Entered("lodging", Decimal("2400.01"), "事前报批单", DAY)])
    assert approved.over_standard == () and approved.is_complete
    assert next(line for line in approved.lines if line.item == "lodging").is_over, "it is still shown as above"


# --- fares -----------------------------------------------------------------------------------------------------------


def test_everybody_needs_a_fare() -> None:
    assert "for 3 people; the group has 2" in refused(fares=[Fare("other", 3, Decimal(9000))])["fares"]
    for fares, count in (([], 0), ([Fare("other", 1, Decimal(9000))], 1)):
        found = budget(fares=fares)
        assert found.missing == ("travel",) and found.total_of("travel") is None
        assert f"fares are entered for {count} of 2 people" in said(found)
    assert budget(fares=[Fare("other", 2, Decimal(0))]).is_complete, "the host may pay the journey"


def test_an_unknown_rank_and_amounts_below_nothing() -> None:
    assert "There is no “king”" in refused(fares=[Fare("king", 2, Decimal(1))])["fares"]
    assert "must not be negative" in refused(fares=[Fare("other", 2, Decimal(-1))])["fares"]
    assert "must not be negative" in refused(other=Decimal("-0.01"))["other"]
    assert "must not be negative" in refused(entered=[Entered("meals", Decimal(-1), "x", DAY)])["entered_meals"]
    assert "not entered here" in refused(entered=[Entered("travel", Decimal(1), "x", DAY)])["entered_travel"]
    assert set(refused(people=0, fares=[])) == {"people"}


def test_lodging_of_ministers_is_at_cost() -> None:
    fares = [Fare("provincial_ministerial", 1, Decimal(50000)), Fare("other", 1, Decimal(9000))]
    assert "settled at cost" in said(budget(fares=fares))
    assert "settled at cost" not in said(budget())


# --- properties ------------------------------------------------------------------------------------------------------

CITIES = ["其他城市", "慕尼黑", "柏林", "法兰克福"]
RATES = st.decimals("0.000001", "20", places=6)


@st.composite
def groups(draw: st.DrawFn) -> tuple[TripFacts, int, GroupBudget]:
    stays = draw(st.lists(st.tuples(st.sampled_from(CITIES), st.integers(0, 15)), min_size=1, max_size=3))
    days = sum(nights for _, nights in stays) + 1
    host = Host(draw(st.integers(0, days)), draw(st.integers(0, days)), draw(st.integers(0, days - 1)))
    facts = trip("DE", *stays, training=draw(st.integers(0, days)), host=host)
    people = draw(st.integers(1, 40))
    fares = [Fare("other", people, draw(st.decimals("0", "90000", places=2)))]
    exchange = Exchange("EUR", draw(RATES), DAY, "x")
    return facts, people, budget(facts, people, fares=fares, exchanges=[exchange], other=Decimal("12.345"))


@given(groups())
@settings(max_examples=200, deadline=None)
def test_the_total_is_the_sum_of_the_rounded_items(drawn: tuple[TripFacts, int, GroupBudget]) -> None:
    facts, people, found = drawn
    person = cost_of_person(BOOK, facts)
    for item in LOCAL_ITEMS:
        local = sum((line.amount or Decimal(0) for line in person.of_item(item)), Decimal(0))
        rate = next((line.exchange for line in found.lines if line.item == item and line.exchange), Decimal(0))
        each = (local * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert found.total_of(item) == each * people
    assert found.total_of("other") == Decimal("12.35")
    assert found.total == sum(found.total_of(item) or 0 for item in (*LOCAL_ITEMS, "travel", "other"))
    for line in found.lines:
        assert line.amount is not None and line.amount >= 0 and line.amount == line.amount.quantize(Decimal("0.01"))


# --- by train --------------------------------------------------------------------------------------------------------

EURO_AND_DOLLAR = [EURO, Exchange("USD", Decimal("7.1128"), DAY, "中国银行")]


def by_train(hours: int, days: int):
    return replace(trip("DE", ("柏林", 6), training=5), train_hours=hours, train_days=days)


def test_a_long_train_brings_its_allowance_for_each_calendar_day() -> None:
    found, plain = budget(by_train(20, 2), exchanges=EURO_AND_DOLLAR), budget(trip("DE", ("柏林", 6), training=5))
    # USD 12 × 2 days × 7.1128 = 170.7072 → 170.71 for each of two people, with the fares
    assert found.total - plain.total == 2 * Decimal("170.71")
    assert found.total_of("travel") == (plain.total_of("travel") or 0) + 2 * Decimal("170.71")
    line = next(line for line in found.lines if line.row == "TRAIN_ALLOWANCE")
    assert (line.currency, line.rate, line.count, line.local) == ("USD", 12, 2, 24) and "516" in line.source.en


@pytest.mark.parametrize(("hours", "days", "count"), [(6, 1, 0), (7, 1, 1), (24, 1, 1), (25, 2, 2)])
def test_the_limit_is_passed_only_above_it(hours: int, days: int, count: int) -> None:
    found = budget(by_train(hours, days), exchanges=EURO_AND_DOLLAR)
    assert [line.count for line in found.lines if line.row == "TRAIN_ALLOWANCE"] == ([count] if count else [])
    assert any("no allowance up to 6 hours" in text.en for text in found.warnings) is not bool(count)


@pytest.mark.parametrize(
    ("hours", "days", "field"),
    [(25, 1, "train_hours"), (7, 0, "train_days"), (0, 1, "train_hours"), (7, 8, "train_days"), (-1, 1, "train_hours")],
)
def test_a_train_that_cannot_be_is_refused(hours: int, days: int, field: str) -> None:
    assert set(refused(by_train(hours, days), exchanges=EURO_AND_DOLLAR)) == {field}


def test_the_allowance_asks_for_the_rate_of_its_own_currency() -> None:
    assert "The exchange rate of USD is missing" in refused(by_train(7, 1), exchanges=EURO_AND_DOLLAR[:1])["rate_USD"]
