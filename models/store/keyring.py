"""The secret keys: read from the environment, first one current, older ones still open what they sealed."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_ID = re.compile(r"[a-z0-9-]{1,16}")
_BAD_ID = "each key is written id:base64, the id being 1-16 of a-z 0-9 -"
_SHORTEST_SIGNATURE = 8


class KeyringError(ValueError):
    """`SUIFANG_SECRET_KEYS` is not `id:base64` pairs of 32-byte keys. The message never repeats a key."""


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"suifang " + purpose.encode()).derive(secret)


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """One secret and the keys derived from it: to seal, to make lookups, and to sign per purpose."""

    key_id: str
    secret: bytes
    cipher: AESGCM
    lookup: bytes

    @classmethod
    def of(cls, key_id: str, secret: bytes) -> Key:
        """Derive everything from `secret` (32 bytes)."""
        return cls(key_id, secret, AESGCM(_derive(secret, "seal")), _derive(secret, "lookup"))

    def __repr__(self) -> str:
        """Name the key without showing it."""
        return f"Key({self.key_id!r})"


class Keyring:
    """The keys, the current one first."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        """Take the keys; there is at least one and no id twice."""
        if not keys:
            raise KeyringError("there is no key")
        self._keys = {key.key_id: key for key in keys}
        if len(self._keys) != len(keys):
            raise KeyringError("a key id occurs twice")
        self._signing: dict[tuple[str, str], bytes] = {}

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Read `id:base64,id2:base64`; the first is current.

        Raises:
            KeyringError: when an id is not 1-16 of a-z 0-9 -, or a key is not 32 bytes of base64.
        """
        return cls(tuple(_parse_key(part.strip()) for part in text.split(",") if part.strip()))

    @staticmethod
    def generate(key_id: str = "k1") -> str:
        """Return the text of a fresh key, as `parse` reads it.

        Raises:
            KeyringError: an id is not written like this.
        """
        if not _ID.fullmatch(key_id):
            raise KeyringError(_BAD_ID)
        return f"{key_id}:{base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}"

    @property
    def current(self) -> Key:
        """The key that seals and signs from now on."""
        return next(iter(self._keys.values()))

    def __iter__(self) -> Iterator[Key]:
        """Go through the keys, the current one first."""
        return iter(self._keys.values())

    def get(self, key_id: str) -> Key | None:
        """Return the key of that id."""
        return self._keys.get(key_id)

    def sign(self, purpose: str, data: bytes) -> bytes:
        """Return the 32-byte signature of `data` for `purpose` with the current key."""
        return self._sign_with(self.current, purpose, data)

    def signatures(self, purpose: str, data: bytes) -> tuple[bytes, ...]:
        """Return the signature of `data` with each key: what a stored signature may look like."""
        return tuple(self._sign_with(key, purpose, data) for key in self)

    def verify(self, purpose: str, data: bytes, signature: bytes) -> bool:
        """Return whether `signature`, cut short to 8 bytes or more, was made with one of the keys."""
        if len(signature) < _SHORTEST_SIGNATURE:
            return False
        whole = self.signatures(purpose, data)
        return any(hmac.compare_digest(each[: len(signature)], signature) for each in whole)

    def _sign_with(self, key: Key, purpose: str, data: bytes) -> bytes:
        derived = self._signing.get((key.key_id, purpose))
        if derived is None:
            derived = self._signing[key.key_id, purpose] = _derive(key.secret, f"sign {purpose}")
        return hmac.digest(derived, data, "sha256")


def _parse_key(part: str) -> Key:
    key_id, separator, encoded = part.partition(":")
    if not separator or not _ID.fullmatch(key_id):
        raise KeyringError(_BAD_ID)
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise KeyringError(f"key {key_id} is not base64") from None
    if len(secret) != _KEY_BYTES:
        raise KeyringError(f"key {key_id} is {len(secret)} bytes long, not {_KEY_BYTES}")
    return Key.of(key_id, secret)
