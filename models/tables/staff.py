"""Staff, their invites, and who tried too many wrong codes."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.access import Role
from models.rules.quiet import DEFAULT
from models.tables.base import Base, choice, id_column

DIGEST_AT = time(8, 0)
"""Hour of the morning's messages of who has not chosen another (convention)."""


class Staff(Base):
    """A person who works with the bot. A chat account acts for at most one active row.

    Attributes:
        telegram_user_id: the account; chat_id: the private chat with it.
        place_id: where the person works: a village for a manager, else the township.
        village_id: set for managers only.
        quiet_from, quiet_until: between these times of the day nothing is pushed unless it is urgent; equal: never.
        digest_at: the time of the day at which the morning's messages come.
        unreachable_since: messages don't arrive (the bot was blocked); `None` as soon as one does.
    """

    __tablename__ = "staff"
    __table_args__ = (
        Index(
            "uq_staff_active_account",
            "telegram_user_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id: Mapped[int] = id_column()
    telegram_user_id: Mapped[int]
    chat_id: Mapped[int]
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    village_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    language: Mapped[str] = mapped_column(String(10), default="zh-CN")
    active: Mapped[bool] = mapped_column(default=True)
    quiet_from: Mapped[time] = mapped_column(default=DEFAULT.start)
    quiet_until: Mapped[time] = mapped_column(default=DEFAULT.end)
    digest_at: Mapped[time] = mapped_column(default=DIGEST_AT)
    unreachable_since: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Invite(Base):
    """A code that makes whoever enters it first a member of staff; only its keyed hash is kept."""

    __tablename__ = "invites"

    id: Mapped[int] = id_column()
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class EnrolAttempt(Base):
    """Wrong codes in a row, per chat account.

    Attributes:
        failures: wrong codes since the last right one.
        locked_until: no code is looked at before.
    """

    __tablename__ = "enrol_attempts"

    telegram_user_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]
