"""Money that was paid on confirmations: one by one, or many at once, as payments come; corrected and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, select, update

from models.rules import benefits as rules
from models.rules.access import Actor, Permission
from models.rules.benefits import BenefitCode, BenefitState
from models.store import _benefits, _records, audit, persons, scope
from models.store._benefits import AMOUNT, StoredApplication
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.persons import PersonLine
from models.tables.base import new_id
from models.tables.benefits import BenefitApplication, BenefitDecision, BenefitPayment
from models.tables.places import Place
from models.tables.residents import Resident
from models.tables.visits import RecordKind

MOST_AT_ONCE = 60
"""So many people stand on one list: as many buttons as a message can hold comfortably."""


@dataclass(frozen=True, slots=True)
class Payment:
    """What each of them was paid; `fen` is how much, in 分."""

    paid_on: date
    fen: int


@dataclass(frozen=True, slots=True)
class Group:
    """So many of a village's confirmations of one benefit wait for money."""

    village_id: int
    village: str
    benefit: BenefitCode
    many: int


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A confirmation that waits for money."""

    decision_id: int
    resident: PersonLine
    decided_on: date


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom a confirmation is for; `is_paid`: money was paid on it already."""

    resident_id: int
    name: str
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """What was entered together; nobody is left in one that was taken back."""

    id: int
    benefit: BenefitCode
    payment: Payment
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class StoredPayment:
    """A payment as it is stored now."""

    id: int
    application_id: int
    resident: PersonLine
    benefit: BenefitCode
    payment: Payment
    version: int


async def groups(session: StoreSession, actor: Actor) -> list[Group]:
    """Return of which villages and benefits confirmations wait for money, by village.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    found = _unpaid(actor).subquery()
    columns = (found.c.village_id, Place.name, found.c.benefit)
    statement = select(*columns, func.count().label("many")).join(Place, Place.id == found.c.village_id)
    rows = await session.rows(statement.group_by(*columns, Place.code).order_by(Place.code, found.c.benefit))
    await audit.write(session, actor, "count:read", "benefit")
    return [Group(row.village_id, row.name, row.benefit, row.many) for row in rows]


async def unpaid(
    session: StoreSession, actor: Actor, village_id: int, benefit: BenefitCode, limit: int = MOST_AT_ONCE
) -> list[Unpaid]:
    """Return a village's confirmations of a benefit that wait for money, the oldest first.

    Raises:
        AccessDenied: the actor is not the clinic.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    these = and_(BenefitApplication.village_id == village_id, BenefitApplication.benefit == benefit)
    oldest = (BenefitDecision.decided_on, BenefitDecision.id)
    rows = await session.rows(_unpaid(actor, these).order_by(*oldest).limit(limit))
    await audit.write(session, actor, "person:read", "benefit", None, {"count": len(rows)})
    return [Unpaid(row.decision_id, persons.read(session, row), row.decided_on) for row in rows]


async def payee(session: StoreSession, actor: Actor, decision_id: int) -> Payee:
    """Return whom a confirmation is for.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach, or no confirmation that stands.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    decision, row = await _benefits.of_decision(session, actor, decision_id)
    if not decision.is_confirmed:
        raise NotFound
    await audit.write(session, actor, "person:read", "benefit", row.id)
    return Payee(row.resident_id, persons.read(session, row).name, not await _is_open(session, decision_id))


@whole
async def pay(
    session: StoreSession,
    actor: Actor,
    decision_ids: Sequence[int],
    payment: Payment,
    draft_id: int | None = None,
    *,
    again: bool = False,
) -> Batch:
    """Store that confirmations were paid, the same to each. The same draft saved twice stores it once.

    Args:
        session, actor: as elsewhere.
        decision_ids: the confirmations.
        payment: what each was paid, and when.
        draft_id: the form.
        again: one that was paid before is paid once more; else it is left out: somebody else has entered it meanwhile.

    Of several, those are left out that can't be paid any more: withdrawn, decided otherwise or out of reach meanwhile.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: the only one is out of reach, or no confirmation that stands.
        InputError: `benefit_amount`.
        Refused: `future_date`; `paid_before`: earlier than one of the confirmations.
        Conflict: `benefit_step`: the only one was withdrawn; `benefit_all_paid`: nobody is left.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    if draft_id is not None and (done := await _batch(session, actor, draft_id)) is not None:
        return done
    rules.check_amount(payment.fen)
    batch_id = draft_id if draft_id is not None else new_id()
    payable = _payable if len(decision_ids) == 1 else _payable_of_many
    rows = [await payable(session, actor, one, payment, again=again) for one in sorted(set(decision_ids))]
    paid = [_row(session, actor, row, payment, batch_id) for row in rows if row is not None]
    if not paid:
        raise Conflict("benefit_all_paid")
    await session.execute(insert(BenefitPayment), paid)
    await audit.write(session, actor, "benefit:pay", "benefit", batch_id, {"count": len(paid)})
    return await _need_batch(session, actor, batch_id)


