"""Satisfaction: answers without whoever gave them, and how many were asked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.satisfaction import Satisfaction
from models.tables.base import Base, Id, choice


class SatisfactionAnswer(Base):
    """One answer.

    Attributes:
        id: drawn at random: it doesn't tell when the row was made.
        village_id: where the person lives; `None` where so few could have answered that it would tell who did.
        month: its first day.
    """

    __tablename__ = "satisfaction_answers"
    __table_args__ = (Index("ix_satisfaction_answers_month", "township_id", "month"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    month: Mapped[date]
    answer: Mapped[Satisfaction] = mapped_column(choice(Satisfaction, "answer"))


class SatisfactionAsked(Base):
    """How many of a township's residents were asked in a month."""

    __tablename__ = "satisfaction_asked"

    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    asked: Mapped[int] = mapped_column(Integer, default=0)
