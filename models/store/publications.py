"""Public notices: shown to whoever may approve them, approved once as shown, posted, and kept as they were posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, func, select, update

from models.rules.access import Actor, Permission
from models.rules.meetings import DecisionState
from models.rules.publications import PUBLISHED, PublicationState
from models.store import audit, outbox, plannings, publication_places, scope
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.publication_places import Chat
from models.tables.base import new_id, table
from models.tables.meetings import Decision, Meeting
from models.tables.outbox import ENDED, OutboxMessage, OutboxState
from models.tables.publications import Publication

POST = "publication.post"
"""The notice itself, said in a group or channel."""
KEPT = 24
"""So many old ones are listed."""
_p, _o = table(Publication).c, table(OutboxMessage).c


@dataclass(frozen=True, slots=True)
class Content:
    """What a notice says: the figures, and the words and the picture that they make."""

    figures: Mapping[str, Any]
    text: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """A notice.

    Attributes:
        left_out: codes that are not told.
        fate: what became of posting it; `None`: nothing yet, or it is too long ago to be known.
    """

    id: int
    month: date
    edition: int
    state: PublicationState
    version: int
    figures: Mapping[str, Any]
    left_out: frozenset[str]
    text: str
    picture: bytes
    title: str | None
    attempt: int
    decided_at: datetime | None
    posted_at: datetime | None
    fate: OutboxState | None

    @property
    def has_failed(self) -> bool:
        """Whether it was to be posted, and nobody can say that it was."""
        return self.posted_at is None and self.fate in ENDED

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may have been posted: the answer was lost."""
        return self.posted_at is None and self.fate is OutboxState.IN_DOUBT


@dataclass(frozen=True, slots=True)
class Failure:
    """A notice that was to be posted, and nobody can say that it was.

    Attributes:
        attempt: how often it was tried.
        why: the name of an error's class or a code.
    """

    id: int
    attempt: int
    fate: OutboxState
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """How many things the joint meetings of a month decided, and how many of them are done."""

    n: int
    done: int


async def latest(session: StoreSession, actor: Actor, month: date) -> PublicationLine | None:
    """Return the newest edition of a month's notice, if there is one."""
    found = _select().where(_p.township_id == actor.township_id, _p.month == month)
    row = await session.row(found.order_by(_p.edition.desc()).limit(1))
    return _read(row) if row is not None else None


async def get(session: StoreSession, actor: Actor, publication_id: int) -> PublicationLine:
    """Return a notice of the actor's township.

    Raises:
        NotFound: there is none.
    """
    mine = (_p.id == publication_id, _p.township_id == actor.township_id)
    row = await session.row(_select().where(*mine))
    if row is None:
        raise NotFound
    return _read(row)


async def posted(session: StoreSession, actor: Actor) -> Sequence[PublicationLine]:
    """Return the notices that were posted, the newest first: they are public."""
    mine = (_p.township_id == actor.township_id, _p.posted_at.is_not(None))
    order = (_p.month.desc(), _p.edition.desc())
    return [_read(row) for row in await session.rows(_select().where(*mine).order_by(*order).limit(KEPT))]


async def show(session: StoreSession, actor: Actor, month: date, content: Content) -> PublicationLine:
    """Keep what is shown to the actor, so that it can be approved; a declined one is open again. Return it.

    Raises:
        AccessDenied: the role approves no notices.
        NotFound: it is approved already.
    """
    scope.require(actor, Permission.PUBLICATION_APPROVE)
    first = {"id": new_id(), "township_id": actor.township_id, "month": month, "edition": 1}
    values = _said(session, actor, content)
    keys = ["township_id", "month", "edition"]
    await session.execute(session.insert_or_ignore(Publication, keys), first | values | {"left_out": []})
    line = await latest(session, actor, month)
    if line is None or line.state is PublicationState.APPROVED:
        raise NotFound
    is_same = (line.figures, line.text) == (content.figures, content.text)
    if not is_same or line.state is PublicationState.DECLINED:
        await _change(session, line, **values, version=line.version + 1)
    return await get(session, actor, line.id)


async def leave_out(session: StoreSession, actor: Actor, publication_id: int, code: str, *, told: bool) -> None:
    """Say whether an indicator is told; what was shown before can't be approved any more.

    Raises:
        AccessDenied: the role approves no notices.
        NotFound: there is none, or it is approved or declined.
    """
    scope.require(actor, Permission.PUBLICATION_APPROVE)
    line = await get(session, actor, publication_id)
    wanted = line.left_out - {code} if told else line.left_out | {code}
    if line.state is not PublicationState.SHOWN or code not in PUBLISHED:
        raise NotFound
    if wanted != line.left_out:
        await _change(session, line, left_out=sorted(wanted), version=line.version + 1)


