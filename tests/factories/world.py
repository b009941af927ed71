"""A small township: two villages, a group in each, and one person of every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.rules.access import Actor, Role
from models.rules.consent import Purpose
from models.rules.sex import Sex
from models.store import enrolments, places, residents, staff
from models.store.database import StoreSession
from models.store.places import PlaceRow
from models.store.residents import Registration
from models.tables.places import PlaceKind

ALL = frozenset(Purpose)
DOM = 10
"""Day of the month of check-ups in the north; 25 in the south."""


@dataclass(frozen=True)
class World:
    """Places and actors. `manager` works in the north, `neighbour` in the south."""

    township: PlaceRow
    north: PlaceRow
    south: PlaceRow
    north_group: PlaceRow
    south_group: PlaceRow
    manager: Actor
    neighbour: Actor
    clinic: Actor
    deputy: Actor
    leader: Actor
    admin: Actor

    @property
    def everybody(self) -> tuple[Actor, ...]:
        return (self.manager, self.neighbour, self.clinic, self.deputy, self.leader, self.admin)


async def build(session: StoreSession) -> World:
    """Make the township and its staff; chat accounts are 101, 102, …"""
    township = await places.add(session, "411728106", PlaceKind.TOWNSHIP, "沈寨镇")
    north = await _village(session, township, "411728106201", "北村", DOM)
    south = await _village(session, township, "411728106202", "南村", 25)
    posts = (
        (Role.MANAGER, north[0]),
        (Role.MANAGER, south[0]),
        (Role.CLINIC, township),
        (Role.DEPUTY, township),
        (Role.LEADER, township),
        (Role.ADMIN, township),
    )
    actors = [
        await staff.add(session, 101 + number, 101 + number, role, place) for number, (role, place) in enumerate(posts)
    ]
    return World(township, north[0], south[0], north[1], south[1], *actors)


async def _village(
    session: StoreSession, township: PlaceRow, code: str, name: str, dom: int
) -> tuple[PlaceRow, PlaceRow]:
    village = await places.add(session, code, PlaceKind.VILLAGE, name, parent=township, checkup_dom=dom)
    group = await places.add(session, f"{code}01", PlaceKind.GROUP, "一组", parent=village)
    return village, group


async def person(
    session: StoreSession,
    actor: Actor,
    name: str = "王秀英",
    *,
    consents: frozenset[Purpose] = ALL,
    programmes: tuple[str, ...] = (),
    birth_date: date | None = date(1960, 5, 1),
    sex: Sex = Sex.FEMALE,
    phone: str | None = None,
    identity: str | None = None,
    village_id: int | None = None,
) -> int:
    """Register a resident and return the id."""
    registration = Registration(
        name,
        sex,
        birth_date,
        None,
        phone,
        identity,
        consents,
        None,
        programmes,
        village_id,
    )
    return (await residents.register(session, actor, registration)).person.id


async def enrolled(
    session: StoreSession,
    actor: Actor,
    programme: str,
    *,
    since: date | None = None,
    **of_person: object,
) -> int:
    """Register a resident in one programme, today or `since` a day, and return the enrolment's id."""
    resident_id = await person(session, actor, **of_person)  # type: ignore[arg-type]
    return await enrolments.enrol(session, actor, resident_id, programme, enrolled_on=since)
