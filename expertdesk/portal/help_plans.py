"""The words of the help about training plans and programmes (see help_texts)."""

from __future__ import annotations

from expertdesk.foundation.locale import lazy
from expertdesk.portal.help_shape import Task

MANAGER_TASKS = (
    Task(
        lazy("Plan the year’s training abroad"),
        (
            lazy("Begin the plan of a year, enter the control number from above and give each unit its own."),
            lazy("Units declare in the system or by sheet; check each group, return it with a reason or pass it."),
            lazy("Send the plan up when no hard limit fails; enter the feedback, then the approval list."),
            lazy("Export the plan as Excel, PDF or CSV from its page; the same plan gives the same file."),
        ),
        "training.years",
    ),
    Task(
        lazy("Follow a group abroad"),
        (
            lazy("Publicity, roster, schedule, invitation and both opinions come before the task approval."),
            lazy("Departure and return follow its days; then the report is due and is settled against the approval."),
            lazy("What was not run and not extended lapses when the year is closed."),
        ),
        "training.years",
    ),
    Task(
        lazy("Run a programme for introducing experts"),
        (
            lazy("Announce a call with its window; organisations apply, and you check what they send."),
            lazy("Assign reviewers, hold the decision meeting, publish the list, approve with funds."),
            lazy("Reports, settlement and evaluation follow; targets of the year are held against cases and permits."),
        ),
        "programs.programs",
    ),
)

UNIT_TASKS = (
    Task(
        lazy("Declare a training group"),
        (
            lazy("The training contact of a unit sees the control number and declares groups while a round is open."),
            lazy("The budget is worked out line by line by the standards; every limit says what is wrong and where."),
            lazy("After the approval: publicity, roster, schedule and papers; after the return: the report."),
        ),
        "training.years",
    ),
    Task(
        lazy("Apply for a programme"),
        (lazy("The organisation applies, never the expert; an open call leads to the form."),),
        "programs.mine",
    ),
)
