"""Informed choice: what was explained, and that the decision was the person's own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class Counselling(Base):
    """One talk about methods.

    Attributes:
        explained: how many methods were explained: all that an indicator may know.
        decision_own: the person decided without pressure.
        content_sealed: which methods were explained and which one was chosen, if that was said.
        version: counts corrections, 1 is as first entered.
    """

    __tablename__ = "counsellings"
    __table_args__ = (
        Index("ix_counsellings_resident_id", "resident_id"),
        Index("ix_counsellings_village_on", "village_id", "counselled_on"),
        Index("ix_counsellings_counted", "township_id", "counselled_on"),
        Index("ix_counsellings_entered", "entered_by", "entered_at"),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    counselled_on: Mapped[date]
    explained: Mapped[int] = mapped_column(Integer)
    decision_own: Mapped[bool]
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(Integer, default=1)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
