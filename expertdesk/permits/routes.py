"""Addresses of permits and of the decision on a case: HTTP only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from expertdesk.access import Permission
from expertdesk.accounts.access_log import note_access
from expertdesk.cases.issuing import letter_bytes, preview_letter
from expertdesk.cases.judging import judgement_of
from expertdesk.documents.contexts import Context
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, Reason, RuleBroken, Stale
from expertdesk.foundation.locale import gettext as _
from expertdesk.models import Case
from expertdesk.permits import commands, decision, letters, queries
from expertdesk.permits.forms import GrantForm, RefuseForm, SendBackForm
from expertdesk.permits.permit_page import letters_of, permit_page
from expertdesk.permits.policy import find_permit
from expertdesk.permits.rules import ending_marks
from expertdesk.regulations import PermitPeriod
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, requires
from expertdesk.web.headers import DOCUMENT_POLICY

blueprint = Blueprint("permits", __name__, template_folder="templates")
_REFUSED, _STALE = 422, 409
_MOST_DIGITS = 15


# --- permits -----------------------------------------------------------------------------------------------------


@blueprint.get("/permits")
@requires(Permission.PERMIT_READ)
def permits() -> Response:
    """Every permit the reader may see: in force, ending, lapsed."""
    return page("permits/permits.html", record=queries.permits(current_actor(), _filter()))


def _filter() -> queries.PermitFilter:
    show = request.args.get("show", "")
    known = {queries.IN_FORCE, queries.LAPSED, queries.ALL, *(str(mark) for mark in ending_marks(rules_today()))}
    districts = {code for code, _name in queries.districts_of(current_actor())}
    district = request.args.get("district", "")
    return queries.PermitFilter(
        show=show if show in known else queries.IN_FORCE,
        district=district if district in districts else "",
        after=request.args.get("after", ""),
        before=request.args.get("before", ""),
    )


@blueprint.get("/permits/<int:permit_id>")
@requires(Permission.PERMIT_READ)
def permit(permit_id: int) -> Response:
    """One permit: period, cause, letters, the permits around it, the extension."""
    actor = current_actor()
    record = permit_page(permit_id, actor)
    note_access(actor, "viewed", "permit", permit_id)
    return page("permits/permit.html", record=record)


@blueprint.get("/permits/<int:permit_id>/letters/<int:letter_id>.pdf")
@requires(Permission.LETTER_READ)
def letter(permit_id: int, letter_id: int) -> Response:
    """A letter of the permit, byte for byte as it was issued."""
    actor = current_actor()
    found = find_permit(permit_id, actor)
    wanted = next((item for item in letters_of(found.id) if item.id == letter_id), None)
    if wanted is None:
        raise NotFound(str(letter_id))
    body = letter_bytes(wanted)
    note_access(actor, "printed", "letter", wanted.id, found.number)
    return _pdf(body, f"{wanted.kind.value.lower().replace('_', '-')}-{found.number}.pdf")


# --- the decision ------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<number>/decide")
@requires(Permission.CASE_DECIDE)
def decide(number: str) -> Response:
    """Everything for one decision on one page."""
    return _decide(number)


def _decide(
    number: str,
    sent: str = "",
    *,
    status: int = 200,
    grant: GrantForm | None = None,
    refuse: RefuseForm | None = None,
    send_back: SendBackForm | None = None,
    stale: Stale | None = None,
) -> Response:
    """The page with its three forms; `sent` names the one that came back."""
    actor = current_actor()
    record = decision.decision_page(number, actor)
    if refuse is None:
        refuse = RefuseForm(formdata=None)
        refuse.propose(record.draft)
    refuse.offer(record.grounds)
    forms: dict[str, Any] = {
        "grant": grant or GrantForm(formdata=None),
        "refuse": refuse,
        "send_back": send_back or SendBackForm(formdata=None),
    }
    note_access(actor, "viewed", "case", record.case_id)
    return page(
        "permits/decide.html", status, record=record, forms=forms, sent=sent, stale=stale,
        problems=forms[sent].problems() if sent in forms else [],
    )  # fmt: skip


@blueprint.post("/cases/<number>/grant")
@requires(Permission.CASE_DECIDE)
def grant(number: str) -> Response:
    """Grant, if the case is still what was seen."""
    form = GrantForm()
    if not form.validate_on_submit():
        return _decide(number, "grant", status=_REFUSED, grant=form)
    actor = current_actor()
    try:
        made = commands.grant_permit(
            _case(number), actor, seen_version=_seen("version"), opinion=form.opinion.data or "",
            seen_event=_seen("seen"),
        )  # fmt: skip
    except Stale as changed:
        db.session.rollback()
        return _decide(number, "grant", status=_STALE, grant=form, stale=changed)
    flash(_("Granted: permit %(number)s. The letters wait to be sealed and delivered.", number=made.number), "ok")
    return redirect(url_for("permits.decide", number=number), code=303)


@blueprint.post("/cases/<number>/refuse")
@requires(Permission.CASE_DECIDE)
def refuse(number: str) -> Response:
    """Refuse with grounds, facts and reasons in both languages."""
    form = RefuseForm()
    if form.validate_on_submit():
        try:
            commands.refuse_permit(
                _case(number), current_actor(), seen_version=_seen("version"), grounds=form.grounds.data or [],
                facts=form.facts, reasons=form.reasons, seen_event=_seen("seen"),
            )  # fmt: skip
        except RuleBroken as refused:
            form.refuse(refused.problems)
        except Stale as changed:
            db.session.rollback()
            return _decide(number, "refuse", status=_STALE, refuse=form, stale=changed)
        else:
            flash(_("Refused. The decision waits to be sealed and delivered."), "ok")
            return redirect(url_for("permits.decide", number=number), code=303)
    return _decide(number, "refuse", status=_REFUSED, refuse=form)


@blueprint.post("/cases/<number>/send-back")
@requires(Permission.CASE_DECIDE)
def send_back(number: str) -> Response:
    """Back to the case officer with a reason."""
    form = SendBackForm()
    if form.validate_on_submit():
        try:
            commands.send_back(
                _case(number), current_actor(), seen_version=_seen("version"), reason=form.reason.data or "",
                seen_event=_seen("seen"),
            )  # fmt: skip
        except RuleBroken as refused:
            form.refuse(refused.problems)
        except Stale as changed:
            db.session.rollback()
            return _decide(number, "send_back", status=_STALE, send_back=form, stale=changed)
        else:
            flash(_("%(number)s was sent back to the case officer.", number=number), "ok")
            return redirect(decision.next_to_decide(current_actor()) or url_for("cases.case", number=number), code=303)
    return _decide(number, "send_back", status=_REFUSED, send_back=form)


def _case(number: str) -> Case:
    """The case with everything the letters need; NotFound for what the reader may not see."""
    return decision.load(number, current_actor())[0]


def _seen(name: str) -> int:
    """The version or event the form names; a form without one has seen nothing and is always old."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else 0


