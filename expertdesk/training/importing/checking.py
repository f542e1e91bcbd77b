"""A run of files from bytes to report: each read by itself, then all of them against each other and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.foundation.numbers import NumberPattern
from expertdesk.models import PlanPart
from expertdesk.regulations import RuleBook
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.importing.columns import Headings, Table, find_table, headings_of
from expertdesk.training.importing.gate import FileRefused
from expertdesk.training.importing.heads import Head, read_head
from expertdesk.training.importing.judging import judged
from expertdesk.training.importing.known import Known, KnownUnit
from expertdesk.training.importing.matching import Matcher, unit_title
from expertdesk.training.importing.reading import Grid, place, read_grids
from expertdesk.training.importing.report import (
    CellProblem,
    FileReport,
    ImportReport,
    ReadRow,
    Severity,
    SheetFile,
    SheetReport,
)
from expertdesk.training.importing.rows import Readers, SheetReader, readers_of
from expertdesk.training.importing.values import Names, shown

# far more than a year's plan; a run is read inside one request
MOST_ROWS_OF_RUN = 6_000
MOST_CELLS_OF_RUN = 600_000
# required columns that another column or the lines above can stand for
_STAND_INS: dict[str, tuple[frozenset[str], ...]] = {
    "depart_month": (frozenset({"leave_on"}),),
    "days": (frozenset({"leave_on", "return_on"}),),
    "budget_total_cny": (frozenset(AMOUNTS),),
}


def read_sheets(
    files: Sequence[SheetFile], book: RuleBook, known: Known, pattern: NumberPattern, judge_on: date | None
) -> ImportReport:
    """Read and check; nothing is written. `pattern`: how numbers of this plan look. `judge_on`: the day for the limits
    that each declaration would fail; None = nobody asks for them."""
    run = _Run(book, known, Matcher(known, pattern))
    reports = tuple(run.read(one) for one in files)
    files_read = reports if judge_on is None else judged(reports, known, book, judge_on)
    return ImportReport(known.year, files_read, known.last_event)


@dataclass
class _Run:
    book: RuleBook
    known: Known
    matcher: Matcher

    def __post_init__(self) -> None:
        self.headings: Headings = headings_of(self.book)
        self.readers: Readers = readers_of(self.book, self.headings)
        self._digests: dict[str, str] = {}
        self._cells = self._rows = 0

    def read(self, one: SheetFile) -> FileReport:
        """One file. What cannot be read at all has one problem and no sheets."""
        digest = one.digest
        twin = self._digests.setdefault(digest, one.name)
        try:
            if twin is not one.name:
                text = lazy("The same file is in this run already, as %(name)s.", name=twin)
                return _refused(one, text, "twin")
            tables = self._tables(one)
        except FileRefused as refused:
            return _refused(one, refused.text, refused.code)
        sheets, problems = [], []
        for grid, table in tables:
            sheet, found = self._sheet(one.name, grid, table)
            sheets.append(sheet)
            problems += found
        report = FileReport(one.name, digest, len(one.data), tuple(sheets), tuple(problems))
        return replace(report, problems=(*self._about_the_file(report), *problems))

    def _tables(self, one: SheetFile) -> list[tuple[Grid, Table]]:
        if self._rows > MOST_ROWS_OF_RUN:
            raise FileRefused("run_rows", most=MOST_ROWS_OF_RUN)
        if self._cells > MOST_CELLS_OF_RUN:
            raise FileRefused("run_cells", most=MOST_CELLS_OF_RUN)
        grids = read_grids(one.data)
        self._cells += sum(len(grid.cells) for grid in grids)
        found = [(grid, table) for grid in grids if (table := find_table(grid, self.headings)) is not None]
        if not found:
            raise FileRefused("no_table", sheets=Names(tuple(shown(grid.name) for grid in grids)))
        return found

    def _about_the_file(self, report: FileReport) -> Iterator[CellProblem]:
        if not report.row_count:
            text = lazy("The table holds no project; fill in at least one row.")
            yield CellProblem(report.name, "", "", text, Severity.ERROR, "no_rows")
        before = self.matcher.sent_before(report.digest, report.content, report.rows)
        if before is not None:
            yield CellProblem(report.name, "", "", before, Severity.ERROR, "sent_before")

    # --- one sheet -------------------------------------------------------------------------------------------------

    def _sheet(self, file: str, grid: Grid, table: Table) -> tuple[SheetReport, list[CellProblem]]:
        head = read_head(grid, table.top)
        unit, problems = self.matcher.unit_of_sheet(head, file, grid.name)
        if unit is None and not problems and "organising_unit" not in table.columns:
            text = lazy("The sheet does not say which unit it is from; write its name or credit code above the table.")
            problems.append(CellProblem(file, grid.name, place(1, 1), text, Severity.ERROR, "no_unit"))
        problems += self._about_the_table(file, grid, table, head)
        reader = SheetReader(file, grid, table, self.known.year, head.factor, self.readers)
        rows: list[ReadRow] = []
        count = 0
        for raw in reader.rows():
            count += 1
            self._rows += 1
            matched = self.matcher.match(raw, reader, head.part, unit)
            problems += raw.problems
            if matched is not None:
                rows.append(matched)
        report = SheetReport(
            grid.name, head.part or _part_of(rows), _unit_name(unit, rows, self.matcher), tuple(rows), count,
            place(table.bottom, 1),
        )  # fmt: skip
        return report, problems

    def _about_the_table(self, file: str, grid: Grid, table: Table, head: Head) -> Iterator[CellProblem]:
        if head.year is not None and int(head.year.text) != self.known.year:
            text = lazy(
                "This is a sheet of %(year)s; the plan is for %(plan)s.", year=head.year.text, plan=self.known.year
            )
            yield CellProblem(file, grid.name, head.year.cell, text, Severity.ERROR, "other_year")
        for key in self._missing(table):
            text = lazy("The column “%(name)s” is missing.", name=self.headings.names[key])
            cell = place(table.bottom, min(column.number for column in table.columns.values()))
            yield CellProblem(file, grid.name, cell, text, Severity.ERROR, "no_column")
        for key, cell in table.doubles:
            text = lazy("The column “%(name)s” stands twice.", name=self.headings.names[key])
            yield CellProblem(file, grid.name, cell, text, Severity.ERROR, "double_column")
        for heading, cell in table.unknown:
            text = lazy("The column “%(name)s” is not known and was not read.", name=shown(heading))
            yield CellProblem(file, grid.name, cell, text, Severity.NOTE, "unknown_column")

    def _missing(self, table: Table) -> Iterator[str]:
        """Required columns that are not there; the unit may stand above the table."""
        for row in self.book.rows("training_columns"):
            stand_ins = _STAND_INS.get(row.code, ())
            if not row.required or row.code in table.columns or row.code == "organising_unit":
                continue
            if not any(keys <= table.columns.keys() for keys in stand_ins):
                yield row.code


def _refused(one: SheetFile, text: Any, code: str) -> FileReport:
    problem = CellProblem(one.name, "", "", text, Severity.ERROR, code)
    return FileReport(one.name, one.digest, len(one.data), problems=(problem,), is_refused=True)


def refused_report(name: str, size: int, refused: FileRefused) -> FileReport:
    """A file that was turned away at the door and is not kept."""
    problem = CellProblem(name, "", "", refused.text, Severity.ERROR, refused.code)
    return FileReport(name, "", size, problems=(problem,), is_refused=True)


def _part_of(rows: Sequence[ReadRow]) -> PlanPart:
    return rows[0].data.part if rows else PlanPart.ABROAD


def _unit_name(unit: KnownUnit | None, rows: Sequence[ReadRow], matcher: Matcher) -> Bilingual:
    """The unit of the sheet; nothing where its rows are of several."""
    units = {row.organisation_id for row in rows}
    if unit is None and len(units) == 1:
        unit = matcher.units.by_id(units.pop())
    return unit_title(unit) if unit is not None else Bilingual("", "")
