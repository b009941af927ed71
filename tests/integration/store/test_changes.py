"""What became of a person: effects on what is due, undo, and taking back later."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.rules.changes import ChangeKind, ResidentStatus
from models.rules.clock import MovableClock
from models.store import changes, due, enrolments, residents, unlisted, visits
from models.store.changes import Change, StoredChange
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.reports import VisitReport
from models.store.unlisted import Why
from models.tables.audit import AuditEntry
from models.tables.base import table
from models.tables.changes import StatusChange
from models.tables.enrolments import Enrolment
from models.tables.residents import Resident
from tests.factories.world import World, person
from tests.integration.store.test_visits import attended

TODAY = date(2026, 3, 16)
YESTERDAY = TODAY - timedelta(days=1)
TWO = ("checkup", "hypertension")
VOLATILE = {"updated_at", "revision"}
GONE = [(ChangeKind.MOVED, Why.MOVED), (ChangeKind.DIED, Why.DECEASED)]


async def everything(session: StoreSession, resident_id: int) -> list[dict[str, Any]]:
    """The rows of a person and of the programmes, but for when they were touched."""
    rows = [
        *await session.rows(select(table(Resident)).where(Resident.id == resident_id)),
        *await session.rows(
            select(table(Enrolment)).where(Enrolment.resident_id == resident_id).order_by(table(Enrolment).c.id)
        ),
    ]
    return [{name: value for name, value in row._mapping.items() if name not in VOLATILE} for row in rows]


async def changed(
    session: StoreSession, world: World, resident_id: int, kind: ChangeKind, on: date = YESTERDAY, **more: Any
) -> StoredChange:
    return await changes.record(session, world.manager, Change(resident_id, kind, on), **more)


async def waiting(session: StoreSession, world: World) -> int:
    """How many items of the village are on the due list, wherever in time they are."""
    return (await due.list_due(session, world.manager, TODAY + timedelta(days=100))).total


async def test_away_pauses_and_back_goes_on(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=TWO)
        before = await everything(session, resident_id)
        away = Change(resident_id, ChangeKind.AWAY, YESTERDAY, TODAY + timedelta(days=30))
        stored = await changes.record(session, world.manager, away)
        lines = await enrolments.of_person(session, world.manager, resident_id)
        assert (stored.until, stored.resident.status) == (TODAY + timedelta(days=30), ResidentStatus.AWAY)
        assert all(line.paused and line.due.window is None for line in lines)
        assert await waiting(session, world) == 0
        back = await changed(session, world, resident_id, ChangeKind.BACK, TODAY)
        assert await everything(session, resident_id) == before
        await changes.undo(session, world.manager, back.id)
        assert all(line.paused for line in await enrolments.of_person(session, world.manager, resident_id))


@pytest.mark.parametrize(("kind", "why"), GONE)
async def test_whoever_is_gone_is_not_listed_until_undone(
    database: Database, world: World, kind: ChangeKind, why: Why
) -> None:
    async with database.transaction() as session:
        manager = world.manager
        resident_id = await person(session, manager, programmes=TWO)
        before = await everything(session, resident_id)
        stored = await changed(session, world, resident_id, kind)
        assert await residents.list_village(session, manager) == []
        assert await waiting(session, world) == 0
        found = await unlisted.by_name(session, manager, "王秀英")
        assert [(one.resident_id, one.why) for one in found] == [(resident_id, why)]
        told = (await unlisted.get(session, manager, resident_id)).change
        assert told is not None
        assert (told.id, told.on) == (stored.id, YESTERDAY)
        assert (await changes.undo(session, manager, stored.id)).voided
        assert await everything(session, resident_id) == before
        assert (await changes.undo(session, manager, stored.id)).voided
        assert await unlisted.by_name(session, manager, "王秀英") == []


async def test_a_draft_saved_twice_makes_one_change(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        first = await changed(session, world, resident_id, ChangeKind.MOVED, draft_id=5)
        assert await changed(session, world, resident_id, ChangeKind.MOVED, draft_id=5) == first
        assert len(await session.rows(select(StatusChange.id))) == 1


async def test_after_ten_minutes_it_is_taken_back_with_a_reason(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=TWO)
        before = await everything(session, resident_id)
        stored = await changed(session, world, resident_id, ChangeKind.DIED)
        assert stored.may_undo
        with pytest.raises(Conflict, match="not_yours"):
            await changes.undo(session, world.clinic, stored.id)
    clock.move(timedelta(minutes=11))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await changes.undo(session, world.manager, stored.id)
        with pytest.raises(Refused, match="unknown_reason"):
            await changes.take_back(session, world.clinic, stored.id, "王秀英 is alive")
        with pytest.raises(NotFound):
            await changes.take_back(session, world.neighbour, stored.id, "person")
        back = await changes.take_back(session, world.clinic, stored.id, "person")
        assert (back.voided, back.may_undo, back.resident.status) == (True, False, ResidentStatus.PRESENT)
        assert await everything(session, resident_id) == before
        trail = await session.rows(select(AuditEntry.details).where(AuditEntry.action == "change:take-back"))
        assert [row.details for row in trail] == [{"kind": "died", "reason": "person"}]


async def test_what_changed_since_is_not_put_back(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=TWO)
        stored = await changed(session, world, resident_id, ChangeKind.AWAY)
        line = (await enrolments.of_person(session, world.manager, resident_id))[0]
        await enrolments.stop(session, world.manager, line.id)
        with pytest.raises(Conflict, match="changed_since"):
            await changes.undo(session, world.manager, stored.id)
        with pytest.raises(Conflict, match="changed_since"):
            await changes.take_back(session, world.manager, stored.id, "typo")


async def test_away_for_longer_is_noticed_by_an_undo(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=TWO)
        first = await changed(session, world, resident_id, ChangeKind.AWAY)
        longer = await changed(session, world, resident_id, ChangeKind.AWAY, TODAY)
        with pytest.raises(Conflict, match="changed_since"):
            await changes.undo(session, world.manager, first.id)
        assert (await changes.undo(session, world.manager, longer.id)).voided
        last = await changes.standing(session, world.manager, resident_id)
        assert last is not None
        assert last.id == first.id


async def test_a_visit_takes_a_traveller_back_and_an_undo_notices(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=TWO)
        stored = await changed(session, world, resident_id, ChangeKind.AWAY)
        lines = await enrolments.of_person(session, world.manager, resident_id)
        enrolment_id = next(line.id for line in lines if line.programme == "hypertension")
        reported: VisitReport = attended(enrolment_id)
        await visits.report(session, world.manager, reported)
        assert (await residents.card(session, world.manager, resident_id)).person.status is ResidentStatus.PRESENT
        with pytest.raises(Conflict, match="changed_since"):
            await changes.undo(session, world.manager, stored.id)


async def test_somebody_who_moved_may_live_here_again(database: Database, world: World) -> None:
    async with database.transaction() as session:
        manager = world.manager
        resident_id = await person(session, manager, programmes=TWO)
        await changed(session, world, resident_id, ChangeKind.MOVED)
        again = await changed(session, world, resident_id, ChangeKind.BACK, TODAY)
        assert again.resident.status is ResidentStatus.PRESENT
        assert await enrolments.of_person(session, manager, resident_id) == []
        await enrolments.enrol(session, manager, resident_id, "hypertension")
        with pytest.raises(Conflict, match="changed_since"):
            await changes.undo(session, manager, again.id)


@pytest.mark.parametrize(
    ("kind", "on", "until", "code"),
    [
        (ChangeKind.AWAY, TODAY + timedelta(days=1), None, "future_date"),
        (ChangeKind.DIED, date(1960, 4, 30), None, "before_birth"),
        (ChangeKind.AWAY, TODAY, TODAY, "until_before"),
        (ChangeKind.BACK, TODAY, None, "other_status"),
    ],
)
async def test_what_can_not_be_is_refused(
    database: Database, world: World, kind: ChangeKind, on: date, until: date | None, code: str
) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=TWO)
        before = await everything(session, resident_id)
        with pytest.raises((Refused, Conflict), match=code):
            await changes.record(session, world.manager, Change(resident_id, kind, on, until))
        assert await everything(session, resident_id) == before


async def test_a_death_can_only_be_taken_back(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        await changed(session, world, resident_id, ChangeKind.DIED)
        for kind in ChangeKind:
            with pytest.raises(Conflict, match="other_status"):
                await changed(session, world, resident_id, kind)
