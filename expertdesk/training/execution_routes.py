"""Execution, pictures and the next year's number: HTTP only."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse
from wtforms import HiddenField

from expertdesk.access import Permission
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy
from expertdesk.models import TrainingPlan
from expertdesk.training import execution_page
from expertdesk.training.both_versions import both_versions
from expertdesk.training.forms import WholeField
from expertdesk.training.policy import find_plan
from expertdesk.training.routes import REFUSED, blueprint, seen_version
from expertdesk.web import current_actor, page, requires
from expertdesk.web.forms import BaseForm, CleanField


def _form(record: execution_page.ExecutionPage) -> type[BaseForm]:
    fields: dict[str, Any] = {"version": HiddenField()}
    for line in record.next_numbers:
        key = line.organisation_id
        fields[f"next_{key}"] = WholeField(lazy("%(unit)s: number of the next year", unit=line.name))
        fields[f"next_reason_{key}"] = CleanField(lazy("%(unit)s: reason", unit=line.name), most=500)
    return type("NextForm", (BaseForm,), fields)


@blueprint.get("/training/<int:year>/execution")
@requires(Permission.TRAINING_MANAGE)
def execution(year: int) -> BaseResponse:
    """Rates, groups on their way, the next year's number."""
    actor = current_actor()
    record = execution_page.execution_page(find_plan(year, actor), actor)
    return page("training/execution.html", record=record, form=_stored(record), problems=[])


def _stored(record: execution_page.ExecutionPage) -> BaseForm:
    form = _form(record)(formdata=None)
    for line in record.next_numbers:
        form[f"next_{line.organisation_id}"].data = line.chosen if line.chosen is not None else line.proposed
        form[f"next_reason_{line.organisation_id}"].data = line.reason
    return form


@blueprint.post("/training/<int:year>/execution")
@requires(Permission.TRAINING_MANAGE)
def keep_next(year: int) -> BaseResponse:
    """The numbers for the next year."""
    actor = current_actor()
    plan: TrainingPlan = find_plan(year, actor)
    record = execution_page.execution_page(plan, actor)
    form = _form(record)()
    if form.validate_on_submit():
        chosen = {
            line.organisation_id: (
                form[f"next_{line.organisation_id}"].data, form[f"next_reason_{line.organisation_id}"].data or "",
            )
            for line in record.next_numbers
        }  # fmt: skip
        try:
            with both_versions(plan, form, lambda: _stored(execution_page.execution_page(plan, actor))):
                execution_page.keep_next_numbers(plan, chosen, actor, seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The numbers for the next year are kept."), "ok")
            return redirect(url_for("training.execution", year=year), code=303)
    return page("training/execution.html", REFUSED, record=record, form=form, problems=form.problems())


@blueprint.get("/training/<int:year>/pictures")
@requires(Permission.TRAINING_READ)
def pictures(year: int) -> BaseResponse:
    """Charts, each with its data."""
    actor = current_actor()
    return page("training/pictures.html", record=execution_page.pictures_page(find_plan(year, actor), actor))
