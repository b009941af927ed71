"""Reports that come regularly: on working days after a month, quarter or year, and before each joint meeting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from locales.message import Attachment, Message
from models.rules import periods
from models.rules.access import Permission
from models.rules.clock import local_day, moment_at
from models.rules.meetings import MeetingState
from models.rules.report_files import Call, FileForm, Occasion, before_meeting, calls
from models.store import meeting_calendar, places, report_subscriptions
from models.store import report_files as jobs
from models.store.database import Database, StoreSession
from models.store.outbox import Proposal, key_of
from models.store.posts import Post
from models.store.report_subscriptions import Subscription
from models.store.sending import Claimed
from scheduler import report_making as making
from scheduler import report_words as words
from scheduler.sources.source import Scene, Source

KIND = "report.regular"
KEPT = timedelta(days=7)
"""So long a report may still come when it could not be sent on its day (convention)."""
_AHEAD = timedelta(days=12)
"""A working day before a meeting is never farther off than this: no run of days off is longer."""

_Called = tuple[Call, datetime | None]
"""A report that is called for, and when it makes no sense any more, if that is said."""


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for one message for each file that somebody wants; the same file is sent once, at its first occasion."""
    subscriptions = await report_subscriptions.of_township(session, scene.site.township_id)
    if not subscriptions:
        return []
    posts = {post.to.staff_id: post for post in scene.posts}
    called = await _called(session, scene)
    found: dict[object, Proposal] = {}
    for one in subscriptions:
        if (post := posts.get(one.staff_id)) is not None:
            for proposal in _proposals(scene, post, one, called[one.occasion]):
                known = found.setdefault(key_of(proposal), proposal)
                found[key_of(proposal)] = min(known, proposal, key=lambda each: each.due_at)
    return list(found.values())


async def _called(session: StoreSession, scene: Scene) -> Mapping[Occasion, list[_Called]]:
    """Return what is called for, by occasion."""
    first, last = local_day(scene.since, scene.zone), local_day(scene.until, scene.zone)
    found: defaultdict[Occasion, list[_Called]] = defaultdict(list)
    for call in calls(first, last):
        found[call.occasion].append((call, None))
    for meeting in await meeting_calendar.between(session, scene.site.township_id, first, last + _AHEAD):
        if meeting.state is not MeetingState.CANCELLED:
            found[Occasion.MEETING].append((before_meeting(meeting.held_on), meeting.starts_at))
    return found


def _proposals(scene: Scene, post: Post, one: Subscription, called: Iterable[_Called]) -> Iterator[Proposal]:
    for call, ends_at in called:
        due_at = moment_at(call.on, post.digest_at, scene.zone)
        if due_at >= max(one.since, scene.since):
            for form in one.form.files:
                occurrence = f"{call.period.code}/{form}"
                yield Proposal(KIND, post.to, due_at, ends_at or due_at + KEPT, occurrence=occurrence)


async def word(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return what the file is sent with; nothing where it is not for the reader, or not wanted, any more."""
    if not claimed.to.may(Permission.COUNT_READ):
        return None
    period, form = _read(claimed)
    wanted = await report_subscriptions.mine(session, claimed.to)
    if not any(form in each.files for each in wanted.values()):
        return None
    place = await places.get(session, claimed.to.village_id or claimed.to.township_id)
    return words.regular(place.name, period, session.now(), claimed.to.zone)


async def attach(database: Database, claimed: Claimed) -> Attachment:
    """Return the file, made now."""
    period, form = _read(claimed)
    async with database.transaction() as session:
        await jobs.note(session, claimed.to, period, form)
    report = await making.count(database, claimed.to, period)
    place = await making.place_of(database, claimed.to)
    return words.attachment(claimed.to, place, period, form, await making.make(report, form))


def _read(claimed: Claimed) -> tuple[periods.Period, FileForm]:
    code, _, form = claimed.occurrence.partition("/")
    return periods.named(code), FileForm(form)


SOURCE = Source("reports", frozenset({KIND}), propose)
