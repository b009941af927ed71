"""The roster of a check-up day: made, marked, measured, closed, opened again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.consent import Purpose
from models.rules.facts import DueState
from models.rules.outcomes import Outcome
from models.rules.rosters import Mark
from models.store import (
    changes,
    checkup_days,
    checkups,
    consents,
    due,
    enrolments,
    merges,
    own,
    residents,
    roster_closing,
    rosters,
    scope,
    status,
    unreported,
)
from models.store.changes import Change, ChangeKind
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.reports import CheckupReport, Measures
from models.store.rosters import Roster, RosterLine
from models.tables.audit import AuditEntry
from models.tables.checkups import Attendance, CheckupDay, DayState
from models.tables.enrolments import Enrolment
from models.tables.residents import ResidentStatus
from models.tables.rosters import RosterEntry
from tests.factories.world import World, person
from tests.integration.store.test_accounts import tie

HELD_ON = date(2026, 3, 10)
CALM, HIGH = Measures(sbp=128, dbp=82), Measures(sbp=186, dbp=112)


async def populate(session: StoreSession, world: World, *names: str, **of_person: Any) -> dict[str, int]:
    """Register people who are in the check-up programme since before the day, and return their ids by name."""
    found = {}
    for name in names:
        resident_id = await person(session, world.manager, name, **of_person)
        await enrolments.enrol(session, world.manager, resident_id, "checkup", enrolled_on=HELD_ON - timedelta(days=9))
        found[name] = resident_id
    return found


async def opened(session: StoreSession, world: World) -> Roster:
    """Open the roster of the north."""
    day = await rosters.current_day(session, world.manager)
    return await rosters.open_day(session, world.manager, day.id)


def by_name(roster: Roster) -> dict[str, RosterLine]:
    """Return the lines by name."""
    return {line.resident.name: line for line in roster.lines}


async def say(session: StoreSession, world: World, roster: Roster, **marks: Mark | None) -> Roster:
    """Mark people by name."""
    for name, mark in marks.items():
        line = by_name(roster)[name]
        assert (await rosters.mark(session, world.manager, line.id, mark, line.version)).is_new
    return await rosters.open_day(session, world.manager, roster.day.id)


async def records(session: StoreSession) -> dict[int, Any]:
    """Return the attendances that stand, by person."""
    rows = await session.rows(select(Attendance.__table__).where(Attendance.voided_at.is_(None)))
    assert len(rows) == len({row.resident_id for row in rows})
    return {row.resident_id: row for row in rows}


async def test_numbers_follow_the_pinyin_and_stay(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await populate(session, world, "王秀英", "单国强", "李红")
        first = await opened(session, world)
        assert [(line.number, line.resident.name) for line in first.lines] == [
            (1, "李红"),
            (2, "单国强"),
            (3, "王秀英"),
        ]
        await populate(session, world, "白梅")
        later = await opened(session, world)
        assert (later.lines[0].number, later.lines[0].resident.name) == (4, "白梅")
        assert [line.id for line in later.lines[1:]] == [line.id for line in first.lines]
        assert (first.day.held_on, first.is_closed, first.village) == (HELD_ON, False, "北村")


async def test_groups_come_first_and_who_joined_after_the_day_is_not_expected(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await populate(session, world, "安平", "王秀英")
        found = await residents.list_village(session, world.manager)
        last = next(one for one in found if one.name == "王秀英")
        grouped = await residents.registered_as(session, world.manager, last.id)
        moved = replace(grouped.registration, group_id=world.north_group.id)
        await residents.correct(session, world.manager, last.id, moved, "typo")
        await person(session, world.manager, "晚到", programmes=("checkup",))
        roster = await opened(session, world)
    assert [line.resident.name for line in roster.lines] == ["王秀英", "安平"]


async def test_a_stale_tap_changes_nothing_and_learns_who_was_first(database: Database, world: World) -> None:
    async with database.transaction() as session:
        await populate(session, world, "王秀英")
        [line] = (await opened(session, world)).lines
        first = await rosters.tap(session, world.manager, line.id, line.version)
        second = await rosters.tap(session, world.clinic, line.id, line.version)
    assert (first.is_new, first.line.mark) == (True, Mark.ATTENDED)
    assert (second.is_new, second.line.mark, second.line.version) == (False, Mark.ATTENDED, first.line.version)
    assert second.by is not None
    assert second.by.staff_id == world.manager.staff_id


async def test_everybody_else_and_back_again(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        await populate(session, world, "王秀英", "李红", "单国强")
        roster = await say(session, world, await opened(session, world), 王秀英=Mark.DECLINED)
        batch = await rosters.fill(session, manager, roster.day.id, Mark.ATTENDED)
        roster = await opened(session, world)
        assert (batch.many, len(roster.open_lines)) == (2, 0)
        roster = await say(session, world, roster, 李红=Mark.ABSENT)
        assert await rosters.take_back(session, manager, batch.id) == 1
        assert await rosters.take_back(session, manager, batch.id) == 0
        marks = {name: line.mark for name, line in by_name(await opened(session, world)).items()}
    assert marks == {"王秀英": Mark.DECLINED, "李红": Mark.ABSENT, "单国强": None}


async def test_closing_makes_records_once(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        people = await populate(session, world, "王秀英", "李红", "单国强", "赵铁柱", "周翠")
        roster = await opened(session, world)
        await rosters.measure(session, manager, by_name(roster)["王秀英"].id, HIGH)
        roster = await say(session, world, await opened(session, world), 李红=Mark.ABSENT, 单国强=Mark.DECLINED)
        agreed = by_name(roster)["李红"]
        await rosters.look_at(session, manager, agreed.id, agreed.version, HELD_ON + timedelta(days=14))
        roster = await say(session, world, await opened(session, world), 赵铁柱=Mark.AWAY)
        with pytest.raises(Conflict, match="roster_changed"):
            await roster_closing.close(session, manager, roster.day.id, roster.revision - 1)
        closed = await roster_closing.close(session, manager, roster.day.id, roster.revision)
        again = await roster_closing.close(session, world.clinic, roster.day.id)
        stored = await records(session)
        assert (closed.reported, closed.refused, again.reported) == (4, 0, 0)
        assert {name: stored[people[name]].outcome for name in ("王秀英", "李红", "单国强", "赵铁柱")} == {
            "王秀英": Outcome.ATTENDED,
            "李红": Outcome.RESCHEDULED,
            "单国强": Outcome.DECLINED,
            "赵铁柱": Outcome.AWAY,
        }
        assert people["周翠"] not in stored
        assert (stored[people["王秀英"]].sbp, stored[people["王秀英"]].urgent) == (186, True)
        assert await session.rows(select(RosterEntry.id).where(RosterEntry.measures_sealed.is_not(None))) == []
        shown = by_name(again.roster)
        assert all(line.is_done for name, line in shown.items() if name != "周翠")
        assert (shown["王秀英"].measures, again.roster.is_closed) == (HIGH, True)
        assert again.roster.closed_by is not None
        assert again.roster.closed_by.staff_id == manager.staff_id
        with pytest.raises(Conflict, match="roster_closed"):
            await rosters.tap(session, manager, shown["周翠"].id, shown["周翠"].version)
        ended = await session.scalar(select(Enrolment.state).where(Enrolment.resident_id == people["单国强"]))
        assert ended == "ended"


async def test_a_mark_of_declining_silences_at_once_and_taken_back_nothing_is_lost(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        people = await populate(session, world, "王秀英", "李建国", "张爱云")
        account = await tie(session, world, people["张爱云"])
        await own.remind(session, account, on=True)
        roster = await opened(session, world)
        assert await _waiting(session, world) == {"王秀英", "李建国", "张爱云"}
        before = await _columns(session, people["王秀英"])
        roster = await say(session, world, roster, 王秀英=Mark.DECLINED, 张爱云=Mark.DECLINED)
        assert await _waiting(session, world) == {"李建国"}
        assert await own.reminded(session, world.township.id) == {}
        assert (await status.by_village(session, world.manager, HELD_ON, HELD_ON)).due == 1
        card = await residents.card(session, world.manager, people["王秀英"])
        assert [line.due.state for line in card.enrolments] == [DueState.CLOSED]
    clock.move(timedelta(days=9))
    async with database.transaction() as session:
        assert await _waiting(session, world) == {"李建国"}
        roster = await say(session, world, await opened(session, world), 王秀英=Mark.ATTENDED)
        roster = await say(session, world, roster, 王秀英=None, 张爱云=None)
        assert await _waiting(session, world) == {"王秀英", "李建国", "张爱云"}
        assert await _columns(session, people["王秀英"]) == before
        assert await own.reminded(session, world.township.id) == {account.staff_id: world.north.id}
        many = await rosters.fill(session, world.manager, roster.day.id, Mark.DECLINED)
        assert await _waiting(session, world) == set()
        await rosters.take_back(session, world.manager, many.id)
        assert len(await _waiting(session, world)) == 3
        await say(session, world, await opened(session, world), 王秀英=Mark.DECLINED)
        await roster_closing.close(session, world.manager, roster.day.id)
        assert await _waiting(session, world) == {"李建国", "张爱云"}
        await roster_closing.reopen(session, world.manager, roster.day.id)
        await say(session, world, await opened(session, world), 王秀英=None)
        await roster_closing.close(session, world.manager, roster.day.id)
        assert "王秀英" in await _waiting(session, world)


async def _waiting(session: StoreSession, world: World) -> set[str]:
    page = await due.list_due(session, world.manager, scope.today(session, world.manager))
    return {line.resident.name for line in page.lines}


async def _columns(session: StoreSession, resident_id: int) -> tuple[Any, ...]:
    row = await session.row(select(Enrolment.__table__).where(Enrolment.resident_id == resident_id))
    assert row is not None
    return row.next_due_on, row.next_closes_on, row.next_item


async def test_opened_again_it_corrects_takes_back_and_adds(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        people = await populate(session, world, "王秀英", "李红", "单国强", "周翠")
        roster = await opened(session, world)
        await rosters.fill(session, manager, roster.day.id, Mark.ATTENDED)
        await rosters.measure(session, manager, by_name(roster)["李红"].id, CALM)
        roster = await say(session, world, await opened(session, world), 单国强=Mark.DECLINED)
        await roster_closing.close(session, manager, roster.day.id)
        before = await records(session)
        roster = await roster_closing.reopen(session, world.clinic, roster.day.id)
        assert {line.mark for line in roster.lines} == {Mark.ATTENDED, Mark.DECLINED}
        roster = await say(session, world, roster, 王秀英=Mark.ABSENT, 单国强=Mark.ATTENDED)
        line = by_name(roster)["周翠"]
        await rosters.mark(session, manager, line.id, None, line.version)
        await rosters.measure(session, manager, by_name(roster)["李红"].id, Measures(weight=620))
        closed = await roster_closing.close(session, manager, roster.day.id)
        after = await records(session)
    assert closed.reported == 4
    assert people["周翠"] not in after
    assert after[people["王秀英"]].outcome is Outcome.NOT_REACHED
    assert after[people["单国强"]].outcome is Outcome.ATTENDED
    assert (after[people["李红"]].sbp, after[people["李红"]].weight) == (128, 620)
    assert {after[each].id for each in after} <= {before[each].id for each in before}
    assert {row.version for row in after.values()} == {2}


async def test_reopening_ends_with_the_lock_date(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        await populate(session, world, "王秀英")
        roster = await opened(session, world)
        await roster_closing.close(session, world.manager, roster.day.id)
        clock.move(timedelta(days=31))
        with pytest.raises(Conflict, match="locked"):
            await roster_closing.reopen(session, world.manager, roster.day.id)
        assert not (await roster_closing.reopen(session, world.clinic, roster.day.id)).is_closed
        audited = await session.rows(select(AuditEntry.action).where(AuditEntry.action.like("roster:%")))
    assert [row.action for row in audited] == ["roster:close", "roster:reopen"]


async def test_a_single_form_shows_as_done(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        people = await populate(session, world, "王秀英", "李红")
        report = CheckupReport(people["王秀英"], HELD_ON, Outcome.ATTENDED, measures=CALM)
        receipt = await checkups.report(session, manager, report)
        line = by_name(await opened(session, world))["王秀英"]
        assert line.record is not None
        assert (line.is_done, line.record.id, line.measures) == (True, receipt.record_id, CALM)
        for refused in (
            rosters.tap(session, manager, line.id, line.version),
            rosters.measure(session, manager, line.id, CALM),
        ):
            with pytest.raises(Conflict, match="already_reported"):
                await refused
        batch = await rosters.fill(session, manager, line.day_id, Mark.ATTENDED)
        closed = await roster_closing.close(session, manager, line.day_id)
    assert (batch.many, closed.reported) == (1, 1)


async def test_measuring_marks_and_refuses_what_cannot_be(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        await populate(session, world, "王秀英", "李红")
        private = await person(session, manager, "周无同意", consents=frozenset())
        roster = await opened(session, world)
        line = by_name(roster)["王秀英"]
        tapped = await rosters.measure(session, manager, line.id, CALM)
        assert (tapped.line.mark, tapped.line.measures) == (Mark.ATTENDED, CALM)
        tapped = await rosters.measure(session, manager, line.id, Measures(weight=620))
        assert tapped.line.measures == Measures(sbp=128, dbp=82, weight=620)
        with pytest.raises(Refused, match="measure_order"):
            await rosters.measure(session, manager, line.id, Measures(sbp=80, dbp=120))
        other = by_name(roster)["李红"]
        await rosters.mark(session, manager, other.id, Mark.ABSENT, other.version)
        with pytest.raises(Conflict, match="marked_otherwise"):
            await rosters.measure(session, manager, other.id, CALM)
        walk_in = await rosters.add_walk_in(session, manager, roster.day.id, private)
        with pytest.raises(NoConsent):
            await rosters.measure(session, manager, walk_in.line.id, CALM)
        forgotten = await rosters.unmeasure(session, manager, line.id, tapped.line.version)
        assert (forgotten.line.measured, forgotten.line.mark) == (False, Mark.ATTENDED)


async def test_what_was_measured_goes_with_the_consent(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        people = await populate(session, world, "王秀英")
        [line] = (await opened(session, world)).lines
        await rosters.measure(session, manager, line.id, HIGH)
        await consents.withdraw(session, manager, people["王秀英"], Purpose.HEALTH_RECORD)
        await roster_closing.close(session, manager, line.day_id)
        row = (await records(session)).get(people["王秀英"])
        assert row is None or (row.sbp, row.outcome) == (None, Outcome.ATTENDED)
        assert await session.rows(select(RosterEntry.id).where(RosterEntry.measures_sealed.is_not(None))) == []


async def test_walk_ins_join_by_coming_and_leave_by_a_mistake(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        await populate(session, world, "王秀英")
        guest = await person(session, manager, "赵铁柱")
        slip = await person(session, manager, "钱有错")
        roster = await opened(session, world)
        added = await rosters.add_walk_in(session, manager, roster.day.id, guest)
        again = await rosters.add_walk_in(session, manager, roster.day.id, guest)
        assert (added.line.number, added.line.walk_in, added.line.mark) == (2, True, Mark.ATTENDED)
        assert (again.is_new, again.line.id) == (False, added.line.id)
        wrong = (await rosters.add_walk_in(session, manager, roster.day.id, slip)).line
        assert (await rosters.mark(session, manager, wrong.id, None, wrong.version)).is_new
        assert set(by_name(await opened(session, world))) == {"王秀英", "赵铁柱"}
        await roster_closing.close(session, manager, roster.day.id)
        stored = await records(session)
        joined = await enrolments.of_person(session, manager, guest)
    assert stored[guest].outcome is Outcome.ATTENDED
    assert [line.programme for line in joined] == ["checkup"]


async def test_who_left_leaves_the_list_and_who_is_away_is_marked(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        people = await populate(session, world, "王秀英", "李红", "单国强", "赵铁柱")
        await changes.record(session, manager, Change(people["赵铁柱"], ChangeKind.AWAY, HELD_ON))
        roster = await opened(session, world)
        assert by_name(roster)["赵铁柱"].mark is Mark.AWAY
        await changes.record(session, manager, Change(people["王秀英"], ChangeKind.DIED, HELD_ON))
        [line] = await enrolments.of_person(session, manager, people["李红"])
        await enrolments.stop(session, manager, line.id)
        assert set(by_name(await opened(session, world))) == {"单国强", "赵铁柱"}
        await rosters.fill(session, manager, roster.day.id, Mark.ATTENDED)
        await roster_closing.close(session, manager, roster.day.id)
        card = await residents.card(session, manager, people["赵铁柱"])
    assert card.person.status is ResidentStatus.AWAY


async def test_a_closed_day_is_reported_and_an_open_one_is_not(
    database: Database, world: World, clock: MovableClock
) -> None:
    manager = world.manager
    async with database.transaction() as session:
        await populate(session, world, "王秀英", "李红")
        roster = await opened(session, world)
        await rosters.fill(session, manager, roster.day.id, Mark.ATTENDED)
        assert [(one.expected, one.missing) for one in await unreported.by_village(session, manager)] == [(2, 2)]
        await roster_closing.close(session, manager, roster.day.id)
        assert await unreported.by_village(session, manager) == []
        state = await session.scalar(select(CheckupDay.state).where(CheckupDay.id == roster.day.id))
    assert state is DayState.CLOSED


async def test_a_day_with_marks_is_neither_moved_nor_marked_too_early(
    database: Database, world: World, clock: MovableClock
) -> None:
    clock.move(timedelta(days=50))  # 5 May; the next day is 11 May
    async with database.transaction() as session:
        await populate(session, world, "王秀英")
        roster = await opened(session, world)
        [line] = roster.lines
        assert roster.day.held_on == date(2026, 5, 11)
        with pytest.raises(Conflict, match="day_not_begun"):
            await rosters.tap(session, world.manager, line.id, line.version)
        nominal = roster.day.nominal_on
        await checkup_days.move(session, world.admin, world.north.id, nominal, date(2026, 5, 12), "weather")
        clock.move(timedelta(days=7))
        await rosters.tap(session, world.manager, line.id, line.version)
        with pytest.raises(Conflict, match="day_begun"):
            await checkup_days.cancel(session, world.admin, world.north.id, nominal, "weather")


async def test_only_who_works_there_reaches_a_roster(database: Database, world: World) -> None:
    async with database.transaction() as session:
        people = await populate(session, world, "王秀英")
        roster = await opened(session, world)
        [line] = roster.lines
        for actor in (world.leader, world.deputy, world.admin):
            with pytest.raises(AccessDenied):
                await rosters.open_day(session, actor, roster.day.id)
        for refused in (
            rosters.open_day(session, world.neighbour, roster.day.id),
            rosters.tap(session, world.neighbour, line.id, line.version),
            rosters.measure(session, world.neighbour, line.id, CALM),
            rosters.fill(session, world.neighbour, roster.day.id, Mark.ATTENDED),
            rosters.add_walk_in(session, world.neighbour, roster.day.id, people["王秀英"]),
            roster_closing.close(session, world.neighbour, roster.day.id),
            roster_closing.reopen(session, world.neighbour, roster.day.id),
        ):
            with pytest.raises(NotFound):
                await refused


async def test_two_rows_of_one_person_leave_one_line(database: Database, world: World) -> None:
    manager = world.manager
    async with database.transaction() as session:
        people = await populate(session, world, "王秀英", "王秀因")
        roster = await say(session, world, await opened(session, world), 王秀因=Mark.ATTENDED)
        done = await merges.merge(session, manager, people["王秀英"], people["王秀因"])
        [line] = (await opened(session, world)).lines
        assert (line.resident.id, line.mark) == (people["王秀英"], Mark.ATTENDED)
        await merges.undo(session, manager, done.id)
        assert len((await opened(session, world)).lines) == 2
        assert roster.lines
