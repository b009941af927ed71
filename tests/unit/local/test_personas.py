"""Who is played in local mode, and to whom the bot may write first."""

from __future__ import annotations

import pytest

from bot.local.demo.channel import add_channel
from bot.local.demo.personas import PERSONAS, personas
from bot.local.server.errors import ApiError
from bot.local.server.people import Directory
from bot.local.server.world import BotIdentity, World
from locales.message import Text
from locales.translator import translator
from models.rules.clock import MovableClock


def test_the_bot_may_write_to_its_staff_but_not_to_somebody_new() -> None:
    directory = Directory()
    for person in personas():
        directory.add_person(person)
    for persona in PERSONAS:
        if persona.role is not None:
            assert directory.writable(str(persona.user_id)).id == persona.user_id
        else:
            with pytest.raises(ApiError):
                directory.writable(str(persona.user_id))


def test_the_channel_is_the_one_that_the_bots_own_examples_name() -> None:
    world = World(BotIdentity("1:x", "Suifang", "suifang_bot"), MovableClock())
    for persona in personas():
        world.directory.add_person(persona)
    add_channel(world)
    chat = world.directory.writable("@shenzhai_gongshi")
    chat.bot_may_post = False
    add_channel(world)
    assert world.directory.chat("@shenzhai_gongshi") is chat, "what became of it is kept"
    said = translator("zh-CN").plain(Text.of("publications.goes_nowhere"))
    assert f"@{chat.username}" in said
