"""What the bot says on its own: planned once by a natural key, claimed, sent, and marked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice, id_column


class OutboxState(StrEnum):
    """How far a message is."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    """Committed before the request leaves: found after a crash, it may or may not have arrived."""
    SENT = "sent"
    DEAD = "dead"
    """It can never arrive: the person blocked the bot or was removed."""
    EXPIRED = "expired"
    """It made no sense any more when its turn came."""


class OutboxMessage(Base):
    """One message to one person.

    Attributes:
        kind: what sort of message; the scheduler knows how it is worded and when it is senseless.
        subject_id: the row it is about; 0 when it is about none.
        occurrence: tells apart what is said several times about one subject (a day, a stage).
        details: codes and counts only, never a name or a value.
        due_at: not before; `expires_at`: not after.
        owner, lease_until: the process that has claimed it.
        may_repeat: it may have arrived already and says so.
        message_id: the message it became.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "occurrence", "recipient_id"),
        Index("ix_outbox_state_due", "state", "due_at"),
        Index("ix_outbox_recipient_id", "recipient_id"),
    )

    id: Mapped[int] = id_column()
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(default=0)
    occurrence: Mapped[str] = mapped_column(String(40), default="")
    recipient_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[OutboxState] = mapped_column(choice(OutboxState, "state"), default=OutboxState.PLANNED)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    may_repeat: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(80))
    message_id: Mapped[int | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
