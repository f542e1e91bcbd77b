"""Reads for the desk: piles, the one list in order of urgency, the alarm for silent acceptance, the load of the week.

An officer's own cases come in one query of few columns (at most `MOST_READ`, the most urgent first), the piles are made
from them in memory, and only the lines shown are read in full; so the page costs the same with ten thousand and
with a million cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import or_, select, union_all

from expertdesk.access import Actor, Permission
from expertdesk.cases.policy import visible_cases
from expertdesk.cases.rows import CLOCKED_STATES, CaseRow, case_rows, light_query, link, row_query
from expertdesk.desk.backlog import NO_BACKLOG, Backlogs, backlog
from expertdesk.desk.records import Alarm, DayLoad, DeskPage, Group, Pile, Promise
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import format_date, format_instant, format_weekday, lazy
from expertdesk.models import Assignment, Case, CaseState, Person
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_today

# an officer with more open cases than this sees "more than" figures and the most urgent ones
MOST_READ = 400
SHOWN = 6
SHOWN_URGENT = 40
SHOWN_LATER = 8
WORKING_WEEK = 5
_PILES = ("late", "today", "waiting", "new", "later")


def desk_page(actor: Actor) -> DeskPage:
    """Everything on one screen; each role adds its part."""
    today, book = clock.today(), rules_today()
    is_officer = actor.may(Permission.CASE_PRECHECK)
    is_reviewer = actor.may(Permission.CASE_DECIDE)
    is_manager = actor.may(Permission.CASE_ASSIGN) and not is_officer
    tomorrow = book.calendar.next_working_day(today + timedelta(days=1))
    found = _mine(actor) if is_officer else []
    fresh = _unassigned(actor) if is_officer else []
    to_decide = _to_decide(actor) if is_reviewer else []
    sorted_out = _sort_out(found, fresh, to_decide, today)
    shown = _shown(sorted_out)
    alarmed = _alarmed([*found, *fresh], tomorrow)
    lines = _lines({item.id for items in (*shown.values(), alarmed) for item in items}, actor)
    groups = _groups(sorted_out, shown, lines, is_officer=is_officer)
    promises = _promises(actor, today)
    whole = backlog(actor, book, today) if is_manager else NO_BACKLOG
    alarms = _alarms(alarmed, lines)
    return DeskPage(
        week_number=today.isocalendar().week,
        day_word=lazy("working day") if book.calendar.is_working(today) else book.calendar.working_day(today).reason,
        window=_window(actor.window),
        is_officer=is_officer,
        is_reviewer=is_reviewer,
        is_manager=is_manager,
        naming_days=_naming_days(book),
        alarms_today=tuple(alarm for alarm in alarms if alarm.on <= today),
        alarms_soon=tuple(alarm for alarm in alarms if today < alarm.on <= tomorrow),
        piles=_pile_links(sorted_out, today, book) if is_officer or is_reviewer else _office_piles(whole),
        groups=groups,
        promises=promises,
        promises_url=link("liaison.worklist") if actor.may(Permission.LIAISON_ACT) else "",
        week=_week([*found, *to_decide], today, book) if is_officer or is_reviewer else (),
        districts=whole.districts,
        officers=whole.officers,
        intake_url=link("intake.new") if actor.may(Permission.CASE_CREATE) else "",
        is_empty=not (found or fresh or to_decide),
    )


# --- what is read ----------------------------------------------------------------------------------------------


def _mine(actor: Actor) -> list[Any]:
    """Every case this officer holds that is still open, by what is due first."""
    # one look-up a state: with a list of states SQLite walks the table instead of the index
    one_by_one = (
        select(Case.id).where(Case.officer_id == actor.id, Case.state == state)
        for state in (*CLOCKED_STATES, CaseState.DRAFT)
    )
    statement = light_query().where(Case.id.in_(union_all(*one_by_one)))
    return list(db.session.execute(statement.limit(MOST_READ)))


def _unassigned(actor: Actor) -> list[Any]:
    """Submitted cases of the own districts that nobody has taken."""
    statement = light_query().where(Case.state == CaseState.SUBMITTED, Case.officer_id.is_(None))
    return list(db.session.execute(visible_cases(statement, actor).limit(MOST_READ)))


def _to_decide(actor: Actor) -> list[Any]:
    """Recommended cases that this approving officer has not worked on."""
    others = [
        or_(column.is_(None), column != actor.id)
        for column in (Case.officer_id, Case.entered_by_id, Case.recommended_by_id)
    ]
    statement = light_query().where(Case.state == CaseState.RECOMMENDED, *others)
    return list(db.session.execute(visible_cases(statement, actor).limit(MOST_READ)))


def _lines(ids: Iterable[int], actor: Actor) -> dict[int, CaseRow]:
    """The lines that are shown, read in full: one query for all groups and alarms."""
    wanted = list(ids)
    if not wanted:
        return {}
    found = list(db.session.execute(row_query().where(Case.id.in_(wanted))))
    return {item.id: line for item, line in zip(found, case_rows(found, actor), strict=True)}


def _promises(actor: Actor, today: date) -> tuple[Promise, ...]:
    """Contacts with looked-after experts that are due today or late; the liaison work list holds the rest."""
    if not actor.may(Permission.LIAISON_ACT):
        return ()
    statement = (
        select(Assignment, Person)
        .join(Person, Assignment.person_id == Person.id)
        .where(Assignment.officer_id == actor.id, Assignment.ended_on.is_(None), Assignment.next_contact_on <= today)
        .order_by(Assignment.next_contact_on, Assignment.id)
        .limit(SHOWN)
    )
    return tuple(_promise(assignment, person, today) for assignment, person in db.session.execute(statement))


def _promise(assignment: Assignment, person: Person, today: date) -> Promise:
    due = assignment.next_contact_on or today
    late = lazy("contact promised for today") if due == today else lazy("contact promised, now late")
    return Promise(
        time=format_date(due, "day"),
        url=link("liaison.person", person_id=person.id) or url_for("experts.person", person_id=person.id),
        name=person.display_name,
        lang=person.display_lang,
        text=late,
    )


# --- piles and groups ------------------------------------------------------------------------------------------


def _sort_out(mine: Iterable[Any], fresh: Iterable[Any], to_decide: Iterable[Any], today: date) -> dict[str, list[Any]]:
    """Every case into one pile; in each pile the most urgent first."""
    piles: dict[str, list[Any]] = {name: [] for name in _PILES}
    for item in mine:
        piles[_pile_of(item, today)].append(item)
    for item in to_decide:
        piles[_pile_of(item, today, is_decider=True)].append(item)
    for item in fresh:
        due = _due(item)
        piles["late" if due and due < today else "today" if due == today else "new"].append(item)
    for items in piles.values():
        items.sort(key=lambda item: (_due(item) or date.max, item.id))
    return piles


def _due(item: Any) -> date | None:
    days = [day for day in (item.promised_due_on, item.statutory_due_on) if day]
    return min(days, default=None)


def _pile_of(item: Any, today: date, *, is_decider: bool = False) -> str:
    state, due = CaseState(item.state), _due(item)
    if state is CaseState.IN_CORRECTION:
        # the applicant's time has run out: the case is the officer's again
        return "late" if due and due < today else "waiting"
    if item.pause_code and not (item.statutory_due_on and item.statutory_due_on < today):
        return "waiting"
    if due and due < today:
        return "late"
    if state is CaseState.RECOMMENDED and not is_decider:
        return "waiting"
    if due == today:
        return "today"
    if is_decider:
        return "new"
    return "later"


def _heading(name: str) -> tuple[str, str, Any]:
    return {
        "late": ("bad", "late", lazy("Overdue")),
        "today": ("warn", "today", lazy("Due today")),
        "waiting": ("hold", "wait", lazy("Waiting on others")),
        "new": ("info", "new", lazy("New")),
        "later": ("info", "clock", lazy("Due later")),
    }[name]


def _shown(piles: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What of each pile stands on the page; the rest is a link away."""
    most = {"late": SHOWN_URGENT, "today": SHOWN_URGENT, "later": SHOWN_LATER}
    return {name: items[: most.get(name, SHOWN)] for name, items in piles.items()}


