"""The public notice: offered to whoever approves it early in the next month; told when nobody can say it was posted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from locales.message import Attachment, Button, Message, Tap, Text
from models.rules import periods, publications
from models.rules.clock import local_day, moment_at
from models.rules.publications import Spot
from models.rules.roles import Role
from models.store import publication_places
from models.store import publications as stored
from models.store.database import StoreSession
from models.store.outbox import Proposal
from models.store.posts import Post
from models.store.publications import Failure
from models.store.sending import Claimed
from scheduler.messenger import MAY_NOT_POST
from scheduler.sources.source import Scene, Source

READY, FAILED = "publication.ready", "publication.failed"
FILE_NAME = "notice.png"
_TOLD = frozenset({"in_doubt", MAY_NOT_POST})
"""What has words of its own; of anything else it is said that the bot may not be there any more."""
_KEPT = timedelta(days=20)
"""So long a notice may still be offered, and a failure told: until the month is nearly over (convention)."""


async def propose(session: StoreSession, scene: Scene) -> list[Proposal]:
    """Call for both, where the township posts its notices anywhere."""
    if await publication_places.of_township(session, scene.site.township_id) is None:
        return []
    return [*await _offers(session, scene), *await _failures(session, scene)]


async def _offers(session: StoreSession, scene: Scene) -> list[Proposal]:
    month = periods.month_of(local_day(session.now(), scene.zone)).before
    if not await stored.is_open(session, scene.site.township_id, month.first):
        return []
    due_at = moment_at(publications.offered_on(month), publications.OFFERED_AT, scene.zone)
    return [Proposal(READY, post.to, due_at, due_at + _KEPT, occurrence=month.code) for post in _approving(scene)]


async def _failures(session: StoreSession, scene: Scene) -> list[Proposal]:
    return [
        Proposal(FAILED, post.to, one.at, one.at + _KEPT, one.id, str(one.attempt), {"fate": _fate(one)})
        for one in await stored.failed(session, scene.site.township_id)
        for post in _approving(scene)
    ]


def _fate(one: Failure) -> str:
    """Return what became of posting: `in_doubt`, `may_not_post`, or another code for "it is not there"."""
    return MAY_NOT_POST if one.why == MAY_NOT_POST else one.fate.value


def _approving(scene: Scene) -> Iterator[Post]:
    """Return the deputies; where there is none, the leaders."""
    wanted = Role.DEPUTY if any(post.role is Role.DEPUTY for post in scene.posts) else Role.LEADER
    return (post for post in scene.posts if post.role is wanted)


async def word_ready(session: StoreSession, claimed: Claimed) -> Message | None:
    """Offer a month's notice; `None` when somebody has decided."""
    month = periods.named(claimed.occurrence)
    if not await stored.is_open(session, claimed.to.township_id, month.first):
        return None
    see = Button(Text.of("notices.see.publication"), Tap.of("publication", month.code))
    return Message(Text.of("notices.publication.ready", month=month.first), ((see,),))


async def word_failed(session: StoreSession, claimed: Claimed) -> Message | None:
    """Say that a notice was not posted, or that nobody knows; `None` when it was meanwhile."""
    line = await stored.get(session, claimed.to, claimed.subject_id)
    if not line.has_failed or str(line.attempt) != claimed.occurrence:
        return None
    fate = str(claimed.details["fate"])
    key = f"notices.publication.{fate if fate in _TOLD else 'failed'}"
    see = Button(Text.of("notices.see.publication"), Tap.of("publication", f"{line.month:%Y-%m}"))
    return Message(Text.of(key, month=line.month, title=line.title), ((see,),))


async def word_post(session: StoreSession, claimed: Claimed) -> Message | None:
    """Return the notice as it was approved; `None` when it was posted meanwhile."""
    found = await stored.to_post(session, claimed.subject_id)
    if found is None:
        return None
    text, picture = found
    return Message(Text.of("publications.as_is", text=text), attachment=Attachment(FILE_NAME, picture, is_picture=True))


async def word_place(session: StoreSession, claimed: Claimed) -> Message | None:
    """Tell the admin whether notices can be posted where it was asked for."""
    spot = Spot(str(claimed.details["spot"]))
    chat = await publication_places.of_township(session, claimed.to.township_id)
    return Message(Text.of(f"notices.publication.spot.{spot}", title=chat.title if chat is not None else ""))


SOURCE = Source("publications", frozenset({READY, FAILED}), propose)
