"""Writes of the decision: the meeting, publicity, objections, approval with funds. Never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound, NotPermitted, RuleBroken
from expertdesk.foundation.locale import format_money, lazy, lazy_date
from expertdesk.models import ProgramApplication, ProgramCall, ProgramMeeting, ProgramRun, ProgramState
from expertdesk.programs import checking, rules
from expertdesk.programs.acting import act, require_possible
from expertdesk.programs.entry import PROPOSE, REJECT, Approval, Decision, MeetingData
from expertdesk.regulations.current import rules_on
from expertdesk.workflow import append_event

S = ProgramState


def hold_meeting(
    call: ProgramCall, data: MeetingData, decisions: Sequence[Decision], actor: Actor
) -> ProgramMeeting:
    """What a meeting decided on the reviewed applications of a call, all in one go or nothing."""
    if not actor.may(Permission.PROGRAM_MANAGE):
        raise NotPermitted(Permission.PROGRAM_MANAGE)
    waiting = {item.id: item for item in reviewed_of(call)}
    problems = _meeting_problems(data, decisions, waiting)
    if problems:
        raise RuleBroken(problems)
    meeting = ProgramMeeting(
        call_id=call.id, held_on=data.held_on, chair=data.chair.strip(), attendees=data.attendees.strip(),
        minutes_number=data.minutes_number.strip(), recorded_by_id=actor.id or None, recorded_at=clock.now(),
    )  # fmt: skip
    db.session.add(meeting)
    db.session.flush()
    for decision in decisions:
        _decide(waiting[decision.application_id], decision, meeting, actor)
    payload = {"meeting_id": meeting.id, "decisions": len(decisions)}
    append_event(db.session(), "program_call.decided", "program_call", call.id, actor, payload=payload)
    return meeting


def reviewed_of(call: ProgramCall) -> list[ProgramApplication]:
    """What waits for the meeting."""
    return list(
        db.session.scalars(
            select(ProgramApplication)
            .where(ProgramApplication.call_id == call.id, ProgramApplication.state == S.REVIEWED)
            .order_by(ProgramApplication.id)
        )
    )


def _meeting_problems(
    data: MeetingData, decisions: Sequence[Decision], waiting: Mapping[int, ProgramApplication]
) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    if data.held_on > clock.today():
        problems["held_on"] = lazy("The meeting lies in the future.")
    if not data.chair.strip():
        problems["chair"] = lazy("Say who chaired it.")
    if not decisions:
        problems[""] = lazy("Decide on at least one application.")
    for decision in decisions:
        prefix = f"a{decision.application_id}"
        application = waiting.get(decision.application_id)
        if application is None:
            problems[""] = lazy("One of these applications waits for the meeting no longer. Load the page again.")
        elif decision.outcome == PROPOSE:
            asked = checking.subsidy_of(application)
            if decision.funds is None:
                problems[f"{prefix}_funds"] = lazy("Enter the funds.")
            elif decision.funds > asked:
                most = format_money(asked)
                problems[f"{prefix}_funds"] = lazy("Not more than the %(most)s asked for.", most=most)
            if decision.months is None:
                problems[f"{prefix}_months"] = lazy("Enter the person-months.")
            elif decision.months > checking.months_of(application):
                most = checking.months_of(application)
                problems[f"{prefix}_months"] = lazy("Not more than the %(most)s asked for.", most=most)
        elif decision.outcome == REJECT and not decision.note.strip():
            problems[f"{prefix}_note"] = lazy("Give the reason.")
    return problems


def _decide(application: ProgramApplication, decision: Decision, meeting: ProgramMeeting, actor: Actor) -> None:
    def write(_: Any) -> None:
        application.meeting_id, application.decision_note = meeting.id, decision.note.strip()
        if decision.outcome == PROPOSE:
            application.proposed_funds, application.proposed_months = decision.funds, decision.months
        else:
            application.end_reason = decision.note.strip()

    reason = decision.note if decision.outcome == REJECT else ""
    payload = {"meeting_id": meeting.id}
    act(
        application, decision.outcome, actor, seen_version=decision.seen_version, reason=reason, payload=payload,
        effect=write,
    )  # fmt: skip


def reject_application(
    application: ProgramApplication, reason: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """After an objection, or without waiting for a meeting."""

    def write(_: Any) -> None:
        application.end_reason = reason.strip()

    act(application, "reject", actor, seen_version=seen_version, reason=reason, effect=write)


# --- publicity --------------------------------------------------------------------------------------------------


def publicise(
    call: ProgramCall, application_ids: Sequence[int], first: date, actor: Actor, last: date | None = None
) -> tuple[ProgramApplication, ...]:
    """Make proposed applications public; the span is at least as many working days as the table says."""
    if not actor.may(Permission.PROGRAM_MANAGE):
        raise NotPermitted(Permission.PROGRAM_MANAGE)
    least = rules.publicity_end(rules_on(first), first)
    problems: dict[str, Any] = {}
    if not application_ids:
        problems["applications"] = lazy("Choose at least one application.")
    if last is not None and last < least:
        problems["last"] = lazy("The publicity lasts until %(day)s at least.", day=lazy_date(least))
    if problems:
        raise RuleBroken(problems)
    chosen = db.session.scalars(
        select(ProgramApplication)
        .where(ProgramApplication.id.in_(sorted(set(application_ids))), ProgramApplication.call_id == call.id)
        .order_by(ProgramApplication.id)
    ).all()
    if len(chosen) != len(set(application_ids)):
        raise NotFound("application")
    for application in chosen:
        _publicise(application, first, last or least, actor)
    return tuple(chosen)


def _publicise(application: ProgramApplication, first: date, last: date, actor: Actor) -> None:
    def write(_: Any) -> None:
        application.publicity_from, application.publicity_to = first, last

    payload = {"from_on": first.isoformat(), "to_on": last.isoformat()}
    act(application, "publicise", actor, payload=payload, effect=write)


def note_objection(
    application: ProgramApplication, objection: str, answer: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """What was objected during the publicity, and how it was answered."""
    require_possible(application, "note_objection", actor, seen_version)
    if not objection.strip():
        raise RuleBroken({"objection": lazy("Write what was objected.")})

    def write(_: Any) -> None:
        application.objection, application.objection_answer = objection.strip(), answer.strip()

    act(application, "note_objection", actor, payload={"answered": bool(answer.strip())}, effect=write)


# --- approval ---------------------------------------------------------------------------------------------------


def approve_application(
    application: ProgramApplication, data: Approval, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Approve with funds by item and person-months; the yearly shares follow from the period."""
    require_possible(application, "approve", actor, seen_version)
    problems = _approval_problems(application, data)
    if problems:
        raise RuleBroken(problems)
    total = sum(data.lines.values(), Decimal(0))

    def write(_: Any) -> None:
        for line in application.budget:
            line.approved = data.lines.get(line.item, Decimal(0))
        application.approval_number, application.approved_on = data.number.strip(), data.on
        application.funds_approved, application.months_approved = total, data.months
        _make_runs(application, total, data.months)

    payload = {"number": data.number.strip(), "funds": str(total), "months": str(data.months)}
    act(application, "approve", actor, payload=payload, effect=write)


