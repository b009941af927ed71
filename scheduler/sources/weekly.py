"""The weekly summary, to leader and deputy on Monday: counts by village, made when it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from locales.message import Button, Message, Tap, Text
from locales.numbers import total
from models.rules.clock import local_day, moment_at
from models.rules.digest import summary_of
from models.store import places, weeklies
from models.store.database import StoreSession
from models.store.outbox import Proposal
from models.store.posts import Post
from models.store.sending import Claimed
from models.store.weeklies import Summary
from scheduler.sources import digest
from scheduler.sources.digest import HEADS
from scheduler.sources.source import Scene, Source, days_of

KIND = "weekly"
MOST_NAMES = 6
"""So many villages are named in a line."""
KEPT = 3
"""So many days a summary may still be said when it could not be said on its own (convention)."""


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for one message to each of the heads of every week."""
    days = [day for day in days_of(session, scene, back=KEPT) if summary_of(day) is not None]
    return [_proposal(scene, post, day) for post in scene.posts if post.role in HEADS for day in days]


def _proposal(scene: Scene, post: Post, day: date) -> Proposal:
    due_at = moment_at(day, post.digest_at, scene.zone)
    return Proposal(KIND, post.to, due_at, due_at + timedelta(days=KEPT), occurrence=day.isoformat())


async def word(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return the week, and on its own day what stands in the heads' digest of other days."""
    day = date.fromisoformat(claimed.occurrence)
    week = summary_of(day)
    if week is None:
        return None
    today = local_day(session.now(), ZoneInfo(claimed.to.zone))
    found = await weeklies.summary(session, claimed.to, week, today)
    mine = await digest.of_today(session, claimed, day) if today == day else None
    if not found and mine is None:
        return None
    place = (await places.get(session, claimed.to.township_id)).name
    title = Text.of("weekly.title", place=place, first=week.first, last=week.last)
    own = digest.lines(mine, day) if mine is not None else []
    screen = Text.of("weekly.screen", lines=[title, *own, *_lines(found)])
    status = Button(Text.of("notices.see.status"), Tap.of("status", f"{today:%Y-%m}"))
    return Message(screen, ((status,), (Button(Text.of("notices.see.decisions"), Tap.of("decisions")),)))


def _lines(found: Summary) -> Iterator[Text]:
    yield Text.of("weekly.done", done=total(found.done), before=total(found.before))
    yield Text.of("weekly.overdue", overdue=total(found.overdue), fresh=total(found.fresh))
    yield from _villages(found)
    if found.days:
        yield Text.of("weekly.reported", days=found.days, done=found.in_time)
    if found.unreported:
        yield Text.of("weekly.unreported", names=_names(found.unreported))
    if found.decisions:
        yield Text.of("weekly.decisions", open=found.decisions, late=found.late)
    if _is_cut(found):
        yield Text.of("numbers.note")


def _villages(found: Summary) -> Iterator[Text]:
    """Return what is overdue in each village, and in one line those with small numbers."""
    small = [one.name for one in found.villages if one.overdue is None]
    for one in found.villages:
        if one.overdue is not None:
            yield Text.of("weekly.village", name=one.name, overdue=one.overdue)
    if small:
        yield Text.of("weekly.rest", names=_names(small))


def _names(names: Sequence[str]) -> Text:
    """Return villages in a line; of too many, how many there are: the status names them."""
    if len(names) > MOST_NAMES:
        return Text.of("weekly.many", n=len(names))
    return Text.of("weekly.names", names=[Text.of("numbers.name", name=name) for name in names])


def _is_cut(found: Summary) -> bool:
    """Return whether anything isn't shown."""
    cells = [one.overdue for one in found.villages]
    return None in (*cells, found.overdue, found.fresh, found.done, found.before)


SOURCE = Source("weekly", frozenset({KIND}), propose)
