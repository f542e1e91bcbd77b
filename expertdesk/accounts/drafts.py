"""What somebody typed and has not sent yet: encrypted, per person, form and subject, kept for 24 hours.

Drafts are written apart from the request's transaction, so that a form that is refused keeps its papers. `drop_draft`
belongs to the transaction: when the record is made the draft goes, when that fails it stays.

A form sent with an expired session is kept the same way (`keep_form`); after signing in, the page of the same address
is filled with it again: by itself for every form built on BaseForm, or through `restored_form(path)`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g
from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload
from werkzeug.datastructures import MultiDict

from expertdesk.foundation import clock
from expertdesk.foundation.database import after_transaction, db, write_apart
from expertdesk.foundation.installed import storage, vault
from expertdesk.foundation.secrets import SecretProblem, hash_token
from expertdesk.foundation.uploads import CleanUpload
from expertdesk.models import Draft, DraftFile

KEPT_FOR = timedelta(hours=24)
_KEPT_FORM = "kept_form"
_SUBJECT_LONGEST = 60
# never kept: they are secrets, or belong to the session that ended
_LEFT_OUT = ("csrf_token",)
_SECRET_PART = "password"
_PASSWORD_FIELDS = frozenset({"current", "again"})
_WORTH_NOTHING = frozenset({"next", "language", "theme", "version", "session"})

Place = tuple[int, str, str]


@dataclass(frozen=True)
class KeptFile:
    """A paper that was sent with a form that is not finished; its bytes are in the store."""

    document: str
    name: str
    kind: str
    pages: int
    size: int
    fields: dict[str, Any]

    def upload(self) -> CleanUpload:
        """The paper as it came, to be made into a version of a case's paper."""
        values = dict(self.fields)
        original, clean = storage().open(values.pop("original_key")), storage().open(values.pop("clean_key"))
        values.pop("size")
        return CleanUpload(original=original, clean=clean, **values)


def save_draft(account_id: int, form: str, subject: str, data: dict[str, Any]) -> None:
    """Keep (or replace) what was typed: plain values that JSON knows."""
    place = _place(account_id, form, subject)
    body = json.dumps(data, ensure_ascii=False)
    _overlay()[place] = json.loads(body)
    _apart(place, lambda session: _put_body(session, place, body))


def store_draft(account_id: int, form: str, subject: str, data: dict[str, Any]) -> None:
    """As save_draft, but in the caller's transaction: for what must not be there when that fails."""
    place = _place(account_id, form, subject)
    gone = _put_body(db.session(), place, json.dumps(data, ensure_ascii=False))
    after_transaction(lambda: _remove_bytes(gone))


def load_draft(account_id: int, form: str, subject: str) -> dict[str, Any] | None:
    """What was typed, or None when there is none, it is older than a day, or the key it was written with is gone."""
    place = _place(account_id, form, subject)
    return _overlay()[place] if place in _overlay() else _body_of(place, _find(db.session, place))


def load_whole(account_id: int, form: str, subject: str) -> tuple[dict[str, Any] | None, tuple[KeptFile, ...]]:
    """What was typed and the papers kept with it, in one go."""
    place = _place(account_id, form, subject)
    draft = _find(db.session, place)
    body = _overlay()[place] if place in _overlay() else _body_of(place, draft)
    return body, _files_of(place, draft)


def newest_drafts(account_id: int, form: str, most: int) -> list[tuple[str, datetime, dict[str, Any]]]:
    """(subject, when saved, what was typed) of the newest drafts of one form that can still be read: one query."""
    found = db.session.execute(
        select(Draft.subject, Draft.saved_at, Draft.body)
        .where(Draft.account_id == account_id, Draft.form == form, Draft.expires_at > clock.real_now())
        .order_by(Draft.saved_at.desc())
        .limit(most)
    )
    read = ((row.subject, row.saved_at, _opened((account_id, form, row.subject), row.body)) for row in found)
    return [(subject, saved_at, typed) for subject, saved_at, typed in read if typed is not None]


def _body_of(place: Place, draft: Draft | None) -> dict[str, Any] | None:
    if draft is None or draft.expires_at <= clock.real_now():
        return None
    return _opened(place, draft.body)


def _opened(place: Place, body: bytes) -> dict[str, Any] | None:
    try:
        return json.loads(vault().open_bytes(body, context=_context(place)))
    except SecretProblem:
        return None


