"""The checklist as lines to fill: what is required and why, what is here, what was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expertdesk.foundation.locale import current_language, gettext
from expertdesk.intake.papers import COMMIT, DEFER, ISSUED, UPLOAD
from expertdesk.regulations import ChecklistItem

if TYPE_CHECKING:
    from expertdesk.intake.working import Worked

_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024
_ACCEPT = {"papers": ".pdf,.jpg,.jpeg,.png", "photo": ".jpg,.jpeg,.png"}


@dataclass(frozen=True)
class KeptLine:
    name: str
    size: str
    pages: int


@dataclass(frozen=True)
class PaperLine:
    code: str
    name: Any
    status: str
    reason: Any
    source: Any
    notes: tuple[Any, ...]
    parts: str
    is_here: bool
    is_required: bool
    is_seen: bool
    state: str
    file: KeptLine | None
    file_error: Any
    accept: str
    wrong_kind: str
    asks_issued: bool
    issued: str
    issued_error: Any
    issued_note: Any
    is_old: bool
    tick_name: str
    tick_label: str
    is_ticked: bool


@dataclass(frozen=True)
class PaperGroup:
    code: str
    title: str
    lines: tuple[PaperLine, ...]
    is_folded: bool = False
    is_open: bool = False


@dataclass(frozen=True)
class Papers:
    """`here` of `needed` required papers; `waived`: names of what is not needed."""

    groups: tuple[PaperGroup, ...]
    required: tuple[PaperLine, ...]
    needed: int
    here: int
    waived: str
    sees_all: bool


def papers_of(worked: Worked) -> Papers:
    """Required first, then what a commitment or a promise may stand for, then what may apply."""
    lines = {item.code: _line(item, worked) for item in worked.items if item.status != "waived"}
    by_status: dict[str, list[PaperLine]] = {}
    for line in lines.values():
        by_status.setdefault(line.status, []).append(line)
    required = tuple(by_status.get("required", ()))
    softer = (*by_status.get("commitment", ()), *by_status.get("deferred", ()))
    optional = tuple(by_status.get("if_applicable", ()))
    groups = [
        PaperGroup("required", gettext("Required papers"), required),
        PaperGroup("softer", gettext("A commitment or a promise is enough for now"), softer),
        PaperGroup(
            "optional", gettext("If applicable"), optional, is_folded=True,
            is_open=any(line.is_here or line.file_error or line.issued_error for line in optional),
        ),
    ]  # fmt: skip
    waived = [str(item.document.short) for item in worked.items if item.status == "waived"]
    return Papers(
        groups=tuple(group for group in groups if group.lines),
        required=required,
        needed=len(required),
        here=sum(line.is_here for line in required),
        waived=("、" if current_language() == "zh" else ", ").join(waived),
        sees_all=worked.supplied.sees_all,
    )


def _line(item: ChecklistItem, worked: Worked) -> PaperLine:
    supplied, code = worked.supplied, item.code
    kept = supplied.files.get(code)
    issued_on = supplied.issued.get(code)
    check = worked.book.paper_check(code, issued_on, worked.received_on) if issued_on is not None else None
    tick_name, tick_label, ticked = _tick(item, worked)
    photo = item.file_kinds == "photo"
    return PaperLine(
        code=code,
        name=item.document.short,
        status=item.status,
        reason=item.reason,
        source=item.source,
        notes=item.notes,
        parts=("、" if current_language() == "zh" else ", ").join(str(row.short) for row in (*item.parts, *item.also)),
        is_here=supplied.has(item) or ticked,
        is_required=item.status == "required",
        is_seen=code in supplied.seen,
        state=_state(item, worked, ticked=ticked),
        file=KeptLine(kept.name, _size(kept.size), kept.pages) if kept is not None else None,
        file_error=supplied.problems.get(f"{UPLOAD}{code}", ""),
        accept=_ACCEPT[item.file_kinds],
        wrong_kind=gettext("Only JPEG and PNG files can be taken.") if photo else gettext(
            "Only PDF, JPEG and PNG files can be taken."
        ),
        asks_issued=item.valid_months is not None,
        issued=supplied.typed_days.get(code, ""),
        issued_error=supplied.problems.get(f"{ISSUED}{code}", ""),
        issued_note=check.why if check is not None else "",
        is_old=check is not None and check.met is False,
        tick_name=tick_name,
        tick_label=tick_label,
        is_ticked=ticked,
    )  # fmt: skip


def _tick(item: ChecklistItem, worked: Worked) -> tuple[str, str, bool]:
    """What may stand for the paper now: name of the box, its words, whether it is ticked."""
    if item.status == "commitment":
        return (
            f"{COMMIT}{item.code}",
            gettext("Employer and applicant commit themselves"),
            item.code in worked.supplied.committed,
        )
    if item.status == "deferred":
        return f"{DEFER}{item.code}", gettext("promised in writing for later"), item.code in worked.supplied.deferred
    return "", "", False


def _state(item: ChecklistItem, worked: Worked, *, ticked: bool) -> str:
    kept = worked.supplied.files.get(item.code)
    if kept is not None:
        return gettext("uploaded")
    if worked.supplied.has(item):
        return gettext("original seen")
    if ticked:
        return gettext("committed") if item.status == "commitment" else gettext("promised")
    return gettext("missing")


def _size(size: int) -> str:
    """As people say it: 640 KB, 2.4 MB."""
    if size < _MEGABYTE:
        return f"{max(1, size // _KILOBYTE)} KB"
    return f"{size / _MEGABYTE:.1f} MB"
