"""The complaint desk. Nothing here says who complained: no person, no account, no moment, no order of arrival."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.complaints import Channel, ComplaintKind, ComplaintOutcome, Concern
from models.rules.roles import Role
from models.tables.base import Base, Id, choice


class Complaint(Base):
    """One complaint.

    Attributes:
        id: drawn at random: it doesn't tell when the row was made, as ids elsewhere do.
        code_hash: keyed hash of the code with which the answer is read; gone with the texts.
        village_id: the village that it is about; `None`: the clinic, or it wasn't said.
        handler: whose it is to answer: clinic or deputy.
        received_on: a day; the moment would tell whose message it was.
        due_on: the last day for an answer.
        text_sealed, answer_sealed: what was written; gone some time after the answer.
        answered_on: the day of the answer; `answered_at` its moment, for taking it back.
        answer_draft_id: the form that saved the answer: the same form saved twice answers once.
        entered_by: who wrote it down for somebody who called or wrote a letter; `None`: the bot took it.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        Index("ix_complaints_township_open", "township_id", "answered_on", "due_on"),
        Index("ix_complaints_township_due", "township_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[ComplaintKind] = mapped_column(choice(ComplaintKind, "kind"))
    concern: Mapped[Concern] = mapped_column(choice(Concern, "concern"))
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    handler: Mapped[Role] = mapped_column(choice(Role, "handler"))
    received_on: Mapped[date]
    due_on: Mapped[date]
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answered_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome: Mapped[ComplaintOutcome | None] = mapped_column(choice(ComplaintOutcome, "outcome"))
    answer_draft_id: Mapped[int | None] = mapped_column(unique=True)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
