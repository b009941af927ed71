"""Drafts: forms that are being filled in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice, id_column


class DraftState(StrEnum):
    """How a draft ended, or that it hasn't."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Draft(Base):
    """A form being filled in. At most one per chat and person is active; others wait.

    Attributes:
        subject: what the form is about, as the form names it.
        revision: counts answers; a save names the one it saw.
        body_sealed: the answers.
        message_id: the message that shows the question.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index(
            "uq_drafts_active",
            "chat_id",
            "telegram_user_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
        Index("ix_drafts_account", "telegram_user_id", "state"),
        {"postgresql_with": {"fillfactor": 70}},
    )

    id: Mapped[int] = id_column()
    telegram_user_id: Mapped[int]
    chat_id: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    form: Mapped[str] = mapped_column(String(40))
    form_version: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[DraftState] = mapped_column(choice(DraftState, "state"), default=DraftState.OPEN)
    active: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    message_id: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
