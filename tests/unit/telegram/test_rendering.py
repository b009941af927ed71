"""Replies become calls."""

from __future__ import annotations

from datetime import date

import pytest

from bot.telegram.callback import TapSigner
from bot.telegram.calls import Batch, Call, pack, unpack
from bot.telegram.rendering import PersonalToGroup, Reader, Renderer, TooLong
from locales.message import (
    Attachment,
    Button,
    Commands,
    Edit,
    Menu,
    Message,
    Remove,
    Reply,
    Say,
    Tap,
    Text,
    Toast,
    Verbatim,
)
from locales.translator import Translator
from models.store.keyring import Keyring

DAY = date(2026, 3, 16)
TEXTS = {"t": "<b>{x}</b>", "plain": "好", "menu.due": "应访", "commands.due": "名单"}
SIGNER = TapSigner(Keyring.parse(Keyring.generate()))
RENDERER = Renderer(lambda language: Translator(language, TEXTS), SIGNER)
HELLO = Message(Text.of("plain"))


def render(*replies: Reply, chat_id: int = 7, callback_id: str | None = None) -> tuple[Call, ...]:
    return RENDERER.render(replies, Reader(chat_id, 7, "zh-CN", DAY, callback_id))


def test_values_are_escaped_and_patterns_are_not() -> None:
    (call,) = render(Say(Message(Text.of("t", x="<王>&"))))
    assert call.method == "sendMessage"
    assert call.params["text"] == "<b>&lt;王&gt;&amp;</b>"
    assert call.params["parse_mode"] == "HTML"
    assert "protect_content" not in call.params


def test_buttons_are_signed_for_their_reader() -> None:
    message = Message(Text.of("plain"), ((Button(Verbatim("王"), Tap.of("due.go", 5)),),))
    (call,) = render(Say(message))
    ((button,),) = call.params["reply_markup"]["inline_keyboard"]
    assert button["text"] == "王"
    assert SIGNER.read(button["callback_data"], user_id=7, chat_id=7, today=DAY) == Tap.of("due.go", 5)


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ((), {}),
        ((Toast(),), {}),
        ((Toast(Text.of("plain")),), {"text": "好"}),
        ((Toast(), Say(HELLO), Toast(Text.of("plain"), alert=True)), {"text": "好", "show_alert": True}),
    ],
)
def test_a_tap_is_answered_exactly_once(replies: tuple[Reply, ...], expected: dict[str, object]) -> None:
    answers = [c.params for c in render(*replies, callback_id="9") if c.method == "answerCallbackQuery"]
    assert answers == [{"callback_query_id": "9", **expected}]


def test_a_notice_without_a_tap_is_said() -> None:
    assert [c.method for c in render(Toast(Text.of("plain")), Toast())] == ["sendMessage"]


def test_an_edit_keeps_what_a_new_message_needs() -> None:
    (call,) = render(Edit(5, Message(Text.of("plain"), protect=True), draft_id=3))
    assert (call.method, call.params["message_id"]) == ("editMessageText", 5)
    anew = call.as_new()
    assert (anew.method, anew.draft_id, anew.params["protect_content"]) == ("sendMessage", 3, True)
    assert "message_id" not in anew.params


@pytest.mark.parametrize(
    ("message", "method"),
    [
        (Message(Text.of("plain"), menu=Menu((("menu.due",),))), "sendMessage"),
        (Message(Text.of("plain"), attachment=Attachment("a.png", b"1", is_picture=True)), "sendPhoto"),
        (Message(Text.of("plain"), attachment=Attachment("a.pdf", b"1")), "sendDocument"),
    ],
)
def test_what_an_edit_cannot_carry_is_sent(message: Message, method: str) -> None:
    assert [call.method for call in render(Edit(5, message))] == [method]


def test_menus() -> None:
    (shown,) = render(Say(Message(Text.of("plain"), menu=Menu((("menu.due",),)))))
    assert shown.params["reply_markup"] == {
        "keyboard": [[{"text": "应访"}]],
        "is_persistent": True,
        "resize_keyboard": True,
    }
    (gone,) = render(Say(Message(Text.of("plain"), menu=Menu())))
    assert gone.params["reply_markup"] == {"remove_keyboard": True}


def test_commands_belong_to_the_chat() -> None:
    scope = {"type": "chat", "chat_id": 7}
    (some,) = render(Commands(("due",)))
    assert some.params == {"scope": scope, "commands": [{"command": "due", "description": "名单"}]}
    (none,) = render(Commands(()))
    assert (none.method, none.params) == ("deleteMyCommands", {"scope": scope})


@pytest.mark.parametrize(
    "reply", [Say(Message(Text.of("plain"), protect=True)), Edit(1, Message(Text.of("plain"), protect=True))]
)
def test_nothing_personal_goes_to_a_group(reply: Reply) -> None:
    render(reply)
    with pytest.raises(PersonalToGroup):
        render(reply, chat_id=-7)


@pytest.mark.parametrize(("length", "fits"), [(4032, True), (4033, False)])
@pytest.mark.parametrize("letter", ["字", "<"])
def test_the_longest_text_leaves_room_for_the_notice(length: int, letter: str, fits: bool) -> None:
    text = Text.of("t", x=letter * length)
    if fits:
        assert render(Say(Message(text)))
        return
    with pytest.raises(TooLong):
        render(Say(Message(text)))


def test_characters_beyond_the_plane_count_twice() -> None:
    with pytest.raises(TooLong):
        render(Say(Message(Text.of("t", x="𠮷" * 2017))))


def test_buttons_and_menu_exclude_each_other() -> None:
    buttons = ((Button(Verbatim("a"), Tap.of("a")),),)
    with pytest.raises(ValueError, match="not both"):
        render(Say(Message(Text.of("plain"), buttons, Menu())))


def test_a_batch_survives_storage_and_says_that_it_may_repeat() -> None:
    picture = Message(Text.of("plain"), attachment=Attachment("二维码.png", b"\x00\xff", is_picture=True))
    calls = render(Say(HELLO, 3), Say(picture), Remove(4), Edit(5, Message(Text.of("plain"), protect=True)))
    batch = Batch(1, 7, "en", calls)
    again = unpack(1, 7, pack(batch))
    assert (again.calls, again.language, again.may_repeat) == (calls, "en", True)
    assert batch.binds
    assert [call.method for call in again.sends_only().calls] == ["sendMessage", "sendPhoto"]


def test_nothing_said_shows_in_a_repr() -> None:
    calls = render(Say(Message(Text.of("t", x="王秀英"))))
    assert "王秀英" not in repr(Batch(1, 7, "en", calls)) + repr(calls)
