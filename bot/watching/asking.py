"""Asks a bot that runs on this machine how it stands."""

from __future__ import annotations

from typing import Any

from aiohttp import ClientConnectorError, ClientSession, ClientTimeout
from yarl import URL

from bot.settings import Settings

PATIENCE = 3.0
"""Seconds for an answer: the database has two of them."""


class Silent(Exception):
    """Something listens, and does not answer as a bot does."""


async def healthz(settings: Settings) -> dict[str, Any] | None:
    """Return what `/healthz` says; `None` when nothing listens there.

    Raises:
        Silent: what listens gives no such answer in time.
    """
    if not settings.health_port:
        return None
    address = URL.build(scheme="http", host=settings.health_host, port=settings.health_port, path="/healthz")
    try:
        async with ClientSession(timeout=ClientTimeout(total=PATIENCE)) as http, http.get(address) as response:
            said: dict[str, Any] = await response.json()
            return {name: said[name] for name in ("good", "phase", "ticks", "lag")}
    except ClientConnectorError:
        return None
    except Exception as error:
        raise Silent(type(error).__name__) from None
