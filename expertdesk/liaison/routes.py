"""The liaison pages: HTTP only."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.foundation import clock
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import format_date, ngettext
from expertdesk.foundation.locale import gettext as _
from expertdesk.liaison import commands, queries
from expertdesk.liaison.forms import ContactForm, HandOverForm, LevelForm, ReleaseForm
from expertdesk.liaison.person import person_page
from expertdesk.liaison.policy import active_assignment, find_person
from expertdesk.liaison.rows import account_name
from expertdesk.models import Assignment
from expertdesk.web import current_actor, page, requires

blueprint = Blueprint("liaison", __name__, template_folder="templates")
_MOST_CHOSEN = 200
_MOST_DIGITS = 10
_REFUSED = 422


@blueprint.get("/liaison")
@requires(Permission.LIAISON_READ)
def worklist() -> BaseResponse:
    """The piles of the day, or one of them in full."""
    actor = current_actor()
    code = request.args.get("pile", "")
    if code in queries.PILES:
        return page("liaison/pile.html", record=queries.pile(code, actor, request.args.get("after", "")))
    return page("liaison/worklist.html", record=queries.worklist(actor))


@blueprint.get("/liaison/people")
@requires(Permission.LIAISON_READ)
def people() -> BaseResponse:
    """Everybody looked after: the list to work through, to hand over from."""
    wanted = queries.PeopleFilter(
        officer=_number(request.args.get("officer", "")),
        level=request.args.get("level", "")[:4],
        after=request.args.get("after", ""),
    )
    return page("liaison/people.html", record=queries.people(current_actor(), wanted))


@blueprint.get("/liaison/<int:person_id>")
@requires(Permission.LIAISON_READ)
def person(person_id: int) -> BaseResponse:
    """One person: dates ahead, contacts, the form for the next one."""
    return _person(person_id)


def _person(
    person_id: int,
    failed: str = "",
    *,
    contact: ContactForm | None = None,
    level: LevelForm | None = None,
    release: ReleaseForm | None = None,
) -> BaseResponse:
    """The page with its three forms; `failed` names the one that was sent and refused."""
    actor = current_actor()
    record = person_page(person_id, actor)
    contact = contact or ContactForm(formdata=None, on=clock.today()).suggest(is_first=not record.contacts)
    release = release or ReleaseForm(formdata=None)
    if level is None:
        level = LevelForm(formdata=None, level=record.level.code if record.level is not None else None)
    sent = {"contact": contact, "level": level, "release": release}.get(failed)
    note_access(actor, "viewed", "person", person_id, "liaison")
    return page(
        "liaison/person.html", _REFUSED if sent else 200, record=record, contact=contact, level=level,
        release=release, problems=sent.problems() if sent else [], failed=failed,
    )  # fmt: skip


@blueprint.post("/liaison/<int:person_id>/take")
@requires(Permission.LIAISON_ACT)
def take(person_id: int) -> BaseResponse:
    """Become the liaison officer; the next thing to do is the first contact."""
    commands.take_person(person_id, current_actor())
    flash(_("You look after this expert now. Log the first contact and agree on the next date."), "ok")
    return redirect(url_for("liaison.person", person_id=person_id) + "#log", code=303)


@blueprint.post("/liaison/<int:person_id>/contact")
@requires(Permission.LIAISON_ACT)
def contact(person_id: int) -> BaseResponse:
    """Log a contact and the next date."""
    form = ContactForm()
    assignment = _assignment(person_id)
    if form.validate_on_submit() and form.on.data is not None:
        try:
            logged = commands.log_contact(
                assignment.id, form.kind.data or "", form.on.data, form.summary.data or "", form.next_on.data,
                current_actor(),
            )  # fmt: skip
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The contact of %(day)s is logged.", day=format_date(logged.on)), "ok")
            return redirect(url_for("liaison.person", person_id=person_id), code=303)
    return _person(person_id, "contact", contact=form)


@blueprint.post("/liaison/<int:person_id>/level")
@requires(Permission.LIAISON_MANAGE)
def level(person_id: int) -> BaseResponse:
    """The manager decides the level."""
    form = LevelForm()
    assignment = _assignment(person_id)
    if form.validate_on_submit():
        seen = _number(request.form.get("version", ""))
        try:
            commands.set_level(assignment.id, form.level.data or "", form.reason.data or "", current_actor(), seen)
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("The level is set."), "ok")
            return redirect(url_for("liaison.person", person_id=person_id), code=303)
    return _person(person_id, "level", level=form)


@blueprint.post("/liaison/<int:person_id>/release")
@requires(Permission.LIAISON_ACT)
def release(person_id: int) -> BaseResponse:
    """End the service."""
    form = ReleaseForm()
    assignment = _assignment(person_id)
    if form.validate_on_submit():
        try:
            commands.release_person(assignment.id, form.reason.data or "", current_actor())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(_("You no longer look after this expert."), "ok")
            return redirect(url_for("liaison.worklist"), code=303)
    return _person(person_id, "release", release=form)


@blueprint.get("/liaison/hand-over")
@requires(Permission.LIAISON_ACT, Permission.LIAISON_MANAGE)
def hand_over() -> BaseResponse:
    """Whoever was ticked in the list, to whom, and what has to be known."""
    form = HandOverForm(formdata=None, officers=_officers())
    return _hand_over(form, _chosen(request.args.getlist("assignment")))


@blueprint.post("/liaison/hand-over")
@requires(Permission.LIAISON_ACT, Permission.LIAISON_MANAGE)
def do_hand_over() -> BaseResponse:
    """Give them over, all in one go."""
    form = HandOverForm(officers=_officers())
    chosen = _chosen(request.form.getlist("assignment"))
    if form.validate_on_submit():
        try:
            handed = commands.hand_over(chosen, form.to_id, form.note.data or "", current_actor())
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            flash(ngettext("%(n)s expert handed over.", "%(n)s experts handed over.", len(handed)), "ok")
            return redirect(url_for("liaison.people"), code=303)
    return _hand_over(form, chosen, _REFUSED)


def _hand_over(form: HandOverForm, chosen: list[int], status: int = 200) -> BaseResponse:
    rows = queries.chosen_people(chosen, current_actor())
    return page("liaison/hand_over.html", status, form=form, rows=rows, problems=form.problems())


def _officers() -> list[tuple[int, str]]:
    return [(account.id, account_name(account)) for account in commands.liaison_accounts()]


def _assignment(person_id: int) -> Assignment:
    """Who looks after the person now; NotFound for a person this reader has nothing to do with."""
    find_person(person_id, current_actor())
    found = active_assignment(person_id)
    if found is None:
        raise NotFound(str(person_id))
    return found


def _chosen(values: list[str]) -> list[int]:
    numbers = (_number(value) for value in values[:_MOST_CHOSEN])
    return [number for number in numbers if number is not None]


def _number(text: str) -> int | None:
    """A whole number as an address or a form gives it, or nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else None
