"""What was agreed to, or withdrawn, in one go; the consents themselves are rows of `consents`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice, id_column


class ConsentAct(StrEnum):
    """What was said."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ConsentChange(Base):
    """Consents given or withdrawn together.

    Attributes:
        purposes: the codes of what was given or withdrawn.
        before: what it altered elsewhere, as it was: what an undo puts back.
        voided_at: taken back.
        draft_id: the form that saved it: the same form saved twice makes one row.
    """

    __tablename__ = "consent_changes"
    __table_args__ = (Index("ix_consent_changes_resident_id", "resident_id"),)

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    act: Mapped[ConsentAct] = mapped_column(choice(ConsentAct, "act"))
    purposes: Mapped[list[Any]]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
