"""The folder store: nothing half written, nothing outside the folder, every kind of damage found."""

from __future__ import annotations

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from expertdesk.foundation import files
from expertdesk.foundation.files import (
    FolderStorage,
    StorageProblem,
    content_key,
    random_key,
    verify_store,
)
from expertdesk.foundation.secrets import Vault

KEY = "a-secret-key-0123456789-abcdefghijklmnop"


@pytest.fixture(params=["plain", "encrypted"])
def store(request, tmp_path):
    return FolderStorage(tmp_path / "files", Vault(KEY) if request.param == "encrypted" else None)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_round_trip(store):
    key = store.put(b"content")
    assert store.open(key) == b"content" and store.exists(key) and list(store.list()) == [key]
    assert store.size(key) >= 7
    assert store.put(b"content") != key
    store.delete(key)
    store.delete(key)
    assert not store.exists(key)
    for action in (store.open, store.size):
        with pytest.raises(StorageProblem) as refused:
            action(key)
        assert refused.value.code == "file.missing"


def test_owner_only_and_no_leftovers(store):
    key = store.put(b"x")
    entries = list(store.folder.rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in entries if path.is_dir()} == {0o700}
    assert [path.name for path in entries if path.is_file()] == [key]
    assert stat.S_IMODE(next(path for path in entries if path.is_file()).stat().st_mode) == 0o600


def test_the_same_content_is_stored_once_and_other_content_never_replaces_it(store):
    key = content_key(b"letter")
    assert store.put(b"letter", key=key) == store.put(b"letter", key=key) == key
    with pytest.raises(StorageProblem) as refused:
        store.put(b"other", key=key)
    assert refused.value.code == "file.taken" and store.open(key) == b"letter"


def test_many_writers_of_one_key(store):
    key = content_key(b"letter")
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: store.put(b"letter", key=key), range(64))) == {key}
    assert list(store.list()) == [key]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "..",
        "../" * 21 + "a",
        "/etc/passwd",
        "a" * 63,
        "A" * 64,
        "a" * 65,
        "a" * 63 + "\n",
        "a" * 64 + "\n",
        "\x00" * 64,
        "é" * 64,
        "ab/cd/" + "a" * 58,
        "．" * 64,
        "１" * 64,
    ],
)
def test_a_key_never_leads_elsewhere(store, key):
    calls = (store.open, store.exists, store.delete, store.size, lambda bad: store.put(b"x", key=bad))
    for number, call in enumerate(calls):
        if not key and number == len(calls) - 1:
            continue  # put without a key makes one
        with pytest.raises(StorageProblem) as refused:
            call(key)
        assert refused.value.code == "file.bad_key"
    assert not store.folder.exists()


def test_encrypted_bytes_do_not_show_and_are_bound_to_their_key(tmp_path):
    store = FolderStorage(tmp_path, Vault(KEY))
    first, second = store.put(b"passport scan"), store.put(b"other")
    assert b"passport" not in store._path(first).read_bytes()
    store._path(first).replace(store._path(second))
    with pytest.raises(StorageProblem) as refused:
        store.open(second)
    assert refused.value.code == "file.changed"
    with pytest.raises(StorageProblem) as refused:
        FolderStorage(tmp_path, Vault("another-key-0123456789-abcdefghijklmnop")).open(second)
    assert refused.value.code == "file.key"


def test_a_crash_before_the_name_leaves_nothing(store, monkeypatch):
    def crash(*_):
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", crash)
    with pytest.raises(OSError, match="disk full"):
        store.put(b"x")
    monkeypatch.undo()
    assert list(store.list()) == []
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_bytes_reach_the_disk_before_the_name(store, monkeypatch):
    order = []
    sync, link = os.fsync, os.link
    monkeypatch.setattr(
        files.os, "fsync", lambda handle: (order.append(stat.S_IFMT(os.fstat(handle).st_mode)), sync(handle))
    )
    monkeypatch.setattr(files.os, "link", lambda a, b: (order.append("name"), link(a, b)))
    store.put(b"x")
    assert order.index(stat.S_IFREG) < order.index("name")
    assert order[-1] == stat.S_IFDIR


def test_sweep_removes_what_a_kill_left(store):
    key = store.put(b"x")
    (store._path(key).parent / ".tmp-0011").write_bytes(b"half")
    assert list(store.list()) == [key] and store.sweep() == 1 and store.sweep() == 0
    assert store.open(key) == b"x"


def test_the_check_finds_missing_changed_and_orphan_files(store):
    kept, lost, hurt, cut, orphan = (
        store.put(data) for data in (b"kept", b"lost", b"hurt", b"cut", b"orphan")
    )
    store.delete(lost)
    data = bytearray(store._path(hurt).read_bytes())
    data[-1] ^= 1
    store._path(hurt).write_bytes(bytes(data))
    store._path(cut).write_bytes(b"")
    expected = [
        (kept, digest(b"kept")),
        (lost, digest(b"lost")),
        (hurt, digest(b"hurt")),
        (cut, digest(b"cut")),
    ]
    report = verify_store(store, expected)
    assert (report.checked, report.missing, report.changed, report.orphans) == (
        4,
        (lost,),
        (hurt, cut),
        (orphan,),
    )
    assert not report.is_whole
    assert verify_store(store, [(kept, digest(b"kept"))]).is_whole
    assert verify_store(store, [("../x", "0")]).missing == ("../x",)


def test_an_empty_store_and_a_too_large_file(store):
    assert list(store.list()) == [] and verify_store(store, []).is_whole
    with pytest.raises(StorageProblem) as refused:
        store.put(b"x" * (12 * 1024 * 1024))
    assert refused.value.code == "file.too_large"
    assert len({random_key() for _ in range(100)}) == 100
