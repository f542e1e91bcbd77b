"""The plan leaves the house: XLSX, PDF, CSV in Chinese, English or both; refused while a hard limit fails."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.foundation.errors import NotFound
from expertdesk.training import export_files, export_jobs, export_page, exports
from expertdesk.training.group_file_routes import as_download
from expertdesk.training.policy import find_plan
from expertdesk.training.routes import blueprint
from expertdesk.web import current_actor, page, requires


@blueprint.get("/training/<int:year>/export")
@requires(Permission.TRAINING_MANAGE)
def export(year: int) -> BaseResponse:
    """What can be had; a plan that breaks a hard limit gets the list instead."""
    actor = current_actor()
    plan = find_plan(year, actor)
    exports.refuse_if_blocked(plan)
    return page("training/export.html", record=export_page.export_page(plan, actor))


@blueprint.get("/training/<int:year>/export/<name>")
@requires(Permission.TRAINING_MANAGE)
def export_file(year: int, name: str) -> BaseResponse:
    """One file: plan-zh.xlsx, plan-en.pdf, plan-both.csv …; `part` restricts it to one part. Of a big plan it is the
    one made in the background, or the way to it."""
    actor = current_actor()
    plan = find_plan(year, actor)
    part = request.args.get("part", "")
    wanted = export_files.wanted(name, part)
    if wanted is None:
        raise NotFound(name)
    exports.refuse_if_blocked(plan)
    if wanted.format in export_jobs.BACKGROUND and export_jobs.is_big(plan):
        found = export_jobs.ready(plan, actor, name, part)
        if found is None:
            return redirect(url_for("training.export", year=year), code=303)
        return redirect(url_for("training.export_job_file", export_id=found.id), code=303)
    made = export_files.make(plan, actor, wanted)
    note_access(actor, "exported", "training_plan", plan.id, name)
    return as_download(made)


# --- in the background -----------------------------------------------------------------------------------------------


@blueprint.post("/training/<int:year>/export/<name>")
@requires(Permission.TRAINING_MANAGE)
def start_export(year: int, name: str) -> BaseResponse:
    """Let the worker make it; the page that follows shows how far it is and hands it over."""
    actor = current_actor()
    found = export_jobs.ask(find_plan(year, actor), actor, name, request.args.get("part", ""))
    return redirect(url_for("training.export_job", export_id=found.id, wait=1), code=303)


@blueprint.get("/training/exports/<int:export_id>")
@requires(Permission.TRAINING_MANAGE)
def export_job(export_id: int) -> BaseResponse:
    """How far the file is; `wait=1` hands it over as soon as it is there."""
    found = export_jobs.find_export(export_id, current_actor())
    record = export_page.job_page(found, waits_here=request.args.get("wait") == "1")
    answer = page("training/export_job.html", record=record)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/training/exports/<int:export_id>/file")
@requires(Permission.TRAINING_MANAGE)
def export_job_file(export_id: int) -> BaseResponse:
    """The finished file, for the person who asked."""
    actor = current_actor()
    found = export_jobs.find_export(export_id, actor)
    made = export_files.Made(export_jobs.bytes_of(found), found.media_type, found.file_name)
    note_access(actor, "exported", "training_plan", found.plan_id, found.name)
    return as_download(made)


@blueprint.post("/training/exports/<int:export_id>/again")
@requires(Permission.TRAINING_MANAGE)
def export_again(export_id: int) -> BaseResponse:
    """A failed one once more."""
    actor = current_actor()
    found = export_jobs.try_again(export_jobs.find_export(export_id, actor), actor)
    return redirect(url_for("training.export_job", export_id=found.id, wait=1), code=303)
