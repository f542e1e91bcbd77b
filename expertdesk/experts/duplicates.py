"""Persons who may be on file already: scored and explained, never merged.

Comes in: a candidate and the persons that a query found as worth comparing (same passport index, same birth
date, or names that search finds). Goes out: matches, likeliest first, each with the reasons an officer can
check. The score orders the list and decides nothing; it uses no trait of a person besides the identity data
listed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import permutations
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from expertdesk.foundation.locale import lazy, lazy_date
from expertdesk.foundation.text import fold

# Weights: how much each agreement says. A passport number is nearly proof; a name alone is not, because
# names repeat within a nationality; a birth date alone brings together one person in 25,000.
SAME_PASSPORT = 90
SAME_NAME = 50
SIMILAR_NAME = 38
SHARED_NAME_PART = 16
SAME_BIRTH_DATE = 35
SWAPPED_BIRTH_DATE = 22  # day and month exchanged, or one digit mistyped
SAME_BIRTH_YEAR = 4
SAME_NATIONALITY = 8
OTHER_BIRTH_DATE = -30
OTHER_NATIONALITY = -5  # small: people change nationality, and then it matters most to find them

WORTH_SHOWING = 50  # below, the list would fill with namesakes
LIKELY = 80  # from here the intake asks before it makes a new person

# Folded names. The whole name from 0 to 100, word order not counting: MOHAMMED ALI KHAN / MUHAMMAD ALI KHAN
# 88, ANNA SMITH / ANNA SCHMIDT 82. One word from 0 to 1: PREOBRAZHENSKII / PREOBRAZHENSKIY 0.97, DOLGORUKOV
# / DOLGORUKIY and MUELLER / MULLER 0.92, MOHAMMED / MUHAMMAD 0.85. IVANOV / IVANOVA (0.97) is similar on
# purpose: gender forms.
NAME_IS_SIMILAR = 86
WORD_IS_SIMILAR = 0.90
SHORTEST_SHARED_WORD = 3  # letters in Latin; Chinese and Korean names are compared whole
MOST_SHOWN = 10


class Likelihood(StrEnum):
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True)
class PassportOnFile:
    """A passport as compared: `index` is the blind index of its number, never the number itself."""

    index: str
    expires_on: date | None = None
    country: str | None = None


@dataclass(frozen=True)
class KnownPerson:
    """What is compared. `names`: every variant (passport Latin, native script, Chinese, former)."""

    id: int
    names: tuple[str, ...]
    birth_date: date | None = None
    nationality: str | None = None
    passports: tuple[PassportOnFile, ...] = ()


@dataclass(frozen=True)
class MatchReason:
    """`code` is stable; `text` speaks the reader's language; `agrees` is False where the records differ."""

    code: str
    text: Any
    agrees: bool = True


@dataclass(frozen=True)
class Match:
    person_id: int
    score: int
    likelihood: Likelihood
    reasons: tuple[MatchReason, ...]


def find_duplicates(
    candidate: KnownPerson, others: Iterable[KnownPerson], *, today: date
) -> tuple[Match, ...]:
    """The persons worth a look, likeliest first, at most MOST_SHOWN; ties by id, so that the order is
    always the same."""
    matches = [
        match for other in others if other.id != candidate.id and (match := _compare(candidate, other, today))
    ]
    matches.sort(key=lambda match: (-match.score, match.person_id))
    return tuple(matches[:MOST_SHOWN])


def _compare(candidate: KnownPerson, other: KnownPerson, today: date) -> Match | None:
    findings = [_names(candidate, other), _births(candidate, other), _nationality(candidate, other)]
    findings += [_passports(candidate, other, today)]
    score = min(100, sum(points for points, _ in findings))
    if score < WORTH_SHOWING:
        return None
    reasons = tuple(reason for _, found in findings for reason in found)
    return Match(other.id, score, Likelihood.LIKELY if score >= LIKELY else Likelihood.POSSIBLE, reasons)


_Finding = tuple[int, list[MatchReason]]


# --- names ----------------------------------------------------------------------------------------


def _words(name: str) -> tuple[str, ...]:
    plain = "".join(sign if sign.isalnum() else " " for sign in fold(name).replace("'", "").replace("’", ""))
    return tuple(plain.split())


def _names(candidate: KnownPerson, other: KnownPerson) -> _Finding:
    """The best agreement of any variant with any variant."""
    best: _Finding = (0, [])
    for mine in candidate.names:
        for theirs in other.names:
            found = _one_name(mine, theirs)
            if found[0] > best[0]:
                best = found
    return best


