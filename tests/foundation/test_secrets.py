"""Keys, encrypted values, blind indexes: bound to their place, readable after a change of key, refused when
unsafe."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expertdesk.foundation.secrets import (
    SecretProblem,
    Vault,
    hash_token,
    key_id_of,
    new_token,
    read_key,
    read_or_make_key,
    same,
)

OLD = "old-key-0123456789abcdefghijklmnopqrstuv"
NEW = "new-key-0123456789abcdefghijklmnopqrstuv"


def code_of(refused) -> str:
    return refused.value.code


def test_the_key_is_made_once_for_the_owner_only(tmp_path):
    path = tmp_path / "secret.key"
    key = read_or_make_key(path)
    assert len(key) >= 43 and read_or_make_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret.key"]


def test_many_at_once_make_one_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(read_or_make_key, [tmp_path / "secret.key"] * 64))
    assert len(keys) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o622])
def test_a_key_others_can_reach_is_refused(tmp_path, mode):
    path = tmp_path / "secret.key"
    read_or_make_key(path)
    path.chmod(mode)
    with pytest.raises(SecretProblem) as refused:
        read_key(path)
    assert code_of(refused) == "key.open" and "chmod 600" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "key.short"), (b"x" * 31, "key.short"), (b"a" * 64, "key.weak"), (b"\xff" * 64, "key.damaged")],
)
def test_a_bad_key_file_is_refused(tmp_path, content, code):
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SecretProblem) as refused:
        read_key(path)
    assert code_of(refused) == code


def test_a_link_is_no_key_file(tmp_path):
    read_or_make_key(tmp_path / "real")
    (tmp_path / "secret.key").symlink_to(tmp_path / "real")
    with pytest.raises(SecretProblem):
        read_or_make_key(tmp_path / "secret.key")


@given(st.text(), st.text(max_size=40))
def test_round_trip(text, context):
    vault = Vault(NEW)
    value = vault.encrypt(text, context=context)
    assert vault.decrypt(value, context=context) == text
    with pytest.raises(SecretProblem):
        vault.decrypt(value, context=context + "x")


@given(st.binary(max_size=300), st.data())
def test_files_round_trip_and_every_changed_byte_shows(data, draw):
    vault = Vault(NEW)
    sealed = vault.seal_bytes(data, context="files:a")
    assert vault.open_bytes(sealed, context="files:a") == data
    place = draw.draw(st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[place] ^= 1
    with pytest.raises(SecretProblem):
        vault.open_bytes(bytes(changed), context="files:a")
    with pytest.raises(SecretProblem):
        vault.open_bytes(sealed[:-1], context="files:a")


def test_the_same_text_never_gives_the_same_value_and_shows_the_key_id():
    vault = Vault(NEW)
    first, second = (vault.encrypt("E12345678", context="passport:number:1") for _ in range(2))
    assert (
        first != second and first.split(":")[0] == vault.key_id == key_id_of(NEW) and "E12345678" not in first
    )


@pytest.mark.parametrize("value", ["", "a", "a:b", "a:b:c:d", "zz:!!:??", "00000000::", "é:a:b"])
def test_nonsense_does_not_open(value):
    with pytest.raises(SecretProblem):
        Vault(NEW).decrypt(value, context="x")


def test_after_a_change_of_key_old_values_are_read_and_named():
    before, after = Vault(OLD), Vault(NEW, (OLD,))
    value = before.encrypt("秘密", context="t:c:1")
    assert after.decrypt(value, context="t:c:1") == "秘密"
    assert after.needs_new_key(value) and not after.needs_new_key(after.encrypt("x", context="c"))
    assert before.blind_index("P1", purpose="passport") in after.blind_indexes("P1", purpose="passport")
    assert after.code_matches("AB", before.hash_code("AB", context="ED1"), context="ED1")
    with pytest.raises(SecretProblem) as refused:
        Vault(NEW).decrypt(value, context="t:c:1")
    assert code_of(refused) == "value.key"


def test_purposes_are_apart():
    vault = Vault(NEW)
    assert vault.blind_index("x", purpose="passport") != vault.blind_index("x", purpose="phone")
    assert vault.blind_index("x", purpose="passport") == Vault(NEW).blind_index("x", purpose="passport")
    assert vault.hash_code("AB", context="ED1") != vault.hash_code("AB", context="ED2")
    assert not vault.code_matches("AC", vault.hash_code("AB", context="ED1"), context="ED1")
    assert vault.signing_key("forms") != vault.signing_key("history")


def test_a_vault_does_not_print_its_keys():
    vault = Vault(NEW, (OLD,))
    vault.encrypt("x", context="c")
    assert NEW not in repr(vault) and OLD not in repr(vault)


def test_tokens():
    assert len({new_token() for _ in range(100)}) == 100
    token = new_token()
    assert hash_token(token) == hash_token(token) != token and len(hash_token(token)) == 64
    assert same("é", "é") and not same("a", "b") and not same("a", b"b") and same(b"a", "a")
