"""Reads: the list of permits with its filters, one permit with its history, what can be extended.

Flat with the size of the table: keyset paging, counts that stop at a ceiling, indexed columns only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select, union_all

from expertdesk.access import Actor, Role
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.models import Case, CaseState, Permit, PermitState
from expertdesk.permits import rules
from expertdesk.permits.policy import find_permit, in_force, visible_permits
from expertdesk.permits.rows import PermitRow, permit_columns, permit_rows
from expertdesk.regulations.current import rules_on, rules_today
from expertdesk.regulations.limits import ExtensionWindow

PAGE_SIZE = 50
COUNT_CEILING = 1000
_LARGEST_ID = 2**31 - 1
IN_FORCE, LAPSED, ALL = "in_force", "lapsed", "all"
# an extension that is on its way: no reminder is needed, no second one can be opened
UNDER_WAY = (
    CaseState.SUBMITTED,
    CaseState.IN_CORRECTION,
    CaseState.ACCEPTED,
    CaseState.RECOMMENDED,
)


@dataclass(frozen=True)
class PermitFilter:
    """What the address of the list asks for. `show`: in_force, lapsed, all, or the days within which the end lies."""

    show: str = IN_FORCE
    district: str = ""
    after: str = ""
    before: str = ""

    @property
    def within(self) -> int | None:
        return int(self.show) if self.show.isdigit() else None

    def address(self, **changes: Any) -> dict[str, str]:
        """Values for the query string of a link; what is usual falls out."""
        changed = replace(self, **{"after": "", "before": "", **changes})
        values = {
            "show": "" if changed.show == IN_FORCE else changed.show,
            "district": changed.district,
            "after": changed.after,
            "before": changed.before,
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class ShowCount:
    """One choice of the filter with how many permits it holds; `+` when counting stopped at the ceiling."""

    show: str
    days: int | None
    count: str
    is_chosen: bool


@dataclass(frozen=True)
class PermitList:
    rows: tuple[PermitRow, ...]
    filter: PermitFilter
    counts: tuple[ShowCount, ...]
    districts: tuple[tuple[str, Any], ...]
    previous: str
    next: str


def permits(actor: Actor, wanted: PermitFilter | None = None) -> PermitList:
    """One page of the list, soonest end first (lapsed: latest end first), with the counts beside it: two queries."""
    wanted = wanted or PermitFilter()
    found = list(db.session.execute(_page_statement(wanted, actor)))
    backwards = bool(wanted.before)
    has_more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if backwards:
        found.reverse()
    previous = following = ""
    if found:
        if has_more or backwards:
            following = _cursor(found[-1])
        if (backwards and has_more) or wanted.after:
            previous = _cursor(found[0])
    return PermitList(
        rows=permit_rows(found),
        filter=wanted,
        counts=_counts(wanted, actor),
        districts=districts_of(actor),
        previous=previous,
        next=following,
    )


def _page_statement(wanted: PermitFilter, actor: Actor) -> Select[Any]:
    statement = _narrowed(permit_columns(), wanted, actor)
    newest_first = wanted.show in (LAPSED, ALL)
    descending = newest_first != bool(wanted.before)
    place = _place(wanted.before or wanted.after)
    if place is not None:
        end, number = place
        same = and_(Permit.ends_on == end, Permit.id < number if descending else Permit.id > number)
        statement = statement.where(or_(Permit.ends_on < end if descending else Permit.ends_on > end, same))
    order = (Permit.ends_on.desc(), Permit.id.desc()) if descending else (Permit.ends_on, Permit.id)
    return statement.order_by(*order).limit(PAGE_SIZE + 1)


def _narrowed(statement: Select[Any], wanted: PermitFilter, actor: Actor) -> Select[Any]:
    today = clock.today()
    statement = visible_permits(statement, actor)
    if wanted.district:
        statement = statement.where(Permit.district == wanted.district)
    if wanted.show == ALL:
        return statement
    if wanted.show == LAPSED:
        return statement.where(Permit.state == PermitState.IN_FORCE, Permit.ends_on < today)
    statement = statement.where(in_force())
    if wanted.within is not None:
        statement = statement.where(Permit.ends_on <= today + timedelta(days=wanted.within))
    return statement


def _cursor(item: Any) -> str:
    return f"{item.ends_on.isoformat()}_{item.id}"


def _place(text: str) -> tuple[date, int] | None:
    """Where the page begins; a cursor that was tampered with is no cursor."""
    day, _, number = text.rpartition("_")
    try:
        found = date.fromisoformat(day), int(number) if number.isascii() and number.isdigit() else 0
    except ValueError:
        return None
    return found if 0 < found[1] <= _LARGEST_ID else None


def _counts(wanted: PermitFilter, actor: Actor) -> tuple[ShowCount, ...]:
    """Every choice of the filter with its figure, under the chosen district; each count stops at the ceiling."""
    shows = [IN_FORCE, *(str(mark) for mark in rules.ending_marks(rules_today())), LAPSED]
    parts = []
    for show in shows:
        one = _narrowed(select(literal(1).label("x")).select_from(Permit), replace(wanted, show=show), actor)
        inner = one.limit(COUNT_CEILING).subquery()
        parts.append(select(literal(show).label("show"), func.count().label("n")).select_from(inner))
    figures = {row.show: row.n for row in db.session.execute(union_all(*parts))}
    return tuple(
        ShowCount(show, int(show) if show.isdigit() else None, counted(figures[show]), show == wanted.show)
        for show in shows
    )


def counted(number: int, ceiling: int = COUNT_CEILING) -> str:
    """A figure that may have stopped at the ceiling."""
    return f"{ceiling - 1}+" if number >= ceiling else str(number)


def districts_of(actor: Actor) -> tuple[tuple[str, Any], ...]:
    """(code, name) of the districts this reader handles; all of them for those who see the whole city."""
    is_wide = actor.is_municipal or bool(actor.roles & {Role.REVIEWER, Role.MANAGER})
    book = rules_today()
    rows = book.districts(demo=bool(book.bureau.demo))
    return tuple((row.code, row.name) for row in rows if is_wide or row.code in actor.districts)


# --- for the floors above ----------------------------------------------------------------------------------------


def permit_in_force(person_id: int) -> Permit | None:
    """The permit a person holds today or from a day to come; of two (an early extension) the later one."""
    statement = select(Permit).where(Permit.person_id == person_id, in_force())
    return db.session.scalar(statement.order_by(Permit.ends_on.desc(), Permit.id.desc()).limit(1))


@dataclass(frozen=True)
class ExtensionBase:
    """What an extension starts from: the permit before it, its window, and a case that is already under way."""

    permit_id: int
    number: str
    person_id: int
    organisation_id: int
    category: str
    main_criterion: str
    post: str
    district: str
    case_id: int
    starts_on: date
    ends_on: date
    window: ExtensionWindow
    window_state: str
    window_text: Any
    open_case_number: str

    @property
    def is_open(self) -> bool:
        """May an extension be filed today?"""
        return self.window_state == "open" and not self.open_case_number


def extension_base(permit_id: int, actor: Actor) -> ExtensionBase:
    """For the intake of an extension. Raises NotFound for a permit this reader may not see or that is not in force."""
    permit = find_permit(permit_id, actor)
    if permit.state is not PermitState.IN_FORCE:
        raise NotFound(str(permit_id))
    return base_of(permit)


def extendable(actor: Actor, person_id: int | None = None, limit: int = 20) -> tuple[ExtensionBase, ...]:
    """Permits in force whose extension window is open today, soonest end first; of one person when named."""
    today = clock.today()
    opens = rules.ending_marks(rules_today())[0]
    statement = visible_permits(select(Permit), actor).where(in_force())
    if person_id is not None:
        statement = statement.where(Permit.person_id == person_id)
    statement = statement.where(Permit.ends_on <= today + timedelta(days=opens))
    found = db.session.scalars(statement.order_by(Permit.ends_on, Permit.id).limit(limit)).all()
    return tuple(base for base in bases_of(found) if base.window_state == "open")


def in_force_of(person_id: int, actor: Actor) -> tuple[ExtensionBase, ...]:
    """The permits in force of a person that this reader may see, the newest first, whatever their window."""
    statement = visible_permits(select(Permit), actor).where(Permit.person_id == person_id, in_force())
    return bases_of(db.session.scalars(statement.order_by(Permit.starts_on.desc(), Permit.id.desc())).all())


def base_of(permit: Permit) -> ExtensionBase:
    """The same for a row at hand whose reader was settled elsewhere (a contact and the own organisation's permits)."""
    return bases_of([permit])[0]


def bases_of(permits: Sequence[Permit]) -> tuple[ExtensionBase, ...]:
    """The same for several, in one query."""
    under_way = _cases_under_way(permits)
    return tuple(_base(permit, under_way.get(permit.id, "")) for permit in permits)


def _base(permit: Permit, open_case_number: str) -> ExtensionBase:
    today = clock.today()
    book = rules_on(today)
    window = book.extension_window(permit.ends_on)
    return ExtensionBase(
        permit_id=permit.id,
        number=permit.number,
        person_id=permit.person_id,
        organisation_id=permit.organisation_id,
        category=permit.category,
        main_criterion=permit.main_criterion,
        post=permit.post,
        district=permit.district,
        case_id=permit.case_id,
        starts_on=permit.starts_on,
        ends_on=permit.ends_on,
        window=window,
        window_state=window.state(today),
        window_text=book.window_sentence(window, today),
        open_case_number=open_case_number,
    )


def _cases_under_way(permits: Sequence[Permit]) -> dict[int, str]:
    """By permit: the number of an extension case that is not ended."""
    if not permits:
        return {}
    states = (CaseState.DRAFT, *UNDER_WAY)
    holders = {permit.id: permit.person_id for permit in permits}
    statement = select(Case.previous_permit_id, Case.person_id, Case.number).where(
        Case.person_id.in_(sorted(set(holders.values()))),
        Case.previous_permit_id.in_(sorted(holders)),
        Case.state.in_(states),
    )
    found = db.session.execute(statement.order_by(Case.id))
    return {row.previous_permit_id: row.number for row in found if holders[row.previous_permit_id] == row.person_id}
