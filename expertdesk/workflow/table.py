"""The shape of a workflow table. Pure: no Flask, no models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from expertdesk.access import Actor, Permission
from expertdesk.foundation.errors import Reason

# a guard looks at the subject and the actor and returns the reasons why not; empty = allowed
Guard = Callable[[Any, Actor], Sequence[Reason]]


class ClockEffect(StrEnum):
    """What an action does to the clock of the case; `start:<step>` and `end` are combined by the clock keeper."""

    NONE = "none"
    START_PRECHECK = "start_precheck"
    START_CORRECTION = "start_correction"
    START_DECISION = "start_decision"
    START_DELIVERY = "start_delivery"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"


@dataclass(frozen=True)
class Transition:
    """One action from some states to one state (`target` None = the state stays).

    `label` is the words on the button, `event` the name in the history (past tense), `does` the sentence beside the
    button; `needs_reason` means the form asks for one; `letters` and `notice` are codes; `endpoint` is where the page
    leads for the form; `is_system` marks what the worker does; `is_public` what the expert's timeline shows.
    `also_by`: other rights of which any one is enough (an applicant and the officer at the counter do the same act).
    """

    action: str
    sources: frozenset[str]
    target: str | None
    permission: Permission
    event: str
    label: Any
    does: Any = ""
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    clock: ClockEffect = ClockEffect.NONE
    letters: tuple[str, ...] = ()
    notice: str = ""
    endpoint: str = ""
    is_public: bool = True
    is_system: bool = False
    is_primary: bool = False
    also_by: tuple[Permission, ...] = ()

    @property
    def rights(self) -> tuple[Permission, ...]:
        """Every right that is enough to do it."""
        return (self.permission, *self.also_by)


@dataclass(frozen=True)
class Workflow:
    """A process: its states in order, where it starts and ends, and its transitions.

    `state_label(code)` names a state; `holder(code)` names who holds the subject in a state.
    """

    name: str
    title: Any
    states: tuple[str, ...]
    initial: str
    finals: frozenset[str]
    transitions: tuple[Transition, ...]
    state_label: Callable[[str], Any] = field(default=str)
    subject_kind: str = ""

    def find(self, action: str) -> Transition | None:
        return next((row for row in self.transitions if row.action == action), None)

    def get(self, action: str) -> Transition:
        found = self.find(action)
        if found is None:
            raise KeyError(f"{self.name} has no action {action}")
        return found

    def from_state(self, state: str) -> tuple[Transition, ...]:
        return tuple(row for row in self.transitions if state in row.sources)


@dataclass(frozen=True)
class Option:
    """One button of a page: what it is, whether it can be pressed now, and if not, why."""

    action: str
    label: Any
    does: Any
    endpoint: str
    is_allowed: bool
    reasons: tuple[Reason, ...] = ()
    is_primary: bool = False
    needs_reason: bool = False
