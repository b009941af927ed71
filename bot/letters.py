"""Dead letters from the command line."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bot.application import telegram_service
from bot.opening import open_database
from bot.settings import Settings
from models.store import deadletters


async def listed(settings: Settings) -> None:
    """Print the updates that could not be handled, without what they say."""
    database = open_database(settings)
    try:
        async with database.reading() as session:
            found = await deadletters.list_letters(session)
    finally:
        await database.close()
    table = Table("number", "update", "chat", "error", "at (UTC)")
    for letter in found:
        row = (letter.id, letter.update_id, letter.chat_id, letter.error, f"{letter.at:%Y-%m-%d %H:%M:%S}")
        table.add_row(*map(str, row))
    Console().print(table if found else "No dead letters.")


async def replay(settings: Settings, letter_id: int) -> None:
    """Handle one again.

    Raises:
        NotFound: there is no such letter, or it was replayed before.
        NoToken: in local mode there is no bot to answer as.
    """
    if settings.telegram_token is None:
        raise NoToken
    database = open_database(settings)
    token = settings.telegram_token.get_secret_value()
    try:
        await telegram_service(settings, database, token, settings.telegram_api_url).replay(letter_id)
    finally:
        await database.close()


class NoToken(Exception):
    """A letter is answered through Telegram: SUIFANG_TELEGRAM_TOKEN has to be set."""
