"""Scope: a manager of another village finds nothing, by any id; a role without the permission is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from models.rules.access import AccessDenied, Actor
from models.rules.changes import ChangeKind
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.rules.sex import Sex
from models.store import changes, checkups, consents, due, enrolments, residents, status, unlisted, visits
from models.store.changes import Change
from models.store.database import Database, StoreSession
from models.store.errors import NotFound
from models.store.reports import CheckupReport, Measures, VisitReport
from models.store.residents import Registration
from tests.factories.world import World, enrolled, person

TODAY = date(2026, 3, 16)
NOBODY = 12345
_PERSON = Registration("王二", Sex.MALE, None)


@dataclass(frozen=True)
class Ids:
    """Ids of the north, to be tried by the manager of the south."""

    resident: int
    enrolment: int
    visit: int
    checkup: int
    village: int
    group: int


def _visit(enrolment_id: int) -> VisitReport:
    return VisitReport(enrolment_id, TODAY, Outcome.ATTENDED, measures=Measures(sbp=120, dbp=80))


def _checkup(resident_id: int) -> CheckupReport:
    return CheckupReport(resident_id, TODAY, Outcome.ATTENDED, measures=Measures(sbp=120, dbp=80))


Call = Callable[[StoreSession, Actor, Ids], Awaitable[Any]]
BY_ID: dict[str, Call] = {
    "residents.brief": lambda s, a, i: residents.brief(s, a, i.resident),
    "residents.card": lambda s, a, i: residents.card(s, a, i.resident),
    "residents.correct": lambda s, a, i: residents.correct(
        s, a, i.resident, Registration("王二", Sex.MALE, None), "typo"
    ),
    "residents.undo": lambda s, a, i: residents.undo(s, a, i.resident),
    "residents.list_village": lambda s, a, i: residents.list_village(s, a, i.village),
    "residents.register_village": lambda s, a, i: residents.register(
        s, a, Registration("王二", Sex.MALE, None, village_id=i.village)
    ),
    "residents.register_group": lambda s, a, i: residents.register(
        s, a, Registration("王二", Sex.MALE, None, group_id=i.group)
    ),
    "consents.history": lambda s, a, i: consents.history(s, a, i.resident),
    "consents.give": lambda s, a, i: consents.give(s, a, i.resident, [Purpose.CONTACT]),
    "consents.withdraw": lambda s, a, i: consents.withdraw(s, a, i.resident, Purpose.CONTACT),
    "enrolments.of_person": lambda s, a, i: enrolments.of_person(s, a, i.resident),
    "enrolments.get": lambda s, a, i: enrolments.get(s, a, i.enrolment),
    "enrolments.enrol": lambda s, a, i: enrolments.enrol(s, a, i.resident, "diabetes"),
    "enrolments.set_anchor": lambda s, a, i: enrolments.set_anchor(s, a, i.enrolment, Anchor.LAST_VISIT, TODAY),
    "enrolments.stop": lambda s, a, i: enrolments.stop(s, a, i.enrolment),
    "changes.record": lambda s, a, i: changes.record(s, a, Change(i.resident, ChangeKind.AWAY, TODAY)),
    "unlisted.get": lambda s, a, i: unlisted.get(s, a, i.resident),
    "visits.report": lambda s, a, i: visits.report(s, a, _visit(i.enrolment)),
    "visits.correct": lambda s, a, i: visits.correct(s, a, i.visit, _visit(i.enrolment), "typo"),
    "visits.undo": lambda s, a, i: visits.undo(s, a, i.visit),
    "visits.get": lambda s, a, i: visits.get(s, a, i.visit),
    "visits.versions": lambda s, a, i: visits.versions(s, a, i.visit),
    "checkups.day_for": lambda s, a, i: checkups.day_for(s, a, TODAY, i.village),
    "checkups.upcoming_day": lambda s, a, i: checkups.upcoming_day(s, a, TODAY, i.village),
    "checkups.expected": lambda s, a, i: checkups.expected(s, a, TODAY, i.village),
    "checkups.report": lambda s, a, i: checkups.report(s, a, _checkup(i.resident)),
    "checkups.correct": lambda s, a, i: checkups.correct(s, a, i.checkup, _checkup(i.resident), "typo"),
    "checkups.undo": lambda s, a, i: checkups.undo(s, a, i.checkup),
    "checkups.get": lambda s, a, i: checkups.get(s, a, i.checkup),
    "checkups.versions": lambda s, a, i: checkups.versions(s, a, i.checkup),
    "due.list_due": lambda s, a, i: due.list_due(s, a, TODAY, village_id=i.village),
}
"""Every store function that takes an id of a person, a record or a village."""


async def north(session: StoreSession, world: World) -> Ids:
    """Fill the north."""
    manager = world.manager
    resident_id = await person(session, manager, programmes=("checkup", "hypertension"))
    lines = await enrolments.of_person(session, manager, resident_id)
    enrolment_id = next(line.id for line in lines if line.programme == "hypertension")
    visit = await visits.report(session, manager, _visit(enrolment_id))
    checkup = await checkups.report(session, manager, _checkup(resident_id))
    return Ids(
        resident_id,
        enrolment_id,
        visit.record_id,
        checkup.record_id,
        world.north.id,
        world.north_group.id,
    )


async def _refusal(session: StoreSession, name: str, actor: Actor, ids: Ids) -> Exception:
    """Return how a call is refused."""
    try:
        async with session.savepoint():
            await BY_ID[name](session, actor, ids)
    except (NotFound, AccessDenied) as refusal:
        return refusal
    raise AssertionError(f"{name} was not refused to {actor.role}")


async def test_another_villages_manager_finds_nothing(database: Database, world: World) -> None:
    nobody = Ids(NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, NOBODY)
    async with database.transaction() as session:
        ids = await north(session, world)
        for name in BY_ID:
            foreign = await _refusal(session, name, world.neighbour, ids)
            unknown = await _refusal(session, name, world.manager, nobody)
            assert isinstance(foreign, NotFound), name
            assert isinstance(unknown, NotFound), name
            assert str(foreign) == str(unknown), name


async def test_who_sees_no_people_is_refused(database: Database, world: World) -> None:
    async with database.transaction() as session:
        ids = await north(session, world)
        for name in BY_ID:
            for actor in (world.deputy, world.leader, world.admin):
                assert isinstance(await _refusal(session, name, actor, ids), AccessDenied), name


async def test_lists_end_at_the_villages_border(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await north(session, world)
        await enrolled(session, world.neighbour, "hypertension", name="李桂芳", phone="13800138000")
        for actor, names in ((world.manager, {"王秀英"}), (world.neighbour, {"李桂芳"})):
            people = await residents.list_village(session, actor)
            page = await due.list_due(session, actor, TODAY + timedelta(days=90))
            assert {line.name for line in people} == names
            assert {line.resident.name for line in page.lines} == names
        assert await residents.find(session, world.manager, name="李桂芳") == []
        assert await residents.find(session, world.manager, phone="13800138000") == []
        [found] = await residents.find(session, world.clinic, phone="13800138000")
        assert found.name == "李桂芳"


async def test_another_township_is_out_of_reach_for_the_clinic(database: Database, world: World) -> None:
    from models.rules.access import Role
    from models.store import places, staff
    from models.tables.places import PlaceKind

    async with database.transaction() as session:
        ids = await north(session, world)
        other = await places.add(session, "411728107", PlaceKind.TOWNSHIP, "别镇")
        stranger = await staff.add(session, 900, 900, Role.CLINIC, other)
        for name, call in BY_ID.items():
            if name == "residents.register_group":
                continue
            with pytest.raises(NotFound):
                async with session.savepoint():
                    await call(session, stranger, ids)
        with pytest.raises(NotFound):
            await enrolments.approve(session, stranger, ids.enrolment)
        page = await status.by_village(session, stranger, TODAY, TODAY)
        assert page.lines == ()


async def test_a_manager_never_learns_of_antenatal_care(database: Database, world: World) -> None:
    manager, clinic = world.manager, world.clinic
    async with database.transaction() as session:
        resident_id = await person(session, manager, birth_date=date(1995, 1, 1))
        lmp = {Anchor.LMP: TODAY - timedelta(days=130)}
        enrolment_id = await enrolments.enrol(session, clinic, resident_id, "antenatal", anchors=lmp)
        stored = await visits.report(session, clinic, _visit(enrolment_id))
        assert await enrolments.of_person(session, manager, resident_id) == []
        assert (await residents.card(session, manager, resident_id)).enrolments == ()
        assert (await due.list_due(session, manager, TODAY)).total == 0
        for attempt in (
            enrolments.get(session, manager, enrolment_id),
            enrolments.stop(session, manager, enrolment_id),
            visits.get(session, manager, stored.record_id),
            visits.report(session, manager, _visit(enrolment_id)),
        ):
            with pytest.raises(NotFound):
                await attempt
        with pytest.raises(AccessDenied):
            await enrolments.enrol(session, manager, resident_id, "antenatal", anchors=lmp)
        assert len(await enrolments.of_person(session, clinic, resident_id)) == 1
