"""Pages: invitations for experts and organisation contacts."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission, Role
from expertdesk.accounts.invitations import invite, withdraw_invitation
from expertdesk.administration import invitations
from expertdesk.administration.blueprint import blueprint
from expertdesk.administration.commands import address_for
from expertdesk.administration.forms import InviteForm
from expertdesk.administration.routes import REFUSED_FORM, show
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import gettext as _
from expertdesk.web import current_actor, requires

_RIGHTS = (Permission.INVITATION_CREATE, Permission.ACCOUNTS_MANAGE)


@blueprint.get("/invitations", endpoint="invitations")
@requires(*_RIGHTS)
def invitation_list() -> Response:
    form = InviteForm(data=invitations.suggested(request.args, current_actor()))
    form.fill_choices()
    return _page(form)


@blueprint.post("/invitations")
@requires(Permission.INVITATION_CREATE)
def make_invitation() -> Response:
    form = InviteForm()
    form.fill_choices()
    if not form.validate():
        return _page(form, REFUSED_FORM)
    actor = current_actor()
    try:
        invited = invitations.invited_by(form, actor)
        code = invite(actor=actor, **invited)
    except RuleBroken as broken:
        db.session.rollback()
        form.refuse({_FIELDS.get(name, name): text for name, text in broken.problems.items()})
        return _page(form, REFUSED_FORM)
    fresh = InviteForm(formdata=None)
    fresh.fill_choices()
    return _page(fresh, made={"address": address_for(code), "name": invited["name"], "email": invited["email"]})


@blueprint.post("/invitations/<int:invitation_id>/withdraw")
@requires(*_RIGHTS)
def withdraw(invitation_id: int) -> BaseResponse:
    invitations.check_own(invitation_id, current_actor())
    withdraw_invitation(invitation_id, current_actor())
    flash(_("The invitation was withdrawn; its address works no more."), "ok")
    return redirect(url_for(".invitations"), code=303)


_FIELDS = {"person": "passport", "role": "role"}


def _page(form: InviteForm, status: int = 200, made: dict[str, Any] | None = None) -> Response:
    actor = current_actor()
    return show(
        "invitations",
        status,
        form=form,
        made=made,
        may_invite=actor.may(Permission.INVITATION_CREATE),
        expert=Role.EXPERT.value,
        record=invitations.invitations_page(
            actor, invitations.number(request.args, "after"), invitations.number(request.args, "before")
        ),
    )
