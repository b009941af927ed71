"""The server put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.local.server import control_acts, control_crowd, control_people, control_tests
from bot.local.server.api import BotApi
from bot.local.server.control import Route, handle
from bot.local.server.delivery import Delivery
from bot.local.server.files import UPLOAD_LIMIT
from bot.local.server.guard import guard
from bot.local.server.journal import Journal
from bot.local.server.page import ChatPage
from bot.local.server.world import BotIdentity, World
from models.rules.clock import Clock

CONTROL_ROUTES: list[Route] = [
    *control_people.ROUTES,
    *control_acts.ROUTES,
    *control_crowd.ROUTES,
    *control_tests.ROUTES,
]
WORLD: web.AppKey[World] = web.AppKey("world", World)


def create_server(
    token: str,
    clock: Clock,
    limits: bool = True,
    *,
    first_name: str = "Suifang",
    username: str = "suifang_demo_bot",
    on_clock_moved: Callable[[datetime], None] | None = None,
    redelivery_pause: float = 1.0,
    keep_in: Path | None = None,
) -> web.Application:
    """Make a Bot API server for the bot with `token`.

    Args:
        token: `digits:characters`; any other token is refused with 401.
        clock: the server's time; the control API moves it if it is a `MovableClock`.
        limits: whether sending too fast is refused with 429.
        first_name: the bot's name.
        username: the bot's user name.
        on_clock_moved: told the new time whenever the control API moved the clock.
        redelivery_pause: seconds before a webhook delivery is repeated for the second time; doubled each time.
        keep_in: a folder to keep the chats in and to continue from; without it everything is in memory only.
    """
    world = World(BotIdentity(token, first_name, username), clock, on_clock_moved=on_clock_moved)
    world.limits.pace.is_on = limits
    app = web.Application(client_max_size=UPLOAD_LIMIT + 1024 * 1024)
    app[WORLD] = world
    api = BotApi(world)
    api.add_routes(app)
    for method, path, action in CONTROL_ROUTES:
        app.router.add_route(method, path, guard(handle(world, action)))
    ChatPage(world).add_routes(app)
    delivery = Delivery(world, api.execute, redelivery_pause)

    async def keep(_: web.Application) -> AsyncIterator[None]:
        if keep_in is None:
            yield
            return
        journal = Journal(keep_in, world)
        journal.start()
        yield
        journal.stop()

    async def deliver(_: web.Application) -> AsyncIterator[None]:
        delivery.start()
        yield
        await delivery.stop()

    async def let_go(_: web.Application) -> None:
        world.events.close()
        await world.updates.close()

    app.cleanup_ctx.append(keep)
    app.cleanup_ctx.append(deliver)
    app.on_shutdown.append(let_go)
    return app
