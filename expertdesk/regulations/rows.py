"""One row of a table: a fact with a code, a span of days, a region, names in both languages and where it comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

from expertdesk.foundation.locale import Bilingual
from expertdesk.regulations.schema import Record


class Row(Record):
    """A dated fact. The table's own fields are attributes too (`row.years`, `row.bands`); a field that was left out
    is None, or empty where the schema says list or map."""

    __slots__ = ("file", "line", "sources", "table")
    table: str
    file: str
    line: int
    sources: Bilingual

    def __init__(self, table: str, file: str, line: int, values: dict[str, Any]) -> None:
        super().__init__(values)
        object.__setattr__(self, "table", table)
        object.__setattr__(self, "file", file)
        object.__setattr__(self, "line", line)
        object.__setattr__(self, "sources", Bilingual("", ""))

    @property
    def code(self) -> str:
        return self.values["code"]

    @property
    def name(self) -> Bilingual:
        return self.values["name"]

    @property
    def short(self) -> Bilingual:
        """The short name, or the full one where there is none."""
        return self.values["short"] or self.values["name"]

    @property
    def region(self) -> str:
        return self.values["region"]

    @property
    def valid_from(self) -> date:
        return self.values["valid_from"]

    @property
    def valid_to(self) -> date | None:
        """The last day, inclusive; None = open."""
        return self.values["valid_to"]

    @property
    def confidence(self) -> str:
        """high, medium or low; low is shown as "to be confirmed / 待确认"."""
        return self.values["confidence"]

    @property
    def is_ours(self) -> bool:
        """No source decides it: our reading."""
        return self.values["decision"] == "ours"

    @property
    def is_unsure(self) -> bool:
        return self.confidence == "low"

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def cite(self, sources: Bilingual) -> None:
        """Called once by the loader: the sources as readable text."""
        object.__setattr__(self, "sources", sources)

    def __repr__(self) -> str:
        return f"<{self.table} {self.code} {self.region} {self.valid_from}>"
