"""The two sides of a hand-over, which offers still stand, and how one ends. Private to the store."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Update, and_, exists, select, true, update
from sqlalchemy.orm import InstrumentedAttribute

from models.rules.access import Actor, Role
from models.rules.consent import Purpose
from models.store import outbox
from models.store.database import AnyRow, StoreSession
from models.store.outbox import Recipient
from models.tables.handovers import Handover, HandoverKind, HandoverState
from models.tables.residents import Consent, Resident, ResidentStatus

_OFFERED = Handover.state == HandoverState.OFFERED


def received(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a hand-over leads to where the actor works."""
    return and_(Handover.to_township_id == actor.township_id, _village(actor, Handover.to_village_id))


def sent(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a hand-over comes from where the actor works."""
    return and_(Handover.from_township_id == actor.township_id, _village(actor, Handover.from_village_id))


def _village(actor: Actor, column: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    if actor.role is not Role.MANAGER and actor.village_id is None:
        return true()
    return column == (actor.village_id or 0)


def standing() -> ColumnElement[bool]:
    """Return the condition that nothing has come in between: the person still consents, and still is there."""
    consents = exists().where(
        Consent.resident_id == Handover.resident_id,
        Consent.purpose == Purpose.HANDOVER,
        Consent.withdrawn_at.is_(None),
    )
    there = exists().where(
        Resident.id == Handover.resident_id,
        Resident.village_id == Handover.from_village_id,
        Resident.restricted.is_(False),
        Resident.merged_into.is_(None),
        Resident.status.in_((ResidentStatus.PRESENT, ResidentStatus.AWAY)),
    )
    return and_(consents, there)


def running() -> ColumnElement[bool]:
    """Return the condition that somebody is cared for elsewhere for a time."""
    return and_(Handover.state == HandoverState.ACCEPTED, Handover.kind == HandoverKind.TEMPORARY)


async def expire(session: StoreSession, where: ColumnElement[bool]) -> int:
    """End the offers that nobody answered in time, tell who made them, and return how many."""
    late = where & _OFFERED & (Handover.deadline <= session.now())
    columns = (Handover.id, Handover.offered_by, Handover.from_village_id, Handover.from_township_id)
    statement = select(*columns).where(late).order_by(Handover.id)
    rows = await session.rows(statement.with_for_update() if session.is_postgres else statement)
    for row in rows:
        await session.execute(_to(row.id, HandoverState.EXPIRED, session))
        await tell_offerer(session, row, HandoverState.EXPIRED)
    return len(rows)


async def lapse(session: StoreSession, where: ColumnElement[bool]) -> None:
    """Withdraw the offers that something has come in between: consent withdrawn, moved, died."""
    fallen = update(Handover).where(where, _OFFERED, ~standing())
    values = {"state": HandoverState.WITHDRAWN, "decided_at": session.now()}
    await session.execute(fallen.values(**values).execution_options(synchronize_session=False))


async def decide(session: StoreSession, actor: Actor, handover_id: int, state: HandoverState) -> bool:
    """Answer an offer that still stands; `False` when it doesn't. The person is locked."""
    answered = _to(handover_id, state, session).where(Handover.deadline > session.now())
    if state is HandoverState.ACCEPTED:
        answered = answered.where(standing())
    values = answered.values(decided_by=actor.staff_id)
    return await session.changed(values) == 1


async def tell_offerer(session: StoreSession, row: AnyRow, state: HandoverState) -> None:
    """Tell who offered what came of it; who works in the village now, when that person has gone."""
    told: Sequence[Recipient] = await outbox.member(session, row.offered_by) if row.offered_by else ()
    told = told or await responsible(session, row.from_village_id, row.from_township_id)
    await outbox.plan(session, told, "handover.decided", row.id, state.value, details={"state": state.value})


async def responsible(session: StoreSession, village_id: int, township_id: int) -> list[Recipient]:
    """Return the managers of a village, or the clinic of its township when it has none."""
    managers = await outbox.managers_of(session, village_id)
    return managers or await outbox.of_role(session, township_id, Role.CLINIC)


def _to(handover_id: int, state: HandoverState, session: StoreSession) -> Update:
    offered = update(Handover).where(Handover.id == handover_id, _OFFERED)
    return offered.values(state=state, decided_at=session.now()).execution_options(synchronize_session=False)
