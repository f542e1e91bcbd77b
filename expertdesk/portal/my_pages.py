"""`/my`: the own file of an expert, the cases of an organisation; letters, papers, messages, who looked."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from expertdesk.access import Actor, Permission, Role
from expertdesk.accounts.access_log import note_access
from expertdesk.cases.case_page import load_case
from expertdesk.cases.issuing import letter_bytes
from expertdesk.cases.papers import paper_bytes
from expertdesk.cases.policy import may_read_paper
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.notices import inbox
from expertdesk.portal import policy
from expertdesk.portal.blueprint import blueprint
from expertdesk.portal.history import looks_at, public_events
from expertdesk.portal.my_file import case_file
from expertdesk.portal.my_list import apply_url, organisation_list, own_file
from expertdesk.web import current_actor, page, requires
from expertdesk.web.downloads import name_file
from expertdesk.web.headers import DOCUMENT_POLICY

_LARGEST_ID = 2**31 - 1


@blueprint.get("/my")
@requires(Permission.MY_READ)
def my() -> Response:
    actor = current_actor()
    if _is_expert(actor):
        return _expert_page(actor)
    found = organisation_list(actor, _after())
    return page(
        "portal/my_organisation.html", record=found, apply_url=apply_url(actor), unread=inbox.unread_count(actor.id)
    )


@blueprint.get("/my/<number>")
@requires(Permission.MY_READ)
def my_case(number: str) -> Response:
    actor = current_actor()
    loaded = load_case(number, actor)
    note_access(actor, "viewed", "case", loaded.id)
    return page(
        "portal/my_case.html",
        record=case_file(loaded, actor),
        events=public_events(loaded.id),
        unread=inbox.unread_count(actor.id),
        others=(),
        permit=None,
    )


def _is_expert(actor: Actor) -> bool:
    return Role.EXPERT in actor.roles and actor.person_id is not None


def _expert_page(actor: Actor) -> Response:
    own = own_file(actor)
    if not own.cases:
        return page("portal/my_nothing.html", permit=own.permit, unread=own.unread)
    loaded = load_case(own.cases[0].number, actor)
    return page(
        "portal/my_case.html",
        record=case_file(loaded, actor),
        events=public_events(loaded.id),
        unread=own.unread,
        others=own.cases[1:],
        permit=own.permit,
    )


def _after() -> int | None:
    given = request.args.get("after", "")
    return int(given) if given.isascii() and given.isdigit() and int(given) <= _LARGEST_ID else None


# --- letters and papers ------------------------------------------------------------------------------------------


@blueprint.get("/my/<number>/letters/<int:letter_id>.pdf")
@requires(Permission.MY_READ)
def my_letter(number: str, letter_id: int) -> Response:
    """The stored bytes, the same each time."""
    actor = current_actor()
    case = load_case(number, actor).case
    letter = next((one for one in case.letters if one.id == letter_id and policy.may_read_letter(one)), None)
    if letter is None:
        raise NotFound(str(letter_id))
    note_access(actor, "downloaded", "letter", letter.id, letter.number_zh)
    return _file(letter_bytes(letter), "application/pdf", f"{case.number}-{letter.kind.value.lower()}.pdf")


@blueprint.get("/my/<number>/papers/<int:version_id>")
@requires(Permission.MY_READ)
def my_paper(number: str, version_id: int) -> Response:
    """The cleaned copy of an own paper; NotFound for what the reader may not open."""
    actor = current_actor()
    case = load_case(number, actor).case
    found = next(
        ((paper, version) for paper in case.papers for version in paper.versions if version.id == version_id), None
    )
    if found is None or not may_read_paper(found[0], actor, found[1]):
        raise NotFound(str(version_id))
    paper, version = found
    note_access(actor, "downloaded", "paper", paper.id, version.file_name)
    return _file(paper_bytes(version), version.media_type, version.file_name)


def _file(data: bytes, media_type: str, name: str) -> Response:
    response = Response(data, content_type=media_type)
    name_file(response, name)
    response.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    return response


# --- messages, who looked ----------------------------------------------------------------------------------------


@blueprint.get("/my/messages")
@requires(Permission.MY_READ)
def messages() -> Response:
    """What the bureau told this reader; opening the page is reading them."""
    actor = current_actor()
    lines = inbox.messages_of(actor.id)
    unread = any(not line.is_read for line in lines)
    answer = page("portal/messages.html", lines=lines)
    if unread and request.method == "GET":
        db.session.rollback()
        inbox.mark_read(actor.id, lines[0].id)
    return answer


@blueprint.get("/my/access")
@requires(Permission.MY_READ)
def access() -> BaseResponse:
    """Only for the person the file is about."""
    actor = current_actor()
    if not _is_expert(actor):
        return redirect(url_for("portal.my"))
    return page("portal/access.html", looks=looks_at(actor))