@whole
async def undo(session: StoreSession, actor: Actor, batch_id: int) -> Batch:
    """Take back within ten minutes what was entered together, by the one who entered it. Twice is as once.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach.
        Conflict: `not_yours`, `too_late`.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    found = await _need_batch(session, actor, batch_id, voided=True)
    rows = await session.rows(_of_batch(actor, batch_id))
    for row in rows:
        _records.may_undo(session, actor, row)
    ids = [row.payment_id for row in rows]
    gone = update(BenefitPayment).where(BenefitPayment.id.in_(ids), BenefitPayment.voided_at.is_(None))
    if await session.changed(gone.values(voided_at=session.now())):
        await audit.write(session, actor, "benefit:unpay", "benefit", batch_id, {"count": len(ids)})
    return found


async def get(session: StoreSession, actor: Actor, payment_id: int) -> StoredPayment:
    """Return a payment that was not taken back.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach, or taken back.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    row = await _find(session, actor, payment_id)
    await audit.write(session, actor, "person:read", "payment", payment_id)
    return _stored(session, row)


@whole
async def correct(
    session: StoreSession, actor: Actor, payment_id: int, payment: Payment, reason: str, *, version: int | None = None
) -> StoredPayment:
    """Replace what a payment says, keeping what it said before and why.

    Raises:
        AccessDenied, NotFound: as in `get`.
        InputError: `benefit_amount`.
        Refused: `future_date`, `paid_before`.
        Conflict: `corrected_since`.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    rules.check_amount(payment.fen)
    row = await _find(session, actor, payment_id)
    await _benefits.of_decision(session, actor, row.decision_id)
    row = await _find(session, actor, payment_id)
    _records.need_version(row, version)
    _check_day(session, actor, row, payment)
    before = _stored(session, row).payment
    said = {"fen": before.fen, "paid_on": before.paid_on.isoformat()}
    await _records.keep_version(session, actor, RecordKind.PAYMENT, row, said, reason)
    sealed = session.vault.seal_text(AMOUNT, payment_id, str(payment.fen))
    changed = update(BenefitPayment).where(BenefitPayment.id == payment_id)
    await session.execute(changed.values(paid_on=payment.paid_on, amount_sealed=sealed, version=row.version + 1))
    await audit.write(session, actor, "benefit:repay", "payment", payment_id)
    return _stored(session, await _find(session, actor, payment_id))


@whole
async def void(session: StoreSession, actor: Actor, payment_id: int) -> StoredApplication:
    """Note that a payment was not made after all, whenever that is found out. Twice does no more than once.

    Raises:
        AccessDenied: the actor is not the clinic.
        NotFound: it is out of reach, or taken back.
    """
    scope.require(actor, Permission.BENEFIT_DECIDE)
    row = await _find(session, actor, payment_id)
    await _benefits.of_decision(session, actor, row.decision_id)
    gone = update(BenefitPayment).where(BenefitPayment.id == payment_id, BenefitPayment.voided_at.is_(None))
    if await session.changed(gone.values(voided_at=session.now())):
        await audit.write(session, actor, "benefit:unpay", "payment", payment_id)
    return await _benefits.one(session, actor, row.id_of_application)


def _unpaid(actor: Actor, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of confirmations of listed people that wait for money."""
    columns = (
        BenefitDecision.id.label("decision_id"),
        BenefitDecision.decided_on,
        BenefitApplication.village_id,
        BenefitApplication.benefit,
        *persons.COLUMNS,
    )
    statement = select(*columns).join(BenefitApplication, BenefitApplication.id == BenefitDecision.application_id)
    statement = statement.join(Resident, Resident.id == BenefitApplication.resident_id)
    stands = and_(BenefitApplication.voided_at.is_(None), BenefitApplication.state != BenefitState.WITHDRAWN)
    here = and_(BenefitApplication.township_id == actor.township_id, scope.reach(actor, Resident), scope.listed())
    return statement.where(_benefits.stands_unpaid(), stands, here, _benefits.agreed(), *conditions)


