"""The content store: bytes under a random or content-addressed key, written so that a crash leaves all or
nothing.

Files before rows: `put` returns once bytes and folder entry are on the disk, only then may a row name the
key. What no row names is an orphan, found by `verify_store`. A key never comes from a person, and never
leads out of the folder.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from expertdesk.foundation.secrets import SecretProblem, Vault

LARGEST_WHOLE = 10 * 1024 * 1024  # files are encrypted in one piece; uploads are limited to 10 MB
_SPARE = 1024 * 1024  # room for what wrapping a picture into a PDF adds
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PART = 2
_TEMPORARY = ".tmp-"


class StorageProblem(Exception):
    """The store cannot do what was asked; `code` is stable."""

    def __init__(self, code: str, key: str) -> None:
        super().__init__(f"{code}: {key}")
        self.code = code
        self.key = key


class Storage(Protocol):
    """What the house needs of a store; a folder today, an object store by the same six methods."""

    def put(self, data: bytes, *, key: str | None = None) -> str: ...

    def open(self, key: str) -> bytes: ...

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None: ...

    def list(self) -> Iterator[str]: ...

    def size(self, key: str) -> int: ...


def random_key() -> str:
    """For papers of people: the key tells nothing, two equal papers have two keys."""
    return secrets.token_hex(32)


def content_key(data: bytes) -> str:
    """For letters: the SHA-256 of the bytes, so that the same letter is stored once."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class FolderStorage:
    """A folder with two levels below it (`ab/cd/abcd…`), owner only; encrypted when a vault is given."""

    folder: Path
    vault: Vault | None = field(default=None, repr=False)

    def put(self, data: bytes, *, key: str | None = None) -> str:
        """Store and return the key. A key that exists keeps its bytes: the same bytes are fine, others
        refused."""
        if len(data) > LARGEST_WHOLE + _SPARE:
            raise StorageProblem("file.too_large", key or "")
        key = key or random_key()
        path = self._path(key)
        if path.exists():
            return self._same_again(key, data)
        self._make_folders(path.parent)
        stored = data if self.vault is None else self.vault.seal_bytes(data, context=f"files:{key}")
        beside = path.parent / f"{_TEMPORARY}{secrets.token_hex(8)}"
        try:
            self._write(beside, stored)
            try:
                # unlike a rename it never replaces what another process has just stored
                os.link(beside, path)
            except FileExistsError:
                return self._same_again(key, data)
        finally:
            with suppress(FileNotFoundError):
                beside.unlink()
        _sync_folder(path.parent)
        return key

    def open(self, key: str) -> bytes:
        """The bytes as they were put; raises StorageProblem when missing or changed."""
        try:
            stored = self._path(key).read_bytes()
        except FileNotFoundError:
            raise StorageProblem("file.missing", key) from None
        if self.vault is None:
            return stored
        try:
            return self.vault.open_bytes(stored, context=f"files:{key}")
        except SecretProblem as problem:
            code = "file.key" if problem.code == "value.key" else "file.changed"
            raise StorageProblem(code, key) from problem

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Remove for good (retention); a key that is not there is no error."""
        path = self._path(key)
        with suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)

    def list(self) -> Iterator[str]:
        """Every key, in order; names that are no key (a crash's leftovers) are not listed."""
        for first in _folders(self.folder):
            for second in _folders(first):
                for entry in sorted(os.scandir(second), key=lambda found: found.name):
                    if _KEY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                        yield entry.name

    def size(self, key: str) -> int:
        """Bytes on the disk (with encryption a little more than the content)."""
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            raise StorageProblem("file.missing", key) from None

    def sweep(self) -> int:
        """Remove temporary files a crash left behind; called at the start, when nobody writes. Returns how
        many."""
        leftovers = [path for path in self.folder.glob(f"*/*/{_TEMPORARY}*") if path.is_file()]
        for path in leftovers:
            path.unlink(missing_ok=True)
        return len(leftovers)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise StorageProblem("file.bad_key", repr(key[:80]))
        return self.folder / key[:_PART] / key[_PART : 2 * _PART] / key

    def _same_again(self, key: str, data: bytes) -> str:
        if self.open(key) != data:
            raise StorageProblem("file.taken", key)
        return key

    def _make_folders(self, folder: Path) -> None:
        missing = [place for place in (folder, folder.parent, self.folder) if not place.exists()]
        for place in reversed(missing):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(place.parent)

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())


def _folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink():
                yield path


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# --- checking -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StoreReport:
    """What the check found; `is_whole` when there is nothing to worry about (an orphan loses nothing)."""

    checked: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    orphans: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.changed


def verify_store(storage: Storage, expected: Iterable[tuple[str, str]]) -> StoreReport:
    """Compare the store with what the rows say: (key, SHA-256 of the content) of every file."""
    present = set(storage.list())
    seen: set[str] = set()
    missing: dict[str, None] = {}
    changed: dict[str, None] = {}
    checked = 0
    for key, digest in expected:
        checked += 1
        seen.add(key)
        try:
            if hashlib.sha256(storage.open(key)).hexdigest() != digest:
                changed[key] = None
        except StorageProblem as problem:
            (missing if problem.code in ("file.missing", "file.bad_key") else changed)[key] = None
    return StoreReport(checked, tuple(missing), tuple(changed), tuple(sorted(present - seen)))