def _groups(
    piles: dict[str, list[Any]], shown: dict[str, list[Any]], lines: dict[int, CaseRow], *, is_officer: bool
) -> tuple[Group, ...]:
    """The list under its headings; a heading without cases is left out."""
    groups = []
    for name in ("late", "today", "new", "later", "waiting"):
        if not piles[name]:
            continue
        kind, icon, title = _heading(name)
        rest = len(piles[name]) - len(shown[name])
        groups.append(
            Group(
                id=name,
                kind=kind,
                icon=icon,
                title=title,
                count=_figure(piles[name]),
                rows=tuple(lines[item.id] for item in shown[name] if item.id in lines),
                more_url=_more_url(name, is_officer) if rest else "",
                more=lazy("Show the other %(number)s", number=rest) if rest else "",
            )
        )
    return tuple(groups)


def _more_url(name: str, is_officer: bool) -> str:
    if not is_officer:
        return url_for("cases.queue", state=CaseState.RECOMMENDED.value, order="due")
    if name == "new":
        return url_for("cases.queue", officer="none", state=CaseState.SUBMITTED.value, order="due")
    return url_for("cases.queue", officer="me", order="due")


def _figure(items: Sequence[Any]) -> str:
    return f"{MOST_READ - 1}+" if len(items) >= MOST_READ else str(len(items))


