"""A public notice: shown, changed, approved once as it was shown, posted or not, corrected; only by who may."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers import publication_page
from handlers.context import Chat, Turn
from models.rules import periods
from models.rules.access import AccessDenied, Role
from models.rules.clock import MovableClock, local_day
from models.rules.disclosure import LARGEST_SMALL
from models.rules.indicators.codes import IndicatorCode
from models.rules.publications import PUBLISHED, PublicationState, Spot
from models.store import outbox, plannings, publication_places, publications, sending
from models.store.database import Database, StoreSession
from models.store.errors import NotFound
from models.store.indicators import figures
from models.store.indicators.figures import Page
from models.store.publication_places import Chat as Place
from models.store.publications import Content
from models.tables.audit import AuditEntry
from models.tables.outbox import OutboxState
from scheduler.messages import LOW_VALUE
from tests.factories.township import Township
from tests.factories.world import World

MONTH = date(2026, 2, 1)
FIRST = Content({"done": [40, None]}, "服务到：40 人次", b"one")
OTHER = Content({"done": [41, None]}, "服务到：41 人次", b"two")
GROUP = -4_001


async def placed(session: StoreSession, world: World) -> None:
    await publication_places.ask(session, world.admin, str(GROUP))
    [asked] = await publication_places.asked(session)
    assert await publication_places.answer(session, asked, Spot.FINE, Place(GROUP, "村务公开"))
    assert not await publication_places.answer(session, asked, Spot.FINE, Place(-1, "又一个")), "answered once"


async def post(session: StoreSession) -> sending.Claimed:
    claimed, _ = await sending.claim(session, "owner", 20, frozenset(), timedelta(0))
    return next(one for one in claimed if one.kind == publications.POST)


async def test_a_notice_is_approved_once_as_it_was_shown_and_kept_as_it_was_posted(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        assert await publication_places.of_township(session, world.township.id) is None
        await placed(session, world)
        assert await publications.is_open(session, world.township.id, MONTH)
        shown = await publications.show(session, world.deputy, MONTH, FIRST)
        assert await publications.show(session, world.leader, MONTH, FIRST) == shown, "nothing changed, both see one"
        changed = await publications.show(session, world.deputy, MONTH, OTHER)
        assert changed.version == shown.version + 1
        assert await publications.approve(session, world.leader, shown.id, shown.version) is None, "it was changed"
        await publications.leave_out(session, world.deputy, shown.id, IndicatorCode.DONE, told=False)
        assert await publications.approve(session, world.deputy, shown.id, changed.version) is None
        last = await publications.show(session, world.deputy, MONTH, FIRST)
        assert last.left_out == {IndicatorCode.DONE}
        approved = await publications.approve(session, world.deputy, shown.id, last.version)
        assert approved is not None
        assert (approved.state, approved.title) == (PublicationState.APPROVED, "村务公开")
        assert await publications.approve(session, world.leader, shown.id, last.version) is None, "once"
        assert not await publications.decline(session, world.leader, shown.id, last.version)
        audited = select(AuditEntry.id).where(AuditEntry.action == "publication:decline")
        assert not await session.rows(audited), "what did not happen is not written down"
        assert not await publications.is_open(session, world.township.id, MONTH)
        with pytest.raises(NotFound):
            await publications.show(session, world.deputy, MONTH, OTHER)
        assert await publications.to_post(session, shown.id) == (FIRST.text, FIRST.picture)
        claimed = await post(session)
        assert (claimed.chat_id, claimed.is_post, claimed.urgent) == (GROUP, True, True)
        assert await publications.posted(session, world.manager) == []
        await sending.mark_sending(session, claimed.id, "owner")
        await sending.mark_sent(session, claimed.id, "owner", 77)
        await publications.settle(session, shown.id, 77, is_posted=True)
        [kept] = await publications.posted(session, world.manager)
        assert (kept.text, kept.picture, kept.posted_at) == (FIRST.text, FIRST.picture, clock.now())
        assert await publications.to_post(session, shown.id) is None
        correction = await publications.correct(session, world.deputy, shown.id)
        assert await publications.correct(session, world.deputy, shown.id) == correction
        assert (correction.edition, correction.state, correction.left_out) == (2, PublicationState.SHOWN, last.left_out)
        await publications.show(session, world.deputy, MONTH, OTHER)
        [still] = await publications.posted(session, world.manager)
        assert still == kept


async def test_one_that_was_not_posted_is_posted_again_once(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await placed(session, world)
        line = await publications.show(session, world.deputy, MONTH, FIRST)
        assert await publications.approve(session, world.deputy, line.id, line.version) is not None
        assert await publications.post_again(session, world.deputy, line.id, 1) is None, "it is on its way"
        claimed = await post(session)
        await sending.mark_dead(session, claimed.id, "owner", "Forbidden")
        await publications.settle(session, line.id, None, is_posted=False)
        [failure] = await publications.failed(session, world.township.id)
        assert (failure.id, failure.attempt, failure.fate) == (line.id, 1, OutboxState.DEAD)
        assert failure.why == "Forbidden"
        assert await publications.confirm(session, world.deputy, line.id, 1) is None, "it is certainly not there"
        assert (await publications.get(session, world.deputy, line.id)).has_failed
        again = await publications.post_again(session, world.leader, line.id, 1)
        assert again is not None
        assert (again.attempt, again.has_failed) == (2, False)
        assert await publications.post_again(session, world.deputy, line.id, 1) is None
        assert await publications.failed(session, world.township.id) == []
        second = await post(session)
        assert second.occurrence == "2"
        assert await publications.confirm(session, world.deputy, line.id, 2) is None, "it is on its way"
        await sending.mark_in_doubt(session, second.id, "owner", "InDoubt")
        assert await publications.confirm(session, world.deputy, line.id, 1) is None, "another attempt is meant"
        with pytest.raises(AccessDenied):
            await publications.confirm(session, world.manager, line.id, 2)
        seen = await publications.confirm(session, world.leader, line.id, 2)
        assert seen is not None
        assert (seen.posted_at is None, seen.is_in_doubt, seen.has_failed) == (False, False, False)
        assert await publications.confirm(session, world.deputy, line.id, 2) is None, "once"
        assert await publications.to_post(session, line.id) is None


async def test_a_post_that_a_killed_process_left_is_looked_at_by_the_planner_at_once(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        await placed(session, world)
        line = await publications.show(session, world.deputy, MONTH, FIRST)
        await publications.approve(session, world.deputy, line.id, line.version)
        claimed = await post(session)
        assert await sending.mark_sending(session, claimed.id, "owner")
        [site] = await plannings.stale(session)
        await plannings.done(session, site)
    clock.move(timedelta(minutes=3))
    async with database.transaction() as session:
        assert await plannings.stale(session) == []
        await sending.claim(session, "another", 20, LOW_VALUE)
        [failure] = await publications.failed(session, world.township.id)
        assert failure.fate is OutboxState.IN_DOUBT
        assert [one.township_id for one in await plannings.stale(session)] == [world.township.id]
        [site] = await plannings.stale(session)
        await plannings.done(session, site)
        await sending.claim(session, "another", 20, LOW_VALUE)
        assert await plannings.stale(session) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_it_tells_nothing_that_a_group_could_not_ask_for(database: Database, clock: MovableClock) -> None:
    """Every number on it stands on a page that any group gets, and no village is named."""
    clock.move(timedelta(days=156, hours=5))
    today = local_day(clock.now())
    month = periods.month_of(today).before
    async with database.transaction() as session:
        for seed in (1, 2, 3):
            township = Township(seed, today)
            await township.build(session)
            turn = Turn(session, Chat(1, 1), clock.now(), replace(township.leader, role=Role.DEPUTY))
            assert turn.actor is not None
            found = await publication_page.compose(turn, turn.actor, month, frozenset(), 1)
            group = figures.public(turn.actor)
            pages = await figures.ask(session, group, PUBLISHED, month, today)
            known = {number for page in pages.values() for number in told(page)} | {0, LARGEST_SMALL + 1}
            head, *lines, _ = found.text.splitlines()
            assert {int(n) for line in lines for n in re.findall(r"(?<![.\d])\d+(?![.\d%])", line)} <= known, found.text
            drawn = str(found.chart)
            assert not [one.name for one in township.villages if one.name in drawn or one.name in "".join(lines)]
            assert set(found.figures) == {*PUBLISHED, "decided"}, head


def told(page: Page) -> set[int | None]:
    """Return the numbers of the whole place that a page shows."""
    return {page.whole, *((page.total.n, page.total.of) if page.total is not None else ())}


async def test_only_heads_approve_and_only_admins_say_where(database: Database, world: World) -> None:
    async with database.transaction() as session:
        line = await publications.show(session, world.deputy, MONTH, FIRST)
        with pytest.raises(NotFound):
            await publications.approve(session, world.deputy, line.id, line.version)  # nowhere to post it
        for actor in (world.manager, world.clinic, world.admin):
            with pytest.raises(AccessDenied):
                await publications.show(session, actor, MONTH, FIRST)
            with pytest.raises(AccessDenied):
                await publications.approve(session, actor, line.id, line.version)
            with pytest.raises(AccessDenied):
                await publications.decline(session, actor, line.id, line.version)
        for actor in (world.manager, world.deputy, world.leader):
            with pytest.raises(AccessDenied):
                await publication_places.ask(session, actor, "@gongshi")
        assert await publications.decline(session, world.leader, line.id, line.version)
        assert not await publications.is_open(session, world.township.id, MONTH)
        assert (await publications.show(session, world.deputy, MONTH, FIRST)).state is PublicationState.SHOWN
        assert await outbox.is_planned(session, publications.POST, line.id, "1") is False
