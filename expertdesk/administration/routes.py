"""Pages: accounts (list, one account, a new one), what is set, cases counted."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission, Role
from expertdesk.accounts import commands as accounts
from expertdesk.accounts.access_log import note_access
from expertdesk.accounts.invitations import reset_address
from expertdesk.administration.blueprint import blueprint, tabs
from expertdesk.administration.commands import (
    AccountData,
    add_user,
    address_for,
    membership_of,
    organisation_for,
    save_user,
)
from expertdesk.administration.forms import EditContactForm, EditStaffForm, EditUserForm, NewUserForm, UsersFilter
from expertdesk.administration.queries import UserPage, case_counts, role_counts, user_page, users_page
from expertdesk.administration.set_values import main_values, set_values
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.web import current_actor, page, requires

REFUSED_FORM = 422
_LONGEST_KEY = 80


def show(template: str, status: int = 200, **record: Any) -> Response:
    """A page of this capability, with the row of pages above it."""
    return page(f"administration/{template}.html", status, tabs=tabs(current_actor()), **record)


@blueprint.get("")
@requires(Permission.ACCOUNTS_MANAGE)
def home() -> Response:
    form = UsersFilter(request.args)
    form.fill_choices()
    is_fine = form.validate()
    text, role = (form.q.data or "", form.role.data or "") if is_fine else ("", "")
    after = request.args.get("after", "")[:_LONGEST_KEY]
    record = users_page(text, role, after)
    next_url = url_for(".home", q=text or None, role=role or None, after=record.next_after) if record.next_after else ""
    return show(
        "home", form=form, record=record, next_url=next_url, values=main_values(), roles=role_counts(), text=text
    )


@blueprint.get("/users/new")
@requires(Permission.ACCOUNTS_MANAGE)
def new_user() -> Response:
    form = NewUserForm()
    form.fill_choices()
    return show("new_user", form=form)


@blueprint.post("/users/new")
@requires(Permission.ACCOUNTS_MANAGE)
def add_new_user() -> Response:
    form = NewUserForm()
    form.fill_choices()
    if not form.validate():
        return show("new_user", REFUSED_FORM, form=form)
    data = _details(
        form, roles=_roles(form), districts=tuple(form.districts.data or ()), municipal=form.is_municipal.data
    )
    try:
        account, code = add_user(
            data, username=form.username.data or "", language=form.language.data or "zh", actor=current_actor()
        )
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse(broken.problems)
        return show("new_user", REFUSED_FORM, form=form)
    return _address_page(account.id, code, is_new=True)


@blueprint.get("/users/<int:user_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def user(user_id: int) -> Response:
    record = user_page(user_id, current_actor())
    return show("user", record=record, form=_edit_form(record, fill=True))


@blueprint.post("/users/<int:user_id>")
@requires(Permission.ACCOUNTS_MANAGE)
def save(user_id: int) -> BaseResponse:
    record = user_page(user_id, current_actor())
    form = _edit_form(record, fill=False)
    if not form.validate():
        return show("user", REFUSED_FORM, record=record, form=form)
    try:
        save_user(user_id, _edited(form), current_actor(), form.version.data or 0)
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse({_field_of(name): text for name, text in broken.problems.items()})
        return show("user", REFUSED_FORM, record=user_page(user_id, current_actor()), form=form)
    flash(_("Saved. New rights hold from the person's next sign-in."), "ok")
    return redirect(url_for(".user", user_id=user_id), code=303)


@blueprint.post("/users/<int:user_id>/disable")
@requires(Permission.ACCOUNTS_MANAGE)
def disable(user_id: int) -> BaseResponse:
    accounts.disable(user_id, current_actor(), _seen_version())
    flash(_("The account is disabled; all its sessions have ended."), "ok")
    return redirect(url_for(".user", user_id=user_id), code=303)


@blueprint.post("/users/<int:user_id>/enable")
@requires(Permission.ACCOUNTS_MANAGE)
def enable(user_id: int) -> BaseResponse:
    accounts.enable(user_id, current_actor(), _seen_version())
    flash(_("The account is enabled."), "ok")
    return redirect(url_for(".user", user_id=user_id), code=303)


@blueprint.post("/users/<int:user_id>/reset")
@requires(Permission.ACCOUNTS_MANAGE)
def reset(user_id: int) -> Response:
    """A one-time address for a new password, shown this once."""
    code = reset_address(user_id, current_actor())
    return _address_page(user_id, code, is_new=False)


@blueprint.post("/users/<int:user_id>/sign-out")
@requires(Permission.ACCOUNTS_MANAGE)
def end_sessions(user_id: int) -> BaseResponse:
    accounts.end_sessions(accounts.find_account(user_id).id)
    note_access(current_actor(), "signed_out", "account", user_id)
    flash(_("All sessions of the account have ended."), "ok")
    return redirect(url_for(".user", user_id=user_id), code=303)


@blueprint.get("/settings", endpoint="settings")
@requires(Permission.SETTINGS_READ)
def settings_page() -> Response:
    return show("settings", groups=set_values())


@blueprint.get("/counts")
@requires(Permission.CASE_COUNT)
def counts() -> Response:
    return show("counts", rows=case_counts())


# --- inside ----------------------------------------------------------------------------------------------------


def _seen_version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _edit_form(record: UserPage, *, fill: bool) -> EditUserForm:
    """The form that fits this kind of account; filled from the row for a first look."""
    kind = EditStaffForm if record.is_staff else EditContactForm if record.is_contact else EditUserForm
    values: dict[str, Any] = {}
    if fill:
        data = record.data
        values = {
            "version": record.version,
            "name": data.name,
            "name_latin": data.name_latin,
            "email": data.email,
            "phone": data.phone,
            "window": data.window,
            "roles": [role.value for role in data.roles or ()],
            "districts": list(data.districts or ()),
            "is_municipal": data.is_municipal,
            "memberships": [code for code, _, _ in record.memberships],
        }
    form = kind(data=values) if fill else kind()
    if isinstance(form, EditStaffForm):
        form.fill_choices(tuple(record.data.districts or ()))
    elif isinstance(form, EditContactForm):
        form.fill_choices([(code, f"{name} · {right}") for code, name, right in record.memberships])
    return form


def _edited(form: EditUserForm) -> AccountData:
    if isinstance(form, EditStaffForm):
        return _details(
            form,
            roles=_roles(form),
            districts=tuple(sorted(form.districts.data or ())),
            municipal=form.is_municipal.data,
        )
    if isinstance(form, EditContactForm):
        kept = [membership_of(code) for code in form.memberships.data or ()]
        if form.add_code.data:
            right = membership_of(f"0:{form.add_right.data}")[1]
            kept.append((organisation_for(form.add_code.data, "add_code"), right))
        return _details(form, memberships=tuple(sorted(set(kept))))
    return _details(form)


def _roles(form: Any) -> tuple[Role, ...]:
    return tuple(role for role in Role if role.value in (form.roles.data or ()))


def _details(
    form: Any,
    *,
    roles: tuple[Role, ...] | None = None,
    districts: tuple[str, ...] | None = None,
    municipal: bool | None = None,
    memberships: Any = None,
) -> AccountData:
    return AccountData(
        name=form.name.data or "",
        name_latin=form.name_latin.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
        window=form.window.data or "",
        roles=roles,
        districts=districts,
        is_municipal=municipal,
        memberships=memberships,
    )


def _field_of(name: str) -> str:
    return "add_code" if name == "memberships" else name


def _address_page(user_id: int, code: str, *, is_new: bool) -> Response:
    record = user_page(user_id, current_actor())
    return show("address", record=record, address=address_for(code), is_new=is_new)
