"""Persons entered twice: merged reversibly, or said to be two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class Merge(Base):
    """One person's two rows made one.

    Attributes:
        kept_id: the row that stays; `gone_id`: the one that points to it now.
        moved: ids of the rows that were moved, and what stood in them: what an un-merge puts back.
        undo_until: it can be taken back until then.
    """

    __tablename__ = "merges"
    __table_args__ = (
        Index("ix_merges_kept_id", "kept_id"),
        Index("ix_merges_gone_id", "gone_id"),
        Index("ix_merges_township_at", "township_id", "merged_at"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    gone_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    moved: Mapped[dict[str, Any]] = mapped_column(default=dict)
    merged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    merged_at: Mapped[datetime]
    undo_until: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]


class NotDuplicate(Base):
    """Two rows that look alike and are two persons: not asked about again. `one_id` is the smaller id."""

    __tablename__ = "not_duplicates"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    one_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    said_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    said_at: Mapped[datetime]
