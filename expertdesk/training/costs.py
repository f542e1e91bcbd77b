"""Costs of training abroad by the standards in force (财行〔2013〕516号, 财行〔2014〕4号, the later table). Pure.

One person's stay in the local currency, line by line with its source; a group's budget in yuan. A standard that is not
on file is unknown, never zero: the item is named in `missing` until an amount is entered with the document it rests on.
Money is Decimal; each item of each person is turned into yuan and rounded half up to 0.01.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations import RuleBook, RuleInputError
from expertdesk.regulations.rows import Row

FEE, LODGING, MEALS, INCIDENTALS = "training_fee", "lodging", "meals", "incidentals"
LOCAL_ITEMS = (FEE, LODGING, MEALS, INCIDENTALS)
_FEN = Decimal("0.01")
_RATE_DIGITS = Decimal("0.000001")

ITEM_NAMES: Mapping[str, Bilingual] = {
    FEE: Bilingual("培训费", "Training fee"),
    LODGING: Bilingual("住宿费", "Accommodation"),
    MEALS: Bilingual("伙食费", "Meals"),
    INCIDENTALS: Bilingual("公杂费", "Incidentals"),
    "travel": Bilingual("国际旅费", "International travel"),
    "other": Bilingual("其他费用（含城市间交通费）", "Other, with inter-city travel"),
}


@dataclass(frozen=True)
class Stay:
    """Nights in one city, in the order of the trip. `city` as typed, in Chinese or English; "" = not given."""

    city: str
    nights: int


@dataclass(frozen=True)
class Host:
    """What the host gives: days with meals and with pocket money, nights lodged, the training fee (host_flags)."""

    meal_days: int = 0
    incidental_days: int = 0
    lodging_nights: int = 0
    pays_fee: bool = False


@dataclass(frozen=True)
class TripFacts:
    """A trip as the standards look at it. `days` from leaving to re-entering the border, both counted.

    `reference_country`: whose standard is taken for a country that is not in the table (516 art. 23). `edition` "" =
    the one in force on the first day abroad.
    """

    country: str
    stays: tuple[Stay, ...]
    training_days: int
    days: int
    first_day_on: date
    host: Host = Host()
    edition: str = ""
    reference_country: str = ""

    @property
    def nights(self) -> int:
        return sum(stay.nights for stay in self.stays)


@dataclass(frozen=True)
class CostLine:
    """One line: item, place, rate × count = amount in `currency`; None where no standard is on file."""

    item: str
    place: Bilingual
    currency: str
    rate: Decimal | None
    count: int
    amount: Decimal | None
    source: Bilingual
    row: str = ""
    confidence: str = ""
    warning: Bilingual | None = None


@dataclass(frozen=True)
class PersonCost:
    """One person's local cost; `per_person` adds what is known, `missing` names what is not."""

    edition: str
    currency: str
    lines: tuple[CostLine, ...]
    missing: tuple[str, ...]
    warnings: tuple[Bilingual, ...]

    @property
    def per_person(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.amount is not None), Decimal(0))


def cost_of_person(book: RuleBook, trip: TripFacts) -> PersonCost:
    """The four local items of one person. RuleInputError by field: counts that do not fit, an unknown country, an
    edition without rates, a stay of 90 days or more (another table)."""
    _check(book, trip)
    edition = edition_for(book, trip)
    rows = _country_rows(book, trip)
    warnings: list[Bilingual] = []
    placed = [(stay, *_row_for(book, rows, stay.city, warnings)) for stay in trip.stays]
    if not placed:
        placed = [(Stay("", 0), *_row_for(book, rows, "", warnings))]
    currency = placed[0][1].currency
    lines = [_fee(book, trip, currency)]
    lines += _lodging(trip, placed, edition)
    lines += _daily(trip, placed, MEALS, trip.days - trip.host.meal_days)
    lines += _daily(trip, placed, INCIDENTALS, trip.days - trip.host.incidental_days)
    missing = tuple(line.item for line in lines if line.amount is None)
    return PersonCost(edition.code, currency, tuple(lines), tuple(dict.fromkeys(missing)), tuple(warnings))


# --- checks and look-ups ------------------------------------------------------------------------------------------


