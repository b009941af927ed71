"""Reports that were asked for as files, and who wants them regularly. The files themselves are kept nowhere."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.report_files import Occasion, ReportForm
from models.tables.base import Base, choice, id_column


class ReportState(StrEnum):
    """How far a report is."""

    WAITING = "waiting"
    """It is to be made, or is being made."""
    SENDING = "sending"
    """Committed before a file leaves: found after a crash, it may or may not have arrived."""
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ReportFile(Base):
    """One report that somebody asked for.

    Attributes:
        period: its code, as in `models.rules.periods`.
        chat_id, message_id: where its progress is shown.
        sent: so many of its files have arrived.
        may_repeat: the next one may have arrived already and says so.
        attempts: how often it was taken up since a file of it arrived last.
        owner, lease_until: the process that works on it now, or that has still to tell what came of it.
    """

    __tablename__ = "report_files"
    __table_args__ = (
        Index("ix_report_files_state", "state"),
        Index("ix_report_files_staff_id", "staff_id"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    period: Mapped[str] = mapped_column(String(8))
    form: Mapped[ReportForm] = mapped_column(choice(ReportForm, "form"))
    state: Mapped[ReportState] = mapped_column(choice(ReportState, "state"), default=ReportState.WAITING)
    chat_id: Mapped[int]
    message_id: Mapped[int | None]
    sent: Mapped[int] = mapped_column(Integer, default=0)
    may_repeat: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReportSubscription(Base):
    """A report that comes to somebody by itself.

    Attributes:
        created_at: nothing is sent for an occasion before it.
    """

    __tablename__ = "report_subscriptions"
    __table_args__ = (
        UniqueConstraint("staff_id", "occasion"),
        Index("ix_report_subscriptions_township_id", "township_id"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    occasion: Mapped[Occasion] = mapped_column(choice(Occasion, "occasion"))
    form: Mapped[ReportForm] = mapped_column(choice(ReportForm, "form"))
    created_at: Mapped[datetime]
