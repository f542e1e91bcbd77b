"""What a trip costs one person by the standards in force (tables cost_*, training_fees), in foreign currency and exact.

Training fee x training days + accommodation x nights + meals x days + incidentals x days; what the host bears is taken
off. A standard that nobody knows is named and never counted as nothing in silence. Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual, country_name
from expertdesk.regulations.answers import both
from expertdesk.regulations.figures import plain
from expertdesk.regulations.problems import RuleInputError
from expertdesk.regulations.rows import Row

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook

FEE, LODGING, MEALS, INCIDENTALS = "training_fee", "lodging", "meals", "incidentals"
TRAVEL, TRAIN_CURRENCY = "travel", "USD"
DAILY = (MEALS, INCIDENTALS)
_REST = ("其他城市", "other cities")
_BETWEEN = "、"
_ZERO = Decimal(0)
_HOURS_OF_A_DAY = 24  # no rule


@dataclass(frozen=True)
class Stay:
    """Nights in paid lodging in one city, in the order of the trip; nights on board are not counted."""

    city: str
    nights: int


@dataclass(frozen=True)
class Host:
    """What the foreign side bears: days with meals, days with pocket money, nights, the training fee."""

    meal_days: int = 0
    incidental_days: int = 0
    lodging_nights: int = 0
    pays_fee: bool = False

    @classmethod
    def feeding(cls, days: int) -> Host:
        """Fed by the host: meals and pocket money on every day."""
        return cls(meal_days=days, incidental_days=days)


@dataclass(frozen=True)
class TripFacts:
    """`days` from leaving to coming back across the border, both counted. `edition`: "" = the one in force on the
    first day abroad. `reference_country`: whose standards hold for a country without any (article 23). `train_hours`
    and `train_days`: on an international train, the stretch abroad, in hours and in calendar days."""

    country: str
    stays: tuple[Stay, ...]
    training_days: int
    days: int
    first_day_on: date
    host: Host = field(default_factory=Host)
    edition: str = ""
    reference_country: str = ""
    train_hours: int = 0
    train_days: int = 0


@dataclass(frozen=True)
class CostLine:
    """One item in one place. `count` is what is paid for, `hosted` what the host bears beside it; `rate` and `amount`
    None: no standard is known."""

    item: str
    name: Bilingual
    place: Bilingual
    currency: str
    rate: Decimal | None
    count: int
    amount: Decimal | None
    source: Bilingual
    row: str
    confidence: str
    hosted: int = 0
    warning: Bilingual | None = None

    @property
    def is_needed(self) -> bool:
        """Nothing can be paid before somebody enters an amount."""
        return self.rate is None and self.count > 0

    @property
    def is_missing(self) -> bool:
        """There is no standard, and the host does not bear it all."""
        return self.rate is None and not (self.hosted and not self.count)


@dataclass(frozen=True)
class PersonCost:
    """`per_person` adds the known lines in `currency`, `beside` those in another one. `missing`: items without a
    standard; `needed`: those of them to be paid."""

    edition: str
    currency: str
    lines: tuple[CostLine, ...]
    per_person: Decimal
    missing: tuple[str, ...]
    needed: tuple[str, ...]
    warnings: tuple[Bilingual, ...]

    @property
    def beside(self) -> Decimal:
        """The allowance for a train, where the country's standards are in another currency."""
        return sum((line.amount for line in self.lines if line.amount and line.currency != self.currency), _ZERO)

    def of_item(self, item: str) -> tuple[CostLine, ...]:
        return tuple(line for line in self.lines if line.item == item)


def cost_of_person(book: RuleBook, trip: TripFacts) -> PersonCost:
    """Line by line. Raises RuleInputError with a sentence for each field that cannot be judged."""
    edition = edition_of(book, trip.first_day_on, trip.edition)
    rules = book.at(_day_within(edition, trip.first_day_on))
    _check(rules, trip)
    rates, warnings = _rates(rules, trip)
    places = _places(rules, rates, trip, warnings)
    lines = (
        _fee(rules, trip, rates[0].currency),
        *_lodging(rules, edition, places, trip.host, warnings),
        *_daily(rules, edition, places, trip, warnings),
        *_train(rules, trip, warnings),
    )
    warnings += [line.warning for line in lines if line.is_needed and line.warning is not None]
    return PersonCost(
        edition=edition.code,
        currency=(currency := rates[0].currency),
        lines=lines,
        per_person=sum((line.amount for line in lines if line.amount and line.currency == currency), _ZERO),
        missing=_once(line.item for line in lines if line.is_missing),
        needed=_once(line.item for line in lines if line.is_needed),
        warnings=_once(warnings),
    )


