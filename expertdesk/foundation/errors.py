"""The errors a command or query may raise; the web floor turns each into one kind of answer.

NotFound → 404 (also for what one may not see), NotPermitted → 403, NotAllowedNow → 409 with reasons,
RuleBroken → the form again with a message at the field, Stale → 409 with both versions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Why something is not possible now.

    `code` is stable (tests, history); `text` is anything whose str() is in the reader's language (lazy text or
    Bilingual); `fix_url` leads to the place where the cause can be removed; `who` names who could act.
    """

    code: str
    text: Any
    fix_url: str | None = None
    who: Any = None


class DeskError(Exception):
    """Base of every expected error."""


class NotFound(DeskError):
    """There is no such thing, or the reader may not know that there is."""


class NotPermitted(DeskError):
    """The reader may see it but holds no right to do this."""

    def __init__(self, permission: str = "", *, reasons: Sequence[Reason] = ()) -> None:
        super().__init__(permission)
        self.permission = permission
        self.reasons = tuple(reasons)


class NotAllowedNow(DeskError):
    """The workflow table or a guard forbids the action in this state; `reasons` say why and who can act."""

    def __init__(self, reasons: Sequence[Reason], *, action: str = "") -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.action = action
        self.reasons = tuple(reasons)


class RuleBroken(DeskError):
    """Input that is well formed but breaks a rule. `problems` maps a field name ("" = the whole form) to a text."""

    def __init__(self, problems: Mapping[str, Any]) -> None:
        super().__init__(", ".join(problems))
        self.problems = dict(problems)


@dataclass(frozen=True)
class FieldDifference:
    """One field in two versions: as it is stored now, and as the reader wanted to save it."""

    name: str
    label: Any
    stored: str
    yours: str


class Stale(DeskError):
    """Somebody saved in between. Carries both versions; nothing was written."""

    def __init__(
        self,
        *,
        seen: int,
        current: int,
        changed_by: str = "",
        changed_at: Any = None,
        differences: Sequence[FieldDifference] = (),
    ) -> None:
        super().__init__(f"version {seen} is not {current}")
        self.seen = seen
        self.current = current
        self.changed_by = changed_by
        self.changed_at = changed_at
        self.differences = tuple(differences)


@dataclass
class Busy(DeskError):
    """The database is locked, full or away: a 503 with Retry-After, nothing was stored."""

    retry_after_seconds: int = 5
    detail: str = field(default="")
