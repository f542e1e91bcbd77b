"""Reads the two machine-readable lines of a passport (ICAO Doc 9303 part 4, size TD3).

Comes in: text as people paste or scan it. Goes out: the fields, and for everything that does not fit a
sentence with line, position and what it should be. Nothing is guessed silently: what was tidied is said,
what cannot be read is left for the officer to fill in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.experts.mrz_checks import (
    BIRTH,
    EXPIRY,
    NUMBER,
    PERSONAL,
    SEX,
    WIDTH,
    MrzProblem,
    birth_date,
    expiry_date,
    field_problems,
    line_problem,
    shape_problem,
    type_problems,
    wrong_digits,
)
from expertdesk.experts.nationalities import country_of, no_country_reason
from expertdesk.foundation.locale import lazy, lazy_date

_NAME = slice(5, WIDTH)
_NATIONALITY = slice(10, 13)
_BODY = 28  # line 2 up to here has fields of fixed width; then comes the personal number
_DIGIT_PLACES = (9, *range(13, 20), *range(21, 28), 43)
_LETTER_PLACES = (10, 11, 12)
_READ_AS_DIGIT = str.maketrans("OQDILZSBG", "000112586")
_READ_AS_LETTER = str.maketrans("01582", "OISBZ")
# Cyrillic and Greek capitals that look like Latin ones: a keyboard left in the other layout.
_LOOKALIKES = str.maketrans("АВЕКМНОРСТХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXISJABEZHIKMNOPTYX")
_FILLERS = str.maketrans(dict.fromkeys("«‹〈《≤", "<") | {"»": "<", "›": "<"})


@dataclass(frozen=True)
class Passport:
    """What the lines say. None or "" where a field cannot be read."""

    surname: str
    given_names: str
    number: str
    issuer_code: str
    issuer: str | None
    nationality_code: str
    nationality: str | None
    birth_date: date | None
    sex: str
    expiry_date: date | None
    personal_number: str
    is_name_cut: bool


@dataclass(frozen=True)
class MrzReading:
    """The result: tidied lines, fields as far as they were read, problems to correct, notices to know."""

    lines: tuple[str, str] | None
    passport: Passport | None
    problems: tuple[MrzProblem, ...]
    notices: tuple[MrzProblem, ...]

    @property
    def is_sound(self) -> bool:
        return self.passport is not None and not self.problems


def read_mrz(text: str, *, today: date) -> MrzReading:
    """Tidy, check and read pasted lines."""
    rows = _rows(text)
    problem = shape_problem(rows)
    if problem:
        return MrzReading(None, None, (problem,), ())
    first, second = _fit_first(rows[0]), _fit_second(rows[1])
    problem = line_problem(1, first) or line_problem(2, second)
    if problem:
        return MrzReading(None, None, (problem,), ())
    first, second, notices = _tidy_signs(first, second)
    problems = [*type_problems(first), *wrong_digits(second), *field_problems(second, today)]
    passport = _passport(first, second, today)
    notices += _notices(passport, today)
    return MrzReading((first, second), passport, tuple(problems), tuple(notices))


# --- tidying --------------------------------------------------------------------------------------


def _rows(text: str) -> list[str]:
    """Lines that can be machine-readable ones; signs around them and words above them fall away."""
    text = (
        unicodedata.normalize("NFKC", text.replace("&lt;", "<"))
        .translate(_FILLERS)
        .upper()
        .translate(_LOOKALIKES)
    )
    rows = [re.sub(r"[\s\u200b\ufeff]+", "", row) for row in text.splitlines()]
    rows = [row for row in rows if row]
    if len(rows) > 2:
        likely = [row for row in rows if "<" in row]
        rows = likely if len(likely) >= 2 else rows
    if len(rows) == 1 and len(rows[0]) >= 2 * WIDTH - 1:
        rows = [rows[0][:WIDTH], rows[0][WIDTH:]]
    return rows


def _fit_first(row: str) -> str:
    """Fillers at the end of the name line are often lost or doubled."""
    return row.ljust(WIDTH, "<") if len(row) <= WIDTH else row[:WIDTH] + row[WIDTH:].rstrip("<")


def _fit_second(row: str) -> str:
    """Between personal number and the last two check digits stand fillers whose count is easily lost."""
    if len(row) == WIDTH or len(row) < _BODY + 2:
        return row
    head, middle, tail = row[:_BODY], row[_BODY:-2], row[-2:]
    wanted = WIDTH - _BODY - 2
    stem = middle.rstrip("<")
    return head + stem.ljust(wanted, "<") + tail if len(stem) <= wanted else row


def _tidy_signs(first: str, second: str) -> tuple[str, str, list[MrzProblem]]:
    """Where only digits or only letters can stand, O is 0 and 0 is O; each change is said."""
    signs = list(second)
    for place in _DIGIT_PLACES:
        signs[place] = signs[place].translate(_READ_AS_DIGIT)
    for place in _LETTER_PLACES:
        signs[place] = signs[place].translate(_READ_AS_LETTER)
    tidied = "".join(signs)
    notices = [
        MrzProblem(
            "mrz.tidied",
            lazy(
                "Passport lines: position %(position)s of line 2 was read as %(now)s",
                position=place + 1,
                now=now,
            ),
            lazy(
                "Line 2, position %(position)s: %(old)s cannot stand there and was read as "
                "%(now)s. Please compare.",
                position=place + 1,
                old=old,
                now=now,
            ),
            line=2,
            position=place + 1,
            expected=now,
            found=old,
        )
        for place, (old, now) in enumerate(zip(second, tidied, strict=True))
        if old != now
    ]
    return first[:2] + first[2:5].translate(_READ_AS_LETTER) + first[5:], tidied, notices


# --- fields ---------------------------------------------------------------------------------------


def _passport(first: str, second: str, today: date) -> Passport:
    primary, _, secondary = first[_NAME].partition("<<")
    nationality = second[_NATIONALITY].rstrip("<")
    issuer = first[2:5].rstrip("<")
    sex = second[SEX]
    return Passport(
        surname=_words(primary),
        given_names=_words(secondary),
        number=second[NUMBER].rstrip("<"),
        issuer_code=issuer,
        issuer=country_of(issuer),
        nationality_code=nationality,
        nationality=country_of(nationality),
        birth_date=birth_date(second[BIRTH], today),
        sex=sex if sex in "MF" else ("X" if sex in "<X" else ""),
        expiry_date=expiry_date(second[EXPIRY]),
        personal_number=_words(second[PERSONAL]),
        is_name_cut=first[-1] != "<",
    )


def _words(field: str) -> str:
    return " ".join(part for part in field.split("<") if part)


def _notices(passport: Passport, today: date) -> list[MrzProblem]:
    """What the officer should know although every digit fits."""
    found = [_country_notice(passport), _cut_notice(passport), *_date_notices(passport, today)]
    return [notice for notice in found if notice is not None]


def _country_notice(passport: Passport) -> MrzProblem | None:
    if passport.nationality is not None:
        return None
    summary = lazy("Passport lines: please choose the nationality")
    return _notice("mrz.no_country", 11, summary, no_country_reason(passport.nationality_code))


def _cut_notice(passport: Passport) -> MrzProblem | None:
    if not passport.is_name_cut:
        return None
    message = lazy(
        "The name fills line 1 to its end and may be cut off. Copy the full name from the upper "
        "part of the page."
    )
    return _notice("mrz.name_cut", WIDTH, lazy("Passport lines: the name may be cut off"), message, line=1)


def _date_notices(passport: Passport, today: date) -> Iterator[MrzProblem]:
    if passport.birth_date is None:
        summary = lazy("Passport lines: no full date of birth")
        message = lazy("The lines give no full date of birth. Enter it as the passport's page shows it.")
        yield _notice("mrz.birth_unknown", BIRTH.start + 1, summary, message)
    if passport.expiry_date is not None and passport.expiry_date < today:
        summary = lazy("Passport lines: the passport has expired")
        day = lazy_date(passport.expiry_date)
        message = lazy("The passport expired on %(day)s. Ask for the new one.", day=day)
        yield _notice("mrz.expired", EXPIRY.start + 1, summary, message)


def _notice(code: str, position: int, summary: Any, message: Any, line: int = 2) -> MrzProblem:
    return MrzProblem(code, summary, message, line=line, position=position)
