"""What can be wrong with passport lines, each said with line, position and what it should be (ICAO Doc 9303
part 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from expertdesk.foundation.locale import lazy

WIDTH = 44
_WEIGHTS = (7, 3, 1)  # Doc 9303 part 3, section 4.9
_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
NUMBER, BIRTH, SEX = slice(0, 9), slice(13, 19), 20
EXPIRY, PERSONAL = slice(21, 27), slice(28, 42)
_OVERALL = 44
_CENTURY = 2000
_SWAPS = {
    "0": "OQD",
    "O": "0Q",
    "Q": "0O",
    "D": "0",
    "1": "IL",
    "I": "1L",
    "L": "1I",
    "2": "Z",
    "Z": "2",
    "5": "S",
    "S": "5",
    "8": "B",
    "B": "8",
    "6": "G",
    "G": "6",
}


def check_digit(field: str) -> str:
    """The check digit of a field: weights 7, 3, 1; letters count from A = 10, the filler is 0."""
    total = sum(_VALUES[sign] * _WEIGHTS[place % len(_WEIGHTS)] for place, sign in enumerate(field))
    return str(total % 10)


@dataclass(frozen=True)
class MrzProblem:
    """Something to correct or know. `summary` is for the list at the top, `message` stands at the field."""

    code: str
    summary: Any
    message: Any
    line: int = 0
    position: int = 0
    expected: str = ""
    found: str = ""
    suggestion: str = ""


def birth_date(digits: str, today: date) -> date | None:
    """YYMMDD of a living person: this century unless that day is still to come."""
    found = _date(_CENTURY, digits)
    if found is None or found > today:
        return _date(_CENTURY - 100, digits)
    return found


def expiry_date(digits: str) -> date | None:
    """YYMMDD between 2000 and 2099."""
    return _date(_CENTURY, digits)


def _date(century: int, digits: str) -> date | None:
    if not digits.isdigit():
        return None
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None


def shape_problem(rows: list[str]) -> MrzProblem | None:
    if not rows:
        return MrzProblem(
            "mrz.empty",
            lazy("Passport lines: nothing was pasted"),
            lazy("Paste the two lines at the foot of the passport's photo page, or fill in the fields."),
        )
    if len(rows) == 3 and all(len(row) <= 32 for row in rows):
        return MrzProblem(
            "mrz.identity_card",
            lazy("Passport lines: these are the lines of an identity card"),
            lazy("These three short lines come from an identity card. A passport has two lines of 44."),
        )
    if len(rows) != 2:
        return MrzProblem(
            "mrz.line_count",
            lazy("Passport lines: two lines are needed"),
            lazy(
                "Two lines of 44 characters are needed; here are %(count)s. Copy both lines and paste again.",
                count=len(rows),
            ),
        )
    return None


def line_problem(number: int, line: str) -> MrzProblem | None:
    if len(line) != WIDTH:
        return MrzProblem(
            "mrz.line_length",
            lazy(
                "Passport lines: line %(line)s has %(count)s characters instead of 44",
                line=number,
                count=len(line),
            ),
            lazy(
                "Line %(line)s has %(count)s characters; a passport's has 44. Compare it sign by "
                "sign and paste again.",
                line=number,
                count=len(line),
            ),
            line=number,
            position=min(len(line), WIDTH) + 1,
        )
    for position, sign in enumerate(line, start=1):
        if sign not in _VALUES:
            return MrzProblem(
                "mrz.sign",
                lazy(
                    "Passport lines: line %(line)s has the sign %(sign)s at position %(position)s",
                    line=number,
                    sign=sign,
                    position=position,
                ),
                lazy(
                    "Line %(line)s, position %(position)s: %(sign)s never stands in passport "
                    "lines; only A to Z, "
                    "0 to 9 and < do.",
                    line=number,
                    sign=sign,
                    position=position,
                ),
                line=number,
                position=position,
                found=sign,
            )
    return None


def type_problems(first: str) -> list[MrzProblem]:
    if first[0] == "P":
        return []
    return [
        MrzProblem(
            "mrz.no_passport",
            lazy("Passport lines: these are not a passport's lines"),
            lazy(
                "Line 1 begins with %(sign)s; a passport's begins with P. Use the passport, not "
                "a visa or a card.",
                sign=first[0],
            ),
            line=1,
            position=1,
            expected="P",
            found=first[0],
        )
    ]


@dataclass(frozen=True)
class _Check:
    code: str
    field: slice
    position: int
    summary: Callable[[dict[str, Any]], Any]


_CHECKS = (
    _Check(
        "mrz.check_number",
        NUMBER,
        10,
        lambda v: lazy(
            "Passport lines: the passport number does not fit its check digit "
            "(position %(position)s should be %(digit)s)",
            **v,
        ),
    ),
    _Check(
        "mrz.check_birth",
        BIRTH,
        20,
        lambda v: lazy(
            "Passport lines: the date of birth does not fit its check digit "
            "(position %(position)s should be %(digit)s)",
            **v,
        ),
    ),
    _Check(
        "mrz.check_expiry",
        EXPIRY,
        28,
        lambda v: lazy(
            "Passport lines: the date of expiry does not fit its check digit "
            "(position %(position)s should be %(digit)s)",
            **v,
        ),
    ),
    _Check(
        "mrz.check_personal",
        PERSONAL,
        43,
        lambda v: lazy(
            "Passport lines: the personal number does not fit its check digit "
            "(position %(position)s should be %(digit)s)",
            **v,
        ),
    ),
)


def wrong_digits(second: str) -> list[MrzProblem]:
    """Each wrong digit by name; the overall one only when the others are right, else it says nothing new."""
    problems = [problem for check in _CHECKS if (problem := _one_check(check, second)) is not None]
    wanted, found = check_digit(_composite(second)), second[_OVERALL - 1]
    if problems or wanted == found:
        return problems
    values = {"position": _OVERALL, "digit": wanted, "found": found}
    return [
        MrzProblem(
            "mrz.check_overall",
            lazy(
                "Passport lines: line 2 as a whole does not fit its last check digit "
                "(position %(position)s should be %(digit)s)",
                **values,
            ),
            lazy(
                "The last check digit of line 2 should be %(digit)s, but reads %(found)s. Every "
                "field fits its own "
                "digit, so compare the last sign of the line first, then the whole line.",
                **values,
            ),
            line=2,
            position=_OVERALL,
            expected=wanted,
            found=found,
        )
    ]


def _one_check(check: _Check, second: str) -> MrzProblem | None:
    field, found = second[check.field], second[check.position - 1]
    wanted = check_digit(field)
    if found == wanted or (check.field == PERSONAL and not field.strip("<") and found == "<"):
        # an empty personal number may have the filler for its digit (Doc 9303 part 4, section 4.2.2)
        return None
    suggestion = _suggest(check, second)
    values = {"field": field.rstrip("<"), "digit": wanted, "found": found, "suggestion": suggestion}
    message = (
        lazy(
            "Check digit of %(field)s should be %(digit)s, but reads %(found)s. It would fit "
            "%(suggestion)s: compare "
            "with the second line of the passport.",
            **values,
        )
        if suggestion
        else lazy(
            "Check digit of %(field)s should be %(digit)s, but reads %(found)s. Compare the "
            "second line and paste "
            "again.",
            **values,
        )
    )
    summary = check.summary({"position": check.position, "digit": wanted})
    return MrzProblem(check.code, summary, message, 2, check.position, wanted, found, suggestion)


def _suggest(check: _Check, second: str) -> str:
    """The one way to exchange signs that are easily mistaken, if it makes this digit and the overall one
    fit."""
    fitting = []
    for place in range(*check.field.indices(WIDTH)):
        for other in _SWAPS.get(second[place], ""):
            if check.field in (BIRTH, EXPIRY) and not other.isdigit():
                continue
            changed = second[:place] + other + second[place + 1 :]
            fits_own = check_digit(changed[check.field]) == changed[check.position - 1]
            if fits_own and check_digit(_composite(changed)) == changed[_OVERALL - 1]:
                fitting.append(changed[check.field].rstrip("<"))
    return fitting[0] if len(fitting) == 1 else ""


def _composite(second: str) -> str:
    return second[0:10] + second[13:20] + second[21:43]


def field_problems(second: str, today: date) -> list[MrzProblem]:
    """Dates that do not exist and a sex that is none of M, F and <."""
    problems = []
    if second[SEX] not in "MF<X":
        values = {"position": SEX + 1, "found": second[SEX]}
        problems.append(
            MrzProblem(
                "mrz.sex",
                lazy("Passport lines: position %(position)s (sex) is %(found)s", **values),
                lazy("Line 2, position %(position)s must be M, F or <, but reads %(found)s.", **values),
                line=2,
                position=SEX + 1,
                found=second[SEX],
            )
        )
    born, ends = birth_date(second[BIRTH], today), expiry_date(second[EXPIRY])
    for code, field, day in (("mrz.birth", BIRTH, born), ("mrz.expiry", EXPIRY, ends)):
        digits = second[field]
        if day is None and "<" not in digits:
            values = {"position": field.start + 1, "found": digits}
            problems.append(
                MrzProblem(
                    code,
                    lazy("Passport lines: %(found)s at position %(position)s is no date", **values),
                    lazy(
                        "Line 2, from position %(position)s: %(found)s should be year, month and "
                        "day, but there is no "
                        "such day.",
                        **values,
                    ),
                    line=2,
                    position=field.start + 1,
                    found=digits,
                )
            )
    return problems