# --- drafts ------------------------------------------------------------------------------------------------------


@blueprint.get("/cases/<number>/decide/<kind>.pdf")
@requires(Permission.CASE_DECIDE)
def preview(number: str, kind: str) -> Response:
    """A letter as it would look, marked as a draft, without number and code; nothing is stored."""
    case = _case(number)
    if kind == letters.REFUSAL:
        draft = decision.draft_of(case)
        context: Context = letters.refusal_decision(case, draft.grounds, draft.facts, draft.reasons)
    elif kind in (letters.NOTIFICATION, letters.GRANT):
        context = _granted(case, kind)
    else:
        raise NotFound(kind)
    return _draft(case, kind, context)


@blueprint.post("/cases/<number>/refuse/preview")
@requires(Permission.CASE_DECIDE)
def preview_refusal(number: str) -> Response:
    """The refusal with what was typed."""
    form = RefuseForm()
    case = _case(number)
    if form.validate_on_submit():
        try:
            grounds = commands.checked_refusal(case, form.grounds.data or [], form.facts, form.reasons)
        except RuleBroken as refused:
            form.refuse(refused.problems)
        else:
            return _draft(case, letters.REFUSAL, letters.refusal_decision(case, grounds, form.facts, form.reasons))
    return _decide(number, "refuse", status=_REFUSED, refuse=form)


def _granted(case: Case, kind: str) -> Context:
    judged = judgement_of(case)
    period = judged.period
    if not isinstance(period, PermitPeriod) or not case.category:
        text = period.text if not isinstance(period, PermitPeriod) else _("No criterion of any category is met.")
        raise NotAllowedNow([Reason("no_period", text)], action="preview")
    number = case.person.permit_number or ""
    if kind == letters.NOTIFICATION:
        return letters.notification_letter(case, number, period)
    return letters.grant_decision(case, number, period)


def _draft(case: Case, kind: str, context: Context) -> Response:
    printed = preview_letter(case, kind, lambda head: context)
    return _pdf(printed.pdf, f"draft-{kind.lower().replace('_', '-')}-{case.number}.pdf")


def _pdf(body: bytes, name: str) -> Response:
    """Shown in the browser, in a box of its own."""
    answer = FlaskResponse(body, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    return answer
