"""The history and the access log as the audit reader sees them: who in initials, what in words, nothing of papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from expertdesk.access import Role
from expertdesk.accounts.access_log import ACTION_NAMES, RECORD_NAMES
from expertdesk.accounts.commands import LARGEST_ID
from expertdesk.accounts.names import ROLE_NAMES, role_list
from expertdesk.administration.event_names import event_name, record_kind
from expertdesk.experts.paging import Slice, read_slice
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import lazy
from expertdesk.foundation.masking import DOTS, mask_name
from expertdesk.models import AccessEntry, Account, Case, Event, HistoryHead
from expertdesk.workflow import first_bad_event
from expertdesk.workflow.history import chain_hash, payload_digest

# a whole walk of a longer chain belongs on the command line
LONGEST_CHECK = 20_000
# what may stand in the history in the open: codes, numbers, days; anything else is somebody's words
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+-]{0,39}", re.ASCII)
_MOST_PARTS = 12


@dataclass(frozen=True)
class Filter:
    kind: str = ""
    number: str = ""
    action: str = ""
    day: date | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True)
class HistoryLine:
    id: int
    at: datetime
    recorded_at: datetime
    is_late: bool
    code: str
    name: Any
    kind: Any
    subject: str
    who: str
    role: Any
    parts: tuple[tuple[str, str], ...]
    hash: str
    is_sound: bool


@dataclass(frozen=True)
class Chain:
    """The state of the chain. `first_bad`: the number and kind of fault of the whole walk, when it was asked for."""

    length: int
    last_hash: str
    may_check: bool
    is_checked: bool = False
    first_bad: int = 0
    fault: Any = ""


@dataclass(frozen=True)
class HistoryPage:
    rows: tuple[HistoryLine, ...]
    older: int | None
    newer: int | None
    chain: Chain
    is_sound: bool


@dataclass(frozen=True)
class AccessRow:
    id: int
    at: datetime
    code: str
    action: Any
    kind: Any
    subject: str
    who: str
    roles: str
    detail: str
    address: str


@dataclass(frozen=True)
class AccessPage:
    rows: tuple[AccessRow, ...]
    older: int | None
    newer: int | None


_FAULTS: dict[str, Any] = {
    "missing": lazy("an entry is missing"),
    "order": lazy("an entry stands in the wrong place"),
    "payload": lazy("the particulars of an entry were changed"),
    "fields": lazy("an entry was changed"),
    "head": lazy("the end of the chain does not fit"),
}


# --- history ---------------------------------------------------------------------------------------------------


def history_page(wanted: Filter, *, check: bool = False) -> HistoryPage:
    """The newest events first. `check`: walk the whole chain (if it is short enough for a page)."""
    statement = _of_day(select(Event), Event.at, wanted.day)
    if wanted.kind:
        statement = statement.where(Event.subject_kind == wanted.kind)
    if wanted.number:
        statement = statement.where(Event.subject_id == _subject_id(wanted))
    if wanted.action:
        statement = statement.where(Event.name == wanted.action)
    found = read_slice(statement, Event.id, wanted.after, wanted.before)
    numbers = _case_numbers(row.subject_id for row in found.rows if row.subject_kind == "case")
    rows = tuple(_line(event, numbers) for event in found.rows)
    return HistoryPage(
        rows, found.older, found.newer, _chain(check), all(row.is_sound for row in rows) and _in_order(found, wanted)
    )


def _line(event: Event, numbers: Mapping[int, str]) -> HistoryLine:
    is_case = event.subject_kind == "case"
    return HistoryLine(
        id=event.id,
        at=event.at,
        recorded_at=event.recorded_at,
        is_late=clock.day_of(event.at) != clock.day_of(event.recorded_at),
        code=event.name,
        name=event_name(event.name),
        kind=record_kind(event.subject_kind),
        subject=numbers.get(event.subject_id, str(event.subject_id)) if is_case else str(event.subject_id),
        who=mask_name(event.actor_name) if event.actor_role != "system" else event.actor_name,
        role=_role_name(event.actor_role),
        parts=tuple(_parts(event.payload))[:_MOST_PARTS],
        hash=event.hash,
        is_sound=event.hash == chain_hash(event) and event.payload_digest == payload_digest(event.salt, event.payload),
    )


def _role_name(code: str) -> Any:
    if code == "system":
        return lazy("The system itself")
    return ROLE_NAMES[Role(code)] if code in set(Role) else ""


def _parts(payload: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    """Particulars in the open only where they are codes, numbers or days; words of people stay covered."""
    for name, value in payload.items():
        if value is None or value == "" or value == [] or value == {}:
            continue
        label = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _parts(value, f"{label}.")
        elif isinstance(value, (list, tuple)):
            yield label, ", ".join(_covered(item) for item in value)
        else:
            yield label, _covered(value)


def _covered(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "/".join(_covered(item) for item in value)
    text = str(value)
    return text if isinstance(value, (bool, int)) or _CODE.fullmatch(text) else DOTS


def _in_order(found: Slice[Any], wanted: Filter) -> bool:
    """Without a filter each row must carry the hash of the next older one."""
    if wanted.kind or wanted.number or wanted.action or wanted.day:
        return True
    return all(newer.previous_hash == older.hash for newer, older in zip(found.rows, found.rows[1:], strict=False))


def _chain(check: bool) -> Chain:
    head = db.session.scalars(select(HistoryHead)).one_or_none()
    length, last_hash = (head.last_id, head.last_hash) if head is not None else (0, "")
    may_check = length <= LONGEST_CHECK
    if not check or not may_check:
        return Chain(length, last_hash, may_check)
    bad = first_bad_event(db.session())
    number, fault = bad if bad is not None else (0, "")
    return Chain(length, last_hash, may_check, True, number, _FAULTS.get(fault, fault))


def _subject_id(wanted: Filter) -> int:
    """A case by its number, everything else by its id; -1 finds nothing."""
    if wanted.kind in {"", "case"}:
        found = db.session.scalar(select(Case.id).where(Case.number == wanted.number.strip().upper()))
        if found is not None:
            return found
    text = wanted.number.strip()
    return int(text) if text.isascii() and text.isdigit() and int(text) <= LARGEST_ID else -1


def _case_numbers(ids: Iterable[int]) -> dict[int, str]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row.number for row in db.session.execute(select(Case.id, Case.number).where(Case.id.in_(wanted)))}


def _of_day(statement: Select[Any], column: Any, day: date | None) -> Select[Any]:
    """Only rows of this Shanghai day."""
    if day is None:
        return statement
    return statement.where(column >= clock.at_shanghai(day, 0), column < clock.at_shanghai(day + timedelta(days=1), 0))


# --- access log ------------------------------------------------------------------------------------------------


def access_page(wanted: Filter) -> AccessPage:
    """Who looked at what, newest first."""
    statement = _of_day(select(AccessEntry), AccessEntry.at, wanted.day)
    if wanted.kind:
        statement = statement.where(AccessEntry.record_kind == wanted.kind)
    if wanted.number:
        statement = statement.where(AccessEntry.record_id == _subject_id(wanted))
    if wanted.action:
        statement = statement.where(AccessEntry.action == wanted.action)
    found = read_slice(statement, AccessEntry.id, wanted.after, wanted.before)
    numbers = _case_numbers(row.record_id for row in found.rows if row.record_kind == "case")
    people = _people(row.account_id for row in found.rows if row.account_id is not None)
    return AccessPage(tuple(_access_row(row, numbers, people) for row in found.rows), found.older, found.newer)


def _access_row(row: AccessEntry, numbers: Mapping[int, str], people: Mapping[int, Account]) -> AccessRow:
    account = people.get(row.account_id or 0)
    number = numbers.get(row.record_id, "") if row.record_kind == "case" else ""
    return AccessRow(
        id=row.id,
        at=row.at,
        code=row.action,
        action=ACTION_NAMES.get(row.action, row.action),
        kind=RECORD_NAMES.get(row.record_kind, row.record_kind),
        subject=number or (str(row.record_id) if row.record_id else ""),
        who=mask_name(account.name) if account is not None else "",
        roles=role_list(held.role for held in account.roles) if account is not None else "",
        detail=row.detail if row.action == "refused" else ", ".join(_covered(part) for part in row.detail.split()),
        address=row.address,
    )


def _people(ids: Iterable[int]) -> dict[int, Account]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {row.id: row for row in db.session.scalars(select(Account).where(Account.id.in_(wanted)))}
