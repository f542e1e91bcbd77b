"""What the rule browser shows: the tables by topic, one table on a day, what changed between two days. Reads only the
rule base; no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from expertdesk.foundation.errors import NotFound
from expertdesk.foundation.locale import Bilingual, lazy
from expertdesk.regulations import BrowsedRow, BrowsedTable, Cell, Change, RuleBase, browsable, browse_table
from expertdesk.regulations.loading import Table
from expertdesk.regulations.readable import column_name

_ONE_DAY = timedelta(days=1)
_RECENT = 6
_MOST_COLUMNS = 4
_MANY_ROWS, _MANY_COLUMNS = 60, 8  # a long list of figures reads better as a broad table than as cards
_KEPT = 1024  # days on which rules changed × regions

# file of the tables → topic; what is not named stands under the last one
_TOPICS: Mapping[str, tuple[str, ...]] = {
    "who": ("categories", "points"),
    "papers": ("documents", "checklists"),
    "time": ("procedures", "limits", "calendar", "validity"),
    "outcome": ("grounds", "letters", "stages", "bureau"),
    "training": ("training", "training_costs", "training_import", "programs"),
    "service": ("liaison", "service", "privacy"),
    "codes": ("dictionaries", "districts"),
    "sources": ("laws", "sources", "decisions"),
}
_TITLES: Mapping[str, Any] = {
    "who": lazy("Who qualifies"),
    "papers": lazy("Papers"),
    "time": lazy("Procedures, limits and days"),
    "outcome": lazy("Decisions and letters"),
    "training": lazy("Training abroad and programmes"),
    "service": lazy("Service and privacy"),
    "codes": lazy("Code lists"),
    "sources": lazy("Laws, sources and settled points"),
}


@dataclass(frozen=True)
class TableLine:
    """A table in the list of all. `unsure`: rows in force that are to be confirmed; `since`: its latest change."""

    code: str
    title: Bilingual
    note: Bilingual | None
    in_force: int
    unsure: int
    since: date | None


@dataclass(frozen=True)
class Topic:
    code: str
    title: Any
    tables: tuple[TableLine, ...]


@dataclass(frozen=True)
class ChangeDay:
    """A day on which rules changed: how many, and the words of the address that compares it with the day before."""

    day: date
    count: int
    words: Mapping[str, str]


@dataclass(frozen=True)
class Chosen:
    """The day and region that are looked at, as names and as words of an address (empty where they are the usual)."""

    day: date
    region: str
    region_name: Bilingual
    is_today: bool
    words: Mapping[str, str]


@dataclass(frozen=True)
class RulesRecord:
    chosen: Chosen
    topics: tuple[Topic, ...]
    rows: int
    unsure: int
    recent: tuple[ChangeDay, ...]
    ahead: tuple[ChangeDay, ...]


@dataclass(frozen=True)
class Line:
    """A row with its cells in the order of the columns (None = empty), for the short form."""

    row: BrowsedRow
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Neighbour:
    code: str
    title: Bilingual


@dataclass(frozen=True)
class TableRecord:
    """One table. `is_short`: few short fields, shown under `columns`. `source`, `confidence`, `since`: common to all
    rows in force, else None and each row says its own."""

    chosen: Chosen
    code: str
    title: Bilingual
    note: Bilingual | None
    topic: Any
    lines: tuple[Line, ...]
    others: tuple[Line, ...]
    columns: tuple[Bilingual, ...]
    name_column: Bilingual
    is_short: bool
    source: Bilingual | None
    confidence: str | None
    since: date | None
    unsure: int
    previous: Neighbour | None
    following: Neighbour | None

    @property
    def is_broad(self) -> bool:
        return len(self.columns) > _MOST_COLUMNS


@dataclass(frozen=True)
class ChangedRow:
    code: str
    name: Bilingual
    kind: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ChangedTable:
    code: str
    title: Bilingual
    rows: tuple[ChangedRow, ...]
    count: int


@dataclass(frozen=True)
class ChangesRecord:
    """`tables`: rules that read differently; `grounds`: changes of sources, confidence or worked examples alone."""

    first: date
    second: date
    region_name: Bilingual
    words: Mapping[str, str]
    tables: tuple[ChangedTable, ...]
    grounds: tuple[ChangedTable, ...]
    count: int
    recent: tuple[ChangeDay, ...]


def rules_record(base: RuleBase, chosen: Chosen) -> RulesRecord:
    """Every table by topic, with what is in force on the chosen day."""
    tables = [browse_table(base, code, chosen.region) for code in browsable(base)]
    lines = [(table, _line(table, chosen.day)) for table in tables]
    topics = tuple(
        Topic(code, title, tuple(line for table, line in lines if _topic_of(table) == code))
        for code, title in _TITLES.items()
    )
    return RulesRecord(
        chosen=chosen,
        topics=tuple(topic for topic in topics if topic.tables),
        rows=sum(line.in_force for _, line in lines),
        unsure=sum(line.unsure for _, line in lines),
        recent=recent_changes(base, chosen.day, chosen.region),
        ahead=_ahead(base, chosen.day, chosen.region),
    )


def _line(table: BrowsedTable, day: date) -> TableLine:
    rows = table.in_force(day)
    since = max((row.valid_from for row in rows), default=None)
    return TableLine(table.code, table.title, table.note, len(rows), sum(row.is_unsure for row in rows), since)


def _topic_of(table: BrowsedTable | Table) -> str:
    stem = table.file.removesuffix(".yaml")
    return next((code for code, files in _TOPICS.items() if stem in files), "sources")


def recent_changes(base: RuleBase, day: date, region: str) -> tuple[ChangeDay, ...]:
    """The last days on which rules changed, newest first."""
    days = [changed for changed in reversed(base.change_days()) if changed <= day]
    return _counted(base, days, region)


def _ahead(base: RuleBase, day: date, region: str) -> tuple[ChangeDay, ...]:
    return _counted(base, [changed for changed in base.change_days() if changed > day], region)


def _counted(base: RuleBase, days: Sequence[date], region: str) -> tuple[ChangeDay, ...]:
    found: list[ChangeDay] = []
    for day in days:
        before = day - _ONE_DAY
        count = _count(base, before, day, region)
        if count:
            words = {"from": before.isoformat(), "to": day.isoformat(), "region": region}
            found.append(ChangeDay(day, count, words))
        if len(found) == _RECENT:
            break
    return tuple(found)


@lru_cache(maxsize=_KEPT)
def _count(base: RuleBase, before: date, day: date, region: str) -> int:
    return sum(not change.is_of_grounds for change in base.diff(before, day, region))


def table_record(base: RuleBase, code: str, chosen: Chosen) -> TableRecord:
    """One table on a day. Raises NotFound for a table there is not."""
    codes = browsable(base)
    if code not in codes:
        raise NotFound
    table = browse_table(base, code, chosen.region)
    rows = table.in_force(chosen.day)
    others = tuple(row for row in table.rows if not row.in_force(chosen.day))
    fields = _fields(table)
    lines = tuple(_in_columns(row, fields) for row in rows)
    sources = {row.source for row in rows}
    levels = {row.confidence for row in rows}
    spans = {(row.valid_from, row.valid_to) for row in rows}
    previous, following = _neighbours(base, code)
    return TableRecord(
        chosen=chosen,
        code=code,
        title=table.title,
        note=table.note,
        topic=_TITLES[_topic_of(table)],
        lines=lines,
        others=tuple(_in_columns(row, fields) for row in others),
        columns=tuple(fields.values()),
        name_column=column_name(base, "name"),
        is_short=_is_short(table, fields),
        source=sources.pop() if len(sources) == 1 else None,
        confidence=levels.pop() if len(levels) == 1 else None,
        since=next(iter(spans))[0] if len(spans) == 1 and not any(last for _, last in spans) else None,
        unsure=sum(row.is_unsure for row in rows),
        previous=previous,
        following=following,
    )


def _neighbours(base: RuleBase, code: str) -> tuple[Neighbour | None, Neighbour | None]:
    """The tables before and after in the order of the list of all."""
    topics = list(_TITLES)
    order = sorted(browsable(base), key=lambda found: topics.index(_topic_of(base.table(found))))
    at = order.index(code)
    before, after = order[at - 1 : at] if at else [], order[at + 1 : at + 2]
    names = [Neighbour(found, base.table(found).title) for found in (*before, *after)]
    return (names[0] if before else None), (names[-1] if after else None)


def _fields(table: BrowsedTable) -> dict[str, Bilingual]:
    """Every field that any row fills, with its heading, in the order of the schema."""
    found: dict[str, Bilingual] = {}
    for row in table.rows:
        for cell in row.cells:
            found.setdefault(cell.field, cell.label)
    return found


def _is_short(table: BrowsedTable, fields: Mapping[str, Bilingual]) -> bool:
    cells = [cell for row in table.rows for cell in row.cells]
    most = _MANY_COLUMNS if len(table.rows) > _MANY_ROWS else _MOST_COLUMNS
    return len(fields) <= most and all(cell.is_short for cell in cells)


def _in_columns(row: BrowsedRow, fields: Mapping[str, Bilingual]) -> Line:
    cells = {cell.field: cell for cell in row.cells}
    return Line(row, tuple(cells.get(field) for field in fields))


def changes_record(base: RuleBase, first: date, second: date, region: str, words: Mapping[str, str]) -> ChangesRecord:
    """What reads differently on the second day, table by table and row by row."""
    changes = base.diff(first, second, region)
    told = [change for change in changes if not change.is_of_grounds]
    return ChangesRecord(
        first=first,
        second=second,
        region_name=base.on(second, region).region_name,
        words=words,
        tables=_by_table(told),
        grounds=_by_table([change for change in changes if change.is_of_grounds]),
        count=len(told),
        recent=recent_changes(base, max(first, second), region),
    )


def _by_table(changes: list[Change]) -> tuple[ChangedTable, ...]:
    tables: list[ChangedTable] = []
    for (code, title), group in groupby(changes, key=lambda change: (change.table, change.title)):
        of_table = list(group)
        rows = tuple(
            ChangedRow(row_code, name, kind, tuple(of_row))
            for (row_code, name, kind), of_row in groupby(
                of_table, key=lambda change: (change.code, change.name, change.kind)
            )
        )
        tables.append(ChangedTable(code, title, rows, len(of_table)))
    return tuple(tables)
