"""Forms of the liaison desk: shape and wording; choices come from the rule tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField

from expertdesk.foundation.locale import lazy
from expertdesk.liaison.commands import NOTE_MOST, REASON_MOST, SUMMARY_MOST
from expertdesk.regulations.current import rules_today
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, Required


class ContactForm(BaseForm):
    """What was said, and when the next contact is promised."""

    kind = SelectField(
        lazy("How"), validators=[Required(lazy("Choose how you were in contact."))], validate_choice=False
    )
    on = DayField(lazy("Day of the contact"), validators=[Required(lazy("Enter the day of the contact."))])
    summary = CleanArea(
        lazy("What was said"),
        validators=[Required(lazy("Write what was said, in a sentence or two."))],
        most=SUMMARY_MOST,
    )
    next_on = DayField(lazy("Next contact on"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offered = [(row.code, str(row.name)) for row in rules_today().rows("contact_kinds")]
        self.kind.choices = self.offered

    def suggest(self, *, is_first: bool) -> ContactForm:
        """The first kind of the table for a first contact, the second (a call) afterwards."""
        self.kind.data = self.offered[0 if is_first else min(1, len(self.offered) - 1)][0]
        return self


class HandOverForm(BaseForm):
    """One note for everybody who is handed over."""

    to = SelectField(lazy("Hand over to"), coerce=str, validate_choice=False, render_kw={"translate": "no"})
    note = CleanArea(lazy("What the next officer has to know"), most=NOTE_MOST)

    def __init__(self, *args: Any, officers: Sequence[tuple[int, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.to.choices = [("", str(lazy("Choose an officer"))), *((str(number), name) for number, name in officers)]

    @property
    def to_id(self) -> int:
        value = self.to.data or ""
        return int(value) if value.isascii() and value.isdigit() and len(value) < len("1000000000") else 0


class LevelForm(BaseForm):
    """The level, decided by a manager with a reason."""

    level = SelectField(lazy("Level"), validate_choice=False)
    reason = CleanField(lazy("Reason"), most=REASON_MOST)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.level.choices = [(row.code, str(row.name)) for row in rules_today().rows("liaison_levels")]


class ReleaseForm(BaseForm):
    """End the service, with the reason."""

    reason = CleanField(lazy("Why it ends"), most=REASON_MOST)
