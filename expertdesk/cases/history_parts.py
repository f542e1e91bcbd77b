"""The history of a case as the page shows it, what changed since the reader last looked, and who has it open.

Words for the details of an event are made from its codes when it is shown; nothing translated is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select

from expertdesk.access import STAFF_ROLES, Actor
from expertdesk.cases import guards, records, rules
from expertdesk.cases.chips import CORRECTION, PRECHECK
from expertdesk.cases.opening import LABELS
from expertdesk.cases.rows import person_name
from expertdesk.cases.timeline import title_of
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual, format_date, format_money, lazy, lazy_date
from expertdesk.models import AccessEntry, Account, AccountRole, Case, Event
from expertdesk.regulations import RuleBook
from expertdesk.regulations.current import rules_today

# looks with less than this between them are one sitting; somebody who looked within it may still have the page open
SITTING = timedelta(minutes=20)
_MOST_LOOKS = 60
_MONEY = frozenset({"salary_month", "salary_year"})


@dataclass(frozen=True)
class Line:
    """A line of small print; `is_data`: written by somebody, not a text of ours."""

    text: Any
    is_data: bool = False


@dataclass(frozen=True)
class Entry:
    """One entry of the history. `mark`: public, internal or "" (what is still to come)."""

    title: Any
    lines: tuple[Line, ...] = ()
    text: Any = ""
    who: str = ""
    at: datetime | None = None
    when: Any = ""
    state: str = "past"
    mark: str = ""


@dataclass(frozen=True)
class Change:
    at: datetime
    who: str
    text: Any
    before: str = ""
    after: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class OpenBy:
    name: str
    since: datetime
    phone: str


@dataclass(frozen=True)
class Looks:
    """Who looked lately. `last`: when this reader's sitting before the present one ended; None = never looked."""

    last: datetime | None
    open_by: OpenBy | None


_SUPPLIES = frozenset({"case.paper_added", "case.original_seen", "case.paper_committed", "case.paper_deferred"})


@dataclass(frozen=True)
class Happened:
    """An event and who did it, as the reader's language writes the name; the system has none."""

    event: Event
    who: str


def happened(case: Case) -> list[Happened]:
    """The history of the case, oldest first: one query."""
    statement = (
        select(Event, Account.name_latin)
        .outerjoin(Account, Event.actor_id == Account.id)
        .where(Event.subject_kind == records.SUBJECT, Event.subject_id == case.id)
        .order_by(Event.id)
    )
    return [
        Happened(event, "" if event.actor_role == "system" else person_name(event.actor_name, latin or ""))
        for event, latin in db.session.execute(statement)
    ]


# --- looks -----------------------------------------------------------------------------------------------------


def looks_at(case: Case, actor: Actor) -> Looks:
    """From the access log: one query."""
    is_staff = exists().where(AccountRole.account_id == Account.id, AccountRole.role.in_(sorted(STAFF_ROLES)))
    statement = (
        select(AccessEntry.account_id, AccessEntry.at, Account.name, Account.name_latin, Account.phone)
        .join(Account, AccessEntry.account_id == Account.id)
        .where(
            AccessEntry.record_kind == "case",
            AccessEntry.record_id == case.id,
            AccessEntry.action == "viewed",
            is_staff,
        )
        .order_by(AccessEntry.id.desc())
        .limit(_MOST_LOOKS)
    )
    rows = db.session.execute(statement).all()
    now = clock.real_now()
    return Looks(
        _end_of_last_sitting([row.at for row in rows if row.account_id == actor.id], now), _open_by(rows, actor, now)
    )


def _end_of_last_sitting(looks: Sequence[datetime], now: datetime) -> datetime | None:
    later = now
    for look in looks:
        if later - look > SITTING:
            return look
        later = look
    return None


def _open_by(rows: Iterable[Any], actor: Actor, now: datetime) -> OpenBy | None:
    for row in rows:
        if row.account_id != actor.id and now - row.at <= SITTING:
            return OpenBy(person_name(row.name, row.name_latin), row.at, row.phone)
    return None


