"""A large township for the benchmarks: 40 villages, 60,000 residents, a million visits in two years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from models.rules.access import Actor, Role
from models.rules.calendar import CHECKUP_MONTHS, checkup_day
from models.rules.clock import CHINA
from models.rules.consent import Purpose
from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store import places, staff
from models.store.database import Database
from models.tables.base import new_id
from models.tables.checkups import Attendance, CheckupDay
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import PlaceKind
from models.tables.residents import Consent, Resident
from models.tables.visits import Visit
from tests.benchmarks import filling

VILLAGES, RESIDENTS, VISITS = 40, 60_000, 1_000_000
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
_DAYS = 730
"""The visits lie in the two years before."""
_OUTCOMES = (*(Outcome.ATTENDED,) * 16, Outcome.DECLINED, Outcome.AWAY, Outcome.NOT_REACHED, Outcome.OTHER_PROVIDER)
Row = dict[str, Any]


async def fill(database: Database, url: str, residents: int) -> tuple[Actor, list[Row]]:
    """Fill a database; returns the leader, and the enrolments."""
    leader, villages = await _places(database)
    people = [_resident(number, villages) for number in range(residents)]
    enrolments = list(_enrolments(people))
    days = [row for village in villages for row in _checkup_days(*village)]
    lots: list[tuple[type[Any], Iterable[Row]]] = [
        (Resident, people),
        (Consent, _consents(people)),
        (Enrolment, enrolments),
        (CheckupDay, days),
        (Visit, _visits(enrolments, residents * VISITS // RESIDENTS)),
        (Attendance, _attendances(days, enrolments)),
        (Counselling, _talks(people)),
    ]
    await filling.fill(url, lots)
    return leader, enrolments


async def _places(database: Database) -> tuple[Actor, list[tuple[int, int]]]:
    async with database.transaction() as session:
        township = await places.add(session, "411728200", PlaceKind.TOWNSHIP, "大镇", checkup_dom=10)
        leader = await staff.add(session, 90_001, 90_001, Role.LEADER, township)
        villages = []
        for number in range(VILLAGES):
            code = f"411728200{201 + number}"
            village = await places.add(session, code, PlaceKind.VILLAGE, f"村{number}", parent=township)
            villages.append((township.id, village.id))
    return leader, villages


def _resident(number: int, villages: Sequence[tuple[int, int]]) -> Row:
    township_id, village_id = villages[number % len(villages)]
    return {
        "id": new_id(),
        "township_id": township_id,
        "village_id": village_id,
        "name_sealed": b"x" * 40,
        "name_hash": number.to_bytes(32, "big"),
        "sex": Sex.FEMALE,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _consents(people: Sequence[Row]) -> Iterator[Row]:
    for person in people:
        yield {
            "id": new_id(),
            "resident_id": person["id"],
            "township_id": person["township_id"],
            "village_id": person["village_id"],
            "purpose": Purpose.HEALTH_RECORD,
            "given_at": NOW,
        }


def _enrolments(people: Sequence[Row]) -> Iterator[Row]:
    """Yield two enrolments a person: a third in check-ups, the rest in programmes with visits; a few overdue."""
    for number, person in enumerate(people):
        first = "checkup" if number % 3 == 0 else "bp_screening"
        for which, programme in enumerate((first, ("hypertension", "diabetes", "elderly")[number % 3])):
            closes = TODAY + timedelta(days=(number * 7 + which) % 110 - 4)
            yield {
                "id": new_id(),
                "resident_id": person["id"],
                "township_id": person["township_id"],
                "village_id": person["village_id"],
                "programme": programme,
                "programme_version": 1,
                "state": EnrolmentState.ACTIVE,
                "enrolled_on": TODAY - timedelta(days=900),
                "next_item": "checkup" if programme == "checkup" else "quarterly",
                "next_due_on": closes - timedelta(days=28),
                "next_target_on": closes - timedelta(days=14),
                "next_closes_on": closes,
                "created_at": NOW,
                "updated_at": NOW,
            }


def _visits(enrolments: Sequence[Row], many: int) -> Iterator[Row]:
    followed = [row for row in enrolments if row["programme"] != "checkup"]
    for number in range(many):
        enrolment = followed[number * 7 % len(followed)]
        on = TODAY - timedelta(days=number % _DAYS)
        yield {
            **record(enrolment, number),
            "enrolment_id": enrolment["id"],
            "programme": enrolment["programme"],
            "item": "quarterly",
            "visited_on": on,
            "window_opens_on": on - timedelta(days=14),
            "window_closes_on": on + timedelta(days=number % 20 - 3),
            "sbp": 130,
            "dbp": 80,
            "glucose": 60,
            "uncontrolled": number % 4 == 0,
            "entered_at": NOW - timedelta(days=number % _DAYS),
        }


def _checkup_days(township_id: int, village_id: int) -> Iterator[Row]:
    for year, month in ((year, month) for year in (2025, 2026) for month in CHECKUP_MONTHS):
        day = checkup_day(10, year, month)
        yield {
            "id": new_id(),
            "township_id": township_id,
            "village_id": village_id,
            "nominal_on": day.nominal,
            "held_on": day.held_on,
        }


def _attendances(days: Sequence[Row], enrolments: Sequence[Row]) -> Iterator[Row]:
    """Yield what was reported of nine in ten places."""
    at: dict[int, list[Row]] = {}
    for enrolment in enrolments:
        if enrolment["programme"] == "checkup":
            at.setdefault(enrolment["village_id"], []).append(enrolment)
    for day in days:
        for number, enrolment in enumerate(at[day["village_id"]]):
            if number % 10:
                yield {
                    **record(enrolment, number),
                    "day_id": day["id"],
                    "enrolment_id": enrolment["id"],
                    "held_on": day["held_on"],
                    "entered_at": datetime.combine(day["held_on"], clock_time(17), CHINA),
                }


def record(enrolment: Row, number: int) -> Row:
    """Return what every record of a person in a programme has."""
    return {
        "id": new_id(),
        "resident_id": enrolment["resident_id"],
        "township_id": enrolment["township_id"],
        "village_id": enrolment["village_id"],
        "outcome": _OUTCOMES[number % len(_OUTCOMES)],
    }


def _talks(people: Sequence[Row]) -> Iterator[Row]:
    for number, person in enumerate(people[::4]):
        yield {
            "id": new_id(),
            "resident_id": person["id"],
            "township_id": person["township_id"],
            "village_id": person["village_id"],
            "counselled_on": TODAY - timedelta(days=number % _DAYS),
            "explained": 1 + number % 4,
            "decision_own": number % 20 > 0,
            "content_sealed": b"x" * 60,
            "entered_at": NOW,
        }
