"""Role × state × action, generated from the table and held against a list written by hand: a right or a way that is new
must be judged here before it can stand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from expertdesk.access import SYSTEM, Actor
from expertdesk.cases import commands
from expertdesk.cases.acting import act
from expertdesk.cases.workflow import CASE
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotPermitted
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Case, CaseState, Event
from expertdesk.permits.commands import grant_permit, refuse_permit
from expertdesk.workflow import options, problems_of
from tests.cases import steps

ROLES = ("officer", "reviewer", "liaison", "manager", "admin", "auditor", "expert", "employer", "system")

# who holds the right to each action at all; the first line of defence, written by hand
MAY: dict[str, frozenset[str]] = {
    "submit": frozenset({"officer", "employer"}),
    "edit": frozenset({"officer", "employer"}),
    "assign": frozenset({"officer", "manager"}),
    "accept": frozenset({"officer"}),
    "ask_correction": frozenset({"officer"}),
    "extend_correction": frozenset({"officer"}),
    "answer_correction": frozenset({"officer", "expert", "employer"}),
    "return_papers": frozenset({"officer"}),
    "deem_accepted": frozenset({"system"}),
    "not_accept": frozenset({"officer"}),
    "recommend": frozenset({"officer"}),
    "grant": frozenset({"reviewer"}),
    "refuse": frozenset({"reviewer"}),
    "send_back": frozenset({"reviewer"}),
    "pause": frozenset({"officer", "reviewer"}),
    "resume": frozenset({"officer", "reviewer"}),
    "extend_limit": frozenset({"reviewer"}),
    "deliver": frozenset({"officer"}),
    "close": frozenset({"officer"}),
    "withdraw": frozenset({"officer", "employer"}),
}

# from which states each action leads where
WAYS: dict[str, tuple[frozenset[str], str | None]] = {
    "submit": (frozenset({"draft"}), "submitted"),
    "edit": (frozenset({"draft", "submitted", "in_correction", "accepted"}), None),
    "assign": (
        frozenset(
            {"draft", "submitted", "in_correction", "accepted", "recommended", "granted", "refused", "delivered"}
        ),
        None,
    ),
    "accept": (frozenset({"submitted"}), "accepted"),
    "ask_correction": (frozenset({"submitted"}), "in_correction"),
    "extend_correction": (frozenset({"in_correction"}), None),
    "answer_correction": (frozenset({"in_correction"}), "submitted"),
    "return_papers": (frozenset({"in_correction"}), "returned"),
    "deem_accepted": (frozenset({"submitted"}), "accepted"),
    "not_accept": (frozenset({"submitted", "in_correction"}), "not_accepted"),
    "recommend": (frozenset({"accepted"}), "recommended"),
    "grant": (frozenset({"recommended"}), "granted"),
    "refuse": (frozenset({"recommended"}), "refused"),
    "send_back": (frozenset({"recommended"}), "accepted"),
    "pause": (frozenset({"accepted", "recommended"}), None),
    "resume": (frozenset({"accepted", "recommended"}), None),
    "extend_limit": (frozenset({"accepted", "recommended"}), None),
    "deliver": (frozenset({"granted", "refused"}), "delivered"),
    "close": (frozenset({"delivered"}), "closed"),
    "withdraw": (frozenset({"draft", "submitted", "in_correction", "accepted", "recommended"}), "withdrawn"),
}

TEXT = Bilingual("事实。", "Facts.")


def _in_correction(world: Any, officer: Actor) -> Case:
    case = steps.submitted(world, officer).case
    commands.ask_correction(case, commands.correction_draft(case), officer, case.row_version)
    return case


def _granted(world: Any, officer: Actor) -> Case:
    case = steps.recommended(world, officer)
    grant_permit(case, world.actor("reviewer"), seen_version=case.row_version)
    return case


def _refused(world: Any, officer: Actor) -> Case:
    case = steps.recommended(world, officer)
    reviewer = world.actor("reviewer")
    refuse_permit(case, reviewer, seen_version=case.row_version, grounds=["J03"], facts=TEXT, reasons=TEXT)
    return case


def _delivered(world: Any, officer: Actor) -> Case:
    case = _granted(world, officer)
    return commands.deliver_case(case, None, officer, case.row_version)


def _closed(world: Any, officer: Actor) -> Case:
    case = _delivered(world, officer)
    return commands.close_case(case, officer, case.row_version)


def _not_accepted(world: Any, officer: Actor) -> Case:
    case = steps.submitted(world, officer).case
    return commands.not_accept(
        case, "NA2", officer, case.row_version, TEXT, body=Bilingual("东江省外国专家局", "the provincial bureau")
    )


def _returned(world: Any, officer: Actor) -> Case:
    with clock.at(steps.shanghai(date(2026, 9, 1))):
        case = _in_correction(world, officer)
    return commands.return_papers(case, officer, case.row_version)


def _withdrawn(world: Any, officer: Actor) -> Case:
    case = steps.submitted(world, officer).case
    return commands.withdraw_case(case, "用人单位书面撤回。", officer, case.row_version)


MAKERS: dict[str, Callable[[Any, Actor], Case]] = {
    "draft": lambda world, officer: commands.open_case(steps.new_case(world), officer),
    "submitted": lambda world, officer: steps.submitted(world, officer).case,
    "in_correction": _in_correction,
    "accepted": steps.accepted,
    "recommended": steps.recommended,
    "granted": _granted,
    "refused": _refused,
    "delivered": _delivered,
    "closed": _closed,
    "not_accepted": _not_accepted,
    "returned": _returned,
    "withdrawn": _withdrawn,
}


def test_the_table_is_sound_and_says_what_the_list_says():
    assert problems_of(CASE) == []
    assert {row.action: (row.sources, row.target) for row in CASE.transitions} == WAYS
    assert set(MAKERS) == {state.value for state in CaseState} == set(CASE.states)
    for row in CASE.transitions:
        assert str(row.label) and str(row.does), row.action
        assert row.is_system or row.endpoint, row.action
        assert row.event.startswith("case."), row.action


def test_letters_and_notices_of_the_table_are_known():
    from expertdesk.models import LetterKind
    from expertdesk.notices.wording import KINDS

    for row in CASE.transitions:
        assert set(row.letters) <= {kind.value for kind in LetterKind}, row.action
        assert not row.notice or row.notice in KINDS, row.action
    assert {kind for row in CASE.transitions for kind in row.letters} == {kind.value for kind in LetterKind}


@pytest.mark.parametrize("state", MAKERS)
def test_role_by_action(world, state):
    """Every action by every role in this state: refused by the state, refused by the right, or judged by its guards.
    Nothing that is refused leaves a trace, and what a page offers is what a POST may do."""
    officer = world.actor("officer")
    case = MAKERS[state](world, officer)
    db.session.commit()
    assert case.state == state
    offered: dict[str, set[str]] = {}
    for role in ROLES:
        actor = SYSTEM if role == "system" else world.actor(role)
        offered[role] = {option.action for option in options(CASE, case, actor)}
        for action in WAYS:
            _try(case, action, role, actor, state)
    for role, actions in offered.items():
        expected = {
            action
            for action, (sources, _) in WAYS.items()
            if state in sources and role in MAY[action] and role != "system"
        }
        assert actions == expected, role


def _try(case: Case, action: str, role: str, actor: Actor, state: str) -> None:
    sources, target = WAYS[action]
    before = db.session.query(Event).count()
    payload = {"stop": "HEARING", "working_days": 10, "accepted_on": "2026-11-24", "on": "2026-11-24"}
    with suppress(_Undo):
        try:
            with db.session.begin_nested():
                act(case, action, actor, reason="试验", payload=payload)
                _check_done(case, action, role, state, target)
                raise _Undo
        except NotPermitted:
            assert state in sources and role not in MAY[action], (role, action)
        except NotAllowedNow as error:
            codes = {reason.code for reason in error.reasons}
            if state not in sources:
                assert codes == {"not_in_this_state"}, (role, action, codes)
            else:
                assert role in MAY[action] and "not_in_this_state" not in codes, (role, action, codes)
    db.session.expire_all()
    assert case.state == state and db.session.query(Event).count() == before


class _Undo(Exception):
    pass


def _check_done(case: Case, action: str, role: str, state: str, target: str | None) -> None:
    assert role in MAY[action], f"{role} did {action}"
    assert case.state == (target or state), action
    event = db.session.query(Event).order_by(Event.id.desc()).first()
    assert event is not None and event.payload["from"] == state and event.payload["to"] == case.state


def test_an_action_the_table_does_not_know_is_refused(world):
    case = steps.submitted(world, world.actor("officer")).case
    with pytest.raises(NotAllowedNow):
        act(case, "approve_everything", world.actor("reviewer"))
