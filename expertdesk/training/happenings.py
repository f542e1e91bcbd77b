"""The events of plans, groups and institutions in words, for the history."""

from __future__ import annotations

from typing import Any

from expertdesk.foundation.locale import lazy

HAPPENED: dict[str, Any] = {
    "group.drafted": lazy("Draft made"),
    "group.edited": lazy("Declaration changed"),
    "group.declared": lazy("Declared to the bureau"),
    "group.withdrawn": lazy("Withdrawn"),
    "group.supplemented": lazy("Roster, schedule or papers added"),
    "group.reviewed": lazy("Checked by the bureau"),
    "group.returned": lazy("Returned for changes"),
    "group.sent_up": lazy("Sent up with the plan"),
    "group.fed_back": lazy("First feedback from above"),
    "group.approved": lazy("Approved"),
    "group.rejected": lazy("Not approved"),
    "group.adjustment_asked": lazy("Adjustment asked for"),
    "group.adjusted": lazy("Adjustment agreed"),
    "group.adjustment_refused": lazy("Adjustment refused"),
    "group.publicised": lazy("Publicised inside the unit"),
    "group.task_approved": lazy("Task approval issued"),
    "group.extended": lazy("Extended into the next year"),
    "group.cancelled": lazy("Cancelled"),
    "group.lapsed": lazy("Lapsed: not run and not extended"),
    "group.departed": lazy("Departed"),
    "group.came_back": lazy("Came back"),
    "group.reported": lazy("Report filed"),
    "group.closed": lazy("Report accepted, settled"),
    "group.imported": lazy("Imported from a unit sheet"),
    "plan.opened": lazy("Training plan begun"),
    "plan.numbers_set": lazy("Control numbers set"),
    "plan.units_called": lazy("Numbers handed out, declaration open"),
    "plan.sent_up": lazy("Plan sent up (first round)"),
    "plan.feedback_taken": lazy("First feedback entered"),
    "plan.sent_up_again": lazy("Plan sent up (second round)"),
    "plan.approved": lazy("Approval list entered"),
    "plan.next_proposed": lazy("Numbers for the next year kept"),
    "plan.closed": lazy("Plan of the year closed"),
    "plan.sheets_imported": lazy("Unit sheets imported"),
    "provider.registered": lazy("Training institution registered"),
    "provider.changed": lazy("Training institution changed"),
}
