"""The one place that masks: what a page shows of a person to somebody who may not see the whole.

A name becomes initials (`A. L. F.-G.`), a passport number its last three characters (`•••382`), an address
or phone just enough for its owner to know it again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

DOTS = "•••"
_TAIL = 3  # decisions: names, numbers — the verify page names the last three characters
# Lm is left out (ʻ before Abd); Cn are characters newer than this Python, Co the private ones of Chinese
# systems.
_STARTS = frozenset(("Lu", "Ll", "Lt", "Lo", "Nd", "Nl", "Cn", "Co"))
_HYPHENS = "-‐‑–"


def mask_name(name: str) -> str:
    """Initials in the order given: `Ana Luísa Ferreira-Gomes` → `A. L. F.-G.`; other scripts: first
    character and dots."""
    words = unicodedata.normalize("NFC", name).replace(",", " ").replace("<", " ").split()
    return " ".join(masked for word in words if (masked := _mask_word(word)))


def _mask_word(word: str) -> str:
    for hyphen in _HYPHENS:
        word = word.replace(hyphen, "-")
    return "-".join(part for part in map(_initial, word.split("-")) if part)


def _initial(part: str) -> str:
    first = next(_clusters(part), "")
    if not first:
        return ""
    if unicodedata.name(first[0], "").startswith(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN")):
        return f"{_upper(first)}."
    return f"{first}{DOTS}"


def _upper(sign: str) -> str:
    """One capital: ß and ﬁ have none of their own, their first letter stands for them."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", sign).upper())[:1]


def _clusters(text: str) -> Iterator[str]:
    """Letters with the marks that belong to them, so that no vowel sign or accent stands alone."""
    cluster = ""
    for sign in text:
        category = unicodedata.category(sign)
        if category.startswith("M") and cluster:
            cluster += sign
        elif category in _STARTS:
            if cluster:
                yield cluster
            cluster = sign
    if cluster:
        yield cluster


def mask_passport(number: str) -> str:
    """`PA1234382` → `•••382`; a number of three characters or fewer shows none of them."""
    compact = "".join(sign for sign in number if sign.isalnum()).upper()
    return DOTS + (compact[-_TAIL:] if len(compact) > _TAIL else "")


def mask_email(address: str) -> str:
    """`konstantin.p@example.org` → `k•••@e•••.org`."""
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain:
        return DOTS
    host, _, top = domain.rpartition(".")
    return f"{local[0]}{DOTS}@{host[:1]}{DOTS}.{top}" if host else f"{local[0]}{DOTS}@{DOTS}"


def mask_phone(number: str) -> str:
    """`+86 138 0000 0416` → `•••416`."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    return DOTS + (digits[-_TAIL:] if len(digits) > 2 * _TAIL else "")
