"""One-time codes that people read out, copy and type: made, and forgiven what copying does to them."""

from __future__ import annotations

import secrets

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that are not mistaken for one another: 5 bits each."""
_LENGTH = 12


def fresh() -> str:
    """Return a code of 60 bits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def normal(code: str) -> bytes:
    """Forgive what copying does to a code: spaces, hyphens, small letters."""
    return "".join(code.split()).replace("-", "").upper().encode()
