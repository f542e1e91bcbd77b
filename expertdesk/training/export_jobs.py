"""Files of big plans, made by the worker: who asked, how far it is, the file, and cleaning up.

A plan of two thousand groups takes the better part of a minute to print; nobody waits in a request for that. The same
person asking for the same file of the same data gets the file that is there. The worker says in the row how far it is,
every second and without holding up any writer; when it is killed, the next one takes the file up again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from expertdesk.access import Actor
from expertdesk.accounts.actors import actor_by_id
from expertdesk.documents import MissingGlyph
from expertdesk.foundation import clock
from expertdesk.foundation.database import db, reading, write_apart
from expertdesk.foundation.errors import NotAllowedNow, NotFound
from expertdesk.foundation.files import StorageProblem, random_key
from expertdesk.foundation.installed import storage
from expertdesk.models import (
    Account,
    ExportState,
    Organisation,
    TrainingExport,
    TrainingPlan,
    TrainingProject,
    TrainingProvider,
)
from expertdesk.training import export_files, exports
from expertdesk.training.policy import find_plan

log = logging.getLogger("expertdesk.worker")

# from so many groups on a workbook or a PDF is made in the background; a plain table (CSV) never takes long
BIG_FROM = 200
BACKGROUND = ("xlsx", "pdf")
KEPT = timedelta(days=7)
# the worker says every second that it is still there; after so long without a word another one takes the file up
_LEASE = timedelta(seconds=30)
_SAY_SECONDS = 1.0
_MOST_ATTEMPTS = 3
# of the bar: reading the plan, laying the rows, writing the file
_READ, _ROWS, _ALL = 5, 90, 100


class CannotMake(Exception):
    """Why there is no file; `code` is stable, `parameters` is what its sentence needs."""

    def __init__(self, code: str, **parameters: Any) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


class _TakenAway(Exception):
    """Another worker has the file, or it is not wanted any more."""


# --- asking ----------------------------------------------------------------------------------------------------------


def is_big(plan: TrainingPlan) -> bool:
    """Too big to be made while somebody waits."""
    return count_groups(plan) >= BIG_FROM


def count_groups(plan: TrainingPlan) -> int:
    """Groups that stand in the plan table."""
    counted = select(func.count()).where(
        TrainingProject.plan_id == plan.id, TrainingProject.state.not_in(exports.LEFT_OUT)
    )
    return db.session.scalar(counted) or 0


def stamp_of(plan: TrainingPlan) -> str:
    """Tells the state of everything that stands in the plan table: any change gives another one."""
    versions = (
        select(
            func.count(),
            func.coalesce(func.sum(TrainingProject.row_version), 0),
            func.coalesce(func.sum(Organisation.row_version), 0),
            func.coalesce(func.sum(TrainingProvider.row_version), 0),
        )
        .select_from(TrainingProject)
        .join(Organisation, Organisation.id == TrainingProject.organisation_id)
        .outerjoin(TrainingProvider, TrainingProvider.id == TrainingProject.provider_id)
        .where(TrainingProject.plan_id == plan.id)
    )
    found = [plan.id, plan.row_version, plan.changed_at.isoformat(), *db.session.execute(versions).one()]
    return hashlib.sha256("|".join(map(str, found)).encode()).hexdigest()


def ask(plan: TrainingPlan, actor: Actor, name: str, part: str = "") -> TrainingExport:
    """The file, ready or on its way: one for each person, name and state of the data. NotFound for an unknown name,
    NotAllowedNow while a hard limit fails."""
    wanted = export_files.wanted(name, part)
    if wanted is None or wanted.format not in BACKGROUND:
        raise NotFound(name)
    exports.refuse_if_blocked(plan)
    stamp = stamp_of(plan)
    found = _known(plan, actor, name, part, stamp)
    if found is not None and found.state is not ExportState.FAILED:
        return found
    row = TrainingExport(
        plan_id=plan.id, account_id=actor.id, name=name, part=part, stamp=stamp, state=ExportState.WAITING,
        asked_at=clock.real_now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def ready(plan: TrainingPlan, actor: Actor, name: str, part: str = "") -> TrainingExport | None:
    """The finished file of the data as they are now."""
    found = _known(plan, actor, name, part, stamp_of(plan))
    return found if found is not None and found.state is ExportState.DONE else None


def _known(plan: TrainingPlan, actor: Actor, name: str, part: str, stamp: str) -> TrainingExport | None:
    statement = select(TrainingExport).where(
        TrainingExport.plan_id == plan.id, TrainingExport.account_id == actor.id, TrainingExport.name == name,
        TrainingExport.part == part, TrainingExport.stamp == stamp,
    )  # fmt: skip
    return db.session.scalars(statement.order_by(TrainingExport.id.desc()).limit(1)).first()


def find_export(export_id: int, actor: Actor) -> TrainingExport:
    """What this person asked for, while the person may see the plan; else NotFound."""
    found = db.session.get(TrainingExport, export_id)
    if found is None or found.account_id != actor.id:
        raise NotFound(str(export_id))
    find_plan(found.plan.year, actor)
    return found


def latest(plan: TrainingPlan, actor: Actor, most: int = 10) -> list[TrainingExport]:
    """The person's own files of a plan, newest first."""
    statement = select(TrainingExport).where(TrainingExport.account_id == actor.id, TrainingExport.plan_id == plan.id)
    return list(db.session.scalars(statement.order_by(TrainingExport.id.desc()).limit(most)))


