"""Two people at one form: whoever saves second sees, field by field, what is stored now beside what they sent, and
chooses; nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import select
from wtforms import BooleanField, Field, HiddenField, SelectField, SelectMultipleField

from expertdesk.foundation.database import db
from expertdesk.foundation.errors import FieldDifference, Stale
from expertdesk.foundation.locale import gettext as _
from expertdesk.models import Event, TrainingPlan, TrainingProject, TrainingProvider
from expertdesk.training.field_names import listed
from expertdesk.training.registering import PROVIDER
from expertdesk.training.workflow import GROUP, PLAN

Subject = TrainingPlan | TrainingProject | TrainingProvider
_KINDS: dict[type, str] = {
    TrainingPlan: PLAN.subject_kind,
    TrainingProject: GROUP.subject_kind,
    TrainingProvider: PROVIDER,
}


@dataclass(frozen=True)
class BothValues(FieldDifference):
    """With the values to be sent again beside the ones to be read."""

    stored_value: str = ""
    yours_value: str = ""


@contextmanager
def both_versions(
    subject: Subject, form: Any, stored: Callable[[], Any], *, numbered: bool = False
) -> Iterator[None]:
    """A stale save inside the block carries the differences between `form` as sent and `stored()`, the same form filled
    with what is stored by now. `numbered`: the fields are rows, name_0, name_1 …"""
    try:
        yield
    except Stale as stale:
        raise told(subject, stale, _differences(form, stored, numbered)) from None


def told(subject: Subject, stale: Stale, differences: list[FieldDifference]) -> Stale:
    """The same with both versions, and with who saved meanwhile."""
    kind = _KINDS[type(subject)]
    found = select(Event).where(Event.subject_kind == kind, Event.subject_id == subject.id)
    last = db.session.scalar(found.order_by(Event.id.desc()).limit(1))
    return Stale(
        seen=stale.seen, current=subject.row_version, changed_by=last.actor_name if last else "",
        changed_at=last.at if last else None, differences=differences,
    )  # fmt: skip


def _differences(form: Any, stored: Callable[[], Any], numbered: bool) -> list[FieldDifference]:
    db.session.expire_all()
    other = stored()
    return [
        BothValues(
            field.name, _label(field, numbered), _shown(other[field.short_name]), _shown(field),
            _sent(other[field.short_name]), _sent(field),
        )
        for field in form
        if _was_asked(field, numbered)
        and field.short_name in other
        and not _same(field.data, other[field.short_name].data)
    ]


def _was_asked(field: Field, numbered: bool) -> bool:
    """It stood in the page: a box without its tick is not sent, everything else is. Rows that somebody added meanwhile
    did not stand there, and still belong to the choice."""
    if isinstance(field, HiddenField):
        return False
    return numbered or isinstance(field, (BooleanField, SelectMultipleField)) or field.name in request.form


def _same(yours: Any, stored: Any) -> bool:
    def plain(value: Any) -> Any:
        return sorted(value) if isinstance(value, (list, tuple)) else None if value in ("", False, None) else value

    return plain(yours) == plain(stored)


def _label(field: Field, numbered: bool) -> str:
    row = field.short_name.rpartition("_")[2]
    return f"{int(row) + 1}. {field.label.text}" if numbered and row.isdigit() else str(field.label.text)


def _shown(field: Field) -> str:
    """As a person reads it."""
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if isinstance(field, SelectMultipleField):
        return str(listed(label for value, label, *_more in field.iter_choices() if value in (field.data or ())))
    if isinstance(field, SelectField):
        return next((str(label) for value, label, *_more in field.iter_choices() if value == field.data and value), "")
    return _sent(field)


def _sent(field: Field) -> str:
    """As the form sends it."""
    if isinstance(field, BooleanField):
        return "y" if field.data else ""
    if isinstance(field, SelectMultipleField):
        return ",".join(field.data or ())
    if isinstance(field, SelectField):
        return "" if field.data is None else str(field.data)
    value: Any = getattr(field, "_value", None)
    return str(value() if value is not None else field.data or "")
