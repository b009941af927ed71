"""Channels: who may write, what a bot hears, how it is named, and being put out.

The refusals are worded as Telegram's own server words them (tdlib/telegram-bot-api, `check_chat_access`).
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from telegram import ReplyKeyboardMarkup
from telegram.error import BadRequest, Forbidden, RetryAfter

from tests.integration.bot_api.conftest import LI, WANG, Played
from tests.integration.bot_api.test_journal import served

NAME = "@shenzhai_gongshi"


async def channel(played: Played, **more: object) -> int:
    """Make a channel of Wang that Li reads; nothing waits for the bot afterwards."""
    await played.control("POST", "/people", {"id": LI, "first_name": "李"})
    made = await played.control("POST", "/channels", {"title": "沈寨公示", "members": [WANG, LI], **more})
    return int(made["id"])


async def stand(played: Played, number: int, status: str = "administrator", *, may_post: bool = True) -> None:
    await played.control("POST", f"/channels/{number}/bot", {"status": status, "can_post_messages": may_post})


async def test_an_admin_that_may_post_is_told_so_and_posts(played: Played) -> None:
    number = await channel(played, username=NAME)
    assert number < -1_000_000_000_000
    (update,) = await played.bot.get_updates()
    assert update.my_chat_member.chat.username == "shenzhai_gongshi"
    assert update.my_chat_member.old_chat_member.status == "left"
    assert update.my_chat_member.new_chat_member.can_post_messages
    for place in (number, NAME, NAME.upper()):
        sent = await played.bot.send_message(place, "公示")
        assert (sent.chat.id, sent.chat.type, sent.sender_chat.id, sent.from_user) == (number, "channel", number, None)
    found = await played.bot.get_chat(NAME)
    assert (found.id, found.title, found.type) == (number, "沈寨公示", "channel")


async def test_the_bot_hears_posts_and_who_reads_writes_nothing(played: Played) -> None:
    number = await channel(played)
    played.world.updates.clear()
    said = await played.say(number, "/status")
    await played.control("POST", f"/chats/{number}/edit", {"message_id": said, "text": "/due"})
    await played.control("POST", f"/chats/{number}/text", {"text": "hello", "from": LI}, expect=409)
    await played.bot.send_message(number, "its own")
    posted, edited = await played.bot.get_updates()
    assert (posted.message, posted.channel_post.text, posted.channel_post.from_user) == (None, "/status", None)
    assert edited.edited_channel_post.text == "/due"
    assert (await played.control("GET", f"/chats/{number}/commands?person={WANG}"))["commands"] == []
    await stand(played, number, "left")
    played.world.updates.clear()
    await played.say(number, "unheard")
    assert not await played.bot.get_updates()


async def test_without_the_right_to_post_it_is_refused_until_it_is_given_back(played: Played) -> None:
    number = await channel(played)
    played.world.updates.clear()
    await stand(played, number, may_post=False)
    (update,) = await played.bot.get_updates()
    assert update.my_chat_member.old_chat_member.can_post_messages
    assert not update.my_chat_member.new_chat_member.can_post_messages
    with pytest.raises(BadRequest, match="Need administrator rights in the channel chat"):
        await played.bot.send_message(number, "x")
    assert not (await played.bot.get_chat_member(number, played.bot.id)).can_post_messages
    await stand(played, number)
    assert (await played.bot.send_message(number, "x")).text == "x"


@pytest.mark.parametrize(
    ("status", "words"), [("left", "is not a member of the channel"), ("kicked", "was kicked from the channel")]
)
async def test_put_out_it_reads_a_public_one_only(played: Played, status: str, words: str) -> None:
    private, public = await channel(played), await channel(played, username=NAME)
    for number in (private, public):
        await stand(played, number, status)
        with pytest.raises(Forbidden, match=words):
            await played.bot.send_message(number, "x")
    with pytest.raises(Forbidden, match=words):
        await played.bot.get_chat(private)
    if status == "left":
        assert (await played.bot.get_chat(NAME)).id == public
        assert (await played.bot.get_chat_member(public, played.bot.id)).status == "left"
        with pytest.raises(BadRequest, match="Member list is inaccessible"):
            await played.bot.get_chat_member(public, WANG)


async def test_an_unknown_name_a_taken_one_and_other_keyboards_are_refused(played: Played) -> None:
    number = await channel(played, username=NAME)
    await played.control("POST", "/channels", {"title": "x", "members": [WANG], "username": NAME}, expect=409)
    await played.control("POST", f"/groups/{number}/bot", {"status": "left"}, expect=409)
    await played.control("POST", f"/channels/{WANG}/bot", {"status": "left"}, expect=409)
    with pytest.raises(BadRequest, match="Chat not found"):
        await played.bot.send_message("@nobody_there", "x")
    with pytest.raises(BadRequest, match="Inline keyboard expected"):
        await played.bot.send_message(number, "x", reply_markup=ReplyKeyboardMarkup([["a"]]))
    assert (await played.bot.get_chat_member(number, WANG)).status == "creator"


async def test_a_channel_takes_no_more_in_a_minute_than_a_group(played: Played) -> None:
    number = await channel(played)
    await played.control("PUT", "/limits", {"enabled": True, "group_per_minute": 2})
    for _ in range(2):
        await played.bot.send_message(number, "x")
    with pytest.raises(RetryAfter):
        await played.bot.send_message(number, "x")


async def test_channels_come_back_and_chats_kept_before_there_were_any(tmp_path: Path) -> None:
    async with served(tmp_path) as first:
        await first.meet()
        number = await channel(first, username=NAME)
        await stand(first, number, may_post=False)
    kept = tmp_path / "journal.jsonl"
    lines = [orjson.loads(line) for line in kept.read_bytes().splitlines()]
    for line in lines:
        if line["k"] == "chat" and line["id"] == WANG:
            del line["username"], line["bot_may_post"]
    kept.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    async with served(tmp_path) as second:
        assert (await second.bot.get_chat(NAME)).id == number
        assert not (await second.bot.get_chat_member(number, second.bot.id)).can_post_messages
        assert (await second.bot.send_message(WANG, "x")).text == "x"
        assert await channel(second) != number
