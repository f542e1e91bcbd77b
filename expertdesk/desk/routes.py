"""Addresses of the desk: /desk and /search."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from expertdesk.access import Permission
from expertdesk.desk.queries import desk_page
from expertdesk.desk.search import exact_address, search_page
from expertdesk.foundation.text import TextProblem, clean_text
from expertdesk.web import current_actor, page, requires

blueprint = Blueprint("desk", __name__, template_folder="templates")

LONGEST_QUERY = 100


@blueprint.get("/desk")
@requires(Permission.DESK_READ)
def desk() -> Response:
    """What to do next, most urgent first."""
    return page("desk/desk.html", record=desk_page(current_actor()))


@blueprint.get("/search")
@requires(Permission.SEARCH)
def search() -> Response:
    """One box over people, cases, permits and organisations; a complete number leads straight to its record."""
    problem = ""
    try:
        text = clean_text(request.args.get("q", ""), limit=LONGEST_QUERY)
    except TextProblem as refused:
        text, problem = "", str(refused.message)
    if text:
        address = exact_address(text, current_actor())
        if address:
            return redirect(address, code=303)
    return page("desk/search.html", record=search_page(text, current_actor(), problem), search_text=text)
