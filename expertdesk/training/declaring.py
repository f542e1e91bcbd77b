"""What a unit (or the bureau for it) writes: a new group, its declaration, declaring it, withdrawing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, NotFound, RuleBroken, Stale
from expertdesk.foundation.locale import countries, lazy
from expertdesk.foundation.numbers import number_pattern
from expertdesk.models import (
    Event,
    Organisation,
    PlanPart,
    ProjectState,
    TrainingPlan,
    TrainingProject,
    TrainingProvider,
    TrainingUnit,
)
from expertdesk.regulations.current import rules_on, rules_today
from expertdesk.training import guards, limits
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.policy import may_declare_for
from expertdesk.training.workflow import GROUP
from expertdesk.workflow import Performed, append_event, append_events, perform, perform_each, require
from expertdesk.workflow.numbers import next_in_series, take_in_series

_SERIES = "TRAINING_GROUP"
_LARGEST = {"people_planned": 9_999, "leaders_planned": 9_999, "days": 1_100, "depart_month": 12}


@dataclass(frozen=True)
class ProjectData:
    """What people type about a group: the columns of the plan table and the inputs of the limits. None = empty.

    `destinations` country codes, `cities` and `dispatching` names, money in yuan.
    """

    part: PlanPart = PlanPart.ABROAD
    name: str = ""
    name_en: str = ""
    dispatching: tuple[str, ...] = ()
    key_field: str = ""
    approval_type: str = ""
    destinations: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    provider_id: int | None = None
    people_planned: int | None = None
    leaders_planned: int | None = None
    days: int | None = None
    depart_month: int | None = None
    fundings: tuple[str, ...] = ()
    budget_training: Decimal | None = None
    budget_travel: Decimal | None = None
    budget_lodging: Decimal | None = None
    budget_meals: Decimal | None = None
    budget_incidentals: Decimal | None = None
    budget_other: Decimal | None = None
    budget_total: Decimal | None = None
    subsidy_requested: Decimal | None = None
    awards_degree: bool = False
    banquet: Decimal | None = None
    gifts: Decimal | None = None
    is_for_training_only: bool = False
    is_without_agents_or_family: bool = False
    is_without_sponsors: bool = False
    is_secret: bool = False
    remarks: str = ""
    rationale: Mapping[str, str] | None = None
    reasons: Mapping[str, str] | None = None


def term_of(days: int | None, day: date | None = None) -> str:
    """short, mid or long: derived from the days, never typed (row_checks)."""
    if days is None or days < 1:
        return ""
    book = rules_on(day) if day is not None else rules_today()
    for row in book.rows("training_terms"):
        if (row.least_days is None or days >= row.least_days) and (row.most_days is None or days <= row.most_days):
            return row.code
    return ""


def create_project(plan: TrainingPlan, organisation_id: int, data: ProjectData, actor: Actor) -> TrainingProject:
    """A new group as a draft, with its number. RuleBroken by field; NotFound for a unit that is not one's own."""
    if not may_declare_for(organisation_id, actor) or db.session.get(Organisation, organisation_id) is None:
        raise NotFound(str(organisation_id))
    _check(data)
    refusals = guards.round_open(plan, actor)
    if refusals:
        raise RuleBroken({"": refusals[0].text})
    project = TrainingProject(
        plan_id=plan.id, organisation_id=organisation_id, number=_next_number(plan.year), state=ProjectState.DRAFT,
        name=data.name, created_at=clock.now(), created_by_id=actor.id or None,
    )  # fmt: skip
    _put(project, data)
    db.session.add(project)
    _make_sure_of_unit(plan, organisation_id)
    db.session.flush()
    payload = {"number": project.number, **plain(data)}
    append_event(db.session(), "group.drafted", GROUP.subject_kind, project.id, actor, payload=payload)
    limits.recount(plan.id, [organisation_id])
    return project


