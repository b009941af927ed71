"""Moving a person, with programmes and consents, from one village to another, and back.

Private to the store. What was reported stays counted where it was made; who may read it follows the person. What
is sealed is bound to its row, so nothing is sealed anew.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from models.rules.outcomes import Outcome
from models.rules.programmes.catalogue import Catalogue
from models.store import _accounts, _facts, _households, drafts
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.places import PlaceRow
from models.tables.benefits import BenefitApplication
from models.tables.checkups import Attendance
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.examinations import Examination
from models.tables.places import Place
from models.tables.referrals import Referral
from models.tables.residents import Consent, Resident, ResidentStatus
from models.tables.staff import Staff
from models.tables.visits import Visit

Before = dict[str, Any]
"""Where the person was before a move, and which programmes it ended. JSON."""

_PERSON = select(
    Resident.id,
    Resident.township_id,
    Resident.village_id,
    Resident.group_id,
    Resident.status,
    Resident.birth_date,
    Resident.home_village_id,
).where(Resident.id == bindparam("person"))
_ABOUT: tuple[Any, ...] = (Enrolment, Visit, Attendance, Counselling, Examination, Referral, BenefitApplication)
"""What a draft can be about beside the person."""
_HERE = (ResidentStatus.PRESENT, ResidentStatus.AWAY)


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a person moves.

    Attributes:
        home_id: the village to return to, when it is for a time.
        offered: the programmes that there are; the person's others end.
    """

    village: PlaceRow
    offered: Catalogue
    group_id: int | None = None
    home_id: int | None = None


async def locked(session: StoreSession, person_id: int) -> AnyRow:
    """Return the person's row wherever it is, locked until the transaction ends.

    For callers that hold a hand-over within their actor's scope.

    Raises:
        NotFound: there is no such person.
    """
    row = await session.row(_PERSON.with_for_update() if session.is_postgres else _PERSON, {"person": person_id})
    if row is None:
        raise NotFound
    return row


async def move(session: StoreSession, person: AnyRow, goal: Goal, day: date) -> Before:
    """Move the locked person, bring every due item in line with the new village, and return what was before.

    The household stays behind; somebody else stands for it, if the person did.
    """
    ended = await _end_unknown(session, person.id, goal.offered, day)
    home = await _households.leave(session, person.id)
    await _take_along(session, person, goal)
    await _settle(session, person, goal)
    await _recompute(session, person.id, ended, day)
    return {"group": person.group_id, "home": home, "ended": ended}


async def move_back(session: StoreSession, person: AnyRow, goal: Goal, before: Before, day: date) -> list[int]:
    """Move the locked person home again: into the group of before, if it still is there, and into the household, if
    it is as the person left it.

    Returns the enrolments that ended, because there is no such programme at home.
    """
    await _revive(session, person.id, before.get("ended", ()), goal.offered)
    home = Goal(goal.village, goal.offered, await _group(session, goal.village.id, before))
    ended: list[int] = (await move(session, person, home, day))["ended"]
    await _households.come_back(session, await locked(session, person.id), before.get("home"))
    return ended


async def end_drafts(session: StoreSession, person: AnyRow, village_id: int, township_id: int) -> None:
    """End the drafts about the person of those who worked at the place that the person has left."""
    numbers = {str(person.id)}
    for model in _ABOUT:
        rows = await session.rows(select(model.id).where(model.resident_id == person.id))
        numbers |= {str(row.id) for row in rows}
    await drafts.end_about(session, await _left_behind(session, person.id, village_id, township_id), numbers)


async def _left_behind(session: StoreSession, person_id: int, village_id: int, township_id: int) -> list[int]:
    """Return who worked at that place and does not reach the person any more."""
    now = await locked(session, person_id)
    lost = Staff.village_id == village_id
    if now.township_id != township_id:
        lost = or_(lost, Staff.village_id.is_(None))
    there = and_(Staff.township_id == township_id, lost, Staff.active)
    return [row.id for row in await session.rows(select(Staff.id).where(there))]


