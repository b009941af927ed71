"""Command lists: scopes, languages, and what is refused."""

from __future__ import annotations

import pytest
from telegram import BotCommandScopeAllPrivateChats, BotCommandScopeChat

from tests.integration.bot_api.conftest import LI, WANG, Played


async def seen(played: Played, person: int) -> list[str]:
    answer = await played.control("GET", f"/chats/{person}/commands?person={person}")
    return [command["command"] for command in answer["commands"]]


async def test_the_narrowest_scope_that_has_commands_shows(played: Played) -> None:
    await played.meet(LI, "李")
    await played.bot.set_my_commands([("help", "怎么用")])
    await played.bot.set_my_commands([("me", "我")], scope=BotCommandScopeAllPrivateChats())
    await played.bot.set_my_commands([("due", "应访")], scope=BotCommandScopeChat(WANG))
    assert (await seen(played, WANG), await seen(played, LI)) == (["due"], ["me"])
    (kept,) = await played.bot.get_my_commands(scope=BotCommandScopeChat(WANG))
    assert (kept.command, kept.description) == ("due", "应访")
    assert await played.bot.get_my_commands(scope=BotCommandScopeChat(LI)) == ()
    await played.bot.delete_my_commands(scope=BotCommandScopeChat(WANG))
    assert await seen(played, WANG) == ["me"]


async def test_a_list_in_the_persons_language_comes_first(played: Played) -> None:
    await played.control("POST", "/people", {"id": WANG, "first_name": "王", "language_code": "zh-hans"})
    await played.bot.set_my_commands([("a", "x")])
    await played.bot.set_my_commands([("b", "x")], language_code="zh")
    assert await seen(played, WANG) == ["b"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "command length must not exceed 32"),
        ({"commands": [{"command": "a", "description": ""}]}, "command description must be non-empty"),
        ({"commands": [{"command": "a"}]}, "can't parse BotCommand: Can't find field \"description\""),
        ({"commands": "["}, "can't parse commands JSON object"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 999}}, "chat not found"),
        ({"commands": [], "scope": {"type": "planet"}}, "can't parse BotCommandScope: Unsupported type specified"),
    ],
)
async def test_bad_commands(played: Played, fields: dict[str, object], words: str) -> None:
    assert await played.refusal("setMyCommands", **fields) == f"Bad Request: {words}"
