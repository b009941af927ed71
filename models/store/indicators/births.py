"""Births of women in the programmes around birth. There are few, so they are read one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import aliased

from models.rules.access import Actor
from models.rules.indicators.births import Birth, Pregnancy
from models.rules.periods import Period, month_of
from models.rules.programmes.base import Anchor, Family
from models.store import _facts, scope
from models.store.database import AnyRow, StoreSession
from models.store.indicators._months import Found, lies
from models.store.indicators.work import SERVED
from models.tables.enrolments import Enrolment
from models.tables.visits import Visit

_LONGEST = timedelta(weeks=45)
"""A birth so long after the last menstrual period belongs to another pregnancy."""
_antenatals = aliased(Enrolment)
_DELIVERY = Enrolment.anchors[Anchor.DELIVERY.value].as_string()


async def births(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[Birth]:
    """Return the births of women in postnatal care."""
    rows = await _delivered(session, actor, lies(actor, villages, Enrolment), Family.POSTNATAL, months)
    first = await _first_visits(session, [row.id for row in rows])
    found: Found[Birth] = {}
    for row in rows:
        on = date.fromisoformat(row.delivered_on)
        found.setdefault((row.village_id, month_of(on)), []).append((Birth(on, first.get(row.id)), 1))
    return found


async def pregnancies(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[Pregnancy]:
    """Return the pregnancies of women in antenatal care that ended with a birth in the months."""
    days = await _births_of_residents(session, actor, villages, months)
    rows = await _antenatal(session, actor, villages, days)
    first = await _first_visits(session, [row.id for row in rows])
    found: Found[Pregnancy] = {}
    for row in rows:
        on = days[row.resident_id]
        since = _since(session, row)
        if since is not None and since <= on <= since + _LONGEST:
            found.setdefault((row.village_id, month_of(on)), []).append((Pregnancy(since, first.get(row.id)), 1))
    return found


async def _births_of_residents(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period]
) -> dict[int, date]:
    """Return the births of women in antenatal care, by resident; who has moved may have given birth elsewhere."""
    theirs = select(_antenatals.resident_id).where(
        lies(actor, villages, _antenatals), _antenatals.programme.in_(_codes(actor, Family.ANTENATAL))
    )
    here = and_(Enrolment.township_id == actor.township_id, Enrolment.resident_id.in_(theirs))
    rows = [
        *await _delivered(session, actor, here, Family.POSTNATAL, months),
        *await _delivered(session, actor, here, Family.ANTENATAL, months),
    ]
    return {row.resident_id: date.fromisoformat(row.delivered_on) for row in rows}


async def _delivered(
    session: StoreSession, actor: Actor, here: ColumnElement[bool], family: Family, months: Sequence[Period]
) -> Sequence[AnyRow]:
    columns = (Enrolment.id, Enrolment.resident_id, Enrolment.village_id, _DELIVERY.label("delivered_on"))
    statement = select(*columns).where(
        here,
        Enrolment.programme.in_(_codes(actor, family)),
        _counted(actor),
        _DELIVERY.between(months[0].first.isoformat(), months[-1].last.isoformat()),
    )
    return await session.rows(statement.order_by(Enrolment.id))


async def _antenatal(
    session: StoreSession, actor: Actor, villages: Sequence[int], residents: Iterable[int]
) -> list[AnyRow]:
    columns = (Enrolment.id, Enrolment.resident_id, Enrolment.village_id, Enrolment.enrolled_on, Enrolment.lmp_sealed)
    statement = select(*columns).where(
        lies(actor, villages, Enrolment),
        Enrolment.programme.in_(_codes(actor, Family.ANTENATAL)),
        _counted(actor),
    )
    rows: list[AnyRow] = []
    for some in _batches(sorted(residents)):
        rows += await session.rows(statement.where(Enrolment.resident_id.in_(some)).order_by(Enrolment.id))
    return rows


async def _first_visits(session: StoreSession, ids: Sequence[int]) -> dict[int, date]:
    """Return the first day on which each enrolment was served."""
    statement = select(Visit.enrolment_id, func.min(Visit.visited_on).label("on"))
    statement = statement.where(Visit.voided_at.is_(None), Visit.outcome.in_(SERVED))
    found: dict[int, date] = {}
    for some in _batches(ids):
        rows = await session.rows(statement.where(Visit.enrolment_id.in_(some)).group_by(Visit.enrolment_id))
        found |= {row.enrolment_id: row.on for row in rows}
    return found


def _counted(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an actor's counts take a programme in: of births, readers outside hear of all.

    Whoever is of the team hears of the programmes that the role may know of, so a manager not of antenatal care.
    """
    return scope.counted(actor, Enrolment.programme) if actor.is_of_team else true()


def _since(session: StoreSession, row: AnyRow) -> date | None:
    told = session.vault.open_text(_facts.LMP, row.id, row.lmp_sealed)
    return date.fromisoformat(told) if told is not None else None


def _codes(actor: Actor, family: Family) -> list[str]:
    return [code for code, one in actor.catalogue.items() if one.family is family]


def _batches(things: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (things[start : start + _facts.BATCH] for start in range(0, len(things), _facts.BATCH))
