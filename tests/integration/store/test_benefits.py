"""Benefits: asked for, decided, paid, renewed; who may do what, who sees it, and what is counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules import periods
from models.rules.access import AccessDenied, Actor
from models.rules.benefits import BenefitCode, BenefitState, Ground, Renewal
from models.rules.changes import ChangeKind
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.digest import Line, Topic
from models.rules.errors import InputError
from models.rules.indicators.base import Figure
from models.rules.indicators.codes import IndicatorCode
from models.store import (
    benefit_decisions,
    benefit_lists,
    benefit_payments,
    benefits,
    changes,
    consents,
    digests,
)
from models.store.benefit_decisions import Verdict
from models.store.benefit_lists import Waits
from models.store.benefit_payments import Payment
from models.store.benefits import Application, StoredApplication
from models.store.changes import Change
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.indicators import figures
from models.tables.audit import AuditEntry
from models.tables.base import table
from models.tables.benefits import BenefitDecision, BenefitPayment
from tests.factories.world import World, person

TODAY = date(2026, 3, 16)
DAY = timedelta(days=1)
CODE = IndicatorCode.BENEFITS_COVERAGE
YES, NO = Verdict(), Verdict(Ground.PAPERS)
PAID = Payment(TODAY, 96_000)


async def ask(
    session: StoreSession, actor: Actor, resident_id: int, benefit: BenefitCode = BenefitCode.REWARD, on: date = TODAY
) -> StoredApplication:
    return await benefits.apply(session, actor, Application(resident_id, benefit, on))


async def confirmed(session: StoreSession, world: World, name: str, on: date = TODAY) -> StoredApplication:
    one = await ask(session, world.manager, await person(session, world.manager, name), on=on)
    return await benefit_decisions.decide(session, world.clinic, one.id, YES)


async def coverage(session: StoreSession, actor: Actor, today: date = TODAY) -> Figure | None:
    page = (await figures.ask(session, actor, [CODE], periods.month_of(TODAY), today))[CODE]
    return page.total


async def test_a_benefit_is_asked_for_decided_paid_and_renewed(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        hers = await person(session, world.manager)
        wanted = Application(hers, BenefitCode.REWARD, TODAY)
        for _ in range(2):
            one = await benefits.apply(session, world.manager, wanted, draft_id=7)
        assert (one.state, one.decide_by) == (BenefitState.ASKED, date(2026, 4, 14))
        with pytest.raises(Conflict, match="benefit_open"):
            await benefits.apply(session, world.manager, wanted, draft_id=8)
        assert [each.id for each in await benefits.of_person(session, world.manager, hers)] == [one.id]
        assert (await benefit_lists.counts(session, world.manager, TODAY)).decision == 1
        assert Line(Topic.BENEFIT, 1) in await digests.count(session, world.clinic, TODAY)
        for actor in (world.manager, world.deputy, world.leader, world.admin):
            with pytest.raises(AccessDenied):
                await benefit_decisions.decide(session, actor, one.id, YES)
        assert await coverage(session, world.clinic) == Figure(0, 0)

        for _ in range(2):
            one = await benefit_decisions.decide(session, world.clinic, one.id, YES)
        assert len(one.decisions) == 1
        assert (one.state, one.until, one.renewal) == (BenefitState.CONFIRMED, date(2027, 3, 15), Renewal.NOT_YET)
        with pytest.raises(Conflict, match="benefit_step"):
            await benefit_decisions.decide(session, world.clinic, one.id, NO)
        assert await coverage(session, world.clinic) == Figure(0, 1)

        decision = one.decisions[0].id
        for _ in range(2):
            batch = await benefit_payments.pay(session, world.clinic, [decision], PAID, draft_id=9)
        assert [each.id for each in batch.people] == [hers]
        assert await coverage(session, world.clinic) == Figure(1, 1)
        with pytest.raises(Conflict, match="benefit_all_paid"):
            await benefit_payments.pay(session, world.clinic, [decision], PAID, draft_id=10)
        with pytest.raises(Conflict, match="benefit_paid"):
            await benefit_decisions.revise(session, world.clinic, one.id, NO)
        await benefit_payments.undo(session, world.clinic, batch.id)
        assert await coverage(session, world.clinic) == Figure(0, 1)
        again = await benefit_payments.pay(session, world.clinic, [decision], PAID)
        paid = (await benefits.get(session, world.manager, one.id)).decisions[0].payments[0]
        fixed = Payment(TODAY, 96_050)
        stored = await benefit_payments.correct(session, world.clinic, paid.id, fixed, "typo", version=1)
        assert (stored.payment, stored.version) == (fixed, 2)
        with pytest.raises(Conflict, match="corrected_since"):
            await benefit_payments.correct(session, world.clinic, paid.id, PAID, "typo", version=1)
        assert again.id != batch.id

    clock.move(timedelta(days=364 - 60))
    async with database.transaction() as session:
        today = TODAY + timedelta(days=364 - 60)
        assert (await benefit_lists.counts(session, world.clinic, today)).renewal == 1
        one = await benefit_decisions.decide(session, world.clinic, one.id, YES)
        assert (one.until, one.decisions[-1].is_renewal) == (date(2028, 3, 15), True)
        assert (await benefit_lists.counts(session, world.clinic, today)).renewal == 0
        with pytest.raises(Refused, match="paid_before"):
            await benefit_payments.pay(session, world.clinic, [one.decisions[-1].id], PAID)
        with pytest.raises(Refused, match="future_date"):
            await benefit_payments.pay(session, world.clinic, [one.decisions[-1].id], Payment(today + DAY, 100))
        with pytest.raises(InputError, match="benefit_amount"):
            await benefit_payments.pay(session, world.clinic, [one.decisions[-1].id], Payment(today, 99))
        one = await benefit_decisions.revise(session, world.clinic, one.id, NO)
        assert (one.state, one.decisions[-1].ground, one.until) == (BenefitState.REFUSED, Ground.PAPERS, None)
        one = await benefit_decisions.undo(session, world.clinic, one.decisions[-1].id)
        assert (one.state, one.until, len(one.decisions)) == (BenefitState.CONFIRMED, date(2028, 3, 15), 2)


async def test_what_is_entered_wrongly_is_corrected_and_taken_back(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        hers = await person(session, world.manager)
        one = await ask(session, world.manager, hers)
        other = Application(hers, BenefitCode.DIFFICULTY, TODAY - DAY)
        one = await benefits.correct(session, world.manager, one.id, other, "typo", version=1)
        assert (one.benefit, one.applied_on, one.version) == (BenefitCode.DIFFICULTY, TODAY - DAY, 2)
        with pytest.raises(Refused, match="future_date"):
            await benefits.correct(session, world.manager, one.id, Application(hers, one.benefit, TODAY + DAY), "typo")
        for _ in range(2):
            assert (await benefits.withdraw(session, world.manager, one.id)).state is BenefitState.WITHDRAWN
        with pytest.raises(Conflict, match="benefit_step"):
            await benefit_decisions.decide(session, world.clinic, one.id, YES)
        with pytest.raises(Conflict, match="not_yours"):
            await benefits.take_up(session, world.clinic, one.id)
        assert (await benefits.take_up(session, world.manager, one.id)).state is BenefitState.ASKED
        one = await benefit_decisions.decide(session, world.clinic, one.id, YES)
        assert (one.until, one.renewal) == (None, Renewal.NOT_YET)
        with pytest.raises(Conflict, match="benefit_decided"):
            await benefits.undo(session, world.manager, one.id)
        decision = one.decisions[0].id
        await benefit_decisions.undo(session, world.clinic, decision)
        with pytest.raises(NotFound):
            await benefit_decisions.undo(session, world.clinic, decision)
        for _ in range(2):
            assert (await benefits.undo(session, world.manager, one.id)).voided
        assert await benefits.of_person(session, world.clinic, hers) == []

        one = await confirmed(session, world, "李红")
    clock.move(timedelta(minutes=11))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await benefit_decisions.undo(session, world.clinic, one.decisions[0].id)
        batch = await benefit_payments.pay(session, world.clinic, [one.decisions[0].id], PAID)
        paid = (await benefits.get(session, world.clinic, one.id)).decisions[0].payments[0]
    clock.move(timedelta(days=3))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await benefit_payments.undo(session, world.clinic, batch.id)
        assert (await benefit_payments.void(session, world.clinic, paid.id)).unpaid  # found out later


async def test_many_are_paid_at_once_but_nobody_twice(database: Database, world: World) -> None:
    async with database.transaction() as session:
        all_of_them = [await confirmed(session, world, f"王秀{letter}") for letter in "英兰芳梅"]
        ids = [one.decisions[0].id for one in all_of_them]
        found = await benefit_payments.groups(session, world.clinic)
        assert [(one.village_id, one.benefit, one.many) for one in found] == [
            (world.north.id, BenefitCode.REWARD, 4),
        ]
        listed = await benefit_payments.unpaid(session, world.clinic, world.north.id, BenefitCode.REWARD, limit=3)
        assert [one.decision_id for one in listed] == ids[:3]
        await benefit_payments.pay(session, world.clinic, ids[:1], PAID)
        batch = await benefit_payments.pay(session, world.clinic, ids, Payment(TODAY, 5_000), draft_id=3)
        assert {one.name for one in batch.people} == {"王秀兰", "王秀芳", "王秀梅"}
        assert await benefit_payments.groups(session, world.clinic) == []
        both = await benefit_payments.pay(session, world.clinic, ids[:1], Payment(TODAY, 5_000), again=True)
        assert len(both.people) == 1
        assert await coverage(session, world.clinic) == Figure(4, 4)
        await benefit_payments.undo(session, world.clinic, batch.id)
        assert await coverage(session, world.clinic) == Figure(1, 4)
        waiting = await benefit_lists.list_waiting(session, world.manager, Waits.MONEY, TODAY, limit=2)
        assert (waiting.total, len(waiting.lines)) == (3, 2)


async def test_nothing_is_kept_or_found_without_consent_and_what_ends_is_no_fault(
    database: Database, world: World
) -> None:
    async with database.transaction() as session:
        silent = await person(session, world.manager, "周无", consents=frozenset({Purpose.HEALTH_RECORD}))
        with pytest.raises(NoConsent):
            await ask(session, world.manager, silent)
        withdrew, unwanted, moved, stays = [
            await confirmed(session, world, name) for name in ("王秀英", "李红", "张兰", "赵梅")
        ]
        assert await coverage(session, world.clinic) == Figure(0, 4)
        change = await consents.withdraw(session, world.manager, withdrew.resident.id, Purpose.BENEFITS)
        for actor in (world.manager, world.clinic):
            with pytest.raises(NotFound):
                await benefits.get(session, actor, withdrew.id)
        assert await benefits.of_person(session, world.clinic, withdrew.resident.id) == []
        assert await coverage(session, world.clinic) == Figure(0, 3)
        await benefits.withdraw(session, world.manager, unwanted.id)
        assert await coverage(session, world.clinic) == Figure(0, 2)
        await changes.record(session, world.manager, Change(moved.resident.id, ChangeKind.MOVED, TODAY))
        assert await coverage(session, world.clinic) == Figure(0, 1)
        waiting = await benefit_lists.list_waiting(session, world.clinic, Waits.MONEY, TODAY, limit=9)
        assert [one.id for one in waiting.lines] == [stays.id]
        await consents.undo(session, world.manager, change.id)
        assert await coverage(session, world.clinic) == Figure(0, 2)


async def test_who_sees_what(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one = await confirmed(session, world, "王秀英")
        await benefit_payments.pay(session, world.clinic, [one.decisions[0].id], PAID)
        assert (await benefits.get(session, world.manager, one.id)).decisions[0].payments[0].fen == 96_000
        with pytest.raises(NotFound):
            await benefits.get(session, world.neighbour, one.id)
        for actor in (world.deputy, world.leader, world.admin):
            with pytest.raises(AccessDenied):
                await benefits.get(session, actor, one.id)
            with pytest.raises(AccessDenied):
                await benefit_lists.counts(session, actor, TODAY)
        assert await coverage(session, world.leader) is None  # one alone is told nobody outside
        assert await coverage(session, world.neighbour) == Figure(0, 0)
        refused = await ask(session, world.manager, await person(session, world.manager, "李红"))
        await benefit_decisions.decide(session, world.clinic, refused.id, NO)
        rows = [*await session.rows(select(table(BenefitPayment))), *await session.rows(select(table(BenefitDecision)))]
        sealed = [row._mapping.get("amount_sealed") or row._mapping.get("ground_sealed") for row in rows]
        assert not any(word in (value or b"") for value in sealed for word in (b"96000", b"papers"))
        written = await session.rows(select(AuditEntry.details).where(AuditEntry.action.like("benefit:%")))
        assert len(written) == 5
        assert "96000" not in str(written)


async def test_how_long_people_wait_is_told_where_they_are_many(database: Database, world: World) -> None:
    async with database.transaction() as session:
        found = [
            await confirmed(session, world, f"王{letter}", TODAY - n * DAY)
            for n, letter in enumerate("一二三四五六七八九十")
        ]
        ids = [one.decisions[0].id for one in found]
        await benefit_payments.pay(session, world.clinic, ids[:9], PAID)
        page = (await figures.ask(session, world.clinic, [CODE], periods.month_of(TODAY), TODAY))[CODE]
        assert (page.total, page.days) == (Figure(9, 10), None)
        await benefit_payments.pay(session, world.clinic, ids, PAID)
        for reader in (world.clinic, world.leader):
            page = (await figures.ask(session, reader, [CODE], periods.month_of(TODAY), TODAY))[CODE]
            shown = page.days if page.total is not None else None
            assert shown == (4.5 if page.total is not None else None)
        assert (await coverage(session, world.clinic)) == Figure(10, 10)


async def test_nobody_has_the_same_benefit_twice_whatever_is_taken_back(database: Database, world: World) -> None:
    async with database.transaction() as session:
        hers = await person(session, world.manager)
        one = await ask(session, world.manager, hers)
        await benefits.withdraw(session, world.manager, one.id)
        other = await ask(session, world.manager, hers)
        with pytest.raises(Conflict, match="benefit_open"):
            await benefits.take_up(session, world.manager, one.id)

        refused = await benefit_decisions.decide(session, world.clinic, other.id, NO)
        await ask(session, world.manager, hers)
        with pytest.raises(Conflict, match="benefit_open"):
            await benefit_decisions.undo(session, world.clinic, refused.decisions[0].id)
        with pytest.raises(Conflict, match="benefit_open"):
            await benefit_decisions.revise(session, world.clinic, other.id, YES)
        other = await benefit_decisions.revise(session, world.clinic, other.id, Verdict(Ground.RULES))
        assert other.state is BenefitState.REFUSED


async def test_a_revision_taken_back_leaves_the_decision_that_it_revised(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        one = await confirmed(session, world, "王秀英")
        first = one.decisions[0].id
    clock.move(3 * DAY)
    async with database.transaction() as session:
        one = await benefit_decisions.revise(session, world.clinic, one.id, NO)
        assert one.state is BenefitState.REFUSED
        one = await benefit_decisions.undo(session, world.clinic, one.decisions[0].id)
        assert (one.state, one.until) == (BenefitState.CONFIRMED, date(2027, 3, 15))
        assert [(each.id, each.decided_on) for each in one.decisions] == [(first, TODAY)]
        one = await benefit_decisions.revise(session, world.clinic, one.id, NO)
        one = await benefit_decisions.revise(session, world.clinic, one.id, Verdict(Ground.RULES))
        one = await benefit_decisions.undo(session, world.clinic, one.decisions[0].id)
        assert [each.ground for each in one.decisions] == [Ground.PAPERS]


async def test_many_are_paid_without_those_who_changed_their_mind(database: Database, world: World) -> None:
    async with database.transaction() as session:
        unwanted, moved, silent, stays = [
            await confirmed(session, world, name) for name in ("王秀英", "李红", "张兰", "赵梅")
        ]
        ids = [one.decisions[0].id for one in (unwanted, moved, silent, stays)]
        await benefits.withdraw(session, world.manager, unwanted.id)
        await changes.record(session, world.manager, Change(moved.resident.id, ChangeKind.MOVED, TODAY))
        await consents.withdraw(session, world.manager, silent.resident.id, Purpose.BENEFITS)
        with pytest.raises(NotFound):
            await benefit_payments.pay(session, world.clinic, ids[2:3], PAID, again=True)
        with pytest.raises(Conflict, match="benefit_step"):
            await benefit_payments.pay(session, world.clinic, ids[:1], PAID, again=True)
        batch = await benefit_payments.pay(session, world.clinic, ids, PAID)
        assert {one.name for one in batch.people} == {"李红", "赵梅"}  # whoever has moved may have got the money
