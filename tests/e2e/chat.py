"""People who use the bot in tests: what they send, tap and expect, over HTTP."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, FormData

Json = dict[str, Any]
PATIENCE = 10.0
_TAG = re.compile(r"<[^>]+>")


def plain(text: str) -> str:
    """Return HTML as a reader sees it."""
    return html.unescape(_TAG.sub("", text))


class NotSeen(AssertionError):
    """What was expected did not show; the message holds what did."""


@dataclass
class Person:
    """Someone in a private chat with the bot, or writing in a group."""

    http: ClientSession
    base: str
    user_id: int
    chat_id: int
    seq: int = 0
    _position: int = 0
    taps: int = 0
    typed: int = 0
    seen: list[Json] = field(default_factory=list)
    toast: str | None = None

    async def send(self, text: str) -> None:
        """Type a message."""
        self.typed += 1
        self._begin(await self._post("text", {"text": text, "from": self.user_id}))

    async def reply(self, message_id: int, text: str) -> None:
        """Type a message in reply to another one."""
        self.typed += 1
        self._begin(await self._post("text", {"text": text, "from": self.user_id, "reply_to": message_id}))

    async def upload(self, name: str, content: bytes) -> None:
        """Send a file."""
        form = FormData()
        form.add_field("from", str(self.user_id))
        form.add_field("file", content, filename=name, content_type="application/octet-stream")
        async with self.http.post(f"{self.base}/control/chats/{self.chat_id}/file", data=form) as response:
            result: Json = await response.json()
            assert response.status == 200, result
        self._begin(result)

    async def menu(self, label: str) -> None:
        """Tap a button of the reply keyboard: it sends its label."""
        self.taps += 1
        self._begin(await self._post("text", {"text": label, "from": self.user_id}))

    async def tap(self, label: str, *, message_id: int | None = None) -> str | None:
        """Tap the inline button whose label contains `label`; return what the notice said, if any."""
        self.taps += 1
        target, data = await self.button(label, message_id=message_id)
        return await self._press(target, data)

    async def press(self, message_id: int, data: str) -> str | None:
        """Tap with data of one's own making."""
        return await self._press(message_id, data, forge=True)

    async def _press(self, message_id: int, data: str, *, forge: bool = False) -> str | None:
        body = {"from": self.user_id, "message_id": message_id, "data": data, "wait": PATIENCE, "forge": forge}
        result = await self._post("tap", body)
        self._begin(result)
        answer = result.get("answer") or {}
        self.toast = answer.get("text") or None
        return self.toast

    async def expect(self, *parts: str, absent: Iterable[str] = ()) -> Json:
        """Wait for a message of the bot, new or edited since the last action, that contains all `parts`."""
        position = self.seq
        while True:
            for event in self.seen:
                words = plain(event["html"])
                if all(part in words for part in parts):
                    for part in absent:
                        assert part not in words, f"{part!r} in {words!r}"
                    return event
            if not await self._more(position):
                raise NotSeen(f"expected {parts}, saw {[plain(event['html']) for event in self.seen]}")
            position = self._position

    async def silence(self) -> None:
        """Make sure that nothing is said any more."""
        await self._more(self.seq, patience=0.3)
        assert not self.seen, [plain(event["html"]) for event in self.seen]

    async def screen(self) -> list[Json]:
        """Return all messages that the chat shows."""
        async with self.http.get(f"{self.base}/control/chats/{self.chat_id}") as response:
            chat = await response.json()
        return list(chat["messages"])

    async def last(self) -> Json:
        """Return the newest message of the bot."""
        return next(message for message in reversed(await self.screen()) if message["from_bot"])

    async def buttons(self, message: Json | None = None) -> list[str]:
        """Return the labels of the inline buttons under the newest message that has some."""
        rows = _keyboard(message or await self._with_buttons())
        return [button["text"] for row in rows for button in row]

    async def button(self, label: str, *, message_id: int | None = None) -> tuple[int, str]:
        """Wait for a button whose label contains `label`, newest message first; return its message and data."""
        while (found := await self._find(label, message_id)) is None:
            if not await self._more(self._position):
                raise NotSeen(f"no button {label!r}; there is {await self.labels()}")
        return found

    async def _find(self, label: str, message_id: int | None) -> tuple[int, str] | None:
        for message in reversed(await self.screen()):
            if message_id not in (None, message["message_id"]):
                continue
            for row in _keyboard(message):
                for button in row:
                    if label in button["text"]:
                        return message["message_id"], button["callback_data"]
        return None

    async def labels(self) -> list[str]:
        """Return the labels of all inline buttons in the chat."""
        return [b["text"] for m in await self.screen() for row in _keyboard(m) for b in row]

    async def _with_buttons(self) -> Json:
        return next(message for message in reversed(await self.screen()) if _keyboard(message))

    def _begin(self, result: Json) -> None:
        self.seq = self._position = int(result["seq"])
        self.seen = []

    async def _more(self, after: int, patience: float = PATIENCE) -> bool:
        query = {"after": str(after), "chat_id": str(self.chat_id), "timeout": str(patience)}
        async with self.http.get(f"{self.base}/control/events", params=query) as response:
            found = await response.json()
        self._position = int(found["last"])
        news = [event["data"] for event in found["events"] if event["kind"] in ("message", "edit")]
        self.seen.extend(message for message in news if message["from_bot"])
        return bool(found["events"])

    async def _post(self, action: str, body: Json) -> Json:
        url = f"{self.base}/control/chats/{self.chat_id}/{action}"
        async with self.http.post(url, json=body) as response:
            result: Json = await response.json()
            assert response.status == 200, result
            return result


def _keyboard(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("inline_keyboard") or []
    return rows
