"""The two public forms: a slip's number and code, a letter's code."""

from __future__ import annotations

from expertdesk.foundation.locale import lazy
from expertdesk.web.forms import BaseForm, CleanField, Required

LONGEST = 60


class StatusForm(BaseForm):
    number = CleanField(lazy("Case number"), [Required(lazy("Enter the case number from the slip."))], most=LONGEST)
    code = CleanField(lazy("Access code"), [Required(lazy("Enter the access code from the slip."))], most=LONGEST)


class VerifyForm(BaseForm):
    """Sent by GET, so that the address of the answer can be passed on: no token, it changes nothing."""

    class Meta(BaseForm.Meta):
        csrf = False  # type: ignore[assignment]

    code = CleanField(lazy("Verification code"), [Required(lazy("Enter the code from the letter."))], most=LONGEST)
