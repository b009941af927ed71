"""Leave: when a member of staff is not there, and who stands in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class Leave(Base):
    """A leave. At most one of a person stands at a time.

    Attributes:
        substitute_id: who stands in; `None` when nobody does.
        declined_at: the substitute would rather not: nobody stands in any more.
        ended_at: taken back, or another one took its place.
    """

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="order"),
        Index(
            "uq_leaves_standing",
            "staff_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_leaves_substitute_id", "substitute_id"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    created_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
