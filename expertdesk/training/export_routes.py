"""The plan leaves the house: XLSX, PDF, CSV in Chinese, English or both; refused while a hard limit fails."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.foundation.errors import NotFound
from expertdesk.training import export_files, exports
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
    return page("training/export.html", record=export_files.export_page(plan, actor))


@blueprint.get("/training/<int:year>/export/<name>")
@requires(Permission.TRAINING_MANAGE)
def export_file(year: int, name: str) -> BaseResponse:
    """One file: plan-zh.xlsx, plan-en.pdf, plan-both.csv …; `part` restricts it to one part."""
    actor = current_actor()
    plan = find_plan(year, actor)
    wanted = export_files.wanted(name, request.args.get("part", ""))
    if wanted is None:
        raise NotFound(name)
    exports.refuse_if_blocked(plan)
    made = export_files.make(plan, actor, wanted)
    note_access(actor, "exported", "training_plan", plan.id, name)
    answer = Response(made.data, content_type=made.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=made.file_name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
