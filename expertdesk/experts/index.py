"""The index over people, organisations, cases and permits: kept here, asked here; `search.find` reads what is found.

The commands that create or change a record call `index_…` in the same transaction. Found by: passport number (blind
index, the number itself is not in the index), part of a name in any script, pinyin, permit number, telephone, case
number, credit code. What is shown of a hit follows policy.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_letters
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy import table as sql_table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import cast

from expertdesk.access import Actor
from expertdesk.experts import policy
from expertdesk.experts.rules import tidy_passport_number
from expertdesk.foundation.database import db
from expertdesk.foundation.installed import vault
from expertdesk.foundation.text import SearchQuery, search_query, search_tokens
from expertdesk.models import Case, Organisation, Permit, Person, SearchEntry
from expertdesk.models.search import FTS_TABLE

PERSON, ORGANISATION, CASE, PERMIT = "person", "organisation", "case", "permit"
_FTS = sql_table(FTS_TABLE, column("rowid"), column("tokens"))
# the very expression of the index, so that PostgreSQL uses it
_VECTOR = literal_column("array_to_tsvector(string_to_array(search_entry.tokens, ' '))")
# not the bare column: SQLite would walk through all entries of the kind and ask the full-text index for each of them
_kind_unindexed: ColumnElement[str] = func.coalesce(SearchEntry.kind, "")
_LEAST_PASSPORT, _MOST_PASSPORT = 4, 20  # letters and digits of something that may be a passport number


# --- keeping the index -----------------------------------------------------------------------------------------


def passport_index(number: str) -> str:
    """What stands in the index for a passport number."""
    return vault().blind_index(tidy_passport_number(number), purpose="passport")


def person_tokens(person: Person) -> str:
    """All that a person is found by."""
    names = [person.latin_name, person.native_name, person.chinese_name, *(row.text for row in person.names)]
    permit = spoken(person.permit_number) if person.permit_number else []
    numbers = [*permit, *(number for number in (person.phone, person.email) if number)]
    passports = [passport_index(passport.number) for passport in person.passports]
    return " ".join(filter(None, [search_tokens(dict.fromkeys(filter(None, names)), numbers), *passports]))


def organisation_tokens(organisation: Organisation) -> str:
    names = [organisation.name_zh, organisation.name_en, *(contact.name for contact in organisation.contacts)]
    phones = [organisation.phone, *(contact.phone for contact in organisation.contacts)]
    return search_tokens(dict.fromkeys(filter(None, names)), [organisation.credit_code, *filter(None, phones)])


def case_tokens(case: Case) -> str:
    return search_tokens((), spoken(case.number))


def permit_tokens(permit: Permit) -> str:
    return search_tokens((), spoken(permit.number))


def spoken(number: str) -> list[str]:
    """A number as it is written and as it is said on the telephone: ED2026-000416, 2026-000416."""
    return list(dict.fromkeys((number, number.lstrip(ascii_letters).lstrip("-"))))


def index_person(person: Person) -> None:
    """Call after any change of names, passports, permit number or telephone; the person must have its id."""
    write_entry(PERSON, person.id, person_tokens(person))


def index_organisation(organisation: Organisation) -> None:
    write_entry(ORGANISATION, organisation.id, organisation_tokens(organisation))


def index_case(case: Case) -> None:
    write_entry(CASE, case.id, case_tokens(case))


def index_permit(permit: Permit) -> None:
    write_entry(PERMIT, permit.id, permit_tokens(permit))


def write_entry(kind: str, record_id: int, tokens: str) -> None:
    entry = db.session.scalars(
        select(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.record_id == record_id)
    ).one_or_none()
    if entry is None:
        db.session.add(SearchEntry(kind=kind, record_id=record_id, tokens=tokens))
    elif entry.tokens != tokens:
        entry.tokens = tokens
    db.session.flush()


# --- asking it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Candidate:
    """A hit before anything of it is read: `is_whole` says whether the actor sees the record in full."""

    kind: str
    record_id: int
    is_whole: bool


def read_query(text: str) -> SearchQuery:
    """The typed text as a query; something that looks like a passport number is also looked for as one."""
    query = search_query(text)
    number = tidy_passport_number(text[: _MOST_PASSPORT * 2])
    looks_like_one = _LEAST_PASSPORT <= len(number) <= _MOST_PASSPORT and any(sign.isdigit() for sign in number)
    if query.is_empty or not looks_like_one:
        return query
    indexes = vault().blind_indexes(number, purpose="passport")
    return SearchQuery(
        " OR ".join([f"({query.fts5})", *(f'"{index}"' for index in indexes)]),
        " | ".join([f"({query.tsquery})", *(f"'{index}'" for index in indexes)]),
    )


def whole_words(query: SearchQuery) -> SearchQuery:
    """The same without beginnings of words (tokens hold letters and digits only, so a star is always the sign)."""
    return SearchQuery(query.fts5.replace("*", ""), query.tsquery.replace(":*", ""))


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _matching(query: SearchQuery) -> Select[int, str, int]:
    """Entries that match, newest first; both engines read them in this order from the index."""
    statement = select(SearchEntry.id, SearchEntry.kind, SearchEntry.record_id)
    if _is_sqlite():
        return (
            statement.join(_FTS, SearchEntry.id == _FTS.c.rowid)
            .where(literal_column(FTS_TABLE).op("MATCH")(query.fts5))
            .order_by(_FTS.c.rowid.desc())
        )
    return statement.where(_VECTOR.op("@@")(cast(query.tsquery, TSQUERY))).order_by(SearchEntry.id.desc())


def record_ids(kind: str, query: SearchQuery) -> Select[int]:
    """The records of a kind that match, for `IN` (lists with a search box)."""
    if query.is_empty:
        return select(SearchEntry.record_id).where(false())
    if _is_sqlite():
        rows = select(_FTS.c.rowid).where(literal_column(FTS_TABLE).op("MATCH")(query.fts5))
        return select(SearchEntry.record_id).where(SearchEntry.id.in_(rows), _kind_unindexed == kind)
    return select(SearchEntry.record_id).where(_VECTOR.op("@@")(cast(query.tsquery, TSQUERY)), _kind_unindexed == kind)


def whole_entry(actor: Actor) -> ColumnElement[bool]:
    """The condition on SearchEntry under which the actor sees the record in full."""
    record = SearchEntry.record_id
    conditions = [
        and_(SearchEntry.kind == PERSON, exists().where(Person.id == record, policy.whole_person(actor))),
        and_(SearchEntry.kind == CASE, exists().where(Case.id == record, policy.whole_case(actor))),
        and_(SearchEntry.kind == PERMIT, exists().where(Permit.id == record, policy.whole_permit(actor))),
    ]
    if policy.may_read_organisations(actor):
        conditions.append(SearchEntry.kind == ORGANISATION)
    return or_(*conditions)


def candidates(
    text: str,
    actor: Actor,
    limit: int,
    kinds: Iterable[str] = (PERSON, ORGANISATION, CASE, PERMIT),
    *,
    only_masked: bool = False,
) -> tuple[Candidate, ...]:
    """The best `limit` hits: whole words before beginnings, own records before masked ones, then newest first."""
    query = read_query(text)
    if query.is_empty:
        return ()
    exact = whole_words(query)
    of_kind = _kind_unindexed.in_(tuple(kinds))
    whole = whole_entry(actor)
    passes: list[tuple[SearchQuery, bool]] = [(exact, True), (query, True)] if exact != query else [(query, True)]
    if policy.shows_masked(actor):
        passes += [(asked, False) for asked, _ in passes]
    if only_masked:
        passes = [item for item in passes if not item[1]]
    if not passes:
        return ()
    parts = []
    for rank, (asked, is_whole) in enumerate(passes):
        condition = whole if is_whole else not_(whole)
        # beginnings find the whole words again: twice the number leaves enough others
        part = _matching(asked).where(of_kind, condition).limit(limit * 2).subquery()
        parts.append(select(literal(rank).label("rank"), part.c.id, part.c.kind, part.c.record_id))
    rows: Sequence[Any] = db.session.execute(union_all(*parts)).all()
    found: dict[tuple[str, int], Candidate] = {}
    for rank, _, kind, record_id in sorted(rows, key=lambda row: (row[0], -row[1])):
        found.setdefault((kind, record_id), Candidate(kind, record_id, passes[rank][1]))
    return tuple(found.values())[:limit]
