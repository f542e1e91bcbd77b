"""What a person does with sheets: look (nothing is written), then confirm (all groups of the run, or none)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotPermitted, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.foundation.numbers import NumberPattern, number_pattern
from expertdesk.models import TrainingImport, TrainingPlan
from expertdesk.regulations.current import rules_today
from expertdesk.training import declaring, guards, limits
from expertdesk.training.importing.checking import read_sheets
from expertdesk.training.importing.known import known_to
from expertdesk.training.importing.meanwhile import happened_since
from expertdesk.training.importing.report import Fate, ImportReport, SheetFile, digest_of
from expertdesk.training.policy import has_units
from expertdesk.training.workflow import PLAN
from expertdesk.workflow import append_event, lock_row

_SERIES = "TRAINING_GROUP"


class PlanChanged(RuleBroken):
    """The outcome is not the one that was looked at: what happened, sentence by sentence."""


def import_sheets(plan: TrainingPlan, files: Sequence[SheetFile], actor: Actor) -> ImportReport:
    """Read and check against the plan as it stands; nothing is written."""
    return _read(plan, files, actor, clock.today())


def _read(plan: TrainingPlan, files: Sequence[SheetFile], actor: Actor, judge_on: date | None) -> ImportReport:
    if not has_units(actor) or not (actor.may(Permission.TRAINING_MANAGE) or actor.may(Permission.TRAINING_DECLARE)):
        raise NotPermitted(Permission.TRAINING_DECLARE)
    if not files:
        return ImportReport(plan.year, ())
    return read_sheets(files, rules_today(), known_to(plan, actor), _pattern(), judge_on)


def confirm_import(
    plan: TrainingPlan, files: Sequence[SheetFile], actor: Actor, *, seen: str = "", since: int | None = None
) -> tuple[TrainingImport, ImportReport]:
    """Write every group of these files, new ones as drafts, or nothing at all.

    `seen` is the digest of the report that was looked at: files and plan are read once more, the plan held, and where
    the outcome is another one PlanChanged says so, with what others did after the event `since`. RuleBroken also where
    any file has an error.
    """
    refusals = guards.round_open(plan, actor)
    if refusals:
        raise RuleBroken({"": refusals[0].text})
    lock_row(db.session(), plan)
    report = _read(plan, files, actor, None)
    if seen and seen != report.digest:
        raise PlanChanged(_changed(plan, since, actor))
    if not report.is_good:
        raise RuleBroken({"": lazy("A file of this run has an error; nothing was imported.")})
    _write(plan, report, actor)
    return _keep(plan, report, actor), report


def _changed(plan: TrainingPlan, since: int | None, actor: Actor) -> dict[str, Any]:
    told = happened_since(plan, since, actor) if since is not None else ()
    first = lazy("The plan or the files changed since you looked. Look at the result again.")
    return {"": first, **{f"event-{place}": text for place, text in enumerate(told, start=1)}}


def _write(plan: TrainingPlan, report: ImportReport, actor: Actor) -> None:
    new = [(row.organisation_id, row.data) for row in report.rows if row.fate is Fate.NEW]
    changed = {row.project_id: row.data for row in report.rows if row.fate is Fate.CHANGED and row.project_id}
    if new:
        declaring.create_projects(plan, new, actor)
    if changed:
        declaring.edit_projects(plan, changed, actor)
    touched = {row.organisation_id for row in report.rows if row.fate is not Fate.SAME}
    if touched:
        limits.recount(plan.id, touched)
        plan.changed_at = clock.now()


def _keep(plan: TrainingPlan, report: ImportReport, actor: Actor) -> TrainingImport:
    files = [
        {
            "name": one.name,
            "sha256": one.digest,
            "content": one.content,
            "units": sorted({row.organisation_id for row in one.rows}),
            "rows": len(one.rows),
        }
        for one in report.files
    ]
    kept = TrainingImport(
        plan_id=plan.id, files=files, created=report.count(Fate.NEW), changed=report.count(Fate.CHANGED),
        digest=digest_of(sorted(one.digest for one in report.files)), imported_at=clock.now(),
        imported_by_id=actor.id or None,
    )  # fmt: skip
    db.session.add(kept)
    payload = {
        "files": [{"name": one["name"], "sha256": one["sha256"]} for one in files],
        "created": kept.created,
        "changed": kept.changed,
    }
    append_event(db.session(), "plan.sheets_imported", PLAN.subject_kind, plan.id, actor, payload=payload)
    db.session.flush()
    return kept


def _pattern() -> NumberPattern:
    return number_pattern(rules_today().number_format(_SERIES).pattern, is_address=True)
