"""The shipped rules, loaded once, and broken copies of single tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from expertdesk.regulations import Problem, RuleBase, RuleBook, check, load
from expertdesk.regulations.loading import SHIPPED

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def base() -> RuleBase:
    return load()


@pytest.fixture(scope="session")
def book(base: RuleBase) -> RuleBook:
    """Beijing's rules of the day on which the tests stand."""
    return base.on(TODAY, "Beijing")


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str, str], list[Problem]]:
    """broken("points.yaml", old, new): every problem when the table reads `new` where it read `old`."""

    def look(file: str, old: str, new: str) -> list[Problem]:
        text = (SHIPPED / file).read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{file} no longer holds {old!r}"
        (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return check(tmp_path)

    return look
