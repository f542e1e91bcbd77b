"""The base of every form: text is cleaned at the edge, problems stand at their field, what was typed is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask import g, has_request_context
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, StringField, TextAreaField
from wtforms.meta import DefaultMeta
from wtforms.validators import Length, ValidationError
from wtforms.widgets import Input, Select, TextInput

from expertdesk.foundation.locale import in_row, lazy
from expertdesk.foundation.text import TextProblem, clean_text

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)
# control characters, half surrogates and codes that are no characters
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_IN_EVERY_FORM = frozenset({"csrf_token", "version"})
# an amount above this is a mistake or an attack, in any field
_GREATEST = Decimal(10) ** 13


# what WTForms itself says of a field, in our words; its own stand in English only
_CHOICE = lazy("Choose one from the list.")
_OWN_WORDS: dict[str, Any] = {
    "Not a valid choice.": _CHOICE,
    "Invalid Choice: could not coerce.": _CHOICE,
    "'%(value)s' is not a valid choice for this field.": _CHOICE,
    "'%(value)s' are not valid choices for this field.": _CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _CHOICE,
    "Not a valid integer value.": lazy("Enter a whole number."),
    "Not a valid decimal value.": lazy("Enter a number."),
    "Not a valid float value.": lazy("Enter a number."),
    "Not a valid date value.": lazy("Enter a real date, for example 2026-11-24."),
    "This field is required.": lazy("Fill in this field."),
    "Field must be at least %(min)d character long.": lazy("Enter at least %(min)d characters."),
    "Field must be at least %(min)d characters long.": lazy("Enter at least %(min)d characters."),
    "Field cannot be longer than %(max)d character.": lazy("Enter at most %(max)d characters."),
    "Field cannot be longer than %(max)d characters.": lazy("Enter at most %(max)d characters."),
    "Field must be between %(min)d and %(max)d characters long.": lazy("Enter %(min)d to %(max)d characters."),
    "Number must be at least %(min)s.": lazy("Enter at least %(min)s."),
    "Number must be at most %(max)s.": lazy("Enter at most %(max)s."),
    "Number must be between %(min)s and %(max)s.": lazy("Enter a number from %(min)s to %(max)s."),
    "Invalid email address.": lazy("Enter an e-mail address, for example name@example.org."),
    "Invalid input.": lazy("This entry cannot be read."),
}


class _OwnTexts:
    """What WTForms asks for its messages."""

    def gettext(self, string: str) -> str:
        return str(_OWN_WORDS.get(string, string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class OwnMeta(DefaultMeta):
    """What holds for forms inside a form too: messages in our words, and nothing unprintable back on the page."""

    locales = ("en",)

    def get_translations(self, form: Any) -> Any:
        return _OwnTexts()

    def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
        if isinstance(field.widget, Input) and "value" not in render_kw and hasattr(field, "_value"):
            render_kw = _input_words(field, render_kw)
        elif isinstance(field.widget, Select) and not _begins_empty(field):
            # HTML: a list that must be chosen from begins with an empty line; this one always has a value
            render_kw = {"required": False, **render_kw}
        return super().render_field(field, render_kw)


def _input_words(field: Any, render_kw: dict[str, Any]) -> dict[str, Any]:
    """Value and type of an input. A field for dates or numbers shows nothing else, so what was typed instead of one
    comes back in a field for text."""
    value = printable(str(field._value()))
    kind = render_kw.get("type") or getattr(field.widget, "input_type", "")
    if kind == "date" and isinstance(field.data, date):
        value = field.data.isoformat()
    elif (kind == "date" and value) or (kind == "number" and value and not _NUMBER.fullmatch(value)):
        return {**render_kw, "type": "text", "min": False, "max": False, "step": False, "value": value}
    return {**render_kw, "value": value}


def _begins_empty(field: Any) -> bool:
    first = next(iter(field.iter_choices()), None)
    return first is None or first[0] in ("", None)


class BaseForm(FlaskForm):
    """CSRF on; `problems()` feeds the error summary; `refuse` puts a rule's message at a field."""

    class Meta(OwnMeta, FlaskForm.Meta):  # type: ignore[name-defined]
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            return unbound_field.bind(form=form, **options)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """A page whose form came with an expired session is filled with it again (see accounts.blueprint)."""
            found = super().wrap_formdata(form, formdata)
            if found is not None or formdata is None or not has_request_context():
                return found
            kept = g.get("restored_form")
            own = [field.name for field in form if field.name not in _IN_EVERY_FORM]
            return kept if kept is not None and any(name in kept for name in own) else None

    def problems(self) -> list[tuple[str, Any]]:
        """(field id, message) of every field in order; ("", message) for the form as a whole."""
        found: list[tuple[str, Any]] = []
        for field in self:
            label = _shown_label(field)
            found.extend((field.id, AtField(message, label)) for message in _flat(field.errors))
        found.extend(("", message) for message in self.form_errors)
        return found

    def refuse(self, problems: dict[str, Any]) -> None:
        """Put the messages of a RuleBroken at their fields."""
        for name, message in problems.items():
            if name and name in self:
                field = self[name]
                field.errors = [*field.errors, message]
            else:
                self.form_errors.append(message)


