"""Pages behind a one-time address: a new account, a new password, the first administrator."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, request, session
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Actor, Role
from expertdesk.accounts import access_log, invitations, limits, signing_in
from expertdesk.accounts.blueprint import blueprint
from expertdesk.accounts.forms import FirstAdministratorForm, InvitationForm, ResetForm
from expertdesk.accounts.invitations import Found, InvitationState
from expertdesk.accounts.names import ROLE_DUTIES, ROLE_NAMES
from expertdesk.accounts.passwords import policy_of
from expertdesk.accounts.routes import REFUSED_FORM, TOO_MANY, begin
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.web import page, public
from expertdesk.web.failures import failure_page
from expertdesk.web.guard import signed_in_actor
from expertdesk.web.navigation import home_url

GONE = 410


@blueprint.get("/invitation/<code>")
@public("whoever holds the one-time address")
def invitation(code: str) -> Response:
    found = _find(code)
    if not isinstance(found, Found):
        return found
    return _invitation_page(found, ResetForm() if found.is_reset else InvitationForm())


@blueprint.post("/invitation/<code>")
@public("whoever holds the one-time address")
def take_invitation(code: str) -> BaseResponse:
    found = _find(code)
    if not isinstance(found, Found):
        return found
    form: Any = ResetForm() if found.is_reset else InvitationForm()
    if not form.validate():
        return _invitation_page(found, form, REFUSED_FORM)
    username = "" if found.is_reset else form.username.data
    try:
        person = invitations.accept_invitation(code, username=username, password=form.password.data)
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse(broken.problems)
        return _invitation_page(found, form, REFUSED_FORM)
    said = _("The new password holds from now on.") if found.is_reset else _("Your account is ready. Welcome.")
    return _welcome(person, said)


@blueprint.post("/invitation/<code>/join")
@public("whoever holds the one-time address; it only adds to the account that is signed in")
def join(code: str) -> BaseResponse:
    """A contact who has an account takes a further organisation with it."""
    actor = signed_in_actor()
    found = _find(code)
    if not isinstance(found, Found):
        return found
    if actor is None:
        raise NotFound("invitation")
    invitations.join_organisation(code, actor)
    return _welcome(actor, _("The organisation has been added to your account."))


@blueprint.get("/first-administrator/<code>")
@public("whoever started the installation and reads its console")
def first_administrator(code: str) -> Response:
    found = _find(code, is_first=True)
    if not isinstance(found, Found):
        return found
    return _first_page(FirstAdministratorForm())


@blueprint.post("/first-administrator/<code>")
@public("whoever started the installation and reads its console")
def take_first_administrator(code: str) -> BaseResponse:
    found = _find(code, is_first=True)
    if not isinstance(found, Found):
        return found
    form = FirstAdministratorForm()
    if not form.validate():
        return _first_page(form, REFUSED_FORM)
    try:
        person = invitations.accept_first_administrator(
            code,
            username=form.username.data or "",
            name=form.name.data or "",
            name_latin=form.name_latin.data or "",
            email=form.email.data or "",
            password=form.password.data or "",
        )
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse(broken.problems)
        return _first_page(form, REFUSED_FORM)
    return _welcome(person, _("You are the first administrator. Make the accounts of your colleagues next."))


def _find(code: str, *, is_first: bool = False) -> Found | Response:
    """The open invitation, or the page that says why there is none."""
    address = access_log.here()
    wait = limits.too_many("invitation", address)
    if wait:
        return failure_page(TOO_MANY, headers={"Retry-After": str(wait)})
    try:
        found = invitations.find_invitation(code, is_first=is_first)
    except NotFound:
        limits.note_failure("invitation", address)
        raise
    if found.state is not InvitationState.OPEN:
        return page(
            "accounts/invitation_over.html", GONE, state=found.state.value, is_reset=found.is_reset, is_first=is_first
        )
    return found


def _invitation_page(found: Found, form: Any, status: int = 200) -> Response:
    actor = signed_in_actor()
    can_join = actor is not None and found.role is Role.EMPLOYER and Role.EMPLOYER in actor.roles and not found.is_reset
    return page(
        "accounts/invitation.html",
        status,
        form=form,
        record=found,
        role_name=ROLE_NAMES[found.role],
        role_duty=ROLE_DUTIES[found.role],
        policy=policy_of(is_staff=found.is_reset and found.role not in {Role.EXPERT, Role.EMPLOYER}),
        action=request.path,
        join_action=f"{request.path}/join" if can_join else "",
        has_errors=bool(form.problems()),
    )


def _first_page(form: FirstAdministratorForm, status: int = 200) -> Response:
    return page(
        "accounts/first_administrator.html",
        status,
        form=form,
        policy=policy_of(is_staff=True),
        action=request.path,
        has_errors=bool(form.problems()),
    )


def _welcome(person: Actor, said: str) -> BaseResponse:
    """Signed in at once: whoever set the password just proved to be the person."""
    db.session.commit()
    session.clear()
    values = signing_in.session_values(person.id)
    begin(values)
    flash(said, "ok")
    return redirect(home_url(current_app, values.actor), code=303)