# --- what happened ---------------------------------------------------------------------------------------------


def history_of(case: Case, events: Sequence[Happened], today: date) -> tuple[Entry, ...]:
    """What happened, oldest first; where it is now; what comes if nobody does anything."""
    book = records.book_of(case)
    past = [_entry(group, book) for group in _grouped(events)]
    return (*past, *_ahead(case, today))


def _grouped(events: Sequence[Happened]) -> list[list[Happened]]:
    """Papers that came one after the other from the same hand on the same day are one entry."""
    groups: list[list[Happened]] = []
    for item in events:
        last = groups[-1][-1].event if groups else None
        event = item.event
        if (
            last is not None
            and event.name in _SUPPLIES
            and last.name in _SUPPLIES
            and event.actor_id == last.actor_id
            and event.is_public == last.is_public
            and clock.day_of(event.at) == clock.day_of(last.at)
        ):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _entry(group: Sequence[Happened], book: RuleBook) -> Entry:
    first, last = group[0], group[-1]
    title, lines = title_of(first.event), details_of(first.event, book)
    if len(group) > 1:
        codes = dict.fromkeys(item.event.payload.get("document", "") for item in group)
        title = lazy("%(number)s papers supplied", number=len(codes))
        lines = (Line(rules.listed(_short_name(book, code) for code in codes)),)
    mark = "public" if first.event.is_public else "internal"
    return Entry(title=title, lines=lines, who=last.who, at=last.event.at, mark=mark)


def _ahead(case: Case, today: date) -> Iterable[Entry]:
    state = rules_today().state(case.state)
    if state.is_end:
        return
    row = guards.running_clock(case)
    yield Entry(title=state.short, when=lazy("%(day)s, now", day=format_date(today, "day")), state="now")
    if row is None:
        return
    if row.promised_due_on and row.promised_due_on >= today:
        title = lazy("Time to correct ends") if row.step == CORRECTION else lazy("Promised limit ends")
        yield Entry(title=title, when=format_date(row.promised_due_on, "day"), state="next")
    if row.statutory_due_on and row.statutory_due_on >= today:
        silent = row.step == PRECHECK
        title = lazy("Silence counts as acceptance") if silent else lazy("Legal limit ends")
        text = rules_today().law("L1").short if rules_today().find("laws", "L1") else ""
        when = lazy("%(day)s, 24:00", day=format_date(row.statutory_due_on, "day"))
        yield Entry(title=title, text=text, when=when, state="next")


def details_of(event: Event, book: RuleBook) -> tuple[Line, ...]:
    """The small print of an event: reasons, papers, values, from the codes it keeps."""
    payload = event.payload
    maker = _DETAILS.get(event.name)
    found = list(maker(payload, book)) if maker else []
    if payload.get("reason"):
        found.append(Line(payload["reason"], is_data=True))
    return tuple(line for line in found if line.text)


Lines = Iterable[Line]


def _papers(payload: Mapping[str, Any], book: RuleBook, name: str) -> Bilingual:
    return rules.listed(_short_name(book, code) for code in payload.get(name) or ())


def _short_name(book: RuleBook, code: str) -> Bilingual:
    row = book.find("documents", code)
    return row.short if row is not None else Bilingual(code, code)


