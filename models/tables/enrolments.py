"""Enrolments: a person in a programme, and what is due next."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.outcomes import Outcome
from models.tables.base import Base, choice, id_column

_ACTIVE = text("state = 'active'")


class EnrolmentState(StrEnum):
    """Whether the programme still runs for the person."""

    ACTIVE = "active"
    ENDED = "ended"


class Enrolment(Base):
    """A person in a programme.

    The `next_*` columns are what `rules.due` says of the enrolment's facts; nothing else writes them.

    Attributes:
        programme: code of the programme, `programme_version` the schedule's version at enrolment.
        approved_by: the clinic's member of staff, where the programme needs approval.
        anchors: dates the schedule hangs on, by anchor (ISO days). Never the last menstrual period, which
            is `lmp_sealed` and read by the clinic alone.
        paused: away for now: nothing is due here until back.
        attempts: visits in a row at which the person was not found.
        next_due_on: the window opens; `next_target_on`: the day aimed at; `next_closes_on`: its last day.
        refresh_on: time alone changes the answer on this day: compute again.
        followup_on: an urgent value was measured: to be seen again by this day.
        last_visit_on: the last day on which the person was served.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "uq_enrolments_active",
            "resident_id",
            "programme",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_enrolments_village_due", "village_id", "next_due_on"),
        Index("ix_enrolments_township_closes", "township_id", "next_closes_on"),
        Index("ix_enrolments_refresh_on", "refresh_on"),
        Index("ix_enrolments_township_refresh", "township_id", "refresh_on"),
        Index("ix_enrolments_village_programme", "village_id", "programme", "state", "enrolled_on", "resident_id"),
        Index(
            "ix_enrolments_waiting",
            *("township_id", "next_due_on", "next_closes_on", "village_id", "programme", "resident_id"),
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_enrolments_resident_id", "resident_id"),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    programme: Mapped[str] = mapped_column(String(32))
    programme_version: Mapped[int] = mapped_column(Integer)
    state: Mapped[EnrolmentState] = mapped_column(choice(EnrolmentState, "state"), default=EnrolmentState.ACTIVE)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    enrolled_on: Mapped[date]
    anchors: Mapped[dict[str, Any]] = mapped_column(default=dict)
    lmp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    ended_on: Mapped[date | None]
    ended_by: Mapped[Outcome | None] = mapped_column(choice(Outcome, "ended_by"))
    paused: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_item: Mapped[str | None] = mapped_column(String(40))
    next_due_on: Mapped[date | None]
    next_target_on: Mapped[date | None]
    next_closes_on: Mapped[date | None]
    refresh_on: Mapped[date | None]
    followup_on: Mapped[date | None]
    last_visit_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
