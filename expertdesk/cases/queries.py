"""Reads for the queue: the list with its filters, its counts, its pages and its export.

Flat with the size of the tables: keyset paging, counts that stop at a ceiling, indexed columns only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, or_, select, union_all

from expertdesk.access import Actor, Permission, Role
from expertdesk.cases.policy import visible_cases
from expertdesk.cases.rows import (
    CLOCKED_STATES,
    CaseRow,
    case_rows,
    due_query,
    person_name,
    row_query,
)
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import current_language, format_date, lazy
from expertdesk.foundation.text import fold
from expertdesk.models import Account, AccountDistrict, AccountRole, Case, CaseClock, CaseState
from expertdesk.regulations.current import rules_today

PAGE_SIZE = 50
# counts above this are shown as "more than": nobody works through them one by one
COUNT_CEILING = 1000
MOST_EXPORTED = 20_000
_EXPORT_BATCH = 500
_LARGEST_ID = 2**31 - 1
_FEW = frozenset(state.value for state in (*CLOCKED_STATES, CaseState.DRAFT))


@dataclass(frozen=True)
class QueueFilter:
    """What the address of the queue asks for. `officer`: "", "me", "none" or an account id; `order`: new or due."""

    state: str = ""
    procedure: str = ""
    district: str = ""
    officer: str = ""
    overdue: bool = False
    order: str = ""
    after: str = ""
    before: str = ""
    choose: bool = False

    @property
    def by_limit(self) -> bool:
        return self.order == "due" or (self.overdue and self.order != "new")

    def address(self, **changes: Any) -> dict[str, Any]:
        """Values for the query string of a link; empty ones fall out."""
        changed = replace(self, **{"after": "", "before": "", "choose": False, **changes})
        values = {
            "state": changed.state,
            "procedure": changed.procedure,
            "district": changed.district,
            "officer": changed.officer,
            "overdue": "1" if changed.overdue else "",
            "order": changed.order,
            "after": changed.after,
            "before": changed.before,
            "choose": "all" if changed.choose else "",
        }
        return {name: value for name, value in values.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.procedure or self.district or self.officer or self.overdue)


@dataclass(frozen=True)
class Count:
    """A figure that may have stopped at the ceiling."""

    value: int

    @property
    def is_more(self) -> bool:
        return self.value >= COUNT_CEILING

    def __str__(self) -> str:
        return f"{COUNT_CEILING - 1}+" if self.is_more else str(self.value)


@dataclass(frozen=True)
class StateCount:
    state: str
    name: Any
    count: Count
    is_chosen: bool


@dataclass(frozen=True)
class OfficerChoice:
    id: int
    name: str
    districts: frozenset[str]
    is_municipal: bool
    open_cases: int = 0

    def handles(self, district: str) -> bool:
        return self.is_municipal or district in self.districts


@dataclass(frozen=True)
class QueuePage:
    rows: tuple[CaseRow, ...]
    counts: tuple[StateCount, ...]
    overdue: Count
    filter: QueueFilter
    previous: str
    next: str
    officers: tuple[OfficerChoice, ...]
    may_assign: bool


def queue_page(wanted: QueueFilter, actor: Actor) -> QueuePage:
    """One page of the list with the counts beside it: four queries."""
    if _place(wanted, wanted.before or wanted.after) is None:
        wanted = replace(wanted, before="", after="")
    found = list(db.session.execute(_page_statement(wanted, actor)))
    backwards = bool(wanted.before)
    has_more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if backwards:
        found.reverse()
    previous = following = ""
    if found:
        if has_more or backwards:
            following = _cursor(wanted, found[-1])
        if (backwards and has_more) or wanted.after:
            previous = _cursor(wanted, found[0])
    states, overdue = _counts(wanted, actor)
    return QueuePage(
        rows=case_rows(found, actor),
        counts=states,
        overdue=overdue,
        filter=wanted,
        previous=previous,
        next=following,
        officers=officers(),
        may_assign=actor.may(Permission.CASE_ASSIGN),
    )


def _page_statement(wanted: QueueFilter, actor: Actor) -> Select[Any]:
    statement = _narrowed(wanted, actor)
    backwards = bool(wanted.before)
    place = _place(wanted, wanted.before or wanted.after)
    if wanted.by_limit:
        due = CaseClock.promised_due_on
        if place:
            statement = statement.where(_before_place(place) if backwards else _after_place(place))
        # a clock that stands has no day; it comes after all that have one
        order = (due.desc().nulls_first(), Case.id.desc()) if backwards else (due.nulls_last(), Case.id)
    else:
        if place:
            statement = statement.where(Case.id > place[1] if backwards else Case.id < place[1])
        # few cases stand in an open state: the sum makes SQLite go by the index of the states, not from the newest on
        key: Any = Case.id + 0 if wanted.state in _FEW else Case.id
        order = (key,) if backwards else (key.desc(),)
    return statement.order_by(*order).limit(PAGE_SIZE + 1)


def _after_place(place: tuple[date | None, int]) -> Any:
    day, number = place
    due = CaseClock.promised_due_on
    if day is None:
        return and_(due.is_(None), Case.id > number)
    return or_(due > day, and_(due == day, Case.id > number), due.is_(None))


def _before_place(place: tuple[date | None, int]) -> Any:
    day, number = place
    due = CaseClock.promised_due_on
    if day is None:
        return or_(due.is_not(None), and_(due.is_(None), Case.id < number))
    return or_(due < day, and_(due == day, Case.id < number))


def _cursor(wanted: QueueFilter, item: Any) -> str:
    if not wanted.by_limit:
        return str(item.id)
    return f"{item.promised_due_on.isoformat() if item.promised_due_on else ''}_{item.id}"


def _place(wanted: QueueFilter, text: str) -> tuple[date | None, int] | None:
    """Where the page begins; a cursor that was tampered with is no cursor."""
    day, _, number = text.rpartition("_")
    if not (number.isascii() and number.isdigit() and len(number) <= 10 and 0 < int(number) <= _LARGEST_ID):
        return None
    try:
        return (date.fromisoformat(day) if day and wanted.by_limit else None, int(number))
    except ValueError:
        return None


def _narrowed(wanted: QueueFilter, actor: Actor) -> Select[Any]:
    statement = due_query() if wanted.by_limit else row_query()
    return _conditions(visible_cases(statement, actor), wanted, actor)


def _conditions(statement: Select[Any], wanted: QueueFilter, actor: Actor) -> Select[Any]:
    if wanted.state == "open":
        statement = statement.where(Case.state.in_(CLOCKED_STATES))
    elif wanted.state:
        statement = statement.where(Case.state == wanted.state)
    if wanted.procedure:
        statement = statement.where(Case.procedure == wanted.procedure)
    if wanted.district:
        statement = statement.where(Case.district == wanted.district)
    if wanted.officer == "none":
        statement = statement.where(Case.officer_id.is_(None))
    elif wanted.officer:
        account_id = actor.id if wanted.officer == "me" else int(wanted.officer)
        statement = statement.where(Case.officer_id == account_id)
    if wanted.overdue:
        today = clock.today()
        late = or_(CaseClock.promised_due_on < today, CaseClock.statutory_due_on < today)
        statement = statement.where(late, Case.state != CaseState.IN_CORRECTION)
    return statement


def _counts(wanted: QueueFilter, actor: Actor) -> tuple[tuple[StateCount, ...], Count]:
    """How many stand in each open state under the other filters, and how many are late; each stops at the ceiling."""
    base = replace(wanted, state="", overdue=False)
    parts = []
    for state in (*CLOCKED_STATES, CaseState.DRAFT):
        one = _conditions(visible_cases(select(literal(1).label("x")).select_from(Case), actor), base, actor)
        inner = one.where(Case.state == state).limit(COUNT_CEILING).subquery()
        parts.append(select(literal(state.value).label("state"), func.count().label("n")).select_from(inner))
    late = select(literal(1).label("x")).select_from(CaseClock).join(Case, CaseClock.case_id == Case.id)
    late = _conditions(visible_cases(late, actor), replace(base, overdue=True), actor)
    late = late.where(CaseClock.ended_on.is_(None), CaseClock.promised_due_on < clock.today())
    inner = late.limit(COUNT_CEILING).subquery()
    parts.append(select(literal("overdue").label("state"), func.count().label("n")).select_from(inner))
    figures = {row.state: Count(row.n) for row in db.session.execute(union_all(*parts))}
    book = rules_today()
    states = tuple(
        StateCount(state.value, book.state(state).short, figures[state.value], wanted.state == state.value)
        for state in (CaseState.DRAFT, *CLOCKED_STATES)
    )
    return states, figures["overdue"]


def officers() -> tuple[OfficerChoice, ...]:
    """Everybody who can hold a case, for filters and hand-overs, in the order of the reader's alphabet."""
    holds = exists().where(AccountRole.account_id == Account.id, AccountRole.role == Role.OFFICER)
    statement = (
        select(Account.id, Account.name, Account.name_latin, Account.is_municipal, AccountDistrict.district)
        .outerjoin(AccountDistrict, AccountDistrict.account_id == Account.id)
        .where(Account.is_active, holds)
        .order_by(Account.id)
    )
    found: dict[int, tuple[str, bool, set[str]]] = {}
    for row in db.session.execute(statement):
        entry = found.setdefault(row.id, (person_name(row.name, row.name_latin), row.is_municipal, set()))
        if row.district:
            entry[2].add(row.district)
    choices = [OfficerChoice(key, name, frozenset(areas), wide) for key, (name, wide, areas) in found.items()]
    return tuple(sorted(choices, key=lambda choice: (fold(choice.name), choice.id)))


