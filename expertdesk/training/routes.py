"""The pages of plans and of groups' declarations: HTTP only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.foundation.errors import FieldDifference, RuleBroken, Stale
from expertdesk.foundation.locale import gettext as _
from expertdesk.models import PlanPart
from expertdesk.training import declaration_page, declaring, group_page, plan_page, planning, rounds
from expertdesk.training.both_versions import both_versions, told
from expertdesk.training.choices import providers, units_for
from expertdesk.training.forms import OpinionForm, ProjectForm, ReasonForm, YearForm
from expertdesk.training.group_list import Filter
from expertdesk.training.policy import find_plan, find_project, sees_all
from expertdesk.web import current_actor, page, requires

blueprint = Blueprint("training", __name__, template_folder="templates")
REFUSED = 422
_MOST_DIGITS = 9


def number_in(text: str | None) -> int | None:
    """A whole number from an address or a hidden field; None for anything else."""
    plain = text or ""
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS else None


def seen_version() -> int | None:
    """The version the page was made from."""
    return number_in(request.form.get("version"))


# --- years and plans ------------------------------------------------------------------------------------------------


@blueprint.get("/training")
@requires(Permission.TRAINING_READ)
def years() -> BaseResponse:
    """Every year's plan; managers begin a new one here."""
    return _years(YearForm(formdata=None), 200)


def _years(form: YearForm, status: int) -> BaseResponse:
    actor = current_actor()
    return page(
        "training/years.html", status, rows=plan_page.years(actor), form=form, may_open=sees_all(actor),
        problems=form.problems(),
    )  # fmt: skip


@blueprint.post("/training")
@requires(Permission.TRAINING_MANAGE)
def open_year() -> BaseResponse:
    """Begin the plan of a year."""
    form = YearForm()
    if form.validate_on_submit():
        try:
            plan = planning.open_plan(form.year.data or 0, current_actor())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The plan is open. Enter the control numbers next."), "ok")
            return redirect(url_for("training.numbers", year=plan.year), code=303)
    return _years(form, REFUSED)


@blueprint.get("/training/<int:year>")
@requires(Permission.TRAINING_READ)
def plan(year: int) -> BaseResponse:
    """The year: what stops it, totals, units, charts, groups."""
    actor = current_actor()
    wanted = Filter(
        unit=number_in(request.args.get("unit")),
        state=request.args.get("state", ""),
        part=request.args.get("part", ""),
        problems=request.args.get("problems") == "1",
        after=request.args.get("after", ""),
    )
    return page("training/plan.html", record=plan_page.plan_page(find_plan(year, actor), actor, wanted))


# --- a group's declaration ------------------------------------------------------------------------------------------


@blueprint.get("/training/<int:year>/new")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def new_project(year: int) -> BaseResponse:
    """An empty declaration."""
    actor = current_actor()
    found = find_plan(year, actor)
    form = ProjectForm(formdata=None, units=units_for(actor), providers=providers())
    unit = number_in(request.args.get("unit"))
    if unit is not None:
        form.organisation.data = str(unit)
    return _declaration(form, found, None, 200)


@blueprint.post("/training/<int:year>/new")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def create_project(year: int) -> BaseResponse:
    """Keep it as a draft; the limits are shown on its page."""
    actor = current_actor()
    found = find_plan(year, actor)
    form = ProjectForm(units=units_for(actor), providers=providers())
    if form.validate_on_submit():
        try:
            project = declaring.create_project(found, form.organisation_id, form.to_data(), actor)
        except RuleBroken as refused:
            form.refuse(_at_fields(refused.problems))
        else:
            flash(_("Kept as a draft. See below what the limits say."), "ok")
            return redirect(url_for("training.project", number=project.number), code=303)
    return _declaration(form, found, None, REFUSED)


def _at_fields(problems: Any) -> dict[str, Any]:
    return {("organisation" if name == "organisation_id" else name): text for name, text in problems.items()}


def _declaration(form: ProjectForm, found: Any, project: Any, status: int) -> BaseResponse:
    units = form.unit_ids if project is None else ()
    unit = project.organisation_id if project is not None else form.organisation_id or next(iter(units), 0)
    typed = (unit, form.part.data or PlanPart.ABROAD.value, form.people_planned.data)
    record = declaration_page.declaration_page(found, project, units, typed)
    return page("training/declaration.html", status, record=record, form=form, problems=form.problems())


@blueprint.get("/training/groups/<number>")
@requires(Permission.TRAINING_READ)
def project(number: str) -> BaseResponse:
    """One group: what the limits say, what to do next, everything that belongs to it."""
    return group(number)


def group(number: str, failed: str = "", **forms: Any) -> BaseResponse:
    """The page of a group with its small forms; `failed` names the one that was refused."""
    actor = current_actor()
    found = find_project(number, actor)
    record = group_page.group_page(found, actor)
    opinion = forms.get("opinion") or OpinionForm(formdata=None)
    reason = forms.get("reason") or ReasonForm(formdata=None)
    sent = {"opinion": opinion, "reason": reason}.get(failed.partition(":")[0])
    return page(
        "training/group.html", REFUSED if sent else 200, record=record, opinion=opinion, reason=reason, failed=failed,
        problems=sent.problems() if sent else [],
    )  # fmt: skip


