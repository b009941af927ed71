"""The morning digest: one message a person and day, counted when it is sent; nothing to say, nothing sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from locales.message import Text
from models.rules import periods
from models.rules.appeals import AppealedPart
from models.rules.clock import CHINA, MovableClock, local_day
from models.rules.escalation import HoldKind
from models.rules.outcomes import Outcome
from models.rules.programmes.base import Anchor
from models.store import appeals, digests, due, enrolments, queue, scorecards, visits
from models.store.appeals import Ruling
from models.store.database import Database
from models.store.reports import VisitReport
from models.tables.alerts import Alert
from models.tables.enrolments import Enrolment
from models.tables.outbox import OutboxMessage
from models.tables.staff import Staff
from scheduler.dispatcher import Dispatcher
from scheduler.planner import Planner
from scheduler.sources import digest
from tests.factories.windows import closed
from tests.factories.world import World, enrolled, person
from tests.integration.scheduler.test_dispatcher import FULL_PACE, GONE, Spoken

sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
TUESDAY = date(2026, 3, 17)
Said = dict[int, dict[str, int]]


def at(clock: MovableClock, day: date, hour: int, minute: int = 0) -> None:
    clock.move(datetime.combine(day, time(hour, minute), CHINA).astimezone(UTC) - clock.now())


async def morning(database: Database, spoken: Spoken) -> Said:
    """Plan and send, and return what each chat was told: the counts by their text keys."""
    spoken.said.clear()
    spoken.texts.clear()
    await Planner(database, [digest.SOURCE]).run()
    await Dispatcher(database, spoken, FULL_PACE).run()
    said = zip(spoken.said, spoken.texts, strict=True)
    told = [(chat, _counts(text.values)) for (chat, key, _), text in said if key == "digest.screen"]
    assert len(told) == len(dict(told))
    return dict(told)


def _counts(values: Mapping[str, object]) -> dict[str, int]:
    lines = values["lines"]
    assert isinstance(lines, list)
    return {line.key.removeprefix("digest."): line.values["n"] for line in lines[1:] if isinstance(line, Text)}


async def _overdue(database: Database, enrolment_id: int, closes_on: date, followup_on: date | None = None) -> None:
    async with database.transaction() as session:
        values = {"next_due_on": closes_on - 10 * DAY, "next_closes_on": closes_on, "followup_on": followup_on}
        one = update(Enrolment).where(Enrolment.id == enrolment_id)
        await session.execute(one.values(**values, refresh_on=None))


@pytest.fixture
def spoken() -> Spoken:
    return Spoken()


async def test_what_is_overdue_and_due_is_told_at_the_own_hour_and_what_is_done_is_gone(
    database: Database, world: World, clock: MovableClock, spoken: Spoken
) -> None:
    async with database.transaction() as session:
        late = await enrolled(session, world.manager, "hypertension", name="甲")
        danger = await enrolled(session, world.manager, "hypertension", name="乙")
        soon = await enrolled(session, world.manager, "hypertension", name="丙")
        await enrolled(session, world.neighbour, "hypertension", name="丁")
        mine = update(Staff).where(Staff.id == world.neighbour.staff_id)
        await session.execute(mine.values(digest_at=time(9, 30)))
    await _overdue(database, late, TUESDAY - 3 * DAY)
    await _overdue(database, danger, TUESDAY - DAY, TUESDAY - DAY)
    await _overdue(database, soon, TUESDAY + 3 * DAY)
    at(clock, TUESDAY, 7, 59)
    assert await morning(database, spoken) == {}
    at(clock, TUESDAY, 8)
    told = await morning(database, spoken)
    assert told[101] == {"line.dangerous": 1, "line.overdue": 1, "until.due": 1}
    assert list(told[101]) == ["line.dangerous", "line.overdue", "until.due"]
    assert told[103]["line.overdue"] == 1
    assert set(told) == {101, 103}
    at(clock, TUESDAY, 9, 30)
    assert set(await morning(database, spoken)) == {102}
    async with database.transaction() as session:
        for each in (late, danger):
            await visits.report(session, world.manager, VisitReport(each, TUESDAY, Outcome.ATTENDED))
    at(clock, TUESDAY + DAY, 8)
    assert (await morning(database, spoken))[101] == {"until.due": 1}


async def test_the_numbers_are_those_of_the_due_list(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        for number, programme in enumerate(("hypertension", "diabetes", "checkup", "elderly")):
            await enrolled(session, world.manager, programme, name=f"王{number}", birth_date=date(1950, 1, 1))
    for days in (0, 40, 90, 200):
        clock.move(days * DAY)
        async with database.transaction() as session:
            today = local_day(clock.now())
            page = await due.list_due(session, world.manager, today, limit=50)
            found = await due.by_day(session, world.manager, today)
            told = {state: sum(one.many for one in found if one.state is state) for state in due.STATES}
            assert told == dict(page.counts)
            assert sum(line.count for line in await digests.count(session, world.manager, today)) >= page.total


@sqlite
async def test_nothing_to_say_is_no_trouble(
    database: Database, world: World, clock: MovableClock, spoken: Spoken
) -> None:
    since = clock.now()
    for _ in range(4):
        assert await morning(database, spoken) == {}
        clock.move(DAY)
    async with database.reading() as session:
        assert not await queue.troubles(session, world.township.id, since, clock.now())
        assert sum((await queue.standing(session)).messages.values()) <= 3 * len(world.everybody)


@sqlite
async def test_on_days_off_only_what_is_urgent_is_told(
    database: Database, world: World, clock: MovableClock, spoken: Spoken
) -> None:
    async with database.transaction() as session:
        late = await enrolled(session, world.manager, "hypertension", name="甲")
    sunday = date(2026, 3, 22)
    await _overdue(database, late, sunday - 3 * DAY)
    at(clock, sunday - DAY, 12)
    assert await morning(database, spoken) == {}
    await _overdue(database, late, sunday - 3 * DAY, sunday - 3 * DAY)
    at(clock, sunday, 12)
    assert await morning(database, spoken) == {101: {"line.dangerous": 1}, 103: {"line.dangerous": 1}}


@sqlite
async def test_what_waits_for_the_clinic_is_told(
    database: Database, world: World, clock: MovableClock, spoken: Spoken
) -> None:
    async with database.transaction() as session:
        resident_id = await person(session, world.manager, "甲")
        start = {Anchor.START: date(2026, 3, 1)}
        waiting = await enrolments.enrol(session, world.manager, resident_id, "dmpa", anchors=start)
    at(clock, TUESDAY, 8)
    assert (await morning(database, spoken))[103]["line.approval"] == 1
    async with database.transaction() as session:
        await enrolments.approve(session, world.clinic, waiting)
    at(clock, TUESDAY + DAY, 8)
    assert "line.approval" not in (await morning(database, spoken)).get(103, {})


async def test_a_final_card_is_told_once_to_its_village_and_an_appeal_to_who_decides(
    database: Database, world: World, clock: MovableClock, spoken: Spoken
) -> None:
    saturday, february = TUESDAY + 4 * DAY, periods.month_of(date(2026, 2, 1))
    async with database.transaction() as session:
        await closed(session, world.north.code, in_time=20, late=20, closes_on=date(2026, 2, 20))
        late = await enrolled(session, world.manager, "hypertension", name="甲")
    await _overdue(database, late, saturday - DAY, saturday - DAY)
    at(clock, saturday, 7)
    async with database.transaction() as session:
        assert await scorecards.follow(session, world.township.id, saturday) == 2
    at(clock, saturday, 8)
    assert (await morning(database, spoken))[101] == {"line.dangerous": 1}  # a day off
    at(clock, saturday + 2 * DAY, 8)
    told = await morning(database, spoken)
    assert told[101] == {"line.dangerous": 1, "until.card": 1}
    assert set(told) == {101, 103}  # nothing is scored in the other village
    async with database.transaction() as session:
        made = await appeals.make(session, world.manager, february, AppealedPart.TIMELINESS, "路封了", 1)
    at(clock, saturday + 3 * DAY, 8)
    told = await morning(database, spoken)
    assert told[101] == {"line.dangerous": 1}
    assert (told[103]["line.appeal"], told[104]) == (1, {"line.appeal": 1})
    async with database.transaction() as session:
        await appeals.decide(session, world.deputy, made.id, Ruling(None, "不改"), 2, saturday + 3 * DAY)
    at(clock, saturday + 4 * DAY, 8)
    assert all("line.appeal" not in counts for counts in (await morning(database, spoken)).values())


@sqlite
async def test_after_an_outage_one_digest_comes_and_none_of_yesterday(
    database: Database, world: World, clock: MovableClock, spoken: Spoken
) -> None:
    async with database.transaction() as session:
        late = await enrolled(session, world.manager, "hypertension", name="甲")
    await _overdue(database, late, TUESDAY - 3 * DAY)
    at(clock, TUESDAY, 5)
    assert await morning(database, spoken) == {}
    at(clock, TUESDAY + 2 * DAY, 14)
    assert set(await morning(database, spoken)) == {101, 103}
    assert spoken.texts[0].values["lines"][0].values == {"day": TUESDAY + 2 * DAY}  # type: ignore[index]
    assert await morning(database, spoken) == {}


@sqlite
async def test_of_who_cannot_be_reached_the_next_one_is_told_once_not_every_morning(
    database: Database, world: World, clock: MovableClock, spoken: Spoken
) -> None:
    async with database.transaction() as session:
        late = await enrolled(session, world.neighbour, "hypertension", name="甲", village_id=world.south.id)
    await _overdue(database, late, TUESDAY - 3 * DAY)
    at(clock, TUESDAY - DAY, 12)
    for _ in range(3):
        clock.move(DAY)
        spoken.said.clear()
        await Planner(database, [digest.SOURCE]).run()
        spoken.fates = [GONE]  # the manager's comes first: planned first, due at the same moment
        await Dispatcher(database, spoken, FULL_PACE).run()
        assert spoken.said[0][0] == 102
    assert [key for _, key, _ in spoken.said].count("notices.unreached") == 0
    async with database.reading() as session:
        told = await session.rows(select(OutboxMessage.id).where(OutboxMessage.kind == "unreached"))
    assert len(told) == 1


@sqlite
async def test_what_climbs_is_told_to_whom_it_reaches_and_what_is_snoozed_is_left_out(
    database: Database, world: World, clock: MovableClock, spoken: Spoken
) -> None:
    async with database.transaction() as session:
        late = await enrolled(session, world.manager, "hypertension", name="甲")
    await _overdue(database, late, TUESDAY - DAY)
    told = {}
    for days in (0, 1, 2, 3, 4, 7, 8, 9, 10, 13, 20, 21, 22):  # around the rungs, and now and then between them
        at(clock, TUESDAY + days * DAY, 8)
        for chat, counts in (await morning(database, spoken)).items():
            if line := {"line.escalated", "line.places"} & set(counts):
                assert [counts[one] for one in line] == [1]
                told.setdefault(chat, TUESDAY + days * DAY)
    # 3, 7 and 14 working days after the first day overdue, the deputy's on a Thursday.
    assert told == {103: date(2026, 3, 20), 104: date(2026, 3, 26), 105: date(2026, 4, 8)}
    async with database.transaction() as session:
        held = {"hold": HoldKind.SNOOZED, "held_until": TUESDAY + 30 * DAY}
        await session.execute(update(Alert).values(**held))
    at(clock, TUESDAY + 23 * DAY, 8)
    assert await morning(database, spoken) == {}
    at(clock, TUESDAY + 31 * DAY, 8)
    assert set(await morning(database, spoken)) == {101, 103, 104, 105}
