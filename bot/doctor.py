"""Looks at everything the bot needs and says what to do about what is missing."""

from __future__ import annotations

import locale
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path

from rich.console import Console

from bot.cli import settings as read_settings
from bot.keys import NoKey, keyring
from bot.opening import open_database
from bot.settings import Settings
from bot.telegram.identity import NoAnswer, ask
from bot.watching.asking import Silent, healthz
from bot.watching.standing import LONGEST_LAG
from locales.message import Text
from locales.translator import Translator, translator
from models.migrations.upgrade import is_current
from models.rules.calendar import is_provisional
from models.rules.clock import local_day
from models.store.keyring import Keyring, KeyringError
from models.store.rotation import is_readable

CLOCK_TOLERANCE = 30
"""Seconds by which the clock may differ from the Bot API server's."""
FONTS = (
    "NotoSansCJK",
    "NotoSansSC",
    "SourceHanSans",
    "wqy",
    "SimHei",
    "msyh",
    "PingFang",
    "Hiragino",
    "DroidSansFallback",
)
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    HINT = "hint"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    level: Level
    text: Text

    @property
    def is_problem(self) -> bool:
        """Whether the bot can't work like this."""
        return self.level is Level.PROBLEM


def _found(level: Level, code: str, **values: object) -> Finding:
    return Finding(level, Text(f"cli.doctor.{code}", values))


async def examine(chosen: Settings | None = None) -> list[Finding]:
    """Look at key, database, token, clock, calendar and font, and at a bot that runs here."""
    settings = chosen or read_settings()
    key = _key(settings)
    findings = [key]
    if not key.is_problem:
        findings.append(await _database(settings))
    findings += await _telegram(settings)
    today = local_day(datetime.now(UTC))
    findings.append(_found(Level.HINT, "calendar_old") if is_provisional(today) else _found(Level.OK, "calendar_ok"))
    findings.append(_font())
    findings += await _running(settings)
    return findings


def _key(settings: Settings) -> Finding:
    try:
        keys: Keyring = keyring(settings)
    except NoKey:
        return _found(Level.PROBLEM, "key_missing")
    except KeyringError as error:
        return _found(Level.PROBLEM, "key_bad", why=str(error))
    return _found(Level.OK, "key_ok", key=keys.current.key_id)


async def _database(settings: Settings) -> Finding:
    database = open_database(settings)
    try:
        if not await is_current(settings.database):
            return _found(Level.PROBLEM, "database_old")
        async with database.reading() as session:
            fits = await is_readable(session)
    except Exception as error:
        return _found(Level.PROBLEM, "database_lost", why=type(error).__name__)
    finally:
        await database.close()
    if not fits:
        return _found(Level.PROBLEM, "key_mismatch")
    return _found(Level.OK, "database_ok", kind="PostgreSQL" if database.is_postgres else "SQLite")


async def _telegram(settings: Settings) -> list[Finding]:
    if settings.is_local:
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        return [_found(Level.HINT, "token_none"), _found(Level.OK, "clock_unknown", now=now)]
    try:
        name, moment = await ask(settings)
    except NoAnswer as error:
        if error.status in {401, 404}:
            return [_found(Level.PROBLEM, "token_bad")]
        return [_found(Level.PROBLEM, "telegram_lost", address=settings.telegram_api_url, why=error.reason)]
    return [_found(Level.OK, "token_ok", name=name), _clock(moment)]


def _clock(moment: str | None) -> Finding:
    if moment is None:
        return _found(Level.HINT, "clock_unknown", now=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    seconds = round(abs((datetime.now(UTC) - parsedate_to_datetime(moment)).total_seconds()))
    if seconds > CLOCK_TOLERANCE:
        return _found(Level.PROBLEM, "clock_off", seconds=seconds)
    return _found(Level.OK, "clock_ok", seconds=seconds)


async def _running(settings: Settings) -> list[Finding]:
    """Return what a bot that runs here says of itself; nothing when none does."""
    try:
        said = await healthz(settings)
    except Silent:
        return [_found(Level.HINT, "bot_silent", port=settings.health_port)]
    if said is None:
        return []
    stalled = [(name, tick) for name, tick in said["ticks"].items() if tick["stalled"] is not None]
    found = [_found(Level.HINT, "tick_stalled", job=name, seconds=round(tick["age"])) for name, tick in stalled]
    if (said["lag"] or 0) > LONGEST_LAG:
        found.append(_found(Level.HINT, "outbox_late", minutes=round(said["lag"] / 60)))
    if not said["good"] and not found:
        found.append(_found(Level.HINT, "bot_unwell", phase=said["phase"]))
    return found or [_found(Level.OK, "bot_ok")]


def _font() -> Finding:
    for folder in FONT_FOLDERS:
        for path in Path(folder).expanduser().rglob("*.[tTo][tT][fFcC]"):
            if any(name.lower() in path.name.lower() for name in FONTS):
                return _found(Level.OK, "font_ok", name=path.name)
    return _found(Level.HINT, "font_missing")


def words() -> Translator:
    """Return the texts in the language of the operator's environment."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return translator("zh-CN" if spoken.lower().startswith("zh") else "en")


def printed(findings: list[Finding]) -> None:
    """Print the findings, a line each."""
    texts, console = words(), Console(highlight=False)
    marks = {Level.OK: "[green]✓[/]", Level.HINT: "[yellow]•[/]", Level.PROBLEM: "[red]✗[/]"}
    console.print(texts.plain(Text.of("cli.doctor.title")), style="bold")
    for finding in findings:
        console.print(marks[finding.level], texts.plain(finding.text), soft_wrap=True)
