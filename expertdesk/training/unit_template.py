"""The declaration sheet of a unit: its control number, the lists of the day, the groups it may still change, and the
three declarations that the limits ask for."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from expertdesk.access import Actor
from expertdesk.documents.plan_contexts import Cell, PlanColumn, TermRange, UnitTemplate
from expertdesk.documents.unit_sheet import unit_template_xlsx
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.locale import Bilingual, countries, country_name
from expertdesk.models import (
    Organisation,
    PlanPart,
    PlanState,
    ProjectState,
    ProviderState,
    TrainingPlan,
    TrainingProject,
    TrainingProvider,
    TrainingUnit,
)
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today
from expertdesk.training.exports import bands_of, columns_of, row_of
from expertdesk.training.policy import may_declare_for
from expertdesk.training.unit_names import name_of_unit
from expertdesk.training.workflow import EDITABLE

# the unit stands above the table; what the bureau fills in later is not asked for
_LEFT_OUT = frozenset({"organising_unit"})
_KEPT = frozenset({"seq", "project_no", "term", "budget_total_cny"})
_TABLES = {
    "key_field": "training_fields",
    "approval_type": "training_approval_types",
    "term": "training_terms",
    "funding_source": "training_fundings",
}
_BAND = "declarations"
_DECLARATIONS = ("is_for_training_only", "is_without_agents_or_family", "is_without_sponsors")
_YES_NO = (("yes", Bilingual("是", "Yes")), ("no", Bilingual("否", "No")))
_DEFAULT_ABROAD = "abroad"


def unit_of(actor: Actor, wanted: int | None) -> int:
    """The unit asked for, or the only one of a training contact. NotFound where it is not the actor's."""
    own = sorted(actor.training_organisations)
    unit = wanted if wanted is not None else (own[0] if own else None)
    if unit is None or not may_declare_for(unit, actor):
        raise NotFound(str(wanted))
    return unit


def declaration_sheet(plan: TrainingPlan, organisation_id: int, part: PlanPart) -> bytes:
    """The workbook, ready to fill in and to send back through the import."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound(str(organisation_id))
    book = rules_today()
    template = UnitTemplate(
        year=plan.year,
        part=book.name_of("training_parts", part.value),
        part_code=part.value,
        unit=name_of_unit(organisation),
        credit_code=organisation.credit_code,
        control_number=_control_number(plan, organisation_id, part),
        columns=_columns(book),
        choices=_choices(book, part),
        rows=_rows(plan, organisation_id, part, book),
        bands=(*bands_of(book), (_BAND, Bilingual("承诺", "Declarations"))),
        terms=tuple(
            TermRange(row.code, row.name, row.least_days, row.most_days) for row in book.rows("training_terms")
        ),
        required=frozenset(row.code for row in book.rows("training_columns") if row.required) - _LEFT_OUT,
        compiled_on=clock.today(),
        issued_by=book.bureau.name,
        return_by=plan.declare_until if plan.state is PlanState.FIRST_SUBMISSION else plan.revise_until,
    )
    return unit_template_xlsx(template)


def _columns(book: RuleBook) -> tuple[PlanColumn, ...]:
    """What a unit fills in, with the serial, the number of a known group and the term that follows."""
    asked = {row.code for row in book.rows("training_columns") if row.by_unit} | _KEPT
    plan = [column for column in columns_of(book) if column.key in asked - _LEFT_OUT]
    names = {row.code: row.name for row in book.rows("training_headers")}
    last = max(column.no for column in columns_of(book))
    declared = [
        PlanColumn(last + place, key, names[key], _BAND, "choice") for place, key in enumerate(_DECLARATIONS, start=1)
    ]
    return (*plan, *declared)


def _choices(book: RuleBook, part: PlanPart) -> Mapping[str, tuple[tuple[str, Bilingual], ...]]:
    found = {key: tuple((row.code, row.name) for row in book.dictionary(table)) for key, table in _TABLES.items()}
    found["destination"] = _destinations(book, part)
    found["host_institution"] = _institutions(part, book)
    found |= dict.fromkeys(_DECLARATIONS, _YES_NO)
    return {key: rows for key, rows in found.items() if rows}


def _destinations(book: RuleBook, part: PlanPart) -> tuple[tuple[str, Bilingual], ...]:
    """Hong Kong, Macao and Taiwan have parts of their own; everything else is abroad."""
    own = {row.code: tuple(row.destinations) for row in book.rows("training_parts")}
    codes: tuple[str, ...] = own.get(part.value, ())
    if part.value == _DEFAULT_ABROAD:
        elsewhere = {"CN", *(code for some in own.values() for code in some)}
        codes = tuple(code for code, _ in countries("zh") if code not in elsewhere)
    return tuple((code, Bilingual(country_name(code, "zh"), country_name(code, "en"))) for code in codes)


def _institutions(part: PlanPart, book: RuleBook) -> tuple[tuple[str, Bilingual], ...]:
    wanted = {code for code, _ in _destinations(book, part)}
    rows = db.session.scalars(
        select(TrainingProvider)
        .where(TrainingProvider.state != ProviderState.EXITED)
        .order_by(TrainingProvider.country, TrainingProvider.name_en)
    )
    return tuple(
        (str(row.id), Bilingual(row.name_zh or row.name_en, row.name_en)) for row in rows if row.country in wanted
    )


def _control_number(plan: TrainingPlan, organisation_id: int, part: PlanPart) -> int | None:
    unit = db.session.scalar(
        select(TrainingUnit).where(TrainingUnit.plan_id == plan.id, TrainingUnit.organisation_id == organisation_id)
    )
    return next((one.people for one in unit.controls if one.part is part), None) if unit is not None else None


def _rows(plan: TrainingPlan, organisation_id: int, part: PlanPart, book: RuleBook) -> tuple[Mapping[str, Cell], ...]:
    """The groups that the unit may still change."""
    statement = (
        select(TrainingProject)
        .where(
            TrainingProject.plan_id == plan.id, TrainingProject.organisation_id == organisation_id,
            TrainingProject.part == part, TrainingProject.state.in_([ProjectState(code) for code in sorted(EDITABLE)]),
        )
        .options(joinedload(TrainingProject.organisation), joinedload(TrainingProject.provider))
        .order_by(TrainingProject.number)
    )  # fmt: skip
    return tuple(_row(group, place, book) for place, group in enumerate(db.session.scalars(statement), start=1))


def _row(group: TrainingProject, place: int, book: RuleBook) -> Mapping[str, Cell]:
    yes, no = (name for _, name in _YES_NO)
    ticks = {key: yes if getattr(group, key) else no for key in _DECLARATIONS}
    named = {"project_name": group.name, "dispatching_unit": "、".join(group.dispatching) or None}
    return {**row_of(group, place, book), **named, "cities": "、".join(group.cities) or None, **ticks}
