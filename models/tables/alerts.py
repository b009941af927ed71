"""What is overdue and climbs, and what was done about it. No names: whom it is about, the rows it points at say."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.alerts import AlertKind, CloseReason, SnoozeReason
from models.rules.escalation import HoldKind
from models.tables.base import Base, choice, id_column


class Alert(Base):
    """Something overdue.

    Attributes:
        kind: what `subject_id` is: an enrolment, a village, a decision.
        due_on: its last day: the window closes, the fixed check-up day, the decision's day.
        village_id: the place that sees to it; of a decision, where its owner works.
        since: the first day overdue.
        manager_on, clinic_on, deputy_on, leader_on: the days on which it reaches each rung, as
            `rules.escalation` reckons them from what was done about it by now.
        hold, held_on, held_until: what was done last, on which day, and the day on which the climb goes on.
        assigned_to: who sees to it, since `assigned_on`.
        closed_on: the day on which it was found to be over.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "due_on", "village_id"),
        Index("ix_alerts_township_open", "township_id", "closed_on", "since"),
        Index("ix_alerts_due_on", "township_id", "due_on"),
        Index("ix_alerts_village_open", "village_id", "closed_on"),
    )

    id: Mapped[int] = id_column()
    kind: Mapped[AlertKind] = mapped_column(choice(AlertKind, "kind"))
    subject_id: Mapped[int]
    due_on: Mapped[date]
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    since: Mapped[date]
    manager_on: Mapped[date | None]
    clinic_on: Mapped[date | None]
    deputy_on: Mapped[date | None]
    leader_on: Mapped[date | None]
    hold: Mapped[HoldKind | None] = mapped_column(choice(HoldKind, "hold"))
    held_on: Mapped[date | None]
    held_until: Mapped[date | None]
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    assigned_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_why: Mapped[CloseReason | None] = mapped_column(choice(CloseReason, "closed_why"))
    created_at: Mapped[datetime]


class AlertHold(Base):
    """Something that was done about an alert.

    Attributes:
        on: the day on which it was done.
        until: the day on which the climb goes on; an assignment has none.
        reason: why it has to wait, of a snooze; `note_sealed`: in words, if anything.
        assigned_to: to whom it was given.
        entered_by: who did it; `None`: it was over for some days and came back.
        voided_at: it was taken back.
    """

    __tablename__ = "alert_holds"
    __table_args__ = (Index("ix_alert_holds_alert_id", "alert_id"),)

    id: Mapped[int] = id_column()
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    kind: Mapped[HoldKind] = mapped_column(choice(HoldKind, "kind"))
    on: Mapped[date]
    until: Mapped[date | None]
    reason: Mapped[SnoozeReason | None] = mapped_column(choice(SnoozeReason, "reason"))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    draft_id: Mapped[int | None] = mapped_column(unique=True)
