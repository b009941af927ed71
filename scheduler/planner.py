"""Turns rules over facts into planned messages.

Each tick looks for townships that changed or were not planned for a while, follows time in what is due there, and asks
every source what it calls for from now on. Planning is idempotent: on any replica, after any outage, whatever the clock
has done, the same facts give the same rows. What has become senseless is not planned; what is unsent follows a changed
rule or date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from models.rules.clock import local_day
from models.rules.quiet import next_allowed
from models.store import checkup_days, climbs, outbox, plannings, posts, refresh
from models.store.database import Database, StoreSession
from models.store.outbox import Proposal, key_of
from models.store.plannings import Site
from models.store.posts import Post
from scheduler.sources import SOURCES
from scheduler.sources.source import LOOK_BACK, Scene, Source

log = structlog.get_logger(__name__)

AHEAD = timedelta(days=2)
"""So far ahead messages are planned: longer than a process is usually away, shorter than plans hold."""


@dataclass(frozen=True, slots=True)
class Called:
    """A message that a source calls for, for whoever asks what would be said.

    Attributes:
        to: whom it is for.
        zone: IANA time zone of the township.
        at: when it would be sent: quiet hours are kept.
    """

    source: str
    proposal: Proposal
    to: Post
    zone: str
    at: datetime


class Planner:
    """Plans, whenever it is woken."""

    def __init__(self, database: Database, sources: Sequence[Source] = SOURCES) -> None:
        """Plan what `sources` call for."""
        self._database = database
        self._sources = sources
        self._followed: dict[int, date] = {}

    async def wake(self) -> None:
        """Plan what has to be planned: for a tick."""
        await self.run()

    async def run(self) -> int:
        """Plan every township that has to be; returns how many messages were added, changed or withdrawn."""
        async with self._database.reading() as session:
            stale = await plannings.stale(session)
        return sum([await self._township(site) for site in stale])

    async def _township(self, site: Site) -> int:
        await self._follow_calendar(site)
        await self._follow_time(site)
        changes = 0
        async with self._database.transaction() as session:
            await session.lock(site.township_id)
            scene = await scene_of(session, site, AHEAD)
            for source in self._sources:
                await source.follow(session, scene)
                proposals = await source.propose(session, scene)
                came = await outbox.replan(session, source.code, site.township_id, proposals, scene.until)
                changes += came.added + came.changed + came.withdrawn
            await plannings.done(session, site)
        if changes:
            log.info("planned", messages=changes)
        return changes

    async def _follow_calendar(self, site: Site) -> None:
        """Move what a calendar moves that was published; a new one comes with a new process, so once a day will do."""
        async with self._database.transaction() as session:
            today = local_day(session.now(), ZoneInfo(site.zone))
            if self._followed.get(site.township_id) != today:
                await checkup_days.follow_calendar(session, site.township_id, today)
        self._followed[site.township_id] = today

    async def _follow_time(self, site: Site) -> None:
        """Bring what is due, and what climbs, up to today; in transactions short enough to let replies in between."""
        for step in (refresh.step, climbs.follow):
            found = 1
            while found:
                async with self._database.transaction() as session:
                    today = local_day(session.now(), ZoneInfo(site.zone))
                    found = await step(session, site.township_id, today)


async def scene_of(session: StoreSession, site: Site, ahead: timedelta) -> Scene:
    """Return what the sources are asked about."""
    now = session.now()
    people = await posts.of_township(session, site.township_id)
    return Scene(site, tuple(people), now - LOOK_BACK, now + ahead)


async def called_for(session: StoreSession, ahead: timedelta, sources: Sequence[Source] = SOURCES) -> list[Called]:
    """Return what would be said within `ahead` by every source, by its moment; nothing is planned or sent."""
    found: list[Called] = []
    for site in await plannings.sites(session):
        scene = await scene_of(session, site, ahead)
        over = await outbox.over(session, site.township_id, scene.since)
        posts_of = {post.to.staff_id: post for post in scene.posts}
        for source in sources:
            made = [one for one in await source.propose(session, scene) if key_of(one) not in over]
            found += [_called(session, scene, source, one, posts_of[one.to.staff_id]) for one in made]
    end = session.now() + ahead
    wanted = [one for one in found if one.at < one.proposal.expires_at and one.at <= end]
    return sorted(wanted, key=lambda one: (one.at, one.proposal.kind, one.proposal.to.staff_id))


def _called(session: StoreSession, scene: Scene, source: Source, one: Proposal, post: Post) -> Called:
    at = max(one.due_at, session.now())
    return Called(
        source.code, one, post, scene.site.zone, at if one.urgent else next_allowed(at, scene.zone, post.quiet)
    )
