"""Updates over HTTP: order, once each, side by side, and what they say."""

from __future__ import annotations

import asyncio

import pytest

from handlers.context import Turn
from tests.integration.telegram.conftest import BOTH, POSTGRES
from tests.integration.telegram.playground import Playground


async def test_a_text_is_answered_and_escaped(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.write(7, "你好 <b>&")
    await play.until_said(7, ["答:你好 <b>&"])


async def test_the_language_of_the_app_is_spoken(play: Playground) -> None:
    await play.person(7, "en")
    await play.start()
    await play.write(7, "hi")
    await play.until_said(7, ["en 答:hi"])


@BOTH
async def test_one_chat_is_in_order(play: Playground) -> None:
    await play.person(7)
    for number in range(150):
        await play.write(7, f"{number}")
    await play.start()
    await play.until_said(7, [f"答:{number}" for number in range(150)])
    assert play.bot.runs == [(7, f"{number}") for number in range(150)]


@POSTGRES  # SQLite has one writer at a time
async def test_chats_run_side_by_side(play: Playground) -> None:
    met = asyncio.Barrier(2)

    async def meet(_: Turn) -> None:
        await asyncio.wait_for(met.wait(), 5)

    play.bot.before = meet
    await play.person(7)
    await play.person(8)
    await play.start()
    await asyncio.gather(play.write(7, "meet"), play.write(8, "meet"))
    await play.until_said(7, ["答:meet"])
    await play.until_said(8, ["答:meet"])


@BOTH
async def test_a_flood_does_not_keep_others_waiting(play: Playground) -> None:
    await play.person(7)
    await play.person(8)
    for number in range(90):
        await play.write(7, f"{number}")
    await play.write(8, "me too")
    await play.start()
    await play.until_said(8, ["答:me too"])
    at = play.bot.runs.index((8, "me too"))
    assert at < 45, f"{at} of 90 floods went first"  # a second connection takes a while to open


@BOTH
async def test_a_form_is_bound_to_its_message_and_edited_in_place(play: Playground) -> None:
    await play.person(7)
    await play.start()
    for text in ("/form", "一", "二", "三"):  # faster than the first question can be delivered
        await play.write(7, text)
    await play.until_said(7, ["第4题"])
    assert await play.drafts_of(7) == [["一", "二", "三"]]


async def test_the_menu_is_recognised_in_every_language(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.write(7, "/menu")
    for label in ("应访名单", " Due list "):
        await play.write(7, label)
    await play.quiet()
    assert play.bot.runs == [(7, "menu.due"), (7, "menu.due")]
    offered = await play.ask("GET", "chats/7/commands?person=7")
    assert offered["commands"] == [{"command": "form", "description": "开始"}]


async def test_a_command_may_name_the_bot_and_carry_words(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.write(7, "/form@small_bot  CODE 1")
    await play.write(7, "/form@other_bot x")
    await play.write(7, "/nonsense")
    await play.until_said(7, ["第1题", "只懂文字"])
    assert play.bot.runs == [(7, "CODE 1")]


async def test_what_is_not_text_is_answered_politely(play: Playground) -> None:
    await play.person(7)
    await play.start()
    sticker = {"message_id": 900, "date": 1, "chat": {"id": 7, "type": "private"}, "from": _person(7), "sticker": {}}
    await play.ask("POST", "updates", update={"message": sticker})
    await play.until_said(7, ["只懂文字"])


@pytest.mark.parametrize(
    "update",
    [
        {"poll_answer": {"poll_id": "1", "user": {"id": 7}, "option_ids": []}},
        {"edited_message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "pinned_message": {}}},
        {"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -1007, "type": "channel"}, "text": "x"}},
        {"something_new": {"of": "tomorrow"}},
        {},
    ],
)
async def test_what_needs_no_answer_is_recorded_in_silence(play: Playground, update: dict[str, object]) -> None:
    await play.person(7)
    service = await play.start()
    await play.ask("POST", "updates", update=update)
    await play.write(7, "after")
    await play.until_said(7, ["答:after"])
    await play.quiet()
    assert service.health.is_good
    assert play.bot.runs == [(7, "after")]


async def test_in_a_group_only_commands_count(play: Playground) -> None:
    await play.person(7)
    await play.ask("POST", "groups", title="村", members=[7], id=-50, bot_is_admin=True)
    await play.start()
    await play.write(-50, "just talk", **{"from": 7})
    await play.write(-50, "/buttons", **{"from": 7})
    await play.until_said(-50, ["菜单"])
    assert play.bot.runs == [(-50, "")]


@BOTH
async def test_an_expected_exception_is_an_answer_and_undoes_what_was_done(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.write(7, "/secret")
    await play.until_said(7, ["没有权限"])
    assert await play.drafts_of(7) == []


async def test_a_document_is_uploaded_with_its_name(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.write(7, "/picture")
    await play.until_said(7, ["菜单"])
    chat = await play.ask("GET", "chats/7")
    file = chat["messages"][-1]["file"]
    assert (file["kind"], file["file_name"], file["file_size"]) == ("document", "列表.txt", 3)


@BOTH
async def test_the_same_update_again_has_no_second_effect(play: Playground) -> None:
    await play.person(7)
    service = await play.start()
    update = _text(500, 7, "once")
    together = [service.ingest.take(update) for _ in range(5)]
    assert len(set(together)) == 1, "an update under way is the same work"
    await together[0]
    await service.ingest.take(update)
    await play.until_said(7, ["答:once"])
    await play.quiet()
    assert play.bot.runs == [(7, "once")]
    assert await play.said(7) == ["答:once"]


@BOTH
async def test_two_processes_give_an_update_one_effect(play: Playground) -> None:
    await play.person(7)
    one, two = await play.start(), play.service()
    await two.connect()
    await asyncio.gather(*(s.ingest.take(_text(500 + n, 7, f"{n}")) for n in range(20) for s in (one, two)))
    await play.quiet()
    assert sorted(await play.said(7)) == sorted(f"答:{n}" for n in range(20))


async def test_updates_whose_numbers_begin_anew_are_taken(play: Playground) -> None:
    await play.person(7)
    await play.start()
    await play.write(7, "before")
    await play.until_said(7, ["答:before"])
    await play.quiet()
    await asyncio.sleep(0.1)
    play.world.updates.next_id = 17  # after a quiet week
    await play.write(7, "after")
    await play.until_said(7, ["答:before", "答:after"])


def _person(person_id: int) -> dict[str, object]:
    return {"id": person_id, "is_bot": False, "first_name": "人", "language_code": "zh-hans"}


def _text(update_id: int, chat_id: int, text: str) -> dict[str, object]:
    chat = {"id": chat_id, "type": "private", "first_name": "人"}
    message = {"message_id": update_id, "date": 1, "chat": chat, "from": _person(chat_id), "text": text}
    return {"update_id": update_id, "message": message}
