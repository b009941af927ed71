"""Invites from the command line: how the first admin comes in."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import StringIO
from pathlib import Path

import segno

from bot.opening import open_database
from bot.settings import Settings
from bot.telegram.identity import username
from handlers import invitation
from models.rules.access import Role
from models.store import invites

LOCAL_BOT = "suifang_demo_bot"


async def invite(settings: Settings, role: Role, place_code: str, days: int, png: Path | None) -> str:
    """Make an invite and return what to print; the code is shown this once.

    Raises:
        NotFound: there is no place with that code.
        Refused: the role doesn't work at a place of that kind.
        NoAnswer: the Bot API does not say what the bot is called.
        OSError: the picture can't be written; there is no invite then.
    """
    name = LOCAL_BOT if settings.is_local else await username(settings)
    database = open_database(settings)
    try:
        async with database.transaction() as session:
            made = await invites.create(session, None, role, place_code, valid_for=timedelta(days=days))
            link = invitation.link(name, made.code)
            if png is not None:  # while it can still be undone: nobody could read the code of an invite that failed
                await asyncio.to_thread(png.write_bytes, invitation.picture(link))
    finally:
        await database.close()
    until = f"{made.expires_at:%Y-%m-%d %H:%M} UTC"
    return "\n".join((_qr(link), link, invitation.grouped(made.code), f"{role} · {made.place.name} · {until}"))


def _qr(link: str) -> str:
    out = StringIO()
    segno.make(link, error="m").terminal(out=out, compact=True, border=2)
    return out.getvalue()