@blueprint.get("/training/groups/<number>/edit")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def edit_project(number: str) -> BaseResponse:
    """The declaration as it is stored."""
    actor = current_actor()
    found = find_project(number, actor)
    return _declaration(_stored(found, actor), found.plan, found, 200)


@blueprint.post("/training/groups/<number>/edit")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def save_project(number: str) -> BaseResponse:
    """Save; a stale save answers with both versions."""
    actor = current_actor()
    found = find_project(number, actor)
    form = ProjectForm(units=units_for(actor), providers=providers())
    if form.validate_on_submit():
        kept = declaring.data_of(found) if found.budget is not None else None
        try:
            with both_versions(found, form, lambda: _stored(found, actor)):
                declaring.edit_project(found, form.to_data(kept), actor, seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(_at_fields(refused.problems))
        else:
            flash(_("The declaration is saved."), "ok")
            return redirect(url_for("training.project", number=number), code=303)
    return _declaration(form, found.plan, found, REFUSED)


def _stored(found: Any, actor: Any) -> ProjectForm:
    form = ProjectForm(formdata=None, units=units_for(actor), providers=providers())
    return form.fill(declaring.data_of(found), found.organisation_id)


@blueprint.post("/training/groups/<number>/declare")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def declare(number: str) -> BaseResponse:
    """To the bureau."""
    actor = current_actor()
    declaring.declare(find_project(number, actor), actor, seen_version=seen_version())
    flash(_("Declared. The bureau checks it next."), "ok")
    return redirect(url_for("training.project", number=number), code=303)


@blueprint.post("/training/groups/<number>/withdraw")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def withdraw(number: str) -> BaseResponse:
    """Out of the plan, with a reason."""
    return _with_reason(number, "withdraw", declaring.withdraw, _("The group is withdrawn."))


@blueprint.post("/training/groups/<number>/return")
@requires(Permission.TRAINING_MANAGE)
def return_project(number: str) -> BaseResponse:
    """Back to the unit, with a reason."""
    return _with_reason(number, "return", rounds.return_project, _("Returned; the unit is told."))


def _with_reason(number: str, action: str, command: Any, done: str) -> BaseResponse:
    actor = current_actor()
    form = ReasonForm()
    found = find_project(number, actor)
    if form.validate_on_submit():
        with both_versions(found, form, lambda: ReasonForm(formdata=None)):
            command(found, form.reason.data or "", actor, seen_version=seen_version())
        flash(done, "ok")
        return redirect(url_for("training.project", number=number), code=303)
    return group(number, f"reason:{action}", reason=form)


@blueprint.post("/training/groups/<number>/review")
@requires(Permission.TRAINING_MANAGE)
def review(number: str) -> BaseResponse:
    """The bureau's check is passed, with an opinion."""
    actor = current_actor()
    form = OpinionForm()
    found = find_project(number, actor)
    if form.validate_on_submit():
        opinion = rounds.Opinion(form.opinion.data or "", form.note.data or "")
        try:
            with both_versions(found, form, lambda: OpinionForm(formdata=None, data=_opinion_of(found))):
                rounds.review_project(found, opinion, actor, seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("Checked. The group goes up with the plan."), "ok")
            return redirect(url_for("training.project", number=number), code=303)
    return group(number, "opinion", opinion=form)


def _opinion_of(found: Any) -> dict[str, str]:
    return {"opinion": found.review_opinion, "note": found.review_note}


@blueprint.post("/training/groups/<number>/reasons")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def save_reasons(number: str) -> BaseResponse:
    """Written reasons for warnings, one field a rule."""
    actor = current_actor()
    found = find_project(number, actor)
    given = {
        name.removeprefix("reason_"): text[:1000]
        for name, text in request.form.items()
        if name.startswith("reason_") and name.removeprefix("reason_").isalnum()
    }
    try:
        declaring.give_reasons(found, given, actor, seen_version())
    except Stale as stale:
        raise told(found, stale, [
            FieldDifference(f"reason_{code}", _("Reason for warning %(code)s", code=code), stored, text)
            for code, text in given.items()
            if (stored := found.reasons.get(code, "")) != text.strip()
        ]) from None  # fmt: skip
    flash(_("The reasons are kept with the group."), "ok")
    return redirect(url_for("training.project", number=number) + "#limits", code=303)


@blueprint.get("/training/groups/<number>/reasons")
@requires(Permission.TRAINING_READ)
def reasons(number: str) -> BaseResponse:
    """Where warnings get their reasons: a part of the group's page."""
    find_project(number, current_actor())
    return redirect(url_for("training.project", number=number) + "#limits", code=303)
