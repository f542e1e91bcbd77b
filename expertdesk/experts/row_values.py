"""The lists of a person as plain rows, and two versions of such a list side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from expertdesk.experts import labels
from expertdesk.experts.records import ContactData, EducationData, EmploymentData, FamilyData
from expertdesk.experts.versions import Version
from expertdesk.foundation.errors import FieldDifference
from expertdesk.foundation.locale import lazy
from expertdesk.models import Organisation, Person
from expertdesk.regulations.current import rules_today

KINDS: dict[str, type[Any]] = {"education": EducationData, "employment": EmploymentData, "family": FamilyData}
# a whole row that was chosen among two versions travels under this name
CHOSEN = "chosen-"


def stored_rows(record: Person | Organisation, part: str) -> list[Any]:
    """The rows as they are stored."""
    kind = KINDS.get(part, ContactData)
    names = [item.name for item in fields(kind)]
    return [kind(**{name: getattr(row, name) for name in names}) for row in getattr(record, part)]


def row_values(row: Any) -> dict[str, str]:
    """A row as a form sends it; months as 2019-09."""
    plain = {name: labels.raw(value) for name, value in asdict(row).items()}
    return {name: value[:7] if name.endswith("_month") else value for name, value in plain.items()}


def row_text(row: Any) -> str:
    """A row in one line."""
    book = rules_today()
    parts = []
    for name, value in asdict(row).items():
        if isinstance(value, bool) or name in ("id", "native_lang"):
            continue
        if name.endswith("_month"):
            parts.append(value.isoformat()[:7] if value else "")
        else:
            parts.append(labels.shown(name, value, book))
    return " · ".join(part for part in parts if part)


def row_differences(part: str, stored: Sequence[Any], yours: Sequence[Any]) -> tuple[FieldDifference, ...]:
    """Place by place; a row that one side does not have is empty there."""
    found = []
    for place in range(max(len(stored), len(yours))):
        left = stored[place] if place < len(stored) else None
        right = yours[place] if place < len(yours) else None
        if left == right:
            continue
        found.append(
            Version(
                f"{CHOSEN}{place}",
                lazy("Row %(number)s", number=place + 1),
                row_text(left) if left else "",
                row_text(right) if right else "",
                json.dumps(row_values(left), ensure_ascii=False) if left else "{}",
                json.dumps(row_values(right), ensure_ascii=False) if right else "{}",
            )
        )
    return tuple(found)
