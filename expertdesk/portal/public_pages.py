"""Pages for everybody: the front page, `/status` with the slip, `/verify` with the letter, privacy, accessibility."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.accounts.limits import begin_try
from expertdesk.foundation import clock
from expertdesk.foundation.database import intend_to_write
from expertdesk.foundation.locale import lazy
from expertdesk.foundation.numbers import tidy_code
from expertdesk.portal import front_page, notice_pages
from expertdesk.portal.blueprint import blueprint
from expertdesk.portal.forms import StatusForm, VerifyForm
from expertdesk.portal.slips import slip_status
from expertdesk.portal.verdicts import verdict_of
from expertdesk.web import page, public
from expertdesk.web.language import read_in, switch_to

_SECONDS_A_MINUTE = 60


def _private(response: Response) -> Response:
    """Neither kept by the browser nor by a search engine: what is shown belongs to whoever holds the paper."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _slow_down(form: StatusForm | VerifyForm, wait: int) -> tuple[int, dict[str, str]]:
    """Put the refusal into the form, so that what was typed stays; status and headers of the answer."""
    minutes = -(-wait // _SECONDS_A_MINUTE)
    text = (
        lazy("Too many tries. Wait a minute, then try again.")
        if minutes <= 1
        else lazy("Too many tries. Wait %(minutes)s minutes, then try again.", minutes=minutes)
    )
    form.form_errors.append(text)
    return 429, {"Retry-After": str(wait)}


@blueprint.get("/")
@public("says what this is and leads to the doors")
def front() -> Response:
    return page("portal/front.html", record=front_page.record())


# --- the slip ---------------------------------------------------------------------------------------------------


@blueprint.get("/status")
@public("the slip with its code is the key")
def status() -> Response:
    form = StatusForm(formdata=None, data={"number": request.args.get("number", "")[:40]})
    return _private(page("portal/status.html", form=form, has_errors=False))


@blueprint.post("/status")
@public("the slip with its code is the key")
def status_answer() -> Response:
    """The sentence, the next step and the date. An unknown number and a wrong code get the same answer."""
    intend_to_write(False)  # a POST so that the code stays out of addresses and logs; it changes nothing
    wanted = request.form.get("switch_language", "")
    if not wanted:
        return _status_answer()
    read_in(wanted)
    if "shown" in request.form:
        return switch_to(wanted, _status_answer())
    return switch_to(wanted, _private(page("portal/status.html", form=StatusForm(), has_errors=False)))


def _status_answer() -> Response:
    form = StatusForm()
    if not form.validate():
        return _private(page("portal/status.html", 400, form=form, has_errors=True))
    number = str(form.number.data).strip().upper()
    attempt = begin_try("access_code", number, request.remote_addr or "")
    if attempt.wait:
        code, headers = _slow_down(form, attempt.wait)
        return _with(_private(page("portal/status.html", code, form=form, has_errors=True)), headers)
    found = slip_status(number, str(form.code.data))
    if found is None:
        form.refuse({"code": lazy("No case has this number and access code. Compare both with the slip.")})
        return _private(page("portal/status.html", 400, form=form, has_errors=True))
    attempt.succeeded()
    return _private(page("portal/status_answer.html", record=found, form=form))


def _with(response: Response, headers: dict[str, str]) -> Response:
    response.headers.update(headers)
    return response


# --- the letter -------------------------------------------------------------------------------------------------


@blueprint.get("/verify")
@public("whoever is shown a letter may check it")
def verify() -> BaseResponse:
    if "code" not in request.args:
        return page("portal/verify.html", form=VerifyForm(formdata=None), has_errors=False)
    form = VerifyForm(request.args)
    code = tidy_code(str(form.code.data or ""))
    if not form.validate() or not code:
        return page("portal/verify.html", 400, form=form, has_errors=True)
    return redirect(url_for("portal.verify_code", code="".join(sign for sign in code if sign.isalnum())[:40] or "-"))


@blueprint.get("/verify/<code>")
@public("whoever is shown a letter may check it")
def verify_code(code: str) -> Response:
    form = VerifyForm(formdata=None)
    attempt = begin_try("verify", request.remote_addr or "")
    if attempt.wait:
        status_code, headers = _slow_down(form, attempt.wait)
        return _with(_private(page("portal/verify.html", status_code, form=form, has_errors=True)), headers)
    found = verdict_of(code[:40])
    if found.state != "unknown":
        attempt.succeeded()
    return _private(page("portal/verdict.html", record=found, form=form, checked_at=clock.now()))


# --- notices ----------------------------------------------------------------------------------------------------


@blueprint.get("/privacy")
@public("people must know what is kept of them")
def privacy() -> Response:
    return page("portal/privacy.html", record=notice_pages.privacy())


@blueprint.get("/accessibility")
@public("everybody may need it")
def accessibility() -> Response:
    return page("portal/accessibility.html", record=notice_pages.accessibility())