async def _end_unknown(session: StoreSession, person_id: int, offered: Container[str], day: date) -> list[int]:
    """End the person's programmes that the new place doesn't have, and return their enrolments."""
    statement = select(Enrolment.id, Enrolment.programme).where(
        Enrolment.resident_id == person_id, Enrolment.state == EnrolmentState.ACTIVE
    )
    ended = [row.id for row in await session.rows(statement) if row.programme not in offered]
    if ended:
        values = {"state": EnrolmentState.ENDED, "ended_on": day, "ended_by": Outcome.MOVED}
        await session.execute(update(Enrolment).where(Enrolment.id.in_(ended)).values(**values))
    return ended


async def _revive(session: StoreSession, person_id: int, ended: Collection[int], offered: Container[str]) -> None:
    """Let the programmes that a move had ended go on, unless the person joined them anew or chose otherwise."""
    statement = select(Enrolment.id, Enrolment.programme, Enrolment.state).where(Enrolment.resident_id == person_id)
    rows = await session.rows(statement)
    running = {row.programme for row in rows if row.state is EnrolmentState.ACTIVE}
    again = [row.id for row in rows if row.id in ended and row.programme in offered and row.programme not in running]
    if again:
        values = {"state": EnrolmentState.ACTIVE, "ended_on": None, "ended_by": None}
        await session.execute(update(Enrolment).where(Enrolment.id.in_(again)).values(**values))


async def _take_along(session: StoreSession, person: AnyRow, goal: Goal) -> None:
    """Move enrolments and consents, those of rows merged into this one too; who was away is here now."""
    there = {"township_id": goal.village.township_id, "village_id": goal.village.id}
    rows = await session.rows(select(Resident.id).where(Resident.merged_into == person.id))
    everybody = [person.id, *(row.id for row in rows)]
    of_person = update(Enrolment).where(Enrolment.resident_id.in_(everybody))
    await session.execute(of_person.values(**there, updated_at=session.now()))
    if person.township_id != goal.village.township_id:
        await _follow_versions(session, person.id, goal.offered)
    if person.status in _HERE:
        await session.execute(of_person.where(Enrolment.paused).values(paused=False))
    await session.execute(update(Consent).where(Consent.resident_id.in_(everybody)).values(**there))
    merged = update(Resident).where(Resident.merged_into == person.id)
    await session.execute(merged.values(**there, group_id=None, updated_at=session.now()))


async def _follow_versions(session: StoreSession, person_id: int, offered: Catalogue) -> None:
    """Let the person's programmes go on as the new township has them: a version is one of its own township's."""
    rows = await session.rows(select(Enrolment.id, Enrolment.programme).where(Enrolment.resident_id == person_id))
    for row in rows:
        if row.programme in offered:
            version = offered[row.programme].version
            await session.execute(update(Enrolment).where(Enrolment.id == row.id).values(programme_version=version))


async def _settle(session: StoreSession, person: AnyRow, goal: Goal) -> None:
    values = {
        "township_id": goal.village.township_id,
        "village_id": goal.village.id,
        "group_id": goal.group_id,
        "home_village_id": goal.home_id,
        "status": ResidentStatus.PRESENT if person.status in _HERE else person.status,
        "revision": Resident.revision + 1,
        "updated_at": session.now(),
    }
    await session.execute(update(Resident).where(Resident.id == person.id).values(**values))
    await _accounts.move(session, person.id, goal.village)


async def _recompute(session: StoreSession, person_id: int, ended: Collection[int], day: date) -> None:
    statement = select(Enrolment.id).where(Enrolment.resident_id == person_id, Enrolment.state == EnrolmentState.ACTIVE)
    running = [row.id for row in await session.rows(statement)]
    await _facts.recompute(session, sorted({*running, *ended}), day)


async def _group(session: StoreSession, village_id: int, before: Before) -> int | None:
    """Return the group of before, if it still is in the village."""
    group = select(Place.id).where(Place.id == before.get("group"), Place.parent_id == village_id)
    found: int | None = await session.scalar(group)
    return found
