"""The control API: how a test, or the chat page, plays the people.

It is no part of Telegram. docs/reference/bot-api-server.md describes every route; a test holds the two together.
Requests with a body carry JSON with `Content-Type: application/json` (uploads: multipart); what can't be done is
answered with a status and `{"error": words}`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from bot.local.server.errors import ApiError
from bot.local.server.people import Chat, Person
from bot.local.server.playing import CannotPlay
from bot.local.server.world import World

Body = dict[str, Any]
Action = Callable[[World, web.Request, Body], Awaitable[Any]]
Route = tuple[str, str, Action]


class Refused(Exception):
    """A request that can't be served."""

    def __init__(self, status: int, words: str) -> None:
        """Answer with `status` and `words`."""
        super().__init__(words)
        self.status = status


def handle(world: World, action: Action) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return a web handler that runs `action` and answers with its result as JSON."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            result = await action(world, request, await _body(request))
        except Refused as error:
            return reply({"error": str(error)}, error.status)
        except CannotPlay as error:
            return reply({"error": str(error)}, 409)
        except ApiError as error:
            return reply({"error": error.description}, error.code)
        except (KeyError, ValueError, TypeError) as error:
            return reply({"error": f"{type(error).__name__}: {error}"}, 400)
        return result if isinstance(result, web.StreamResponse) else reply(result)

    return answer


def reply(value: Any, status: int = 200) -> web.Response:
    """Return `value` as a JSON response."""
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


async def _body(request: web.Request) -> Body:
    if request.content_type != "application/json" or not request.can_read_body:
        return {}
    value = orjson.loads(await request.read())
    if not isinstance(value, dict):
        raise Refused(400, "the body must be a JSON object")
    return value


def chat_of(world: World, request: web.Request) -> Chat:
    """Return the chat in the address; 404 when there is none."""
    chat = world.directory.chats.get(int(request.match_info["chat_id"]))
    if chat is None:
        raise Refused(404, "no such chat")
    return chat


def person_of(world: World, request: web.Request) -> Person:
    """Return the person in the address; 404 when there is none."""
    person = world.directory.people.get(int(request.match_info["person_id"]))
    if person is None:
        raise Refused(404, "no such person")
    return person


def number(request: web.Request, name: str, default: float = 0) -> float:
    """Return a number from the query string."""
    return float(request.query.get(name, default))