def create_projects(plan: TrainingPlan, rows: Sequence[tuple[int, ProjectData]], actor: Actor) -> list[TrainingProject]:
    """Many new groups as drafts in one go, (unit, declaration) each, with every guard of `create_project`: one run of
    numbers, all or none. The caller recounts the limits of the units. RuleBroken, NotFound."""
    units = sorted({unit for unit, _ in rows})
    there = set(db.session.scalars(select(Organisation.id).where(Organisation.id.in_(units))))
    for unit in units:
        if not may_declare_for(unit, actor) or unit not in there:
            raise NotFound(str(unit))
    for _, data in rows:
        _check(data)
    refusals = guards.round_open(plan, actor)
    if refusals:
        raise RuleBroken({"": refusals[0].text})
    pattern = number_pattern(rules_today().number_format(_SERIES).pattern, is_address=True)
    numbers = take_in_series(db.session(), _SERIES, plan.year, len(rows))
    projects = []
    for seq, (unit, data) in zip(numbers, rows, strict=True):
        project = TrainingProject(
            plan_id=plan.id, organisation_id=unit, number=pattern.fill(year=plan.year, seq=seq),
            state=ProjectState.DRAFT, name=data.name, created_at=clock.now(), created_by_id=actor.id or None,
        )  # fmt: skip
        _put(project, data)
        projects.append(project)
    db.session.add_all(projects)
    for unit in units:
        _make_sure_of_unit(plan, unit)
    db.session.flush()
    payloads = {
        project.id: {"number": project.number, **plain(data)} for project, (_, data) in zip(projects, rows, strict=True)
    }
    append_events(db.session(), "group.drafted", GROUP.subject_kind, payloads, actor)
    return projects


def edit_projects(plan: TrainingPlan, changes: Mapping[int, ProjectData], actor: Actor) -> int:
    """Many declarations of one plan changed in one go (id → declaration), with every guard of `edit_project`, all or
    none. The caller recounts the limits of the units. NotAllowedNow, NotPermitted, RuleBroken."""
    chosen = select(TrainingProject).where(TrainingProject.plan_id == plan.id, TrainingProject.id.in_(list(changes)))
    projects = list(db.session.scalars(chosen.order_by(TrainingProject.id)))
    if len(projects) != len(changes):
        raise NotFound(str(plan.year))
    payloads = {}
    for project in projects:
        data = changes[project.id]
        _check(data)
        before, after = plain(data_of(project)), plain(data)
        names = sorted(before.keys() | after.keys())
        payloads[project.id] = {
            "changes": {
                name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
            }
        }
    return perform_each(
        db.session(), GROUP, projects, "edit", actor, payloads=payloads,
        effect=lambda project: _put(project, changes[project.id]), rules_date=clock.today(),
    )  # fmt: skip


def _make_sure_of_unit(plan: TrainingPlan, organisation_id: int) -> None:
    found = select(TrainingUnit.id).where(TrainingUnit.plan_id == plan.id)
    if db.session.scalar(found.where(TrainingUnit.organisation_id == organisation_id)) is None:
        db.session.add(TrainingUnit(plan_id=plan.id, organisation_id=organisation_id))


def _next_number(year: int) -> str:
    pattern = number_pattern(rules_today().number_format(_SERIES).pattern, is_address=True)
    return pattern.fill(year=year, seq=next_in_series(db.session(), _SERIES, year))


def edit_project(
    project: TrainingProject, data: ProjectData, actor: Actor, *, seen_version: int | None = None
) -> TrainingProject:
    """Change the declaration. Raises Stale with both versions, NotAllowedNow, RuleBroken by field."""
    try:
        require(db.session(), GROUP, project, "edit", actor, seen_version=seen_version)
    except Stale as error:
        raise _both_versions(project, data, error.seen) from None
    _check(data)
    before = plain(data_of(project))
    after = plain(data)
    changes = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
    act_on_group(project, "edit", actor, payload={"changes": changes}, effect=lambda: _put(project, data))
    limits.recount(project.plan_id, [project.organisation_id])
    return project


def act_on_group(
    project: TrainingProject, action: str, actor: Actor, *, seen_version: int | None = None, reason: str = "",
    payload: Mapping[str, Any] | None = None, effect: Any = None,
) -> Performed:  # fmt: skip
    """One action of the table of a group; `effect()` changes the row before its event is written."""
    from expertdesk.workflow import Consequences

    consequences = Consequences(effect=(lambda done: effect()) if effect is not None else None)
    done = perform(
        db.session(), GROUP, project, action, actor, seen_version=seen_version, reason=reason.strip(),
        payload=payload, rules_date=clock.today(), consequences=consequences,
    )  # fmt: skip
    project.plan.changed_at = clock.now()
    return done


def declare(project: TrainingProject, actor: Actor, *, seen_version: int | None = None) -> None:
    """To the bureau; refused with every limit that fails."""
    act_on_group(project, "declare", actor, seen_version=seen_version)
    limits.recount(project.plan_id, [project.organisation_id])


