"""Who has declined by a mark on a roster that is not closed yet: nothing is due for them from the tap on.

Private to the store. When the day is closed the mark becomes a record, which ends the enrolment; a mark that is changed
before lets everything be as it was.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists

from models.rules.programmes.checkup import CHECKUP
from models.rules.rosters import Mark
from models.tables.checkups import Attendance, CheckupDay, DayState
from models.tables.enrolments import Enrolment
from models.tables.rosters import RosterEntry


def declined(enrolment: Any = Enrolment) -> ColumnElement[bool]:
    """Return the condition that an enrolment's person has declined so; a record of that day says more than its mark."""
    recorded = exists().where(
        Attendance.day_id == RosterEntry.day_id,
        Attendance.resident_id == RosterEntry.resident_id,
        Attendance.voided_at.is_(None),
    )
    marked = exists().where(
        RosterEntry.resident_id == enrolment.resident_id,
        RosterEntry.mark == Mark.DECLINED,
        CheckupDay.id == RosterEntry.day_id,
        CheckupDay.state != DayState.CLOSED,
        enrolment.enrolled_on <= CheckupDay.held_on,
        ~recorded.correlate(RosterEntry),
    )
    return and_(enrolment.programme == CHECKUP.code, marked.correlate(enrolment))
