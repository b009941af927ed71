"""Appeals against final scorecards: made by the village, decided by the clinic or the deputy, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update

from models.rules import appeals as rules
from models.rules import scorecards as card_rules
from models.rules.access import AccessDenied, Actor, Permission, Role
from models.rules.appeals import AppealedPart, AppealState, Effect
from models.rules.clock import local_day
from models.rules.periods import Period, month_of
from models.store import _scorecards, audit, outbox, scope
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.places import Place
from models.tables.scorecards import Appeal, Scorecard

ASKED, DECIDED = "appeal.asked", "appeal.decided"
TEXT, REASON = Cell("appeals", "text_sealed"), Cell("appeals", "reason_sealed")
KEPT = timedelta(days=3 * 365)
"""So long after its decision an appeal's words are kept (convention)."""
SHOWN = 12
"""So many appeals are listed, those that wait first."""


@dataclass(frozen=True, slots=True)
class StoredAppeal:
    """An appeal.

    Attributes:
        text: why, in the village's words; `reason`: why it was decided so; `None` when they are kept no longer.
        effect: what an accepted one did.
        decided_on: `None` while it waits.
    """

    id: int
    village_id: int
    village: str
    month: Period
    part: AppealedPart
    text: str | None
    state: AppealState
    asked_by: int
    asked_on: date
    effect: Effect | None
    reason: str | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision: what it does to the card, or `None`: it is refused; and why."""

    effect: Effect | None
    reason: str


@whole
async def make(
    session: StoreSession, actor: Actor, month: Period, part: AppealedPart, text: str, draft_id: int
) -> StoredAppeal:
    """Appeal against the card of the actor's village, and tell clinic and deputy; the same draft appeals once.

    Raises:
        AccessDenied: the actor manages no village.
        NotFound: there is no such card.
        Conflict: `appeal_late`; `appeal_made`: there is one about the same already.
    """
    scope.require(actor, Permission.APPEAL_MAKE)
    village_id = actor.village_id or 0
    await session.lock(village_id)
    mine = await session.scalar(select(Appeal.id).where(Appeal.draft_id == draft_id))
    if mine is not None:
        return await get(session, actor, mine)
    await _need_time(session, actor, village_id, month)
    same = (Appeal.village_id == village_id, Appeal.month == month.first, Appeal.part == part)
    if await session.row(select(Appeal.id).where(*same)) is not None:
        raise Conflict("appeal_made")
    appeal_id = new_id()
    values = {
        "id": appeal_id,
        "township_id": actor.township_id,
        "village_id": village_id,
        "month": month.first,
        "part": part,
        "text_sealed": session.vault.seal_text(TEXT, appeal_id, text),
        "state": AppealState.ASKED,
        "asked_by": actor.staff_id,
        "asked_at": session.now(),
        "draft_id": draft_id,
    }
    await session.execute(insert(Appeal), values)
    for role in (Role.CLINIC, Role.DEPUTY):
        await outbox.plan(session, await outbox.of_role(session, actor.township_id, role), ASKED, appeal_id)
    await audit.write(session, actor, "appeal:make", "appeal", appeal_id, {"part": part.value, "month": month.code})
    return await get(session, actor, appeal_id)


@whole
async def withdraw(session: StoreSession, actor: Actor, appeal_id: int) -> StoredAppeal:
    """Take an appeal back while it waits; nothing of it is kept. Returns what it was.

    Raises:
        AccessDenied: the actor manages no village.
        NotFound: there is none, or it is another village's.
        Conflict: `appeal_decided`.
    """
    scope.require(actor, Permission.APPEAL_MAKE)
    found = await get(session, actor, appeal_id)
    waits = (Appeal.id == appeal_id, Appeal.state == AppealState.ASKED)
    if await session.changed(delete(Appeal).where(*waits)) != 1:
        raise Conflict("appeal_decided")
    await audit.write(session, actor, "appeal:withdraw", "appeal", appeal_id)
    return found


async def get(session: StoreSession, actor: Actor, appeal_id: int) -> StoredAppeal:
    """Return an appeal, decided or not, for the village and for those who decide.

    Raises:
        AccessDenied: the role has nothing to do with appeals.
        NotFound: out of reach.
    """
    row = await session.row(_select(actor).where(Appeal.id == appeal_id))
    if row is None:
        raise NotFound
    await audit.write(session, actor, "appeal:read", "appeal", appeal_id)
    return _stored(session, actor, row)


async def listed(session: StoreSession, actor: Actor) -> list[StoredAppeal]:
    """Return the appeals within reach, those that wait first, the oldest of them first.

    Raises:
        AccessDenied: as in `get`.
    """
    waits = Appeal.state == AppealState.ASKED
    statement = _select(actor).order_by(waits.desc(), Appeal.decided_at.desc(), Appeal.asked_at, Appeal.id)
    rows = await session.rows(statement.limit(SHOWN))
    await audit.write(session, actor, "appeal:read", "appeal", None, {"count": len(rows)})
    return [_stored(session, actor, row) for row in rows]


async def of_card(session: StoreSession, actor: Actor, village_id: int, month: Period) -> list[StoredAppeal]:
    """Return the appeals against a card.

    Raises:
        AccessDenied: as in `get`.
    """
    here = (Appeal.village_id == village_id, Appeal.month == month.first)
    rows = await session.rows(_select(actor).where(*here).order_by(Appeal.asked_at, Appeal.id))
    return [_stored(session, actor, row) for row in rows]


async def waiting(session: StoreSession, actor: Actor) -> int:
    """Return how many appeals wait for the actor's decision; 0 for a role that decides none."""
    if not actor.may(Permission.APPEAL_DECIDE):
        return 0
    here = (scope.reach(actor, Appeal), Appeal.state == AppealState.ASKED)
    return int(await session.scalar(select(func.count()).select_from(Appeal).where(*here)))


