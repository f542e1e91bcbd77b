"""The page of an import: limits first, then each file green or red with its problems, and one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Organisation, PlanPart, TrainingPlan, TrainingUnit
from expertdesk.regulations.current import rules_today
from expertdesk.training import guards
from expertdesk.training.importing import CellProblem, FileReport, ImportReport
from expertdesk.training.importing.checking import refused_report
from expertdesk.training.importing.commands import import_sheets
from expertdesk.training.importing.gate import LARGEST_FILE, LARGEST_RUN, MOST_FILES, megabytes
from expertdesk.training.importing.judging import tally
from expertdesk.training.importing.kept import Run, load_run
from expertdesk.training.importing.report import Fate, Severity, place_of
from expertdesk.training.policy import sees_all
from expertdesk.training.unit_names import name_of_unit

_PROBLEMS_SHOWN = 60


@dataclass(frozen=True)
class FileLine:
    """One file. `key` is "" for one that was turned away."""

    key: str
    name: str
    size: str
    units: tuple[Bilingual, ...]
    parts: tuple[Bilingual, ...]
    rows: int
    new: int
    changed: int
    same: int
    errors: int
    warnings: int
    problems: tuple[CellProblem, ...]
    more: int
    is_refused: bool

    @property
    def is_good(self) -> bool:
        return not self.errors

    @property
    def has_corrected(self) -> bool:
        """A file that could be read comes back with its problems marked."""
        return bool(self.key) and not self.is_refused and bool(self.errors or self.warnings)


@dataclass(frozen=True)
class ImportPage:
    year: int
    sees_all: bool
    closed: Any
    most_files: int
    largest_file: str
    largest_file_bytes: int
    largest_run: str
    files: tuple[FileLine, ...]
    new: int
    changed: int
    same: int
    digest: str
    since: int
    tally: tuple[tuple[str, str, Bilingual, int], ...]
    may_confirm: bool
    # parts for which a unit can have its declaration sheet: (code, name)
    parts: tuple[tuple[str, Bilingual], ...] = ()
    # for the bureau, while no file waits: the units of the plan, whose sheets it may hand out
    units: tuple[tuple[int, Bilingual], ...] = ()

    @property
    def bad(self) -> tuple[FileLine, ...]:
        return tuple(one for one in self.files if not one.is_good)

    @property
    def good(self) -> tuple[FileLine, ...]:
        return tuple(one for one in self.files if one.is_good)

    @property
    def error_count(self) -> int:
        return sum(one.errors for one in self.files)


def import_page(plan: TrainingPlan, actor: Actor) -> ImportPage:
    """What waits for this person, read against the plan as it stands now."""
    run = load_run(plan, actor)
    report = import_sheets(plan, run.sheet_files, actor)
    refusals = guards.round_open(plan, actor)
    lines = _lines(run, report)
    return ImportPage(
        year=plan.year,
        sees_all=sees_all(actor),
        closed=refusals[0].text if refusals else "",
        most_files=MOST_FILES,
        largest_file=megabytes(LARGEST_FILE),
        largest_file_bytes=LARGEST_FILE,
        largest_run=megabytes(LARGEST_RUN),
        files=lines,
        new=sum(one.new for one in lines if one.is_good),
        changed=sum(one.changed for one in lines if one.is_good),
        same=sum(one.same for one in lines if one.is_good),
        digest=report.digest,
        since=report.last_event,
        tally=_tally(report),
        may_confirm=report.is_good and not run.turned_away and not refusals,
        parts=_parts(plan),
        units=_units(plan) if sees_all(actor) and run.is_empty and not refusals else (),
    )


def _parts(plan: TrainingPlan) -> tuple[tuple[str, Bilingual], ...]:
    book = rules_today()
    own = {quota.part for quota in plan.quotas} or {PlanPart.ABROAD}
    return tuple((part.value, book.name_of("training_parts", part.value)) for part in PlanPart if part in own)


def _units(plan: TrainingPlan) -> tuple[tuple[int, Bilingual], ...]:
    statement = (
        select(Organisation)
        .join(TrainingUnit, TrainingUnit.organisation_id == Organisation.id)
        .where(TrainingUnit.plan_id == plan.id)
        .order_by(Organisation.id)
    )
    return tuple((one.id, name_of_unit(one)) for one in db.session.scalars(statement))


def bad_keys(plan: TrainingPlan, actor: Actor) -> list[str]:
    """The kept files that have an error."""
    run = load_run(plan, actor)
    report = import_sheets(plan, run.sheet_files, actor)
    return [key for (key, _), one in zip(run.files, report.files, strict=True) if not one.is_good]


def _lines(run: Run, report: ImportReport) -> tuple[FileLine, ...]:
    """Files with errors first, then in the order sent."""
    away = [_line("", refused_report(one.name, one.size, one.refused)) for one in run.turned_away]
    read = [_line(key, one) for (key, _), one in zip(run.files, report.files, strict=True)]
    return tuple(sorted([*away, *read], key=lambda line: line.is_good))


def _line(key: str, one: FileReport) -> FileLine:
    book = rules_today()
    problems = sorted(one.problems, key=place_of)
    return FileLine(
        key=key,
        name=one.name,
        size=megabytes(one.size),
        units=_distinct([sheet.unit for sheet in one.sheets if sheet.unit]),
        parts=_distinct([book.name_of("training_parts", sheet.part.value) for sheet in one.sheets]),
        rows=one.row_count,
        new=sum(1 for row in one.rows if row.fate is Fate.NEW),
        changed=sum(1 for row in one.rows if row.fate is Fate.CHANGED),
        same=sum(1 for row in one.rows if row.fate is Fate.SAME),
        errors=len(one.errors),
        warnings=sum(1 for problem in problems if problem.severity is Severity.WARNING),
        problems=tuple(problems[:_PROBLEMS_SHOWN]),
        more=max(len(problems) - _PROBLEMS_SHOWN, 0),
        is_refused=one.is_refused,
    )


def _distinct(names: Sequence[Bilingual]) -> tuple[Bilingual, ...]:
    return tuple(dict.fromkeys(names))


def _tally(report: ImportReport) -> tuple[tuple[str, str, Bilingual, int], ...]:
    book = rules_today()
    return tuple((code, severity, book.name_of("training_rules", code), n) for code, severity, n in tally(report.rows))
