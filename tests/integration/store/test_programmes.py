"""A township's own programmes: loaded, joined, kept by whoever is in one already, recomputed when that is wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from models.rules.access import Role
from models.rules.clock import MovableClock
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor, Programme
from models.rules.programmes.catalogue import BUILT_IN, Catalogue
from models.rules.programmes.files.reading import read
from models.rules.spans import Span
from models.store import catalogues, due, enrolments, inbox, places, refresh, rescheduling, staff, visits
from models.store.catalogues import Loaded
from models.store.database import Database, StoreSession
from models.store.errors import Refused
from models.store.reports import Measures, VisitReport
from models.store.rescheduling import Shift
from models.tables.audit import AuditEntry
from models.tables.enrolments import Enrolment
from models.tables.places import PlaceKind
from tests.factories.world import World, person

TODAY = date(2026, 3, 16)
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "programmes.yaml"
OWN = read(EXAMPLE.read_bytes()).programmes
WEEKLY = replace(
    BUILT_IN["hypertension"],
    recurrence=replace(BUILT_IN["hypertension"].recurrence, every=Span(months=1), before=7),  # type: ignore[type-var]
)


async def loaded(database: Database, world: World, *programmes: Programme) -> list[Loaded]:
    async with database.transaction() as session:
        return await catalogues.load(session, world.township.id, programmes)


async def manager(session: StoreSession) -> staff.Actor:
    found = await staff.find(session, 101)
    assert found is not None
    return found


async def joined(database: Database, programme: str, **anchors: date) -> int:
    async with database.transaction() as session:
        actor = await manager(session)
        who = await person(session, actor)
        days = {Anchor(name): day for name, day in anchors.items()}
        return await enrolments.enrol(session, actor, who, programme, anchors=days)


async def line(database: Database, enrolment_id: int) -> enrolments.EnrolmentLine:
    async with database.transaction() as session:
        return await enrolments.get(session, await manager(session), enrolment_id)


async def visited(database: Database, enrolment_id: int, on: date, **measures: int) -> None:
    async with database.transaction() as session:
        report = VisitReport(enrolment_id, on, Outcome.ATTENDED, measures=Measures(**measures))
        await visits.report(session, await manager(session), report)


async def walked(database: Database, world: World, *, apply: bool, programme: str | None = None) -> list[Shift]:
    async with database.transaction() as session:
        step = await rescheduling.step(session, world.township.id, TODAY, programme=programme, apply=apply)
    assert step.last is None
    return list(step.shifts)


async def test_a_load_raises_the_versions_of_what_changes_and_the_same_again_changes_nothing(
    database: Database, world: World
) -> None:
    first = await loaded(database, world, *OWN)
    assert [(one.after.code, one.after.version) for one in first] == [
        ("hypertension", 2),
        ("bp_at_home", 1),
        ("copd", 1),
        ("cervical_cytology", 2),
    ]
    assert await loaded(database, world, *OWN) == []
    changed = [replace(each, lapses=90) if each.code == "copd" else each for each in OWN]
    assert [(one.after.code, one.after.version) for one in await loaded(database, world, *changed)] == [("copd", 2)]
    async with database.transaction() as session:
        assert (
            await session.scalar(select(places.Place.programmes_revision).where(places.Place.code == "411728106")) == 2
        )
        actions = await session.rows(select(AuditEntry.details).where(AuditEntry.action == "programme:load"))
    assert [row.details for row in actions][-1] == {"programme": "copd", "version": 2}
    assert len(actions) == 5


async def test_who_joins_gets_the_new_version_and_who_is_in_keeps_the_old_one(database: Database, world: World) -> None:
    before = await joined(database, "hypertension")
    await visited(database, before, TODAY)
    await loaded(database, world, WEEKLY)
    after = await joined(database, "hypertension")
    await visited(database, after, TODAY)
    old, new = await line(database, before), await line(database, after)
    assert (old.schedule.version, new.schedule.version) == (1, 2)
    assert old.due.window is not None
    assert new.due.window is not None
    assert old.due.window.target_on == date(2026, 6, 16)
    assert new.due.window.target_on == date(2026, 4, 16)


async def test_a_new_programme_is_joined_listed_and_reported(
    database: Database, world: World, clock: MovableClock
) -> None:
    await loaded(database, world, *OWN)
    mine = await joined(database, "copd", start=TODAY - timedelta(days=30))
    async with database.transaction() as session:
        actor = await manager(session)
        page = await due.list_due(session, actor, TODAY)
        assert [(one.programme, one.item, one.schedule.titles) for one in page.lines] == [
            ("copd", "first_month", (("zh-CN", "慢阻肺随访"), ("en", "COPD follow-up")))
        ]
        report = VisitReport(mine, TODAY, Outcome.ATTENDED)
        receipt = await visits.report(session, actor, report)
    assert receipt.schedule.code == "copd"
    assert receipt.next is not None
    assert (receipt.next.item, receipt.next.target_on) == ("quarterly", date(2026, 6, 16))
    clock.move(timedelta(days=120))
    async with database.transaction() as session:
        assert await refresh.step(session, world.township.id, TODAY + timedelta(days=120)) >= 0
        page = await due.list_due(session, await manager(session), TODAY + timedelta(days=120))
    assert [(one.item, one.state.value) for one in page.lines] == [("quarterly", "overdue")]


async def test_what_is_based_on_hypertension_knows_control(database: Database, world: World) -> None:
    await loaded(database, world, *OWN)
    mine = await joined(database, "bp_at_home")
    await visited(database, mine, TODAY, sbp=165, dbp=95)
    found = await line(database, mine)
    assert found.due.window is not None
    assert (found.due.window.item, found.due.window.opens_on) == ("follow_up", TODAY + timedelta(days=14))


async def test_a_retired_programme_is_kept_but_not_joined(database: Database, world: World) -> None:
    before = await joined(database, "elderly")
    await loaded(database, world, replace(BUILT_IN["elderly"], retired=True))
    assert (await line(database, before)).schedule.version == 1
    with pytest.raises(Refused, match="not_eligible"):
        await joined(database, "elderly")


async def test_a_preview_changes_nothing_and_a_recompute_changes_what_it_said(database: Database, world: World) -> None:
    ids = [await joined(database, "hypertension") for _ in range(3)]
    for number, each in enumerate(ids[:2]):
        await visited(database, each, TODAY - timedelta(days=number))
    other = await joined(database, "diabetes")
    await loaded(database, world, WEEKLY)
    async with database.transaction() as session:
        columns = (Enrolment.id, Enrolment.programme_version, Enrolment.next_due_on, Enrolment.updated_at)
        before = [tuple(row) for row in await session.rows(select(*columns).order_by(Enrolment.id))]
    preview = await walked(database, world, apply=False)
    assert [(one.programme, one.version, one.to) for one in preview] == [("hypertension", 1, 2)] * 3
    assert [one.days for one in preview] == [-54, -54, 0]
    async with database.transaction() as session:
        assert [tuple(row) for row in await session.rows(select(*columns).order_by(Enrolment.id))] == before
    assert await walked(database, world, apply=False, programme="diabetes") == []
    assert await walked(database, world, apply=True) == preview
    for each, shift in zip(ids, preview, strict=True):
        found = await line(database, each)
        assert found.schedule.version == 2
        assert found.due.window is not None
        assert found.due.window.opens_on == shift.after
    async with database.transaction() as session:
        stored = {row.id: row for row in await session.rows(select(*columns))}
        assert [stored[each].next_due_on for each in ids] == [one.after for one in preview]
        assert stored[other].programme_version == 1
        kept = select(AuditEntry.action, AuditEntry.details, AuditEntry.staff_id)
        told = await session.rows(kept.where(AuditEntry.action.like("programme:%")).order_by(AuditEntry.id))
    assert [tuple(row) for row in told][1:] == [
        ("programme:preview", {"programme": None, "enrolments": 3}, None),
        ("programme:recompute", {"programme": None, "enrolments": 3}, None),
    ]
    assert await walked(database, world, apply=True) == []


async def test_who_lacks_a_date_stays_with_the_old_version(database: Database, world: World) -> None:
    mine = await joined(database, "hypertension")
    [item] = read(EXAMPLE.read_bytes()).programmes[2].items
    await loaded(database, world, replace(BUILT_IN["hypertension"], anchors=(Anchor.START,), items=(item,)))
    [shift] = await walked(database, world, apply=True)
    assert shift.lacks
    assert (await line(database, mine)).schedule.version == 1


async def test_a_recompute_goes_by_batches(database: Database, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescheduling, "BATCH", 2)
    for _ in range(3):
        await joined(database, "hypertension")
    await loaded(database, world, WEEKLY)
    async with database.transaction() as session:
        first = await rescheduling.step(session, world.township.id, TODAY, apply=True)
    assert (len(first.shifts), first.last is None) == (2, False)
    async with database.transaction() as session:
        rest = await rescheduling.step(session, world.township.id, TODAY, after=first.last or 0, apply=True)
    assert (len(rest.shifts), rest.last) == (1, None)


async def test_townships_do_not_see_each_others_programmes(database: Database, world: World) -> None:
    async with database.transaction() as session:
        township = await places.add(session, "411728107", PlaceKind.TOWNSHIP, "另一镇")
        village = await places.add(session, "411728107201", PlaceKind.VILLAGE, "另村", parent=township, checkup_dom=3)
        await staff.add(session, 201, 201, Role.MANAGER, village)
    await loaded(database, world, *OWN)
    async with database.transaction() as session:
        await catalogues.load(session, township.id, [replace(WEEKLY, source="另一镇")])
    async with database.transaction() as session:
        here, there = await staff.find(session, 101), await staff.find(session, 201)
        assert here is not None
        assert there is not None
        assert "copd" in here.catalogue
        assert "copd" not in there.catalogue
        assert here.catalogue["hypertension"].recurrence != there.catalogue["hypertension"].recurrence
        assert there.catalogue["hypertension"].source == "另一镇"
        who = await person(session, there)
        with pytest.raises(Refused, match="unknown_programme"):
            await enrolments.enrol(session, there, who, "copd")
        mine = await enrolments.enrol(session, there, who, "hypertension")
        assert (await enrolments.get(session, there, mine)).schedule.source == "另一镇"


async def test_the_next_update_sees_a_load_and_only_that_one_asks_for_it(database: Database, world: World) -> None:
    """As another replica does: what it holds is of the revision before."""
    other = Database(database.url.render_as_string(hide_password=False), database.vault.keyring, database.clock)
    try:
        asked = await _asked(other, 1)
        await loaded(database, world, *OWN)
        async with other.transaction() as session:
            opened = await inbox.open_turn(session, 2, 101, 101)
        assert opened.actor is not None
        assert isinstance(opened.actor.catalogue, Catalogue)
        assert opened.actor.catalogue["copd"].version == 1
        assert await _asked(other, 3) == asked
    finally:
        await other.close()


async def _asked(database: Database, update: int) -> int:
    """Return how many statements beside the one of every update are needed to open a turn."""
    statements: list[str] = []

    def noted(*args: object) -> None:
        statements.append(str(args[2]))

    engine = database._writers._engine.sync_engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", noted)
    try:
        async with database.transaction() as session:
            assert (await inbox.open_turn(session, update, 101, 101)).actor is not None
    finally:
        event.remove(engine, "before_cursor_execute", noted)
    return len(statements)
