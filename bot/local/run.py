"""Local mode: the real bot, a Bot API server on loopback, and a chat page in the browser, in one process."""

from __future__ import annotations

import asyncio

import structlog
import typer
from aiohttp import web

from bot.application import telegram_service, until_stopped
from bot.local.apart import Maker
from bot.local.demo.channel import add_channel
from bot.local.demo.personas import personas
from bot.local.first import prepare
from bot.local.server.app import WORLD, create_server
from bot.memory import give_back
from bot.opening import open_database
from bot.settings import Settings
from models.rules.clock import MovableClock

LOCAL_TOKEN = "1:local-mode-has-no-secret"  # noqa: S105 - only what listens on loopback takes it
"""The token of local mode's own server, which listens on loopback only."""
CHATS = "local-chats"
"""Folder, in the data folder, that keeps what was said, so that a killed local mode goes on where it was."""
log = structlog.get_logger(__name__)


async def run(settings: Settings, maker: Maker | None = None) -> None:
    """Serve the chat page and run the bot until SIGTERM or Ctrl-C.

    `maker` is the process that already makes the demo township, if one does.
    """
    clock = MovableClock()
    database = open_database(settings, clock)
    await prepare(database, settings, clock, maker)
    give_back()
    moved = asyncio.Event()
    app = create_server(
        LOCAL_TOKEN,
        clock,
        first_name="随访 Suifang",
        keep_in=settings.data_dir / CHATS,
        on_clock_moved=lambda _: moved.set(),
    )
    runner, address = await _serve(app, settings.local_port)
    world = app[WORLD]
    for persona in personas():
        world.directory.add_person(persona)
    add_channel(world)
    service = telegram_service(settings, database, LOCAL_TOKEN, address)

    async def ready() -> None:
        typer.echo(f"\n  Suifang runs in local mode, with synthetic people. Open {address}\n  Ctrl-C ends it.\n")

    try:
        await until_stopped(service, database, settings, ready, moved)
    finally:
        await runner.cleanup()


async def _serve(app: web.Application, port: int) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"
