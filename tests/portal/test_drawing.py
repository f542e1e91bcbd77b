"""The drawing is made from the table alone, and nothing of it lies on something else."""

from __future__ import annotations

import re
from itertools import combinations

from expertdesk.access import Permission
from expertdesk.cases.workflow import CASE
from expertdesk.portal.drawing import WIDTH, draw
from expertdesk.workflow import Transition, Workflow


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def test_every_state_and_every_move_is_drawn():
    drawing = draw(CASE, str)
    assert {box.label for box in drawing.boxes} == set(CASE.states)
    moves = [row for row in CASE.transitions if row.target is not None]
    assert len(drawing.arrows) == sum(len(row.sources - {row.target}) for row in moves)
    assert {mark.number for mark in drawing.marks} == set(range(1, len(moves) + 1))
    assert [line.number for line in drawing.lines if line.number] == sorted(
        line.number for line in drawing.lines if line.number
    )


def test_boxes_do_not_overlap_and_all_lies_on_the_sheet():
    drawing = draw(CASE, str)
    for first, second in combinations(drawing.boxes, 2):
        apart = (
            first.x + first.width <= second.x
            or second.x + second.width <= first.x
            or first.y + first.height <= second.y
            or second.y + second.height <= first.y
        )
        assert apart, (first.label, second.label)
    for box in drawing.boxes:
        assert box.x >= 0 and box.x + box.width <= WIDTH and box.y >= 0 and box.y + box.height <= drawing.height
    for mark in drawing.marks:
        assert 10 <= mark.x <= WIDTH - 10 and 0 < mark.y < drawing.height
    for arrow in drawing.arrows:
        assert max(numbers(arrow.path)) <= max(WIDTH, drawing.height) and min(numbers(arrow.path)) >= 0


def test_numbers_do_not_hide_each_other():
    drawing = draw(CASE, str)
    for first, second in combinations(drawing.marks, 2):
        far = (first.x - second.x) ** 2 + (first.y - second.y) ** 2 >= 19**2
        assert far or (first.number, first.x, first.y) == (second.number, second.x, second.y), (first, second)


def test_own_steps_stand_out():
    drawing = draw(CASE, str, {Permission.CASE_DECIDE})
    own = {str(line.label) for line in drawing.lines if line.is_own}
    assert own == {str(row.label) for row in CASE.transitions if Permission.CASE_DECIDE in row.rights}
    assert not any(line.is_own for line in drawing.lines if line.is_system)


def test_a_new_transition_appears_by_itself():
    more = Transition(
        action="reopen", sources=frozenset({"returned"}), target="draft", permission=Permission.CASE_CREATE,
        event="case.reopened", label="Reopen",
    )  # fmt: skip
    changed = Workflow(
        name="case", title="", states=CASE.states, initial=CASE.initial, finals=frozenset({"closed"}),
        transitions=(*CASE.transitions, more),
    )  # fmt: skip
    assert len(draw(changed, str).arrows) == len(draw(CASE, str).arrows) + 1
    assert any(line.label == "Reopen" for line in draw(changed, str).lines)


def test_a_small_workflow_is_drawn_too():
    def step(action: str, source: str, target: str) -> Transition:
        return Transition(action, frozenset({source}), target, Permission.CASE_READ, f"x.{action}", action)

    small = Workflow(
        name="x", title="", states=("a", "b", "c"), initial="a", finals=frozenset({"c"}),
        transitions=(step("go", "a", "b"), step("back", "b", "a"), step("end", "b", "c")),
    )  # fmt: skip
    drawing = draw(small, str)
    assert len(drawing.boxes) == 3 and len(drawing.arrows) == 3
