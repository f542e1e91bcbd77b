"""Roster, schedule, papers, invitation and the two reviews of a group: HTTP only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Actor, Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.cases.papers import upload_limits
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import Bilingual
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.uploads import UploadRefused, clean_upload
from expertdesk.models import ReviewSide, TrainingProject
from expertdesk.regulations.current import rules_today
from expertdesk.training import executing, running_forms, supplementing
from expertdesk.training.both_versions import both_versions
from expertdesk.training.limits import findings_of
from expertdesk.training.policy import find_project, may_declare_for, sees_all
from expertdesk.training.routes import REFUSED, blueprint, number_in, seen_version
from expertdesk.web import current_actor, page, requires
from expertdesk.web.downloads import name_file

_MOST_ROWS = supplementing.MOST_PEOPLE


@dataclass(frozen=True)
class PartPage:
    """The head of a page about a part of a group."""

    number: str
    name: str
    version: int
    may_write: bool
    rows: int = 0
    note: Any = ""


@dataclass(frozen=True)
class PaperLine:
    id: int
    kind: Bilingual
    file_name: str
    pages: int
    uploaded_at: datetime


@dataclass(frozen=True)
class ReviewLine:
    side: str
    title: Any
    body: str
    on: date
    basis: str
    is_agreed: bool
    opinion: str
    answers: tuple[tuple[Any, str], ...]


def _head(project: TrainingProject, actor: Actor, rows: int = 0, note: Any = "") -> PartPage:
    may_write = may_declare_for(project.organisation_id, actor)
    return PartPage(project.number, project.name, project.row_version, may_write, rows, note)


def _rows_sent() -> int:
    """How many rows the form had; one button asks for more. Choosing between two versions can bring further ones."""
    numbers = (number_in(name.rpartition("_")[2]) for name in request.form if name.startswith(("name_", "topic_")))
    last = max((number + 1 for number in numbers if number is not None), default=0)
    return min(max(number_in(request.form.get("rows")) or 0, last, 0), _MOST_ROWS)


# --- roster -------------------------------------------------------------------------------------------------------


@blueprint.get("/training/groups/<number>/roster")
@requires(Permission.TRAINING_READ)
def roster(number: str) -> BaseResponse:
    """Everybody of the group; passport numbers in full for those who may write, and the look is logged."""
    actor = current_actor()
    project = find_project(number, actor)
    rows = len(project.roster) + running_forms.EMPTY_ROWS
    head = _head(project, actor, rows, _twice(project))
    form = _stored_roster(project, rows, in_full=head.may_write)
    note_access(actor, "viewed", "training_project", project.id, "roster")
    return page("training/roster.html", record=head, form=form, problems=[])


def _stored_roster(project: TrainingProject, rows: int, *, in_full: bool) -> Any:
    form = running_forms.roster_form(rows)(formdata=None)
    running_forms.fill_roster(form, project.roster, in_full=in_full)
    return form


def _twice(project: TrainingProject) -> Any:
    found = [one for one in findings_of(project, "task") if one.code == "R17" and one.is_failed]
    return found[0].text if found else ""


@blueprint.post("/training/groups/<number>/roster")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def save_roster(number: str) -> BaseResponse:
    """Replaces the roster; `more` adds empty rows and keeps what was typed."""
    actor = current_actor()
    project = find_project(number, actor)
    rows = _rows_sent()
    if "more" in request.form:
        rows = min(rows + running_forms.EMPTY_ROWS, _MOST_ROWS)
        return page("training/roster.html", record=_head(project, actor, rows), form=running_forms.roster_form(rows)(),
                    problems=[])  # fmt: skip
    form = running_forms.roster_form(rows)()
    if form.validate_on_submit():
        people = running_forms.people_of(form, rows)
        try:
            whole = running_forms.roster_form(max(rows, len(project.roster)))()
            with both_versions(
                project, whole, lambda: _stored_roster(project, max(rows, len(project.roster)), in_full=True),
                numbered=True,
            ):  # fmt: skip
                supplementing.set_roster(project, people, actor, seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The roster is kept."), "ok")
            return redirect(url_for("training.roster", number=number), code=303)
    return page(
        "training/roster.html", REFUSED, record=_head(project, actor, rows), form=form, problems=form.problems()
    )


# --- schedule -----------------------------------------------------------------------------------------------------


@blueprint.get("/training/groups/<number>/schedule")
@requires(Permission.TRAINING_READ)
def schedule(number: str) -> BaseResponse:
    """Day by day."""
    actor = current_actor()
    project = find_project(number, actor)
    rows = len(project.schedule) + running_forms.EMPTY_ROWS
    form = _stored_schedule(project, rows)
    return page("training/schedule.html", record=_head(project, actor, rows), form=form, problems=[])


def _stored_schedule(project: TrainingProject, rows: int) -> Any:
    form = running_forms.schedule_form(rows)(formdata=None)
    for n, entry in enumerate(project.schedule):
        for name in ("day", "kind", "hours", "topic", "place", "speaker"):
            form[f"{name}_{n}"].data = getattr(entry, name)
    return form


@blueprint.post("/training/groups/<number>/schedule")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def save_schedule(number: str) -> BaseResponse:
    """Replaces the schedule."""
    actor = current_actor()
    project = find_project(number, actor)
    rows = _rows_sent()
    if "more" in request.form:
        rows = min(rows + running_forms.EMPTY_ROWS, _MOST_ROWS)
        return page("training/schedule.html", record=_head(project, actor, rows),
                    form=running_forms.schedule_form(rows)(), problems=[])  # fmt: skip
    form = running_forms.schedule_form(rows)()
    if form.validate_on_submit():
        try:
            days = running_forms.days_of(form, rows)
            whole = running_forms.schedule_form(max(rows, len(project.schedule)))()
            with both_versions(
                project, whole, lambda: _stored_schedule(project, max(rows, len(project.schedule))), numbered=True
            ):
                supplementing.set_schedule(project, days, actor, seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The schedule is kept."), "ok")
            return redirect(url_for("training.schedule", number=number), code=303)
    return page(
        "training/schedule.html", REFUSED, record=_head(project, actor, rows), form=form, problems=form.problems()
    )


# --- papers and invitation ----------------------------------------------------------------------------------------


def _papers(project: TrainingProject, status: int = 200, form: Any = None, invitation: Any = None,
            problems: Sequence[Any] = ()) -> BaseResponse:  # fmt: skip
    actor, book = current_actor(), rules_today()
    lines = [
        PaperLine(one.id, book.name_of("training_attachments", one.kind), one.file_name, one.pages, one.uploaded_at)
        for one in project.files
    ]
    if invitation is None:
        invitation = _stored_invitation(project)
    known = list(project.provider.signatories) if project.provider else []
    return page(
        "training/papers.html", status, record=_head(project, actor), papers=lines,
        form=form or running_forms.PaperForm(formdata=None), invitation=invitation, signatories=known,
        problems=problems,
    )  # fmt: skip


def _stored_invitation(project: TrainingProject) -> Any:
    return running_forms.InvitationForm(formdata=None, data={"signatory": project.invitation_signatory})


@blueprint.get("/training/groups/<number>/papers")
@requires(Permission.TRAINING_READ)
def papers(number: str) -> BaseResponse:
    """What was sent with the group."""
    return _papers(find_project(number, current_actor()))


@blueprint.post("/training/groups/<number>/papers")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def add_paper(number: str) -> BaseResponse:
    """One more paper; a file that cannot be taken is refused before anything is stored."""
    actor = current_actor()
    project = find_project(number, actor)
    form = running_forms.PaperForm()
    problems: list[tuple[str, Any]] = []
    file = request.files.get("file")
    if form.validate_on_submit():
        try:
            upload = clean_upload(
                file.read() if file else b"", file.filename or "" if file else "", file.mimetype if file else "",
                upload_limits(),
            )  # fmt: skip
            supplementing.add_file(project, form.kind.data or "", upload, actor)
        except UploadRefused as refused:
            problems = [("file", refused.text)]
        except RuleBroken as refused:
            problems = [(name, text) for name, text in refused.problems.items()]
        else:
            flash(_("The paper is kept with the group."), "ok")
            return redirect(url_for("training.papers", number=number), code=303)
    return _papers(project, REFUSED, form, problems=problems or form.problems())


@blueprint.post("/training/groups/<number>/papers/<int:file_id>/remove")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def remove_paper(number: str, file_id: int) -> BaseResponse:
    """Take a paper off the list."""
    actor = current_actor()
    supplementing.remove_file(find_project(number, actor), file_id, actor)
    flash(_("The paper is taken off the list."), "ok")
    return redirect(url_for("training.papers", number=number), code=303)


@blueprint.get("/training/groups/<number>/papers/<int:file_id>")
@requires(Permission.TRAINING_READ)
def paper_file(number: str, file_id: int) -> BaseResponse:
    """The cleaned copy."""
    actor = current_actor()
    project = find_project(number, actor)
    found = supplementing.find_file(project, file_id)
    note_access(actor, "downloaded", "training_project", project.id, found.kind)
    answer = Response(supplementing.file_bytes(found), content_type=found.media_type)
    name_file(answer, found.file_name, inline=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/training/groups/<number>/invitation")
@requires(Permission.TRAINING_DECLARE, Permission.TRAINING_MANAGE)
def save_invitation(number: str) -> BaseResponse:
    """Who signed the invitation."""
    actor = current_actor()
    project = find_project(number, actor)
    form = running_forms.InvitationForm()
    if form.validate_on_submit():
        with both_versions(project, form, lambda: _stored_invitation(project)):
            executing.set_invitation(project, form.signatory.data or "", actor, seen_version=seen_version())
        flash(_("The signatory is kept."), "ok")
        return redirect(url_for("training.papers", number=number), code=303)
    return _papers(project, REFUSED, invitation=form, problems=form.problems())


# --- reviews ------------------------------------------------------------------------------------------------------


def _reviews(
    project: TrainingProject, status: int = 200, sent: ReviewSide | None = None, form: Any = None
) -> BaseResponse:
    actor = current_actor()
    forms = {}
    for side in ReviewSide:
        forms[side.value] = form if side is sent else _filled(project, side)
    lines = [_review_line(one) for one in project.reviews]
    return page(
        "training/reviews.html", status, record=_head(project, actor), forms=forms, lines=lines,
        titles=_TITLES, may_review=sees_all(actor), failed=sent.value if sent else "",
        problems=form.problems() if form is not None else [],
    )  # fmt: skip


def _filled(project: TrainingProject, side: ReviewSide) -> Any:
    form: Any = running_forms.review_form(side)(formdata=None, prefix=side.value)
    row = next((one for one in project.reviews if one.side is side), None)
    if row is not None:
        form.body.data, form.on.data, form.basis.data, form.opinion.data = row.body, row.on, row.basis, row.opinion
        form.agreed.data = "1" if row.is_agreed else "0"
        for code, text in row.answers.items():
            if f"line_{code}" in form._fields:
                form[f"line_{code}"].data = text
    return form


_TITLES = {
    "task": Bilingual("任务审核（外事）", "Task review (foreign affairs)"),
    "finance": Bilingual("预算审核（财务）", "Budget review (finance)"),
}


def _review_line(row: Any) -> ReviewLine:
    labels = dict(running_forms.review_lines(row.side))
    answers = tuple((labels[code], text) for code, text in row.answers.items() if text and code in labels)
    return ReviewLine(
        row.side.value, _TITLES[row.side.value], row.body, row.on, row.basis, row.is_agreed, row.opinion, answers
    )


@blueprint.get("/training/groups/<number>/reviews")
@requires(Permission.TRAINING_READ)
def reviews(number: str) -> BaseResponse:
    """The two separate opinions."""
    return _reviews(find_project(number, current_actor()))


@blueprint.post("/training/groups/<number>/reviews/<side>")
@requires(Permission.TRAINING_MANAGE)
def save_review(number: str, side: str) -> BaseResponse:
    """One opinion."""
    actor = current_actor()
    project = find_project(number, actor)
    if side not in {one.value for one in ReviewSide}:
        raise NotFound(side)
    which = ReviewSide(side)
    form = running_forms.review_form(which)(prefix=side)
    if form.validate_on_submit():
        try:
            review = running_forms.review_of(form, which)
            with both_versions(project, form, lambda: _filled(project, which)):
                supplementing.record_review(project, review, actor, seen_version=seen_version())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The opinion is recorded."), "ok")
            return redirect(url_for("training.reviews", number=number), code=303)
    return _reviews(project, REFUSED, which, form)
