"""What is overdue climbs, is seen to, and is over; on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from models.rules.access import AccessDenied, Actor, Role
from models.rules.alerts import AlertKind, AlertState, CloseReason, SnoozeReason
from models.rules.calendar import is_working_day, working_day_after
from models.rules.clock import MovableClock, local_day
from models.rules.digest import Line, Topic
from models.rules.escalation import HoldKind, Rung, passed_over
from models.rules.outcomes import Outcome
from models.store import (
    alert_holds,
    alerts,
    checkups,
    climbs,
    decisions,
    digests,
    leaves,
    meetings,
    refresh,
    relevance,
    staff,
    visits,
)
from models.store.alerts import OverdueDecision
from models.store.database import Database, StoreSession
from models.store.decisions import Wanted
from models.store.errors import Conflict, NotFound, Refused
from models.store.leaves import Wish
from models.store.reports import CheckupReport, Measures, VisitReport
from models.tables.alerts import Alert, AlertHold
from models.tables.enrolments import Enrolment
from models.tables.outbox import OutboxMessage
from models.tables.residents import Resident
from tests.factories.world import World, enrolled

BEGUN = date(2026, 1, 5)


async def _closing(session: StoreSession, world: World, name: str = "甲") -> tuple[int, date]:
    """Enrol somebody whose next visit closes on a day to come; return both."""
    enrolment_id = await enrolled(session, world.manager, "hypertension", name=name, since=BEGUN)
    report = VisitReport(enrolment_id, BEGUN, Outcome.ATTENDED, measures=Measures(120, 80))
    await visits.report(session, world.manager, report)
    closes = await session.scalar(select(Enrolment.next_closes_on).where(Enrolment.id == enrolment_id))
    return enrolment_id, closes


def _go_to(clock: MovableClock, day: date, at: time = time(1)) -> date:
    """Let it be `day`, nine o'clock in China."""
    clock.move(datetime.combine(day, at, UTC) - clock.now())
    return day


async def _follow(session: StoreSession, world: World) -> int:
    """Do what the planner does."""
    today = local_day(session.now())
    while await refresh.step(session, world.township.id, today):
        pass
    total, found = 0, 1
    while found:
        found = await climbs.follow(session, world.township.id, today, 1)
        total += found
    return total


async def _open(session: StoreSession, world: World) -> list[int]:
    """Return how many alerts have reached manager, neighbour and clinic; of how many kinds, deputy and leader."""
    readers = (world.manager, world.neighbour, world.clinic, world.deputy, world.leader)
    today = local_day(session.now())
    return [await _many(session, reader, today) for reader in readers]


async def _many(session: StoreSession, reader: Actor, today: date) -> int:
    return (await _open_and_new(session, reader, today))[0]


async def _open_and_new(session: StoreSession, reader: Actor, today: date) -> tuple[int, int]:
    if reader.is_of_team:
        found = await alerts.counts(session, reader, today)
        return found.open, found.new
    many = [(one.visits + one.day + one.decisions, one.is_new) for one in await alerts.by_place(session, reader, today)]
    return sum(kinds for kinds, _ in many), sum(kinds for kinds, is_new in many if is_new)


