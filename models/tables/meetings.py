"""Joint meetings, who comes, and what was decided there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.meetings import DecisionState, DropReason, MeetingAnswer, MeetingReason, MeetingState
from models.tables.base import Base, choice, id_column


class Meeting(Base):
    """A month's joint meeting.

    Attributes:
        month: first day of the month whose meeting it is: a township has one a month.
        nominal_on: the fixed day; `held_on`: moved to a working day, or by hand.
        starts_at: when it begins.
        provisional: computed without a published holiday calendar.
        sequence: counts its changes, as invitations do.
        reason: why it was moved by hand or cancelled; `changed_by`, `changed_at`: by whom and when.
        before: what that altered, as it was, for an undo.
        chair_id: who told what came of it.
        minutes_sealed: free text; none when there is nothing to say. `minutes_at`: when that was told.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("township_id", "month"),
        Index("ix_meetings_township_starts", "township_id", "starts_at"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    month: Mapped[date]
    nominal_on: Mapped[date]
    held_on: Mapped[date]
    starts_at: Mapped[datetime]
    provisional: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MeetingState] = mapped_column(choice(MeetingState, "state"), default=MeetingState.PLANNED)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[MeetingReason | None] = mapped_column(choice(MeetingReason, "reason"))
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    minutes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    minutes_at: Mapped[datetime | None]
    minutes_draft_id: Mapped[int | None] = mapped_column(unique=True)


class MeetingReply(Base):
    """What somebody answered to an invitation; the last answer counts."""

    __tablename__ = "meeting_replies"
    __table_args__ = (UniqueConstraint("meeting_id", "staff_id"),)

    id: Mapped[int] = id_column()
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    answer: Mapped[MeetingAnswer] = mapped_column(choice(MeetingAnswer, "answer"))
    answered_at: Mapped[datetime]


class Decision(Base):
    """What a meeting decided that somebody does (议定事项). It returns in each agenda until it is closed.

    Attributes:
        text_sealed: what is to be done.
        owner_id: who does it.
        due_on: until when.
        reason: why it was dropped.
        closed_by, closed_at: who said that it is done or dropped, and when.
        version: counts corrections, 1 is as first entered.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_township_state", "township_id", "state", "due_on"),
        Index("ix_decisions_owner", "owner_id", "state"),
        Index("ix_decisions_meeting_id", "meeting_id"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date]
    state: Mapped[DecisionState] = mapped_column(choice(DecisionState, "state"), default=DecisionState.OPEN)
    reason: Mapped[DropReason | None] = mapped_column(choice(DropReason, "reason"))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
