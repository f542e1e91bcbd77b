"""What changed between the rules of two days: rows that came, went or read differently. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.readable import column_name, readable
from expertdesk.regulations.rows import Row

if TYPE_CHECKING:
    from expertdesk.regulations.base import RuleBase

_NOT_COMPARED = ("code", "region", "valid_from", "valid_to")


@dataclass(frozen=True)
class Change:
    """`kind`: added, removed or changed. `field`, `before`, `after` only for a change."""

    table: str
    code: str
    region: str
    kind: str
    field: str
    before: Bilingual | None
    after: Bilingual | None
    sentence: Bilingual


def compare_days(base: RuleBase, first: date, second: date, region: str | None) -> list[Change]:
    """Every change from `first` to `second`, in the order of the tables; of one region and the nation, or of all."""
    changes: list[Change] = []
    for table in base.table_codes():
        before, after = _on(base, table, first, region), _on(base, table, second, region)
        for key in {**before, **after}:
            changes += _compare(base, table, before.get(key), after.get(key))
    return changes


def _on(base: RuleBase, table: str, day: date, region: str | None) -> dict[tuple[str, str], Row]:
    rows = (row for row in base.rows(table) if row.in_force(day))
    return {(row.code, row.region): row for row in rows if region is None or row.region in ("CN", region)}


def _compare(base: RuleBase, table: str, old: Row | None, new: Row | None) -> list[Change]:
    row = new or old
    if row is None or old is new:
        return []
    if old is None or new is None:
        kind = "added" if old is None else "removed"
        code = "DIFF_ADDED" if old is None else "DIFF_REMOVED"
        sentence = base.say(code, table=base.table(table).title, row=_named(base, row))
        return [Change(table, row.code, row.region, kind, "", None, None, sentence)]
    return [_changed(base, table, old, new, name) for name in new if name not in _NOT_COMPARED and old.get(name) != new.get(name)]


def _changed(base: RuleBase, table: str, old: Row, new: Row, name: str) -> Change:
    before, after = readable(base, name, old.get(name)), readable(base, name, new.get(name))
    sentence = base.say(
        "DIFF_CHANGED",
        table=base.table(table).title,
        row=_named(base, new),
        field=column_name(base, name),
        before=before,
        after=after,
    )
    return Change(table, new.code, new.region, "changed", name, before, after, sentence)


def _named(base: RuleBase, row: Row) -> Bilingual:
    """Code and name; with the region where the row is not national."""
    region = next((found.name for found in base.rows("regions") if found.code == row.region), None)
    zh, en = f"{row.code} {row.name.zh}", f"{row.code} {row.name.en}"
    if region is None or row.region == "CN":
        return Bilingual(zh, en)
    return Bilingual(f"{zh}（{region.zh}）", f"{en} ({region.en})")
