"""Taking an update: one lock, one SELECT, one record."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from models.rules.clock import MovableClock
from models.store import deadletters, deliveries, drafts, inbox, staff
from models.store.database import Database
from models.store.errors import NotFound
from tests.factories.world import World


async def test_a_stranger_has_no_actor_and_no_draft(database: Database) -> None:
    async with database.transaction() as session:
        opened = await inbox.open_turn(session, 1, 7, 7)
    assert opened == inbox.Opened(seen=False, actor=None, draft=None)


async def test_staff_are_recognised_with_their_place(database: Database, world: World) -> None:
    async with database.transaction() as session:
        opened = await inbox.open_turn(session, 1, 101, 101)
    assert opened.actor == world.manager
    assert opened.actor is not None
    assert opened.actor.village_id == world.north.id
    assert opened.actor.zone == "Asia/Shanghai"


async def test_a_recorded_update_is_seen(database: Database) -> None:
    async with database.transaction() as session:
        await inbox.record(session, 5, 7, None)
    async with database.transaction() as session:
        assert (await inbox.open_turn(session, 5, 7, 7)).seen
        assert not (await inbox.open_turn(session, 6, 7, 7)).seen


async def test_an_update_is_recorded_once(database: Database) -> None:
    async with database.transaction() as session:
        await inbox.record(session, 5, 7, None)
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            await inbox.record(session, 5, 8, None)


async def test_a_removed_person_has_neither_actor_nor_draft(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await drafts.open_draft(
            session, chat_id=101, user_id=101, staff_id=world.manager.staff_id, form="f", form_version=1
        )
        await staff.remove(session, world.admin, world.manager.staff_id)
        opened = await inbox.open_turn(session, 1, 101, 101)
    assert opened.actor is None
    assert opened.draft is None


async def test_the_hot_path_is_five_round_trips_on_postgresql(database: Database, world: World) -> None:
    if not database.is_postgres:
        return
    seen: list[str] = []
    async with database.transaction() as session:
        opened = await drafts.open_draft(
            session, chat_id=101, user_id=101, staff_id=world.manager.staff_id, form="f", form_version=1
        )
        raw = session._driver._raw  # type: ignore[attr-defined]
    raw.add_query_logger(lambda record: seen.append(record.query))
    async with database.transaction() as session:
        turn = await inbox.open_turn(session, 9, 101, 101)
        assert turn.draft is not None
        assert turn.draft.id == opened.id
        assert await drafts.save_draft(session, turn.draft.id, turn.draft.revision, {"a": 1})
        await inbox.record(session, 9, 101, b"[]")
    await asyncio.sleep(0)  # the driver tells its loggers a moment later
    begins = ["BEGIN; SELECT pg_advisory_xact_lock", "SELECT", "UPDATE drafts", "INSERT INTO processed", "COMMIT"]
    assert len(seen) == len(begins)
    assert all(query.startswith(begin) for query, begin in zip(seen, begins, strict=True))


async def test_the_same_update_at_once_has_one_effect(database: Database) -> None:
    async def take() -> bool:
        async with database.transaction() as session:
            opened = await inbox.open_turn(session, 77, 7, 7)
            if opened.seen:
                return False
            await drafts.open_draft(session, chat_id=7, user_id=7, staff_id=None, form="f", form_version=1)
            await inbox.record(session, 77, 7, None)
            return True

    results = await asyncio.gather(*(take() for _ in range(8)))
    async with database.transaction() as session:
        assert len(await drafts.list_open(session, 7, 7)) == 1
    assert sorted(results) == [False] * 7 + [True]


async def test_two_transactions_on_one_chat_wait_for_each_other(database: Database) -> None:
    steps: list[str] = []
    first_is_in = asyncio.Event()

    async def first() -> None:
        async with database.transaction() as session:
            await inbox.open_turn(session, 1, 7, 7)
            first_is_in.set()
            await asyncio.sleep(0.15)
            steps.append("first")

    async def second() -> None:
        await first_is_in.wait()
        async with database.transaction() as session:
            await inbox.open_turn(session, 2, 7, 7)
            steps.append("second")

    await asyncio.gather(second(), first())
    assert steps == ["first", "second"]


async def test_other_chats_do_not_wait_on_postgresql(database: Database) -> None:
    if not database.is_postgres:
        return
    async with database.transaction() as holding:
        await inbox.open_turn(holding, 1, 7, 7)
        async with asyncio.timeout(5), database.transaction() as other:
            assert not (await inbox.open_turn(other, 2, 8, 8)).seen


async def test_what_is_owed_is_listed_in_order_and_cleared(database: Database) -> None:
    async with database.transaction() as session:
        for update in (3, 1, 2):
            await inbox.record(session, update, 7, f"calls {update}".encode())
        await inbox.record(session, 4, 7, None)
    async with database.transaction() as session:
        owed = await deliveries.owed(session)
        assert [(each.update_id, each.calls) for each in owed] == [
            (1, b"calls 1"),
            (2, b"calls 2"),
            (3, b"calls 3"),
        ]
        assert await deliveries.clear_owed(session, [1, 3, 4]) == 2
        assert [each.update_id for each in await deliveries.owed(session)] == [2]


async def test_old_updates_are_pruned_but_not_what_is_owed(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await inbox.record(session, 1, 7, None)
        await inbox.record(session, 2, 7, b"owed")
        clock.move(timedelta(days=3))
        await inbox.record(session, 3, 7, None)
        assert await deliveries.prune(session, clock.now() - timedelta(days=2)) == 1
        assert not (await inbox.open_turn(session, 1, 7, 7)).seen
        assert (await inbox.open_turn(session, 2, 7, 7)).seen


async def test_failures_are_counted_and_buried(database: Database) -> None:
    for expected in (1, 2, 3):
        async with database.transaction() as session:
            assert await deadletters.count_failure(session, 5, "KeyError") == expected
    async with database.transaction() as session:
        letter_id = await deadletters.bury(session, 5, 7, b'{"update_id": 5}', "KeyError")
        await inbox.record(session, 5, 7, None)
    async with database.transaction() as session:
        [letter] = await deadletters.list_letters(session)
        assert (letter.id, letter.update_id, letter.error, letter.payload) == (letter_id, 5, "KeyError", None)
        assert (await deadletters.get_letter(session, letter_id)).payload == b'{"update_id": 5}'


async def test_a_letter_is_replayed_once(database: Database) -> None:
    async with database.transaction() as session:
        letter_id = await deadletters.bury(session, 5, 7, b"{}", "KeyError")
        await inbox.record(session, 5, 7, None)
        assert await deadletters.mark_replayed(session, letter_id) == 5
        assert not (await inbox.open_turn(session, 5, 7, 7)).seen
        with pytest.raises(NotFound):
            await deadletters.mark_replayed(session, letter_id)
        assert await deadletters.list_letters(session) == []
        assert len(await deadletters.list_letters(session, with_replayed=True)) == 1
