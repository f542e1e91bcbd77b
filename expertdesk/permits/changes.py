"""What changed since the recommendation, on the case, its person and its organisation, marked where it is new to the
reader. Made from the history; only codes are stored there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from expertdesk.cases.history_parts import Line, details_of
from expertdesk.cases.history_parts import shown as shown_of_case
from expertdesk.cases.opening import LABELS
from expertdesk.cases.rows import person_name
from expertdesk.cases.timeline import title_of
from expertdesk.experts.labels import ORGANISATION_FIELDS, PERSON_FIELDS
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference
from expertdesk.foundation.locale import country_name, current_language, in_list, lazy
from expertdesk.models import Account, Event
from expertdesk.regulations import RuleBook

_TITLES: dict[str, Any] = {
    "person.registered": lazy("Expert put on file"),
    "person.updated": lazy("Particulars of the expert changed"),
    "person.passport_added": lazy("New passport of the expert"),
    "person.name_added": lazy("Another spelling of the name"),
    "person.name_removed": lazy("A spelling of the name taken out"),
    "person.education_updated": lazy("Education changed"),
    "person.employment_updated": lazy("Work history changed"),
    "person.family_updated": lazy("Accompanying family changed"),
    "organisation.registered": lazy("Organisation put on file"),
    "organisation.updated": lazy("Particulars of the organisation changed"),
    "organisation.contacts_updated": lazy("Contacts of the organisation changed"),
}
_CODED = {
    "sex": "sexes",
    "marital": "marital_states",
    "district": "districts",
    "industry": "industries",
    "kind": "employer_kinds",
}


@dataclass(frozen=True)
class Change:
    """One change with both values where the history has them. `is_new`: after the reader last looked."""

    at: datetime
    who: str
    text: Any
    before: str = ""
    after: str = ""
    is_new: bool = False
    event: str = ""


@dataclass(frozen=True)
class Difference(FieldDifference):
    """What became different while the decision was made: as it was seen (`yours`), as it is (`stored`), by whom."""

    by: str = ""


Names = Mapping[int, str]


def names_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """The names of members of staff as the reader's language writes them: one query."""
    wanted = sorted({account_id for account_id in account_ids if account_id})
    if not wanted:
        return {}
    rows = db.session.execute(select(Account.id, Account.name, Account.name_latin).where(Account.id.in_(wanted)))
    return {row.id: person_name(row.name, row.name_latin) for row in rows}


def event_title(event: Event) -> Any:
    """The event in a few words, whoever it is about."""
    return _TITLES.get(event.name) or title_of(event)


def changes_of(events: Sequence[Event], looked_at: datetime | None, book: RuleBook, names: Names) -> tuple[Change, ...]:
    """Every change in these events, oldest first; an edit is one line a field, with both values."""
    return tuple(
        Change(
            event.at,
            _who(event, names),
            text,
            before,
            after,
            is_new=looked_at is not None and event.recorded_at > looked_at,
            event=event.name,
        )
        for event in events
        for text, before, after in _lines(event, book)
    )


def differences_of(events: Sequence[Event], book: RuleBook, names: Names) -> tuple[Difference, ...]:
    """The same for a decision that came too late."""
    return tuple(
        Difference(change.event, change.text, change.after, change.before, change.who)
        for change in changes_of(events, None, book, names)
    )


# handling papers one by one: what one person did of it in a row is one line of who did what
_ROUTINE = frozenset({"case.paper_added", "case.original_seen", "case.paper_committed", "case.papers_checked"})


@dataclass(frozen=True)
class Step:
    """One line of who did what. `mark`: public or internal."""

    title: Any
    lines: tuple[Line, ...]
    who: str
    at: datetime
    mark: str
    state: str = "past"


