"""What reading sheets found: frozen records. Texts are lazy, so that a report is shown in any reader's language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from openpyxl.utils.cell import coordinate_to_tuple

from expertdesk.foundation.locale import Bilingual
from expertdesk.models import PlanPart
from expertdesk.training.declaring import ProjectData, plain


@dataclass(frozen=True)
class SheetFile:
    """A file as it was sent."""

    name: str
    data: bytes = field(repr=False)

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Severity(StrEnum):
    """An error keeps its file out; a warning and a note are only shown."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class CellProblem:
    """Something about one cell ("" sheet or cell: the whole file or sheet). `code` is stable."""

    file: str
    sheet: str
    cell: str
    reason: Any
    severity: Severity = Severity.ERROR
    code: str = ""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def place_of(problem: CellProblem) -> tuple[int, str, int, int]:
    """For sorting: errors first, then as one reads: sheet by sheet, row by row, from the left."""
    row, column = coordinate_to_tuple(problem.cell) if problem.cell else (0, 0)
    return list(Severity).index(problem.severity), problem.sheet, row, column


class Fate(StrEnum):
    """What a row becomes."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class ReadRow:
    """One row that can be taken. `number` is set when it is about a group that is there already; `finds` are the limits
    that its declaration would fail: (code, severity, text)."""

    sheet: str
    row: int
    organisation_id: int
    data: ProjectData
    fate: Fate = Fate.NEW
    number: str = ""
    project_id: int | None = None
    seen_version: int | None = None
    finds: tuple[tuple[str, str, Any], ...] = ()

    @cached_property
    def as_plain(self) -> dict[str, Any]:
        """For the digest of the content: what would be written, and over what."""
        return {"unit": self.organisation_id, "number": self.number, "version": self.seen_version, **plain(self.data)}


@dataclass(frozen=True)
class SheetReport:
    """One sheet with a table in it."""

    name: str
    part: PlanPart
    unit: Bilingual
    rows: tuple[ReadRow, ...] = ()
    row_count: int = 0
    header_cell: str = ""


@dataclass(frozen=True)
class FileReport:
    """One file: what was read and everything that is wrong with it. `refused`: nothing of it was read."""

    name: str
    digest: str
    size: int
    sheets: tuple[SheetReport, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    is_refused: bool = False

    @property
    def errors(self) -> tuple[CellProblem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def is_good(self) -> bool:
        return not self.errors

    @property
    def rows(self) -> tuple[ReadRow, ...]:
        return tuple(row for sheet in self.sheets for row in sheet.rows)

    @property
    def row_count(self) -> int:
        """Rows with a project in them, taken or not."""
        return sum(sheet.row_count for sheet in self.sheets)

    @cached_property
    def content(self) -> str:
        """The same groups in another file give the same digest; "" where there are none."""
        return digest_of(row.as_plain for row in self.rows) if self.rows else ""


@dataclass(frozen=True)
class ImportReport:
    """A whole run. It can be confirmed only when no file has an error."""

    year: int
    files: tuple[FileReport, ...]
    # where the history stood when the plan was looked at
    last_event: int = 0

    @property
    def is_good(self) -> bool:
        return bool(self.rows) and all(one.is_good for one in self.files)

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        return tuple(problem for one in self.files for problem in one.problems)

    @property
    def rows(self) -> tuple[ReadRow, ...]:
        return tuple(row for one in self.files for row in one.rows)

    def count(self, fate: Fate) -> int:
        return sum(1 for row in self.rows if row.fate is fate)

    @cached_property
    def digest(self) -> str:
        """What a confirmation is about: these files, read against the plan as it stood."""
        return digest_of({"file": one.digest, "rows": [row.as_plain for row in one.rows]} for one in self.files)


def digest_of(values: Iterable[Any]) -> str:
    text = json.dumps(list(values), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
