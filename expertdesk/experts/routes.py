"""Pages of people: HTTP only."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.experts import commands, keeping, labels, queries, rules
from expertdesk.experts.blueprint import blueprint, is_good, key_of, page_version, seen_version, text_sought
from expertdesk.experts.forms import NameForm, NewPersonForm, PassportForm, PersonForm
from expertdesk.experts.passport_lines import fill_from_lines
from expertdesk.experts.row_forms import RowsForm
from expertdesk.foundation import clock
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires

REFUSED = 422
_SET = {
    "education": commands.set_education,
    "employment": commands.set_employment,
    "family": commands.set_family,
}


@blueprint.get("/experts")
@requires(Permission.EXPERT_READ)
def people() -> BaseResponse:
    """The list with its search box."""
    record = queries.people(current_actor(), text_sought(), key_of("after"), key_of("before"))
    return page("experts/people.html", record=record)


@blueprint.get("/experts/<int:person_id>")
@requires(Permission.EXPERT_READ)
def person(person_id: int) -> BaseResponse:
    """One person; that the passport number was shown is noted."""
    actor = current_actor()
    record = queries.person_page(person_id, actor)
    note_access(actor, "viewed", "person", person_id, "passport")
    return page("experts/person.html", record=record)


# --- new -------------------------------------------------------------------------------------------------------


@blueprint.get("/experts/new")
@requires(Permission.EXPERT_EDIT)
def new_person() -> BaseResponse:
    """An empty form."""
    keeping.give_back("new_person")
    return _new_person(NewPersonForm(district=_own_district(), kind="ORDINARY", sex="9", marital="90"))


@blueprint.post("/experts/new")
@requires(Permission.EXPERT_EDIT)
def register_person() -> BaseResponse:
    """Compare first, then enter; the passport lines fill the fields without saving."""
    switched = keeping.switched("new_person")
    if switched is not None:
        return switched
    actor = current_actor()
    form = NewPersonForm()
    form.offer(actor)
    form.offer_passport()
    if request.form.get("do") == "read":
        reading = fill_from_lines(form)
        return _new_person(form, reading=reading, status=200 if reading.is_readable else REFUSED)
    problems = rules.problems_of(
        lambda: rules.check_new_person(form.person(), form.passport(), rules_today(), clock.today())
    )
    if not is_good(form, problems):
        return _new_person(form, status=REFUSED)
    duplicates = queries.possible_duplicates(form.person(), form.passport(), actor)
    if duplicates and not form.is_another.data:
        form.refuse({"is_another": _("Look at the possible duplicates and decide: is one of them this person?")})
        return _new_person(form, status=REFUSED, duplicates=duplicates)
    try:
        entered = commands.register_person(form.person(), form.passport(), actor)
    except RuleBroken as broken:
        form.refuse(broken.problems)
        return _new_person(form, status=REFUSED, duplicates=duplicates)
    keeping.done("new_person")
    flash(_("The person is on file now."), "success")
    return redirect(url_for("experts.person", person_id=entered.id), code=303)


def _new_person(form: NewPersonForm, *, status: int = 200, duplicates: Any = (), reading: Any = None) -> BaseResponse:
    form.offer(current_actor())
    form.offer_passport()
    return page("experts/new_person.html", status, form=form, duplicates=duplicates, reading=reading)


def _own_district() -> str:
    """An officer of one district need not choose it."""
    districts = current_actor().districts
    return next(iter(districts)) if len(districts) == 1 else ""


# --- the record ------------------------------------------------------------------------------------------------


@blueprint.get("/experts/<int:person_id>/edit")
@requires(Permission.EXPERT_EDIT)
def edit_person(person_id: int) -> BaseResponse:
    """The record as a form."""
    keeping.give_back("person", person_id)
    record = queries.person_choice(person_id, current_actor())
    form = PersonForm(**labels.person_values(record.data))
    return _edit_person(record, form)


@blueprint.post("/experts/<int:person_id>/edit")
@requires(Permission.EXPERT_EDIT)
def save_person(person_id: int) -> BaseResponse:
    """Save; a stale save answers 409 with both versions (errors.Stale)."""
    switched = keeping.switched("person", person_id)
    if switched is not None:
        return switched
    actor = current_actor()
    record = queries.person_choice(person_id, actor)
    form = PersonForm()
    form.offer(actor, record.data)
    if not is_good(form, rules.problems_of(lambda: rules.check_person(form.person(), rules_today(), clock.today()))):
        return _edit_person(record, form, REFUSED)
    try:
        commands.update_person(person_id, form.person(), actor, seen_version(), keep_former=form.keep_former.data)
    except RuleBroken as broken:
        form.refuse(broken.problems)
        return _edit_person(record, form, REFUSED)
    keeping.done("person", person_id)
    flash(_("Saved."), "success")
    return redirect(url_for("experts.person", person_id=person_id), code=303)


def _edit_person(record: queries.PersonChoice, form: PersonForm, status: int = 200) -> BaseResponse:
    form.offer(current_actor(), record.data)
    version = page_version(record.version) if request.method == "GET" else seen_version()
    return page("experts/edit_person.html", status, record=record, form=form, version=version)


# --- passports and names ---------------------------------------------------------------------------------------


@blueprint.get("/experts/<int:person_id>/passports/new")
@requires(Permission.EXPERT_EDIT)
def new_passport(person_id: int) -> BaseResponse:
    """The form for another passport."""
    keeping.give_back("passport", person_id)
    return _passport(person_id, PassportForm(kind="ORDINARY"))


@blueprint.post("/experts/<int:person_id>/passports/new")
@requires(Permission.EXPERT_EDIT)
def add_passport(person_id: int) -> BaseResponse:
    """Another passport of the same person."""
    switched = keeping.switched("passport", person_id)
    if switched is not None:
        return switched
    form = PassportForm()
    form.offer_passport()
    known = queries.person_choice(person_id, current_actor()).data
    problems = rules.problems_of(
        lambda: rules.check_passport(
            form.passport(), rules_today(), clock.today(), nationality=known.nationality, birth_on=known.birth_on
        )
    )
    if not is_good(form, problems):
        return _passport(person_id, form, REFUSED)
    try:
        commands.add_passport(person_id, form.passport(), current_actor(), is_current=form.is_current.data)
    except RuleBroken as broken:
        form.refuse(broken.problems)
        return _passport(person_id, form, REFUSED)
    keeping.done("passport", person_id)
    flash(_("The passport was added; the earlier ones stay on file."), "success")
    return redirect(url_for("experts.person", person_id=person_id, _anchor="passports"), code=303)


def _passport(person_id: int, form: PassportForm, status: int = 200) -> BaseResponse:
    form.offer_passport()
    return page("experts/passport.html", status, record=queries.person_choice(person_id, current_actor()), form=form)


@blueprint.get("/experts/<int:person_id>/names")
@requires(Permission.EXPERT_EDIT)
def names(person_id: int) -> BaseResponse:
    """Every spelling, and the form for one more."""
    keeping.give_back("name", person_id)
    return _names(person_id, NameForm())


@blueprint.post("/experts/<int:person_id>/names")
@requires(Permission.EXPERT_EDIT)
def add_name(person_id: int) -> BaseResponse:
    """One more spelling."""
    switched = keeping.switched("name", person_id)
    if switched is not None:
        return switched
    form = NameForm()
    form.offer()
    if not form.validate():
        return _names(person_id, form, REFUSED)
    try:
        commands.add_name(
            person_id, form.kind.data, form.text.data or "", form.lang.data, form.where(), current_actor()
        )
    except RuleBroken as broken:
        form.refuse(broken.problems)
        return _names(person_id, form, REFUSED)
    keeping.done("name", person_id)
    flash(_("The name was added."), "success")
    return redirect(url_for("experts.names", person_id=person_id), code=303)


@blueprint.post("/experts/<int:person_id>/names/<int:name_id>/remove")
@requires(Permission.EXPERT_EDIT)
def remove_name(person_id: int, name_id: int) -> BaseResponse:
    """Take away a spelling that was entered by mistake."""
    commands.remove_name(person_id, name_id, current_actor())
    flash(_("The name was taken away."), "success")
    return redirect(url_for("experts.names", person_id=person_id), code=303)


def _names(person_id: int, form: NameForm, status: int = 200) -> BaseResponse:
    form.offer()
    return page("experts/names.html", status, record=queries.names_page(person_id, current_actor()), form=form)


# --- education, work, family -----------------------------------------------------------------------------------


@blueprint.get("/experts/<int:person_id>/<any(education, employment, family):part>")
@requires(Permission.EXPERT_EDIT)
def rows(person_id: int, part: str) -> BaseResponse:
    """A list of the person as rows."""
    record, stored = queries.editable_rows(person_id, part, current_actor())
    kept = keeping.give_back(part, person_id)
    form = RowsForm.sent(part, kept) if kept is not None else RowsForm.stored(part, stored)
    return _rows(record, part, form)


@blueprint.post("/experts/<int:person_id>/<any(education, employment, family):part>")
@requires(Permission.EXPERT_EDIT)
def save_rows(person_id: int, part: str) -> BaseResponse:
    """Save the whole list, or show one more empty row."""
    switched = keeping.switched(part, person_id)
    if switched is not None:
        return switched
    actor = current_actor()
    record = queries.person_choice(person_id, actor)
    form = RowsForm.sent(part, request.form)
    if request.form.get("do") == "more":
        form.add_empty()
        return _rows(record, part, form)
    if form.is_good(record.data.birth_on):
        try:
            _SET[part](person_id, form.values(), actor, seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
        else:
            keeping.done(part, person_id)
            flash(_("Saved."), "success")
            return redirect(url_for("experts.person", person_id=person_id, _anchor=part), code=303)
    return _rows(record, part, form, REFUSED)


def _rows(record: queries.PersonChoice, part: str, form: RowsForm, status: int = 200) -> BaseResponse:
    version = page_version(record.version) if request.method == "GET" else seen_version()
    return page("experts/rows.html", status, record=record, part=part, form=form, version=version)
