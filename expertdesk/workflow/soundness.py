"""Is a workflow table sound? Run by `check` and by the tests. Pure."""

from __future__ import annotations

from expertdesk.workflow.table import Workflow


def problems_of(workflow: Workflow) -> list[str]:
    """Sentences, one for each flaw: unknown states, unreachable states, dead ends, exits from an end, doubles."""
    problems: list[str] = []
    known = set(workflow.states)
    seen: set[str] = set()
    for row in workflow.transitions:
        if row.action in seen:
            problems.append(f"{workflow.name}: action {row.action} stands twice")
        seen.add(row.action)
        if row.target is None and row.clock.value.startswith("start"):
            problems.append(f"{workflow.name}: {row.action} starts a clock without changing the state")
        for state in row.sources | ({row.target} if row.target else set()):
            if state not in known:
                problems.append(f"{workflow.name}: {row.action} names the unknown state {state}")
        for state in row.sources & workflow.finals:
            if row.target is not None:
                problems.append(f"{workflow.name}: {row.action} leaves the end {state}")
    problems += [f"{workflow.name}: {state} cannot be reached" for state in sorted(known - _reachable(workflow))]
    for state in sorted(known - workflow.finals):
        if not any(row.target and row.target != state for row in workflow.from_state(state)):
            problems.append(f"{workflow.name}: {state} is a dead end")
        elif not _reaches_end(workflow, state):
            problems.append(f"{workflow.name}: no end can be reached from {state}")
    return problems


def _reachable(workflow: Workflow, start: str | None = None) -> set[str]:
    found = {start or workflow.initial}
    while True:
        more = {row.target for row in workflow.transitions if row.target and row.sources & found} - found
        if not more:
            return found
        found |= more


def _reaches_end(workflow: Workflow, state: str) -> bool:
    return bool(_reachable(workflow, state) & workflow.finals)