async def test_it_climbs_by_working_days_and_each_is_told_on_the_right_one(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        _, closes = await _closing(session, world)
        await _closing(session, world, "乙")
    since = closes + timedelta(days=1)
    day = timedelta(days=1)
    on = [since, *(working_day_after(since, count) for count in (3, 7, 14))]
    for today in (*sorted({rung + days * day for rung in on for days in (-1, 0, 1)}), since + 39 * day):
        _go_to(clock, today)
        async with database.transaction() as session:
            changed = await _follow(session, world)
            assert await _follow(session, world) == 0
            assert changed == (2 if today == since else 0)
            readers = (world.manager, world.clinic, world.deputy, world.leader)
            found = [await _open_and_new(session, one, today) for one in readers]
            assert found == [
                (many * (today >= rung), many * (today == rung)) for rung, many in zip(on, (2, 2, 1, 1), strict=True)
            ]
            assert await _many(session, world.neighbour, today) == 0


async def test_a_village_that_reports_nothing_is_overdue_from_the_deadline(
    database: Database, world: World, clock: MovableClock
) -> None:
    _go_to(clock, date(2026, 5, 6))
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "checkup", since=date(2026, 4, 1))
        person_id = await session.scalar(select(Enrolment.resident_id).where(Enrolment.id == enrolment_id))
    # 10 May 2026 is a Sunday: held on the 11th, to be reported by 18:00 on the 12th.
    _go_to(clock, date(2026, 5, 12), time(9, 59))
    async with database.transaction() as session:
        await _follow(session, world)
        assert await _open(session, world) == [0, 0, 0, 0, 0]
    clock.move(timedelta(minutes=1))
    async with database.transaction() as session:
        await _follow(session, world)
        assert await _open(session, world) == [1, 0, 0, 0, 0]
        found = await alerts.counts(session, world.manager, date(2026, 5, 12))
        assert (found.new, found.kinds[AlertKind.CHECKUP_DAY]) == (1, 1)
    _go_to(clock, date(2026, 5, 15))
    async with database.transaction() as session:
        assert await _open(session, world) == [1, 0, 1, 0, 0]
        report = CheckupReport(person_id, date(2026, 5, 11), Outcome.ATTENDED, measures=Measures(120, 80))
        receipt = await checkups.report(session, world.manager, report)
        assert await _open(session, world) == [0, 0, 0, 0, 0]
        await _follow(session, world)
        await checkups.undo(session, world.manager, receipt.record_id)
        await _follow(session, world)
        assert await _open(session, world) == [1, 0, 1, 0, 0]
        rows = await session.rows(select(Alert.closed_on, Alert.kind).where(Alert.kind == AlertKind.CHECKUP_DAY))
        assert [tuple(row) for row in rows] == [(None, AlertKind.CHECKUP_DAY)]


async def test_each_villages_day_stands_by_itself(database: Database, world: World, clock: MovableClock) -> None:
    """Whoever came in March is missing in May; another village's later day says nothing of this one's."""
    async with database.transaction() as session:
        enrolment_id = await enrolled(session, world.manager, "checkup", since=date(2026, 3, 1))
        person_id = await session.scalar(select(Enrolment.resident_id).where(Enrolment.id == enrolment_id))
        came = CheckupReport(person_id, date(2026, 3, 10), Outcome.ATTENDED)
        await checkups.report(session, world.manager, came)
        await enrolled(session, world.neighbour, "checkup", since=date(2026, 3, 1), name="乙")
    for day in (date(2026, 5, 12), date(2026, 5, 26)):  # the south's day is the 25th
        _go_to(clock, day, time(10))
        async with database.transaction() as session:
            await _follow(session, world)
            kinds = [(await alerts.counts(session, one, day)).kinds for one in (world.manager, world.neighbour)]
            assert [kind[AlertKind.CHECKUP_DAY] for kind in kinds] == [1, 1]


async def _climbing(database: Database, world: World, clock: MovableClock, after: int = 0) -> tuple[int, date]:
    """Let something be overdue for so many working days; return its alert and the first day overdue."""
    async with database.transaction() as session:
        _, closes = await _closing(session, world)
    since = closes + timedelta(days=1)
    today = _go_to(clock, working_day_after(since, after))
    async with database.transaction() as session:
        await _follow(session, world)
        (line,) = (await alerts.list_open(session, world.manager, today)).lines
    return line.id, since


