"""What the house knows when sheets are read: units, institutions, groups of the plan, earlier runs. Plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import Organisation, TrainingImport, TrainingPlan, TrainingProject, TrainingProvider
from expertdesk.training import records
from expertdesk.training.declaring import ProjectData, data_of
from expertdesk.training.policy import sees_all, visible_projects
from expertdesk.training.workflow import EDITABLE


@dataclass(frozen=True)
class KnownUnit:
    id: int
    name_zh: str
    name_en: str
    credit_code: str
    may_organise: bool


@dataclass(frozen=True)
class KnownProvider:
    id: int
    name_zh: str
    name_en: str
    country: str
    is_active: bool


@dataclass(frozen=True)
class KnownProject:
    """A group of this plan that the actor may see. `has_leader_form` and the standards go into its limits."""

    id: int
    number: str
    organisation_id: int
    version: int
    is_editable: bool
    state: str
    data: ProjectData
    has_leader_form: bool = False
    missing_standards: tuple[str, ...] = ()
    over_standard: tuple[str, ...] = ()
    has_budget: bool = False


@dataclass(frozen=True)
class Earlier:
    """A file that was imported before: when, under which name."""

    at: datetime
    name: str


@dataclass(frozen=True)
class Known:
    year: int
    units: tuple[KnownUnit, ...]
    is_whole_bureau: bool
    providers: tuple[KnownProvider, ...]
    projects: Mapping[str, KnownProject]
    files: Mapping[str, Earlier]
    contents: Mapping[str, Earlier]
    budgets: Mapping[int, Decimal | None]
    spent: Mapping[int, Decimal]


def known_to(plan: TrainingPlan, actor: Actor) -> Known:
    """Read it: the bureau knows every unit, a training contact the own one."""
    near = records.around(plan.id, None if sees_all(actor) else sorted(actor.training_organisations), tokens=[])
    files, contents = _earlier(plan)
    return Known(
        year=plan.year,
        units=_units(actor),
        is_whole_bureau=sees_all(actor),
        providers=_providers(),
        projects=_projects(plan, actor),
        files=files,
        contents=contents,
        budgets=near.budgets,
        spent=near.spent,
    )


def _units(actor: Actor) -> tuple[KnownUnit, ...]:
    statement = select(
        Organisation.id, Organisation.name_zh, Organisation.name_en, Organisation.credit_code,
        Organisation.may_organise_groups,
    ).order_by(Organisation.id)  # fmt: skip
    if not sees_all(actor):
        statement = statement.where(Organisation.id.in_(sorted(actor.training_organisations)))
    return tuple(KnownUnit(*row) for row in db.session.execute(statement))


def _providers() -> tuple[KnownProvider, ...]:
    today = clock.today()
    rows = db.session.scalars(select(TrainingProvider).order_by(TrainingProvider.id))
    return tuple(
        KnownProvider(row.id, row.name_zh, row.name_en, row.country, records.is_provider_active(row, today))
        for row in rows
    )


def _projects(plan: TrainingPlan, actor: Actor) -> dict[str, KnownProject]:
    statement = visible_projects(select(TrainingProject).where(TrainingProject.plan_id == plan.id), actor)
    rows = db.session.scalars(
        statement.options(joinedload(TrainingProject.files), joinedload(TrainingProject.budget))
    ).unique()
    return {
        row.number: KnownProject(
            row.id, row.number, row.organisation_id, row.row_version, row.state.value in EDITABLE, row.state.value,
            data_of(row), any(paper.kind == records.LEADER_FORM for paper in row.files),
            tuple(row.budget.missing) if row.budget else (), tuple(row.budget.over_standard) if row.budget else (),
            row.budget is not None,
        )
        for row in rows
    }  # fmt: skip


def _earlier(plan: TrainingPlan) -> tuple[dict[str, Earlier], dict[str, Earlier]]:
    """Digest of the bytes, and of the groups in it, → the run that took it."""
    files: dict[str, Earlier] = {}
    contents: dict[str, Earlier] = {}
    runs = select(TrainingImport).where(TrainingImport.plan_id == plan.id).order_by(TrainingImport.id)
    for run in db.session.scalars(runs):
        for one in run.files:
            before = Earlier(run.imported_at, one["name"])
            files[one["sha256"]] = before
            contents[one["content"]] = before
    return files, contents
