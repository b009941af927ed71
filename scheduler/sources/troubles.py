"""In the morning, to the admins: how many messages ended badly since they were last told; nothing when none did."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from locales.message import Message, Text
from models.rules.clock import local_day
from models.rules.roles import Role
from models.rules.stages import Stage, digest
from models.store import queue
from models.store.database import StoreSession
from models.store.outbox import Proposal
from models.store.posts import Post
from models.store.sending import Claimed
from scheduler.sources.source import LOOK_BACK, Scene, Source

_DAY = timedelta(days=1)


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for today's line and, if there is something to tell by now, for tomorrow's."""
    today = local_day(session.now(), scene.zone)
    told = await queue.told_until(session, scene.site.township_id, today - LOOK_BACK)
    admins = [post for post in scene.posts if post.role is Role.ADMIN]
    days = (today, today + _DAY)
    return [
        one
        for post in admins
        for day in days
        for one in await _of_day(session, scene, post, told.get(post.to.staff_id), day)
    ]


async def _of_day(session: StoreSession, scene: Scene, post: Post, told: datetime | None, day: date) -> list[Proposal]:
    stage = _stage(scene, post, day)
    since = await _since(session, scene, post, told, day)
    if not await queue.troubles(session, scene.site.township_id, since, stage.due_at):
        return []
    details = {"since": since.isoformat(), "until": stage.due_at.isoformat()}
    about, on = scene.site.township_id, day.isoformat()
    return [Proposal(queue.DAILY, post.to, stage.due_at, stage.expires_at, about, on, details)]


async def _since(session: StoreSession, scene: Scene, post: Post, told: datetime | None, day: date) -> datetime:
    """Return from when on a day's line tells: from the line before, or longer ago if that could not be said."""
    before = _stage(scene, post, day - _DAY).due_at
    if day > local_day(session.now(), scene.zone) or (told is not None and told >= before):
        return max(told or before, before)
    longest = _stage(scene, post, day - LOOK_BACK).due_at
    oldest = max(told or longest, longest)
    return oldest if await queue.troubles(session, scene.site.township_id, oldest, before) else before


def _stage(scene: Scene, post: Post, day: date) -> Stage:
    return digest(day, scene.zone, post.digest_at)


async def word_daily(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what the admin is told: counts only; `None` when somebody has seen to everything meanwhile."""
    since, until = (datetime.fromisoformat(str(claimed.details[name])) for name in ("since", "until"))
    found = await queue.troubles(session, claimed.to.township_id, since, until)
    if not found:
        return None
    counts = {"held": found.held, "repeated": found.repeated, "dead": found.dead, "late": found.late}
    lines = [Text.of(f"notices.outbox.{name}", n=many) for name, many in counts.items() if many]
    day = local_day(since, ZoneInfo(claimed.to.zone))
    return Message(Text.of("notices.outbox.daily", day=day, lines=lines))


SOURCE = Source("troubles", frozenset({queue.DAILY}), propose)