def try_again(export: TrainingExport, actor: Actor) -> TrainingExport:
    """A failed one once more, from the data as they are now."""
    if export.state is not ExportState.FAILED:
        return export
    return ask(export.plan, actor, export.name, export.part)


def bytes_of(export: TrainingExport) -> bytes:
    """The file. NotFound before it is ready and after it was cleaned away."""
    if export.state is not ExportState.DONE:
        raise NotFound(export.name)
    try:
        return storage().open(export.file_key)
    except StorageProblem as problem:
        if problem.code == "file.missing":
            raise NotFound(export.name) from None
        raise


# --- making, for the worker ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Held:
    id: int
    key: str


def make_waiting() -> int:
    """Make the file that waits longest. Answers how many were made: none or one, other work comes in between."""
    held = _take()
    if held is None:
        return 0
    try:
        made, stamp = _made(held)
        _keep(held, made, stamp)
    except CannotMake as problem:
        _finish(held, ExportState.FAILED, error=problem.code, error_parameters=problem.parameters)
    except _TakenAway:
        return 0
    except Exception as problem:
        log.exception("the plan file %s could not be made", held.id)
        code = "storage" if isinstance(problem, (OSError, StorageProblem)) else "unexpected"
        _finish(held, ExportState.FAILED, error=code)
    return 1


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


def _take() -> _Held | None:
    """The oldest one that waits or whose worker is gone, marked as ours."""
    with write_apart() as session:
        unfinished = (ExportState.WAITING, ExportState.RUNNING)
        statement = select(TrainingExport).where(TrainingExport.state.in_(unfinished)).order_by(TrainingExport.id)
        for row in session.scalars(statement.with_for_update(skip_locked=True)):
            if row.state is ExportState.RUNNING and not _is_orphan(row):
                continue
            if row.attempts >= _MOST_ATTEMPTS:
                row.state, row.error, row.finished_at = ExportState.FAILED, "gave_up", clock.real_now()
                continue
            row.state, row.percent, row.attempts = ExportState.RUNNING, 0, row.attempts + 1
            row.holder, row.locked_until = _me(), clock.real_now() + _LEASE
            row.file_key = row.file_key or random_key()
            return _Held(row.id, row.file_key)
    return None