def edition_of(book: RuleBook, first_day_on: date, code: str = "") -> Row:
    """The edition in force on the first day abroad, or the one asked for. Raises RuleInputError: unknown, or it holds
    no figures."""
    editions = book.rows("cost_editions")
    found = next((row for row in editions if (row.code == code if code else _holds(row, first_day_on))), None)
    if found is None and code:
        known = ", ".join(row.code for row in editions)
        raise RuleInputError({"edition": book.say("COST_NO_EDITION", code=code, known=known)})
    if found is None:
        raise RuleInputError({"first_day_on": book.at(first_day_on).no_figure(book.title("cost_editions"))})
    if found.rates == "none":
        said = book.say("COST_EDITION_EMPTY", edition=found.name, document=found.document)
        raise RuleInputError({"edition": said})
    return found


def _holds(edition: Row, day: date) -> bool:
    return (edition.starts_on or date.min) <= day <= (edition.ends_on or date.max)


def _day_within(edition: Row, day: date) -> date:
    """The day itself, or the nearest day on which the edition that was asked for held."""
    return min(max(day, edition.starts_on or date.min), edition.ends_on or date.max)


def _once(found: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(found))


# --- is it a trip these standards are for ----------------------------------------------------------------------------


def _check(book: RuleBook, trip: TripFacts) -> None:
    problems: dict[str, Bilingual] = {}
    for name, value in _figures(trip):
        if value < 0:
            problems[name] = book.say("COST_NEGATIVE", what=book.heading(name))
    if trip.days < 1:
        problems["days"] = book.say("COST_DAYS_LEAST")
    if not problems:
        problems = _too_many(book, trip)
    if problems:
        raise RuleInputError(problems)


def _figures(trip: TripFacts) -> Iterator[tuple[str, int]]:
    yield "nights", min((stay.nights for stay in trip.stays), default=0)
    yield "training_days", trip.training_days
    yield "host_meal_days", trip.host.meal_days
    yield "host_incidental_days", trip.host.incidental_days
    yield "host_lodging_nights", trip.host.lodging_nights


def _too_many(book: RuleBook, trip: TripFacts) -> dict[str, Bilingual]:
    limit = book.row("cost_settings", "LONG_STAY_DAYS")
    if trip.days >= limit.value:
        note = limit.note or Bilingual("", "")
        return {"days": book.say("COST_LONG_STAY", days=trip.days, limit=plain(limit.value), note=note)}
    problems: dict[str, Bilingual] = {}
    nights = sum(stay.nights for stay in trip.stays)
    if nights > trip.days - 1:
        problems["nights"] = book.say("COST_NIGHTS_MOST", nights=nights, most=trip.days - 1)
    if trip.training_days > trip.days:
        problems["training_days"] = book.say("COST_TRAINING_MOST", count=trip.training_days, days=trip.days)
    host = trip.host
    for name, count, most in (
        ("host_meal_days", host.meal_days, trip.days),
        ("host_incidental_days", host.incidental_days, trip.days),
        ("host_lodging_nights", host.lodging_nights, nights),
    ):
        if count > most:
            problems[name] = book.say("COST_HOST_MOST", what=book.heading(name), count=count, most=most)
    return problems | _by_train(book, trip)


def _by_train(book: RuleBook, trip: TripFacts) -> dict[str, Bilingual]:
    hours, days = trip.train_hours, trip.train_days
    if not hours and not days:
        return {}
    if not 0 < days <= trip.days:
        return {"train_days": book.say("COST_TRAIN_DAYS", count=days, most=trip.days)}
    if not 0 < hours <= days * _HOURS_OF_A_DAY:
        return {"train_hours": book.say("COST_TRAIN_HOURS", hours=hours, days=days)}
    return {}


# --- which rows hold -------------------------------------------------------------------------------------------------


def country_rates(book: RuleBook, country: str) -> tuple[Row, ...]:
    """The rows of a country; empty when it is not in the table."""
    return tuple(row for row in book.rows("cost_rates") if row.country == country)


def _rates(book: RuleBook, trip: TripFacts) -> tuple[tuple[Row, ...], list[Bilingual]]:
    """The rows to go by, of the country or of the one it is likened to."""
    for name in ("country", "reference_country"):
        code = getattr(trip, name)
        if (code or name == "country") and country_name(code, "en") in ("", code):
            raise RuleInputError({name: book.say("COST_COUNTRY_UNKNOWN", code=code)})
    own, named = country_rates(book, trip.country), _country(trip.country)
    if own and trip.reference_country:
        raise RuleInputError({"reference_country": book.say("COST_REFERENCE_NEEDLESS", country=named)})
    if own:
        return own, []
    if not book.rows("cost_rates"):
        raise RuleInputError({"first_day_on": book.no_figure(book.title("cost_rates"))})
    other = country_rates(book, trip.reference_country) if trip.reference_country else ()
    if not other:
        asked = _country(trip.reference_country) if trip.reference_country else named
        raise RuleInputError({"reference_country": book.say("COST_COUNTRY_NOT_LISTED", country=asked)})
    place = _fallback(other)
    return (place,), [book.say("COST_REFERENCE", country=named, place=place.name)]


