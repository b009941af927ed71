"""Drafts: saved at each answer, one active, none lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from models.rules.access import Actor
from models.rules.clock import MovableClock
from models.store import drafts, inbox, sending, staff
from models.store.database import Database, StoreSession
from models.store.drafts import DraftRow
from models.tables.drafts import DraftState
from tests.factories.world import World


async def opened(session: StoreSession, form: str = "checkup", user_id: int = 7) -> DraftRow:
    return await drafts.open_draft(
        session, chat_id=7, user_id=user_id, staff_id=None, form=form, form_version=1, subject="s"
    )


async def test_an_answer_is_saved_under_its_revision_only(database: Database) -> None:
    async with database.transaction() as session:
        draft = await opened(session)
        assert await drafts.save_draft(session, draft.id, 1, {"bp": [128, 82]})
        assert not await drafts.save_draft(session, draft.id, 1, {"bp": [1, 1]})
        found = await drafts.get(session, 7, draft.id)
    assert found is not None
    assert (found.revision, found.body, found.subject) == (2, {"bp": [128, 82]}, "s")


async def test_200_answers_at_once_lose_none(database: Database) -> None:
    async with database.transaction() as session:
        draft = await opened(session)

    async def add() -> None:
        async with database.transaction() as session:
            await inbox.lock_chat(session, 7)
            found = await drafts.get(session, 7, draft.id)
            assert found is not None
            body = {"n": found.body.get("n", 0) + 1}
            assert await drafts.save_draft(session, draft.id, found.revision, body)

    await asyncio.gather(*(add() for _ in range(200)))
    async with database.transaction() as session:
        last = await drafts.get(session, 7, draft.id)
    assert last is not None
    assert (last.body, last.revision) == ({"n": 200}, 201)


async def test_without_the_chats_lock_a_stale_save_is_refused_not_lost(database: Database) -> None:
    async with database.transaction() as session:
        draft = await opened(session)

    async def save(n: int) -> bool:
        async with database.transaction() as session:
            return await drafts.save_draft(session, draft.id, 1, {"n": n})

    assert sum(await asyncio.gather(*(save(n) for n in range(20)))) == 1


async def test_a_second_form_lets_the_first_wait(database: Database) -> None:
    async with database.transaction() as session:
        first = await opened(session)
        second = await opened(session, "visit")
        turn = await inbox.open_turn(session, 1, 7, 7)
        assert turn.draft == second
        assert {each.id for each in await drafts.list_open(session, 7, 7)} == {first.id, second.id}
        assert await drafts.activate(session, 7, 7, first.id) == first
        assert (await inbox.open_turn(session, 1, 7, 7)).draft == first


async def test_an_ended_draft_takes_no_answer_and_keeps_none(database: Database) -> None:
    async with database.transaction() as session:
        draft = await opened(session)
        await drafts.save_draft(session, draft.id, 1, {"bp": [128, 82]})
        assert await drafts.close(session, draft.id, DraftState.DONE)
        assert not await drafts.close(session, draft.id, DraftState.CANCELLED)
        assert not await drafts.save_draft(session, draft.id, 2, {})
        assert await drafts.get(session, 7, draft.id) is None
        assert await drafts.activate(session, 7, 7, draft.id) is None


async def test_a_draft_belongs_to_its_person(database: Database) -> None:
    async with database.transaction() as session:
        draft = await opened(session)
        assert await drafts.get(session, 8, draft.id) is None
        assert await drafts.activate(session, 7, 8, draft.id) is None
        assert (await inbox.open_turn(session, 1, 7, 8)).draft is None


async def test_messages_are_bound_without_a_new_revision(database: Database) -> None:
    async with database.transaction() as session:
        draft = await opened(session)
        await drafts.bind_message(session, draft.id, 55)
        found = await drafts.get(session, 7, draft.id)
        assert found is not None
        assert (found.message_id, found.revision) == (55, 1)
        await drafts.bind_message(session, draft.id, None)
        assert (await inbox.open_turn(session, 1, 7, 7)).draft == draft


async def test_a_draft_expires_when_its_seventh_day_is_over(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        stale = await opened(session)  # at nine in the morning
        clock.move(timedelta(days=1))
        kept = await opened(session, "visit")
        clock.move(timedelta(days=6, hours=14, minutes=59))
        assert await drafts.expire(session) == 0
        clock.move(timedelta(minutes=1))  # midnight
        assert await drafts.expire(session) == 1
        assert await drafts.get(session, 7, stale.id) is None
        assert await drafts.get(session, 7, kept.id) == kept


async def test_ended_drafts_are_pruned(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        ended = await opened(session)
        await drafts.close(session, ended.id, DraftState.DONE)
        clock.move(timedelta(days=2))
        assert await drafts.prune(session, clock.now() - timedelta(days=1)) == 1


async def test_who_lost_drafts_is_told_once_a_day_from_eight(
    database: Database, world: World, clock: MovableClock
) -> None:
    async def opened_by(actor: Actor, subject: str) -> None:
        user_id = 101 if actor == world.manager else 102
        await drafts.open_draft(
            session,
            chat_id=user_id,
            user_id=user_id,
            staff_id=actor.staff_id,
            form="visit",
            form_version=1,
            subject=subject,
        )

    async with database.transaction() as session:
        await opened_by(world.manager, "a")
        clock.move(timedelta(hours=8))
        await opened_by(world.manager, "b")
        await opened_by(world.neighbour, "c")
        await staff.remove(session, world.admin, world.neighbour.staff_id)
        clock.move(timedelta(hours=8))
        await opened_by(world.manager, "d")  # after midnight: the next day
        clock.move(timedelta(days=7))  # one in the morning
        assert await drafts.expire(session) == 2
        assert await drafts.expire(session) == 0
        clock.move(timedelta(days=1))
        assert await drafts.expire(session) == 1
        clock.move(timedelta(hours=6))
        claimed, _ = await sending.claim(session, "test", 10)
        for each in claimed:
            await sending.mark_expired(session, each.id, "test", "senseless")
        said = [each for each in claimed if each.kind == drafts.EXPIRED]
        assert [(each.to, each.details) for each in said] == [(world.manager, {"n": 2})]
        clock.move(timedelta(hours=1))
        [later], _ = await sending.claim(session, "test", 10)
        assert (later.kind, later.details) == (drafts.EXPIRED, {"n": 1})


async def test_one_taken_up_again_takes_the_place_of_the_one_begun_meanwhile(
    database: Database, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        given_up = await opened(session)
        await drafts.cancel(session, given_up.id)
        clock.move(timedelta(hours=20))
        begun = await opened(session)
        other = await opened(session, "visit")
        assert (await drafts.reopen(session, 7, 7, given_up.id)) == given_up
        assert {each.id for each in await drafts.list_open(session, 7, 7)} == {given_up.id, other.id}
        assert await drafts.state_of(session, 7, begun.id) is DraftState.CANCELLED
        assert await drafts.count_open(session, 7, 7, ("checkup",)) == 1
        clock.move(timedelta(days=6, hours=14))  # its seven days begin anew
        assert await drafts.expire(session) == 0
