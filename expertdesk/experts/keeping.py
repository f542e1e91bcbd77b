"""The language switch inside a form: what was typed is kept as a draft and stands in the form in the other language."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.accounts import drafts
from expertdesk.web import current_actor
from expertdesk.web.language import switch_to

_FLAG = "draft"
_LEFT_OUT = ("csrf_token", "switch_language")


def switched(form: str, subject: Any = "") -> BaseResponse | None:
    """The answer to a press on the language inside a form, or None when the form was really sent."""
    wanted = request.form.get("switch_language", "")
    if not wanted:
        return None
    typed = {name: values for name, values in request.form.lists() if name not in _LEFT_OUT}
    drafts.save_draft(current_actor().id, f"experts.{form}", str(subject), typed)
    return switch_to(wanted, redirect(f"{request.path}?{_FLAG}=1", code=303))


def give_back(form: str, subject: Any = "") -> MultiDict[str, str] | None:
    """What was typed before the language was switched; BaseForm takes it by itself."""
    if request.args.get(_FLAG) != "1":
        return None
    typed = drafts.load_draft(current_actor().id, f"experts.{form}", str(subject))
    if typed is None:
        return None
    g.restored_form = MultiDict([(name, value) for name, values in typed.items() for value in values])
    return g.restored_form


def done(form: str, subject: Any = "") -> None:
    """The form was taken: there is nothing to keep any more."""
    drafts.drop_draft(current_actor().id, f"experts.{form}", str(subject))
