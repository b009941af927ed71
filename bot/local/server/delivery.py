"""The loops that deliver updates to a webhook.

Bot API, "setWebhook": a POST with the update as JSON and the secret in `X-Telegram-Bot-Api-Secret-Token`; anything
but 2xx is an unsuccessful request and is repeated. What a bot answers may itself be a method call.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import aiohttp
import orjson

from bot.local.server.updates import Update
from bot.local.server.world import World

LONGEST_PAUSE = 30.0
ANSWER_WITHIN = 60.0
Lane = tuple[str, int]


class Delivery:
    """Delivers what waits to the webhook that is set: one lane in order, lanes side by side."""

    def __init__(self, world: World, execute: Callable[[bytes], Awaitable[None]], first_pause: float) -> None:
        """Deliver `world`'s updates; `first_pause` seconds pass before the second repetition, then twice as many."""
        self._world = world
        self._execute = execute
        self._first_pause = first_pause
        self._lanes: dict[Lane, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections = asyncio.Semaphore(1)
        self._session: aiohttp.ClientSession | None = None

    def start(self) -> None:
        """Follow the webhook and the queue from now on."""
        self._world.webhook.on_changed = self.restart
        self._world.updates.on_added = self._take
        self.restart()

    async def stop(self) -> None:
        """Stop delivering; what is under way is cut off."""
        self._world.webhook.on_changed = self._world.updates.on_added = None
        self._cancel()
        if self._session is not None:
            await self._session.close()

    def restart(self) -> None:
        """Begin anew with everything that waits: the webhook changed."""
        self._cancel()
        if not self._world.webhook.url:
            return
        self._connections = asyncio.Semaphore(self._world.webhook.max_connections)
        for update in self._world.updates.pending.values():
            self._take(update)

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()
        self._lanes.clear()

    def _take(self, update: Update) -> None:
        if not self._world.webhook.url:
            return
        lane = self._lanes.get(update.lane)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        task = asyncio.get_running_loop().create_task(self._run(update.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, name: Lane) -> None:
        lane = self._lanes[name]
        while lane:
            await self._deliver(lane[0])
            self._world.updates.forget(lane.popleft().id)
        del self._lanes[name]

    async def _deliver(self, update: Update) -> None:
        pause = 0.0
        while True:
            async with self._connections:
                error = await self._post(update)
            if not error:
                return
            self._world.webhook.error, self._world.webhook.error_date = error, self._world.now()
            await asyncio.sleep(pause)
            pause = min(max(pause * 2, self._first_pause), LONGEST_PAUSE)

    async def _post(self, update: Update) -> str:
        """Post one update; return what went wrong, or nothing."""
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
            self._session = aiohttp.ClientSession(timeout=timeout)
        webhook = self._world.webhook
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        try:
            async with self._session.post(webhook.url, data=update.body, headers=headers) as answer:
                body = await answer.read()
        except TimeoutError:
            return "Read timeout expired"
        except (aiohttp.ClientError, OSError) as error:
            return f"Connection refused: {type(error).__name__}"
        if not 200 <= answer.status < 300:
            return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        if body.startswith(b"{") and b'"method"' in body:
            await self._execute(body)
        return ""


def read_method_call(body: bytes) -> tuple[str, dict[str, object]] | None:
    """Return method and parameters of a call that a bot made in its answer, if it made one."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("method"), str):
        return None
    return value.pop("method"), value