def _pile_links(piles: dict[str, list[Any]], today: date, book: RuleBook) -> tuple[Pile, ...]:
    notes = {
        "late": _longest(piles["late"], today, book),
        "today": _at_legal_limit(piles["today"], today),
        "waiting": _paused(piles["waiting"]),
        "new": _first(piles["new"], today),
    }
    links = []
    for name, note in notes.items():
        kind, icon, title = _heading(name)
        url = f"#{name}" if piles[name] else "#list-h"
        links.append(Pile(url, kind, icon, title, _figure(piles[name]), note))
    return tuple(links)


def _office_piles(whole: Backlogs) -> tuple[Pile, ...]:
    """The manager's four: what is late, what nobody has, what waits for applicants, all that is open."""
    return (
        Pile(url_for("cases.queue", overdue="1"), "bad", "late", lazy("Overdue"), whole.late, lazy("past the promise")),
        Pile(
            url_for("cases.queue", officer="none", state="open"),
            "warn",
            "user",
            lazy("Not assigned"),
            whole.unassigned,
            lazy("nobody has taken them"),
        ),
        Pile(
            url_for("cases.queue", state=CaseState.IN_CORRECTION.value, order="due"),
            "hold",
            "wait",
            lazy("Waiting on others"),
            whole.waiting,
            lazy("for corrections of applicants"),
        ),
        Pile(
            url_for("cases.queue", state="open"), "info", "doc", lazy("In progress"), whole.open, lazy("all districts")
        ),
    )


def _longest(items: Sequence[Any], today: date, book: RuleBook) -> Any:
    if not items:
        return lazy("nothing is late")
    oldest = min(due for item in items if (due := _due(item)))
    days = -book.calendar.working_days_between(today, oldest)
    return lazy("longest: 1 working day") if days == 1 else lazy("longest: %(days)s working days", days=days)


def _at_legal_limit(items: Sequence[Any], today: date) -> Any:
    legal = sum(item.statutory_due_on == today for item in items)
    return lazy("%(number)s at the legal limit", number=legal) if legal else lazy("none at the legal limit")


def _paused(items: Sequence[Any]) -> Any:
    stopped = sum(bool(item.pause_code) or item.state == CaseState.IN_CORRECTION for item in items)
    return lazy("%(number)s with the clock stopped", number=stopped)


def _first(items: Sequence[Any], today: date) -> Any:
    arrived = [item.submitted_at for item in items if item.submitted_at]
    if not arrived:
        return lazy("nothing waits to be taken")
    first: datetime = min(arrived)
    same_day = clock.day_of(first) == today
    return lazy("first at %(time)s", time=format_instant(first, "time" if same_day else "day"))


def _alarmed(items: Iterable[Any], last: date) -> list[Any]:
    """Cases in the preliminary check that will count as accepted by the end of a day, the nearest first."""
    near = [
        item
        for item in items
        if item.state == CaseState.SUBMITTED and item.statutory_due_on and item.statutory_due_on <= last
    ]
    return sorted(near, key=lambda item: (item.statutory_due_on, item.id))[:SHOWN_URGENT]


def _window(text: str) -> Any:
    """The counter as it is written up; a plain number is said in the reader's language."""
    number = text.removesuffix("号窗口")
    return lazy("counter %(number)s", number=number) if number != text and number.isdigit() else text


def _alarms(items: Iterable[Any], lines: dict[int, CaseRow]) -> list[Alarm]:
    return [
        Alarm(
            url=url_for("cases.check", number=item.number),
            name=lines[item.id].name,
            lang=lines[item.id].lang,
            number=item.number,
            on=item.statutory_due_on,
        )
        for item in items
        if item.id in lines
    ]


def _naming_days(book: RuleBook) -> int:
    """Within how many working days gaps must be named before silence counts as acceptance."""
    row = book.find("time_limits", "ANY.correction.statutory")
    return row.wd["B"] if row is not None else 0


def _week(items: Iterable[Any], today: date, book: RuleBook) -> tuple[DayLoad, ...]:
    """Limits that fall on each of the next five working days, today among them."""
    days, day = [], book.calendar.next_working_day(today)
    while len(days) < WORKING_WEEK:
        days.append(day)
        day = book.calendar.next_working_day(day + timedelta(days=1))
    due = [_due(item) for item in items]
    return tuple(DayLoad(format_weekday(day), due.count(day), day == today) for day in days)
