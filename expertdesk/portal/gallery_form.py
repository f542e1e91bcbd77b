"""One field of each kind for the gallery: filled, and sent empty with every message."""

from __future__ import annotations

from wtforms import BooleanField, FileField, PasswordField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from expertdesk.foundation import clock
from expertdesk.foundation.locale import lazy
from expertdesk.web.forms import BaseForm, CleanArea, CleanField, DayField, MoneyField, Required

_CHOICES = (
    SelectChoice("one", lazy("First choice")),
    SelectChoice("two", lazy("Second choice")),
    SelectChoice("three", lazy("Third choice")),
)


class SampleForm(BaseForm):
    """One field of each kind; nothing is ever sent."""

    class Meta(BaseForm.Meta):
        csrf = False  # type: ignore[assignment]

    text = CleanField(lazy("One line of text"), [Required()])
    name = CleanField(lazy("A name in its own script"), [Required()])
    email = CleanField(lazy("E-mail"), [Required()])
    phone = CleanField(lazy("Phone"), [Required()])
    day = DayField(lazy("A day"), [Required()])
    amount = MoneyField(lazy("An amount"), [Required()])
    secret = PasswordField(lazy("A password"), [Required()])
    choice = SelectField(lazy("One of many"), [Required()], choices=[SelectChoice("", lazy("Choose")), *_CHOICES])
    few = RadioField(lazy("One of a few"), [Required()], choices=_CHOICES)
    several = SelectMultipleField(lazy("Several of a few"), [Required()], choices=_CHOICES)
    yes = BooleanField(lazy("A tick"), [Required()])
    lines = CleanArea(lazy("Several lines"), [Required()])
    machine = CleanArea(lazy("Two lines of a passport"), [Required()])
    file = FileField(lazy("A file"), [Required()])


def sample_forms() -> tuple[SampleForm, SampleForm]:
    """Filled, and sent empty: with every message."""
    filled = SampleForm(
        formdata=None,
        prefix="ok-",
        data={
            "text": "AB-1234",
            "name": "Nguyễn Thị Minh Hạnh",
            "email": "hanh@mail.example",
            "phone": "+86 138 0000 0416",
            "day": clock.today(),
            "choice": "two",
            "few": "one",
            "several": ["one", "three"],
            "yes": True,
        },
    )
    wrong = SampleForm(formdata=None, prefix="no-")
    wrong.validate()
    return filled, wrong
