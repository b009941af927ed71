"""Sending texts: what is refused, and with which words."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import BadRequest, Forbidden

from tests.integration.bot_api.conftest import LI, WANG, Played


def one_button(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


async def test_the_clock_dates_a_message(played: Played) -> None:
    message = await played.bot.send_message(WANG, "hi", protect_content=True)
    assert message.date == played.clock.now()
    assert message.has_protected_content
    assert message.from_user.username == "suifang_demo_bot"


@pytest.mark.parametrize("text", ["x" * 4096, "<b>" + "字" * 4096 + "</b>", "😀" * 2048])
async def test_4096_units_after_parsing_may_be_sent(played: Played, text: str) -> None:
    assert await played.bot.send_message(WANG, text, parse_mode="HTML")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Bad Request: message text is empty"),
        (" \n ", "Bad Request: text must be non-empty"),
        ("<b></b>", "Bad Request: text must be non-empty"),
        ("x" * 4097, "Bad Request: message is too long"),
        ("😀" * 2049, "Bad Request: message is too long"),
    ],
)
async def test_bad_texts(played: Played, text: str, words: str) -> None:
    assert await played.refusal("sendMessage", chat_id=WANG, text=text, parse_mode="HTML") == words


@pytest.mark.parametrize(
    ("chat_id", "words"),
    [
        ("", "Bad Request: chat_id is empty"),
        ("999", "Bad Request: chat not found"),
        ("@nobody", "Bad Request: chat not found"),
        (str(LI), "Bad Request: chat not found"),
    ],
)
async def test_bad_chats(played: Played, chat_id: str, words: str) -> None:
    await played.control("POST", "/people", {"id": LI, "first_name": "李"})
    assert await played.refusal("sendMessage", chat_id=chat_id, text="x") == words


async def test_a_person_known_only_from_a_group_can_not_be_written_to(played: Played) -> None:
    await played.control("POST", "/people", {"id": LI, "first_name": "李"})
    await played.control("POST", "/groups", {"title": "镇", "members": [WANG, LI]})
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await played.bot.send_message(LI, "x")


async def test_a_person_who_blocked_the_bot(played: Played) -> None:
    sent = await played.bot.send_message(WANG, "before")
    await played.control("POST", f"/people/{WANG}/block")
    for attempt in (
        played.bot.send_message(WANG, "x"),
        played.bot.send_chat_action(WANG, "typing"),
        played.bot.edit_message_text("y", WANG, sent.message_id),
    ):
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await attempt
    await played.control("POST", f"/chats/{WANG}/text", {"text": "x"}, expect=409)
    await played.control("POST", f"/people/{WANG}/unblock")
    assert await played.bot.send_message(WANG, "x")
    (blocked, unblocked) = await played.bot.get_updates()
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert unblocked.my_chat_member.new_chat_member.status == "member"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (one_button(text="a", callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (one_button(text="a", callback_data="字" * 22), "BUTTON_DATA_INVALID"),
        (
            one_button(text="a", callback_data=""),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (one_button(callback_data="x"), "can't parse inline keyboard button: Can't find field \"text\""),
        (one_button(text=" ", callback_data="x"), "inline keyboard button text must be non-empty"),
        (one_button(text="a", url="nonsense"), "inline keyboard button URL 'nonsense' is invalid: Wrong HTTP URL"),
        ({"inline_keyboard": [{"text": "a"}]}, None),
        ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101}, "reply markup is too long"),
        ("{", "can't parse reply keyboard markup JSON object"),
        ([], "object expected as reply markup"),
    ],
)
async def test_bad_keyboards(played: Played, markup: Any, words: str | None) -> None:
    refusal = await played.refusal("sendMessage", chat_id=WANG, text="x", reply_markup=markup)
    assert refusal.startswith("Bad Request: ")
    if words is not None:
        assert refusal == f"Bad Request: {words}"


async def test_64_bytes_of_callback_data_may_be_sent(played: Played) -> None:
    button = InlineKeyboardButton("a", callback_data="字" * 21 + "x")
    message = await played.bot.send_message(WANG, "x", reply_markup=InlineKeyboardMarkup.from_button(button))
    assert message.reply_markup.inline_keyboard[0][0].callback_data == "字" * 21 + "x"


async def test_a_reply_keyboard_shows_until_it_is_removed(played: Played) -> None:
    keyboard = ReplyKeyboardMarkup([["应访", "康检"]], resize_keyboard=True)
    message = await played.bot.send_message(WANG, "x", reply_markup=keyboard)
    assert message.reply_markup is None
    shown = (await played.control("GET", f"/chats/{WANG}"))["keyboard"]
    assert shown == {"keyboard": [[{"text": "应访"}, {"text": "康检"}]], "resize_keyboard": True}
    await played.bot.send_message(WANG, "x", reply_markup=ReplyKeyboardRemove())
    assert (await played.control("GET", f"/chats/{WANG}"))["keyboard"] is None


async def test_replies(played: Played) -> None:
    number = await played.say(WANG, "question")
    message = await played.bot.send_message(WANG, "answer", reply_to_message_id=number)
    assert message.reply_to_message.text == "question"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await played.bot.send_message(WANG, "answer", reply_to_message_id=1)
    assert await played.bot.send_message(WANG, "answer", reply_to_message_id=1, allow_sending_without_reply=True)


async def test_an_unknown_chat_action_is_refused(played: Played) -> None:
    assert await played.bot.send_chat_action(WANG, "typing")
    words = "Bad Request: wrong parameter action in request"
    assert await played.refusal("sendChatAction", chat_id=WANG, action="sing") == words


async def test_an_unserved_parse_mode_is_refused(played: Played) -> None:
    words = "Bad Request: unsupported parse_mode"
    assert await played.refusal("sendMessage", chat_id=WANG, text="*x*", parse_mode="MarkdownV2") == words
