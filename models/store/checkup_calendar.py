"""When the villages of a township hold their check-up days, for whoever plans around them. No people: no actor."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from models.rules.calendar import Moves
from models.rules.occurrences import Occurrence, Override, Series, checkup_series, occurrence, occurrences
from models.store import _days, places
from models.store.database import StoreSession
from models.store.places import PlaceRow


async def between(
    session: StoreSession, township_id: int, first: date, last: date
) -> list[tuple[PlaceRow, Occurrence]]:
    """Return the days held from `first` to `last`, both included, with their villages, by day."""
    township = await places.get(session, township_id)
    villages = await places.villages(session, township_id)
    moves = await _days.moves_of(session, [village.id for village in villages])
    found = [
        (village, one)
        for village in villages
        for one in occurrences(_series(village, township), first, last, _overrides(moves.get(village.id)))
    ]
    return sorted(found, key=lambda each: (each[1].held_on, each[0].code))


async def get(session: StoreSession, township_id: int, village_id: int, nominal: date) -> Occurrence | None:
    """Return the day of a village that is known by `nominal`; `None` when there is none, or it is cancelled."""
    township, village = await places.get(session, township_id), await places.get(session, village_id)
    moves = await _days.moves_of(session, [village_id])
    found = occurrence(_series(village, township), nominal, _overrides(moves.get(village_id)))
    return found if found is not None and not found.is_cancelled else None


def _series(village: PlaceRow, township: PlaceRow) -> Series:
    dom = village.checkup_dom or township.checkup_dom or _days.DEFAULT_CHECKUP_DOM
    return checkup_series(dom, ZoneInfo(township.zone))


def _overrides(moves: Moves | None) -> list[Override]:
    return [Override(nominal, "", held_on) for nominal, held_on in (moves or {}).items()]
