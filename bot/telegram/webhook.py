"""Webhook calls: answered 200 only when the update is committed, so that Telegram keeps it until then."""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

import orjson
from aiohttp import web
from telegram.error import TelegramError

from bot.telegram.api import Api
from bot.telegram.ingest import Ingest
from bot.telegram.outage import Backoff, Outage
from bot.telegram.polling import ALLOWED_UPDATES
from bot.telegram.sending import TOKEN_HINT

HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LONGEST_WAIT = 50.0
_LARGEST_BODY = 1 << 20
_CONNECTIONS = 100


class Webhook:
    """Takes updates that Telegram brings."""

    def __init__(self, ingest: Ingest, secret: str, log: Any) -> None:
        """Let nobody in who doesn't send `secret` ("setWebhook", secret_token)."""
        self._ingest = ingest
        self._secret = secret.encode()
        self._log = log
        self._draining = False

    def application(self, path: str) -> web.Application:
        """Return what serves `path`."""
        application = web.Application(client_max_size=_LARGEST_BODY)
        application.router.add_post(path, self._receive)
        return application

    def drain(self) -> None:
        """Take nothing new: 503 tells Telegram to bring it again later, here or elsewhere."""
        self._draining = True

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            self._log.warning("webhook_refused")
            return web.Response(status=403)
        if self._draining:
            return web.Response(status=503)
        try:
            committed = self._ingest.take(orjson.loads(await request.read()))
        except (ValueError, KeyError, TypeError):
            self._log.error("update_without_number")
            return web.Response(status=400)
        return web.Response(status=200 if await _in_time(committed) else 503)


async def _in_time(committed: asyncio.Future[None]) -> bool:
    """Wait for a commit; another request may wait for the same one, so it is never cancelled from here."""
    await asyncio.wait([committed], timeout=_LONGEST_WAIT)
    return committed.done() and not committed.cancelled()


async def announce(api: Api, url: str, secret: str, outage: Outage) -> None:
    """Tell Telegram to bring updates to `url`; tries until it has agreed."""
    params = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": ALLOWED_UPDATES,
        "max_connections": _CONNECTIONS,
    }
    pauses = Backoff()
    while True:
        try:
            await api.call("setWebhook", params)
        except TelegramError as error:
            outage.lost(announce, error, TOKEN_HINT)
            await pauses.pause()
        else:
            outage.back(announce)
            return