def _checked(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    if payload.get("in_order"):
        yield Line(lazy("In order: %(papers)s", papers=_papers(payload, book, "in_order")))
    if payload.get("problem"):
        yield Line(lazy("With a problem: %(papers)s", papers=_papers(payload, book, "problem")))


def _paper(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    yield Line(_short_name(book, payload.get("document", "")))


def _deferred(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    due, name = payload.get("due_on"), _short_name(book, payload.get("document", ""))
    yield Line(lazy("%(paper)s, by %(day)s", paper=name, day=lazy_date(date.fromisoformat(due))) if due else name)


def _assigned(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    name = person_name(payload.get("officer", ""), payload.get("officer_latin", ""))
    yield Line(lazy("To %(name)s", name=name) if name else lazy("Back to the district"))
    if payload.get("district"):
        yield Line(lazy("Place of work: %(district)s", district=book.name_of("districts", payload["district"])))


def _judged(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    words = {"ask": lazy("proof is asked for"), "proved": lazy("proved"), "not_used": lazy("not used")}
    verdict = words.get(payload.get("verdict", ""), "")
    yield Line(lazy("%(what)s: %(details)s", what=payload.get("criterion", ""), details=verdict))
    if "category" in payload:
        before, after = payload.get("category_before") or "—", payload["category"] or "—"
        yield Line(lazy("Category %(before)s → %(after)s", before=before, after=after))


def _edited(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    yield from (Line(LABELS.get(name, name)) for name in payload.get("changes") or ())


def _paused(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    yield Line(book.name_of("clock_stops", payload.get("stop", "")))


def _longer(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    yield Line(lazy("%(days)s working days more", days=payload.get("working_days", "")))


def _recommended(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    yield Line(lazy("Grant") if payload.get("is_grant") else lazy("Refuse"))
    yield Line(payload.get("opinion", ""), is_data=True)


def _ground(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    row = book.find("non_acceptance_grounds", payload.get("ground", ""))
    if row is not None:
        yield Line(row.short)


def _dates(payload: Mapping[str, Any], book: RuleBook) -> Lines:
    for name, words in (("promised", lazy("Promise")), ("statutory", lazy("Legal limit"))):
        before, after = payload.get(name) or ("", "")
        if before != after and before and after:
            days = " → ".join(format_date(date.fromisoformat(day)) for day in (before, after))
            yield Line(lazy("%(what)s: %(details)s", what=words, details=days))


_DETAILS: dict[str, Callable[[Mapping[str, Any], RuleBook], Lines]] = {
    "case.papers_checked": _checked,
    "case.paper_added": _paper,
    "case.original_seen": _paper,
    "case.paper_committed": _paper,
    "case.paper_deferred": _deferred,
    "case.assigned": _assigned,
    "case.judged": _judged,
    "case.edited": _edited,
    "case.paused": _paused,
    "case.limit_extended": _longer,
    "case.correction_extended": _longer,
    "case.correction_asked": lambda payload, book: [Line(_papers(payload, book, "items"))],
    "case.recommended": _recommended,
    "case.not_accepted": _ground,
    "case.clock_recomputed": _dates,
}


# --- what changed ----------------------------------------------------------------------------------------------


def changes_since(
    events: Iterable[Happened], last: datetime | None, actor: Actor, book: RuleBook
) -> tuple[Change, ...]:
    """What others did since this reader last looked; an edit is one line for each field, with both values."""
    if last is None:
        return ()
    found: list[Change] = []
    for item in events:
        event = item.event
        if event.recorded_at <= last or event.actor_id == actor.id:
            continue
        fields = event.payload.get("changes") or {}
        if not fields:
            found.append(Change(event.at, item.who, title_of(event), lines=details_of(event, book)))
        for name, (before, after) in fields.items():
            found.append(
                Change(event.at, item.who, LABELS.get(name, name), shown(name, before, book), shown(name, after, book))
            )
    return tuple(found)


_CODED = {
    "occupation": "occupations",
    "employment_basis": "employment_bases",
    "in_country_ground": "in_country_grounds",
    "claimed_category": "categories",
    "district": "districts",
}


def shown(name: str, value: Any, book: RuleBook) -> str:
    """A stored value as people read it: names for codes, money and days in the reader's language."""
    if value in (None, ""):
        return ""
    if name in _CODED:
        return str(book.name_of(_CODED[name], str(value)))
    if name in _MONEY:
        return format_money(Decimal(str(value)))
    if name.endswith("_on"):
        return format_date(date.fromisoformat(str(value)))
    if isinstance(value, bool):
        return str(lazy("yes") if value else lazy("no"))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {item}" for key, item in sorted(value.items()))
    return str(value)
