"""Files of residents that were sent in: checked first, imported when somebody says so, undone within a day."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, choice, id_column


class ImportState(StrEnum):
    """How far the import is."""

    RECEIVED = "received"
    CHECKED = "checked"
    REFUSED = "refused"
    """The file can't be read as a whole; `problem` says why."""
    IMPORTING = "importing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    CANCELLED = "cancelled"


class Import(Base):
    """One file.

    Attributes:
        village_id: where its people live when the file does not say; `None` for a file of several villages.
        chat_id, message_id: where progress is shown; `None` for the command line.
        file_id: how the chat network calls the file until it has been fetched.
        content_sealed: the file, until it was imported or given up.
        problem: a code, for a refused file.
        rows, new, matching, wrong: what the check found, and once it is imported what came of it.
        filled: how many of the matching people got a detail that they lacked.
        done: how many rows have been worked through; while it is undone, how many people were taken away.
        owner, lease_until: the process that works on it now.
        undo_until: it can be taken back until then.
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index("ix_imports_state", "state"),
        Index("ix_imports_staff_id", "staff_id", "created_at"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    chat_id: Mapped[int | None]
    message_id: Mapped[int | None]
    file_id: Mapped[str | None] = mapped_column(String(200))
    file_kind: Mapped[str] = mapped_column(String(8), default="")
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[ImportState] = mapped_column(choice(ImportState, "state"), default=ImportState.RECEIVED)
    problem: Mapped[str | None] = mapped_column(String(40))
    rows: Mapped[int] = mapped_column(Integer, default=0)
    new: Mapped[int] = mapped_column(Integer, default=0)
    matching: Mapped[int] = mapped_column(Integer, default=0)
    wrong: Mapped[int] = mapped_column(Integer, default=0)
    filled: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ImportFill(Base):
    """Details that a file added to a person who was there before, so that they can be taken away again.

    Attributes:
        details: which ones: `phone`, `identity`, `birth`, with commas between.
        revision: that of the person after it: a later one says that the person has changed since.
    """

    __tablename__ = "import_fills"
    __table_args__ = (Index("ix_import_fills_import_id", "import_id"),)

    id: Mapped[int] = id_column()
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    details: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int] = mapped_column(Integer)
