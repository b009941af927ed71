"""Groups: privacy, migration, being put out, what a bot may do there."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden

from tests.integration.bot_api.conftest import LI, WANG, Played


async def group(played: Played, **more: object) -> int:
    await played.control("POST", "/people", {"id": LI, "first_name": "李"})
    made = await played.control("POST", "/groups", {"title": "镇卫生院", "members": [WANG, LI], **more})
    return int(made["id"])


async def test_a_bot_is_told_that_it_joined(played: Played) -> None:
    number = await group(played)
    (update,) = await played.bot.get_updates()
    assert update.my_chat_member.chat.id == number < 0
    assert update.my_chat_member.new_chat_member.status == "member"


async def test_in_a_group_a_bot_sees_commands_and_replies_only(played: Played) -> None:
    number = await group(played)
    played.world.updates.clear()
    sent = await played.bot.send_message(number, "hello")
    await played.say(number, "chatter", **{"from": LI})
    await played.say(number, "/status", **{"from": LI})
    await played.say(number, "yes", **{"from": WANG, "reply_to": sent.message_id})
    texts = [u.message.text for u in await played.bot.get_updates()]
    assert texts == ["/status", "yes"]


async def test_a_migrated_group_names_its_successor(played: Played) -> None:
    number = await group(played)
    new = await played.control("POST", f"/groups/{number}/migrate")
    with pytest.raises(ChatMigrated) as caught:
        await played.bot.send_message(number, "x")
    assert caught.value.new_chat_id == new["id"]
    assert (await played.bot.send_message(new["id"], "x")).chat.type == "supergroup"
    kinds = [u.message for u in await played.bot.get_updates() if u.message]
    assert [m.migrate_to_chat_id for m in kinds][:1] == [new["id"]]
    assert [m.migrate_from_chat_id for m in kinds][1:] == [number]


@pytest.mark.parametrize(
    ("status", "words"), [("kicked", "bot was kicked from the group chat"), ("left", "bot is not a member of")]
)
async def test_a_bot_that_was_put_out(played: Played, status: str, words: str) -> None:
    number = await group(played)
    await played.control("POST", f"/groups/{number}/bot", {"status": status})
    with pytest.raises(Forbidden, match=words):
        await played.bot.send_message(number, "x")


async def test_others_messages_can_be_deleted_by_an_admin_only(played: Played) -> None:
    number = await group(played)
    theirs = await played.say(number, "/x", **{"from": LI})
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await played.bot.delete_message(number, theirs)
    with pytest.raises(BadRequest, match="Not enough rights"):
        await played.bot.pin_chat_message(number, theirs)
    other = await group(played, bot_is_admin=True)
    theirs = await played.say(other, "chatter", **{"from": LI})
    assert await played.bot.pin_chat_message(other, theirs)
    assert await played.bot.delete_message(other, theirs)
    bot_itself = await played.bot.get_chat_member(other, played.bot.id)
    assert bot_itself.status == "administrator"
