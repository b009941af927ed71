"""The complaint desk: complaints are taken, answered, and read again by whoever has the code.

A row says nothing of who complained, and nothing beside it does: what a resident files is neither audited nor told
to anybody at that moment, because a moment would tell whose message it was. Who answers hears of it in the morning.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, false, func, insert, or_, select, update

from models.rules import complaints as rules
from models.rules.access import Actor, Permission, Role
from models.rules.complaints import Channel, ComplaintKind, ComplaintOutcome, Concern
from models.rules.periods import Period
from models.store import audit, codes, scope
from models.store._records import UNDO_WITHIN
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound
from models.store.indicators import _months
from models.store.vault import Cell
from models.tables.complaints import Complaint
from models.tables.places import Place

TEXT, ANSWER = Cell("complaints", "text_sealed"), Cell("complaints", "answer_sealed")
KEPT = timedelta(days=180)
"""So long after the answer what was written can be read; then only what is counted is left (convention)."""
_PURPOSE = "complaint"
_ID_BITS = 62


@dataclass(frozen=True, slots=True)
class Written:
    """A complaint as it is written.

    Attributes:
        concern: whose work it is about.
        village_id: the village, if it is about one.
    """

    kind: ComplaintKind
    text: str
    concern: Concern = Concern.UNSAID
    village_id: int | None = None
    channel: Channel = Channel.BOT


@dataclass(frozen=True, slots=True)
class Filed:
    """A complaint that was just taken; the code is shown this once and can't be read again."""

    code: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and what was found."""

    outcome: ComplaintOutcome
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a complaint stands, as whoever has its code reads it. What was written in it is not told again.

    Attributes:
        may_take_back: it came in today and waits.
    """

    kind: ComplaintKind
    received_on: date
    due_on: date
    answered_on: date | None
    answer: Answer | None
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class StoredComplaint:
    """A complaint as whoever answers it sees it.

    Attributes:
        village: the village that it is about, if it is about one.
        text: what was written; `None` in a list.
    """

    id: int
    kind: ComplaintKind
    concern: Concern
    channel: Channel
    village: str | None
    received_on: date
    due_on: date
    text: str | None
    answered_on: date | None
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """A page of a list of `total`."""

    total: int
    lines: tuple[StoredComplaint, ...]


@whole
async def file(session: StoreSession, actor: Actor, written: Written) -> Filed:
    """Store a complaint and return its code.

    Of what a resident files nothing else is written. What a member of staff writes down for somebody is audited.

    Raises:
        AccessDenied: the actor may file none this way.
        NotFound: the village is not of this township.
    """
    by_bot = written.channel is Channel.BOT
    scope.require(actor, Permission.COMPLAINT_FILE if by_bot else Permission.COMPLAINT_ENTER)
    await _need_village(session, actor, written.village_id)
    code, complaint_id, today = codes.fresh(), secrets.randbits(_ID_BITS), scope.today(session, actor)
    due_on = rules.due_on(written.kind, today)
    values = {
        "id": complaint_id,
        "code_hash": session.vault.keyring.sign(_PURPOSE, codes.normal(code)),
        "township_id": actor.township_id,
        "village_id": written.village_id,
        "kind": written.kind,
        "concern": written.concern,
        "channel": written.channel,
        "handler": rules.handler(written.kind, written.concern),
        "received_on": today,
        "due_on": due_on,
        "text_sealed": session.vault.seal_text(TEXT, complaint_id, written.text),
        "entered_by": None if by_bot else actor.staff_id,
    }
    await session.execute(insert(Complaint), values)
    if not by_bot:
        details = {"kind": written.kind.value, "channel": written.channel.value}
        await audit.write(session, actor, "complaint:enter", "complaint", complaint_id, details)
    return Filed(code, due_on)


async def by_code(session: StoreSession, code: str, today: date) -> Standing | None:
    """Return how the complaint with this code stands, to whoever has the code; `None`: there is none."""
    row = await _by_code(session, code)
    if row is None:
        return None
    waits = row.answered_on is None
    return Standing(
        row.kind,
        row.received_on,
        row.due_on,
        row.answered_on,
        _answer(session, row),
        waits and row.received_on == today,
    )


