"""A check-up day that is not reported by its deadline: its manager is told. What else is overdue, the digest tells."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from locales.message import Message, Text
from models.rules.clock import local_day
from models.rules.occurrences import Occurrence
from models.rules.roles import Role
from models.rules.stages import report_deadline
from models.store import checkup_calendar, unreported
from models.store.database import StoreSession
from models.store.outbox import Proposal
from models.store.posts import Post
from models.store.sending import Claimed
from scheduler.sources.checkups import TO_ROSTER
from scheduler.sources.source import Scene, Source

UNREPORTED = "checkup.unreported"
_FARTHEST = timedelta(days=15)
"""No run of days off between a day and its deadline is longer."""
_LASTS = timedelta(days=3)
"""So long it makes sense; then the digest has told of it (convention)."""


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for a message to the village's manager at each deadline; whether it is needed shows when it is sent."""
    first, last = local_day(scene.since, scene.zone) - _FARTHEST, local_day(scene.until, scene.zone)
    days = await checkup_calendar.between(session, scene.site.township_id, first, last)
    return [
        _proposal(post, village.id, one, report_deadline(one.held_on, scene.zone))
        for village, one in days
        for post in scene.posts
        if post.role is Role.MANAGER and post.village_id == village.id
    ]


def _proposal(post: Post, village_id: int, one: Occurrence, due_at: datetime) -> Proposal:
    details = {"on": one.held_on.isoformat()}
    return Proposal(UNREPORTED, post.to, due_at, due_at + _LASTS, village_id, one.nominal.isoformat(), details)


async def word_unreported(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return of how many nothing was reported, and the way to the list; nothing when all was reported by now."""
    on = date.fromisoformat(str(claimed.details["on"]))
    found = await unreported.by_village(session, claimed.to)
    one = next((each for each in found if (each.village_id, each.held_on) == (claimed.subject_id, on)), None)
    if one is None:
        return None
    text = Text.of("notices.checkup.unreported", day=on, n=one.missing, many=one.expected)
    return Message(text, TO_ROSTER)


SOURCE = Source("alerts", frozenset({UNREPORTED}), propose)
