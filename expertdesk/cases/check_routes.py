"""Pages of the preliminary check: papers, correction notice, acceptance, non-acceptance, and the time to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from expertdesk.access import Actor
from expertdesk.access import Permission as P
from expertdesk.accounts.drafts import drop_draft, keep_file, kept_files
from expertdesk.cases import check_page as checks
from expertdesk.cases import commands, correction_page, papers, records
from expertdesk.cases.blueprint import blueprint
from expertdesk.cases.case_page import Loaded, load_case
from expertdesk.cases.forms import COMMIT, LATER, CheckForm, CorrectionForm, NotAcceptForm, ReasonForm, StepForm, named
from expertdesk.cases.paper_routes import clean_file
from expertdesk.cases.records import book_of
from expertdesk.cases.step_pages import Field, step_page
from expertdesk.cases.step_routes import simple_step
from expertdesk.cases.stepping import CONFLICT, REFUSED, Between, not_now, step, what_happened_between
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken, Stale
from expertdesk.foundation.locale import Bilingual, gettext, lazy
from expertdesk.foundation.uploads import CleanUpload, UploadRefused
from expertdesk.models import Case, PaperState
from expertdesk.web import current_actor, page, requires
from expertdesk.web.forms import of_part

# --- the completeness check --------------------------------------------------------------------------------------


@blueprint.route("/cases/<number>/check", methods=["GET", "POST"])
@requires(P.PAPER_CHECK)
def check(number: str) -> Response:
    """Every paper on one page: in order, or what is wrong; then on to one notice or to the acceptance."""
    actor = current_actor()
    loaded = load_case(number, actor)
    form = CheckForm()
    if request.method != "POST":
        form.version.data = loaded.case.row_version
        return _check_page(loaded, actor, form, checks.check_lines(loaded, actor))
    sent = MultiDict([*request.form.items(multi=True), *request.files.items(multi=True)])
    lines = checks.check_lines(loaded, actor, sent)
    uploads = _take_files(lines, actor, number)
    if not (form.validate() and all(not item.form.errors for item in lines)):
        return _check_page(loaded, actor, form, _keep(lines, uploads, actor, number), REFUSED)
    try:
        _write(loaded.case, lines, uploads, actor, form.version.data, rest_in_order=bool(request.form.get("then")))
    except RuleBroken as broken:
        db.session.rollback()
        _place(form, lines, broken.problems)
        return _check_page(load_case(number, actor), actor, form, _keep(lines, uploads, actor, number), REFUSED)
    except Stale as error:
        db.session.rollback()
        fresh = load_case(number, actor)
        form.version.data = fresh.case.row_version
        between = what_happened_between(fresh.case, error)
        lines = _keep(checks.check_lines(fresh, actor, sent), uploads, actor, number)
        return _check_page(fresh, actor, form, lines, CONFLICT, between)
    drop_draft(actor.id, checks.DRAFT_FORM, number)
    target = {"correction": "cases.correction", "accept": "cases.accept"}.get(request.form.get("then", ""), "")
    if not target:
        flash(gettext("The check is saved."), "ok")
    return redirect(url_for(target or "cases.check", number=number), code=303)


def _check_page(
    loaded: Loaded,
    actor: Actor,
    form: CheckForm,
    lines: Sequence[checks.CheckLine],
    status: int = 200,
    between: Between | None = None,
) -> Response:
    problems = [*form.problems()]
    for item in lines:
        problems += of_part(item.form.problems(), item.line.short, whole=item.form.check.id)
    return page(
        "cases/check.html",
        status,
        record=checks.check_page(loaded, actor, lines),
        form=form,
        problems=problems,
        between=between,
    )


def _take_files(lines: Sequence[checks.CheckLine], actor: Actor, number: str) -> dict[str, CleanUpload]:
    """Validate every form, and clean every file that came or was kept from a try before; refusals go to the fields."""
    kept = {file.document: file for file in kept_files(actor.id, checks.DRAFT_FORM, number)}
    uploads: dict[str, CleanUpload] = {}
    for item in lines:
        document, form = item.line.document, item.form
        # a paper that the checklist itself puts off needs no reason
        form.needs_later_reason = item.line.requirement != "deferred"
        form.validate()
        if form.file.data:
            try:
                uploads[document] = clean_file(form.file.data, item.line.file_kinds)
            except UploadRefused as refused:
                form.refuse({"file": refused.text})
        elif document in kept and f"{document}-kept" in request.form:
            uploads[document] = kept[document].upload()
    return uploads


def _keep(
    lines: Sequence[checks.CheckLine], uploads: Mapping[str, CleanUpload], actor: Actor, number: str
) -> list[checks.CheckLine]:
    """Files that passed are kept for the next try: nobody chooses them twice."""
    for document, upload in uploads.items():
        keep_file(actor.id, checks.DRAFT_FORM, number, document, upload)
    return [
        replace(item, kept=uploads[item.line.document].name) if item.line.document in uploads else item
        for item in lines
    ]


def _place(form: CheckForm, lines: Sequence[checks.CheckLine], problems: Mapping[str, Any]) -> None:
    """What a rule refused, at the field of its paper; the rest belongs to the page."""
    by_document = {item.line.document: item for item in lines}
    for name, text in problems.items():
        document, _, field = name.partition("/")
        item = by_document.get(document)
        if item is None:
            form.refuse({"": text})
        else:
            item.form.refuse({field or "check": text})


def _write(
    case: Case,
    lines: Sequence[checks.CheckLine],
    uploads: Mapping[str, CleanUpload],
    actor: Actor,
    version: int,
    *,
    rest_in_order: bool,
) -> None:
    """Papers that came, commitments and promises first, then the results of the check as one entry of the history."""
    records.hold(case, version)
    book, results = book_of(case), []
    for item in lines:
        came_now = _supply(case, item, uploads.get(item.line.document), actor)
        result = checks.result_of_form(item.form, item.line, book, came_now=came_now, rest_in_order=rest_in_order)
        if result is not None:
            results.append(result)
    if results:
        papers.check_papers(case, results, actor)


def _supply(case: Case, item: checks.CheckLine, upload: CleanUpload | None, actor: Actor) -> bool:
    form, line, document = item.form, item.line, item.line.document
    seen = checks.supplied_now(form, line)
    if upload is not None:
        issued_on, translation = form.issued_on.data, bool(form.is_translation.data)
        papers.add_version(case, document, upload, actor, issued_on=issued_on, is_translation=translation)
    if seen:
        papers.mark_original_seen(case, document, actor, form.issued_on.data, form.pages.data or 1)
    if upload is not None or seen:
        return True
    if form.check.data == COMMIT and line.state != PaperState.COMMITTED:
        papers.commit_paper(case, document, actor)
    if form.check.data == LATER and line.state != PaperState.DEFERRED:
        try:
            papers.defer_paper(case, document, actor, reason=form.later_reason.data or "")
        except RuleBroken as broken:
            raise RuleBroken({f"{document}/later_reason": text for text in broken.problems.values()}) from None
    return False


# --- the correction notice ---------------------------------------------------------------------------------------


@blueprint.route("/cases/<number>/correction", methods=["GET", "POST"])
@requires(P.CASE_PRECHECK)
def correction(number: str) -> Response:
    """One complete notice, its words open to change, its draft to be looked at, then issued."""
    actor = current_actor()
    loaded = load_case(number, actor)
    if request.method != "POST":
        not_now(loaded.case, "ask_correction", actor)
    form = CorrectionForm()
    items = correction_page.item_forms(loaded.case, request.form if request.method == "POST" else None)
    checked = [item.form.validate() for item in items]
    if request.method == "POST" and not all(checked):
        return _correction_page(loaded, form, items, None, REFUSED)

    def show(fresh: Loaded, sent: Any, between: Between | None, status: int) -> Response:
        return _correction_page(fresh, sent, items, between, status)

    def do(case: Case, sent: CorrectionForm) -> None:
        data = correction_page.items_of(items)
        try:
            commands.ask_correction(case, data, actor, sent.version.data, sent.later_reason.data or "")
        except RuleBroken as broken:
            raise RuleBroken(correction_page.place_problems(items, broken.problems)) from None

    return step(number, form, actor, do, show, done=lazy("The correction notice is issued."), loaded=loaded)


def _correction_page(
    loaded: Loaded, form: CorrectionForm, items: Sequence[correction_page.Item], between: Between | None, status: int
) -> Response:
    problems = [*form.problems()]
    for item in items:
        problems += of_part(item.form.problems(), item.name)
    record = correction_page.correction_record(loaded, current_actor(), items, between)
    return page("cases/correction.html", status, record=record, form=form, problems=problems)


@blueprint.route("/cases/<number>/extend-correction", methods=["GET", "POST"])
@requires(P.CASE_PRECHECK)
def extend_correction(number: str) -> Response:
    """More time to correct, once, on the applicant's wish."""
    actor = current_actor()
    return simple_step(
        number,
        "extend_correction",
        ReasonForm(),
        (Field("reason", "area"),),
        lambda case, sent: commands.extend_correction(case, actor, sent.version.data, sent.reason.data),
        done=lazy("The applicant has more time."),
    )


