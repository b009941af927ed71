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
    IN_DOUBT = "in_doubt"
    """It may have arrived, and is not worth a repeat: held until somebody decides."""
    DEAD = "dead"
    """It can never arrive: the person blocked the bot or was removed."""
    EXPIRED = "expired"
    """It made no sense any more when its turn came, or a changed rule took its place."""


ENDED = (OutboxState.SENT, OutboxState.IN_DOUBT, OutboxState.DEAD, OutboxState.EXPIRED)
"""States in which nothing is done any more without somebody's asking."""


class OutboxMessage(Base):
    """One message to one person.

    Attributes:
        kind: what sort of message; the scheduler knows how it is worded and when it is senseless.
        subject_id: the row it is about; 0 when it is about none.
        occurrence: tells apart what is said several times about one subject (a day, a stage).
        chat_id: where it is said, if not to the recipient: in a group or channel, about which the recipient is told.
        source: the planner's source that proposed it; `None` when it was planned with what it tells of.
        details: codes and counts only, never a name or a value.
        urgent: goes first, and in quiet hours too.
        planned_for: when it was to be said; `due_at`: when it may next be tried; `expires_at`: not after.
        owner, lease_until: the process that has claimed it.
        may_repeat: it may have arrived already and says so.
        doubted_at: when it was last not known whether it had arrived.
        last_error: what went wrong last, or why it ended: the name of an error's class or a code.
        message_id: the message it became.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "occurrence", "recipient_id"),
        Index("ix_outbox_state_due", "state", "urgent", "due_at"),
        Index("ix_outbox_ended", "township_id", "state", "ended_at"),
        Index("ix_outbox_recipient_id", "recipient_id"),
    )

    id: Mapped[int] = id_column()
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(default=0)
    occurrence: Mapped[str] = mapped_column(String(40), default="")
    recipient_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    chat_id: Mapped[int | None]
    source: Mapped[str | None] = mapped_column(String(24))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[OutboxState] = mapped_column(choice(OutboxState, "state"), default=OutboxState.PLANNED)
    planned_for: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    may_repeat: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(80))
    message_id: Mapped[int | None]
    created_at: Mapped[datetime]
    doubted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SendingGate(Base):
    """A pause that the chat network asked for (429), kept by every process.

    Attributes:
        chat_id: whose messages wait; 0 for everybody's.
        set_at: when the pause began. A clock that is behind it was set back: the pause then begins anew.
    """

    __tablename__ = "sending_gates"

    chat_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    set_at: Mapped[datetime]
    opens_at: Mapped[datetime]


class SendingPace(Base):
    """The one row in which every process books the moments at which its messages leave.

    Attributes:
        free_at: from then on the next message may leave.
    """

    __tablename__ = "sending_pace"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    free_at: Mapped[datetime]
