"""Cards are kept when they become final, told to each as they may see them, appealed against and counted anew."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules import periods
from models.rules.access import AccessDenied, Actor
from models.rules.appeals import AppealedPart, AppealState, Effect
from models.rules.clock import MovableClock
from models.rules.complaints import Channel, ComplaintKind, ComplaintOutcome, Concern
from models.rules.scorecards import MEASURED, Component, Share, Standing
from models.store import appeals, complaints, scorecards
from models.store.appeals import Ruling
from models.store.complaints import Answer, Written
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.indicators import figures
from models.store.scorecards import Card
from models.tables.outbox import OutboxMessage
from models.tables.scorecards import Scorecard
from tests.factories.windows import closed
from tests.factories.world import World

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
TODAY = date(2026, 3, 16)
FEBRUARY = periods.month_of(date(2026, 2, 1))
MARCH = FEBRUARY.after
NORTH, SOUTH = "411728106201", "411728106202"
LATE = AppealedPart.TIMELINESS


async def worked(session: StoreSession, late: int = 20) -> None:
    """Let both villages visit people in February, the north half of them too late."""
    await closed(session, NORTH, in_time=20, late=late, closes_on=date(2026, 2, 20))
    await closed(session, SOUTH, in_time=45, late=0, closes_on=date(2026, 2, 20))


async def north(session: StoreSession, world: World, actor: object = None) -> Card:
    return await scorecards.get(session, actor or world.manager, world.north.id, FEBRUARY, TODAY)  # type: ignore[arg-type]


async def told(session: StoreSession) -> list[tuple[str, int]]:
    rows = await session.rows(select(OutboxMessage.kind, OutboxMessage.recipient_id).order_by(OutboxMessage.id))
    return [(row.kind, row.recipient_id) for row in rows if row.kind.startswith("appeal.")]


async def test_a_village_appeals_and_its_card_is_counted_anew(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        await worked(session)
        card = await north(session, world)
        assert card.shares[Component.TIMELINESS] == Share(20, 40)
        assert (card.version, card.score.total, card.settled_on) == (1, 40, TODAY)
        await closed(session, NORTH, in_time=60, late=0, closes_on=date(2026, 2, 21))
        assert await north(session, world) == card  # what is reported later changes nothing silently
        preliminary = await scorecards.get(session, world.manager, world.north.id, MARCH, TODAY)
        assert (preliminary.version, preliminary.score.total) == (None, None)

        made = await appeals.make(session, world.manager, FEBRUARY, LATE, "路封了", 1)
        assert await appeals.make(session, world.manager, FEBRUARY, LATE, "路封了", 1) == made
        with pytest.raises(Conflict, match="appeal_made"):
            await appeals.make(session, world.manager, FEBRUARY, LATE, "再来", 2)
        assert (made.text, await appeals.waiting(session, world.deputy)) == ("路封了", 1)
        asked = [("appeal.asked", one.staff_id) for one in (world.clinic, world.deputy)]
        assert await told(session) == asked

        ruling = Ruling(Effect.RECOUNTED, "补报的记录查实了")
        with pytest.raises(Refused, match="appeal_effect"):
            await appeals.decide(session, world.deputy, made.id, Ruling(Effect.DAY_LEFT_OUT, "x"), 3, TODAY)
        done = await appeals.decide(session, world.deputy, made.id, ruling, 3, TODAY)
        assert (done.state, done.reason) == (AppealState.ACCEPTED, "补报的记录查实了")
        assert await appeals.decide(session, world.deputy, made.id, ruling, 3, TODAY) == done
        with pytest.raises(Conflict, match="appeal_decided"):
            await appeals.decide(session, world.clinic, made.id, Ruling(None, "不"), 4, TODAY)
        with pytest.raises(Conflict, match="appeal_decided"):
            await appeals.withdraw(session, world.manager, made.id)
        assert await told(session) == [*asked, ("appeal.decided", world.manager.staff_id)]

        after = await north(session, world)
        assert after.shares[Component.TIMELINESS] == Share(80, 100)
        assert (after.version, after.score.total, after.appeal_id) == (2, 70, made.id)
        both = await scorecards.versions(session, world.leader, world.north.id, FEBRUARY)
        assert [(one.version, one.score.total, one.appeal_id) for one in both] == [(1, 40, None), (2, 70, None)]


@sqlite
async def test_a_component_and_a_day_can_be_left_out(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await worked(session)
        first = await north(session, world)
        one = await appeals.make(session, world.manager, FEBRUARY, AppealedPart.REPORTING, "停电", 1)
        await appeals.decide(session, world.clinic, one.id, Ruling(Effect.DAY_LEFT_OUT, "查实"), 2, TODAY)
        two = await appeals.make(session, world.manager, FEBRUARY, LATE, "系统坏了", 3)
        await appeals.decide(session, world.clinic, two.id, Ruling(Effect.LEFT_OUT, "查实"), 4, TODAY)
        card = await north(session, world)
    assert card.left_out == {Component.REPORTING, Component.CHECKUP_OFFER, Component.TIMELINESS}
    assert (card.version, card.shares, card.score.total) == (3, first.shares, None)
    assert {mark.standing for mark in card.score.marks if mark.component in card.left_out} == {Standing.LEFT_OUT}


@sqlite
async def test_an_appeal_that_is_refused_changes_nothing_but_says_why(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await worked(session)
        await north(session, world)
        made = await appeals.make(session, world.manager, FEBRUARY, LATE, "不服", 1)
        await appeals.decide(session, world.clinic, made.id, Ruling(None, "记录没有错"), 2, TODAY)
        assert (await north(session, world)).version == 1
        found = await appeals.get(session, world.manager, made.id)
        assert (found.state, found.text, found.reason) == (AppealState.REFUSED, "不服", "记录没有错")
        assert await appeals.prune(session, session.now()) == 0
        assert await appeals.prune(session, session.now() + appeals.KEPT + timedelta(days=1)) == 1
        found = await appeals.get(session, world.manager, made.id)
        assert (found.state, found.text, found.reason) == (AppealState.REFUSED, None, None)


@sqlite
async def test_who_may_appeal_when_and_who_reads_it(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await worked(session)
        await north(session, world)
        made = await appeals.make(session, world.manager, FEBRUARY, LATE, "不服", 1)
        for stranger, error in ((world.neighbour, NotFound), (world.leader, AccessDenied), (world.admin, AccessDenied)):
            with pytest.raises(error):
                await appeals.get(session, stranger, made.id)
        for other in (world.clinic, world.deputy, world.leader):
            with pytest.raises(AccessDenied):
                await appeals.make(session, other, FEBRUARY, LATE, "x", 9)
        with pytest.raises(AccessDenied):
            await appeals.decide(session, world.leader, made.id, Ruling(None, "x"), 9, TODAY)
        with pytest.raises(NotFound):
            await appeals.make(session, world.manager, MARCH, LATE, "还没定", 2)
        await appeals.withdraw(session, world.manager, made.id)
        assert await appeals.listed(session, world.clinic) == []
        clock.move(timedelta(days=15))
        await appeals.make(session, world.manager, FEBRUARY, LATE, "最后一天", 3)
        clock.move(timedelta(days=1))
        with pytest.raises(Conflict, match="appeal_late"):
            await appeals.make(session, world.manager, FEBRUARY, AppealedPart.REPORTING, "晚了", 4)


@sqlite
@pytest.mark.parametrize("late", [3, 20])
async def test_outsiders_cards_follow_from_the_figures_that_they_may_read(
    database: Database, world: World, late: int
) -> None:
    """Everything that a leader's cards tell stands in the leader's status of the month; the team's own is exact."""
    async with database.transaction() as session:
        await worked(session, late)
        cards = await scorecards.of_month(session, world.leader, FEBRUARY, TODAY)
        pages = await figures.ask(session, world.leader, list(MEASURED.values()), FEBRUARY, TODAY)
        own = await figures.ask(session, world.manager, list(MEASURED.values()), FEBRUARY, TODAY)
        exact = await north(session, world)
    for card in cards:
        for component, share in card.shares.items():
            lines = pages[MEASURED[component]].lines
            figure = next(line.figure for line in lines if line.village_id == card.village_id)
            assert (share and (share.n, share.of)) == (figure and (figure.n, figure.of)), component
    assert (cards[0].shares[Component.TIMELINESS] is None) is (late == 3)
    for component, share in exact.shares.items():
        if component is Component.COMPLAINTS:
            assert share is None  # managers are told nothing of complaints
            continue
        figure = own[MEASURED[component]].lines[0].figure
        assert share is not None
        assert figure is not None
        assert (share.n, share.of) == (figure.n, figure.of)


