"""The names of fields by the rules in force today."""

from __future__ import annotations

from typing import Any

from expertdesk.regulations.current import rules_today
from expertdesk.training.field_names import COLUMN_OF, name_of_field

__all__ = ["COLUMN_OF", "label_of"]


def label_of(name: str) -> Any:
    """Readable in the reader's language."""
    return name_of_field(rules_today(), name)
