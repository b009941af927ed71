"""The chat page: its files, its texts, what it starts from and what happens after.

Everything comes from this server: the page needs no other host, and a content security policy holds it to that.
"""

from __future__ import annotations

import contextlib
import secrets
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from aiohttp import web

import locales
from bot.local.server.control import reply
from bot.local.server.guard import guard
from bot.local.server.world import World
from models.rules.clock import CHINA, MovableClock

PAGE = Path(__file__).parent.parent / "page"
LANGUAGES = ("zh-CN", "en")
PING_SECONDS = 15.0
MESSAGES_SHOWN = 300
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class ChatPage:
    """Serves the chat page of a world."""

    def __init__(self, world: World) -> None:
        """Serve `world`; a random name of this run tells a page that it must start anew."""
        self._world = world
        self._run = secrets.token_hex(8)

    def add_routes(self, app: web.Application) -> None:
        """Add the page's addresses to `app`."""
        app.router.add_get("/", guard(self.index))
        app.router.add_get("/page/texts", guard(self.texts))
        app.router.add_get("/page/state", guard(self.state))
        app.router.add_get("/page/events", guard(self.events))
        app.router.add_get("/page/files/{file_id}", guard(self.file))
        app.router.add_get("/page/{name}", guard(self.asset))

    async def index(self, request: web.Request) -> web.Response:
        """Serve the page itself."""
        return _asset(PAGE / "index.html")

    async def asset(self, request: web.Request) -> web.Response:
        """Serve a style sheet or a script."""
        name = request.match_info["name"]
        known = {path.name: path for path in PAGE.iterdir() if path.suffix in _TYPES}
        return _asset(known[name]) if name in known else web.Response(status=404)

    async def texts(self, request: web.Request) -> web.Response:
        """Serve the page's texts in every language."""
        folder = Path(locales.__file__).parent
        found = {code: tomllib.loads((folder / code / "page.toml").read_text("utf-8")) for code in LANGUAGES}
        return reply(found)

    async def state(self, request: web.Request) -> web.Response:
        """Serve what a page starts from: people, chats, the latest messages, the time."""
        return reply(page_state(self._world, self._run))

    async def file(self, request: web.Request) -> web.Response:
        """Serve a picture or a document that was sent."""
        stored = self._world.files.by_id.get(request.match_info["file_id"])
        if stored is None:
            return web.Response(status=404)
        is_picture = stored.kind == "photo" and stored.mime_type.startswith("image/")
        how = "inline" if is_picture else "attachment"
        headers = {
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(stored.name)}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "max-age=86400",
        }
        kind = stored.mime_type if is_picture else "application/octet-stream"
        return web.Response(body=self._world.files.contents[stored.file_id], content_type=kind, headers=headers)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream what happens as server-sent events; a page from another run is told to start anew."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
        await response.prepare(request)
        seq = int(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
        log = self._world.events
        if request.query.get("run") != self._run or log.is_lost(seq):
            await response.write(b"event: reset\ndata: {}\n\n")
            return response
        with contextlib.suppress(ConnectionResetError):
            await self._follow(response, seq)
        return response

    async def _follow(self, response: web.StreamResponse, seq: int) -> None:
        log = self._world.events
        while not log.is_closed:
            events = await log.wait(seq, PING_SECONDS)
            for event in events:
                seq = event.seq
                await response.write(b"id: %d\ndata: %b\n\n" % (seq, orjson.dumps(event.to_json())))
            if not events:
                await response.write(b": still here\n\n")


def page_state(world: World, run: str) -> dict[str, Any]:
    """Return what a page starts from."""
    now = world.clock.now()
    return {
        "run": run,
        "seq": world.events.last,
        "bot": world.bot.to_user(),
        "clock": {
            "now": now.isoformat(),
            "zone": CHINA.key,
            "movable": isinstance(world.clock, MovableClock),
        },
        "people": [person.to_json() for person in world.directory.people.values()],
        "chats": [chat.to_json() for chat in world.directory.chats.values()],
        "messages": [
            message.view() for sent in world.messages.values() for message in list(sent.values())[-MESSAGES_SHOWN:]
        ],
    }


def _asset(path: Path) -> web.Response:
    return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8", headers=_HEADERS)
