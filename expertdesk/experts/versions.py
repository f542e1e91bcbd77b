"""A stale save: what stands stored now and what the reader wanted, field by field, and who saved in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from expertdesk.foundation.errors import FieldDifference, Stale
from expertdesk.models import Event


@dataclass(frozen=True)
class Version(FieldDifference):
    """`stored`, `yours` are for reading, the values go back into the form when one is chosen."""

    stored_value: str = ""
    yours_value: str = ""


def check_version(
    session: Session, kind: str, record: Any, seen: int | None, differences: Sequence[FieldDifference]
) -> None:
    """Raise Stale when the page was made from an older version and the two really differ."""
    if seen is None or seen == record.row_version or not differences:
        return
    last = session.scalars(
        select(Event)
        .where(Event.subject_kind == kind, Event.subject_id == record.id)
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    raise Stale(
        seen=seen,
        current=record.row_version,
        changed_by=last.actor_name if last else "",
        changed_at=last.at if last else None,
        differences=differences,
    )
