"""Households: who lives together. A household has no name or address of its own: its head stands for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class Household(Base):
    """A household of a village; its members are the residents that name it.

    Attributes:
        draft_id: the form that made it, so that saving it twice makes one row.
    """

    __tablename__ = "households"
    __table_args__ = (Index("ix_households_village_id", "village_id"),)

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    draft_id: Mapped[int | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
