"""The budget of a training group in yuan: the cost of a person by the standards, dated exchange rates, fares by rank,
amounts entered with a document where no standard exists or, with prior approval, above one.

Each item of each person is turned into yuan and rounded half up to a fen; totals add the rounded items. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.problems import RuleInputError
from expertdesk.regulations.training_costs import (
    FEE,
    INCIDENTALS,
    LODGING,
    MEALS,
    TRAVEL,
    CostLine,
    PersonCost,
    TripFacts,
    cost_of_person,
)

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook

OTHER = "other"
LOCAL_ITEMS = (FEE, LODGING, MEALS, INCIDENTALS)
CNY = "CNY"
RATE_PLACES = 6  # decimals with which an exchange rate is kept: a unit of measure, not a rule
_FEN = Decimal("0.01")  # the smallest coin, not a rule
_RATE_STEP = Decimal(1).scaleb(-RATE_PLACES)
_ZERO = Decimal(0)
_EMPTY = Bilingual("", "")


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
    """An amount entered by hand, per person for the whole trip in the local currency, with the document it rests on:
    where no standard is on file, or above the standard with its prior approval."""

    item: str
    amount: Decimal
    document: str
    on: date | None = None

    @property
    def is_documented(self) -> bool:
        return bool(self.document.strip()) and self.on is not None


@dataclass(frozen=True)
class BudgetLine:
    """One line of a group's budget. `local` is for one person in `currency`; `amount` in yuan for the whole group, None
    while a standard is missing. `is_over`: entered above the standard; `on` the day of the document."""

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
    row: str = ""
    on: date | None = None


@dataclass(frozen=True)
class GroupBudget:
    """A group's budget. `missing`: items of which a standard, a document or a fare is missing; `over_standard`: items
    above the standard without prior approval."""

    edition: str
    currency: str
    people: int
    lines: tuple[BudgetLine, ...]
    missing: tuple[str, ...]
    over_standard: tuple[str, ...]
    warnings: tuple[Bilingual, ...]

    def total_of(self, item: str) -> Decimal | None:
        """Yuan of one item; None while part of it is missing."""
        if item in self.missing:
            return None
        return sum((line.amount for line in self.lines if line.item == item and line.amount is not None), _ZERO)

    @property
    def total(self) -> Decimal:
        """What is known, added up."""
        return sum((line.amount for line in self.lines if line.amount is not None), _ZERO)

    @property
    def per_person(self) -> Decimal:
        return to_fen(self.total / self.people)

    @property
    def is_complete(self) -> bool:
        return not self.missing and not self.over_standard


def to_fen(amount: Decimal) -> Decimal:
    """Rounded half up to 0.01."""
    return amount.quantize(_FEN, ROUND_HALF_UP)


def in_yuan(local: Decimal, rate: Decimal) -> Decimal:
    """One item of one person, rounded half up to 0.01."""
    return to_fen(local * rate)


def exchange_per_one(quoted: Decimal, per: int) -> Decimal:
    """A quotation per 100 units (usual for JPY) as CNY for 1 unit, six decimals."""
    return (quoted / per).quantize(_RATE_STEP, ROUND_HALF_UP)


def group_budget(
    book: RuleBook,
    trip: TripFacts,
    people: int,
    *,
    exchanges: Sequence[Exchange],
    fares: Sequence[Fare] = (),
    other: Decimal = _ZERO,
    entered: Sequence[Entered] = (),
) -> GroupBudget:
    """The budget of `people` on the same trip. `other` is inter-city travel, visas, insurance, in yuan for the group.

    RuleInputError by field: as for one person; no exchange rate for a currency (`rate_JPY`); fares for more people
    than go; amounts below 0; an item that is not entered by hand (`entered_travel`).
    """
    one = cost_of_person(book, trip)
    _check(book, people, fares, other, entered)
    made = _Making(book, one, people, {exchange.currency: exchange.rate for exchange in exchanges})
    typed = {entry.item: entry for entry in entered}
    for item in LOCAL_ITEMS:
        made.add_item(item, typed.get(item))
    made.add_fares(fares)
    made.add_train()
    if other:
        name, amount = book.row("cost_items", OTHER).name, to_fen(other)
        made.lines.append(BudgetLine(OTHER, name, CNY, None, 1, people, None, None, amount, _EMPTY))
    made.refuse()
    return GroupBudget(
        edition=one.edition,
        currency=one.currency,
        people=people,
        lines=tuple(made.lines),
        missing=tuple(made.missing),
        over_standard=tuple(made.over),
        warnings=tuple(dict.fromkeys((*made.still_true(one.warnings), *made.warnings, *_at_cost(book, fares)))),
    )


class _Making:
    """Gathers the lines, what is missing, what lies above the standard."""

    def __init__(self, book: RuleBook, one: PersonCost, people: int, rates: Mapping[str, Decimal]) -> None:
        self.book, self.one, self.people, self.rates = book, one, people, rates
        self.lines: list[BudgetLine] = []
        self.missing: list[str] = []
        self.over: list[str] = []
        self.warnings: list[Bilingual] = []
        self.problems: dict[str, Bilingual] = {}

    def add_item(self, item: str, entry: Entered | None) -> None:
        own = self.one.of_item(item)
        standard = None if item in self.one.needed else sum((line.amount or _ZERO for line in own), _ZERO)
        if entry is None or (standard is None and not entry.is_documented):
            self.lines += self._by_standard(own)
            if standard is None:
                self.missing.append(item)
            if entry is not None:
                self.warnings.append(self.book.say("BUDGET_DOCUMENT_WANTED", what=own[0].name))
            return
        is_over = standard is not None and entry.amount > standard
        if is_over and not entry.is_documented:
            self.over.append(item)
        self.lines.append(self._by_hand(own[0], entry, is_over))

    def _by_standard(self, own: Sequence[CostLine]) -> Iterator[BudgetLine]:
        """A line for each place. The item is rounded once for each person: its lines add up to that."""
        local, before = _ZERO, _ZERO
        for line in own:
            rate, amount = self._rate(line.currency, line.amount), None
            if line.amount is not None:
                local += line.amount
                so_far = in_yuan(local, rate)
                amount, before = (so_far - before) * self.people, so_far
            elif not line.count:
                amount = _ZERO
            yield BudgetLine(
                line.item, line.place, line.currency, line.rate, line.count, self.people, line.amount, rate or None,
                amount, line.source, row=line.row,
            )  # fmt: skip

    def _by_hand(self, line: CostLine, entry: Entered, is_over: bool) -> BudgetLine:
        rate = self._rate(line.currency, entry.amount)
        amount = in_yuan(entry.amount, rate) * self.people
        said = entry.document.strip()
        return BudgetLine(
            entry.item, line.place, line.currency, None, 1, self.people, entry.amount, rate or None, amount,
            Bilingual(said, said), is_over, on=entry.on,
        )  # fmt: skip

    def _rate(self, currency: str, local: Decimal | None) -> Decimal:
        """CNY for 1 unit; only asked for where there is something to turn into yuan."""
        rate = self.rates.get(currency)
        if rate is None and not local:
            return _ZERO
        if rate is None:
            self.problems[f"rate_{currency}"] = self.book.say("BUDGET_EXCHANGE_MISSING", currency=currency)
        elif rate <= 0 or rate != rate.quantize(_RATE_STEP):
            said = self.book.say("BUDGET_EXCHANGE_FORM", currency=currency, rate=rate, places=RATE_PLACES)
            self.problems[f"rate_{currency}"] = said
        return rate or _ZERO

    def add_fares(self, fares: Sequence[Fare]) -> None:
        for fare in fares:
            if fare.people:
                rank, each = self.book.row("training_ranks", fare.rank), to_fen(fare.amount)
                amount = each * fare.people
                self.lines.append(
                    BudgetLine(TRAVEL, rank.name, CNY, each, 1, fare.people, each, None, amount, rank.sources)
                )
        count = sum(fare.people for fare in fares)
        if count < self.people:
            self.missing.append(TRAVEL)
            self.warnings.append(self.book.say("BUDGET_FARES_FEW", count=count, people=self.people))

    def add_train(self) -> None:
        """The allowance of everybody who goes by train: international travel."""
        for line in self.one.of_item(TRAVEL):
            rate = self._rate(line.currency, line.amount)
            amount = in_yuan(line.amount or _ZERO, rate) * self.people
            self.lines.append(
                BudgetLine(
                    TRAVEL, line.place, line.currency, line.rate, line.count, self.people, line.amount, rate or None,
                    amount, line.source, row=line.row,
                )
            )

    def still_true(self, warnings: Sequence[Bilingual]) -> Iterator[Bilingual]:
        """Without the calls for an amount that has been entered by now."""
        settled = {line.warning for line in self.one.lines if line.is_needed and line.item not in self.missing}
        settled -= {line.warning for line in self.one.lines if line.item in self.missing}
        return (text for text in warnings if text not in settled)

    def refuse(self) -> None:
        if self.problems:
            raise RuleInputError(self.problems)


def _at_cost(book: RuleBook, fares: Sequence[Fare]) -> Iterator[Bilingual]:
    for row in book.rows("training_ranks"):
        if row.lodging_at_cost and any(fare.rank == row.code and fare.people for fare in fares):
            yield book.say("BUDGET_LODGING_AT_COST", rank=row.name)


def _check(book: RuleBook, people: int, fares: Sequence[Fare], other: Decimal, entered: Sequence[Entered]) -> None:
    problems: dict[str, Bilingual] = {}
    if people < 1:
        problems["people"] = book.say("BUDGET_PEOPLE_LEAST")
    if other < 0:
        problems["other"] = book.say("BUDGET_AMOUNT_NEGATIVE", what=book.name_of("cost_items", OTHER))
    for fare in fares:
        if fare.amount < 0 or fare.people < 0:
            problems["fares"] = book.say("BUDGET_AMOUNT_NEGATIVE", what=book.name_of("training_ranks", fare.rank))
        if book.find("training_ranks", fare.rank) is None:
            table = book.title("training_ranks")
            problems["fares"] = book.say("UNKNOWN_CODE", code=fare.rank, table=table)
    count = sum(fare.people for fare in fares)
    if count > people:
        problems.setdefault("fares", book.say("BUDGET_FARES_MANY", count=count, people=people))
    for entry in entered:
        name = book.name_of("cost_items", entry.item)
        if entry.item not in LOCAL_ITEMS:
            problems[f"entered_{entry.item}"] = book.say("BUDGET_NOT_ENTERED", what=name)
        elif entry.amount < 0:
            problems[f"entered_{entry.item}"] = book.say("BUDGET_AMOUNT_NEGATIVE", what=name)
    if problems:
        raise RuleInputError(problems)
