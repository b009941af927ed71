"""The rest of a messenger whose tests only send."""

from __future__ import annotations

from locales.message import Message
from scheduler.messenger import Addressee, Found, Sent


class SendsOnly:
    """A messenger of which nothing but sending is expected."""

    async def edit(self, to: Addressee, message_id: int, message: Message) -> Sent:
        raise AssertionError("nothing is edited here")

    async def fetch(self, file_id: str, most: int) -> bytes:
        raise AssertionError("nothing is fetched here")

    async def look_up(self, name: str) -> Found:
        raise AssertionError("nothing is looked up here")
