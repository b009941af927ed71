"""Check-up days: shown to whom they concern, moved, cancelled, put back; what is due follows at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.rules import calendar
from models.rules.access import AccessDenied, Actor
from models.rules.clock import MovableClock
from models.rules.due import DueState
from models.rules.outcomes import Outcome
from models.store import checkup_days, checkups, due, enrolments
from models.store.checkup_days import Told, VillageDay
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.reports import CheckupReport
from models.tables.checkups import CheckupDay
from models.tables.enrolments import Enrolment
from models.tables.outbox import OutboxMessage
from tests.factories.world import World, enrolled, person

MAY = date(2026, 5, 10)
"""The north's next check-up day but for the holidays: a Sunday, so it is held on the 11th."""
HELD, LATER = date(2026, 5, 11), date(2026, 5, 14)


async def columns(session: StoreSession, enrolment_id: int) -> tuple[Any, ...]:
    row = await session.row(select(Enrolment.__table__).where(Enrolment.id == enrolment_id))
    assert row is not None
    return row.next_due_on, row.next_closes_on


async def told(session: StoreSession) -> list[tuple[str, str, int, dict[str, Any]]]:
    statement = select(OutboxMessage.__table__).where(OutboxMessage.kind.like("checkup.%"))
    rows = await session.rows(statement.order_by(OutboxMessage.id))
    return [(row.kind, row.occurrence, row.recipient_id, row.details) for row in rows]


async def listed(session: StoreSession, actor: Actor) -> list[VillageDay]:
    return await checkup_days.between(session, actor, date(2026, 3, 1), date(2026, 5, 31))


async def test_a_manager_sees_the_own_village_and_the_township_all(database: Database, world: World) -> None:
    async with database.transaction() as session:
        own = await listed(session, world.manager)
        everywhere = await listed(session, world.leader)
    assert [(day.village.name, day.held_on) for day in own] == [("北村", date(2026, 3, 10)), ("北村", HELD)]
    assert [(day.village.name, day.held_on) for day in everywhere] == [
        ("北村", date(2026, 3, 10)),
        ("南村", date(2026, 3, 25)),
        ("北村", HELD),
        ("南村", date(2026, 5, 25)),
    ]
    assert not any(day.provisional or day.is_cancelled or day.may_undo for day in everywhere)


async def test_a_year_without_a_calendar_is_provisional(database: Database, world: World) -> None:
    async with database.transaction() as session:
        days = await checkup_days.between(session, world.manager, date(2026, 11, 1), date(2027, 1, 31))
    assert [(day.held_on, day.provisional) for day in days] == [
        (date(2026, 11, 10), False),
        (date(2027, 1, 11), True),
    ]


async def test_what_is_due_follows_a_moved_day_at_once(database: Database, world: World) -> None:
    async with database.transaction() as session:
        mine = await enrolled(session, world.manager, "checkup")
        other = await enrolled(session, world.neighbour, "checkup")
        before = await columns(session, other)
        assert await columns(session, mine) == (HELD, HELD + timedelta(days=7))
        moved = await checkup_days.move(session, world.admin, world.north.id, MAY, LATER, "weather")
        assert (moved.held_on, moved.reason, moved.sequence, moved.may_undo) == (LATER, "weather", 1, True)
        assert await columns(session, mine) == (LATER, LATER + timedelta(days=7))
        assert await columns(session, other) == before
        page = await due.list_due(session, world.manager, LATER, village_id=world.north.id)
        assert [line.state for line in page.lines] == [DueState.DUE]
        assert (await checkups.day_for(session, world.manager, LATER)).nominal_on == MAY
        assert (await checkups.day_for(session, world.manager, HELD)).nominal_on == date(2026, 3, 10)
        assert (await checkups.upcoming_day(session, world.manager, HELD)).held_on == LATER
        line = await enrolments.get(session, world.manager, mine)
        assert line.due.window is not None
        assert line.due.window.opens_on == LATER


