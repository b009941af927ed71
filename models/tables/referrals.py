"""Referrals from the village to the clinic, and what the clinic answers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.referrals import ReferralAnswer, ReferralReason, ReferralState
from models.tables.base import Base, choice, id_column


class Referral(Base):
    """One referral.

    Attributes:
        due_on: to be seen by this day.
        record_kind, record_id: the visit or attendance with the value that led to it, if one did.
        note_sealed, answer_note_sealed: free text of village and clinic.
        not_come: how often the clinic answered that the person has not come.
        next_on: the clinic asks for another look on this day.
        version: counts corrections and answers, 1 is as first entered.
        answer_draft_id: the form that saved the answer: the same form saved twice answers once.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        Index("ix_referrals_resident_id", "resident_id"),
        Index("ix_referrals_township_state", "township_id", "state", "due_on"),
        Index("ix_referrals_entered", "entered_by", "entered_at"),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    made_on: Mapped[date]
    due_on: Mapped[date]
    reason: Mapped[ReferralReason] = mapped_column(choice(ReferralReason, "reason"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    record_kind: Mapped[str | None] = mapped_column(String(24))
    record_id: Mapped[int | None]
    state: Mapped[ReferralState] = mapped_column(choice(ReferralState, "state"), default=ReferralState.OPEN)
    answer: Mapped[ReferralAnswer | None] = mapped_column(choice(ReferralAnswer, "answer"))
    answer_note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answered_at: Mapped[datetime | None]
    not_come: Mapped[int] = mapped_column(Integer, default=0)
    next_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
    answer_draft_id: Mapped[int | None] = mapped_column(unique=True)