def _check(book: RuleBook, trip: TripFacts) -> None:
    problems: dict[str, Bilingual] = {}
    longest = book.row("cost_settings", "LONG_STAY_DAYS").value
    if trip.days < 1:
        problems["days"] = Bilingual("天数不少于1天。", "At least 1 day.")
    elif trip.days >= longest:
        zh = f"{longest}天以上的培训不适用本标准，按月奖学金标准计算。"
        en = f"For {longest} days or more this table does not apply; a monthly stipend holds."
        problems["days"] = Bilingual(zh, en)
    if any(stay.nights < 0 for stay in trip.stays) or trip.nights > max(trip.days - 1, 0):
        most = max(trip.days - 1, 0)
        problems["nights"] = Bilingual(f"住宿晚数为0至{most}。", f"Nights are 0 to {most} (days less one).")
    if not 0 <= trip.training_days <= trip.days:
        text = Bilingual(f"培训天数为0至{trip.days}。", f"Training days are 0 to {trip.days}.")
        problems["training_days"] = text
    host = trip.host
    if not (0 <= host.meal_days <= trip.days and 0 <= host.incidental_days <= trip.days):
        problems["host_days"] = Bilingual(
            "外方负担天数不超过总天数。", "Days paid by the host are not more than all days."
        )
    if not 0 <= host.lodging_nights <= trip.nights:
        problems["host_nights"] = Bilingual(
            "外方安排住宿不超过住宿晚数。", "Nights lodged by the host are not more than all."
        )
    if problems:
        raise RuleInputError(problems)


def edition_for(book: RuleBook, trip: TripFacts) -> Row:
    """The edition asked for, or the one in force on the first day abroad; one without rates is refused."""
    editions = {row.code: row for row in book.history("cost_editions")}
    if trip.edition:
        found = editions.get(trip.edition)
    else:
        day = trip.first_day_on
        found = next(
            (
                row
                for row in editions.values()
                if (row.starts_on is None or row.starts_on <= day) and (row.ends_on is None or day <= row.ends_on)
            ),
            None,
        )
    if found is None or found.rates == "none":
        usable = ", ".join(row.code for row in editions.values() if row.rates != "none")
        name = trip.edition or trip.first_day_on.isoformat()
        raise RuleInputError(
            {
                "edition": Bilingual(
                    f"“{name}”没有可用的标准（{usable}）。", f"No standards for “{name}”; there are {usable}."
                )
            }
        )
    return found


def _country_rows(book: RuleBook, trip: TripFacts) -> list[Row]:
    wanted = trip.reference_country or trip.country
    rows = [row for row in book.history("cost_rates") if row.country == wanted]
    if not rows:
        zh = f"标准表中没有“{wanted}”，请选择经济水平相近的国家（地区）参照（516号文第二十三条）。"
        en = f"“{wanted}” is not in the table; name a country of similar economic level (No. 516, art. 23)."
        raise RuleInputError({"country": Bilingual(zh, en)})
    return rows


def _plain(name: str) -> str:
    """For comparing: without spaces and full stops, in small letters."""
    return "".join(sign for sign in name.casefold() if not sign.isspace() and sign not in ".。")


def _row_for(book: RuleBook, rows: Sequence[Row], city: str, warnings: list[Bilingual]) -> tuple[Row, Bilingual]:
    """The row of a city (whole name, also by its other names), else the country's other cities, else its only row."""
    wanted = _plain(city)
    for alias in book.history("city_aliases"):
        if wanted and wanted in (_plain(alias.name.zh), _plain(alias.name.en)):
            wanted = _plain(alias.city)
    for row in rows:
        if wanted and any(wanted in (_plain(name.zh), _plain(name.en)) for name in row.cities):
            return row, row.name
    rest = next((row for row in rows if row.is_rest), None)
    only = next((row for row in rows if not row.cities and not row.is_rest), None)
    found = rest or only or rows[-1]
    if not wanted and rest is not None:
        warnings.append(Bilingual("没有填写城市，按其他城市计算。", "No city given: taken as “other cities”."))
    elif wanted and rest is not None and wanted not in (_plain("其他城市"), _plain("other cities")):
        zh, en = f"“{city}”没有单列，按其他城市计算。", f"“{city}” has no row of its own: taken as “other cities”."
        warnings.append(Bilingual(zh, en))
    return found, found.name


# --- lines --------------------------------------------------------------------------------------------------------


def _fee(book: RuleBook, trip: TripFacts, currency: str) -> CostLine:
    place = ITEM_NAMES[FEE]
    wanted = trip.reference_country or trip.country
    row = next((row for row in book.history("training_fees") if row.country == wanted), None)
    if trip.host.pays_fee or trip.training_days == 0:
        rate = row.amount if row is not None else None
        source = row.sources if row is not None else Bilingual("", "")
        return CostLine(FEE, place, currency, rate, 0, Decimal(0) if trip.host.pays_fee or row else None, source,
                        row.code if row else "")  # fmt: skip
    if row is None:
        text = Bilingual(
            "没有公开的培训费标准，须据文件录入。", "No training-fee standard on file; enter one with its document."
        )
        return CostLine(FEE, place, currency, None, trip.training_days, None, Bilingual("", ""), warning=text)
    amount = row.amount * trip.training_days
    return CostLine(FEE, row.name, row.currency, row.amount, trip.training_days, amount, row.sources, row.code,
                    row.confidence)  # fmt: skip


