"""Counts that are kept, so that a figure reads few rows, and what was changed since they were counted. No names."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice


class Lot(StrEnum):
    """What is counted from the same rows, and so changes together."""

    DONE = "done"
    WAITING = "waiting"
    FOLLOWUP = "followup"
    ROUND = "round"
    CHOICE = "choice"
    CARE = "care"
    BIRTH = "birth"
    BENEFIT = "benefit"


class Tally(Base):
    """The cells of one indicator's table, of one village and month.

    Attributes:
        code: of the table.
        month: its first day.
        basis: names the rules and the programmes that it was counted by.
        counts: how many facts lie in each cell, in the order of the table's cells, with commas: read by the thousand.
        counted_on: the day as of which it holds; from the month's last day on, for good.
        counted_at: when.
    """

    __tablename__ = "tallies"
    __table_args__ = (
        Index("ix_tallies_read", "township_id", "code", "month"),
        Index("ix_tallies_counted_at", "counted_at"),
    )

    village_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    basis: Mapped[str] = mapped_column(String(16), primary_key=True)
    township_id: Mapped[int]
    counts: Mapped[str] = mapped_column(String(80))
    counted_on: Mapped[date]
    counted_at: Mapped[datetime]


class Touch(Base):
    """Something changed in a village that is counted there; written by triggers, see `models.tables.triggers`.

    Rows are only added, by whoever changes something, and deleted by whoever counts anew. There is nothing unique about
    them, and they refer to no other table, so nobody waits for anybody.

    Attributes:
        village_id: `None` for every village of the township.
        since, until: the days of which the counts may have changed; `None` for no bound.
    """

    __tablename__ = "touches"
    __table_args__ = (Index("ix_touches_township_id", "township_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    township_id: Mapped[int]
    village_id: Mapped[int | None]
    lot: Mapped[Lot] = mapped_column(choice(Lot, "lot"))
    since: Mapped[date | None]
    until: Mapped[date | None]
