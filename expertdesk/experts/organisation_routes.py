"""Pages of organisations: HTTP only."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.experts import commands, keeping, labels, queries, rules
from expertdesk.experts.blueprint import blueprint, is_good, key_of, page_version, seen_version, text_sought
from expertdesk.experts.forms import OrganisationForm
from expertdesk.experts.row_forms import RowsForm
from expertdesk.foundation import clock
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires

REFUSED = 422


@blueprint.get("/organisations")
@requires(Permission.ORGANISATION_READ)
def organisations() -> BaseResponse:
    """The list with its search box."""
    record = queries.organisations(current_actor(), text_sought(), key_of("after"), key_of("before"))
    return page("experts/organisations.html", record=record)


@blueprint.get("/organisations/<int:organisation_id>")
@requires(Permission.ORGANISATION_READ)
def organisation(organisation_id: int) -> BaseResponse:
    """One organisation."""
    return page("experts/organisation.html", record=queries.organisation_page(organisation_id, current_actor()))


@blueprint.get("/organisations/new")
@requires(Permission.ORGANISATION_EDIT)
def new_organisation() -> BaseResponse:
    """An empty form."""
    keeping.give_back("new_organisation")
    districts = current_actor().districts
    own = next(iter(districts)) if len(districts) == 1 else ""
    return _form(OrganisationForm(district=own))


@blueprint.post("/organisations/new")
@requires(Permission.ORGANISATION_EDIT)
def register_organisation() -> BaseResponse:
    """Enter an organisation; the contacts come on the next page."""
    switched = keeping.switched("new_organisation")
    if switched is not None:
        return switched
    form = OrganisationForm()
    form.offer()
    if not _is_good(form):
        return _form(form, status=REFUSED)
    try:
        entered = commands.register_organisation(form.organisation(), current_actor())
    except RuleBroken as broken:
        form.refuse(broken.problems)
        return _form(form, status=REFUSED)
    keeping.done("new_organisation")
    flash(_("The organisation is on file now. Add whom the bureau may call."), "success")
    return redirect(url_for("experts.contacts", organisation_id=entered.id), code=303)


@blueprint.get("/organisations/<int:organisation_id>/edit")
@requires(Permission.ORGANISATION_EDIT)
def edit_organisation(organisation_id: int) -> BaseResponse:
    """The record as a form."""
    keeping.give_back("organisation", organisation_id)
    record = queries.organisation_choice(organisation_id, current_actor())
    return _form(OrganisationForm(**labels.organisation_values(record.data)), record)


@blueprint.post("/organisations/<int:organisation_id>/edit")
@requires(Permission.ORGANISATION_EDIT)
def save_organisation(organisation_id: int) -> BaseResponse:
    """Save; a stale save answers 409 with both versions (errors.Stale)."""
    switched = keeping.switched("organisation", organisation_id)
    if switched is not None:
        return switched
    actor = current_actor()
    record = queries.organisation_choice(organisation_id, actor)
    form = OrganisationForm()
    form.offer(record.data)
    if not _is_good(form):
        return _form(form, record, REFUSED)
    try:
        commands.update_organisation(organisation_id, form.organisation(), actor, seen_version())
    except RuleBroken as broken:
        form.refuse(broken.problems)
        return _form(form, record, REFUSED)
    keeping.done("organisation", organisation_id)
    flash(_("Saved."), "success")
    return redirect(url_for("experts.organisation", organisation_id=organisation_id), code=303)


def _is_good(form: OrganisationForm) -> bool:
    check = rules.problems_of(lambda: rules.check_organisation(form.organisation(), rules_today(), clock.today()))
    return is_good(form, check)


def _form(
    form: OrganisationForm, record: queries.OrganisationChoice | None = None, status: int = 200
) -> BaseResponse:
    """The form of a new organisation (no record) or of one on file."""
    form.offer(record.data if record else None)
    stored = record.version if record else 0
    version = page_version(stored) if request.method == "GET" else seen_version()
    return page("experts/edit_organisation.html", status, record=record, form=form, version=version)


@blueprint.get("/organisations/<int:organisation_id>/contacts")
@requires(Permission.ORGANISATION_EDIT)
def contacts(organisation_id: int) -> BaseResponse:
    """The contacts as rows."""
    record = queries.organisation_choice(organisation_id, current_actor())
    kept = keeping.give_back("contacts", organisation_id)
    form = RowsForm.sent("contacts", kept) if kept is not None else RowsForm.stored("contacts", record.contacts)
    return _contacts(record, form)


@blueprint.post("/organisations/<int:organisation_id>/contacts")
@requires(Permission.ORGANISATION_EDIT)
def save_contacts(organisation_id: int) -> BaseResponse:
    """Save the whole list, or show one more empty row."""
    switched = keeping.switched("contacts", organisation_id)
    if switched is not None:
        return switched
    actor = current_actor()
    record = queries.organisation_choice(organisation_id, actor)
    form = RowsForm.sent("contacts", request.form)
    if request.form.get("do") == "more":
        form.add_empty()
        return _contacts(record, form)
    if form.is_good():
        try:
            commands.set_contacts(organisation_id, form.values(), actor, seen_version())
        except RuleBroken as broken:
            form.refuse(broken.problems)
        else:
            keeping.done("contacts", organisation_id)
            flash(_("Saved."), "success")
            return redirect(url_for("experts.organisation", organisation_id=organisation_id), code=303)
    return _contacts(record, form, REFUSED)


def _contacts(record: queries.OrganisationChoice, form: RowsForm, status: int = 200) -> BaseResponse:
    version = page_version(record.version) if request.method == "GET" else seen_version()
    return page("experts/rows.html", status, record=record, part="contacts", form=form, version=version)
