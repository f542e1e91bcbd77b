"""The two lines of a passport and the fields of the form: fill them, compare them, say what was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from expertdesk.experts.mrz import MrzReading, Passport, read_mrz
from expertdesk.experts.rules import tidy_passport_number
from expertdesk.foundation.locale import lazy, lazy_date
from expertdesk.intake.entry import Entry
from expertdesk.regulations import RuleBook

# fields of the form that the lines speak of
FILLED = ("surname", "given_name", "passport_number", "nationality", "birth_on", "passport_expires_on")


@dataclass(frozen=True)
class Lines:
    """What the page says about the lines: how many digits fit, what to correct, what to know."""

    reading: MrzReading
    digits: int

    @property
    def is_sound(self) -> bool:
        return self.reading.is_sound

    @property
    def is_name_cut(self) -> bool:
        return self.reading.passport is not None and self.reading.passport.is_name_cut

    @property
    def notices(self) -> tuple[Any, ...]:
        """Things to know although every digit fits."""
        return tuple(notice.message for notice in self.reading.notices)


def read_lines(text: str, today: date) -> Lines | None:
    """None when there is nothing to read."""
    if not text.strip():
        return None
    reading = read_mrz(text, today=today)
    return Lines(reading, _digits(reading))


def _digits(reading: MrzReading) -> int:
    """How many check digits were compared: an empty personal number may carry a filler for its digit."""
    if reading.lines is None:
        return 0
    second = reading.lines[1]
    return sum(second[place].isdigit() for place in (9, 19, 27, 42, 43))


def fill(values: MultiDict[str, str], lines: Lines | None, book: RuleBook, *, overwrite: bool) -> None:
    """Put what sound lines say into the fields. `overwrite`: somebody asked for it; else only while they are empty."""
    if lines is None or not lines.is_sound or lines.reading.passport is None:
        return
    if not overwrite and any((values.get(name) or "").strip() for name in FILLED):
        return
    for name, value in _values(lines.reading.passport, book).items():
        values.setlist(name, [value])


def _values(passport: Passport, book: RuleBook) -> dict[str, str]:
    sexes = {row.letter: row.code for row in book.dictionary("sexes") if row.letter}
    return {
        "surname": passport.surname,
        "given_name": passport.given_names,
        "passport_number": passport.number,
        "nationality": passport.nationality or "",
        "issuing_country": passport.issuer if passport.issuer and passport.issuer != passport.nationality else "",
        "birth_on": passport.birth_date.isoformat() if passport.birth_date else "",
        "sex": sexes.get(passport.sex, ""),
        "passport_expires_on": passport.expiry_date.isoformat() if passport.expiry_date else "",
    }


def differences(entry: Entry, lines: Lines | None) -> dict[str, Any]:
    """Number and dates that were typed although sound lines say something else. Names may be completed by hand."""
    if lines is None or not lines.is_sound or lines.reading.passport is None:
        return {}
    passport, found = lines.reading.passport, {}
    typed_number = tidy_passport_number(entry.passport_number)
    if typed_number and typed_number != passport.number:
        found["passport_number"] = lazy(
            "The passport lines say %(value)s. Correct one of the two.", value=passport.number
        )
    for name, read in (("birth_on", passport.birth_date), ("passport_expires_on", passport.expiry_date)):
        typed = getattr(entry, name)
        if typed is not None and read is not None and typed != read:
            found[name] = lazy("The passport lines say %(value)s. Correct one of the two.", value=lazy_date(read))
    return found
