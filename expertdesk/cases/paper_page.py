"""The page of one paper: what is required and why, every version with who brought it, how it was judged, who looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from expertdesk.access import Actor, Permission
from expertdesk.accounts.access_log import AccessLine, entries_of
from expertdesk.cases import records
from expertdesk.cases.case_page import CaseHead, Loaded, case_head
from expertdesk.cases.paper_parts import Chip, accepted_ends, chip_of, limits_words
from expertdesk.cases.papers import PaperLine, may_supply, paper_grid, paper_of, upload_limits
from expertdesk.cases.rows import person_name
from expertdesk.foundation.database import db
from expertdesk.foundation.errors import NotFound
from expertdesk.models import Account, Case

_LOOKS_SHOWN = 30
_MEGABYTE, _KILOBYTE = 1024 * 1024, 1024


@dataclass(frozen=True)
class FileVersion:
    name: str
    url: str
    download_url: str
    pages: int
    size: str
    is_translation: bool
    at: datetime
    by: str
    is_newest: bool


@dataclass(frozen=True)
class PaperPage:
    head: CaseHead
    line: PaperLine
    chip: Chip
    versions: tuple[FileVersion, ...]
    looks: tuple[AccessLine, ...]
    reason_name: Any
    checked_by: str
    tested_on: date
    may_supply: bool
    may_check: bool
    limits: Any
    accept: str
    max_bytes: int


def paper_page(loaded: Loaded, document: str, actor: Actor) -> PaperPage:
    case = loaded.case
    line = next((row for row in paper_grid(case, actor) if row.document == document), None)
    if line is None:
        raise NotFound(document)
    row = paper_of(case, document)
    names = _names({version.uploaded_by_id for version in line.versions} | {row.checked_by_id})
    return PaperPage(
        head=case_head(case, actor),
        line=line,
        chip=chip_of(line),
        versions=tuple(
            _version(case, line, item, names, is_newest=number == 0) for number, item in enumerate(line.versions)
        ),
        looks=entries_of("paper", row.id, _LOOKS_SHOWN),
        reason_name=records.book_of(case).name_of("correction_reasons", line.reason_code) if line.reason_code else "",
        checked_by=names.get(row.checked_by_id or 0, ""),
        tested_on=case.rules_date,
        may_supply=may_supply(case, row, actor) and actor.may(Permission.PAPER_UPLOAD),
        may_check=may_supply(case, row, actor) and actor.may(Permission.PAPER_CHECK),
        limits=limits_words(line.file_kinds),
        accept=accepted_ends(line.file_kinds),
        max_bytes=upload_limits(line.file_kinds).size_bytes,
    )


def _names(ids: set[int | None]) -> dict[int, str]:
    wanted = {number for number in ids if number}
    if not wanted:
        return {}
    statement = select(Account.id, Account.name, Account.name_latin).where(Account.id.in_(wanted))
    return {row.id: person_name(row.name, row.name_latin) for row in db.session.execute(statement)}


def _version(case: Case, line: PaperLine, item: Any, names: dict[int, str], *, is_newest: bool) -> FileVersion:
    url = url_for("cases.paper_file", number=case.number, document=line.document, version_id=item.id)
    return FileVersion(
        name=item.file_name,
        url=url if item.may_open else "",
        download_url=f"{url}?download=1" if item.may_open else "",
        pages=item.pages,
        size=size_words(item.size),
        is_translation=item.is_translation,
        at=item.uploaded_at,
        by=names.get(item.uploaded_by_id or 0, ""),
        is_newest=is_newest,
    )


def size_words(size: int) -> str:
    """A size as people read it, rounded up."""
    if size >= _MEGABYTE:
        return f"{size / _MEGABYTE:.1f} MB"
    return f"{max(1, -(-size // _KILOBYTE))} kB"
