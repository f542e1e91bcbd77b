"""Collects what is wrong, field by field, while a record is cleaned; all of it is said at once."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from expertdesk.experts import records
from expertdesk.foundation.errors import RuleBroken
from expertdesk.foundation.locale import countries, lazy
from expertdesk.foundation.text import TextProblem, clean_text
from expertdesk.regulations import RuleBook

STATELESS = "XX"
EARLIEST = date(1900, 1, 1)  # nobody alive was born earlier; a year before it is a slip of the pen
LATEST = date(2200, 12, 31)  # as the date fields of all forms
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"[+(0-9][0-9 ()./\-]*(?:(?:ext\.?|转|#|x) ?[0-9]{1,6})?", re.IGNORECASE)
_LEAST_DIGITS = 5


def is_country(code: str) -> bool:
    """A country or region that a passport may name, or the code for stateless."""
    return code == STATELESS or any(code == known for known, _ in countries("en"))


class Checker:
    """`at` sets what stands before the field names (rows of a list)."""

    def __init__(self, book: RuleBook, today: date) -> None:
        self.book = book
        self.today = today
        self.problems: dict[str, Any] = {}
        self._before = ""

    def at(self, before: str) -> None:
        self._before = before

    def refuse(self, name: str, message: Any) -> None:
        """The first message of a field stays."""
        self.problems.setdefault(self._before + name, message)

    def has(self, name: str) -> bool:
        return self._before + name in self.problems

    def done(self) -> None:
        if self.problems:
            raise RuleBroken(self.problems)

    # --- kinds of values ---------------------------------------------------------------------------------------

    def text(self, name: str, value: str, most: int, *, required: bool = False, multiline: bool = False) -> str:
        try:
            return clean_text(value or "", limit=most, required=required, multiline=multiline)
        except TextProblem as problem:
            self.refuse(name, problem.message)
            return ""

    def country(self, name: str, code: str, *, required: bool = False) -> str:
        code = self.text(name, code, records.PHONE_MOST).upper()
        if not code:
            if required and not self.has(name):
                self.refuse(name, lazy("Choose a country or region."))
            return ""
        if not is_country(code):
            self.refuse(name, lazy("%(code)s is no country or region of the list.", code=code))
            return ""
        return code

    def code(self, name: str, table: str, code: Any, *, may_be_empty: bool = False) -> str:
        """A code of a rule table."""
        code = self.text(name, str(code or ""), records.PHONE_MOST)
        if not code:
            if not may_be_empty and not self.has(name):
                self.refuse(name, lazy("Choose one from the list."))
            return ""
        if self.book.find(table, code) is None:
            self.refuse(name, lazy("Choose one from the list."))
            return ""
        return code

    def day(self, name: str, day: date | None, *, required: bool = False) -> date | None:
        if day is None:
            if required:
                self.refuse(name, lazy("Enter a real date, for example 2026-11-24."))
            return None
        if not EARLIEST <= day <= LATEST:
            self.refuse(name, lazy("Enter a date between 1900 and 2200."))
            return None
        return day

    def past_day(self, name: str, day: date | None, *, required: bool = False) -> date | None:
        found = self.day(name, day, required=required)
        if found and found > self.today:
            self.refuse(name, lazy("This day lies in the future."))
        return found

    def email(self, name: str, value: str) -> str:
        address = self.text(name, value, records.EMAIL_MOST)
        if address and not _EMAIL.fullmatch(address):
            self.refuse(name, lazy("Enter an e-mail address such as name@example.org."))
        return address

    def phone(self, name: str, value: str) -> str:
        plain = unicodedata.normalize("NFKC", value or "")  # full-width digits and brackets
        number = self.text(name, plain, records.PHONE_MOST)
        if number and (not _PHONE.fullmatch(number) or sum(sign.isdigit() for sign in number) < _LEAST_DIGITS):
            self.refuse(name, lazy("Enter a telephone number such as +86 10 1234 5678."))
        return number
