"""After the preliminary check: acceptance, acceptance by silence, non-acceptance."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from expertdesk.access import SYSTEM, Actor
from expertdesk.cases import letters, records
from expertdesk.cases.acting import LetterBuild, act, require_possible
from expertdesk.cases.clock import DECISION, due_if_started
from expertdesk.cases.guards import (
    correction_overdue,
    counts_as_accepted,
    no_permit_needed,
    open_correction,
    running_clock,
)
from expertdesk.cases.issuing import draft_head, preview_letter
from expertdesk.cases.letters import NonAcceptance
from expertdesk.documents import Printed
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, RuleBroken
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.models import Case, CaseClock, CaseState
from expertdesk.regulations import RuleBook
from expertdesk.workflow import Performed

log = logging.getLogger("expertdesk.cases")
NOBODY_NEEDED, OTHER_BODY, NOT_CORRECTED = "NA1", "NA2", "NA3"


def accept_case(case: Case, actor: Actor, seen_version: int | None) -> Case:
    """The check passed: acceptance notice, and the limit for the decision from today.

    Where the legal days of the check passed in silence, the acceptance that the law made is recorded instead.
    """
    if counts_as_accepted(case):
        records.hold(case, seen_version)
        deem_accepted(case)
        return case
    day = clock.today()
    act(
        case,
        "accept",
        actor,
        seen_version=seen_version,
        payload={"accepted_on": day.isoformat()},
        effect=lambda done: _accepted(case, records.event_day(done.event), actor),
        letters={"ACCEPTANCE_NOTICE": lambda done: _notice(case, deemed=False)},
    )
    return case


def _accepted(case: Case, on: date, actor: Actor) -> None:
    case.accepted_on, case.is_deemed_accepted = on, False
    if case.officer_id is None:
        case.officer_id = actor.id or None


def _notice(case: Case, *, deemed: bool) -> Any:
    row = running_clock(case)
    assert row is not None and case.accepted_on is not None
    return letters.acceptance(case, draft_head(), row, accepted_on=case.accepted_on, deemed=deemed)


def preview_acceptance(case: Case) -> Printed:
    """The acceptance notice as it would look today."""
    today = clock.today()
    limit = due_if_started(case, DECISION, today)
    return preview_letter(
        case, "ACCEPTANCE_NOTICE", lambda head: letters.acceptance(case, head, limit, accepted_on=today, deemed=False)
    )


# --- silence ----------------------------------------------------------------------------------------------------


def deem_accepted(case: Case) -> Performed:
    """The system records the acceptance that silence made, dated back to the submission (D-PR-03).

    The law does not wait for a printer: a notice that cannot be printed is left out, and the officer is told.
    """
    session = records.session_of(case)
    notice: Mapping[str, LetterBuild] = {"ACCEPTANCE_NOTICE": lambda done: _notice(case, deemed=True)}
    try:
        with session.begin_nested():
            return _deem(case, notice)
    except NotAllowedNow as stopped:
        if all(reason.code != "missing_glyph" for reason in stopped.reasons):
            raise
        done = _deem(case, {})
        records.note(case, "case.letter_stopped", SYSTEM, {"kind": "ACCEPTANCE_NOTICE"})
        return done


def _deem(case: Case, notice: Mapping[str, LetterBuild]) -> Performed:
    row = running_clock(case)
    assert row is not None
    since = row.started_on

    def effect(done: Performed) -> None:
        case.accepted_on, case.is_deemed_accepted = since, True

    payload = {"accepted_on": since.isoformat()}
    return act(case, "deem_accepted", SYSTEM, payload=payload, effect=effect, letters=notice)


def deem_accepted_due() -> int:
    """Record every acceptance by silence that is due; the worker calls it. One case that fails stops no other: each is
    a transaction of its own, committed here."""
    due = (
        select(Case.id)
        .join(CaseClock, CaseClock.case_id == Case.id)
        .where(
            Case.state == CaseState.SUBMITTED,
            CaseClock.ended_on.is_(None),
            CaseClock.step == "precheck",
            CaseClock.statutory_due_on < clock.today(),
        )
        .order_by(Case.id)
    )
    found = list(db.session.scalars(due))
    db.session.commit()
    return sum(_deem_one(case_id) for case_id in found)


def _deem_one(case_id: int) -> int:
    try:
        case = db.session.get_one(Case, case_id)
        records.hold(case)
        if not counts_as_accepted(case):
            db.session.rollback()
            return 0
        deem_accepted(case)
        db.session.commit()
        return 1
    except Exception:
        db.session.rollback()
        log.exception("acceptance by silence failed for case id %s", case_id)
        return 0


# --- non-acceptance ---------------------------------------------------------------------------------------------


def not_accept(
    case: Case,
    ground: str,
    actor: Actor,
    seen_version: int | None,
    note: Bilingual | None = None,
    *,
    body: Bilingual | None = None,
) -> Case:
    """Written, with ground, law, the body responsible and the remedies; never a refusal.

    `note`: the reason in words, needed where another body is competent (with `body`, which one).
    """
    require_possible(case, "not_accept", actor, seen_version)
    why = non_acceptance_reasons(case, ground, note, body)
    act(
        case,
        "not_accept",
        actor,
        seen_version=seen_version,
        payload={"ground": ground},
        effect=lambda done: _ended(case, records.event_day(done.event), ground, actor),
        letters={"NON_ACCEPTANCE_NOTICE": lambda done: letters.non_acceptance(case, draft_head(), why)},
    )
    return case


def _ended(case: Case, on: date, ground: str, actor: Actor) -> None:
    case.decision = {**case.decision, "ground": ground, "ended_on": on.isoformat()}
    if case.officer_id is None:
        case.officer_id = actor.id or None


def preview_non_acceptance(
    case: Case, ground: str, note: Bilingual | None = None, *, body: Bilingual | None = None
) -> Printed:
    why = non_acceptance_reasons(case, ground, note, body)
    return preview_letter(case, "NON_ACCEPTANCE_NOTICE", lambda head: letters.non_acceptance(case, head, why))


def non_acceptance_reasons(
    case: Case, ground: str, note: Bilingual | None, body: Bilingual | None
) -> NonAcceptance:
    """Does the ground fit, and what does the notice say? RuleBroken where it does not."""
    book = records.book_of(case)
    row = book.find("non_acceptance_grounds", ground)
    if row is None:
        raise RuleBroken({"ground": lazy("Choose a ground.")})
    if ground == NOBODY_NEEDED:
        return _nobody_needed(case, book)
    if ground == OTHER_BODY:
        return _other_body(book, row, note, body)
    return _not_corrected(case, book, row, note)


def _nobody_needed(case: Case, book: RuleBook) -> NonAcceptance:
    found = no_permit_needed(case)
    if found is None:
        raise RuleBroken({"ground": lazy("This person needs a permit; the ground does not fit.")})
    reasons = Bilingual(
        f"申请人属于{found.group.name.zh}，依法不需要取得外国人来华工作许可。{found.group.rule.zh}",
        f"The applicant belongs to this group: {found.group.name.en}. No work permit is needed by law. "
        f"{found.group.rule.en}",
    )
    return NonAcceptance(NOBODY_NEEDED, reasons, letters.basis(book, _laws(found)), found.body)


def _laws(found: Any) -> list[str]:
    """The article on acceptance, then what frees the group."""
    own = [code for code in found.group.get("source", ()) or () if code.startswith("L")]
    return [found.law.code, *own]


def _other_body(book: RuleBook, row: Any, note: Bilingual | None, body: Bilingual | None) -> NonAcceptance:
    problems: dict[str, Any] = {}
    if note is None or not note.zh.strip() or not note.en.strip():
        problems["note"] = lazy("Write the reason in both languages.")
    if body is None or not body.zh.strip() or not body.en.strip():
        problems["body"] = lazy("Name the body responsible in both languages.")
    if problems:
        raise RuleBroken(problems)
    assert note is not None and body is not None
    return NonAcceptance(OTHER_BODY, note, letters.basis(book, [row.law]), body)


def _not_corrected(case: Case, book: RuleBook, row: Any, note: Bilingual | None) -> NonAcceptance:
    waiting = open_correction(case)
    if not case.corrections:
        raise RuleBroken({"ground": lazy("No correction notice was issued, so this ground does not fit.")})
    if waiting is not None:
        still_running = correction_overdue(case, SYSTEM)
        if still_running:
            raise RuleBroken({"ground": still_running[0].text})
    reasons = note if note is not None and note.zh.strip() and note.en.strip() else row.name
    return NonAcceptance(NOT_CORRECTED, reasons, letters.basis(book, [row.law]))