@blueprint.route("/cases/<number>/answer", methods=["GET", "POST"])
@requires(P.PAPER_UPLOAD)
def answer(number: str) -> Response:
    """Everything asked for was brought to the counter: the check starts anew."""
    actor = current_actor()
    return simple_step(
        number,
        "answer_correction",
        StepForm(),
        (),
        lambda case, sent: commands.answer_correction(case, actor, sent.version.data),
        done=lazy("The corrections are here; the check starts anew."),
    )


@blueprint.route("/cases/<number>/return", methods=["GET", "POST"])
@requires(P.CASE_PRECHECK)
def return_papers(number: str) -> Response:
    """The time to correct is over: the papers go back."""
    actor = current_actor()
    return simple_step(
        number,
        "return_papers",
        StepForm(),
        (),
        lambda case, sent: commands.return_papers(case, actor, sent.version.data),
        done=lazy("The papers are returned."),
    )


# --- acceptance, non-acceptance ----------------------------------------------------------------------------------


@blueprint.route("/cases/<number>/accept", methods=["GET", "POST"])
@requires(P.CASE_PRECHECK)
def accept(number: str) -> Response:
    """The check passed: look at the notice, then accept."""
    actor = current_actor()
    return simple_step(
        number,
        "accept",
        StepForm(),
        (),
        lambda case, sent: commands.accept_case(case, actor, sent.version.data),
        done=lazy("The application is accepted."),
        preview_kind="ACCEPTANCE_NOTICE",
    )


