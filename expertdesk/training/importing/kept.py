"""Between looking and confirming: the files of a run, encrypted with the drafts of the person who sent them, for a day.

Nothing of a run is in the plan until it is confirmed as a whole; then the kept files go in the same transaction. A file
that was turned away is kept by name only, with the reason. Sending a file of the same name again takes its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from expertdesk.access import Actor
from expertdesk.accounts import drafts
from expertdesk.foundation.uploads import CleanUpload
from expertdesk.models import TrainingPlan
from expertdesk.training.importing.gate import FileRefused, kind_of
from expertdesk.training.importing.report import SheetFile

_FORM = "training_import"
_NOTHING = b""
_KEY_LENGTH = 40


@dataclass(frozen=True)
class TurnedAway:
    """A file that was not kept: too large, or of no kind that can be read."""

    name: str
    size: int
    refused: FileRefused


@dataclass(frozen=True)
class Run:
    """What one person has sent and not confirmed: files with the key of each, and those turned away."""

    files: tuple[tuple[str, SheetFile], ...] = ()
    turned_away: tuple[TurnedAway, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.files and not self.turned_away

    @property
    def sheet_files(self) -> tuple[SheetFile, ...]:
        return tuple(file for _, file in self.files)

    @property
    def size(self) -> int:
        return sum(len(file.data) for _, file in self.files)


def key_of_file(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:_KEY_LENGTH]


def sorted_out(files: Sequence[SheetFile], too_large: Sequence[TurnedAway] = ()) -> Run:
    """Each file by its bytes: kept, or turned away with the reason."""
    kept, away = [], list(too_large)
    for file in files:
        try:
            kind_of(file.data)
        except FileRefused as refused:
            away.append(TurnedAway(file.name, len(file.data), refused))
        else:
            kept.append((key_of_file(file.name), file))
    return Run(tuple(kept), tuple(away))


def add_to_run(plan: TrainingPlan, actor: Actor, sent: Run) -> None:
    """The files join those that wait already; one of the same name takes the place of the earlier one."""
    place = _place(plan, actor)
    names = {file.name for _, file in sent.files} | {one.name for one in sent.turned_away}
    before = drafts.load_draft(*place) or {}
    there = {kept.document for kept in drafts.kept_files(*place)}
    order = [one for one in before.get("order", []) if one["name"] not in names and one["key"] in there]
    away = [one for one in before.get("turned_away", []) if one["name"] not in names]
    for one in sent.turned_away:
        if key_of_file(one.name) in there:
            drafts.drop_file(*place, key_of_file(one.name))
        away.append({"name": one.name, "size": one.size, "code": one.refused.code, "values": one.refused.values})
    for key, file in sent.files:
        drafts.keep_file(*place, key, _upload(file))
        order.append({"key": key, "name": file.name})
    drafts.save_draft(*place, {"order": order, "turned_away": away})


def leave_out(plan: TrainingPlan, actor: Actor, keys: Sequence[str]) -> None:
    """These files are not of the run any more; nor are those turned away."""
    place = _place(plan, actor)
    before = drafts.load_draft(*place) or {}
    for key in keys:
        drafts.drop_file(*place, key)
    order = [one for one in before.get("order", []) if one["key"] not in set(keys)]
    drafts.save_draft(*place, {"order": order, "turned_away": []})


def load_run(plan: TrainingPlan, actor: Actor) -> Run:
    """What waits, in the order it was sent."""
    place = _place(plan, actor)
    typed, papers = drafts.load_whole(*place)
    body, kept = typed or {}, {one.document: one for one in papers}
    files = tuple(
        (one["key"], SheetFile(one["name"], kept[one["key"]].upload().original))
        for one in body.get("order", [])
        if one["key"] in kept
    )
    away = tuple(
        TurnedAway(one["name"], one["size"], FileRefused(one["code"], **one["values"]))
        for one in body.get("turned_away", [])
    )
    return Run(files, away)


def file_of(plan: TrainingPlan, actor: Actor, key: str) -> SheetFile | None:
    return next((file for own, file in load_run(plan, actor).files if own == key), None)


def drop_run(plan: TrainingPlan, actor: Actor) -> None:
    """In the caller's transaction: the run is in the plan, or nobody wants it."""
    drafts.drop_draft(*_place(plan, actor))


def _place(plan: TrainingPlan, actor: Actor) -> tuple[int, str, str]:
    return actor.id, _FORM, str(plan.year)


def _upload(file: SheetFile) -> CleanUpload:
    """In the shape that drafts keep. There is no clean copy: what goes back to people is the corrected sheet."""
    values: dict[str, Any] = {"kind": "sheet", "clean_kind": "sheet", "pages": 1}
    return CleanUpload(
        name=file.name, original=file.data, original_sha256=file.digest, clean=_NOTHING,
        clean_sha256=hashlib.sha256(_NOTHING).hexdigest(), **values,
    )  # fmt: skip
