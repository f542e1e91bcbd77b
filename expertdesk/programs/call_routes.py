"""HTTP of calls: make, change, announce, the decision meeting, the publicity, the list as sheet and paper."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import Optional

from expertdesk.access import Permission
from expertdesk.experts import keeping
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy, ngettext
from expertdesk.models import ProgramCall, ProgramState
from expertdesk.programs import commands, rules
from expertdesk.programs.blueprint import REFUSED, blueprint, page_version, seen_version, whole
from expertdesk.programs.entry import PROPOSE, REJECT, Decision, MeetingData, values_of
from expertdesk.programs.fields import CodesField, NumberField
from expertdesk.programs.forms import CallForm
from expertdesk.programs.policy import YEARS, find_call
from expertdesk.programs.rows import project_title
from expertdesk.programs.year_page import Candidate, call_page, candidates
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, MoneyField, Required

P = Permission
LATER = ""


@blueprint.get("/programs/calls/<int:call_id>")
@requires(P.PROGRAM_READ)
def call(call_id: int) -> Response:
    """One call with its applications."""
    return page("programs/call.html", record=call_page(call_id, current_actor()))


@blueprint.route("/programs/<int:year>/calls/new", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def new_call(year: int) -> Response:
    if year not in YEARS:
        raise NotFound(str(year))
    return _call_form(year, None)


@blueprint.route("/programs/calls/<int:call_id>/edit", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def edit_call(call_id: int) -> Response:
    found = find_call(call_id, current_actor())
    return _call_form(found.year, found)


def _call_form(year: int, found: ProgramCall | None) -> Response:
    """The form of a new call, or of one on file."""
    actor, subject = current_actor(), found.id if found else f"new-{year}"
    switched = keeping.switched("program.call", subject) if request.method == "POST" else None
    if switched is not None:
        return switched
    if request.method == "GET":
        keeping.give_back("program.call", subject)
    from expertdesk.programs.entry import CallData

    form = CallForm(**(values_of(CallData, found) if found else {})).offer(found.kind if found else "")
    if request.method == "POST" and form.validate_on_submit():
        try:
            if found is None:
                saved = commands.make_call(form.call(year), actor)
            else:
                saved = commands.change_call(found.id, form.call(year), actor, seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
        else:
            keeping.done("program.call", subject)
            flash(_("Saved."), "ok")
            return redirect(url_for("programs.call", call_id=saved.id), code=303)
    status = REFUSED if request.method == "POST" else 200
    call_id, version = (found.id, page_version(found.row_version)) if found else (0, 0)
    return page("programs/call_form.html", status, form=form, year=year, call_id=call_id, version=version)


@blueprint.post("/programs/calls/<int:call_id>/announce")
@requires(P.PROGRAM_MANAGE)
def announce(call_id: int) -> Response:
    """Organisations see the call from now on."""
    commands.announce_call(call_id, current_actor(), seen_version())
    flash(_("The call is announced: organisations see it and apply while it is open."), "ok")
    return redirect(url_for("programs.call", call_id=call_id), code=303)


# --- the decision meeting ---------------------------------------------------------------------------------------


def _meeting_form(waiting: tuple[Candidate, ...]) -> Any:
    fields: dict[str, Any] = {
        "held_on": DayField(lazy("Held on"), [Required(lazy("Enter the day of the meeting."))], default=clock.today()),
        "chair": CleanField(lazy("Chaired by"), [Required(lazy("Say who chaired it."))], most=200),
        "attendees": CleanArea(lazy("Present"), [Optional()], most=1000),
        "minutes_number": CleanField(lazy("Number of the minutes"), [Optional()], most=80),
    }
    choices = [(LATER, lazy("Decide later")), (PROPOSE, lazy("Propose")), (REJECT, lazy("Do not select"))]
    for item in waiting:
        fields[f"a{item.id}_outcome"] = RadioField(
            lazy("Decision"), choices=[(code, str(name)) for code, name in choices], default=LATER
        )
        fields[f"a{item.id}_funds"] = MoneyField(lazy("Funds"), default=item.asked)
        fields[f"a{item.id}_months"] = NumberField(
            lazy("Person-months"), [Optional()], default=item.months, most=9999, decimals=2
        )
        fields[f"a{item.id}_note"] = CleanField(lazy("Reason or condition"), [Optional()], most=1000)
    return type("MeetingForm", (BaseForm,), fields)()


@blueprint.route("/programs/calls/<int:call_id>/meeting", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def meeting(call_id: int) -> Response:
    """The list for the meeting, and what it decided on each application."""
    actor = current_actor()
    switched = keeping.switched("program.meeting", call_id) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = find_call(call_id, actor)
    waiting = candidates(found, ProgramState.REVIEWED, actor)
    if request.method == "GET":
        keeping.give_back("program.meeting", call_id)
    form = _meeting_form(waiting)
    if request.method == "POST" and form.validate_on_submit():
        data = MeetingData(*(form[name].data for name in ("held_on", "chair", "attendees", "minutes_number")))
        try:
            decisions = _decisions(form, waiting)
            commands.hold_meeting(found, data, decisions, actor)
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
        else:
            keeping.done("program.meeting", call_id)
            flash(ngettext("%(n)s decision is on file.", "%(n)s decisions are on file.", len(decisions)), "ok")
            return redirect(url_for("programs.call", call_id=call_id), code=303)
    status = REFUSED if request.method == "POST" else 200
    return page("programs/meeting.html", status, call=_call_head(found), form=form, waiting=waiting)


def _decisions(form: Any, waiting: tuple[Candidate, ...]) -> list[Decision]:
    found = []
    for item in waiting:
        outcome = form[f"a{item.id}_outcome"].data
        if outcome in (PROPOSE, REJECT):
            seen = whole(request.form.get(f"a{item.id}_version", ""))
            found.append(
                Decision(
                    item.id, outcome, form[f"a{item.id}_funds"].data, form[f"a{item.id}_months"].data,
                    form[f"a{item.id}_note"].data or "", seen,
                )
            )  # fmt: skip
    return found


def _call_head(found: ProgramCall) -> dict[str, Any]:
    name, lang = project_title(found.name, found.name_en)
    return {"id": found.id, "name": name, "lang": lang, "year": found.year, "quota": found.quota, "funds": found.funds}


# --- publicity --------------------------------------------------------------------------------------------------


class PublicityForm(BaseForm):
    first = DayField(lazy("First day of the publicity"), [Required(lazy("Enter the first day."))])
    last = DayField(lazy("Last day"), [Optional()])
    applications = CodesField(lazy("Applications"), render_kw={"translate": "no"})


@blueprint.route("/programs/calls/<int:call_id>/publicity", methods=["GET", "POST"])
@requires(P.PROGRAM_MANAGE)
def publicity(call_id: int) -> Response:
    """Begin the publicity for everything proposed."""
    actor = current_actor()
    switched = keeping.switched("program.publicity", call_id) if request.method == "POST" else None
    if switched is not None:
        return switched
    found = find_call(call_id, actor)
    waiting = candidates(found, ProgramState.PROPOSED, actor)
    if request.method == "GET":
        keeping.give_back("program.publicity", call_id)
    today = clock.today()
    form = PublicityForm(
        first=today, last=rules.publicity_end(rules_today(), today), applications=[str(item.id) for item in waiting]
    )
    form.applications.choices = [(str(item.id), item.row.number) for item in waiting]
    if request.method == "POST" and form.validate_on_submit():
        chosen = [int(code) for code in form.applications.data or ()]
        try:
            done = commands.publicise(found, chosen, form.first.data or today, actor, form.last.data)
        except RuleBroken as broken:
            form.refuse(broken.problems)
            db.session.rollback()
        else:
            keeping.done("program.publicity", call_id)
            flash(ngettext("%(n)s application is public now.", "%(n)s applications are public now.", len(done)), "ok")
            return redirect(url_for("programs.call", call_id=call_id), code=303)
    status = REFUSED if request.method == "POST" else 200
    days = rules_today().row("program_settings", "PUBLICITY_WD")
    return page(
        "programs/publicity.html", status, call=_call_head(found), form=form, waiting=waiting, days=days.value,
        is_unsure=days.is_unsure,
    )  # fmt: skip
