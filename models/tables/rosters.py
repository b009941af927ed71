"""The roster of a check-up day: a line a person, and which messages show it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.rosters import Mark
from models.tables.base import Base, choice, id_column


class RosterEntry(Base):
    """A person's line on the roster of a day.

    What it says is provisional until the day is closed; then it becomes an attendance.

    Attributes:
        number: the person's number on the list of that day, printed too; it never changes.
        mark: what was tapped; `None` is nothing yet.
        version: counts changes; a button carries the one that was seen.
        walk_in: was not expected, came all the same.
        next_on: who was absent comes on this day.
        checked: what stands out about it was looked at.
        batch_id: marked together with others, by one tap that can be taken back.
        measures_sealed: what was measured, until it stands in the attendance.
        record_id: the attendance that it became.
    """

    __tablename__ = "roster_lines"
    __table_args__ = (
        UniqueConstraint("day_id", "resident_id"),
        UniqueConstraint("day_id", "number"),
        Index("ix_roster_lines_resident_id", "resident_id"),
    )

    id: Mapped[int] = id_column()
    day_id: Mapped[int] = mapped_column(ForeignKey("checkup_days.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    number: Mapped[int] = mapped_column(Integer)
    mark: Mapped[Mark | None] = mapped_column(choice(Mark, "mark"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    walk_in: Mapped[bool] = mapped_column(default=False)
    next_on: Mapped[date | None]
    checked: Mapped[bool] = mapped_column(default=False)
    batch_id: Mapped[int | None]
    measures_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    marked_at: Mapped[datetime | None]
    record_id: Mapped[int | None] = mapped_column(ForeignKey("attendances.id"))


class RosterView(Base):
    """A message that shows a roster; it is owed until it shows the roster's revision, and drawn again then.

    One a chat: opening a roster again takes the place of the message before.

    Attributes:
        message_id: the message, once it was sent.
        screen: which part of the work it shows: a code of `models.store.roster_views`.
        filter_sealed: what was typed to narrow the list, or to look for somebody.
        shown: the roster's revision that it shows; -1 is owed whatever the revision.
        seq: counts what the person did to the view itself; a drawing of an older one is drawn again.
        busy_until: a process is drawing it.
    """

    __tablename__ = "roster_views"
    __table_args__ = (UniqueConstraint("chat_id"), Index("ix_roster_views_day_id", "day_id"))

    id: Mapped[int] = id_column()
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    telegram_user_id: Mapped[int]
    chat_id: Mapped[int]
    message_id: Mapped[int | None]
    day_id: Mapped[int] = mapped_column(ForeignKey("checkup_days.id"))
    screen: Mapped[str] = mapped_column(String(16))
    page: Mapped[int] = mapped_column(Integer, default=0)
    filter_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    shown: Mapped[int] = mapped_column(Integer, default=-1)
    seq: Mapped[int] = mapped_column(Integer, default=0)
    may_repeat: Mapped[bool] = mapped_column(default=False)
    busy_until: Mapped[datetime | None]
    touched_at: Mapped[datetime]
