"""How far each township was planned, so that a tick with nothing new costs nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class Planning(Base):
    """The last planning of a township.

    Attributes:
        revision: the township's `plan_revision` that it went by.
        planned_at: when it was done.
    """

    __tablename__ = "plannings"

    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer)
    planned_at: Mapped[datetime]
