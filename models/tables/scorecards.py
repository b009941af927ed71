"""Villages' scorecards as they became final, and appeals against them. Counts of villages, never a person."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.appeals import AppealedPart, AppealState, Effect
from models.tables.base import Base, choice, id_column


class CardReason(StrEnum):
    """Why there is this version of a card."""

    FINAL = "final"
    """The day came on which it is final."""
    APPEAL = "appeal"


class Scorecard(Base):
    """A village's card of a month, in one of its versions; none is ever changed.

    Attributes:
        month: its first day.
        version: 1 is what became final.
        rule: the number of the rule that it is scored by.
        vetoed: a complaint of coercion or of a breach of privacy was confirmed.
        shares: by component, `[n, of, is_public]` as it was counted then; `null`: not even the team may know it.
        left_out: components that don't count since an appeal.
        appeal_id: the appeal that led to it.
    """

    __tablename__ = "scorecards"
    __table_args__ = (
        UniqueConstraint("village_id", "month", "version"),
        Index("ix_scorecards_township_month", "township_id", "month"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    month: Mapped[date]
    version: Mapped[int] = mapped_column(Integer)
    reason: Mapped[CardReason] = mapped_column(choice(CardReason, "reason"))
    rule: Mapped[int] = mapped_column(Integer)
    vetoed: Mapped[bool]
    shares: Mapped[dict[str, Any]]
    left_out: Mapped[list[Any]]
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeals.id"))
    settled_at: Mapped[datetime]


class Appeal(Base):
    """A village does not agree with a component of a final card.

    Attributes:
        month: the card's.
        text_sealed: why, in the village's words; `reason_sealed`: why it was decided so; both go after some years.
        effect: of one that was accepted.
        decision_draft_id: the form that saved the decision: saved twice, it decides once.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        UniqueConstraint("village_id", "month", "part"),
        Index("ix_appeals_township_state", "township_id", "state"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    month: Mapped[date]
    part: Mapped[AppealedPart] = mapped_column(choice(AppealedPart, "part"))
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[AppealState] = mapped_column(choice(AppealState, "state"))
    effect: Mapped[Effect | None] = mapped_column(choice(Effect, "effect"))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    draft_id: Mapped[int] = mapped_column(unique=True)
    decision_draft_id: Mapped[int | None] = mapped_column(unique=True)
