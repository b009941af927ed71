"""Residents and consents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.changes import ChangeKind
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.households import Relation
from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store import changes, consents, enrolments, households, residents, visits
from models.store.changes import Change
from models.store.database import Database
from models.store.errors import Conflict, NotFound, Refused
from models.store.reports import Measures, VisitReport
from models.store.residents import Registration
from models.tables.enrolments import Enrolment
from models.tables.households import Household
from models.tables.residents import Channel, Consent, Resident
from tests.factories.world import ALL, World, person

TODAY = date(2026, 3, 16)


async def test_a_person_is_registered_with_consents_and_programmes(database: Database, world: World) -> None:
    registration = Registration(
        " 王秀英 ",
        Sex.FEMALE,
        date(1960, 5, 1),
        world.north_group.id,
        "13800138000",
        "11010519491231002X",
        ALL,
        Channel.PHONE,
        ("checkup", "hypertension"),
    )
    async with database.transaction() as session:
        made = await residents.register(session, world.manager, registration, draft_id=1)
        card = await residents.card(session, world.manager, made.person.id)
    assert made.programmes == ("hypertension", "checkup")
    assert made.village_name == "北村"
    assert made.next is not None
    assert (card.person.name, card.person.group, card.person.phone_last4) == ("王秀英", "一组", "8000")
    assert (card.phone, card.identity_last4, card.channel) == ("13800138000", "002X", Channel.PHONE)
    assert card.consents == ALL
    assert card.has_health_consent
    assert {line.programme for line in card.enrolments} == {"checkup", "hypertension"}


async def test_the_same_draft_makes_one_person(database: Database, world: World) -> None:
    registration = Registration("王秀英", Sex.FEMALE, consents=ALL, programmes=("checkup",))
    async with database.transaction() as session:
        first = await residents.register(session, world.manager, registration, draft_id=5)
        assert await residents.register(session, world.manager, registration, draft_id=5) == first
        assert len(await session.rows(select(Resident.id))) == 1


async def test_without_consent_nobody_is_enrolled(database: Database, world: World) -> None:
    registration = Registration("王秀英", Sex.FEMALE, consents=frozenset({Purpose.CONTACT}), programmes=("checkup",))
    async with database.transaction() as session:
        made = await residents.register(session, world.manager, registration)
        assert (made.programmes, made.next) == ((), None)
        assert await session.rows(select(Enrolment.id)) == []


@pytest.mark.parametrize(
    ("programme", "code"),
    [("vasectomy", "not_eligible"), ("dream", "unknown_programme"), ("iud", "missing_anchor")],
)
async def test_a_refused_programme_registers_nobody(
    database: Database, world: World, programme: str, code: str
) -> None:
    registration = Registration("王秀英", Sex.FEMALE, consents=ALL, programmes=("checkup", programme))
    async with database.transaction() as session:
        with pytest.raises(Refused) as refused:
            await residents.register(session, world.manager, registration)
        assert await session.rows(select(Resident.id)) == []
    assert refused.value.code == code


async def test_a_child_has_a_guardians_consent(database: Database, world: World) -> None:
    async with database.transaction() as session:
        child = await person(session, world.manager, "李小宝", birth_date=date(2012, 3, 17))
        grown = await person(session, world.manager, "李大宝", birth_date=date(2012, 3, 16))
        for resident_id, guardian in ((child, True), (grown, False)):
            history = await consents.history(session, world.manager, resident_id)
            assert {line.guardian for line in history} == {guardian}


async def test_township_staff_name_the_village(database: Database, world: World) -> None:
    async with database.transaction() as session:
        with pytest.raises(NotFound):
            await residents.register(session, world.clinic, Registration("王秀英", Sex.FEMALE))
        by_group = Registration("王秀英", Sex.FEMALE, group_id=world.south_group.id)
        by_village = Registration("李桂芳", Sex.FEMALE, village_id=world.south.id)
        for registration in (by_group, by_village):
            made = await residents.register(session, world.clinic, registration)
            assert made.person.village_id == world.south.id
        wrong = Registration("王秀英", Sex.FEMALE, group_id=world.north_group.id, village_id=world.south.id)
        with pytest.raises(NotFound):
            await residents.register(session, world.clinic, wrong)


async def test_namesakes_are_found_before_a_second_registration(database: Database, world: World) -> None:
    async with database.transaction() as session:
        one = await person(session, world.manager, "王秀英", birth_date=date(1960, 1, 1))
        other = await person(session, world.manager, "王秀英", birth_date=date(1971, 1, 1))
        await person(session, world.manager, "王秀")
        found = await residents.find(session, world.manager, name="王秀英")
        assert await residents.find(session, world.manager) == []
    assert {(line.id, line.birth_date) for line in found} == {
        (one, date(1960, 1, 1)),
        (other, date(1971, 1, 1)),
    }


async def test_a_corrected_birth_date_moves_what_is_due(database: Database, world: World) -> None:
    async with database.transaction() as session:
        child = await person(session, world.manager, "李小宝", birth_date=date(2026, 3, 1))
        await enrolments.enrol(session, world.manager, child, "child_health")
        [before] = await enrolments.of_person(session, world.manager, child)
        fixed = Registration("李晓宝", Sex.MALE, date(2026, 2, 1))
        await residents.correct(session, world.manager, child, fixed, "typo")
        card = await residents.card(session, world.manager, child)
        column = await session.scalar(select(Enrolment.next_due_on))
    assert card.person.name == "李晓宝"
    assert card.enrolments[0].due != before.due
    assert card.enrolments[0].due.window is not None
    assert column == card.enrolments[0].due.window.opens_on


async def test_a_registration_is_undone_completely(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        first = await person(session, world.manager, programmes=("checkup",))
        with pytest.raises(Conflict):
            await residents.undo(session, world.clinic, first)
        await residents.undo(session, world.manager, first)
        for model in (Resident, Consent, Enrolment):
            assert await session.rows(select(model.id)) == []
        second = await person(session, world.manager)
        clock.move(timedelta(minutes=11))
        with pytest.raises(Conflict) as late:
            await residents.undo(session, world.manager, second)
    assert late.value.code == "too_late"


async def test_a_person_with_a_record_is_not_undone(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        enrolment_id = await enrolments.enrol(session, world.manager, resident_id, "hypertension")
        report = VisitReport(enrolment_id, TODAY, Outcome.ATTENDED, measures=Measures(sbp=120, dbp=80))
        await visits.report(session, world.manager, report)
        with pytest.raises(Conflict) as conflict:
            await residents.undo(session, world.manager, resident_id)
    assert conflict.value.code == "changed_since"


async def test_consent_and_household_go_with_a_registration_taken_back(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        head = await person(session, manager, "王建国")
        wife = await person(session, manager, "王秀英", consents=frozenset())
        await households.join(session, manager, wife, head, Relation.SPOUSE)
        await consents.give(session, manager, wife, [Purpose.CONTACT])
        await residents.undo(session, manager, head)
        home = await households.of_person(session, manager, wife)
        assert home is not None
        assert [(one.person.name, one.relation) for one in home.members] == [("王秀英", Relation.HEAD)]
        await residents.undo(session, manager, wife)
        assert await session.rows(select(Household.id)) == []


async def test_consent_is_withdrawn_as_easily_as_given(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup",))
        await consents.withdraw(session, manager, resident_id, Purpose.REMINDERS)
        card = await residents.card(session, manager, resident_id)
        assert card.consents == ALL - {Purpose.REMINDERS}
        assert len(card.enrolments) == 1
        await consents.withdraw(session, manager, resident_id, Purpose.HEALTH_RECORD)
        with pytest.raises(NotFound):
            await residents.card(session, manager, resident_id)
        await consents.give(session, manager, resident_id, [Purpose.HEALTH_RECORD])
        again = await residents.card(session, manager, resident_id)
        assert again.consents == {Purpose.HEALTH_RECORD}
        assert again.enrolments == ()


async def test_giving_twice_gives_once(database: Database, world: World) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager)
        with pytest.raises(Conflict, match="as_it_is"):
            await consents.give(session, world.manager, resident_id, ALL)
        assert len(await consents.history(session, world.manager, resident_id)) == len(ALL)


async def test_who_was_away_goes_on_when_back(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        resident_id = await person(session, manager, programmes=("checkup", "hypertension"))
        before = await enrolments.of_person(session, manager, resident_id)
        away = VisitReport(before[-1].id, TODAY, Outcome.AWAY)
        if before[-1].programme == "checkup":
            away = VisitReport(before[0].id, TODAY, Outcome.AWAY)
        await visits.report(session, manager, away)
        assert all(line.paused for line in await enrolments.of_person(session, manager, resident_id))
        await changes.record(session, manager, Change(resident_id, ChangeKind.BACK, TODAY))
        after = await enrolments.of_person(session, manager, resident_id)
    assert [line.due for line in after] == [line.due for line in before]
