"""What applications, decisions and payments of benefits have in common: finding, locking, settling.

Private to the store. Only what a person consents to is found: with the consent gone, so is everything.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, update

from models.rules import benefits as rules
from models.rules.access import Actor
from models.rules.benefits import BENEFITS, OPEN, BenefitCode, BenefitState, Ground, Renewal, Step
from models.rules.consent import Purpose
from models.store import _kept, _people, persons, scope
from models.store._kept import Sort
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.persons import PersonLine
from models.store.vault import Cell
from models.tables.benefits import BenefitApplication, BenefitDecision, BenefitPayment
from models.tables.residents import Consent
from models.tables.visits import RecordKind

SORT = Sort(BenefitApplication, RecordKind.BENEFIT)
GROUND = Cell("benefit_decisions", "ground_sealed")
AMOUNT = Cell("benefit_payments", "amount_sealed")


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment; `fen` is how much, in 分."""

    id: int
    paid_on: date
    fen: int
    batch_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands.

    Attributes:
        ground: why not.
        until: the last day of the confirmation, if it ends.
    """

    id: int
    is_confirmed: bool
    is_renewal: bool
    ground: Ground | None
    decided_on: date
    until: date | None
    entered_by: int | None
    entered_at: datetime
    payments: tuple[Paid, ...]


@dataclass(frozen=True, slots=True)
class StoredApplication:
    """A benefit that somebody asks for, with what was decided and paid, oldest first.

    Attributes:
        renewal: whether it is to be confirmed again, as of today.
        unpaid: the confirmations on which nothing was paid yet.
    """

    id: int
    resident: PersonLine
    benefit: BenefitCode
    applied_on: date
    decide_by: date
    state: BenefitState
    until: date | None
    renewal: Renewal
    decisions: tuple[Decided, ...]
    entered_by: int | None
    entered_at: datetime
    version: int
    voided: bool

    @property
    def steps(self) -> frozenset[Step]:
        """What may come next."""
        return rules.steps(self.state, self.renewal)

    @property
    def last(self) -> Decided | None:
        """The last decision that stands."""
        return self.decisions[-1] if self.decisions else None

    @property
    def unpaid(self) -> tuple[Decided, ...]:
        """The confirmations on which nothing was paid yet."""
        return tuple(one for one in self.decisions if one.is_confirmed and not one.payments)


def agreed() -> ColumnElement[bool]:
    """Return the condition that the person of an application consents to its being kept."""
    return exists().where(
        Consent.resident_id == BenefitApplication.resident_id,
        Consent.purpose == Purpose.BENEFITS,
        Consent.withdrawn_at.is_(None),
    )


def stands_unpaid() -> ColumnElement[bool]:
    """Return the condition that a decision is a confirmation that stands and on which nothing was paid."""
    paid = exists().where(BenefitPayment.decision_id == BenefitDecision.id, BenefitPayment.voided_at.is_(None))
    confirmed = BenefitDecision.is_confirmed & BenefitDecision.voided_at.is_(None)
    return confirmed & ~paid.correlate(BenefitDecision)


def within(actor: Actor, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the SELECT of applications in the actor's township of people within reach who consent."""
    here = BenefitApplication.township_id == actor.township_id
    return _kept.within(actor, SORT, here, agreed(), *conditions)


async def find(session: StoreSession, actor: Actor, application_id: int) -> AnyRow:
    """Return an application within reach.

    Raises:
        NotFound: there is none.
    """
    row = await session.row(within(actor, BenefitApplication.id == application_id))
    if row is None:
        raise NotFound
    return row


async def locked(session: StoreSession, actor: Actor, application_id: int) -> AnyRow:
    """Return an application whose person is locked until the transaction ends.

    Raises:
        NotFound: it is out of reach.
        Conflict: `voided`.
    """
    row = await find(session, actor, application_id)
    await _people.locked(session, actor, row.resident_id, listed=False)
    row = await find(session, actor, application_id)
    _kept.not_voided(row)
    return row


async def of_decision(session: StoreSession, actor: Actor, decision_id: int) -> tuple[AnyRow, AnyRow]:
    """Return a decision that stands and its application, whose person is locked.

    Raises:
        NotFound: there is none within reach.
    """
    which = select(BenefitDecision.application_id).where(BenefitDecision.id == decision_id)
    application_id = await session.scalar(which)
    row = await locked(session, actor, application_id or 0)
    statement = select(BenefitDecision.__table__).where(BenefitDecision.id == decision_id)
    decision = await session.row(statement.where(BenefitDecision.voided_at.is_(None)))
    if decision is None:
        raise NotFound
    return decision, row


def may(stored: StoredApplication, step: Step) -> None:
    """Raise `Conflict` (`benefit_step`) unless a step may come next."""
    if step not in stored.steps:
        raise Conflict("benefit_step")


