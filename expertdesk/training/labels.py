"""The names of fields: those of the plan table where it has a column, else our own."""

from __future__ import annotations

from typing import Any

from expertdesk.foundation.locale import lazy
from expertdesk.regulations.current import rules_today

# field of the model → key of the column in the plan table
COLUMN_OF = {
    "number": "project_no",
    "name": "project_name",
    "organisation_id": "organising_unit",
    "dispatching": "dispatching_unit",
    "destinations": "destination",
    "provider_id": "host_institution",
    "fundings": "funding_source",
    "budget_total": "budget_total_cny",
    "approval_number": "approval_no",
    "state": "execution_state",
}
_OWN = {
    "part": lazy("Part of the plan"),
    "name_en": lazy("Name in English"),
    "awards_degree": lazy("Leads to a diploma"),
    "banquet": lazy("Banquets (CNY)"),
    "gifts": lazy("Gifts (CNY)"),
    "is_for_training_only": lazy("Not for profit, not as a favour, no general sightseeing"),
    "is_without_agents_or_family": lazy("No intermediaries; no spouse or children along"),
    "is_without_sponsors": lazy("No sponsors; no cost passed on to others"),
    "is_secret": lazy("Secret (no publicity)"),
    "rationale": lazy("Rationale"),
    "reasons": lazy("Reasons for warnings"),
    "annual_budget": lazy("Training budget of the year (CNY)"),
    "unit": lazy("Unit"),
}


def label_of(name: str) -> Any:
    """Readable in the reader's language."""
    if name in _OWN:
        return _OWN[name]
    return rules_today().name_of("training_columns", COLUMN_OF.get(name, name))
