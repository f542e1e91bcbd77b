"""Papers that come with the form: checked and cleaned, kept with the draft, or marked as seen in the original.

A refused file says why at its own field; every other file and everything typed is kept. The names of the inputs are
`paper-<document>`, `seen-<document>`, `issued-<document>`, `commit-<document>` (a commitment stands for it) and
`defer-<document>` (it is promised for later); `drop_file` carries the document whose file is not wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from expertdesk.accounts.drafts import KeptFile, drop_file, keep_file, kept_files
from expertdesk.cases.papers import upload_limits
from expertdesk.foundation.locale import lazy, lazy_date
from expertdesk.foundation.uploads import UploadRefused, clean_upload
from expertdesk.intake.drafts import FORM
from expertdesk.regulations import ChecklistItem, RuleBook
from expertdesk.web.forms import EARLIEST, printable

UPLOAD, SEEN, ISSUED, COMMIT, DEFER = "paper-", "seen-", "issued-", "commit-", "defer-"
SEEN_ALL = "seen_all"


@dataclass(frozen=True)
class Supplied:
    """What lies on the counter: files kept with the draft, originals seen, days of issue, and what was refused."""

    files: Mapping[str, KeptFile] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    committed: frozenset[str] = frozenset()
    deferred: frozenset[str] = frozenset()
    issued: Mapping[str, date] = field(default_factory=dict)
    typed_days: Mapping[str, str] = field(default_factory=dict)
    sees_all: bool = False
    problems: Mapping[str, Any] = field(default_factory=dict)

    def has(self, item: ChecklistItem) -> bool:
        """Whether the paper is here in one way or the other; "all required originals seen" counts for required ones."""
        return item.code in self.files or item.code in self.seen or (self.sees_all and item.status == "required")

    def is_settled(self, item: ChecklistItem) -> bool:
        """Nothing more is needed for this line now: the paper, or the commitment or promise that the table allows."""
        if self.has(item):
            return True
        if item.status == "commitment":
            return item.code in self.committed
        return item.code in self.deferred if item.status == "deferred" else item.status != "required"


def take(
    account_id: int, token: str, values: MultiDict[str, str], files: MultiDict[str, FileStorage], book: RuleBook,
    today: date,
) -> Supplied:  # fmt: skip
    """Keep the files that came with this request, and read what was ticked and typed beside them."""
    problems: dict[str, Any] = {}
    unwanted = values.get("drop_file", "")
    if unwanted:
        drop_file(account_id, FORM, token, unwanted)
    for name, file in files.items():
        if name.startswith(UPLOAD) and file.filename:
            problem = _keep(account_id, token, name.removeprefix(UPLOAD), file, book)
            if problem is not None:
                problems[name] = problem
    return read(account_id, token, values, today, problems)


def read(
    account_id: int, token: str, values: MultiDict[str, str], today: date, problems: Mapping[str, Any] | None = None
) -> Supplied:
    """What is kept and what was ticked, without taking anything in."""
    found = dict(problems or {})
    issued: dict[str, date] = {}
    typed: dict[str, str] = {}
    for name, text in values.items():
        if name.startswith(ISSUED) and text.strip():
            document = name.removeprefix(ISSUED)
            typed[document] = printable(text.strip())
            day = _day(text)
            if day is None:
                found[name] = lazy("Enter a real date, for example 2026-11-24.")
            elif day > today:
                found[name] = lazy("This day lies in the future; today is %(day)s.", day=lazy_date(today))
            else:
                issued[document] = day
    return Supplied(
        files={kept.document: kept for kept in kept_files(account_id, FORM, token)},
        seen=_ticked(values, SEEN),
        committed=_ticked(values, COMMIT),
        deferred=_ticked(values, DEFER),
        issued=issued,
        typed_days=typed,
        sees_all=bool(values.get(SEEN_ALL)),
        problems=found,
    )


def _ticked(values: MultiDict[str, str], prefix: str) -> frozenset[str]:
    return frozenset(name.removeprefix(prefix) for name in values if name.startswith(prefix))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip().replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
    return day if day >= EARLIEST else None


def _keep(account_id: int, token: str, document: str, file: FileStorage, book: RuleBook) -> Any:
    """None when the file was taken, else what to say at its field."""
    row = book.find("documents", document)
    if row is None:
        return lazy("There is no such paper in the catalogue.")
    kind = row.file_kinds
    try:
        upload = clean_upload(
            file.stream.read(), file.filename or "", file.mimetype, upload_limits(kind), is_photo=kind == "photo"
        )
    except UploadRefused as refused:
        return refused.text
    keep_file(account_id, FORM, token, document, upload)
    return None