async def approve(session: StoreSession, actor: Actor, publication_id: int, version: int) -> PublicationLine | None:
    """Approve a notice as it was shown and have it posted, once; `None`: it was changed, approved or declined.

    Raises:
        AccessDenied: the role approves no notices.
        NotFound: there is none, or nowhere to post it.
    """
    chat, line = await _to_post(session, actor, publication_id)
    decided = {"decided_by": actor.staff_id, "decided_at": session.now(), "state": PublicationState.APPROVED}
    if not await _step(session, line, version, decided | {"chat_id": chat.chat_id, "title": chat.title, "attempt": 1}):
        return None
    await plannings.touch(session, actor.township_id)
    await audit.write(session, actor, "publication:approve", "publication", line.id, {"edition": line.edition})
    return await _post(session, actor, line.id)


async def post_again(session: StoreSession, actor: Actor, publication_id: int, attempt: int) -> PublicationLine | None:
    """Have a notice posted that nobody can say was, once; `None`: it was asked for already, or it was posted.

    Raises:
        AccessDenied: the role approves no notices.
        NotFound: there is none, or nowhere to post it.
    """
    chat, line = await _to_post(session, actor, publication_id)
    mine = (_p.id == line.id, _p.attempt == attempt, _p.state == PublicationState.APPROVED)
    values = {"chat_id": chat.chat_id, "title": chat.title, "attempt": attempt + 1}
    if not line.has_failed or not await session.changed(update(table(Publication)).where(*mine).values(**values)):
        return None
    await audit.write(session, actor, "publication:post", "publication", line.id, {"attempt": attempt + 1})
    return await _post(session, actor, line.id)


async def confirm(session: StoreSession, actor: Actor, publication_id: int, attempt: int) -> PublicationLine | None:
    """Note that a notice is there of which nobody knew whether it arrived; `None`: that is known, or it is tried again.

    Raises:
        AccessDenied: the role approves no notices.
        NotFound: there is none.
    """
    scope.require(actor, Permission.PUBLICATION_APPROVE)
    line = await get(session, actor, publication_id)
    mine = (_p.id == line.id, _p.attempt == attempt, _p.posted_at.is_(None))
    seen = update(table(Publication)).where(*mine).values(posted_at=session.now())
    if not line.is_in_doubt or not await session.changed(seen):
        return None
    await plannings.touch(session, actor.township_id)
    await audit.write(session, actor, "publication:confirm", "publication", line.id, {"attempt": attempt})
    return await get(session, actor, line.id)


async def decline(session: StoreSession, actor: Actor, publication_id: int, version: int) -> bool:
    """Have none this month; `False`: it was changed, approved or declined.

    Raises:
        AccessDenied: the role approves no notices.
        NotFound: there is none.
    """
    scope.require(actor, Permission.PUBLICATION_APPROVE)
    line = await get(session, actor, publication_id)
    decided = {"decided_by": actor.staff_id, "decided_at": session.now(), "state": PublicationState.DECLINED}
    if not await _step(session, line, version, decided):
        return False
    await plannings.touch(session, actor.township_id)
    await audit.write(session, actor, "publication:decline", "publication", line.id)
    return True


async def correct(session: StoreSession, actor: Actor, publication_id: int) -> PublicationLine:
    """Begin another edition of a notice that was posted, which has to be shown and approved anew; begun once.

    Raises:
        AccessDenied: the role approves no notices.
        NotFound: there is none, or it was not posted.
    """
    scope.require(actor, Permission.PUBLICATION_APPROVE)
    line = await get(session, actor, publication_id)
    if line.posted_at is None:
        raise NotFound
    values = {"id": new_id(), "township_id": actor.township_id, "month": line.month, "edition": line.edition + 1}
    content = _said(session, actor, Content({}, "", b"")) | {"left_out": sorted(line.left_out)}
    await session.execute(session.insert_or_ignore(Publication, ["township_id", "month", "edition"]), values | content)
    return await latest(session, actor, line.month) or line


async def settle(session: StoreSession, publication_id: int, message_id: int | None, *, is_posted: bool) -> None:
    """Note whether a notice was posted, as message `message_id`; have the planner look at what came of it."""
    mine = update(table(Publication)).where(_p.id == publication_id)
    if is_posted:
        await session.execute(mine.values(posted_at=session.now(), message_id=message_id))
    row = await session.row(select(_p.township_id).where(_p.id == publication_id))
    if row is not None:
        await plannings.touch(session, row.township_id)


