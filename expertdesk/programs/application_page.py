"""The page of one application, for the bureau and for its organisation: what it asks for, what is missing, how it was
judged, what was decided, how it runs, what happened; and what can be done now."""

from __future__ import annotations

from typing import Any

from flask import url_for

from expertdesk.access import Actor
from expertdesk.cases.rows import link, organisation_name
from expertdesk.foundation.errors import Reason
from expertdesk.foundation.locale import lazy
from expertdesk.models import ProgramApplication, ProgramState
from expertdesk.programs import application_parts as parts
from expertdesk.programs import checking, guards, rules
from expertdesk.programs.application_records import ApplicationPage, Doing
from expertdesk.programs.happenings import history, past_projects, stages_of
from expertdesk.programs.policy import manages
from expertdesk.programs.rows import kind_name, project_title, state_chip
from expertdesk.programs.workflow import PROGRAM, SINCE_APPROVAL, WRITABLE
from expertdesk.workflow import options

S = ProgramState


# --- putting it together ----------------------------------------------------------------------------------------


def application_page(application: ProgramApplication, actor: Actor, *, own: bool) -> ApplicationPage:
    """`own`: the page under /my of the organisation's contact."""
    book, call, kind = checking.book_of(application), application.call, checking.kind_of(application)
    title, lang = project_title(application.title, application.title_en)
    other = application.title_en if title == application.title else application.title
    call_title, call_lang = project_title(call.name, call.name_en)
    state_row = book.row("program_states", str(application.state))
    since = str(application.state) in SINCE_APPROVAL
    has_gaps = str(application.state) in WRITABLE or (application.state is S.SUBMITTED and not own)
    return ApplicationPage(
        number=application.number, title=title, title_lang=lang, other_title=other,
        other_lang="en" if lang == "zh-CN" else "zh-CN", is_own=own, is_manager=manages(actor) and not own,
        state=str(application.state), chip=state_chip(book, str(application.state)), holder=state_row.holder,
        next_step=state_row.next_step, version=application.row_version, call_name=call_title, call_lang=call_lang,
        call_url="" if own else url_for("programs.call", call_id=call.id), kind=kind_name(call.kind), year=call.year,
        organisation=organisation_name(application.organisation.name_zh, application.organisation.name_en),
        organisation_url="" if own else link("experts.organisation", organisation_id=application.organisation_id),
        field=parts.named(book, "program_fields", application.field),
        priority_field=parts.named(book, "program_priority_fields", application.priority_field),
        secrecy=parts.named(book, "program_secrecy", application.secrecy),
        level=parts.named(book, "program_levels", kind.approving_level),
        starts_on=application.starts_on, ends_on=application.ends_on, unit_rank=application.unit_rank,
        contact=(application.contact_name, application.contact_phone, application.contact_email),
        texts=parts.texts_of(application), goals=application.goals,
        indicators=parts.indicators_of(application, book, since),
        base=checking.base_checks(application), base_reason=str(application.base.get("reason", "")),
        experts=parts.experts_of(application, book, actor, own), money=parts.money_of(application, book),
        files=parts.files_of(application, book, own), gaps=_gaps(application) if has_gaps else {},
        edit_urls=_edit_urls(application, actor) if own else {}, stages=stages_of(application, book),
        doings=doings(application, actor, own=own), reviews=() if own else parts.reviews_of(application, book),
        review_mean=None if own else parts.mean_of(application), review_due_on=application.review_due_on,
        are_reviews_open=guards.all_in(application), meeting=parts.meeting_of(application),
        proposed=(application.proposed_funds, application.proposed_months), decision_note=application.decision_note,
        publicity=(application.publicity_from, application.publicity_to),
        objection=(application.objection, application.objection_answer), approval=parts.approval_of(application),
        runs=parts.runs_of(application, book) if since else (),
        visits=parts.visits_of(application, book) if since else (),
        reports=parts.reports_of(application, book) if since else (),
        changes=parts.changes_of(application, book) if since else (),
        settlement=application.settlement if since else None, closing_note=application.closing_note,
        grade=parts.named(book, "program_grades", application.grade), evaluation=application.evaluation,
        end_reason=application.end_reason, months_asked=checking.months_of(application),
        months_approved=application.months_approved,
        months_done=parts.done_of(application.visits, book) if since else rules.ZERO,
        history=history(application, own=own), past=() if own else past_projects(application),
        print_url=url_for("programs.my_print" if own else "programs.print_form", number=application.number),
    )  # fmt: skip


def _gaps(application: ProgramApplication) -> dict[str, tuple[checking.Gap, ...]]:
    found: dict[str, list[checking.Gap]] = {}
    for gap in checking.gaps(application):
        found.setdefault(gap.section, []).append(gap)
    return {section: tuple(items) for section, items in found.items()}


def _edit_urls(application: ProgramApplication, actor: Actor) -> dict[str, str]:
    if not parts.is_writable(application, actor):
        return {}
    number = application.number
    return {
        checking.PARTICULARS: url_for("programs.my_edit", number=number),
        checking.EXPERTS: url_for("programs.my_expert", number=number),
        checking.BUDGET: url_for("programs.my_budget", number=number),
        checking.GOALS: url_for("programs.my_goals", number=number),
        checking.FILES: url_for("programs.my_files", number=number),
    }


# --- actions ----------------------------------------------------------------------------------------------------

_AT_ONCE = frozenset({"submit", "pass_check", "finish_review"})
_NOT_HERE = frozenset({"edit", "link_expert", "review", "declare_conflict", "record_review"})
_FOR_CALL = {"propose": "programs.meeting", "publicise": "programs.publicity"}
_RARE = ("withdraw", "terminate", "reject", "note_objection")


def doings(application: ProgramApplication, actor: Actor, *, own: bool) -> tuple[Doing, ...]:
    """Every action of this state the reader has the right to, allowed or with its reasons."""
    found = []
    for option in options(PROGRAM, application, actor):
        if option.action in _NOT_HERE or _is_nonsense(option):
            continue
        url = _url(application, option.action, own=own)
        at_once = option.action in _AT_ONCE
        found.append(
            Doing(
                action=option.action, label=option.label, allowed=option.is_allowed, url="" if at_once else url,
                post_url=url if at_once else "", text=option.does, reasons=_few(option.reasons),
                version=application.row_version, is_rare=option.action in _RARE and option.is_allowed,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda item: (item.action in _RARE, not item.allowed)))


_FEW = 3  # of many gaps the first ones; the whole list stands at the sections


def _few(reasons: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(reasons) <= _FEW:
        return reasons
    more = lazy("and %(count)s more, marked at the parts below.", count=len(reasons) - _FEW)
    return (*reasons[:_FEW], Reason("more", more))


def _is_nonsense(option: Any) -> bool:
    """Not shown at all: deciding on a change nobody asked for."""
    return bool({reason.code for reason in option.reasons} & {"no_change", "no_outside_reviewer"})


def _url(application: ProgramApplication, action: str, *, own: bool) -> str:
    number = application.number
    if action in _FOR_CALL:
        return url_for(_FOR_CALL[action], call_id=application.call_id)
    if action in ("assign", "assign_more"):
        return url_for("programs.reviewers", number=number)
    if action == "approve":
        return url_for("programs.approve", number=number)
    if action == "file_settlement":
        return url_for("programs.my_settlement" if own else "programs.settlement", number=number)
    return url_for("programs.my_step" if own else "programs.step", number=number, action=action)
