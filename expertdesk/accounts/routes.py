"""Pages: sign in, sign out, one's own account."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Permission
from expertdesk.accounts import access_log, commands, drafts, signing_in
from expertdesk.accounts.blueprint import blueprint
from expertdesk.accounts.browsers import browser_name
from expertdesk.accounts.forms import PasswordForm, SignInForm
from expertdesk.accounts.queries import account_page
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.installed import settings
from expertdesk.foundation.locale import gettext as _
from expertdesk.foundation.locale import lazy, ngettext
from expertdesk.foundation.secrets import hash_token
from expertdesk.regulations.current import rules_today
from expertdesk.web import current_actor, page, public, requires, safe_target
from expertdesk.web.guard import declared, signed_in_actor
from expertdesk.web.navigation import home_url

REFUSED_FORM = 422
TOO_MANY = 429
_MINUTE = 60

# forms whose name is worth saying in the saved-work notice
_FORM_NAMES: dict[str, Any] = {
    "intake.new": lazy("New intake"),
    "experts.new_person": lazy("New expert"),
    "experts.edit_person": lazy("Edit expert"),
    "experts.new_organisation": lazy("New organisation"),
    "experts.edit_organisation": lazy("Edit organisation"),
    "cases.correction": lazy("Correction notice"),
    "cases.recommend": lazy("Recommendation"),
    "permits.decide": lazy("Decision"),
    "portal.answer": lazy("Answer to the correction notice"),
}


# --- sign in ---------------------------------------------------------------------------------------------------


@blueprint.get("/sign-in")
@public("the way in")
def sign_in() -> BaseResponse:
    actor = signed_in_actor()
    if actor is not None:
        return redirect(safe_target(request.args.get("next")) or home_url(current_app, actor), code=303)
    return _sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@public("the way in")
def take_sign_in() -> BaseResponse:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, REFUSED_FORM)
    known = request.cookies.get(_known_cookie(), "")
    result = signing_in.sign_in(form.username.data or "", form.password.data or "", access_log.here(), known)
    if isinstance(result, signing_in.Refused):
        return _refused(form, result.wait)
    answer = redirect(_begin_session(result, request.args.get("next")), code=303)
    answer.set_cookie(
        _known_cookie(),
        signing_in.known_browser(result.actor.id),
        max_age=signing_in.KNOWN_FOR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings().is_https,
    )
    return answer


def _refused(form: SignInForm, wait: int) -> Response:
    if not wait:
        form.refuse({"username": _("User name or password is wrong.")})
        return _sign_in_page(form, REFUSED_FORM)
    minutes = -(-wait // _MINUTE)
    form.refuse(
        {
            "": ngettext(
                "Too many failed tries. Please wait %(n)s minute, then try again.",
                "Too many failed tries. Please wait %(n)s minutes, then try again.",
                minutes,
            )
        }
    )
    answer = _sign_in_page(form, TOO_MANY)
    answer.headers["Retry-After"] = str(wait)
    return answer


def _begin_session(result: signing_in.SignedIn, wanted: str | None) -> str:
    """A new session with a new token; returns where to go: back to the page one came from, with what was typed."""
    begin(result)
    if result.must_change:
        flash(_("Your password is older than the rules allow. Choose a new one; then you can go on."), "warn")
        return url_for("accounts.account")
    target = safe_target(wanted)
    if not target:
        return home_url(current_app, result.actor)
    path = urlsplit(target).path
    has_kept = drafts.has_kept_form(result.actor.id, path)
    reachable = _reachable(target)
    if has_kept and reachable == target:
        session["kept_form"] = path
        flash(_("Your work is here again. It has not been sent yet: check it and send it once more."), "info")
    elif has_kept or reachable != target:
        flash(_("Your last step was not carried out because the session had ended. Please do it again."), "warn")
    return reachable or home_url(current_app, result.actor)


def begin(result: signing_in.SignedIn) -> None:
    """Start the session of this browser anew."""
    session.begin(result.actor.id, result.actor.to_json(), result.idle_seconds)  # type: ignore[attr-defined]
    session["account_version"] = result.account_version
    session["browser"] = browser_name(request.headers.get("User-Agent", ""))
    session["address"] = access_log.here()
    if result.actor.language:
        session["language"] = result.actor.language
    if result.must_change:
        session["must_change"] = True


def _reachable(target: str) -> str:
    """The page itself when it can be opened, else the nearest one above it ("" when there is none)."""
    parts = urlsplit(target)
    adapter = current_app.create_url_adapter(request)
    path = parts.path
    while adapter is not None and path not in {"", "/"}:
        try:
            adapter.match(path, method="GET")
        except RequestRedirect:
            pass
        except HTTPException:
            path = path.rpartition("/")[0]
            continue
        return target if path == parts.path else path
    return ""


def _sign_in_page(form: SignInForm, status: int = 200) -> Response:
    wanted = safe_target(request.args.get("next"))
    why = request.args.get("why", "")
    return page(
        "accounts/sign_in.html",
        status,
        form=form,
        action=url_for("accounts.take_sign_in", next=wanted or None),
        why=why if why in {"expired", "ended"} else "",
        is_kept=why == "expired" and request.args.get("kept") == "1",
        is_lost=why == "ended" and request.args.get("lost") == "1",
        form_name=_form_name(wanted),
        doors=_doors(),
    )


def _form_name(target: str) -> Any:
    adapter = current_app.create_url_adapter(request)
    if not target or adapter is None:
        return ""
    try:
        endpoint = adapter.match(urlsplit(target).path, method="GET")[0]
    except HTTPException:
        return ""
    return _FORM_NAMES.get(endpoint, "")


def _doors() -> list[dict[str, Any]]:
    """Ways in without an account: only pages that are there and open to everybody."""
    bureau = rules_today().bureau
    doors = (
        ("portal.status", "clock", _("See where an application is"),
         _("With case number and access code, for experts and employers")),
        ("portal.verify", "shield", _("Check a letter"), _("For landlords, banks and police, on the spot")),
        ("portal.check", "law", _("Work out the category"), _("Explained by today’s rules; nothing is stored")),
        ("portal.rules", "law", _("Read the rules"), _("Every table with its source and its dates")),
        ("portal.help", "phone", _("Help"), _("Call %(phone)s", phone=bureau.phone)),
    )  # fmt: skip
    open_doors = [
        {"icon": icon, "url": url_for(endpoint), "title": title, "text": text}
        for endpoint, icon, title, text in doors
        if isinstance(declared(current_app.view_functions.get(endpoint, _doors)), str)
    ]
    return open_doors[:4]


def _known_cookie() -> str:
    return "__Host-expertdesk-known" if settings().is_https else "expertdesk-known"


@blueprint.post("/sign-out")
@public("a session that ended already signs out without a question")
def sign_out() -> BaseResponse:
    actor = signed_in_actor()
    if actor is not None:
        access_log.note_access(actor, "signed_out", "account", actor.id)
    session.finish()  # type: ignore[attr-defined]
    return redirect("/", code=303)


# --- the own account -------------------------------------------------------------------------------------------


@blueprint.get("/account")
@requires(Permission.ACCOUNT_SELF)
def account() -> Response:
    return _account_page(PasswordForm())


@blueprint.post("/account/password")
@requires(Permission.ACCOUNT_SELF)
def change_password() -> BaseResponse:
    actor = current_actor()
    form = PasswordForm()
    if not form.validate():
        return _account_page(form, REFUSED_FORM)
    wait = signing_in.check_own_password_tries(actor.id, access_log.here())
    if wait.wait:
        form.refuse({"current": _("Too many failed tries. Please wait a few minutes, then try again.")})
        return _account_page(form, TOO_MANY)
    try:
        commands.change_password(actor.id, form.current.data or "", form.password.data or "", actor)
    except RuleBroken as broken:
        db.session.rollback()
        if "current" not in broken.problems:
            wait.succeeded()
        form.refuse(broken.problems)
        return _account_page(form, REFUSED_FORM)
    db.session.commit()
    wait.succeeded()
    begin(signing_in.session_values(actor.id))
    flash(_("The new password holds from now on. Other browsers have been signed out."), "ok")
    return redirect(url_for("accounts.account"), code=303)


@blueprint.post("/account/sessions/end")
@requires(Permission.ACCOUNT_SELF)
def end_session() -> BaseResponse:
    """One browser (`session` = its key) or, without a key, every one, this one too."""
    actor = current_actor()
    key = request.form.get("session", "")
    if not key or key == _this_session():
        commands.end_sessions(actor.id)
        session.finish()  # type: ignore[attr-defined]
        return redirect(url_for("accounts.sign_in"), code=303)
    commands.end_session(actor.id, key)
    flash(_("That browser has been signed out."), "ok")
    return redirect(url_for("accounts.account"), code=303)


def _account_page(form: PasswordForm, status: int = 200) -> Response:
    record = account_page(current_actor(), _this_session(), bool(session.get("must_change")))
    return page("accounts/account.html", status, form=form, record=record, has_errors=bool(form.problems()))


def _this_session() -> str:
    return hash_token(getattr(session, "token", ""))