async def test_acknowledged_by_the_clinic_it_waits_for_its_date(
    database: Database, world: World, clock: MovableClock
) -> None:
    alert_id, since = await _climbing(database, world, clock, 3)
    today = local_day(clock.now())
    until = today + timedelta(days=10)
    async with database.transaction() as session:
        for _ in range(2):
            line = await alert_holds.acknowledge(session, world.clinic, alert_id, today, until)
        (done,) = line.holds
        assert (done.kind, done.until) == (HoldKind.ACKNOWLEDGED, until)
        assert done.by is not None
        assert (done.by.role, done.by.place_name) == (Role.CLINIC, "沈寨镇")
        assert [(rung.role, rung.on) for rung in line.reached] == [(Role.MANAGER, since), (Role.CLINIC, today)]
        assert line.state is AlertState.HELD
        assert passed_over((await alerts.get(session, world.manager, alert_id, today)).reached, Role.MANAGER) == (
            Rung(Role.CLINIC, today),
        )
        for reader in (world.manager, world.clinic):
            found = await alerts.counts(session, reader, today)
            assert (found.open, found.new, found.held) == (0, 0, 1)
        with pytest.raises(Refused, match="hold_until"):
            await alert_holds.acknowledge(session, world.clinic, alert_id, today, today + timedelta(days=31))
    went_on = [day for days in range(40) if is_working_day(day := until + timedelta(days=days))]
    for day in (until - timedelta(days=1), went_on[3], went_on[4]):
        _go_to(clock, day)
        async with database.transaction() as session:
            await _follow(session, world)
            assert (await _open(session, world))[3] == (day == went_on[3] or day == went_on[4])


async def test_given_to_a_colleague_it_counts_anew_and_is_told_once(
    database: Database, world: World, clock: MovableClock
) -> None:
    alert_id, _ = await _climbing(database, world, clock, 1)
    today = local_day(clock.now())
    async with database.transaction() as session:
        (taker,) = await alert_holds.takers(session, world.manager, alert_id, today)
        assert taker.staff_id == world.clinic.staff_id
        with pytest.raises(NotFound):
            await alert_holds.assign(session, world.manager, alert_id, today, world.neighbour.staff_id)
        for _ in range(2):
            line = await alert_holds.assign(session, world.manager, alert_id, today, taker.staff_id)
        assert line.assigned == taker
        assert await _open(session, world) == [1, 0, 1, 0, 0]
        told = await session.rows(select(OutboxMessage.recipient_id, OutboxMessage.kind))
        assert [tuple(row) for row in told] == [(taker.staff_id, alert_holds.ASSIGNED)]
        assert await relevance.alert_is_given(session, world.clinic, alert_id)
        assert [rung.on for rung in line.coming] == [working_day_after(today, count) for count in (3, 7, 14)]
        back = await alert_holds.undo(session, world.manager, line.holds[0].id, today)
        assert (back.assigned, back.holds) == (None, ())
        assert await alert_holds.undo(session, world.manager, line.holds[0].id, today) == back
        assert not await relevance.alert_is_given(session, world.clinic, alert_id)
        assert await _open(session, world) == [1, 0, 0, 0, 0]


async def test_a_snooze_is_kept_sealed_and_taken_back_by_its_author_only(
    database: Database, world: World, clock: MovableClock
) -> None:
    alert_id, _ = await _climbing(database, world, clock, 3)
    today = local_day(clock.now())
    until = today + timedelta(days=5)
    async with database.transaction() as session:
        wait = (alert_id, today, until, SnoozeReason.AGREED, "等她儿子回来", 7)
        for _ in range(2):
            line = await alert_holds.snooze(session, world.manager, *wait)
        (done,) = line.holds
        assert (done.reason, done.note) == (SnoozeReason.AGREED, "等她儿子回来")
        sealed = await session.scalar(select(AlertHold.note_sealed))
        assert "儿子".encode() not in sealed
        with pytest.raises(Conflict, match="not_yours"):
            await alert_holds.undo(session, world.clinic, done.id, today)
    clock.move(timedelta(minutes=11))
    async with database.transaction() as session:
        with pytest.raises(Conflict, match="too_late"):
            await alert_holds.undo(session, world.manager, done.id, today)
        for stranger in (world.neighbour, world.deputy):
            with pytest.raises((NotFound, AccessDenied)):
                await alerts.get(session, stranger, alert_id, today)