def _country(code: str) -> Bilingual:
    return Bilingual(country_name(code, "zh"), country_name(code, "en"))


def _fallback(rates: Sequence[Row]) -> Row:
    """The row of the country's other cities, or its only row."""
    return next((row for row in rates if row.is_rest), rates[-1])


@dataclass(frozen=True)
class _Place:
    row: Row
    nights: int


def _places(book: RuleBook, rates: tuple[Row, ...], trip: TripFacts, warnings: list[Bilingual]) -> list[_Place]:
    found: list[_Place] = []
    for stay in trip.stays or (Stay("", 0),):
        row = _fallback(rates) if trip.reference_country else _row_of(book, rates, stay.city, warnings)
        if row.note is not None:
            warnings.append(row.note)
        found.append(_Place(row, stay.nights))
    return found


def _row_of(book: RuleBook, rates: tuple[Row, ...], typed: str, warnings: list[Bilingual]) -> Row:
    """Whole names only; other names of cities; else the country's other cities, and that is said."""
    rest = _fallback(rates)
    named = [typed] if _listed(book, rates, typed) else [city for city in typed.split(_BETWEEN) if folded(city)]
    if len(rates) == 1:
        return rest
    if not named:
        warnings.append(book.say("COST_CITY_EMPTY", place=rest.name))
        return rest
    rows: list[Row] = []
    for city in named:
        row = _listed(book, rates, city)
        if row is None and folded(city) not in map(folded, _REST):
            warnings.append(book.say("COST_CITY_OTHER", city=city.strip(), place=rest.name))
        rows.append(row or rest)
    if len({row.code for row in rows}) > 1:
        raise RuleInputError({"city": book.say("COST_CITIES_APART", cities=_BETWEEN.join(map(str.strip, named)))})
    return rows[0]


def _listed(book: RuleBook, rates: tuple[Row, ...], city: str) -> Row | None:
    wanted = folded(city)
    if not wanted:
        return None
    for alias in book.rows("city_aliases"):
        if wanted in (folded(alias.name.zh), folded(alias.name.en)):
            wanted = folded(alias.city)
            break
    return next((row for row in rates if wanted in _names(row)), None)


def _names(row: Row) -> set[str]:
    return {folded(name) for city in row.cities for name in (city.zh, city.en)}


def folded(city: str) -> str:
    """A name of a city for comparing: without spaces at the ends and full stops, width and case alike."""
    return unicodedata.normalize("NFKC", city).replace("。", ".").strip(" .\t\u3000").casefold()


# --- the lines -------------------------------------------------------------------------------------------------------


def _fee(book: RuleBook, trip: TripFacts, currency: str) -> CostLine:
    country = trip.reference_country or trip.country
    found = next((row for row in book.rows("training_fees") if row.country == country), None)
    item, hosted = book.row("cost_items", FEE), trip.training_days if trip.host.pays_fee else 0
    count, place = trip.training_days - hosted, _country(country)
    rate = found.amount if found is not None else None
    return CostLine(
        item=FEE,
        name=item.name,
        place=place,
        currency=found.currency if found is not None else currency,
        rate=rate,
        count=count,
        amount=None if rate is None else rate * count,
        source=found.sources if found is not None else item.sources,
        row=found.code if found is not None else "",
        confidence=found.confidence if found is not None else "",
        hosted=hosted,
        warning=None if found is not None else book.say("COST_MISSING", place=place, item=item.name),
    )


def _lodging(
    book: RuleBook, edition: Row, places: list[_Place], host: Host, warnings: list[Bilingual]
) -> tuple[CostLine, ...]:
    nights = [(place.row, place.nights) for place in places]
    return _lines(book, edition, LODGING, nights, host.lodging_nights, warnings)


def _daily(
    book: RuleBook, edition: Row, places: list[_Place], trip: TripFacts, warnings: list[Bilingual]
) -> tuple[CostLine, ...]:
    """A day takes the row of the city of its night; the last day, and days without a paid night, that of the last."""
    left = trip.days - sum(place.nights for place in places)
    days = [*((place.row, place.nights) for place in places), (places[-1].row, left)]
    meals = _lines(book, edition, MEALS, days, trip.host.meal_days, warnings)
    return (*meals, *_lines(book, edition, INCIDENTALS, days, trip.host.incidental_days, warnings))


