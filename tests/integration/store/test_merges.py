"""Making one person of two rows, and two again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.rules.access import AccessDenied
from models.rules.benefits import BenefitCode
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.rules.sex import Sex
from models.store import (
    _merging,
    benefits,
    checkups,
    consents,
    due,
    duplicates,
    enrolments,
    merges,
    residents,
    sides,
    visits,
)
from models.store.benefits import Application
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, Merged, NotFound
from models.store.reports import CheckupReport, Measures, VisitReport
from models.store.residents import Registration
from models.tables.audit import AuditEntry
from models.tables.base import Base, new_id
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment
from models.tables.handovers import Handover, HandoverKind
from models.tables.households import Household
from models.tables.residents import Consent, Relation, Resident
from models.tables.visits import Visit
from tests.factories.world import ALL, World, person

TODAY = date(2026, 3, 16)
IDENTITY = "11010519491231002X"
MEASURES = Measures(sbp=120, dbp=80)
NOT_MOVED = {
    "resident_accounts.resident_id",  # follows in its own way: `_accounts.follow`
    "resident_links.resident_id",
    "import_fills.resident_id",
    "merges.gone_id",
    "merges.kept_id",
    "not_duplicates.one_id",
    "not_duplicates.other_id",
    "residents.merged_into",
}
"""Columns that name a resident and stay as they are when rows are merged."""
Snapshot = dict[str, dict[int, dict[str, Any]]]


def test_every_table_with_a_resident_follows_the_person() -> None:
    naming = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "residents.id" for key in column.foreign_keys) or column.name == "resident_id"
    }
    following = {f"{model.__tablename__}.resident_id" for model in _merging.FOLLOWING}
    assert naming == following | NOT_MOVED


async def snapshot(session: StoreSession) -> Snapshot:
    """Return every row of a person's tables, but for what only counts changes."""
    found: Snapshot = {}
    for model in (Resident, *_merging.FOLLOWING):
        rows = await session.rows(select(model.__table__))
        found[model.__tablename__] = {row.id: dict(row._mapping) for row in rows}
    for row in found["residents"].values():
        del row["revision"], row["updated_at"]
    return found


async def visit(session: StoreSession, world: World, resident_id: int, programme: str, on: date = TODAY) -> int:
    """Report a visit of a programme that the person is in."""
    lines = await enrolments.of_person(session, world.manager, resident_id)
    enrolment_id = next(line.id for line in lines if line.programme == programme)
    report = VisitReport(enrolment_id, on, Outcome.ATTENDED, measures=MEASURES, note="说了两句")
    return (await visits.report(session, world.manager, report)).record_id


async def checkup(session: StoreSession, world: World, resident_id: int, on: date = TODAY) -> int:
    """Report a check-up."""
    report = CheckupReport(resident_id, on, Outcome.ATTENDED, measures=MEASURES)
    return (await checkups.report(session, world.manager, report)).record_id


async def two(session: StoreSession, world: World) -> tuple[int, int]:
    """Register somebody twice: both in check-ups, the second with diabetes and a phone."""
    one = await person(session, world.manager, programmes=("checkup", "hypertension"))
    other = await person(session, world.manager, phone="13800138000", programmes=("checkup", "diabetes"))
    return one, other


