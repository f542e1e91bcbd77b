"""Sheets of the units come in: HTTP only."""

from __future__ import annotations

import io
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import ngettext
from expertdesk.models import PlanPart, TrainingPlan
from expertdesk.regulations.current import rules_today
from expertdesk.training.import_forms import ConfirmForm, SheetsForm
from expertdesk.training.import_page import bad_keys, import_page
from expertdesk.training.importing import SheetFile
from expertdesk.training.importing.commands import PlanChanged
from expertdesk.training.importing.commands import confirm_import as confirm
from expertdesk.training.importing.commands import import_sheets as look_at
from expertdesk.training.importing.corrected import corrected_sheet as corrected
from expertdesk.training.importing.gate import LARGEST_FILE, FileRefused, megabytes
from expertdesk.training.importing.kept import (
    TurnedAway,
    add_to_run,
    drop_run,
    leave_out,
    load_run,
    sorted_out,
)
from expertdesk.training.policy import find_plan
from expertdesk.training.routes import REFUSED, blueprint, number_in
from expertdesk.training.unit_template import declaration_sheet, unit_of
from expertdesk.web import current_actor, page, requires
from expertdesk.web.downloads import name_file

_NOT_SEEN = "-"  # no result has this digest: nothing is imported that nobody looked at
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/training/<int:year>/import")
@requires(Permission.TRAINING_MANAGE, Permission.TRAINING_DECLARE)
def import_sheets(year: int) -> BaseResponse:
    """Choose files; what waits is shown as it was read, file by file."""
    return _page(find_plan(year, current_actor()), SheetsForm(formdata=None), 200)


def _page(plan: TrainingPlan, form: SheetsForm, status: int, problems: Any = (), changed: Any = ()) -> BaseResponse:
    record = import_page(plan, current_actor())
    return page(
        "training/import.html", status, record=record, form=form, confirm=ConfirmForm(formdata=None),
        problems=[*form.problems(), *problems], changed=changed,
    )  # fmt: skip


@blueprint.post("/training/<int:year>/import")
@requires(Permission.TRAINING_MANAGE, Permission.TRAINING_DECLARE)
def send_sheets(year: int) -> BaseResponse:
    """Keep the files that can be read; nothing goes into the plan yet."""
    actor = current_actor()
    plan = find_plan(year, actor)
    form = SheetsForm()
    waiting = load_run(plan, actor)
    form.waiting_files, form.waiting_bytes = len(waiting.files), waiting.size
    if not form.validate_on_submit():
        return _page(plan, form, REFUSED)
    files, too_large = [], []
    for storage in form.files.data or ():
        name, size = _name(storage), _size(storage)
        if size > LARGEST_FILE:
            refused = FileRefused("too_large", size=megabytes(size), most=megabytes(LARGEST_FILE))
            too_large.append(TurnedAway(name, size, refused))
        else:
            files.append(SheetFile(name, storage.read()))
    add_to_run(plan, actor, sorted_out(files, too_large))
    return redirect(url_for("training.import_sheets", year=year) + "#result", code=303)


def _name(storage: FileStorage) -> str:
    """The last part of a path, printable; a folder that was chosen gives paths."""
    last = (storage.filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-120:] or "sheet"


def _size(storage: FileStorage) -> int:
    storage.stream.seek(0, io.SEEK_END)
    size = storage.stream.tell()
    storage.stream.seek(0)
    return size


@blueprint.post("/training/<int:year>/import/leave-out")
@requires(Permission.TRAINING_MANAGE, Permission.TRAINING_DECLARE)
def leave_out_sheets(year: int) -> BaseResponse:
    """Files with errors leave the run, as wholes; or the whole run goes."""
    actor = current_actor()
    plan = find_plan(year, actor)
    if request.form.get("what") == "all":
        drop_run(plan, actor)
        flash(_("The files are removed; nothing was imported."), "ok")
    else:
        leave_out(plan, actor, bad_keys(plan, actor))
        flash(_("The files with errors are left out."), "ok")
    return redirect(url_for("training.import_sheets", year=year) + "#result", code=303)


@blueprint.post("/training/<int:year>/import/confirm")
@requires(Permission.TRAINING_MANAGE, Permission.TRAINING_DECLARE)
def confirm_import(year: int) -> BaseResponse:
    """Every group of the run as a draft, or none."""
    actor = current_actor()
    plan = find_plan(year, actor)
    form = ConfirmForm()
    run = load_run(plan, actor)
    problems: list[tuple[str, Any]] = []
    changed: list[Any] = []
    if not form.validate_on_submit() or not run.files:
        problems.append(("", _("There is nothing to import; choose the files first.")))
    elif run.turned_away:
        problems.append(("", _("A file of this run has an error; nothing was imported.")))
    else:
        try:
            since = number_in(form.since.data)
            kept, _report = confirm(plan, run.sheet_files, actor, seen=form.seen.data or _NOT_SEEN, since=since)
        except PlanChanged as refused:
            changed = list(refused.problems.values())
        except RuleBroken as refused:
            problems += [("", text) for text in refused.problems.values()]
    if problems or changed:
        db.session.rollback()
        return _page(find_plan(year, actor), SheetsForm(formdata=None), REFUSED, problems, changed)
    drop_run(plan, actor)
    flash(_said(kept.created, kept.changed), "ok")
    return redirect(url_for("training.plan", year=year) + "#groups", code=303)


def _said(created: int, changed: int) -> str:
    parts = []
    if created:
        parts.append(ngettext("%(num)s group is in the plan as a draft.", "%(num)s groups are in the plan as drafts.",
                              created, num=created))  # fmt: skip
    if changed:
        parts.append(ngettext("%(num)s group was changed.", "%(num)s groups were changed.", changed, num=changed))
    return " ".join(parts) or _("Everything in these sheets stood in the plan already.")


@blueprint.get("/training/<int:year>/import/<key>/corrected.xlsx")
@requires(Permission.TRAINING_MANAGE, Permission.TRAINING_DECLARE)
def corrected_sheet(year: int, key: str) -> BaseResponse:
    """The workbook of a unit with its bad cells marked."""
    actor = current_actor()
    plan = find_plan(year, actor)
    run = load_run(plan, actor)
    place = next((at for at, (own, _file) in enumerate(run.files) if own == key), None)
    if place is None:
        raise NotFound(key)
    report = look_at(plan, run.sheet_files, actor).files[place]
    if report.is_refused:
        raise NotFound(key)
    file = run.files[place][1]
    note_access(actor, "downloaded", "training_plan", plan.id, file.name)
    stem = file.name.rpartition(".")[0] or file.name
    answer = Response(corrected(report, file.data), content_type=_XLSX)
    word = _("corrected")
    name_file(answer, f"{stem}-{word}.xlsx")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/training/<int:year>/sheet.xlsx")
@requires(Permission.TRAINING_MANAGE, Permission.TRAINING_DECLARE)
def unit_sheet(year: int) -> BaseResponse:
    """The declaration sheet of a unit: the own one for its training contact, any for the bureau (`unit`)."""
    actor = current_actor()
    plan = find_plan(year, actor)
    unit = unit_of(actor, number_in(request.args.get("unit")))
    part = next((one for one in PlanPart if one.value == request.args.get("part", PlanPart.ABROAD.value)), None)
    if part is None:
        raise NotFound("part")
    answer = Response(declaration_sheet(plan, unit, part), content_type=_XLSX)
    name = _("declaration-%(year)s-%(part)s", year=year, part=rules_today().name_of("training_parts", part.value))
    name_file(answer, f"{name}.xlsx")
    answer.headers["Cache-Control"] = "no-store"
    return answer
