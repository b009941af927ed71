"""Drafts: saved at each answer, one active, none lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from models.rules.clock import MovableClock
from models.store import drafts, inbox
from models.store.database import Database, StoreSession
from models.store.drafts import DraftRow
from models.tables.drafts import DraftState


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


async def test_drafts_expire_and_are_pruned(database: Database, clock: MovableClock) -> None:
    async with database.transaction() as session:
        stale = await opened(session)
        clock.move(drafts.LIFETIME - timedelta(hours=1))
        kept = await opened(session, "visit")
        clock.move(timedelta(hours=2))
        assert await drafts.expire(session) == 1
        assert await drafts.get(session, 7, stale.id) is None
        await drafts.close(session, kept.id, DraftState.DONE)
        clock.move(timedelta(days=2))
        assert await drafts.prune(session, clock.now() - timedelta(days=1)) == 1
