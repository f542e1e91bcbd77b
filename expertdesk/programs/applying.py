"""Writes of an organisation: begin an application, fill in its parts, add annexes, submit it, take it back.

Never commit. Every change of a part is the action `edit` of the table, so that an old page is noticed and the history
knows what was changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor, Permission
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotFound, NotPermitted, RuleBroken
from expertdesk.foundation.installed import storage
from expertdesk.foundation.locale import format_date, format_money, lazy
from expertdesk.foundation.numbers import number_pattern
from expertdesk.foundation.uploads import CleanUpload
from expertdesk.models import Account, ProgramApplication, ProgramBudgetLine, ProgramCall, ProgramFile, ProgramState
from expertdesk.programs import guards
from expertdesk.programs.acting import act, check_seen, difference, plain, require_possible
from expertdesk.programs.entry import PARTICULAR_LABELS, BudgetEntry, Goals, Particulars, values_of
from expertdesk.programs.policy import acting_organisations
from expertdesk.regulations.current import rules_today
from expertdesk.workflow import append_event
from expertdesk.workflow.numbers import next_in_series

_TABLES = {
    "field": "program_fields",
    "priority_field": "program_priority_fields",
    "secrecy": "program_secrecy",
}
_MOST_FILES = 200


def begin_application(
    call: ProgramCall, organisation_id: int, data: Particulars, actor: Actor
) -> ProgramApplication:
    """A draft with its number. The same title of the same organisation in the same call gives the draft that is there,
    so that a form sent twice makes one."""
    if not actor.may(Permission.PROGRAM_APPLY):
        raise NotPermitted(Permission.PROGRAM_APPLY)
    if organisation_id not in acting_organisations(actor):
        raise RuleBroken({"organisation": lazy("Choose one of the organisations you may act for.")})
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update(key_share=True))
    reasons = guards.call_refusals(call)
    if reasons:
        raise NotAllowedNow(reasons, action="program.begin")
    _check_particulars(data)
    there = _same_draft(call, organisation_id, data.title)
    if there is not None:
        return there
    application = ProgramApplication(
        number=_next_number(), call_id=call.id, organisation_id=organisation_id, created_at=clock.now(),
        created_by_id=actor.id or None, **values_of(Particulars, data),
    )  # fmt: skip
    db.session.add(application)
    db.session.flush()
    append_event(db.session(), "program.begun", "program_application", application.id, actor, is_public=True)
    return application


def _same_draft(call: ProgramCall, organisation_id: int, title: str) -> ProgramApplication | None:
    a = ProgramApplication
    return db.session.scalar(
        select(a)
        .where(a.call_id == call.id, a.organisation_id == organisation_id, a.title == title)
        .where(a.state == ProgramState.DRAFT)
        .limit(1)
    )


def _next_number() -> str:
    today = clock.today()
    pattern = number_pattern(rules_today().number_format("PROGRAM").pattern, is_address=True)
    return pattern.fill(year=today.year, seq=next_in_series(db.session(), "PROGRAM", today.year))


# --- particulars, goals -----------------------------------------------------------------------------------------


def edit_particulars(
    application: ProgramApplication, data: Particulars, actor: Actor, seen_version: int | None
) -> ProgramApplication:
    """Save what changed. Raises Stale with both versions of each field."""
    require_possible(application, "edit", actor)
    before = values_of(Particulars, application)
    differences = particular_differences(before, data)
    check_seen(application, seen_version, differences)
    _check_particulars(data)
    if not differences:
        return application
    names = [item.name for item in differences]
    payload = {
        "part": "particulars",
        "before": {name: plain(before[name]) for name in names},
        "after": {name: plain(getattr(data, name)) for name in names},
    }

    def write(_: Any) -> None:
        for name in names:
            setattr(application, name, getattr(data, name))

    act(application, "edit", actor, payload=payload, effect=write)
    return application


def particular_differences(before: Mapping[str, Any], data: Particulars) -> list[Any]:
    book = rules_today()

    def shown(name: str) -> Any:
        if name in _TABLES:
            return lambda code: str(book.name_of(_TABLES[name], code))
        return format_date if name in ("starts_on", "ends_on") else str

    found = [
        difference(item.name, PARTICULAR_LABELS[item.name], before[item.name], getattr(data, item.name),
                   shown=shown(item.name))
        for item in fields(Particulars)
    ]  # fmt: skip
    return [item for item in found if item is not None]


def _check_particulars(data: Particulars) -> None:
    book = rules_today()
    problems: dict[str, Any] = {}
    if not data.title.strip():
        problems["title"] = lazy("Give the project a title.")
    for name, table in _TABLES.items():
        code = getattr(data, name)
        if code and book.find(table, code) is None:
            problems[name] = lazy("Choose one from the list.")
    if data.starts_on and data.ends_on and data.ends_on < data.starts_on:
        problems["ends_on"] = lazy("The project ends before it begins.")
    if data.unit_rank is not None and data.unit_rank < 1:
        problems["unit_rank"] = lazy("The first place is 1.")
    if problems:
        raise RuleBroken(problems)


def set_goals(application: ProgramApplication, data: Goals, actor: Actor, seen_version: int | None) -> None:
    """Goals, targets of the indicators, statements for the template of a 111 base."""
    require_possible(application, "edit", actor)
    book = rules_today()
    differences = [difference("goals", lazy("Goals"), application.goals, data.goals)]
    for row in book.rows("program_indicators"):
        stored, yours = application.indicators.get(row.code), data.indicators.get(row.code)
        differences.append(difference(f"indicator_{row.code}", row.name, stored, yours))
    kept = [item for item in differences if item is not None]
    check_seen(application, seen_version, kept)
    indicators = {code: value for code, value in data.indicators.items() if book.find("program_indicators", code)}
    payload = {"part": "goals", "before": dict(application.indicators), "after": indicators}

    def write(_: Any) -> None:
        application.goals, application.indicators, application.base = data.goals, indicators, dict(data.base)

    act(application, "edit", actor, payload=payload, effect=write)


# --- budget -----------------------------------------------------------------------------------------------------


def set_budget(
    application: ProgramApplication, entries: Mapping[str, BudgetEntry], actor: Actor, seen_version: int | None
) -> None:
    """Every item at once. Amounts above a ceiling are kept and named: they stand in the way of the submission."""
    require_possible(application, "edit", actor)
    book = rules_today()
    stored = {line.item: line for line in application.budget}
    differences = []
    for row in book.rows("program_items"):
        line, entry = stored.get(row.code), entries.get(row.code, BudgetEntry())
        for name, label in (("subsidy", lazy("asked for")), ("own", lazy("own funds"))):
            was = getattr(line, name) if line is not None else Decimal(0)
            shown_label = lazy("%(item)s, %(what)s", item=row.name, what=label)
            differences.append(
                difference(f"{name}_{row.code}", shown_label, was, getattr(entry, name), shown=format_money)
            )
    kept = [item for item in differences if item is not None]
    check_seen(application, seen_version, kept)
    filled = {
        row.code: entries[row.code]
        for row in book.rows("program_items")
        if row.code in entries and (entries[row.code].subsidy or entries[row.code].own)
    }
    payload = {
        "part": "budget",
        "before": {line.item: [str(line.subsidy), str(line.own)] for line in application.budget},
        "after": {code: [str(entry.subsidy), str(entry.own)] for code, entry in filled.items()},
    }
    act(application, "edit", actor, payload=payload, effect=lambda _: _write_budget(application, filled))


def _write_budget(application: ProgramApplication, filled: Mapping[str, BudgetEntry]) -> None:
    stored = {line.item: line for line in application.budget}
    for code, line in stored.items():
        if code not in filled:
            application.budget.remove(line)
    for code, entry in filled.items():
        line = stored.get(code)
        if line is None:
            line = ProgramBudgetLine(item=code)
            application.budget.append(line)
        line.subsidy, line.own, line.basis = entry.subsidy, entry.own, entry.basis.strip()


# --- annexes ----------------------------------------------------------------------------------------------------


def add_file(
    application: ProgramApplication, document: str, upload: CleanUpload, actor: Actor, expert_id: int | None = None
) -> ProgramFile:
    """Keep a clean upload as an annex. While the application is written it belongs to the organisation; afterwards
    reports and settlements bring theirs along, and the manager adds signed opinions."""
    row = rules_today().find("program_documents", document)
    if row is None:
        raise RuleBroken({"document": lazy("Choose what the file is.")})
    expert = next((item for item in application.experts if item.id == expert_id), None)
    if row.per_expert and expert is None:
        raise RuleBroken({"expert": lazy("Say which expert it belongs to.")})
    action = _file_action(application, actor)
    require_possible(application, action, actor)
    if len(application.files) >= _MOST_FILES:
        raise RuleBroken({"file": lazy("There are %(most)s annexes already; remove one first.", most=_MOST_FILES)})
    file = ProgramFile(
        document=document,
        expert_id=expert.id if expert is not None and row.per_expert else None,
        file_name=upload.name,
        media_type=upload.clean_type,
        original_key=storage().put(upload.original),
        original_sha256=upload.original_sha256,
        clean_key=storage().put(upload.clean),
        clean_sha256=upload.clean_sha256,
        size=len(upload.clean),
        pages=upload.pages,
        uploaded_by_id=actor.id or None,
        uploaded_at=clock.now(),
    )
    payload = {"part": "file", "document": document, "sha256": upload.clean_sha256}
    act(application, action, actor, payload=payload, effect=lambda _: application.files.append(file))
    return file


def _file_action(application: ProgramApplication, actor: Actor) -> str:
    if actor.may(Permission.PROGRAM_MANAGE) and application.state is ProgramState.IN_REVIEW:
        return "record_review"
    return "report" if application.state in (ProgramState.RUNNING, ProgramState.SETTLED) else "edit"


def remove_file(application: ProgramApplication, file_id: int, actor: Actor) -> None:
    """Only while the application is written: what the bureau has seen stays."""
    found = next((file for file in application.files if file.id == file_id), None)
    if found is None:
        raise NotFound(str(file_id))
    payload = {"part": "file_removed", "document": found.document, "sha256": found.clean_sha256}
    act(application, "edit", actor, payload=payload, effect=lambda _: application.files.remove(found))


def file_bytes(file: ProgramFile) -> bytes:
    """The clean copy."""
    return storage().open(file.clean_key)


# --- submit, withdraw -------------------------------------------------------------------------------------------


def submit_application(
    application: ProgramApplication, actor: Actor, *, seen_version: int | None = None
) -> ProgramApplication:
    """To the bureau; refused with every gap while something is missing or above its ceiling."""

    def write(_: Any) -> None:
        application.submitted_at = clock.now()

    act(application, "submit", actor, seen_version=seen_version, effect=write)
    return application


def withdraw_application(
    application: ProgramApplication, reason: str, actor: Actor, *, seen_version: int | None = None
) -> None:
    """Back to the organisation for good."""

    def write(_: Any) -> None:
        application.end_reason = reason.strip()

    act(application, "withdraw", actor, seen_version=seen_version, reason=reason, effect=write)
