"""The control API: following events, recorded calls, the clock, and who may call it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.local.server.app import CONTROL_ROUTES
from bot.local.server.methods import NAMES
from tests.integration.bot_api.conftest import WANG, Played

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "bot-api-server.md"


async def test_two_readers_lose_nothing_and_take_nothing_from_each_other(played: Played) -> None:
    begin = played.world.events.last

    async def follow() -> list[str]:
        texts: list[str] = []
        after = begin
        while len(texts) < 20:
            answer = await played.control("GET", f"/events?after={after}&timeout=5")
            after = answer["last"]
            texts += [e["data"]["text"] for e in answer["events"] if e["kind"] == "message"]
        return texts

    readers = [asyncio.create_task(follow()) for _ in range(2)]
    for number in range(20):
        await played.say(WANG, str(number))
    expected = [str(number) for number in range(20)]
    assert await asyncio.gather(*readers) == [expected, expected]


async def test_events_can_be_of_one_chat(played: Played) -> None:
    begin = played.world.events.last
    await played.meet(102, "李")
    await played.bot.send_message(WANG, "<i>x</i>", parse_mode="HTML")
    answer = await played.control("GET", f"/events?after={begin}&chat_id={WANG}")
    messages = [e["data"]["html"] for e in answer["events"] if e["kind"] == "message"]
    assert messages == ["<i>x</i>"]


async def test_a_reader_from_the_future_is_told_that_it_lost_its_place(played: Played) -> None:
    answer = await played.control("GET", "/events?after=999999")
    assert answer == {"events": [], "last": played.world.events.last, "lost": True}


async def test_what_a_person_sees(played: Played) -> None:
    button = InlineKeyboardButton("好", callback_data="ok")
    await played.bot.send_message(
        WANG, "<b>a</b> &lt;", parse_mode="HTML", reply_markup=InlineKeyboardMarkup.from_button(button)
    )
    *_, seen = (await played.control("GET", f"/chats/{WANG}"))["messages"]
    assert (seen["text"], seen["html"], seen["from_bot"]) == ("a <", "<b>a</b> &lt;", True)
    assert seen["inline_keyboard"] == [[{"text": "好", "callback_data": "ok"}]]


async def test_a_tap_can_wait_for_its_answer(played: Played) -> None:
    button = InlineKeyboardButton("好", callback_data="ok")
    await played.bot.send_message(WANG, "?", reply_markup=InlineKeyboardMarkup.from_button(button))
    tap = asyncio.create_task(played.control("POST", f"/chats/{WANG}/tap", {"label": "好", "wait": 5}))
    (update,) = await played.bot.get_updates(timeout=5)
    await update.callback_query.answer("记下了")
    assert (await tap)["answer"]["text"] == "记下了"


async def test_calls_are_recorded_with_their_outcome(played: Played) -> None:
    await played.bot.send_message(WANG, "x")
    await played.refusal("sendMessage", chat_id=WANG, text="")
    await played.bot.send_document(WANG, b"abc", filename="a.txt")
    calls = (await played.control("GET", f"/calls?chat_id={WANG}"))["calls"]
    assert [(c["method"], c["code"]) for c in calls] == [
        ("sendMessage", 200),
        ("sendMessage", 400),
        ("sendDocument", 200),
    ]
    assert calls[1]["result"] == "Bad Request: message text is empty"
    assert {"file_name": "a.txt", "size": 3} in calls[2]["params"].values()
    await played.control("DELETE", "/calls")
    assert (await played.control("GET", "/calls"))["calls"] == []


@pytest.mark.parametrize(
    ("step", "local"),
    [
        ({"hours": 1}, "2026-03-02T10:00:00+08:00"),
        ({"days": 7}, "2026-03-09T09:00:00+08:00"),
        ({"to": "08:00"}, "2026-03-03T08:00:00+08:00"),
        ({"to": "10:30"}, "2026-03-02T10:30:00+08:00"),
    ],
)
async def test_the_clock_moves_on(played: Played, step: dict[str, object], local: str) -> None:
    moved: list[object] = []
    played.world.on_clock_moved = moved.append
    assert (await played.control("POST", "/clock/move", step))["local"] == local
    assert moved == [played.clock.now()]


async def test_the_clock_does_not_go_back(played: Played) -> None:
    await played.control("POST", "/clock/move", {"hours": -1}, expect=400)


async def test_edited_texts_reach_the_bot(played: Played) -> None:
    number = await played.say(WANG, "122/80")
    await played.control("POST", f"/chats/{WANG}/edit", {"message_id": number, "text": "128/80"})
    *_, update = await played.bot.get_updates()
    assert update.edited_message.text == "128/80"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Host": "evil.example"}, 403),
    ],
)
async def test_other_sites_may_not_play(played: Played, headers: dict[str, str], status: int) -> None:
    async with played.http.get("/control/people", headers=headers) as answer:
        assert answer.status == status


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/chats/999", None, 404),
        ("GET", "/taps/1", None, 404),
        ("POST", "/people/999/block", None, 404),
        ("POST", "/people", {"id": 1}, 400),
        ("POST", "/people", {"id": -1, "first_name": "x"}, 400),
        ("POST", f"/chats/{WANG}/text", {"text": "  "}, 409),
        ("POST", f"/chats/{WANG}/text", {"text": "x" * 4097}, 409),
        ("POST", "/faults", {"kind": "earthquake"}, 400),
        ("POST", "/groups", {"title": "x", "members": [999]}, 409),
    ],
)
async def test_what_control_refuses(
    played: Played, method: str, path: str, body: dict[str, object] | None, status: int
) -> None:
    assert (await played.control(method, path, body, expect=status))["error"]


def test_the_document_names_every_route_and_method() -> None:
    text = DOCUMENT.read_text("utf-8")
    missing = [f"{method} {path}" for method, path, _ in CONTROL_ROUTES if f"`{method} {path}`" not in text]
    missing += [name for name in NAMES if f"`{name}`" not in text]
    assert missing == []


def test_the_document_names_no_route_that_is_gone() -> None:
    text = DOCUMENT.read_text("utf-8")
    written = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `") and "/control" in line}
    assert written == {f"{method} {path}" for method, path, _ in CONTROL_ROUTES}
