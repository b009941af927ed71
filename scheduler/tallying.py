"""Counts what will be asked for before it is asked for: what has changed, and everything that a new day changes."""

from __future__ import annotations

from datetime import date

from models.store import places, plannings
from models.store.database import Database
from models.store.indicators import tallies
from models.store.plannings import Site


class Tallier:
    """Counts, whenever it is woken; a village at a time, so that others can write in between."""

    def __init__(self, database: Database) -> None:
        """Count in `database`."""
        self._database = database
        self._counted: dict[int, tuple[date, date]] = {}

    async def wake(self) -> None:
        """Count what has to be counted: for a tick."""
        await self.run()

    async def run(self) -> int:
        """Count in every township what has changed there, or everything as soon as a day or a deadline has passed.

        Returns in how many villages.
        """
        async with self._database.reading() as session:
            sites, touched = await plannings.sites(session), await tallies.touched(session)
        return sum([await self._township(site, touched.get(site.township_id, set())) for site in sites])

    async def _township(self, site: Site, touched: set[int | None]) -> int:
        async with self._database.reading() as session:
            stamp = tallies.stamp(session.now(), site.zone)
            is_all = None in touched or self._counted.get(site.township_id) != stamp
            every = await places.villages(session, site.township_id) if is_all or touched else []
        villages = [place.id for place in every if is_all or place.id in touched]
        for village_id in villages:
            async with self._database.transaction() as session:
                await tallies.renew(session, site.township_id, village_id, site.zone)
        self._counted[site.township_id] = stamp
        return len(villages)