@whole
async def take_back(session: StoreSession, code: str, today: date) -> None:
    """Delete a complaint, by whoever has its code, on the day on which it came in.

    Raises:
        NotFound: there is none with this code.
        Conflict: `complaint_answered`, `complaint_old`: it came in before today.
    """
    row = await _by_code(session, code)
    if row is None:
        raise NotFound
    if row.answered_on is not None:
        raise Conflict("complaint_answered")
    if row.received_on != today:
        raise Conflict("complaint_old")
    await session.execute(delete(Complaint).where(Complaint.id == row.id))


async def list_mine(
    session: StoreSession, actor: Actor, today: date, *, answered: bool = False, limit: int = 5, offset: int = 0
) -> ComplaintPage:
    """Return the complaints that the actor answers, what is due first; or those answered, the last one first.

    Raises:
        AccessDenied: the actor answers none.
    """
    scope.require(actor, Permission.COMPLAINT_ANSWER)
    here = and_(_is_mine(actor, today), Complaint.answered_on.is_not(None) if answered else _WAITS)
    total = int(await session.scalar(select(func.count()).select_from(Complaint).where(here)))
    order = Complaint.answered_on.desc() if answered else Complaint.due_on
    rows = await session.rows(_select().where(here).order_by(order, Complaint.id).limit(limit).offset(offset))
    await audit.write(session, actor, "complaint:read", "complaint", None, {"count": len(rows)})
    return ComplaintPage(total, tuple(_stored(session, row, is_open=False) for row in rows))


async def waiting(session: StoreSession, actor: Actor, today: date) -> tuple[int, int]:
    """Return how many complaints wait for the actor's answer, and how many of these are overdue.

    Raises:
        AccessDenied: the actor answers none.
    """
    scope.require(actor, Permission.COMPLAINT_ANSWER)
    many = (func.count(), func.count().filter(Complaint.due_on < today))
    row = await session.row(select(*many).select_from(Complaint).where(_is_mine(actor, today), _WAITS))
    return (row[0], row[1]) if row is not None else (0, 0)


async def get(session: StoreSession, actor: Actor, complaint_id: int) -> StoredComplaint:
    """Return a complaint with what was written.

    Raises:
        AccessDenied: the actor answers none.
        NotFound: it is not the actor's to answer.
    """
    row = await _mine(session, actor, complaint_id)
    await audit.write(session, actor, "complaint:read", "complaint", complaint_id)
    return _stored(session, row)


@whole
async def answer(
    session: StoreSession, actor: Actor, complaint_id: int, given: Answer, draft_id: int | None = None
) -> StoredComplaint:
    """Answer a complaint; the same draft saved twice answers once.

    Raises:
        AccessDenied, NotFound: as in `get`.
        Conflict: `complaint_answered`.
    """
    row = await _mine(session, actor, complaint_id, locked=True)
    if draft_id is not None and row.answer_draft_id == draft_id:
        return _stored(session, row)
    if row.answered_on is not None:
        raise Conflict("complaint_answered")
    sealed = session.vault.seal_text(ANSWER, complaint_id, given.text)
    at, on = session.now(), scope.today(session, actor)
    values = {"answered_on": on, "answered_at": at, "answered_by": actor.staff_id, "answer_draft_id": draft_id}
    await _change(session, complaint_id, {**values, "answer_sealed": sealed, "outcome": given.outcome})
    await audit.write(session, actor, "complaint:answer", "complaint", complaint_id, {"outcome": given.outcome.value})
    return _stored(session, await _mine(session, actor, complaint_id))


