"""Messages with dictated results, for as long as they can be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class Dictation(Base):
    """What one message changed on the roster of a day.

    Attributes:
        before_sealed: the lines as they were before, and the version that each has had since.
        taken_back_at: the lines were put back.
    """

    __tablename__ = "dictations"

    id: Mapped[int] = id_column()
    day_id: Mapped[int] = mapped_column(ForeignKey("checkup_days.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    before_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
