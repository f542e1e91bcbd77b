"""What help for a role is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    """Something people do; `endpoint` is where it begins."""

    title: Any
    steps: tuple[Any, ...]
    endpoint: str = ""


@dataclass(frozen=True)
class RoleHelp:
    """One role: what for, tasks step by step, what it may not do."""

    lead: Any
    tasks: tuple[Task, ...]
    limits: tuple[Any, ...]
