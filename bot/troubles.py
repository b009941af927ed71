"""Errors that an operator can mend, in a sentence each."""

from __future__ import annotations

from models.rules.access import AccessDenied
from models.store.errors import Conflict, NotFound, Refused
from models.store.keyring import KeyringError
from models.store.lost import is_disconnect


def explained(error: BaseException) -> str | None:
    """Return what to do about `error`, or `None` when it isn't the operator's."""
    from bot.application import NotMigrated
    from bot.keys import NoKey

    if isinstance(error, NoKey):
        return "No key is set. Run `suifang keys new`, put the result into .env as SUIFANG_SECRET_KEYS, keep a copy."
    if isinstance(error, KeyringError):
        return f"SUIFANG_SECRET_KEYS can't be read: {error}."
    if isinstance(error, NotMigrated):
        return "The database is not up to date. Run `suifang migrate`."
    if isinstance(error, NotFound):
        return "There is no such row or place. Check the number or the division code."
    if isinstance(error, Conflict):
        return f"That is too late, or done already: {error.code}."
    if isinstance(error, Refused | AccessDenied):
        return f"That is not possible: {error}."
    if isinstance(error, OSError) and error.errno is not None and "address already in use" in str(error).lower():
        return "The port is taken: another process uses it. Stop it, or set SUIFANG_LOCAL_PORT to another number."
    if is_disconnect(error):
        return "The database can't be reached. Check SUIFANG_DATABASE_URL, and that the database runs."
    return None
