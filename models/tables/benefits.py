"""Benefits that people ask for, what the township decided, and what was paid. Only of who consents to that purpose."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.benefits import BenefitCode, BenefitState
from models.tables.base import Base, choice, id_column


class BenefitApplication(Base):
    """One benefit that somebody asks for.

    Attributes:
        decide_by: the last day for the decision, as the convention was then.
        state: what the decisions that stand come to, or that it was withdrawn.
        until: the last day of the confirmation; `None`: there is none, or it does not end.
        withdrawn_by: who wrote down that the person does not want it any more.
        version: counts corrections, 1 is as first entered.
    """

    __tablename__ = "benefit_applications"
    __table_args__ = (
        Index("ix_benefit_applications_resident_id", "resident_id"),
        Index("ix_benefit_applications_waiting", "township_id", "state", "decide_by"),
        Index("ix_benefit_applications_entered", "entered_by", "entered_at"),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    benefit: Mapped[BenefitCode] = mapped_column(choice(BenefitCode, "benefit"))
    applied_on: Mapped[date]
    decide_by: Mapped[date]
    state: Mapped[BenefitState] = mapped_column(choice(BenefitState, "state"), default=BenefitState.ASKED)
    until: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    draft_id: Mapped[int | None] = mapped_column(unique=True)


class BenefitDecision(Base):
    """One decision; one that was wrong is taken back (`voided_at`) and another takes its place.

    Attributes:
        village_id: of the application: where it is counted.
        is_renewal: it confirms a confirmation again.
        ground_sealed: why not, a code.
        until: the last day of the confirmation; `None`: it is none, or does not end.
        instead_of: the one that was wrong, which stands again when this one is taken back.
    """

    __tablename__ = "benefit_decisions"
    __table_args__ = (
        Index("ix_benefit_decisions_application_id", "application_id"),
        Index("ix_benefit_decisions_counted", "township_id", "decided_on"),
    )

    id: Mapped[int] = id_column()
    application_id: Mapped[int] = mapped_column(ForeignKey("benefit_applications.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    is_confirmed: Mapped[bool]
    is_renewal: Mapped[bool] = mapped_column(default=False)
    ground_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    decided_on: Mapped[date]
    until: Mapped[date | None]
    instead_of: Mapped[int | None] = mapped_column(ForeignKey("benefit_decisions.id"))
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]


class BenefitPayment(Base):
    """Money that was paid on a confirmation.

    Attributes:
        amount_sealed: how much, in 分.
        batch_id: what was entered together, and is taken back together.
    """

    __tablename__ = "benefit_payments"
    __table_args__ = (UniqueConstraint("batch_id", "decision_id"), Index("ix_benefit_payments_decision", "decision_id"))

    id: Mapped[int] = id_column()
    decision_id: Mapped[int] = mapped_column(ForeignKey("benefit_decisions.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    paid_on: Mapped[date]
    amount_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    batch_id: Mapped[int]
    version: Mapped[int] = mapped_column(Integer, default=1)
    voided_at: Mapped[datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