@whole
async def undo_answer(session: StoreSession, actor: Actor, complaint_id: int) -> StoredComplaint:
    """Take an answer back within ten minutes, by the one who gave it. Twice does no more than once.

    Raises:
        AccessDenied, NotFound: as in `get`.
        Conflict: `not_yours`, `too_late`.
    """
    row = await _mine(session, actor, complaint_id, locked=True)
    if row.answered_on is not None:
        if row.answered_by != actor.staff_id:
            raise Conflict("not_yours")
        if session.now() - row.answered_at > UNDO_WITHIN:
            raise Conflict("too_late")
        fields = ("answered_on", "answered_at", "answered_by", "answer_draft_id", "answer_sealed", "outcome")
        await _change(session, complaint_id, dict.fromkeys(fields))
        await audit.write(session, actor, "complaint:undo", "complaint", complaint_id)
    return _stored(session, await _mine(session, actor, complaint_id))


async def confirmed(session: StoreSession, actor: Actor, months: Sequence[Period]) -> frozenset[tuple[int, Period]]:
    """Return in which villages, and in which of some consecutive months, a breach was confirmed: that, not how many.

    A breach is coercion or a leak of something private; its month is that of the answer.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    month = _months.month_column(Complaint.answered_on, months)
    statement = select(Complaint.village_id, month).where(
        scope.reach(actor, Complaint),
        _months.within(Complaint.answered_on, months),
        Complaint.kind.in_(rules.BREACHES),
        Complaint.outcome == ComplaintOutcome.CONFIRMED,
        Complaint.village_id.is_not(None),
    )
    await audit.write(session, actor, "count:read", "complaint", None, {"months": len(months)})
    return frozenset((row.village_id, months[row.month]) for row in await session.rows(statement.distinct()))


async def prune(session: StoreSession, today: date) -> int:
    """Delete what was written, and the codes, of complaints answered long ago; returns of how many."""
    old = update(Complaint).where(Complaint.answered_on < today - KEPT, Complaint.text_sealed.is_not(None))
    return await session.changed(old.values(text_sealed=None, answer_sealed=None, code_hash=None))


_WAITS = Complaint.answered_on.is_(None)


def _is_mine(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the condition that a complaint is the actor's to answer. What is overdue climbs to the deputy."""
    here = Complaint.township_id == actor.township_id
    if actor.role is Role.CLINIC:
        return and_(here, Complaint.handler == Role.CLINIC)
    if actor.role is Role.DEPUTY:
        late = Complaint.due_on < func.coalesce(Complaint.answered_on, today)
        return and_(here, or_(Complaint.handler == Role.DEPUTY, late))
    return false()


def _select() -> Select[*tuple[Any, ...]]:
    statement = select(Complaint.__table__, Place.name.label("village"))
    return statement.outerjoin(Place, Place.id == Complaint.village_id)


async def _mine(session: StoreSession, actor: Actor, complaint_id: int, *, locked: bool = False) -> AnyRow:
    scope.require(actor, Permission.COMPLAINT_ANSWER)
    statement = _select().where(Complaint.id == complaint_id, _is_mine(actor, scope.today(session, actor)))
    row = await session.row(statement.with_for_update(of=Complaint) if locked and session.is_postgres else statement)
    if row is None:
        raise NotFound
    return row


async def _change(session: StoreSession, complaint_id: int, values: Mapping[str, Any]) -> None:
    await session.execute(update(Complaint).where(Complaint.id == complaint_id).values(**values))


async def _by_code(session: StoreSession, code: str) -> AnyRow | None:
    hashes = session.vault.keyring.signatures(_PURPOSE, codes.normal(code))
    return await session.row(select(Complaint.__table__).where(Complaint.code_hash.in_(hashes)))


async def _need_village(session: StoreSession, actor: Actor, village_id: int | None) -> None:
    if village_id is not None:
        await scope.village(session, actor, village_id)


def _answer(session: StoreSession, row: AnyRow) -> Answer | None:
    text = session.vault.open_text(ANSWER, row.id, row.answer_sealed)
    return None if text is None or row.outcome is None else Answer(row.outcome, text)


def _stored(session: StoreSession, row: AnyRow, *, is_open: bool = True) -> StoredComplaint:
    return StoredComplaint(
        row.id,
        row.kind,
        row.concern,
        row.channel,
        row.village,
        row.received_on,
        row.due_on,
        session.vault.open_text(TEXT, row.id, row.text_sealed) if is_open else None,
        row.answered_on,
        _answer(session, row),
    )
