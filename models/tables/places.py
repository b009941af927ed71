"""Places: the township, its villages, their groups."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice, id_column


class PlaceKind(StrEnum):
    """The three levels."""

    TOWNSHIP = "township"
    VILLAGE = "village"
    GROUP = "group"


class Place(Base):
    """A place with its division code.

    Attributes:
        code: 9 digits for a township, 12 for a village, ours below that.
        is_community: a village-level unit that is a community (社区).
        township_id: the township it belongs to; a township names itself.
        zone: IANA time zone; the township's counts.
        checkup_dom: the fixed day of the month of its check-up (1-31); a village without one uses the
            township's.
        meeting_dom, meeting_hour: the fixed day of the month and hour of the joint meeting; the township's count.
        ladder: after how many working days overdue each role is told, by role, `None` for never; the township's
            counts, and the usual ones where it has none.
        programmes_revision: counts what was loaded of programmes of its own; a township's counts.
        plan_revision: counts what changes the plan of messages: staff, calendar, settings; a township's counts.
        is_demo: made by the demo, never real.
    """

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("checkup_dom BETWEEN 1 AND 31", name="checkup_dom"),
        CheckConstraint("meeting_dom BETWEEN 1 AND 31", name="meeting_dom"),
        CheckConstraint("meeting_hour BETWEEN 0 AND 23", name="meeting_hour"),
    )

    id: Mapped[int] = id_column()
    code: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[PlaceKind] = mapped_column(choice(PlaceKind, "kind"))
    is_community: Mapped[bool] = mapped_column(default=False)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    name_pinyin: Mapped[str] = mapped_column(String(120), default="")
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    checkup_dom: Mapped[int | None] = mapped_column(Integer)
    meeting_dom: Mapped[int | None] = mapped_column(Integer)
    meeting_hour: Mapped[int | None] = mapped_column(Integer)
    ladder: Mapped[dict[str, Any] | None]
    programmes_revision: Mapped[int] = mapped_column(Integer, default=0)
    plan_revision: Mapped[int] = mapped_column(Integer, default=0)
    is_demo: Mapped[bool] = mapped_column(default=False)
