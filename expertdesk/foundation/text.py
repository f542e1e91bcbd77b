"""Text at the edge of the house and text for finding: clean it once, fold it for comparison, cut it into
search tokens.

Comes in: what a person typed or pasted. Goes out: NFC text without control characters (the same on SQLite and
PostgreSQL, which differ on NUL and lone surrogates), or a TextProblem with a code. Search works for every
script: scripts written without spaces by single characters and pairs, all others by the beginnings of
words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from expertdesk.foundation.locale import lazy
from expertdesk.foundation.pinyin import pinyin_tokens

# --- cleaning -------------------------------------------------------------------------------------


class TextProblem(ValueError):
    """Why a text is not taken. `code` is stable; `message` speaks the reader's language; `position` counts
    from 1."""

    def __init__(self, code: str, message: Any, position: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.position = position


# zero-width space, word joiner, byte order mark, soft hyphen
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")  # overrides that can make a name look like another
_SURROGATE = re.compile("[\ud800-\udfff\ufffd]")  # a browser sends the replacement character instead
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NONCHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
_UNPRINTABLE: tuple[tuple[str, re.Pattern[str], Any], ...] = (
    (
        "text.nul",
        re.compile("\x00"),
        lazy("There is a NUL character in this text. Please type it again instead of pasting it."),
    ),
    (
        "text.surrogate",
        _SURROGATE,
        lazy(
            "Half a character stands in this text; it was damaged while being copied. Please type it again."
        ),
    ),
    (
        "text.control",
        _CONTROL,
        lazy(
            "There is an invisible control character in this text. Please type it again "
            "instead of pasting it."
        ),
    ),
    (
        "text.noncharacter",
        _NONCHARACTER,
        lazy(
            "There is a code in this text that is no character. Please type it again instead of pasting it."
        ),
    ),
    (
        "text.direction",
        _DIRECTION,
        lazy("A hidden sign in this text changes the writing direction. Please type it again."),
    ),
)
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean_text(value: str, *, limit: int, multiline: bool = False, required: bool = False) -> str:
    """NFC, edges and runs of spaces tidied, at most `limit` characters; raises TextProblem.

    One line: every line break becomes a space. Several lines: line breaks stay, three or more become two.
    """
    _refuse_unprintable(value)
    text = _INVISIBLE.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub("[\u2028\u2029]", "\n", unicodedata.normalize("NFC", text))
    if multiline:
        text = "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n"))
        text = _BLANK_LINES.sub("\n\n", text).strip()
    else:
        text = " ".join(text.split())
    if len(text) > limit:
        raise TextProblem(
            "text.too_long",
            lazy(
                "This is %(length)s characters long; at most %(limit)s fit. Please shorten it.",
                length=len(text),
                limit=limit,
            ),
            limit + 1,
        )
    if required and not text:
        raise TextProblem("text.empty", lazy("This is missing. Please fill it in."))
    return text


def _refuse_unprintable(value: str) -> None:
    """Say which character cannot be stored, and where; nothing is dropped silently from a name."""
    for code, pattern, message in _UNPRINTABLE:
        found = pattern.search(value)
        if found:
            raise TextProblem(code, message, found.start() + 1)


# --- folding --------------------------------------------------------------------------------------

_LETTERS = str.maketrans({
    "ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h",
    "ŧ": "t", "ŋ": "ng", "ƒ": "f", "ə": "a", "ĸ": "k",
    "ـ": None, "ی": "ي", "ک": "ك", "ى": "ي", "ة": "ه",  # Arabic: stretching sign; Persian and final forms
})  # fmt: skip
_EXPANDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})  # as passports spell


def fold(text: str) -> str:
    """The text as it is compared: without accents, case and letter variants; Øystein, OYSTEIN and oystein
    are one."""
    previous = text
    while True:
        folded = _fold_once(previous)
        if folded == previous:
            return folded
        previous = folded


def _fold_once(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", bare)


# --- tokens ---------------------------------------------------------------------------------------

# Scripts without spaces between words, or (Hangul, kana) where a name is often written in one piece.
_DENSE = re.compile(
    "[々〇\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u2e80-\u2fdf\u3040-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7a3\ue000-\uf8ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_HAN = re.compile("[々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_APOSTROPHES = re.compile("['’‘ʼʻʹ`´]")
_LONGEST_WORD = 64
_LONGEST_QUERY = 200
_MOST_TERMS = 12
_DIALLING_CODE = "86"


def search_tokens(names: Iterable[str], identifiers: Iterable[str] = ()) -> str:
    """Everything a record is found by, space separated, for the token column of the search table.

    Names in any script; identifiers are numbers that may stand readable (case, permit, phone, credit code). A
    passport number does not belong here: it is found by its blind index.
    """
    tokens: dict[str, None] = {}
    for name in names:
        tokens.update(dict.fromkeys(_name_tokens(name)))
    for identifier in identifiers:
        tokens.update(dict.fromkeys(_identifier_tokens(identifier)))
    return " ".join(token for token in tokens if token)


def _name_tokens(name: str) -> Iterator[str]:
    lower = unicodedata.normalize("NFC", name).casefold()
    for form in dict.fromkeys((fold(name), fold(lower.translate(_EXPANDED)))):
        yield from _word_tokens(form)
    dense = "".join(sign for sign in _letters(fold(name)) if _DENSE.match(sign))
    yield from dense
    yield from (first + second for first, second in pairwise(dense))
    yield from pinyin_tokens("".join(_HAN.findall(unicodedata.normalize("NFC", name))))


def _word_tokens(folded: str) -> Iterator[str]:
    """Words of scripts with spaces: each word, the parts around hyphens and apostrophes, and all of it in
    one piece."""
    chunks = _spaced(folded).split()
    for chunk in chunks:
        parts = _letters(chunk).split()
        yield from (part[:_LONGEST_WORD] for part in parts)
        yield "".join(parts)[:_LONGEST_WORD]
        yield from _letters(_APOSTROPHES.sub("", chunk)).split()
    whole = "".join(_letters(" ".join(chunks)).split())
    yield whole[:_LONGEST_WORD]


def _identifier_tokens(identifier: str) -> Iterator[str]:
    """The number in one piece, its parts, its last part without leading zeros, a phone without the dialling
    code."""
    parts = _letters(fold(identifier)).split()
    whole = "".join(parts)
    if not whole:
        return
    yield whole[:_LONGEST_WORD]
    yield from (part[:_LONGEST_WORD] for part in parts)
    if parts[-1].isdecimal():
        yield parts[-1].lstrip("0") or "0"
    plain = whole.lstrip("0")
    if identifier.lstrip().startswith(("+", "00")) and plain.startswith(_DIALLING_CODE):
        yield plain.removeprefix(_DIALLING_CODE)


def _bare(text: str) -> str:
    """Without any mark: FTS5 takes vowel signs for gaps between words, PostgreSQL does not; so neither sees
    them."""
    return "".join(sign for sign in text if not unicodedata.category(sign).startswith("M"))


def _letters(text: str) -> str:
    """Letters and digits stay, every other character becomes a space: a token can carry no operator or
    quote."""
    return "".join(sign if unicodedata.category(sign)[0] in "LN" else " " for sign in _bare(text))


def _spaced(text: str) -> str:
    """The text with characters of dense scripts taken out."""
    return _DENSE.sub(" ", text)


# --- queries --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SearchQuery:
    """What to give the engine as a bound parameter; `is_empty` means there is nothing to look for.

    fts5: `SELECT rowid FROM … WHERE … MATCH :q`; tsquery: `to_tsvector('simple', tokens) @@
    to_tsquery('simple', :q)`.
    """

    fts5: str
    tsquery: str

    @property
    def is_empty(self) -> bool:
        return not self.fts5


@dataclass(frozen=True)
class _Term:
    spellings: tuple[str, ...]
    is_prefix: bool = False


def search_query(text: str) -> SearchQuery:
    """Every word must occur; the last word of a spaced script may be a beginning. Safe for any text that
    comes in."""
    text = text[:_LONGEST_QUERY]
    terms = tuple(_query_terms(text))[:_MOST_TERMS]
    if not terms:
        return SearchQuery("", "")
    alternatives = [terms]
    joined = "".join(_letters(fold(text)).split())[:_LONGEST_WORD]
    is_number_in_pieces = any(sign.isdecimal() for sign in joined) and not _DENSE.search(joined)
    if is_number_in_pieces and terms != (_Term((joined,), True),):
        alternatives.append((_Term((joined,), True),))
    return SearchQuery(
        fts5=" OR ".join(f"({' AND '.join(map(_fts5_term, group))})" for group in alternatives),
        tsquery=" | ".join(f"({' & '.join(map(_tsquery_term, group))})" for group in alternatives),
    )


def _query_terms(text: str) -> Iterator[_Term]:
    folded = _bare(fold(text))
    for run in re.findall(f"(?:{_DENSE.pattern})+", folded):
        dense = _letters(run).replace(" ", "")
        grams = [dense] if len(dense) == 1 else [first + second for first, second in pairwise(dense)]
        yield from (_Term((gram,)) for gram in dict.fromkeys(grams) if gram)
    expanded = _words(fold(unicodedata.normalize("NFC", text).casefold().translate(_EXPANDED)))
    words = _words(fold(text))
    if len(expanded) != len(words):
        expanded = words
    for place, pair in enumerate(zip(words, expanded, strict=True), start=1):
        yield _Term(tuple(dict.fromkeys(pair)), is_prefix=place == len(words))


def _words(folded: str) -> list[str]:
    return [word[:_LONGEST_WORD] for word in _letters(_APOSTROPHES.sub("", _spaced(folded))).split()]


def _fts5_term(term: _Term) -> str:
    star = "*" if term.is_prefix else ""
    either = " OR ".join(f'"{spelling}"{star}' for spelling in term.spellings)
    return f"({either})" if len(term.spellings) > 1 else either


def _tsquery_term(term: _Term) -> str:
    star = ":*" if term.is_prefix else ""
    either = " | ".join(f"'{spelling}'{star}" for spelling in term.spellings)
    return f"({either})" if len(term.spellings) > 1 else either
