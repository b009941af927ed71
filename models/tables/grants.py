"""Leave to correct a record past its lock date: asked by whoever needs it, given by the clinic."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice, id_column
from models.tables.visits import RecordKind


class GrantState(StrEnum):
    """How far the request is."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    USED = "used"


class CorrectionGrant(Base):
    """One request for one record.

    Attributes:
        reason: a code.
        until: granted: the correction can be made until then.
    """

    __tablename__ = "correction_grants"
    __table_args__ = (
        Index("ix_correction_grants_record", "kind", "record_id"),
        Index("ix_correction_grants_township_state", "township_id", "state"),
    )

    id: Mapped[int] = id_column()
    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"))
    record_id: Mapped[int]
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    reason: Mapped[str] = mapped_column(String(24))
    state: Mapped[GrantState] = mapped_column(choice(GrantState, "state"), default=GrantState.ASKED)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    until: Mapped[datetime | None]
