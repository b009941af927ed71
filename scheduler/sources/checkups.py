"""Before a check-up day: its manager 7, 3 and 1 days before and on the morning, the clinic the day before."""

from __future__ import annotations

from datetime import date, timedelta

from locales.message import Button, Message, Rows, Tap, Text
from models.rules.clock import local_day
from models.rules.occurrences import Occurrence
from models.rules.roles import Role
from models.rules.stages import CHECKUP_CLINIC, CHECKUP_MANAGER, Stage, before
from models.store import checkup_calendar, checkups, scope
from models.store.database import StoreSession
from models.store.outbox import Proposal
from models.store.places import PlaceRow
from models.store.posts import Post
from models.store.sending import Claimed
from scheduler.sources.source import Scene, Source

MANAGER, CLINIC = "checkup.before", "checkup.tomorrow"
_WEEK = timedelta(days=8)
TO_ROSTER: Rows = ((Button(Text.of("notices.see.roster"), Tap.of("roster")),),)
"""The way to the list: the village's own, or the villages to choose from."""


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for the reminders of every village's days."""
    first = local_day(scene.since, scene.zone)
    last = local_day(scene.until, scene.zone) + _WEEK
    days = await checkup_calendar.between(session, scene.site.township_id, first, last)
    return [*_to_managers(scene, days), *_to_clinic(scene, days)]


def _to_managers(scene: Scene, days: list[tuple[PlaceRow, Occurrence]]) -> list[Proposal]:
    return [
        _proposal(MANAGER, post, stage, village.id, f"{one.nominal}/{stage.code.value}", one.held_on)
        for village, one in days
        for post in scene.posts
        if post.role is Role.MANAGER and post.village_id == village.id
        for stage in before(one, CHECKUP_MANAGER, post.digest_at)
    ]


def _to_clinic(scene: Scene, days: list[tuple[PlaceRow, Occurrence]]) -> list[Proposal]:
    """Call for one message about all villages of a day."""
    by_day = {one.held_on: one for _, one in days if not one.is_cancelled}
    return [
        _proposal(CLINIC, post, stage, 0, one.held_on.isoformat(), one.held_on)
        for one in by_day.values()
        for post in scene.posts
        if post.role is Role.CLINIC
        for stage in before(one, CHECKUP_CLINIC, post.digest_at)
    ]


def _proposal(kind: str, post: Post, stage: Stage, subject_id: int, occurrence: str, on: date) -> Proposal:
    return Proposal(kind, post.to, stage.due_at, stage.expires_at, subject_id, occurrence, {"on": on.isoformat()})


async def word_before(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what the manager is told: how far off the day is, and how many people it is for."""
    nominal, _, stage = claimed.occurrence.partition("/")
    on = _day(claimed)
    one = await checkup_calendar.get(session, claimed.to.township_id, claimed.subject_id, date.fromisoformat(nominal))
    if one is None or one.held_on != on or claimed.to.village_id != claimed.subject_id:
        return None
    many = (await checkups.expected_by_village(session, claimed.to)).get(claimed.subject_id, 0)
    off = (on - scope.today(session, claimed.to)).days  # said late, it is not as far off as it was planned
    text = Text.of(f"notices.checkup.before.{stage}", day=on, many=many, n=off)
    return Message(text, TO_ROSTER)


async def word_tomorrow(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what the clinic is told: which villages come, and how many people of each."""
    on = _day(claimed)
    days = await checkup_calendar.between(session, claimed.to.township_id, on, on)
    if not days:
        return None
    expected = await checkups.expected_by_village(session, claimed.to)
    lines = [
        Text.of("notices.checkup.village", place=village.name, many=expected.get(village.id, 0)) for village, _ in days
    ]
    text = Text.of("notices.checkup.tomorrow", day=on, n=len(days), villages=lines)
    return Message(text, TO_ROSTER)


def _day(claimed: Claimed) -> date:
    return date.fromisoformat(str(claimed.details["on"]))


SOURCE = Source("checkups", frozenset({MANAGER, CLINIC}), propose)
