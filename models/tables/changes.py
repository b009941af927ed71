"""What became of a person outside any visit: away, back, moved, died."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.changes import ChangeKind as ChangeKind
from models.tables.base import Base, choice, id_column


class StatusChange(Base):
    """A change of where a person is.

    Attributes:
        on: the day from which it holds.
        until: away: the day on which the person means to be back, if known.
        before: what the change altered elsewhere, as it was: what an undo puts back. `effects` on the person and
            the programmes, `home` on the household.
        voided_at: taken back.
        draft_id: the form that saved it: the same form saved twice makes one row.
    """

    __tablename__ = "status_changes"
    __table_args__ = (
        Index("ix_status_changes_resident_id", "resident_id"),
        Index("ix_status_changes_entered", "entered_by", "entered_at"),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind, "kind"))
    on: Mapped[date]
    until: Mapped[date | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
