"""The difference between two rounds: groups added, cut, moved between parts or units, changed, with the reasons given.
Pure: two lists of rows in, changes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_MOVES = ("part", "organisation_id", "depart_month")
_GONE = ("rejected", "cancelled", "returned")
_SUMMED = ("people_planned", "people_approved", "budget_total", "subsidy_requested", "subsidy_approved")
_REASONS = ("review_note", "remarks")
# what is no part of the plan: its own state, the reasons, what happened later
_APART = ("number", "state", "people_actual", *_REASONS)


@dataclass(frozen=True)
class Changed:
    """One field in both rounds."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """One group that differs. `kind`: added, cut, moved, changed."""

    kind: str
    number: str
    name: str
    organisation_id: int
    fields: tuple[Changed, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Comparison:
    """Everything between two rounds; `totals` maps a figure to what it was and what it is."""

    added: tuple[Difference, ...]
    cut: tuple[Difference, ...]
    moved: tuple[Difference, ...]
    changed: tuple[Difference, ...]
    totals: Mapping[str, tuple[Decimal, Decimal]]

    @property
    def count(self) -> int:
        """How many groups differ."""
        return len(self.added) + len(self.cut) + len(self.moved) + len(self.changed)


def compare(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Comparison:
    """Rows are joined by their number; a row that came back refused, returned or cancelled counts as cut."""
    old = {row["number"]: row for row in before if row["state"] not in _GONE}
    new = {row["number"]: row for row in after if row["state"] not in _GONE}
    gone = {row["number"]: row for row in after if row["state"] in _GONE}
    added = [_difference("added", row) for number, row in new.items() if number not in old]
    cut = [_difference("cut", gone.get(number, row)) for number, row in old.items() if number not in new]
    moved, changed = [], []
    for number, row in new.items():
        if number not in old:
            continue
        fields = _fields(old[number], row)
        if any(field.name in _MOVES for field in fields):
            moved.append(_difference("moved", row, fields))
        elif fields:
            changed.append(_difference("changed", row, fields))
    totals = {name: (_sum(old.values(), name), _sum(new.values(), name)) for name in _SUMMED}
    return Comparison(tuple(added), tuple(cut), tuple(moved), tuple(changed), totals)


def _difference(kind: str, row: Mapping[str, Any], fields: tuple[Changed, ...] = ()) -> Difference:
    reason = next((row[name] for name in _REASONS if row.get(name)), "")
    return Difference(kind, row["number"], row["name"], row["organisation_id"], fields, reason)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Changed, ...]:
    names = [name for name in new if name not in _APART]
    return tuple(
        Changed(name, old.get(name), new.get(name))
        for name in names
        if (old.get(name) or None) != (new.get(name) or None)
    )


def _sum(rows: Any, name: str) -> Decimal:
    return sum((Decimal(str(row[name])) for row in rows if row.get(name) is not None), Decimal(0))
