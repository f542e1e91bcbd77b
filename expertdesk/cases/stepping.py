"""One way to do one step on a case from a page: show the form, read it, do it, or say what stands in the way.

Bad input comes back with its message at the field; somebody else's save in between shows what they did and asks again
(409); what is not allowed now answers with the reasons and who can act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from expertdesk.access import Actor
from expertdesk.accounts.hooks import note_refusal
from expertdesk.cases.blueprint import blueprint
from expertdesk.cases.case_page import CaseHead, Loaded, case_head, load_case
from expertdesk.cases.doing import Doing, doings, with_fix
from expertdesk.cases.forms import StepForm
from expertdesk.cases.history_parts import Change, changes_since, happened
from expertdesk.cases.records import book_of
from expertdesk.cases.workflow import CASE
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, Reason, RuleBroken, Stale
from expertdesk.foundation.locale import lazy
from expertdesk.models import Case
from expertdesk.web import current_actor, page
from expertdesk.web.failures import failure_page
from expertdesk.workflow import options

REFUSED, CONFLICT = 422, 409


@dataclass(frozen=True)
class Between:
    """What somebody saved between opening and sending this page."""

    by: str
    at: datetime | None
    changes: tuple[Change, ...]


def not_now(case: Case, action: str, actor: Actor) -> None:
    """Raise the reasons when this action cannot be done now: a page for it is not even shown."""
    row = CASE.find(action)
    if row is None or str(case.state) not in row.sources:
        label = CASE.state_label(str(case.state))
        text = lazy("This is not possible in the state “%(state)s”.", state=label)
        raise NotAllowedNow([Reason("not_in_this_state", text)], action=action)
    option = next((item for item in options(CASE, case, actor) if item.action == action), None)
    if option is not None and not option.is_allowed:
        raise NotAllowedNow([with_fix(case, reason) for reason in option.reasons], action=action)


def what_happened_between(case: Case, error: Stale) -> Between:
    """The events since the version the page was made from."""
    since = [item for item in happened(case) if item.event.payload.get("version", 0) >= error.seen]
    lines = changes_since(since, _LONG_AGO, _NOBODY, book_of(case))
    return Between(error.changed_by, error.changed_at, lines)


_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
_NOBODY = Actor(id=-1, username="", name="")


@dataclass(frozen=True)
class NotNowPage:
    """`doings`: what can be done instead."""

    head: CaseHead
    reasons: tuple[Reason, ...]
    doings: tuple[Doing, ...]


Show = Callable[[Loaded, StepForm, Between | None, int], Response]
Do = Callable[[Case, Any], Any]


def step(
    number: str,
    form: StepForm,
    actor: Actor,
    do: Do,
    show: Show,
    *,
    done: Any,
    loaded: Loaded | None = None,
    names: Mapping[str, str] | None = None,
    after: str = "",
) -> Response:
    """Run a form: `do(case, form)` writes, `show(loaded, form, between, status)` renders; afterwards back to the case.

    `names`: field names of the form for keys of a rule's refusal that differ from them.
    """
    loaded = loaded or load_case(number, actor)
    if request.method != "POST":
        form.version.data = loaded.case.row_version
        return show(loaded, form, None, 200)
    if not form.validate_on_submit():
        return show(loaded, form, None, REFUSED)
    try:
        do(loaded.case, form)
    except RuleBroken as broken:
        form.refuse({(names or {}).get(name, name): text for name, text in broken.problems.items()})
        db.session.rollback()
        return show(load_case(number, actor), form, None, REFUSED)
    except Stale as error:
        db.session.rollback()
        fresh = load_case(number, actor)
        between = what_happened_between(fresh.case, error)
        form.version.data = fresh.case.row_version
        form.version.raw_data = None
        return show(fresh, form, between, CONFLICT)
    flash(str(done), "ok")
    return redirect(after or url_for("cases.case", number=number), code=303)


@blueprint.errorhandler(NotAllowedNow)
def not_allowed_now(error: NotAllowedNow) -> Response:
    """Why this step cannot be done now and who can act, with the way back to the case; the attempt is noted."""
    db.session.rollback()
    note_refusal(error.action or "workflow", request.path)
    number = (request.view_args or {}).get("number", "")
    if not number:
        return failure_page(CONFLICT, reasons=error.reasons)
    actor = current_actor()
    loaded = load_case(number, actor)
    return page(
        "cases/not_now.html",
        CONFLICT,
        record=NotNowPage(
            head=case_head(loaded.case, actor),
            reasons=tuple(with_fix(loaded.case, reason) for reason in error.reasons),
            doings=tuple(item for item in doings(loaded.case, actor) if item.allowed),
        ),
    )
