"""Clinical results: for the clinic alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class Examination(Base):
    """One examination.

    Attributes:
        content_sealed: what was examined, when, what was found, a note and the next date, all together.
        version: counts corrections, 1 is as first entered.
    """

    __tablename__ = "examinations"
    __table_args__ = (
        Index("ix_examinations_resident_id", "resident_id"),
        Index("ix_examinations_entered", "entered_by", "entered_at"),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(Integer, default=1)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
