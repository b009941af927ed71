"""Joint meetings: invitations before, and minutes asked for after. What was decided stands in the morning's digest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from models.rules.calendar import working_day_after
from models.rules.clock import local_day, moment_at
from models.rules.meetings import INVITED, LASTS, MeetingState, as_occurrence
from models.rules.roles import Role
from models.rules.stages import MEETING, Stage, before
from models.store import meeting_calendar
from models.store.database import StoreSession
from models.store.meetings import MeetingLine
from models.store.outbox import Proposal
from models.store.posts import Post
from scheduler.sources.source import LOOK_BACK, Scene, Source

INVITE, MINUTES = "meeting.invite", "meeting.minutes"
_AHEAD = timedelta(days=4)
"""A day more than the first invitation comes before a meeting."""


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for everything about the meetings of a township."""
    first, last = local_day(scene.since, scene.zone), local_day(scene.until + _AHEAD, scene.zone)
    found: list[Proposal] = []
    for meeting in await meeting_calendar.between(session, scene.site.township_id, first, last):
        if meeting.state is not MeetingState.CANCELLED:
            found += [*_invitations(scene, meeting), *_minutes(scene, meeting)]
    return found


async def _follow(session: StoreSession, scene: Scene) -> None:
    last = local_day(scene.until + _AHEAD, scene.zone)
    await meeting_calendar.follow(session, scene.site.township_id, last)


def _invitations(scene: Scene, meeting: MeetingLine) -> Iterable[Proposal]:
    one = as_occurrence(meeting.nominal_on, meeting.held_on, meeting.starts_at, scene.zone)
    for post in scene.posts:
        for stage in before(one, MEETING, post.digest_at) if post.role in INVITED else ():
            if not _was_told(meeting, stage):
                occurrence = f"{meeting.sequence}/{stage.code.value}"
                yield Proposal(INVITE, post.to, stage.due_at, stage.expires_at, meeting.id, occurrence)


def _was_told(meeting: MeetingLine, stage: Stage) -> bool:
    """Return whether the message of its new time has said what a stage would say."""
    return meeting.changed_at is not None and stage.due_at <= meeting.changed_at


def _minutes(scene: Scene, meeting: MeetingLine) -> Iterable[Proposal]:
    """Ask the leader when it is over, and the deputy the next working day, or at once where there is no leader."""
    if meeting.has_minutes:
        return
    over = meeting.starts_at + LASTS
    has_leader = any(post.role is Role.LEADER for post in scene.posts)
    for post in scene.posts:
        if post.role is Role.LEADER or (post.role is Role.DEPUTY and not has_leader):
            yield _ask(post, meeting, over)
        elif post.role is Role.DEPUTY:
            next_day = working_day_after(meeting.held_on, 1)
            yield _ask(post, meeting, moment_at(next_day, post.digest_at, scene.zone))


def _ask(post: Post, meeting: MeetingLine, due_at: datetime) -> Proposal:
    return Proposal(MINUTES, post.to, due_at, due_at + LOOK_BACK, meeting.id, str(meeting.sequence))


SOURCE = Source("meetings", frozenset({INVITE, MINUTES}), propose, _follow)