@blueprint.route("/cases/<number>/not-accept", methods=["GET", "POST"])
@requires(P.CASE_PRECHECK)
def not_accept(number: str) -> Response:
    """Written, with ground, law, the body responsible and the remedies."""
    actor = current_actor()
    loaded = load_case(number, actor)
    if request.method != "POST":
        not_now(loaded.case, "not_accept", actor)
    form = NotAcceptForm()
    rows = book_of(loaded.case).rows("non_acceptance_grounds")
    form.ground.choices = named(rows)
    needed = correction_page.no_permit_reason(loaded.case)
    if request.method != "POST" and needed is not None:
        form.ground.data = "NA1"
    fields = (
        Field("ground", "radios"),
        Field(
            "note_zh",
            "area",
            lazy("Needed where another body is competent; printed as the reason."),
            optional=True,
            rows=2,
            when="NA2-NA3",
        ),
        Field("note_en", "area", optional=True, rows=2, when="NA2-NA3"),
        Field("body_zh", "text", lazy("Which body the applicant should turn to."), optional=True, when="NA2"),
        Field("body_en", "text", optional=True, when="NA2"),
    )

    def show(fresh: Loaded, sent: StepForm, between: Between | None, status: int) -> Response:
        record = step_page(
            fresh,
            actor,
            "not_accept",
            fields,
            between,
            preview_kind="NON_ACCEPTANCE_NOTICE",
            notes=(needed,) if needed is not None else (),
        )
        return page("cases/step.html", status, record=record, form=sent)

    def do(case: Case, sent: NotAcceptForm) -> None:
        note, body = both(sent, "note"), both(sent, "body")
        commands.not_accept(case, sent.ground.data, actor, sent.version.data, note, body=body)

    names = {"note": "note_zh", "body": "body_zh"}
    return step(
        number, form, actor, do, show, done=lazy("The application is not accepted."), loaded=loaded, names=names
    )


def both(form: NotAcceptForm, name: str) -> Bilingual | None:
    """Two fields as one text, or nothing."""
    text = Bilingual(form[f"{name}_zh"].data or "", form[f"{name}_en"].data or "")
    return text if text else None
