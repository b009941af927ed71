"""Taps and their answers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from tests.integration.bot_api.conftest import LI, WANG, Played

KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("是", callback_data="y"), InlineKeyboardButton("否", callback_data="n")]]
)
TOO_OLD = "Query is too old and response timeout expired or query id is invalid"


async def tapped(played: Played, **how: object) -> object:
    await played.bot.send_message(WANG, "?", reply_markup=KEYS)
    await played.control("POST", f"/chats/{WANG}/tap", how)
    return (await played.bot.get_updates(offset=-1))[0].callback_query


@pytest.mark.parametrize("how", [{"label": "否"}, {"data": "n"}])
async def test_a_tap_reaches_the_bot_with_its_message(played: Played, how: dict[str, str]) -> None:
    query = await tapped(played, **how)
    assert (query.data, query.from_user.id, query.message.text) == ("n", WANG, "?")  # type: ignore[attr-defined]
    assert query.message.reply_markup == KEYS  # type: ignore[attr-defined]


async def test_an_answer_reaches_the_person_once(played: Played) -> None:
    query = await tapped(played, label="是")
    waiting = asyncio.create_task(played.control("GET", f"/taps/{query.id}?timeout=5"))  # type: ignore[attr-defined]
    await asyncio.sleep(0.05)
    assert await query.answer("好", show_alert=True)  # type: ignore[attr-defined]
    assert (await waiting)["answer"] == {"text": "好", "show_alert": True, "url": ""}
    with pytest.raises(BadRequest, match=TOO_OLD):
        await query.answer("again")  # type: ignore[attr-defined]


async def test_an_answer_after_15_seconds_is_too_late(played: Played) -> None:
    query = await tapped(played, label="是")
    played.clock.move(timedelta(seconds=16))
    with pytest.raises(BadRequest, match=TOO_OLD):
        await query.answer()  # type: ignore[attr-defined]


async def test_an_unknown_query_and_a_long_answer_are_refused(played: Played) -> None:
    query = await tapped(played, label="是")
    with pytest.raises(BadRequest, match=TOO_OLD):
        await played.bot.answer_callback_query("1")
    answer = {"callback_query_id": query.id, "text": "x" * 201}  # type: ignore[attr-defined]
    assert await played.refusal("answerCallbackQuery", **answer) == "Bad Request: MESSAGE_TOO_LONG"


async def test_only_buttons_that_are_there_can_be_tapped(played: Played) -> None:
    await played.bot.send_message(WANG, "?", reply_markup=KEYS)
    await played.control("POST", f"/chats/{WANG}/tap", {"label": "也许"}, expect=409)
    await played.control("POST", "/people", {"id": LI, "first_name": "李"})
    await played.control("POST", f"/chats/{WANG}/tap", {"label": "是", "from": LI}, expect=409)


async def test_a_forged_tap_carries_any_data(played: Played) -> None:
    sent = await played.bot.send_message(WANG, "?", reply_markup=KEYS)
    forged = {"forge": True, "message_id": sent.message_id, "data": "evil"}
    await played.control("POST", f"/chats/{WANG}/tap", forged)
    (update,) = await played.bot.get_updates()
    assert update.callback_query.data == "evil"


async def test_a_tap_on_a_deleted_message_is_inaccessible(played: Played) -> None:
    sent = await played.bot.send_message(WANG, "?", reply_markup=KEYS)
    await sent.delete()
    forged = {"forge": True, "message_id": sent.message_id, "data": "y"}
    await played.control("POST", f"/chats/{WANG}/tap", forged)
    (update,) = await played.bot.get_updates()
    assert not update.callback_query.message.is_accessible
