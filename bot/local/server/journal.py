"""Keeping the played world in a folder, so that a killed local mode goes on where it was.

A journal of JSON lines: every event that changes what people see, every update queued or confirmed. A line is
handed to the system before anyone is told, so a killed process loses none; the last line may be cut off by a power
failure and is then left out. On start the journal is read and written anew, without what has been superseded.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from bot.local.server.callbacks import Tap
from bot.local.server.events import Event
from bot.local.server.messages import Message, StoredFile
from bot.local.server.people import Chat, Person
from bot.local.server.playing import BEYOND_GROUPS
from bot.local.server.updates import Update
from bot.local.server.world import World
from models.rules.clock import MovableClock

Line = dict[str, Any]
_KEPT_KINDS = frozenset({"message", "edit", "delete", "person", "chat", "commands", "clock"})


class Journal:
    """Writes a world into a folder and reads it back."""

    def __init__(self, folder: Path, world: World) -> None:
        """Keep `world` in `folder`, which is made if needed, readable by its owner only."""
        self._world = world
        self._path = folder / "journal.jsonl"
        self._files = folder / "files"
        self._moved = 0.0
        self._out: BinaryIO | None = None
        self._files.mkdir(parents=True, exist_ok=True, mode=0o700)

    def start(self) -> None:
        """Read what was kept, write it anew and follow the world from now on."""
        for line in self._read():
            self._apply(line)
        self._renew()
        self._world.events.on_append = self._event
        self._world.updates.on_queued = self._queued
        self._world.updates.on_forgotten = self._forgotten
        self._world.files.on_added = self._file

    def stop(self) -> None:
        """Close the journal."""
        if self._out is not None:
            self._out.close()
            self._out = None

    def _write(self, line: Line) -> None:
        if self._out is not None:
            self._out.write(orjson.dumps(line) + b"\n")
            self._out.flush()

    def _event(self, event: Event) -> None:
        if event.kind in _KEPT_KINDS:
            self._write({"k": event.kind, "chat_id": event.chat_id, **event.data})

    def _queued(self, update: Update) -> None:
        self._write(_update_line(update))

    def _forgotten(self, numbers: list[int]) -> None:
        self._write({"k": "forgotten", "ids": numbers})

    def _file(self, stored: StoredFile) -> None:
        (self._files / stored.file_id).write_bytes(self._world.files.contents[stored.file_id])
        self._write({"k": "file", **stored.to_json()})

    def _read(self) -> Iterator[Line]:
        if not self._path.exists():
            return
        for raw in self._path.read_bytes().splitlines():
            try:
                yield orjson.loads(raw)
            except orjson.JSONDecodeError:
                return

    def _renew(self) -> None:
        fresh = self._path.with_suffix(".new")
        self._out = fresh.open("wb")
        fresh.chmod(0o600)
        for line in self._snapshot():
            self._write(line)
        fresh.replace(self._path)

    def _snapshot(self) -> Iterator[Line]:
        world = self._world
        counters = {"next_message_id": world.next_message_id, "next_update_id": world.updates.next_id}
        yield {"k": "counters", **counters}
        yield {"k": "clock", "step": self._moved}
        yield from ({"k": "person", **person.to_json()} for person in world.directory.people.values())
        yield from ({"k": "chat", **chat.to_json()} for chat in world.directory.chats.values())
        yield from ({"k": "file", **stored.to_json()} for stored in world.files.by_id.values())
        for sent in world.messages.values():
            yield from ({"k": "message", **message.view()} for message in sent.values())
        for (scope, language), commands in world.commands.lists.items():
            yield {"k": "commands", "scope": scope, "language": language, "commands": commands}
        yield from (_update_line(update) for update in world.updates.pending.values())

    def _apply(self, line: Line) -> None:
        kind = line.pop("k")
        getattr(self, f"_restore_{kind}")(line)

    def _restore_counters(self, line: Line) -> None:
        self._world.next_message_id = line["next_message_id"]
        self._world.updates.next_id = line["next_update_id"]

    def _restore_clock(self, line: Line) -> None:
        self._moved += line["step"]
        if isinstance(self._world.clock, MovableClock):
            self._world.clock.move(timedelta(seconds=line["step"]))

    def _restore_person(self, line: Line) -> None:
        self._world.directory.add_person(Person.from_json(line))

    def _restore_chat(self, line: Line) -> None:
        chat = Chat(**{name: line[name] for name in Chat.__slots__ if name in line})
        self._world.directory.chats[chat.id] = chat
        if not chat.is_private:
            used = (BEYOND_GROUPS if chat.id < BEYOND_GROUPS else 0) - chat.id
            self._world.next_group_id = itertools.count(max(next(self._world.next_group_id), used + 1))

    def _restore_file(self, line: Line) -> None:
        content = self._files / line["file_id"]
        if content.exists():
            self._world.files.remember(StoredFile.from_json(line), content.read_bytes())

    def _restore_message(self, line: Line) -> None:
        message = Message.from_view(line, self._world.files.by_id)
        self._world.messages.setdefault(message.chat_id, {})[message.id] = message
        self._world.next_message_id = max(self._world.next_message_id, message.id)

    _restore_edit = _restore_message

    def _restore_delete(self, line: Line) -> None:
        self._world.messages.get(line["chat_id"], {}).pop(line["message_id"], None)

    def _restore_commands(self, line: Line) -> None:
        kind, chat_id, user_id = line["scope"]
        key = ((str(kind), int(chat_id), int(user_id)), str(line["language"]))
        self._world.commands.lists.pop(key, None)
        if line["commands"] is not None:
            self._world.commands.lists[key] = line["commands"]

    def _restore_update(self, line: Line) -> None:
        lane = (str(line["lane"][0]), int(line["lane"][1]))
        update = Update(line["id"], line["kind"], lane, line["body"].encode())
        self._world.updates.pending[update.id] = update
        self._world.updates.next_id = max(self._world.updates.next_id, update.id + 1)
        if update.kind == "callback_query":
            self._restore_tap(orjson.loads(update.body)["callback_query"])

    def _restore_tap(self, query: Line) -> None:
        where = query["message"]
        tap = Tap(
            query["id"],
            query["from"]["id"],
            where["chat"]["id"],
            where["message_id"],
            query["data"],
            self._world.now(),
        )
        self._world.taps.by_id[tap.id] = tap

    def _restore_forgotten(self, line: Line) -> None:
        for number in line["ids"]:
            self._world.updates.pending.pop(number, None)


def _update_line(update: Update) -> Line:
    body = update.body.decode()
    return {"k": "update", "id": update.id, "kind": update.kind, "lane": update.lane, "body": body}
