"""Residents' own accounts: which chat account is whose, and the links with which one is opened."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, id_column


class ResidentLink(Base):
    """A code with which a resident opens an account of their own, once; only its keyed hash is kept.

    Deleted as soon as it is used, declined or replaced.

    Attributes:
        opened_by: the chat account that has opened it: nobody else can say yes.
    """

    __tablename__ = "resident_links"

    id: Mapped[int] = id_column()
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_by: Mapped[int | None]


class ResidentAccount(Base):
    """That an account is a resident's own: the chat account itself is a row of `staff` with the role of a resident.

    Attributes:
        tied_at: when the resident said yes.
        reminders_since: when the resident asked to be reminded; `None`: not.
        asked_on: the day on which the resident was last asked how a visit was; `may_rate`: and has not answered yet.
    """

    __tablename__ = "resident_accounts"

    id: Mapped[int] = id_column()
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    tied_at: Mapped[datetime]
    reminders_since: Mapped[datetime | None]
    asked_on: Mapped[date | None]
    may_rate: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
