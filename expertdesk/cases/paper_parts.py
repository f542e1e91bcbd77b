"""The papers of a case as the page groups them: what has a problem first, then what is required, then the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from expertdesk.cases.papers import PaperLine, upload_limits
from expertdesk.foundation.locale import current_language, in_list, lazy
from expertdesk.models import PaperCheck, PaperState

WANTED = frozenset({"required", "commitment", "deferred"})
_WRONG = frozenset({"problem", "missing", "overdue", "uncommitted"})


@dataclass(frozen=True)
class Chip:
    kind: str
    icon: str
    text: Any


@dataclass(frozen=True)
class PaperRow:
    id: str
    name: Any
    note: Any
    url: str
    chip: Chip
    until: date | None
    is_late: bool


@dataclass(frozen=True)
class PaperGroup:
    title: Any
    problem: bool
    rows: tuple[PaperRow, ...]
    note: Any = ""


def has_problem(line: PaperLine) -> bool:
    """What keeps the case from being accepted and will be named in a notice."""
    if line.requirement in WANTED and line.gap in _WRONG:
        return True
    return line.gap == "problem" or (line.is_expired and line.is_supplied and line.check != PaperCheck.IN_ORDER)


def paper_groups(number: str, lines: Sequence[PaperLine]) -> tuple[PaperGroup, ...]:
    wrong = [line for line in lines if has_problem(line)]
    wanted = [line for line in lines if line.requirement in WANTED and line not in wrong]
    rest = [line for line in lines if line not in wrong and line not in wanted]
    supplied = [line for line in rest if line.state != PaperState.MISSING]
    groups = (
        PaperGroup(lazy("Required, with a problem"), True, _rows(number, wrong)),
        PaperGroup(lazy("Required"), False, _rows(number, wanted)),
        PaperGroup(lazy("If needed"), False, _rows(number, supplied), _not_needed(rest)),
    )
    return tuple(group for group in groups if group.rows or group.note)


def _rows(number: str, lines: Iterable[PaperLine]) -> tuple[PaperRow, ...]:
    return tuple(
        PaperRow(
            id=f"paper-{line.document}",
            name=line.short,
            note=_note(line),
            url=url_for("cases.paper", number=number, document=line.document),
            chip=chip_of(line),
            until=line.due_on if line.state == PaperState.DEFERRED else line.valid_until,
            is_late=line.is_expired or line.gap == "overdue",
        )
        for line in lines
    )


def _note(line: PaperLine) -> Any:
    if line.gap == "problem":
        return line.problem
    if line.state == PaperState.DEFERRED:
        return lazy("to follow later")
    if line.requirement in ("commitment", "deferred"):
        return line.requirement_name
    return ""


def _not_needed(lines: Iterable[PaperLine]) -> Any:
    left = [line for line in lines if line.state == PaperState.MISSING]
    if not left:
        return ""
    comma = "、" if current_language() == "zh" else ", "
    return lazy("Not supplied, not needed so far: %(papers)s", papers=comma.join(str(line.short) for line in left))


def chip_of(line: PaperLine) -> Chip:
    """How a paper stands in one word."""
    if line.check == PaperCheck.PROBLEM:
        return Chip("bad", "cross", lazy("Problem"))
    if line.state == PaperState.MISSING:
        if line.requirement in WANTED:
            return Chip("warn", "dash", lazy("Missing"))
        return Chip("", "dash", lazy("Not supplied"))
    if line.state == PaperState.COMMITTED:
        return Chip("ok", "tick", lazy("Committed"))
    if line.state == PaperState.DEFERRED:
        return Chip("warn", "late", lazy("Overdue")) if line.gap == "overdue" else Chip("hold", "wait", lazy("Later"))
    if line.check == PaperCheck.IN_ORDER:
        return Chip("ok", "swap" if line.state == PaperState.REUSED else "tick", lazy("Checked"))
    if line.is_expired:
        return Chip("bad", "cross", lazy("Expired"))
    return Chip("info", "doc", lazy("To check"))


def papers_summary(lines: Sequence[PaperLine]) -> Any:
    wanted = [line for line in lines if line.requirement in WANTED]
    checked = sum(line.check == PaperCheck.IN_ORDER or line.state == PaperState.COMMITTED for line in wanted)
    return lazy(
        "%(required)s required, %(checked)s checked, %(problems)s with a problem",
        required=len(wanted),
        checked=checked,
        problems=sum(map(has_problem, lines)),
    )


_MEGABYTE = 1024 * 1024


def limits_words(kind: str) -> Any:
    """What may be uploaded, said before anybody chooses a file."""
    limits = upload_limits(kind)
    kinds = in_list(name.upper() for name in limits.kinds)
    return lazy(
        "%(kinds)s, up to %(size)s MB, in colour, all four corners visible.",
        kinds=kinds,
        size=limits.size_bytes // _MEGABYTE,
    )


def accepted_ends(kind: str) -> str:
    """For the choice of file: .pdf,.jpg,.jpeg,.png."""
    ends = {"jpeg": (".jpg", ".jpeg")}
    return ",".join(end for name in upload_limits(kind).kinds for end in ends.get(name, (f".{name}",)))
