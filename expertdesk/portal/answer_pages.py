"""The answer to a correction notice, paper by paper: files are checked and kept at once, sent all together."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Actor, Permission
from expertdesk.accounts.drafts import drop_file, keep_file
from expertdesk.cases import records
from expertdesk.cases.case_page import Loaded, load_case
from expertdesk.cases.papers import add_version, may_supply, upload_limits
from expertdesk.foundation.database import db, intend_to_write
from expertdesk.foundation.errors import NotAllowedNow, NotFound, Reason, RuleBroken
from expertdesk.foundation.locale import gettext, lazy, ngettext
from expertdesk.foundation.uploads import CleanUpload, UploadRefused, clean_upload
from expertdesk.models import Paper
from expertdesk.portal import policy
from expertdesk.portal.answers import FORM, Answering, answering_of, single_item
from expertdesk.portal.blueprint import blueprint
from expertdesk.portal.commands import send_corrections
from expertdesk.web import current_actor, page, requires
from expertdesk.web.language import switch_to

_ = gettext


@blueprint.get("/my/<number>/answer")
@requires(Permission.MY_ANSWER)
def answer(number: str) -> BaseResponse:
    """What is asked for. Where nothing is, the page of the case says how it stands."""
    actor = current_actor()
    loaded = load_case(number, actor)
    _refuse_readers(loaded, actor)
    answering = answering_of(loaded.case, actor)
    if answering is None:
        return redirect(url_for("portal.my_case", number=loaded.case.number))
    return _page(loaded, answering, {})


@blueprint.post("/my/<number>/answer")
@requires(Permission.MY_ANSWER)
def send_answer(number: str) -> BaseResponse:
    """First the files, which may take a while and are kept apart; then, if asked to, the answer in one short write."""
    actor = current_actor()
    intend_to_write(False)
    loaded = load_case(number, actor)
    _refuse_readers(loaded, actor)
    answering = _open_answering(loaded, actor)
    if "drop" in request.form:
        return _drop(loaded, answering, actor, request.form["drop"])
    came, problems = _take(loaded, answering, actor)
    if "switch_language" in request.form:
        _may_write_again()
        return switch_to(request.form["switch_language"], redirect(_here(loaded), code=303))
    if request.form.get("do") == "send" and not problems:
        return _send(number, actor)
    if not problems and not came:
        problems = {_first_open(answering): lazy("Choose a file first.")}
    if problems:
        return _again(number, actor, problems)
    flash(_kept_words(came), "success")
    return redirect(_here(loaded), code=303)


def _again(number: str, actor: Actor, problems: dict[str, Any]) -> Response:
    """The form with its messages, read afresh: what was kept a moment ago is not in this transaction's view."""
    db.session.rollback()
    loaded = load_case(number, actor)
    return _page(loaded, _open_answering(loaded, actor), problems, 400)


def _may_write_again() -> None:
    """End the reading transaction of this request; the next one may write."""
    db.session.rollback()
    intend_to_write(True)


def _send(number: str, actor: Actor) -> BaseResponse:
    _may_write_again()
    loaded = load_case(number, actor)
    answering = _open_answering(loaded, actor)
    try:
        send_corrections(loaded.case, answering, actor)
    except RuleBroken as broken:
        return _page(loaded, answering, broken.problems, 400)
    flash(_("The corrections were sent. The check starts anew."), "success")
    return redirect(url_for("portal.my_case", number=number), code=303)


def _refuse_readers(loaded: Loaded, actor: Actor) -> None:
    """A contact with the right to read sees the case, but has no page to answer on."""
    if not policy.may_answer(loaded.case, actor):
        raise NotFound(loaded.case.number)


def _open_answering(loaded: Loaded, actor: Actor) -> Answering:
    answering = answering_of(loaded.case, actor)
    if answering is None:
        text = lazy("No correction notice waits for an answer; perhaps somebody sent it just now.")
        raise NotAllowedNow([Reason("no_correction", text, url_for("portal.my_case", number=loaded.case.number))])
    return answering


