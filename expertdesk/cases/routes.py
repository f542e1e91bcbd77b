"""Addresses of the case list and the case page. The other pages of a case stand in check_routes, paper_routes and
step_routes, which are imported here so that the blueprint is complete."""

from __future__ import annotations

from typing import Any

from flask import Response as FlaskResponse
from flask import flash, redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from expertdesk.access import Actor, Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.cases import assigning, check_routes, paper_routes, queries, step_routes
from expertdesk.cases.blueprint import blueprint
from expertdesk.cases.case_page import load_case
from expertdesk.cases.case_record import case_record
from expertdesk.cases.forms import AssignForm, FilterForm
from expertdesk.cases.rows import link
from expertdesk.cases.why_date import why_date_page
from expertdesk.foundation import clock
from expertdesk.foundation.cells import csv_line
from expertdesk.foundation.database import reading
from expertdesk.foundation.locale import current_language, gettext, ngettext, use_language
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires

__all__ = ["blueprint", "check_routes", "paper_routes", "step_routes"]

_MOST_AT_ONCE = 200
_BYTE_ORDER_MARK = "\ufeff"  # Excel reads UTF-8 only with it


@blueprint.get("/cases")
@requires(Permission.CASE_READ)
def queue() -> Response:
    """Every case the reader may see, filtered, in pages."""
    actor = current_actor()
    form, wanted = _filter(actor)
    record = queries.queue_page(wanted, actor)
    return _queue_page(record, form, _hand_over_form(record), () if not wanted.choose else True)


def _filter(actor: Actor) -> tuple[FilterForm, queries.QueueFilter]:
    form = FilterForm(formdata=request.args)
    form.offer(
        rules_today(),
        assigning.district_choices(actor),
        queries.officers(),
        is_officer=actor.may(Permission.CASE_PRECHECK),
    )
    return form, form.wanted(request.args)


def _hand_over_form(record: queries.QueuePage, **values: Any) -> AssignForm:
    form = AssignForm(**values)
    form.offer(record.officers)
    return form


def _queue_page(
    record: queries.QueuePage, form: FilterForm, hand: AssignForm, ticked: Any, status: int = 200
) -> Response:
    may_enter = current_actor().may(Permission.CASE_CREATE)
    return page(
        "cases/queue.html",
        status,
        record=record,
        form=form,
        hand=hand,
        ticked=ticked,
        intake_url=link("intake.new") if may_enter else "",
    )


@blueprint.get("/cases/export.csv")
@requires(Permission.CASE_READ)
def export() -> Response:
    """The filtered list as a table for spreadsheets; who exported what is noted."""
    actor = current_actor()
    _, wanted = _filter(actor)
    note_access(
        actor, "exported", "list", 0, f"cases {'&'.join(f'{k}={v}' for k, v in wanted.address().items())}".strip()
    )
    name = f"cases-{clock.today().isoformat()}.csv"

    rows, language = queries.export_rows(wanted, actor), current_language()

    def lines() -> Any:
        yield _BYTE_ORDER_MARK
        while True:
            # the answer is sent while the request's own settings may be gone already
            with use_language(language), reading():
                cells = next(rows, None)
            if cells is None:
                return
            yield csv_line(cells)

    return FlaskResponse(
        stream_with_context(lines()),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language},
    )


@blueprint.post("/cases/assign")
@requires(Permission.CASE_ASSIGN)
def assign_many() -> Response:
    """Hand the ticked cases to one officer; what cannot be handed over is named, the rest is done."""
    actor = current_actor()
    numbers = request.form.getlist("numbers")[:_MOST_AT_ONCE]
    filter_form, wanted = _filter(actor)
    form = AssignForm()
    form.offer(queries.officers())
    if not numbers:
        form.form_errors.append(gettext("Tick the cases to hand over."))
    if not form.validate_on_submit() or not numbers:
        record = queries.queue_page(wanted, actor)
        return _queue_page(record, filter_form, form, frozenset(numbers), 422)
    done, refused = assigning.hand_over(numbers, int(form.officer.data), form.reason.data or "", actor)
    if done:
        flash(ngettext("%(n)s case handed over.", "%(n)s cases handed over.", done), "ok")
    for number, why in refused:
        flash(gettext("%(number)s was not handed over: %(why)s", number=number, why=why), "warn")
    return redirect(url_for("cases.queue", **wanted.address()), code=303)


@blueprint.get("/cases/<number>")
@requires(Permission.CASE_READ)
def case(number: str) -> Response:
    """The case in one look: where it stands, why, and what can be done."""
    actor = current_actor()
    found = load_case(number, actor)
    record = case_record(found, actor)
    note_access(actor, "viewed", "case", found.id)
    return page("cases/case.html", record=record)


@blueprint.get("/cases/<number>/why-date")
@requires(Permission.CASE_READ)
def why_date(number: str) -> Response:
    """Every limit of the case so far, day by day, with its source."""
    return page("cases/why_date.html", record=why_date_page(load_case(number, current_actor()), current_actor()))
