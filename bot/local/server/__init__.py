"""A Bot API server on loopback, for local mode and for tests.

It keeps everything in memory and is as strict as Telegram where a bot gets hurt. The rules it follows are those
of the Bot API documentation (https://core.telegram.org/bots/api); each file names the sections it follows.
"""

from __future__ import annotations

from bot.local.server.app import create_server

__all__ = ["create_server"]
