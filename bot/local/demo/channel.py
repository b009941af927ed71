"""The demo's channel: where everybody can read the monthly notice, once the admin has sent it there."""

from __future__ import annotations

from bot.local.demo.personas import PERSONAS
from bot.local.demo.places import TOWNSHIP_NAME
from bot.local.server.people import Chat
from bot.local.server.world import World
from locales.message import Text
from locales.translator import LANGUAGES, translator
from models.rules.access import Role

CHANNEL_ID = -1_000_000_880_500
USERNAME = "shenzhai_gongshi"
"""The name that the bot's own examples say, so that they work in local mode."""


def add_channel(world: World, language: str = LANGUAGES[0]) -> None:
    """Open the channel: the admin's, read by somebody who is no member of staff, with the bot as an admin.

    What became of an older run's is kept.
    """
    if CHANNEL_ID in world.directory.chats:
        return
    title = translator(language).plain(Text.of("demo.channel", place=TOWNSHIP_NAME))
    members = [_first(Role.ADMIN), _first(None)]
    chat = Chat(CHANNEL_ID, "channel", title, members, bot_is_admin=True, username=USERNAME)
    world.directory.chats[chat.id] = chat
    world.tell_chat(chat)


def _first(role: Role | None) -> int:
    return next(persona.user_id for persona in PERSONAS if persona.role is role)
