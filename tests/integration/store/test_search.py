"""Finding people: by what was typed, within reach, as things stand now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application import prepare_search
from models.rules.access import Actor
from models.rules.clock import MovableClock
from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store import checkups, residents, search
from models.store.database import Database
from models.store.directories import MOST_CHANGED
from models.store.reports import CheckupReport
from models.store.residents import Registration
from tests.factories.world import World, person


async def found(database: Database, actor: Actor, query: str) -> list[str]:
    async with database.transaction() as session:
        return [line.name for line in (await search.find(session, actor, query)).lines]


async def test_found_within_reach_only(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await person(session, world.manager, "单国强", phone="13800005678")
        await person(session, world.neighbour, "单小芳")
    for typed in ("单国强", "sgq", "danguoqiang", "5678", "单果强"):
        assert await found(database, world.manager, typed) == ["单国强"]
        assert await found(database, world.neighbour, typed) == []
    assert await found(database, world.clinic, "单") == ["单国强", "单小芳"]


async def test_the_names_of_many_are_read_at_the_start(
    database: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction() as session:
        await person(session, world.manager, "王秀英")
    await prepare_search(database)
    assert database.directories.get(world.township.id) is None
    monkeypatch.setattr(search, "LARGE", 0)
    await prepare_search(database)
    assert database.directories.get(world.township.id) is not None
    assert await found(database, world.manager, "wxy") == ["王秀英"]


async def test_a_group_narrows_or_lists(database: Database, world: World) -> None:
    async with database.transaction() as session:
        registration = Registration("王一", Sex.FEMALE, group_id=world.north_group.id)
        await residents.register(session, world.manager, registration)
        await person(session, world.manager, "王二")
        await person(session, world.neighbour, "王三")
    assert await found(database, world.manager, "一组") == ["王一"]
    assert await found(database, world.manager, "王 一组") == ["王一"]
    assert await found(database, world.manager, "李 一组") == []
    assert await found(database, world.clinic, "一组") == ["王一"]


async def test_changes_are_followed(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, "王秀英")
    assert await found(database, world.manager, "wxy") == ["王秀英"]
    clock.move(timedelta(hours=5))
    async with database.transaction() as session:
        renamed = Registration("李红", Sex.FEMALE)
        await residents.correct(session, world.manager, resident_id, renamed, "typo")
        await person(session, world.manager, "王新来")
    assert await found(database, world.manager, "王") == ["王新来"]
    assert await found(database, world.manager, "lihong") == ["李红"]
    async with database.transaction() as session:
        report = CheckupReport(resident_id, clock.now().date(), Outcome.MOVED)
        await checkups.report(session, world.manager, report)
    assert await found(database, world.manager, "李红") == []


async def test_another_process_sees_what_this_one_wrote(database: Database, world: World, clock: MovableClock) -> None:
    other = Database(database.url.render_as_string(hide_password=False), database.vault.keyring, clock)
    assert await found(other, world.manager, "王") == []
    async with database.transaction() as session:
        await person(session, world.manager, "王秀英")
    assert await found(other, world.manager, "wangxiuying") == ["王秀英"]
    await other.close()


async def test_a_clock_set_back_hides_nobody(database: Database, world: World, clock: MovableClock) -> None:
    clock.move(timedelta(hours=2))
    assert await found(database, world.manager, "王") == []
    back = Database(
        database.url.render_as_string(hide_password=False),
        database.vault.keyring,
        MovableClock(clock.now() - timedelta(hours=2)),
    )
    async with back.transaction() as session:
        await person(session, world.manager, "王秀英")
    await back.close()
    database.clock = MovableClock(clock.now() - timedelta(minutes=110))
    assert await found(database, world.manager, "wxy") == ["王秀英"]


async def test_many_changes_build_it_anew(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await person(session, world.manager, "王秀英")
    assert await found(database, world.manager, "w") == ["王秀英"]
    directory = database.directories.get(world.township.id)
    assert directory is not None
    directory.follow({-number: None for number in range(MOST_CHANGED + 1)})
    assert directory.is_full
    assert await found(database, world.manager, "w") == ["王秀英"]
    assert database.directories.get(world.township.id) is not directory
