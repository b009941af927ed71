"""Benefits that people ask for: entered, corrected, taken back, not wanted any more, and read.

Nothing is kept without the person's consent to that purpose, and nothing is found once it is withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from models.rules import benefits as rules
from models.rules.access import Actor, Permission
from models.rules.benefits import BenefitCode, BenefitState, Step
from models.rules.changes import ResidentStatus
from models.rules.consent import Purpose
from models.store import _accounts, _benefits, _kept, _people, _records, audit, persons, scope
from models.store._benefits import Decided as Decided
from models.store._benefits import Paid as Paid
from models.store._benefits import StoredApplication as StoredApplication
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NoConsent
from models.tables.base import new_id
from models.tables.benefits import BenefitApplication
from models.tables.residents import Resident

_HERE = (ResidentStatus.PRESENT, ResidentStatus.AWAY)


@dataclass(frozen=True, slots=True)
class Application:
    """A benefit as it is asked for."""

    resident_id: int
    benefit: BenefitCode
    applied_on: date


@whole
async def apply(
    session: StoreSession, actor: Actor, wanted: Application, draft_id: int | None = None
) -> StoredApplication:
    """Store what a person asks for. The same draft saved twice stores one.

    Raises:
        AccessDenied: the role enters no applications.
        NotFound: the person is out of reach or not listed.
        NoConsent: the person does not consent to benefits being kept.
        Refused: `future_date`, `before_birth`.
        Conflict: `benefit_open`: the person has asked for it already.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    done = await _kept.id_by_draft(session, actor, _benefits.SORT, draft_id)
    if done is not None:
        return await _benefits.one(session, actor, done)
    person = await _people.locked(session, actor, wanted.resident_id)
    await _check(session, actor, person, wanted)
    application_id = new_id()
    values = _values(wanted) | {"id": application_id, "state": BenefitState.ASKED, "draft_id": draft_id}
    await _kept.add(session, actor, _benefits.SORT, person, values)
    await audit.write(session, actor, "benefit:ask", "benefit", application_id, {"benefit": wanted.benefit.value})
    return await _benefits.one(session, actor, application_id)


@whole
async def correct(
    session: StoreSession,
    actor: Actor,
    application_id: int,
    wanted: Application,
    reason: str,
    *,
    version: int | None = None,
) -> StoredApplication:
    """Replace what an application says, keeping what it said before and why. What is decided is not corrected.

    Raises:
        AccessDenied, NoConsent, Refused: as in `apply`.
        NotFound: it is out of reach.
        Conflict: `voided`, `corrected_since`, `locked`; `benefit_open`; `benefit_step`: it is decided or withdrawn.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    row = await _benefits.locked(session, actor, application_id)
    lock = await _kept.may_correct(session, actor, _benefits.SORT, row, version)
    _benefits.may(await _benefits.one(session, actor, application_id), Step.DECIDE)
    person = await _people.locked(session, actor, row.resident_id, listed=False)
    await _check(session, actor, person, wanted, but=application_id)
    before = {"benefit": row.benefit.value, "applied_on": row.applied_on.isoformat()}
    sort, values = _benefits.SORT, _values(wanted)
    await _kept.replace(session, actor, sort, row, before=before, values=values, reason=reason)
    await audit.write(session, actor, "benefit:correct", "benefit", application_id, lock)
    return await _benefits.one(session, actor, application_id)


@whole
async def undo(session: StoreSession, actor: Actor, application_id: int) -> StoredApplication:
    """Take an application back within ten minutes, by the one who entered it. Twice does no more than once.

    Raises:
        AccessDenied: the role enters no applications.
        NotFound: it is out of reach.
        Conflict: `not_yours`, `too_late`, `benefit_decided`: meanwhile.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    row = await _benefits.find(session, actor, application_id)
    await _people.locked(session, actor, row.resident_id, listed=False)
    stored = await _benefits.one(session, actor, application_id)
    if not stored.voided:
        _records.may_undo(session, actor, row)
        if stored.decisions:
            raise Conflict("benefit_decided")
        await _kept.void(session, _benefits.SORT, application_id)
        await audit.write(session, actor, "benefit:undo", "benefit", application_id)
    return await _benefits.one(session, actor, application_id)


