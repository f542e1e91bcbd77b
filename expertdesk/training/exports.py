"""From the plan as it is stored to the tables that are printed: the 31 columns in both languages, with the summaries.

The same plan gives the same tables, so the same bytes: the only time in them is that of the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor
from expertdesk.documents.plan_contexts import Cell, PlanColumn, PlanTable, digest_of
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound
from expertdesk.foundation.locale import Bilingual, country_name
from expertdesk.models import (
    PlanPart,
    PlanRound,
    PlanState,
    ProjectState,
    TrainingPlan,
    TrainingProject,
    TrainingSnapshot,
)
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.training import figures, limits
from expertdesk.training.policy import visible_projects
from expertdesk.training.snapshots import groups_of, snapshots_of
from expertdesk.training.summaries import summaries
from expertdesk.training.unit_names import name_of_unit

LEFT_OUT = (ProjectState.DRAFT, ProjectState.RETURNED, ProjectState.CANCELLED)
_ROUND_OF = {
    PlanState.PREPARING: PlanRound.FIRST_SUBMISSION,
    PlanState.FIRST_SUBMISSION: PlanRound.FIRST_SUBMISSION,
    PlanState.FIRST_SENT: PlanRound.FIRST_SUBMISSION,
    PlanState.SECOND_SUBMISSION: PlanRound.SECOND_SUBMISSION,
    PlanState.SECOND_SENT: PlanRound.SECOND_SUBMISSION,
    PlanState.APPROVED: PlanRound.APPROVED,
    PlanState.CLOSED: PlanRound.APPROVED,
}
_AMOUNT_COLUMNS = {
    "budget_total_cny": "budget_total",
    "budget_training": "budget_training",
    "budget_travel": "budget_travel",
    "budget_lodging": "budget_lodging",
    "budget_meals": "budget_meals",
    "budget_incidentals": "budget_incidentals",
    "budget_other": "budget_other",
    "subsidy_requested": "subsidy_requested",
    "subsidy_approved": "subsidy_approved",
}


def refuse_if_blocked(plan: TrainingPlan) -> None:
    """A plan that breaks a hard limit does not leave: NotAllowedNow with every unit, group, column and rule."""
    blocks = limits.blocks_of_plan(plan)
    if not blocks:
        return
    raise NotAllowedNow([block.reason for block in blocks], action="export")


def plan_tables(
    plan: TrainingPlan, actor: Actor, *, parts: Sequence[PlanPart] = tuple(PlanPart), round_: PlanRound | None = None
) -> tuple[PlanTable, ...]:
    """One table for each part that has groups or a number; an empty plan gives the table of groups abroad."""
    snapshot = _snapshot(plan, round_) if round_ is not None else None
    rows = groups_of(snapshot) if snapshot is not None else _groups(plan, actor)
    quotas = {quota.part: quota for quota in plan.quotas}
    chosen = [part for part in parts if part in quotas or any(row.part is part for row in rows)] or [parts[0]]
    return tuple(_table(plan, part, [row for row in rows if row.part is part], snapshot) for part in chosen)


def _snapshot(plan: TrainingPlan, round_: PlanRound) -> TrainingSnapshot:
    """The newest one kept for a round, or NotFound."""
    found = [snapshot for snapshot in snapshots_of(plan) if snapshot.round is round_]
    if not found:
        raise NotFound(round_.value)
    return found[-1]


def _groups(plan: TrainingPlan, actor: Actor) -> list[TrainingProject]:
    statement = visible_projects(select(TrainingProject).where(TrainingProject.plan_id == plan.id), actor)
    statement = statement.where(TrainingProject.state.not_in(LEFT_OUT)).options(
        joinedload(TrainingProject.organisation), joinedload(TrainingProject.provider)
    )
    return list(db.session.scalars(statement.order_by(TrainingProject.number)))


def columns_of(book: RuleBook) -> tuple[PlanColumn, ...]:
    """The 31 columns in their order."""
    rows = sorted(book.rows("training_columns"), key=lambda row: row.no)
    return tuple(PlanColumn(row.no, row.code, row.name, row.band, row.kind) for row in rows)


def bands_of(book: RuleBook) -> tuple[tuple[str, Bilingual], ...]:
    return tuple((row.code, row.name) for row in book.rows("training_bands"))


def _table(plan: TrainingPlan, part: PlanPart, groups: Sequence[Any], snapshot: TrainingSnapshot | None) -> PlanTable:
    book = rules_today()
    columns = columns_of(book)
    keys = [column.key for column in columns]
    rows = tuple(row_of(group, number, book) for number, group in enumerate(groups, 1))
    round_ = snapshot.round if snapshot is not None else _ROUND_OF[plan.state]
    shown_round = book.name_of("training_rounds", round_.value)
    name = book.name_of("training_parts", part.value)
    quota = next((quota for quota in plan.quotas if quota.part is part), None)
    headcount = quota.headcount if quota else None
    if snapshot is not None:
        headcount = snapshot.controls["quotas"].get(part.value, headcount)
    least = quota.mid_long_least if quota else None
    digest = digest_of(rows, keys, plan.year, part.value, shown_round, headcount, least, book.bureau.name)
    return PlanTable(
        year=plan.year,
        part=name,
        part_code=part.value,
        round=shown_round,
        compiled_by=book.bureau.name,
        quota=headcount,
        mid_long_min=least,
        columns=columns,
        bands=bands_of(book),
        rows=rows,
        notes=_notes(groups, headcount),
        data_at=snapshot.taken_at if snapshot is not None else plan.changed_at,
        digest=digest,
        is_draft=round_ is not PlanRound.APPROVED,
        sealed_on=plan.approval_on,
        summaries=summaries(groups, book),
    )


def row_of(group: Any, number: int, book: RuleBook) -> Mapping[str, Cell]:
    """One group as the plan table has it."""
    provider = group.provider
    row: dict[str, Cell] = {
        "seq": number,
        "project_no": group.number,
        "project_name": Bilingual(group.name, group.name_en or group.name),
        "organising_unit": name_of_unit(group.organisation),
        "dispatching_unit": _joined(group.dispatching),
        "key_field": _named(book, "training_fields", group.key_field),
        "approval_type": _named(book, "training_approval_types", group.approval_type),
        "term": _named(book, "training_terms", group.term),
        "destination": Bilingual(
            "、".join(country_name(code, "zh") for code in group.destinations),
            ", ".join(country_name(code, "en") for code in group.destinations),
        ),
        "cities": _joined(group.cities),
        "host_institution": Bilingual(provider.name_zh or provider.name_en, provider.name_en) if provider else None,
        "people_planned": group.people_planned,
        "leaders_planned": group.leaders_planned,
        "days": group.days,
        "depart_month": group.depart_month,
        "funding_source": _joined_names([book.name_of("training_fundings", code) for code in group.fundings]),
        "people_approved": group.people_approved,
        "review_opinion": _named(book, "training_opinions", group.review_opinion),
        "approval_no": group.approval_number or None,
        "people_actual": group.people_actual,
        "execution_state": book.name_of("training_states", group.state.value),
        "remarks": group.remarks or None,
    }
    for column, field in _AMOUNT_COLUMNS.items():
        row[column] = getattr(group, field)
    return row


def _named(book: RuleBook, table: str, code: str) -> Bilingual | None:
    return book.name_of(table, code) if code else None


def _joined(names: Sequence[str]) -> Bilingual | None:
    return Bilingual("、".join(names), ", ".join(names)) if names else None


def _joined_names(names: Sequence[Bilingual]) -> Bilingual | None:
    if not names:
        return None
    return Bilingual("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _notes(groups: Sequence[Any], headcount: int | None) -> tuple[Bilingual, ...]:
    """How the number is used: planned, of medium and long term, approved, sent."""
    counted = [group for group in groups if group.state in limits.COUNTED]
    planned = sum(limits.people_of(group) for group in counted)
    if not counted:
        return ()
    mid_long = sum(limits.people_of(group) for group in counted if group.term in figures.MID_LONG)
    approved = sum(group.people_approved or 0 for group in counted)
    sent = sum(group.people_actual or 0 for group in counted)
    used, part = figures.share(planned, headcount or 0), figures.share(mid_long, planned)
    zh = f"指标执行：计划{planned}人"
    en = f"Use of the control number: {planned} people"
    if headcount:
        zh += f"，占指标控制数{headcount}人的{used}%"
        en += f", {used}% of the control number of {headcount}"
    zh += f"；其中中长期{mid_long}人，占{part}%。批准{approved}人，实际派出{sent}人。"
    en += f"; {mid_long} of them on medium and long terms ({part}%). Approved {approved}, sent {sent}."
    return (Bilingual(zh, en),)


def rounds_kept(plan: TrainingPlan) -> tuple[PlanRound, ...]:
    """Rounds that can be exported as they were."""
    return tuple(dict.fromkeys(snapshot.round for snapshot in snapshots_of(plan)))
