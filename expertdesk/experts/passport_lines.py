"""The two lines of a passport fill the fields of the form for a new person; nothing is saved by that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from expertdesk.experts.forms import NewPersonForm
from expertdesk.experts.mrz import MrzReading, Passport, read_mrz
from expertdesk.foundation import clock
from expertdesk.foundation.locale import lazy
from expertdesk.regulations.current import rules_today


@dataclass(frozen=True)
class Reading:
    """`problems`: what does not fit and has to be corrected; `notices`: to be known although all digits fit."""

    is_readable: bool
    problems: tuple[Any, ...]
    notices: tuple[Any, ...]


def fill_from_lines(form: NewPersonForm) -> Reading:
    """Put what sound lines say into the fields; lines with a wrong digit change nothing and say what is wrong."""
    if not (form.mrz.data or "").strip():
        form.mrz.errors = [lazy("Paste the two lines at the bottom of the passport’s picture page.")]
        return Reading(False, (), ())
    reading: MrzReading = read_mrz(form.mrz.data or "", today=clock.today())
    if not reading.is_sound or reading.passport is None:
        form.mrz.errors = [problem.message for problem in reading.problems]
        return Reading(False, tuple(problem.message for problem in reading.problems), ())
    for name, value in _values(reading.passport).items():
        field = form[name]
        if value not in (None, ""):
            field.data, field.raw_data = value, None
            field.errors = []
    return Reading(True, (), tuple(notice.message for notice in reading.notices))


def _values(passport: Passport) -> Mapping[str, Any]:
    sexes = {row.letter: row.code for row in rules_today().dictionary("sexes") if row.letter}
    is_foreign = passport.issuer is not None and passport.issuer != passport.nationality
    return {
        "surname": passport.surname,
        "given_name": passport.given_names,
        "nationality": passport.nationality,
        "birth_on": passport.birth_date,
        "sex": sexes.get(passport.sex, ""),
        "number": passport.number,
        "issuing_country": passport.issuer if is_foreign else "",
        "expires_on": passport.expiry_date,
    }
