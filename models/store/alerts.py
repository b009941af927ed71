"""What is overdue and has climbed to somebody: counted, listed, seen to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from models.rules.access import Actor, Permission
from models.rules.alerts import AlertKind
from models.store import _alerts, places, scope
from models.store._alerts import IS_OPEN
from models.store.database import AnyRow, StoreSession
from models.store.places import PlaceRow
from models.tables.alerts import Alert


@dataclass(frozen=True, slots=True)
class VillageAlerts:
    """A place's alerts: of decisions, the place where their owner works."""

    place_id: int
    name: str
    open: int
    new: int
    held: int


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """What has reached somebody.

    Attributes:
        open: not held.
        new: of these, what has reached the reader today.
        held: somebody sees to it, or it waits for a date: no matter for a digest.
        kinds: `open` by kind.
        villages: places with any, by code.
    """

    open: int
    new: int
    held: int
    kinds: Mapping[AlertKind, int]
    villages: tuple[VillageAlerts, ...]


async def counts(session: StoreSession, actor: Actor, today: date) -> AlertCounts:
    """Return how many alerts have reached the actor: numbers only.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    held, reaches = _alerts.is_held(today), _alerts.reaches_on(actor)
    statement = select(
        *(Alert.village_id, Alert.kind),
        func.count().filter(~held).label("open"),
        func.count().filter(~held, reaches == today).label("new"),
        func.count().filter(held).label("held"),
    )
    statement = statement.where(_here(session, actor, today)).group_by(Alert.village_id, Alert.kind)
    rows = await session.rows(statement)
    township, villages = await places.get(session, actor.township_id), await places.villages(session, actor.township_id)
    lines = [
        VillageAlerts(
            place.id,
            place.name,
            *(
                sum(getattr(row, each) for row in rows if row.village_id == place.id)
                for each in ("open", "new", "held")
            ),
        )
        for place in (township, *villages)
    ]
    return AlertCounts(
        sum(line.open for line in lines),
        sum(line.new for line in lines),
        sum(line.held for line in lines),
        {kind: sum(row.open for row in rows if row.kind is kind) for kind in AlertKind},
        tuple(line for line in lines if line.open or line.held),
    )


def _of_place(place: PlaceRow, rows: Sequence[AnyRow]) -> VillageAlerts:
    sums = [sum(getattr(row, each) for row in rows if row.village_id == place.id) for each in ("open", "new", "held")]
    return VillageAlerts(place.id, place.name, *sums)


def _here(session: StoreSession, actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the condition that an alert is open, stands, lies within reach and has reached the actor."""
    return and_(
        scope.reach(actor, Alert),
        IS_OPEN,
        _alerts.reaches_on(actor) <= today,
        _alerts.stands(session, today, actor.zone, actor),
    )
