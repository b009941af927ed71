"""Calls to the Bot API, made through the bot's own connections."""

from __future__ import annotations

from typing import Any

from telegram import Bot

from bot.telegram.calls import Call
from bot.telegram.request import AiohttpRequest


class Api:
    """Calls methods of the Bot API for one bot.

    `Bot.send_message` and its kin build parameter objects and parse the sent message back into objects;
    replies are ready-made JSON and need one number of the answer, so they take this short way.
    """

    def __init__(self, bot: Bot, request: AiohttpRequest) -> None:
        """Call as `bot`, over `request`, which `bot` also uses."""
        self._base = bot.base_url
        self._files = bot.base_file_url
        self._request = request

    async def call(self, method: str, params: dict[str, Any], *, read_timeout: float | None = None) -> Any:
        """Call `method`; `read_timeout` is in seconds. Raises as `AiohttpRequest.call` does."""
        return await self._request.call(f"{self._base}/{method}", params, read_timeout=read_timeout)

    async def make(self, call: Call) -> Any:
        """Make `call` and return its result. Raises as `AiohttpRequest.call` does."""
        uploads = {call.field: call.upload} if call.upload is not None else None
        return await self._request.call(f"{self._base}/{call.method}", call.params, uploads)

    async def download(self, file_path: str, most: int) -> bytes:
        """Return the file that getFile told the path of, of at most `most` bytes.

        Raises as `AiohttpRequest.download` does.
        """
        return await self._request.download(f"{self._files}/{file_path}", most)
