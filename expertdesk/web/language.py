"""The reader's language and theme: own choice (account, else cookie), then the browser's. One tap switches."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, current_app, g, make_response, request, session
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.foundation.locale import HTML_LANG, LANGUAGES, PSEUDO, set_language
from expertdesk.web.guard import public, signed_in_actor

_YEAR_SECONDS = 31_536_000
THEMES = ("", "light", "dark")
_KEEP = "expertdesk.keep_language"


def init_language(app: Flask, *, allow_pseudo: bool) -> None:
    allowed = (*LANGUAGES, PSEUDO) if allow_pseudo else LANGUAGES

    @app.before_request
    def choose() -> None:
        set_language(_choose(allowed))

    @app.after_request
    def say(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = HTML_LANG[g.get("language", "en")]
        return response


def _choose(allowed: tuple[str, ...]) -> str:
    cookie = request.cookies.get("language", "")
    actor = signed_in_actor()
    own = session.get("language") or (actor.language if actor else "")
    for candidate in (own, cookie):
        if candidate in allowed:
            g.language = candidate
            return candidate
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "zh-TW", "zh-HK", "en"], default="en")
    g.language = "zh" if best.startswith("zh") else "en"
    return g.language


def current_theme() -> str:
    theme = request.cookies.get("theme", "")
    return theme if theme in THEMES else ""


def read_in(wanted: str) -> None:
    """This very answer in the language just chosen: for pages that are not loaded again (a code opened them)."""
    if wanted in LANGUAGES:
        set_language(wanted)
        g.language = wanted


def switch_to(wanted: str, answer: BaseResponse) -> Response:
    """The answer with the language switched: also for a form that keeps what was typed first (`language_form`)."""
    response = make_response(answer)
    if wanted in LANGUAGES or wanted == PSEUDO:
        response.set_cookie("language", wanted, max_age=_YEAR_SECONDS, samesite="Lax", httponly=True)
        actor = signed_in_actor()
        if actor is not None:
            session["language"] = wanted
            if wanted in LANGUAGES:
                current_app.extensions[_KEEP](actor.id, wanted)
    return response


def language_blueprint(keep_language) -> Blueprint:  # type: ignore[no-untyped-def]
    """The two switches. `keep_language(account_id, language)` remembers the choice of a signed-in person."""
    from expertdesk.web.rendering import redirect_back

    blueprint = Blueprint("language", __name__)

    @blueprint.record
    def remember(state: BlueprintSetupState) -> None:
        state.app.extensions[_KEEP] = keep_language

    @blueprint.post("/language")
    @public("everybody chooses the language")
    def choose_language() -> Response:
        return switch_to(request.form.get("language", ""), redirect_back())

    @blueprint.post("/theme")
    @public("everybody chooses light or dark")
    def choose_theme() -> Response:
        wanted = request.form.get("theme", "")
        following = {"": "dark", "dark": "light", "light": ""}
        chosen = following[current_theme()] if wanted == "next" else wanted
        response = make_response(redirect_back())
        if chosen in THEMES:
            response.set_cookie("theme", chosen, max_age=_YEAR_SECONDS, samesite="Lax", httponly=True)
        return response

    return blueprint


