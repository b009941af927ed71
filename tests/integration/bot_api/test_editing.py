"""Editing, deleting and pinning."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, ReplyKeyboardMarkup
from telegram.error import BadRequest

from tests.integration.bot_api.conftest import WANG, Played

KEYS = InlineKeyboardMarkup.from_button(InlineKeyboardButton("a", callback_data="1"))
OTHER_KEYS = InlineKeyboardMarkup.from_button(InlineKeyboardButton("a", callback_data="2"))


async def test_an_edit_replaces_text_and_keyboard(played: Played) -> None:
    sent = await played.bot.send_message(WANG, "one", reply_markup=KEYS)
    played.clock.move(timedelta(minutes=5))
    edited = await sent.edit_text("<b>two</b>", parse_mode="HTML")
    assert (edited.text, edited.reply_markup, edited.edit_date) == ("two", None, played.clock.now())
    (shown,) = [m for m in played.world.messages[WANG].values() if m.from_bot]
    assert shown.text == "two"


async def test_the_same_content_is_not_modified(played: Played) -> None:
    sent = await played.bot.send_message(WANG, "<b>x</b>", parse_mode="HTML", reply_markup=KEYS)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text("<b>x</b> ", parse_mode="HTML", reply_markup=KEYS)
    assert await sent.edit_text("x", reply_markup=KEYS)
    assert await sent.edit_reply_markup(OTHER_KEYS)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_reply_markup(OTHER_KEYS)


async def test_what_can_not_be_edited(played: Played) -> None:
    theirs = await played.say(WANG, "mine")
    locked = await played.bot.send_message(WANG, "x", reply_markup=ReplyKeyboardMarkup([["a"]]))
    document = await played.bot.send_document(WANG, b"x", filename="a.txt")
    own = await played.bot.send_message(WANG, "x")
    for number, words in (
        (theirs, "message can't be edited"),
        (locked.message_id, "message can't be edited"),
        (document.message_id, "there is no text in the message to edit"),
        (99_999_999, "message to edit not found"),
        (0, "message to edit not found"),
    ):
        refusal = await played.refusal("editMessageText", chat_id=WANG, message_id=number, text="y")
        assert refusal == f"Bad Request: {words}"
    refusal = await played.refusal("editMessageCaption", chat_id=WANG, message_id=own.message_id, caption="y")
    assert refusal == "Bad Request: there is no caption in the message to edit"
    keyboard = {"keyboard": [["a"]]}
    edit = {"chat_id": WANG, "message_id": own.message_id, "text": "y", "reply_markup": keyboard}
    assert await played.refusal("editMessageText", **edit) == "Bad Request: inline keyboard expected"
    edit = {"chat_id": WANG, "message_id": own.message_id, "text": "y" * 4097}
    assert await played.refusal("editMessageText", **edit) == "Bad Request: MESSAGE_TOO_LONG"


async def test_media_can_be_exchanged(played: Played) -> None:
    sent = await played.bot.send_document(WANG, b"one", filename="a.txt", caption="first")
    edited = await sent.edit_media(
        InputMediaDocument(b"two", filename="b.txt", caption="<i>second</i>", parse_mode="HTML")
    )
    assert (edited.document.file_name, edited.caption) == ("b.txt", "second")
    assert edited.caption_entities[0].type == "italic"
    captioned = await edited.edit_caption("third")
    assert captioned.caption == "third"


async def test_a_bot_deletes_its_own_and_what_came_in_privately(played: Played) -> None:
    theirs = await played.say(WANG, "typed")
    own = await played.bot.send_message(WANG, "x")
    assert await played.bot.delete_message(WANG, theirs)
    assert await own.delete()
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await own.delete()
    assert [m.text for m in played.world.messages[WANG].values()] == ["/start"]


async def test_a_message_older_than_48_hours_can_not_be_deleted(played: Played) -> None:
    own = await played.bot.send_message(WANG, "x")
    played.clock.move(timedelta(hours=48, seconds=1))
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await own.delete()


async def test_pinning_shows_and_says_so(played: Played) -> None:
    own = await played.bot.send_message(WANG, "plan")
    assert await own.pin()
    chat = await played.bot.get_chat(WANG)
    assert chat.pinned_message.text == "plan"
    assert await own.unpin()
    with pytest.raises(BadRequest, match="Message to unpin not found"):
        await own.unpin()
