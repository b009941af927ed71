"""Where the secret keys come from."""

from __future__ import annotations

import os
from pathlib import Path

from bot.settings import Settings
from models.store.keyring import Keyring

KEY_FILE = "local.key"


class NoKey(Exception):
    """No secret key is set. It is made with `suifang keys new` and set as `SUIFANG_SECRET_KEYS`."""


def keyring(settings: Settings) -> Keyring:
    """Return the keys from the environment; local mode makes its own on first start.

    Raises:
        NoKey: outside local mode, when none is set: a key made by itself would be lost with the machine.
        KeyringError: when what is set isn't a key.
    """
    if settings.secret_keys is not None:
        return Keyring.parse(settings.secret_keys.get_secret_value())
    if not settings.is_local:
        raise NoKey
    return Keyring.parse(_local_key(settings.data_dir / KEY_FILE))


def _local_key(path: Path) -> str:
    """Return the key in `path`, which is made, readable by its owner only, when it isn't there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    text = Keyring.generate("local")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return text