def _train(book: RuleBook, trip: TripFacts, warnings: list[Bilingual]) -> tuple[CostLine, ...]:
    """So much for each calendar day on an international train whose stretch abroad is longer than the limit."""
    limit, allowance = book.row("cost_settings", "TRAIN_OVER_HOURS"), book.row("cost_settings", "TRAIN_ALLOWANCE")
    if not trip.train_hours:
        return ()
    if trip.train_hours <= limit.value:
        warnings.append(book.say("COST_TRAIN_SHORT", hours=trip.train_hours, limit=plain(limit.value)))
        return ()
    return (
        CostLine(
            item=TRAVEL, name=book.row("cost_items", TRAVEL).name,
            place=book.say("COST_TRAIN_PLACE", limit=plain(limit.value)), currency=TRAIN_CURRENCY,
            rate=allowance.value, count=trip.train_days, amount=allowance.value * trip.train_days,
            source=allowance.sources, row=allowance.code, confidence=allowance.confidence,
        ),
    )  # fmt: skip


def _lines(
    book: RuleBook, edition: Row, item: str, spans: list[tuple[Row, int]], hosted: int, warnings: list[Bilingual]
) -> tuple[CostLine, ...]:
    """One line for each row of the table, in the order of the trip."""
    shares: dict[str, tuple[Row, int, int]] = {}
    rates = {_rate(edition, row, item) for row, count in spans if count}
    if len(rates) > 1 and 0 < hosted < sum(count for _, count in spans):
        warnings.append(book.say("COST_HOST_ORDER"))
    for row, count in spans:
        borne = min(hosted, count)
        hosted -= borne
        _, paid, given = shares.get(row.code, (row, 0, 0))
        shares[row.code] = (row, paid + count - borne, given + borne)
    kept = [share for share in shares.values() if share[1] or share[-1]] or [next(iter(shares.values()))]
    return tuple(_line(book, edition, item, *share) for share in kept)


def _line(book: RuleBook, edition: Row, item: str, row: Row, count: int, hosted: int) -> CostLine:
    rate = _rate(edition, row, item)
    said = None if rate is not None else book.say("COST_NOT_COMPUTABLE", edition=edition.name, place=row.name)
    return CostLine(
        item=item,
        name=book.row("cost_items", item).name,
        place=row.name,
        currency=row.currency,
        rate=rate,
        count=count,
        amount=None if rate is None else rate * count,
        source=book.say("COST_SOURCE", document=edition.document, row=row.row, place=row.name),
        row=row.code,
        confidence=row.confidence,
        hosted=hosted,
        warning=said,
    )


def _rate(edition: Row, row: Row, item: str) -> Decimal | None:
    """The figure of an edition; None where what is on file cannot tell it."""
    if edition.rates == "accommodation_2013":
        if row.not_in_2013:
            return None
        if item == LODGING and row.accommodation_2013 is not None:
            return row.accommodation_2013
    return row.get("accommodation" if item == LODGING else item)


# --- the contract ----------------------------------------------------------------------------------------------------


def training_cost_json(book: RuleBook, trip: TripFacts) -> dict[str, Any]:
    """The answer to `training cost`. Raises RuleInputError."""
    cost = cost_of_person(book, trip)
    edition = book.row("cost_editions", cost.edition)
    return {
        "country": trip.country,
        "country_name": both(_country(trip.country)),
        "stays": [{"city": stay.city, "nights": stay.nights} for stay in trip.stays],
        "first_day_on": trip.first_day_on.isoformat(),
        "edition": cost.edition,
        "edition_name": both(edition.name),
        "document": both(edition.document),
        "edition_confidence": edition.confidence,
        "currency": cost.currency,
        "per_person": plain(cost.per_person),
        "per_person_beside": {TRAIN_CURRENCY: plain(cost.beside)} if cost.beside else {},
        "complete": not cost.needed,
        "lines": [_line_json(line) for line in cost.lines],
        "missing": list(cost.missing),
        "warnings": [both(text) for text in cost.warnings],
    }


def _line_json(line: CostLine) -> dict[str, Any]:
    return {
        "item": line.item,
        "name": both(line.name),
        "place": both(line.place),
        "currency": line.currency,
        "rate": None if line.rate is None else plain(line.rate),
        "count": line.count,
        "borne_by_host": line.hosted,
        "amount": None if line.amount is None else plain(line.amount),
        "row": line.row or None,
        "source": both(line.source),
        "confidence": line.confidence or None,
        "warning": both(line.warning),
    }
