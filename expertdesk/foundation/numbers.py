"""Numbers and codes that people copy by hand: made, checked, tidied.

Permit number (`JZ`, 12 digits, check digit by ISO 7064 MOD 11,10), access code (8 signs, a secret),
verification code (3 × 4 signs, the last a check character), and the pattern of a series such as
`ED{year}-{seq:06}`.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

# 32 signs: digits and capitals without I, L, O (read as 1, 1, 0) and U (so that no word comes out by chance).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile(r"[\s\-‐‑‒–—_·.]+")


class NumberProblem(ValueError):
    """A number or pattern that is not well formed; `code` is stable."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


# --- permit number --------------------------------------------------------------------------------

PERMIT_PREFIX = "JZ"
_PERMIT_DIGITS = 12
_PERMIT_SHAPE = re.compile(rf"{PERMIT_PREFIX}[0-9]{{{_PERMIT_DIGITS + 1}}}", re.ASCII)


def iso7064_mod_11_10(digits: str) -> str:
    """The check digit of a row of digits (ISO/IEC 7064, hybrid system MOD 11,10).

    Finds every single wrong digit and most, not all, exchanges of two neighbours (a property of the
    standard).
    """
    if not digits or not digits.isascii() or not digits.isdigit():
        raise NumberProblem("number.digits", digits)
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def permit_number(body: int | str) -> str:
    """The whole permit number for its twelve digits, or for a running number: 7 → JZ000000000007 + check
    digit."""
    digits = f"{body:0{_PERMIT_DIGITS}d}" if isinstance(body, int) else body
    if len(digits) != _PERMIT_DIGITS or not digits.isascii() or not digits.isdigit():
        raise NumberProblem("permit.digits", digits)
    return f"{PERMIT_PREFIX}{digits}{iso7064_mod_11_10(digits)}"


def tidy_permit_number(text: str) -> str:
    """As it is stored: capitals, no spaces or hyphens."""
    return _BETWEEN.sub("", text).upper()


def is_permit_number(text: str) -> bool:
    """Well formed and with the right check digit; takes it as typed."""
    number = tidy_permit_number(text)
    return bool(_PERMIT_SHAPE.fullmatch(number)) and iso7064_mod_11_10(number[2:-1]) == number[-1]


# --- codes ----------------------------------------------------------------------------------------

_ACCESS_LENGTH = 8
_VERIFY_LENGTH = 12
_GROUP = 4


def tidy_code(text: str) -> str:
    """Capitals, no separators, O read as 0, I and L as 1: safe, as the alphabet has none of the three."""
    return _BETWEEN.sub("", text).upper().translate(_READ_AS)


def new_access_code() -> str:
    """Eight random signs for the slip: 40 bits, guarded by limits, stored hashed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_ACCESS_LENGTH))


def is_access_code(text: str) -> bool:
    """Has the shape of an access code; says nothing about whether it is the right one."""
    code = tidy_code(text)
    return len(code) == _ACCESS_LENGTH and all(sign in ALPHABET for sign in code)


def new_verification_code() -> str:
    """Twelve signs without hyphens: eleven random ones (55 bits) and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_VERIFY_LENGTH - 1))
    return body + verification_check(body)


def verification_check(body: str) -> str:
    """The check character: the sum of a^i·c_i over the field of 32 elements becomes 0.

    Every coefficient is non-zero, so each single error shows; neighbouring ones differ, so each exchange of
    two neighbours shows, the check character included.
    """
    total = 0
    for sign in body:
        if sign not in ALPHABET:
            raise NumberProblem("code.sign", sign)
        total = _times_a(total ^ ALPHABET.index(sign))
    return ALPHABET[total]


def _times_a(value: int) -> int:
    """Multiply by the primitive element of GF(32) with x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def is_verification_code(text: str) -> bool:
    """Twelve signs whose check character fits; takes it as typed, with or without hyphens."""
    code = tidy_code(text)
    if len(code) != _VERIFY_LENGTH or any(sign not in ALPHABET for sign in code):
        return False
    return verification_check(code[:-1]) == code[-1]


def show_code(code: str) -> str:
    """In groups of four, as it is printed: 7KQM-4WTR-9D2H."""
    plain = tidy_code(code)
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))


# --- patterns -------------------------------------------------------------------------------------

_FIELD = re.compile(r"\{(year|seq)(?::0([1-9]|1[0-2]))?\}")
_ADDRESS_SAFE = re.compile(r"[A-Za-z0-9-]*", re.ASCII)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f{}<>&\"'\\/]")
_LONGEST_PATTERN = 60


@dataclass(frozen=True)
class NumberPattern:
    """A checked pattern. Only the fields {year} and {seq}, {seq} at most 12 digits wide: a setting runs no
    code."""

    text: str

    def fill(self, *, year: int, seq: int) -> str:
        if seq < 1:
            raise NumberProblem("pattern.seq", str(seq))
        values = {"year": year, "seq": seq}
        return _FIELD.sub(lambda found: f"{values[found[1]]:0{found[2] or 1}d}", self.text)

    def matches(self, number: str) -> bool:
        """Could this number come from the pattern?"""
        shape, end = "", 0
        for found in _FIELD.finditer(self.text):
            width = found[2]
            digits = "[0-9]{4}" if found[1] == "year" else f"[0-9]{{{width or 1},}}"
            shape += re.escape(self.text[end : found.start()]) + digits
            end = found.end()
        return re.fullmatch(shape + re.escape(self.text[end:]), number) is not None


def number_pattern(text: str, *, is_address: bool = False) -> NumberPattern:
    """Check a pattern from the settings; raises NumberProblem. A case number is part of an address:
    is_address."""
    if not text or len(text) > _LONGEST_PATTERN:
        raise NumberProblem("pattern.length", text)
    fixed = _FIELD.sub("", text)
    if _FORBIDDEN.search(fixed):
        raise NumberProblem("pattern.sign", text)
    if is_address and not _ADDRESS_SAFE.fullmatch(fixed):
        raise NumberProblem("pattern.address", text)
    names = [found[1] for found in _FIELD.finditer(text)]
    if names.count("seq") != 1 or names.count("year") != 1:
        raise NumberProblem("pattern.fields", text)  # without the year two years would give the same number
    between = text[
        min(found.end() for found in _FIELD.finditer(text)) : max(
            found.start() for found in _FIELD.finditer(text)
        )
    ]
    if not between:
        raise NumberProblem("pattern.ambiguous", text)  # 20261 and 2026 + 1 must not run into each other
    return NumberPattern(text)
