"""From the rows under a header to values by column, every bad cell named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from openpyxl.utils import range_boundaries

from expertdesk.foundation.locale import lazy
from expertdesk.foundation.text import TextProblem, clean_text
from expertdesk.regulations import RuleBook
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.importing import values
from expertdesk.training.importing.columns import NOT_READ, Headings, Table
from expertdesk.training.importing.places import Countries, countries_of
from expertdesk.training.importing.reading import Cell, Grid
from expertdesk.training.importing.report import CellProblem, Severity
from expertdesk.training.importing.values import Choices, ValueProblem
from expertdesk.training.importing.words import in_each_language, key_of, narrow

_LONGEST_NAME, _LONGEST_TEXT, _LONGEST_NUMBER, _LONGEST_PIECE = 300, 1_000, 40, 120
_MOST_PIECES = 20
_MOST_DAYS = 366
_MOST_PEOPLE = 9_999
_MONEY = (*AMOUNTS, "budget_total_cny", "subsidy_requested", "banquet", "gifts")
_TICKS = ("awards_degree", "is_for_training_only", "is_without_agents_or_family", "is_without_sponsors", "is_secret")
# one value may stand for the rows of several projects; for a count or an amount nobody could tell what it means
_FILLED_DOWN = frozenset(
    {"organising_unit", "dispatching_unit", "key_field", "approval_type", "destination", "cities", "host_institution",
     "funding_source", "depart_month", "remarks", "term"}
)  # fmt: skip
_TOTALS = frozenset(
    map(key_of, ("合计", "总计", "小计", "共计", "累计", "Total", "Totals", "Sum", "Subtotal", "Grand total"))
)
_NOTES = re.compile(
    r"^(注|备注|说明|填表说明|填表人|填报人|制表人?|审核人?|负责人|单位负责人|主要负责人|联系人|联系电话|填报日期|填表日期"
    r"|编制单位|盖章|签字|单位\(盖章\)|notes?|prepared by|filled in by|checked by|head of the unit|signed|signature"
    r"|seal|contact|phone|date)\s*(\([^()]*\)|\d)?\s*[:.]",
    re.I,
)
_WIDE = 3


@dataclass
class RawRow:
    """One row: what could be read of it by column key, and its problems."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    # keys whose cell is bad: nothing further is said about them
    bad: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Readers:
    """What the values of a rule book are read with."""

    countries: Countries
    choices: Mapping[str, Choices]
    headings: Headings
    # how far total and single amounts may differ (K01)
    tolerance: Decimal = Decimal(0)


def readers_of(book: RuleBook, headings: Headings) -> Readers:
    tables = {
        "key_field": "training_fields",
        "approval_type": "training_approval_types",
        "funding_source": "training_fundings",
        "term": "training_terms",
    }
    lists = {key: Choices([(row.code, row.name) for row in book.rows(table)]) for key, table in tables.items()}
    rule = book.find("training_rules", "K01")
    tolerance = (rule.params or {}).get("tolerance", Decimal(0)) if rule is not None else Decimal(0)
    return Readers(countries_of(book), lists, headings, tolerance)


