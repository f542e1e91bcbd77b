"""Fields of the intake form beside those of the web floor: a choice that says so when it is none of the list, whole and
half years, a free group of ticks."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from expertdesk.foundation.locale import lazy
from expertdesk.web.forms import printable

NOT_IN_LIST = lazy("Choose one from the list.")
_NUMBER = lazy("Enter a number, for example 6 or 6.5.")
_MOST_SIGNS = 8


class ChoiceField(SelectField):
    """Empty is allowed; what is sent must be in the list."""

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in self._known():
            raise ValidationError(NOT_IN_LIST)

    def _known(self) -> set[str]:
        return {str(choice.value) for choice in self.iter_choices()}  # type: ignore[attr-defined]


class PickField(RadioField):
    """Buttons of which none may be pressed; the page, not the field, knows what may be picked."""

    label_is_said = False

    def pre_validate(self, form: Any) -> None:
        """Judged where the record is looked up."""


class TicksField(SelectMultipleField):
    """Several of the list."""

    def pre_validate(self, form: Any) -> None:
        known = {str(choice.value) for choice in self.iter_choices()}  # type: ignore[attr-defined]
        if any(value not in known for value in self.data or ()):
            raise ValidationError(NOT_IN_LIST)


class NumberField(StringField):
    """A number with at most `decimals` decimals between `least` and `most`; what was typed is kept."""

    def __init__(
        self, label: Any = None, validators: Any = None, *, least: int = 0, most: int, decimals: int = 0, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.least, self.most, self.decimals = least, most, decimals
        self.typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not self.typed:
            return
        plain = self.typed.translate(_FULL_WIDTH).replace(" ", "")
        try:
            number = Decimal(plain) if len(plain) <= _MOST_SIGNS else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise ValueError(_NUMBER)
        if not self.least <= number <= self.most:
            raise ValueError(lazy("Enter a number from %(least)s to %(most)s.", least=self.least, most=self.most))
        if number != round(number, self.decimals):
            text = lazy("Enter a whole number.") if not self.decimals else lazy("Use at most one decimal.")
            raise ValueError(text)
        self.data = number  # type: ignore[assignment]

    def _value(self) -> str:
        return printable(self.typed) or ("" if self.data is None else str(self.data))


_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0E: "."}
