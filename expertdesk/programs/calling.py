"""Writes about calls: make one, change it, announce it. Never commit."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from expertdesk.access import Actor, Permission
from expertdesk.experts.versions import check_version
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, Reason, RuleBroken
from expertdesk.foundation.locale import format_date, format_money, lazy
from expertdesk.models import ProgramApplication, ProgramCall
from expertdesk.programs.acting import difference, plain
from expertdesk.programs.entry import CallData, values_of
from expertdesk.programs.policy import LARGEST_ID, YEARS
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import append_event

CALL_LABELS: dict[str, Any] = {
    "year": lazy("Year"),
    "kind": lazy("Programme"),
    "name": lazy("Name of the call"),
    "name_en": lazy("Name in English"),
    "notice_number": lazy("Number of the notice"),
    "opens_on": lazy("Opens on"),
    "closes_on": lazy("Closes on"),
    "quota": lazy("Projects to select"),
    "unit_quota": lazy("Applications of one organisation"),
    "funds": lazy("Funds of the call"),
    "indicators": lazy("Indicators every application sets a target for"),
    "note": lazy("What applicants should know"),
}
SUBJECT = "program_call"


def make_call(data: CallData, actor: Actor) -> ProgramCall:
    """A call of a year; organisations see it once it is announced."""
    _may(actor)
    _check(data)
    call = ProgramCall(created_at=clock.now(), created_by_id=actor.id or None, **_columns(data))
    db.session.add(call)
    db.session.flush()
    append_event(db.session(), "program_call.made", SUBJECT, call.id, actor, payload={"kind": data.kind})
    return call


def change_call(call_id: int, data: CallData, actor: Actor, seen_version: int | None) -> ProgramCall:
    """Save what changed. Kind and year stay once somebody has applied."""
    call = _held(call_id, actor)
    differences = _differences(call, data)
    # a list of ticks cannot be chosen field by field: what this page ticked is carried along
    to_choose = [item for item in differences if item.name != "indicators"]
    check_version(db.session(), SUBJECT, call, seen_version, to_choose)
    _check(data)
    if (call.kind, call.year) != (data.kind, data.year) and _has_applications(call):
        raise RuleBroken({"kind": lazy("Organisations have applied already: year and programme stay as they are.")})
    if not differences:
        return call
    before = values_of(CallData, call)
    for name, value in _columns(data).items():
        setattr(call, name, value)
    db.session.flush()
    names = [item.name for item in differences]
    payload = {
        "before": {name: plain(before[name]) for name in names},
        "after": {name: plain(getattr(call, name)) for name in names},
    }
    append_event(db.session(), "program_call.changed", SUBJECT, call.id, actor, payload=payload)
    return call


def announce_call(call_id: int, actor: Actor, seen_version: int | None = None) -> ProgramCall:
    """From now on organisations see it and can apply inside its window."""
    call = _held(call_id, actor)
    check_version(db.session(), SUBJECT, call, seen_version, ())
    if call.announced_on is not None:
        reason = Reason("announced", lazy("The call is announced already."))
        raise NotAllowedNow([reason], action="program_call.announce")
    call.announced_on = clock.today()
    flag_modified(call, "announced_on")
    db.session.flush()
    append_event(db.session(), "program_call.announced", SUBJECT, call.id, actor)
    return call


def _may(actor: Actor) -> None:
    if not actor.may(Permission.PROGRAM_MANAGE):
        raise NotPermitted(Permission.PROGRAM_MANAGE)


def _held(call_id: int, actor: Actor) -> ProgramCall:
    _may(actor)
    call = db.session.get(ProgramCall, call_id, with_for_update=True) if 0 < call_id <= LARGEST_ID else None
    if call is None:
        raise NotFound(str(call_id))
    return call


def _columns(data: CallData) -> dict[str, Any]:
    values = {item.name: getattr(data, item.name) for item in fields(CallData)}
    return {**values, "indicators": list(data.indicators)}


def _check(data: CallData) -> None:
    book = rules_today()
    problems: dict[str, Any] = {}
    if book.find("program_kinds", data.kind) is None:
        problems["kind"] = lazy("Choose a programme of the table.")
    if data.year not in YEARS:
        problems["year"] = lazy("Enter a year, for example 2027.")
    if not data.name.strip():
        problems["name"] = lazy("Name the call.")
    if data.closes_on < data.opens_on:
        problems["closes_on"] = lazy("The call closes before it opens.")
    for name in ("quota", "unit_quota"):
        value = getattr(data, name)
        if value is not None and value < 1:
            problems[name] = lazy("Enter at least 1, or leave it empty.")
    if any(book.find("program_indicators", code) is None for code in data.indicators):
        problems["indicators"] = lazy("Choose indicators of the table.")
    if problems:
        raise RuleBroken(problems)


def _has_applications(call: ProgramCall) -> bool:
    count = select(func.count()).select_from(ProgramApplication).where(ProgramApplication.call_id == call.id)
    return bool(db.session.scalar(count))


def _differences(call: ProgramCall, data: CallData) -> list[Any]:
    book = rules_today()
    shown = {
        "kind": lambda code: str(book.name_of("program_kinds", code)),
        "opens_on": format_date,
        "closes_on": format_date,
        "funds": format_money,
        "indicators": lambda codes: ", ".join(str(book.name_of("program_indicators", code)) for code in codes),
    }
    found = []
    for name, wanted in _columns(data).items():
        item = difference(name, CALL_LABELS[name], getattr(call, name), wanted, shown=shown.get(name, str))
        found.append(item)
    return [item for item in found if item is not None]
