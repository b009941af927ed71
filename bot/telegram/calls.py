"""A call of the Bot API as data: made before the commit, stored with it, carried out after it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from bot.telegram.request import Upload

Params = dict[str, Any]

_SENDS = frozenset({"sendMessage", "sendPhoto", "sendDocument"})
_INDEPENDENT = frozenset({"answerCallbackQuery", "deleteMessage", "setMyCommands", "deleteMyCommands"})


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One call.

    Attributes:
        method: the Bot API method.
        params: its parameters, ready for JSON.
        draft_id: the draft that the sent message is bound to.
        protect: whether a new message in place of an edit must be protected.
        field: the parameter that carries `upload`.
        upload: a file that goes with it.
    """

    method: str
    params: Params
    draft_id: int | None = None
    protect: bool = False
    field: str = ""
    upload: Upload | None = None

    @property
    def is_send(self) -> bool:
        """Whether doing it twice shows two messages."""
        return self.method in _SENDS

    @property
    def is_independent(self) -> bool:
        """Whether its order among the other calls doesn't matter."""
        return self.method in _INDEPENDENT

    def as_new(self) -> Call:
        """Return the new message that takes the place of an edit that can't be made."""
        params = {key: value for key, value in self.params.items() if key != "message_id"}
        if self.protect:
            params["protect_content"] = True
        return replace(self, method="sendMessage", params=params)

    def to_chat(self, chat_id: int) -> Call:
        """Return the same call for the supergroup that a group has become."""
        return replace(self, params={**self.params, "chat_id": chat_id})

    def __repr__(self) -> str:
        """Name the method only: parameters hold what is said to a person."""
        return f"Call({self.method})"


@dataclass(frozen=True, slots=True, repr=False)
class Batch:
    """The calls that answer one update.

    Attributes:
        update_id: the update; its debt is cleared when all calls were made.
        chat_id: the chat that keeps their order.
        language: of the notice that a message may be a repeat.
        may_repeat: the calls may have been made before.
    """

    update_id: int
    chat_id: int
    language: str
    calls: tuple[Call, ...]
    may_repeat: bool = False

    @property
    def binds(self) -> bool:
        """Whether the next update of the chat needs to know a message that this sends."""
        return any(call.draft_id is not None and call.is_send for call in self.calls)

    def sends_only(self) -> Batch:
        """Return the batch without what changes messages that are there already."""
        return replace(self, calls=tuple(call for call in self.calls if call.is_send))


def pack(batch: Batch) -> bytes:
    """Return `batch` as bytes to store."""
    return orjson.dumps({"language": batch.language, "calls": [_to_json(call) for call in batch.calls]})


def unpack(update_id: int, chat_id: int, packed: bytes) -> Batch:
    """Return the batch that `pack` stored; its calls may have been made before."""
    stored = orjson.loads(packed)
    calls = tuple(_from_json(call) for call in stored["calls"])
    return Batch(update_id, chat_id, stored["language"], calls, may_repeat=True)


def newest_only(batches: Sequence[Batch]) -> list[Batch]:
    """Leave out every showing of a draft but its last: an old question must not stand below a newer one."""
    last = {call.draft_id: batch.update_id for batch in batches for call in batch.calls}

    def stands(call: Call, update_id: int) -> bool:
        return call.draft_id is None or last[call.draft_id] == update_id

    return [
        replace(batch, calls=tuple(call for call in batch.calls if stands(call, batch.update_id))) for batch in batches
    ]


def _to_json(call: Call) -> list[Any]:
    upload = call.upload
    if upload is None:
        return [call.method, call.params, call.draft_id, call.protect]
    content = base64.b64encode(upload.content).decode()
    return [
        call.method,
        call.params,
        call.draft_id,
        call.protect,
        call.field,
        upload.name,
        upload.media_type,
        content,
        upload.is_sheet,
    ]


def _from_json(stored: Sequence[Any]) -> Call:
    method, params, draft_id, protect, *file = stored
    if not file:
        return Call(method, params, draft_id, protect)
    field, name, media_type, content, *rest = file
    upload = Upload(name, base64.b64decode(content), media_type, is_sheet=any(rest))
    return Call(method, params, draft_id, protect, field, upload)
