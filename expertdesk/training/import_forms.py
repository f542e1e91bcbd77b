"""Choosing sheets, and confirming what was read."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, ValidationError

from expertdesk.foundation.locale import lazy
from expertdesk.training.importing.gate import LARGEST_RUN, MOST_FILES, megabytes
from expertdesk.web.forms import BaseForm


class SheetsForm(BaseForm):
    """Any number of files up to the limits said on the page; those that wait already count too."""

    files = MultipleFileField(lazy("Sheets of the units"))
    waiting_files = 0
    waiting_bytes = 0

    def validate_files(self, field: Any) -> None:
        chosen = [one for one in field.data or () if one is not None and one.filename]
        if not chosen:
            raise ValidationError(lazy("Choose at least one file."))
        if len(chosen) + self.waiting_files > MOST_FILES:
            raise ValidationError(lazy("At most %(most)s files go into one run.", most=MOST_FILES))
        field.data = chosen
        total = self.waiting_bytes
        for one in chosen:
            one.stream.seek(0, 2)
            total += one.stream.tell()
            one.stream.seek(0)
        if total > LARGEST_RUN:
            text = lazy(
                "Together the files are larger than %(most)s MB; send them in two runs.", most=megabytes(LARGEST_RUN)
            )
            raise ValidationError(text)


class ConfirmForm(BaseForm):
    """`seen`: the digest of the result that was looked at; `since`: where the history stood then."""

    seen = HiddenField()
    since = HiddenField()
