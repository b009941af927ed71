"""Errors that an operator can mend, in a sentence each."""

from __future__ import annotations

from models.rules.access import AccessDenied
from models.store.errors import Conflict, NotFound, Refused
from models.store.keyring import KeyringError
from models.store.lost import is_behind, is_disconnect


def explained(error: BaseException) -> str | None:
    """Return what to do about `error`, or `None` when it isn't the operator's."""
    return _of_setting(error) or _of_request(error) or _of_machine(error)


def _of_setting(error: BaseException) -> str | None:
    from bot.keys import NoKey
    from bot.letters import NoToken
    from bot.telegram.identity import NoAnswer

    if isinstance(error, NoKey):
        return "No key is set. Run `suifang keys new`, put the result into .env as SUIFANG_SECRET_KEYS, keep a copy."
    if isinstance(error, KeyringError):
        return f"SUIFANG_SECRET_KEYS can't be read: {error}."
    if isinstance(error, NoToken):
        return "No token is set. Put the bot's token into .env as SUIFANG_TELEGRAM_TOKEN: Telegram carries the answer."
    if isinstance(error, NoAnswer):
        return f"The Bot API did not say who the bot is ({error.reason}). `suifang doctor` says what to do."
    return None


def _of_request(error: BaseException) -> str | None:
    if isinstance(error, NotFound):
        return "There is no such row or place. Check the number or the division code."
    if isinstance(error, Conflict):
        return f"That is too late, or done already: {error.code}."
    if isinstance(error, Refused | AccessDenied):
        return f"That is not possible: {error}."
    return None


def _of_machine(error: BaseException) -> str | None:
    from bot.application import NotMigrated

    if isinstance(error, NotMigrated) or is_behind(error):
        return "The database is not up to date. Run `suifang migrate`."
    if isinstance(error, OSError) and error.errno is not None and "address already in use" in str(error).lower():
        return "The port is taken: another process uses it. Stop it, or set SUIFANG_LOCAL_PORT to another number."
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename} can't be used: {error.strerror}."
    if is_disconnect(error):
        return "The database can't be reached. Check SUIFANG_DATABASE_URL, and that the database runs."
    return None
