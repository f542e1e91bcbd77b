"""What a user name and a password must be. Pure: no database, no web.

Profile `asvs` (OWASP ASVS 5.0, 6.2): length, an offline list of common passwords and of the bureau's own words, nothing
else. Profile `mlps3` (GB/T 22239-2019, 8.1.4.1) adds kinds of characters and a change after 90 days.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from expertdesk.foundation.locale import lazy

USERNAME_LONGEST = 40  # fits the column and a line
USERNAME_SHORTEST = 3  # shorter ones are taken too soon
PASSWORD_LONGEST = 128  # ASVS 6.2.9 asks for at least 64; a bound keeps the hashing time bounded
_SHORTEST = 12  # ASVS 6.2.1 asks for 8 and recommends 15
_SHORTEST_STAFF = 15  # ASVS 6.2.1, the recommended length
_KINDS_WANTED = 3  # GB/T 22239-2019 8.1.4.1 a): complexity, read by assessors as three kinds of four
_LONGEST_AGE = timedelta(days=90)  # the same clause: changed regularly, read as every quarter
_SHORTEST_WORD = 4  # a shorter word of the bureau inside a password says nothing
_SHORTEST_HAN_WORD = 2  # 江州 says as much as jiangzhou
_SHORTEST_RUN = 4  # abcd, 4321
_OWN_MOST = 6  # what must be left of a password once known words are taken out

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._@-]*[a-z0-9])?", re.ASCII)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
)


@dataclass(frozen=True)
class PasswordPolicy:
    """The demands in force for one account."""

    shortest: int
    wants_kinds: bool
    longest_age: timedelta | None

    @property
    def hint(self) -> Any:
        """One sentence for beside the field."""
        if self.wants_kinds:
            return lazy(
                "At least %(shortest)s characters with three of: capitals, small letters, digits, other signs. "
                "A sentence you remember works well.",
                shortest=self.shortest,
            )
        return lazy(
            "At least %(shortest)s characters; a sentence you remember works well. No other demands on the signs.",
            shortest=self.shortest,
        )


def policy_for(profile: str, *, is_staff: bool) -> PasswordPolicy:
    strict = profile == "mlps3"
    return PasswordPolicy(
        shortest=_SHORTEST_STAFF if is_staff else _SHORTEST,
        wants_kinds=strict,
        longest_age=_LONGEST_AGE if strict else None,
    )


def is_too_old(policy: PasswordPolicy, changed_at: datetime | None, now: datetime) -> bool:
    """Whether the profile asks for a new password now."""
    return policy.longest_age is not None and (changed_at is None or now - changed_at >= policy.longest_age)


# --- user names ------------------------------------------------------------------------------------------------


def username_key(text: str) -> str:
    """The user name as it is stored and looked up: full-width letters and capitals do not matter."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def username_problem(key: str) -> Any | None:
    """What is wrong with this user name, or None."""
    if len(key) < USERNAME_SHORTEST:
        return lazy("A user name has at least %(shortest)s characters.", shortest=USERNAME_SHORTEST)
    if len(key) > USERNAME_LONGEST:
        return lazy("A user name has at most %(longest)s characters.", longest=USERNAME_LONGEST)
    if not _USERNAME.fullmatch(key):
        return lazy(
            "Use Latin letters, digits, full stop, hyphen, underscore or @; begin and end with a letter or digit."
        )
    return None


# --- passwords -------------------------------------------------------------------------------------------------


def password_key(text: str) -> str:
    """The password as it is hashed: typed on any system it is the same; nothing is cut off."""
    return unicodedata.normalize("NFC", text)


def password_problem(
    password: str,
    policy: PasswordPolicy,
    *,
    is_common: Callable[[str], bool],
    own_words: Iterable[str] = (),
) -> Any | None:
    """The first thing that is wrong with this password, or None. `own_words`: names of the person and the bureau."""
    if len(password) < policy.shortest:
        return lazy(
            "This password has %(length)s characters; at least %(shortest)s are needed.",
            length=len(password),
            shortest=policy.shortest,
        )
    if len(password) > PASSWORD_LONGEST:
        return lazy("This password is too long; at most %(longest)s characters can be taken.", longest=PASSWORD_LONGEST)
    if policy.wants_kinds and _kinds(password) < _KINDS_WANTED:
        return lazy("Use at least three of: capitals, small letters, digits, other signs.")
    if is_guessable(password, is_common, own_words):
        return lazy(
            "This password is among the first that are tried: a common word, a row of keys, or the name of the office "
            "or the person, perhaps with a few digits. Choose a sentence of your own."
        )
    return None


def _kinds(password: str) -> int:
    kinds = (str.isupper, str.islower, str.isdigit, lambda sign: not sign.isalnum())
    return sum(any(kind(sign) for sign in password) for kind in kinds)


def is_guessable(password: str, is_common: Callable[[str], bool], own_words: Iterable[str]) -> bool:
    """On the list of common passwords, also when padded or repeated; or little more than the words given."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    letters = "".join(sign for sign in plain if sign.isalnum())
    core = letters.strip("0123456789")
    if any(is_common(candidate) for candidate in (plain, letters, core, _unit(letters), _unit(core)) if candidate):
        return True
    if len(set(plain)) < _SHORTEST_WORD:
        return True
    words = {_compact(word) for word in own_words}
    rest = letters
    for word in sorted((word for word in words if len(word) >= _shortest_word(word)), key=len, reverse=True):
        rest = rest.replace(word, "")
    if rest != letters and (len(rest.strip("0123456789")) < _OWN_MOST or is_common(rest)):
        return True
    return len(_without_runs(letters)) < _OWN_MOST


def _shortest_word(word: str) -> int:
    return _SHORTEST_WORD if word.isascii() else _SHORTEST_HAN_WORD


def _compact(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", word).casefold() if sign.isalnum())


def _unit(text: str) -> str:
    """`lanternlantern` → `lantern`: what a text repeats, or the text itself."""
    place = (text + text).find(text, 1) if text else 0
    return text[:place] if 0 < place < len(text) else text


def _without_runs(text: str) -> str:
    """The text without rows of keys or of the alphabet, in either direction."""
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    kept, place = [], 0
    while place < len(text):
        length = max(_run_length(text, place, row) for row in rows)
        if length >= _SHORTEST_RUN:
            place += length
        else:
            kept.append(text[place])
            place += 1
    return "".join(kept)


def _run_length(text: str, place: int, row: str) -> int:
    start = row.find(text[place])
    if start < 0:
        return 0
    length = 1
    while place + length < len(text) and start + length < len(row) and text[place + length] == row[start + length]:
        length += 1
    return length