@whole
async def withdraw(session: StoreSession, actor: Actor, application_id: int) -> StoredApplication:
    """Note that the person does not want it any more: nothing waits, and no reason is asked. Twice is as once.

    Raises:
        AccessDenied: the role enters no applications.
        NotFound: it is out of reach.
        Conflict: `voided`, `benefit_step`.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    await _benefits.locked(session, actor, application_id)
    stored = await _benefits.one(session, actor, application_id)
    if stored.state is not BenefitState.WITHDRAWN:
        _benefits.may(stored, Step.WITHDRAW)
        signed = {"withdrawn_at": session.now(), "withdrawn_by": actor.staff_id}
        changed = update(BenefitApplication).where(BenefitApplication.id == application_id)
        await session.execute(changed.values(state=BenefitState.WITHDRAWN, until=None, **signed))
        await audit.write(session, actor, "benefit:withdraw", "benefit", application_id)
    return await _benefits.one(session, actor, application_id)


@whole
async def take_up(session: StoreSession, actor: Actor, application_id: int) -> StoredApplication:
    """Take a withdrawal back within ten minutes, by the one who wrote it down. Twice does no more than once.

    Raises:
        AccessDenied: the role enters no applications.
        NotFound: it is out of reach.
        Conflict: `voided`, `not_yours`, `too_late`; `benefit_open`: the person has asked for the benefit anew.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    row = await _benefits.locked(session, actor, application_id)
    if row.state is BenefitState.WITHDRAWN:
        if row.withdrawn_by != actor.staff_id:
            raise Conflict("not_yours")
        if session.now() - row.withdrawn_at > _records.UNDO_WITHIN:
            raise Conflict("too_late")
        await _benefits.need_only(session, row)
        await _benefits.settle(session, application_id)
        await audit.write(session, actor, "benefit:take_up", "benefit", application_id)
    return await _benefits.one(session, actor, application_id)


async def get(session: StoreSession, actor: Actor, application_id: int) -> StoredApplication:
    """Return an application with what was decided and paid.

    Raises:
        AccessDenied: the role enters no applications.
        NotFound: it is out of reach, or taken back.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    stored = await _benefits.one(session, actor, application_id)
    await audit.write(session, actor, "person:read", "benefit", application_id)
    return stored


async def of_person(session: StoreSession, actor: Actor, resident_id: int) -> list[StoredApplication]:
    """Return what a person asks for, the newest first; nothing of who does not consent.

    Raises:
        AccessDenied: the role enters no applications.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    theirs = (BenefitApplication.resident_id == resident_id, BenefitApplication.voided_at.is_(None))
    newest = (BenefitApplication.applied_on.desc(), BenefitApplication.id.desc())
    found = await session.rows(_benefits.within(actor, *theirs).order_by(*newest))
    await audit.write(session, actor, "person:read", "benefit", resident_id, {"count": len(found)})
    return await _benefits.read(session, actor, found)


async def own(session: StoreSession, actor: Actor) -> list[StoredApplication]:
    """Return what the actor, a resident, asks for, with what was decided and paid, the newest first.

    Raises:
        AccessDenied: the actor is no resident.
    """
    scope.require(actor, Permission.OWN_READ)
    mine = select(BenefitApplication.__table__, *persons.COLUMNS)
    mine = mine.join(Resident, Resident.id == BenefitApplication.resident_id)
    here = (_accounts.own(actor), Resident.status.in_(_HERE), Resident.restricted.is_(False))
    township = BenefitApplication.township_id == actor.township_id
    stands = (township, _benefits.agreed(), BenefitApplication.voided_at.is_(None))
    newest = (BenefitApplication.applied_on.desc(), BenefitApplication.id.desc())
    found = await session.rows(mine.where(*here, *stands).order_by(*newest))
    await audit.write(session, actor, "own:read", "benefit", None, {"count": len(found)})
    return await _benefits.read(session, actor, found)


def _values(wanted: Application) -> dict[str, Any]:
    decide_by = rules.decide_by(wanted.applied_on)
    return {"benefit": wanted.benefit, "applied_on": wanted.applied_on, "decide_by": decide_by}


async def _check(
    session: StoreSession, actor: Actor, person: AnyRow, wanted: Application, *, but: int | None = None
) -> None:
    """Refuse without consent, of a day that can't be, and what is asked for already."""
    if Purpose.BENEFITS not in await _people.consents(session, person.id):
        raise NoConsent(Purpose.BENEFITS)
    _kept.check_day(wanted.applied_on, person, scope.today(session, actor))
    await _benefits.need_none(session, person.id, person.township_id, wanted.benefit, but=but)
