"""What a source of the planner is: rules over facts that call for messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.rules.clock import local_day
from models.store.database import StoreSession
from models.store.outbox import Proposal
from models.store.plannings import Site
from models.store.posts import Post

LOOK_BACK = timedelta(days=8)
"""A message that was due so long ago may still make sense: the week before a check-up day, and a day more."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a source is asked about: a township, and the messages that are due from `since` to `until`.

    Attributes:
        posts: who works there.
    """

    site: Site
    posts: tuple[Post, ...]
    since: datetime
    until: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The township's time zone."""
        return ZoneInfo(self.site.zone)


def days_of(session: StoreSession, scene: Scene, back: int = 0) -> list[date]:
    """Return the days on which messages are due: from `back` days ago, today as it is there, to the last one."""
    first = local_day(session.now(), scene.zone) - timedelta(days=back)
    last = local_day(scene.until, scene.zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


Propose = Callable[[StoreSession, Scene], Awaitable[list[Proposal]]]
"""Returns everything that is called for between two moments, late ones too as long as they make sense.

The same facts give the same proposals, whenever and wherever it is asked: the planner adds what is new, changes what
has changed and withdraws the rest.
"""
Follow = Callable[[StoreSession, Scene], Awaitable[None]]
"""Brings rows up to the calendar before messages are planned from them."""


async def _nothing(_session: StoreSession, _scene: Scene) -> None:
    return


@dataclass(frozen=True, slots=True)
class Source:
    """A source.

    Attributes:
        code: under which its messages are kept.
        kinds: what it calls for.
        follow: what is done before; not when it is only asked what would be said.
    """

    code: str
    kinds: frozenset[str]
    propose: Propose
    follow: Follow = _nothing
