"""Papers of one group to print: HTTP only."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.foundation.errors import NotFound
from expertdesk.training import group_files
from expertdesk.training.export_files import Made
from expertdesk.training.policy import find_project
from expertdesk.training.routes import blueprint
from expertdesk.web import current_actor, requires


def as_download(made: Made) -> Response:
    """A file to be saved, not kept by anything on the way."""
    answer = Response(made.data, content_type=made.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=made.file_name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/training/groups/<number>/files/<name>")
@requires(Permission.TRAINING_READ)
def group_file(number: str, name: str) -> BaseResponse:
    """review-zh.pdf, roster-en.pdf, roster-both.xlsx …; `public=1` is the name list to put up inside the unit."""
    actor = current_actor()
    project = find_project(number, actor)
    wanted = group_files.wanted_file(name, is_public=request.args.get("public") == "1")
    if wanted is None:
        raise NotFound(name)
    made = group_files.make_file(project, actor, wanted)
    note_access(actor, "downloaded", "training_project", project.id, name)
    return as_download(made)
