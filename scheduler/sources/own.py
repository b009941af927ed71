"""To residents who asked for it: 3 days and 1 day before a check-up day of their village, naming no service."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from locales.message import Button, Message, Tap, Text
from models.rules.clock import local_day
from models.rules.occurrences import Occurrence
from models.rules.stages import CHECKUP_RESIDENT, Stage, before
from models.store import checkup_calendar, checkup_days, own
from models.store.database import StoreSession
from models.store.outbox import Proposal
from models.store.posts import Post
from models.store.sending import Claimed
from scheduler.sources.source import Scene, Source

_AHEAD = timedelta(days=4)
"""A day more than the first reminder comes before a check-up day."""

_FRESH = timedelta(days=1)
"""So long after a message that the day was changed it needs no reminder."""


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for reminders of everybody who asked for them; whether they are still wanted shows when they are sent."""
    wanted = await own.reminded(session, scene.site.township_id)
    if not wanted:
        return []
    first, last = local_day(scene.since, scene.zone), local_day(scene.until, scene.zone) + _AHEAD
    days = await checkup_calendar.between(session, scene.site.township_id, first, last)
    told = await own.told_of_changes(session, scene.site.township_id)
    return [
        _proposal(post, village.id, one, stage)
        for village, one in days
        for post in scene.posts
        if wanted.get(post.to.staff_id) == village.id
        for stage in before(one, CHECKUP_RESIDENT, post.digest_at)
        if not _is_known(stage, told.get((post.to.staff_id, village.id, one.nominal)))
    ]


def _is_known(stage: Stage, told_at: datetime | None) -> bool:
    """Return whether a message of a change named the day just before its reminder would."""
    return told_at is not None and stage.due_at <= told_at + _FRESH


def _proposal(post: Post, village_id: int, one: Occurrence, stage: Stage) -> Proposal:
    """Return the reminder of a day where it is held now: moved, it is reminded of anew."""
    occurrence = f"{one.nominal}/{one.held_on}/{stage.code.value}"
    details = {"on": one.held_on.isoformat()}
    return Proposal(own.BEFORE, post.to, stage.due_at, stage.expires_at, village_id, occurrence, details)


async def word_before(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what a resident is told before a day: where and when, no more."""
    nominal, _, rest = claimed.occurrence.partition("/")
    village_id, on = claimed.subject_id, date.fromisoformat(str(claimed.details["on"]))
    one = await checkup_calendar.get(session, claimed.to.township_id, village_id, date.fromisoformat(nominal))
    if one is None or one.held_on != on or not await own.is_reminded_of(session, claimed.to, village_id):
        return None
    return _message(Text.of(f"notices.own.before.{rest.partition('/')[2]}", day=on))


async def word_changed(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what a resident is told of a change, or `None` when the day has changed again since."""
    told = await checkup_days.told(session, claimed.subject_id, int(claimed.occurrence))
    if told is None or not await own.is_reminded_of(session, claimed.to, told.village_id):
        return None
    old = date.fromisoformat(str(claimed.details["old"]))
    return _message(Text.of(f"notices.own.{claimed.details['change']}", old=old, new=told.held_on))


def _message(text: Text) -> Message:
    see = Button(Text.of("notices.see.own"), Tap.of("own"))
    return Message(text, ((see, Button(Text.of("own.remind_off"), Tap.of("own.remind", 0))),))


SOURCE = Source("own", frozenset({own.BEFORE}), propose)
