"""What changed between the rules of two days: rows that came, went or read differently. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.readable import column_name, readable
from expertdesk.regulations.rows import Row
from expertdesk.regulations.schema import Record
from expertdesk.regulations.shapes import NATION

if TYPE_CHECKING:
    from expertdesk.regulations.base import RuleBase

_NOT_COMPARED = ("code", "region", "valid_from", "valid_to")
_GROUNDS = ("source", "confidence", "age_source", "decision", "edges")


@dataclass(frozen=True)
class Change:
    """`kind`: added, removed or changed. `field`, `label`, `before`, `after` only for a change (None = empty); of a
    list or map only the entries that differ. `line` is the sentence without the table's title, to stand below it."""

    table: str
    title: Bilingual
    code: str
    region: str
    kind: str
    name: Bilingual
    field: str
    label: Bilingual | None
    before: Bilingual | None
    after: Bilingual | None
    sentence: Bilingual
    line: Bilingual

    @property
    def is_of_grounds(self) -> bool:
        """Only where it comes from, how sure it is or its worked examples changed, not the rule itself."""
        return self.field in _GROUNDS


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
    return {(row.code, row.region): row for row in rows if region is None or row.region in (NATION, region)}


def _compare(base: RuleBase, table: str, old: Row | None, new: Row | None) -> list[Change]:
    row = new or old
    if row is None or old is new:
        return []
    if old is None or new is None:
        kind, code = ("added", "DIFF_ADDED") if old is None else ("removed", "DIFF_REMOVED")
        title, line = base.table(table).title, base.say(code, row=_named(base, row))
        name = _placed(base, row)
        return [Change(table, title, row.code, row.region, kind, name, "", None, None, None, _below(title, line), line)]
    names = [name for name in new if name not in _NOT_COMPARED and old.get(name) != new.get(name)]
    return [_changed(base, table, old, new, name) for name in names]


def _changed(base: RuleBase, table: str, old: Row, new: Row, field: str) -> Change:
    values = _differing(old.get(field), new.get(field))
    before, after = (readable(base, table, field, value) or None for value in values)
    title, label, none = base.table(table).title, column_name(base, field, table), base.say("NOTHING")
    line = base.say(
        "DIFF_CHANGED", row=_named(base, new), field=label, before=before or none, after=after or none
    )
    name, sentence = _placed(base, new), _below(title, line)
    return Change(table, title, new.code, new.region, "changed", name, field, label, before, after, sentence, line)


def _below(title: Bilingual, line: Bilingual) -> Bilingual:
    return Bilingual(f"{title.zh}：{line.zh}", f"{title.en}: {line.en}")


def _differing(old: Any, new: Any) -> tuple[Any, Any]:
    """Of lists, maps and records only what differs: a new option, not the twelve that stay."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        return tuple(item for item in old if item not in new), tuple(item for item in new if item not in old)
    if isinstance(old, Record) and isinstance(new, Record):
        names = [name for name in new if old.get(name) != new.get(name)]
        return Record({name: old.get(name) for name in names}), Record({name: new.get(name) for name in names})
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        return {key: old[key] for key in keys if key in old}, {key: new[key] for key in keys if key in new}
    return old, new


def _placed(base: RuleBase, row: Row) -> Bilingual:
    """The name, with the region where the row is not national."""
    if row.region == NATION:
        return row.name
    region = readable(base, table="", field="region", value=row.region)
    return Bilingual(f"{row.name.zh}（{region.zh}）", f"{row.name.en} ({region.en})")


def _named(base: RuleBase, row: Row) -> Bilingual:
    name = _placed(base, row)
    return Bilingual(f"{row.code} {name.zh}", f"{row.code} {name.en}")
