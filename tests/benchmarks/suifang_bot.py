"""Suifang with one more command, `/form`: `python -m tests.benchmarks.suifang_bot DATABASE API TOKEN`.

The real ingest, form engine, rendering, sealing and delivery; only what is saved in the end is left out, because
the bot it is compared with saves nothing.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import uvloop

from bot.application import ROUTES
from bot.memory import settle
from bot.telegram.routing import Routes
from bot.telegram.service import Connection, TelegramService
from handlers.context import Turn
from handlers.forms import runner
from handlers.forms.checkup import OUTCOME
from handlers.forms.fields import Field, Form, PersonChoice
from handlers.forms.runner import Entry, Facts
from handlers.forms.visit import KINDS
from locales.message import Message, Text
from locales.translator import LANGUAGES, translator
from models.rules.clock import SystemClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests.benchmarks.databases import KEYS
from tests.benchmarks.questions import FACTS, FIELDS, SAVED

FORM = Form("visit", 1, (OUTCOME, *(Field(name, KINDS[name]) for name in FIELDS[1:])))


async def _load(_turn: Turn, _answers: Mapping[str, Any], _facts: Mapping[str, Any]) -> Facts:
    return {}


async def _nobody(_turn: Turn, _answers: Mapping[str, Any], _facts: Mapping[str, Any]) -> Sequence[PersonChoice]:
    return ()


async def _save(_turn: Turn, _answers: Mapping[str, Any], _facts: Mapping[str, Any], _draft_id: int) -> Message:
    return Message(Text.of(SAVED), protect=True)


async def _form(turn: Turn) -> None:
    await runner.open_form(turn, FORM.name, FACTS)


def routes() -> Routes:
    """Return the bot's routes, with `/form`."""
    runner.ENTRIES[FORM.name] = Entry(FORM, _load, _nobody, _save)
    return Routes(
        commands={**ROUTES.commands, "form": _form},
        taps=ROUTES.taps,
        menu=ROUTES.menu,
        typed=ROUTES.typed,
        unsupported=ROUTES.unsupported,
        expected=ROUTES.expected,
        explain=ROUTES.explain,
    )


async def run(database_url: str, api_url: str, token: str) -> None:
    """Run until SIGTERM."""
    database = Database(database_url, Keyring.parse(KEYS), SystemClock())
    service = TelegramService(Connection(token, api_url), database, routes(), translator, LANGUAGES)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await service.start()
    settle()
    await stop.wait()
    await service.stop(5.0)
    await database.close()


if __name__ == "__main__":
    uvloop.run(run(*sys.argv[1:4]))
