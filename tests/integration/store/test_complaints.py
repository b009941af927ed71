"""The complaint desk: who reads what, what is kept of whom, and what is counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules import periods
from models.rules.access import AccessDenied, Actor, Role
from models.rules.clock import MovableClock
from models.rules.complaints import Channel, ComplaintKind, ComplaintOutcome, Concern
from models.rules.digest import Line, Topic
from models.rules.indicators.codes import IndicatorCode
from models.store import complaints, digests, housekeeping, staff
from models.store.complaints import Answer, Written
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.indicators import figures
from models.tables.audit import AuditEntry
from models.tables.base import table
from models.tables.complaints import Complaint
from models.tables.outbox import OutboxMessage
from tests.factories.world import World

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)
MARCH = periods.month_of(TODAY)
CODE = IndicatorCode.COMPLAINTS_ANSWERED
ANSWER = Answer(ComplaintOutcome.CONFIRMED, "已经谈话，也道了歉。")


async def _resident(session: StoreSession, world: World) -> Actor:
    return await staff.add(session, 2001, 2001, Role.RESIDENT, world.north)


def _about(world: World, kind: ComplaintKind = ComplaintKind.ATTITUDE) -> Written:
    return Written(kind, "态度不好", Concern.VILLAGE, world.north.id)


async def _only(session: StoreSession) -> int:
    rows = await session.rows(select(Complaint.id).where(Complaint.answered_on.is_(None)))
    return int(rows[0].id)


async def test_a_complaint_is_answered_and_read_by_its_code(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        hers = await _resident(session, world)
        filed = await complaints.file(session, hers, _about(world, ComplaintKind.COERCION))
        number = await _only(session)
        assert filed.due_on == date(2026, 3, 23)
        standing = await complaints.by_code(session, filed.code.lower(), TODAY)
        assert standing is not None
        assert (standing.answer, standing.may_take_back) == (None, True)

        for actor in (world.manager, world.leader, world.admin, hers):
            with pytest.raises(AccessDenied):
                await complaints.get(session, actor, number)
        with pytest.raises(NotFound):
            await complaints.get(session, world.clinic, number)
        assert (await complaints.get(session, world.deputy, number)).text == "态度不好"
        assert await complaints.waiting(session, world.clinic, TODAY) == (0, 0)
        assert Line(Topic.COMPLAINT, 1) in await digests.count(session, world.deputy, TODAY)

        with pytest.raises(NotFound):
            await complaints.answer(session, world.clinic, number, ANSWER)
        for _ in range(2):
            await complaints.answer(session, world.deputy, number, ANSWER, draft_id=7)
        with pytest.raises(Conflict, match="complaint_answered"):
            await complaints.answer(session, world.deputy, number, ANSWER, draft_id=8)
        with pytest.raises(Conflict, match="complaint_answered"):
            await complaints.take_back(session, filed.code, TODAY)
        assert await complaints.confirmed(session, world.leader, [MARCH]) == {(world.north.id, MARCH)}
        assert await complaints.confirmed(session, world.neighbour, [MARCH]) == frozenset()
        await complaints.undo_answer(session, world.deputy, number)
        assert await complaints.confirmed(session, world.leader, [MARCH]) == frozenset()
        await complaints.answer(session, world.deputy, number, ANSWER)
        standing = await complaints.by_code(session, filed.code, TODAY)
        assert standing is not None
        assert standing.answer == ANSWER

    clock.move(timedelta(minutes=11))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await complaints.undo_answer(session, world.deputy, number)
    clock.move(complaints.KEPT + DAY)
    async with database.transaction() as session:
        assert (await housekeeping.tidy(session))["complaints"] == 1
        assert await complaints.by_code(session, filed.code, TODAY) is None
        left = await complaints.get(session, world.deputy, number)
        assert (left.text, left.answer, left.answered_on) == (None, None, TODAY)


async def test_nothing_is_kept_of_whoever_complained(database: Database, world: World) -> None:
    async with database.transaction() as session:
        hers = await _resident(session, world)
        audited = len(await session.rows(select(AuditEntry.id)))
        await complaints.file(session, hers, _about(world))
        kept = await session.row(select(table(Complaint)))
        assert kept is not None
        values = dict(kept._mapping)
        assert values["entered_by"] is None
        assert all(name.endswith("_on") for name, value in values.items() if isinstance(value, date))
        assert hers.staff_id not in values.values()
        assert "态度不好".encode() not in values["text_sealed"]
        assert len(await session.rows(select(AuditEntry.id))) == audited
        assert await session.rows(select(OutboxMessage.id)) == []

        with pytest.raises(AccessDenied):
            await complaints.file(session, world.manager, _about(world))
        by_phone = Written(ComplaintKind.FEE, "收了二十块", Concern.CLINIC, channel=Channel.PHONE)
        for actor in (hers, world.manager, world.leader):
            with pytest.raises(AccessDenied):
                await complaints.file(session, actor, by_phone)
        filed = await complaints.file(session, world.admin, by_phone)
        assert (await complaints.list_mine(session, world.deputy, TODAY)).total == 1  # about the clinic
        assert (await complaints.list_mine(session, world.clinic, TODAY)).total == 1  # about the village
        await complaints.take_back(session, filed.code, TODAY)
        assert (await complaints.list_mine(session, world.deputy, TODAY)).total == 0
        with pytest.raises(NotFound):
            await complaints.take_back(session, filed.code, TODAY)


async def test_what_is_overdue_climbs_to_the_deputy_and_counts_as_late(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        hers = await _resident(session, world)
        for _ in range(12):
            await complaints.file(session, hers, _about(world))
        await complaints.file(session, hers, Written(ComplaintKind.WAITING, "等太久"))
    clock.move(22 * DAY)  # Tuesday 7 April, the last day
    async with database.transaction() as session:
        today = TODAY + 22 * DAY
        assert await complaints.waiting(session, world.deputy, today) == (0, 0)
        while (page := await complaints.list_mine(session, world.clinic, today)).total > 1:
            await complaints.answer(session, world.clinic, page.lines[0].id, ANSWER)
        with pytest.raises(Conflict, match="complaint_old"):
            code = (await complaints.file(session, hers, _about(world))).code
            await complaints.take_back(session, code, today + DAY)
        await complaints.take_back(session, code, today)
    clock.move(DAY)
    async with database.transaction() as session:
        today += DAY
        assert await complaints.waiting(session, world.deputy, today) == (1, 1)
        assert Line(Topic.COMPLAINT_OVERDUE, 1) in await digests.count(session, world.deputy, today)
        april = periods.month_of(today)
        for actor in (world.clinic, world.deputy, world.leader):
            page_of = (await figures.ask(session, actor, [CODE], april, today))[CODE]
            assert page_of.total is None
            assert {line.figure for line in page_of.lines} == {None}
        own = (await figures.ask(session, world.manager, [CODE], april, today))[CODE]
        assert (own.total, own.whole, [line.figure for line in own.lines]) == (None, None, [None])
