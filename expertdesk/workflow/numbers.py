"""Numbers of a series and year, unique under any concurrency: the row of the series is locked in the transaction.

The year is Shanghai's (decisions: demo world and numbers). A number that is taken and not used leaves a gap with its
reason.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from expertdesk.foundation import clock
from expertdesk.models import Series, SeriesGap
from expertdesk.workflow.history import lock_history


def next_in_series(session: Session, kind: str, year: int) -> int:
    """Take the next number (from 1) of this series in this year."""
    return take_in_series(session, kind, year, 1)[0]


def take_in_series(session: Session, kind: str, year: int, count: int) -> range:
    """Take `count` numbers that follow each other, at once: for what is made as one run."""
    lock_history(session)  # always before a series: see `perform.lock_row`
    _make_sure(session, kind, year)
    row = session.execute(select(Series).where(Series.kind == kind, Series.year == year).with_for_update()).scalar_one()
    session.refresh(row)
    row.last += count
    session.flush()
    return range(row.last - count + 1, row.last + 1)


def _make_sure(session: Session, kind: str, year: int) -> None:
    """Create the row of the series if it is not there; two at once make one."""
    dialect = session.get_bind().dialect.name
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    session.execute(insert(Series).values(kind=kind, year=year, last=0).on_conflict_do_nothing())


def explain_gap(session: Session, kind: str, year: int, number: int, reason: str) -> None:
    """Record why a number was taken and not used."""
    session.add(SeriesGap(kind=kind, year=year, number=number, reason=reason, at=clock.now()))
