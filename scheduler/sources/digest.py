"""The morning digest: one message a person and day, at the person's own hour, counted when it is sent."""

from __future__ import annotations

from datetime import date

from locales.message import Button, Message, Rows, Tap, Text
from models.rules import stages
from models.rules.digest import Digest, Line, Topic, compose, on_day, summary_of
from models.rules.roles import Role
from models.store import digests
from models.store.database import StoreSession
from models.store.outbox import Proposal
from models.store.posts import Post
from models.store.sending import Claimed
from scheduler.sources.source import Scene, Source, days_of

KIND = digests.KIND
READERS = (Role.MANAGER, Role.CLINIC, Role.DEPUTY, Role.LEADER)
HEADS = (Role.DEPUTY, Role.LEADER)
MOST_BUTTONS = 5
TAPS: dict[Topic, Tap] = {
    Topic.DANGEROUS: Tap.of("due", 0),
    Topic.REFERRAL: Tap.of("referrals"),
    Topic.OVERDUE: Tap.of("due", 0),
    Topic.ESCALATED: Tap.of("alerts"),
    Topic.PLACES: Tap.of("alerts"),
    Topic.UNREPORTED: Tap.of("due", 0),
    Topic.HANDOVER: Tap.of("handovers"),
    Topic.APPROVAL: Tap.of("approvals"),
    Topic.CORRECTION: Tap.of("grants"),
    Topic.COMPLAINT_OVERDUE: Tap.of("complaints"),
    Topic.COMPLAINT: Tap.of("complaints"),
    Topic.BENEFIT_OVERDUE: Tap.of("benefits"),
    Topic.BENEFIT: Tap.of("benefits"),
    Topic.APPEAL: Tap.of("appeals"),
    Topic.DECISION_OVERDUE: Tap.of("decisions"),
    Topic.DECISION_DUE: Tap.of("decisions"),
    Topic.DUE: Tap.of("due", 0),
    Topic.BACK: Tap.of("handovers"),
    Topic.COMING: Tap.of("due", 0),
    Topic.CARD: Tap.of("scorecard"),
    Topic.STOOD_IN: Tap.of("alerts"),
}
"""Where the work of a topic is done."""


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for one message to everybody who may get one, of each day; whether there is anything to say shows then."""
    days = days_of(session, scene)
    return [_proposal(scene, post, day) for post in scene.posts for day in days if _gets_one(post, day)]


def _gets_one(post: Post, day: date) -> bool:
    """Return whether a digest is for somebody: the heads' of a day with a weekly summary stands in that."""
    return post.role in READERS and not (post.role in HEADS and summary_of(day) is not None)


def _proposal(scene: Scene, post: Post, day: date) -> Proposal:
    stage = stages.digest(day, scene.zone, post.digest_at)
    return Proposal(KIND, post.to, stage.due_at, stage.expires_at, occurrence=day.isoformat())


async def word(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what somebody is told this morning; `None` when nothing is left to tell."""
    day = date.fromisoformat(claimed.occurrence)
    digest = await of_today(session, claimed, day)
    if digest is None:
        return None
    title = Text.of("digest.title", day=day)
    return Message(Text.of("digest.screen", lines=[title, *lines(digest, day)]), buttons(digest))


async def of_today(session: StoreSession, claimed: Claimed, day: date) -> Digest | None:
    """Return what there is to tell the reader of a message on `day`."""
    digest = compose(await digests.count(session, claimed.to, day))
    return on_day(digest, day) if digest is not None else None


def lines(digest: Digest, day: date) -> list[Text]:
    """Return the lines of a digest in words."""
    return [_line(line, day) for line in digest.lines]


def _line(line: Line, day: date) -> Text:
    if line.on is None:
        return Text.of(f"digest.line.{line.topic}", n=line.count)
    if line.on == day:
        return Text.of(f"digest.today.{line.topic}", n=line.count)
    return Text.of(f"digest.until.{line.topic}", n=line.count, on=line.on)


def buttons(digest: Digest) -> Rows:
    """Return a button to each place where the work is done, the most urgent first."""
    taps = dict.fromkeys(tap for line in digest.lines if (tap := TAPS.get(line.topic)) is not None)
    return tuple((Button(Text.of(f"notices.see.{tap.action}"), tap),) for tap in list(taps)[:MOST_BUTTONS])


SOURCE = Source("digest", frozenset({KIND}), propose)
