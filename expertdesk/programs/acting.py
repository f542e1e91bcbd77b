"""`act`: every action on an application goes through here, so that state, version, event and message are written
together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from expertdesk.access import Actor
from expertdesk.experts.versions import Version
from expertdesk.foundation import clock
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, Stale
from expertdesk.models import Event, ProgramApplication
from expertdesk.programs import telling
from expertdesk.programs.workflow import PROGRAM
from expertdesk.workflow import Consequences, Performed, perform, require

SUBJECT = PROGRAM.subject_kind


def act(
    application: ProgramApplication,
    action: str,
    actor: Actor,
    *,
    seen_version: int | None = None,
    reason: str = "",
    payload: Mapping[str, Any] | None = None,
    effect: Callable[[Performed], None] | None = None,
) -> Performed:
    """Perform one action of the table; `effect` changes the row. Raises NotAllowedNow, NotPermitted, Stale."""
    try:
        return perform(
            db.session(),
            PROGRAM,
            application,
            action,
            actor,
            seen_version=seen_version,
            reason=reason.strip(),
            payload=payload,
            rules_date=clock.day_of(application.submitted_at) if application.submitted_at else clock.today(),
            consequences=Consequences(effect=effect, send_notices=telling.tell),
        )
    except Stale as error:
        raise stale(application, error.seen) from None


def require_possible(
    application: ProgramApplication, action: str, actor: Actor, seen_version: int | None = None
) -> None:
    """Refuse now what `act` would refuse, before the fields of a form are judged; the row is held afterwards."""
    try:
        require(db.session(), PROGRAM, application, action, actor, seen_version=seen_version)
    except Stale as error:
        raise stale(application, error.seen) from None


def stale(application: ProgramApplication, seen: int, differences: Sequence[FieldDifference] = ()) -> Stale:
    """The refusal of an older version: who saved in between, and both versions of the fields."""
    last = db.session.scalars(
        select(Event)
        .where(Event.subject_kind == SUBJECT, Event.subject_id == application.id)
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    return Stale(
        seen=seen,
        current=application.row_version,
        changed_by=last.actor_name if last else "",
        changed_at=last.at if last else None,
        differences=differences,
    )


def check_seen(
    application: ProgramApplication, seen_version: int | None, differences: Sequence[FieldDifference]
) -> None:
    """An older page whose fields differ from what is stored is shown both versions; one that says the same passes."""
    if seen_version is not None and seen_version != application.row_version and differences:
        raise stale(application, seen_version, differences)


def difference(name: str, label: Any, stored: Any, yours: Any, *, shown: Callable[[Any], str] = str) -> Version | None:
    """One field in two versions, or nothing where they agree."""
    if stored == yours:
        return None
    return Version(name, label, _shown(stored, shown), _shown(yours, shown), raw(stored), raw(yours))


def _shown(value: Any, shown: Callable[[Any], str]) -> str:
    return "" if value is None or value == "" else shown(value)


def raw(value: Any) -> str:
    """As a form sends it."""
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def plain(value: Any) -> Any:
    """As an event keeps it."""
    if value is None or isinstance(value, (str, int, bool, list, dict)):
        return value
    return raw(value)
