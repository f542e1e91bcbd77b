"""A workflow table as a drawing: boxes, arrows, numbers. Pure; the template turns it into SVG.

The main way runs down the left column, what leaves it stands in the right one; numbers on the arrows lead to the table
below the drawing, so that words of any length and readers of any kind are served. Everything is taken from the table:
a transition that is added there appears here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from expertdesk.workflow.table import Transition, Workflow

# measures of the drawing, in its own units; it is 360 wide so that 14-unit text stays readable on a phone
WIDTH = 360
_SPINE_X, _SPINE_W = 34, 126
_SIDE_X, _SIDE_W = 216, 116
_BOX_H, _GAP = 40, 34
_SLOT = _BOX_H + _GAP
_RAIL_X, _BACK_X, _RIGHT_X = 11, 22, 349
_STEP = 12  # between an arrow there and an arrow back


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    label: Any
    kind: str  # main, side, end


@dataclass(frozen=True)
class Arrow:
    path: str
    is_dashed: bool = False


@dataclass(frozen=True)
class Mark:
    """The number on an arrow; filled for what the reader's role does."""

    x: int
    y: int
    number: int
    is_own: bool = False


@dataclass(frozen=True)
class Line:
    """A row of the table beside the drawing. `number` 0: the action leaves the state as it is."""

    number: int
    label: Any
    does: Any
    sources: tuple[Any, ...]
    target: Any
    rights: tuple[str, ...]
    is_system: bool
    is_own: bool


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]


def draw(workflow: Workflow, name: Callable[[str], Any], own: Collection[str] = ()) -> Drawing:
    """`name(code)` is the short name of a state; `own` the permissions whose actions are to stand out."""
    plan = _Plan(workflow)
    moves = [row for row in workflow.transitions if row.target is not None]
    numbers = {row.action: place for place, row in enumerate(moves, start=1)}
    arrows: list[Arrow] = []
    marks: list[Mark] = []
    for row in moves:
        is_own = _is_own(row, own)
        for path, x, y in plan.ways(row):
            arrows.append(Arrow(path, row.is_system))
            marks.append(Mark(x, y, numbers[row.action], is_own))
    return Drawing(
        WIDTH, plan.height, plan.boxes(name), tuple(arrows), _apart(marks), _lines(workflow, numbers, name, own)
    )


def _is_own(row: Transition, own: Collection[str]) -> bool:
    return not row.is_system and any(right in own for right in row.rights)


def _apart(marks: list[Mark]) -> tuple[Mark, ...]:
    """Two actions on one arrow: their numbers stand beside each other."""
    here: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark not in here[mark.x, mark.y]:
            here[mark.x, mark.y].append(mark)
    placed = []
    for (x, y), together in here.items():
        first = x - (len(together) - 1) * _STEP
        placed += [Mark(first + 2 * _STEP * place, y, mark.number, mark.is_own) for place, mark in enumerate(together)]
    return tuple(sorted(placed, key=lambda mark: (mark.number, mark.y)))


def _lines(
    workflow: Workflow, numbers: dict[str, int], name: Callable[[str], Any], own: Collection[str]
) -> tuple[Line, ...]:
    return tuple(
        Line(
            number=numbers.get(row.action, 0),
            label=row.label,
            does=row.does,
            sources=tuple(name(state) for state in workflow.states if state in row.sources),
            target=name(row.target) if row.target else None,
            rights=tuple(str(right) for right in row.rights),
            is_system=row.is_system,
            is_own=_is_own(row, own),
        )
        for row in sorted(workflow.transitions, key=lambda row: numbers.get(row.action, len(numbers) + 1))
    )