def _take(loaded: Loaded, answering: Answering, actor: Actor) -> tuple[int, dict[str, Any]]:
    """Check each file that came; the good ones are kept, whatever becomes of the others. How many were kept, and what
    is wrong with the rest."""
    came, problems = 0, {}
    for item in answering.items:
        try:
            upload = uploaded(item.field, is_photo=item.is_photo)
        except UploadRefused as refused:
            problems[item.field] = refused.text
            continue
        if upload is not None:
            keep_file(actor.id, FORM, loaded.case.number, item.document, upload)
            came += 1
    return came, problems


def uploaded(field: str, *, is_photo: bool) -> CleanUpload | None:
    """The checked and cleaned file of a field, None when none was chosen. Raises UploadRefused with what to do."""
    file = request.files.get(field)
    if file is None or not file.filename:
        return None
    limits = upload_limits("photo" if is_photo else "papers")
    return clean_upload(file.stream.read(), file.filename, file.mimetype, limits, is_photo=is_photo)


def _drop(loaded: Loaded, answering: Answering, actor: Actor, document: str) -> BaseResponse:
    if any(item.document == document for item in answering.items):
        drop_file(actor.id, FORM, loaded.case.number, document)
    return redirect(_here(loaded), code=303)


def _first_open(answering: Answering) -> str:
    return next((item.field for item in answering.items if not item.is_there), answering.items[0].field)


def _kept_words(came: int) -> str:
    return ngettext(
        "%(n)s file received and kept. Nothing is sent yet.",
        "%(n)s files received and kept. Nothing is sent yet.",
        came,
    )


def _here(loaded: Loaded) -> str:
    return url_for("portal.answer", number=loaded.case.number)


def _page(loaded: Loaded, answering: Answering, problems: dict[str, Any], status: int = 200) -> Response:
    return page(
        "portal/answer.html",
        status,
        number=loaded.case.number,
        answering=answering,
        problems=problems,
        summary=_summary(answering, problems),
        has_errors=bool(problems),
    )


def _summary(answering: Answering, problems: dict[str, Any]) -> list[tuple[str, Any]]:
    """The messages with the paper they are about; several may read alike."""
    names = {item.field: item.name for item in answering.items}
    return [
        (field, lazy("%(paper)s: %(problem)s", paper=names.get(field, ""), problem=problem))
        for field, problem in problems.items()
    ]


# --- a paper that was promised for later --------------------------------------------------------------------------


@blueprint.get("/my/<number>/papers/<document>/supply")
@requires(Permission.MY_ANSWER)
def supply(number: str, document: str) -> Response:
    loaded, paper = _promised(number, document)
    return _supply_page(loaded, paper, "")


@blueprint.post("/my/<number>/papers/<document>/supply")
@requires(Permission.MY_ANSWER)
def send_supply(number: str, document: str) -> BaseResponse:
    """One file, put into the case at once."""
    actor = current_actor()
    intend_to_write(False)
    loaded, paper = _promised(number, document)
    row = records.book_of(loaded.case).document(document)
    try:
        upload = uploaded(f"file-{document}", is_photo=row.file_kinds == "photo")
    except UploadRefused as refused:
        return _supply_page(loaded, paper, refused.text, 400)
    if upload is None:
        return _supply_page(loaded, paper, lazy("Choose a file first."), 400)
    _may_write_again()
    add_version(load_case(number, actor).case, document, upload, actor)
    flash(_("The paper was received; an officer will check it."), "success")
    return redirect(url_for("portal.my_case", number=number), code=303)


def _promised(number: str, document: str) -> tuple[Loaded, Paper]:
    """The case and a paper of it that may come now; NotFound for any other."""
    actor = current_actor()
    loaded = load_case(number, actor)
    paper = next((one for one in loaded.case.papers if one.document == document), None)
    if paper is None or not may_supply(loaded.case, paper, actor):
        raise NotFound(document)
    return loaded, paper


def _supply_page(loaded: Loaded, paper: Paper, problem: Any, status: int = 200) -> Response:
    item = single_item(loaded.case, paper)
    problems = {item.field: problem} if problem else {}
    return page(
        "portal/supply.html",
        status,
        number=loaded.case.number,
        item=item,
        due_on=paper.due_on,
        problems=problems,
        has_errors=bool(problems),
    )