async def test_what_is_over_is_over_for_everybody_at_once(
    database: Database, world: World, clock: MovableClock
) -> None:
    """Taken back, it is as before: so each outcome is tried on the same alert."""
    alert_id, _ = await _climbing(database, world, clock, 14)
    today = local_day(clock.now())
    async with database.transaction() as session:
        enrolment_id = await session.scalar(select(Alert.subject_id).where(Alert.id == alert_id))
        assert await _open(session, world) == [1, 0, 1, 1, 1]
    for outcome in (Outcome.ATTENDED, Outcome.DECLINED, Outcome.DECEASED, Outcome.AWAY):
        async with database.transaction() as session:
            measures = Measures(120, 80) if outcome is Outcome.ATTENDED else Measures()
            report = VisitReport(enrolment_id, today, outcome, measures=measures)
            made = await visits.report(session, world.manager, report)
            assert await _open(session, world) == [0, 0, 0, 0, 0], outcome
            with pytest.raises(Conflict, match="alert_closed"):
                await alert_holds.acknowledge(session, world.clinic, alert_id, today)
            assert await _follow(session, world) == 1, outcome
            why = await session.scalar(select(Alert.closed_why))
            assert why is (CloseReason.GONE if outcome is Outcome.DECEASED else CloseReason.DONE), outcome
            await visits.undo(session, world.manager, made.record_id)
            assert await _follow(session, world) == 1, outcome
            assert await _open(session, world) == [1, 0, 1, 1, 1], outcome


async def test_a_substitute_takes_over_and_whoever_was_away_sees_it(
    database: Database, world: World, clock: MovableClock
) -> None:
    alert_id, _ = await _climbing(database, world, clock)
    today = local_day(clock.now())
    last_on = today + timedelta(days=1)
    async with database.transaction() as session:
        await leaves.take(session, world.manager, Wish(today, last_on, world.neighbour.staff_id))
        assert await _open(session, world) == [1, 0, 0, 0, 0]  # another village's people stay out of sight
        leave = await leaves.take(session, world.manager, Wish(today, last_on, world.clinic.staff_id))
        assert await _open(session, world) == [1, 0, 1, 0, 0]
        assert (await alerts.get(session, world.clinic, alert_id, today)).stands_in
        assert not (await alerts.get(session, world.manager, alert_id, today)).stands_in
        await leaves.decline(session, world.clinic, leave.id)
        assert await _open(session, world) == [1, 0, 0, 0, 0]
        await leaves.end(session, world.manager, leave.id)
        await leaves.take(session, world.manager, Wish(today, last_on, world.clinic.staff_id))
        await alert_holds.acknowledge(session, world.clinic, alert_id, today)
        assert [hold.for_reader for hold in (await alerts.get(session, world.clinic, alert_id, today)).holds] == [False]
        assert await alert_holds.done_for(session, world.manager, today) == 0
    back = _go_to(clock, working_day_after(last_on, 1))
    async with database.transaction() as session:
        assert [hold.for_reader for hold in (await alerts.get(session, world.manager, alert_id, back)).holds] == [True]
        assert await alert_holds.done_for(session, world.manager, back) == 1
        assert Line(Topic.STOOD_IN, 1) in await digests.count(session, world.manager, back)
        with pytest.raises(NotFound):
            await alerts.get(session, world.clinic, alert_id, back)
    later = _go_to(clock, working_day_after(back, 1))
    async with database.transaction() as session:
        assert await alert_holds.done_for(session, world.manager, later) == 0


