"""Fields of the forms of people and organisations beside those of the web floor."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from wtforms import Field, SelectField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from expertdesk.foundation.locale import lazy
from expertdesk.web.forms import EARLIEST, LATEST

_MONTH = re.compile(r"(\d{4}) ?[-/.年]? ?(\d{1,2}) ?月?")
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}


class CodeField(SelectField):
    """One code of a list; empty is allowed unless a validator says otherwise. What is sent must be in the list."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("choices", [])
        super().__init__(label, validators, **options)

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in {str(choice[0]) for choice in self.iter_choices()}:
            raise ValidationError(lazy("Choose one from the list."))


class MonthField(Field):
    """A month as 2019-09; also 2019/9, 2019.09, 201909 and 2019年9月. What was typed is kept."""

    widget = TextInput()
    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not self.typed:
            return
        found = _MONTH.fullmatch(self.typed.translate(_FULL_WIDTH))
        try:
            month = date(int(found[1]), int(found[2]), 1) if found else None
        except ValueError:
            month = None
        if month is None or not EARLIEST <= month <= LATEST:
            raise ValueError(lazy("Enter a month, for example 2019-09."))
        self.data = month

    def _value(self) -> str:
        typed = getattr(self, "typed", "")
        if typed:
            return typed
        return f"{self.data:%Y-%m}" if self.data else ""
