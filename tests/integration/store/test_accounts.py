"""Residents' own accounts: opened by a code at their wish, theirs alone, ended at once; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied, Actor, Role
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.store import (
    accounts,
    alerts,
    checkups,
    consents,
    enrolments,
    handovers,
    housekeeping,
    lockout,
    merges,
    own,
    residents,
    scope,
    staff,
)
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NotFound, Refused
from models.store.handovers import HandoverKind, Wanted
from models.store.reports import CheckupReport
from models.tables.accounts import ResidentAccount, ResidentLink
from models.tables.residents import Consent, Resident
from models.tables.staff import Staff
from scheduler.dispatcher import Dispatcher
from tests.factories.world import ALL, World, person
from tests.integration.scheduler.test_dispatcher import FULL_PACE, Spoken

HERS = 700
"""The chat account of the resident."""


async def tied(session: StoreSession, world: World, user_id: int = HERS, **of_person: object) -> tuple[int, Actor]:
    """Register somebody in check-ups who opens an account; return both."""
    programmes = of_person.pop("programmes", ("checkup",))
    resident_id = await person(session, world.manager, programmes=programmes, **of_person)  # type: ignore[arg-type]
    return resident_id, await tie(session, world, resident_id, user_id)


async def tie(session: StoreSession, world: World, resident_id: int, user_id: int = HERS) -> Actor:
    link = await accounts.offer(session, world.manager, resident_id)
    offer = await accounts.open_link(session, user_id, link.code)
    assert offer is not None
    return await accounts.tie(session, user_id, user_id, offer.link_id, language="zh-CN")


async def reminded(session: StoreSession, world: World) -> dict[int, int]:
    return dict(await own.reminded(session, world.township.id))


async def test_a_code_ties_one_account_to_one_person_who_said_yes(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, programmes=("checkup",))
        link = await accounts.offer(session, world.manager, resident_id)
        stored = await session.row(select(ResidentLink.code_hash, ResidentLink.opened_by))
        assert stored is not None
        assert link.code.encode() not in stored.code_hash
        assert await accounts.open_link(session, HERS, "2222-3333-4444") is None
        offer = await accounts.open_link(session, HERS, f" {link.code[:5].lower()}-{link.code[5:]}")
        assert offer is not None
        assert (offer.village, offer.surname) == ("北村", "王")
        assert await accounts.open_link(session, 701, link.code) is None
        with pytest.raises(NotFound):
            await accounts.tie(session, 701, 701, offer.link_id, language="en")
        with pytest.raises(NotFound):
            await accounts.decline(session, 701, offer.link_id)
        assert await staff.find(session, HERS) is None
        actor = await accounts.tie(session, HERS, HERS, offer.link_id, language="en")
        assert (actor.role, actor.village_id) == (Role.RESIDENT, world.north.id)
        found = await own.me(session, actor)
        assert (found.resident_id, found.name, found.village, found.reminders) == (resident_id, "王秀英", "北村", False)
        assert [one.is_day for one in found.dates] == [True]
        assert await session.row(select(ResidentLink.id)) is None
        assert await accounts.is_tied(session, world.manager, resident_id)
        row = await session.row(select(Staff.name_sealed).where(Staff.id == actor.staff_id))
        assert row is not None and row.name_sealed is None


async def test_a_declined_or_old_code_leaves_nothing(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        first = await accounts.offer(session, world.manager, resident_id)
        second = await accounts.offer(session, world.manager, resident_id)
        assert await accounts.open_link(session, HERS, first.code) is None
        offer = await accounts.open_link(session, HERS, second.code)
        assert offer is not None
        await accounts.decline(session, HERS, offer.link_id)
        assert await session.row(select(ResidentLink.id)) is None
        assert await session.row(select(Staff.id).where(Staff.telegram_user_id == HERS)) is None
        third = await accounts.offer(session, world.manager, resident_id)
        opened = await accounts.open_link(session, HERS, third.code)
        assert opened is not None
    clock.move(accounts.VALID_FOR)
    async with database.transaction() as session:
        assert await accounts.open_link(session, HERS, third.code) is None
        with pytest.raises(NotFound):
            await accounts.tie(session, HERS, HERS, opened.link_id, language="en")
        assert (await housekeeping.tidy(session))["links"] == 1
        for _ in range(5):
            await lockout.count(session, HERS)
        fourth = await accounts.offer(session, world.manager, resident_id)
        assert await accounts.open_link(session, HERS, fourth.code) is None  # locked out by wrong codes


async def test_who_may_make_a_code_for_whom(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        child = await person(session, world.manager, "小宝", birth_date=session.now().date() - timedelta(days=4000))
        for actor, error in ((world.neighbour, NotFound), (world.leader, AccessDenied), (world.admin, AccessDenied)):
            for act in (accounts.offer, accounts.is_tied, accounts.end):
                with pytest.raises(error):
                    await act(session, actor, resident_id)
        with pytest.raises(Refused, match="account_child"):
            await accounts.offer(session, world.manager, child)
        link = await accounts.offer(session, world.clinic, resident_id)
        mine = await accounts.open_link(session, 101, link.code)
        assert mine is not None
        with pytest.raises(Conflict, match="account_of_staff"):
            await accounts.tie(session, 101, 101, mine.link_id, language="en")
        assert await staff.find(session, 101) == world.manager
        await accounts.close_link(session, 101, mine.link_id)
        assert await accounts.open_link(session, HERS, link.code) is not None


async def test_a_resident_reaches_nobody_but_themselves(database: Database, world: World) -> None:
    async with database.transaction() as session:
        mine, actor = await tied(session, world)
        theirs, other = await tied(session, world, 701, name="李红")
        assert [(await own.me(session, one)).resident_id for one in (actor, other)] == [mine, theirs]
        assert await session.rows(select(Resident.id).where(scope.reach(actor, Resident))) == []
        for act in (residents.card, residents.brief, accounts.offer, consents.standing, enrolments.of_person):
            for resident_id in (mine, theirs):
                with pytest.raises((AccessDenied, NotFound)):
                    await act(session, actor, resident_id)  # type: ignore[operator]
        with pytest.raises(AccessDenied):
            await alerts.counts(session, actor, session.now().date())
        for act_own in (consents.give_own, consents.withdraw_own):
            with pytest.raises(NotFound):
                await act_own(session, actor, theirs, Purpose.REMINDERS)
        for staff_one in world.everybody:
            with pytest.raises(AccessDenied):
                await own.me(session, staff_one)
        assert actor.staff_id not in {row.id for row in await staff.list_staff(session, world.admin)}
        with pytest.raises(NotFound):
            await staff.remove(session, world.admin, actor.staff_id)


async def test_reminders_are_off_until_asked_for_and_consented_to(database: Database, world: World) -> None:
    async with database.transaction() as session:
        _, actor = await tied(session, world, consents=frozenset({Purpose.HEALTH_RECORD}))
        assert await reminded(session, world) == {}
        for _ in range(2):
            assert (await own.remind(session, actor, on=True)).reminders
        assert await reminded(session, world) == {actor.staff_id: world.north.id}
        given = await session.row(select(Consent.how, Consent.recorded_by).where(Consent.purpose == Purpose.REMINDERS))
        assert given is not None and tuple(given) == ("chat", actor.staff_id)
        assert not (await own.remind(session, actor, on=False)).reminders
        assert await reminded(session, world) == {}
        await own.remind(session, actor, on=True)
        withdrawn = await own.withdraw(session, actor, Purpose.REMINDERS)
        assert await reminded(session, world) == {}
        await own.undo(session, actor, withdrawn.id)
        assert await reminded(session, world) != {}


async def test_consent_given_anew_asks_for_no_reminders(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        resident_id, actor = await tied(session, world)
        await own.remind(session, actor, on=True)
        await consents.withdraw(session, world.manager, resident_id, Purpose.REMINDERS)
    clock.move(timedelta(days=1))
    async with database.transaction() as session:
        await consents.give(session, world.manager, resident_id, [Purpose.REMINDERS])
        assert await reminded(session, world) == {}
        assert not (await own.me(session, actor)).reminders
        assert (await own.remind(session, actor, on=True)).reminders
        assert await reminded(session, world) != {}


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.AWAY, Outcome.MOVED, Outcome.DECEASED])
async def test_an_outcome_ends_reminders_at_once(database: Database, world: World, outcome: Outcome) -> None:
    async with database.transaction() as session:
        resident_id, actor = await tied(session, world)
        await own.remind(session, actor, on=True)
        today = scope.today(session, world.manager)
        made = await checkups.report(session, world.manager, CheckupReport(resident_id, today, outcome))
        assert await reminded(session, world) == {}
        if outcome in {Outcome.MOVED, Outcome.DECEASED}:
            with pytest.raises(NotFound):
                await own.me(session, actor)
        await checkups.undo(session, world.manager, made.record_id)
        assert await reminded(session, world) != {}


async def test_withdrawn_everything_is_closed_but_what_the_person_decides(database: Database, world: World) -> None:
    async with database.transaction() as session:
        _, actor = await tied(session, world)
        await own.remind(session, actor, on=True)
        stored = await own.withdraw(session, actor, Purpose.HEALTH_RECORD)
        assert stored.purposes == ALL
        found = await own.me(session, actor)
        assert (found.restricted, found.dates, found.given, found.reminders) == (True, (), frozenset(), False)
        assert await reminded(session, world) == {}
        for act in (own.remind(session, actor, on=True), own.agree(session, actor, Purpose.CONTACT)):
            with pytest.raises(Conflict, match="own_restricted"):
                await act
        await own.undo(session, actor, stored.id)
        assert (await own.me(session, actor)).given == ALL
        assert await reminded(session, world) != {}
        with pytest.raises(Conflict, match="as_it_is"):
            await own.agree(session, actor, Purpose.CONTACT)


async def test_untied_it_is_a_strangers_account_and_nothing_of_it_is_kept(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id, actor = await tied(session, world)
        await own.remind(session, actor, on=True)
        await accounts.untie(session, actor)
        assert await staff.find(session, HERS) is None
        assert await session.row(select(ResidentAccount.id)) is None
        kept = await session.row(select(Staff.telegram_user_id, Staff.chat_id).where(Staff.id == actor.staff_id))
        assert kept is not None and tuple(kept) == (0, 0)
        assert await reminded(session, world) == {}
        again = await tie(session, world, resident_id)
        newer = await tie(session, world, resident_id, 701)
        assert await staff.find(session, HERS) is None
        assert (await own.me(session, newer)).resident_id == resident_id
        with pytest.raises(NotFound):
            await own.me(session, again)
        await accounts.end(session, world.manager, resident_id)
        assert await staff.find(session, 701) is None


async def test_who_others_have_ended_is_told_once_and_forgotten_then(
    database: Database, world: World, clock: MovableClock
) -> None:
    spoken = Spoken()
    clock.move(timedelta(hours=1))
    async with database.transaction() as session:
        told, actor = await tied(session, world)
        back, returned = await tied(session, world, 702, name="乙")
        away, unreached = await tied(session, world, 703, name="丙")
        await own.remind(session, actor, on=True)
        await accounts.end(session, world.manager, told)
        await accounts.end(session, world.manager, back)
        await tie(session, world, back, 702)
        assert await chats(session, actor, returned) == {(0, HERS), (0, 702)}
        assert (await housekeeping.tidy(session))["links"] == 0
        assert await chats(session, actor) == {(0, HERS)}
    assert await Dispatcher(database, spoken, FULL_PACE).run() == 1
    assert spoken.said == [(HERS, "notices.account.ended", False)]
    async with database.transaction() as session:
        await accounts.end(session, world.manager, away)
        await housekeeping.tidy(session)
        assert await chats(session, actor, returned) == {(0, 0)}
        assert await chats(session, unreached) == {(0, 703)}
        clock.move(timedelta(days=2))
        await housekeeping.tidy(session)
        assert await chats(session, unreached) == {(0, 0)}
    assert await Dispatcher(database, spoken, FULL_PACE).run() == 0


async def chats(session: StoreSession, *actors: Actor) -> set[tuple[int, int]]:
    """Return which chat account and which chat is known of some accounts."""
    columns = select(Staff.telegram_user_id, Staff.chat_id)
    rows = await session.rows(columns.where(Staff.id.in_([actor.staff_id for actor in actors])))
    return {(row.telegram_user_id, row.chat_id) for row in rows}


async def test_it_follows_a_merge_and_goes_back_with_it(database: Database, world: World) -> None:
    async with database.transaction() as session:
        gone, actor = await tied(session, world)
        kept = await person(session, world.manager, "王秀英", programmes=("checkup",))
        await own.remind(session, actor, on=True)
        merged = await merges.merge(session, world.manager, kept, gone)
        assert (await own.me(session, actor)).resident_id == kept
        assert await reminded(session, world) == {actor.staff_id: world.north.id}
        await merges.undo(session, world.manager, merged.id)
        assert (await own.me(session, actor)).resident_id == gone
        merged = await merges.merge(session, world.manager, kept, gone)
        await accounts.untie(session, actor)
        await merges.undo(session, world.manager, merged.id)


async def test_it_goes_along_to_another_village(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id, actor = await tied(session, world)
        await own.remind(session, actor, on=True)
        wanted = Wanted(HandoverKind.PERMANENT, world.south.id, agrees=True, at_once=True)
        await handovers.offer(session, world.clinic, resident_id, wanted)
        assert (await own.me(session, actor)).village == "南村"
        found = await staff.find(session, HERS)
        assert found is not None
        assert found.village_id == world.south.id
        assert await reminded(session, world) == {actor.staff_id: world.south.id}


async def test_a_registration_that_is_taken_back_takes_the_account_with_it(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id, _ = await tied(session, world, programmes=())
        await accounts.offer(session, world.manager, resident_id)
        await residents.undo(session, world.manager, resident_id)
        assert await staff.find(session, HERS) is None
        for table in (Resident, ResidentAccount, ResidentLink):
            assert await session.row(select(table.id)) is None  # type: ignore[attr-defined]
