"""The soundness check names each flaw of a table, and `perform` is one door: what is refused leaves no trace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from expertdesk.access import SYSTEM, Actor, Permission, Role
from expertdesk.foundation.errors import Reason
from expertdesk.workflow import ClockEffect, Transition, Workflow, options, problems_of


def row(action: str, sources: set[str], target: str | None, **more: Any) -> Transition:
    values = {"permission": Permission.CASE_CREATE, "event": f"x.{action}", "label": action.title(), **more}
    return Transition(action=action, sources=frozenset(sources), target=target, **values)


SOUND = Workflow(
    name="x",
    title="X",
    states=("a", "b", "c"),
    initial="a",
    finals=frozenset({"c"}),
    transitions=(row("go", {"a"}, "b"), row("end", {"b"}, "c"), row("note", {"a", "b"}, None)),
)


def with_rows(*rows: Transition, **changes: Any) -> Workflow:
    return replace(SOUND, transitions=rows, **changes)


def test_a_sound_table_has_no_problem():
    assert problems_of(SOUND) == []


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (with_rows(*SOUND.transitions, row("go", {"a"}, "b")), "go stands twice"),
        (with_rows(*SOUND.transitions, row("lost", {"z"}, "b")), "unknown state z"),
        (with_rows(*SOUND.transitions, row("lost", {"a"}, "z")), "unknown state z"),
        (with_rows(*SOUND.transitions, row("again", {"c"}, "a")), "leaves the end c"),
        (with_rows(row("go", {"a"}, "b"), row("end", {"b"}, "c"), states=("a", "b", "c", "d")), "d cannot be reached"),
        (with_rows(row("go", {"a"}, "b")), "b is a dead end"),
        (with_rows(row("go", {"a"}, "b"), row("back", {"b"}, "a")), "no end can be reached from a"),
        (
            with_rows(*SOUND.transitions, row("tick", {"a"}, None, clock=ClockEffect.START_DECISION)),
            "starts a clock without changing the state",
        ),
    ],
)
def test_each_flaw_is_named(table, words):
    assert any(words in problem for problem in problems_of(table)), problems_of(table)


@dataclass
class Thing:
    id: int = 1
    state: str = "a"
    row_version: int = 1
    is_ready: bool = False


def ready(thing: Thing, actor: Actor) -> list[Reason]:
    return [] if thing.is_ready else [Reason("not_ready", "It is not ready.", who="The preparer can.")]


def test_options_show_every_action_of_the_state_with_its_reasons():
    table = with_rows(
        row("go", {"a"}, "b", guards=(ready,)),
        row("end", {"b"}, "c"),
        row("decide", {"a"}, "b", permission=Permission.CASE_DECIDE),
        row("ask", {"a"}, "b", permission=Permission.CASE_DECIDE, also_by=(Permission.CASE_CREATE,)),
        row("tick", {"a"}, "b", permission=Permission.SYSTEM, is_system=True),
    )
    officer = Actor(id=7, username="o", name="O", roles=frozenset({Role.OFFICER}))
    found = {option.action: option for option in options(table, Thing(), officer)}
    assert set(found) == {"go", "ask"}  # other states, other rights and the system's own are no buttons
    assert not found["go"].is_allowed and found["go"].reasons[0].code == "not_ready"
    assert found["ask"].is_allowed
    assert all(option.is_allowed for option in options(table, Thing(is_ready=True), officer))
    assert options(table, Thing(), SYSTEM) == ()
