"""Households: who lives together. A household has no name or address of its own: its head stands for it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice, id_column


class HouseholdAct(StrEnum):
    """What was done."""

    JOINED = "joined"
    MADE = "made"
    RELATED = "related"
    """Is something else to the head."""
    HEADED = "headed"
    """Is the head now."""
    LEFT = "left"


class Household(Base):
    """A household of a village; its members are the residents that name it."""

    __tablename__ = "households"
    __table_args__ = (Index("ix_households_village_id", "village_id"),)

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]


class HouseholdChange(Base):
    """One change of who lives with whom.

    Attributes:
        resident_id: whom it was about.
        before: who was what in the households it touched, and `after`: what they are since; ids and codes.
        voided_at: taken back.
        draft_id: the form that saved it: the same form saved twice makes one row.
    """

    __tablename__ = "household_changes"
    __table_args__ = (Index("ix_household_changes_resident_id", "resident_id"),)

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    act: Mapped[HouseholdAct] = mapped_column(choice(HouseholdAct, "act"))
    before: Mapped[list[Any]]
    after: Mapped[list[Any]]
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
