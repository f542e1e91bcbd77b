"""Fields of the forms beside those of the web floor: whole numbers and person-months, with what was typed kept."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import Field, SelectField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from expertdesk.foundation.locale import lazy
from expertdesk.web.forms import printable

_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0E: "."}
_LONGEST = 12


class NumberField(Field):
    """A number of at most `decimals` decimals between `least` and `most`; empty is None."""

    widget = TextInput()
    data: Any

    def __init__(
        self, label: Any = None, validators: Any = None, *, least: int = 0, most: int = 999_999, decimals: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(label, validators, **options)
        self.least, self.most, self.decimals = least, most, decimals

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        plain = self.typed.translate(_FULL_WIDTH).replace(",", "").replace(" ", "")
        if not plain:
            return
        try:
            number = Decimal(plain) if len(plain) <= _LONGEST else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise ValueError(lazy("Enter a number."))
        if number != round(number, self.decimals):
            if self.decimals:
                raise ValueError(lazy("Use at most two decimals."))
            raise ValueError(lazy("Enter a whole number."))
        if not self.least <= number <= self.most:
            text = lazy("Enter a number from %(min)s to %(max)s.")
            raise ValueError(str(text) % {"min": self.least, "max": self.most})
        self.data = number if self.decimals else int(number)

    def _value(self) -> str:
        if getattr(self, "typed", ""):
            return printable(self.typed)
        return "" if self.data is None else f"{self.data.normalize():f}" if self.decimals else str(self.data)


class CodeField(SelectField):
    """One code of a list; empty is allowed unless a validator says otherwise. What is sent must be in the list."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("choices", [])
        super().__init__(label, validators, **options)

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {str(choice[0]) for choice in self.iter_choices()}:
            raise ValidationError(lazy("Choose one from the list."))


class CodesField(SelectMultipleField):
    """Several codes of a list."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("choices", [])
        super().__init__(label, validators, **options)

    def pre_validate(self, form: Any) -> None:
        known = {str(choice[0]) for choice in self.iter_choices()}
        if any(code not in known for code in self.data or ()):
            raise ValidationError(lazy("Choose one from the list."))