async def need_apart(session: StoreSession, one_id: int, other_id: int) -> None:
    """Refuse to make one person of two who both ask for the same benefit, and so would be paid twice.

    Raises:
        Conflict: `merge_benefit`.
    """
    open_ones = (BenefitApplication.state.in_(OPEN), BenefitApplication.voided_at.is_(None), agreed())
    both = (
        select(BenefitApplication.benefit)
        .where(BenefitApplication.resident_id.in_((one_id, other_id)), *open_ones)
        .group_by(BenefitApplication.township_id, BenefitApplication.benefit)
        .having(func.count(BenefitApplication.resident_id.distinct()) > 1)
    )
    if await session.row(both.limit(1)) is not None:
        raise Conflict("merge_benefit")


async def need_only(session: StoreSession, row: AnyRow) -> None:
    """Refuse to open an application beside another one of the locked person for the same benefit.

    Raises:
        Conflict: `benefit_open`.
    """
    await need_none(session, row.resident_id, row.township_id, row.benefit, but=row.id)


async def need_none(
    session: StoreSession, resident_id: int, township_id: int, benefit: BenefitCode, *, but: int | None = None
) -> None:
    """Refuse where a locked person asks for a benefit already, in an application other than `but`.

    Raises:
        Conflict: `benefit_open`.
    """
    same = select(BenefitApplication.id).where(
        BenefitApplication.resident_id == resident_id,
        BenefitApplication.township_id == township_id,
        BenefitApplication.benefit == benefit,
        BenefitApplication.state.in_(OPEN),
        BenefitApplication.voided_at.is_(None),
        BenefitApplication.id != (but or 0),
    )
    if await session.row(same.limit(1)) is not None:
        raise Conflict("benefit_open")


async def settle(session: StoreSession, application_id: int) -> None:
    """Let an application's state follow from the decisions that stand; it is not withdrawn."""
    statement = select(BenefitDecision.is_confirmed, BenefitDecision.until).where(
        BenefitDecision.application_id == application_id, BenefitDecision.voided_at.is_(None)
    )
    newest = (BenefitDecision.decided_on.desc(), BenefitDecision.entered_at.desc(), BenefitDecision.id.desc())
    last = await session.row(statement.order_by(*newest).limit(1))
    state = BenefitState.ASKED
    if last is not None:
        state = BenefitState.CONFIRMED if last.is_confirmed else BenefitState.REFUSED
    until = last.until if last is not None else None
    changed = update(BenefitApplication).where(BenefitApplication.id == application_id)
    await session.execute(changed.values(state=state, until=until, withdrawn_at=None, withdrawn_by=None))


async def read(session: StoreSession, actor: Actor, rows: Sequence[AnyRow]) -> list[StoredApplication]:
    """Return applications, each with its decisions and payments."""
    decided = await _decisions(session, [row.id for row in rows])
    today = scope.today(session, actor)
    return [_stored(session, row, decided.get(row.id, []), today) for row in rows]


async def one(session: StoreSession, actor: Actor, application_id: int) -> StoredApplication:
    """Return an application as it is stored now.

    Raises:
        NotFound: it is out of reach.
    """
    return (await read(session, actor, [await find(session, actor, application_id)]))[0]


async def _decisions(session: StoreSession, ids: Collection[int]) -> dict[int, list[Decided]]:
    of = select(BenefitDecision.__table__).where(
        BenefitDecision.application_id.in_(ids), BenefitDecision.voided_at.is_(None)
    )
    rows = await session.rows(of.order_by(BenefitDecision.decided_on, BenefitDecision.entered_at, BenefitDecision.id))
    paid = await _payments(session, [row.id for row in rows])
    found: dict[int, list[Decided]] = {}
    for row in rows:
        ground = session.vault.open_text(GROUND, row.id, row.ground_sealed)
        found.setdefault(row.application_id, []).append(
            Decided(
                row.id,
                row.is_confirmed,
                row.is_renewal,
                Ground(ground) if ground is not None else None,
                row.decided_on,
                row.until,
                row.entered_by,
                row.entered_at,
                tuple(paid.get(row.id, ())),
            )
        )
    return found


async def _payments(session: StoreSession, ids: Collection[int]) -> dict[int, list[Paid]]:
    of = select(BenefitPayment.__table__).where(BenefitPayment.decision_id.in_(ids), BenefitPayment.voided_at.is_(None))
    found: dict[int, list[Paid]] = {}
    for row in await session.rows(of.order_by(BenefitPayment.paid_on, BenefitPayment.id)):
        fen = int(session.vault.open_text(AMOUNT, row.id, row.amount_sealed))
        found.setdefault(row.decision_id, []).append(Paid(row.id, row.paid_on, fen, row.batch_id, row.version))
    return found


def _stored(session: StoreSession, row: AnyRow, decided: Sequence[Decided], today: date) -> StoredApplication:
    is_confirmed = row.state is BenefitState.CONFIRMED
    return StoredApplication(
        row.id,
        persons.read(session, row),
        BENEFITS[row.benefit].code,
        row.applied_on,
        row.decide_by,
        row.state,
        row.until,
        rules.renewal(row.until, today) if is_confirmed else Renewal.NOT_YET,
        tuple(decided),
        row.entered_by,
        row.entered_at,
        row.version,
        row.voided_at is not None,
    )
