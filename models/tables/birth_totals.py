"""Births of a township by year, two numbers, from the county's statistics. No person, no village."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class BirthTotal(Base):
    """A year's totals as they were entered; of several of a year the last one that stands holds.

    Attributes:
        voided_at: it was taken back.
    """

    __tablename__ = "birth_totals"
    __table_args__ = (Index("ix_birth_totals_year", "township_id", "year"),)

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    year: Mapped[int] = mapped_column(Integer)
    boys: Mapped[int] = mapped_column(Integer)
    girls: Mapped[int] = mapped_column(Integer)
    entered_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
