"""Scope: what an actor can reach, as a condition of the SELECT, so that no check can be forgotten after it."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false
from sqlalchemy.orm import aliased

from models.rules.access import AccessDenied, Actor, Permission, Role
from models.rules.clock import local_day
from models.store import places
from models.store.database import StoreSession
from models.store.errors import NotFound
from models.store.places import PlaceRow
from models.tables.places import PlaceKind
from models.tables.residents import Resident, ResidentStatus

_who = aliased(Resident)


def reach(actor: Actor, model: Any) -> ColumnElement[bool]:
    """Return the condition that rows of `model` lie where the actor works.

    A manager reaches one village; one without a village reaches nothing. A resident reaches nobody this way: what is
    their own, `own` finds.
    """
    if actor.role is Role.RESIDENT:
        return false()
    in_township: ColumnElement[bool] = model.township_id == actor.township_id
    if actor.role is Role.MANAGER or actor.village_id is not None:
        return and_(in_township, model.village_id == (actor.village_id or 0))
    return in_township


def of_reachable(actor: Actor, model: Any) -> ColumnElement[bool]:
    """Return the condition that rows of `model` are about a resident within the actor's reach.

    A record keeps the village where it was made, for counting; who may read it follows the person.
    """
    return exists().where(_who.id == model.resident_id, reach(actor, _who))


def listed(model: Any = Resident, *, gone: bool = False) -> ColumnElement[bool]:
    """Return the condition that a resident is shown in lists: lives, lives here, and is not restricted.

    A row that was merged into another one is never listed.

    With `gone` also those who moved or died: what was reported of them may have to be corrected. `model` is
    `Resident` or an alias of it.
    """
    here = (ResidentStatus.PRESENT, ResidentStatus.AWAY)
    one = and_(model.restricted.is_(False), model.merged_into.is_(None))
    return one if gone else and_(one, model.status.in_(here))


def require(actor: Actor, permission: Permission) -> None:
    """Raise `AccessDenied` when the actor's role lacks `permission`."""
    if not actor.may(permission):
        raise AccessDenied(permission)


def visible(actor: Actor) -> tuple[str, ...]:
    """Return the codes of the programmes that the actor's role may know a person to be in."""
    return _codes(actor, actor.role)


def counted(actor: Actor, programme: Any, *, aloud: bool = False) -> ColumnElement[bool]:
    """Return the condition that an actor's counts of villages take a programme in.

    Whoever reads persons counts the programmes that the role may know of: otherwise the difference between a count
    and a list would tell that somebody is in one of the others. Whoever reads no persons counts what managers may
    know of, and so does what is said `aloud` in a group: managers hear these numbers, and could subtract their own.
    """
    return cast("ColumnElement[bool]", programme.in_(countable(actor, aloud=aloud)))


def countable(actor: Actor, *, aloud: bool = False) -> tuple[str, ...]:
    """Return the codes of the programmes that `counted` takes in."""
    return _codes(actor, Role.MANAGER if aloud or not actor.is_of_team else actor.role)


def _codes(actor: Actor, role: Role) -> tuple[str, ...]:
    return tuple(programme.code for programme in actor.catalogue.visible_to(role))


def today(session: StoreSession, actor: Actor) -> date:
    """Return the calendar day where the actor works."""
    return local_day(session.now(), ZoneInfo(actor.zone))


async def village(session: StoreSession, actor: Actor, village_id: int | None) -> PlaceRow:
    """Return the village to work in: the manager's own, or the one that township staff name.

    Raises:
        NotFound: it is not a village within reach, or none was named.
    """
    chosen = actor.village_id if village_id is None else village_id
    if chosen is None or (actor.role is Role.MANAGER and chosen != actor.village_id):
        raise NotFound
    found = await places.get(session, chosen)
    if found.kind != PlaceKind.VILLAGE or found.township_id != actor.township_id:
        raise NotFound
    return found