def drop_draft(account_id: int, form: str, subject: str) -> None:
    """In the caller's transaction: what the draft was for is done. Bytes go with the next clearing."""
    place = _place(account_id, form, subject)
    _forget(place)
    db.session.execute(
        update(Draft)
        .where(Draft.account_id == place[0], Draft.form == place[1], Draft.subject == place[2])
        .values(expires_at=clock.real_now())
    )


# --- files -----------------------------------------------------------------------------------------------------


def keep_file(account_id: int, form: str, subject: str, document: str, upload: CleanUpload) -> KeptFile:
    """Keep a checked paper with the draft; a newer one for the same document takes its place."""
    place = _place(account_id, form, subject)
    fields = {
        "original_key": storage().put(upload.original),
        "clean_key": storage().put(upload.clean),
        "kind": upload.kind,
        "name": upload.name,
        "original_sha256": upload.original_sha256,
        "clean_sha256": upload.clean_sha256,
        "clean_kind": upload.clean_kind,
        "pages": upload.pages,
        "width": upload.width,
        "height": upload.height,
        "size": len(upload.original),
    }
    kept = _kept(document, fields)
    _files_overlay().setdefault(place, {})[document] = kept
    _apart(place, lambda session: _put_file(session, place, document, fields))
    return kept


def kept_files(account_id: int, form: str, subject: str) -> tuple[KeptFile, ...]:
    """The papers kept with this draft, by document."""
    place = _place(account_id, form, subject)
    return _files_of(place, _find(db.session, place))


def _files_of(place: Place, draft: Draft | None) -> tuple[KeptFile, ...]:
    found: dict[str, KeptFile] = {}
    if draft is not None and draft.expires_at > clock.real_now():
        found = {row.document: _kept(row.document, row.upload) for row in draft.files}
    for document, kept in _files_overlay().get(place, {}).items():
        if kept is None:
            found.pop(document, None)
        else:
            found[document] = kept
    return tuple(found[document] for document in sorted(found))


def drop_file(account_id: int, form: str, subject: str, document: str) -> None:
    """The person does not want this paper after all."""
    place = _place(account_id, form, subject)
    _files_overlay().setdefault(place, {})[document] = None
    _apart(place, lambda session: _remove_file(session, place, document))


# --- the form of an expired session ----------------------------------------------------------------------------


def keep_form(account_id: int, path: str, form: dict[str, list[str]]) -> None:
    """Called by the session floor for a form that came with an expired session. Passwords are never kept."""
    kept = {name: values for name, values in form.items() if name not in _LEFT_OUT and not _is_secret(name)}
    if not set(kept) - _WORTH_NOTHING:
        return
    body = json.dumps({"path": path, "form": kept}, ensure_ascii=False)
    place = (account_id, _KEPT_FORM, _path_key(path))
    with write_apart() as session:
        _put_body(session, place, body)


def _is_secret(name: str) -> bool:
    return _SECRET_PART in name.casefold() or name in _PASSWORD_FIELDS


def has_kept_form(account_id: int, path: str) -> bool:
    return load_draft(account_id, _KEPT_FORM, _path_key(path)) is not None


def restored_form(path: str, account_id: int | None = None) -> MultiDict[str, str] | None:
    """What this person sent to `path` with a session that had ended; None when there is nothing to give back."""
    from expertdesk.web.guard import signed_in_actor

    if account_id is None:
        actor = signed_in_actor()
        account_id = actor.id if actor is not None else None
    if account_id is None:
        return None
    kept = load_draft(account_id, _KEPT_FORM, _path_key(path))
    if kept is None:
        return None
    return MultiDict([(name, value) for name, values in kept["form"].items() for value in values])


def restored_form_of(paths: Sequence[str], account_id: int) -> MultiDict[str, str] | None:
    """The same for a page whose form is sent to several addresses: the first of them that has something, one query."""
    keys = [_path_key(path) for path in paths]
    kept = select(Draft.subject).where(
        Draft.account_id == account_id,
        Draft.form == _KEPT_FORM,
        Draft.subject.in_(keys),
        Draft.expires_at > clock.real_now(),
    )
    there = set(db.session.scalars(kept))
    found = (restored_form(path, account_id) for path, key in zip(paths, keys, strict=True) if key in there)
    return next((form for form in found if form is not None), None)


def drop_restored_form(account_id: int, path: str) -> None:
    """In the caller's transaction: the form was sent again and taken."""
    drop_draft(account_id, _KEPT_FORM, _path_key(path))


def _path_key(path: str) -> str:
    return hash_token(path)[:_SUBJECT_LONGEST]


# --- clearing --------------------------------------------------------------------------------------------------


