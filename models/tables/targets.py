"""Targets that a township has set. A change adds a row: who set what when stays readable."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class Target(Base):
    """A target for a year, from a day on.

    Attributes:
        indicator: its code.
        percent: `None`: there is none any more.
        set_on: the day where the township is.
        draft_id: the form that saved it; `None`: it was put back.
    """

    __tablename__ = "targets"
    __table_args__ = (Index("ix_targets_township_year", "township_id", "year"),)

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    year: Mapped[int] = mapped_column(Integer)
    indicator: Mapped[str] = mapped_column(String(32))
    percent: Mapped[int | None] = mapped_column(Integer)
    set_on: Mapped[date]
    set_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
