"""Whether a planned message still makes sense to its reader, looked at just before it is sent.

Each question is asked with the reader as actor: whoever lost sight of something meanwhile is not told of it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from models.rules.access import Actor
from models.rules.appeals import AppealState
from models.rules.outcomes import EFFECTS, Outcome
from models.rules.referrals import ReferralState
from models.store import _alerts, _handovers, scope
from models.store.database import StoreSession
from models.tables.alerts import Alert
from models.tables.checkups import Attendance
from models.tables.counsellings import Counselling
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.grants import CorrectionGrant, GrantState
from models.tables.handovers import Handover, HandoverState
from models.tables.referrals import Referral
from models.tables.residents import Resident
from models.tables.scorecards import Appeal
from models.tables.visits import RecordKind, Visit

TELLING = tuple(outcome for outcome in Outcome if EFFECTS[outcome].tells_clinic)
"""Outcomes that the clinic is told of."""


async def referral_is_open(session: StoreSession, actor: Actor, referral_id: int) -> bool:
    """Return whether a referral still waits for its answer."""
    state = Referral.state == ReferralState.OPEN
    return await _any(session, _referral(actor, referral_id).where(state))


async def referral_stands(session: StoreSession, actor: Actor, referral_id: int) -> bool:
    """Return whether a referral was not taken back."""
    return await _any(session, _referral(actor, referral_id))


async def is_ill(session: StoreSession, actor: Actor, resident_id: int, record_kind: str, record_id: int) -> bool:
    """Return whether a record still says what the clinic is told of, of a person who is still listed."""
    model: Any = Visit if record_kind == RecordKind.VISIT else Attendance
    statement = select(model.id).join(Resident, Resident.id == model.resident_id)
    record = (model.id == record_id, model.voided_at.is_(None), model.outcome.in_(TELLING))
    person = (Resident.id == resident_id, scope.reach(actor, Resident), scope.listed())
    return await _any(session, statement.where(*record, *person))


async def decision_is_not_own(session: StoreSession, actor: Actor, resident_id: int, record_id: int) -> bool:
    """Return whether a talk still says that a decision was not the person's own."""
    talk = (Counselling.id == record_id, Counselling.voided_at.is_(None), Counselling.decision_own.is_(False))
    person = (Resident.id == resident_id, scope.reach(actor, Resident), scope.listed())
    statement = select(Counselling.id).join(Resident, Resident.id == Counselling.resident_id)
    return await _any(session, statement.where(*talk, *person))


async def approval_waits(session: StoreSession, actor: Actor, enrolment_id: int) -> bool:
    """Return whether an enrolment still waits for its approval."""
    statement = select(Enrolment.id).join(Resident, Resident.id == Enrolment.resident_id)
    waits = (Enrolment.state == EnrolmentState.ACTIVE, Enrolment.approved_by.is_(None))
    person = (scope.reach(actor, Resident), scope.listed())
    return await _any(session, statement.where(Enrolment.id == enrolment_id, *waits, *person))


async def grant_is_asked(session: StoreSession, actor: Actor, grant_id: int) -> bool:
    """Return whether a request for a correction still waits for its decision."""
    waits = (CorrectionGrant.id == grant_id, CorrectionGrant.state == GrantState.ASKED)
    return await _any(session, select(CorrectionGrant.id).where(*waits, scope.of_reachable(actor, CorrectionGrant)))


async def handover_is_offered(session: StoreSession, actor: Actor, handover_id: int) -> bool:
    """Return whether an offer to the actor's village or township still waits for its answer."""
    offer = (Handover.id == handover_id, Handover.state == HandoverState.OFFERED, Handover.deadline > session.now())
    return await _any(session, select(Handover.id).where(*offer, _to(actor), _handovers.standing()))


async def appeal_waits(session: StoreSession, actor: Actor, appeal_id: int) -> bool:
    """Return whether an appeal still waits for its decision."""
    waits = (Appeal.id == appeal_id, Appeal.state == AppealState.ASKED, scope.reach(actor, Appeal))
    return await _any(session, select(Appeal.id).where(*waits))


async def alert_is_given(session: StoreSession, actor: Actor, alert_id: int) -> bool:
    """Return whether something overdue is still the actor's to see to."""
    today = scope.today(session, actor)
    given = (Alert.id == alert_id, Alert.assigned_to == actor.staff_id, Alert.closed_on.is_(None))
    stands = _alerts.stands(session, today, actor.zone, actor)
    return await _any(session, select(Alert.id).where(*given, scope.reach(actor, Alert), stands))


def _referral(actor: Actor, referral_id: int) -> Select[*tuple[Any, ...]]:
    stands = (Referral.id == referral_id, Referral.voided_at.is_(None))
    person = (scope.reach(actor, Resident), scope.listed())
    return select(Referral.id).join(Resident, Resident.id == Referral.resident_id).where(*stands, *person)


def _to(actor: Actor) -> ColumnElement[bool]:
    in_township = Handover.to_township_id == actor.township_id
    return in_township if actor.village_id is None else in_township & (Handover.to_village_id == actor.village_id)


async def _any(session: StoreSession, statement: Select[*tuple[Any, ...]]) -> bool:
    return await session.row(statement.limit(1)) is not None