def withdraw(project: TrainingProject, reason: str, actor: Actor, *, seen_version: int | None = None) -> None:
    """The unit takes it back for good."""
    act_on_group(project, "withdraw", actor, seen_version=seen_version, reason=reason)
    limits.recount(project.plan_id, [project.organisation_id])


def give_reasons(project: TrainingProject, reasons: Mapping[str, str], actor: Actor, seen_version: int | None) -> None:
    """The written reasons for warnings."""
    kept = {code: text.strip() for code, text in {**project.reasons, **reasons}.items() if text.strip()}
    act_on_group(
        project, "explain", actor, seen_version=seen_version, payload={"part": "reasons", "reasons": dict(reasons)},
        effect=lambda: setattr(project, "reasons", kept),
    )  # fmt: skip
    limits.recount(project.plan_id, [project.organisation_id])


# --- values ---------------------------------------------------------------------------------------------------------


def data_of(project: TrainingProject) -> ProjectData:
    """The declaration as it is stored."""
    values = {field.name: getattr(project, field.name) for field in fields(ProjectData)}
    for name in ("dispatching", "destinations", "cities", "fundings"):
        values[name] = tuple(values[name])
    return ProjectData(**values)


def _put(project: TrainingProject, data: ProjectData) -> None:
    for field in fields(ProjectData):
        value = getattr(data, field.name)
        if field.name in ("rationale", "reasons"):
            if value is not None:
                setattr(project, field.name, dict(value))
            continue
        setattr(project, field.name, list(value) if isinstance(value, tuple) else value)
    project.destination = data.destinations[0] if data.destinations else ""
    project.term = term_of(data.days)


def plain(data: ProjectData) -> dict[str, Any]:
    """For the history and for comparing: text, numbers, lists; empty values left out."""
    kept: dict[str, Any] = {}
    for field in fields(ProjectData):
        value = getattr(data, field.name)
        if value in (None, "", (), {}, False):
            continue
        kept[field.name] = _plain(value)
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return value.value if isinstance(value, PlanPart) else value


def _check(data: ProjectData) -> None:
    """What cannot be stored at all; everything else is a limit, shown and counted, and may stay open in a draft."""
    book, problems = rules_today(), {}
    if not data.name.strip():
        problems["name"] = lazy("Name the project.")
    for name, most in _LARGEST.items():
        value = getattr(data, name)
        if value is not None and not 0 <= value <= most:
            problems[name] = lazy("A whole number from 0 to %(most)s.", most=most)
    for name in (*AMOUNTS, "budget_total", "subsidy_requested", "banquet", "gifts"):
        value = getattr(data, name)
        if value is not None and value < 0:
            problems[name] = lazy("An amount from 0 up.")
    codes = {"key_field": "training_fields", "approval_type": "training_approval_types"}
    for name, table in codes.items():
        value = getattr(data, name)
        if value and book.find(table, value) is None:
            problems[name] = lazy("Choose one from the list.")
    if any(book.find("training_fundings", code) is None for code in data.fundings):
        problems["fundings"] = lazy("Choose one from the list.")
    known = {code for code, _ in countries("en")}
    if any(code not in known for code in data.destinations):
        problems["destinations"] = lazy("Choose a country or region from the list.")
    if data.provider_id is not None and db.session.get(TrainingProvider, data.provider_id) is None:
        problems["provider_id"] = lazy("Choose an institution from the register.")
    if problems:
        raise RuleBroken(problems)


def _both_versions(project: TrainingProject, data: ProjectData, seen: int) -> Stale:
    """Who saved meanwhile, and every field in which the two versions differ."""
    db.session.refresh(project)
    stored, yours = plain(data_of(project)), plain(data)
    last = db.session.scalar(
        select(Event)
        .where(Event.subject_kind == GROUP.subject_kind, Event.subject_id == project.id)
        .order_by(Event.id.desc())
        .limit(1)
    )
    names = [field.name for field in fields(ProjectData)]
    differences = [
        FieldDifference(name, field_label(name), _shown(stored.get(name)), _shown(yours.get(name)))
        for name in names
        if stored.get(name) != yours.get(name)
    ]
    return Stale(
        seen=seen, current=project.row_version, changed_by=last.actor_name if last else "",
        changed_at=last.at if last else None, differences=differences,
    )  # fmt: skip


def field_label(name: str) -> Any:
    """The name of a field as the plan table has it, else its own."""
    from expertdesk.training.labels import label_of

    return label_of(name)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
