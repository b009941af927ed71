"""The database that the settings name."""

from __future__ import annotations

from bot.keys import keyring
from bot.settings import Settings
from models.rules.clock import Clock, SystemClock
from models.store.database import Database


def open_database(settings: Settings, clock: Clock | None = None) -> Database:
    """Return the database that the settings name; nothing is opened yet.

    Raises:
        NoKey, KeyringError: when the secret key is missing or wrong.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.database, keyring(settings), clock or SystemClock())
