"""The rule base: every row of every date and region, and the rule book of one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import LANGUAGES, Bilingual, format_date
from expertdesk.regulations.lint import lint_tables
from expertdesk.regulations.loading import Table, read_tables
from expertdesk.regulations.problems import Problem, RuleInputError, RuleTableError
from expertdesk.regulations.rows import Row
from expertdesk.regulations.shapes import NATION
from expertdesk.regulations.working_days import WorkCalendar

if TYPE_CHECKING:
    from expertdesk.regulations.book import RuleBook
    from expertdesk.regulations.browse import BrowsedTable
    from expertdesk.regulations.compare import Change

_BOOKS = 4096  # days kept ready; a work list touches a few hundred different rule dates


def load(overrides: Path | None = None) -> RuleBase:
    """The rule base from the shipped tables; a file of the same name in `overrides` replaces the shipped one.

    Raises RuleTableError with every problem found (file, line, sentence in both languages).
    """
    tables, problems = read_tables(overrides)
    if not problems:
        problems = lint_tables(tables)
    if problems:
        raise RuleTableError(problems)
    return RuleBase(tables)


def check(overrides: Path | None = None) -> list[Problem]:
    """Every problem of the tables; empty when all is well. For the command `check`."""
    tables, problems = read_tables(overrides)
    return problems or lint_tables(tables)


class RuleBase:
    """All tables. Immutable after loading; share one per process."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = dict(tables)
        rows = ((name, row) for name, table in self._tables.items() for row in reversed(table.rows))
        self._first = {(name, row.code): row for name, row in rows}
        self.calendar = WorkCalendar.from_rows(self.rows("calendar"), self.rows("statutory_holidays"))
        self._cite()
        self._book = lru_cache(maxsize=_BOOKS)(self._make_book)
        self._in_force = lru_cache(maxsize=_BOOKS)(self._select)
        self._epochs = sorted(self._change_days())

    def rows(self, table: str) -> tuple[Row, ...]:
        """Every row of a table, of all days and regions."""
        return self._tables[table].rows if table in self._tables else ()

    def any_row(self, table: str, code: str) -> Row | None:
        """The first row of a code, of any day and region: for names."""
        return self._first.get((table, code))

    def table(self, code: str) -> Table:
        return self._tables[code]

    def table_codes(self) -> tuple[str, ...]:
        return tuple(self._tables)

    def on(self, day: date, region: str = "Beijing") -> RuleBook:
        """The rules in force on a day in a region. An unknown region raises RuleInputError."""
        if region not in self.regions():
            known = ", ".join(self.regions())
            zh = f"没有地区“{region}”，可用：{known}。"
            raise RuleInputError({"region": Bilingual(zh, f"There is no region “{region}”; known: {known}.")})
        return self._book(day, region)

    def regions(self) -> tuple[str, ...]:
        return tuple(row.code for row in self.rows("regions")) or (NATION,)

    def say(self, code: str, /, **values: Any) -> Bilingual:
        """A sentence of the table `sentences`, filled in for each language (Bilingual values in their language)."""
        row = self._first["sentences", code]
        return Bilingual(*(_fill(row.name.text(language), values, language) for language in LANGUAGES))

    def in_force(self, table: str, day: date, region: str) -> tuple[Row, ...]:
        """Rows of a table on a day: national ones and the region's own, which wins over a national row of the same
        code. Asked through a RuleBook."""
        return self._in_force(table, self._epoch(day), region)

    def change_days(self) -> tuple[date, ...]:
        """Days from which anything reads differently than the day before, in order."""
        return tuple(day for day in self._epochs if day > date.min)

    def diff(self, first: date, second: date, region: str | None = None) -> list[Change]:
        """What changed from the rules of one day to those of another, row by row and field by field."""
        from expertdesk.regulations.compare import compare_days

        return compare_days(self, first, second, region)

    def tables(self, region: str | None = None) -> tuple[BrowsedTable, ...]:
        """Every table for reading: title, columns, rows as text in both languages (rule browser)."""
        from expertdesk.regulations.browse import browse

        return browse(self, region)

    def _make_book(self, day: date, region: str) -> RuleBook:
        from expertdesk.regulations.book import RuleBook

        return RuleBook(self, day, region)

    def _change_days(self) -> set[date]:
        """Days on which anything begins or has ended; between two of them nothing changes."""
        days: set[date] = {date.min}
        for table in self._tables.values():
            for row in table.rows:
                days.add(row.valid_from)
                if row.valid_to is not None and row.valid_to < date.max:
                    days.add(date.fromordinal(row.valid_to.toordinal() + 1))
        return days

    def _epoch(self, day: date) -> date:
        from bisect import bisect_right

        return self._epochs[bisect_right(self._epochs, day) - 1]

    def _select(self, table: str, day: date, region: str) -> tuple[Row, ...]:
        rows = [row for row in self.rows(table) if row.in_force(day) and row.region in (NATION, region)]
        own = {row.code for row in rows if row.region == region}
        return tuple(row for row in rows if row.region == region or row.code not in own)

    def _cite(self) -> None:
        names: dict[str, Bilingual] = {row.code: row.name for row in self.rows("sources")}
        names.update({row.code: row.name for row in self.rows("articles")})
        names.update({row.code: row.short for row in self.rows("laws")})
        for table in self._tables.values():
            for row in table.rows:
                row.cite(join_names(names.get(code, Bilingual(code, code)) for code in row.get("source", ())))


def _fill(pattern: str, values: Mapping[str, Any], language: str) -> str:
    return pattern.format(**{name: _spelt(value, language) for name, value in values.items()})


def _spelt(value: Any, language: str) -> str:
    if isinstance(value, Bilingual):
        return value.text(language)
    return format_date(value, language=language) if isinstance(value, date) else str(value)


def join_names(names: Iterable[Bilingual]) -> Bilingual:
    """Several names as one text in each language."""
    kept = list(names)
    return Bilingual("；".join(name.zh for name in kept), "; ".join(name.en for name in kept))
