"""Workflows as tables, and the one function that changes a state.

Capabilities (cases, permits, …) own a table of typed transitions and call `perform`; it alone writes a state, and with
it the event, the clock, the letter and the notice, in one transaction. The table also feeds buttons and their reasons,
the drawing in the help page, the soundness check and the generated test matrix.

Comes in: a subject row, an action, an actor, plain values. Goes out: the event. Errors: NotAllowedNow with reasons by
code, NotPermitted, Stale.
"""

from expertdesk.workflow.history import append_event, append_events, first_bad_event, lock_history
from expertdesk.workflow.perform import Consequences, Performed, lock_row, options, perform, perform_each, require
from expertdesk.workflow.soundness import problems_of
from expertdesk.workflow.table import ClockEffect, Option, Transition, Workflow

__all__ = [
    "ClockEffect",
    "Consequences",
    "Option",
    "Performed",
    "Transition",
    "Workflow",
    "append_event",
    "append_events",
    "first_bad_event",
    "lock_history",
    "lock_row",
    "options",
    "perform",
    "perform_each",
    "problems_of",
    "require",
]
