"""Pages: history and access log for the audit reader, the message log for staff."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.accounts.access_log import ACTION_NAMES, RECORD_NAMES, note_access
from expertdesk.administration.blueprint import blueprint
from expertdesk.administration.event_names import EVENT_NAMES, RECORD_KINDS
from expertdesk.administration.forms import LogFilter
from expertdesk.administration.invitations import number
from expertdesk.administration.logs import Filter, access_page, history_page
from expertdesk.administration.outbox import STATE_NAMES, outbox_page, send_message_again
from expertdesk.administration.routes import show
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy
from expertdesk.models import MessageState
from expertdesk.web import current_actor, requires

_FILTERS = ("kind", "number", "action", "day", "state")


@blueprint.get("/history")
@requires(Permission.HISTORY_READ)
def history() -> Response:
    form, wanted = _filter(RECORD_KINDS, EVENT_NAMES)
    record = history_page(wanted, check=request.args.get("check") == "1")
    note_access(current_actor(), "viewed", "history", 0)
    return show("history", form=form, record=record, urls=_urls(".history", record), is_filtered=wanted != Filter())


@blueprint.get("/access-log")
@requires(Permission.HISTORY_READ)
def access_log() -> Response:
    form, wanted = _filter(RECORD_NAMES, ACTION_NAMES)
    record = access_page(wanted)
    return show(
        "access_log", form=form, record=record, urls=_urls(".access_log", record), is_filtered=wanted != Filter()
    )


@blueprint.get("/outbox")
@requires(Permission.OUTBOX_READ)
def outbox() -> Response:
    state = request.args.get("state", "")
    record = outbox_page(current_actor(), state, number(request.args, "after"), number(request.args, "before"))
    states = [("", lazy("All"))] + [(code.value, STATE_NAMES[code][2]) for code in MessageState]
    return show("outbox", record=record, states=states, state=state, urls=_urls(".outbox", record))


@blueprint.post("/outbox/<int:message_id>/again")
@requires(Permission.OUTBOX_READ)
def send_again(message_id: int) -> BaseResponse:
    if send_message_again(message_id, current_actor()):
        flash(_("The message is tried again."), "ok")
    else:
        flash(_("The message was sent or is being sent already."), "info")
    return redirect(url_for(".outbox"), code=303)


def _filter(kinds: dict[str, Any], actions: dict[str, Any]) -> tuple[LogFilter, Filter]:
    """The form above a log, and what it asks for; a wrong day shows its message and filters nothing."""
    form = LogFilter(request.args)
    form.kind.choices = [("", lazy("All records")), *kinds.items()]
    form.action.choices = [("", lazy("Everything")), *sorted(actions.items(), key=lambda pair: str(pair[1]))]
    after, before = number(request.args, "after"), number(request.args, "before")
    if not form.validate():
        return form, Filter(after=after, before=before)
    return form, Filter(
        kind=form.kind.data or "",
        number=form.number.data or "",
        action=form.action.data or "",
        day=form.day.data,
        after=after,
        before=before,
    )


def _urls(endpoint: str, record: Any) -> dict[str, str]:
    """Older and newer pages, with the filter kept."""
    kept: dict[str, Any] = {name: request.args.get(name) or None for name in _FILTERS}
    return {
        "older": url_for(endpoint, **kept, after=record.older) if record.older else "",
        "newer": url_for(endpoint, **kept, before=record.newer) if record.newer else "",
    }
