"""The control route for a crowd: many people act in one request, and the bot's answers to all of them come back.

A route a person and a long poll a person cost more than the bot that is to be measured.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.local.server.control import Body, Refused, Route
from bot.local.server.control_acts import LONGEST_WAIT
from bot.local.server.events import Event
from bot.local.server.playing import find_button, player, tap, write
from bot.local.server.world import World


async def play(world: World, request: web.Request, body: Body) -> Any:
    """Let many people act at once, then read what the bot has shown since `after`, waiting for something."""
    acts = [_act(world, act) for act in body.get("acts", [])]
    after = int(body.get("after", world.events.last))
    if world.events.is_lost(after):
        raise Refused(410, "events after this number are no longer kept")
    shown, last = await _shown(world, after, min(float(body.get("timeout", 0)), LONGEST_WAIT))
    return {"acts": acts, "shown": shown, "last": last}


def _act(world: World, act: Body) -> dict[str, Any]:
    chat = world.directory.chats.get(int(act["chat_id"]))
    if chat is None:
        raise Refused(404, "no such chat")
    person = player(world, chat, None)
    if "text" in act:
        write(world, chat, person, str(act["text"]))
    else:
        message, data = find_button(world, chat, int(act["message_id"]), None, str(act["data"]))
        tap(world, chat, person, message.id, data)
    return {"chat_id": chat.id, "at": world.events.latest_at()}


async def _shown(world: World, after: int, seconds: float) -> tuple[list[dict[str, Any]], int]:
    """Return what the bot sent and edited after event `after`, and the number of the last event looked at."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        left = deadline - loop.time()
        events = await world.events.wait(after, left)
        shown = [_seen(event) for event in events if _is_shown(event)]
        after = events[-1].seq if events else after
        if shown or left <= 0 or world.events.is_closed:
            return shown, after


def _is_shown(event: Event) -> bool:
    return event.kind in ("message", "edit") and bool(event.data["from_bot"])


def _seen(event: Event) -> dict[str, Any]:
    data = event.data
    return {
        "chat_id": event.chat_id,
        "at": event.at,
        "kind": event.kind,
        "message_id": data["message_id"],
        "text": data["text"],
        "inline_keyboard": data["inline_keyboard"],
    }


ROUTES: list[Route] = [("POST", "/control/crowd", play)]
