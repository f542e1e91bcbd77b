"""What the desk shows, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.cases.rows import CaseRow
from expertdesk.desk.backlog import Backlog


@dataclass(frozen=True)
class Pile:
    """A count that is a link to its part of the list."""

    url: str
    kind: str
    icon: str
    title: Any
    count: Any
    note: Any = ""


@dataclass(frozen=True)
class Group:
    """A part of the list: its heading, the lines shown, and where the rest is."""

    id: str
    kind: str
    icon: str
    title: Any
    count: Any
    rows: tuple[CaseRow, ...]
    more_url: str = ""
    more: Any = ""
    empty: Any = ""


@dataclass(frozen=True)
class Alarm:
    """A case that counts as accepted if nobody names its gaps (行政许可法 art. 32)."""

    url: str
    name: str
    lang: str
    number: str
    on: date


@dataclass(frozen=True)
class Promise:
    time: str
    url: str
    name: str
    lang: str
    text: Any
    done: bool = False


@dataclass(frozen=True)
class DayLoad:
    label: str
    count: int
    is_today: bool


@dataclass(frozen=True)
class DeskPage:
    """`alarms_today` end at midnight, `alarms_soon` on the next working day. `is_empty`: nothing in hand at all."""

    week_number: int
    day_word: Any
    window: Any
    is_officer: bool
    is_reviewer: bool
    is_manager: bool
    naming_days: int
    alarms_today: tuple[Alarm, ...]
    alarms_soon: tuple[Alarm, ...]
    piles: tuple[Pile, ...]
    groups: tuple[Group, ...]
    promises: tuple[Promise, ...]
    promises_url: str
    week: tuple[DayLoad, ...]
    districts: tuple[Backlog, ...]
    officers: tuple[Backlog, ...]
    intake_url: str
    is_empty: bool
