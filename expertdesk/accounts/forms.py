"""Forms of sign-in, account, invitation and first administrator. A password is never put back into a page."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import PasswordField
from wtforms.validators import ValidationError

from expertdesk.accounts.rules import PASSWORD_LONGEST
from expertdesk.foundation.locale import lazy
from expertdesk.web.forms import BaseForm, CleanField, Required


class SecretField(PasswordField):
    """A password exactly as typed; only what no keyboard makes is refused."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""
        if any(ord(sign) < ord(" ") or 0xD800 <= ord(sign) <= 0xDFFF for sign in self.data):
            self.data = ""
            raise ValueError(lazy("There is a character in this password that cannot be used. Type it again."))
        if len(self.data) > PASSWORD_LONGEST:
            self.data = ""
            raise ValueError(
                lazy(
                    "This password is too long; at most %(longest)s characters can be taken.", longest=PASSWORD_LONGEST
                )
            )


class Email:
    """An address that could receive mail; nothing is looked up."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data or field.errors:
            return
        try:
            validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise ValidationError(lazy("Enter a full e-mail address, for example name@example.org.")) from None


class SignInForm(BaseForm):
    username = CleanField(lazy("User name"), [Required(lazy("Enter your user name."))], most=80)
    password = SecretField(lazy("Password"), [Required(lazy("Enter your password."))])


class PasswordForm(BaseForm):
    current = SecretField(lazy("Present password"), [Required(lazy("Enter your present password."))])
    password = SecretField(lazy("New password"), [Required(lazy("Enter a new password."))])
    again = SecretField(lazy("New password once more"), [Required(lazy("Enter the new password once more."))])

    def validate_again(self, field: Any) -> None:
        must_be_equal(self.password, field)


class InvitationForm(BaseForm):
    """For a new account."""

    username = CleanField(lazy("User name"), [Required(lazy("Choose a user name."))], most=80)
    password = SecretField(lazy("Password"), [Required(lazy("Enter a password."))])
    again = SecretField(lazy("Password once more"), [Required(lazy("Enter the password once more."))])

    def validate_again(self, field: Any) -> None:
        must_be_equal(self.password, field)


class ResetForm(BaseForm):
    """For a new password of an account that is there."""

    password = SecretField(lazy("New password"), [Required(lazy("Enter a new password."))])
    again = SecretField(lazy("New password once more"), [Required(lazy("Enter the new password once more."))])

    def validate_again(self, field: Any) -> None:
        must_be_equal(self.password, field)


class FirstAdministratorForm(InvitationForm):
    name = CleanField(lazy("Name"), [Required(lazy("Enter the name."))], most=200)
    name_latin = CleanField(lazy("Name in Latin letters"), most=200)
    email = CleanField(lazy("E-mail"), [Email()], most=254)


def must_be_equal(first: Any, second: Any) -> None:
    if first.data and second.data and first.data != second.data:
        raise ValidationError(lazy("The two passwords differ. Type the same one twice."))
