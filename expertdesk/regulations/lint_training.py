"""Checks on the tables of the training plan: columns, terms, figures of the limits, cost standards by edition; then the
worked examples of costs, recomputed with the rule functions themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from expertdesk.regulations.base import RuleBase
from expertdesk.regulations.figures import exact
from expertdesk.regulations.lint import Linter
from expertdesk.regulations.months import ONE_DAY
from expertdesk.regulations.problems import RuleInputError
from expertdesk.regulations.rows import Row
from expertdesk.regulations.training_costs import Host, Stay, TripFacts, cost_of_person, folded
from expertdesk.regulations.training_shapes import FIGURES_NEEDED


def _columns(linter: Linter) -> None:
    for day in _days(linter, "training_columns"):
        rows = _on(linter, "training_columns", day)
        for place, row in enumerate(rows, 1):
            if row.no != place:
                linter.add(row, f"的序号应为{place}。", f"must have the number {place}.")
    for row in linter.rows("training_columns"):
        if (row.kind in ("choice", "choices")) != bool(row.choices):
            zh = "：选项类栏目须写明选项表，其他栏目不得写。"
            linter.add(row, zh, "must name its list of choices, and only then, when it is a choice.")


def _figures(linter: Linter) -> None:
    for row in linter.rows("training_rules"):
        missing = ", ".join(name for name in FIGURES_NEEDED.get(row.code, ()) if name not in row.params)
        if missing:
            linter.add(row, f"缺少参数{missing}。", f"lacks the figures {missing}.")


def _terms(linter: Linter) -> None:
    """Every number of days has exactly one term."""
    for day in _days(linter, "training_terms"):
        rows = sorted(_on(linter, "training_terms", day), key=lambda row: row.least_days or 0)
        for before, after in pairwise(rows):
            if before.most_days is None or after.least_days != before.most_days + 1:
                linter.add(after, f"与“{before.code}”的天数不衔接。", f"does not follow on from “{before.code}”.")
        if rows and (rows[0].least_days or rows[-1].most_days):
            zh = "：期限须从0日起，最后一档不设上限。"
            linter.add(rows[-1], zh, "must run without end, and the first from 0 days.")


def _editions(linter: Linter) -> None:
    """From the first day of all to no end, without gap or overlap."""
    rows = sorted(linter.rows("cost_editions"), key=lambda row: row.starts_on or date.min)
    for before, after in pairwise(rows):
        if before.ends_on is None or after.starts_on is None or after.starts_on != before.ends_on + ONE_DAY:
            linter.add(after, f"与版本“{before.code}”的日期不衔接。", f"does not follow on from “{before.code}”.")
    if rows and rows[-1].ends_on is not None:
        linter.add(rows[-1], "是最后一个版本，不能有终止日。", "is the last edition and must have no last day.")


# --- rates -----------------------------------------------------------------------------------------------------------


def _rates(linter: Linter) -> None:
    for row in linter.rows("cost_rates"):
        for name in ("accommodation", "meals", "incidentals", "accommodation_2013"):
            value = row.get(name)
            if value is not None and value <= 0:
                linter.add(row, f"的 {name} 应大于0。", f"must have {name} above 0.")
        if row.is_rest and row.cities:
            linter.add(row, "是其他城市，不能再列城市。", "is for the other cities and must not name any.")
    for day in _days(linter, "cost_rates"):
        countries: dict[str, list[Row]] = {}
        for row in _on(linter, "cost_rates", day):
            countries.setdefault(row.country, []).append(row)
        for rows in countries.values():
            _one_country(linter, rows)


def _one_country(linter: Linter, rows: list[Row]) -> None:
    seen: dict[str, Row] = {}
    rests = [row for row in rows if row.is_rest]
    wholes = [row for row in rows if not row.is_rest and not row.cities]
    for row in rows:
        if row.currency != rows[0].currency:
            zh = f"的币种{row.currency}与第{rows[0].line}行不同。"
            linter.add(row, zh, f"is in {row.currency}, unlike line {rows[0].line} of the same country.")
        for city in row.cities:
            for name in (city.zh, city.en):
                other = seen.setdefault(folded(name), row)
                if other is not row:
                    zh = f"的城市“{name}”在第{other.line}行已有。"
                    linter.add(row, zh, f"names the city “{name}”, which stands in line {other.line} already.")
    for row in (*rests[1:], *wholes[1:]):
        linter.add(row, "与同一国家的另一行重复。", "stands twice for the same country.")
    if wholes and len(rows) > len(wholes):
        linter.add(wholes[0], "未列城市，但该国另有分城市的行。", "names no city, but the country has rows by city.")
    elif not rests and not wholes:
        zh = "所在国家缺少“其他城市”一行。"
        linter.add(rows[-1], zh, "is of a country that lacks its row for other cities.")


def _fees(linter: Linter) -> None:
    for day in _days(linter, "training_fees"):
        seen: dict[str, Row] = {}
        for row in _on(linter, "training_fees", day):
            if seen.setdefault(row.country, row) is not row:
                linter.add(row, "与同一国家的另一行重复。", "stands twice for the same country.")
    for row in linter.rows("training_fees"):
        if row.amount <= 0:
            linter.add(row, "的金额应大于0。", "must have an amount above 0.")
        rate = next((line for line in linter.rows("cost_rates") if line.country == row.country), None)
        if rate is not None and rate.currency != row.currency:
            zh = f"的币种{row.currency}与费用标准的{rate.currency}不同。"
            linter.add(row, zh, f"is in {row.currency}, but the standards of the country are in {rate.currency}.")


def _aliases(linter: Linter) -> None:
    known = {folded(city.zh) for row in linter.rows("cost_rates") for city in row.cities}
    aliases = {folded(row.name.zh) for row in linter.rows("city_aliases")}
    for row in linter.rows("city_aliases"):
        if folded(row.name.zh) in known:
            linter.add(row, "本身就是费用标准中的城市。", "is itself a city with a standard.")
        if folded(row.city) in aliases:
            linter.add(row, f"所指的“{row.city}”也是别名。", f"leads to “{row.city}”, which is another name itself.")


def _days(linter: Linter, table: str) -> list[date]:
    return sorted({row.valid_from for row in linter.rows(table)})


def _on(linter: Linter, table: str, day: date) -> list[Row]:
    return [row for row in linter.rows(table) if row.in_force(day)]


# --- worked examples -------------------------------------------------------------------------------------------------


def _examples(linter: Linter) -> None:
    base = RuleBase(linter.tables)
    for row in linter.rows("cost_examples"):
        try:
            cost = cost_of_person(base.on(row.valid_from), _trip(row))
        except RuleInputError as error:
            linter.add(row, f"无法重算：{error.text('zh')}", f"cannot be recomputed: {error.text('en')}")
            continue
        if (cost.per_person, cost.currency) != (row.expected, row.currency):
            found = f"{exact(cost.per_person)} {cost.currency}"
            zh = f"应为{exact(row.expected)} {row.currency}，按表为{found}。"
            linter.add(row, zh, f"says {exact(row.expected)} {row.currency}, the tables give {found}.")


def _trip(row: Row) -> TripFacts:
    fed = row.days if row.fed_by_host else 0
    host = Host(
        meal_days=row.host_meal_days or fed,
        incidental_days=row.host_incidental_days or fed,
        lodging_nights=row.host_lodging_nights or 0,
    )
    stay = Stay(row.city or "", row.nights)
    return TripFacts(row.country, (stay,), row.training_days, row.days, row.valid_from, host)


TRAINING_FIGURES: tuple[Callable[[Linter], None], ...] = (
    _columns,
    _figures,
    _terms,
    _editions,
    _rates,
    _fees,
    _aliases,
)
TRAINING_EXAMPLES: tuple[Callable[[Linter], None], ...] = (_examples,)
