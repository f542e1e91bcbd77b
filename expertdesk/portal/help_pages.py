"""Help: for each role what to do, step by step, with the workflow drawn from its table; and the gallery."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, url_for

from expertdesk.access import GRANTS, Actor, Permission, Role
from expertdesk.accounts.names import ROLE_NAMES, joined
from expertdesk.cases.workflow import CASE
from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.installed import settings
from expertdesk.portal import gallery
from expertdesk.portal.blueprint import blueprint
from expertdesk.portal.drawing import Drawing, draw
from expertdesk.portal.help_texts import HELP
from expertdesk.programs.workflow import PROGRAM
from expertdesk.regulations.current import rules_today
from expertdesk.training.workflow import GROUP, PLAN
from expertdesk.web import page, public
from expertdesk.web.guard import declared, signed_in_actor


@dataclass(frozen=True)
class TaskRecord:
    title: Any
    steps: tuple[Any, ...]
    url: str


@dataclass(frozen=True)
class RoleRecord:
    code: str
    name: Any
    lead: Any
    url: str
    is_own: bool
    tasks: tuple[TaskRecord, ...] = ()
    limits: tuple[Any, ...] = ()


@dataclass(frozen=True)
class ProcessRecord:
    """A process beside the case, drawn from its table."""

    title: Any
    drawing: Drawing


@blueprint.get("/help")
@public("help is for everybody")
def help() -> Response:
    actor = signed_in_actor()
    roles = sorted((_role(role, actor) for role in HELP), key=lambda record: not record.is_own)
    return page("portal/help.html", roles=roles, drawing=_drawn(()), who=_who)


@blueprint.get("/help/<role>")
@public("help is for everybody")
def help_role(role: str) -> Response:
    if role not in set(Role):
        raise NotFound(role)
    chosen = Role(role)
    actor = signed_in_actor()
    return page(
        "portal/help_role.html",
        record=_role(chosen, actor, whole=True),
        roles=[_role(other, actor) for other in HELP],
        drawing=_drawn(GRANTS[chosen]),
        processes=_processes(GRANTS[chosen]),
        who=_who,
    )


@blueprint.get("/help/gallery")
@public("shows components with made-up data, in demo and test only")
def gallery_page() -> Response:
    if settings().mode not in ("demo", "test"):
        raise NotFound("gallery")
    return page("portal/gallery.html", sample=gallery.sample())


def _role(role: Role, actor: Actor | None, *, whole: bool = False) -> RoleRecord:
    words = HELP[role]
    return RoleRecord(
        code=role.value,
        name=ROLE_NAMES[role],
        lead=words.lead,
        url=url_for("portal.help_role", role=role.value),
        is_own=actor is not None and role in actor.roles,
        tasks=tuple(TaskRecord(task.title, task.steps, _open_to(task.endpoint, actor)) for task in words.tasks)
        if whole
        else (),
        limits=words.limits if whole else (),
    )


def _open_to(endpoint: str, actor: Actor | None) -> str:
    """The address of a page, when it is built and the reader may open it."""
    view = current_app.view_functions.get(endpoint) if endpoint else None
    if view is None:
        return ""
    wanted = declared(view)
    if isinstance(wanted, str):
        return url_for(endpoint)
    return url_for(endpoint) if actor is not None and wanted and any(actor.may(right) for right in wanted) else ""


def _processes(own: Iterable[Permission]) -> list[ProcessRecord]:
    """Every other process in which the holder of these rights has a step."""
    rights = frozenset(own)
    return [
        ProcessRecord(workflow.title, draw(workflow, workflow.state_label, rights))
        for workflow in (PLAN, GROUP, PROGRAM)
        if any(right in rights for row in workflow.transitions for right in row.rights)
    ]


def _drawn(own: Iterable[Permission]) -> Drawing:
    book = rules_today()
    return draw(CASE, lambda state: book.state(state).short, frozenset(own))


def _who(rights: Iterable[str]) -> str:
    """The roles that hold any of these rights, in the reader's language."""
    wanted = set(rights)
    holders = [role for role in Role if wanted & {right.value for right in GRANTS[role]}]
    return joined(str(ROLE_NAMES[role]) for role in holders)
