"""Townships whose staff are told things, and the messages to them, each known again by its chat and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from bot.local.server.people import Person
from bot.local.server.world import World as Server
from locales.message import Text
from locales.translator import translator
from models.rules.access import Actor, Role
from models.store import outbox, places, staff
from models.store.database import Database, StoreSession
from models.store.outbox import Recipient
from models.store.unreached import UNREACHED
from models.tables.base import table
from models.tables.places import PlaceKind
from models.tables.staff import Staff
from scheduler.messages import NOTICES

KINDS = (("handover.decided", "grant.decided"), ("draft.expired", "handover.decided"))
"""What a manager is told first and second, by turns: kinds that make sense without anything else. One message in
four is of low value."""
MANAGERS = 9
"""How many managers a township has; the first of them has blocked the bot, and in each third township the clinic."""
VILLAGE = "大王庄"
_FIRST_USER = 5001


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person."""

    to: Recipient
    kind: str
    number: int


def shown(kind: str, details: Mapping[str, Any]) -> str:
    """Return what a reader sees."""
    values = {name: details[name] for name in NOTICES[kind].values}
    if kind == UNREACHED:
        about, role = Text.of(f"notices.about.{details['kind']}"), Text.of(f"roles.{Role.MANAGER}")
        values = {"place": VILLAGE, "role": role, "about": about}
    return translator("zh-CN").plain(Text.of(f"notices.{kind}", **values))


async def found(database: Database, server: Server, count: int) -> list[Letter]:
    """Found as many townships as `count` messages need, two for each manager; return the messages, unplanned."""
    managers: list[Actor] = []
    async with database.transaction() as session:
        while len(managers) * 2 < count:
            managers += await _township(session, server, len(managers) // MANAGERS)
        await session.execute(update(table(Staff)).values(quiet_until=table(Staff).c.quiet_from))
    return [_letter(managers, number) for number in range(count)]


async def plan(database: Database, letters: list[Letter]) -> None:
    """Plan messages, all in one transaction."""
    async with database.transaction() as session:
        for letter in letters:
            details = {"n": letter.number}
            await outbox.plan(session, [letter.to], letter.kind, letter.number, details=details)


def _letter(managers: list[Actor], number: int) -> Letter:
    turn, place = divmod(number, len(managers))
    manager = managers[place]
    to = Recipient(manager.staff_id, manager.township_id)
    return Letter(to, KINDS[place % 2][turn], number)


async def _township(session: StoreSession, server: Server, number: int) -> list[Actor]:
    """Make a township with a village, its managers, and those who come after them; return the managers."""
    first = _FIRST_USER + number * 20
    clinic, deputy = first + MANAGERS, first + MANAGERS + 1
    code = f"411728{number:03}"
    township = await places.add(session, code, PlaceKind.TOWNSHIP, f"{number}镇")
    village = await places.add(session, f"{code}201", PlaceKind.VILLAGE, VILLAGE, parent=township)
    managers = [await _member(session, server, first + n, Role.MANAGER, village) for n in range(MANAGERS)]
    await _member(session, server, clinic, Role.CLINIC, township)
    await _member(session, server, deputy, Role.DEPUTY, township)
    server.directory.people[first].has_blocked = True
    server.directory.people[clinic].has_blocked = number % 3 == 0
    return managers


async def _member(session: StoreSession, server: Server, user_id: int, role: Role, place: places.PlaceRow) -> Actor:
    server.directory.add_person(Person(user_id, "管", language_code="zh-hans", is_known=True))
    return await staff.add(session, user_id, user_id, role, place)