def _lodging(trip: TripFacts, placed: Sequence[tuple[Stay, Row, Bilingual]], edition: Row) -> list[CostLine]:
    """Each city by its own cap; nights lodged by the host are taken off from the first city on."""
    lines, free = [], trip.host.lodging_nights
    for stay, row, place in placed:
        given = min(free, stay.nights)
        free -= given
        rate = _lodging_rate(row, edition)
        nights = stay.nights - given
        amount = None if rate is None and nights else (rate or Decimal(0)) * nights
        lines.append(
            CostLine(LODGING, place, row.currency, rate, nights, amount, row.sources, row.code, row.confidence)
        )
    return lines


def _lodging_rate(row: Row, edition: Row) -> Decimal | None:
    if edition.rates == "accommodation_2013":
        return None if row.not_in_2013 else (row.accommodation_2013 or row.accommodation)
    return row.accommodation


def _daily(trip: TripFacts, placed: Sequence[tuple[Stay, Row, Bilingual]], item: str, days: int) -> list[CostLine]:
    """A day takes the row of the city of its night, the last days that of the last city (several_cities)."""
    counts = [stay.nights for stay, _, _ in placed]
    counts[-1] += trip.days - sum(counts)
    free = trip.days - days
    lines = []
    for (_stay, row, place), count in zip(placed, counts, strict=True):
        given = min(free, count)
        free -= given
        rate = getattr(row, item)
        lines.append(
            CostLine(item, place, row.currency, rate, count - given, rate * (count - given), row.sources, row.code,
                     row.confidence)
        )  # fmt: skip
    return lines


# --- a group in yuan ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Exchange:
    """CNY for 1 unit of a currency, at most six decimals, with the day and where it was read."""

    currency: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True)
class Fare:
    """International travel of the people of one rank, yuan per person (the class follows the rank)."""

    rank: str
    people: int
    amount: Decimal


@dataclass(frozen=True)
class Entered:
    """An amount entered by hand, per person in the local currency, with the document it rests on: where no standard is
    on file, or above the standard with its prior approval."""

    item: str
    amount: Decimal
    document: str
    on: date | None = None


@dataclass(frozen=True)
class BudgetLine:
    """One line of a group's budget; `amount` in yuan for the whole group, None while a standard is missing."""

    item: str
    place: Bilingual
    currency: str
    rate: Decimal | None
    count: int
    people: int
    local: Decimal | None
    exchange: Decimal | None
    amount: Decimal | None
    source: Bilingual
    is_over: bool = False


