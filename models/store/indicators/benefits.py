"""Confirmations of benefits by the village of the application, and how long people wait for money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median

from sqlalchemy import ColumnElement, and_, exists, func, select

from models.rules.access import Actor
from models.rules.benefits import BenefitState
from models.rules.changes import ResidentStatus
from models.rules.consent import Purpose
from models.rules.disclosure import LARGEST_SMALL
from models.rules.indicators.benefits import Confirmation
from models.rules.periods import Period
from models.store import scope
from models.store.database import StoreSession
from models.store.indicators._months import Found, collect, lies, month_column, within
from models.tables.benefits import BenefitApplication, BenefitDecision, BenefitPayment
from models.tables.residents import Consent, Resident

_HERE = (ResidentStatus.PRESENT, ResidentStatus.AWAY)


async def confirmations(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], _today: date
) -> Found[Confirmation]:
    """Return the confirmations of the months."""
    month, paid, owed = month_column(BenefitDecision.decided_on, months), _paid().label("paid"), _owed().label("owed")
    each = (
        select(BenefitDecision.village_id, month, paid, owed)
        .join(BenefitApplication, BenefitApplication.id == BenefitDecision.application_id)
        .join(Resident, Resident.id == BenefitApplication.resident_id)
        .where(lies(actor, villages, BenefitDecision), _stands(), within(BenefitDecision.decided_on, months))
        .subquery()
    )
    statement = select(*each.c, func.count().label("many")).group_by(*each.c)
    return collect(await session.rows(statement), months, lambda row: Confirmation(bool(row.paid), bool(row.owed)))


async def days(session: StoreSession, actor: Actor, months: Sequence[Period], _today: date) -> float | None:
    """Return the median days from application to money, of first confirmations of the months that were paid.

    `None` where so few were paid that it would tell of one.
    """
    first = func.min(BenefitPayment.paid_on).label("first")
    statement = (
        select(BenefitApplication.applied_on, first)
        .join(BenefitDecision, BenefitDecision.application_id == BenefitApplication.id)
        .join(BenefitPayment, BenefitPayment.decision_id == BenefitDecision.id)
        .where(
            scope.reach(actor, BenefitDecision),
            _stands(),
            BenefitDecision.is_renewal.is_(False),
            within(BenefitDecision.decided_on, months),
            BenefitPayment.voided_at.is_(None),
        )
        .group_by(BenefitDecision.id, BenefitApplication.applied_on)
    )
    taken = [(row.first - row.applied_on).days for row in await session.rows(statement)]
    return median(taken) if len(taken) > LARGEST_SMALL else None


def _stands() -> ColumnElement[bool]:
    return and_(BenefitDecision.is_confirmed, BenefitDecision.voided_at.is_(None))


def _paid() -> ColumnElement[bool]:
    paid = exists().where(BenefitPayment.decision_id == BenefitDecision.id, BenefitPayment.voided_at.is_(None))
    return paid.correlate(BenefitDecision)


def _owed() -> ColumnElement[bool]:
    """Return the condition that the person lives in the township, still wants it, and consents to its being kept."""
    consents = exists().where(
        Consent.resident_id == Resident.id, Consent.purpose == Purpose.BENEFITS, Consent.withdrawn_at.is_(None)
    )
    lives = and_(Resident.status.in_(_HERE), Resident.restricted.is_(False))
    here = Resident.township_id == BenefitApplication.township_id
    wants = and_(BenefitApplication.state != BenefitState.WITHDRAWN, BenefitApplication.voided_at.is_(None))
    return and_(lives, here, wants, consents.correlate(Resident))
