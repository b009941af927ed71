"""Who the bot is, asked once without starting anything."""

from __future__ import annotations

from aiohttp import ClientSession, ClientTimeout

from bot.settings import Settings
from bot.telegram.service import proxy_for


class NoAnswer(Exception):
    """The Bot API did not say who we are; `status` is its HTTP status, 0 when it can't be reached."""

    def __init__(self, status: int, reason: str) -> None:
        """Remember why."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def ask(settings: Settings, patience: float = 10.0) -> tuple[str, str | None]:
    """Return the bot's username and the server's `Date` header.

    Raises:
        NoAnswer: the token is refused, or the server can't be reached.
    """
    token = settings.telegram_token.get_secret_value() if settings.telegram_token else ""
    address = f"{settings.telegram_api_url}/bot{token}/getMe"
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=patience)) as http,
            http.get(address, proxy=proxy_for(settings.telegram_api_url)) as response,
        ):
            body = await response.json(content_type=None)
            moment = response.headers.get("Date")
            status = response.status
    except Exception as error:
        raise NoAnswer(0, type(error).__name__) from None  # its message would hold the address, and so the token
    if not body.get("ok"):
        raise NoAnswer(status, str(body.get("description", ""))[:80])
    return str(body["result"]["username"]), moment


async def username(settings: Settings) -> str:
    """Return the bot's username. Raises as `ask` does."""
    return (await ask(settings))[0]
