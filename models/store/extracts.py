"""Rows for analysis, read for the team: visits and check-ups of a period, before they are made to point at nobody.

The file is the team's (docs/decisions/rows-stay-with-the-team.md), and the deputy is told of each. It is made when it
is sent: the rows are read a village at a time, in transactions that write nothing, so that nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from models.rules import extracts as rules
from models.rules.access import Actor, Permission, Role
from models.rules.ages import age_in_months
from models.rules.consent import Purpose
from models.rules.extracts import ROUNDED, Fact
from models.rules.periods import Period
from models.store import audit, outbox, places, scope
from models.store._records import CHECKUP
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.tables.base import new_id
from models.tables.checkups import Attendance
from models.tables.residents import Consent, Resident
from models.tables.visits import Visit

FILE = "extract.file"
"""Whoever asked gets the file: `details` say what it is for, the occurrence is the period."""
MADE = "extract.made"
"""The deputy is told that one was made: of which months, and what for."""


class ExtractPurpose(StrEnum):
    """What an extract is for; a code, so that nothing of anybody can be typed into it."""

    QUALITY = "quality"
    PREVENTION = "prevention"
    REPORTING = "reporting"
    TRAINING = "training"


@whole
async def ask(session: StoreSession, actor: Actor, period: Period, purpose: ExtractPurpose) -> None:
    """Have the rows of a period made and sent to the actor, and tell the deputy. What is being made is not made twice.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.EXTRACT_MAKE)
    details: dict[str, Detail] = {"purpose": purpose.value, "months": len(period.months)}
    if await outbox.is_on_its_way(session, FILE, period.code, actor.staff_id, details):
        return
    deputies = await outbox.of_role(session, actor.township_id, Role.DEPUTY)
    extract_id = new_id()
    await outbox.plan(session, deputies, MADE, extract_id, str(extract_id), details=details)
    to = await outbox.member(session, actor.staff_id)
    await outbox.plan(session, to, FILE, extract_id, period.code, details=details, urgent=True)
    details |= {"period": period.code}
    await audit.write(session, actor, "extract:ask", "extract", extract_id, details)


async def begin(session: StoreSession, actor: Actor, period: Period, extract_id: int) -> dict[int, str]:
    """Note that the rows are read now, and return what each village is told as.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.EXTRACT_MAKE)
    await audit.write(session, actor, "extract:make", "extract", extract_id, {"period": period.code})
    return await _places(session, actor)


async def rows(session: StoreSession, actor: Actor, period: Period, village_id: int, place: str) -> list[Fact]:
    """Return the rows of a village, told as `place`.

    Only of people who consent to a health record, and only programmes that managers may know of.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.EXTRACT_MAKE)
    visits = await _visits(session, actor, period, village_id)
    checkups = await _checkups(session, actor, period, village_id)
    return [*(_fact(row, row.programme, place) for row in visits), *(_fact(row, CHECKUP, place) for row in checkups)]


async def _places(session: StoreSession, actor: Actor) -> dict[int, str]:
    """Return what each village is told as."""
    here = (scope.reach(actor, Resident), scope.listed())
    counts = select(Resident.village_id, func.count().label("many")).where(*here).group_by(Resident.village_id)
    many = {row.village_id: row.many for row in await session.rows(counts)}
    township = await places.get(session, actor.township_id)
    villages = await places.villages(session, actor.township_id)
    return {each.id: township.name if rules.is_too_small(many.get(each.id, 0)) else each.name for each in villages}


async def _visits(session: StoreSession, actor: Actor, period: Period, village_id: int) -> list[AnyRow]:
    known = [programme.code for programme in actor.catalogue.visible_to(Role.MANAGER)]
    here = (Visit.village_id == village_id, Visit.programme.in_(known))
    return await _rows(session, actor, Visit, Visit.visited_on, period, here, Visit.programme)


async def _checkups(session: StoreSession, actor: Actor, period: Period, village_id: int) -> list[AnyRow]:
    here = (Attendance.village_id == village_id, Attendance.enrolment_id.is_not(None))
    return await _rows(session, actor, Attendance, Attendance.held_on, period, here)


async def _rows(
    session: StoreSession, actor: Actor, model: Any, day: Any, period: Period, here: Sequence[Any], *more: Any
) -> list[AnyRow]:
    measured = [getattr(model, name) for name in ROUNDED]
    columns = (model.resident_id, day.label("on"), model.outcome, model.window_closes_on)
    consents = select(Consent.resident_id).where(
        Consent.purpose == Purpose.HEALTH_RECORD, Consent.withdrawn_at.is_(None)
    )
    statement = select(*columns, Resident.sex, Resident.birth_date, *measured, *more)
    statement = statement.join(Resident, Resident.id == model.resident_id).where(
        *(scope.reach(actor, model), scope.listed(gone=True), day.between(period.first, period.last), *here),
        *(model.voided_at.is_(None), model.outcome.in_(rules.OUTCOMES), model.resident_id.in_(consents)),
    )
    return list(await session.rows(statement))


def _fact(row: AnyRow, programme: str, place: str) -> Fact:
    stored: Any = row._mapping
    closes: date | None = row.window_closes_on
    return Fact(
        row.resident_id,
        place,
        _years(row.birth_date, row.on),
        row.sex.value,
        row.on,
        programme,
        row.outcome.value,
        None if closes is None else row.on <= closes,
        tuple(rules.rounded(name, stored[name]) for name in ROUNDED),
    )


def _years(born: date | None, on: date) -> int | None:
    months = age_in_months(born, on)
    return None if months is None else max(0, months) // 12
