"""Control routes for what people do in a chat, and for following what happens."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.local.server.callbacks import Tap
from bot.local.server.control import Body, Refused, Route, chat_of, number
from bot.local.server.htmltext import to_html
from bot.local.server.parameters import Upload
from bot.local.server.playing import edit_own, find_button, player, tap, upload, write
from bot.local.server.world import World

LONGEST_WAIT = 60.0


def _optional(body: Body, name: str) -> int | None:
    return int(body[name]) if body.get(name) is not None else None


async def send_text(world: World, request: web.Request, body: Body) -> Any:
    """Write a text."""
    chat = chat_of(world, request)
    person = player(world, chat, _optional(body, "from"))
    message = write(world, chat, person, str(body["text"]), _optional(body, "reply_to") or 0)
    return {"message_id": message.id, "seq": world.events.last}


async def edit_text(world: World, request: web.Request, body: Body) -> Any:
    """Edit a text that a person wrote."""
    chat = chat_of(world, request)
    message = edit_own(world, chat, int(body["message_id"]), str(body["text"]))
    return {"message_id": message.id, "seq": world.events.last}


async def tap_button(world: World, request: web.Request, body: Body) -> Any:
    """Tap an inline button by its label or data; `forge` taps with data no button carries."""
    chat = chat_of(world, request)
    person = player(world, chat, _optional(body, "from"))
    number_of = _optional(body, "message_id")
    if body.get("forge"):
        message_id, data = int(body["message_id"]), str(body["data"])
    else:
        message, data = find_button(world, chat, number_of, body.get("label"), body.get("data"))
        message_id = message.id
    seq = world.events.last
    tapped, update_id = tap(world, chat, person, message_id, data)
    if body.get("wait"):
        await _answered(tapped, float(body["wait"]))
    return {**tapped.to_json(), "update_id": update_id, "seq": seq}


async def read_tap(world: World, request: web.Request, body: Body) -> Any:
    """Read how a tap was answered, waiting up to `timeout` seconds for it."""
    tapped = world.taps.by_id.get(request.match_info["query_id"])
    if tapped is None:
        raise Refused(404, "no such tap")
    await _answered(tapped, number(request, "timeout"))
    return tapped.to_json()


async def _answered(tapped: Tap, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(tapped.answered.wait(), min(seconds, LONGEST_WAIT))


async def upload_file(world: World, request: web.Request, body: Body) -> Any:
    """Upload a document or a photo (multipart: file, kind, caption, from)."""
    chat = chat_of(world, request)
    form = await request.post()
    part = form["file"]
    if not isinstance(part, FileField):
        raise Refused(400, "file must be an uploaded file")
    kind = str(form.get("kind", "document"))
    if kind not in ("document", "photo"):
        raise Refused(400, "kind must be document or photo")
    person = player(world, chat, _optional(dict(form), "from"))
    file = Upload(part.filename, part.content_type, part.file.read())
    message = upload(world, chat, person, kind, file, str(form.get("caption", "")))
    file_id = message.file.file_id if message.file else None
    return {"message_id": message.id, "file_id": file_id, "seq": world.events.last}


async def read_events(world: World, request: web.Request, body: Body) -> Any:
    """Read what happened after `after`, waiting up to `timeout` seconds for something."""
    after = int(number(request, "after"))
    chat = request.query.get("chat_id")
    if world.events.is_lost(after):
        return {"events": [], "last": world.events.last, "lost": True}
    timeout = min(number(request, "timeout"), LONGEST_WAIT)
    events = await world.events.wait(after, timeout, int(chat) if chat else None)
    last = events[-1].seq if events else after
    return {"events": [_with_html(event.to_json()) for event in events], "last": last, "lost": False}


def _with_html(event: dict[str, Any]) -> dict[str, Any]:
    if event["kind"] in ("message", "edit"):
        data = event["data"]
        event["data"] = {**data, "html": to_html(data["text"], data["entities"])}
    return event


ROUTES: list[Route] = [
    ("POST", "/control/chats/{chat_id}/text", send_text),
    ("POST", "/control/chats/{chat_id}/edit", edit_text),
    ("POST", "/control/chats/{chat_id}/tap", tap_button),
    ("POST", "/control/chats/{chat_id}/file", upload_file),
    ("GET", "/control/taps/{query_id}", read_tap),
    ("GET", "/control/events", read_events),
]