@dataclass(frozen=True)
class SheetReader:
    """The rows of one table. `factor`: what the lines above the table say of its amounts."""

    file: str
    grid: Grid
    table: Table
    year: int
    factor: Decimal | None
    readers: Readers

    @cached_property
    def _ways(self) -> dict[str, Callable[[Any], Any]]:
        """How the values of each column are read."""
        return {key: self._reader(key) for key in self.table.columns}

    def rows(self) -> Iterator[RawRow]:
        """Rows with a project in them; blank ones, totals, notes and repeated headers are passed over."""
        for row in self.grid.filled_rows():
            if row > self.table.bottom and self._holds_a_project(row):
                yield self._read(row)

    # --- which rows ----------------------------------------------------------------------------------------------

    def _holds_a_project(self, row: int) -> bool:
        texts = self.grid.own_texts(row)
        if not texts:
            return False
        filled = [key for key, column in self.table.columns.items() if self._is_content(key, row, column.number)]
        if not filled:
            return False
        first_column, first = texts[0]
        words = (first, *in_each_language(first))
        if any(key_of(word) in _TOTALS for word in words) or _NOTES.match(narrow(first)):
            return False
        merged = self.grid.at(row, first_column).merged
        if len(texts) == 1 and merged and _columns_of(merged) >= _WIDE:
            return False
        if len(texts) == 1 and not set(filled) - {"remarks", "dispatching_unit"}:
            return False
        heads = [key for key in filled if self.readers.headings.key(self.grid.text(row, self._number(key))) == key]
        return len(heads) < _WIDE

    def _is_content(self, key: str, row: int, column: int) -> bool:
        """Something that a person typed for this row: serials, formulas and what the bureau fills in do not count."""
        if key in NOT_READ:
            return False
        cell = self.grid.at(row, column)
        own = cell.is_first or not cell.merged or key not in _FILLED_DOWN
        return own and not cell.is_formula and not cell.is_empty

    def _number(self, key: str) -> int:
        return self.table.columns[key].number

    # --- one row -------------------------------------------------------------------------------------------------

    def _read(self, row: int) -> RawRow:
        found = RawRow(row)
        for key in self.table.columns:
            if key in NOT_READ and key != "term":
                continue
            cell = self.grid.at(row, self._number(key))
            try:
                value = self._value(key, row, cell, found)
            except ValueProblem as problem:
                self.blame(found, key, problem.code, problem.reason)
                continue
            if value not in (None, "", ()):
                found.values[key] = value
        self._check(found)
        return found

    def blame(
        self,
        row: RawRow,
        key: str,
        code: str,
        reason: Any,
        severity: Severity = Severity.ERROR,
        also: tuple[str, ...] = (),
    ) -> None:
        """A problem at the cell of `key`."""
        cell = self.table.cell(key, row.row)
        row.problems.append(CellProblem(self.file, self.grid.name, cell, reason, severity, code))
        if severity is Severity.ERROR:
            row.bad |= {key, *also}

    def _value(self, key: str, row: int, cell: Cell, found: RawRow) -> Any:
        if key == "term" and (cell.is_formula or cell.is_error):
            return None
        if cell.is_error:
            raise ValueProblem(
                "error_value", lazy("The cell holds the error %(value)s.", value=values.shown(cell.value))
            )
        if cell.is_formula and cell.value is None:
            text = lazy(
                "The formula in this cell has no value. Open the file in Excel or WPS, save it, and send it again."
            )
            raise ValueProblem("formula_empty", text)
        if cell.merged and not cell.is_first:
            self._merged(key, row, cell, found)
        if cell.is_empty:
            return None
        return self._ways[key](cell.value)

    def _merged(self, key: str, row: int, cell: Cell, found: RawRow) -> None:
        left, top, _right, bottom = range_boundaries(cell.merged)
        if key not in _FILLED_DOWN or left != self._number(key):
            if (top, bottom) == (row, row):
                text = lazy(
                    "Cells %(range)s are merged across columns; each column needs its own value.", range=cell.merged
                )
            else:
                text = lazy("Cells %(range)s are merged; each project needs its own value.", range=cell.merged)
            raise ValueProblem("merged", text)
        text = lazy("Cells %(range)s are merged; their value was taken for this row too.", range=cell.merged)
        self.blame(found, key, "merged_filled", text, Severity.WARNING)

    def _reader(self, key: str) -> Callable[[Any], Any]:
        if key in _MONEY:
            return partial(values.money, unit=self.table.columns[key].unit or self.factor)
        if key in _TICKS:
            return values.tick
        special: dict[str, Callable[[Any], Any]] = {
            "people_planned": values.whole,
            "leaders_planned": values.whole,
            "days": values.whole,
            "depart_month": partial(values.when, year=self.year),
            "leave_on": partial(values.day, year=self.year),
            "return_on": partial(values.day, year=self.year),
            "destination": self.readers.countries.several,
            "funding_source": self.readers.choices["funding_source"].several,
            "key_field": self.readers.choices["key_field"].one,
            "approval_type": self.readers.choices["approval_type"].one,
            "term": lambda value: self.readers.choices["term"].find(_as_text(value)),
            "cities": _pieces,
            "dispatching_unit": _pieces,
            "project_no": partial(_text, most=_LONGEST_NUMBER),
            "remarks": partial(_text, most=_LONGEST_TEXT, multiline=True),
        }
        return special.get(key, partial(_text, most=_LONGEST_NAME))

    # --- what a row says as a whole --------------------------------------------------------------------------------

    def _check(self, row: RawRow) -> None:
        self._check_name(row)
        self._check_people(row)
        self._check_time(row)
        self._check_amounts(row)

    def _check_name(self, row: RawRow) -> None:
        if "project_name" not in row.values and "project_name" not in row.bad:
            self.blame(row, "project_name", "no_name", lazy("The name of the project is missing."))

    def _check_people(self, row: RawRow) -> None:
        people, leaders = row.values.get("people_planned"), row.values.get("leaders_planned")
        for key, value in (("people_planned", people), ("leaders_planned", leaders)):
            if value is not None and value > _MOST_PEOPLE:
                text = lazy("%(value)s people; at most %(most)s.", value=value, most=_MOST_PEOPLE)
                self.blame(row, key, "too_many_people", text)
        if people is not None and leaders is not None and leaders > people:
            text = lazy("%(leaders)s leading officials among %(people)s people.", leaders=leaders, people=people)
            self.blame(row, "leaders_planned", "leaders", text)

    def _check_time(self, row: RawRow) -> None:
        moment: values.When | None = row.values.get("depart_month")
        first = row.values.get("leave_on") or (moment.first if moment and moment.last else None)
        last = row.values.get("return_on") or (moment.last if moment else None)
        if first and last:
            self._check_span(row, first, last)
        self._check_year(row, moment, first)
        days = row.values.get("days")
        if days is not None and days > _MOST_DAYS:
            text = lazy("%(days)s days; a group is abroad for %(most)s days at most.", days=days, most=_MOST_DAYS)
            self.blame(row, "days", "too_many_days", text)
        term = row.values.pop("term", "")
        if term and days is not None:
            row.values["typed_term"] = term

    def _check_span(self, row: RawRow, first: date, last: date) -> None:
        key = "return_on" if "return_on" in row.values else "depart_month"
        try:
            values.check_order(first, last)
        except ValueProblem as problem:
            self.blame(row, key, problem.code, problem.reason)
            return
        counted = (last - first).days + 1
        days = row.values.setdefault("days", counted) if "days" not in row.bad else counted
        if days != counted and days <= _MOST_DAYS:
            text = lazy("%(days)s days, but from %(first)s to %(last)s there are %(counted)s.", days=days,
                        first=first.isoformat(), last=last.isoformat(), counted=counted)  # fmt: skip
            self.blame(row, "days" if "days" in self.table.columns else key, "days_differ", text, Severity.WARNING)

    def _check_year(self, row: RawRow, moment: values.When | None, first: date | None) -> None:
        if moment is None and first is not None:
            moment = row.values["depart_month"] = values.When(first.month, first.year, first)
        key = "depart_month" if "depart_month" in self.table.columns else "leave_on"
        if moment is not None and moment.year is not None and moment.year != self.year:
            text = lazy("Departure in %(year)s; the plan is for %(plan)s.", year=moment.year, plan=self.year)
            self.blame(row, key, "other_year", text)
        if moment and first and "leave_on" in row.values and moment.month != first.month:
            text = lazy("Month %(month)s, but the departure is on %(day)s.", month=moment.month, day=first.isoformat())
            self.blame(row, "depart_month", "months_differ", text)

    def _check_amounts(self, row: RawRow) -> None:
        amounts = {name: row.values[name] for name in AMOUNTS if name in row.values}
        total = row.values.get("budget_total_cny")
        if row.bad & {*AMOUNTS, "budget_total_cny"}:
            return
        added = sum(amounts.values(), Decimal(0))
        if total is None and len(amounts) == len(AMOUNTS):
            row.values["budget_total_cny"] = added
        elif total is not None and self._do_not_fit(total, added, len(amounts)):
            text = lazy(
                "The total is CNY %(total)s, the single amounts add up to CNY %(added)s.", total=total, added=added
            )
            self.blame(row, "budget_total_cny", "total", text)

    def _do_not_fit(self, total: Decimal, added: Decimal, count: int) -> bool:
        """All six amounts must give the total; some of them not more than it."""
        apart = abs(total - added) > self.readers.tolerance
        return apart and bool(count) and (count == len(AMOUNTS) or added > total)


def _columns_of(merged: str) -> int:
    left, _, right, _ = range_boundaries(merged)
    return int(right or 1) - int(left or 1) + 1


def _as_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    return str(value)


def _text(value: Any, most: int, multiline: bool = False) -> str:
    try:
        return clean_text(_as_text(value), limit=most, multiline=multiline)
    except TextProblem as problem:
        raise ValueProblem(problem.code, problem.message) from None


def _pieces(value: Any) -> tuple[str, ...]:
    """Cities, units: each once, in order."""
    found = values.pieces_of(_as_text(value))
    if len(found) > _MOST_PIECES:
        raise ValueProblem(
            "too_many_names", lazy("%(count)s names; at most %(most)s.", count=len(found), most=_MOST_PIECES)
        )
    return tuple(_text(piece, most=_LONGEST_PIECE) for piece in found)
