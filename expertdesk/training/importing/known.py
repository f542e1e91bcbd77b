"""What the house knows when sheets are read: units, institutions, groups of the plan, earlier runs. Plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import (
    HistoryHead,
    Organisation,
    TrainingImport,
    TrainingPlan,
    TrainingProject,
    TrainingProvider,
    TrainingUnit,
)
from expertdesk.training import records
from expertdesk.training.declaring import ProjectData, data_of
from expertdesk.training.policy import sees_all, visible_projects
from expertdesk.training.workflow import EDITABLE

ENDED = frozenset({"rejected", "cancelled"})


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
    last_event: int = 0


def known_to(plan: TrainingPlan, actor: Actor) -> Known:
    """Read it: the bureau knows every unit, a training contact the own one."""
    files, contents = _earlier(plan)
    units, budgets, last_event = _units(plan, actor)
    projects = _projects(plan, actor)
    return Known(
        year=plan.year,
        units=units,
        is_whole_bureau=sees_all(actor),
        providers=_providers(),
        projects=projects,
        files=files,
        contents=contents,
        budgets=budgets,
        spent=_spent(projects),
        last_event=last_event,
    )


def _units(plan: TrainingPlan, actor: Actor) -> tuple[tuple[KnownUnit, ...], dict[int, Decimal | None], int]:
    """Units, their budgets of the year, and where the history stands, in one query."""
    head = select(HistoryHead.last_id).limit(1).scalar_subquery().label("last_event")
    in_plan = and_(TrainingUnit.organisation_id == Organisation.id, TrainingUnit.plan_id == plan.id)
    statement = (
        select(
            Organisation.id, Organisation.name_zh, Organisation.name_en, Organisation.credit_code,
            Organisation.may_organise_groups, TrainingUnit.annual_budget, head,
        )
        .outerjoin(TrainingUnit, in_plan)
        .order_by(Organisation.id)
    )  # fmt: skip
    if not sees_all(actor):
        statement = statement.where(Organisation.id.in_(sorted(actor.training_organisations)))
    rows = db.session.execute(statement).all()
    units = tuple(
        KnownUnit(row.id, row.name_zh, row.name_en, row.credit_code, row.may_organise_groups) for row in rows
    )
    return units, {row.id: row.annual_budget for row in rows}, next((row.last_event or 0 for row in rows), 0)


def _spent(projects: Mapping[str, KnownProject]) -> dict[int, Decimal]:
    """What the groups that still count take of each unit's budget."""
    spent: dict[int, Decimal] = {}
    for one in projects.values():
        if one.state not in ENDED:
            spent[one.organisation_id] = spent.get(one.organisation_id, Decimal(0)) + (
                one.data.budget_total or Decimal(0)
            )
    return spent


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
