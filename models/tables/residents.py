"""Residents and their consents. Names, phones and identity numbers are sealed, and found by keyed hash."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.changes import ResidentStatus as ResidentStatus
from models.rules.consent import Purpose
from models.rules.households import Relation as Relation
from models.rules.sex import Sex
from models.tables.base import Base, choice, id_column


class Channel(StrEnum):
    """How a visit was made, or how the person likes to be reached."""

    VISIT = "VISIT"
    PHONE = "PHONE"
    CLINIC = "CLINIC"
    MESSAGE = "MESSAGE"
    FAMILY = "FAMILY"
    NONE = "NONE"


class Resident(Base):
    """A person of a village.

    Attributes:
        name_hash: keyed hash of the normalised name; likewise `phone_hash`, `identity_hash`.
        restricted: consent is withdrawn: the row is kept but neither listed nor used.
        version: counts corrections of the details, 1 is as first entered.
        revision: counts changes of the person and of which programmes the person is in; an undo that puts
            these back checks that nothing came in between.
        home_village_id: the village the person returns to, while handed over for a time.
        household_id: with whom the person lives; `relation`: what the person is to its head.
        merged_into: this row was the same person entered twice; the other row has everything now.
        import_id: the file the person came with, if one.
        entered_by: who registered the person.
        draft_id: the form that registered the person, so that saving it twice makes one row.
    """

    __tablename__ = "residents"
    __table_args__ = (
        Index("ix_residents_village_listed", "village_id", "restricted", "status"),
        Index("ix_residents_name_hash", "township_id", "name_hash"),
        Index("ix_residents_phone_hash", "township_id", "phone_hash"),
        Index("ix_residents_identity_hash", "township_id", "identity_hash"),
        Index("ix_residents_updated", "township_id", "updated_at"),
        Index("ix_residents_household_id", "household_id"),
        Index("ix_residents_import_id", "import_id"),
        Index("ix_residents_entered", "entered_by", "created_at"),
    )

    id: Mapped[int] = id_column()
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    phone_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    identity_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    sex: Mapped[Sex] = mapped_column(choice(Sex, "sex"))
    birth_date: Mapped[date | None]
    status: Mapped[ResidentStatus] = mapped_column(choice(ResidentStatus, "status"), default=ResidentStatus.PRESENT)
    restricted: Mapped[bool] = mapped_column(default=False)
    preferred_channel: Mapped[Channel | None] = mapped_column(choice(Channel, "preferred_channel"))
    home_village_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"))
    relation: Mapped[Relation | None] = mapped_column(choice(Relation, "relation"))
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("residents.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"))
    revision: Mapped[int] = mapped_column(Integer, default=1)
    version: Mapped[int] = mapped_column(Integer, default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    draft_id: Mapped[int | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Consent(Base):
    """One purpose that a person agreed to, until withdrawn.

    Attributes:
        recorded_by: who wrote it down; `withdrawn_by`: who wrote down that it was withdrawn, if not a report.
        how: `oral`, `written` or `chat`.
        guardian: a guardian consented for the person.
    """

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "uq_consents_given",
            "resident_id",
            "purpose",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = id_column()
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    township_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    village_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose, "purpose"))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    how: Mapped[str] = mapped_column(String(10), default="oral")
    guardian: Mapped[bool] = mapped_column(default=False)