@whole
async def decide(
    session: StoreSession, actor: Actor, appeal_id: int, ruling: Ruling, draft_id: int, today: date
) -> StoredAppeal:
    """Decide an appeal, count the card anew where that follows, and tell the village.

    The same draft decides once, and of two who decide at once the first one does.

    Raises:
        AccessDenied: the actor is neither clinic nor deputy.
        NotFound: out of reach.
        Conflict: `appeal_decided`.
        Refused: `appeal_effect`: it can't do that to what it is about.
    """
    scope.require(actor, Permission.APPEAL_DECIDE)
    found = await get(session, actor, appeal_id)
    if ruling.effect is not None and ruling.effect not in rules.effects(found.part):
        raise Refused("appeal_effect")
    await session.lock(found.village_id)
    one = update(Appeal).where(Appeal.id == appeal_id, Appeal.state == AppealState.ASKED)
    if await session.changed(one.values(**_decision(session, actor, appeal_id, ruling, draft_id))) != 1:
        await _need_same(session, appeal_id, draft_id)
        return await get(session, actor, appeal_id)
    if ruling.effect is not None:
        await _recompute(session, actor, found, ruling.effect, today)
    await outbox.plan(session, await outbox.managers_of(session, found.village_id), DECIDED, appeal_id)
    details = {"effect": ruling.effect.value if ruling.effect else None}
    await audit.write(session, actor, "appeal:decide", "appeal", appeal_id, details)
    return await get(session, actor, appeal_id)


async def until(session: StoreSession, actor: Actor, village_id: int, month: Period) -> date | None:
    """Return the last day on which a card can be appealed against; `None`: it is not final."""
    here = (scope.reach(actor, Scorecard), Scorecard.village_id == village_id, Scorecard.month == month.first)
    first = select(Scorecard.settled_at).where(*here, Scorecard.version == _scorecards.FIRST)
    settled_at: datetime | None = await session.scalar(first)
    return None if settled_at is None else card_rules.appeal_until(local_day(settled_at, ZoneInfo(actor.zone)))


async def prune(session: StoreSession, now: datetime) -> int:
    """Delete the words of appeals decided long ago; returns of how many. What came of them stays."""
    old = update(Appeal).where(Appeal.decided_at < now - KEPT, Appeal.text_sealed.is_not(None))
    return await session.changed(old.values(text_sealed=None, reason_sealed=None))


async def _need_time(session: StoreSession, actor: Actor, village_id: int, month: Period) -> None:
    last = await until(session, actor, village_id, month)
    if last is None:
        raise NotFound
    if scope.today(session, actor) > last:
        raise Conflict("appeal_late")


async def _need_same(session: StoreSession, appeal_id: int, draft_id: int) -> None:
    by = await session.scalar(select(Appeal.decision_draft_id).where(Appeal.id == appeal_id))
    if by != draft_id:
        raise Conflict("appeal_decided")


async def _recompute(session: StoreSession, actor: Actor, found: StoredAppeal, effect: Effect, today: date) -> None:
    here = (Scorecard.village_id == found.village_id, Scorecard.month == found.month.first)
    row = await session.row(select(Scorecard.__table__).where(*here).order_by(Scorecard.version.desc()).limit(1))
    if row is None:
        raise NotFound
    await _scorecards.again(session, actor, row, today, found.id, out=rules.taken_out(found.part, effect))


def _decision(session: StoreSession, actor: Actor, appeal_id: int, ruling: Ruling, draft_id: int) -> dict[str, Any]:
    return {
        "state": AppealState.REFUSED if ruling.effect is None else AppealState.ACCEPTED,
        "effect": ruling.effect,
        "reason_sealed": session.vault.seal_text(REASON, appeal_id, ruling.reason),
        "decided_by": actor.staff_id,
        "decided_at": session.now(),
        "decision_draft_id": draft_id,
    }


def _select(actor: Actor) -> Select[*tuple[Any, ...]]:
    statement = select(Appeal.__table__, Place.name.label("village")).join(Place, Place.id == Appeal.village_id)
    return statement.where(_reach(actor))


def _reach(actor: Actor) -> ColumnElement[bool]:
    if not (actor.may(Permission.APPEAL_DECIDE) or actor.may(Permission.APPEAL_MAKE)):
        raise AccessDenied(Permission.APPEAL_DECIDE)
    return scope.reach(actor, Appeal)


def _stored(session: StoreSession, actor: Actor, row: AnyRow) -> StoredAppeal:
    zone = ZoneInfo(actor.zone)
    return StoredAppeal(
        row.id,
        row.village_id,
        row.village,
        month_of(row.month),
        row.part,
        session.vault.open_text(TEXT, row.id, row.text_sealed),
        row.state,
        row.asked_by,
        local_day(row.asked_at, zone),
        row.effect,
        session.vault.open_text(REASON, row.id, row.reason_sealed),
        None if row.decided_at is None else local_day(row.decided_at, zone),
    )
