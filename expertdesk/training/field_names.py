"""What the fields of a group are called: as the plan table has it where it has a column, else our own. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from expertdesk.foundation.locale import current_language, lazy
from expertdesk.regulations import RuleBook

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
    "budget": lazy("Budget line by line"),
    "leader_form": lazy("Approval form for leading officials"),
    "roster": lazy("Roster"),
    "schedule": lazy("Schedule day by day"),
    "publicity": lazy("Publicity inside the unit"),
    "reviews": lazy("Task and budget review"),
    "invitation_signatory": lazy("Signatory of the invitation"),
    "report": lazy("Report"),
    "reported_on": lazy("Report"),
    "passports_returned_on": lazy("Passports handed in on"),
}


def name_of_field(book: RuleBook, field: str) -> Any:
    """Readable in the reader's language."""
    if field in _OWN:
        return _OWN[field]
    return book.name_of("training_columns", COLUMN_OF.get(field, field))


@dataclass(frozen=True)
class Listed:
    """Names in a row, parted as the reader's language does it."""

    names: tuple[Any, ...]
    parted: tuple[str, str] = ("、", ", ")

    def __str__(self) -> str:
        return self.parted[0 if current_language() == "zh" else 1].join(str(name) for name in self.names if name)


def listed(names: Iterable[Any]) -> Listed:
    return Listed(tuple(names))