async def test_what_was_given_to_somebody_on_leave_reaches_who_stands_in(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        twin = await staff.add(session, 901, 901, Role.CLINIC, world.township, name="同事")
    alert_id, _ = await _climbing(database, world, clock)
    today = local_day(clock.now())
    async with database.transaction() as session:
        await alert_holds.assign(session, world.manager, alert_id, today, twin.staff_id)
        assert (await _open(session, world))[2] == 0
        await leaves.take(session, twin, Wish(today, today, world.clinic.staff_id))
        assert (await _open(session, world))[2] == 1


async def test_a_third_time_it_is_told_anyway_to_whom_it_is_not_held(
    database: Database, world: World, clock: MovableClock
) -> None:
    alert_id, since = await _climbing(database, world, clock)
    day, held = since, []
    for _ in range(3):
        _go_to(clock, day)
        async with database.transaction() as session:
            await _follow(session, world)
            until = day + timedelta(days=9)
            line = await alert_holds.snooze(session, world.manager, alert_id, day, until, SnoozeReason.BUSY)
            held.append(line.in_a_row)
        day = until
    assert held == [1, 2, 3]
    told_on = working_day_after(day - timedelta(days=9), 1)
    _go_to(clock, told_on)
    async with database.transaction() as session:
        await _follow(session, world)
        found = await alerts.counts(session, world.clinic, told_on)
        assert (found.open, found.new, found.held) == (1, 1, 0)
        assert (await alerts.counts(session, world.manager, told_on)).held == 1
        line = await alerts.get(session, world.manager, alert_id, told_on)
        assert (line.anyway, line.in_a_row, line.state) == (frozenset({Role.CLINIC}), 0, AlertState.HELD)


async def test_a_township_has_its_own_ladder_and_nobody_is_told_twice(
    database: Database, world: World, clock: MovableClock
) -> None:
    alert_id, since = await _climbing(database, world, clock, 4)
    today = local_day(clock.now())
    async with database.transaction() as session:
        with pytest.raises(AccessDenied):
            await climbs.set_ladder(session, world.leader, {})
        with pytest.raises(ValueError, match="each rung"):
            await climbs.set_ladder(session, world.admin, {Role.CLINIC: 9})
        await climbs.set_ladder(session, world.admin, {Role.CLINIC: 1, Role.DEPUTY: 2, Role.LEADER: None})
        assert await _follow(session, world) == 1
        line = await alerts.get(session, world.clinic, alert_id, today)
        told = [(Role.MANAGER, since), (Role.CLINIC, working_day_after(since, 3)), (Role.DEPUTY, today)]
        assert ([(rung.role, rung.on) for rung in line.reached], line.coming) == (told, ())


async def test_a_decision_climbs_from_its_owner_to_those_above(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        meeting = await meetings.upcoming(session, world.leader)
    _go_to(clock, meeting.held_on + timedelta(days=1))
    due_on = meeting.held_on + timedelta(days=8)
    async with database.transaction() as session:
        for owner in (world.manager, world.deputy):
            wanted = Wanted("修好血压计", owner.staff_id, due_on)
            made = await decisions.add(session, world.leader, meeting.id, wanted)
    _go_to(clock, due_on + timedelta(days=1))
    async with database.transaction() as session:
        await _follow(session, world)
        assert await _open(session, world) == [1, 0, 0, 1, 0]
        (line,) = (await alerts.list_open(session, world.manager, due_on + timedelta(days=1))).lines
        assert isinstance(line.about, OverdueDecision)
        assert line.about.text == "修好血压计"
        assert await alert_holds.takers(session, world.manager, line.id, due_on + timedelta(days=1)) == []
    _go_to(clock, working_day_after(due_on + timedelta(days=1), 14))
    async with database.transaction() as session:
        await _follow(session, world)
        assert await _open(session, world) == [1, 0, 1, 2, 2]
        await decisions.finish(session, world.deputy, made.id)
        assert await _open(session, world) == [1, 0, 1, 1, 1]


async def test_a_village_that_takes_somebody_over_begins_anew(
    database: Database, world: World, clock: MovableClock
) -> None:
    _, since = await _climbing(database, world, clock, 5)
    today = local_day(clock.now())
    async with database.transaction() as session:
        await session.execute(update(Enrolment).values(village_id=world.south.id))
        await session.execute(update(Resident).values(village_id=world.south.id))
        assert await _open(session, world) == [0, 0, 0, 0, 0]
        await _follow(session, world)
        assert await _open(session, world) == [0, 1, 0, 0, 0]
        rows = await session.rows(select(Alert.since, Alert.closed_why).order_by(Alert.since))
        assert [tuple(row) for row in rows] == [(since, CloseReason.PLACED), (today, None)]
