"""Follow-up visits and the versions of corrected records."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.outcomes import Outcome
from models.tables.base import Base, choice, id_column
from models.tables.measured import Measured
from models.tables.residents import Channel

_STANDS = text("voided_at IS NULL")


class Visit(Measured, Base):
    """One reported follow-up visit.

    Attributes:
        item: the item that was due, `window_*` its window as it was then.
        next_on: another date that was agreed.
        answers: codes chosen, by field; never free text.
        note_sealed: the free text.
        before: the columns the report changed elsewhere, as they were: what an undo puts back. Dates,
            codes and ids only.
        version: counts corrections, 1 is as first entered.
        voided_at: taken back.
        draft_id: the form that saved it: the same form saved twice makes one visit.
    """

    __tablename__ = "visits"
    __table_args__ = (
        Index("ix_visits_enrolment", "enrolment_id", "visited_on"),
        Index("ix_visits_village_on", "village_id", "visited_on"),
        Index("ix_visits_resident_id", "resident_id"),
        Index("ix_visits_entered", "entered_by", "entered_at"),
        Index(
            "ix_visits_counted",
            *("township_id", "visited_on", "village_id", "outcome", "programme"),
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        Index(
            "ix_visits_windows",
            *("township_id", "window_closes_on", "village_id", "outcome", "visited_on", "item", "programme"),
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    programme: Mapped[str] = mapped_column(String(32))
    item: Mapped[str | None] = mapped_column(String(40))
    visited_on: Mapped[date]
    window_opens_on: Mapped[date | None]
    window_closes_on: Mapped[date | None]
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"))
    next_on: Mapped[date | None]
    channel: Mapped[Channel | None] = mapped_column(choice(Channel, "channel"))
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


class RecordKind(StrEnum):
    """Which table a version belongs to."""

    VISIT = "visit"
    ATTENDANCE = "attendance"
    REGISTRATION = "registration"
    COUNSELLING = "counselling"
    EXAMINATION = "examination"
    REFERRAL = "referral"
    BENEFIT = "benefit"
    PAYMENT = "payment"


class RecordVersion(Base):
    """A record as it was before a correction: its values and the reason given, sealed together."""

    __tablename__ = "record_versions"
    __table_args__ = (UniqueConstraint("kind", "record_id", "version"),)

    id: Mapped[int] = id_column()
    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"))
    record_id: Mapped[int]
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    version: Mapped[int] = mapped_column(Integer)
    values_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    replaced_at: Mapped[datetime]
