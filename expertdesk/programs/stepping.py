"""One way to do one step from a page: show its form, read it, do it, or say what stands in the way. The bureau's pages
and those of organisations share it; only the frame and the way back differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from expertdesk.access import Actor
from expertdesk.accounts.hooks import note_refusal
from expertdesk.cases.rows import organisation_name
from expertdesk.experts import keeping
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, Reason, RuleBroken
from expertdesk.foundation.locale import lazy
from expertdesk.models import ProgramApplication
from expertdesk.permits.rows import Chip
from expertdesk.programs import checking
from expertdesk.programs.application_page import doings
from expertdesk.programs.application_parts import wanted_text
from expertdesk.programs.blueprint import CONFLICT, REFUSED, page_version, seen_version
from expertdesk.programs.policy import find_application, find_own
from expertdesk.programs.rows import project_title, state_chip
from expertdesk.programs.step_forms import STEPS, change_to_decide, layout
from expertdesk.programs.workflow import PROGRAM
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page
from expertdesk.web.failures import failure_page
from expertdesk.workflow import options


@dataclass(frozen=True)
class Head:
    """What every page about an application begins with."""

    number: str
    title: str
    lang: str
    organisation: str
    chip: Chip
    version: int
    back_url: str
    is_own: bool
    frame: str


def head_of(application: ProgramApplication, *, own: bool) -> Head:
    title, lang = project_title(application.title, application.title_en)
    organisation = application.organisation
    return Head(
        number=application.number, title=title, lang=lang,
        organisation=organisation_name(organisation.name_zh, organisation.name_en),
        chip=state_chip(checking.book_of(application), str(application.state)), version=application.row_version,
        back_url=back_url(application, own=own), is_own=own,
        frame="layout/public.html" if own else "layout/staff.html",
    )  # fmt: skip


def back_url(application: ProgramApplication, *, own: bool) -> str:
    return url_for("programs.my_application" if own else "programs.application", number=application.number)


def not_now(application: ProgramApplication, action: str, actor: Actor) -> None:
    """Raise the reasons when this action cannot be done now: a page for it is not even shown."""
    row = PROGRAM.find(action)
    if row is None:
        raise NotFound(action)
    if not any(actor.may(right) for right in row.rights):
        raise NotPermitted(row.permission)
    if str(application.state) not in row.sources:
        label = PROGRAM.state_label(str(application.state))
        text = lazy("This is not possible in the state “%(state)s”.", state=label)
        raise NotAllowedNow([Reason("not_in_this_state", text)], action=action)
    option = next((item for item in options(PROGRAM, application, actor) if item.action == action), None)
    if option is not None and not option.is_allowed:
        raise NotAllowedNow(option.reasons, action=action)


def step(number: str, action: str, *, own: bool) -> Response:
    """GET shows the form, POST does it; afterwards back to the application."""
    actor = current_actor()
    wanted = STEPS.get(action)
    row = PROGRAM.find(action)
    if wanted is None or row is None:
        raise NotFound(action)
    switched = keeping.switched(f"program.{action}", number) if request.method == "POST" else None
    if switched is not None:
        return switched
    application = find_own(number, actor) if own else find_application(number, actor)
    if request.method == "GET":
        not_now(application, action, actor)
        keeping.give_back(f"program.{action}", number)
        return _shown(application, action, wanted.make(application), own=own)
    form = wanted.make(application)
    if not form.validate_on_submit():
        return _shown(application, action, form, own=own, status=REFUSED)
    try:
        wanted.do(application, form, actor, seen_version())
    except RuleBroken as broken:
        form.refuse(broken.problems)
        db.session.rollback()
        application = find_own(number, actor) if own else find_application(number, actor)
        return _shown(application, action, form, own=own, status=REFUSED)
    keeping.done(f"program.{action}", number)
    flash(str(wanted.done), "ok")
    return redirect(back_url(application, own=own), code=303)


def _shown(
    application: ProgramApplication, action: str, form: Any, *, own: bool, status: int = 200
) -> Response:
    wanted = STEPS[action]
    change = change_to_decide(application) if action == "decide_change" else None
    told = None
    if change is not None:
        book = rules_today()
        kind = book.name_of("program_change_kinds", change.kind)
        told = {"kind": kind, "reason": change.reason, "on": change.asked_on,
                "wanted": wanted_text(application, book, change)}  # fmt: skip
    return page(
        "programs/step.html", status, head=head_of(application, own=own), step=wanted, form=form,
        lines=layout(form, wanted.hints), version=page_version(application.row_version), change=told,
    )  # fmt: skip


def refused(error: NotAllowedNow) -> Response:
    """Why this cannot be done now and what can, with the way back; the attempt is noted."""
    db.session.rollback()
    note_refusal(error.action or "workflow", request.path)
    number = str((request.view_args or {}).get("number", ""))
    own = request.path.startswith("/my/")
    actor = current_actor()
    try:
        application = find_own(number, actor) if own else find_application(number, actor)
    except NotFound:
        return failure_page(CONFLICT, reasons=error.reasons)
    return page(
        "programs/not_now.html", CONFLICT, head=head_of(application, own=own), reasons=error.reasons,
        doings=[item for item in doings(application, actor, own=own) if item.allowed],
    )  # fmt: skip
