"""Names, numbers and the token leave no trace: not in the log at its most talkative, not in the database file."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot import logging as house
from bot.local.server.faults import Fault, FaultKind
from handlers.context import Turn
from models.rules.clock import MovableClock
from models.store import deadletters, residents
from models.store.database import Database
from models.store.keyring import Keyring
from tests.conftest import NewDatabase
from tests.e2e.probe import Probe, letters, quiet
from tests.e2e.world import CANARY, MORNING, PHONE, TOKEN, World, open_world

TYPED_NAME = "鄢鸢尾"
TYPED_PHONE = "15987123407"
IDENTITY = "11010519491231002X"
NOTE = "备注金丝雀说的话"
SECRETS = (CANARY, PHONE, TYPED_NAME, TYPED_PHONE, IDENTITY, NOTE, "李红", "单国强", "128/82", "敏感的查询")
KEYS = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture
def talk(capfd: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Log everything there is, as JSON, the libraries that are usually quiet included."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    house.set_up("json", "debug")
    for name in ("asyncio", "aiosqlite", "aiohttp.server", "aiohttp.client", "telegram.ext"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield capfd
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
async def world(new_database: NewDatabase, sqlite_template: Path) -> AsyncIterator[World]:
    """The application, begun after the log was set up, with keys that the test knows."""
    clock = MovableClock(MORNING)
    database = Database(await new_database("sqlite"), Keyring.parse(KEYS), clock)
    async with open_world(database, clock) as opened:
        yield opened
    await database.close()


async def _typed_and_stored(world: World) -> Probe:
    """Type and store every kind of secret."""
    ours = Probe(world, 1001, 1001)
    await ours.send("/register")
    await ours.send(TYPED_NAME)
    await ours.tap("女")
    await ours.send("1949-12-31")
    await ours.tap("一组")
    await ours.tap("记录健康信息")
    await ours.tap("打电话")
    await ours.tap("选好了")
    await ours.send(TYPED_PHONE)
    await ours.tap("是")
    await ours.tap("再加一项")
    await ours.tap("身份证")
    await ours.send("110105194912310021")
    await ours.send(IDENTITY)
    saved = await ours.tap("保存")
    assert "已登记" in str(saved), str(saved)
    await ours.send("/checkup")
    await ours.send("敏感的查询")
    await ours.send("单国强")
    await ours.tap("单国强 ·")
    await ours.tap("到了")
    await ours.send("128/82")
    await ours.tap("再加一项")
    await ours.tap("备注")
    await ours.send(NOTE)
    saved = await ours.tap("保存")
    assert "已保存" in str(saved), str(saved)
    await ours.send("/roster")
    assert TYPED_NAME in str(await ours.send(TYPED_NAME))  # narrows the roster that is open
    assert TYPED_NAME in str(await ours.tap(f" {TYPED_NAME}"))
    return ours


def _nothing_in(text: str) -> None:
    for secret in (*SECRETS, TOKEN, TOKEN.split(":")[1], KEYS.split(":")[1]):
        for form in (secret, secret.encode("unicode_escape").decode()):
            assert form not in text, (secret, text[max(0, text.find(form) - 300) : text.find(form) + 100])


async def test_the_log_tells_nobody(talk: pytest.CaptureFixture[str], world: World) -> None:
    ours = await _typed_and_stored(world)
    for fault in (FaultKind.RESET, FaultKind.TOO_MANY, FaultKind.ERROR):
        world.server.faults.waiting.append(Fault(fault, "sendmessage"))
    await ours.send("/due")
    await ours.send("/resume")
    assert await letters(world) == []
    said = talk.readouterr()
    assert "telegram_sending_lost" in said.err
    assert '"level": "debug"' in said.err
    _nothing_in(said.err + said.out)


async def test_the_log_tells_nobody_when_a_handler_fails(
    talk: pytest.CaptureFixture[str], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure's own words, those of its cause, and the values in its frames stay out."""

    async def fail(turn: Turn) -> None:
        name = TYPED_NAME
        try:
            raise KeyError(f"no {CANARY} at {PHONE}")
        except KeyError as cause:
            raise ValueError(f"{name} {IDENTITY} {turn.text} {TOKEN}") from cause

    [entry] = world.service.application.handlers[0]
    failing = dict(entry.handlers) | dict.fromkeys(("typed", "command:due"), fail)  # type: ignore[attr-defined]
    monkeypatch.setattr(entry, "handlers", failing)
    ours = Probe(world, 1001, 1001)
    for words in (f"{TYPED_NAME} {TYPED_PHONE}", f"/due {IDENTITY}"):
        assert "没办成" in str(await ours.send(words))
    assert [letter.error for letter in await letters(world)] == ["ValueError", "ValueError"]
    said = talk.readouterr()
    assert said.err.count("update_failed") == 6
    assert "fail" in said.err  # the frame is named, without its values
    _nothing_in(said.err + said.out)


async def test_the_log_tells_nobody_when_the_store_fails(
    talk: pytest.CaptureFixture[str], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that the database refuses is quoted with its values by the driver: not in our log."""

    async def refuse(session: object, *_args: object, **_kwargs: object) -> None:
        from sqlalchemy import text

        statement = text("INSERT INTO residents (id, nowhere) VALUES (:id, :name)")
        await session.execute(statement, {"id": 1, "name": f"{TYPED_NAME} {TYPED_PHONE}"})  # type: ignore[attr-defined]

    monkeypatch.setattr(residents, "list_village", refuse)
    assert "没办成" in str(await Probe(world, 1001, 1001).send("/checkup"))
    said = talk.readouterr()
    assert "OperationalError" in said.err
    _nothing_in(said.err + said.out)


async def test_a_dead_letter_is_sealed_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_text: str) -> bool:
        raise RuntimeError

    monkeypatch.setattr("handlers.enrol.looks_like_code", fail)
    probe = Probe(world, 9001, 9001)
    await probe.send(f"{TYPED_NAME} {TYPED_PHONE} {IDENTITY}")
    await probe.send("again")
    await quiet(world)
    async with world.database.reading() as session:
        letter = await deadletters.get_letter(session, (await deadletters.list_letters(session))[0].id)
    assert TYPED_PHONE in (letter.payload or b"").decode()
    _not_in_the_file(world)


async def test_the_database_file_holds_nothing_in_plain(world: World) -> None:
    ours = await _typed_and_stored(world)
    await ours.send("/register")
    await ours.send(TYPED_NAME)  # an open draft
    await ours.send("/checkup")
    await ours.tap(CANARY)
    await ours.tap("不填了")  # a draft given up
    _not_in_the_file(world)


def _not_in_the_file(world: World) -> None:
    database = Path(str(world.database.url.database))
    held = b"".join(path.read_bytes() for path in database.parent.glob(database.name + "*"))
    assert b"processed_updates" in held
    assert "大王庄".encode() in held  # places are no secret: the search would find what is in plain
    for secret in (*SECRETS, TOKEN):
        for form in (secret.encode(), secret.encode("utf-16-le"), secret.encode("unicode_escape")):
            assert form not in held, secret
