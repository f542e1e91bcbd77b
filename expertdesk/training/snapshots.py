"""What the plan held when a round left or came back: rows as codes and figures, with a digest; never edited."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.models import (
    Organisation,
    PlanPart,
    PlanRound,
    ProjectState,
    TrainingPlan,
    TrainingProject,
    TrainingProvider,
    TrainingSnapshot,
)
from expertdesk.training.facts import AMOUNTS

# what is compared between rounds, in the order of the plan table
FIELDS = (
    "part", "name", "name_en", "organisation_id", "dispatching", "key_field", "approval_type", "term", "destinations",
    "cities", "provider_id", "people_planned", "leaders_planned", "days", "depart_month", "fundings", "budget_total",
    *AMOUNTS, "subsidy_requested", "subsidy_approved", "people_approved", "review_opinion", "review_note",
    "approval_number", "people_actual", "remarks",
)  # fmt: skip
_SHOWN = tuple(state for state in ProjectState if state not in (ProjectState.DRAFT, ProjectState.CANCELLED))


def row_of(project: TrainingProject) -> dict[str, Any]:
    """One row: codes, whole numbers, money as text; the same row always reads the same."""
    row: dict[str, Any] = {"number": project.number, "state": project.state.value}
    for name in FIELDS:
        value = getattr(project, name)
        row[name] = str(value) if isinstance(value, Decimal) else getattr(value, "value", value)
    return row


def rows_now(plan: TrainingPlan) -> list[dict[str, Any]]:
    """The plan as it stands: every group but drafts and withdrawn ones, by number."""
    statement = select(TrainingProject).where(TrainingProject.plan_id == plan.id, TrainingProject.state.in_(_SHOWN))
    statement = statement.options(joinedload(TrainingProject.organisation)).order_by(TrainingProject.number)
    return [row_of(project) for project in db.session.scalars(statement)]


def groups_of(snapshot: TrainingSnapshot) -> list[Any]:
    """The rows of a round as objects that read like groups, with the units and institutions as they are named now."""
    unit_ids = {row["organisation_id"] for row in snapshot.rows}
    provider_ids = {row["provider_id"] for row in snapshot.rows if row.get("provider_id")}
    found_units = db.session.scalars(select(Organisation).where(Organisation.id.in_(unit_ids)))
    units: dict[int, Any] = {row.id: row for row in found_units}
    found_providers = db.session.scalars(select(TrainingProvider).where(TrainingProvider.id.in_(provider_ids)))
    providers: dict[int, Any] = {row.id: row for row in found_providers}
    found = []
    for row in snapshot.rows:
        values: dict[str, Any] = {name: row.get(name) for name in FIELDS}
        for name in (*AMOUNTS, "budget_total", "subsidy_requested", "subsidy_approved"):
            values[name] = Decimal(values[name]) if values[name] is not None else None
        values["part"] = PlanPart(values["part"])
        found.append(
            SimpleNamespace(
                **values, number=row["number"], state=ProjectState(row["state"]), end_code="", blocks=0, warns=0,
                destination=(row.get("destinations") or [""])[0],
                organisation=units[row["organisation_id"]], provider=providers.get(row.get("provider_id") or 0),
            )
        )  # fmt: skip
    return found


def digest_of(rows: Any) -> str:
    """SHA-256 of the canonical JSON."""
    plain = json.dumps(rows, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def take_snapshot(plan: TrainingPlan, round_: PlanRound, actor: Actor) -> TrainingSnapshot:
    """Keep the plan as it is now for a round; a round that comes again gets the next serial."""
    rows = rows_now(plan)
    controls = {
        "quotas": {quota.part.value: quota.headcount for quota in plan.quotas},
        "units": {
            str(unit.organisation_id): {control.part.value: control.people for control in unit.controls}
            for unit in plan.units
        },
    }
    last = select(func.max(TrainingSnapshot.serial)).where(
        TrainingSnapshot.plan_id == plan.id, TrainingSnapshot.round == round_
    )
    snapshot = TrainingSnapshot(
        plan_id=plan.id, round=round_, serial=(db.session.scalar(last) or 0) + 1, rows=rows, controls=controls,
        digest=digest_of({"rows": rows, "controls": controls}), taken_at=clock.now(), taken_by_id=actor.id or None,
    )  # fmt: skip
    db.session.add(snapshot)
    db.session.flush()
    return snapshot


def snapshots_of(plan: TrainingPlan) -> list[TrainingSnapshot]:
    """Every round that was kept, oldest first."""
    return list(
        db.session.scalars(
            select(TrainingSnapshot).where(TrainingSnapshot.plan_id == plan.id).order_by(TrainingSnapshot.id)
        )
    )
