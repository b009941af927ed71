"""Hand-overs of care between two villages or townships: offered with consent, accepted or declined."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice, id_column


class HandoverKind(StrEnum):
    """For good, or for a time."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"


class HandoverState(StrEnum):
    """How far the hand-over is."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    RETURNED = "returned"
    """Temporary, and the person is back."""


class Handover(Base):
    """One hand-over.

    Attributes:
        until: temporary: when the person means to be back, if known.
        deadline: an offer that nobody answers before then has expired.
        decided_by: who accepted, declined or withdrew it; `decided_at` also when it expired.
        returned_by, returned_at: temporary: who said that the person is back, and when.
        before: what accepting altered, as it was: what the person's return puts back.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        Index("ix_handovers_resident_id", "resident_id"),
        Index(
            "uq_handovers_open",
            "resident_id",
            unique=True,
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
        Index("ix_handovers_deadline", "state", "deadline"),
        Index("ix_handovers_to", "to_village_id", "state"),
        Index("ix_handovers_from", "from_village_id", "state"),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    kind: Mapped[HandoverKind] = mapped_column(choice(HandoverKind, "kind"))
    from_township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    from_village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    to_township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    to_village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    until: Mapped[date | None]
    state: Mapped[HandoverState] = mapped_column(choice(HandoverState, "state"), default=HandoverState.OFFERED)
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    offered_at: Mapped[datetime]
    deadline: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    returned_at: Mapped[datetime | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    draft_id: Mapped[int | None] = mapped_column(unique=True)