class _Plan:
    """Where each state stands and how an arrow runs between two of them."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.order = {state: place for place, state in enumerate(workflow.states)}
        self.spine = self._spine()
        # what can be reached from nearly everywhere stands at the foot, joined by a rail
        self.foot = [
            state for state in workflow.states if state not in self.spine and self._doors(state) > 2
        ]  # two fit
        self.sides = self._sides()
        self._place()

    def _doors(self, state: str) -> int:
        return len({source for row in self.workflow.transitions if row.target == state for source in row.sources})

    def _spine(self) -> list[str]:
        """The longest way onwards from the first state, in the order the states are named."""
        onwards: dict[str, set[str]] = defaultdict(set)
        for row in self.workflow.transitions:
            for source in row.sources:
                if row.target and self.order[row.target] > self.order[source]:
                    onwards[source].add(row.target)

        def longest(state: str) -> list[str]:
            ways = [longest(target) for target in sorted(onwards[state], key=lambda code: self.order[code])]
            return [state, *max(ways, key=len, default=[])]

        return longest(self.workflow.initial)

    def _sides(self) -> dict[str, list[str]]:
        """The other states, at the row of the first state of the main way from which they are reached."""
        beside: dict[str, list[str]] = {state: [] for state in self.spine}
        waiting = [state for state in self.workflow.states if state not in self.spine and state not in self.foot]
        home: dict[str, str] = {state: state for state in self.spine}
        while waiting:
            for state in list(waiting):
                sources = [
                    source
                    for row in self.workflow.transitions
                    if row.target == state
                    for source in sorted(row.sources, key=lambda code: self.order[code])
                    if source in home
                ]
                if sources or len(waiting) == 1:
                    home[state] = home[sources[0]] if sources else self.spine[-1]
                    beside[home[state]].append(state)
                    waiting.remove(state)
        return beside

    def _place(self) -> None:
        self.at: dict[str, tuple[int, int, int, int]] = {}
        y = 2
        for state in self.spine:
            rows = max(1, len(self.sides[state]))
            self.at[state] = (_SPINE_X, y, _SPINE_W, rows * _SLOT - _GAP)
            for place, side in enumerate(self.sides[state]):
                self.at[side] = (_SIDE_X, y + place * _SLOT, _SIDE_W, _BOX_H)
            y += rows * _SLOT
        for state in self.foot:
            self.at[state] = (_SPINE_X, y, _SIDE_X + _SIDE_W - _SPINE_X, _BOX_H)
            y += _SLOT
        self.height = y - _GAP + 2

    def boxes(self, name: Callable[[str], Any]) -> tuple[Box, ...]:
        return tuple(
            Box(
                *self.at[state],
                name(state),
                "end" if state in self.workflow.finals else "main" if state in self.spine else "side",
            )
            for state in self.workflow.states
            if state in self.at
        )

    def ways(self, row: Transition) -> list[tuple[str, int, int]]:
        """For each source: the path and where its number stands."""
        assert row.target is not None
        sources = [state for state in self.workflow.states if state in row.sources and state != row.target]
        return [self._way(source, row.target) for source in sources]

    def _way(self, source: str, target: str) -> tuple[str, int, int]:
        if target in self.foot:
            return self._to_foot(source, target)
        if source in self.spine and target in self.spine:
            return self._along(source, target)
        if source in self.spine:
            return self._out(source, target)
        if target in self.spine:
            return self._back_in(source, target)
        return self._between_sides(source, target)

    def _along(self, source: str, target: str) -> tuple[str, int, int]:
        x, y, width, height = self.at[source]
        _, goal, _, goal_height = self.at[target]
        middle = x + width // 2
        if goal > y:
            if self.spine.index(target) == self.spine.index(source) + 1:
                return f"M{middle} {y + height}V{goal - 1}", middle, y + height + _STEP + 1
            start, end = y + height - _STEP, goal + goal_height // 2
        else:
            start, end = y + height // 2, goal + goal_height - _STEP
        return f"M{x} {start}H{_BACK_X}V{end}H{x - 1}", _BACK_X, (start + end) // 2

    def _out(self, source: str, target: str) -> tuple[str, int, int]:
        x, y, width, height = self.at[source]
        goal_x, goal, _, goal_height = self.at[target]
        level = goal + goal_height // 2 - (_STEP if self._returns(target, source) else 0)
        right = x + width
        mark = (right + goal_x) // 2 - 2
        if y <= level <= y + height:
            return f"M{right} {level}H{goal_x - 1}", mark, level
        start = y + height - _STEP if level > y else y + _STEP
        bend = right + _STEP
        return f"M{right} {start}H{bend}V{level}H{goal_x - 1}", mark, level

    def _back_in(self, source: str, target: str) -> tuple[str, int, int]:
        x, y, width, height = self.at[source]
        goal_x, goal, goal_width, goal_height = self.at[target]
        right = goal_x + goal_width
        level = y + height // 2 + (_STEP if self._returns(source, target) else 0)
        mark = (right + x) // 2 + 2
        if goal <= level <= goal + goal_height:
            return f"M{x} {level}H{right + 1}", mark, level
        down = x + width // 2
        end = goal + goal_height // 2
        return f"M{down} {y + height if end > y else y}V{end}H{right + 1}", down, (y + height + end) // 2

    def _between_sides(self, source: str, target: str) -> tuple[str, int, int]:
        x, y, width, height = self.at[source]
        _, goal, _, goal_height = self.at[target]
        if goal == y + _SLOT:
            middle = x + width // 2
            return f"M{middle} {y + height}V{goal - 1}", middle, y + height + _STEP + 1
        start, end = y + height // 2, goal + goal_height // 2
        right = x + width
        return f"M{right} {start}H{_RIGHT_X - 8}V{end}H{right + 1}", _RIGHT_X - 8, (start + end) // 2

    def _to_foot(self, source: str, target: str) -> tuple[str, int, int]:
        x, y, width, height = self.at[source]
        goal_x, goal, goal_width, goal_height = self.at[target]
        end = goal + goal_height // 2
        if source in self.spine:
            return f"M{x} {y + _STEP}H{_RAIL_X}V{end}H{goal_x - 1}", _RAIL_X, end - _SLOT // 2
        right = x + width
        return f"M{right} {y + height - _STEP}H{_RIGHT_X}V{end}H{goal_x + goal_width + 1}", _RIGHT_X, end - _SLOT // 2

    def _returns(self, side: str, home: str) -> bool:
        """Whether an arrow leads out to this state and another back, so that they must not lie on each other."""
        there = any(row.target == side and home in row.sources for row in self.workflow.transitions)
        back = any(row.target == home and side in row.sources for row in self.workflow.transitions)
        return there and back