class AtField(str):
    """A message with the label of its field: a list of messages names the field where the message does not."""

    label: str

    def __new__(cls, message: Any, label: str) -> AtField:
        text = super().__new__(cls, message)
        text.label = "" if label.casefold() in text.casefold() else label
        return text


def of_part(problems: Iterable[tuple[str, Any]], name: Any, whole: str = "") -> list[tuple[str, AtField]]:
    """The problems of a form that stands several times on a page, each with the name of what its form is about; the
    field `whole` is the part itself and is not named beside it."""
    found = []
    for field, text in problems:
        label = "" if field == whole else getattr(text, "label", "")
        found.append((field, AtField(text, in_row(part for part in (name, label) if part))))
    return found


def _shown_label(field: Any) -> str:
    """The label as people see it: hidden fields have none, nor those that only have their name; of a group whose label
    is a sentence (`label_is_said` False) the message stands alone."""
    text = str(field.label.text)
    is_named = text == field.short_name.replace("_", " ").title()
    return "" if is_named or isinstance(field, HiddenField) or not getattr(field, "label_is_said", True) else text


def _flat(errors: Any) -> Iterable[Any]:
    for error in errors:
        if isinstance(error, (list, tuple)):
            yield from _flat(error)
        elif isinstance(error, dict):
            yield from _flat(error.values())
        else:
            yield error


def printable(text: str) -> str:
    """What was typed without the signs that no page may hold: it goes back into the field beside its message."""
    return "".join(sign for sign in text if sign in "\r\n\t" or not _UNPRINTABLE.match(sign))


class CleanMixin(Field):
    """Normalises and refuses control characters with a message at the field (quality §1, input)."""

    most = 200
    multiline = False

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        super().process(formdata, *args, **options)
        if self.data is None:
            # a request without any form at all is an empty form, not an unknown one
            self.data = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""
        if self.data:
            try:
                self.data = clean_text(self.data, limit=self.most, multiline=self.multiline)
            except TextProblem as refused:
                self.data = printable(self.data)
                raise ValueError(refused.message) from None


class CleanField(CleanMixin, StringField):
    """One line of text."""

    def __init__(self, label: Any = None, validators: Any = None, most: int = 200, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.most = most


class CleanArea(CleanMixin, TextAreaField):
    """Several lines."""

    multiline = True

    def __init__(self, label: Any = None, validators: Any = None, most: int = 1000, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.most = most


class DayField(DateField):
    """A date as 2026-11-24; also 2026/11/24, 20261124 and 2026年11月24日; says what is wrong."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(
            label, validators, format=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"], **options
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        if not any(value.strip() for value in valuelist):
            self.data = None
            return
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(lazy("Enter a real date, for example 2026-11-24.")) from None
        if self.data is not None and not EARLIEST <= self.data <= LATEST:
            self.data = None
            raise ValueError(lazy("Enter a date between 1900 and 2200."))

    def _value(self) -> str:
        shown: Any = super()
        return printable(str(shown._value()))


class MoneyField(Field):
    """An amount in yuan with at most two decimals; thousands separators and full-width digits are tidied."""

    widget = TextInput()
    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not self.raw_text:
            return
        plain = self.raw_text.translate(_FULL_WIDTH).replace(",", "").replace(" ", "").lstrip("¥￥")
        try:
            amount = Decimal(plain)
        except InvalidOperation:
            raise ValueError(lazy("Enter an amount in yuan, for example 52,000.")) from None
        if not amount.is_finite() or not 0 <= amount < _GREATEST:
            raise ValueError(lazy("Enter an amount in yuan, for example 52,000."))
        if amount != round(amount, 2):
            raise ValueError(lazy("Use at most two decimals."))
        self.data = amount

    def _value(self) -> str:
        if getattr(self, "raw_text", ""):
            return printable(self.raw_text)
        return "" if self.data is None else f"{self.data:,}"


_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0C: ",", 0xFF0E: "."}


class Required:
    """The field must be filled; the message names what is missing."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message or lazy("Fill in this field.")

    def __call__(self, form: Any, field: Any) -> None:
        data = field.data
        if data is None or (isinstance(data, str) and not data.strip()) or data == []:
            if field.errors:
                # the field already says what is wrong with what was typed
                return
            raise ValidationError(self.message)


__all__ = [
    "BaseForm",
    "CleanArea",
    "CleanField",
    "DayField",
    "Length",
    "MoneyField",
    "OwnMeta",
    "Required",
]
