"""The easel: one process is ready, few draw at once, what failed is tried again, none is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from models.files import aside
from models.files.aside import NotDrawn, pack
from models.files.easel import Easel


@dataclass
class Pencil:
    """A process that draws when it is let."""

    drawing: Drawings
    fails: bool = False
    returncode: int | None = None
    killed: bool = False

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]:
        self.drawing.at_work.append(self)
        self.drawing.most = max(self.drawing.most, len(self.drawing.at_work))
        await self.drawing.may_end.wait()
        self.drawing.at_work.remove(self)
        self.returncode = int(self.fails)
        return b"drawn " + (input or b""), b""

    def kill(self) -> None:
        self.killed, self.returncode = True, -9

    async def wait(self) -> int:
        return self.returncode or 0


@dataclass
class Drawings:
    """What processes were started."""

    pencils: list[Pencil] = field(default_factory=list)
    loaded: list[tuple[str, ...]] = field(default_factory=list)
    failing: int = 0
    at_work: list[Pencil] = field(default_factory=list)
    most: int = 0
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, loads: Sequence[str] = ()) -> Pencil:
        self.loaded.append(tuple(loads))
        self.pencils.append(Pencil(self, fails=len(self.pencils) < self.failing))
        return self.pencils[-1]

    @property
    def running(self) -> int:
        return sum(each.returncode is None for each in self.pencils)


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> Drawings:
    found = Drawings()
    found.may_end.set()
    monkeypatch.setattr(aside, "start", found.start)
    return found


async def _until_nothing_is_ready() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_process_that_was_made_ready_draws(drawings: Drawings) -> None:
    easel = Easel(("fonts",))
    easel.warm()
    easel.warm()
    await _until_nothing_is_ready()
    assert len(drawings.pencils) == 1
    assert await easel.draw(b"a") == b"drawn a"
    assert len(drawings.pencils) == 1
    assert await easel.draw(b"b") == b"drawn b"
    assert drawings.loaded == [("fonts",), ()], "what nobody foresaw loads what it needs"
    assert drawings.running == 0


async def test_a_process_that_nobody_needs_ends_by_itself(drawings: Drawings) -> None:
    easel = Easel(("fonts",), kept=0)
    easel.warm()
    await easel.draw(b"a")
    easel.warm()
    await asyncio.sleep(0.01)
    await easel.close()
    assert [each.killed for each in drawings.pencils] == [False, True]
    assert await easel.draw(b"b") == b"drawn b", "the next one is asked for all the same"


async def test_what_is_ready_when_the_bot_stops_is_put_away(drawings: Drawings) -> None:
    easel = Easel(("fonts",))
    easel.warm()
    await easel.close()
    assert drawings.running == 0
    assert drawings.pencils[0].killed


async def test_few_draw_at_once(drawings: Drawings) -> None:
    easel = Easel(("fonts",))
    drawings.may_end.clear()
    tasks = [asyncio.create_task(easel.draw(b"x")) for _ in range(7)]
    await _until_nothing_is_ready()
    assert len(drawings.at_work) == 2
    drawings.may_end.set()
    await asyncio.gather(*tasks)
    assert drawings.most == 2


@pytest.mark.parametrize(("failing", "started"), [(1, 2), (2, 2)])
async def test_what_failed_is_tried_once_more(drawings: Drawings, failing: int, started: int) -> None:
    easel = Easel(("fonts",))
    drawings.failing = failing
    if failing < started:
        assert await easel.draw(b"a") == b"drawn a"
    else:
        with pytest.raises(NotDrawn):
            await easel.draw(b"a")
    assert len(drawings.pencils) == started


async def test_what_never_ends_is_ended(drawings: Drawings) -> None:
    easel = Easel(("fonts",), longest=0)
    drawings.may_end.clear()
    with pytest.raises(NotDrawn, match="TimeoutError"):
        await easel.draw(b"a")
    assert [each.killed for each in drawings.pencils] == [True, True]


async def test_where_no_process_can_be_started_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def none_left(*_arguments: object, **_pipes: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", none_left)
    easel = Easel(("fonts",))
    easel.warm()
    await _until_nothing_is_ready()
    with pytest.raises(NotDrawn):
        await easel.draw(b"a")
    easel.warm()
    await easel.close()


async def test_a_real_process_draws_a_sheet_and_refuses_what_is_none() -> None:
    easel = Easel()
    easel.warm()
    assert await easel.draw(pack(Words("字"))) == "字".encode()
    with pytest.raises(NotDrawn):
        await easel.draw(b"of another version")
    await easel.close()


@dataclass(frozen=True)
class Words:
    """A sheet."""

    words: str

    def content(self) -> bytes:
        return self.words.encode()
