"""Role × state × action of an application, generated from the table and held against lists written by hand: a right, a
way or a refusal that is new must be judged here before it can stand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from expertdesk.access import SYSTEM, Actor, Permission
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotAllowedNow, NotPermitted
from expertdesk.foundation.locale import use_language
from expertdesk.models import Event, Message, ProgramApplication, ProgramCall, ProgramState
from expertdesk.notices.wording import KINDS
from expertdesk.programs import commands
from expertdesk.programs.acting import act
from expertdesk.programs.workflow import PROGRAM
from expertdesk.workflow import options, problems_of
from tests.programs import making
from tests.world import World

ROLES = (
    "officer", "reviewer", "liaison", "manager", "admin", "auditor", "expert", "employer", "employer2", "system",
)  # fmt: skip
_ORGANISATION = frozenset({"employer", "employer2"})
_MANAGER = frozenset({"manager"})
_BOTH = _ORGANISATION | _MANAGER

# who holds the right to each action at all; `employer2` acts for another organisation and is stopped by a guard
MAY: dict[str, frozenset[str]] = {
    "submit": _ORGANISATION,
    "edit": _ORGANISATION,
    "withdraw": _ORGANISATION,
    "pass_check": _MANAGER,
    "return": _MANAGER,
    "link_expert": _MANAGER,
    "assign": _MANAGER,
    "assign_more": _MANAGER,
    "declare_conflict": frozenset({"reviewer"}),
    "review": frozenset({"reviewer"}),
    "record_review": _MANAGER,
    "finish_review": _MANAGER,
    "propose": _MANAGER,
    "reject": _MANAGER,
    "publicise": _MANAGER,
    "note_objection": _MANAGER,
    "approve": _MANAGER,
    "start": _BOTH,
    "record_visit": _BOTH,
    "report": _BOTH,
    "ask_change": _ORGANISATION,
    "decide_change": _MANAGER,
    "file_settlement": _BOTH,
    "settle": _MANAGER,
    "return_settlement": _MANAGER,
    "close": _MANAGER,
    "evaluate": _MANAGER,
    "terminate": _MANAGER,
    "lapse": frozenset({"system"}),
}

_BEFORE = {"draft", "submitted", "returned", "checked", "in_review", "reviewed", "proposed", "publicised"}
_ENDS = {"evaluated", "rejected", "withdrawn", "terminated", "lapsed"}
_ALL = {state.value for state in ProgramState}

# from which states each action leads where
WAYS: dict[str, tuple[set[str], str | None]] = {
    "submit": ({"draft", "returned"}, "submitted"),
    "edit": ({"draft", "returned"}, None),
    "withdraw": (_BEFORE, "withdrawn"),
    "pass_check": ({"submitted"}, "checked"),
    "return": ({"submitted"}, "returned"),
    "link_expert": (_ALL - _ENDS - {"draft"}, None),
    "assign": ({"checked"}, "in_review"),
    "assign_more": ({"in_review"}, None),
    "declare_conflict": ({"in_review"}, None),
    "review": ({"in_review"}, None),
    "record_review": ({"in_review"}, None),
    "finish_review": ({"in_review"}, "reviewed"),
    "propose": ({"reviewed"}, "proposed"),
    "reject": ({"reviewed", "publicised"}, "rejected"),
    "publicise": ({"proposed"}, "publicised"),
    "note_objection": ({"publicised"}, None),
    "approve": ({"publicised"}, "approved"),
    "start": ({"approved"}, "running"),
    "record_visit": ({"running"}, None),
    "report": ({"running", "settled"}, None),
    "ask_change": ({"approved", "running"}, None),
    "decide_change": ({"approved", "running"}, None),
    "file_settlement": ({"running"}, None),
    "settle": ({"running"}, "settled"),
    "return_settlement": ({"running"}, None),
    "close": ({"settled"}, "closed"),
    "evaluate": ({"closed"}, "evaluated"),
    "terminate": ({"approved", "running"}, "terminated"),
    "lapse": ({"approved"}, "lapsed"),
}

# what stands in the way of those who have the right, in an application made as `making` makes it; else it is done
REFUSED: dict[tuple[str, str], set[str]] = {
    ("in_review", "finish_review"): {"reviews_missing"},
    ("publicised", "approve"): {"publicity_runs"},
    ("approved", "decide_change"): {"no_change"},
    ("approved", "lapse"): {"year_runs"},
    ("running", "decide_change"): {"no_change"},
    ("running", "settle"): {"no_settlement"},
    ("running", "return_settlement"): {"no_settlement"},
    ("settled", "close"): {"no_final_report"},
}


def _returned(world: World, call: ProgramCall) -> ProgramApplication:
    application = making.submitted(world, call)
    commands.return_application(application, "缺少签字页。", world.actor("manager"))
    return application


def _checked(world: World, call: ProgramCall) -> ProgramApplication:
    application = making.submitted(world, call)
    commands.pass_check(application, world.actor("manager"))
    return application


def _rejected(world: World, call: ProgramCall) -> ProgramApplication:
    application = making.reviewed(world, call)
    commands.reject_application(application, "经费不足。", world.actor("manager"))
    return application


def _withdrawn(world: World, call: ProgramCall) -> ProgramApplication:
    application = making.submitted(world, call)
    commands.withdraw_application(application, "专家不能来华。", world.actor("employer"))
    return application


def _terminated(world: World, call: ProgramCall) -> ProgramApplication:
    application = making.running(world, call)
    commands.terminate_project(application, "专家不能来华。", world.actor("manager"))
    return application


def _lapsed(world: World, call: ProgramCall) -> ProgramApplication:
    application = making.approved(world, call)
    with making.at("2027-01-02"):
        assert commands.lapse_due() == 1
    return application


MAKERS: dict[str, Callable[[World, ProgramCall], ProgramApplication]] = {
    "draft": making.filled,
    "submitted": making.submitted,
    "returned": _returned,
    "checked": _checked,
    "in_review": making.in_review,
    "reviewed": making.reviewed,
    "proposed": making.proposed,
    "publicised": making.publicised,
    "approved": making.approved,
    "running": making.running,
    "settled": making.settled,
    "closed": making.closed,
    "evaluated": making.evaluated,
    "rejected": _rejected,
    "withdrawn": _withdrawn,
    "terminated": _terminated,
    "lapsed": _lapsed,
}
# the day on which an application in this state is tried; the others today
DAYS = {
    "approved": "2026-12-04", "running": "2026-12-05", "settled": "2027-11-21", "closed": "2027-12-02",
    "evaluated": "2027-12-11", "terminated": "2026-12-05", "lapsed": "2027-01-03",
}  # fmt: skip


def test_the_table_is_sound_and_says_what_the_lists_say(app):
    assert problems_of(PROGRAM) == []
    assert {row.action: (set(row.sources), row.target) for row in PROGRAM.transitions} == WAYS
    assert set(MAKERS) == _ALL == set(PROGRAM.states) and set(MAY) == set(WAYS)
    for row in PROGRAM.transitions:
        assert row.is_system or row.endpoint, row.action
        assert row.event.startswith("program."), row.action
        assert not row.notice or row.notice in KINDS, row.action
        for text in (row.label, row.does):
            assert text and both(text), row.action


def both(text: Any) -> tuple[str, str]:
    """A text in both languages, each there and not the same."""
    found = []
    for language in ("zh", "en"):
        with use_language(language):
            found.append(str(text))
    chinese, english = found
    assert chinese and english and chinese != english, found
    return chinese, english


@pytest.mark.parametrize("state", MAKERS)
def test_role_by_action(world, state):
    """Every action by every role in this state: refused by the state, by the right, by a guard that says why, or done.
    Nothing that is refused leaves a trace or a message, and what a page offers is what a POST may do."""
    application = MAKERS[state](world, making.call(world))
    with making.at(DAYS.get(state, "2026-11-24"), 12):
        assert application.state == state
        for role in ROLES:
            actor = SYSTEM if role == "system" else world.actor(role)
            offered = {option.action: option for option in options(PROGRAM, application, actor)}
            assert set(offered) == {
                action for action, (sources, _) in WAYS.items()
                if state in sources and role in MAY[action] and role != "system"
            }, role  # fmt: skip
            for action in WAYS:
                codes = _try(application, action, role, actor, state)
                if action in offered and codes is not None:
                    assert offered[action].is_allowed == (not codes), (role, action, codes)


def _try(application: ProgramApplication, action: str, role: str, actor: Actor, state: str) -> set[str] | None:
    """Do it and take it back; the codes of the refusal, nothing where the right was missing."""
    sources, target = WAYS[action]
    before = _traces()
    codes: set[str] | None = set()
    try:
        with suppress(_Undo), db.session.begin_nested():
            payload = {"accounts": [], "agreed": True}
            done = act(application, action, actor, reason="试验", payload=payload)
            assert role in MAY[action] and state in sources, f"{role} did {action} in {state}"
            assert application.state == (target or state)
            assert (done.event.payload["from"], done.event.payload["to"]) == (state, application.state)
            raise _Undo
    except NotPermitted:
        assert state in sources and role not in MAY[action], (role, action)
        codes = None
    except NotAllowedNow as error:
        codes = {reason.code for reason in error.reasons}
        for reason in error.reasons:
            both(reason.text)
            assert not reason.who or both(reason.who)
    db.session.expire_all()
    assert application.state == state and _traces() == before
    if codes is not None:
        assert codes == _expected(action, role, state), (role, action)
    return codes


def _traces() -> tuple[int, int]:
    return db.session.query(Event).count(), db.session.query(Message).count()


def _expected(action: str, role: str, state: str) -> set[str]:
    if state not in WAYS[action][0]:
        return {"not_in_this_state"}
    expected = set(REFUSED.get((state, action), ()))
    is_foreign = role == "employer2" and "employer" in MAY[action]
    return expected | {"not_your_organisation"} if is_foreign else expected


class _Undo(Exception):
    pass


def test_a_reason_is_asked_for_where_the_table_says_so(world):
    application = making.submitted(world, making.call(world))
    for action in ("return", "withdraw"):
        actor = world.actor("manager" if action == "return" else "employer")
        with pytest.raises(NotAllowedNow) as refused:
            act(application, action, actor, reason="  ")
        assert [reason.code for reason in refused.value.reasons] == ["reason_missing"]
    assert {row.action for row in PROGRAM.transitions if row.needs_reason} == {
        "withdraw", "return", "reject", "return_settlement", "terminate",
    }  # fmt: skip


def test_an_expert_never_applies(world):
    """The organisation does, whatever the expert is to it."""
    for role in ("expert", "expert2"):
        actor = world.actor(role)
        assert not actor.may(Permission.PROGRAM_APPLY) and not actor.may(Permission.PROGRAM_READ)
    with pytest.raises(NotPermitted):
        commands.begin_application(
            making.call(world), world.organisation_id, making.particulars(), world.actor("expert")
        )
