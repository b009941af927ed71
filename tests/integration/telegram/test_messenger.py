"""What the bot says outside a turn: one attempt each, told apart by what its failure means."""

from __future__ import annotations

from typing import Any

import pytest

from bot.local.server.parameters import Upload
from bot.local.server.playing import create_channel, set_standing
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.rendering import PersonalToGroup
from locales.message import Button, Message, Tap, Text, Verbatim
from models.rules.publications import Spot
from scheduler.messenger import Addressee, Fate, FileGone, FileTooLarge, Found, Sent, Unreachable
from tests.integration.telegram.playground import Playground

SEVEN = Addressee(7, 7, "zh-CN")
MENU = Message(Text.of("t.menu"), ((Button(Verbatim("a"), Tap.of("pick", "a")),),))


async def messenger(play: Playground) -> TelegramMessenger:
    await play.person(7)
    return (await play.start()).messenger


async def test_a_message_arrives_in_the_readers_language_and_its_button_works(play: Playground) -> None:
    says = await messenger(play)
    sent = await says.send(SEVEN, MENU)
    assert sent.fate is Fate.SENT
    assert sent.message_id is not None
    await says.send(Addressee(7, 7, "en"), Message(Text.of("t.menu")), may_repeat=True)
    assert await play.said(7) == ["菜单", "en (可能重复)\n\nen 菜单"]
    await play.tap(7, "a")
    assert play.bot.runs == [(7, "tap a")]


@pytest.mark.parametrize(
    ("kind", "more", "fate", "arrived"),
    [
        ("too_many", {"retry_after": 3}, Fate.TOO_MANY, False),
        ("error", {"code": 403, "description": "Forbidden: bot was blocked by the user"}, Fate.GONE, False),
        ("error", {"code": 400, "description": "Bad Request: chat not found"}, Fate.GONE, False),
        (
            "error",
            {"code": 400, "description": "Bad Request: not enough rights to send photos to the chat"},
            Fate.GONE,
            False,
        ),
        ("error", {"code": 400, "description": "Bad Request: can't parse entities"}, Fate.REFUSED, False),
        ("error", {"code": 401, "description": "Unauthorized"}, Fate.NOT_SENT, False),
        ("error", {"code": 500, "description": "Internal Server Error"}, Fate.IN_DOUBT, False),
        ("status", {"code": 502}, Fate.IN_DOUBT, False),
        ("reset", {}, Fate.IN_DOUBT, False),
        ("hang", {"seconds": 60}, Fate.IN_DOUBT, False),
        ("lost", {}, Fate.IN_DOUBT, True),
    ],
)
async def test_failures_are_told_apart(
    play: Playground, kind: str, more: dict[str, Any], fate: Fate, arrived: bool
) -> None:
    says = await messenger(play)
    await play.fault(kind, "sendMessage", **more)
    sent = await says.send(SEVEN, MENU)
    assert sent.fate is fate
    assert sent.retry_after == more.get("retry_after", 0)
    assert sent.error
    assert await play.said(7) == (["菜单"] if arrived else [])
    assert len(await play.calls("sendMessage")) == 1
    assert (await says.send(SEVEN, MENU)).fate is Fate.SENT


async def test_a_server_that_is_away_has_certainly_not_sent_it(play: Playground) -> None:
    service = play.service(url="http://127.0.0.1:9")
    await service._request.initialize()
    assert (await service.messenger.send(SEVEN, MENU)).fate is Fate.NOT_SENT
    assert service.health.telegram == "NotSent"


async def test_nothing_protected_goes_to_a_group(play: Playground) -> None:
    says = await messenger(play)
    with pytest.raises(PersonalToGroup):
        await says.send(Addressee(-50, 7, "zh-CN"), Message(Text.of("t.menu"), protect=True))


async def test_a_message_is_replaced_and_comes_anew_where_that_is_too_late(play: Playground) -> None:
    says = await messenger(play)
    first = (await says.send(SEVEN, MENU)).message_id
    assert first is not None
    done = Message(Text.of("t.done", answers="3"))
    assert await says.edit(SEVEN, first, done) == Sent(Fate.SENT, first)
    assert await says.edit(SEVEN, first, done) == Sent(Fate.SENT, first)  # "message is not modified"
    assert await play.said(7) == ["完成:3"]
    await play.fault("error", "editMessageText", code=400, description="Bad Request: message to edit not found")
    again = await says.edit(SEVEN, first, MENU)
    assert again.fate is Fate.SENT
    assert again.message_id != first
    assert await play.said(7) == ["完成:3", "菜单"]


async def test_a_file_is_fetched_up_to_the_size_asked_for(play: Playground) -> None:
    says = await messenger(play)
    file = play.world.files.add("document", Upload("名单.xlsx", "application/zip", b"x" * 1000))
    assert await says.fetch(file.file_id, 1000) == b"x" * 1000
    with pytest.raises(FileTooLarge):
        await says.fetch(file.file_id, 999)
    play.world.files.contents[file.file_id] = b"y" * 5000  # the server had told another size
    with pytest.raises(FileTooLarge):
        await says.fetch(file.file_id, 1000)
    with pytest.raises(FileGone):
        await says.fetch("nothing", 1000)
    await play.fault("reset", "getFile")
    with pytest.raises(Unreachable):
        await says.fetch(file.file_id, 1000)


async def test_a_channel_is_looked_up_with_what_the_bot_may_do_there(play: Playground) -> None:
    says = await messenger(play)
    chat = create_channel(play.world, "沈寨镇公示", [7], "gongshi", None)
    for status, may_post, spot in (
        ("administrator", True, Spot.FINE),
        ("administrator", False, Spot.MAY_NOT_POST),
        ("left", True, Spot.NOT_MEMBER),
    ):
        set_standing(play.world, chat, status, may_post)
        assert await says.look_up("@gongshi") == Found(spot, chat.id, "沈寨镇公示")
    await play.fault("error", "getChatMember", code=400, description="Bad Request: member list is inaccessible")
    assert (await says.look_up("@gongshi")).spot is Spot.NOT_MEMBER
    set_standing(play.world, chat, "kicked", False)
    assert await says.look_up("@gongshi") == Found(Spot.NOT_MEMBER)
    assert await says.look_up("@nobody") == Found(Spot.UNKNOWN)
    assert await says.look_up("7") == Found(Spot.PRIVATE)
    await play.fault("reset", "getChat")
    with pytest.raises(Unreachable):
        await says.look_up("@gongshi")