def history_lines(events: Sequence[Event], book: RuleBook, names: Names) -> tuple[Step, ...]:
    """Who did what with the case, newest first."""
    lines: list[Step] = []
    row: list[Event] = []
    for event in events:
        if row and not (_is_routine(event) and event.actor_id == row[0].actor_id and _same_day(event, row[0])):
            lines.extend(_steps(row, book, names))
            row = []
        if _is_routine(event):
            row.append(event)
        else:
            lines.append(_step(event, book, names))
    lines.extend(_steps(row, book, names))
    return tuple(reversed(lines))


def _is_routine(event: Event) -> bool:
    return event.name in _ROUTINE


def _same_day(first: Event, second: Event) -> bool:
    return clock.day_of(first.at) == clock.day_of(second.at)


def _steps(row: Sequence[Event], book: RuleBook, names: Names) -> list[Step]:
    if len(row) <= 1:
        return [_step(event, book, names) for event in row]
    codes = dict.fromkeys(code for event in row for code in _documents(event))
    listed = ("、" if current_language() == "zh" else ", ").join(str(_short(book, code)) for code in codes)
    text = lazy("%(count)s papers: %(names)s", count=len(codes), names=listed)
    mark = "public" if any(event.is_public for event in row) else "internal"
    is_checked = any(event.name == "case.papers_checked" for event in row)
    title = lazy("Papers received and checked") if is_checked else lazy("Papers supplied")
    return [Step(title, (Line(text),), _who(row[-1], names), row[-1].at, mark)]


def _short(book: RuleBook, code: str) -> Any:
    row = book.find("documents", code)
    return row.short if row is not None else code


def _documents(event: Event) -> list[str]:
    payload = event.payload
    if "document" in payload:
        return [payload["document"]]
    return [*(payload.get("in_order") or ()), *(payload.get("problem") or ())]


def _step(event: Event, book: RuleBook, names: Names) -> Step:
    mark = "public" if event.is_public else "internal"
    return Step(event_title(event), _details(event, book), _who(event, names), event.at, mark)


def _details(event: Event, book: RuleBook) -> tuple[Line, ...]:
    """The small print of an event; what somebody wrote is marked as data. The opinion has a panel of its own."""
    if event.name == "case.recommended":
        granted = event.payload.get("is_grant")
        return (Line(lazy("recommends to grant") if granted else lazy("recommends to refuse")),)
    return details_of(event, book)


def _in_one_line(event: Event, book: RuleBook) -> str:
    return "; ".join(str(line.text) for line in details_of(event, book))


def _who(event: Event, names: Names) -> str:
    if event.actor_role == "system":
        return ""
    return names.get(event.actor_id or 0) or event.actor_name


def _lines(event: Event, book: RuleBook) -> Iterator[tuple[Any, str, str]]:
    payload = event.payload
    if event.name == "case.edited":
        for name, (before, after) in payload.get("changes", {}).items():
            yield LABELS.get(name, name), shown_of_case(name, before, book), shown_of_case(name, after, book)
    elif event.name in ("person.updated", "organisation.updated"):
        labels = PERSON_FIELDS if event.name == "person.updated" else ORGANISATION_FIELDS
        before, after = payload.get("before", {}), payload.get("after", {})
        for name in payload.get("changed", ()):
            label = labels.get(name) or event_title(event)
            kept = name in after or name in before
            now = _shown(name, after.get(name), book) if kept else str(lazy("changed; the history keeps no value"))
            yield label, _shown(name, before.get(name), book), now
    elif event.name == "person.passport_added":
        yield event_title(event), "", _shown("expires_on", payload.get("expires_on"), book)
    elif event.subject_kind == "case":
        yield event_title(event), "", _in_one_line(event, book)
    else:
        yield event_title(event), "", str(payload.get("text") or "")


def _shown(name: str, value: Any, book: RuleBook) -> str:
    """A stored plain value of a person or an organisation as text in the reader's language."""
    if value is None or value == "" or value == []:
        return ""
    if name == "nationality":
        return country_name(str(value))
    if name in _CODED:
        return str(book.name_of(_CODED[name], str(value)))
    if isinstance(value, list):
        return in_list(value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {item}" for key, item in sorted(value.items()))
    return shown_of_case(name, value, book)
