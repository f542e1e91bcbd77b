"""Rendering: one context for every page, filters for dates, money and names, local redirects only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, render_template, request, session, url_for
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response as BaseResponse

from expertdesk import __version__
from expertdesk.access import Permission
from expertdesk.foundation import clock
from expertdesk.foundation import locale as texts
from expertdesk.settings import Settings
from expertdesk.web.assets import Assets
from expertdesk.web.guard import signed_in_actor
from expertdesk.web.language import current_theme
from expertdesk.web.navigation import home_url, navigation
from expertdesk.web.punctuation import Punctuation
from expertdesk.web.sessions import WARN_BEFORE, DeskSession


def page(template: str, status: int = 200, **record: Any) -> Response:
    """Render a page from its record. Templates receive page records only: no model, no query."""
    return Response(render_template(template, **record), status=status, content_type="text/html; charset=utf-8")


def safe_target(target: str | None) -> str:
    """A local path to go to, or "" when the target is anything else (no open redirects)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return ""
    if any(ord(sign) < ord(" ") or sign == "\\" for sign in target):
        return ""
    parts = urlsplit(target)
    return "" if parts.scheme or parts.netloc else target


def redirect_back() -> BaseResponse:
    """Back to the page the form names (`next`), else home."""
    return redirect(safe_target(request.form.get("next")) or "/", code=303)


def init_rendering(app: Flask, settings: Settings, assets: Assets, bureau_on: Any) -> None:
    """`bureau_on(day)` gives the issuing authority in force, from the rule tables."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.do")
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        _plain_gettext, _plain_ngettext, newstyle=True, pgettext=_plain_pgettext
    )
    env.filters["date"] = texts.format_date
    env.filters["instant"] = texts.format_instant
    env.filters["weekday"] = texts.format_weekday
    env.filters["month"] = texts.format_month_name
    env.filters["money"] = texts.format_money
    env.filters["number"] = texts.format_number
    env.filters["country"] = texts.country_name
    env.globals["asset"] = assets.url
    env.globals["punct"] = Punctuation()

    @app.context_processor
    def common() -> dict[str, Any]:
        actor = signed_in_actor()
        today = clock.today()
        return {
            "html_lang": texts.HTML_LANG[texts.current_language()],
            "current_language": texts.current_language(),
            "theme": current_theme(),
            "me": _me(actor),
            "actor": actor,
            "navigation": navigation(actor),
            "bureau": bureau_on(today),
            "rules_on": today,
            "today": today,
            "demo": settings.mode == "demo",
            "version": __version__,
            "current_path": safe_target(request.full_path.rstrip("?")) or "/",
            "session_ends_in": _ends_in(),
            "has_endpoint": lambda name: name in current_app.view_functions,
        }


def _me(actor: Any) -> dict[str, Any] | None:
    if actor is None:
        return None
    name = actor.name if texts.current_language() == "zh" else (actor.name_latin or actor.name)
    return {
        "name": name,
        "is_staff": actor.is_staff,
        "may_search": actor.may(Permission.SEARCH),
        "home_url": home_url(current_app, actor),
        "account_url": url_for("accounts.account") if "accounts.account" in current_app.view_functions else "/",
        "roles": [role.value for role in actor.roles],
    }


def _ends_in() -> int | None:
    """Seconds until the session ends if nothing happens; None for visitors."""
    if not isinstance(session._get_current_object(), DeskSession):  # type: ignore[attr-defined]
        return None
    ends_at = getattr(session, "ends_at", None)
    return None if ends_at is None else int((ends_at - clock.real_now()).total_seconds())


def warn_before_seconds() -> int:
    return int(WARN_BEFORE.total_seconds())


def _plain_gettext(message: str) -> str:
    # Jinja's newstyle callables fill in the values themselves, after escaping them
    return _marked(texts._catalogue().gettext(message))


def _plain_ngettext(singular: str, plural: str, n: int) -> str:
    return _marked(texts._catalogue().ngettext(singular, plural, n))


def _plain_pgettext(context: str, message: str) -> str:
    return _marked(str(texts._catalogue().pgettext(context, message)))


def _marked(text: str) -> str:
    return f"⟦{text}⟧" if texts.current_language() == texts.PSEUDO else text


