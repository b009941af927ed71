"""The weekly summary: to the heads, once a week, on the first working day, in place of their digest."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from locales.translator import LANGUAGES, translator
from models.rules.clock import MovableClock
from models.store.database import Database
from scheduler.dispatcher import Dispatcher
from scheduler.planner import Planner
from scheduler.sources import digest, weekly
from tests.factories.world import World, enrolled
from tests.integration.scheduler.test_digest import TUESDAY, _overdue, at
from tests.integration.scheduler.test_dispatcher import FULL_PACE, Spoken

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
HEADS = {104, 105}
ANY_WEEKLY = {(chat, "weekly.screen") for chat in HEADS}


async def _woken(database: Database, spoken: Spoken) -> list[tuple[int, str]]:
    spoken.said.clear()
    spoken.texts.clear()
    await Planner(database, [digest.SOURCE, weekly.SOURCE]).run()
    await Dispatcher(database, spoken, FULL_PACE).run()
    return sorted((chat, key) for chat, key, _ in spoken.said if chat in HEADS)


async def test_it_comes_once_a_week_on_the_first_working_day(
    database: Database, world: World, clock: MovableClock
) -> None:
    async with database.transaction() as session:
        late = await enrolled(session, world.manager, "hypertension", name="甲")
    await _overdue(database, late, TUESDAY - 9 * DAY)
    spoken, told = Spoken(), {}
    days_of_interest = (0, 1, 3)  # Monday, the day after, and one between
    for days in (n for n in range(3, 35) if (TUESDAY + n * DAY).weekday() in days_of_interest):
        at(clock, TUESDAY + days * DAY, 8)
        said = await _woken(database, spoken)
        if said:
            told[TUESDAY + days * DAY] = said
    both = [(104, "weekly.screen"), (105, "weekly.screen")]
    # Monday, 6 April, is off: the day after.
    mondays = [date(2026, 3, 23), date(2026, 3, 30), date(2026, 4, 7), date(2026, 4, 13), date(2026, 4, 20)]
    assert {day: said for day, said in told.items() if ANY_WEEKLY & set(said)} == dict.fromkeys(mondays, both)
    # On other days the digest tells them what has climbed so far.
    others = {one for day, said in told.items() if day not in mondays for one in said}
    assert others <= {(chat, "digest.screen") for chat in HEADS}


async def test_after_an_outage_it_comes_late_and_once(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        late = await enrolled(session, world.manager, "hypertension", name="甲")
    await _overdue(database, late, TUESDAY - 9 * DAY)
    spoken = Spoken()
    for day, hour, many in ((22, 9, 0), (24, 15, 2), (25, 8, 0), (27, 9, 0)):
        at(clock, date(2026, 3, day), hour)
        assert len([one for one in await _woken(database, spoken) if one in ANY_WEEKLY]) == many


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_reads_well_and_names_no_small_number(
    database: Database, world: World, clock: MovableClock, language: str
) -> None:
    for many, actor in ((12, world.manager), (3, world.neighbour)):
        async with database.transaction() as session:
            ids = [await enrolled(session, actor, "hypertension", name=f"甲{n}") for n in range(many)]
        for one in ids:
            await _overdue(database, one, TUESDAY - 30 * DAY)
    spoken = Spoken()
    at(clock, date(2026, 3, 23), 8)
    assert len(await _woken(database, spoken)) == 2
    words = translator(language).render(next(text for text in spoken.texts if text.key == "weekly.screen"))
    small, withheld = (
        ("另有 南村，都少于 10", "不显示") if language == "zh-CN" else ("also 南村: fewer than 10 each", "not shown")
    )
    assert "北村" in words and "12" in words and small in words and withheld in words
    assert not re.search(r"(?<!\d)3(?!\d|/)", words.split("\n", 1)[1])
    assert "15" not in words.split("\n", 1)[1]
