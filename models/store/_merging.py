"""Moving what belongs to one person to another row, and putting exactly that back. Private to the store.

What was changed is remembered as plain JSON: the ids of the rows that were moved, and cells with what stood in them
before and after. Nothing sealed is remembered: the gone row keeps its own details, and what was filled from them is
recognised by comparing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Date, Table, select, update
from sqlalchemy import Enum as Choice

from models.store._households import State
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict
from models.tables.base import Base, Instant, table
from models.tables.benefits import BenefitApplication
from models.tables.changes import StatusChange
from models.tables.checkups import Attendance
from models.tables.consents import ConsentChange
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment
from models.tables.examinations import Examination
from models.tables.grants import CorrectionGrant
from models.tables.handovers import Handover
from models.tables.households import HouseholdChange
from models.tables.referrals import Referral
from models.tables.residents import Consent
from models.tables.rosters import RosterEntry
from models.tables.visits import Visit

PLAIN: tuple[Any, ...] = (
    Visit,
    Attendance,
    StatusChange,
    Counselling,
    Examination,
    Referral,
    BenefitApplication,
    CorrectionGrant,
    Handover,
    ConsentChange,
    HouseholdChange,
)
"""Tables whose rows simply follow the person; they keep the village where they were made."""
FOLLOWING: tuple[Any, ...] = (*PLAIN, Enrolment, Consent, RosterEntry)
"""Every table whose rows belong to a person; a test holds this list to the tables."""
REPORTED: tuple[Any, ...] = (Visit, Attendance, Counselling, Examination, Referral)
"""Of these, what is reported of a person's health."""

Json = Any
Moved = Mapping[str, Json]


@dataclass(slots=True)
class Work:
    """Changes rows and remembers how to put them back.

    Attributes:
        rows: ids that were moved, by table.
        cells: table, id, column, what stood there, what stands there now.
        lmp: enrolments whose sealed date was filled, each with the one it came from.
        details: details of the person that were filled.
        households: who was what in the households that were touched, and what they are since.
        accounts: the person's own accounts that followed.
    """

    session: StoreSession
    rows: dict[str, list[int]] = field(default_factory=dict)
    cells: list[list[Json]] = field(default_factory=list)
    lmp: list[list[int]] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    households: dict[str, State] = field(default_factory=dict)
    accounts: list[int] = field(default_factory=list)

    def remembered(self) -> dict[str, Json]:
        """Return what has to be known to put everything back."""
        return {
            "rows": self.rows,
            "cells": self.cells,
            "lmp": self.lmp,
            "details": self.details,
            "households": self.households,
            "accounts": self.accounts,
        }

    async def change(self, model: type[Base], where: ColumnElement[bool], **values: object) -> None:
        """Write `values` into the rows of `model` that meet `where`."""
        target = table(model)
        columns = [target.c[name] for name in values]
        for row in await self.session.rows(select(target.c.id, *columns).where(where).order_by(target.c.id)):
            for name, value in values.items():
                before, after = plain(row._mapping[name]), plain(value)
                if before != after:
                    self.cells.append([target.name, row.id, name, before, after])
        await self.session.execute(update(target).where(where).values(**values))

    async def move(self, model: Any, gone: AnyRow, kept: AnyRow, *, but: Collection[int] = ()) -> None:
        """Let the rows of `gone` belong to `kept`, except those in `but`."""
        statement = select(model.id).where(model.resident_id == gone.id, model.id.not_in(but)).order_by(model.id)
        ids = [row.id for row in await self.session.rows(statement)]
        if ids:
            self.rows[table(model).name] = ids
            await hand(self.session, model, ids, kept)


async def hand(session: StoreSession, model: Any, ids: Collection[int], person: AnyRow) -> None:
    """Let rows belong to `person`; enrolments and consents lie where the person lives."""
    values = {"resident_id": person.id}
    if model in (Enrolment, Consent):
        values |= {"township_id": person.township_id, "village_id": person.village_id}
    await session.execute(update(model).where(model.id.in_(ids)).values(values))


async def put_back(session: StoreSession, moved: Moved, kept: AnyRow, gone: AnyRow) -> None:
    """Let the moved rows belong to `gone` again, and write what stood in the changed cells.

    Raises:
        Conflict: `merge_changed`: one of them is gone, or was changed since.
    """
    for model in FOLLOWING:
        ids = moved["rows"].get(table(model).name, [])
        if not ids:
            continue
        still = await session.rows(select(model.id).where(model.id.in_(ids), model.resident_id == kept.id))
        if len(still) != len(ids):
            raise Conflict("merge_changed")
        await hand(session, model, ids, gone)
    for name, row_id, column, before, after in moved["cells"]:
        await _restore(session, Base.metadata.tables[name], row_id, column, before, after)


async def refuse_later_reports(session: StoreSession, moved: Moved, kept: AnyRow) -> None:
    """Refuse when something was reported since on a programme that goes back with the gone row.

    Raises:
        Conflict: `merge_reported`.
    """
    enrolments = moved["rows"].get("enrolments", [])
    for model in (Visit, Attendance):
        known = moved["rows"].get(table(model).name, [])
        statement = select(model.id).where(
            model.resident_id == kept.id,
            model.enrolment_id.in_(enrolments),
            model.id.not_in(known),
            model.voided_at.is_(None),
        )
        if await session.row(statement.limit(1)) is not None:
            raise Conflict("merge_reported")


async def has_reports_since(session: StoreSession, moved: Moved, kept: AnyRow, since: datetime) -> bool:
    """Return whether anything of health was reported of `kept` since."""
    for model in REPORTED:
        known = moved["rows"].get(table(model).name, [])
        statement = select(model.id).where(
            model.resident_id == kept.id, model.entered_at > since, model.id.not_in(known)
        )
        if await session.row(statement.limit(1)) is not None:
            return True
    return False


def plain(value: object) -> Json:
    """Return a column's value as JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


async def _restore(session: StoreSession, target: Table, row_id: int, column: str, before: Json, after: Json) -> None:
    stands = await session.row(select(target.c[column]).where(target.c.id == row_id))
    if stands is None or plain(stands[0]) != after:
        raise Conflict("merge_changed")
    value = _typed(target, column, before)
    await session.execute(update(target).where(target.c.id == row_id).values({column: value}))


def _typed(target: Table, column: str, value: Json) -> object:
    """Read back what `plain` wrote."""
    kind = target.c[column].type
    if not isinstance(value, str):
        return value
    if isinstance(kind, Choice) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
