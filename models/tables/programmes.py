"""Programmes that a township has defined or changed for itself; the built-in ones are code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class ProgrammeDefinition(Base):
    """One version of a township's programme. Rows are only ever added: enrolments keep their version.

    Attributes:
        body: the definition as it was loaded, checked before.
        retired: nobody joins it any more; whoever is in it stays.
    """

    __tablename__ = "programme_definitions"
    __table_args__ = (UniqueConstraint("township_id", "code", "version"),)

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    code: Mapped[str] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]]
    retired: Mapped[bool] = mapped_column(default=False)
    loaded_at: Mapped[datetime]
