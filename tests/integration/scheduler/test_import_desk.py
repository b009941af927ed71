"""Files of residents in the background: told at least once, worked on by one process, resumed after a stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from locales.message import Message
from models.rules.access import Actor
from models.rules.clock import MovableClock
from models.store import imports, staff
from models.store.database import Database
from models.store.imports import ImportState
from models.tables.imports import Import
from models.tables.residents import Resident
from scheduler import import_desk
from scheduler.import_desk import ImportDesk
from scheduler.messenger import Addressee, Fate, FileGone, FileTooLarge, Found, Sent, Unreachable
from tests.factories.files import HEADER, csv, people
from tests.factories.world import World


@dataclass
class Chat:
    """Remembers what was said; `fails` are what the next attempts come to."""

    content: bytes | Exception
    said: list[tuple[str, str, int | None]] = field(default_factory=list)
    fails: list[Sent | Exception] = field(default_factory=list)

    async def send(self, to: Addressee, message: Message, *, may_repeat: bool = False) -> Sent:
        return self._say("send", message, None)

    async def edit(self, to: Addressee, message_id: int, message: Message) -> Sent:
        return self._say("edit", message, message_id)

    async def fetch(self, file_id: str, most: int) -> bytes:
        if isinstance(self.content, Exception):
            raise self.content
        return self.content

    async def look_up(self, name: str) -> Found:
        raise AssertionError("nothing is looked up here")

    def _say(self, how: str, message: Message, message_id: int | None) -> Sent:
        failure = self.fails.pop(0) if self.fails else Sent(Fate.SENT, message_id or 50 + len(self.said))
        if isinstance(failure, Exception):
            raise failure
        self.said.append((how, message.text.key, message_id))
        return failure

    def heard(self) -> list[str]:
        found = [key for _, key, _ in self.said]
        self.said.clear()
        return found


async def received(database: Database, actor: Actor) -> int:
    async with database.transaction() as session:
        return await imports.receive(session, actor, file_id="f", chat_id=101)


async def row(database: Database) -> Import:
    async with database.reading() as session:
        found = await session.row(select(Import.state, Import.problem, Import.new, Import.done, Import.owner))
    assert found is not None
    return found  # type: ignore[return-value]


async def begin(database: Database, actor: Actor, number: int) -> None:
    async with database.transaction() as session:
        await imports.begin(session, actor, number, 7)


async def count(database: Database) -> int:
    async with database.reading() as session:
        return int(await session.scalar(select(func.count()).select_from(Resident)) or 0)


async def test_what_could_not_be_told_is_told_later(database: Database, world: World, clock: MovableClock) -> None:
    chat = Chat(csv([HEADER, *people(2)]), fails=[Sent(Fate.NOT_SENT)])
    await received(database, world.manager)
    desk = ImportDesk(database, chat)
    assert await desk.run() == 1
    assert (await row(database)).state is ImportState.CHECKED
    chat.said.clear()
    assert await desk.run() == 0
    clock.move(timedelta(minutes=1))
    assert await desk.run() == 1
    assert chat.heard() == ["imports.found"]
    assert (await row(database)).owner is None


async def test_a_process_that_died_before_telling_is_followed_by_one_that_tells(
    database: Database, world: World, clock: MovableClock
) -> None:
    class Killed(BaseException):
        pass

    chat = Chat(csv([HEADER, *people(2)]), fails=[Killed()])  # type: ignore[list-item]
    await received(database, world.manager)
    chat._say = lambda *_: (_ for _ in ()).throw(Killed())  # type: ignore[method-assign]
    with pytest.raises(Killed):
        await ImportDesk(database, chat).run()
    other = Chat(b"")
    assert await ImportDesk(database, other).run() == 0
    clock.move(timedelta(minutes=2))
    assert await ImportDesk(database, other).run() == 1
    assert other.heard() == ["imports.found"]


@pytest.mark.parametrize(
    ("failure", "problem"), [(FileGone(), "file_gone"), (FileTooLarge(), "file_large"), (ValueError(), "failed")]
)
async def test_a_file_that_does_not_come_is_refused(
    database: Database, world: World, failure: Exception, problem: str
) -> None:
    chat = Chat(failure)
    await received(database, world.manager)
    await ImportDesk(database, chat).run()
    assert chat.heard() == [f"imports.refused.{problem}"]
    assert (await row(database)).problem == problem


async def test_an_outage_is_waited_for(database: Database, world: World, clock: MovableClock) -> None:
    chat = Chat(Unreachable("x"))
    await received(database, world.manager)
    desk = ImportDesk(database, chat)
    await desk.run()
    assert ((await row(database)).state, chat.heard()) == (ImportState.RECEIVED, [])
    chat.content = csv([HEADER, *people(1)])
    clock.move(timedelta(minutes=1))
    await desk.run()
    assert chat.heard() == ["imports.found"]


async def test_progress_is_shown_and_a_stop_loses_nothing(database: Database, world: World) -> None:
    """A process that is stopped between two batches leaves the file at once; the next one goes on and says it."""
    chat = Chat(csv([HEADER, *people(700)]))
    number = await received(database, world.manager)
    desk = ImportDesk(database, chat, edit_every=0)
    await desk.run()
    assert [key for key in chat.heard() if key == "imports.checking"] == ["imports.checking"] * 3
    await begin(database, world.manager, number)
    stopped = ImportDesk(database, _StoppingChat(chat.content), edit_every=0)
    stopped._messenger.desk = stopped  # type: ignore[attr-defined]
    await stopped.run()
    assert ((await row(database)).done, await count(database)) == (600, 600)
    assert await desk.run() == 1
    assert chat.said[-1] == ("edit", "imports.done", 7)
    assert ((await row(database)).new, await count(database)) == (700, 700)


class _StoppingChat(Chat):
    """The process is told to stop while it shows how far it is."""

    desk: ImportDesk

    async def edit(self, to: Addressee, message_id: int, message: Message) -> Sent:
        self.desk._is_stopping = True
        return Sent(Fate.SENT, message_id)


async def test_who_was_removed_imports_nobody(database: Database, world: World) -> None:
    chat = Chat(csv([HEADER, *people(1)]))
    number = await received(database, world.manager)
    desk = ImportDesk(database, chat)
    await desk.run()
    await begin(database, world.manager, number)
    async with database.transaction() as session:
        await staff.remove(session, world.admin, world.manager.staff_id)
    await desk.run()
    assert chat.heard()[-1] == "imports.refused.denied"
    assert await count(database) == 0


async def test_what_broke_halfway_can_be_taken_back(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(csv([HEADER, *people(700)]))
    number = await received(database, world.manager)
    desk = ImportDesk(database, chat)
    await desk.run()
    await begin(database, world.manager, number)
    with monkeypatch.context() as patch:
        patch.setattr(import_desk, "carry_out", _broken(import_desk.carry_out))
        await desk.run()
    assert ((await row(database)).state, await count(database)) == (ImportState.REFUSED, 300)
    assert chat.heard()[-1] == "imports.broken"
    async with database.transaction() as session:
        await imports.begin_undo(session, world.manager, number, 7)
    await desk.run()
    assert (chat.heard(), await count(database)) == (["imports.undone"], 0)


def _broken(carry_out):  # type: ignore[no-untyped-def]
    """Fail after the first batch."""

    async def failing(database, job, content, progress):  # type: ignore[no-untyped-def]
        async def fail(_done: int) -> None:
            raise ZeroDivisionError

        return await carry_out(database, job, content, fail)

    return failing
