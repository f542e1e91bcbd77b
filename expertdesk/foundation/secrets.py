"""Secrets: the key file, keys derived for one purpose each, encrypted fields, blind indexes, hashed codes.

One secret key per installation; from it HKDF-SHA256 makes a separate key for every purpose, so that a value
of one kind can never pass for another. A key id stands before each encrypted value: after a change of key
old values are still read with the retired key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SHORTEST_KEY = 32  # characters of text, at least 128 bits in hex; a made key has 43 (256 bits)
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TOKEN_BYTES = 32
_KEY_ID_LENGTH = 8


class SecretProblem(Exception):
    """A key that may not be used, or a value that does not open; `code` is stable, the text names no
    secret."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


# --- the key file ---------------------------------------------------------------------------------


def read_or_make_key(path: Path) -> str:
    """The secret key of this installation; made at the first use, readable by its owner only."""
    try:
        return read_key(path)
    except FileNotFoundError:
        pass
    text = secrets.token_urlsafe(_KEY_BYTES)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(beside, path)  # fails when another process was first: then its key holds
        except FileExistsError:
            return read_key(path)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return text


def read_key(path: Path) -> str:
    """Read the key file; refuses one that others may read, that is a link, or that is too short."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise SecretProblem("key.unreadable", f"{path} cannot be read: {problem.strerror}.") from None
    with os.fdopen(handle, "rb") as stream:
        about = os.fstat(stream.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise SecretProblem("key.no_file", f"{path} is not a plain file.")
        if about.st_mode & 0o077:
            raise SecretProblem("key.open", f"{path} can be read by other users; type: chmod 600 {path}")
        raw = stream.read()
    try:
        text = raw.decode("ascii").strip()
    except UnicodeDecodeError:
        raise SecretProblem("key.damaged", f"{path} holds no text key.") from None
    check_key(text, str(path))
    return text


def check_key(text: str, where: str) -> None:
    """Refuse a key that is too short or too monotonous to be one."""
    if len(text) < SHORTEST_KEY:
        raise SecretProblem(
            "key.short", f"{where}: the key has {len(text)} characters, at least {SHORTEST_KEY} needed."
        )
    if len(set(text)) < SHORTEST_KEY // 4:
        raise SecretProblem("key.weak", f"{where}: the key repeats the same few characters.")


# --- deriving and encrypting ----------------------------------------------------------------------


def key_id_of(secret_key: str) -> str:
    """A short public name for a key; tells nothing about it."""
    return _derive(secret_key, "key id")[: _KEY_ID_LENGTH // 2].hex()


def _derive(secret_key: str, purpose: str) -> bytes:
    info = b"expertdesk/1/" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(secret_key.encode())


@dataclass(frozen=True)
class Vault:
    """Encrypts, indexes and hashes with keys derived from the secret key in force; still reads with retired
    ones."""

    secret_key: str = field(repr=False)
    retired_keys: tuple[str, ...] = field(default=(), repr=False)
    _derived: dict[tuple[str, str], bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def key_id(self) -> str:
        return key_id_of(self.secret_key)

    def _keys(self) -> Mapping[str, str]:
        return {key_id_of(key): key for key in (*self.retired_keys, self.secret_key)}

    def _key(self, secret_key: str, purpose: str) -> bytes:
        place = (hashlib.sha256(secret_key.encode()).hexdigest(), purpose)
        if place not in self._derived:
            self._derived[place] = _derive(secret_key, purpose)
        return self._derived[place]

    def encrypt(self, text: str, *, context: str) -> str:
        """`key_id:nonce:ciphertext`; `context` (`table:column:id`) is bound in, a value moved elsewhere
        does not open."""
        nonce, sealed = self._seal(text.encode(), "field", context)
        return ":".join((self.key_id, _text(nonce), _text(sealed)))

    def decrypt(self, value: str, *, context: str) -> str:
        """The text again; raises SecretProblem when key, place or bytes do not fit."""
        parts = value.split(":")
        if len(parts) != 3:
            raise SecretProblem("value.shape", "not an encrypted value")
        try:
            nonce, sealed = _bytes(parts[1]), _bytes(parts[2])
        except ValueError:
            raise SecretProblem("value.shape", "not an encrypted value") from None
        return self._unseal(parts[0], nonce, sealed, "field", context).decode()

    def seal_bytes(self, data: bytes, *, context: str) -> bytes:
        """A file encrypted whole: `key_id` as ASCII, a colon, nonce, ciphertext with tag."""
        nonce, sealed = self._seal(data, "file", context)
        return self.key_id.encode() + b":" + nonce + sealed

    def open_bytes(self, data: bytes, *, context: str) -> bytes:
        key_id, colon, rest = data.partition(b":")
        if not colon or len(key_id) != _KEY_ID_LENGTH or len(rest) < _NONCE_BYTES:
            raise SecretProblem("value.shape", "not an encrypted file")
        name = key_id.decode("ascii", "replace")
        return self._unseal(name, rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], "file", context)

    def _seal(self, data: bytes, purpose: str, context: str) -> tuple[bytes, bytes]:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce, AESGCM(self._key(self.secret_key, purpose)).encrypt(nonce, data, context.encode())

    def _unseal(self, key_id: str, nonce: bytes, sealed: bytes, purpose: str, context: str) -> bytes:
        secret_key = self._keys().get(key_id)
        if secret_key is None:
            raise SecretProblem("value.key", f"encrypted with the key {key_id!r}, which is not at hand")
        try:
            return AESGCM(self._key(secret_key, purpose)).decrypt(nonce, sealed, context.encode())
        except (InvalidTag, ValueError):
            raise SecretProblem(
                "value.changed", "the encrypted value was changed or belongs elsewhere"
            ) from None

    def needs_new_key(self, value: str) -> bool:
        """Was it encrypted with a retired key?"""
        return value.partition(":")[0] != self.key_id

    def blind_index(self, value: str, *, purpose: str) -> str:
        """HMAC-SHA256 in hex: finds equal values without storing them. Tidy it first (case, spaces)."""
        return self._mac(self.secret_key, f"blind index {purpose}", value)

    def blind_indexes(self, value: str, *, purpose: str) -> tuple[str, ...]:
        """The index under the key in force and under each retired key, for looking up during a change of
        key."""
        keys = (self.secret_key, *self.retired_keys)
        return tuple(self._mac(key, f"blind index {purpose}", value) for key in keys)

    def hash_code(self, code: str, *, context: str) -> str:
        """For an access code: keyed, so that a stolen table cannot be tried out at home. `context`: the
        case number."""
        return self._mac(self.secret_key, "access code", f"{context}\x1f{code}")

    def code_matches(self, code: str, stored: str, *, context: str) -> bool:
        """Compared in constant time, also under retired keys."""
        tries = [
            self._mac(key, "access code", f"{context}\x1f{code}")
            for key in (self.secret_key, *self.retired_keys)
        ]
        return any([same(attempt, stored) for attempt in tries])  # noqa: C419 - every comparison runs: constant time

    def signing_key(self, purpose: str) -> bytes:
        """A key of its own for something that signs (form tokens, history heads)."""
        return self._key(self.secret_key, f"sign {purpose}")

    def _mac(self, secret_key: str, purpose: str, value: str) -> str:
        return hmac.new(self._key(secret_key, purpose), value.encode(), hashlib.sha256).hexdigest()


# --- tokens ---------------------------------------------------------------------------------------


def new_token() -> str:
    """256 random bits for a session, an invitation or a one-time address."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_token(token: str) -> str:
    """What is stored of a token; plain SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str | bytes, right: str | bytes) -> bool:
    """Equal, without telling by the time where they differ."""
    first = left.encode() if isinstance(left, str) else left
    second = right.encode() if isinstance(right, str) else right
    return hmac.compare_digest(first, second)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
