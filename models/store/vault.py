"""Sealing what must not be read from the database file.

AES-256-GCM. A ciphertext is bound to its place: the associated data is `table:column:row:key-id`, so that
moving it to another row, column or table makes it unreadable instead of silently someone else's.
Layout: one byte of format (1), one byte of length and the key id, 12 bytes of nonce, ciphertext and tag.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Any, overload

import orjson
from cryptography.exceptions import InvalidTag

from models.store.keyring import Key, Keyring

_FORMAT = 1
_NONCE = 12


class VaultError(Exception):
    """A sealed value can't be opened: moved, damaged, or sealed with a key that is not in the keyring."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A column whose values are sealed."""

    table: str
    column: str


class Vault:
    """Seals, opens and makes lookups with a keyring."""

    def __init__(self, keyring: Keyring) -> None:
        """Use `keyring`; its current key seals."""
        self.keyring = keyring

    def seal(self, cell: Cell, row: int, plain: bytes) -> bytes:
        """Return `plain` sealed for row `row` of `cell`."""
        key = self.keyring.current
        nonce = secrets.token_bytes(_NONCE)
        return _head(key) + nonce + key.cipher.encrypt(nonce, plain, _bound_to(cell, row, key))

    def open(self, cell: Cell, row: int, sealed: bytes) -> bytes:
        """Return what was sealed for row `row` of `cell`.

        Raises:
            VaultError: when it was sealed elsewhere, is damaged, or its key is unknown.
        """
        key, start = self._key_of(sealed)
        nonce, body = sealed[start : start + _NONCE], sealed[start + _NONCE :]
        try:
            return key.cipher.decrypt(nonce, body, _bound_to(cell, row, key))
        except (InvalidTag, ValueError):
            raise VaultError(f"{cell.table}.{cell.column} of row {row} does not open") from None

    @overload
    def seal_text(self, cell: Cell, row: int, text: str) -> bytes: ...
    @overload
    def seal_text(self, cell: Cell, row: int, text: str | None) -> bytes | None: ...
    def seal_text(self, cell: Cell, row: int, text: str | None) -> bytes | None:
        """Seal a text; `None` stays `None`."""
        return None if text is None else self.seal(cell, row, text.encode())

    @overload
    def open_text(self, cell: Cell, row: int, sealed: bytes) -> str: ...
    @overload
    def open_text(self, cell: Cell, row: int, sealed: bytes | None) -> str | None: ...
    def open_text(self, cell: Cell, row: int, sealed: bytes | None) -> str | None:
        """Open a text; `None` stays `None`. Raises `VaultError` like `open`."""
        return None if sealed is None else self.open(cell, row, sealed).decode()

    def seal_json(self, cell: Cell, row: int, value: Any) -> bytes:
        """Seal a JSON value."""
        return self.seal(cell, row, orjson.dumps(value))

    def open_json(self, cell: Cell, row: int, sealed: bytes) -> Any:
        """Open a JSON value. Raises `VaultError` like `open`."""
        return orjson.loads(self.open(cell, row, sealed))

    def lookup(self, column: str, value: str) -> bytes:
        """Return the keyed hash under which `value` is stored in `column` (32 bytes, current key)."""
        return _hash(self.keyring.current, column, value)

    def lookups(self, column: str, value: str) -> list[bytes]:
        """Return the keyed hashes under which `value` may be found while keys are being rotated."""
        return [_hash(key, column, value) for key in self.keyring]

    def current_head(self) -> bytes:
        """Return how everything begins that the current key sealed."""
        return _head(self.keyring.current)

    def _key_of(self, sealed: bytes) -> tuple[Key, int]:
        if len(sealed) < 2 or sealed[0] != _FORMAT:
            raise VaultError("not a sealed value")
        start = 2 + sealed[1]
        key = self.keyring.get(sealed[2:start].decode("ascii", "replace"))
        if key is None:
            raise VaultError("sealed with a key that is not in SUIFANG_SECRET_KEYS")
        return key, start


def _head(key: Key) -> bytes:
    key_id = key.key_id.encode()
    return bytes((_FORMAT, len(key_id))) + key_id


def _bound_to(cell: Cell, row: int, key: Key) -> bytes:
    return f"{cell.table}:{cell.column}:{row}:{key.key_id}".encode()


def _hash(key: Key, column: str, value: str) -> bytes:
    return hmac.digest(key.lookup, f"{column}:{value}".encode(), "sha256")