async def test_those_concerned_are_told_once_whoever_did_it_is_not(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for _ in range(2):
            await checkup_days.move(session, world.admin, world.north.id, MAY, LATER, "weather")
        said = {"old": "2026-05-11"}
        assert await told(session) == [
            ("checkup.moved", "1", world.manager.staff_id, said),
            ("checkup.moved", "1", world.clinic.staff_id, said),
        ]
        day_id = await session.scalar(select(CheckupDay.id).where(CheckupDay.nominal_on == MAY))
        assert await checkup_days.told(session, day_id, 1) == Told(world.north.id, "北村", LATER)
        await checkup_days.cancel(session, world.admin, world.north.id, MAY, "place")
        assert await checkup_days.told(session, day_id, 1) is None
        assert [kind for kind, *_ in await told(session)] == ["checkup.moved"] * 2 + ["checkup.cancelled"] * 2


async def test_a_cancelled_day_is_left_out_and_can_be_put_back(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        mine = await enrolled(session, world.manager, "checkup")
        cancelled = await checkup_days.cancel(session, world.admin, world.north.id, MAY, "staff")
        assert (cancelled.is_cancelled, cancelled.held_on) == (True, HELD)
        assert (await columns(session, mine))[0] == date(2026, 7, 10)
        for _ in range(2):
            back = await checkup_days.undo(session, world.admin, world.north.id, MAY)
        assert (back.is_cancelled, back.held_on, back.reason, back.sequence) == (False, HELD, None, 2)
        assert (await columns(session, mine))[0] == HELD
        assert [kind for kind, *_ in await told(session)][-2:] == ["checkup.restored"] * 2
        await checkup_days.cancel(session, world.admin, world.north.id, MAY, "staff")
        clock.move(timedelta(minutes=11))
        assert not (await checkup_days.get(session, world.admin, world.north.id, MAY)).may_undo
        with pytest.raises(Conflict, match="too_late"):
            await checkup_days.undo(session, world.admin, world.north.id, MAY)
        again = await checkup_days.move(session, world.admin, world.north.id, MAY, HELD, "other")
        assert (again.is_cancelled, again.held_on) == (False, HELD)


async def test_what_can_not_be(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        for actor in (world.manager, world.clinic, world.deputy, world.leader):
            with pytest.raises(AccessDenied):
                await checkup_days.move(session, actor, world.north.id, MAY, LATER, "weather")
            with pytest.raises(AccessDenied):
                await checkup_days.cancel(session, actor, world.north.id, MAY, "weather")
            with pytest.raises(AccessDenied):
                await checkup_days.undo(session, actor, world.north.id, MAY)
        for to in (date(2026, 3, 10), date(2026, 3, 15), date(2026, 7, 10), date(2026, 6, 25)):
            with pytest.raises(Refused, match="day_out_of_reach"):
                await checkup_days.move(session, world.admin, world.north.id, MAY, to, "weather")
        with pytest.raises(Refused, match="unknown_reason"):
            await checkup_days.cancel(session, world.admin, world.north.id, MAY, "gossip")
        with pytest.raises(NotFound):
            await checkup_days.get(session, world.admin, world.north.id, HELD)
        with pytest.raises(NotFound):
            await checkup_days.get(session, world.neighbour, world.north.id, MAY)
        clock.move(HELD - date(2026, 3, 16))
        resident = await person(session, world.manager)
        await checkups.report(session, world.manager, CheckupReport(resident, HELD, Outcome.ATTENDED))
        with pytest.raises(Conflict, match="day_begun"):
            await checkup_days.cancel(session, world.admin, world.north.id, MAY, "weather")
        clock.move(timedelta(days=1))
        with pytest.raises(Conflict, match="day_past"):
            await checkup_days.cancel(session, world.admin, world.north.id, MAY, "weather")


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Publish that people don't work on certain days of 2027."""
    published = calendar._published

    def of(days: set[date]) -> None:
        def is_worked(day: date) -> bool | None:
            return day.weekday() < 5 and day not in days if day.year == 2027 else published(day)

        monkeypatch.setattr(calendar, "_published", is_worked)
        calendar.checkup_day.cache_clear()

    yield of
    monkeypatch.undo()
    calendar.checkup_day.cache_clear()


async def test_a_provisional_day_moves_when_its_calendar_is_published(
    database: Database, world: World, clock: MovableClock, publish: Any
) -> None:
    clock.move(timedelta(days=275))
    today = date(2026, 12, 16)
    async with database.transaction() as session:
        mine = await enrolled(session, world.manager, "checkup")
        assert await checkup_days.follow_calendar(session, world.township.id, today) == 0
        await checkup_days.move(session, world.admin, world.south.id, date(2027, 1, 25), date(2027, 1, 27), "clash")
        assert (await columns(session, mine))[0] == date(2027, 1, 11)
        publish({date(2027, 1, 11), date(2027, 1, 25), date(2027, 5, 10)})
        assert await checkup_days.follow_calendar(session, world.township.id, today) == 2
        assert await checkup_days.follow_calendar(session, world.township.id, today) == 0
        assert (await columns(session, mine))[0] == date(2027, 1, 12)
        days = await checkup_days.between(session, world.leader, date(2027, 1, 1), date(2027, 1, 31))
        assert [(day.held_on, day.provisional) for day in days] == [
            (date(2027, 1, 12), False),
            (date(2027, 1, 27), False),
        ]
        said = [(kind, details["old"]) for kind, _, _, details in await told(session)][2:]
        assert said == [("checkup.moved", "2027-01-11")] * 2
