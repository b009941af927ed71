"""Hand-overs of care: offered with the person's consent, accepted or declined by the other side, and ended.

The person stays where they are until the offer is accepted. What the sender keeps afterwards is the count; while
somebody is cared for elsewhere for a time, the home village also keeps the name, because the person stays theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, insert, select, true, update

from models.rules import handover as rules
from models.rules.access import Actor, Permission
from models.rules.consent import Purpose, needs_guardian
from models.rules.programmes.base import Programme
from models.store import _handovers, _moves, _people, audit, catalogues, consents, outbox, places, scope
from models.store._moves import Goal
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.places import PlaceRow
from models.tables.base import new_id, table
from models.tables.enrolments import Enrolment
from models.tables.handovers import Handover
from models.tables.handovers import HandoverKind as HandoverKind
from models.tables.handovers import HandoverState as HandoverState
from models.tables.places import PlaceKind


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be offered.

    Attributes:
        until: for a time: when the person means to be back, if known.
        agrees: the person has said yes to handing the record on just now; a guardian has, for a child.
        at_once: carry it out, for whoever reaches both villages.
    """

    kind: HandoverKind
    to_village_id: int
    until: date | None = None
    agrees: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a step.

    Attributes:
        answer_by: the last day on which the other side can answer.
        ended: the programmes that there are not at the new place, so that they ended.
    """

    id: int
    resident_id: int
    state: HandoverState
    kind: HandoverKind
    until: date | None
    answer_by: date
    from_village: str
    to_village: str
    ended: tuple[Programme, ...] = ()


@whole
async def offer(
    session: StoreSession, actor: Actor, resident_id: int, wanted: Wanted, draft_id: int | None = None
) -> Done:
    """Offer a person's care to another village. The same draft saved twice makes one offer.

    Raises:
        AccessDenied: the role hands nobody over.
        NotFound: the person is out of reach or not listed; the village is none.
        Conflict: `already_offered`; `cared_for_here`: the person is here for a time and goes back first.
        Refused: `same_village`, `back_before_today`, `no_handover_consent`, or `not_both_villages`: at once, but
            the actor does not reach both.
    """
    scope.require(actor, Permission.HANDOVER_OFFER)
    made = None if draft_id is None else await session.scalar(select(Handover.id).where(Handover.draft_id == draft_id))
    if made is not None:
        return await _done(session, actor, made)
    if wanted.at_once:
        await session.lock(actor.township_id)  # before the person, as everywhere else
    await _people.locked(session, actor, resident_id)
    person = await _moves.locked(session, resident_id)
    target = await _target(session, actor, person, wanted)
    await _may_offer(session, actor, person)
    await _need_consent(session, actor, person, agrees=wanted.agrees)
    handover_id = await _insert(session, actor, person, target, wanted, draft_id)
    await audit.write(session, actor, "handover:offer", "handover", handover_id, {"kind": wanted.kind.value})
    if wanted.at_once:
        return await _at_once(session, actor, handover_id, target)
    told = await _handovers.responsible(session, target.id, target.township_id)
    await outbox.plan(session, told, "handover.offered", handover_id)
    return await _done(session, actor, handover_id)


@whole
async def accept(session: StoreSession, actor: Actor, handover_id: int, group_id: int | None = None) -> Done:
    """Take a person over: programmes and consents come along, and what is due follows the new village at once.

    Raises:
        AccessDenied: the role takes nobody over.
        NotFound: it was not offered to where the actor works, or the group is of another village.
        Conflict: `offer_over`: answered, withdrawn or expired meanwhile, or the person consents no more.
    """
    row = await _find(session, actor, handover_id, _handovers.received(actor))
    if _is_mine(actor, row, HandoverState.ACCEPTED):
        return await _done(session, actor, handover_id)
    await _carry_out(session, actor, row, group_id)
    await _handovers.tell_offerer(session, row, HandoverState.ACCEPTED)
    return await _done(session, actor, handover_id)


@whole
async def decline(session: StoreSession, actor: Actor, handover_id: int) -> Done:
    """Decline an offer; no reason is asked, and the person stays where they are.

    Raises:
        AccessDenied, NotFound, Conflict: as in `accept`.
    """
    row = await _find(session, actor, handover_id, _handovers.received(actor))
    await _answer(session, actor, row, HandoverState.DECLINED)
    await _handovers.tell_offerer(session, row, HandoverState.DECLINED)
    return await _done(session, actor, handover_id)


@whole
async def withdraw(session: StoreSession, actor: Actor, handover_id: int) -> Done:
    """Take an offer back before it is answered.

    Raises:
        AccessDenied: the role hands nobody over.
        NotFound: it was not offered from where the actor works.
        Conflict: `offer_over`: it was answered or has expired.
    """
    row = await _find(session, actor, handover_id, _handovers.sent(actor))
    await _answer(session, actor, row, HandoverState.WITHDRAWN)
    return await _done(session, actor, handover_id)


@whole
async def end_stay(session: StoreSession, actor: Actor, handover_id: int) -> Done:
    """Say that somebody who was cared for elsewhere for a time is back: everything moves home again.

    Either side may say so, and the other one is told.

    Raises:
        AccessDenied: the role hands nobody over.
        NotFound: it concerns neither side of the actor's.
        Conflict: `offer_over`: it was never accepted, or the person is back already.
    """
    row = await _find(session, actor, handover_id, _handovers.received(actor) | _handovers.sent(actor))
    await _lock_households(session, row)
    person = await _moves.locked(session, row.resident_id)
    values = {"state": HandoverState.RETURNED, "returned_by": actor.staff_id, "returned_at": session.now()}
    ended = update(Handover).where(Handover.id == handover_id, _handovers.running()).values(**values)
    if await session.changed(ended) != 1:
        raise Conflict("offer_over")
    home = await places.get(session, row.from_village_id)
    goal = Goal(home, await catalogues.of(session, home.township_id))
    gone = await _moves.move_back(session, person, goal, row.before, scope.today(session, actor))
    await _moves.end_drafts(session, person, person.village_id, person.township_id)
    await _tell_return(session, actor, row)
    await audit.write(session, actor, "handover:return", "handover", handover_id)
    return await _done(session, actor, handover_id, gone)


async def expire(session: StoreSession) -> int:
    """End every offer that nobody answered in time and tell who made it; returns how many. For housekeeping."""
    return await _handovers.expire(session, true())


async def follow(session: StoreSession, actor: Actor) -> None:
    """End the offers within reach whose time is over, or that something has come in between.

    Lists call it for what they are about to read, so that they are right even where no housekeeping runs.
    """
    here = _handovers.received(actor) | _handovers.sent(actor)
    await _handovers.expire(session, here)
    await _handovers.lapse(session, here)


async def offered_count(session: StoreSession, actor: Actor) -> int:
    """Return how many offers wait for the actor's answer.

    Raises:
        AccessDenied: the role takes nobody over.
    """
    scope.require(actor, Permission.HANDOVER_OFFER)
    await follow(session, actor)
    waiting = _handovers.received(actor) & (Handover.state == HandoverState.OFFERED)
    return await _count(session, waiting)


async def due_back_count(session: StoreSession, actor: Actor) -> int:
    """Return how many people were expected back before today, from here or to here.

    Raises:
        AccessDenied: the role takes nobody over.
    """
    scope.require(actor, Permission.HANDOVER_OFFER)
    mine = _handovers.received(actor) | _handovers.sent(actor)
    return await _count(session, mine & _handovers.running() & (Handover.until < scope.today(session, actor)))


async def _count(session: StoreSession, where: ColumnElement[bool]) -> int:
    return int(await session.scalar(select(func.count()).select_from(Handover).where(where)))


async def _find(session: StoreSession, actor: Actor, handover_id: int, side: ColumnElement[bool]) -> AnyRow:
    scope.require(actor, Permission.HANDOVER_OFFER)
    row = await session.row(select(table(Handover)).where(Handover.id == handover_id, side))
    if row is None:
        raise NotFound
    return row


def _is_mine(actor: Actor, row: AnyRow, state: HandoverState) -> bool:
    """Return whether the actor has answered so before: a second tap does no more than the first."""
    return row.state is state and row.decided_by == actor.staff_id


async def _answer(session: StoreSession, actor: Actor, row: AnyRow, state: HandoverState) -> None:
    """Lock the person and answer the offer.

    Raises:
        Conflict: `offer_over`.
    """
    if _is_mine(actor, row, state):
        return
    await _moves.locked(session, row.resident_id)
    if not await _handovers.decide(session, actor, row.id, state):
        raise Conflict("offer_over")
    await audit.write(session, actor, f"handover:{state.value}", "handover", row.id)


async def _lock_households(session: StoreSession, row: AnyRow) -> None:
    """Let one change of households happen at a time in both townships, or two could wait for each other."""
    for township_id in sorted({row.from_township_id, row.to_township_id}):
        await session.lock(township_id)


async def _carry_out(session: StoreSession, actor: Actor, row: AnyRow, group_id: int | None) -> None:
    await _lock_households(session, row)
    person = await _moves.locked(session, row.resident_id)
    village = await places.get(session, row.to_village_id)
    if group_id is not None and (await places.get(session, group_id)).parent_id != village.id:
        raise NotFound
    await _answer(session, actor, row, HandoverState.ACCEPTED)
    home_id = row.from_village_id if row.kind is HandoverKind.TEMPORARY else None
    offered = await catalogues.of(session, village.township_id)
    goal = Goal(village, offered, group_id, home_id=home_id)
    before = await _moves.move(session, person, goal, scope.today(session, actor))
    await session.execute(update(Handover).where(Handover.id == row.id).values(before=before))
    await _moves.end_drafts(session, person, person.village_id, person.township_id)


async def _at_once(session: StoreSession, actor: Actor, handover_id: int, target: PlaceRow) -> Done:
    row = await _find(session, actor, handover_id, _handovers.received(actor) & _handovers.sent(actor))
    await _carry_out(session, actor, row, None)
    told = await outbox.managers_of(session, row.from_village_id) + await outbox.managers_of(session, target.id)
    await outbox.plan(session, told, "handover.moved", handover_id)
    return await _done(session, actor, handover_id)


async def _target(session: StoreSession, actor: Actor, person: AnyRow, wanted: Wanted) -> PlaceRow:
    target = await places.get(session, wanted.to_village_id)
    if target.kind != PlaceKind.VILLAGE:
        raise NotFound
    if target.id == person.village_id:
        raise Refused("same_village")
    if wanted.at_once and (actor.village_id is not None or target.township_id != actor.township_id):
        raise Refused("not_both_villages")
    if wanted.until is not None and wanted.until <= scope.today(session, actor):
        raise Refused("back_before_today")
    return target


async def _may_offer(session: StoreSession, actor: Actor, person: AnyRow) -> None:
    if person.home_village_id is not None:
        raise Conflict("cared_for_here")
    of_person = Handover.resident_id == person.id
    await _handovers.expire(session, of_person)
    await _handovers.lapse(session, of_person)
    if await _count(session, of_person & (Handover.state == HandoverState.OFFERED)):
        raise Conflict("already_offered")


async def _need_consent(session: StoreSession, actor: Actor, person: AnyRow, *, agrees: bool) -> None:
    if Purpose.HANDOVER in await _people.consents(session, person.id):
        return
    if not agrees:
        raise Refused("no_handover_consent")
    is_child = needs_guardian(person.birth_date, scope.today(session, actor))
    await consents.give(session, actor, person.id, [Purpose.HANDOVER], guardian=is_child)


async def _insert(
    session: StoreSession, actor: Actor, person: AnyRow, target: PlaceRow, wanted: Wanted, draft_id: int | None
) -> int:
    handover_id = new_id()
    values = {
        "id": handover_id,
        "resident_id": person.id,
        "kind": wanted.kind,
        "from_township_id": person.township_id,
        "from_village_id": person.village_id,
        "to_township_id": target.township_id,
        "to_village_id": target.id,
        "until": wanted.until if wanted.kind is HandoverKind.TEMPORARY else None,
        "offered_by": actor.staff_id,
        "offered_at": session.now(),
        "deadline": rules.deadline(session.now(), ZoneInfo(target.zone)),
        "draft_id": draft_id,
    }
    await session.execute(insert(Handover), values)
    return handover_id


async def _tell_return(session: StoreSession, actor: Actor, row: AnyRow) -> None:
    """Tell both sides but whoever said so."""
    told = await _handovers.responsible(session, row.from_village_id, row.from_township_id)
    told += await _handovers.responsible(session, row.to_village_id, row.to_township_id)
    others = [each for each in told if each.staff_id != actor.staff_id]
    await outbox.plan(session, others, "handover.returned", row.id)


async def _done(session: StoreSession, actor: Actor, handover_id: int, ended: Collection[int] | None = None) -> Done:
    """Return what came of a step; `ended` are enrolments, those that accepting ended if not said."""
    row = await _find(session, actor, handover_id, _handovers.received(actor) | _handovers.sent(actor))
    left = await catalogues.of(session, row.from_township_id if ended is None else row.to_township_id)
    seen = [programme.code for programme in left.visible_to(actor.role)]
    ids = row.before.get("ended", ()) if ended is None else ended
    codes = select(Enrolment.programme).where(Enrolment.id.in_(ids))
    named = await session.rows(codes.where(Enrolment.programme.in_(seen)).order_by(Enrolment.id))
    target = await places.get(session, row.to_village_id)
    return Done(
        row.id,
        row.resident_id,
        row.state,
        row.kind,
        row.until,
        rules.answer_by(row.deadline, ZoneInfo(target.zone)),
        (await places.get(session, row.from_village_id)).name,
        target.name,
        tuple(left[each.programme] for each in named),
    )
