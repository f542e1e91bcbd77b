"""From the approval to the settlement: HTTP only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy
from expertdesk.models import TrainingProject
from expertdesk.training import executing, running_forms
from expertdesk.training.both_versions import both_versions
from expertdesk.training.facts import AMOUNTS
from expertdesk.training.forms import ReasonForm
from expertdesk.training.labels import label_of
from expertdesk.training.policy import find_project
from expertdesk.training.routes import REFUSED, blueprint, seen_version
from expertdesk.training.workflow import GROUP
from expertdesk.web import current_actor, page, requires


@dataclass(frozen=True)
class ActPage:
    """One action of a group with its form. `fields` are (name, macro, hint, width)."""

    number: str
    name: str
    version: int
    title: Any
    does: Any
    endpoint: str
    fields: Sequence[tuple[str, str, Any, str]]
    settlement: Sequence[tuple[Any, Any, Any, bool]] = ()
    wanted: Sequence[tuple[Any, Any, Any]] = ()


_FIELDS: dict[str, Sequence[tuple[str, str, Any, str]]] = {
    "publicise": (
        ("from_on", "date", "", "col-md-3"), ("to_on", "date", "", "col-md-3"), ("place", "text", "", "col-md-6"),
        ("text", "textarea", lazy("Aim, content, institution, names, schedule, funding and budget."), "col-12"),
        ("objections", "textarea", "", "col-12"),
    ),
    "approve_task": (
        ("number", "text", "", "col-md-4"), ("leave_on", "date", "", "col-md-4"), ("return_on", "date", "", "col-md-4"),
    ),
    "report": (
        ("leave_on", "date", "", "col-md-3"), ("return_on", "date", "", "col-md-3"), ("people", "text", "", "col-md-2"),
        ("cities", "text", "", "col-md-4"), ("inviter", "text", "", "col-md-6"),
        ("passports_returned_on", "date", lazy("Within seven days of the return."), "col-md-3"),
        ("lecture_hours", "text", "", "col-md-3"), ("visit_hours", "text", "", "col-md-3"),
        *((f"cost_{name}", "money", "", "col-sm-6 col-lg-4") for name in AMOUNTS),
        ("paid_by_host", "money", "", "col-sm-6 col-lg-4"),
        ("tasks_done", "textarea", "", "col-md-6"), ("results", "textarea", "", "col-md-6"),
        ("follow_up", "textarea", "", "col-md-6"), ("over_standard", "textarea", "", "col-md-6"),
        ("discipline", "textarea", lazy("Leave it empty where there was none."), "col-md-6"),
        ("trainee_score", "select", lazy("5 is best."), "col-md-3"),
        ("provider_score", "select", lazy("5 is best."), "col-md-3"),
    ),
    "close": (("note", "textarea", lazy("Needed where something is beyond what was approved."), "col-12"),),
    "adjust": (
        ("people_approved", "text", "", "col-md-4"), ("depart_month", "select", "", "col-md-4"),
        ("cities", "text", lazy("Leave empty what stays as approved."), "col-md-4"),
        ("reason", "textarea", "", "col-12"),
    ),
    "agree_adjustment": (),
    "refuse_adjustment": (("reason", "textarea", "", "col-12"),),
    "extend": (("until", "date", "", "col-md-4"), ("reason", "textarea", "", "col-12")),
    "cancel": (("reason", "textarea", "", "col-12"),),
}  # fmt: skip


def _show(project: TrainingProject, action: str, form: Any, status: int = 200) -> BaseResponse:
    row = GROUP.get(action)
    record = ActPage(
        project.number, project.name, project.row_version, row.label, row.does, row.endpoint, _FIELDS[action],
        _settlement(project) if action == "close" else (),
        _wanted(project) if action in ("agree_adjustment", "refuse_adjustment") else (),
    )  # fmt: skip
    return page("training/act.html", status, record=record, form=form, problems=form.problems())


def _settlement(project: TrainingProject) -> list[tuple[Any, Any, Any, bool]]:
    names = {"people": label_of("people_approved"), "cities": label_of("cities"), "days": label_of("days")}
    return [
        (names.get(line.code, label_of(line.code)), line.approved, line.actual, line.is_beyond)
        for line in executing.settlement(project)
    ]


def _wanted(project: TrainingProject) -> list[tuple[Any, Any, Any]]:
    def shown(value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    return [(label_of(name), shown(getattr(project, name)), shown(value)) for name, value in project.adjustment.items()]


def _act(
    number: str, action: str, form: Any, command: Callable[[TrainingProject, Any], Any], done: str
) -> BaseResponse:
    actor = current_actor()
    project = find_project(number, actor)
    if form.validate_on_submit():
        try:
            with both_versions(project, form, lambda: _stored(project, form)):
                command(project, actor)
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(done, "ok")
            return redirect(url_for("training.project", number=number), code=303)
    return _show(project, action, form, REFUSED)


def _stored(project: TrainingProject, sent: Any) -> Any:
    """The same form with what is stored by now."""
    form = type(sent)(formdata=None)
    if isinstance(form, running_forms.ReportForm):
        return form.fill(project)
    if isinstance(form, running_forms.TaskForm):
        form.number.data, form.leave_on.data = project.task_number, project.leave_on
        form.return_on.data = project.return_on
    return form


@blueprint.get("/training/groups/<number>/publicity")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def publicise(number: str) -> BaseResponse:
    """The publicity inside the unit."""
    return _show(find_project(number, current_actor()), "publicise", running_forms.PublicityForm(formdata=None))


@blueprint.post("/training/groups/<number>/publicity")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def do_publicise(number: str) -> BaseResponse:
    form = running_forms.PublicityForm()

    def command(project: TrainingProject, actor: Any) -> None:
        executing.publicise(project, form.to_data(), actor, seen_version=seen_version())

    return _act(number, "publicise", form, command, _("The publicity is recorded."))


@blueprint.get("/training/groups/<number>/task")
@requires(Permission.TRAINING_MANAGE)
def approve_task(number: str) -> BaseResponse:
    """The task approval."""
    return _show(find_project(number, current_actor()), "approve_task", running_forms.TaskForm(formdata=None))


@blueprint.post("/training/groups/<number>/task")
@requires(Permission.TRAINING_MANAGE)
def do_approve_task(number: str) -> BaseResponse:
    form = running_forms.TaskForm()

    def command(project: TrainingProject, actor: Any) -> None:
        assert form.leave_on.data is not None and form.return_on.data is not None
        executing.approve_task(
            project, form.number.data or "", form.leave_on.data, form.return_on.data, actor, seen_version=seen_version()
        )

    return _act(number, "approve_task", form, command, _("The task approval is issued."))


@blueprint.get("/training/groups/<number>/report")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def report(number: str) -> BaseResponse:
    """The report after return."""
    project = find_project(number, current_actor())
    return _show(project, "report", running_forms.ReportForm(formdata=None).fill(project))


@blueprint.post("/training/groups/<number>/report")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def file_report(number: str) -> BaseResponse:
    form = running_forms.ReportForm()

    def command(project: TrainingProject, actor: Any) -> None:
        executing.file_report(project, form.to_data(), actor, seen_version=seen_version())

    return _act(number, "report", form, command, _("The report is filed."))


@blueprint.get("/training/groups/<number>/settle")
@requires(Permission.TRAINING_MANAGE)
def settle(number: str) -> BaseResponse:
    """Approved beside actual, then accept the report."""
    return _show(find_project(number, current_actor()), "close", running_forms.SettleForm(formdata=None))


@blueprint.post("/training/groups/<number>/settle")
@requires(Permission.TRAINING_MANAGE)
def do_settle(number: str) -> BaseResponse:
    form = running_forms.SettleForm()

    def command(project: TrainingProject, actor: Any) -> None:
        executing.settle(project, form.note.data or "", actor, seen_version=seen_version())

    return _act(number, "close", form, command, _("The report is accepted and settled."))


@blueprint.get("/training/groups/<number>/adjust")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def adjust(number: str) -> BaseResponse:
    """Ask for a change within the totals."""
    return _show(find_project(number, current_actor()), "adjust", running_forms.AdjustForm(formdata=None))


@blueprint.post("/training/groups/<number>/adjust")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def do_adjust(number: str) -> BaseResponse:
    form = running_forms.AdjustForm()

    def command(project: TrainingProject, actor: Any) -> None:
        executing.ask_adjustment(project, form.changes(), form.reason.data or "", actor, seen_version=seen_version())

    return _act(number, "adjust", form, command, _("Asked for; the bureau decides."))


@blueprint.get("/training/groups/<number>/adjust/agree")
@requires(Permission.TRAINING_MANAGE)
def agree_adjustment(number: str) -> BaseResponse:
    """What is wanted, before the bureau agrees."""
    return _show(find_project(number, current_actor()), "agree_adjustment", running_forms.SettleForm(formdata=None))


@blueprint.post("/training/groups/<number>/adjust/agree")
@requires(Permission.TRAINING_MANAGE)
def do_agree_adjustment(number: str) -> BaseResponse:
    def command(project: TrainingProject, actor: Any) -> None:
        executing.agree_adjustment(project, actor, seen_version=seen_version())

    return _act(number, "agree_adjustment", running_forms.SettleForm(), command, _("The new values hold."))


@blueprint.get("/training/groups/<number>/adjust/refuse")
@requires(Permission.TRAINING_MANAGE)
def refuse_adjustment(number: str) -> BaseResponse:
    """Refuse, with the reason."""
    form = ReasonForm(formdata=None)
    return _show(find_project(number, current_actor()), "refuse_adjustment", form)


@blueprint.post("/training/groups/<number>/adjust/refuse")
@requires(Permission.TRAINING_MANAGE)
def do_refuse_adjustment(number: str) -> BaseResponse:
    form = ReasonForm()

    def command(project: TrainingProject, actor: Any) -> None:
        executing.refuse_adjustment(project, form.reason.data or "", actor, seen_version=seen_version())

    return _act(number, "refuse_adjustment", form, command, _("Refused; the approved values stay."))


@blueprint.get("/training/groups/<number>/extend")
@requires(Permission.TRAINING_MANAGE)
def extend(number: str) -> BaseResponse:
    """Into the next year."""
    return _show(find_project(number, current_actor()), "extend", running_forms.ExtendForm(formdata=None))


@blueprint.post("/training/groups/<number>/extend")
@requires(Permission.TRAINING_MANAGE)
def do_extend(number: str) -> BaseResponse:
    form = running_forms.ExtendForm()

    def command(project: TrainingProject, actor: Any) -> None:
        assert form.until.data is not None
        executing.extend(project, form.until.data, form.reason.data or "", actor, seen_version=seen_version())

    return _act(number, "extend", form, command, _("Extended; it does not lapse with the year."))


@blueprint.get("/training/groups/<number>/cancel")
@requires(Permission.TRAINING_MANAGE)
def cancel(number: str) -> BaseResponse:
    """Not run after all."""
    return _show(find_project(number, current_actor()), "cancel", ReasonForm(formdata=None))


@blueprint.post("/training/groups/<number>/cancel")
@requires(Permission.TRAINING_MANAGE)
def do_cancel(number: str) -> BaseResponse:
    form = ReasonForm()

    def command(project: TrainingProject, actor: Any) -> None:
        executing.cancel(project, form.reason.data or "", actor, seen_version=seen_version())

    return _act(number, "cancel", form, command, _("The group is cancelled."))
