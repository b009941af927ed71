"""Villages' scorecards, each as its reader may see it: the team its own villages', others what they may read anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select

from models.rules import scorecards as rules
from models.rules.access import Actor, Permission, Role
from models.rules.clock import local_day
from models.rules.periods import Period, PeriodKind, month_of
from models.rules.scorecards import Component, Score, Shares
from models.store import _scorecards, audit, catalogues, places, scope
from models.store._scorecards import Counted
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.places import PlaceRow
from models.tables.checkups import CheckupDay, DayState
from models.tables.scorecards import CardReason as CardReason
from models.tables.scorecards import Scorecard


@dataclass(frozen=True, slots=True)
class Card:
    """A village's card of a month or a quarter, as its reader may see it.

    Attributes:
        shares: what was counted; `None` where it is kept from the reader.
        left_out: components that don't count since an appeal.
        version, reason: of a final card; `None`: it is preliminary, or was never kept.
        settled_on: the day from which this version stands.
        appeal_id: the appeal that led to it, for those who may read that.
    """

    village_id: int
    village: str
    month: Period
    shares: Shares
    is_vetoed: bool
    left_out: frozenset[Component] = frozenset()
    rule: int = rules.CURRENT
    version: int | None = None
    reason: CardReason | None = None
    settled_on: date | None = None
    appeal_id: int | None = None

    @property
    def score(self) -> Score:
        """The marks, by the rule of the month."""
        return rules.score(self.shares, rules.RULES[self.rule], is_vetoed=self.is_vetoed, left_out=self.left_out)


async def of_month(session: StoreSession, actor: Actor, month: Period, today: date) -> list[Card]:
    """Return the cards of all villages within reach, by code: the last version of final ones.

    A quarter is never kept: its cards are of the records as they are now.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    await follow(session, actor.township_id, today)
    villages = await places.villages(session, actor.township_id, actor.village_id)
    rows = await _rows(session, actor, month, newest=True) if month.kind is PeriodKind.MONTH else ()
    kept = {row.village_id: row for row in rows}
    live = {} if kept else await _scorecards.count(session, actor, month, today)
    await audit.write(session, actor, "count:read", "scorecard", None, {"month": month.code})
    return [
        _kept(actor, kept[one.id], one, month) if one.id in kept else _live(actor, live.get(one.id), one, month)
        for one in villages
    ]


async def get(session: StoreSession, actor: Actor, village_id: int, month: Period, today: date) -> Card:
    """Return the card of one village.

    Raises:
        AccessDenied: as in `of_month`.
        NotFound: the village is out of reach.
    """
    found = await of_month(session, actor, month, today)
    card = next((one for one in found if one.village_id == village_id), None)
    if card is None:
        raise NotFound
    return card


async def versions(session: StoreSession, actor: Actor, village_id: int, month: Period) -> list[Card]:
    """Return all versions of a card that was kept, the first one first.

    Raises:
        AccessDenied: as in `of_month`.
        NotFound: the village is out of reach.
    """
    scope.require(actor, Permission.COUNT_READ)
    village = await scope.village(session, actor, village_id)
    rows = await _rows(session, actor, month, Scorecard.village_id == village.id)
    await audit.write(session, actor, "count:read", "scorecard", None, {"month": month.code})
    return [_kept(actor, row, village, month) for row in rows]


async def fresh(session: StoreSession, actor: Actor, since: datetime) -> list[Card]:
    """Return the cards of the actor's village that became final after `since`, where anything on them is scored.

    Raises:
        AccessDenied: as in `of_month`.
        NotFound: the actor has no village.
    """
    scope.require(actor, Permission.COUNT_READ)
    village = await scope.village(session, actor, actor.village_id or 0)
    first = (Scorecard.village_id == village.id, Scorecard.version == _scorecards.FIRST, Scorecard.settled_at > since)
    rows = await session.rows(select(Scorecard.__table__).where(*first).order_by(Scorecard.month))
    cards = [_kept(actor, row, village, month_of(row.month)) for row in rows]
    return [card for card in cards if card.score.total is not None]


async def days(session: StoreSession, actor: Actor, village_id: int, month: Period) -> list[int]:
    """Return the check-up days that a village held in a month: where its records are, for those who may open them.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    held = (CheckupDay.held_on.between(month.first, month.last), CheckupDay.state != DayState.CANCELLED)
    statement = select(CheckupDay.id).where(scope.reach(actor, CheckupDay), CheckupDay.village_id == village_id, *held)
    return [row.id for row in await session.rows(statement.order_by(CheckupDay.held_on))]


async def follow(session: StoreSession, township_id: int, today: date) -> int:
    """Keep the cards of a township that have become final; returns how many. For the planner, and before reading."""
    if await _is_settled(session, township_id, today):
        return 0
    await session.lock(township_id)
    if await _is_settled(session, township_id, today):
        return 0
    zone = (await places.get(session, township_id)).zone
    catalogue = await catalogues.of(session, township_id)
    anybody = Actor(0, Role.LEADER, township_id, None, zone=zone, catalogue=catalogue)
    return await _scorecards.settle(session, anybody, today)


async def _is_settled(session: StoreSession, township_id: int, today: date) -> bool:
    here = (Scorecard.township_id == township_id, Scorecard.month >= rules.last_final(today))
    return await session.row(select(Scorecard.id).where(*here).limit(1)) is not None


async def _rows(
    session: StoreSession, actor: Actor, month: Period, *conditions: ColumnElement[bool], newest: bool = False
) -> Sequence[AnyRow]:
    here = (scope.reach(actor, Scorecard), Scorecard.month == month.first, *conditions)
    statement = select(Scorecard.__table__).where(*here)
    if newest:
        newest_of = select(Scorecard.village_id, func.max(Scorecard.version).label("version")).where(*here)
        last = newest_of.group_by(Scorecard.village_id).subquery()
        statement = statement.join(
            last, (last.c.village_id == Scorecard.village_id) & (last.c.version == Scorecard.version)
        )
    return await session.rows(statement.order_by(Scorecard.version))


def _kept(actor: Actor, row: AnyRow, village: PlaceRow, month: Period) -> Card:
    return Card(
        village.id,
        village.name,
        month,
        _for(actor, _scorecards.load(row.shares)),
        row.vetoed,
        frozenset(map(Component, row.left_out)),
        row.rule,
        row.version,
        row.reason,
        local_day(row.settled_at, ZoneInfo(actor.zone)),
        row.appeal_id if actor.may(Permission.APPEAL_DECIDE) or actor.may(Permission.APPEAL_MAKE) else None,
    )


def _live(actor: Actor, counted: Counted | None, village: PlaceRow, month: Period) -> Card:
    found = counted or Counted({}, False)
    return Card(village.id, village.name, month, _for(actor, found.shares), found.is_vetoed)


def _for(actor: Actor, shares: Shares) -> Shares:
    """Return what the actor may know: of complaints about their own village, managers not even that there are none."""
    found = dict(shares) if actor.is_of_team else dict(rules.outside(shares))
    complaints = found.get(Component.COMPLAINTS)
    if actor.village_id is not None and complaints is not None and not complaints.of:
        found[Component.COMPLAINTS] = None
    return found
