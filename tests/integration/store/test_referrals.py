"""Referrals: made, told, answered, declined, corrected and taken back, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.outcomes import Outcome
from models.rules.referrals import ReferralAnswer, ReferralReason, ReferralState
from models.store import checkups, places, referrals, staff
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.referrals import Answer, ReferralReport
from models.store.reports import CheckupReport
from models.tables.outbox import OutboxMessage
from tests.factories.world import World, person

TODAY = date(2026, 3, 16)
FORTNIGHT = TODAY + timedelta(days=14)
SEEN, NOT_COME = Answer(ReferralAnswer.SEEN, "ok"), Answer(ReferralAnswer.NOT_COME)


async def _made(session: StoreSession, world: World, name: str = "王秀英", **changes: object) -> int:
    resident_id = await person(session, world.manager, name)
    reported = ReferralReport(resident_id, ReferralReason.ABNORMAL, note="note")
    stored = await referrals.make(session, world.manager, replace(reported, **changes))  # type: ignore[arg-type]
    return stored.id


async def _told(session: StoreSession, kind: str) -> list[tuple[int, int]]:
    rows = await session.rows(select(OutboxMessage.__table__).where(OutboxMessage.kind == kind))
    assert all(row.details == {} for row in rows)
    return [(row.recipient_id, row.subject_id) for row in rows]


async def test_a_referral_is_made_once_and_told_to_the_clinic(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        reported = ReferralReport(resident_id, ReferralReason.URGENT, note="note")
        first = await referrals.make(session, world.manager, reported, 7)
        again = await referrals.make(session, world.manager, reported, 7)
        assert first == again
        assert (first.due_on, first.state, first.note) == (TODAY, ReferralState.OPEN, "note")
        assert await _told(session, referrals.NEW) == [(world.clinic.staff_id, first.id)]
        for actor, count in ((world.manager, 1), (world.clinic, 1), (world.neighbour, 0)):
            assert await referrals.open_count(session, actor) == count
        with pytest.raises(NotFound):
            await referrals.get(session, world.neighbour, first.id)
        for nobody in (world.deputy, world.leader, world.admin):
            with pytest.raises(AccessDenied):
                await referrals.list_open(session, nobody)


async def test_urgent_ones_come_first_then_those_due_first(database: Database, world: World) -> None:
    async with database.transaction() as session:
        later = await _made(session, world, "李桂芳")
        sooner = await _made(session, world, "张玉兰", due_on=TODAY + timedelta(days=3))
        urgent = await _made(session, world, "刘翠花", reason=ReferralReason.URGENT)
        page = await referrals.list_open(session, world.clinic, limit=2)
        rest = await referrals.list_open(session, world.clinic, limit=2, offset=2)
    assert page.total == 3
    assert [line.id for line in (*page.lines, *rest.lines)] == [urgent, sooner, later]


async def test_who_declines_is_not_followed_up(database: Database, world: World) -> None:
    async with database.transaction() as session:
        declined = await _made(session, world, declined=True)
        open_one = await _made(session, world, "李桂芳")
        assert await _told(session, referrals.NEW) == [(world.clinic.staff_id, open_one)]
        assert (await referrals.decline(session, world.manager, open_one)).state is ReferralState.DECLINED
        assert (await referrals.decline(session, world.manager, open_one)).version == 2
        assert await referrals.open_count(session, world.clinic) == 0
        for one in (declined, open_one):
            with pytest.raises(Conflict, match="declined"):
                await referrals.answer(session, world.clinic, one, SEEN)


async def test_the_answer_is_read_by_the_clinic_and_the_one_who_referred(database: Database, world: World) -> None:
    async with database.transaction() as session:
        colleague = await staff.add(session, 900, 900, world.manager.role, await places.get(session, world.north.id))
        referral_id = await _made(session, world)
        given = Answer(ReferralAnswer.TREATED, "answer", TODAY + timedelta(days=30))
        stored = await referrals.answer(session, world.clinic, referral_id, given, 9)
        assert (await referrals.answer(session, world.clinic, referral_id, given, 9)).version == stored.version
        assert (stored.state, stored.answered_on) == (ReferralState.ANSWERED, TODAY)
        assert await _told(session, referrals.ANSWERED) == [(world.manager.staff_id, referral_id)]
        for reader in (world.clinic, world.manager):
            assert (await referrals.get(session, reader, referral_id)).answer == given
            assert (await referrals.of_person(session, reader, stored.resident.id)).answer == given  # type: ignore[union-attr]
        assert (await referrals.get(session, colleague, referral_id)).answer is None
        with pytest.raises(NotFound):
            await referrals.versions(session, colleague, referral_id)
        with pytest.raises(AccessDenied):
            await referrals.answer(session, world.manager, referral_id, given)
        with pytest.raises(Conflict, match="answered"):
            await referrals.answer(session, world.clinic, referral_id, SEEN, 10)
        with pytest.raises(Conflict, match="answered"):
            await referrals.correct(
                session, world.manager, referral_id, ReferralReport(stored.resident.id, stored.reason), "typo"
            )


async def test_who_has_not_come_is_counted_and_stays_open(database: Database, world: World) -> None:
    async with database.transaction() as session:
        referral_id = await _made(session, world)
        await referrals.answer(session, world.clinic, referral_id, NOT_COME)
        twice = await referrals.answer(session, world.clinic, referral_id, NOT_COME)
        assert (twice.state, twice.not_come, twice.version) == (ReferralState.OPEN, 2, 3)
        assert len(await _told(session, referrals.ANSWERED)) == 2
        corrected = await referrals.correct_answer(session, world.clinic, referral_id, SEEN, "typo")
        assert (corrected.state, corrected.not_come) == (ReferralState.ANSWERED, 1)
        back = await referrals.undo_answer(session, world.clinic, referral_id)
        assert (back.state, back.not_come, back.answer) == (ReferralState.OPEN, 1, NOT_COME)
        assert await referrals.open_count(session, world.clinic) == 1
        with pytest.raises(Conflict, match="changed_since"):
            await referrals.undo_answer(session, world.clinic, referral_id)


async def test_corrections_keep_what_was_said_before(database: Database, world: World) -> None:
    async with database.transaction() as session:
        referral_id = await _made(session, world)
        resident_id = (await referrals.get(session, world.manager, referral_id)).resident.id
        corrected = ReferralReport(resident_id, ReferralReason.REQUEST, TODAY + timedelta(days=2), note="new")
        stored = await referrals.correct(session, world.manager, referral_id, corrected, "typo")
        assert (stored.reason, stored.due_on, stored.note, stored.version) == (
            ReferralReason.REQUEST,
            TODAY + timedelta(days=2),
            "new",
            2,
        )
        (before,) = await referrals.versions(session, world.manager, referral_id)
    assert (before.values["reason"], before.values["due_on"], before.values["note"]) == (
        "abnormal",
        FORTNIGHT.isoformat(),
        "note",
    )


async def test_an_undo_works_for_ten_minutes_and_until_the_answer(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        taken_back = await _made(session, world)
        assert (await referrals.undo(session, world.manager, taken_back)).voided
        assert (await referrals.undo(session, world.manager, taken_back)).voided
        with pytest.raises(Conflict, match="voided"):
            await referrals.answer(session, world.clinic, taken_back, SEEN)
        answered = await _made(session, world, "李桂芳")
        await referrals.answer(session, world.clinic, answered, NOT_COME)
        with pytest.raises(Conflict, match="answered"):
            await referrals.undo(session, world.manager, answered)
        late = await _made(session, world, "张玉兰")
        with pytest.raises(Conflict, match="not_yours"):
            await referrals.undo(session, world.clinic, late)
        clock.move(timedelta(minutes=11))
        with pytest.raises(Conflict, match="too_late"):
            await referrals.undo(session, world.manager, late)
        with pytest.raises(Conflict, match="too_late"):
            await referrals.undo_answer(session, world.clinic, answered)


async def test_what_can_not_be_is_refused(database: Database, world: World) -> None:
    async with database.transaction() as session:
        with pytest.raises(Refused, match="referral_due"):
            await _made(session, world, due_on=FORTNIGHT + timedelta(days=1))
        private = await person(session, world.manager, "李桂芳", consents=frozenset())
        with pytest.raises(NoConsent):
            await referrals.make(session, world.manager, ReferralReport(private, ReferralReason.OTHER))
        referral_id = await _made(session, world, "张玉兰")
        with pytest.raises(Refused, match="next_before_visit"):
            await referrals.answer(session, world.clinic, referral_id, replace(SEEN, next_on=TODAY))


async def test_the_dead_are_on_no_list(database: Database, world: World) -> None:
    async with database.transaction() as session:
        referral_id = await _made(session, world)
        resident_id = (await referrals.get(session, world.manager, referral_id)).resident.id
        await checkups.report(session, world.manager, CheckupReport(resident_id, TODAY, Outcome.DECEASED))
        assert await referrals.open_count(session, world.clinic) == 0
        assert (await referrals.list_open(session, world.clinic)).lines == ()
