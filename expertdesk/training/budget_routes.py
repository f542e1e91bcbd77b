"""The budget of a group, line by line: HTTP only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import Bilingual, country_name
from expertdesk.foundation.locale import gettext as _
from expertdesk.models import TrainingProject
from expertdesk.regulations.current import rules_today
from expertdesk.regulations.figures import plain
from expertdesk.training import budget_forms, budgeting
from expertdesk.training.both_versions import both_versions
from expertdesk.training.costs import TRAIN_CURRENCY, BudgetLine, to_fen
from expertdesk.training.policy import find_project
from expertdesk.training.routes import REFUSED, blueprint, seen_version
from expertdesk.training.workflow import EDITABLE
from expertdesk.web import current_actor, page, requires


@dataclass(frozen=True)
class BudgetPage:
    """The budget as it is kept, or as it would be (`is_preview`)."""

    number: str
    name: str
    version: int
    country: str
    days: int | None
    people: int | None
    is_editable: bool
    currencies: tuple[str, ...]
    ranks: tuple[tuple[str, Bilingual, str], ...]
    train_over: str
    train_allowance: str
    train_currency: str = TRAIN_CURRENCY
    edition: str = ""
    lines: tuple[BudgetLine, ...] = ()
    missing: tuple[Bilingual, ...] = ()
    over: tuple[Bilingual, ...] = ()
    warnings: tuple[Bilingual, ...] = ()
    totals: tuple[tuple[Bilingual, Decimal | None], ...] = ()
    total: Decimal = Decimal(0)
    is_preview: bool = False

    def item_name(self, item: str) -> Bilingual:
        """What a line is for."""
        return rules_today().name_of("cost_items", item)

    @property
    def per_person(self) -> Decimal | None:
        return to_fen(self.total / self.people) if self.people else None


def _page(project: TrainingProject, made: Any = None) -> BudgetPage:
    book = rules_today()
    budget = project.budget
    lines = made.lines if made is not None else (budgeting.lines_of(budget) if budget else ())
    missing = made.missing if made is not None else (budget.missing if budget else ())
    over = made.over_standard if made is not None else (budget.over_standard if budget else ())
    names = {item: book.name_of("cost_items", item) for item in budgeting.COLUMN_OF_ITEM}
    known = {
        item: sum((line.amount for line in lines if line.item == item and line.amount is not None), Decimal(0))
        for item in budgeting.COLUMN_OF_ITEM
    }
    # what is missing is unknown, never nothing
    totals = [(names[item], None if item in missing else amount) for item, amount in known.items()]
    return BudgetPage(
        number=project.number, name=project.name, version=project.row_version,
        country=country_name(project.destination), days=project.days, people=project.people_planned,
        is_editable=project.state.value in EDITABLE, currencies=budget_forms.currencies_for(project.destination),
        ranks=tuple((row.code, row.name, row.air) for row in book.rows("training_ranks")),
        train_over=plain(book.row("cost_settings", "TRAIN_OVER_HOURS").value),
        train_allowance=f"{TRAIN_CURRENCY} {plain(book.row('cost_settings', 'TRAIN_ALLOWANCE').value)}",
        edition=made.edition if made is not None else (budget.edition if budget else ""), lines=tuple(lines),
        missing=tuple(names[item] for item in missing), over=tuple(names[item] for item in over),
        warnings=made.warnings if made is not None else (), totals=tuple(totals),
        total=sum(known.values(), Decimal(0)), is_preview=made is not None,
    )  # fmt: skip


@blueprint.get("/training/groups/<number>/budget")
@requires(Permission.TRAINING_READ)
def budget(number: str) -> BaseResponse:
    """The budget as it is kept, with its form while the declaration can be changed."""
    project = find_project(number, current_actor())
    currencies = budget_forms.with_train(budget_forms.currencies_for(project.destination))
    return page("training/budget.html", record=_page(project), form=_stored(project, currencies), problems=[])


def _stored(project: TrainingProject, currencies: Sequence[str]) -> Any:
    """What is kept; without any, a proposal for nights and city."""
    form: Any = budget_forms.budget_form(currencies)(formdata=None)
    if project.budget is not None:
        budget_forms.fill(form, budgeting.data_of(project.budget))
    elif project.days:
        form["nights_1"].data = max(project.days - 1, 0)
        form["city_1"].data = project.cities[0] if project.cities else ""
    return form


@blueprint.post("/training/groups/<number>/budget")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def save_budget(number: str) -> BaseResponse:
    """Work it out and show it (`preview`), or keep it."""
    actor = current_actor()
    project = find_project(number, actor)
    currencies = budget_forms.with_train(budget_forms.currencies_for(project.destination))
    form = budget_forms.budget_form(currencies)()
    made = None
    if form.validate_on_submit():
        data = budget_forms.data_of(form, currencies)
        try:
            if "preview" in request.form:
                made = budgeting.compute(project, data)
                return page("training/budget.html", record=_page(project, made), form=form, problems=[])
            with both_versions(project, form, lambda: _stored(project, currencies)):
                budgeting.keep_budget(project, data, actor, seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(_placed(refused.problems, form))
        else:
            flash(_("The budget is kept; the amounts of the declaration follow it."), "ok")
            return redirect(url_for("training.budget", number=number), code=303)
    db.session.rollback()
    project = find_project(number, actor)
    return page("training/budget.html", REFUSED, record=_page(project), form=form, problems=form.problems())


def _placed(problems: dict[str, Any], form: Any) -> dict[str, Any]:
    """Problems of the costs at the fields of this form."""
    places = {"nights": "nights_1", "city": "city_1", "country": "reference_country", "edition": "first_day_on",
              "fares": "fare_people_other"}  # fmt: skip
    return {(places.get(name, name) if places.get(name, name) in form else ""): text for name, text in problems.items()}


@blueprint.post("/training/groups/<number>/budget/drop")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def drop_budget(number: str) -> BaseResponse:
    """Amounts typed by hand again."""
    actor = current_actor()
    budgeting.drop_budget(find_project(number, actor), actor, seen_version=seen_version())
    flash(_("The amounts can be typed in the declaration again."), "ok")
    return redirect(url_for("training.edit_project", number=number), code=303)
