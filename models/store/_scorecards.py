"""How villages' cards are counted, kept and counted anew. Private to the store.

Everything on a card comes out of `indicators.figures`, twice: as the team sees it, and whether readers outside the
team may see it too. Their cards are made of the latter alone (`rules.scorecards.outside`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from models.rules import scorecards as rules
from models.rules.access import Actor
from models.rules.indicators.base import Figure
from models.rules.periods import Period, month_of
from models.rules.scorecards import Component, Share, Shares
from models.store import audit, complaints
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession
from models.store.indicators import figures
from models.store.indicators.figures import Page
from models.tables.base import new_id
from models.tables.scorecards import CardReason, Scorecard

_KEY = ("village_id", "month", "version")
FIRST = 1
_MOST_BEHIND = 12
"""So many months are made up for after an outage (convention)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a village's card is made of: nothing of it was scored yet."""

    shares: Shares
    is_vetoed: bool


async def count(session: StoreSession, actor: Actor, period: Period, today: date) -> dict[int, Counted]:
    """Return what every village of the township did in a month or a quarter, as it is known now."""
    found = await figures.for_both(session, actor, list(rules.MEASURED.values()), period, today)
    pages = {component: found[code] for component, code in rules.MEASURED.items()}
    villages = [line.village_id for line in pages[Component.TIMELINESS][0].lines]
    vetoed = {village_id for village_id, _ in await complaints.confirmed(session, figures.public(actor), period.months)}
    return {village_id: Counted(_shares(pages, village_id), village_id in vetoed) for village_id in villages}


async def settle(session: StoreSession, actor: Actor, today: date) -> int:
    """Keep the cards of months that have become final; returns how many. Twice adds nothing."""
    here = Scorecard.township_id == actor.township_id
    last: date | None = await session.scalar(select(func.max(Scorecard.month)).where(here))
    months = _unsettled(last, rules.last_final(today))
    return sum([await _keep(session, actor, month, today) for month in months])


async def again(
    session: StoreSession, actor: Actor, row: AnyRow, today: date, appeal_id: int, *, out: frozenset[Component]
) -> None:
    """Add a version of a card after an appeal: without `out`, or, where that is nothing, counted anew."""
    values = {"shares": row.shares, "vetoed": row.vetoed}
    if not out:
        counted = (await count(session, actor, month_of(row.month), today))[row.village_id]
        values = {"shares": _dump(counted.shares), "vetoed": counted.is_vetoed}
    left_out = sorted({*row.left_out, *(component.value for component in out)})
    same = {"township_id": row.township_id, "village_id": row.village_id, "month": row.month, "rule": row.rule}
    version = {"id": new_id(), "version": row.version + 1, "reason": CardReason.APPEAL, "appeal_id": appeal_id}
    await session.execute(
        Scorecard.__table__.insert(),  # type: ignore[attr-defined]
        {**same, **version, **values, "left_out": left_out, "settled_at": session.now()},
    )


def load(shares: Mapping[str, Any]) -> Shares:
    """Return the shares of a kept card."""
    return {Component(code): None if kept is None else Share(*kept) for code, kept in shares.items()}


def _dump(shares: Shares) -> dict[str, list[int | bool] | None]:
    return {
        component.value: None if share is None else [share.n, share.of, share.is_public]
        for component, share in shares.items()
    }


def _shares(pages: Mapping[Component, tuple[Page, Page]], village_id: int) -> Shares:
    return {component: _share(*both, village_id) for component, both in pages.items()}


def _share(team: Page, others: Page, village_id: int) -> Share | None:
    exact, told = _of(team, village_id), _of(others, village_id)
    if exact is None or exact.of is None:
        return None
    return Share(exact.n, exact.of, told is not None)


def _of(page: Page, village_id: int) -> Figure | None:
    return next(line.figure for line in page.lines if line.village_id == village_id)


def _unsettled(last: date | None, until: date) -> list[Period]:
    """Return the months that are final and not kept; of a township that begins, the last one alone."""
    if last is None:
        return [month_of(until)]
    found: list[Period] = []
    month = month_of(last).after
    while month.first <= until:
        found.append(month)
        month = month.after
    return found[-_MOST_BEHIND:]


async def _keep(session: StoreSession, actor: Actor, month: Period, today: date) -> int:
    counted = await count(session, actor, month, today)
    same = {"township_id": actor.township_id, "month": month.first, "version": FIRST, "reason": CardReason.FINAL}
    rows = [
        {"id": new_id(), "village_id": village_id, **same, **_values(session, one)}
        for village_id, one in counted.items()
    ]
    if rows:
        await session.execute(session.insert_or_ignore(Scorecard, _KEY), rows)
    details: dict[str, Detail] = {"month": month.code, "count": len(rows)}
    await audit.write(session, None, "scorecard:settle", "scorecard", None, details, township_id=actor.township_id)
    return len(rows)


def _values(session: StoreSession, counted: Counted) -> dict[str, Any]:
    return {
        "rule": rules.CURRENT,
        "vetoed": counted.is_vetoed,
        "shares": _dump(counted.shares),
        "left_out": [],
        "settled_at": session.now(),
    }
