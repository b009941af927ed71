"""What each side may read of a hand-over: as little as it takes to answer, and to bring somebody home again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from models.rules import handover as rules
from models.rules.access import Actor, Permission
from models.rules.clock import local_day
from models.rules.programmes.base import Family
from models.rules.sex import Sex
from models.store import _handovers, audit, handovers, persons, places, scope
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.places import PlaceRow
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.handovers import Handover, HandoverKind, HandoverState
from models.tables.places import Place, PlaceKind
from models.tables.residents import Resident, ResidentStatus

REMEMBERED = timedelta(days=90)
"""So long what is over stays in the list (convention)."""
MOST = 30
"""Lines of what is over that a list shows."""

_from, _to = aliased(Place), aliased(Place)


@dataclass(frozen=True, slots=True)
class Who:
    """Enough to know whom an offer is about."""

    name: str
    sex: Sex
    birth_year: int | None


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A hand-over as the actor's side may see it.

    Attributes:
        is_sent, is_received: the side or sides of the actor's: the clinic may stand on both.
        who: `None` where only the count is left.
        families: groups of programmes that the person is in and the actor's role may know of; before an offer is
            answered only.
        answer_by: the last day on which it can be answered.
        on: the day on which it was decided or ended.
        due_back: the person was expected back before today.
    """

    id: int
    resident_id: int
    kind: HandoverKind
    state: HandoverState
    is_sent: bool
    is_received: bool
    who: Who | None
    from_village: str
    to_village: str
    to_village_id: int
    until: date | None
    answer_by: date
    on: date | None
    due_back: bool
    families: tuple[Family, ...] = ()


async def overview(session: StoreSession, actor: Actor) -> list[HandoverLine]:
    """Return the open hand-overs of both sides and those of late, the newest first.

    Raises:
        AccessDenied: the role hands nobody over.
    """
    scope.require(actor, Permission.HANDOVER_OFFER)
    await handovers.follow(session, actor)
    here = _handovers.received(actor) | _handovers.sent(actor)
    is_open = (Handover.state == HandoverState.OFFERED) | _handovers.running()
    late = Handover.offered_at > session.now() - REMEMBERED
    current = await session.rows(_select().where(here, is_open).order_by(Handover.offered_at.desc(), Handover.id))
    over = _select().where(here, late, ~is_open).order_by(Handover.offered_at.desc(), Handover.id).limit(MOST)
    lines = [await _line(session, actor, row) for row in (*current, *await session.rows(over))]
    await audit.write(session, actor, "person:read", "handover", None, {"count": sum(1 for line in lines if line.who)})
    return lines


async def get(session: StoreSession, actor: Actor, handover_id: int) -> HandoverLine:
    """Return one hand-over.

    Raises:
        AccessDenied: the role hands nobody over.
        NotFound: it concerns neither side of the actor's.
    """
    scope.require(actor, Permission.HANDOVER_OFFER)
    await handovers.follow(session, actor)
    here = _handovers.received(actor) | _handovers.sent(actor)
    row = await session.row(_select().where(Handover.id == handover_id, here))
    if row is None:
        raise NotFound
    await audit.write(session, actor, "person:read", "handover", handover_id)
    return await _line(session, actor, row)


async def of_person(session: StoreSession, actor: Actor, resident_id: int) -> HandoverLine | None:
    """Return the open offer about a person within reach, or the stay that the person is here for.

    Raises:
        AccessDenied: the role reads no persons.
    """
    scope.require(actor, Permission.PERSON_READ)
    await handovers.follow(session, actor)
    is_open = (Handover.state == HandoverState.OFFERED) | _handovers.running()
    about = (Handover.resident_id == resident_id, is_open, scope.of_reachable(actor, Handover))
    row = await session.row(_select().where(*about).order_by(Handover.offered_at.desc()))
    return None if row is None else await _line(session, actor, row)


