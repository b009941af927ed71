"""Many people in one request, as a benchmark plays them."""

from __future__ import annotations

from tests.integration.bot_api.conftest import LI, WANG, Played

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


async def test_a_crowd_acts_in_one_request_and_sees_only_what_the_bot_shows(played: Played) -> None:
    await played.meet(LI, "李红")
    await played.call("sendMessage", chat_id=LI, text="Sure?", reply_markup=KEYBOARD)
    shown = (await played.control("POST", "/crowd", {"after": 0}))["shown"]
    assert [(each["chat_id"], each["text"]) for each in shown] == [(LI, "Sure?")]
    tap = {"chat_id": LI, "message_id": shown[0]["message_id"], "data": "y"}
    answer = await played.control("POST", "/crowd", {"acts": [{"chat_id": WANG, "text": "hello"}, tap]})
    assert [act["chat_id"] for act in answer["acts"]] == [WANG, LI]
    assert 0 < answer["acts"][0]["at"] <= answer["acts"][1]["at"]
    updates = (await played.call("getUpdates"))["result"]
    assert [update.get("message", {}).get("text") for update in updates] == ["hello", None]
    assert updates[1]["callback_query"]["data"] == "y"


async def test_it_waits_for_something_to_be_shown(played: Played) -> None:
    seq = (await played.control("POST", "/crowd", {}))["last"]
    await played.call("sendMessage", chat_id=WANG, text="one")
    await played.call("editMessageText", chat_id=WANG, message_id=await _last(played), text="two")
    answer = await played.control("POST", "/crowd", {"after": seq, "timeout": 5})
    assert [(each["kind"], each["text"]) for each in answer["shown"]] == [("message", "one"), ("edit", "two")]
    assert answer["shown"][0]["at"] <= answer["shown"][1]["at"]
    assert (await played.control("POST", "/crowd", {"after": answer["last"]}))["shown"] == []


async def test_it_refuses_what_a_person_cannot_do(played: Played) -> None:
    await played.control("POST", "/crowd", {"acts": [{"chat_id": 999, "text": "hello"}]}, expect=404)
    await played.control("POST", "/crowd", {"acts": [{"chat_id": WANG, "message_id": 1, "data": "y"}]}, expect=409)
    await played.control("POST", "/crowd", {"after": 10_000}, expect=410)


async def _last(played: Played) -> int:
    messages = (await played.control("GET", f"/chats/{WANG}"))["messages"]
    return int(messages[-1]["message_id"])
