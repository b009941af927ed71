"""Whoever was seen is asked once a quarter, and what is answered is nobody's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from models.rules import periods
from models.rules.access import Actor
from models.rules.clock import MovableClock
from models.rules.indicators.codes import IndicatorCode
from models.rules.outcomes import Outcome
from models.rules.satisfaction import AGAIN, FEWEST_ACCOUNTS, Satisfaction
from models.store import checkups, own, satisfaction
from models.store.database import Database, StoreSession
from models.store.errors import Conflict
from models.store.indicators import figures
from models.store.reports import CheckupReport
from models.tables.audit import AuditEntry
from models.tables.base import new_id, table
from models.tables.satisfaction import SatisfactionAnswer, SatisfactionAsked
from tests.factories.world import World
from tests.integration.store.test_accounts import tied

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)


async def _seen(session: StoreSession, world: World, resident_id: int, on: date) -> None:
    await checkups.report(session, world.manager, CheckupReport(resident_id, on, Outcome.ATTENDED))


async def _asked(session: StoreSession) -> int:
    return sum(row.asked for row in await session.rows(select(table(SatisfactionAsked))))


async def _answers(session: StoreSession) -> list[dict[str, object]]:
    return [dict(row._mapping) for row in await session.rows(select(table(SatisfactionAnswer)))]


async def _others(session: StoreSession, world: World, many: int) -> tuple[int, Actor]:
    """Let others of the village want to hear from the bot too; return the last one."""
    for number in range(many):
        resident_id, actor = await tied(session, world, 7000 + number, name="别人")
        await own.remind(session, actor, on=True)
    return resident_id, actor


async def test_an_answer_is_nobodys_and_asked_for_once(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        resident_id, hers = await tied(session, world)
        await _seen(session, world, resident_id, TODAY)
        assert not await satisfaction.ask(session, hers, TODAY)  # no reminders
        await own.remind(session, hers, on=True)
        assert await satisfaction.ask(session, hers, TODAY)
        assert await satisfaction.ask(session, hers, TODAY)
        assert await _asked(session) == 1
        audited = len(await session.rows(select(AuditEntry.id)))
        await satisfaction.rate(session, hers, Satisfaction.DISSATISFIED, TODAY)
        assert len(await session.rows(select(AuditEntry.id))) == audited
        with pytest.raises(Conflict, match="rated"):
            await satisfaction.rate(session, hers, Satisfaction.SATISFIED, TODAY)
        (kept,) = await _answers(session)
        assert {name: value for name, value in kept.items() if name != "id"} == {
            "township_id": world.township.id,
            "village_id": None,  # too few others there could have said it
            "month": date(2026, 3, 1),
            "answer": Satisfaction.DISSATISFIED,
        }
        assert not await satisfaction.ask(session, hers, TODAY + DAY)

    clock.move(AGAIN - DAY)
    async with database.transaction() as session:
        today = TODAY + AGAIN - DAY
        await _seen(session, world, resident_id, today)
        other_id, other = await _others(session, world, FEWEST_ACCOUNTS - 1)
        assert not await satisfaction.ask(session, hers, today)
        assert await satisfaction.ask(session, hers, today + DAY)
        await satisfaction.rate(session, hers, Satisfaction.SATISFIED, today + DAY)
        assert {row["village_id"] for row in await _answers(session)} == {None, world.north.id}
        await _seen(session, world, other_id, today)
        assert await satisfaction.ask(session, other, today)
        await satisfaction.rate(session, other, None, today)
        assert (len(await _answers(session)), await _asked(session)) == (2, 3)


async def test_few_answers_are_kept_and_many_are_told_with_how_many_were_asked(
    database: Database, world: World
) -> None:
    month, code = periods.month_of(TODAY), IndicatorCode.SATISFACTION

    async def page(actor: Actor) -> figures.Page:
        async with database.transaction() as session:
            return (await figures.ask(session, actor, [code], month, TODAY))[code]

    async def answered(answer: Satisfaction, many: int) -> None:
        like = {"township_id": world.township.id, "village_id": world.north.id, "month": month.first, "answer": answer}
        async with database.transaction() as session:
            rows = [{"id": new_id(), **like} for _ in range(many)]
            await session.execute(insert(SatisfactionAnswer), rows)

    await answered(Satisfaction.SATISFIED, 30)
    await answered(Satisfaction.FAIR, 3)
    for actor in (world.clinic, world.manager, world.leader):
        assert (await page(actor)).total is None
    await answered(Satisfaction.FAIR, 27)
    async with database.transaction() as session:
        key = {"township_id": world.township.id, "month": month.first}
        await session.execute(insert(SatisfactionAsked), {**key, "asked": 90})
    told = await page(world.leader)
    assert told.total is not None
    assert (told.total.n, told.total.of, told.asked) == (30, 60, 90)
    assert (await page(world.manager)).total is None
