"""Values as people write them: however an amount, a count or a day is spelt, it is read as what was meant or named."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expertdesk.training.importing import values
from expertdesk.training.importing.places import Countries
from expertdesk.training.importing.values import ValueProblem

CENTS = st.integers(0, 10**12 - 1).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def wide(text: str) -> str:
    """As an input method for Chinese writes it."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


SPELT = (
    lambda amount: f"{amount:.2f}",
    lambda amount: f"{amount:,.2f}",
    lambda amount: wide(f"{amount:,.2f}"),
    lambda amount: f"{amount:.2f}元",
    lambda amount: f"¥{amount:,.2f}",
    lambda amount: f"￥ {amount:.2f}",
    lambda amount: f"人民币{amount:.2f}元整",
    lambda amount: f"CNY {amount:,.2f}",
    lambda amount: f"{amount:.2f} yuan",
    lambda amount: f"{amount / 10_000:.6f}万元",
    lambda amount: f"{amount / 10_000:.6f} 万",
    lambda amount: wide(f"{amount / 10_000:.6f}") + "万元",
    lambda amount: f"{amount / 1_000:.5f}千元",
)


@settings(max_examples=300, deadline=None)
@given(amount=CENTS, spelling=st.sampled_from(SPELT))
def test_an_amount_is_read_to_the_cent_however_it_is_spelt(amount, spelling):
    assert values.money(spelling(amount)) == amount


@settings(max_examples=200, deadline=None)
@given(amount=st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100))
def test_figures_of_a_sheet_in_ten_thousands(amount):
    """Binary fractions of a spreadsheet, under a heading that says 万元; a unit in the cell goes before the heading."""
    ten_thousand = Decimal(10_000)
    assert values.money(float(amount / ten_thousand), unit=ten_thousand) == amount
    assert values.money(f"{amount:.2f}元", unit=ten_thousand) == amount


@settings(max_examples=200, deadline=None)
@given(count=st.integers(0, 999), word=st.sampled_from(["", "人", " 人", "名", "天", "日", " days", "people", "人次"]),
       spelling=st.sampled_from([str, lambda n: wide(str(n)), float, lambda n: f"{n}.0"]))  # fmt: skip
def test_a_count_is_read_with_its_word_and_in_any_width(count, word, spelling):
    spelt = spelling(count)
    assert values.whole(spelt if isinstance(spelt, float) else f"{spelt}{word}") == count


@pytest.mark.parametrize(
    ("text", "number"),
    [("二", 2), ("十", 10), ("十五", 15), ("二十", 20), ("二十五人", 25), ("一百零五", 105), ("两天", 2)],
)
def test_counts_in_chinese(text, number):
    assert values.whole(text) == number


FORMS = (
    lambda day: day.isoformat(),
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: wide(f"{day.year}") + "年" + wide(f"{day.month}") + "月" + wide(f"{day.day}") + "日",
    lambda day: f"{day.year} 年 {day.month} 月 {day.day} 号",
    lambda day: f"{day.day} {day:%B} {day.year}",
    lambda day: f"{day:%b} {day.day}, {day.year}",
    lambda day: day,
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: str((day - date(1899, 12, 30)).days),
)


@settings(max_examples=300, deadline=None)
@given(day=DAYS, form=st.sampled_from(FORMS))
def test_a_day_is_read_in_every_usual_form(day, form):
    assert values.day(form(day)) == day
    found = values.when(form(day))
    assert (found.year, found.month) == (day.year, day.month)


JOINED = ("{0}至{1}", "{0}—{1}", "{0} 到 {1}", "{0} to {1}", "{0} - {1}", "{0}～{1}")


@settings(max_examples=300, deadline=None)
@given(first=DAYS, length=st.integers(-40, 120), form=st.sampled_from(FORMS[:5]), joined=st.sampled_from(JOINED))
def test_a_range_of_days_is_read_and_one_that_ends_before_it_begins_is_named(first, length, form, joined):
    last = first + timedelta(days=length)
    text = joined.format(form(first), form(last))
    if length < 0:
        with pytest.raises(ValueProblem) as found:
            values.when(text)
        assert found.value.code == "ends_before"
    else:
        read = values.when(text)
        assert (read.first, read.last) == (first, last)


@settings(max_examples=300, deadline=None)
@given(cell=st.text(max_size=20) | st.floats() | st.integers() | st.booleans() | st.dates() | st.datetimes()
       | st.timedeltas() | st.times())  # fmt: skip
def test_anything_else_is_a_problem_with_a_reason(cell):
    for reader in (values.whole, values.money, values.day, values.when, values.tick):
        try:
            read = reader(cell)
        except ValueProblem as problem:
            assert problem.code and str(problem.reason)
        else:
            assert read is not None
            assert not isinstance(read, int | Decimal) or read >= 0


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_country_is_found_by_its_names_and_no_two_share_one(app, data):
    from expertdesk.foundation.locale import countries, country_name
    from expertdesk.regulations.current import rules_today

    known = Countries(rules_today())
    code = data.draw(st.sampled_from([code for code, _ in countries("en")]))
    names = [country_name(code, "zh"), country_name(code, "en"), code]
    names += [name for row in rules_today().rows("training_countries") if row.code == code for name in row.also]
    name = data.draw(st.sampled_from(names))
    forms = [name, wide(name), f" {name} ", name.upper(), unicodedata.normalize("NFD", name)]
    changed = data.draw(st.sampled_from(forms))
    assert known.find(changed) == code, changed
