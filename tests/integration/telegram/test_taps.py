"""Buttons: signed, for one person, answered exactly once."""

from __future__ import annotations

import pytest

from bot.telegram.callback import TapSigner
from locales.message import Tap
from tests.integration.telegram.playground import Playground


async def menu(play: Playground, chat_id: int = 7, **more: int) -> str:
    """Show buttons; return the data of the first."""
    await play.write(chat_id, "/buttons", **more)
    await play.until_said(chat_id, ["菜单"])
    chat = await play.ask("GET", f"chats/{chat_id}")
    return str(chat["messages"][-1]["inline_keyboard"][0][0]["callback_data"])


@pytest.fixture
async def ready(play: Playground) -> Playground:
    """A bot and two people."""
    await play.person(7)
    await play.person(8)
    await play.start()
    return play


async def answers(play: Playground) -> list[str | None]:
    """Return the texts with which taps were answered, in order."""
    return [call["params"].get("text") for call in await play.calls("answerCallbackQuery")]


async def test_a_tap_edits_its_message_and_is_answered_once(ready: Playground) -> None:
    data = await menu(ready)
    assert len(data.encode()) <= 64
    tapped = await ready.tap(7, "b")
    assert tapped["answer"] == {"text": "", "show_alert": False, "url": ""}
    await ready.until_said(7, ["按了b"])
    await ready.quiet()
    assert await answers(ready) == [None]


async def test_the_same_tap_twice_is_no_error(ready: Playground) -> None:
    await menu(ready)
    for _ in range(2):  # the second edit changes nothing: "message is not modified"
        await ready.tap(7, "b")
    await ready.until_said(7, ["按了b"])
    await ready.quiet()
    assert await answers(ready) == [None, None]


@pytest.mark.parametrize("change", [lambda d: d[:-1] + "b", lambda d: "A" + d[1:], lambda d: "x", lambda d: "啊" * 21])
async def test_forged_data_is_refused(ready: Playground, change: object) -> None:
    data = await menu(ready)
    message = (await ready.ask("GET", "chats/7"))["messages"][-1]["message_id"]
    forged = {"data": change(data), "message_id": message, "forge": True, "wait": 5}  # type: ignore[operator]
    tapped = await ready.ask("POST", "chats/7/tap", **forged)
    assert tapped["answer"]["text"] == "这个按钮不是给您的"
    assert await ready.said(7) == ["菜单"]


async def test_a_button_copied_to_another_person_is_refused(ready: Playground) -> None:
    data = await menu(ready)
    await menu(ready, 8)
    message = (await ready.ask("GET", "chats/8"))["messages"][-1]["message_id"]
    tapped = await ready.ask("POST", "chats/8/tap", data=data, message_id=message, forge=True, wait=5)
    assert tapped["answer"]["text"] == "这个按钮不是给您的"


async def test_in_a_group_only_the_person_it_was_made_for_may_press(ready: Playground) -> None:
    await ready.ask("POST", "groups", title="村", members=[7, 8], id=-50, bot_is_admin=True)
    await menu(ready, -50, **{"from": 7})
    other = await ready.tap(-50, "a", **{"from": 8})
    assert other["answer"]["text"] == "这个按钮不是给您的"
    own = await ready.tap(-50, "a", **{"from": 7})
    assert own["answer"]["text"] == ""
    await ready.until_said(-50, ["按了a"])


async def test_a_button_ages(ready: Playground) -> None:
    await menu(ready)
    ready.later(30)
    assert (await ready.tap(7, "a"))["answer"]["text"] == ""
    ready.later(31)
    assert (await ready.tap(7, "b"))["answer"]["text"] == "这个按钮已过期"
    await ready.until_said(7, ["按了a"])


async def test_an_action_of_an_older_version_has_expired(ready: Playground) -> None:
    await menu(ready)
    message = (await ready.ask("GET", "chats/7"))["messages"][-1]["message_id"]
    signer = TapSigner(ready.database.vault.keyring)
    for action in ("gone", "pick.gone", "pic"):
        data = signer.write(Tap.of(action, 1), user_id=7, chat_id=7, day=ready.clock.now().date())
        tapped = await ready.ask("POST", "chats/7/tap", data=data, message_id=message, forge=True, wait=5)
        assert tapped["answer"]["text"] == "这个按钮已过期"
    assert ready.bot.runs == [(7, "")]


async def test_personal_messages_are_protected(ready: Playground) -> None:
    await ready.write(7, "/card")
    await ready.until_said(7, ["姓名 王<秀英>&"])
    (call,) = await ready.calls("sendMessage")
    assert call["params"]["protect_content"] is True
    assert call["params"]["text"] == "姓名 <b>王&lt;秀英&gt;&amp;</b>"
