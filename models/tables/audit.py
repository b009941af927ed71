"""The audit trail: who did or read what, without saying about whom in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class AuditEntry(Base):
    """One act. Rows are only ever added.

    Attributes:
        staff_id: who; `None` for the command line and the system itself.
        action: `resource:action`.
        details: codes and counts; never a name, phone or identity number.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject", "subject_kind", "subject_id"),
        Index("ix_audit_township_at", "township_id", "at"),
    )

    id: Mapped[int] = id_column()
    at: Mapped[datetime]
    staff_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int | None]
    township_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
