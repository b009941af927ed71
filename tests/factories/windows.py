"""Windows that have closed, many at once: written straight into the tables."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import insert, select

from models.rules.outcomes import Outcome
from models.rules.sex import Sex
from models.store.database import StoreSession
from models.tables.base import new_id, table
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.places import Place
from models.tables.residents import Resident
from models.tables.visits import Visit


async def closed(session: StoreSession, code: str, *, in_time: int, late: int, closes_on: date) -> None:
    """Let people be seen before, and others after, their windows close in the village of a division code."""
    village = await session.row(select(Place.id, Place.township_id).where(Place.code == code))
    assert village is not None
    where = {"township_id": village.township_id, "village_id": village.id}
    people, enrolments, visits = [], [], []
    for number in range(in_time + late):
        person, enrolment = new_id(), new_id()
        since = {"created_at": session.now(), "updated_at": session.now()}
        hashed = {"name_sealed": b"x", "name_hash": person.to_bytes(32, "big")}
        people.append({"id": person, **where, **since, **hashed, "sex": Sex.FEMALE})
        about = {"resident_id": person, "programme": "elderly"}
        running = {"programme_version": 1, "state": EnrolmentState.ACTIVE, "enrolled_on": closes_on}
        enrolments.append({"id": enrolment, **about, **where, **since, **running})
        on = closes_on if number < in_time else closes_on + timedelta(days=1)
        what = {"item": "yearly", "visited_on": on, "window_closes_on": closes_on, "outcome": Outcome.ATTENDED}
        entered = {"entered_at": session.now()}
        visits.append({"id": new_id(), "enrolment_id": enrolment, **about, **where, **what, **entered})
    for model, rows in ((Resident, people), (Enrolment, enrolments), (Visit, visits)):
        await session.execute(insert(table(model)), rows)
