"""Keeps villages' scorecards on the day on which they become final. It calls for no messages."""

from __future__ import annotations

from models.rules.clock import local_day
from models.store import scorecards
from models.store.database import StoreSession
from models.store.outbox import Proposal
from scheduler.sources.source import Scene, Source


async def _follow(session: StoreSession, scene: Scene) -> None:
    await scorecards.follow(session, scene.site.township_id, local_day(session.now(), scene.zone))


async def _nothing(_session: StoreSession, _scene: Scene) -> list[Proposal]:
    return []


SOURCE = Source("scorecards", frozenset(), _nothing, _follow)
