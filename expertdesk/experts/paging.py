"""Lists by key: newest first, one page at a time, the same cost however long the list is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from expertdesk.experts.policy import LARGEST_ID
from expertdesk.foundation.database import db

PAGE_SIZE = 30
T = TypeVar("T")


@dataclass(frozen=True)
class Slice(Generic[T]):
    """`older`, `newer`: the key to go on from in each direction, None at the end."""

    rows: tuple[T, ...]
    older: int | None
    newer: int | None


def read_slice(
    statement: Select[Any], key: InstrumentedAttribute[int], after: int | None, before: int | None
) -> Slice[Any]:
    """`after`: the rows that follow this key (older ones); `before`: those that stand above it (newer ones)."""
    if before is not None:
        wanted = statement.where(key > min(before, LARGEST_ID)).order_by(key.asc())
    elif after is not None:
        wanted = statement.where(key < min(after, LARGEST_ID)).order_by(key.desc())
    else:
        wanted = statement.order_by(key.desc())
    rows = list(db.session.scalars(wanted.limit(PAGE_SIZE + 1)).unique())
    is_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    if before is not None:
        rows.reverse()
    older = rows[-1].id if rows and (is_more or before is not None) else None
    newer = rows[0].id if rows and (after is not None or (before is not None and is_more)) else None
    return Slice(tuple(rows), older, newer)
