"""Comparing words as people type them: widths, case, spaces and punctuation do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBERING = re.compile(r"^(?:\(?\d{1,2}\)?[.、)]\s*|[①-⑳]|\(?[一二三四五六七八九十]{1,3}\)?[、.]\s*)")
_SIGNS = re.compile(r"[\s\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as their plain ones, edges tidied."""
    return _narrow(text) if len(text) <= _SHORT else unicodedata.normalize("NFKC", text).strip()


def key_of(text: str) -> str:
    """Letters and digits only, lower case: what two spellings of one word share."""
    return _key(text) if len(text) <= _SHORT else _SIGNS.sub("", narrow(text).casefold())


# sheets say the same few words a thousand times; what is long is said once

_SHORT = 80


@lru_cache(maxsize=10_000)
def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


@lru_cache(maxsize=10_000)
def _key(text: str) -> str:
    return _SIGNS.sub("", narrow(text).casefold())


def bare(text: str) -> str:
    """Without what stands in brackets, without numbering in front and stars behind."""
    plain, before = narrow(text), ""
    while plain != before:
        before, plain = plain, _BRACKETS.sub("", plain)
    return _NUMBERING.sub("", plain.strip().strip("*").strip()) or narrow(text)


def in_each_language(text: str) -> list[str]:
    """The Chinese and the Latin half of a heading that stands in both languages in one cell; [] for one language."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return [*lines, *(half for line in lines for half in in_each_language(line))]
    plain = narrow(text)
    last = max((found.end() for found in _HAN.finditer(plain)), default=0)
    first = min((found.start() for found in _HAN.finditer(plain)), default=0)
    if not last:
        return []
    # brackets that belong to the Chinese half stay with it
    while last < len(plain) and plain[last] in ")）、,，；;":
        last += 1
    halves = [plain[first:last].strip(), plain[last:].strip(" /|-–—·"), plain[:first].strip(" /|-–—·")]
    found = [half for half in halves if half and half != plain]
    return found if len(found) > 1 else []
