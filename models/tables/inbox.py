"""Updates taken: which ones, what is still owed for them, and those that could not be handled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class ProcessedUpdate(Base):
    """An update that had its effect.

    Attributes:
        owed: the calls that answer it, sealed, until they were made.
    """

    __tablename__ = "processed_updates"
    __table_args__ = (
        Index(
            "ix_processed_updates_owed",
            "update_id",
            sqlite_where=text("owed IS NOT NULL"),
            postgresql_where=text("owed IS NOT NULL"),
        ),
    )

    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chat_id: Mapped[int]
    at: Mapped[datetime]
    owed: Mapped[bytes | None] = mapped_column(LargeBinary)


class UpdateAttempt(Base):
    """How often an update failed; `last_error` is the name of a class, never a message."""

    __tablename__ = "update_attempts"

    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    failures: Mapped[int] = mapped_column(Integer)
    last_error: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class DeadLetter(Base):
    """An update that was given up, kept sealed so that it can be replayed."""

    __tablename__ = "dead_letters"

    id: Mapped[int] = id_column()
    update_id: Mapped[int] = mapped_column(unique=True)
    chat_id: Mapped[int]
    payload_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    error: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    replayed_at: Mapped[datetime | None]