async def test_both_histories_are_kept(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept, gone = await two(session, world)
        earlier = await checkup(session, world, gone, TODAY - timedelta(days=1))
        later = await checkup(session, world, kept)
        sugar = await visit(session, world, gone, "diabetes")
        shown = await sides.preview(session, manager, kept, gone)
        assert (shown.checkups, shown.visits, shown.phone_last4, shown.filled) == (2, 1, "8000", ("phone",))
        assert set(shown.programmes) == {"checkup", "hypertension", "diabetes"}
        line = await merges.merge(session, manager, kept, gone, shown.seen)
        assert await merges.merge(session, manager, kept, gone, shown.seen) == line
        card = await residents.card(session, manager, kept)
        assert card.phone == "13800138000"
        assert {each.programme for each in card.enrolments} == {"checkup", "hypertension", "diabetes"}
        rows = {row.id: row for row in await session.rows(select(Attendance.__table__))}
        assert [rows[earlier].settled, rows[later].settled] == [True, False]
        assert rows[earlier].enrolment_id == rows[later].enrolment_id
        assert {row.resident_id for row in rows.values()} == {kept}
        assert (await visits.get(session, manager, sugar)).report.note == "说了两句"
        people = await residents.list_village(session, manager)
        listed = await due.list_due(session, manager, TODAY + timedelta(days=60))
        assert [each.id for each in people] == [kept]
        assert {each.resident.id for each in listed.lines} == {kept}
        audited = await session.rows(select(AuditEntry.details).where(AuditEntry.action == "person:merge"))
        assert [set(entry.details) for entry in audited] == [{"count"}]


async def test_what_was_merged_is_put_back_exactly(database: Database, world: World, clock: MovableClock) -> None:
    manager, clinic = world.manager, world.clinic
    async with database.transaction() as session:
        kept, gone = await two(session, world)
        for resident_id in (kept, gone):
            await checkup(session, world, resident_id)
        await visit(session, world, gone, "diabetes")
        lmp = {Anchor.LMP: TODAY - timedelta(days=100)}
        await residents.correct(session, manager, gone, Registration("王秀英", Sex.FEMALE, date(1995, 1, 1)), "typo")
        await enrolments.enrol(session, clinic, gone, "antenatal", anchors=lmp)
        await consents.withdraw(session, manager, gone, Purpose.REMINDERS)
        before = await snapshot(session)
        clock.move(timedelta(minutes=5))
        line = await merges.merge(session, manager, kept, gone)
        assert Purpose.REMINDERS not in (await residents.card(session, manager, kept)).consents
        assert await snapshot(session) != before
        page = await merges.list_merged(session, manager, limit=5)
        assert [(each.id, each.kept.id) for each in page.lines] == [(line.id, kept)]
        for _ in range(2):
            assert (await merges.undo(session, manager, line.id)).undone
        assert await snapshot(session) == before
        assert (await merges.list_merged(session, manager, limit=5)).total == 0
        again = await merges.merge(session, manager, gone, kept)
        assert again.kept.id == gone
        assert again.id != line.id


async def test_what_was_reported_since_stays(database: Database, world: World, clock: MovableClock) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept, gone = await two(session, world)
        line = await merges.merge(session, manager, kept, gone)
        clock.move(timedelta(days=1))
        since = await visit(session, world, kept, "hypertension", TODAY + timedelta(days=1))
        phone = Registration("王秀英", Sex.FEMALE, date(1960, 5, 1), phone="13900139000")
        await residents.correct(session, manager, kept, phone, "typo")
        await merges.undo(session, manager, line.id)
        row = await session.row(select(Visit.resident_id).where(Visit.id == since))
        cards = [await residents.card(session, manager, each) for each in (kept, gone)]
    assert row is not None
    assert row.resident_id == kept
    assert [card.phone for card in cards] == ["13900139000", "13800138000"]
    assert [{each.programme for each in card.enrolments} for card in cards] == [
        {"checkup", "hypertension"},
        {"checkup", "diabetes"},
    ]


async def _refused(session: StoreSession, world: World, merge_id: int) -> str:
    before = await snapshot(session)
    with pytest.raises(Conflict) as refused:
        await merges.undo(session, world.manager, merge_id)
    assert await snapshot(session) == before
    return refused.value.code


async def test_what_cant_be_taken_back_cleanly_is_refused(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept, gone = await two(session, world)
        third = await person(session, manager)
        line = await merges.merge(session, manager, kept, gone)
        clock.move(timedelta(minutes=1))
        report = await visit(session, world, kept, "diabetes")
        assert await _refused(session, world, line.id) == "merge_reported"
        await visits.undo(session, manager, report)
        onward = await merges.merge(session, manager, third, kept)
        assert await _refused(session, world, line.id) == "merge_changed"
        await merges.undo(session, manager, onward.id)
        clock.move(timedelta(days=31))
        assert await _refused(session, world, line.id) == "merge_too_late"


async def test_health_reports_are_not_left_without_consent(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept = await person(session, manager, consents=frozenset())
        gone = await person(session, manager, programmes=("checkup",))
        line = await merges.merge(session, manager, kept, gone)
        clock.move(timedelta(minutes=1))
        await enrolments.enrol(session, manager, kept, "hypertension")
        await visit(session, world, kept, "hypertension")
        assert await _refused(session, world, line.id) == "merge_reported"


async def test_a_programme_that_began_anew_since_is_not_overwritten(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept, gone = await two(session, world)
        clock.move(timedelta(days=1))
        declined = next(
            each for each in await enrolments.of_person(session, manager, gone) if each.programme == "checkup"
        )
        await enrolments.stop(session, manager, declined.id)
        line = await merges.merge(session, manager, kept, gone)
        card = await residents.card(session, manager, kept)
        assert {each.programme for each in card.enrolments} == {"hypertension", "diabetes"}
        clock.move(timedelta(days=1))
        await enrolments.enrol(session, manager, kept, "checkup")
        assert await _refused(session, world, line.id) == "merge_changed"


async def test_old_ids_lead_to_the_kept_person(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept, gone = await two(session, world)
        third = await person(session, manager)
        left = [line.id for line in await enrolments.of_person(session, manager, gone)]
        await merges.merge(session, manager, kept, gone)
        await merges.merge(session, manager, third, kept)
        for call in (
            lambda: residents.card(session, manager, gone),
            lambda: residents.brief(session, manager, gone),
            lambda: enrolments.of_person(session, manager, gone),
            lambda: enrolments.get(session, manager, left[0]),
            lambda: checkup(session, world, gone),
            lambda: sides.compare(session, manager, gone, third),
        ):
            with pytest.raises(Merged) as merged:
                await call()
            assert merged.value.kept_id == third
        with pytest.raises(NotFound) as foreign:
            await residents.card(session, world.neighbour, gone)
        assert not isinstance(foreign.value, Merged)


async def test_only_the_clinic_merges_across_villages(database: Database, world: World) -> None:
    manager, clinic = world.manager, world.clinic
    async with database.transaction() as session:
        gone = await person(session, manager, identity=IDENTITY, programmes=("checkup", "diabetes"))
        await checkup(session, world, gone)
        kept = await person(session, world.neighbour, birth_date=None, programmes=("checkup",))
        for actor in (manager, world.neighbour):
            with pytest.raises(NotFound):
                await merges.merge(session, actor, kept, gone)
        before = await snapshot(session)
        line = await merges.merge(session, clinic, kept, gone)
        card = await residents.card(session, world.neighbour, kept)
        assert (card.identity_last4, card.person.birth_date) == ("002X", date(1960, 5, 1))
        assert {each.programme for each in card.enrolments} == {"checkup", "diabetes"}
        row = await session.row(select(Attendance.village_id))
        assert row is not None
        assert row.village_id == world.north.id
        assert {each.village_id for each in await session.rows(select(Enrolment.village_id, Enrolment.state))} == {
            world.north.id,
            world.south.id,
        }
        assert len(await consents.history(session, world.neighbour, kept)) == len(ALL)
        with pytest.raises(Merged) as elsewhere:
            await residents.card(session, manager, gone)
        assert elsewhere.value.kept_id is None
        for actor in (manager, world.neighbour):
            assert (await merges.list_merged(session, actor, limit=5)).total == 0
            with pytest.raises(NotFound):
                await merges.undo(session, actor, line.id)
        await merges.undo(session, clinic, line.id)
        assert await snapshot(session) == before


async def test_a_merge_that_was_not_seen_like_this_is_refused(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept, gone = await two(session, world)
        shown = await sides.preview(session, manager, kept, gone)
        await residents.correct(session, manager, gone, Registration("王秀英", Sex.FEMALE, None), "typo")
        with pytest.raises(Conflict) as outdated:
            await merges.merge(session, manager, kept, gone, shown.seen)
        assert outdated.value.code == "merge_outdated"
        offer = {
            "id": new_id(),
            "resident_id": gone,
            "kind": HandoverKind.PERMANENT,
            "from_township_id": world.township.id,
            "from_village_id": world.north.id,
            "to_township_id": world.township.id,
            "to_village_id": world.south.id,
            "offered_at": session.now(),
            "deadline": session.now() + timedelta(days=7),
        }
        await session.execute(Handover.__table__.insert(), offer)  # type: ignore[attr-defined]
        with pytest.raises(Conflict) as offered:
            await merges.merge(session, manager, kept, gone)
        assert offered.value.code == "merge_handover"


async def test_two_rows_with_the_same_benefit_are_merged_when_one_of_them_is_withdrawn(
    database: Database, world: World
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept, gone = await two(session, world)
        wanted = [Application(each, BenefitCode.ONLY_CHILD, TODAY) for each in (kept, gone)]
        twice = [await benefits.apply(session, manager, each) for each in wanted]
        with pytest.raises(Conflict) as refused:
            await merges.merge(session, manager, kept, gone)
        assert refused.value.code == "merge_benefit"
        await benefits.withdraw(session, manager, twice[1].id)
        await merges.merge(session, manager, kept, gone)
        assert {one.id for one in await benefits.of_person(session, manager, kept)} == {one.id for one in twice}


async def test_the_kept_row_takes_the_place_in_the_household(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        head, kept, spouse, lone = [await person(session, manager, name) for name in ("甲一", "甲一", "乙二", "甲一")]
        for resident_id, relation in ((head, Relation.HEAD), (spouse, Relation.SPOUSE)):
            await _lives(session, resident_id, world, 7, relation)
        await _lives(session, lone, world, 8, Relation.HEAD)
        before = await snapshot(session)
        shown = await sides.preview(session, manager, kept, head)
        assert "household_id" in shown.filled
        first = await merges.merge(session, manager, kept, head)
        assert await _household(session) == {
            kept: (7, Relation.HEAD),
            spouse: (7, Relation.SPOUSE),
            lone: (8, Relation.HEAD),
        }
        second = await merges.merge(session, manager, lone, kept)
        assert await _household(session) == {spouse: (7, Relation.HEAD), lone: (8, Relation.HEAD)}
        for line in (second, first):
            await merges.undo(session, manager, line.id)
        assert await snapshot(session) == before


async def _lives(session: StoreSession, resident_id: int, world: World, household_id: int, relation: Relation) -> None:
    row = {
        "id": household_id,
        "township_id": world.township.id,
        "village_id": world.north.id,
        "created_at": session.now(),
    }
    await session.execute(session.insert_or_ignore(Household, ["id"]), row)
    changed = update(Resident).where(Resident.id == resident_id)
    await session.execute(changed.values(household_id=household_id, relation=relation))


async def _household(session: StoreSession) -> dict[int, tuple[int, Relation]]:
    rows = await session.rows(select(Resident.id, Resident.household_id, Resident.relation))
    return {row.id: (row.household_id, row.relation) for row in rows if row.household_id is not None}


async def test_a_merged_registration_is_not_undone(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        kept, gone = [await person(session, manager) for _ in range(2)]
        await merges.merge(session, manager, kept, gone)
        with pytest.raises(Conflict):
            await residents.undo(session, manager, kept)
        with pytest.raises(Merged):
            await residents.undo(session, manager, gone)
        assert (await duplicates.pairs(session, manager, limit=5)).total == 0
        assert {row.resident_id for row in await session.rows(select(Consent.resident_id))} == {kept, gone}


async def test_who_counts_only_merges_nobody(database: Database, world: World) -> None:
    async with database.transaction() as session:
        for actor in (world.deputy, world.leader, world.admin):
            for attempt in (
                sides.compare(session, actor, 1, 2),
                sides.preview(session, actor, 1, 2),
                merges.merge(session, actor, 1, 2),
                merges.undo(session, actor, 1),
                merges.list_merged(session, actor, limit=5),
            ):
                with pytest.raises(AccessDenied):
                    await attempt
