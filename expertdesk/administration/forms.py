"""Forms of administration. Choices of roles, districts and rights come from the grant table and the rule tables."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from expertdesk.access import STAFF_ROLES, Role
from expertdesk.accounts.forms import Email
from expertdesk.accounts.names import RIGHT_NAMES, ROLE_NAMES
from expertdesk.foundation.locale import lazy
from expertdesk.models import MembershipRight
from expertdesk.regulations.current import rules_today
from expertdesk.web.forms import BaseForm, CleanField, DayField, Required

# the row version in a form: what fits the column
_LARGEST_VERSION = 2**31 - 1
LANGUAGE_NAMES = [("zh", lazy("in Chinese")), ("en", lazy("in English"))]


class CodesField(SelectMultipleField):
    """Several codes. The screen for two versions sends them back as one value with commas."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [code for value in valuelist for code in value.split(",") if code]

    def pre_validate(self, form: Any) -> None:
        known = {str(value) for value, _, _, _ in self.iter_choices()}
        if any(code not in known for code in self.data or ()):
            raise ValidationError(lazy("Choose from the list."))


class OpenCodesField(CodesField):
    """Codes that the command checks: after two versions met they may be newer than the page."""

    def pre_validate(self, form: Any) -> None:
        return None


def district_choices(held: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The bureau's districts, and those an account still holds though they are not offered any more."""
    rules = rules_today()
    offered = [(row.code, str(row.name)) for row in rules.districts(demo=bool(rules.bureau.demo))]
    known = {code for code, _ in offered}
    return offered + [(code, str(rules.name_of("districts", code))) for code in held if code not in known]


def staff_role_choices() -> list[tuple[str, str]]:
    return [(role.value, str(ROLE_NAMES[role])) for role in Role if role in STAFF_ROLES]


def right_choices() -> list[tuple[str, str]]:
    return [(right.value, str(RIGHT_NAMES[right])) for right in MembershipRight]


class DetailsForm(BaseForm):
    """What stands on every account."""

    name = CleanField(lazy("Name"), [Required(lazy("Enter the name."))], most=200)
    name_latin = CleanField(lazy("Name in Latin letters"), most=200)
    email = CleanField(lazy("E-mail"), [Email()], most=254)
    phone = CleanField(lazy("Phone"), most=40)
    window = CleanField(lazy("Window"), most=60)


class StaffFields(BaseForm):
    roles = CodesField(lazy("Roles"), [Required(lazy("Choose at least one role."))])
    districts = CodesField(lazy("Districts"))
    is_municipal = BooleanField(lazy("All districts"), false_values=("", "false", "no"))

    def fill_choices(self, districts: tuple[str, ...] = ()) -> None:
        self.roles.choices = staff_role_choices()
        self.districts.choices = district_choices(districts)


class NewUserForm(DetailsForm, StaffFields):
    """A staff account. No password: the person sets it with a one-time address."""

    username = CleanField(lazy("User name"), [Required(lazy("Choose a user name."))], most=80)
    language = SelectField(lazy("Language of messages"), choices=(), default="zh")

    def fill_choices(self, districts: tuple[str, ...] = ()) -> None:
        super().fill_choices(districts)
        self.language.choices = LANGUAGE_NAMES


class EditUserForm(DetailsForm):
    version = IntegerField(lazy("Version"), [NumberRange(1, _LARGEST_VERSION)])


class EditStaffForm(EditUserForm, StaffFields):
    pass


class EditContactForm(EditUserForm):
    """An organisation contact: memberships kept, and one to add."""

    memberships = OpenCodesField(lazy("Organisations"))
    add_code = CleanField(lazy("Unified social credit code of a further organisation"), most=40)
    add_right = SelectField(lazy("Right"), choices=())

    def fill_choices(self, memberships: list[tuple[str, str]]) -> None:
        self.memberships.choices = memberships
        self.add_right.choices = right_choices()


class InviteForm(BaseForm):
    """An invitation: for an expert by passport number, for an organisation contact by the organisation's code."""

    role = SelectField(lazy("For whom"), choices=())
    passport = CleanField(lazy("Passport number of the expert"), most=40)
    organisation = CleanField(lazy("Unified social credit code of the organisation"), most=40)
    right = SelectField(lazy("Right"), choices=())
    name = CleanField(lazy("Name"), most=200)
    email = CleanField(lazy("E-mail"), [Email()], most=254)
    language = SelectField(lazy("Language of messages"), choices=(), default="en")

    def fill_choices(self) -> None:
        self.role.choices = [(role.value, str(ROLE_NAMES[role])) for role in (Role.EXPERT, Role.EMPLOYER)]
        self.right.choices = right_choices()
        self.language.choices = LANGUAGE_NAMES


class LogFilter(BaseForm):
    """The filter above the history and the access log (sent by GET, so no token)."""

    class Meta(BaseForm.Meta):
        csrf = False  # type: ignore[assignment]

    kind = SelectField(lazy("Record"), choices=(), default="")
    number = CleanField(lazy("Number"), most=40)
    action = SelectField(lazy("What happened"), choices=(), default="")
    day = DayField(lazy("Day"), [MayBeEmpty()])


class UsersFilter(BaseForm):
    class Meta(BaseForm.Meta):
        csrf = False  # type: ignore[assignment]

    q = CleanField(lazy("Name or e-mail"), most=100)
    role = SelectField(lazy("Role"), choices=(), default="")

    def fill_choices(self) -> None:
        self.role.choices = [("", lazy("All roles")), *((role.value, ROLE_NAMES[role]) for role in Role)]