async def _payable(
    session: StoreSession, actor: Actor, decision_id: int, payment: Payment, *, again: bool
) -> AnyRow | None:
    """Return a confirmation that can be paid, its person locked; `None` for one that was paid meanwhile."""
    decision, row = await _benefits.of_decision(session, actor, decision_id)
    if not decision.is_confirmed:
        raise NotFound
    if row.state is BenefitState.WITHDRAWN:
        raise Conflict("benefit_step")
    _check_day(session, actor, decision, payment)
    return decision if again or await _is_open(session, decision_id) else None


async def _is_open(session: StoreSession, decision_id: int) -> bool:
    open_one = select(BenefitDecision.id).where(BenefitDecision.id == decision_id, _benefits.stands_unpaid())
    return await session.row(open_one) is not None


async def _payable_of_many(
    session: StoreSession, actor: Actor, decision_id: int, payment: Payment, *, again: bool
) -> AnyRow | None:
    """Return what `_payable` does; `None` as well for one that can't be paid any more."""
    try:
        return await _payable(session, actor, decision_id, payment, again=again)
    except (NotFound, Conflict):
        return None


def _check_day(session: StoreSession, actor: Actor, decision: AnyRow, payment: Payment) -> None:
    if payment.paid_on > scope.today(session, actor):
        raise Refused("future_date")
    if payment.paid_on < decision.decided_on:
        raise Refused("paid_before")


def _row(session: StoreSession, actor: Actor, decision: AnyRow, payment: Payment, batch_id: int) -> dict[str, Any]:
    payment_id = new_id()
    return {
        "id": payment_id,
        "decision_id": decision.id,
        "township_id": decision.township_id,
        "village_id": decision.village_id,
        "paid_on": payment.paid_on,
        "amount_sealed": session.vault.seal_text(AMOUNT, payment_id, str(payment.fen)),
        "batch_id": batch_id,
        "entered_by": actor.staff_id,
        "entered_at": session.now(),
    }


def _select(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of payments within reach, those taken back among them."""
    columns: tuple[Any, ...] = (
        BenefitPayment.__table__,
        BenefitPayment.id.label("payment_id"),
        BenefitDecision.decided_on,
        BenefitApplication.id.label("id_of_application"),
        BenefitApplication.benefit,
        *persons.COLUMNS,
    )
    statement = select(*columns).join(BenefitDecision, BenefitDecision.id == BenefitPayment.decision_id)
    statement = statement.join(BenefitApplication, BenefitApplication.id == BenefitDecision.application_id)
    statement = statement.join(Resident, Resident.id == BenefitApplication.resident_id)
    here = BenefitApplication.township_id == actor.township_id
    return statement.where(here, scope.reach(actor, Resident), scope.listed(gone=True), _benefits.agreed())


def _of_batch(actor: Actor, batch_id: int) -> Select[*tuple[Any, ...]]:
    return _select(actor).where(BenefitPayment.batch_id == batch_id).order_by(BenefitPayment.id)


async def _batch(session: StoreSession, actor: Actor, batch_id: int) -> Batch | None:
    rows = await session.rows(_of_batch(actor, batch_id))
    if not rows:
        return None
    people = tuple(persons.read(session, row) for row in rows if row.voided_at is None)
    return Batch(batch_id, rows[0].benefit, _stored(session, rows[0]).payment, people)


async def _need_batch(session: StoreSession, actor: Actor, batch_id: int, *, voided: bool = False) -> Batch:
    found = await _batch(session, actor, batch_id)
    if found is None or not (found.people or voided):
        raise NotFound
    return found


async def _find(session: StoreSession, actor: Actor, payment_id: int) -> AnyRow:
    one = (BenefitPayment.id == payment_id, BenefitPayment.voided_at.is_(None))
    row = await session.row(_select(actor).where(*one))
    if row is None:
        raise NotFound
    return row


def _stored(session: StoreSession, row: AnyRow) -> StoredPayment:
    fen = int(session.vault.open_text(AMOUNT, row.payment_id, row.amount_sealed))
    payment = Payment(row.paid_on, fen)
    return StoredPayment(
        row.payment_id, row.id_of_application, persons.read(session, row), row.benefit, payment, row.version
    )
