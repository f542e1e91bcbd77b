"""Costs of one person by the standards: the worked examples, editions, cities, the host's part, what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expertdesk.regulations import RuleBook, RuleInputError, load
from expertdesk.training.costs import (
    Host,
    PersonCost,
    Stay,
    TripFacts,
    cost_of_person,
    edition_of,
    training_cost_json,
)

BASE = load()
BOOK = BASE.on(date(2026, 11, 24), "Beijing")
ITEMS = ["training_fee", "lodging", "meals", "incidentals"]


def cost(country: str, *stays: tuple[str, int], training: int = 0, days: int | None = None, **facts) -> PersonCost:
    nights = sum(count for _, count in stays)
    facts.setdefault("first_day_on", date(2027, 5, 10))
    trip = TripFacts(
        country, tuple(Stay(*stay) for stay in stays), training, nights + 1 if days is None else days, **facts
    )
    return cost_of_person(BOOK, trip)


def refused(country: str, *stays: tuple[str, int], **facts) -> dict[str, str]:
    with pytest.raises(RuleInputError) as error:
        cost(country, *stays, **facts)
    for text in error.value.problems.values():
        assert text.zh and text.en and "{" not in text.zh + text.en
    return {name: text.en for name, text in error.value.problems.items()}


def said(found: PersonCost) -> str:
    return " | ".join(text.en for text in found.warnings)


# --- the worked examples ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "city", "training", "nights", "days", "host", "currency", "expected"),
    [
        ("DE", "其他城市", 18, 20, 21, Host(), "EUR", 5646),
        ("DE", "慕尼黑", 18, 20, 21, Host(), "EUR", 6646),
        ("JP", "东京", 11, 13, 14, Host(), "JPY", 562400),
        ("US", "华盛顿", 10, 12, 14, Host(), "USD", 5390),
        ("US", "奥斯汀", 10, 12, 14, Host(), "USD", 4670),
        ("SG", "", 0, 4, 5, Host(), "USD", 1355),
        ("HK", "", 0, 4, 5, Host(), "HKD", 11600),
        ("DE", "柏林", 5, 6, 7, Host.feeding(7), "EUR", 1230),
        ("DE", "柏林", 5, 6, 7, Host(meal_days=3), "EUR", 1736),
        ("GB", "伦敦", 0, 5, 7, Host(lodging_nights=2), "GBP", 1160),
        ("JP", "新泻", 0, 1, 2, Host(), "JPY", 41000),
        ("FR", "", 0, 3, 4, Host(), "EUR", 850),
    ],
)
def test_worked_examples(country, city, training, nights, days, host, currency, expected) -> None:
    found = cost(country, (city, nights), training=training, days=days, host=host)
    assert (found.per_person, found.currency, found.edition) == (Decimal(expected), currency, "E2017")
    assert [line.item for line in found.lines] == ITEMS
    for line in found.lines:
        assert line.name.zh and line.place.zh and line.source.zh and line.source.en
        assert line.amount == (None if line.rate is None else line.rate * line.count)


def test_the_working_is_shown_line_by_line() -> None:
    fee, lodging, meals, incidentals = cost("DE", ("慕尼黑", 20), training=18).lines
    assert (fee.rate, fee.count, fee.amount, fee.confidence) == (66, 18, 1188, "high")
    assert (lodging.rate, lodging.count, lodging.amount, lodging.confidence) == (170, 20, 3400, "medium")
    assert (meals.amount, incidentals.amount) == (1260, 798)
    assert lodging.place.zh == "德国·慕尼黑" and lodging.source.zh.startswith("财行〔2017〕434号，第")
    assert lodging.source.en.startswith("Caihang [2017] No. 434, row ") and "财行〔2014〕4号" in fee.source.zh


def test_the_shipped_rates_are_all_there() -> None:
    rows = BOOK.rows("cost_rates")
    assert len(rows) == 266 and [row.row for row in rows] == list(range(1, 267))
    names = [name for row in rows for city in row.cities for name in (city.zh, city.en)]
    assert all(name == name.strip() and not name.endswith((".", "。")) for name in names)
    assert "波兰." not in {row.name.zh for row in rows}
    assert next(row for row in rows if row.country == "PR").accommodation == 150, "not 1450, a slip of the copy"


# --- cities ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("city", ["慕尼黑", " 慕尼黑。", "慕尼黑.", "Munich", "MUNICH ", "ｍｕｎｉｃｈ"])
def test_a_city_is_found_by_its_whole_name(city: str) -> None:
    found = cost("DE", (city, 1))
    assert found.of_item("lodging")[0].rate == 170 and not found.warnings


@pytest.mark.parametrize("city", ["慕尼", "慕尼黑市区", "Mun"])
def test_half_a_name_is_no_match(city: str) -> None:
    found = cost("DE", (city, 1))
    assert found.of_item("lodging")[0].rate == 120
    assert f"“{city}” has no row of its own; the standard of Germany · other cities is used" in said(found)


@pytest.mark.parametrize(
    ("country", "city", "rate"),
    [
        ("JP", "新泻", 11000),
        ("MX", "墨西哥城", 150),
        ("KR", "汉城", 180),
        ("VN", "胡志明市", 80),
        ("KZ", "努尔苏丹", 200),
    ],
)
def test_other_names_of_cities(country: str, city: str, rate: int) -> None:
    found = cost(country, (city, 2))
    assert found.of_item("lodging")[0].rate == rate and not found.warnings


def test_other_cities_by_name_and_no_city_at_all() -> None:
    for city in ("其他城市", "other cities"):
        assert not cost("DE", (city, 3)).warnings
    empty = cost("DE", ("", 3))
    assert empty.of_item("lodging")[0].rate == 120 and "no city is given" in said(empty)
    assert "未填写城市" in empty.warnings[0].zh
    assert not cost("SG", ("", 3)).warnings, "one row for the whole country needs no city"
    assert not cost("SG", ("Jurong", 3)).warnings


def test_cities_of_one_row_may_stand_in_one_cell() -> None:
    found = cost("JP", ("大阪、京都", 3))
    assert found.of_item("lodging")[0].rate == 18000 and not found.warnings
    assert "give the nights of each city on its own" in refused("JP", ("东京、大阪", 3))["city"]


def test_several_cities_by_their_own_caps_and_the_last_day_by_the_last() -> None:
    # Bucharest has 45 for meals, the rest of Romania 50
    found = cost("RO", ("布加勒斯特", 2), ("克卢日", 3), days=7)
    capital, rest = found.of_item("lodging")
    assert (capital.count, rest.count) == (2, 3) and capital.rate != rest.rate
    assert [(line.rate, line.count) for line in found.of_item("meals")] == [(45, 2), (50, 5)]
    assert [(line.rate, line.count) for line in found.of_item("incidentals")] == [(40, 2), (40, 5)]
    back = cost("RO", ("克卢日", 3), ("布加勒斯特", 2), days=7)
    assert [(line.rate, line.count) for line in back.of_item("meals")] == [(50, 3), (45, 4)]


def test_one_row_is_one_line_however_often_it_is_visited() -> None:
    found = cost("JP", ("东京", 2), ("大阪", 3), ("东京", 1))
    assert [(line.row, line.count) for line in found.of_item("lodging")] == [("R006", 3), ("R007", 3)]
    assert [(line.row, line.count) for line in found.of_item("meals")] == [("R006", 4), ("R007", 3)]


def test_a_day_trip_has_no_nights() -> None:
    found = cost("HK", days=1)
    assert found.per_person == 800 and found.of_item("lodging")[0].amount == 0


# --- the host --------------------------------------------------------------------------------------------------------


def test_meals_and_pocket_money_are_apart() -> None:
    assert cost("DE", ("柏林", 6), host=Host(incidental_days=7)).of_item("incidentals")[0].amount == 0
    partly = cost("DE", ("柏林", 6), host=Host(meal_days=2, incidental_days=5))
    meals, incidentals = partly.of_item("meals")[0], partly.of_item("incidentals")[0]
    assert (meals.count, meals.hosted, incidentals.count, incidentals.hosted) == (5, 2, 2, 5)


def test_the_host_pays_the_fee() -> None:
    assert cost("DE", ("柏林", 6), training=5, host=Host(pays_fee=True)).of_item("training_fee")[0].amount == 0
    unknown = cost("SG", ("", 4), training=3, host=Host(pays_fee=True))
    assert unknown.missing == () and unknown.needed == ()


def test_nights_of_the_host_in_several_cities_are_taken_off_in_order_and_that_is_said() -> None:
    found = cost("JP", ("东京", 2), ("大阪", 3), host=Host(lodging_nights=3))
    assert [(line.row, line.count, line.hosted) for line in found.of_item("lodging")] == [
        ("R006", 0, 2),
        ("R007", 2, 1),
    ]
    assert "in the order of the trip" in said(found)
    assert "order" not in said(cost("JP", ("大阪", 2), ("京都", 3), host=Host(lodging_nights=3)))
    assert "order" not in said(cost("JP", ("东京", 2), ("大阪", 3), host=Host(lodging_nights=5)))


# --- what nobody knows -----------------------------------------------------------------------------------------------


def test_a_missing_standard_is_named_and_never_zero() -> None:
    found = cost("SG", ("", 4), training=3)
    fee = found.of_item("training_fee")[0]
    assert (fee.rate, fee.amount, fee.count) == (None, None, 3) and fee.warning is not None
    assert found.missing == ("training_fee",) == found.needed
    assert "enter the amount with the document" in said(found) and found.per_person == 1355


def test_without_a_day_of_training_nothing_is_wanted_though_the_standard_is_unknown() -> None:
    found = cost("SG", ("", 4))
    assert found.missing == ("training_fee",) and found.needed == () and not found.warnings


def test_a_country_without_standards_asks_for_one_to_go_by() -> None:
    assert "Caihang [2013] No. 516, article 23" in refused("GL", ("", 3))["reference_country"]
    found = cost("GL", ("Nuuk", 3), training=2, reference_country="DK")
    assert found.currency == "USD" and found.of_item("lodging")[0].place.zh == "丹麦"
    assert "Greenland is not in the table; the standard of Denmark is used" in said(found)
    fee = cost("LI", ("", 3), training=2, reference_country="DE").of_item("training_fee")[0]
    assert fee.amount == 132, "the fee goes by the same country"
    assert "Iceland" not in refused("GL", ("", 3), reference_country="AQ")["reference_country"]
    assert "has standards of its own" in refused("DE", ("", 3), reference_country="FR")["reference_country"]


@pytest.mark.parametrize("code", ["", "XY", "de", "DEU", "德国"])
def test_an_unknown_country(code: str) -> None:
    assert "no country or region" in refused(code, ("", 3))["country"]


# --- editions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "edition", "lodging"),
    [("2014-01-19", "E2013", 130), ("2017-12-31", "E2013", 130), ("2018-01-01", "E2017", 170)],
)
def test_the_edition_of_the_first_day_abroad(day: str, edition: str, lodging: int) -> None:
    found = cost("DE", ("慕尼黑", 3), first_day_on=date.fromisoformat(day))
    assert found.edition == edition and found.of_item("lodging")[0].rate == lodging
    document = {"E2013": "财行〔2013〕516号", "E2017": "财行〔2017〕434号"}[edition]
    assert document in found.of_item("lodging")[0].source.zh


def test_the_edition_before_holds_no_figures() -> None:
    assert "holds no figures" in refused("DE", ("慕尼黑", 3), first_day_on=date(2014, 1, 18))["edition"]
    assert "holds no figures" in refused("DE", ("慕尼黑", 3), edition="E2001")["edition"]
    told = refused("DE", ("慕尼黑", 3), edition="E1999")["edition"]
    assert told == "There is no edition “E1999”; known: E2001, E2013, E2017."


def test_an_edition_may_be_asked_for() -> None:
    found = cost("HK", ("", 4), edition="E2013")
    assert found.edition == "E2013" and found.of_item("lodging")[0].rate == 1500
    later = cost("HK", ("", 4), edition="E2017", first_day_on=date(2015, 1, 1))
    assert later.of_item("lodging")[0].rate == 1900
    fee = cost("DE", ("柏林", 4), training=2, edition="E2013").of_item("training_fee")[0]
    assert fee.amount == 132, "the standards of the fee hold in both editions"


def test_fees_hold_from_april_2014() -> None:
    early, late = (cost("DE", ("柏林", 4), training=2, first_day_on=date(2014, *day)) for day in ((3, 31), (4, 1)))
    assert early.needed == ("training_fee",) and late.needed == ()


@pytest.mark.parametrize(("country", "city"), [("US", "奥斯汀"), ("US", "华盛顿"), ("PK", "奎达"), ("RO", "克卢日")])
def test_rows_of_2013_that_cannot_be_told_are_named(country: str, city: str) -> None:
    found = cost(country, (city, 3), edition="E2013")
    assert {"lodging", "meals", "incidentals"} <= set(found.needed) and found.per_person == 0
    assert "cannot be told from what is on file" in said(found)
    assert cost("US", ("纽约", 3), edition="E2013").of_item("lodging")[0].rate is not None


def test_every_row_without_a_figure_of_its_own_in_2013_keeps_it() -> None:
    for row in BOOK.rows("cost_rates"):
        city = row.cities[0].zh if row.cities else "其他城市" if row.is_rest else ""
        for code, expected in (
            ("E2017", row.accommodation),
            ("E2013", None if row.not_in_2013 else row.accommodation_2013 or row.accommodation),
        ):
            assert cost(row.country, (city, 1), edition=code).of_item("lodging")[0].rate == expected, row


# --- what is refused -------------------------------------------------------------------------------------------------


def test_ninety_days_are_another_table() -> None:
    assert cost("DE", ("柏林", 88), days=89).per_person > 0
    told = refused("DE", ("柏林", 89), days=90)["days"]
    assert "from 90 days another table holds" in told and "stipend" in told
    assert "from 90 days" in refused("DE", ("柏林", 10), days=400)["days"]


@pytest.mark.parametrize(
    ("facts", "field", "text"),
    [
        ({"days": 0}, "days", "at least 1 day"),
        ({"days": -3}, "days", "at least 1 day"),
        ({"days": 6}, "nights", "6 nights; at most 5"),
        ({"training": -1}, "training_days", "must not be negative"),
        ({"training": 8}, "training_days", "8 training days; there are only 7 days"),
        ({"host": Host(meal_days=8)}, "host_meal_days", "8; at most 7"),
        ({"host": Host(incidental_days=8)}, "host_incidental_days", "8; at most 7"),
        ({"host": Host(lodging_nights=7)}, "host_lodging_nights", "7; at most 6"),
        ({"host": Host(lodging_nights=-1)}, "host_lodging_nights", "must not be negative"),
    ],
)
def test_figures_that_do_not_fit(facts: dict, field: str, text: str) -> None:
    assert text in refused("DE", ("柏林", 6), **facts)[field]


def test_every_problem_is_told_at_once() -> None:
    assert set(refused("DE", ("柏林", 6), days=5, training=9, host=Host(meal_days=9))) == {
        "nights", "training_days", "host_meal_days",
    }  # fmt: skip
    assert set(refused("DE", ("柏林", -1), days=0, training=-1)) == {"nights", "days", "training_days"}


def test_what_just_fits_passes() -> None:
    found = cost("DE", ("柏林", 6), training=7, host=Host(meal_days=7, incidental_days=7, lodging_nights=6))
    assert found.per_person == 66 * 7


def test_the_day_of_the_book_does_not_matter() -> None:
    """An edition is chosen by the first day abroad, not by the day on which one computes."""
    trip = TripFacts("DE", (Stay("慕尼黑", 3),), 2, 4, date(2027, 5, 10))
    for day in (date(2015, 6, 1), date(2026, 11, 24), date(2030, 1, 1)):
        assert cost_of_person(BASE.on(day, "Shanghai"), trip) == cost_of_person(BOOK, trip)
    assert edition_of(BOOK, date(2017, 12, 31)).code == "E2013"


def test_the_shape_of_the_contract() -> None:
    answer = training_cost_json(BOOK, TripFacts("SG", (Stay("", 4),), 3, 5, date(2027, 5, 10)))
    assert answer["currency"] == "USD" and answer["per_person"] == "1355" and answer["missing"] == ["training_fee"]
    assert answer["complete"] is False and answer["edition"] == "E2017" and answer["edition_confidence"] == "low"
    fee, lodging = answer["lines"][:2]
    assert fee["rate"] is None and fee["amount"] is None and fee["warning"]["zh"]
    assert (lodging["item"], lodging["rate"], lodging["count"], lodging["amount"]) == ("lodging", "220", 4, "880")
    assert lodging["source"]["zh"] and lodging["source"]["en"]


# --- properties ------------------------------------------------------------------------------------------------------

COUNTRIES = sorted({row.country for row in BOOK.rows("cost_rates")})


def cities_of(country: str, book: RuleBook = BOOK) -> list[str]:
    rows = [row for row in book.rows("cost_rates") if row.country == country]
    return ["", "Nowhere", *(city.zh for row in rows for city in row.cities)]


@st.composite
def trips(draw: st.DrawFn) -> TripFacts:
    country = draw(st.sampled_from(COUNTRIES))
    stay = st.builds(Stay, st.sampled_from(cities_of(country)), st.integers(0, 20))
    stays = tuple(draw(st.lists(stay, max_size=3)))
    days = sum(one.nights for one in stays) + draw(st.integers(1, 10))
    return TripFacts(country, stays, draw(st.integers(0, days)), days, date(2027, 5, 10),
                     edition=draw(st.sampled_from(["", "E2013", "E2017"])))  # fmt: skip


@st.composite
def hosts(draw: st.DrawFn, trip: TripFacts) -> Host:
    nights = sum(stay.nights for stay in trip.stays)
    days = st.integers(0, trip.days)
    return Host(draw(days), draw(days), draw(st.integers(0, nights)), draw(st.booleans()))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_host_never_raises_a_cost_and_the_lines_add_up(data: st.DataObject) -> None:
    trip = data.draw(trips())
    alone = cost_of_person(BOOK, trip)
    host = data.draw(hosts(trip))
    hosted = cost_of_person(BOOK, TripFacts(**{**trip.__dict__, "host": host}))
    for found in (alone, hosted):
        assert found.per_person == sum((line.amount or 0 for line in found.lines), Decimal(0))
        assert all(line.count >= 0 for line in found.lines)
        assert {line.currency for line in found.lines} == {found.currency}
        assert sum(line.count + line.hosted for line in found.of_item("meals")) == trip.days
        assert sum(line.count + line.hosted for line in found.of_item("lodging")) == sum(s.nights for s in trip.stays)
    for item in ITEMS:
        before, after = (sum((line.amount or 0 for line in one.of_item(item)), Decimal(0)) for one in (alone, hosted))
        assert after <= before
    assert set(hosted.needed) <= set(alone.needed)


@pytest.mark.parametrize(("place", "currency", "expected"), [("HK", "HKD", 11600), ("MO", "HKD", 8800)])
def test_hong_kong_and_macao_go_by_the_same_table(place: str, currency: str, expected: int) -> None:
    found = cost(place, ("", 4))
    assert (found.currency, found.per_person) == (currency, expected)


@pytest.mark.parametrize("edition", ["E2013", "E2017"])
def test_taiwan_goes_by_the_same_table_and_its_fee_is_asked_for(edition: str) -> None:
    found = cost("TW", ("", 4), training=3, edition=edition, first_day_on=date(2027, 5, 10))
    assert found.currency == "USD" and found.missing == ("training_fee",) and "training_fee" in found.needed
