"""Hashing and checking passwords: Argon2id, two at a time per process, the same time for an unknown name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from expertdesk.accounts import rules
from expertdesk.foundation.errors import Busy, RuleBroken
from expertdesk.foundation.installed import settings
from expertdesk.regulations.current import rules_today

# decisions §6: 19 MiB, two passes, one lane; two at a time, so that a flood of sign-ins cannot take the memory
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
AT_ONCE = 2
_WAIT_SECONDS = 20.0
_BUREAU_WORDS = (
    "expertdesk",
    "waizhuan",
    "waiguozhuanjia",
    "foreignexperts",
    "外国专家",
    "工作许可",
)

_slots = threading.BoundedSemaphore(AT_ONCE)


@lru_cache(maxsize=2)
def _hasher(for_tests: bool) -> PasswordHasher:
    if for_tests:
        # tests make thousands of accounts; the figures of production have a test of their own
        return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hasher() -> PasswordHasher:
    """With the figures in force for this installation."""
    return _hasher(settings().mode == "test")


@lru_cache(maxsize=2)
def _nobodys_hash(for_tests: bool) -> str:
    return _hasher(for_tests).hash("the password of nobody")


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=_WAIT_SECONDS):
        raise Busy(detail="too many passwords are being checked")
    try:
        yield
    finally:
        _slots.release()


def hash_password(password: str) -> str:
    with _slot():
        return hasher().hash(rules.password_key(password))


def password_matches(stored: str, password: str) -> bool:
    """Whether it is the password. Nobody's account ("" as stored) takes the same time and never matches."""
    hashed = stored or _nobodys_hash(settings().mode == "test")
    with _slot():
        try:
            hasher().verify(hashed, rules.password_key(password))
        except (VerificationError, InvalidHashError):
            return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Made with other figures than those in force: hash it again at the next sign-in."""
    return hasher().check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(str(word).casefold() for word in FREQUENCY_LISTS["passwords"])


def is_common(text: str) -> bool:
    """On the offline list of common and breached passwords."""
    return text in _common()


def policy_of(*, is_staff: bool) -> rules.PasswordPolicy:
    return rules.policy_for(settings().password_profile, is_staff=is_staff)


def bureau_words() -> tuple[str, ...]:
    """Words everybody would try at this office first."""
    bureau = rules_today().bureau
    names = [text for name in (bureau.name, bureau.short, bureau.city) for text in (name.zh, name.en)]
    parts = [part for name in names for part in name.split()]
    return (*_BUREAU_WORDS, *names, *parts)


def check_password(password: str, *, is_staff: bool, own_words: tuple[str, ...] = (), field: str = "password") -> None:
    """Raises RuleBroken at `field` when the policy in force refuses this password."""
    problem: Any = rules.password_problem(
        rules.password_key(password),
        policy_of(is_staff=is_staff),
        is_common=is_common,
        own_words=(*bureau_words(), *own_words),
    )
    if problem is not None:
        raise RuleBroken({field: problem})
