"""Check-up days of a village, and who came."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.outcomes import Outcome
from models.tables.base import Base, choice, id_column
from models.tables.measured import Measured


class DayState(StrEnum):
    """How far the day is."""

    PLANNED = "planned"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class CheckupDay(Base):
    """A village's check-up day.

    Attributes:
        nominal_on: the fixed day of the month; `held_on`: moved to a working day.
        provisional: computed without a published holiday calendar.
        reason: the code of why an admin moved or cancelled it; `None` while it follows the calendar.
        sequence: how often its date has changed, for calendars that were given it.
        changed_by, changed_at: who moved, cancelled or put it back last.
        before: what that altered, as it was.
        closed_by, closed_at: which member of staff closed its roster last; both stay when it is opened again.
        roster_revision: counts the changes of its roster.
    """

    __tablename__ = "checkup_days"
    __table_args__ = (
        UniqueConstraint("village_id", "nominal_on"),
        Index("ix_checkup_days_township", "township_id", "held_on"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    nominal_on: Mapped[date]
    held_on: Mapped[date]
    provisional: Mapped[bool] = mapped_column(default=False)
    state: Mapped[DayState] = mapped_column(choice(DayState, "state"), default=DayState.PLANNED)
    reason: Mapped[str | None] = mapped_column(String(20))
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    closed_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    roster_revision: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


_STANDS = text("voided_at IS NULL")
_SETTLED = text("settled AND voided_at IS NULL")


class Attendance(Measured, Base):
    """What came of one person's place on a check-up day.

    The columns mean what they mean in `Visit`. Several rows may belong to one day (not reached first, came
    two days later), but only one of them is settled.

    Attributes:
        enrolment_id: `None` for a person without consent for health records, of whom only this is kept.
        held_on: the day on which the person was seen or looked for.
        settled: the person was served at this check-up, here or elsewhere.
    """

    __tablename__ = "attendances"
    __table_args__ = (
        Index(
            "uq_attendances_settled",
            "day_id",
            "resident_id",
            unique=True,
            sqlite_where=_SETTLED,
            postgresql_where=_SETTLED,
        ),
        Index("ix_attendances_enrolment_id", "enrolment_id"),
        Index("ix_attendances_village_on", "village_id", "held_on"),
        Index("ix_attendances_resident_id", "resident_id"),
        Index("ix_attendances_entered", "entered_by", "entered_at"),
        Index("ix_attendances_place", "day_id", "resident_id"),
        Index(
            "ix_attendances_counted",
            *("township_id", "held_on", "village_id", "outcome"),
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = id_column()
    day_id: Mapped[int] = mapped_column(ForeignKey("checkup_days.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    held_on: Mapped[date]
    window_opens_on: Mapped[date | None]
    window_closes_on: Mapped[date | None]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"))
    settled: Mapped[bool] = mapped_column(default=False)
    next_on: Mapped[date | None]
    abnormal: Mapped[bool] = mapped_column(default=False)
    uncontrolled: Mapped[bool] = mapped_column(default=False)
    urgent: Mapped[bool] = mapped_column(default=False)
    reaction: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
