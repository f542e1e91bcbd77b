"""Bulk data for measurements: many cases, written straight into the tables in batches, deterministic for a seed.

What the real commands would leave is written: people, passports, cases, checklists, clocks, permits, a whole history
chain, the search index. Two things are left out on purpose: letters (each would need its stored file) and messages.
One process makes the rows, the other writes them, so that two cores are used.
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from multiprocessing.connection import Connection

from sqlalchemy import func, select, text

from expertdesk.demo.bulk_rows import Batch, History, Ids, Plan, add_case, first_rows
from expertdesk.demo.bulk_writer import ORDER, Packed, Packer, write
from expertdesk.demo.bureau import create_staff
from expertdesk.foundation import clock
from expertdesk.foundation.database import Base, db
from expertdesk.models import Account, HistoryHead, Series
from expertdesk.models.search import CREATE, FTS_TABLE
from expertdesk.regulations.current import rule_base

_CASES_A_BATCH = 1000
_WORKING_DAYS_BACK = 620
_OPEN_SHARE = 0.04
# within so many working days before today lie the submissions of open cases
_OPEN_DAYS = 8
_BATCHES_A_LINE = 20


def load_bulk(password: str, cases: int, seed: int = 7, tell: Callable[[int], None] = print) -> None:
    """Fill an empty database with so many cases. Commits batch by batch."""
    with clock.at(clock.now()):
        create_staff(password)
        db.session.commit()
        staff = db.session.execute(select(Account.username, Account.id, Account.name)).all()
        officers = {row.username: row.id for row in staff}
        names = {row.id: row.name for row in staff}
        history = History.of_session()
        db.session.remove()
        plan = Plan(random.Random(seed), officers, names, _days(), cases)
        _pause_index()
        ids, history = _make_and_write(plan, history, tell)
        _finish(ids, history)


def _make_and_write(plan: Plan, history: History, tell: Callable[[int], None]) -> tuple[Ids, History]:
    """A child makes the batches, this process writes them; the end of every series comes last."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    packer = Packer(db.engine.dialect)
    child = fork.Process(target=_make, args=(plan, history, packer, theirs), daemon=True)
    child.start()
    theirs.close()
    count = 0
    while True:
        try:
            found: Packed | tuple[Ids, History] = ours.recv()
        except EOFError:
            raise RuntimeError("the process that makes the rows ended early") from None
        if isinstance(found, tuple):
            child.join()
            return found
        write(packer, found)
        count += 1
        if count % _BATCHES_A_LINE == 0:
            tell(min(count * _CASES_A_BATCH, plan.cases))


def _make(plan: Plan, history: History, packer: Packer, pipe: Connection) -> None:
    ids = Ids()
    pipe.send(packer.pack(first_rows(plan, ids)))
    for batch in _batches(plan, ids, history):
        pipe.send(packer.pack(batch))
    pipe.send((ids, history))


def _days() -> tuple[date, ...]:
    """Working days, oldest first, up to today."""
    calendar, day = rule_base().calendar, clock.today()
    found: list[date] = []
    while len(found) < _WORKING_DAYS_BACK:
        if calendar.is_working(day):
            found.append(day)
        day -= timedelta(days=1)
    return tuple(reversed(found))


def _batches(plan: Plan, ids: Ids, history: History) -> Iterator[Batch]:
    """Cases in the order of their submission: ended ones first, the open ones in the last days."""
    open_count = max(1, int(plan.cases * _OPEN_SHARE))
    ended_days = plan.days[: -_OPEN_DAYS * 3]
    batch = Batch()
    for number in range(plan.cases):
        left = plan.cases - number
        if left > open_count:
            day = ended_days[number * len(ended_days) // max(1, plan.cases - open_count)]
        else:
            day = plan.days[-_OPEN_DAYS + (open_count - left) * _OPEN_DAYS // open_count]
        add_case(plan, ids, history, batch, day, is_open=left <= open_count)
        if batch.cases == _CASES_A_BATCH:
            yield batch
            batch = Batch()
    if batch.cases:
        yield batch


def _finish(ids: Ids, history: History) -> None:
    """Series, the head of the chain, the index and PostgreSQL's own counters go on from where the data ends."""
    head = db.session.scalars(select(HistoryHead)).one()
    head.last_id, head.last_hash = history.last_id, history.last_hash
    for year, last in ids.case_numbers.items():
        db.session.add(Series(kind="CASE", year=year, last=last))
    db.session.add(Series(kind="PERMIT", year=0, last=ids.permit_number))
    db.session.flush()
    if db.engine.dialect.name == "postgresql":
        for name in ORDER:
            if name != "event":
                _go_on(name)
    _fill_index()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def _pause_index() -> None:
    """On SQLite the full-text index is filled in one go at the end, which is several times as fast as row by row."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.begin() as connection:
            connection.execute(text(f"DROP TRIGGER {FTS_TABLE}_added"))


def _fill_index() -> None:
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text(f"INSERT INTO {FTS_TABLE}(rowid, tokens) SELECT id, tokens FROM search_entry"))
        added = next(statement for statement in CREATE["sqlite"] if f"TRIGGER {FTS_TABLE}_added" in statement)
        db.session.execute(text(added))


def _go_on(table: str) -> None:
    top = db.session.scalar(select(func.max(Base.metadata.tables[table].c.id))) or 1
    db.session.execute(
        text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :top)"), {"name": f'"{table}"', "top": top}
    )