async def is_open(session: StoreSession, township_id: int, month: date) -> bool:
    """Return whether nobody has approved or declined a month's notice."""
    decided = (_p.township_id == township_id, _p.month == month, _p.state != PublicationState.SHOWN)
    return await session.row(select(_p.id).where(*decided, _p.edition == 1).limit(1)) is None


async def to_post(session: StoreSession, publication_id: int) -> tuple[str, bytes] | None:
    """Return the words and the picture of a notice that is to be posted now: public, and approved."""
    approved = (_p.id == publication_id, _p.state == PublicationState.APPROVED, _p.posted_at.is_(None))
    row = await session.row(select(_p.text, _p.picture).where(*approved))
    return (row.text, row.picture) if row is not None else None


async def failed(session: StoreSession, township_id: int) -> Sequence[Failure]:
    """Return the notices that were to be posted and nobody can say were."""
    ended = _o.state.in_((OutboxState.DEAD, OutboxState.IN_DOUBT, OutboxState.EXPIRED))
    columns = (_p.id, _p.attempt, _o.state, _o.last_error, _o.ended_at)
    statement = select(*columns).join(OutboxMessage, _of_attempt())
    rows = await session.rows(statement.where(_p.township_id == township_id, _p.posted_at.is_(None), ended))
    return [Failure(row.id, row.attempt, row.state, row.last_error or "", row.ended_at) for row in rows]


async def decided(session: StoreSession, actor: Actor, first: date, last: date) -> Decided:
    """Return how much the meetings held from `first` to `last` decided of which minutes were written.

    Decisions are no people: their numbers are exact.

    Raises:
        AccessDenied: the role approves no notices.
    """
    scope.require(actor, Permission.PUBLICATION_APPROVE)
    held = (Meeting.township_id == actor.township_id, Meeting.held_on.between(first, last))
    done = func.count(case((Decision.state == DecisionState.DONE, 1)))
    statement = select(func.count().label("n"), done.label("done")).select_from(Decision)
    statement = statement.join(Meeting, Meeting.id == Decision.meeting_id)
    row = await session.row(statement.where(*held, Meeting.minutes_at.is_not(None), Decision.voided_at.is_(None)))
    await audit.write(session, actor, "count:read", "decision")
    return Decided(row.n, row.done) if row is not None else Decided(0, 0)


async def _to_post(session: StoreSession, actor: Actor, publication_id: int) -> tuple[Chat, PublicationLine]:
    """Return where a notice would be posted, and the notice, for somebody who may have it posted."""
    scope.require(actor, Permission.PUBLICATION_APPROVE)
    chat = await publication_places.of_township(session, actor.township_id)
    line = await get(session, actor, publication_id)
    if chat is None:
        raise NotFound
    return chat, line


async def _post(session: StoreSession, actor: Actor, publication_id: int) -> PublicationLine:
    line = await get(session, actor, publication_id)
    row = await session.row(select(_p.chat_id).where(_p.id == line.id))
    to = await outbox.member(session, actor.staff_id)
    chat_id = row.chat_id if row is not None else None
    await outbox.plan(session, to, POST, line.id, str(line.attempt), urgent=True, chat_id=chat_id)
    return line


def _said(session: StoreSession, actor: Actor, content: Content) -> dict[str, Any]:
    return {
        "state": PublicationState.SHOWN,
        "language": actor.language,
        "figures": dict(content.figures),
        "text": content.text,
        "picture": content.picture,
        "shown_at": session.now(),
    }


async def _change(session: StoreSession, line: PublicationLine, **values: Any) -> None:
    """Change a notice that is not approved, unless somebody else just did."""
    mine = (_p.id == line.id, _p.version == line.version, _p.state != PublicationState.APPROVED)
    await session.changed(update(table(Publication)).where(*mine).values(**values))


async def _step(session: StoreSession, line: PublicationLine, version: int, values: Mapping[str, Any]) -> bool:
    mine = (_p.id == line.id, _p.version == version, _p.state == PublicationState.SHOWN)
    return await session.changed(update(table(Publication)).where(*mine).values(**values)) == 1


def _of_attempt() -> Any:
    return and_(_o.kind == POST, _o.subject_id == _p.id, _o.occurrence == cast(_p.attempt, String))


def _select() -> Any:
    return select(table(Publication), _o.state.label("fate")).outerjoin(OutboxMessage, _of_attempt())


def _read(row: AnyRow) -> PublicationLine:
    return PublicationLine(
        row.id,
        row.month,
        row.edition,
        row.state,
        row.version,
        row.figures,
        frozenset(row.left_out),
        row.text,
        row.picture,
        row.title,
        row.attempt,
        row.decided_at,
        row.posted_at,
        row.fate,
    )
