"""Two rounds up and two down, as pages: numbers, handing out, sending up, feedback, approval list, end of the year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import ngettext
from expertdesk.models import TrainingPlan
from expertdesk.training import forms, planning, round_pages, rounds
from expertdesk.training.both_versions import both_versions
from expertdesk.training.choices import units_for
from expertdesk.training.policy import find_plan
from expertdesk.training.routes import REFUSED, blueprint, seen_version
from expertdesk.web import current_actor, page, requires


def _plan_url(year: int) -> str:
    return url_for("training.plan", year=year)


# --- numbers ----------------------------------------------------------------------------------------------------


@blueprint.get("/training/<int:year>/numbers")
@requires(Permission.TRAINING_MANAGE)
def numbers(year: int) -> BaseResponse:
    """The number from above and what each unit gets."""
    actor = current_actor()
    plan = find_plan(year, actor)
    units = units_for(actor)
    form = _stored_numbers(plan, units)
    if not plan.units:
        round_pages.fill_proposed(form, year)
    return _numbers(form, plan, units, 200)


def _stored_numbers(plan: TrainingPlan, units: list[tuple[int, str]]) -> Any:
    form = forms.numbers_form(units)(formdata=None)
    forms.fill_numbers(form, plan, plan.units)
    return form


@blueprint.post("/training/<int:year>/numbers")
@requires(Permission.TRAINING_MANAGE)
def save_numbers(year: int) -> BaseResponse:
    """Replaces what stood there."""
    actor = current_actor()
    plan = find_plan(year, actor)
    units = units_for(actor)
    form = forms.numbers_form(units)()
    if form.validate_on_submit():
        try:
            with both_versions(plan, form, lambda: _stored_numbers(plan, units)):
                planning.set_numbers(plan, forms.numbers_of(form, units), actor, seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The numbers are kept."), "ok")
            return redirect(_plan_url(year), code=303)
    return _numbers(form, plan, units, REFUSED)


def _numbers(form: Any, plan: TrainingPlan, units: list[tuple[int, str]], status: int) -> BaseResponse:
    record = round_pages.numbers_page(plan, units)
    return page("training/numbers.html", status, record=record, form=form, problems=form.problems())


# --- steps that only need a yes -----------------------------------------------------------------------------------


def _ask(year: int, action: str, form: Any = None) -> BaseResponse:
    """What will happen, said before it does; or why it cannot."""
    actor = current_actor()
    plan = find_plan(year, actor)
    record = round_pages.step_page(plan, action, actor)
    problems = form.problems() if form is not None else []
    form = form or forms.StepForm(formdata=None)
    return page("training/step.html", REFUSED if problems else 200, record=record, form=form, problems=problems)


def _go_up(year: int, action: str, command: Callable[..., Any], done: str) -> BaseResponse:
    """Sending up; a warning about a part needs a reason, which is asked for on the page of the step."""
    actor, form = current_actor(), forms.StepForm()
    if form.validate_on_submit():
        try:
            plan = find_plan(year, actor)
            with both_versions(plan, form, lambda: forms.StepForm(formdata=None)):
                command(plan, actor, form.reason.data or "", seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(done, "ok")
            return redirect(_plan_url(year), code=303)
    return _ask(year, action, form)


def _do(year: int, command: Callable[..., Any], done: Callable[[Any], str]) -> BaseResponse:
    actor = current_actor()
    answer = command(find_plan(year, actor), actor, seen_version=seen_version())
    flash(done(answer), "ok")
    return redirect(_plan_url(year), code=303)


@blueprint.get("/training/<int:year>/call")
@requires(Permission.TRAINING_MANAGE)
def call_units(year: int) -> BaseResponse:
    return _ask(year, "call_units")


@blueprint.post("/training/<int:year>/call")
@requires(Permission.TRAINING_MANAGE)
def do_call_units(year: int) -> BaseResponse:
    return _do(year, planning.call_units, lambda _answer: _("The first round is open; the units are told."))


@blueprint.get("/training/<int:year>/send-up")
@requires(Permission.TRAINING_MANAGE)
def send_up(year: int) -> BaseResponse:
    return _ask(year, "send_up")


@blueprint.post("/training/<int:year>/send-up")
@requires(Permission.TRAINING_MANAGE)
def do_send_up(year: int) -> BaseResponse:
    return _go_up(year, "send_up", rounds.send_up, _("Sent up. The plan is kept as it left."))


@blueprint.get("/training/<int:year>/send-up-again")
@requires(Permission.TRAINING_MANAGE)
def send_up_again(year: int) -> BaseResponse:
    return _ask(year, "send_up_again")


@blueprint.post("/training/<int:year>/send-up-again")
@requires(Permission.TRAINING_MANAGE)
def do_send_up_again(year: int) -> BaseResponse:
    return _go_up(year, "send_up_again", rounds.send_up_again, _("Sent up again. The plan is kept as it left."))


@blueprint.get("/training/<int:year>/close")
@requires(Permission.TRAINING_MANAGE)
def close_year(year: int) -> BaseResponse:
    return _ask(year, "close_year")


@blueprint.post("/training/<int:year>/close")
@requires(Permission.TRAINING_MANAGE)
def do_close_year(year: int) -> BaseResponse:
    def told(lapsed: int) -> str:
        return ngettext("The year is closed; %(n)s group lapsed.", "The year is closed; %(n)s groups lapsed.", lapsed)

    return _do(year, rounds.close_year, told)


# --- what comes back ----------------------------------------------------------------------------------------------


@blueprint.get("/training/<int:year>/feedback")
@requires(Permission.TRAINING_MANAGE)
def feedback(year: int) -> BaseResponse:
    """First round down: numbers and comments from above."""
    plan = find_plan(year, current_actor())
    record = round_pages.returned_page(plan)
    return page("training/feedback.html", record=record, form=_stored_feedback(plan, record), problems=[])


def _stored_feedback(plan: TrainingPlan, record: round_pages.ReturnedPage) -> Any:
    form: Any = forms.feedback_form(record.numbers)(formdata=None)
    form.revise_until.data = plan.revise_until
    for quota in plan.quotas:
        form[f"quota_{quota.part.value}"].data = quota.headcount
        form[f"least_{quota.part.value}"].data = quota.mid_long_least
    return form


@blueprint.post("/training/<int:year>/feedback")
@requires(Permission.TRAINING_MANAGE)
def take_feedback(year: int) -> BaseResponse:
    """Opens the second round."""
    actor = current_actor()
    plan = find_plan(year, actor)
    record = round_pages.returned_page(plan)
    form = forms.feedback_form(record.numbers)()
    if form.validate_on_submit():
        quotas = [
            planning.QuotaData(quota.part, form[f"quota_{quota.part.value}"].data or 0,
                               form[f"least_{quota.part.value}"].data)
            for quota in plan.quotas
        ]  # fmt: skip
        try:
            with both_versions(plan, form, lambda: _stored_feedback(plan, record)):
                rounds.take_feedback(
                    plan, quotas, forms.comments_of(form, record.numbers), actor,
                    revise_until=form["revise_until"].data, seen_version=seen_version(),
                )  # fmt: skip
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The second round is open; the units are told."), "ok")
            return redirect(_plan_url(year), code=303)
    return page("training/feedback.html", REFUSED, record=record, form=form, problems=form.problems())


@blueprint.get("/training/<int:year>/approval")
@requires(Permission.TRAINING_MANAGE)
def approval(year: int) -> BaseResponse:
    """Second round down: the approval list, filled in with what was asked for."""
    plan = find_plan(year, current_actor())
    record = round_pages.returned_page(plan)
    return page("training/approval.html", record=record, form=_stored_approval(record), problems=[])


def _stored_approval(record: round_pages.ReturnedPage) -> Any:
    """What was asked for."""
    form: Any = forms.approval_form(record.numbers)(formdata=None)
    for line in record.lines:
        form[f"approved_{line.number}"].data = True
        form[f"people_{line.number}"].data = line.people
        form[f"subsidy_{line.number}"].data = line.subsidy
    return form


@blueprint.post("/training/<int:year>/approval")
@requires(Permission.TRAINING_MANAGE)
def record_approval(year: int) -> BaseResponse:
    """Every group that went up is approved or not; the units see their tasks."""
    actor = current_actor()
    plan = find_plan(year, actor)
    record = round_pages.returned_page(plan)
    form = forms.approval_form(record.numbers)()
    if form.validate_on_submit():
        try:
            with both_versions(plan, form, lambda: _stored_approval(round_pages.returned_page(plan))):
                rounds.record_approval(
                    plan, forms.approvals_of(form, record.numbers), actor, document=form["document"].data or "",
                    on=form["on"].data, seen_version=seen_version(),
                )  # fmt: skip
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The approval list is kept; the units see their tasks."), "ok")
            return redirect(_plan_url(year), code=303)
    return page("training/approval.html", REFUSED, record=record, form=form, problems=form.problems())


# --- differences --------------------------------------------------------------------------------------------------


@blueprint.get("/training/<int:year>/differences")
@requires(Permission.TRAINING_MANAGE)
def differences(year: int) -> BaseResponse:
    """Two rounds side by side: added, cut, moved, changed, with the reasons."""
    plan = find_plan(year, current_actor())
    record = round_pages.differences_page(plan, request.args.get("from", ""), request.args.get("to", ""))
    return page("training/differences.html", record=record)
