"""What an operator does with messages: lists them without names, sends them again, drops them; all of it audited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.rules.access import Role
from models.rules.clock import MovableClock
from models.store import outbox, outbox_admin, sending
from models.store.database import AnyRow, Database
from models.store.errors import NotFound
from models.store.outbox import KEPT, Recipient
from models.store.outbox_admin import OPEN, Listed, WrongState
from models.tables.audit import AuditEntry
from models.tables.base import table
from models.tables.outbox import OutboxMessage, OutboxState
from tests.factories.world import World

_o = table(OutboxMessage).c
S = OutboxState
sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def message(database: Database, world: World, state: OutboxState, **values: object) -> int:
    """Plan a message to the clinic and bring it to `state`; return its number."""
    async with database.transaction() as session:
        number = len(await outbox_admin.list_messages(session, tuple(S)))
        await outbox.plan(session, [Recipient(world.clinic.staff_id, world.township.id)], "test.kind", number)
        row = await session.row(select(_o.id).where(_o.subject_id == number))
        assert row is not None
        await session.execute(update(table(OutboxMessage)).where(_o.id == row.id).values(state=state, **values))
        return int(row.id)


async def read(database: Database, message_id: int) -> AnyRow:
    async with database.reading() as session:
        row = await session.row(select(table(OutboxMessage)).where(_o.id == message_id))
    assert row is not None
    return row


async def audited(database: Database) -> list[tuple[str, int | None, object]]:
    async with database.reading() as session:
        statement = select(AuditEntry.action, AuditEntry.subject_id, AuditEntry.details)
        rows = await session.rows(statement.where(AuditEntry.subject_kind == "outbox").order_by(AuditEntry.id))
    return [(row.action, row.subject_id, row.details) for row in rows]


async def test_messages_are_listed_by_number_and_post(database: Database, world: World, clock: MovableClock) -> None:
    first = await message(database, world, S.PLANNED)
    clock.move(timedelta(minutes=1))
    await message(database, world, S.SENT)
    held = await message(database, world, S.IN_DOUBT, last_error="left")
    async with database.transaction() as session:
        await outbox.plan(session, [Recipient(world.manager.staff_id, world.township.id)], "other.kind")
    async with database.reading() as session:
        found = await outbox_admin.list_messages(session)
        assert [one.kind for one in found] == ["test.kind", "test.kind", "other.kind"]
        assert found[0] == Listed(
            *(first, S.PLANNED, "test.kind", world.clinic.staff_id, Role.CLINIC, "沈寨镇", "Asia/Shanghai"),
            *(clock.now() - timedelta(minutes=1), 0, False, None),
        )
        assert (found[2].place, found[2].role) == ("北村", Role.MANAGER)
        in_doubt = await outbox_admin.list_messages(session, (S.IN_DOUBT,))
        assert [(one.id, one.error) for one in in_doubt] == [(held, "left")]
        assert len(await outbox_admin.list_messages(session, tuple(S))) == 4
        assert len(await outbox_admin.list_messages(session, staff_id=world.manager.staff_id)) == 1
        assert len(await outbox_admin.list_messages(session, kind="test.kind")) == 2
        assert len(await outbox_admin.list_messages(session, limit=1)) == 1


@pytest.mark.parametrize(("state", "may_repeat"), [(S.DEAD, False), (S.EXPIRED, False), (S.IN_DOUBT, True)])
async def test_what_did_not_arrive_goes_out_again(
    database: Database, world: World, clock: MovableClock, state: OutboxState, may_repeat: bool
) -> None:
    number = await message(database, world, state, attempts=9, last_error="Forbidden", source="digest")
    clock.move(KEPT)  # too late by now
    async with database.transaction() as session:
        assert await outbox_admin.retry(session, number) is may_repeat
    assert database.planned.is_set()
    async with database.transaction() as session:
        [claimed], _ = await sending.claim(session, "one", 5)
    assert (claimed.id, claimed.may_repeat, claimed.attempts) == (number, may_repeat, 0)
    assert claimed.expires_at == clock.now() + KEPT
    row = await read(database, number)
    assert (row.source, row.last_error, row.ended_at) == (None, None, None)
    assert await audited(database) == [("outbox:retry", number, {"kind": "test.kind", "was": state.value})]


@sqlite
async def test_a_doubt_stays_and_time_that_is_left_is_kept(
    database: Database, world: World, clock: MovableClock
) -> None:
    soon = clock.now() + timedelta(hours=1)
    number = await message(database, world, S.DEAD, may_repeat=True, expires_at=soon)
    async with database.transaction() as session:
        assert await outbox_admin.retry(session, number)
    assert (await read(database, number)).expires_at == soon


@pytest.mark.parametrize("state", [S.PLANNED, S.IN_DOUBT, S.DEAD])
async def test_what_is_dropped_is_not_sent_and_not_planned_again(
    database: Database, world: World, clock: MovableClock, state: OutboxState
) -> None:
    number = await message(database, world, state)
    async with database.transaction() as session:
        await outbox_admin.drop(session, number)
        await outbox.plan(session, [Recipient(world.clinic.staff_id, world.township.id)], "test.kind", 0)
    async with database.transaction() as session:
        assert (await sending.claim(session, "one", 5))[0] == []
    row = await read(database, number)
    assert (row.state, row.last_error, row.ended_at) == (S.EXPIRED, "dropped", clock.now())
    assert await audited(database) == [("outbox:drop", number, {"kind": "test.kind", "was": state.value})]


@sqlite
async def test_what_is_under_way_or_over_is_left_alone(database: Database, world: World) -> None:
    for state in (S.CLAIMED, S.SENDING, S.SENT):
        number = await message(database, world, state)
        for act in (outbox_admin.retry, outbox_admin.drop):
            with pytest.raises(WrongState) as refused:
                async with database.transaction() as session:
                    await act(session, number)
            assert refused.value.state is state
        assert (await read(database, number)).state is state
    with pytest.raises(NotFound):
        async with database.transaction() as session:
            await outbox_admin.retry(session, 1)
    assert await audited(database) == []
    assert set(OPEN) == set(S) - {S.SENT, S.EXPIRED}