def _one_name(mine: str, theirs: str) -> _Finding:
    left, right = _words(mine), _words(theirs)
    if not left or not right:
        return 0, []
    if sorted(left) == sorted(right) or "".join(left) == "".join(right):
        return SAME_NAME, [MatchReason("name.same", lazy("Same name"))]
    pairs = _spelled_differently(left, right)
    if pairs or token_sort_ratio(" ".join(left), " ".join(right)) >= NAME_IS_SIMILAR:
        return SIMILAR_NAME, [_spelling_reason(theirs, pairs)]
    shared = [word for word in left if word in right and _is_long_enough(word)]
    if shared:
        text = lazy("Part of the name is the same: %(part)s", part=shared[0].upper())
        return SHARED_NAME_PART, [MatchReason("name.part", text)]
    return 0, []


def _is_long_enough(word: str) -> bool:
    return len(word) >= SHORTEST_SHARED_WORD or not word.isascii()


def _spelled_differently(left: tuple[str, ...], right: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs of words that differ a little, when every word of the shorter name has a partner in the longer
    one."""
    shorter, longer = (left, right) if len(left) <= len(right) else (right, left)
    if len(shorter) < 2 or len(longer) > 5:  # one word alone is no name; long names go by the ratio
        return []
    for order in permutations(longer, len(shorter)):
        pairs = list(zip(shorter, order, strict=True))
        if all(one == two or _is_variant(one, two) for one, two in pairs):
            return [
                pair if shorter is left else (pair[1], pair[0]) for pair in pairs if pair[0] != pair[1]
            ] or pairs
    return []


def _is_variant(one: str, two: str) -> bool:
    return (
        min(len(one), len(two)) >= SHORTEST_SHARED_WORD
        and JaroWinkler.similarity(one, two) >= WORD_IS_SIMILAR
    )


def _spelling_reason(theirs: str, pairs: list[tuple[str, str]]) -> MatchReason:
    different = [two for one, two in pairs if one != two]
    if different:
        return MatchReason(
            "name.spelling", lazy("Name spelt differently: %(name)s", name=different[0].upper())
        )
    return MatchReason("name.similar", lazy("Similar name: %(name)s", name=theirs))


# --- birth, nationality, passports ----------------------------------------------------------------


def _births(candidate: KnownPerson, other: KnownPerson) -> _Finding:
    mine, theirs = candidate.birth_date, other.birth_date
    if mine is None or theirs is None:
        return 0, []
    if mine == theirs:
        return SAME_BIRTH_DATE, [MatchReason("birth.same", lazy("Same date of birth"))]
    values = {"day": lazy_date(theirs)}
    if _is_slip(mine, theirs):
        text = lazy("Date of birth differs by a slip of the pen: %(day)s", **values)
        return SWAPPED_BIRTH_DATE, [MatchReason("birth.slip", text, agrees=False)]
    if mine.year == theirs.year:
        return SAME_BIRTH_YEAR, [MatchReason("birth.year", lazy("Same year of birth: %(day)s", **values))]
    return OTHER_BIRTH_DATE, [
        MatchReason("birth.other", lazy("Other date of birth: %(day)s", **values), agrees=False)
    ]


def _is_slip(mine: date, theirs: date) -> bool:
    """Day and month exchanged, or a single digit wrong, or two neighbouring digits exchanged."""
    if (mine.year, mine.month, mine.day) == (theirs.year, theirs.day, theirs.month):
        return True
    return DamerauLevenshtein.distance(f"{mine:%Y%m%d}", f"{theirs:%Y%m%d}") == 1


def _nationality(candidate: KnownPerson, other: KnownPerson) -> _Finding:
    if not candidate.nationality or not other.nationality:
        return 0, []
    if candidate.nationality == other.nationality:
        return SAME_NATIONALITY, [MatchReason("nationality.same", lazy("Same nationality"))]
    return OTHER_NATIONALITY, [MatchReason("nationality.other", lazy("Other nationality"), agrees=False)]


def _passports(candidate: KnownPerson, other: KnownPerson, today: date) -> _Finding:
    mine = {passport.index for passport in candidate.passports}
    if not mine or not other.passports:
        return 0, []
    if any(passport.index in mine for passport in other.passports):
        return SAME_PASSPORT, [MatchReason("passport.same", lazy("Same passport number"))]
    latest = max(other.passports, key=lambda passport: passport.expires_on or date.min)
    if latest.expires_on is not None and latest.expires_on < today:
        text = lazy("Other passport: the old one ended on %(day)s", day=lazy_date(latest.expires_on))
        return 0, [MatchReason("passport.expired", text, agrees=False)]
    return 0, [MatchReason("passport.other", lazy("Other passport, still valid"), agrees=False)]
