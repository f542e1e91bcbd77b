"""Papers and letters of a case: their page, their files, drafts before they are issued."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response as FlaskResponse
from flask import flash, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from expertdesk.access import Actor, Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.cases import commands, correction_page, papers
from expertdesk.cases.blueprint import blueprint
from expertdesk.cases.case_page import load_case
from expertdesk.cases.forms import NotAcceptForm, SeenForm, UploadForm, named
from expertdesk.cases.issuing import letter_bytes
from expertdesk.cases.paper_page import paper_page
from expertdesk.cases.policy import may_read_paper
from expertdesk.cases.records import book_of
from expertdesk.documents import Printed
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import Bilingual, gettext
from expertdesk.foundation.uploads import CleanUpload, UploadRefused, clean_upload
from expertdesk.models import Case, PaperVersion
from expertdesk.web import current_actor, page, requires
from expertdesk.web.headers import DOCUMENT_POLICY

REFUSED = 422
_ENDS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


def clean_file(file: FileStorage, kind: str) -> CleanUpload:
    """The file of a form, checked and cleaned. Raises UploadRefused with what is wrong and how to mend it."""
    return clean_upload(
        file.read(), file.filename or "", file.mimetype, papers.upload_limits(kind), is_photo=kind == "photo"
    )


# --- papers ----------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<number>/papers/<document>")
@requires(Permission.PAPER_READ)
def paper(number: str, document: str) -> Response:
    """One paper: what is required, what was supplied in which version, how it was judged, who looked at it."""
    actor = current_actor()
    return _paper_page(number, document, actor, UploadForm(), SeenForm(prefix="seen-"))


def _paper_page(
    number: str, document: str, actor: Actor, upload: UploadForm, seen: SeenForm, status: int = 200
) -> Response:
    record = paper_page(load_case(number, actor), document, actor)
    upload.version.data = seen.version.data = record.head.version
    return page("cases/paper.html", status, record=record, upload=upload, seen=seen)


@blueprint.post("/cases/<number>/papers/<document>")
@requires(Permission.PAPER_UPLOAD)
def paper_upload(number: str, document: str) -> Response:
    """A file for the applicant, from the counter."""
    actor, form = current_actor(), UploadForm()
    case = load_case(number, actor).case
    line = next((row for row in papers.paper_grid(case, actor) if row.document == document), None)
    if line is None:
        raise NotFound(document)
    if not form.file.data:
        form.refuse({"file": gettext("Choose a file.")})
        return _paper_page(number, document, actor, form, SeenForm(formdata=None, prefix="seen-"), REFUSED)
    if not form.validate_on_submit():
        return _paper_page(number, document, actor, form, SeenForm(formdata=None, prefix="seen-"), REFUSED)
    try:
        upload = clean_file(form.file.data, line.file_kinds)
        papers.add_version(
            case, document, upload, actor, issued_on=form.issued_on.data, is_translation=bool(form.is_translation.data)
        )
    except UploadRefused as refused:
        form.refuse({"file": refused.text})
    except RuleBroken as broken:
        form.refuse(broken.problems)
    if form.errors:
        db.session.rollback()
        return _paper_page(number, document, actor, form, SeenForm(formdata=None, prefix="seen-"), REFUSED)
    flash(gettext("The file is kept as the newest version; the paper is to be checked again."), "ok")
    return redirect(url_for("cases.paper", number=number, document=document), code=303)


@blueprint.post("/cases/<number>/papers/<document>/seen")
@requires(Permission.PAPER_CHECK)
def paper_seen(number: str, document: str) -> Response:
    """The original was shown at the counter."""
    actor, form = current_actor(), SeenForm(prefix="seen-")
    case = load_case(number, actor).case
    if form.validate_on_submit():
        try:
            papers.mark_original_seen(case, document, actor, form.issued_on.data, form.pages.data or 1)
        except RuleBroken as broken:
            form.refuse(broken.problems)
    if form.errors:
        db.session.rollback()
        return _paper_page(number, document, actor, UploadForm(formdata=None), form, REFUSED)
    flash(gettext("The original is recorded as seen."), "ok")
    return redirect(url_for("cases.paper", number=number, document=document), code=303)


@blueprint.get("/cases/<number>/papers/<document>/<int:version_id>")
@requires(Permission.PAPER_READ)
def paper_file(number: str, document: str, version_id: int) -> Response:
    """The clean copy of one version, in a box of its own; who opened it is noted."""
    actor = current_actor()
    case = load_case(number, actor).case
    row = papers.paper_of(case, document)
    version = next((item for item in row.versions if item.id == version_id), None)
    if version is None or not may_read_paper(row, actor, version):
        raise NotFound(str(version_id))
    wants_file = "download" in request.args
    note_access(actor, "downloaded" if wants_file else "viewed", "paper", row.id, version.file_name)
    return document_answer(papers.paper_bytes(version), version.media_type, _name(version), download=wants_file)


def _name(version: PaperVersion) -> str:
    """The clean copy of a picture is a PDF: the name says so."""
    end = _ENDS.get(version.media_type, "")
    return version.file_name if version.file_name.lower().endswith(end) else f"{version.file_name}{end}"


def document_answer(body: bytes, media_type: str, name: str, *, download: bool = False) -> Response:
    """A paper or letter: never run, never framed, never kept by a cache."""
    response = FlaskResponse(body, content_type=media_type)
    way = "attachment" if download else "inline"
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-._") else "_" for sign in name)
    response.headers["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


# --- letters ---------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<number>/letters/<int:letter_id>.pdf")
@requires(Permission.LETTER_READ)
def letter(number: str, letter_id: int) -> Response:
    """The stored bytes of an issued letter: every reprint is the same."""
    actor = current_actor()
    case = load_case(number, actor).case
    found = next((item for item in case.letters if item.id == letter_id), None)
    if found is None:
        raise NotFound(str(letter_id))
    wants_file = "download" in request.args
    note_access(actor, "downloaded" if wants_file else "printed", "letter", found.id, found.number_zh)
    return document_answer(letter_bytes(found), "application/pdf", f"{found.number_zh}.pdf", download=wants_file)


@blueprint.route("/cases/<number>/preview/<kind>.pdf", methods=["GET", "POST"])
@requires(Permission.CASE_PRECHECK)
def letter_preview(number: str, kind: str) -> Response:
    """The letter as it would look, marked as a draft, without number and code; nothing is stored."""
    actor = current_actor()
    case = load_case(number, actor).case
    printed = _draft(case, kind, actor)
    db.session.rollback()
    return document_answer(printed.pdf, "application/pdf", f"{number}-{kind.lower()}-draft.pdf")


def _draft(case: Case, kind: str, actor: Actor) -> Printed:
    sent: Any = request.form if request.method == "POST" else None
    if kind == "ACCEPTANCE_NOTICE":
        return commands.preview_acceptance(case)
    if kind == "CORRECTION_NOTICE":
        items = correction_page.items_of(correction_page.item_forms(case, sent))
        reason = request.form.get("later_reason", "") or "—"
        return commands.preview_correction(case, items, actor, reason)
    if kind == "NON_ACCEPTANCE_NOTICE":
        form = NotAcceptForm()
        form.ground.choices = named(book_of(case).rows("non_acceptance_grounds"))
        note = Bilingual(form.note_zh.data or "", form.note_en.data or "")
        body = Bilingual(form.body_zh.data or "", form.body_en.data or "")
        return commands.preview_non_acceptance(case, form.ground.data or "", note or None, body=body or None)
    raise NotFound(kind)