def drop_old_drafts() -> int:
    """For the worker: rows past their day, and the bytes of their papers. Returns how many drafts went."""
    with write_apart() as session:
        old = session.scalars(
            select(Draft).where(Draft.expires_at <= clock.real_now()).options(selectinload(Draft.files))
        ).all()
        keys = [key for draft in old for row in draft.files for key in _keys(row.upload)]
        for draft in old:
            session.delete(draft)
    _remove_bytes(keys)
    return len(old)


def stored_files() -> list[tuple[str, str]]:
    """(key, SHA-256) of every file a draft names, for the check of the store."""
    rows = db.session.scalars(select(DraftFile.upload))
    return [
        pair
        for upload in rows
        for pair in (
            (upload["original_key"], upload["original_sha256"]),
            (upload["clean_key"], upload["clean_sha256"]),
        )
    ]


# --- inside ----------------------------------------------------------------------------------------------------


def _place(account_id: int, form: str, subject: str) -> Place:
    if len(subject) > _SUBJECT_LONGEST:
        subject = hash_token(subject)[:_SUBJECT_LONGEST]
    return account_id, form, subject


def _context(place: Place) -> str:
    return "draft:" + ":".join(map(str, place))


def _overlay() -> dict[Place, dict[str, Any]]:
    """Written in this request but perhaps not stored yet (see `after_transaction`)."""
    return g.setdefault("drafts_written", {})


def _files_overlay() -> dict[Place, dict[str, KeptFile | None]]:
    return g.setdefault("draft_files_written", {})


def _apart(place: Place, work: Callable[[Session], list[str]]) -> None:
    """Do it in a transaction of its own, as soon as the present one lets go of the writer's place."""

    waiting = _waiting().setdefault(place, [])
    waiting.append(work)

    def write() -> None:
        if work not in _waiting().get(place, ()):
            return  # dropped again by the transaction it waited for
        with write_apart() as session:
            gone = work(session)
        waiting.remove(work)
        if not waiting:
            _forget(place)
        _remove_bytes(gone)

    after_transaction(write)


def _remove_bytes(keys: list[str]) -> None:
    for key in keys:
        storage().delete(key)


def _waiting() -> dict[Place, list[Callable[[Session], list[str]]]]:
    """What is still to be written, by place."""
    return g.setdefault("drafts_waiting", {})


def _forget(place: Place) -> None:
    for kept in (_overlay(), _files_overlay(), _waiting()):
        kept.pop(place, None)


def _find(session: Session | Any, place: Place) -> Draft | None:
    return session.scalar(
        select(Draft)
        .where(Draft.account_id == place[0], Draft.form == place[1], Draft.subject == place[2])
        .options(selectinload(Draft.files))
        .execution_options(populate_existing=True)
    )


def _open(session: Session, place: Place) -> tuple[Draft, list[str]]:
    """The draft of this place, made or revived for another day; and the keys of what an expired one held."""
    now = clock.real_now()
    draft = _find(session, place)
    gone: list[str] = []
    if draft is None:
        draft = Draft(account_id=place[0], form=place[1], subject=place[2], body=_sealed(place, "{}"))
        session.add(draft)
    elif draft.expires_at <= now:
        gone = [key for row in draft.files for key in _keys(row.upload)]
        draft.files.clear()
        draft.body = _sealed(place, "{}")
    draft.saved_at = now
    draft.expires_at = now + KEPT_FOR
    return draft, gone


def _put_body(session: Session, place: Place, body: str) -> list[str]:
    draft, gone = _open(session, place)
    draft.body = _sealed(place, body)
    return gone


def _put_file(session: Session, place: Place, document: str, fields: dict[str, Any]) -> list[str]:
    draft, gone = _open(session, place)
    gone += _take_out(draft, document)
    draft.files.append(DraftFile(document=document, upload=fields))
    return gone


def _remove_file(session: Session, place: Place, document: str) -> list[str]:
    draft = _find(session, place)
    return _take_out(draft, document) if draft is not None else []


def _take_out(draft: Draft, document: str) -> list[str]:
    old = [row for row in draft.files if row.document == document]
    for row in old:
        draft.files.remove(row)
    return [key for row in old for key in _keys(row.upload)]


def _sealed(place: Place, body: str) -> bytes:
    return vault().seal_bytes(body.encode(), context=_context(place))


def _keys(upload: dict[str, Any]) -> tuple[str, str]:
    return upload["original_key"], upload["clean_key"]


def _kept(document: str, fields: dict[str, Any]) -> KeptFile:
    return KeptFile(document, fields["name"], fields["kind"], fields["pages"], fields["size"], fields)