async def townships(session: StoreSession, actor: Actor) -> list[PlaceRow]:
    """Return the townships to which a person can be handed over, the actor's own first; demo and real don't mix."""
    own = await places.get(session, actor.township_id)
    is_demo = select(Place.is_demo).where(Place.id == own.id).scalar_subquery()
    alike = select(Place.id).where(Place.kind == PlaceKind.TOWNSHIP, Place.is_demo == is_demo)
    ids = {row.id for row in await session.rows(alike)}
    return [own, *(each for each in await places.townships(session) if each.id in ids and each.id != own.id)]


def _select() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Handover.id,
            Handover.resident_id,
            Handover.kind,
            Handover.state,
            Handover.until,
            Handover.deadline,
            Handover.decided_at,
            Handover.returned_at,
            Handover.from_township_id,
            Handover.from_village_id,
            Handover.to_township_id,
            Handover.to_village_id,
            _from.name.label("from_name"),
            _to.name.label("to_name"),
            Resident.name_sealed,
            Resident.sex,
            Resident.birth_date,
            Resident.village_id,
            Resident.restricted,
            Resident.status,
        )
        .join(Resident, Resident.id == Handover.resident_id)
        .join(_from, _from.id == Handover.from_village_id)
        .join(_to, _to.id == Handover.to_village_id)
    )


async def _line(session: StoreSession, actor: Actor, row: AnyRow) -> HandoverLine:
    zone = ZoneInfo(actor.zone)
    is_received = _is_side(actor, row.to_township_id, row.to_village_id)
    asked = is_received and row.state is HandoverState.OFFERED
    over = row.returned_at or row.decided_at
    is_away = row.state is HandoverState.ACCEPTED and row.kind is HandoverKind.TEMPORARY
    return HandoverLine(
        row.id,
        row.resident_id,
        row.kind,
        row.state,
        _is_side(actor, row.from_township_id, row.from_village_id),
        is_received,
        _who(session, actor, row),
        row.from_name,
        row.to_name,
        row.to_village_id,
        row.until,
        rules.answer_by(row.deadline, zone),
        local_day(over, zone) if over else None,
        is_away and rules.is_due_back(row.until, scope.today(session, actor)),
        await _families(session, actor, row.resident_id) if asked else (),
    )


def _is_side(actor: Actor, township_id: int, village_id: int) -> bool:
    return township_id == actor.township_id and actor.village_id in (None, village_id)


def _who(session: StoreSession, actor: Actor, row: AnyRow) -> Who | None:
    """Return whom it is about, where that is still the actor's to know.

    An offer shows both sides; a stay both; what is over shows nobody but the offerer whose person it still is.
    """
    is_open = row.state is HandoverState.OFFERED
    is_stay = row.state is HandoverState.ACCEPTED and row.kind is HandoverKind.TEMPORARY
    stayed = row.state in (HandoverState.DECLINED, HandoverState.EXPIRED)
    is_theirs = stayed and _is_side(actor, row.from_township_id, row.from_village_id)
    is_theirs = is_theirs and row.village_id == row.from_village_id
    is_listed = not row.restricted and row.status in (ResidentStatus.PRESENT, ResidentStatus.AWAY)
    if not is_listed or not (is_open or is_stay or is_theirs):
        return None
    name = session.vault.open_text(persons.NAME, row.resident_id, row.name_sealed)
    return Who(name or "", row.sex, row.birth_date.year if row.birth_date else None)


async def _families(session: StoreSession, actor: Actor, resident_id: int) -> tuple[Family, ...]:
    statement = select(Enrolment.programme).where(
        Enrolment.resident_id == resident_id,
        Enrolment.state == EnrolmentState.ACTIVE,
        Enrolment.programme.in_(scope.visible(actor)),
    )
    codes = {row.programme for row in await session.rows(statement)}
    found = {actor.catalogue[code].family for code in codes}
    return tuple(family for family in Family if family in found)
