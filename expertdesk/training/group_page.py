"""The page of a group: limits with their sources, what to do next, the declaration in plain words, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.cases.rows import person_name
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, country_name, current_language, format_month_name, lazy
from expertdesk.models import Account, Event, TrainingProject
from expertdesk.regulations.current import rules_today
from expertdesk.training import limits, records
from expertdesk.training.declaration_page import UnitNumber, said_of, unit_numbers
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.group_list import unit_name
from expertdesk.training.happenings import HAPPENED
from expertdesk.training.labels import label_of
from expertdesk.training.policy import sees_all
from expertdesk.training.rules import STAGES, Finding, Outcome, check_group
from expertdesk.training.workflow import ENDED, GROUP
from expertdesk.workflow import Option, options

_HISTORY_SHOWN = 40


@dataclass(frozen=True)
class LimitLine:
    """One rule on the page."""

    code: str
    name: Bilingual
    severity: str
    outcome: str
    text: Any
    source: Bilingual
    is_unsure: bool
    url: str
    reason: str
    needs_reason: bool


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    who: str
    text: Any
    note: str = ""


@dataclass(frozen=True)
class GroupPage:
    number: str
    version: int
    name: str
    other_name: str
    year: int
    unit: str
    state: Bilingual
    state_code: str
    is_ended: bool
    facts: tuple[tuple[Any, str], ...]
    amounts: tuple[tuple[Any, Decimal | None], ...]
    total: Decimal | None
    has_computed_budget: bool
    rationale: tuple[tuple[Any, str], ...]
    limits: tuple[LimitLine, ...]
    options: tuple[Option, ...]
    opinion: Bilingual | None
    opinion_note: str
    approval: tuple[tuple[Any, Any], ...]
    counts: dict[str, int]
    history: tuple[HistoryLine, ...]
    may_write: bool
    sees_all: bool
    leave_on: date | None = None
    return_on: date | None = None
    # what is left of the unit's control number with this group, until the approval list is there
    number_said: Any = ""
    is_over_number: bool = False

    @property
    def failed(self) -> tuple[LimitLine, ...]:
        """What has to be mended or explained, blocks first."""
        found = [line for line in self.limits if line.outcome == Outcome.FAILED]
        return tuple(sorted(found, key=lambda line: line.severity != "block"))

    @property
    def rest(self) -> tuple[LimitLine, ...]:
        return tuple(line for line in self.limits if line.outcome != Outcome.FAILED)


def group_page(project: TrainingProject, actor: Actor) -> GroupPage:
    """Everything on the page."""
    book = rules_today()
    stage = limits.stage_of(project.state)
    facts = records.facts_of(project, records.around_one(project), book)
    findings = check_group(facts, book, stage)
    separator = "、" if current_language() == "zh" else ", "
    name = (project.name_en if current_language() == "en" else "") or project.name
    number = _number(project)
    return GroupPage(
        number=project.number,
        version=project.row_version,
        name=name,
        other_name=project.name if name != project.name else project.name_en,
        year=project.plan.year,
        unit=unit_name(project.organisation),
        state=book.name_of("training_states", project.state.value),
        state_code=project.state.value,
        is_ended=project.state.value in ENDED,
        facts=tuple(_facts(project, separator)),
        amounts=tuple((label_of(name), getattr(project, name)) for name in AMOUNTS),
        total=project.budget_total,
        has_computed_budget=project.budget is not None,
        rationale=tuple((_RATIONALE[key], text) for key, text in project.rationale.items() if text),
        limits=tuple(_limit(project, one, stage) for one in findings if STAGES.index(one.stage) <= STAGES.index(stage)),
        options=_next_first(project, [option for option in options(GROUP, project, actor) if option.endpoint]),
        opinion=book.name_of("training_opinions", project.review_opinion) if project.review_opinion else None,
        opinion_note=project.review_note,
        approval=tuple(_approval(project)),
        counts={
            "roster": len(project.roster),
            "schedule": len(project.schedule),
            "files": len(project.files),
            "reviews": len(project.reviews),
        },
        history=_history(project),
        may_write=actor.id != 0 and (sees_all(actor) or project.organisation_id in actor.training_organisations),
        sees_all=sees_all(actor),
        leave_on=project.leave_on,
        return_on=project.return_on,
        number_said=said_of(number, project.people_planned) if number is not None else "",
        is_over_number=number is not None and number.left_with(project.people_planned) < 0,
    )  # fmt: skip


def _next_first(project: TrainingProject, found: list[Option]) -> tuple[Option, ...]:
    """The step that comes next before the others; a report that is there can still be replaced, but that is not it."""

    def comes_later(option: Option) -> bool:
        return not option.is_primary or (option.action == "report" and project.report is not None)

    return tuple(sorted(found, key=comes_later))


def _number(project: TrainingProject) -> UnitNumber | None:
    if project.people_approved is not None or project.state.value in ENDED:
        return None
    numbers = unit_numbers(project.plan_id, [project.organisation_id], project)
    return next((one for one in numbers if one.part == project.part.value), None)


_RATIONALE = {
    "unit_background": lazy("The unit and its work"),
    "problem_and_gap": lazy("Problem, and the gap to the advanced level"),
    "content_mode_and_outline": lazy("Content, form and outline of the training"),
    "expected_goals_and_benefit": lazy("Goals and benefit"),
}


def _facts(project: TrainingProject, separator: str) -> list[tuple[Any, str]]:
    book = rules_today()
    provider = project.provider
    provider_name = ""
    if provider is not None:
        provider_name = provider.name_zh if current_language() == "zh" and provider.name_zh else provider.name_en
    pairs = [
        ("part", str(limits.part_name(project.part))),
        ("dispatching", separator.join(project.dispatching)),
        ("key_field", _named(book, "training_fields", project.key_field)),
        ("approval_type", _named(book, "training_approval_types", project.approval_type)),
        ("destinations", separator.join(country_name(code) for code in project.destinations)),
        ("cities", separator.join(project.cities)),
        ("provider_id", provider_name),
        ("people_planned", _text(project.people_planned)),
        ("leaders_planned", _text(project.leaders_planned)),
        ("days", _text(project.days)),
        ("term", _named(book, "training_terms", project.term)),
        ("depart_month", format_month_name(project.depart_month) if project.depart_month else ""),
        ("fundings", separator.join(_named(book, "training_fundings", code) for code in project.fundings)),
        ("remarks", project.remarks),
    ]
    return [(label_of(name), text) for name, text in pairs]


def _named(book: Any, table: str, code: str) -> str:
    return str(book.name_of(table, code)) if code else ""


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _approval(project: TrainingProject) -> list[tuple[Any, Any]]:
    if project.people_approved is None:
        return []
    return [
        (label_of("people_approved"), project.people_approved),
        (label_of("subsidy_approved"), project.subsidy_approved),
        (label_of("approval_number"), project.approval_number),
        (lazy("Task approval no."), project.task_number),
    ]


def _limit(project: TrainingProject, one: Finding, stage: str) -> LimitLine:
    return LimitLine(
        one.code, one.rule.name, one.severity, one.outcome.value, one.text, one.rule.sources,
        one.rule.is_unsure or bool(one.rule.get("params_unsure")), limits.place_to_mend(project, one),
        project.reasons.get(one.code, ""), one.needs_reason,
    )  # fmt: skip


def _history(project: TrainingProject) -> tuple[HistoryLine, ...]:
    statement = (
        select(Event, Account.name_latin)
        .outerjoin(Account, Account.id == Event.actor_id)
        .where(Event.subject_kind == GROUP.subject_kind, Event.subject_id == project.id)
        .order_by(Event.id.desc())
        .limit(_HISTORY_SHOWN)
    )
    return tuple(
        HistoryLine(
            event.at, person_name(event.actor_name, latin or ""), HAPPENED.get(event.name, event.name),
            str(event.payload.get("reason") or event.payload.get("note") or ""),
        )
        for event, latin in db.session.execute(statement)
    )  # fmt: skip