def with_load(choices: tuple[OfficerChoice, ...]) -> tuple[OfficerChoice, ...]:
    """The same with the number of cases each has in hand: whoever hands over sees where there is room."""
    statement = (
        select(Case.officer_id, func.count())
        .where(Case.officer_id.in_([choice.id for choice in choices]), Case.state.in_(CLOCKED_STATES))
        .group_by(Case.officer_id)
    )
    load: dict[int | None, int] = {row[0]: row[1] for row in db.session.execute(statement)}
    return tuple(replace(choice, open_cases=load.get(choice.id, 0)) for choice in choices)


# --- export ----------------------------------------------------------------------------------------------------

EXPORT_HEAD = (
    lazy("Case number"),
    lazy("Expert"),
    lazy("Chinese name"),
    lazy("Nationality"),
    lazy("Organisation"),
    lazy("Procedure"),
    lazy("Category"),
    lazy("State"),
    lazy("With"),
    lazy("Received on"),
    lazy("Promised by"),
    lazy("Legal limit"),
)


def export_rows(wanted: QueueFilter, actor: Actor) -> Iterator[list[str]]:
    """The list as it is filtered, newest first or by limit, in batches: memory stays flat."""
    yield [str(word) for word in EXPORT_HEAD]
    wanted, written = replace(wanted, after="", before=""), 0
    while written < MOST_EXPORTED:
        batch = db.session.execute(_page_statement(wanted, actor).limit(_EXPORT_BATCH)).all()
        lines = case_rows(batch, actor)
        for item, line in zip(batch, lines, strict=True):
            yield _export_line(item, line)
        written += len(batch)
        if len(batch) < _EXPORT_BATCH:
            return
        wanted = replace(wanted, after=_cursor(wanted, batch[-1]))


def _export_line(item: Any, line: CaseRow) -> list[str]:
    language = current_language()
    days = (item.received_on, item.promised_due_on, item.statutory_due_on)
    return [
        line.number,
        line.name,
        item.chinese_name,
        line.country,
        line.organisation,
        str(line.procedure),
        line.category,
        str(line.stage),
        line.holder,
        *(format_date(day, "short", language) for day in days),
    ]
