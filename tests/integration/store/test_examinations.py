"""Clinical results: the clinic's alone, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.rules.access import AccessDenied
from models.rules.clock import MovableClock
from models.rules.examinations import ExaminationKind, ExaminationResult
from models.store import examinations
from models.store.database import Database, StoreSession
from models.store.errors import Conflict, NoConsent, NotFound, Refused
from models.store.examinations import ExaminationReport
from tests.factories.world import World, person

TODAY = date(2026, 3, 16)
UNKNOWN = 12345


async def _reported(session: StoreSession, world: World, **changes: object) -> ExaminationReport:
    resident_id = await person(session, world.manager)
    reported = ExaminationReport(
        resident_id, TODAY, ExaminationKind.HPV, ExaminationResult.RECHECK, TODAY + timedelta(days=90), "note"
    )
    return replace(reported, **changes)  # type: ignore[arg-type]


async def test_a_result_is_stored_once_and_corrected_with_the_version_before(database: Database, world: World) -> None:
    async with database.transaction() as session:
        reported = await _reported(session, world)
        stored = await examinations.report(session, world.clinic, reported, 7)
        assert await examinations.report(session, world.clinic, reported, 7) == stored
        assert stored.report == reported
        corrected = replace(reported, result=ExaminationResult.NEGATIVE, next_on=None)
        again = await examinations.correct(session, world.clinic, stored.id, corrected, "typo", version=1)
        assert (again.version, again.report) == (2, corrected)
        with pytest.raises(Conflict, match="corrected_since"):
            await examinations.correct(session, world.clinic, stored.id, corrected, "typo", version=1)
        (before,) = await examinations.versions(session, world.clinic, stored.id)
    assert before.values["result"] == "recheck"
    assert before.values["next_on"] == (TODAY + timedelta(days=90)).isoformat()


async def test_nobody_else_learns_that_there_is_a_result(database: Database, world: World) -> None:
    """What they are told is the same for an id that exists and for one that does not."""
    async with database.transaction() as session:
        reported = await _reported(session, world)
        stored = await examinations.report(session, world.clinic, reported)
        for other in (world.manager, world.neighbour, world.deputy, world.leader, world.admin):
            for record_id in (stored.id, UNKNOWN):
                for attempt in (examinations.get, examinations.versions, examinations.undo):
                    with pytest.raises(AccessDenied):
                        await attempt(session, other, record_id)
                with pytest.raises(AccessDenied):
                    await examinations.correct(session, other, record_id, reported, "typo")
            with pytest.raises(AccessDenied):
                await examinations.of_person(session, other, reported.resident_id)
            with pytest.raises(AccessDenied):
                await examinations.report(session, other, reported)
        with pytest.raises(NotFound):
            await examinations.get(session, world.clinic, UNKNOWN)


async def test_results_are_listed_by_their_day_the_newest_first(database: Database, world: World) -> None:
    async with database.transaction() as session:
        reported = await _reported(session, world, next_on=None)
        for days in (5, 1, 3):
            await examinations.report(
                session, world.clinic, replace(reported, examined_on=TODAY - timedelta(days=days))
            )
        first = await examinations.of_person(session, world.clinic, reported.resident_id, limit=2)
        rest = await examinations.of_person(session, world.clinic, reported.resident_id, limit=2, offset=2)
    assert first.total == rest.total == 3
    assert [(TODAY - one.report.examined_on).days for one in (*first.lines, *rest.lines)] == [1, 3, 5]


async def test_an_undo_takes_it_back_within_ten_minutes(database: Database, world: World, clock: MovableClock) -> None:
    async with database.transaction() as session:
        reported = await _reported(session, world)
        stored = await examinations.report(session, world.clinic, reported)
        for _ in range(2):
            assert (await examinations.undo(session, world.clinic, stored.id)).voided
        assert (await examinations.of_person(session, world.clinic, reported.resident_id)).total == 0
        late = await examinations.report(session, world.clinic, reported)
        clock.move(timedelta(minutes=11))
        with pytest.raises(Conflict, match="too_late"):
            await examinations.undo(session, world.clinic, late.id)


async def test_what_can_not_be_is_refused(database: Database, world: World) -> None:
    async with database.transaction() as session:
        reported = await _reported(session, world)
        for changes, code in (
            ({"examined_on": TODAY + timedelta(days=1)}, "future_date"),
            ({"next_on": TODAY}, "next_before_visit"),
            ({"result": ExaminationResult.TREAT}, "impossible_result"),
        ):
            with pytest.raises(Refused, match=code):
                await examinations.report(session, world.clinic, replace(reported, **changes))  # type: ignore[arg-type]
        private = await person(session, world.manager, "李桂芳", consents=frozenset())
        with pytest.raises(NoConsent):
            await examinations.report(session, world.clinic, replace(reported, resident_id=private))