def _make_runs(application: ProgramApplication, funds: Decimal, months: Decimal) -> None:
    assert application.starts_on is not None and application.ends_on is not None
    money = rules.shares(funds, application.starts_on, application.ends_on)
    work = rules.shares(months, application.starts_on, application.ends_on)
    application.runs = [ProgramRun(year=year, funds=money[year], months=work[year]) for year in sorted(money)]


def _approval_problems(application: ProgramApplication, data: Approval) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    if not data.number.strip():
        problems["number"] = lazy("Enter the number of the approval.")
    if data.on > clock.today():
        problems["on"] = lazy("The approval lies in the future.")
    asked = {line.item: line.subsidy for line in application.budget}
    for item, amount in data.lines.items():
        if amount > asked.get(item, Decimal(0)):
            most = format_money(asked.get(item, Decimal(0)))
            problems[f"line_{item}"] = lazy("Not more than the %(most)s asked for.", most=most)
    total = sum(data.lines.values(), Decimal(0))
    if application.proposed_funds is not None and total > application.proposed_funds:
        text = lazy("The items add up to more than the meeting proposed (%(most)s).",
                    most=format_money(application.proposed_funds))  # fmt: skip
        problems["lines"] = text
    if application.proposed_months is not None and data.months > application.proposed_months:
        problems["months"] = lazy("The meeting proposed %(most)s person-months.", most=application.proposed_months)
    problems.update(_call_problems(application, total))
    return problems


def _call_problems(application: ProgramApplication, total: Decimal) -> dict[str, Any]:
    """Quota and funds of the call, over everything that is approved."""
    call, a = application.call, ProgramApplication
    given, count = db.session.execute(
        select(func.coalesce(func.sum(a.funds_approved), 0), func.count()).where(
            a.call_id == call.id, a.approved_on.is_not(None), a.id != application.id
        )
    ).one()
    problems: dict[str, Any] = {}
    if call.quota is not None and count >= call.quota:
        problems["number"] = lazy("The call has room for %(quota)s projects; all are approved.", quota=call.quota)
    used = Decimal(given or 0)
    if call.funds is not None and used + total > call.funds:
        rest = format_money(call.funds - used)
        problems["lines"] = lazy("The call has %(rest)s left.", rest=rest)
    return problems