@dataclass(frozen=True)
class GroupBudget:
    """A group's budget: lines and, by item, yuan; `missing` and `over_standard` name items."""

    edition: str
    currency: str
    lines: tuple[BudgetLine, ...]
    missing: tuple[str, ...]
    over_standard: tuple[str, ...]
    warnings: tuple[Bilingual, ...]

    def total_of(self, item: str) -> Decimal | None:
        """Yuan of one item; None while part of it is missing."""
        found = [line.amount for line in self.lines if line.item == item]
        if item in self.missing:
            return None
        return sum((amount for amount in found if amount is not None), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What is known, added up."""
        return sum((line.amount for line in self.lines if line.amount is not None), Decimal(0))


def in_yuan(local: Decimal, rate: Decimal) -> Decimal:
    """Rounded half up to 0.01 (rounding: ours)."""
    return (local * rate).quantize(_FEN, rounding=ROUND_HALF_UP)


def exchange_per_one(quoted: Decimal, per: int) -> Decimal:
    """A quotation per 100 units (usual for JPY) as CNY for 1 unit, six decimals."""
    return (quoted / per).quantize(_RATE_DIGITS, rounding=ROUND_HALF_UP)


def group_budget(
    book: RuleBook,
    trip: TripFacts,
    people: int,
    *,
    exchanges: Sequence[Exchange],
    fares: Sequence[Fare] = (),
    other: Decimal = Decimal(0),
    entered: Sequence[Entered] = (),
) -> GroupBudget:
    """The budget of `people` on the same trip. `other` is inter-city travel, visas, insurance, in yuan for the group.

    RuleInputError by field: as for one person; no exchange rate for a currency; fares for more people than go.
    """
    one = cost_of_person(book, trip)
    rates = {exchange.currency: exchange.rate for exchange in exchanges}
    _check_group(one, rates, people, fares, other)
    by_item = {entry.item: entry for entry in entered}
    lines: list[BudgetLine] = []
    missing, over = [], []
    for item in LOCAL_ITEMS:
        own = [line for line in one.lines if line.item == item]
        entry = by_item.get(item)
        if entry is not None:
            made = _entered_line(own, entry, rates, people)
            if made.is_over and not entry.document.strip():
                over.append(item)
            lines.append(made)
            continue
        for line in own:
            lines.append(_line(line, rates, people))
            # no day of training: nothing is owed, whether the standard is known or not
            if line.amount is None and line.count:
                missing.append(item)
    lines += [_fare_line(book, fare) for fare in fares if fare.people]
    if other:
        place = ITEM_NAMES["other"]
        lines.append(BudgetLine("other", place, "CNY", None, 1, people, None, None, other, Bilingual("", "")))
    return GroupBudget(
        one.edition, one.currency, tuple(lines), tuple(dict.fromkeys(missing)), tuple(over), one.warnings
    )  # fmt: skip


def _check_group(
    one: PersonCost, rates: Mapping[str, Decimal], people: int, fares: Sequence[Fare], other: Decimal
) -> None:
    problems: dict[str, Bilingual] = {}
    if people < 1:
        problems["people"] = Bilingual("人数不少于1人。", "At least 1 person.")
    for currency in sorted({line.currency for line in one.lines if line.count}):
        if rates.get(currency, Decimal(0)) <= 0:
            text = Bilingual(
                f"请填写{currency}汇率、日期和来源。", f"Enter the exchange rate of {currency} with day and source."
            )
            problems[f"rate_{currency}"] = text
    if sum(fare.people for fare in fares) > people:
        problems["fares"] = Bilingual("各级别人数之和超过团组人数。", "More people in the ranks than in the group.")
    if other < 0 or any(fare.amount < 0 or fare.people < 0 for fare in fares):
        problems["other"] = Bilingual("金额和人数不能为负。", "Amounts and people from 0 up.")
    if problems:
        raise RuleInputError(problems)


def _line(line: CostLine, rates: Mapping[str, Decimal], people: int) -> BudgetLine:
    rate = rates.get(line.currency)
    amount = None if line.amount is None else Decimal(0)
    if line.amount is not None and line.count and rate is not None:
        amount = in_yuan(line.amount, rate) * people
    return BudgetLine(
        line.item, line.place, line.currency, line.rate, line.count, people, line.amount, rate, amount, line.source
    )


def _entered_line(own: Sequence[CostLine], entry: Entered, rates: Mapping[str, Decimal], people: int) -> BudgetLine:
    """An entered amount replaces the lines of its item; above the standard it needs its document."""
    known = [line.amount for line in own if line.amount is not None]
    standard = sum(known, Decimal(0)) if len(known) == len(own) else None
    currency = own[0].currency
    source = Bilingual(entry.document, entry.document)
    rate = rates.get(currency)
    amount = in_yuan(entry.amount, rate) * people if rate is not None else None
    is_over = standard is not None and entry.amount > standard
    return BudgetLine(
        entry.item, own[0].place, currency, None, 1, people, entry.amount, rate, amount, source, is_over
    )  # fmt: skip


def _fare_line(book: RuleBook, fare: Fare) -> BudgetLine:
    row = book.find("training_ranks", fare.rank)
    place = row.name if row is not None else Bilingual(fare.rank, fare.rank)
    source = row.sources if row is not None else Bilingual("", "")
    return BudgetLine(
        "travel", place, "CNY", fare.amount, 1, fare.people, fare.amount, None, fare.amount * fare.people, source
    )  # fmt: skip


# --- the command --------------------------------------------------------------------------------------------------


def cost_json(cost: PersonCost) -> dict[str, Any]:
    """The shape of the contract: currency, per_person as decimal text, lines, missing."""
    return {
        "edition": cost.edition,
        "currency": cost.currency,
        "per_person": _text(cost.per_person),
        "lines": [
            {
                "item": line.item,
                "place": {"zh": line.place.zh, "en": line.place.en},
                "rate": None if line.rate is None else _text(line.rate),
                "count": line.count,
                "amount": None if line.amount is None else _text(line.amount),
                "source": {"zh": line.source.zh, "en": line.source.en},
                "row": line.row,
                "confidence": line.confidence,
            }
            for line in cost.lines
        ],
        "missing": list(cost.missing),
        "warnings": [{"zh": text.zh, "en": text.en} for text in cost.warnings],
    }


def _text(amount: Decimal) -> str:
    whole = amount.to_integral_value()
    return str(whole) if amount == whole else format(amount.normalize(), "f")
