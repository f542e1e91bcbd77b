"""The pages of exports: what can be had of a plan, and one file on its way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, current_language, lazy
from expertdesk.models import ExportState, PlanPart, TrainingExport, TrainingPlan, TrainingProject
from expertdesk.regulations.current import rules_today
from expertdesk.training import export_jobs, exports
from expertdesk.training.export_files import FORMATS, LANGUAGES

# after so long in the queue the page says that the worker may not be running
_LONG_WAIT = timedelta(minutes=1)

ERRORS: dict[str, Any] = {
    "missing_glyph": lazy("No font has the character %(signs)s in “%(where)s”. Write it in another spelling."),
    "blocked": lazy("Hard limits fail now (%(count)s). They stand at the top of the plan’s page."),
    "gone": lazy("The plan is no longer there for you."),
    "gave_up": lazy("The worker ended several times while it made this file. Please tell the administrator."),
    "storage": lazy("The file could not be stored. Please tell the administrator."),
    "unexpected": lazy("Something went wrong; it is noted for the administrator."),
}


@dataclass(frozen=True)
class JobLine:
    """One file somebody asked for."""

    id: int
    kind: str
    language: str
    part: Bilingual | None
    state: str
    percent: int
    asked_at: datetime


@dataclass(frozen=True)
class ExportPage:
    """What the page offers. `parts` are (code, name, groups, digest); a big plan's files are made in the background,
    and the digests stand on the files only."""

    year: int
    data_at: datetime
    parts: tuple[tuple[str, Bilingual, int, str], ...]
    language: str
    is_big: bool
    groups: int
    jobs: tuple[JobLine, ...]
    background: tuple[str, ...] = export_jobs.BACKGROUND
    formats: tuple[str, ...] = FORMATS
    languages: tuple[str, ...] = LANGUAGES


@dataclass(frozen=True)
class JobPage:
    """One file on its way: how far it is, the file when it is there, or why there is none."""

    id: int
    year: int
    line: JobLine
    is_open: bool
    waits_long: bool
    error: Any
    file_name: str
    size_kb: int
    sha256: str
    kept_until: datetime | None
    waits_here: bool


def export_page(plan: TrainingPlan, actor: Actor) -> ExportPage:
    """Parts with their digests: the same plan always has the same."""
    big = export_jobs.is_big(plan)
    parts = _counted(plan) if big else _digests(plan, actor)
    language = "zh" if current_language() == "zh" else "en"
    jobs = tuple(line_of(row) for row in export_jobs.latest(plan, actor)) if big else ()
    groups = sum(part[2] for part in parts)
    return ExportPage(plan.year, plan.changed_at, parts, language, big, groups, jobs)


def _digests(plan: TrainingPlan, actor: Actor) -> tuple[tuple[str, Bilingual, int, str], ...]:
    tables = exports.plan_tables(plan, actor)
    return tuple((table.part_code, table.part, len(table.rows), table.digest) for table in tables)


def _counted(plan: TrainingPlan) -> tuple[tuple[str, Bilingual, int, str], ...]:
    statement = (
        select(TrainingProject.part, func.count())
        .where(TrainingProject.plan_id == plan.id, TrainingProject.state.not_in(exports.LEFT_OUT))
        .group_by(TrainingProject.part)
    )
    found: Counter[PlanPart] = Counter()
    for part, count in db.session.execute(statement):
        found[part] = count
    with_number = {quota.part for quota in plan.quotas}
    book = rules_today()
    return tuple(
        (part.value, book.name_of("training_parts", part.value), found[part], "")
        for part in PlanPart
        if found[part] or part in with_number
    )


def line_of(row: TrainingExport) -> JobLine:
    stem, _, kind = row.name.rpartition(".")
    part = rules_today().name_of("training_parts", row.part) if row.part else None
    return JobLine(row.id, kind, stem.partition("-")[2], part, row.state.value, row.percent, row.asked_at)


def job_page(row: TrainingExport, *, waits_here: bool) -> JobPage:
    """`waits_here`: the reader came here by asking, so the file is handed over as soon as it is there."""
    is_open = row.state in (ExportState.WAITING, ExportState.RUNNING)
    waits_long = row.state is ExportState.WAITING and clock.real_now() - row.asked_at > _LONG_WAIT
    return JobPage(
        row.id, row.plan.year, line_of(row), is_open, waits_long, _why(row), row.file_name,
        max(1, round(row.size / 1024)) if row.size else 0, row.sha256, export_jobs.kept_until(row), waits_here,
    )  # fmt: skip


def _why(row: TrainingExport) -> Any:
    if row.state is not ExportState.FAILED:
        return ""
    text = str(ERRORS.get(row.error, ERRORS["unexpected"]))
    return text % row.error_parameters if row.error_parameters else text
