"""Public notices of a month's service: as they were shown, who approved them, where they were posted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.publications import PublicationState
from models.tables.base import Base, choice, id_column


class Publication(Base):
    """A notice. Once it is approved, what it says never changes: a correction is another edition.

    Attributes:
        month: first day of the month that it is about; `edition`: 1, and more for corrections.
        version: counts what was changed before it was approved.
        figures: what it tells, by code; what may not be shown is not in it.
        left_out: codes of indicators that are not told.
        text, picture: exactly as shown and posted, in `language`.
        decided_by, decided_at: who approved or declined it, and when.
        chat_id, title: where it was to be posted; `attempt`: how often that was asked for.
        posted_at, message_id: when it arrived, and as which message.
    """

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("township_id", "month", "edition"),)

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    month: Mapped[date]
    edition: Mapped[int] = mapped_column(default=1)
    state: Mapped[PublicationState] = mapped_column(choice(PublicationState, "state"))
    version: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(8))
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    left_out: Mapped[list[Any]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(Text)
    picture: Mapped[bytes] = mapped_column(LargeBinary)
    shown_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    chat_id: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(255))
    attempt: Mapped[int] = mapped_column(default=0)
    posted_at: Mapped[datetime | None]
    message_id: Mapped[int | None]


class PublicationPlace(Base):
    """Where a township posts its notices.

    Attributes:
        chat_id, title: a group or channel; `None`: nowhere yet.
        asked: a chat that is looked up: `@name` or its number; asked for by `asked_by` at `asked_at`.
    """

    __tablename__ = "publication_places"

    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True, autoincrement=False)
    chat_id: Mapped[int | None]
    title: Mapped[str | None] = mapped_column(String(255))
    asked: Mapped[str | None] = mapped_column(String(40))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime | None]