@sqlite
async def test_cards_of_an_outage_are_made_up_for(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        assert await scorecards.follow(session, world.township.id, TODAY) == 2
        assert await scorecards.follow(session, world.township.id, TODAY) == 0
        assert await scorecards.follow(session, world.township.id, date(2026, 6, 10)) == 6
        rows = await session.rows(select(Scorecard.month).distinct().order_by(Scorecard.month))
        assert [row.month.month for row in rows] == [2, 3, 4, 5]
        with pytest.raises(NotFound):
            await scorecards.get(session, world.manager, world.south.id, FEBRUARY, TODAY)
        with pytest.raises(AccessDenied):
            await scorecards.of_month(session, world.admin, FEBRUARY, TODAY)


async def test_of_two_who_decide_at_once_one_does(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await worked(session)
        await north(session, world)
        made = await appeals.make(session, world.manager, FEBRUARY, LATE, "不服", 1)

    async def decide(actor: Actor, draft_id: int) -> bool:
        try:
            async with database.transaction() as session:
                await appeals.decide(session, actor, made.id, Ruling(Effect.RECOUNTED, "好"), draft_id, TODAY)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(decide(world.clinic, 2), decide(world.deputy, 3))) == [False, True]
    async with database.transaction() as session:
        assert (await north(session, world)).version == 2


@sqlite
async def test_a_confirmed_breach_vetoes_the_score_of_its_month(
    database: Database, world: World, clock: MovableClock
) -> None:
    written = Written(ComplaintKind.COERCION, "逼着去", Concern.VILLAGE, world.north.id, Channel.PHONE)
    async with database.transaction() as session:
        await worked(session)
        await complaints.file(session, world.clinic, written)
        (found,) = (await complaints.list_mine(session, world.deputy, TODAY)).lines
        await complaints.answer(session, world.deputy, found.id, Answer(ComplaintOutcome.CONFIRMED, "查实了"))
        assert not (await north(session, world)).is_vetoed  # in March, not in February
        clock.move(timedelta(days=25))
        later = date(2026, 4, 10)
        for actor in (world.manager, world.clinic, world.deputy, world.leader):
            card = await scorecards.get(session, actor, world.north.id, MARCH, later)
            assert (card.version, card.score.total, card.score.is_vetoed) == (1, 0, True)
        assert not (await scorecards.get(session, world.leader, world.south.id, MARCH, later)).is_vetoed
        made = await appeals.make(session, world.manager, MARCH, AppealedPart.VETO, "没有的事", 1)
        with pytest.raises(Refused, match="appeal_effect"):
            await appeals.decide(session, world.clinic, made.id, Ruling(Effect.LEFT_OUT, "x"), 2, later)
        await appeals.decide(session, world.clinic, made.id, Ruling(Effect.RECOUNTED, "照投诉的结论"), 3, later)
        after = await scorecards.get(session, world.manager, world.north.id, MARCH, later)
        assert (after.version, after.score.total) == (2, 0)
