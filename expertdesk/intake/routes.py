"""HTTP of the intake: the officer's page at /intake and the application of an organisation's contact at /my/apply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from expertdesk.access import Actor, Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.accounts.drafts import drop_restored_form, restored_form_of
from expertdesk.cases.policy import find_case
from expertdesk.foundation import clock
from expertdesk.foundation.database import db, intend_to_write
from expertdesk.foundation.errors import NotAllowedNow, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.intake import checks, drafts, papers
from expertdesk.intake.applying import application_of
from expertdesk.intake.commands import TakenIn, take_in
from expertdesk.intake.done import done_page, read_with
from expertdesk.intake.entry import record_id
from expertdesk.intake.page import Urls, intake_page
from expertdesk.intake.working import FIND, READ, Values, Worked, work_out
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires
from expertdesk.web.forms import AtField
from expertdesk.web.language import switch_to

blueprint = Blueprint("intake", __name__, template_folder="templates")

TAKE_IN = "take_in"
_UNPROCESSABLE = 422
_OFFICE_ONLY = frozenset({"person", "find_person", "organisation", "district", papers.SEEN_ALL})
# what an address may begin a form with
_BEGIN_WITH = ("procedure", "permit", "person", "organisation")


@dataclass(frozen=True)
class Door:
    """Through which the form is filled in: endpoints and who comes in there."""

    new: str
    preview: str
    read_passport: str
    discard: str
    done: str

    @property
    def urls(self) -> Urls:
        return Urls(url_for(self.new), url_for(self.preview), url_for(self.read_passport), url_for(self.discard))


OFFICE = Door("intake.new", "intake.preview", "intake.read_passport", "intake.discard", "intake.done")
OWN = Door("intake.apply", "intake.apply_preview", "intake.apply_passport", "intake.apply_discard", "intake.applied")


# --- the officer -----------------------------------------------------------------------------------------------


@blueprint.route("/intake/new", methods=["GET", "POST"])
@requires(Permission.CASE_CREATE)
def new() -> Response:
    return _send(OFFICE) if request.method == "POST" else _begin(OFFICE)


@blueprint.route("/intake/preview", methods=["GET", "POST"])
@requires(Permission.CASE_CREATE)
def preview() -> Response:
    return _answer(OFFICE)


@blueprint.route("/intake/read-passport", methods=["GET", "POST"])
@requires(Permission.CASE_CREATE)
def read_passport() -> Response:
    return _answer(OFFICE, READ)


@blueprint.post("/intake/discard")
@requires(Permission.CASE_CREATE)
def discard() -> Response:
    return _discard(OFFICE)


@blueprint.get("/intake/<number>/done")
@requires(Permission.CASE_CREATE)
def done(number: str) -> Response:
    return _done(OFFICE, number)


# --- a contact of an organisation ------------------------------------------------------------------------------


@blueprint.route("/my/apply", methods=["GET", "POST"])
@requires(Permission.MY_APPLY)
def apply() -> Response:
    return _send(OWN) if request.method == "POST" else _begin(OWN)


@blueprint.route("/my/apply/preview", methods=["GET", "POST"])
@requires(Permission.MY_APPLY)
def apply_preview() -> Response:
    return _answer(OWN)


@blueprint.route("/my/apply/read-passport", methods=["GET", "POST"])
@requires(Permission.MY_APPLY)
def apply_passport() -> Response:
    return _answer(OWN, READ)


@blueprint.post("/my/apply/discard")
@requires(Permission.MY_APPLY)
def apply_discard() -> Response:
    return _discard(OWN)


@blueprint.get("/my/apply/<number>/done")
@requires(Permission.MY_APPLY)
def applied(number: str) -> Response:
    return _done(OWN, number)


# --- what both do ----------------------------------------------------------------------------------------------


def _begin(door: Door) -> Response:
    """An empty form, one begun with what the address names, or a draft."""
    actor = current_actor()
    token = request.args.get("draft", "")
    values = drafts.load(actor.id, token) if token else _kept_by_session(door, actor)
    notice: Any = lazy("The draft is back, with its files.") if values is not None else ""
    if values is None:
        if token:
            notice = lazy("This draft is gone: it was sent, discarded, or is older than a day.")
        values = MultiDict({name: request.args[name] for name in _BEGIN_WITH if request.args.get(name)})
        values = _as_form(values)
    values.setdefault("received_on", clock.today().isoformat())
    values.setlist("form_token", [drafts.good_token(values.get("form_token", ""))])
    supplied = papers.read(actor.id, values["form_token"], values, clock.today())
    worked = work_out(values, actor, supplied, FIND)
    unfinished = drafts.unfinished(actor.id, values["form_token"]) if not token else ()
    return _show(door, worked, notice=notice, unfinished=unfinished)


def _kept_by_session(door: Door, actor: Actor) -> Values | None:
    """What was sent with a session that had ended."""
    return restored_form_of(_paths(door), actor.id)


def _paths(door: Door) -> tuple[str, ...]:
    urls = door.urls
    return urls.send, urls.preview, urls.read_passport


def _as_form(begun: MultiDict[str, str]) -> MultiDict[str, str]:
    """`organisation=<id>` of an address is the credit code in the form; `permit` means an extension."""
    from expertdesk.models import Organisation

    values = MultiDict(begun)
    organisation_id = record_id(values.get("organisation", ""))
    if organisation_id is not None:
        organisation = db.session.get(Organisation, organisation_id)
        values.setlist("organisation", [organisation.credit_code if organisation is not None else ""])
    if values.get("permit"):
        values.setdefault("procedure", "EXTENSION")
    return values


def _answer(door: Door, action: str = "") -> Response:
    """Work the form out and show it again: live answers, the buttons that look something up, reading the passport."""
    if request.method == "GET":
        return redirect(url_for(door.new), code=303)
    intend_to_write(False)
    actor = current_actor()
    values, token = _values(actor)
    supplied = papers.take(actor.id, token, values, request.files, rules_today(), clock.today())
    pressed = values.get("do", "")
    worked = work_out(values, actor, supplied, action or (FIND if pressed == FIND else ""))
    if "switch_language" in values:
        return _switch(door, actor, token, values)
    if action == READ:
        _lines_to_form(worked)
    saved_at = drafts.save(actor.id, token, values)
    # while somebody types, problems stand at their fields; a pressed button lists them
    problems = _problems(worked) if pressed or "X-Part" not in request.headers or values.get("drop_file") else ()
    status = _UNPROCESSABLE if problems else 200
    return _show(door, worked, status=status, problems=problems, saved_at=saved_at)


def _send(door: Door) -> Response:
    """Take the application in, or say everything that stands in the way."""
    actor = current_actor()
    values, token = _values(actor)
    if "switch_language" in values:
        return _switch(door, actor, token, values)
    if values.get("do") != TAKE_IN:
        return _answer(door)
    supplied = papers.take(actor.id, token, values, request.files, rules_today(), clock.today())
    before = drafts.result_of(actor.id, token)
    if before:
        return redirect(url_for(door.done, number=before), code=303)
    worked = work_out(values, actor, supplied)
    worked.form.refuse(checks.problems_of(worked))
    worked.supplied = replace(worked.supplied, problems={**checks.paper_problems(worked), **supplied.problems})
    problems = _problems(worked)
    if not problems:
        try:
            return _taken(door, actor, take_in(application_of(worked), actor))
        except RuleBroken as broken:
            worked.form.refuse(broken.problems)
            problems = _problems(worked)
        except NotAllowedNow as refused:
            problems = tuple(("", reason.text) for reason in refused.reasons)
        db.session.rollback()
        intend_to_write(False)
        worked = _again(values, actor, supplied, worked)
    saved_at = drafts.save(actor.id, token, values)
    return _show(door, worked, status=_UNPROCESSABLE, problems=problems, saved_at=saved_at)


def _again(values: Values, actor: Actor, supplied: papers.Supplied, refused: Worked) -> Worked:
    """The form worked out afresh after a rollback, with the messages it was refused with."""
    worked = work_out(values, actor, supplied)
    for field in refused.form:
        if field.errors:
            worked.form[field.name].errors = list(field.errors)
    return worked


def _taken(door: Door, actor: Actor, taken: TakenIn) -> Response:
    for path in _paths(door):
        drop_restored_form(actor.id, path)
    return redirect(url_for(door.done, number=taken.number), code=303)


def _values(actor: Actor) -> tuple[Values, str]:
    """The form as it was sent, with a token that is one; a contact of an organisation applies today, chooses nobody's
    record and has seen no original."""
    values = MultiDict(request.form)
    token = drafts.good_token(values.get("form_token", ""))
    values.setlist("form_token", [token])
    if not actor.may(Permission.CASE_CREATE):
        for name in [name for name in values if name in _OFFICE_ONLY or name.startswith(papers.SEEN)]:
            values.pop(name)
        values.setlist("received_on", [clock.today().isoformat()])
    return values, token


def _switch(door: Door, actor: Actor, token: str, values: Values) -> Response:
    """The other language, with everything typed (and every file chosen) kept."""
    papers.take(actor.id, token, values, request.files, rules_today(), clock.today())
    drafts.save(actor.id, token, values)
    return switch_to(values["switch_language"], redirect(url_for(door.new, draft=token), code=303))


def _discard(door: Door) -> Response:
    actor = current_actor()
    drafts.discard(actor.id, request.form.get("form_token", ""))
    for path in _paths(door):
        drop_restored_form(actor.id, path)
    return redirect(url_for(door.new), code=303)


def _done(door: Door, number: str) -> Response:
    actor = current_actor()
    case = find_case(number, actor, *read_with())
    code = drafts.code_to_show(actor.id, case.number) if request.method == "GET" else ""
    return page("intake/done.html", record=done_page(case, actor, code, url_for(door.new)))


def _lines_to_form(worked: Worked) -> None:
    """Somebody pressed "read": what is wrong with the lines stands at their field."""
    lines = worked.lines
    if lines is None:
        worked.form.refuse({"mrz": lazy("Paste the two lines at the foot of the passport's photo page.")})
    elif not lines.is_sound:
        for problem in lines.reading.problems:
            worked.form.refuse({"mrz": problem.message})


def _problems(worked: Worked) -> tuple[tuple[str, Any], ...]:
    """For the list at the top: of the passport lines the short sentences, of the papers the refused ones."""
    found: list[tuple[str, Any]] = []
    for field, message in worked.form.problems():
        if field == "mrz" and worked.lines is not None and worked.lines.reading.problems:
            if all(name != "mrz" for name, _ in found):
                found.extend(("mrz", problem.summary) for problem in worked.lines.reading.problems)
        else:
            found.append((field, message))
    for field, message in worked.supplied.problems.items():
        row = worked.book.find("documents", field.partition("-")[2])
        found.append((field, AtField(message, str(row.short) if row is not None else "")))
    return tuple(found)


def _show(door: Door, worked: Worked, *, status: int = 200, **more: Any) -> Response:
    """The page; that a record on file is shown with its passport number is noted."""
    if worked.person is not None:
        note_access(worked.actor, "viewed", "person", worked.person.id, "intake")
    record = intake_page(worked, door.urls, **more)
    return page(
        "intake/new.html",
        status=status,
        record=record,
        form=worked.form,
        has_errors=bool(record.problems),
        language_form="intake",
        current_path=record.back,
        wrap_class="",
    )
