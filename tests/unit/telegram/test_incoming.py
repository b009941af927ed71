"""Reading updates."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.incoming import BadUpdate, Kind, chat_of, read
from handlers.context import Document

PERSON = {"id": 7, "is_bot": False, "first_name": "秀英", "last_name": "王", "language_code": "zh-hans"}
PRIVATE = {"id": 7, "type": "private"}
GROUP = {"id": -5, "type": "supergroup"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def message(chat: dict[str, Any] = PRIVATE, **fields: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 9, "date": 1, "chat": chat, "from": PERSON, **fields}}


@pytest.mark.parametrize(
    ("text", "kind", "command", "rest"),
    [
        ("128/82", Kind.TEXT, "", "128/82"),
        ("/start", Kind.COMMAND, "start", ""),
        ("/start ABCD-EFGH", Kind.COMMAND, "start", "ABCD-EFGH"),
        ("/START@My_Bot  a  b ", Kind.COMMAND, "start", "a  b"),
        ("/start\na\nb", Kind.COMMAND, "start", "a\nb"),
        ("/start@other x", Kind.NOTHING, "", None),
        ("/", Kind.TEXT, "", "/"),
        ("/开始", Kind.TEXT, "", "/开始"),
        (" /start", Kind.TEXT, "", " /start"),
    ],
)
def test_text_and_commands(text: str, kind: Kind, command: str, rest: str | None) -> None:
    incoming = read(message(text=text), "my_bot")
    assert (incoming.kind, incoming.command, incoming.text) == (kind, command, rest)
    assert (incoming.chat_id, incoming.user_id, incoming.message_id, incoming.name) == (7, 7, 9, "秀英 王")


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        (message(photo=[]), Kind.CONTENT),
        (message(voice={}), Kind.CONTENT),
        (message(pinned_message={}), Kind.NOTHING),
        (message(GROUP, migrate_to_chat_id=-1001), Kind.MOVED),
        (message(GROUP, migrate_from_chat_id=-4), Kind.NOTHING),
        (message(GROUP, text="talk"), Kind.NOTHING),
        (message(GROUP, text="/due"), Kind.COMMAND),
        (message(GROUP, text="@My_Bot 谁还没报"), Kind.TEXT),
        (message(GROUP, text="谁还没报@my_bot"), Kind.TEXT),
        (message(GROUP, text="@my_bots 谁还没报"), Kind.NOTHING),
        (message(GROUP, text="/due@other @my_bot"), Kind.NOTHING),
        (message(GROUP, text="谁还没报", reply_to_message={"from": {"is_bot": True, "username": "My_Bot"}}), Kind.TEXT),
        (
            message(GROUP, text="谁还没报", reply_to_message={"from": {"is_bot": True, "username": "other"}}),
            Kind.NOTHING,
        ),
        (message(GROUP, text="谁还没报", reply_to_message={"from": PERSON}), Kind.NOTHING),
        (message(GROUP, photo=[]), Kind.NOTHING),
        ({"update_id": 1, "edited_message": message(text="x")["message"]}, Kind.NOTHING),
        ({"update_id": 1}, Kind.NOTHING),
    ],
)
def test_kinds(update: dict[str, Any], kind: Kind) -> None:
    assert read(update, "my_bot").kind is kind


def test_other_bots_and_channels_are_not_listened_to() -> None:
    bot = {**PERSON, "is_bot": True}
    assert read(message(text="/start", **{"from": bot}), "my_bot").kind is Kind.NOTHING
    channel = {"update_id": 1, "message": {"message_id": 9, "chat": GROUP, "text": "/start"}}
    assert read(channel, "my_bot").kind is Kind.NOTHING


def test_a_tap() -> None:
    query = {"id": "55", "from": PERSON, "data": "abc", "message": {"message_id": 4, "chat": GROUP}}
    tap = read({"update_id": 1, "callback_query": query}, "my_bot")
    assert (tap.kind, tap.data, tap.callback_id) == (Kind.TAP, "abc", "55")
    assert (tap.chat_id, tap.user_id, tap.message_id, tap.is_private) == (-5, 7, 4, False)


@given(JSON)
def test_anything_is_read_or_refused(value: Any) -> None:
    for key in ("message", "callback_query", "edited_message", "x"):
        update = {"update_id": 1, key: value}
        assert isinstance(chat_of(update), int)
        try:
            read(update, "my_bot")
        except BadUpdate as error:
            assert str(value) not in str(error) or len(str(value)) < 3


@pytest.mark.parametrize("number", [None, "1", 1.5, True])
def test_numbers_are_numbers(number: object) -> None:
    with pytest.raises(BadUpdate):
        read({"update_id": number}, "my_bot")


def test_nothing_typed_shows_in_a_repr() -> None:
    assert "秀英" not in repr(read(message(text="秀英"), "my_bot"))


def test_a_file_comes_with_its_name_on_the_network_and_its_size() -> None:
    file = {"file_id": "BQ", "file_unique_id": "u", "file_name": "名册.xlsx", "file_size": 12}
    found = read(message(document=file), "bot")
    assert found.kind is Kind.CONTENT
    assert found.document is not None
    assert (found.document.file_id, found.document.size) == ("BQ", 12)
    assert read(message(document={"file_id": "BQ"}), "bot").document == Document("BQ", 0)
    assert read(message(document=file, animation=file), "bot").document is None
    assert read(message(photo=[file]), "bot").document is None
    assert read(message(GROUP, document=file), "bot").kind is Kind.NOTHING
    with pytest.raises(BadUpdate):
        read(message(document={"file_name": "x"}), "bot")
