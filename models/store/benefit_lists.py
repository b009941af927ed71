"""What waits: applications to be decided, confirmations to be paid or to be confirmed again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from models.rules.access import Actor, Permission
from models.rules.benefits import RENEW_AHEAD, BenefitState
from models.store import _benefits, audit, scope
from models.store._benefits import StoredApplication
from models.store.database import StoreSession
from models.tables.benefits import BenefitApplication, BenefitDecision


class Waits(StrEnum):
    """For what."""

    DECISION = "decision"
    MONEY = "money"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many applications wait for what; `late` of those whose day has passed."""

    decision: int
    decision_late: int
    money: int
    renewal: int
    renewal_late: int

    @property
    def late(self) -> int:
        """How many are late."""
        return self.decision_late + self.renewal_late

    @property
    def to_decide(self) -> int:
        """How many wait for a decision, of either sort."""
        return self.decision + self.renewal

    def of(self, waits: Waits) -> int:
        """Return how many wait for one thing."""
        return {Waits.DECISION: self.decision, Waits.MONEY: self.money, Waits.RENEWAL: self.renewal}[waits]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list of `total`."""

    total: int
    lines: tuple[StoredApplication, ...]


async def counts(session: StoreSession, actor: Actor, today: date) -> Waiting:
    """Return how many applications within reach wait for what.

    Raises:
        AccessDenied: the role enters no applications.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    decision, renewal = _waits(Waits.DECISION, today), _waits(Waits.RENEWAL, today)
    return Waiting(
        await _many(session, actor, decision),
        await _many(session, actor, and_(decision, BenefitApplication.decide_by < today)),
        await _many(session, actor, _waits(Waits.MONEY, today)),
        await _many(session, actor, renewal),
        await _many(session, actor, and_(renewal, BenefitApplication.until < today)),
    )


async def list_waiting(
    session: StoreSession, actor: Actor, waits: Waits, today: date, *, limit: int, offset: int = 0
) -> Page:
    """Return the applications within reach that wait for one thing, what is due first.

    Raises:
        AccessDenied: the role enters no applications.
    """
    scope.require(actor, Permission.BENEFIT_ASK)
    here = _waits(waits, today)
    first = BenefitApplication.until if waits is Waits.RENEWAL else BenefitApplication.decide_by
    rows = await session.rows(_select(actor, here).order_by(first, BenefitApplication.id).limit(limit).offset(offset))
    await audit.write(session, actor, "person:read", "benefit", None, {"count": len(rows)})
    return Page(await _many(session, actor, here), tuple(await _benefits.read(session, actor, rows)))


def _select(actor: Actor, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _benefits.within(actor, scope.listed(), BenefitApplication.voided_at.is_(None), condition)


async def _many(session: StoreSession, actor: Actor, condition: ColumnElement[bool]) -> int:
    return int(await session.scalar(select(func.count()).select_from(_select(actor, condition).subquery())))


def _waits(waits: Waits, today: date) -> ColumnElement[bool]:
    if waits is Waits.DECISION:
        return BenefitApplication.state == BenefitState.ASKED
    if waits is Waits.RENEWAL:
        confirmed = BenefitApplication.state == BenefitState.CONFIRMED
        return and_(confirmed, BenefitApplication.until <= today + RENEW_AHEAD)
    theirs = BenefitDecision.application_id == BenefitApplication.id
    money = exists().where(theirs, _benefits.stands_unpaid()).correlate(BenefitApplication)
    return and_(BenefitApplication.state != BenefitState.WITHDRAWN, money)
