"""The demo township: everything in it is as if it had been entered through the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.local.demo.personas import PERSONAS
from bot.local.demo.seeding import seed
from bot.local.demo.units import TOWNSHIP_CODE
from models.rules import periods
from models.rules.access import Actor, Role
from models.rules.birth_totals import Meaning
from models.rules.clock import MovableClock, local_day
from models.rules.complaints import Channel, ComplaintOutcome, Concern, due_on, handler
from models.rules.consent import Purpose
from models.rules.due import Facts, assess
from models.rules.facts import DueState
from models.rules.indicators.codes import IndicatorCode
from models.rules.outcomes import EFFECTS, Outcome
from models.rules.programmes.base import Family
from models.rules.programmes.catalogue import BUILT_IN
from models.rules.rosters import Mark
from models.store import (
    _facts,
    _findings,
    birth_totals,
    checkups,
    complaints,
    due,
    enrolments,
    places,
    residents,
    rosters,
    status,
    unreported,
    visits,
)
from models.store.database import Database, StoreSession
from models.store.indicators import figures
from models.store.keyring import Keyring
from models.store.reports import MEASURES, CheckupReport, Measures
from models.tables.checkups import Attendance, CheckupDay
from models.tables.complaints import Complaint
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import Place
from models.tables.residents import Consent, Resident, ResidentStatus
from models.tables.staff import Staff
from models.tables.visits import Visit
from tests.conftest import KEYS, MONDAY, NewDatabase
from tests.integration.local.conftest import Making
from tests.integration.local.demo import TABLES, Row, actor, content, read

TODAY = local_day(MONDAY)
MOMENTS = (
    datetime(2025, 12, 31, 16, 5, tzinfo=UTC),
    datetime(2026, 8, 1, 12, 0, tzinfo=UTC),
    datetime(2027, 1, 25, 23, 0, tzinfo=UTC),
)
"""Just after midnight in China, a month without check-ups, a year without published calendar."""
FEWER = 500
"""As many residents as show what a moment changes."""


async def counts(database: Database) -> dict[str, int]:
    async with database.reading() as session:
        return {model.__tablename__: await session.scalar(select(func.count()).select_from(model)) for model in TABLES}


async def test_it_is_made_once(database: Database, clock: MovableClock) -> None:
    first = await seed(database, clock, residents=120)
    before = await counts(database)
    clock.move(timedelta(days=9))
    again = await seed(database, clock, seed=7, residents=500)
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.township_id, again.residents) == (first.township_id, 120)
    assert await counts(database) == before
    assert before["residents"] == 120
    assert before["visits"] + before["attendances"] > 200


async def test_it_may_have_nobody(database: Database, clock: MovableClock) -> None:
    await seed(database, clock, residents=0)
    found = await counts(database)
    assert (found["residents"], found["visits"], found["staff"]) == (0, 0, 25)


async def test_a_seed_that_fails_leaves_nothing(
    database: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_vault: object, column: str, _value: str) -> bytes:
        raise RuntimeError(column)

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr("models.store.vault.Vault.lookup", broken)
        await seed(database, clock, residents=50)
    assert sum((await counts(database)).values()) == 0
    assert (await seed(database, clock, residents=50)).is_new


async def test_content_follows_from_the_seed(new_database: NewDatabase, sqlite_template: object) -> None:
    made = []
    for number in (5, 5, 6):
        clock = MovableClock(MONDAY)
        database = Database(await new_database("sqlite"), Keyring.parse(KEYS), clock)
        await seed(database, clock, seed=number, residents=63)
        async with database.reading() as session:
            made.append(await content(session))
        await database.close()
    assert made[0] == made[1]
    assert made[0]["residents"] != made[2]["residents"]
    assert made[0]["visits"] != made[2]["visits"]


async def test_everything_is_marked_as_demo(demo: Database) -> None:
    async with demo.reading() as session:
        for model in (Place, Staff, Resident):
            assert all(row["is_demo"] for row in await read(session, model))
        staff = {row["telegram_user_id"]: row for row in await read(session, Staff)}
    assert set(staff) == {persona.user_id for persona in PERSONAS if persona.role is not None}
    for persona in PERSONAS:
        if persona.role is not None:
            row = staff[persona.user_id]
            assert (row["role"], row["chat_id"], row["active"]) == (persona.role, persona.user_id, True)
            assert (row["village_id"] is not None) == (persona.role is Role.MANAGER)


async def test_the_stores_own_recomputation_changes_no_column(demo: Database) -> None:
    async with demo.transaction() as session:
        before = await read(session, Enrolment)
        await _facts.recompute(session, [row["id"] for row in before], TODAY)
        after = await read(session, Enrolment)
    wrong = Counter(
        (old["programme"], name)
        for old, new in zip(before, after, strict=True)
        for name in old
        if old[name] != new[name]
    )
    assert not wrong
    assert len(before) > 1500
    columns = ("next_item", "next_target_on", "refresh_on", "followup_on", "last_visit_on")
    assert all(any(row[name] is not None for row in before) for name in columns)
    assert any(row["attempts"] for row in before)


async def test_every_record_keeps_the_window_of_its_day(demo: Database) -> None:
    async with demo.transaction() as session:
        rows = {row["id"]: row for row in await read(session, Enrolment)}
        known = await _facts.load(session, list(rows))
        told = await _records(session)
    checked = 0
    for enrolment_id, records in list(told.items())[::5]:
        facts = known[enrolment_id].facts
        assert len(records) == len(facts.visits)
        for number, record in enumerate(records):
            _check_window(replace(facts, visits=facts.visits[:number], **_RUNNING), record)
            checked += 1
    assert checked > 1500


_RUNNING = {"ended_on": None, "ended_by": None, "paused": False}


async def _records(session: StoreSession) -> dict[int, list[Row]]:
    told: dict[int, list[Row]] = {}
    for model, day in ((Visit, "visited_on"), (Attendance, "held_on")):
        for row in await read(session, model):
            told.setdefault(row["enrolment_id"], []).append(row | {"on": row[day], "is_visit": model is Visit})
    for records in told.values():
        records.sort(key=lambda row: (row["on"], row["entered_at"], row["id"]))
    return told


def _check_window(facts: Facts, record: Row) -> None:
    found = assess(facts, record["on"])
    effect = EFFECTS[record["outcome"]]
    silenced = effect.pauses or effect.ends_programme or effect.ends_all
    window = None if silenced and not record["is_visit"] else found.window
    stored = (record["window_opens_on"], record["window_closes_on"])
    assert stored == ((window.opens_on, window.closes_on) if window else (None, None))
    if not record["is_visit"] or found.window is None:
        return
    if record["answers"].get("vaccine_given") == "postponed":
        assert record["item"] == "extra"
    elif found.state is not DueState.UPCOMING:
        assert record["item"] == found.window.item


async def test_records_are_what_the_store_takes(demo: Database) -> None:
    async with demo.transaction() as session:
        people = {row["id"]: row for row in await read(session, Resident)}
        rows = {row["id"]: row for row in await read(session, Enrolment)}
        told = await _records(session)
        posts = {row["id"]: row for row in await read(session, Staff)}
    for enrolment_id, records in told.items():
        enrolment = rows[enrolment_id]
        person = people[enrolment["resident_id"]]
        for record in records:
            _check_content(record, enrolment["programme"], person)
            assert (record["version"], record["voided_at"], record["draft_id"]) == (1, None, None)
            assert record["resident_id"] == person["id"]
            assert record["township_id"] == person["township_id"]
            assert record["village_id"] == person["village_id"]
            _check_reporter(record, enrolment, posts[record["entered_by"]])
            assert person["created_at"] < enrolment["created_at"] < record["entered_at"] < MONDAY
            assert local_day(record["entered_at"]) >= record["on"]
            if not record["is_visit"]:
                assert record["settled"] is EFFECTS[record["outcome"]].done


async def test_places_belong_to_the_day_that_the_store_names(demo: Database, clinic: Actor) -> None:
    async with demo.transaction() as session:
        days = {row["id"]: row for row in await read(session, CheckupDay)}
        held = {(row["village_id"], row["held_on"]): row["day_id"] for row in await read(session, Attendance)}
        for (village_id, on), day_id in list(held.items())[::5]:
            found = await checkups.day_for(session, clinic, on, village_id)
            assert found.id == day_id
            assert (found.nominal_on, found.held_on) == (days[day_id]["nominal_on"], days[day_id]["held_on"])
        assert len(await read(session, CheckupDay)) == len(days), "the store had to make none"
    assert len(held) > 350


def _check_content(record: Row, programme: str, person: Row) -> None:
    measures = Measures(**{name: record[name] for name in MEASURES})
    assert person["birth_date"] <= record["on"] < TODAY
    assert (record["next_on"] is not None) == EFFECTS[record["outcome"]].needs_date
    assert record["next_on"] is None or record["next_on"] > record["on"]
    if record["outcome"] is not Outcome.ATTENDED:
        assert measures == Measures()
        assert not record["answers"]
    found = _findings.find(programme, measures, record["answers"])
    assert (record["urgent"], record["uncontrolled"]) == (found.urgent, found.uncontrolled)
    assert (record["abnormal"], record["reaction"]) == (found.abnormal, found.reaction)


def _check_reporter(record: Row, enrolment: Row, by: Row) -> None:
    programme = BUILT_IN[enrolment["programme"]]
    assert by["role"] in programme.reported_by
    assert by["village_id"] in (None, enrolment["village_id"])
    assert not programme.clinic_approval or enrolment["approved_by"] is not None
    assert record["is_visit"] == (not programme.calendar)


async def test_enrolments_are_what_the_store_takes(demo: Database) -> None:
    async with demo.transaction() as session:
        people = {row["id"]: row for row in await read(session, Resident)}
        consented = {
            row["resident_id"] for row in await read(session, Consent) if row["purpose"] == Purpose.HEALTH_RECORD
        }
        rows = await read(session, Enrolment)
        posts = {row["id"]: row for row in await read(session, Staff)}
    for row in rows:
        person, programme = people[row["resident_id"]], BUILT_IN[row["programme"]]
        assert person["id"] in consented
        assert row["programme_version"] == programme.version
        months = (row["enrolled_on"].year - person["birth_date"].year) * 12
        months += row["enrolled_on"].month - person["birth_date"].month
        months -= row["enrolled_on"].day < person["birth_date"].day
        assert programme.eligible.admits(person["sex"], months)
        assert "lmp" not in row["anchors"]
        assert (row["lmp_sealed"] is not None) == (programme.family is Family.ANTENATAL)
        assert row["approved_by"] is None or posts[row["approved_by"]]["role"] is Role.CLINIC
        assert (row["ended_on"] is None) == (row["state"] is EnrolmentState.ACTIVE)
    found = Counter(row["programme"] for row in rows)
    expected = {"checkup", "hypertension", "diabetes", "elderly", "blood_pressure", "child_health", "immunisation"}
    assert expected | {"postnatal", "antenatal", "iud", "dmpa", "combined_pill"} <= set(found)
    assert 0 < found["antenatal"] < 25


async def test_what_ends_or_pauses_one_programme_does_so_for_the_person(demo: Database) -> None:
    async with demo.transaction() as session:
        people = await read(session, Resident)
        rows: dict[int, list[Row]] = {}
        for row in await read(session, Enrolment):
            rows.setdefault(row["resident_id"], []).append(row)
        consents = await read(session, Consent)
    statuses = Counter(person["status"] for person in people)
    assert all(statuses[each] for each in ResidentStatus)
    assert any(person["restricted"] for person in people)
    standing = {row["resident_id"] for row in consents if row["withdrawn_at"] is None}
    for person in people:
        mine = rows.get(person["id"], [])
        running = [row for row in mine if row["state"] is EnrolmentState.ACTIVE]
        if person["status"] in (ResidentStatus.MOVED, ResidentStatus.DECEASED) or person["restricted"]:
            assert mine
            assert not running
        assert all(row["paused"] is (person["status"] is ResidentStatus.AWAY) for row in running)
        assert not (person["restricted"] and person["id"] in standing)


async def test_a_mistaken_away_can_be_corrected(demo: Database, clinic: Actor) -> None:
    async with demo.transaction() as session:
        gone = await session.row(
            select(Attendance.id, Attendance.resident_id, Attendance.held_on)
            .join(Resident, Resident.id == Attendance.resident_id)
            .where(Attendance.outcome == Outcome.AWAY, Resident.status == ResidentStatus.AWAY)
        )
        assert gone is not None
        report = CheckupReport(gone.resident_id, gone.held_on, Outcome.NOT_REACHED)
        await checkups.correct(session, clinic, gone.id, report, "person")
        card = await residents.card(session, clinic, gone.resident_id)
    assert card.person.status is ResidentStatus.PRESENT
    assert card.enrolments
    assert not any(line.paused for line in card.enrolments)


async def test_a_mistaken_move_can_be_corrected(demo: Database, clinic: Actor) -> None:
    async with demo.transaction() as session:
        gone = await session.row(
            select(Visit.id, Visit.resident_id, Visit.enrolment_id).where(Visit.outcome == Outcome.MOVED)
        )
        assert gone is not None
        stored = await visits.get(session, clinic, gone.id)
        await visits.correct(session, clinic, gone.id, replace(stored.report, outcome=Outcome.NOT_REACHED), "person")
        card = await residents.card(session, clinic, gone.resident_id)
        line = await enrolments.get(session, clinic, gone.enrolment_id)
    assert card.person.status is ResidentStatus.PRESENT
    assert line.state is EnrolmentState.ACTIVE


async def test_every_village_has_a_handful_to_do(demo: Database, clinic: Actor) -> None:
    async with demo.transaction() as session:
        villages = await due.by_village(session, clinic, TODAY)
    _check_handful(villages)
    assert villages[0].overdue + villages[0].due


@pytest.mark.parametrize("moment", MOMENTS)
async def test_it_is_so_whenever_it_is_made(
    moment: datetime, new_database: NewDatabase, sqlite_template: object, keyring: Keyring
) -> None:
    clock = MovableClock(moment)
    database = Database(await new_database("sqlite"), keyring, clock)
    await seed(database, clock, residents=FEWER)
    async with database.transaction() as session:
        villages = await due.by_village(session, await actor(session, Role.CLINIC), local_day(moment))
        before = await read(session, Enrolment)
        await _facts.recompute(session, [row["id"] for row in before], local_day(moment))
        assert await read(session, Enrolment) == before
    await database.close()
    _check_handful(villages, overdue=(6, 50), least=1)


def _check_handful(villages: list[due.VillageDue], overdue: tuple[int, int] = (20, 200), least: int = 2) -> None:
    assert len(villages) == 21
    waiting = [village.overdue + village.due + village.upcoming for village in villages]
    assert sum(least <= many for many in waiting) >= 18
    assert max(waiting) <= 60
    assert all(village.overdue <= 20 for village in villages)
    assert sum(village.overdue > 0 for village in villages) >= 3 * least
    assert overdue[0] <= sum(village.overdue for village in villages) <= overdue[1]


async def test_nothing_is_left_open_for_long(demo: Database) -> None:
    async with demo.reading() as session:
        statement = select(Enrolment.next_closes_on).where(Enrolment.next_closes_on < TODAY)
        closed = [row.next_closes_on for row in await session.rows(statement)]
    assert closed
    assert min(closed) > TODAY - timedelta(days=120)
    assert sum(day < TODAY - timedelta(days=60) for day in closed) <= len(closed) * 0.1


async def test_two_years_are_told_most_of_them_in_time(demo: Database) -> None:
    async with demo.reading() as session:
        told = [*await read(session, Visit), *await read(session, Attendance)]
    days: list[date] = [row.get("visited_on") or row["held_on"] for row in told]
    by_month = Counter((day.year, day.month) for day in days)
    whole = [by_month[2024 + month // 12, month % 12 + 1] for month in range(4, 26)]
    assert min(whole) > 150, "from May 2024 to February 2026"
    served = [(row, day) for row, day in zip(told, days, strict=True) if row["outcome"] is Outcome.ATTENDED]
    late = sum(row["window_closes_on"] < day for row, day in served)
    assert 0.03 < late / len(served) < 0.25
    outcomes = Counter(row["outcome"] for row in told)
    assert set(outcomes) >= set(Outcome) - {Outcome.NOT_DUE}
    assert outcomes[Outcome.ATTENDED] / len(told) > 0.8
    assert any(row["urgent"] for row in told)


async def test_a_manager_works_with_it(demo: Database, clock: MovableClock) -> None:
    async with demo.transaction() as session:
        first = (await places.by_code(session, PERSONAS[0].place_code)).id
        manager = await actor(session, Role.MANAGER, first)
        page = await due.list_due(session, manager, TODAY, limit=50)
        assert page.total == len(page.lines)
        assert all(line.resident.name and line.programme != "antenatal" for line in page.lines)
        expected = await checkups.expected(session, manager, TODAY)
        open_places = [one for one in expected if one.outcome is None]
        assert open_places
        report = CheckupReport(open_places[0].resident.id, TODAY, Outcome.ATTENDED, measures=Measures(128, 82))
        receipt = await checkups.report(session, manager, report)
    assert receipt.next is not None
    assert receipt.next.opens_on > TODAY


async def test_a_leader_has_a_status(demo: Database) -> None:
    async with demo.transaction() as session:
        leader = await actor(session, Role.LEADER)
        page = await status.by_village(session, leader, TODAY, TODAY)
    assert len(page.lines) == 21
    assert page.overdue > 10


async def test_a_newcomer_finds_an_open_roster(demo: Database) -> None:
    async with demo.transaction() as session:
        first = (await places.by_code(session, PERSONAS[0].place_code)).id
        manager = await actor(session, Role.MANAGER, first)
        day = await rosters.current_day(session, manager)
        roster = await rosters.open_day(session, manager, day.id)
        filled = await rosters.fill(session, manager, day.id, Mark.ATTENDED)
    assert TODAY - timedelta(days=3) <= day.held_on <= TODAY
    assert not roster.is_closed
    assert filled.many >= 5


async def test_most_villages_reported_the_last_round_in_time(demo: Database) -> None:
    async with demo.transaction() as session:
        leader = await actor(session, Role.LEADER)
        last_round = periods.month_of(date(2026, 1, 31))
        found = await figures.ask(session, leader, figures.HEADLINES, last_round, TODAY)
        waiting = await unreported.by_village(session, leader)
    for code in (IndicatorCode.REPORTING, IndicatorCode.CHECKUP_OFFER, IndicatorCode.TIMELINESS, INFORMED_CHOICE):
        page = found[code]
        assert page.total is not None and page.total.rate is not None, code
        assert 0.7 <= page.total.rate.n / page.total.rate.of <= 0.98, code
    shown = [len([line for line in found[code].lines if line.figure]) for code in SHOWN]
    assert all(3 <= many < 21 for many in shown), "some are hidden, and some are not"
    assert 1 <= len(waiting) <= 3


INFORMED_CHOICE = IndicatorCode.INFORMED_CHOICE
SHOWN = (IndicatorCode.TIMELINESS, IndicatorCode.CHECKUP_OFFER)


async def test_complaints_satisfaction_and_births_can_be_told(demo: Database) -> None:
    async with demo.transaction() as session:
        leader = await actor(session, Role.LEADER)
        told = (IndicatorCode.COMPLAINTS_ANSWERED, IndicatorCode.SATISFACTION)
        for period in (periods.month_of(date(2026, 2, 28)), periods.named("2025-Q4"), periods.named("2025")):
            found = await figures.ask(session, leader, told, period, TODAY)
            totals = {code: page.total for code, page in found.items()}
            assert all(total is not None and total.rate is not None for total in totals.values()), period.code
        births = await birth_totals.get(session, leader)
    assert (len(births.years), births.hidden) == (10, 0)
    assert births.meaning is Meaning.CHANCE, "nothing to worry a newcomer with"


async def test_complaints_are_as_the_store_takes_them_and_two_wait(demo: Database, clinic: Actor) -> None:
    async with demo.transaction() as session:
        for row in await read(session, Complaint):
            assert row["due_on"] == due_on(row["kind"], row["received_on"])
            assert row["handler"] is handler(row["kind"], row["concern"])
            assert (row["village_id"] is not None) is (row["concern"] is Concern.VILLAGE)
            assert (row["entered_by"] is None) is (row["channel"] is Channel.BOT)
            assert row["received_on"] < (row["answered_on"] or TODAY) <= TODAY
        assert await complaints.prune(session, TODAY) == 0, "what can be read is no older than it may be"
        for one in (clinic, await actor(session, Role.DEPUTY)):
            assert await complaints.waiting(session, one, TODAY) == (1, 0)
            [waiting] = (await complaints.list_mine(session, one, TODAY)).lines
            opened = await complaints.get(session, one, waiting.id)
            assert opened.text is not None and opened.text.endswith("。")
            answer = complaints.Answer(ComplaintOutcome.CONFIRMED, "好")
            assert (await complaints.answer(session, one, waiting.id, answer)).answer == answer
            [_, before, *_] = (await complaints.list_mine(session, one, TODAY, answered=True)).lines
            assert (await complaints.get(session, one, before.id)).text is not None


def test_it_costs_little_memory_and_no_pinyin(made: tuple[Path, Making]) -> None:
    assert made[1].megabytes < 140
    assert not made[1].has_pinyin


async def test_the_village_knows_its_place(demo: Database) -> None:
    async with demo.reading() as session:
        township = await places.by_code(session, TOWNSHIP_CODE)
        villages = await places.villages(session, township.id)
        groups = [await places.children(session, village.id) for village in villages]
        homes = {row["group_id"]: row["village_id"] for row in await read(session, Resident)}
    assert ZoneInfo(township.zone) == ZoneInfo("Asia/Shanghai")
    assert [place.name for place in groups[0]][:3] == ["一组", "二组", "三组"]
    parents = {group.id: group.parent_id for each in groups for group in each}
    assert all(parents[group] == village for group, village in homes.items())
