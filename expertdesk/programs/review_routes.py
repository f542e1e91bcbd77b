"""HTTP of the expert review: assigning, the reviewer's list and sheet, opinions from outside."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import Optional

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.cases.paper_routes import document_answer
from expertdesk.cases.rows import person_name
from expertdesk.experts import keeping
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy
from expertdesk.models import ProgramApplication, ProgramReview, ProgramState
from expertdesk.programs import commands, rules, stepping
from expertdesk.programs.blueprint import REFUSED, blueprint, page_version, seen_version
from expertdesk.programs.entry import OutsideReviewer, ReviewData
from expertdesk.programs.fields import CodeField, CodesField, NumberField
from expertdesk.programs.forms import named, please_choose
from expertdesk.programs.policy import find_application, find_review
from expertdesk.programs.review_page import PRIVATE, assignments, review_sheet
from expertdesk.programs.reviewing import OPINION_MOST
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, Required

P = Permission
_OUTSIDE_LINES = 3


# --- assigning --------------------------------------------------------------------------------------------------


class AssignForm(BaseForm):
    accounts = CodesField(lazy("Reviewers with an account"), render_kw={"translate": "no"})
    due_on = DayField(lazy("Reviews due on"), [Required(lazy("Enter the day."))])


for _number in range(1, _OUTSIDE_LINES + 1):
    setattr(AssignForm, f"outside_name_{_number}", CleanField(lazy("Name"), [Optional()], most=200))
    setattr(AssignForm, f"outside_body_{_number}", CleanField(lazy("Where they work"), [Optional()], most=300))


@blueprint.route("/programs/applications/<number>/reviewers", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def reviewers(number: str) -> Response:
    """Who reviews: accounts with the reviewer role, people from outside by name."""
    actor = current_actor()
    switched = keeping.switched("program.reviewers", number) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = find_application(number, actor)
    action = "assign_more" if found.state is ProgramState.IN_REVIEW else "assign"
    if request.method == "GET":
        stepping.not_now(found, action, actor)
        keeping.give_back("program.reviewers", number)
    there = {review.reviewer_id for review in found.reviews}
    people = [(item.id, person_name(item.name, item.name_latin)) for item in commands.reviewer_accounts()]
    form: Any = AssignForm(due_on=_due_on())
    form.accounts.choices = [(str(key), name) for key, name in people if key not in there]
    if request.method == "POST" and form.validate_on_submit():
        outside = [
            OutsideReviewer(form[f"outside_name_{n}"].data or "", form[f"outside_body_{n}"].data or "")
            for n in range(1, _OUTSIDE_LINES + 1)
        ]
        chosen = [int(code) for code in form.accounts.data or ()]
        try:
            commands.assign_reviewers(found, chosen, outside, form.due_on.data, actor, seen_version=seen_version())
        except RuleBroken as broken:
            names = {"outside": _first_open(form)}
            form.refuse({names.get(name, name): text for name, text in broken.problems.items()})
            db.session.rollback()
            found = find_application(number, actor)
        else:
            keeping.done("program.reviewers", number)
            flash(_("The reviewers are assigned."), "ok")
            return redirect(url_for("programs.application", number=number) + "#review", code=303)
    status = REFUSED if request.method == "POST" else 200
    lines = [(form[f"outside_name_{n}"], form[f"outside_body_{n}"]) for n in range(1, _OUTSIDE_LINES + 1)]
    least = rules_today().row("program_settings", "REVIEWERS_LEAST")
    return page(
        "programs/reviewers.html", status, head=stepping.head_of(found, own=False), form=form, lines=lines,
        least=least.value, is_unsure=least.is_unsure, version=page_version(found.row_version),
    )  # fmt: skip


def _first_open(form: Any) -> str:
    return next(
        (f"outside_body_{n}" for n in range(1, _OUTSIDE_LINES + 1)
         if form[f"outside_name_{n}"].data and not form[f"outside_body_{n}"].data), "outside_body_1",
    )  # fmt: skip


def _due_on() -> Any:
    book, day = rules_today(), clock.today()
    left = rules.setting(book, "REVIEW_WD")
    while left:
        day = day.fromordinal(day.toordinal() + 1)
        left -= 1 if book.calendar.is_working(day) else 0
    return day


# --- the reviewer -----------------------------------------------------------------------------------------------


@blueprint.get("/programs/reviews")
@requires(P.PROGRAM_REVIEW)
def reviews() -> Response:
    """What was assigned to this reviewer."""
    return page("programs/reviews.html", record=assignments(current_actor()))


def _review_form() -> tuple[Any, list[Any]]:
    """A figure for every criterion, a conclusion, an opinion."""
    book = rules_today()
    fields: dict[str, Any] = {}
    for row in book.rows("program_criteria"):
        label = lazy("%(name)s (0 to %(most)s)", name=row.name, most=row.most)
        text = Required(lazy("Give 0 to %(most)s points.", most=row.most))
        fields[f"score_{row.code}"] = NumberField(label, [text], most=row.most)
    fields["recommendation"] = CodeField(lazy("Conclusion"), [Required(lazy("Choose a conclusion."))])
    fields["opinion"] = CleanArea(lazy("Opinion"), [Required(lazy("Write your opinion."))], most=OPINION_MOST)
    form: Any = type("ReviewForm", (BaseForm,), fields)()
    form["recommendation"].choices = please_choose(named(book.rows("program_recommendations")))
    return form, [form[f"score_{row.code}"] for row in book.rows("program_criteria")]


class ConflictForm(BaseForm):
    conflict_note = CleanField(
        lazy("What the conflict is"), [Required(lazy("Say in a few words what the conflict is."))], most=500
    )


class DeclaredForm(BaseForm):
    no_conflict = BooleanField(
        lazy("I have no interest in this project: no kinship, no shared work or funds with expert or organisation.")
    )


def _review_data(form: Any) -> ReviewData:
    scores = {field.name.partition("_")[2]: field.data for field in form if field.name.startswith("score_")}
    return ReviewData(scores, form["recommendation"].data, form["opinion"].data)


@blueprint.route("/programs/reviews/<number>", methods=["GET", "POST"])
@requires(P.PROGRAM_REVIEW)
def review(number: str) -> Response:
    """The sheet: read, say that there is no conflict, score. Or declare one and fall out."""
    actor = current_actor()
    switched = keeping.switched("program.review", number) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = find_review(number, actor)
    if request.method == "GET":
        keeping.give_back("program.review", number)
    wants_out = request.method == "POST" and "declare" in request.form
    form, scores = _review_form()
    conflict: Any = ConflictForm() if wants_out else ConflictForm(formdata=None)
    declared = DeclaredForm()
    if request.method == "POST":
        sent = conflict if wants_out else form
        is_good = sent.validate()
        if not wants_out and not declared.no_conflict.data:
            declared.no_conflict.errors = [lazy("Say whether you have a conflict of interest first.")]
            is_good = False
        if is_good:
            try:
                if wants_out:
                    commands.declare_conflict(found, conflict.conflict_note.data, actor)
                else:
                    commands.give_review(found, _review_data(form), actor)
            except RuleBroken as broken:
                sent.refuse(broken.problems)
                db.session.rollback()
                found = find_review(number, actor)
            else:
                keeping.done("program.review", number)
                flash(_("You fell out of this review.") if wants_out else _("Thank you: your review is in."), "ok")
                return redirect(url_for("programs.reviews"), code=303)
    note_access(actor, "viewed", "program", found.application_id, number)
    status = REFUSED if request.method == "POST" else 200
    problems = [*declared.problems(), *form.problems(), *conflict.problems()] if request.method == "POST" else []
    return page(
        "programs/review.html", status, record=review_sheet(found, actor), form=form, scores=scores,
        conflict=conflict, declared=declared, problems=problems,
    )  # fmt: skip


@blueprint.get("/programs/reviews/<number>/files/<int:file_id>")
@requires(P.PROGRAM_REVIEW)
def review_file(number: str, file_id: int) -> Response:
    """An annex for a reviewer who takes part; identity papers are not among them."""
    actor = current_actor()
    found = find_review(number, actor)
    row = next((item for item in found.application.files if item.id == file_id), None)
    if row is None or found.has_conflict or row.document in PRIVATE:
        raise NotFound(str(file_id))
    note_access(actor, "viewed", "program", found.application_id, row.file_name)
    name = row.file_name if row.file_name.lower().endswith(".pdf") else f"{row.file_name}.pdf"
    return document_answer(commands.file_bytes(row), row.media_type, name)


# --- from outside -----------------------------------------------------------------------------------------------


@blueprint.route("/programs/applications/<number>/outside/<int:review_id>", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def outside_review(number: str, review_id: int) -> Response:
    """The signed opinion of somebody without an account, or that the person fell out."""
    actor = current_actor()
    subject = f"{number}:{review_id}"
    switched = keeping.switched("program.outside", subject) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = find_application(number, actor)
    row = _outside_of(found, review_id)
    if request.method == "GET":
        stepping.not_now(found, "record_review", actor)
        keeping.give_back("program.outside", subject)
    wants_out = request.method == "POST" and "declare" in request.form
    form, scores = _review_form()
    conflict: Any = ConflictForm() if wants_out else ConflictForm(formdata=None)
    sent = conflict if wants_out else form
    if request.method == "POST" and sent.validate():
        seen = seen_version()
        try:
            if wants_out:
                commands.drop_outside_reviewer(found, review_id, conflict.conflict_note.data, actor, seen_version=seen)
            else:
                commands.record_outside_review(found, review_id, _review_data(form), actor, seen_version=seen)
        except RuleBroken as broken:
            sent.refuse(broken.problems)
            db.session.rollback()
            found = find_application(number, actor)
            row = _outside_of(found, review_id)
        else:
            keeping.done("program.outside", subject)
            flash(_("The opinion is on file."), "ok")
            return redirect(url_for("programs.application", number=number) + "#review", code=303)
    status = REFUSED if request.method == "POST" else 200
    return page(
        "programs/outside.html", status, head=stepping.head_of(found, own=False), form=form, scores=scores,
        conflict=conflict, who=row.outside_name, body=row.outside_body, version=page_version(found.row_version),
        problems=sent.problems() if request.method == "POST" else [],
    )  # fmt: skip


def _outside_of(application: ProgramApplication, review_id: int) -> ProgramReview:
    found = next((item for item in application.reviews if item.id == review_id and not item.reviewer_id), None)
    if found is None:
        raise NotFound(str(review_id))
    return found