def _is_orphan(row: TrainingExport) -> bool:
    """Nobody works on it any more: its time is up, or its worker ran on this machine and is gone."""
    if row.locked_until is None or row.locked_until < clock.real_now():
        return True
    host, _, pid = row.holder.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True  # we are asking, so we are not making it
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _made(held: _Held) -> tuple[export_files.Made, str]:
    """Read the plan in one short transaction, then print without any."""
    with reading():
        try:
            what, tables, stamp = _read(held.id)
        finally:
            db.session.remove()
    say = _saying(held)
    say(_READ)
    try:
        made = export_files.printed(tables, what, progress=lambda done, whole: say(_share(done, whole)))
    except MissingGlyph as problem:
        signs = " ".join(f"{sign} (U+{ord(sign):04X})" for sign in problem.characters)
        raise CannotMake("missing_glyph", signs=signs, where=problem.field) from problem
    return made, stamp


def _share(done: int, whole: int) -> int:
    return _READ + (_ROWS - _READ) * done // max(whole, 1)


def _read(export_id: int) -> tuple[export_files.Wanted, Any, str]:
    row = db.session.get_one(TrainingExport, export_id)
    what = export_files.wanted(row.name, row.part)
    account = db.session.get(Account, row.account_id)
    if what is None or account is None or not account.is_active:
        raise CannotMake("gone")
    try:
        actor = actor_by_id(account.id)
        plan = find_plan(row.plan.year, actor)
        exports.refuse_if_blocked(plan)
    except NotFound:
        raise CannotMake("gone") from None
    except NotAllowedNow as refused:
        raise CannotMake("blocked", count=len(refused.reasons)) from None
    return what, export_files.tables_for(plan, actor, what), stamp_of(plan)


def _saying(held: _Held) -> Callable[[int], None]:
    """Writes how far it is, at most every second. _TakenAway when the row is ours no longer."""
    last = [float("-inf")]

    def say(percent: int) -> None:
        now = time.monotonic()
        if now - last[0] < _SAY_SECONDS:
            return
        last[0] = now
        _write(held, percent=percent, locked_until=clock.real_now() + _LEASE)

    return say


def _keep(held: _Held, made: export_files.Made, stamp: str) -> None:
    """The file first, then the row that names it; what an earlier try left under the key goes."""
    _write(held, percent=_ROWS, locked_until=clock.real_now() + _LEASE)
    storage().delete(held.key)
    storage().put(made.data, key=held.key)
    _finish(
        held, ExportState.DONE, percent=_ALL, stamp=stamp, file_name=made.file_name, media_type=made.media_type,
        sha256=hashlib.sha256(made.data).hexdigest(), size=len(made.data), error="",
    )  # fmt: skip


def _finish(held: _Held, state: ExportState, **values: Any) -> None:
    _write(held, state=state, finished_at=clock.real_now(), holder="", locked_until=None, **values)


def _write(held: _Held, **values: Any) -> None:
    with write_apart() as session:
        ours = (TrainingExport.id == held.id, TrainingExport.holder == _me())
        changed = session.execute(
            update(TrainingExport).where(*ours).values(**values).execution_options(synchronize_session=False)
        )
    if getattr(changed, "rowcount", 1) == 0:
        raise _TakenAway


# --- cleaning up -----------------------------------------------------------------------------------------------------


def remove_old() -> int:
    """Rows and files of a week ago go: the file first, so that none is left that no row names."""
    before = clock.real_now() - KEPT
    with write_apart() as session:
        old = or_(TrainingExport.finished_at < before, TrainingExport.asked_at < before - KEPT)
        rows = session.scalars(select(TrainingExport).where(old)).all()
        for row in rows:
            _remove(session, row)
    return len(rows)


def _remove(session: Session, row: TrainingExport) -> None:
    if row.file_key:
        storage().delete(row.file_key)
    session.delete(row)


def kept_until(export: TrainingExport) -> datetime | None:
    return export.finished_at + KEPT if export.finished_at else None
